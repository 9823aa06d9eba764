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
    materials::{Attachment, Part},
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
    Remark,
    Reword,
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

/// The same after a member's remark.
pub(super) fn reworded(tale: &Tale, formed_on: Date) -> AgreementText {
    AgreementText {
        distribution: "投入按附表执行；转化收益按贡献分配，贡献由理事会每年 3 月核定，每年结算一次，结算单送各方。"
            .to_owned(),
        breach: "未按约定投入或未完成任务的，限期三个月补足；逾期的，赔偿守约方的直接损失。".to_owned(),
        ..agreement(tale, formed_on)
    }
}

/// An attachment of a tale.
pub(super) fn attachment(digest: &Digest, size_bytes: u64, item: &str) -> Command {
    Command::Attach {
        moves: false,
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
        | Step::Remark
        | Step::Reword
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
