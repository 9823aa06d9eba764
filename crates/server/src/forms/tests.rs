//! Every command has a form, and every form makes its command.

use consortium::{Command, command::VERBS, ids::UnitId, materials::Part};
use serde_json::{Value, json};

use super::*;
use crate::pages::shell::form::Choice;
use crate::pages::shell::parse::parse;

const DIGEST: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn context() -> FormContext {
    let unit = Choice::from(("u-1", "云川储能"));
    FormContext {
        parties: vec![unit.clone(), ("u-2", "朔方材料研究院").into()],
        members: vec![("u-2", "朔方材料研究院").into()],
        seats: vec![("p-9", "专家甲").into()],
        attachments: vec![(DIGEST, "证明").into()],
        objections: vec![("YY001-1", "YY001-1").into()],
        changes: vec![("1", "第 1 件").into()],
        doubts: vec![("R5.1b", "现有 2 家").into()],
        undertakings: vec![("1", "重大专项").into()],
        awaited: vec![("u-saibei", "塞北理工大学").into()],
        remarks: vec![("1", "第 1 条").into()],
        questions: vec![Question {
            rule: "R5.2d".to_owned(),
            clause: "5.2".to_owned(),
            title: "科研团队".to_owned(),
            facts: "已写明".to_owned(),
        }],
        ..FormContext { example: false, ..FormContext::example() }
    }
}

/// A command's name, what its form is made for, what somebody posts, and what comes of it.
type Sample = (&'static str, FormContext, Vec<(&'static str, &'static str)>, Value);

/// What somebody posts, and the command it makes.
fn samples() -> Vec<Sample> {
    let plain = context;
    let section = |part, block: Option<&str>| context().section(part, block.map(UnitId::from));
    let reason = || vec![("reason", "客观情况变化")];
    let why = "客观情况变化";
    vec![
        (
            "open",
            plain(),
            vec![("name", "内蒙古自治区储能创新联合体")],
            json!({"name": "内蒙古自治区储能创新联合体"}),
        ),
        (
            "rename",
            plain(),
            vec![("name", "内蒙古自治区储能创新联合体"), ("void_signatures", "1")],
            json!({"name": "内蒙古自治区储能创新联合体", "void_signatures": true}),
        ),
        (
            "invite",
            plain(),
            vec![("unit", "u-3")],
            json!({"unit": "u-3", "void_signatures": false}),
        ),
        (
            "answer_invitation",
            plain(),
            vec![("accept", "yes")],
            json!({"accept": true, "reason": ""}),
        ),
        (
            "remove_member",
            plain(),
            vec![("unit", "u-2")],
            json!({"unit": "u-2", "void_signatures": false}),
        ),
        (
            "write_application",
            section(Part::Basics, None),
            vec![("field", "T4"), ("not_secret", "1")],
            json!({"content": {"section": "basics", "field": "T4", "industry": "", "chain": "",
                "background": "", "not_secret": true}}),
        ),
        (
            "write_application",
            section(Part::Lead, None),
            vec![
                ("team", "九十人"),
                ("rules.0.title", "研发管理办法"),
                ("cooperations.2.kind", "talent"),
                ("cooperations.2.title", "联合培养"),
            ],
            json!({"content": {"section": "lead", "team": "九十人", "management_rules": "",
                "cooperation": "", "rules": [{"title": "研发管理办法"}],
                "cooperations": [{"kind": "talent", "title": "联合培养"}]}}),
        ),
        (
            "write_application",
            section(Part::Unit, Some("u-2")),
            vec![
                ("unit", "u-2"),
                ("staff", "120"),
                ("capital_fen", "2,860.5"),
                ("years.0.year", "2025"),
                ("years.0.revenue_fen", "300"),
                ("years.0.rd_spend_fen", "21.5"),
                ("contact", "赵敏"),
                ("contact_email", "zhao@example.cn"),
            ],
            json!({"content": {"section": "unit", "unit": "u-2", "staff": 120,
                "capital_fen": 2_860_500_000_i64, "years": [{"year": 2025,
                "revenue_fen": 300_000_000, "rd_spend_fen": 21_500_000}],
                "contact": {"$personal": "赵敏"},
                "contact_email": {"$personal": "zhao@example.cn"}}}),
        ),
        (
            "write_application",
            section(Part::Conditions, Some("u-2")),
            vec![
                ("unit", "u-2"),
                ("area_m2", "3,200"),
                ("projects.0.level", "region"),
                ("projects.0.name", "低温电芯"),
                ("projects.0.no", "2024JBGS0001"),
                ("projects.0.status", "running"),
            ],
            json!({"content": {"section": "conditions", "unit": "u-2", "area_m2": 3200,
                "projects": [{"level": "region", "name": "低温电芯", "no": "2024JBGS0001",
                    "status": "running"}]}}),
        ),
        (
            "write_application",
            section(Part::Rights, None),
            vec![
                ("foreground", "own_and_joint"),
                ("shares.0.unit", "u-1"),
                ("shares.0.percent", "60"),
                ("priority_licence", "1"),
            ],
            json!({"content": {"section": "rights", "foreground": "own_and_joint",
                "shares": [{"unit": "u-1", "percent": 60}], "priority_licence": true}}),
        ),
        (
            "write_application",
            section(Part::Organisation, None),
            vec![("decides", "council"), ("meetings", "4"), ("liable", "u-1")],
            json!({"content": {"section": "organisation", "decides": "council", "meetings": 4,
                "liable": "u-1"}}),
        ),
        (
            "write_application",
            section(Part::Organisation, None),
            vec![],
            json!({"content": {"section": "organisation"}}),
        ),
        (
            "write_application",
            section(Part::Plan, None),
            vec![("rows.0.year", "2026"), ("rows.0.item", "研发"), ("rows.0.amount_fen", "5")],
            json!({"content": {"section": "plan", "rows": [{"year": 2026, "item": "研发",
                "amount_fen": 5_000_000}]}}),
        ),
        (
            "write_application",
            section(Part::Safeguards, None),
            vec![("safeguards", "专账")],
            json!({"content": {"section": "safeguards", "safeguards": "专账"}}),
        ),
        (
            "write_application",
            section(Part::MemberPromise, Some("u-2")),
            vec![("unit", "u-2"), ("takes_part", "1")],
            json!({"content": {"section": "member_promise", "unit": "u-2", "takes_part": true}}),
        ),
        (
            "write_application",
            section(Part::Member, Some("u-2")),
            vec![("unit", "u-2"), ("role", "电解液")],
            json!({"content": {"section": "member", "unit": "u-2", "capability": "",
                "cooperation": "", "role": "电解液"}}),
        ),
        (
            "write_application",
            section(Part::Platforms, None),
            vec![
                ("platforms.0.name", "实验室"),
                ("platforms.0.level", "region"),
                ("platforms.0.owner", "u-2"),
                ("platforms.0.approved_by", "科技厅"),
                ("platforms.0.document_no", "1号"),
                ("platforms.0.approved_on", "2023-05-01"),
            ],
            json!({"content": {"section": "platforms", "platforms": [{"name": "实验室",
                "level": "region", "owner": "u-2", "approved_by": "科技厅", "document_no": "1号",
                "approved_on": "2023-05-01", "valid_to": null}]}}),
        ),
        (
            "write_application",
            section(Part::Goals, None),
            vec![
                ("goals", "突破"),
                ("indicators.0.name", "循环（次）"),
                ("indicators.0.year", "2028"),
            ],
            json!({"content": {"section": "goals", "goals": "突破", "indicators": [{
                "name": "循环（次）", "baseline": "", "target": "", "year": 2028}]}}),
        ),
        (
            "write_application",
            section(Part::Technologies, None),
            vec![
                ("technologies.0.name", "隔膜"),
                ("technologies.0.trl_from", "4"),
                ("technologies.0.trl_to", "8"),
                ("technologies.0.partners", "u-1"),
                ("technologies.0.partners", "u-2"),
                ("technologies.1.name", "电解液"),
            ],
            json!({"content": {"section": "technologies", "technologies": [{"name": "隔膜",
                "bottleneck": "", "approach": "", "trl_from": 4, "trl_to": 8,
                "partners": ["u-1", "u-2"]}, {"name": "电解液", "bottleneck": "",
                "approach": ""}]}}),
        ),
        (
            "write_application",
            section(Part::Work, None),
            vec![
                ("work.0.content", "中试"),
                ("work.0.kind", "conversion"),
                ("work.0.unit", "u-1"),
                ("work.0.from", "2026-01-01"),
                ("work.0.to", "2027-12-31"),
            ],
            json!({"content": {"section": "work", "work": [{"content": "中试", "kind": "conversion",
                "unit": "u-1", "from": "2026-01-01", "to": "2027-12-31", "deliverable": ""}]}}),
        ),
        (
            "write_application",
            section(Part::Inputs, None),
            vec![
                ("inputs.0.unit", "u-1"),
                ("inputs.0.year", "2026"),
                ("inputs.0.amount_fen", "100"),
                ("public_money.0.year", "2027"),
                ("public_money.0.source", "专项"),
                ("public_money.0.amount_fen", "50"),
                ("custodian", "u-2"),
            ],
            json!({"content": {"section": "inputs", "inputs": [{"unit": "u-1", "year": 2026,
                "form": "", "amount_fen": 100_000_000}], "public_money": [{"year": 2027,
                "source": "专项", "amount_fen": 50_000_000}], "custodian": "u-2"}}),
        ),
        (
            "write_application",
            section(Part::Special, None),
            vec![],
            json!({"content": {"section": "special", "special": ""}}),
        ),
        (
            "write_application",
            section(Part::Promise, None),
            vec![("truthful", "1")],
            json!({"content": {"section": "promise", "truthful": true}}),
        ),
        (
            "attach",
            plain(),
            vec![
                ("item", "平台证明"),
                ("digest", DIGEST),
                ("name", "证明.pdf"),
                ("size_bytes", "42"),
            ],
            json!({"attachment": {"digest": DIGEST, "name": "证明.pdf", "size_bytes": 42,
                "item": "平台证明"}}),
        ),
        ("detach", plain(), vec![("digest", DIGEST)], json!({"digest": DIGEST})),
        (
            "write_agreement",
            plain(),
            vec![("formed_on", "2026-12-01"), ("goals", "目标")],
            json!({"text": {"formed_on": "2026-12-01", "goals": "目标", "division": "", "results": "",
                "distribution": "", "disputes": "", "risk": "", "breach": "", "other": "",
                "purpose": "", "term": "", "organisation": "", "lead_duties": "",
                "member_duties": "", "funds": "", "projects": "", "background": "",
                "conversion": "", "confidentiality": "", "integrity": "", "amendment": "",
                "dissolution": "", "notices": ""},
                "void_signatures": false}),
        ),
        ("start_signing", plain(), vec![], json!({})),
        ("reserve_name", plain(), vec![], json!({})),
        ("lock_supplement", plain(), vec![], json!({})),
        (
            "write_supplement",
            plain(),
            vec![("text", "收益按贡献分配")],
            json!({"text": "收益按贡献分配", "void_signatures": false}),
        ),
        (
            "sign",
            plain(),
            vec![("digest", DIGEST), ("password", "七只羊 过河")],
            json!({"digest": DIGEST, "method": "account_password"}),
        ),
        (
            "seal",
            plain(),
            vec![("digest", DIGEST), ("scan", DIGEST)],
            json!({"digest": DIGEST, "scan": DIGEST}),
        ),
        (
            "offer_paper",
            plain(),
            vec![("digest", DIGEST), ("scan", DIGEST), ("custodian", "牵头单位档案室")],
            json!({"digest": DIGEST, "scan": DIGEST, "custodian": "牵头单位档案室"}),
        ),
        (
            "confirm_paper",
            plain(),
            vec![("digest", DIGEST), ("scan", DIGEST)],
            json!({"digest": DIGEST, "scan": DIGEST}),
        ),
        ("remind_to_sign", plain(), vec![("unit", "u-saibei")], json!({"unit": "u-saibei"})),
        (
            "remark_on_agreement",
            plain(),
            vec![("heading", "goals"), ("remark", "写明年度")],
            json!({"heading": "goals", "remark": "写明年度"}),
        ),
        (
            "answer_remark",
            plain(),
            vec![("no", "1"), ("answer", "已采纳")],
            json!({"no": 1, "answer": "已采纳"}),
        ),
        ("reopen_agreement", plain(), reason(), json!({"reason": why})),
        ("decline_to_sign", plain(), reason(), json!({"reason": why})),
        ("submit", plain(), vec![], json!({})),
        ("withdraw", plain(), reason(), json!({"reason": why})),
        ("check_materials", plain(), vec![("opinion", "属实")], json!({"opinion": "属实"})),
        ("recommend", plain(), vec![("opinion", "同意推荐")], json!({"opinion": "同意推荐"})),
        ("return_for_changes", plain(), reason(), json!({"reason": why})),
        ("decline_to_recommend", plain(), reason(), json!({"reason": why})),
        (
            "pass_formal_review",
            plain(),
            vec![("judgement-R5.2d", "yes"), ("reason-R5.2d", "团队齐整")],
            json!({"judgements": [{"rule": "R5.2d", "met": true, "reason": "团队齐整"}]}),
        ),
        (
            "request_correction",
            plain(),
            vec![("items.0.part", "goals"), ("items.0.clause", "6.2"), ("items.0.reason", "量化")],
            json!({"items": [{"part": "goals", "reason": "量化", "clause": "6.2"}]}),
        ),
        ("submit_correction", plain(), vec![], json!({})),
        (
            "extend_correction",
            plain(),
            vec![("days", "5"), ("reason", why)],
            json!({"days": 5, "reason": why}),
        ),
        (
            "extend_review",
            plain(),
            vec![("days", "5"), ("reason", why)],
            json!({"days": 5, "reason": why}),
        ),
        ("not_accept", plain(), reason(), json!({"reason": why})),
        ("draw_panel", plain(), vec![("size", "７")], json!({"size": 7})),
        (
            "declare_interest",
            plain(),
            vec![("conflict", "no")],
            json!({"conflict": false, "reason": ""}),
        ),
        ("fill_seat", plain(), vec![], json!({})),
        (
            "submit_sheet",
            plain(),
            vec![
                ("score-0", "13"),
                ("score-1", "16"),
                ("score-2", "16"),
                ("score-3", "17"),
                ("score-4", "12"),
                ("score-5", "4"),
                ("remark-5", "依据不足"),
                ("vote", "agree"),
                ("opinion", "可行"),
            ],
            json!({"sheet": {"scores": [13, 16, 16, 17, 12, 4],
                "remarks": ["", "", "", "", "", "依据不足"], "vote": "agree", "opinion": "可行"}}),
        ),
        (
            "void_sheet",
            plain(),
            vec![("expert", "p-9"), ("reason", why)],
            json!({"expert": "p-9", "reason": why}),
        ),
        (
            "draft_decision",
            plain(),
            vec![("matter", "filing"), ("outcome", "grant"), ("reason", why)],
            json!({"matter": "filing", "outcome": "grant", "reason": why}),
        ),
        (
            "confirm_decision",
            plain(),
            vec![("matter", "cancellation")],
            json!({"matter": "cancellation"}),
        ),
        (
            "return_draft",
            plain(),
            vec![("matter", "termination"), ("reason", why)],
            json!({"matter": "termination", "reason": why}),
        ),
        ("publish_notice", plain(), vec![], json!({})),
        (
            "object",
            plain(),
            vec![("objector", "王某"), ("contact", "1380000"), ("kind", "其他"), ("facts", "事实")],
            json!({"objector": {"$personal": "王某"}, "contact": {"$personal": "1380000"},
                "kind": "其他", "facts": "事实"}),
        ),
        (
            "conclude_objection",
            plain(),
            vec![
                ("receipt", "YY001-1"),
                ("upheld", "no"),
                ("effect", "continue"),
                ("reason", why),
                ("public_reason", "不成立"),
            ],
            json!({"receipt": "YY001-1", "upheld": false, "effect": "continue", "reason": why,
                "public_reason": "不成立"}),
        ),
        ("file", plain(), vec![], json!({})),
        (
            "import_trial_filing",
            plain(),
            vec![
                ("name", "内蒙古自治区稀土创新联合体"),
                ("lead", "u-1"),
                ("members.0.unit", "u-2"),
                ("field", "T4"),
                ("number", "试1号"),
                ("sequence", "1"),
                ("filed_on", "2024-05-01"),
            ],
            json!({"name": "内蒙古自治区稀土创新联合体", "lead": "u-1", "members": ["u-2"],
                "field": "T4", "number": "试1号", "sequence": 1, "filed_on": "2024-05-01"}),
        ),
        (
            "submit_report",
            plain(),
            vec![
                ("year", "2026"),
                ("rules", "一"),
                ("research", "二"),
                ("conversion", "三"),
                ("promotion", "四"),
                ("other", "五"),
                ("plan", "六"),
            ],
            json!({"year": 2026, "summary": {"rules": "一", "research": "二", "conversion": "三",
                "promotion": "四", "other": "五", "plan": "六"}}),
        ),
        (
            "submit_plan",
            plain(),
            vec![("year", "2026"), ("plan", "六")],
            json!({"year": 2026, "plan": "六"}),
        ),
        (
            "report_change",
            plain(),
            vec![
                ("kind", "name"),
                ("occurred_on", "2026-05-01"),
                ("reason", why),
                ("new_name", "内蒙古自治区新储能创新联合体"),
            ],
            json!({"kind": "name", "occurred_on": "2026-05-01", "content": {"reason": why,
                "new_name": "内蒙古自治区新储能创新联合体", "unit": null}}),
        ),
        (
            "decide_change",
            plain(),
            vec![("no", "1"), ("accepted", "yes"), ("reason", why)],
            json!({"no": 1, "accepted": true, "reason": why}),
        ),
        (
            "settle_doubt",
            plain(),
            vec![("rule", "R5.1b"), ("reason", why)],
            json!({"rule": "R5.1b", "reason": why}),
        ),
        (
            "record_undertaking",
            plain(),
            vec![("title", "专项"), ("level", "国家"), ("until", "2028-12-31")],
            json!({"title": "专项", "level": "国家", "until": "2028-12-31"}),
        ),
        (
            "finish_undertaking",
            plain(),
            vec![("no", "1"), ("how", "完成")],
            json!({"no": 1, "how": "完成"}),
        ),
        (
            "record_support",
            plain(),
            vec![("clause", "8.1"), ("measure", "推荐"), ("document", "1号"), ("on", "2026-05-01")],
            json!({"clause": "8.1", "measure": "推荐", "document": "1号", "on": "2026-05-01"}),
        ),
        (
            "apply_for_termination",
            plain(),
            vec![("circumstance", why), ("resolution", "一致同意")],
            json!({"circumstance": why, "resolution": "一致同意"}),
        ),
        (
            "propose_cancellation",
            plain(),
            vec![("ground", "falsehood"), ("facts", why)],
            json!({"ground": {"ground": "falsehood"}, "facts": why}),
        ),
        (
            "serve_cancellation_notice",
            plain(),
            vec![("served_on", "2026-05-01"), ("text", why), ("proof", DIGEST)],
            json!({"served_on": "2026-05-01", "proof": DIGEST, "text": why}),
        ),
        ("make_statement", plain(), vec![("text", why)], json!({"text": why})),
        ("drop_cancellation", plain(), reason(), json!({"reason": why})),
        (
            "attach_sealed",
            FormContext {
                sealable: vec![("12/certificate", "备案证明").into()],
                ..FormContext::default()
            },
            vec![
                ("paper", "12/certificate"),
                ("file", DIGEST),
                ("compared", "on"),
                ("reason", why),
            ],
            json!({"paper": "12/certificate", "file": DIGEST, "compared": true, "reason": why}),
        ),
    ]
}

#[test]
fn every_form_makes_its_command() {
    let samples = samples();
    for verb in VERBS.iter().filter(|verb| verb.name != "day_passed") {
        assert!(samples.iter().any(|(name, ..)| *name == verb.name), "no sample of {}", verb.name);
    }
    for (verb, context, typed, mut expected) in samples {
        let shown = form(verb, &context).unwrap_or_else(|| panic!("no form of {verb}"));
        let typed: Vec<(String, String)> =
            typed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let value = parse(&shown.fields, &typed).unwrap_or_else(|e| panic!("{verb}: {e:?}"));
        let made = command(verb, &value, &context).unwrap_or_else(|e| panic!("{verb}: {e:?}"));
        expected["command"] = json!(verb);
        let expected: Command =
            serde_json::from_value(expected).unwrap_or_else(|e| panic!("{verb}: {e}"));
        assert_eq!(made, expected, "{verb}");
    }
}

#[test]
fn every_form_can_be_described_without_a_dossier_and_says_what_follows() {
    for verb in VERBS {
        let shown = form(verb.name, &FormContext::example());
        assert_eq!(shown.is_some(), verb.name != "day_passed", "{}", verb.name);
        let Some(shown) = shown else { continue };
        assert!(!shown.intro.is_empty() && !shown.submit_label.is_empty(), "{}", verb.name);
    }
}

#[test]
fn what_is_stored_comes_back_as_it_was_typed() {
    use crate::pages::shell::form::Values;
    use consortium::materials::{Materials, Party};
    let lead = Party {
        unit: UnitId::from("u-1"),
        name: "云川储能".to_owned(),
        code: String::new(),
        kind: consortium::unit::UnitKind::Enterprise,
        intention: consortium::materials::Intention::Pending,
    };
    let mut materials = Materials::new("内蒙古自治区储能创新联合体".to_owned(), lead);
    materials.agreement.text.goals = "目标".to_owned();
    let context = FormContext { materials: Some(materials), ..context() };
    let shown = form("write_agreement", &context).expect("a form");
    let values = Values::stored(&shown.fields, &shown.stored);
    assert_eq!(values.get("goals"), "目标");
    let shown = form("rename", &context).expect("a form");
    assert_eq!(shown.stored["name"], "内蒙古自治区储能创新联合体");
}

/// Every section of a form of two parties, as a program writes it.
fn whole_form() -> Vec<Value> {
    vec![
        json!({"section": "basics", "name_mn": "\u{1825}\u{182a}\u{202f}\u{1824}", "field": "T6",
            "subfield": "T6-03", "industry": "C", "division": "38", "chain": "稀土",
            "background": "背景", "term_from": "2026-01-01", "term_to": "2028-12-31",
            "operation": "entity", "company": "运营公司", "not_secret": true}),
        json!({"section": "unit", "unit": "u-2", "founded_on": "2012-05-08", "registration": "事业单位",
            "capital_fen": 50_000_000, "paid_fen": 40_000_000, "staff": 32, "rd_staff": 9, "rd_fte": 7,
            "doctors": 1, "senior": 3,
            "years": [{"year": 2025, "revenue_fen": 30_000_000, "rd_spend_fen": 2_000_000}],
            "certificates": [{"kind": "high_tech", "level": "", "no": "GR1", "until": "2027-11-01"}],
            "credit_checks": [{"source": "信用中国", "checked_on": "2026-02-20", "result": "没有"}],
            "contact": {"$personal": "赵敏"}, "contact_title": "主任",
            "contact_phone": {"$personal": "0471"}, "contact_email": {"$personal": "z@e.cn"}}),
        json!({"section": "member", "unit": "u-2", "capability": "能力", "cooperation": "基础",
            "cooperations": [{"kind": "research", "with": "", "title": "联合研发",
                "from": "2023-03-01", "to": null, "proof": "合同"}],
            "role": "测试", "disciplines": "材料", "team_size": 45, "laboratories": "实验室",
            "results": "配方"}),
        json!({"section": "lead", "team": "九十人", "management_rules": "三级管理",
            "rules": [{"title": "研发管理办法", "since": "2021-01-01"}], "cooperation": "三年",
            "cooperations": [{"kind": "talent", "with": "大学", "title": "联合培养", "from": null,
                "to": null, "proof": ""}],
            "products": "电芯", "chain_position": "集成", "matching": "带动",
            "contact": null, "contact_phone": null}),
        json!({"section": "platforms", "platforms": [{"name": "实验室", "level": "region",
            "owner": "u-2", "approved_by": "科技厅", "document_no": "1号",
            "approved_on": "2022-05-01", "valid_to": null, "kind": "R02", "status": "running",
            "assessed_in": 2025, "grade": "良好"}]}),
        json!({"section": "conditions", "unit": "u-1", "area_m2": 3200, "equipment_fen": 20_000,
            "instruments": 14, "pilot_lines": "一条", "computing": "二百核", "sharing_rules": "办法",
            "projects": [{"level": "region", "name": "低温电芯", "no": "2024", "role": "牵头",
                "funds_fen": 30_000, "from": "2024-01-01", "to": null, "status": "running"}],
            "invention_patents": 12, "utility_models": 20, "software": 6, "varieties": 1,
            "medicines": 2, "standards_international": 3, "standards_national": 4,
            "standards_industry": 5, "standards_local": 6, "standards_group": 7, "papers": 31,
            "awards": [{"name": "二等奖", "year": 2024}],
            "conversions": [{"title": "许可", "contract_no": "2025", "amount_fen": 80_000}]}),
        json!({"section": "goals", "goals": "目标", "yearly": [{"year": 2026, "goal": "配方"}],
            "indicators": [{"name": "寿命", "measure": "次", "baseline": "2500", "target": "6000",
                "year": 2028}]}),
        json!({"section": "technologies", "technologies": [{"name": "电解液", "state": "现状",
            "bottleneck": "难题", "approach": "思路", "trl_from": 4, "trl_to": 8,
            "lead_unit": "u-2", "partners": ["u-1", "u-2"]}]}),
        json!({"section": "work", "work": [{"content": "研究", "kind": "research", "unit": "u-1",
            "from": "2026-03-01", "to": "2028-12-31", "deliverable": "样机", "partners": ["u-2"],
            "indicators": ["寿命"]}]}),
        json!({"section": "inputs", "inputs": [{"unit": "u-1", "year": 2026, "form": "货币",
            "amount_fen": 300_000_000}], "total_fen": 300_000_000,
            "public_money": [{"year": 2027, "source": "专项", "amount_fen": 150_000_000}],
            "sharing": [{"kind": "patent", "rule": "按投入"}], "custodian": "u-1",
            "audit": "每年"}),
        json!({"section": "rights", "background": [{"name": "一种电解液", "kind": "发明专利",
            "no": "ZL1", "owner": "u-2"}], "foreground": "agreed", "foreground_text": "补充",
            "shares": [{"unit": "u-1", "percent": 60}], "priority_licence": true,
            "transfer_consent": true, "publication_days": 30, "confidential_years": 5,
            "exit": "退出"}),
        json!({"section": "organisation", "decides": "council", "composition": "一名",
            "voting": "三分之二", "advisers": "七人", "office": "秘书处", "office_staff": 3,
            "liable": "u-1", "meetings": 2,
            "internal_rules": [{"title": "章程", "since": null}], "opening": "加入"}),
        json!({"section": "plan", "outline": "安排", "rows": [{"year": 2026, "item": "配方",
            "source": "各方", "amount_fen": 40_000}]}),
        json!({"section": "safeguards", "safeguards": "保障"}),
        json!({"section": "special", "special": "说明"}),
        json!({"section": "promise", "truthful": true, "honest": true, "data_use": true,
            "publication": true}),
        json!({"section": "member_promise", "unit": "u-2", "takes_part": true, "truthful": true,
            "data_use": true}),
    ]
}

/// A dossier of two parties with these sections written.
fn dossier(sections: &[Value]) -> consortium::Dossier {
    use consortium::evolve::{self, Stamp};
    let party = |unit: &str, kind: &str| {
        json!({"unit": unit, "name": unit, "code": "", "kind": kind,
            "intention": {"state": "accepted", "on": "2026-02-01"}})
    };
    let mut events = vec![
        json!({"kind": "opened", "payload": {"dossier": "D1",
            "name": "内蒙古自治区储能创新联合体", "lead": party("u-1", "enterprise"),
            "parameters": consortium::parameter::Parameters::on(jiff::civil::date(2026, 2, 1))}}),
        json!({"kind": "invited", "payload": {"party": party("u-2", "university")}}),
    ];
    events.extend(
        sections.iter().map(|s| json!({"kind": "section_written", "payload": {"section": s}})),
    );
    let stamp = Stamp {
        actor: consortium::actor::Actor::public(),
        at: jiff::civil::date(2026, 2, 1).at(10, 0, 0, 0),
    };
    let mut dossier = None;
    for event in events {
        let event = serde_json::from_value(event).expect("an event");
        dossier = Some(evolve::evolve(dossier, &event, &stamp).expect("a dossier"));
    }
    dossier.expect("a dossier")
}

#[test]
fn every_field_of_every_section_comes_back_as_it_was_written() {
    use crate::pages::shell::form::Values;
    let sections = whole_form();
    let materials = dossier(&sections).materials;
    let parts: Vec<&str> = sections.iter().filter_map(|s| s["section"].as_str()).collect();
    let all = Part::ALL.into_iter().filter(|part| is_section(*part)).map(Part::name);
    assert_eq!(all.filter(|name| !parts.contains(name)).collect::<Vec<_>>(), [""; 0]);
    for content in sections {
        let part = content["section"].as_str().and_then(Part::named).expect("a part");
        let block = content["unit"].as_str().map(UnitId::from);
        let context = FormContext { materials: Some(materials.clone()), ..context() };
        let context = context.section(part, block);
        let shown = form("write_application", &context).expect("a form");
        // Every name that a program may write is asked on the page, and none beside it.
        let asked = |name: &String| shown.fields.iter().any(|field| field.name == *name);
        let object = content.as_object().expect("an object");
        let left: Vec<&String> = object.keys().filter(|name| !asked(name)).collect();
        let beside = ["section", "contact", "contact_phone"];
        assert!(left.iter().all(|name| beside.contains(&name.as_str())), "{part:?}: {left:?}");
        let typed = Values::stored(&shown.fields, &shown.stored).0;
        let value = parse(&shown.fields, &typed).unwrap_or_else(|e| panic!("{part:?}: {e:?}"));
        let made = command("write_application", &value, &context).expect("a command");
        let wanted = json!({"command": "write_application", "content": content});
        let wanted: Command = serde_json::from_value(wanted).expect("a command");
        assert_eq!(made, wanted, "{part:?}");
    }
}

#[test]
fn what_earlier_forms_asked_of_the_lead_stays_as_it_was_written() {
    use crate::pages::shell::form::Values;
    let old = json!({"section": "lead", "staff": 320, "rd_staff": 90, "revenue_fen": 12_000_000,
        "rd_spend_fen": 900_000, "team": "九十人", "management_rules": "八项", "cooperation": "三年",
        "contact": {"$personal": "赵敏"}, "contact_phone": {"$personal": "0471"}});
    let materials = dossier(std::slice::from_ref(&old)).materials;
    let context = FormContext { materials: Some(materials), ..context() };
    let lead = context.clone().section(Part::Lead, None);
    let shown = form("write_application", &lead).expect("a form");
    let typed = Values::stored(&shown.fields, &shown.stored).0;
    let value = parse(&shown.fields, &typed).expect("read");
    let made = command("write_application", &value, &lead).expect("a command");
    let wanted = json!({"command": "write_application", "content": old});
    assert_eq!(made, serde_json::from_value::<Command>(wanted).expect("a command"));
    // And stands in the unit's own block until that is written.
    let block = context.section(Part::Unit, Some(UnitId::from("u-1")));
    let shown = form("write_application", &block).expect("a form");
    let values = Values::stored(&shown.fields, &shown.stored);
    let got =
        ["staff", "rd_staff", "contact", "contact_phone"].map(|name| values.get(name).to_owned());
    assert_eq!(got, ["320", "90", "赵敏", "0471"]);
}
