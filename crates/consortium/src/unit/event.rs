//! What happened to a unit's record.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    CreditRecord, Detail, PlatformEntry, Profile, Repair,
    dispute::Decided,
    invitation::Invited,
    people::{Confirmed, NewLink},
};
use crate::{
    actor::Capacity,
    ids::{AuthorityId, Digest, PersonId, Personal, UnitId},
};

/// What happened to a unit's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// 单位已注册.
    UnitRegistered {
        /// Its identifier.
        unit: UnitId,
        /// What it says of itself.
        profile: Profile,
        /// Who will activate it.
        authority: Option<AuthorityId>,
        /// What to compare with the licence.
        warnings: Vec<String>,
    },
    /// 单位账号已激活.
    UnitActivated {},
    /// 单位账号未予激活.
    ActivationRefused {
        /// Why.
        reason: String,
    },
    /// 单位资料已更新.
    UnitAmended {
        /// The new profile.
        profile: Profile,
        /// Who is responsible now.
        authority: Option<AuthorityId>,
    },
    /// 单位资料的一节已保存.
    DetailWritten(Detail),
    /// 科技创新平台已登记.
    PlatformEntered {
        /// Its number, from 1.
        platform: u32,
        /// What was entered.
        entry: PlatformEntry,
        /// Whether the Department entered it, whose word needs no second look.
        confirmed: bool,
    },
    /// 平台登记已更正.
    PlatformCorrected {
        /// Its number, from 1.
        platform: u32,
        /// The entry as it stands now.
        entry: PlatformEntry,
        /// Why.
        reason: String,
        /// Whether the Department corrected it.
        confirmed: bool,
    },
    /// 平台登记已核对.
    PlatformConfirmed {
        /// Its number, from 1.
        platform: u32,
    },
    /// 平台登记已退回.
    PlatformReturned {
        /// Its number, from 1.
        platform: u32,
        /// Why.
        reason: String,
    },
    /// 严重失信记录已登记.
    CreditRecorded(CreditRecord),
    /// 严重失信记录已移出.
    CreditLifted {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
    /// 信用修复已登记.
    RepairRecorded {
        /// Position of the record, from 0.
        record: usize,
        /// What became of it.
        repair: Repair,
    },
    /// 同事已邀请.
    ColleagueInvited {
        /// Its number.
        no: u32,
        /// Whom, for what.
        asked: Invited,
        /// By whom.
        by: Confirmed,
        /// The last day on which it can be accepted.
        until: Date,
    },
    /// 邀请链接已更换.
    InvitationRenewed {
        /// Its number.
        no: u32,
        /// The last day on which it can be accepted now.
        until: Date,
    },
    /// 邀请已撤销或谢绝.
    InvitationClosed {
        /// Its number.
        no: u32,
        /// Whether the invited person declined.
        declined: bool,
    },
    /// 身份已建立，或已申报.
    LinkMade(NewLink),
    /// 任职已确认.
    LinkConfirmed {
        /// The link.
        link: String,
        /// The first day.
        from: Date,
        /// By whom.
        by: Confirmed,
    },
    /// 任职未予确认.
    LinkNotConfirmed {
        /// The link.
        link: String,
        /// Why.
        reason: String,
    },
    /// 身份已结束.
    LinkEnded {
        /// The link.
        link: String,
        /// The last day.
        to: Date,
        /// Who takes over.
        successor: Option<PersonId>,
        /// Why.
        reason: String,
    },
    /// 此前的身份已并入记录.
    LinkCarriedOver {
        /// The link.
        link: String,
        /// Who.
        person: PersonId,
        /// The person's name.
        name: Personal,
        /// In which capacity.
        capacity: Capacity,
        /// The first day.
        from: Date,
        /// The last day, once it is known.
        to: Option<Date>,
    },
    /// 归属争议已提出.
    DisputeRaised {
        /// Its number.
        no: u32,
        /// Who says the unit is theirs.
        claimant: PersonId,
        /// Under which name.
        name: Personal,
        /// Why.
        statement: String,
        /// What shows it.
        file: Option<Digest>,
    },
    /// 争议中已陈述.
    DisputeStated {
        /// Its number.
        no: u32,
        /// Whether the claimant speaks.
        claimant: bool,
        /// What is said.
        text: String,
        /// What shows it.
        file: Option<Digest>,
    },
    /// 归属争议已决定.
    DisputeDecided {
        /// Its number.
        no: u32,
        /// How, why, by whom.
        decided: Decided,
    },
}

impl Event {
    /// The clauses it rests on.
    pub const fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::UnitRegistered { .. }
            | Self::UnitAmended { .. }
            | Self::ColleagueInvited { .. }
            | Self::InvitationRenewed { .. }
            | Self::InvitationClosed { .. }
            | Self::LinkEnded { .. }
            | Self::LinkCarriedOver { .. } => &["6.3"],
            Self::UnitActivated {}
            | Self::ActivationRefused { .. }
            | Self::DisputeRaised { .. }
            | Self::DisputeStated { .. }
            | Self::DisputeDecided { .. } => &["6.4"],
            Self::LinkMade(_) | Self::LinkConfirmed { .. } | Self::LinkNotConfirmed { .. } => {
                &["6.2"]
            }
            Self::PlatformEntered { .. }
            | Self::PlatformCorrected { .. }
            | Self::PlatformConfirmed { .. }
            | Self::PlatformReturned { .. } => &["5.1"],
            Self::DetailWritten(_)
            | Self::CreditRecorded(_)
            | Self::CreditLifted { .. }
            | Self::RepairRecorded { .. } => &["5.2", "5.3"],
        }
    }

    /// What the history of the unit calls it.
    pub fn title(&self) -> String {
        match self {
            Self::UnitRegistered { .. } => "注册单位".to_owned(),
            Self::UnitActivated {} => "激活单位账号".to_owned(),
            Self::ActivationRefused { .. } => "不予激活".to_owned(),
            Self::UnitAmended { .. } => "更新登记信息".to_owned(),
            Self::DetailWritten(detail) => format!("更新{}", detail.kind().term()),
            Self::PlatformEntered { entry, .. } => format!("登记平台：{}", entry.name),
            Self::PlatformCorrected { entry, .. } => format!("更正平台登记：{}", entry.name),
            Self::PlatformConfirmed { platform } => format!("核对平台登记：第 {platform} 个"),
            Self::PlatformReturned { platform, .. } => format!("退回平台登记：第 {platform} 个"),
            Self::CreditRecorded(record) => format!("登记信用记录：{}", record.list_term()),
            Self::CreditLifted { record, .. } => format!("登记移出：第 {} 条信用记录", record + 1),
            Self::RepairRecorded { record, .. } => {
                format!("登记信用修复：第 {} 条信用记录", record + 1)
            }
            Self::ColleagueInvited { .. } => "邀请同事".to_owned(),
            Self::InvitationRenewed { .. } => "更换邀请链接".to_owned(),
            Self::InvitationClosed { declined: true, .. } => "谢绝邀请".to_owned(),
            Self::InvitationClosed { declined: false, .. } => "撤销邀请".to_owned(),
            Self::LinkMade(_) => "建立或申报身份".to_owned(),
            Self::LinkConfirmed { .. } => "确认任职".to_owned(),
            Self::LinkNotConfirmed { .. } => "不予确认任职".to_owned(),
            Self::LinkEnded { .. } => "结束身份".to_owned(),
            Self::LinkCarriedOver { .. } => "并入此前的身份".to_owned(),
            Self::DisputeRaised { .. } => "提出归属争议".to_owned(),
            Self::DisputeStated { .. } => "争议中陈述".to_owned(),
            Self::DisputeDecided { .. } => "对归属争议作出决定".to_owned(),
        }
    }

    /// The files that it names.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what names one file at most is asked for it"
    )]
    pub fn files(&self) -> Vec<&Digest> {
        match self {
            Self::DetailWritten(detail) => detail.files(),
            Self::PlatformEntered { entry, .. } | Self::PlatformCorrected { entry, .. } => {
                entry.proof.iter().collect()
            }
            Self::CreditRecorded(record) => record.proof.iter().collect(),
            Self::RepairRecorded { repair, .. } => repair.proof.iter().collect(),
            other => other.file().into_iter().collect(),
        }
    }

    /// The link it changes, if any.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four change a link")]
    pub fn link(&self) -> Option<&str> {
        match self {
            Self::LinkMade(made) => Some(&made.link),
            Self::LinkConfirmed { link, .. }
            | Self::LinkNotConfirmed { link, .. }
            | Self::LinkEnded { link, .. } => Some(link),
            _ => None,
        }
    }

    /// The file it names, if any.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four name a file")]
    pub fn file(&self) -> Option<&Digest> {
        match self {
            Self::ColleagueInvited { asked, .. } => asked.evidence.file.as_ref(),
            Self::LinkMade(made) => made.evidence.file.as_ref(),
            Self::DisputeRaised { file, .. } | Self::DisputeStated { file, .. } => file.as_ref(),
            _ => None,
        }
    }
}
