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
            vec![("staff", "120"), ("revenue_fen", "2,860.5"), ("contact", "赵敏")],
            json!({"content": {"section": "lead", "staff": 120, "rd_staff": 0,
                "revenue_fen": 2_860_500_000_i64, "rd_spend_fen": 0, "team": "", "management_rules": "",
                "cooperation": "", "contact": {"$personal": "赵敏"}, "contact_phone": null}}),
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
            vec![("technologies.0.name", "隔膜")],
            json!({"content": {"section": "technologies", "technologies": [{"name": "隔膜",
                "bottleneck": "", "approach": ""}]}}),
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
            ],
            json!({"content": {"section": "inputs", "inputs": [{"unit": "u-1", "year": 2026,
                "form": "", "amount_fen": 100_000_000}]}}),
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
