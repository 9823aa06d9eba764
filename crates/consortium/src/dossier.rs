//! 卷宗 — all that is held about one consortium, and the stages of its life.
//!
//! Each stage owns a struct with exactly what exists then, and a rule takes that struct.
//! 补正、异议、变更、取消程序 are flags inside a stage, opened and closed by events.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    annual_report::Report,
    cancellation::Cancellation,
    change::{Change, Termination},
    decision::{Draft, Outcome},
    expert_review::{Conclusion, Panel},
    ids::{AuthorityId, Digest, DossierId, PersonId, UnitId},
    materials::{Materials, Part},
    measures::Finding,
    name::Hold,
    parameter::Parameters,
    public_notice::{Notice, Objection},
    refusal::Refusal,
    sealed::Issued,
    support::{Support, Undertaking},
};

/// 适用办法版本 (Art. 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// 试行.
    Trial,
    /// 现行.
    Current,
}

/// 提交 — what was frozen when the lead submitted (Arts. 6(3), 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Receipt time: when the request entered the platform.
    pub at: DateTime,
    /// Digest of form, agreement and attachments.
    pub package: Digest,
    /// What the rules said at this checkpoint.
    pub findings: Vec<Finding>,
    /// The recommending authority that is right on this day.
    pub authority: AuthorityId,
}

/// An officer's signed opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// Who gave it.
    pub by: PersonId,
    /// When.
    pub on: Date,
    /// Its text.
    pub text: String,
}

/// 退回修改 — by the authority, before recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// When.
    pub on: Date,
    /// Why.
    pub reason: String,
}

/// One thing to correct, with its reason and clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionItem {
    /// Which part of the materials may be edited for it.
    pub part: Part,
    /// What is wrong and what it must be.
    pub reason: String,
    /// The clause it rests on.
    pub clause: String,
}

/// 补正 — open until the lead hands the corrections in; the office's clock stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// When it was asked for.
    pub on: Date,
    /// By when; `None` where the calendar does not reach so far.
    pub due: Option<Date>,
    /// 逾期 — the day on which it was seen that nothing had come by then.
    pub overdue: Option<Date>,
    /// The last extension: working days and why.
    pub extended: Option<(i64, String)>,
    /// What to correct.
    pub items: Vec<CorrectionItem>,
}

/// A reviewer's answer to a finding that the machine leaves to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// The rule, by the requirement's id.
    pub rule: String,
    /// Whether the person finds it met.
    pub met: bool,
    /// Why.
    pub reason: String,
}

/// 起草.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafting {
    /// Since when.
    pub since: Date,
    /// Why a member did not agree to sign, when that brought it back here.
    pub declined: Option<(UnitId, String)>,
    /// What the authority asked to change, when it was returned and then edited.
    pub returned: Option<Return>,
}

/// 签署中；全部签章后待提交.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Since when.
    pub since: Date,
    /// What the authority asked to change, when it was returned.
    pub returned: Option<Return>,
}

/// 归口管理部门审核推荐.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// What was submitted.
    pub submission: Submission,
    /// Since when.
    pub since: Date,
    /// The clerk's check of truth and accuracy.
    pub check: Option<Opinion>,
}

/// What exists once the authority has recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommended {
    /// What was submitted.
    pub submission: Submission,
    /// The signed recommendation.
    pub opinion: Opinion,
}

/// 形式审查.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormalReview {
    /// What it rests on.
    pub recommended: Recommended,
    /// Since when the office's clock runs.
    pub since: Date,
    /// Extra working days granted, with their reasons.
    pub extensions: Vec<(i64, String)>,
    /// What the lead is correcting now.
    pub correction: Option<Correction>,
    /// How many corrections were handed in.
    pub corrected: u32,
}

/// What exists once the formal review has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it rests on.
    pub recommended: Recommended,
    /// Findings at this checkpoint.
    pub findings: Vec<Finding>,
    /// What a person decided where the machine does not.
    pub judgements: Vec<Judgement>,
    /// When.
    pub on: Date,
}

/// 专家评审.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpertReview {
    /// What it rests on.
    pub accepted: Accepted,
    /// Since when.
    pub since: Date,
    /// The panel, once drawn.
    pub panel: Option<Panel>,
}

/// What exists once the experts have concluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What it rests on.
    pub accepted: Accepted,
    /// The panel with its sheets.
    pub panel: Panel,
    /// The computed conclusion.
    pub conclusion: Conclusion,
}

/// 审定.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What it rests on.
    pub judged: Judged,
    /// Since when.
    pub since: Date,
    /// What one person drafted and another has to confirm.
    pub draft: Option<Draft>,
    /// The decision to file, confirmed; the public notice follows.
    pub confirmed: Option<Confirmed>,
}

/// A decision two persons have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// What was drafted.
    pub draft: Draft,
    /// Who confirmed.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// 公示.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicNotice {
    /// What it rests on.
    pub judged: Judged,
    /// The decision shown.
    pub decision: Confirmed,
    /// The notice with its two dates.
    pub notice: Notice,
    /// Objections received.
    pub objections: Vec<Objection>,
    /// A draft to end it after all, waiting for a second person.
    pub draft: Option<Draft>,
}

impl PublicNotice {
    /// Objections not yet answered.
    pub fn open_objections(&self) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(|objection| objection.answer.is_none())
    }
}

/// One version of the filing on the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counts from 1.
    pub no: u32,
    /// Since when.
    pub on: Date,
    /// What changed.
    pub what: String,
}

/// 已备案 — on the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// 备案编号, never reused.
    pub number: String,
    /// Its sequence within the year.
    pub sequence: u32,
    /// 备案日期.
    pub on: Date,
    /// The first year a summary is owed for (Art. 9; domain A25).
    pub first_report_year: i16,
    /// 公示期, first and last day; none for what the trial edition filed.
    pub notice: Option<(Date, Date)>,
    /// Versions, oldest first.
    pub versions: Vec<Version>,
    /// 年度总结 by year.
    pub reports: Vec<Report>,
    /// Years with the plan alone: not a summary (domain S19).
    pub plans: Vec<(i16, String)>,
    /// Years whose window closed without a summary.
    pub missed: Vec<i16>,
    /// 重大事项变更.
    pub changes: Vec<Change>,
    /// Conditions that a change or the yearly look found open or lost; each waits for a person (J41).
    pub doubts: Vec<Finding>,
    /// Those a person has settled: the same facts are not asked about again.
    pub settled: Vec<Finding>,
    /// The last year for which two silent years were put to people (Art. 9).
    pub proposed: Option<i16>,
    /// 承担的任务.
    pub undertakings: Vec<Undertaking>,
    /// 支持措施.
    pub supports: Vec<Support>,
    /// 申请终止.
    pub termination: Option<Termination>,
    /// 取消备案程序.
    pub cancellation: Option<Cancellation>,
}

/// How a dossier ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// 不予推荐.
    NotRecommended,
    /// 形式审查不通过.
    NotAccepted,
    /// 不予备案.
    NotFiled,
    /// 已撤回.
    Withdrawn,
    /// 已取消.
    Cancelled,
    /// 已注销.
    Closed,
    /// 已撤销.
    Voided,
}

impl End {
    /// Every end.
    pub const ALL: [Self; 7] = [
        Self::NotRecommended,
        Self::NotAccepted,
        Self::NotFiled,
        Self::Withdrawn,
        Self::Cancelled,
        Self::Closed,
        Self::Voided,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::NotRecommended => "不予推荐",
            Self::NotAccepted => "形式审查不通过",
            Self::NotFiled => "不予备案",
            Self::Withdrawn => "已撤回",
            Self::Cancelled => "已取消",
            Self::Closed => "已注销",
            Self::Voided => "已撤销",
        }
    }

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRecommended => "not_recommended",
            Self::NotAccepted => "not_accepted",
            Self::NotFiled => "not_filed",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Voided => "voided",
        }
    }
}

/// 办结.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub end: End,
    /// When.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// What stood on the register, if it ever did.
    pub filed: Option<Box<Filed>>,
}

/// 环节.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 起草.
    Drafting(Drafting),
    /// 签署.
    Signing(Signing),
    /// 推荐.
    Recommendation(Recommendation),
    /// 形式审查.
    FormalReview(FormalReview),
    /// 专家评审.
    ExpertReview(ExpertReview),
    /// 审定.
    Decision(Decision),
    /// 公示.
    PublicNotice(PublicNotice),
    /// 已备案.
    Filed(Filed),
    /// 办结.
    Ended(Ended),
}

/// A stage without what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// 起草.
    Drafting,
    /// 签署.
    Signing,
    /// 推荐.
    Recommendation,
    /// 形式审查.
    FormalReview,
    /// 专家评审.
    ExpertReview,
    /// 审定.
    Decision,
    /// 公示.
    PublicNotice,
    /// 已备案.
    Filed,
    /// 办结.
    Ended,
}

impl StageKind {
    /// Every stage, in the order of a life.
    pub const ALL: [Self; 9] = [
        Self::Drafting,
        Self::Signing,
        Self::Recommendation,
        Self::FormalReview,
        Self::ExpertReview,
        Self::Decision,
        Self::PublicNotice,
        Self::Filed,
        Self::Ended,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Drafting => "起草",
            Self::Signing => "签署",
            Self::Recommendation => "推荐",
            Self::FormalReview => "形式审查",
            Self::ExpertReview => "专家评审",
            Self::Decision => "审定",
            Self::PublicNotice => "公示",
            Self::Filed => "已备案",
            Self::Ended => "办结",
        }
    }

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::Signing => "signing",
            Self::Recommendation => "recommendation",
            Self::FormalReview => "formal_review",
            Self::ExpertReview => "expert_review",
            Self::Decision => "decision",
            Self::PublicNotice => "public_notice",
            Self::Filed => "filed",
            Self::Ended => "ended",
        }
    }
}

/// A step of the filing that must be taken by a person of its own (Arts. 6(4), 6(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 审核真实性、准确性.
    Check,
    /// 签发推荐意见.
    Recommend,
    /// 形式审查.
    FormalReview,
    /// 组织评审.
    Convene,
    /// 拟定决定.
    Draft,
    /// 复核决定.
    Confirm,
    /// 发布公示.
    Publish,
}

impl Step {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Check => "审核真实性、准确性",
            Self::Recommend => "签发推荐意见",
            Self::FormalReview => "形式审查",
            Self::Convene => "组织评审",
            Self::Draft => "拟定决定",
            Self::Confirm => "复核决定",
            Self::Publish => "发布公示",
        }
    }
}

/// 卷宗.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    /// Its identifier: one for life.
    pub id: DossierId,
    /// 适用办法版本.
    pub regime: Regime,
    /// The parameters pinned to it: those in force when it was opened, then when submitted.
    pub parameters: Parameters,
    /// 备案材料.
    pub materials: Materials,
    /// 名称的占用.
    pub hold: Hold,
    /// 归口管理部门, from the first submission on; kept for life.
    pub authority: Option<AuthorityId>,
    /// 环节.
    pub stage: Stage,
    /// Who took an official step, and which: nobody takes two that must be apart.
    pub steps: Vec<(PersonId, Step)>,
    /// 已制发的公文, in the order of their events.
    pub issued: Vec<Issued>,
    /// How many events made it what it is.
    pub sequence: u64,
}

macro_rules! stage {
    ($name:ident, $variant:ident, $clause:literal) => {
        /// What exists in this stage, or a refusal that names the stage it is in.
        pub fn $name(&self) -> Result<&$variant, Refusal> {
            if let Stage::$variant(inner) = &self.stage {
                return Ok(inner);
            }
            Err(self.not_while($clause))
        }
    };
}

impl Dossier {
    stage!(recommendation, Recommendation, "6.4");
    stage!(formal_review, FormalReview, "6.5");
    stage!(expert_review, ExpertReview, "6.5");
    stage!(decision, Decision, "6.5");
    stage!(public_notice, PublicNotice, "6.5");
    stage!(filed, Filed, "9");

    /// The stage without what it holds.
    pub const fn stage_kind(&self) -> StageKind {
        match self.stage {
            Stage::Drafting(_) => StageKind::Drafting,
            Stage::Signing(_) => StageKind::Signing,
            Stage::Recommendation(_) => StageKind::Recommendation,
            Stage::FormalReview(_) => StageKind::FormalReview,
            Stage::ExpertReview(_) => StageKind::ExpertReview,
            Stage::Decision(_) => StageKind::Decision,
            Stage::PublicNotice(_) => StageKind::PublicNotice,
            Stage::Filed(_) => StageKind::Filed,
            Stage::Ended(_) => StageKind::Ended,
        }
    }

    /// What is on the register, or was until it ended.
    pub fn register_entry(&self) -> Option<&Filed> {
        match &self.stage {
            Stage::Filed(filed) => Some(filed),
            Stage::Ended(ended) => ended.filed.as_deref(),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::ExpertReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_) => None,
        }
    }

    /// The submission in force, from the day it was handed in until it is filed.
    pub fn submission(&self) -> Option<&Submission> {
        match &self.stage {
            Stage::Recommendation(stage) => Some(&stage.submission),
            Stage::FormalReview(stage) => Some(&stage.recommended.submission),
            Stage::ExpertReview(stage) => Some(&stage.accepted.recommended.submission),
            Stage::Decision(stage) => Some(&stage.judged.accepted.recommended.submission),
            Stage::PublicNotice(stage) => Some(&stage.judged.accepted.recommended.submission),
            Stage::Drafting(_) | Stage::Signing(_) | Stage::Filed(_) | Stage::Ended(_) => None,
        }
    }

    /// The panel, while and after it sits.
    pub fn panel(&self) -> Option<&Panel> {
        match &self.stage {
            Stage::ExpertReview(stage) => stage.panel.as_ref(),
            Stage::Decision(stage) => Some(&stage.judged.panel),
            Stage::PublicNotice(stage) => Some(&stage.judged.panel),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::Filed(_)
            | Stage::Ended(_) => None,
        }
    }

    /// The correction that is open.
    pub fn correction(&self) -> Option<&Correction> {
        match &self.stage {
            Stage::FormalReview(stage) => stage.correction.as_ref(),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::ExpertReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_)
            | Stage::Filed(_)
            | Stage::Ended(_) => None,
        }
    }

    /// Whether a part of the materials may be edited now: before submission, or where a
    /// correction asks for exactly it (J19, J21).
    pub fn editable(&self, part: Part) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Drafting(_) | Stage::Signing(_)) {
            return Ok(());
        }
        if let Some(correction) = self.correction() {
            if correction.items.iter().any(|item| item.part == part) {
                return Ok(());
            }
            return Err(Refusal::not_now(
                "6.5",
                &format!("这次补正不包括“{}”", part.term()),
                "只改补正通知列出的几处",
            ));
        }
        Err(self.not_while("6.3"))
    }

    /// Refuses in the words of the present stage.
    pub fn not_while(&self, clause: &'static str) -> Refusal {
        let kind = self.stage_kind();
        let remedy =
            if kind == StageKind::Ended { "可以另行申请" } else { "等这一环节办结" };
        Refusal::not_now(clause, &format!("现在处于“{}”环节，不能这样办", kind.term()), remedy)
    }

    /// The lead, which always exists.
    pub fn lead(&self) -> &UnitId {
        // A dossier is opened with its lead as the first party and no event removes it.
        &self.materials.parties[0].unit
    }

    /// Refuses a person who took another step of this filing: those steps must be apart.
    pub fn another_person(&self, actor: &Actor, own: Step) -> Result<(), Refusal> {
        let other = self.steps.iter().find(|(who, step)| *who == actor.person && *step != own);
        let Some((_, step)) = other else { return Ok(()) };
        Err(Refusal::forbidden(
            "6.5",
            &format!("你已经办理过这一件的“{}”，这一步要由另一人办理", step.term()),
            "转给没有经手过的同事",
        ))
    }

    /// The draft waiting for a second person in one matter.
    pub fn draft(&self, matter: crate::decision::Matter) -> Option<&Draft> {
        use crate::decision::Matter;
        match (&self.stage, matter) {
            (Stage::Decision(stage), Matter::Filing) => stage.draft.as_ref(),
            (Stage::PublicNotice(stage), Matter::Filing) => stage.draft.as_ref(),
            (Stage::Filed(filed), Matter::Termination) => {
                filed.termination.as_ref().and_then(|t| t.draft.as_ref())
            }
            (Stage::Filed(filed), Matter::Cancellation) => {
                filed.cancellation.as_ref().and_then(|c| c.draft.as_ref())
            }
            _ => None,
        }
    }

    /// Whether the decision was to file.
    pub fn decided_to_file(&self) -> bool {
        matches!(&self.stage, Stage::Decision(stage)
            if stage.confirmed.as_ref().is_some_and(|c| c.draft.outcome == Outcome::Grant))
    }
}
