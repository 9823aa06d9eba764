//! 公文 — the papers that an office issues and puts its seal on: which event issues which, whose
//! each is, and whose duty it is to have it sealed.
//!
//! A seal is never made here. The platform leaves its place, the office seals outside, and what
//! comes back is attached ([`crate::sealed`]).

use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Capacity, Side},
    decision::{Matter, Outcome},
    event::Event,
};

/// 公文. The names are those of the papers the platform makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficialPaper {
    /// 推荐函.
    Recommendation,
    /// 不予推荐告知书.
    NotRecommended,
    /// 受理通知书.
    Acceptance,
    /// 补正通知书.
    Correction,
    /// 不予受理通知书.
    NotAccepted,
    /// 不予备案决定书.
    NotFiled,
    /// 拟备案公示.
    PublicNotice,
    /// 备案通知.
    FilingNotice,
    /// 备案证明.
    Certificate,
    /// 变更办理结果通知书.
    ChangeAnswer,
    /// 取消备案资格事先告知书.
    CancellationNotice,
    /// 取消备案资格决定书.
    CancellationDecision,
    /// 终止取消程序告知书.
    CancellationClosed,
    /// 终止申请决定书.
    TerminationDecision,
    /// 公告.
    Announcement,
}

use Capacity as C;
use OfficialPaper as P;

impl OfficialPaper {
    /// Every official paper, in the order of a life.
    pub const ALL: [Self; 15] = [
        P::Recommendation,
        P::NotRecommended,
        P::Acceptance,
        P::Correction,
        P::NotAccepted,
        P::NotFiled,
        P::PublicNotice,
        P::FilingNotice,
        P::Certificate,
        P::ChangeAnswer,
        P::CancellationNotice,
        P::CancellationDecision,
        P::CancellationClosed,
        P::TerminationDecision,
        P::Announcement,
    ];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            P::Recommendation => "recommendation",
            P::NotRecommended => "not_recommended",
            P::Acceptance => "acceptance",
            P::Correction => "correction",
            P::NotAccepted => "not_accepted",
            P::NotFiled => "not_filed",
            P::PublicNotice => "public_notice",
            P::FilingNotice => "filing_notice",
            P::Certificate => "certificate",
            P::ChangeAnswer => "change_answer",
            P::CancellationNotice => "cancellation_notice",
            P::CancellationDecision => "cancellation_decision",
            P::CancellationClosed => "cancellation_closed",
            P::TerminationDecision => "termination_decision",
            P::Announcement => "announcement",
        }
    }

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            P::Recommendation => "推荐函",
            P::NotRecommended => "不予推荐告知书",
            P::Acceptance => "受理通知书",
            P::Correction => "补正通知书",
            P::NotAccepted => "不予受理通知书",
            P::NotFiled => "不予备案决定书",
            P::PublicNotice => "拟备案公示",
            P::FilingNotice => "备案通知",
            P::Certificate => "备案证明",
            P::ChangeAnswer => "变更办理结果通知书",
            P::CancellationNotice => "取消备案资格事先告知书",
            P::CancellationDecision => "取消备案资格决定书",
            P::CancellationClosed => "终止取消程序告知书",
            P::TerminationDecision => "终止申请决定书",
            P::Announcement => "公告",
        }
    }

    /// The clauses it carries out, the first one foremost.
    pub const fn clauses(self) -> &'static [&'static str] {
        match self {
            P::Recommendation | P::NotRecommended => &["6.4"],
            P::Acceptance
            | P::Correction
            | P::NotAccepted
            | P::NotFiled
            | P::PublicNotice
            | P::FilingNotice
            | P::Certificate => &["6.5"],
            P::ChangeAnswer | P::TerminationDecision => &["10"],
            P::CancellationNotice | P::CancellationDecision | P::CancellationClosed => &["9", "11"],
            P::Announcement => &["9", "10", "11"],
        }
    }

    /// Those whose duty it is to have it sealed: who issued it, and the desk that prepared it.
    pub const fn duty(self) -> &'static [Capacity] {
        match self {
            P::Recommendation | P::NotRecommended => &[C::Clerk, C::Signatory],
            P::Acceptance | P::Correction | P::NotAccepted => &[C::Reviewer],
            P::NotFiled | P::CancellationDecision | P::TerminationDecision | P::Announcement => {
                &[C::Drafter, C::Decider]
            }
            P::PublicNotice | P::FilingNotice => &[C::Publisher],
            // A change that was decided makes a new one.
            P::Certificate => &[C::Publisher, C::Drafter],
            P::ChangeAnswer => &[C::Drafter],
            P::CancellationNotice => &[C::Supervisor],
            // Dropped by the one, or decided on the draft of the other.
            P::CancellationClosed => &[C::Supervisor, C::Drafter, C::Decider],
        }
    }

    /// Whether it is issued by the recommending authority; every other one is the Department's.
    const fn of_authority(self) -> bool {
        matches!(self, P::Recommendation | P::NotRecommended)
    }

    /// The office that issues it.
    pub const fn office(self) -> &'static str {
        if self.of_authority() { "归口管理部门" } else { "自治区科技厅" }
    }

    /// Whether an actor sits in the office that issues it. Which authority's case a dossier is,
    /// [`crate::access`] has asked before.
    pub fn is_of(self, actor: &Actor) -> bool {
        match actor.side {
            Side::Authority(_) => self.of_authority(),
            Side::Department => !self.of_authority(),
            Side::Unit(_) | Side::Expert | Side::Public | Side::Operator | Side::Calendar => false,
        }
    }

    /// The official papers that an event issues.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these events issue official papers")]
    pub fn issued_by(event: &Event) -> &'static [Self] {
        match event {
            Event::Recommended { .. } => &[P::Recommendation],
            Event::RecommendationDeclined { .. } => &[P::NotRecommended],
            Event::FormalReviewPassed { .. } => &[P::Acceptance],
            Event::CorrectionRequested { .. } => &[P::Correction],
            Event::NotAccepted { .. } => &[P::NotAccepted],
            Event::DecisionConfirmed { matter, outcome, .. } => decided(*matter, *outcome),
            Event::NoticePublished { .. } => &[P::PublicNotice],
            Event::Filed { .. } => &[P::FilingNotice, P::Certificate],
            Event::TrialFilingImported { .. } => &[P::Certificate],
            Event::ChangeDecided { accepted: true, .. } => &[P::ChangeAnswer, P::Certificate],
            Event::ChangeDecided { accepted: false, .. } => &[P::ChangeAnswer],
            Event::CancellationNoticeServed { .. } => &[P::CancellationNotice],
            Event::CancellationDropped { .. } => &[P::CancellationClosed],
            _ => &[],
        }
    }
}

const fn decided(matter: Matter, outcome: Outcome) -> &'static [OfficialPaper] {
    match (matter, outcome) {
        (Matter::Filing, Outcome::Grant) => &[],
        (Matter::Filing, Outcome::Refuse) => &[P::NotFiled],
        (Matter::Termination, Outcome::Grant) => &[P::TerminationDecision, P::Announcement],
        (Matter::Termination, Outcome::Refuse) => &[P::TerminationDecision],
        (Matter::Cancellation, Outcome::Grant) => &[P::CancellationDecision, P::Announcement],
        (Matter::Cancellation, Outcome::Refuse) => &[P::CancellationClosed],
    }
}
