//! What people write: ordinary sections of the form, an agreement, a sheet, a summary.

use consortium::{
    agreement::AgreementText,
    annual_report::Summary,
    expert_review::{CRITERIA, Sheet, Vote},
    ids::{Digest, Personal, UnitId},
    materials::{
        Basics, Input, KeyTechnology, LeadProfile, MemberBlock, Platform, PlatformLevel, Section,
        WorkKind, WorkPackage,
    },
    public_notice::ObjectionText,
    reference::PlatformStatus,
    unit::{
        Business, Certificates, Contact, Detail, HighTech, ManagementRule, PlatformEntry, Research,
        ServiceKind, Specialised, Strengths, TechSme, Transfer, TransferRecord, YearFigures,
    },
};
use jiff::civil::date;

/// Every section that the lead writes alone, except the platforms.
pub(crate) fn sections(lead: &UnitId) -> Vec<Section> {
    let work = |content: &str, kind| WorkPackage {
        content: content.into(),
        kind,
        unit: lead.clone(),
        from: date(2026, 3, 1),
        to: date(2028, 12, 31),
        deliverable: "样机和报告".into(),
        partners: vec![],
        indicators: vec![],
    };
    vec![
        Section::Basics(Box::new(Basics {
            field: "T6".into(),
            industry: "C".into(),
            chain: "新型储能".into(),
            background: "高寒地区储能系统衰减快，缺少可用的电解液体系。".into(),
            not_secret: true,
            ..Basics::default()
        })),
        Section::Lead(Box::new(LeadProfile {
            staff: 320,
            rd_staff: 90,
            revenue_fen: 12_000_000_000,
            rd_spend_fen: 900_000_000,
            team: "储能研发团队九十人".into(),
            management_rules: "研发项目管理办法等八项".into(),
            cooperation: "与塞北理工大学共建实验室三年".into(),
            contact: Some(Personal::new("联系人")),
            contact_phone: Some(Personal::new("0471-0000001")),
            ..LeadProfile::default()
        })),
        Section::Goals {
            goals: "零下四十度循环寿命达到六千次".into(),
            yearly: vec![],
            indicators: vec![],
        },
        Section::Technologies {
            technologies: vec![KeyTechnology {
                name: "低温电解液".into(),
                bottleneck: "低温下离子电导率骤降".into(),
                approach: "新型溶剂化结构".into(),
                ..KeyTechnology::default()
            }],
        },
        Section::Work {
            work: vec![
                work("低温电解液研究", WorkKind::Research),
                work("示范电站转化", WorkKind::Conversion),
            ],
        },
        Section::Inputs {
            inputs: vec![Input {
                unit: lead.clone(),
                year: 2026,
                form: "货币".into(),
                amount_fen: 300_000_000,
            }],
            total_fen: 0,
            public_money: vec![],
            sharing: vec![],
            custodian: None,
            audit: String::new(),
        },
        Section::Promise { truthful: true, honest: false, data_use: false, publication: false },
    ]
}

/// A member's own block.
pub(crate) fn member(unit: &UnitId) -> Section {
    Section::Member(Box::new(MemberBlock {
        unit: unit.clone(),
        capability: "有专职研发团队和试验条件".into(),
        cooperation: "与牵头单位联合攻关两年".into(),
        role: "承担材料与测试任务".into(),
        ..MemberBlock::default()
    }))
}

/// One platform.
pub(crate) fn platform(level: PlatformLevel, owner: &UnitId) -> Platform {
    Platform {
        name: format!("{}储能重点实验室", level.term()),
        level,
        owner: owner.clone(),
        approved_by: "自治区科技厅".into(),
        document_no: "内科发〔2022〕4号".into(),
        approved_on: date(2022, 5, 1),
        valid_to: None,
        kind: String::new(),
        status: None,
        assessed_in: None,
        grade: String::new(),
        entry: String::new(),
    }
}

/// An agreement with its six contents, and one goal to tell versions apart.
pub(crate) fn agreement(goals: &str) -> AgreementText {
    AgreementText {
        formed_on: Some(date(2026, 2, 26)),
        goals: goals.into(),
        division: "见登记表任务分工".into(),
        results: "各自完成归各自，共同完成共有".into(),
        distribution: "按投入比例分配收益".into(),
        disputes: "协商不成的，提交仲裁".into(),
        risk: "按任务分工各自承担".into(),
        breach: "违约方退还已收投入".into(),
        ..AgreementText::default()
    }
}

/// A sheet whose scores add up to a total.
pub(crate) fn sheet(total: u8, vote: Vote) -> Sheet {
    let mut scores: Vec<u8> = CRITERIA
        .iter()
        .map(|(_, most)| u8::try_from(u32::from(*most) * u32::from(total) / 100).unwrap())
        .collect();
    let mut left = total - scores.iter().sum::<u8>();
    for (score, (_, most)) in scores.iter_mut().zip(CRITERIA) {
        let more = left.min(most - *score);
        *score += more;
        left -= more;
    }
    Sheet {
        scores, remarks: vec!["见意见".into(); 6], vote, opinion: "方向明确，可行。".into()
    }
}

/// A yearly summary with its six contents.
pub(crate) fn summary(year: i16) -> Summary {
    Summary {
        rules: format!("{year} 年召开理事会两次"),
        research: "突破低温电解液一项".into(),
        conversion: "技术合同两项".into(),
        promotion: "示范电站一处".into(),
        other: "本年度未开展，无相关任务".into(),
        plan: "扩大示范".into(),
    }
}

/// An objection under a real name.
pub(crate) fn objection(objector: &str) -> ObjectionText {
    ObjectionText {
        objector: Personal::new(objector),
        contact: Personal::new("0471-0000002"),
        kind: "材料真实性".into(),
        facts: format!("{objector}认为平台批准文件不真实，附证据。"),
    }
}

/// One entry of the platform register.
pub(crate) fn entry(kind: &str) -> PlatformEntry {
    PlatformEntry {
        name: "自治区储能材料重点实验室".into(),
        kind: kind.into(),
        approved_by: "内蒙古自治区科学技术厅".into(),
        document_no: "虚构字〔2022〕5号".into(),
        approved_on: date(2022, 5, 1),
        valid_from: None,
        valid_to: None,
        status: PlatformStatus::Running,
        assessment: None,
        proof: None,
    }
}

/// The figures of one year.
pub(crate) fn figures(year: i16) -> YearFigures {
    YearFigures {
        year,
        revenue_fen: 50_000_000_000,
        rd_spend_fen: 2_500_000_000,
        staff: 420,
        rd_staff: 86,
        rd_fte: 80,
        doctors: 9,
        senior_titles: 21,
    }
}

/// Every section of what a unit keeps, once.
pub(crate) fn details() -> Vec<Detail> {
    vec![
        Detail::Figures { years: vec![figures(2024), figures(2025)] },
        Detail::Certificates(Certificates {
            high_tech: Some(HighTech { no: "GR2024XX000001".into(), until: date(2027, 11, 1) }),
            tech_sme: Some(TechSme { no: "2026XX0001".into(), year: 2026 }),
            specialised: Some(Specialised::LittleGiant),
        }),
        Detail::Rules {
            rules: vec![ManagementRule {
                name: "研发项目管理办法".into(),
                in_force_from: date(2023, 1, 1),
                file: Some(Digest("0123456789abcdef".repeat(4))),
            }],
        },
        Detail::Strengths(Strengths {
            team: "团队 86 人".into(),
            capability: "中试线一条".into(),
            cooperation: "与高校共建实验室".into(),
        }),
        Detail::Contact(Contact {
            contact: Personal::new("王五"),
            contact_phone: Personal::new("0471-0000001"),
        }),
        Detail::Research(Research {
            discipline: "材料科学".into(),
            team_size: 42,
            laboratories: "储能实验室".into(),
            instruments: 12,
            results: "低温电池".into(),
        }),
        Detail::Business(Business {
            products: "储能电池".into(),
            position: "下游集成".into(),
            matching: "量产与检测".into(),
        }),
        Detail::Transfer(Transfer {
            record: Some(TransferRecord::Region),
            brokers: 6,
            contracts_fen: 300_000_000,
            services: vec![ServiceKind::Transfer, ServiceKind::Finance],
        }),
    ]
}
