//! 办事的文字 — what people write into the form, the agreement, a sheet, a summary.

use consortium::{
    agreement::AgreementText,
    annual_report::Summary,
    expert_review::{Sheet, Vote},
    ids::{Digest, Personal, UnitId},
    materials::{
        Basics, Conditions, Input, KeyTechnology, LeadProfile, MemberBlock, MemberPromise, Part,
        Platform, PlatformLevel, Section, WorkKind, WorkPackage,
    },
};
use jiff::civil::{Date, date};
use serde_json::json;

/// A name that the rules take, different for each number.
pub(crate) fn name(n: usize) -> String {
    const FIRST: [&str; 16] = [
        "稀土", "储能", "风电", "光伏", "氢能", "乳品", "肉牛", "玉米", "草种", "煤基", "石墨",
        "蒙药", "物流", "合金", "疫苗", "铝基",
    ];
    const SECOND: [&str; 18] = [
        "材料", "装备", "育种", "检测", "智造", "制备", "循环", "低碳", "高端", "绿色", "数字",
        "安全", "应用", "示范", "提质", "精深", "协同", "前沿",
    ];
    let mut core = FIRST[n % FIRST.len()].to_owned();
    let mut rest = n / FIRST.len();
    loop {
        core.push_str(SECOND[rest % SECOND.len()]);
        rest /= SECOND.len();
        if rest == 0 {
            return format!("内蒙古自治区{core}创新联合体");
        }
        // Longer names count from their own beginning, so that no two are the same.
        rest -= 1;
    }
}

/// A digest of no particular file.
pub(crate) fn digest(n: u64) -> Digest {
    Digest(format!("{n:064x}"))
}

/// The form, every section.
pub(crate) fn sections(lead: &UnitId, members: &[UnitId], at: Date, turn: usize) -> Vec<Section> {
    let first = members.first().unwrap_or(lead);
    let mut sections: Vec<Section> = [
        Part::Basics,
        Part::Lead,
        Part::Platforms,
        Part::Goals,
        Part::Technologies,
        Part::Work,
        Part::Inputs,
        Part::Special,
        Part::Promise,
    ]
    .into_iter()
    .filter_map(|part| section(part, lead, first, at, turn))
    .collect();
    sections.extend(members.iter().map(member));
    sections
}

/// One section of the form; `None` for what is no section.
pub(crate) fn section(
    part: Part,
    lead: &UnitId,
    member: &UnitId,
    at: Date,
    turn: usize,
) -> Option<Section> {
    let last = date(at.year() + 3, 12, 31);
    let package = |content: &str, kind, unit: &UnitId| WorkPackage {
        content: content.to_owned(),
        kind,
        unit: unit.clone(),
        from: at,
        to: last,
        deliverable: "样机和报告".to_owned(),
        partners: vec![],
        indicators: vec![],
    };
    Some(match part {
        Part::Basics => Section::Basics(Box::new(Basics {
            field: format!("T{}", turn % 8 + 1),
            industry: "C".to_owned(),
            chain: "新型储能".to_owned(),
            background: "单个单位难以独立突破，需要协同攻关。".to_owned(),
            not_secret: true,
            ..Basics::default()
        })),
        Part::Lead => Section::Lead(Box::new(LeadProfile {
            staff: 320,
            rd_staff: 90,
            revenue_fen: 12_000_000_000,
            rd_spend_fen: 900_000_000,
            team: "研发团队九十人".to_owned(),
            management_rules: "研发项目管理办法等八项".to_owned(),
            cooperation: "与高校共建实验室三年".to_owned(),
            contact: Some(Personal::new("虚构联系人")),
            contact_phone: Some(Personal::new("0471-5550000")),
            ..LeadProfile::default()
        })),
        Part::Platforms => Section::Platforms {
            platforms: vec![Platform {
                name: "自治区重点实验室".to_owned(),
                level: PlatformLevel::Region,
                owner: member.clone(),
                approved_by: "内蒙古自治区科学技术厅".to_owned(),
                document_no: format!("虚构字〔2021〕{}号", turn + 1),
                approved_on: date(2021, 6, 1),
                valid_to: None,
                kind: String::new(),
                status: None,
                assessed_in: None,
                grade: String::new(),
                entry: String::new(),
            }],
        },
        Part::Goals => Section::Goals {
            goals: format!("三年内突破两项关键技术，第{turn}稿。"),
            yearly: vec![],
            indicators: vec![],
        },
        Part::Technologies => Section::Technologies {
            technologies: vec![KeyTechnology {
                name: "关键工艺".to_owned(),
                bottleneck: "稳定性不足".to_owned(),
                approach: "以中试数据优化参数".to_owned(),
                ..KeyTechnology::default()
            }],
        },
        Part::Work => Section::Work {
            work: vec![
                package("关键技术研发", WorkKind::Research, lead),
                package("中试与示范", WorkKind::Conversion, member),
            ],
        },
        Part::Inputs => Section::Inputs {
            inputs: vec![Input {
                unit: lead.clone(),
                year: at.year(),
                form: "货币".to_owned(),
                amount_fen: 3_000_000_000 + i64::try_from(turn).unwrap(),
            }],
            total_fen: 0,
            public_money: vec![],
            sharing: vec![],
            custodian: None,
            audit: String::new(),
        },
        Part::Special => Section::Special {
            special: format!("上下游单位合作已满三年，第{turn}稿。"),
        },
        Part::Promise => {
            Section::Promise { truthful: true, honest: true, data_use: true, publication: true }
        }
        _ => return None,
    })
}

/// What a unit writes of itself; `None` for what it does not.
pub(crate) fn of_itself(part: Part, unit: &UnitId) -> Option<Section> {
    let unit = unit.clone();
    Some(match part {
        Part::Member => member(&unit),
        Part::Unit => serde_json::from_value(json!({"section": "unit", "unit": unit})).unwrap(),
        Part::Conditions => {
            Section::Conditions(Box::new(Conditions { unit, ..Conditions::default() }))
        }
        Part::MemberPromise => Section::MemberPromise(MemberPromise {
            unit,
            takes_part: true,
            truthful: true,
            data_use: true,
        }),
        _ => return None,
    })
}

fn member(unit: &UnitId) -> Section {
    Section::Member(Box::new(MemberBlock {
        unit: unit.clone(),
        capability: "有专职研发团队和试验条件".to_owned(),
        cooperation: "与牵头单位联合攻关两年".to_owned(),
        role: "承担材料与测试任务".to_owned(),
        ..MemberBlock::default()
    }))
}

/// An agreement with its contents.
pub(crate) fn agreement(formed_on: Date, turn: usize) -> AgreementText {
    AgreementText {
        formed_on: Some(formed_on),
        goals: format!("突破关键技术，第{turn}稿"),
        division: "见登记表任务分工".to_owned(),
        results: "各自完成归各自，共同完成共有".to_owned(),
        distribution: "按投入比例分配收益".to_owned(),
        disputes: "协商不成的，提交仲裁".to_owned(),
        risk: "按任务分工各自承担".to_owned(),
        breach: "违约方退还已收投入".to_owned(),
        ..AgreementText::default()
    }
}

/// A sheet in favour or against.
pub(crate) fn sheet(favourable: bool, shift: u8) -> Sheet {
    let scores =
        if favourable { vec![12 + shift % 3, 16, 17, 16, 12, 8] } else { vec![7, 11, 10, 9, 7, 4] };
    Sheet {
        scores,
        remarks: vec!["见意见".to_owned(); 6],
        vote: if favourable { Vote::Agree } else { Vote::Disagree },
        opinion: "意见如上。".to_owned(),
    }
}

/// The yearly summary.
pub(crate) fn summary(year: i16) -> Summary {
    Summary {
        rules: format!("{year} 年召开理事会两次"),
        research: "关键技术完成小试".to_owned(),
        conversion: "技术合同两项".to_owned(),
        promotion: "示范线一条".to_owned(),
        other: "本年度未开展，无相关任务".to_owned(),
        plan: "扩大示范".to_owned(),
    }
}
