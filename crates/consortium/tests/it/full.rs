//! A form filled whole, T1 to T15, in which everything fits together.

use consortium::{
    ids::{Personal, UnitId},
    materials::{
        Award, BackgroundRight, Basics, Body, Certificate, CertificateKind, Conditions, Conversion,
        Cooperation, CooperationKind, CreditCheck, Foreground, Indicator, Input, KeyTechnology,
        LeadProfile, ManagementRule, MemberBlock, MemberPromise, Operation, Organisation, Party,
        Plan, PlanRow, Platform, PlatformLevel, PlatformStatus, Project, ProjectLevel,
        ProjectStatus, PublicMoney, ResultKind, Rights, Section, Service, Share, Sharing,
        UnitBlock, WorkKind, WorkPackage, YearFigures, YearGoal,
    },
    unit::UnitKind,
};
use jiff::civil::{Date, date};

const FROM: Date = date(2026, 1, 1);
const TO: Date = date(2028, 12, 31);

/// Every section of these parties, the lead first.
pub(crate) fn sections(parties: &[Party]) -> Vec<Section> {
    let lead = &parties[0].unit;
    let second = &parties[1].unit;
    let mut sections = vec![
        basics(),
        lead_profile(),
        Section::Platforms { platforms: vec![platform(second)] },
        goals(),
        technologies(lead, second),
        work(parties),
        inputs(lead, second),
        rights(parties),
        organisation(lead),
        plan(),
        Section::Safeguards {
            safeguards: "成立领导小组，专账核算，每季度调度一次。".into()
        },
        Section::Special { special: "没有需要说明的事项。".into() },
        Section::Promise { truthful: true, honest: true, data_use: true, publication: true },
    ];
    for party in parties {
        sections.extend([figures(&party.unit), conditions(&party.unit)]);
    }
    sections.extend(parties.iter().skip(1).map(member));
    sections
}

/// What a member promises, from its own account.
pub(crate) fn promise(unit: &UnitId) -> Section {
    Section::MemberPromise(MemberPromise {
        unit: unit.clone(),
        takes_part: true,
        truthful: true,
        data_use: true,
    })
}

fn basics() -> Section {
    Section::Basics(Box::new(Basics {
        name_mn: "\u{1825}\u{182a}\u{1825}\u{1837}\u{202f}\u{1824}\u{1828}".into(),
        field: "T6".into(),
        subfield: "T6-03".into(),
        industry: "C".into(),
        division: "38".into(),
        chain: "储能与新型电力系统".into(),
        background: "高寒地区储能系统衰减快，缺少可用的电解液体系，需要联合攻关。".repeat(8),
        term_from: Some(FROM),
        term_to: Some(TO),
        operation: Some(Operation::Entity),
        company: "内蒙古云川储能创新有限公司".into(),
        not_secret: true,
    }))
}

fn figures(unit: &UnitId) -> Section {
    let year = |year, revenue_fen, rd_spend_fen| YearFigures { year, revenue_fen, rd_spend_fen };
    Section::Unit(Box::new(UnitBlock {
        unit: unit.clone(),
        founded_on: Some(date(2012, 5, 8)),
        registration: "有限责任公司".into(),
        capital_fen: 50_000_000_000,
        paid_fen: 40_000_000_000,
        staff: 320,
        rd_staff: 90,
        rd_fte: 72,
        doctors: 12,
        senior: 30,
        years: vec![
            year(2023, 30_000_000_000, 2_100_000_000),
            year(2024, 36_000_000_000, 2_600_000_000),
            year(2025, 41_000_000_000, 3_300_000_000),
        ],
        certificates: vec![Certificate {
            kind: CertificateKind::HighTech,
            level: String::new(),
            no: "GR202400000001".into(),
            until: Some(date(2027, 11, 1)),
        }],
        credit_checks: vec![CreditCheck {
            source: "信用中国".into(),
            checked_on: date(2026, 2, 20),
            result: "没有严重失信记录".into(),
        }],
        contact: Some(Personal::new("联系人甲")),
        contact_title: "科技部主任".into(),
        contact_phone: Some(Personal::new("0471-0000011")),
        contact_email: Some(Personal::new("a@example.cn")),
    }))
}

fn cooperation(with: &str) -> Cooperation {
    Cooperation {
        kind: CooperationKind::Research,
        with: with.into(),
        title: "低温电芯联合研发".into(),
        from: Some(date(2023, 3, 1)),
        to: Some(date(2025, 12, 31)),
        proof: "技术开发合同".into(),
    }
}

fn rule(title: &str) -> ManagementRule {
    ManagementRule { title: title.into(), since: Some(date(2021, 1, 1)) }
}

fn lead_profile() -> Section {
    Section::Lead(Box::new(LeadProfile {
        team: "储能研发团队九十人".into(),
        management_rules: "覆盖立项、经费、成果三方面".into(),
        rules: vec![rule("研发项目管理办法"), rule("科研经费管理办法")],
        cooperation: "与塞北理工大学共建实验室三年".into(),
        cooperations: vec![cooperation("塞北理工大学")],
        products: "储能电芯、储能系统".into(),
        chain_position: "系统集成".into(),
        matching: "带动上游材料企业十二家".into(),
        ..LeadProfile::default()
    }))
}

fn member(party: &Party) -> Section {
    let block = MemberBlock {
        unit: party.unit.clone(),
        capability: "有专职研发团队和试验条件".into(),
        cooperation: "与牵头单位联合攻关两年".into(),
        cooperations: vec![cooperation("")],
        role: "承担材料与测试任务".into(),
        ..MemberBlock::default()
    };
    Section::Member(Box::new(match party.kind {
        UnitKind::University | UnitKind::Institute => MemberBlock {
            disciplines: "材料科学与工程".into(),
            team_size: 45,
            laboratories: "低温储能实验室".into(),
            results: "低温电解液配方".into(),
            ..block
        },
        UnitKind::Enterprise | UnitKind::Other => MemberBlock {
            products: "稀土储氢材料".into(),
            chain_position: "上游材料".into(),
            matching: "年产千吨".into(),
            ..block
        },
        UnitKind::TransferAgency => MemberBlock {
            agency_record: "自治区技术转移示范机构".into(),
            brokers: 9,
            contracts_fen: 1_200_000_000,
            services: vec![Service::Transfer, Service::Finance],
            ..block
        },
    }))
}

fn platform(owner: &UnitId) -> Platform {
    Platform {
        name: "自治区储能重点实验室".into(),
        level: PlatformLevel::Region,
        owner: owner.clone(),
        approved_by: "自治区科技厅".into(),
        document_no: "内科发〔2022〕4号".into(),
        approved_on: date(2022, 5, 1),
        valid_to: None,
        kind: "R02".into(),
        status: Some(PlatformStatus::Running),
        assessed_in: Some(2025),
        grade: "良好".into(),
        entry: String::new(),
    }
}

fn conditions(unit: &UnitId) -> Section {
    Section::Conditions(Box::new(Conditions {
        unit: unit.clone(),
        area_m2: 3_200,
        equipment_fen: 2_600_000_000,
        instruments: 14,
        pilot_lines: "电芯中试线一条".into(),
        computing: "自有算力二百核".into(),
        sharing_rules: "大型仪器对外开放办法".into(),
        projects: vec![Project {
            level: ProjectLevel::Region,
            name: "低温电芯关键技术".into(),
            no: "2024JBGS0001".into(),
            role: "牵头".into(),
            funds_fen: 300_000_000,
            from: Some(date(2024, 1, 1)),
            to: Some(date(2026, 12, 31)),
            status: ProjectStatus::Running,
        }],
        invention_patents: 12,
        utility_models: 20,
        software: 6,
        standards_group: 2,
        papers: 31,
        awards: vec![Award { name: "自治区科技进步二等奖".into(), year: 2024 }],
        conversions: vec![Conversion {
            title: "低温电解液配方许可".into(),
            contract_no: "2025150000001".into(),
            amount_fen: 80_000_000,
        }],
        ..Conditions::default()
    }))
}

fn goals() -> Section {
    let goal = |year, goal: &str| YearGoal { year, goal: goal.into() };
    Section::Goals {
        goals: "零下四十度循环寿命达到六千次".into(),
        yearly: vec![goal(2026, "完成配方"), goal(2027, "完成中试"), goal(2028, "建成示范站")],
        indicators: vec![Indicator {
            name: "零下四十度循环寿命".into(),
            measure: "次".into(),
            baseline: "2500".into(),
            target: "6000".into(),
            year: 2028,
        }],
    }
}

fn technologies(lead: &UnitId, second: &UnitId) -> Section {
    Section::Technologies {
        technologies: vec![KeyTechnology {
            name: "低温电解液".into(),
            state: "国外三千五百次，国内二千五百次".into(),
            bottleneck: "低温下离子电导率骤降".into(),
            approach: "新型溶剂化结构".into(),
            trl_from: Some(4),
            trl_to: Some(8),
            lead_unit: Some(second.clone()),
            partners: vec![lead.clone()],
        }],
    }
}

fn work(parties: &[Party]) -> Section {
    let others: Vec<UnitId> = parties.iter().skip(1).map(|party| party.unit.clone()).collect();
    let package = |content: &str, kind, partners| WorkPackage {
        content: content.into(),
        kind,
        unit: parties[0].unit.clone(),
        from: FROM,
        to: TO,
        deliverable: "样机和报告".into(),
        partners,
        indicators: vec!["零下四十度循环寿命".into()],
    };
    Section::Work {
        work: vec![
            package("低温电解液研究", WorkKind::Research, others),
            package("示范电站转化", WorkKind::Conversion, vec![]),
        ],
    }
}

fn inputs(lead: &UnitId, second: &UnitId) -> Section {
    let input = |unit: &UnitId, year, form: &str, amount_fen| Input {
        unit: unit.clone(),
        year,
        form: form.into(),
        amount_fen,
    };
    Section::Inputs {
        inputs: vec![
            input(lead, 2026, "货币", 300_000_000),
            input(lead, 2027, "设备", 200_000_000),
            input(second, 2026, "人力折价", 100_000_000),
        ],
        total_fen: 600_000_000,
        public_money: vec![PublicMoney {
            year: 2027,
            source: "自治区重点研发专项".into(),
            amount_fen: 150_000_000,
        }],
        sharing: vec![Sharing {
            kind: ResultKind::Patent, rule: "按投入比例分配许可收入".into()
        }],
        custodian: Some(lead.clone()),
        audit: "每年由会计师事务所审计一次".into(),
    }
}

fn rights(parties: &[Party]) -> Section {
    Section::Rights(Box::new(Rights {
        background: vec![BackgroundRight {
            name: "一种低温电解液".into(),
            kind: "发明专利".into(),
            no: "ZL202300000000.1".into(),
            owner: parties[1].unit.clone(),
        }],
        foreground: Some(Foreground::OwnAndJoint),
        foreground_text: "共有的由牵头单位统一申请".into(),
        shares: vec![
            Share { unit: parties[0].unit.clone(), percent: 60 },
            Share { unit: parties[1].unit.clone(), percent: 40 },
        ],
        priority_licence: true,
        transfer_consent: true,
        publication_days: 30,
        confidential_years: 5,
        exit: "退出后保留已共有的权利".into(),
    }))
}

fn organisation(lead: &UnitId) -> Section {
    Section::Organisation(Box::new(Organisation {
        decides: Some(Body::Council),
        composition: "各方各派一名理事".into(),
        voting: "三分之二以上同意".into(),
        advisers: "专家委员会七人".into(),
        office: "秘书处设在牵头单位".into(),
        office_staff: 3,
        liable: Some(lead.clone()),
        meetings: 2,
        internal_rules: vec![rule("理事会章程")],
        opening: "理事会同意后签署加入协议".into(),
    }))
}

fn plan() -> Section {
    let row = |year, item: &str, source: &str, amount_fen| PlanRow {
        year,
        item: item.into(),
        source: source.into(),
        amount_fen,
    };
    Section::Plan(Plan {
        outline: "先配方、后中试、再示范".into(),
        rows: vec![
            row(2026, "配方研究", "各方投入", 400_000_000),
            row(2027, "中试线", "各方投入和财政资金", 350_000_000),
        ],
    })
}
