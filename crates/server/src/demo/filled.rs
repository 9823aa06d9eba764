//! 演示的登记表 — the form of a tale, filled whole by each unit from its own account. All invented.

use consortium::{
    ids::{Personal, UnitId},
    materials::{
        Award, BackgroundRight, Basics, Body, Certificate, CertificateKind, Conditions, Conversion,
        Cooperation, CooperationKind, CreditCheck, Foreground, Indicator, Input, KeyTechnology,
        LeadProfile, ManagementRule, MemberBlock, MemberPromise, Operation, Organisation, Plan,
        PlanRow, Platform, PlatformLevel, PlatformStatus, Project, ProjectLevel, ProjectStatus,
        PublicMoney, ResultKind, Rights, Section, Service, Share, Sharing, UnitBlock, WorkKind,
        WorkPackage, YearFigures, YearGoal,
    },
    unit::UnitKind,
};
use jiff::civil::{Date, date};

use super::script::Tale;

/// 万元 in fen.
const WAN: i64 = 1_000_000;

/// A party of a tale.
pub(super) struct Filler {
    pub(super) unit: UnitId,
    pub(super) name: &'static str,
    pub(super) kind: UnitKind,
}

/// Every section of a tale; the lead is the first of the parties.
pub(super) fn sections(tale: &Tale, parties: &[Filler], at: Date) -> Vec<Section> {
    let Some(lead) = parties.first() else { return vec![] };
    let first = parties.get(1).unwrap_or(lead);
    let mut sections = vec![
        basics(tale, at),
        lead_profile(tale, first),
        platforms(tale, first),
        goals(tale, at),
        technologies(tale, lead, first),
        work(tale, parties, at),
        inputs(parties, at),
        rights(tale, parties),
        organisation(lead),
        plan(tale, parties, at),
        Section::Safeguards {
            safeguards: "组织：由牵头单位主要负责人任组长，每季度调度一次。经费：专账核算、专款专用，每年审计。条件：中试线、大型仪器优先保障联合体任务。风险：技术路线设两个备选，中期评估未达标的按程序调整。".to_owned(),
        },
        Section::Special { special: special(parties) },
        Section::Promise { truthful: true, honest: true, data_use: true, publication: true },
    ];
    for (n, party) in parties.iter().enumerate() {
        sections.extend([figures(party, n, at), conditions(tale, party, n, at)]);
        if n > 0 {
            sections.extend([member(tale, party, at), promise(party)]);
        }
    }
    sections
}

fn special(parties: &[Filler]) -> String {
    if parties.len() > 2 {
        return String::new();
    }
    "本领域在区内的上下游单位仅此两家，合作已满三年。".to_owned()
}

fn last(at: Date) -> Date {
    date(at.year() + 3, 12, 31)
}

fn basics(tale: &Tale, at: Date) -> Section {
    let core = tale.core;
    let (division, industry) = match tale.field {
        "T1" => ("65", "I"),
        "T2" => ("27", "C"),
        "T6" => ("44", "D"),
        "T7" => ("77", "N"),
        "T8" => ("35", "C"),
        _ => ("30", "C"),
    };
    Section::Basics(Box::new(Basics {
        field: tale.field.to_owned(),
        subfield: format!("{}-01", tale.field),
        industry: industry.to_owned(),
        division: division.to_owned(),
        chain: format!("{core}产业链"),
        background: format!(
            "{core}是自治区重点发展的方向，区内已形成从原料、装备到应用的基础，但核心工艺长期依赖外部，产品一致性和成本与先进水平有差距。上下游企业各自攻关，试验数据不通、中试条件重复建设，单个单位难以独立突破；高校、院所的成果停在实验室，缺少放大验证的场景。组建联合体，是要把龙头企业的工程条件、院所的基础研究和成员企业的应用场景放到一条链上：共同凝练关键技术问题，共用中试平台，共担风险、共享成果，用三年时间把{core}的关键技术做到可以推广的程度，并形成标准和人才队伍。"
        ),
        term_from: Some(date(at.year(), 1, 1)),
        term_to: Some(last(at)),
        operation: Some(Operation::Contract),
        not_secret: true,
        ..Basics::default()
    }))
}

fn figures(party: &Filler, n: usize, at: Date) -> Section {
    let enterprise = party.kind == UnitKind::Enterprise;
    let size = i64::try_from(n).unwrap_or_default();
    let base = if n == 0 { 48_000 } else { 9_000 + 1_300 * size };
    let year = |back: i16, percent: i64| YearFigures {
        year: at.year() - back,
        revenue_fen: base * percent / 100 * WAN,
        rd_spend_fen: base * percent / 100 * (52 + 3 * size) / 1_000 * WAN,
    };
    let people = u32::try_from(size).unwrap_or_default();
    let certificates = if enterprise {
        vec![Certificate {
            kind: CertificateKind::HighTech,
            level: String::new(),
            no: format!("GR{}15000{:03}", at.year() - 1, 100 + n),
            until: Some(date(at.year() + 2, 11, 30)),
        }]
    } else {
        vec![]
    };
    Section::Unit(Box::new(UnitBlock {
        unit: party.unit.clone(),
        founded_on: Some(date(2009, 4, 18)),
        registration: if enterprise { "有限责任公司" } else { "事业单位法人" }.to_owned(),
        capital_fen: (12_000 - 1_000 * size) * WAN,
        paid_fen: (10_000 - 1_000 * size) * WAN,
        staff: 420 - 40 * people,
        rd_staff: 96 - 8 * people,
        rd_fte: 80 - 8 * people,
        doctors: 9 + 4 * people,
        senior: 21 + 2 * people,
        years: vec![year(3, 82), year(2, 91), year(1, 100)],
        certificates,
        credit_checks: vec![
            CreditCheck {
                source: "信用中国".to_owned(),
                checked_on: at,
                result: "没有在惩戒期内的严重失信记录".to_owned(),
            },
            CreditCheck {
                source: "科研诚信严重失信行为数据库".to_owned(),
                checked_on: at,
                result: "没有记录".to_owned(),
            },
        ],
        contact: Some(Personal::new("演示联系人")),
        contact_title: "科技管理部主任".to_owned(),
        contact_phone: Some(Personal::new("0471-5550000")),
        contact_email: Some(Personal::new("lianxi@example.cn")),
    }))
}

fn cooperation(title: &str, with: &str, kind: CooperationKind, at: Date) -> Cooperation {
    Cooperation {
        kind,
        with: with.to_owned(),
        title: title.to_owned(),
        from: Some(date(at.year() - 3, 3, 1)),
        to: Some(date(at.year() - 1, 12, 31)),
        proof: "合作协议和结题证书".to_owned(),
    }
}

fn rule(title: &str) -> ManagementRule {
    ManagementRule { title: title.to_owned(), since: Some(date(2020, 1, 1)) }
}

fn lead_profile(tale: &Tale, first: &Filler) -> Section {
    let core = tale.core;
    let at = date(tale.start.0, 1, 1);
    Section::Lead(Box::new(LeadProfile {
        team: "科研团队 96 人，其中高级职称 21 人、博士 9 人，由自治区级带头人领衔，连续五年承担自治区项目。".to_owned(),
        management_rules: "立项评审、过程检查、结题验收三级管理，经费专账，成果转化有奖励办法。".to_owned(),
        rules: ["研发项目管理办法", "科研经费管理办法", "成果转化奖励办法"].map(rule).to_vec(),
        cooperation: format!("与高校、院所共建{core}联合实验室，联合承担项目 3 项。"),
        cooperations: vec![
            cooperation(&format!("{core}联合攻关项目"), first.name, CooperationKind::Research, at),
            cooperation("工程硕士联合培养", first.name, CooperationKind::Talent, at),
        ],
        products: format!("{core}核心产品和成套解决方案"),
        chain_position: "链主企业，上接原料和装备，下接应用示范".to_owned(),
        matching: "带动区内配套企业 26 家，牵头建有产业技术交流机制".to_owned(),
        ..LeadProfile::default()
    }))
}

fn member(tale: &Tale, party: &Filler, at: Date) -> Section {
    let core = tale.core;
    let kind = match party.kind {
        UnitKind::TransferAgency => CooperationKind::Conversion,
        _ => CooperationKind::Research,
    };
    let block = MemberBlock {
        unit: party.unit.clone(),
        capability: "有专职研发团队 30 余人和完备的试验条件，近三年承担省部级项目 4 项。"
            .to_owned(),
        cooperation: "与牵头单位联合研发三年，共有发明专利 2 件。".to_owned(),
        cooperations: vec![cooperation(&format!("{core}共性技术研究"), "", kind, at)],
        role: format!("承担{core}的分析测试与应用验证"),
        ..MemberBlock::default()
    };
    Section::Member(Box::new(match party.kind {
        UnitKind::University | UnitKind::Institute => MemberBlock {
            disciplines: "材料科学与工程、控制科学与工程".to_owned(),
            team_size: 46,
            laboratories: "分析测试中心、工程化实验室各一处".to_owned(),
            results: format!("{core}基础数据库一套，团体标准一项"),
            ..block
        },
        UnitKind::Enterprise | UnitKind::Other => MemberBlock {
            products: format!("{core}配套材料和部件"),
            chain_position: "上游配套".to_owned(),
            matching: "有稳定的批量供应能力，可承担应用验证".to_owned(),
            ..block
        },
        UnitKind::TransferAgency => MemberBlock {
            agency_record: "自治区技术转移示范机构（虚构）".to_owned(),
            brokers: 12,
            contracts_fen: 2_860 * WAN,
            services: vec![Service::Transfer, Service::Advice, Service::Finance],
            ..block
        },
    }))
}

fn promise(party: &Filler) -> Section {
    Section::MemberPromise(MemberPromise {
        unit: party.unit.clone(),
        takes_part: true,
        truthful: true,
        data_use: true,
    })
}

fn platforms(tale: &Tale, owner: &Filler) -> Section {
    Section::Platforms {
        platforms: vec![Platform {
            name: format!("自治区{}重点实验室", tale.core),
            level: PlatformLevel::Region,
            owner: owner.unit.clone(),
            approved_by: "内蒙古自治区科学技术厅".to_owned(),
            document_no: "虚构字〔2021〕8号".to_owned(),
            approved_on: date(2021, 6, 1),
            valid_to: None,
            kind: "R02".to_owned(),
            status: Some(PlatformStatus::Running),
            assessed_in: Some(tale.start.0 - 1),
            grade: "良好".to_owned(),
            entry: String::new(),
        }],
    }
}

fn conditions(tale: &Tale, party: &Filler, n: usize, at: Date) -> Section {
    let n = u32::try_from(n).unwrap_or_default();
    let core = tale.core;
    Section::Conditions(Box::new(Conditions {
        unit: party.unit.clone(),
        area_m2: 6_800 - 900 * n,
        equipment_fen: i64::from(4_200 - 400 * n) * WAN,
        instruments: 18 - 2 * n,
        pilot_lines: if n == 0 { "中试线一条，年处理能力 500 吨" } else { "" }.to_owned(),
        computing: "自有算力和试验数据平台".to_owned(),
        sharing_rules: "大型仪器设备开放共享办法".to_owned(),
        projects: vec![Project {
            level: ProjectLevel::Region,
            name: format!("{core}关键技术研究与示范"),
            no: format!("虚构{}JBGS{:03}", at.year() - 2, 10 + n),
            role: if n == 0 { "牵头" } else { "参与" }.to_owned(),
            funds_fen: i64::from(300 + 40 * n) * WAN,
            from: Some(date(at.year() - 2, 1, 1)),
            to: Some(date(at.year(), 12, 31)),
            status: ProjectStatus::Running,
        }],
        invention_patents: 12 + n,
        utility_models: 20,
        software: 6,
        standards_industry: 1,
        standards_group: 2,
        papers: 10 + 8 * n,
        awards: vec![Award {
            name: "自治区科技进步二等奖（虚构）".to_owned(),
            year: at.year() - 1,
        }],
        conversions: vec![Conversion {
            title: format!("{core}工艺包许可"),
            contract_no: format!("虚构{}{:03}", at.year() - 1, 20 + n),
            amount_fen: i64::from(160 + 10 * n) * WAN,
        }],
        ..Conditions::default()
    }))
}

fn goals(tale: &Tale, at: Date) -> Section {
    let core = tale.core;
    let year = at.year();
    let goal = |after: i16, goal: &str| YearGoal { year: year + after, goal: goal.to_owned() };
    let indicator = |name: &str, measure: &str, baseline: &str, target: &str| Indicator {
        name: name.to_owned(),
        measure: measure.to_owned(),
        baseline: baseline.to_owned(),
        target: target.to_owned(),
        year: year + 3,
    };
    Section::Goals {
        goals: format!("三年内突破{core}的两项关键技术，建成中试线一条，制定团体标准两项。"),
        yearly: vec![
            goal(0, "凝练关键技术问题，完成方案设计"),
            goal(1, "完成实验室验证，突破第一项关键技术"),
            goal(2, "建成中试线，突破第二项关键技术"),
            goal(3, "完成示范应用，发布团体标准"),
        ],
        indicators: vec![
            indicator("关键技术突破", "项", "0", "2"),
            indicator("发明专利授权", "件", "6", "18"),
            indicator("示范应用", "处", "0", "3"),
        ],
    }
}

fn technologies(tale: &Tale, lead: &Filler, first: &Filler) -> Section {
    let core = tale.core;
    let technology = |name: String, bottleneck: &str, from, to| KeyTechnology {
        name,
        state: "国外已工程应用；国内处于样机阶段".to_owned(),
        bottleneck: bottleneck.to_owned(),
        approach: "以中试数据反馈优化工艺参数，分两轮放大".to_owned(),
        trl_from: Some(from),
        trl_to: Some(to),
        lead_unit: Some(lead.unit.clone()),
        partners: vec![first.unit.clone()].into_iter().filter(|unit| *unit != lead.unit).collect(),
    };
    Section::Technologies {
        technologies: vec![
            technology(format!("{core}关键工艺"), "核心工艺稳定性不足，成本偏高", 4, 8),
            technology(format!("{core}检测与评价方法"), "缺少寒旱条件下的评价方法", 3, 7),
        ],
    }
}

fn work(tale: &Tale, parties: &[Filler], at: Date) -> Section {
    let core = tale.core;
    let package = |content: &str, kind, lead: usize, partners: &[usize], indicator: &str| {
        let unit = |n: usize| parties.get(n).map(|party| party.unit.clone());
        WorkPackage {
            content: content.to_owned(),
            kind,
            unit: unit(lead).unwrap_or_else(|| parties[0].unit.clone()),
            from: at,
            to: last(at),
            deliverable: "研究报告、样机、标准".to_owned(),
            partners: partners.iter().filter_map(|n| unit(*n)).collect(),
            indicators: vec![indicator.to_owned()],
        }
    };
    let others: Vec<usize> = (2..parties.len()).collect();
    Section::Work {
        work: vec![
            package(&format!("{core}关键技术研发"), WorkKind::Research, 0, &[1], "关键技术突破"),
            package("中试放大与示范应用", WorkKind::Conversion, 1, &others, "示范应用"),
            package("检测评价方法和团体标准", WorkKind::Standard, 1, &[0], "发明专利授权"),
        ],
    }
}

fn inputs(parties: &[Filler], at: Date) -> Section {
    let year = at.year();
    let input = |n: usize, after: i16, form: &str, wan: i64| Input {
        unit: parties[n].unit.clone(),
        year: year + after,
        form: form.to_owned(),
        amount_fen: wan * WAN,
    };
    let mut inputs =
        vec![input(0, 0, "货币", 1_800), input(0, 1, "货币", 1_200), input(0, 1, "设备", 600)];
    for n in 1..parties.len() {
        inputs.extend([input(n, 0, "货币", 200), input(n, 1, "人力折价", 120)]);
    }
    let total_fen = inputs.iter().map(|row| row.amount_fen).sum();
    Section::Inputs {
        inputs,
        total_fen,
        public_money: vec![PublicMoney {
            year: year + 1,
            source: "自治区科技计划（拟申请）".to_owned(),
            amount_fen: 500 * WAN,
        }],
        sharing: vec![
            Sharing {
                kind: ResultKind::Patent,
                rule: "完成方所有；共同完成的按投入比例共有，收益按份额分配".to_owned(),
            },
            Sharing {
                kind: ResultKind::Licence,
                rule: "扣除成本后，七成按贡献分配，三成留作后续研发".to_owned(),
            },
        ],
        custodian: Some(parties[0].unit.clone()),
        audit: "每年由会计师事务所专项审计一次，结果向各方公开".to_owned(),
    }
}

fn rights(tale: &Tale, parties: &[Filler]) -> Section {
    let others = u32::try_from(parties.len()).unwrap_or(1).saturating_sub(1).max(1);
    let each = 40 / others;
    let share = |(n, party): (usize, &Filler)| Share {
        unit: party.unit.clone(),
        percent: if n == 0 { 100 - each * (others) } else { each },
    };
    Section::Rights(Box::new(Rights {
        background: parties
            .iter()
            .take(2)
            .map(|party| BackgroundRight {
                name: format!("一种{}方法", tale.core),
                kind: "发明专利".to_owned(),
                no: "ZL202100000000.X（虚构）".to_owned(),
                owner: party.unit.clone(),
            })
            .collect(),
        foreground: Some(Foreground::OwnAndJoint),
        foreground_text: "共有的由牵头单位统一申请和维护。".to_owned(),
        shares: parties.iter().enumerate().map(share).collect(),
        priority_licence: true,
        transfer_consent: true,
        publication_days: 30,
        confidential_years: 5,
        exit: "退出方保留已共有的份额，不再参与此后成果的分配。".to_owned(),
    }))
}

fn organisation(lead: &Filler) -> Section {
    Section::Organisation(Box::new(Organisation {
        decides: Some(Body::Council),
        composition: "理事会由各方各派一名理事组成，理事长由牵头单位推荐。".to_owned(),
        voting: "一般事项过半数，成员进出、投入和知识产权事项三分之二以上。".to_owned(),
        advisers: "专家委员会 7 人，每年对技术路线评估一次。".to_owned(),
        office: "秘书处设在牵头单位，负责日常管理和年度报告。".to_owned(),
        office_staff: 3,
        liable: Some(lead.unit.clone()),
        meetings: 4,
        internal_rules: ["理事会章程", "经费管理办法", "知识产权管理办法"].map(rule).to_vec(),
        opening: "书面申请，理事会三分之二以上同意，签署加入协议。".to_owned(),
    }))
}

fn plan(tale: &Tale, parties: &[Filler], at: Date) -> Section {
    let others = i64::try_from(parties.len().saturating_sub(1)).unwrap_or_default();
    let row = |after: i16, item: String, source: &str, wan: i64| PlanRow {
        year: at.year() + after,
        item,
        source: source.to_owned(),
        amount_fen: wan * WAN,
    };
    Section::Plan(Plan {
        outline: "先凝练问题、再中试放大、后示范推广，分三个阶段实施。".to_owned(),
        rows: vec![
            row(0, format!("{}关键技术研发", tale.core), "各方投入", 1_800 + 200 * others),
            row(1, "中试线建设".to_owned(), "各方投入", 1_800 + 120 * others),
            row(1, "示范应用".to_owned(), "财政资金（拟申请）", 500),
        ],
    })
}
