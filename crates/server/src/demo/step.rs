//! 演示的一步 — what one step of a tale asks of the office, by whom.

use consortium::{
    Command,
    agreement::AgreementText,
    annual_report::Summary,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    decision::{Matter, Outcome},
    dossier::{CorrectionItem, Judgement},
    expert_review::{Sheet, Vote},
    ids::{Digest, Personal, UnitId},
    materials::{
        Attachment, Basics, Indicator, Input, KeyTechnology, LeadProfile, MemberBlock, Part,
        Platform, PlatformLevel, Section, WorkKind, WorkPackage,
    },
    public_notice::ObjectionText,
    support::SupportClause,
};
use jiff::civil::{Date, date};

use super::script::Tale;

/// A step of a tale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Open,
    Invite,
    Accept,
    AcceptOne,
    Write,
    StartSigning,
    SignSome,
    SignAll,
    Decline,
    Submit,
    Check,
    Recommend,
    Return,
    DeclineToRecommend,
    Pass,
    RequestCorrection,
    NotAccept,
    Withdraw,
    Draw,
    ScoreSome,
    ScoreRest,
    DraftFiling,
    DraftRefusal,
    ConfirmFiling,
    Publish,
    Object,
    File,
    Support,
    Undertake,
    FinishUndertaking,
    Report(i16),
    PlanOnly(i16),
    ChangeJoin,
    ChangeLeave,
    ChangeDirection,
    DecideChange,
    ChangeDecided,
    ApplyTermination,
    DraftTermination,
    ConfirmTermination,
    Propose,
    ProposeFalsehood,
    Serve,
    State,
    DraftCancellation,
    ConfirmCancellation,
}

/// The form's sections of a tale, with its units.
pub(super) fn sections(tale: &Tale, lead: &UnitId, members: &[UnitId], at: Date) -> Vec<Section> {
    let core = tale.core;
    let year = at.year();
    let last = date(year + 3, 12, 31);
    let first = members.first().unwrap_or(lead);
    let mut sections = vec![
        Section::Basics(Box::new(Basics {
            field: tale.field.to_owned(),
            industry: "M".to_owned(),
            chain: format!("{core}产业链"),
            background: format!(
                "{core}是自治区重点发展的方向，单个单位难以独立突破，需要上下游与高校院所协同攻关，把成果用到生产中去。"
            ),
            not_secret: true,
            ..Basics::default()
        })),
        Section::Lead(Box::new(LeadProfile {
            staff: 420,
            rd_staff: 86,
            revenue_fen: 152_600_000_000,
            rd_spend_fen: 6_900_000_000,
            team: "科研团队 86 人，其中高级职称 21 人、博士 9 人，连续五年承担自治区项目。"
                .to_owned(),
            management_rules: "研发项目管理办法、科研经费管理办法、成果转化奖励办法。".to_owned(),
            cooperation: format!("与高校、院所共建{core}联合实验室，联合承担项目 3 项。"),
            contact: Some(Personal::new("演示联系人")),
            contact_phone: Some(Personal::new("0471-5550000")),
            ..LeadProfile::default()
        })),
        Section::Platforms {
            platforms: vec![Platform {
                name: format!("自治区{core}重点实验室"),
                level: PlatformLevel::Region,
                owner: first.clone(),
                approved_by: "内蒙古自治区科学技术厅".to_owned(),
                document_no: "虚构字〔2021〕8号".to_owned(),
                approved_on: date(2021, 6, 1),
                valid_to: None,
                kind: String::new(),
                status: None,
                assessed_in: None,
                grade: String::new(),
            }],
        },
        Section::Goals {
            goals: format!("三年内突破{core}的两项关键技术，建成中试线一条，制定团体标准两项。"),
            yearly: vec![],
            indicators: vec![
                indicator("关键技术突破（项）", "0", "2", year + 3),
                indicator("发明专利授权（件）", "6", "18", year + 3),
            ],
        },
        Section::Technologies {
            technologies: vec![KeyTechnology {
                name: format!("{core}关键工艺"),
                bottleneck: "核心工艺稳定性不足，成本偏高".to_owned(),
                approach: "以中试数据反馈优化工艺参数，分两轮放大".to_owned(),
                ..KeyTechnology::default()
            }],
        },
        Section::Work {
            work: vec![
                package(&format!("{core}关键技术研发"), WorkKind::Research, lead, at, last),
                package("中试放大与示范应用", WorkKind::Conversion, first, at, last),
            ],
        },
        Section::Inputs {
            inputs: vec![input(lead, year, 3_000_000_000), input(first, year, 800_000_000)],
            total_fen: 0,
            public_money: vec![],
            sharing: vec![],
            custodian: None,
            audit: String::new(),
        },
        Section::Special { special: String::new() },
        Section::Promise { truthful: true, honest: true, data_use: true, publication: true },
    ];
    if members.len() < 2 {
        sections.push(Section::Special {
            special: "本领域在区内的上下游单位仅此两家，合作已满三年。".to_owned(),
        });
    }
    sections.extend(members.iter().map(|unit| {
        Section::Member(Box::new(MemberBlock {
            unit: unit.clone(),
            capability: "有专职研发团队 30 余人和完备的试验条件，近三年承担省部级项目 4 项。"
                .to_owned(),
            cooperation: "与牵头单位联合研发三年，共有发明专利 2 件。".to_owned(),
            role: format!("承担{core}的分析测试与应用验证"),
            ..MemberBlock::default()
        }))
    }));
    sections
}

fn indicator(name: &str, baseline: &str, target: &str, year: i16) -> Indicator {
    Indicator {
        name: name.to_owned(),
        baseline: baseline.to_owned(),
        target: target.to_owned(),
        year,
        ..Indicator::default()
    }
}

fn package(content: &str, kind: WorkKind, unit: &UnitId, from: Date, to: Date) -> WorkPackage {
    WorkPackage {
        content: content.to_owned(),
        kind,
        unit: unit.clone(),
        from,
        to,
        deliverable: "研究报告、样机、标准".to_owned(),
        partners: vec![],
        indicators: vec![],
    }
}

fn input(unit: &UnitId, year: i16, amount_fen: i64) -> Input {
    Input { unit: unit.clone(), year, form: "货币".to_owned(), amount_fen }
}

/// The agreement of a tale.
pub(super) fn agreement(tale: &Tale, formed_on: Date) -> AgreementText {
    let core = tale.core;
    AgreementText {
        formed_on: Some(formed_on),
        goals: format!("三年内突破{core}的关键技术并形成可推广的成果。"),
        division: "牵头单位负责总体组织和中试，高校院所负责基础研究与分析测试，其他成员负责配套与示范应用。".to_owned(),
        results: "各自完成的归各自所有；共同完成的由完成方共有，联合体内成员优先实施。".to_owned(),
        distribution: "投入按附表执行；转化收益按贡献分配，每年结算一次。".to_owned(),
        disputes: "先协商；协商不成的，提交牵头单位所在地有管辖权的人民法院。".to_owned(),
        risk: "研发风险由任务承担方承担，共同任务按投入比例分担。".to_owned(),
        breach: "未按约定投入或未完成任务的，赔偿守约方的直接损失。".to_owned(),
        ..AgreementText::default()
    }
}

/// An attachment of a tale.
pub(super) fn attachment(digest: &Digest, size_bytes: u64, item: &str) -> Command {
    Command::Attach {
        attachment: Attachment {
            digest: digest.clone(),
            name: format!("{item}.pdf"),
            size_bytes,
            item: item.to_owned(),
            unit: None,
        },
    }
}

/// A sheet in favour or against, a few points apart from the others.
pub(super) fn sheet(position: usize, favourable: bool) -> Sheet {
    let shift = u8::try_from(position % 3).unwrap_or(0);
    let scores = if favourable {
        vec![12 + shift, 16, 17, 16 + shift, 12, 8]
    } else {
        vec![7, 11, 10, 9, 7, 4]
    };
    let remarks = if favourable {
        Vec::new()
    } else {
        vec!["方向重复，必要性论证不足".to_owned(); 6]
    };
    let (vote, opinion) = if favourable {
        (Vote::Agree, "目标明确，分工合理，具备实施条件。")
    } else {
        (Vote::Disagree, "任务目标不清，成员互补性不足。")
    };
    Sheet { scores, remarks, vote, opinion: opinion.to_owned() }
}

/// The yearly summary.
pub(super) fn summary(year: i16) -> Summary {
    Summary {
        rules: format!("{year} 年召开理事会 4 次，修订经费管理办法 1 项。"),
        research: "两项关键技术完成小试，重点实验室通过年度考核。".to_owned(),
        conversion: "签订技术合同 3 项，孵化企业 1 家。".to_owned(),
        promotion: "新工艺在两条产线应用，新产品完成首批交付。".to_owned(),
        other: "承担产业规划咨询 1 项。".to_owned(),
        plan: format!("{} 年完成中试线调试，申请发明专利 5 件。", year + 1),
    }
}

/// Answers to the questions a machine leaves to the reviewer.
pub(super) fn judgement(rule: &str) -> Judgement {
    Judgement {
        rule: rule.to_owned(), met: true, reason: "核对材料和证明，认为符合。".to_owned()
    }
}

/// What is corrected in the tale that is being corrected.
pub(super) fn corrections() -> Vec<CorrectionItem> {
    vec![
        CorrectionItem {
            part: Part::Platforms,
            reason: "平台批准文件缺最后一页，补传完整文件并核对文号".to_owned(),
            clause: "5.1".to_owned(),
        },
        CorrectionItem {
            part: Part::Inputs,
            reason: "投入只写了第一年，补齐三年".to_owned(),
            clause: "6.2".to_owned(),
        },
    ]
}

/// An objection by an invented organisation.
pub(super) fn objection() -> ObjectionText {
    ObjectionText {
        objector: Personal::new("虚构北辰装备有限公司"),
        contact: Personal::new("0471-5559999"),
        kind: "知识产权".to_owned(),
        facts: "所列关键工艺与本单位在先专利的关系需要说明。".to_owned(),
    }
}

/// The one command of a step that is a single act; `None` for those the player composes.
pub(super) fn command(
    step: Step,
    at: Date,
    proof: &Digest,
    unit: Option<&UnitId>,
) -> Option<Command> {
    let text = |text: &str| text.to_owned();
    Some(match step {
        Step::Submit => Command::Submit {},
        Step::Check => Command::CheckMaterials {
            opinion: text("已核对各单位证照、平台文件和合作证明，材料真实、准确。"),
        },
        Step::Recommend => {
            Command::Recommend { opinion: text("符合组建条件，同意推荐。") }
        }
        Step::Return => Command::ReturnForChanges {
            reason: text("成员单位承担任务写得过于简略，补充后再报。"),
        },
        Step::DeclineToRecommend => Command::DeclineToRecommend {
            reason: text("合作基础的证明材料经核实不能成立。"),
        },
        Step::RequestCorrection => Command::RequestCorrection { items: corrections() },
        Step::NotAccept => Command::NotAccept {
            reason: text("所报平台证明经核对不在有效期内，且期限内未能补正。"),
        },
        Step::Withdraw => {
            Command::Withdraw { reason: text("牵头单位调整发展计划，暂不组建。") }
        }
        Step::Draw => Command::DrawPanel { size: 5 },
        Step::DraftFiling => {
            draft(Matter::Filing, Outcome::Grant, "专家评审通过，材料齐备，拟予以备案。")
        }
        Step::DraftRefusal => {
            draft(Matter::Filing, Outcome::Refuse, "专家评审未通过，任务目标不清，成员互补性不足。")
        }
        Step::ConfirmFiling => Command::ConfirmDecision { matter: Matter::Filing },
        Step::Publish => Command::PublishNotice {},
        Step::Object => Command::Object(objection()),
        Step::File => Command::File {},
        Step::Support => Command::RecordSupport {
            clause: SupportClause::Projects,
            measure: text("推荐申报自治区重点研发项目"),
            document: format!("虚构科计〔{}〕12号", at.year()),
            on: at,
        },
        Step::Undertake => Command::RecordUndertaking {
            title: text("自治区重点研发项目（演示）"),
            level: text("自治区级"),
            until: date(2027, 6, 30),
        },
        Step::FinishUndertaking => Command::FinishUndertaking {
            no: 1,
            how: text("项目通过验收，成果已移交。"),
        },
        Step::Report(year) => Command::SubmitReport { year, summary: summary(year) },
        Step::PlanOnly(year) => {
            Command::SubmitPlan { year, plan: text("下一年度计划：继续推进示范。") }
        }
        Step::ChangeJoin => change(ChangeKind::Join, at, "产业链补强，新增一家成员。", unit),
        Step::ChangeLeave => {
            change(ChangeKind::Leave, at, "该单位业务调整，协商退出，任务已移交。", unit)
        }
        Step::ChangeDirection => {
            change(ChangeKind::Direction, at, "根据中试结果调整技术路线和年度目标。", None)
        }
        Step::ApplyTermination => Command::ApplyForTermination {
            circumstance: text("主要任务已完成，市场条件变化，继续运行的必要性不足。"),
            resolution: text("各方一致同意终止，知识产权和设备按协议处置。"),
        },
        Step::DraftTermination => {
            draft(Matter::Termination, Outcome::Grant, "任务已完成，各方一致同意，准予终止。")
        }
        Step::ConfirmTermination => Command::ConfirmDecision { matter: Matter::Termination },
        Step::Propose => Command::ProposeCancellation {
            ground: Ground::LeadFailed,
            facts: text("牵头单位承诺投入未到位，连续十四个月未召开理事会，经催告仍未履行。"),
        },
        Step::ProposeFalsehood => Command::ProposeCancellation {
            ground: Ground::Falsehood,
            facts: text("备案材料中的平台批准文件经核实系伪造。"),
        },
        Step::Serve => Command::ServeCancellationNotice {
            served_on: at,
            proof: proof.clone(),
            text: text("拟取消备案资格，可在期限内陈述申辩。"),
        },
        Step::State => Command::MakeStatement {
            text: text("因人员变动未及时报送，请求从轻处理。"),
        },
        Step::DraftCancellation => {
            draft(Matter::Cancellation, Outcome::Grant, "事实清楚，程序完备，取消备案资格。")
        }
        Step::ConfirmCancellation => Command::ConfirmDecision { matter: Matter::Cancellation },
        Step::Open
        | Step::Invite
        | Step::Accept
        | Step::AcceptOne
        | Step::Write
        | Step::StartSigning
        | Step::SignSome
        | Step::SignAll
        | Step::Decline
        | Step::Pass
        | Step::ScoreSome
        | Step::ScoreRest
        | Step::DecideChange
        | Step::ChangeDecided => return None,
    })
}

fn draft(matter: Matter, outcome: Outcome, reason: &str) -> Command {
    Command::DraftDecision { matter, outcome, reason: reason.to_owned() }
}

fn change(kind: ChangeKind, at: Date, reason: &str, unit: Option<&UnitId>) -> Command {
    let content = ChangeContent { reason: reason.to_owned(), new_name: None, unit: unit.cloned() };
    Command::ReportChange { kind, occurred_on: at, content }
}
