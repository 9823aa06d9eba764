//! What may be asked of a unit's record.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    CreditRecord, Detail, PlatformEntry, Profile, Repair, invitation::Invited, people::Evidence,
};
use crate::ids::{Digest, PersonId};

/// What may be asked of a unit's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 注册单位.
    Register(Profile),
    /// 激活单位账号.
    Activate {},
    /// 不予激活.
    RefuseActivation {
        /// Why, told to the unit.
        reason: String,
    },
    /// 更新单位资料.
    Amend(Profile),
    /// 保存单位资料的一节.
    WriteDetail(Detail),
    /// 登记科技创新平台.
    EnterPlatform(PlatformEntry),
    /// 更正平台登记.
    CorrectPlatform {
        /// Number of the platform, from 1.
        platform: u32,
        /// The entry as it should be.
        entry: PlatformEntry,
        /// Why.
        reason: String,
    },
    /// 核对平台登记.
    ConfirmPlatform {
        /// Number of the platform, from 1.
        platform: u32,
    },
    /// 退回平台登记.
    ReturnPlatform {
        /// Number of the platform, from 1.
        platform: u32,
        /// Why, told to the unit.
        reason: String,
    },
    /// 登记严重失信记录.
    RecordCredit(CreditRecord),
    /// 登记严重失信记录已移出.
    LiftCredit {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
    /// 登记信用修复.
    RecordRepair {
        /// Position of the record, from 0.
        record: usize,
        /// What became of it.
        repair: Repair,
    },
    /// 邀请同事.
    Invite(Invited),
    /// 换一个邀请链接.
    RenewInvitation {
        /// Its number.
        no: u32,
    },
    /// 撤销邀请.
    RevokeInvitation {
        /// Its number.
        no: u32,
    },
    /// 接受邀请; the login is the one the office knows.
    AcceptInvitation {
        /// Its number.
        no: u32,
        /// The account of the person who accepts.
        login: String,
    },
    /// 谢绝邀请.
    DeclineInvitation {
        /// Its number.
        no: u32,
        /// The account of the person who declines.
        login: String,
    },
    /// 申报法定代表人或负责人任职.
    ProposeRepresentative {
        /// What shows it.
        evidence: Evidence,
    },
    /// 确认任职.
    ConfirmLink {
        /// The link.
        link: String,
    },
    /// 不予确认任职.
    RefuseLink {
        /// The link.
        link: String,
        /// Why, told to the person.
        reason: String,
    },
    /// 结束身份，交接.
    EndLink {
        /// The link.
        link: String,
        /// The last day on which the person acts.
        to: Date,
        /// Who takes over what the person sees to.
        #[serde(default)]
        successor: Option<PersonId>,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 提出归属争议.
    Dispute {
        /// Why the unit is the claimant's.
        statement: String,
        /// What shows it.
        #[serde(default)]
        file: Option<Digest>,
    },
    /// 在争议中陈述、举证.
    StateInDispute {
        /// Its number.
        no: u32,
        /// What is said.
        text: String,
        /// What shows it.
        #[serde(default)]
        file: Option<Digest>,
    },
    /// 对归属争议作出决定.
    DecideDispute {
        /// Its number.
        no: u32,
        /// Whether the claim is right.
        upheld: bool,
        /// Why, told to both sides.
        reason: String,
    },
}

impl Command {
    /// Whether it looks at who acts for the unit: then what stood before links were recorded is
    /// written down first.
    pub fn concerns_people(&self) -> bool {
        !matches!(
            self,
            Self::Register(_)
                | Self::Activate {}
                | Self::RefuseActivation { .. }
                | Self::RecordCredit(_)
                | Self::LiftCredit { .. }
                | Self::RecordRepair { .. }
                | Self::WriteDetail(_)
                | Self::EnterPlatform(_)
                | Self::CorrectPlatform { .. }
                | Self::ConfirmPlatform { .. }
                | Self::ReturnPlatform { .. }
        )
    }

    /// The file it names: the side that asks must have brought it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four name a file")]
    pub fn file(&self) -> Option<&Digest> {
        match self {
            Self::Invite(asked) => asked.evidence.file.as_ref(),
            Self::ProposeRepresentative { evidence } => evidence.file.as_ref(),
            Self::Dispute { file, .. } | Self::StateInDispute { file, .. } => file.as_ref(),
            _ => None,
        }
    }
}
