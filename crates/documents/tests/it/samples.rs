//! A filled paper of every kind. All units and numbers are fictional.

use documents::paper::{
    Acceptance, Agreement, Announcement, AnnualReport, Application, CancellationClosed,
    CancellationDecision, CancellationNotice, Certificate, ChangeAnswer, ChangeReport, Correction,
    CorrectionItem, FilingNotice, HearingNotice, Line, Mongolian, NotAccepted, NotFiled,
    NotRecommended, ObjectionReceipt, OpinionBox, Part, PublicNotice, Recommendation,
    Rectification, ReviewSheet, ReviewSummary, Section, ServiceReceipt, SheetLine, Signatory,
    SubmissionReceipt, TerminationDecision,
};
use documents::{Body, Check, Consortium, Document, Head, Kind};
use jiff::civil::{Date, date};

const LEAD: &str = "内蒙古云川储能科技有限公司";
const DEPARTMENT: &str = "内蒙古自治区科学技术厅";
const AUTHORITY: &str = "呼和浩特市科学技术局";
const NUMBER: &str = "蒙创联备〔2026〕7号";
const DIGEST: &str = "9f3c1a77e0b24d5586c2f1a9d0e4b73358aa6c10f2d94e7b8c6d5a4f3e2b1c0d";
const LONG: &str = "西部寒旱地区冬季低温、昼夜温差大，光伏与储能系统的效率和寿命受到制约。联合体围绕低温电芯、光储协同控制和并网安全三个方向开展协同攻关，形成从材料、装备到工程示范的完整链条。\n各方已有三年以上合作基础，具备中试条件。";
const TODAY: Date = date(2026, 3, 5);

pub(crate) fn of(kind: Kind) -> Document {
    let office = match kind {
        Kind::Application | Kind::Agreement | Kind::AnnualReport | Kind::ChangeReport => LEAD,
        Kind::Recommendation | Kind::NotRecommended => AUTHORITY,
        Kind::SubmissionReceipt => "内蒙古自治区创新联合体备案管理平台",
        _ => DEPARTMENT,
    };
    Document { head: head(office), body: body(kind) }
}

/// A certificate; `Some(first)` with a Mongolian name, left of the Chinese or right of it.
pub(crate) fn certificate(mongolian: Option<bool>) -> Document {
    let mongolian = mongolian.map(|first| Mongolian {
        name: "ᠥᠪᠥᠷ ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠥᠪᠡᠷᠲᠡᠭᠡᠨ ᠵᠠᠰᠠᠬᠤ ᠣᠷᠣᠨ ᠰᠢᠨᠡᠳᠬᠡᠯ".to_owned(),
        first,
    });
    Document {
        head: head(DEPARTMENT),
        body: Body::Certificate(Certificate {
            number: NUMBER.to_owned(),
            filed_on: TODAY,
            version: 1,
            regime: "现行办法".to_owned(),
            link: "https://lhtbeian.example/check?number=abc".to_owned(),
            mongolian,
        }),
    }
}

fn head(office: &str) -> Head {
    Head {
        dossier: "d-7k3m9q2x".to_owned(),
        event: 41,
        on: TODAY,
        office: office.to_owned(),
        consortium: Consortium {
            name: "内蒙古自治区寒旱区光储融合创新联合体".to_owned(),
            lead: LEAD.to_owned(),
            members: ["敕勒川电网技术研究院", "青城工业大学", "河套光伏材料有限公司"]
                .map(str::to_owned)
                .to_vec(),
            authority: AUTHORITY.to_owned(),
            field: "新能源与节能".to_owned(),
        },
        check: Check {
            code: "7K3M-9Q2X-41GH-T05V".to_owned(),
            link: "https://chuanglian.example/verify".to_owned(),
        },
    }
}

fn facts(rows: &[(&str, &str)]) -> Part {
    Part::Facts { rows: rows.iter().map(|(label, value)| Line::new(*label, *value)).collect() }
}

fn table(heads: &[&str], widths: &[u32], rows: Vec<Vec<String>>, note: Option<&str>) -> Part {
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    Part::Table { heads, widths: widths.to_vec(), rows, note: note.map(str::to_owned) }
}

fn section(heading: &str, part: Part) -> Section {
    Section { heading: heading.to_owned(), parts: vec![part] }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn caption(words: &str) -> Part {
    Part::Caption { text: words.to_owned() }
}

fn parts(heading: &str, parts: Vec<Part>) -> Section {
    Section { heading: heading.to_owned(), parts }
}

/// T2 and T3 of one unit: labels, tables under their captions, and one that is empty.
fn of_unit(name: &str, form: &str) -> Vec<Part> {
    let years = [("2023", "39,160.00"), ("2024", "42,660.00"), ("2025", "48,260.00")];
    let years = years.map(|(year, revenue)| row(&[year, revenue, "2,046.00", "4.79%"]));
    vec![
        facts(&[("单位名称", name), ("法人类型", form), ("住所", "呼和浩特市赛罕区虚构路1号")]),
        caption("营业收入和研发费用"),
        table(
            &["年度", "营业收入（万元）", "研发费用（万元）", "占比"],
            &[2, 4, 4, 2],
            years.into(),
            Some("合计：营业收入 130,080.00 万元，研发费用 6,138.00 万元，占 4.72%"),
        ),
        caption("信用核查：未填写"),
    ]
}

/// T1 to T14, more than ten of them, so that 十一 is counted too.
fn tables(tasks: Vec<Vec<String>>) -> Vec<Section> {
    let platform = row(&[
        "自治区光储融合重点实验室",
        "自治区重点实验室（含企业重点实验室）",
        "自治区级",
        "青城工业大学",
        "内蒙古自治区科学技术厅 虚构字〔2021〕8号",
        "2021-06-01 起",
        "正式运行",
        "2023 年 良好",
    ]);
    let members = ["青城工业大学", "敕勒川电网技术研究院"];
    let members = members.iter().flat_map(|name| of_unit(name, "事业单位法人")).collect();
    vec![
        section("基本信息", facts(&[("技术领域", "新能源与节能"), ("组建背景与必要性", LONG)])),
        parts("牵头单位情况", of_unit(LEAD, "企业法人")),
        parts("成员单位情况", members),
        section(
            "科技创新平台",
            table(
                &[
                    "平台名称",
                    "类型",
                    "级别",
                    "建设单位",
                    "批准部门和文号",
                    "批准日期和有效期",
                    "状态",
                    "最近评估",
                ],
                &[5, 4, 3, 5, 5, 4, 3, 3],
                vec![platform],
                None,
            ),
        ),
        parts(
            "研发条件和科研基础",
            vec![
                caption("近三年成果"),
                table(
                    &["近三年成果", LEAD, "青城工业大学", "合计"],
                    &[4, 4, 4, 2],
                    vec![row(&["发明专利授权", "12", "13", "25"])],
                    None,
                ),
            ],
        ),
        section("技术创新目标", Part::Text { text: LONG.to_owned() }),
        section("关键技术", Part::Text { text: "低温电芯材料体系。".to_owned() }),
        section(
            "任务分工",
            table(
                &["序号", "任务内容", "类型", "负责单位", "起止", "成果形式"],
                &[1, 4, 2, 3, 3, 3],
                tasks,
                None,
            ),
        ),
        section(
            "投入与收益分配",
            table(
                &["单位", "年度", "形式", "金额（万元）"],
                &[4, 1, 2, 2],
                vec![row(&[LEAD, "2026", "货币", "600.00"])],
                Some("合计 600.00 万元"),
            ),
        ),
        section("知识产权", Part::Text { text: "各自所有，共同完成的共有。".to_owned() }),
        section("组织与运行", facts(&[("决策机构", "理事会"), ("表决规则", "三分之二以上同意")])),
        section("项目和资金计划", Part::Text { text: "分年度安排。".to_owned() }),
        section("保障措施", Part::Text { text: "各方已有合作基础。".to_owned() }),
        section("需要说明的事项", Part::Text { text: "未填写".to_owned() }),
    ]
}

fn application() -> Application {
    let tasks = (1..=30).map(|no| {
        let content = format!("低温电芯材料体系研究与制备工艺开发，第{no}阶段");
        row(&[
            &no.to_string(),
            &content,
            "研究开发",
            LEAD,
            "2026-04-01 至 2027-12-31",
            "样品、发明专利",
        ])
    });
    let opinion = |name: &str, text: Option<&str>, on| OpinionBox {
        name: name.to_owned(),
        text: text.map(str::to_owned),
        signer: "负责人签字".to_owned(),
        on,
    };
    Application {
        sections: tables(tasks.collect()),
        promises: vec!["所报材料真实、准确，不含国家秘密。".to_owned()],
        opinions: vec![
            opinion("牵头单位意见", Some("同意申报。"), Some(TODAY)),
            opinion("归口管理部门推荐意见", None, None),
            opinion("专家评审意见", None, None),
            opinion("自治区科技厅意见", None, None),
        ],
        package: DIGEST.to_owned(),
    }
}

fn agreement() -> Agreement {
    let party = |name: &str, role: &str, signed: bool| Signatory {
        name: name.to_owned(),
        code: "91150100MA0EXAMPLE".to_owned(),
        role: role.to_owned(),
        signed: signed.then(|| "法定代表人（负责人）于 2026-03-01 10:22:31 在平台签署".to_owned()),
        sealed: signed.then(|| format!("盖章页扫描件，指纹 {}", &DIGEST[..16])),
    };
    let headings = [
        "组建时间、期限和生效",
        "技术创新目标",
        "任务分工",
        "科技成果及知识产权归属",
        "投入与收益分配办法",
        "解决争议的方式",
        "风险分担",
        "违约责任",
    ];
    Agreement {
        version: 3,
        digest: DIGEST.to_owned(),
        effective_on: Some(date(2026, 3, 2)),
        parties: vec![
            party(LEAD, "甲方（牵头单位）", true),
            party("敕勒川电网技术研究院", "乙方", true),
            party("青城工业大学", "丙方", false),
        ],
        articles: headings
            .iter()
            .map(|heading| section(heading, Part::Text { text: LONG.to_owned() }))
            .collect(),
        annexes: vec![section(
            "附表二　任务分工",
            table(
                &["序号", "任务内容", "负责单位"],
                &[1, 6, 6],
                vec![row(&["1", "低温电芯研发", LEAD]), row(&["2", "并网安全试验", AUTHORITY])],
                None,
            ),
        )],
    }
}

fn review_sheet() -> ReviewSheet {
    let score =
        |name: &str, full, points, remark: &str| (name.to_owned(), full, points, remark.to_owned());
    ReviewSheet {
        label: "专家甲".to_owned(),
        scores: vec![
            score("组建必要性与方向", 15, 13, "方向明确"),
            score("牵头单位能力", 20, 17, ""),
            score("成员互补与研发条件", 20, 16, ""),
            score("目标任务分工可行性", 20, 17, ""),
            score("协议机制", 15, 8, "收益分配办法较原则，补充计算办法"),
            score("预期效益", 10, 8, ""),
        ],
        total: 79,
        vote: "修改后同意".to_owned(),
        opinion: "目标清楚，基础较好。\n补充收益分配的计算办法。".to_owned(),
    }
}

fn review_summary() -> ReviewSummary {
    let sheet = |label: &str, total, vote: &str, voided: Option<&str>| SheetLine {
        label: label.to_owned(),
        total,
        vote: vote.to_owned(),
        voided: voided.map(str::to_owned),
    };
    ReviewSummary {
        sheets: vec![
            sheet("专家甲", 79, "修改后同意", None),
            sheet("专家乙", 88, "同意备案", None),
            sheet("专家丙", 40, "不同意", Some("未按评分标准说明理由")),
            sheet("专家丁", 86, "同意备案", None),
        ],
        method: "全部有效评分的算术平均".to_owned(),
        mean: "84.33".to_owned(),
        votes: "同意备案 2 票，修改后同意 1 票，不同意 0 票".to_owned(),
        conclusion: "通过".to_owned(),
        spread: Some("最高分与最低分相差较大，已组织讨论".to_owned()),
    }
}

fn annual_report() -> AnnualReport {
    let headings = [
        "内部制度建设情况",
        "核心技术攻关、创新平台建设实施情况",
        "承担市场化成果转化或企业孵化情况",
        "新技术、新产品应用推广情况",
        "承担其他重要任务情况",
        "下一年度工作计划",
    ];
    let contents = (1..).zip(headings).map(|(no, heading)| {
        let text = if no == 5 { "" } else { LONG };
        (format!("9.{no}"), heading.to_owned(), text.to_owned())
    });
    AnnualReport {
        year: 2026,
        number: NUMBER.to_owned(),
        state: "2026-12-20 报送，按期".to_owned(),
        contents: contents.collect(),
    }
}

fn body(kind: Kind) -> Body {
    let number = NUMBER.to_owned();
    let silent = "连续两年未提交总结".to_owned();
    match kind {
        Kind::Application => Body::Application(application()),
        Kind::Agreement => Body::Agreement(agreement()),
        Kind::SubmissionReceipt => Body::SubmissionReceipt(SubmissionReceipt {
            at: "2026-03-05 16:20:07".to_owned(),
            package: DIGEST.to_owned(),
            materials: vec![
                "《内蒙古自治区创新联合体备案申请登记表》".to_owned(),
                "《内蒙古自治区创新联合体组建协议》（第 3 版）".to_owned(),
            ],
            next: "呼和浩特市科学技术局审核推荐".to_owned(),
        }),
        Kind::Recommendation => Body::Recommendation(Recommendation {
            opinion: "申报材料真实、准确，各方合作基础扎实，任务分工明确，符合组建条件。"
                .to_owned(),
        }),
        Kind::NotRecommended => Body::NotRecommended(NotRecommended {
            reason: "牵头单位研发费用数据与审计报告不一致，未能说明。".to_owned(),
        }),
        Kind::Acceptance => Body::Acceptance(Acceptance { submitted_on: Some(date(2026, 2, 20)) }),
        Kind::Correction => Body::Correction(Correction {
            items: vec![
                CorrectionItem {
                    part: "科技创新平台".to_owned(),
                    reason: "批准文号与批准文件不一致，按批准文件改正。".to_owned(),
                    clause: "5.1".to_owned(),
                },
                CorrectionItem {
                    part: "组建协议".to_owned(),
                    reason: "缺解决争议的方式。".to_owned(),
                    clause: "6.2".to_owned(),
                },
            ],
            due: Some(date(2026, 3, 19)),
        }),
        Kind::NotAccepted => Body::NotAccepted(NotAccepted {
            reason: "期满没有补正，材料不齐全。".to_owned(),
        }),
        Kind::ReviewSheet => Body::ReviewSheet(review_sheet()),
        Kind::ReviewSummary => Body::ReviewSummary(review_summary()),
        Kind::NotFiled => Body::NotFiled(NotFiled {
            reason: "任务分工与现有研发条件不相适应，目标难以实现。".to_owned(),
        }),
        Kind::PublicNotice => Body::PublicNotice(PublicNotice {
            from: TODAY,
            to: date(2026, 3, 11),
            days: 5,
            link: Some("https://lhtbeian.example/notices/d-7k3m9q2x".to_owned()),
        }),
        Kind::ObjectionReceipt => Body::ObjectionReceipt(ObjectionReceipt {
            receipt: "YY-4K7Q2M".to_owned(),
            subject: "材料真实性".to_owned(),
            at: "2026-03-06 09:10:11".to_owned(),
        }),
        Kind::FilingNotice => Body::FilingNotice(FilingNotice { number, first_report_year: 2026 }),
        Kind::Certificate => certificate(None).body,
        Kind::AnnualReport => Body::AnnualReport(annual_report()),
        Kind::ChangeReport => Body::ChangeReport(ChangeReport {
            number,
            no: 1,
            kind: "新增成员".to_owned(),
            class: "报备".to_owned(),
            occurred_on: date(2026, 2, 6),
            lines: vec![
                Line::new("涉及单位", "阴山储能工程有限公司"),
                Line::new("客观原因与变更内容", LONG),
            ],
        }),
        Kind::ChangeAnswer => Body::ChangeAnswer(ChangeAnswer {
            no: 1,
            kind: "新增成员".to_owned(),
            accepted: true,
            reason: "材料齐全，符合第五条（三）。".to_owned(),
        }),
        Kind::Rectification => Body::Rectification(Rectification {
            number,
            facts: "第二项任务逾期十个月没有开展。".to_owned(),
            demands: "1. 制定补救计划；\n2. 按协议落实投入。".to_owned(),
            due: date(2026, 6, 30),
        }),
        Kind::CancellationNotice => Body::CancellationNotice(CancellationNotice {
            number,
            ground: silent,
            clauses: vec!["9".to_owned()],
            facts: "2024 年度、2025 年度总结均未在报送期内提交。".to_owned(),
            text: "报送期届满后没有补交，也没有说明，拟取消备案资格。".to_owned(),
            statement_due: date(2026, 3, 20),
        }),
        Kind::ServiceReceipt => Body::ServiceReceipt(ServiceReceipt {
            paper: "取消备案资格事先告知书".to_owned(),
            to: LEAD.to_owned(),
            served_on: TODAY,
            proof: DIGEST.to_owned(),
        }),
        Kind::HearingNotice => Body::HearingNotice(HearingNotice {
            number,
            at: "2026年4月10日上午9时".to_owned(),
            place: "自治区科技厅 302 会议室".to_owned(),
            matter: "拟取消备案资格的事实、理由和依据。".to_owned(),
        }),
        Kind::CancellationDecision => Body::CancellationDecision(CancellationDecision {
            number,
            ground: silent,
            clauses: vec!["9".to_owned()],
            facts: "2024 年度、2025 年度总结均未在报送期内提交。".to_owned(),
            reason: "事实清楚，告知后没有补交。".to_owned(),
            served_on: Some(TODAY),
            statements: 1,
            voided: false,
        }),
        Kind::CancellationClosed => Body::CancellationClosed(CancellationClosed {
            number,
            ground: "牵头单位组织不力，未按协议履约".to_owned(),
            reason: "已在期限内整改到位。".to_owned(),
        }),
        Kind::TerminationDecision => Body::TerminationDecision(TerminationDecision {
            number,
            circumstance: "主要成员破产，任务无法继续。".to_owned(),
            granted: true,
            reason: "各方一致同意，任务已经移交。".to_owned(),
        }),
        Kind::Announcement => Body::Announcement(Announcement {
            number,
            what: "取消备案资格".to_owned(),
            clauses: vec!["9".to_owned()],
            ground: silent,
        }),
    }
}
