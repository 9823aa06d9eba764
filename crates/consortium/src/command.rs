//! 办理动作 — everything that may be asked of a dossier, and the one table that says by whom,
//! in which stage and under which clause.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Capacity,
    agreement::{AgreementText, Method},
    annual_report::Summary,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    decision::{Matter, Outcome},
    dossier::{CorrectionItem, Judgement, StageKind},
    expert_review::Sheet,
    ids::{Digest, PersonId, UnitId},
    materials::{Attachment, Section},
    public_notice::{ObjectionEffect, ObjectionText},
    support::SupportClause,
};

/// 办理动作. Ids, files and texts arrive in it; time, chance and the actor beside it.
#[expect(missing_docs, reason = "the fields are the words of the variant's own sentence")]
#[expect(clippy::large_enum_variant, reason = "one command lives at a time")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 命名并立卷 (6.1).
    Open { name: String },
    /// 续留名称 (6.1).
    ReserveName {},
    /// 更名（备案前）(6.1).
    Rename {
        name: String,
        #[serde(default)]
        void_signatures: bool,
    },
    /// 邀请成员单位 (4).
    Invite {
        unit: UnitId,
        #[serde(default)]
        void_signatures: bool,
    },
    /// 答复邀请 (4).
    AnswerInvitation {
        accept: bool,
        #[serde(default)]
        reason: String,
    },
    /// 移出成员（备案前）(4).
    RemoveMember {
        unit: UnitId,
        #[serde(default)]
        void_signatures: bool,
    },
    /// 填写登记表的一节 (7.1).
    WriteApplication { content: Section },
    /// 上传附件 (7.3).
    Attach {
        attachment: Attachment,
        /// Whether the file stands elsewhere on the list and moves: its other places are given up.
        #[serde(default, skip_serializing_if = "crate::materials::is_default")]
        moves: bool,
    },
    /// 移出附件 (7.3).
    Detach { digest: Digest },
    /// 起草协议 (6.2).
    WriteAgreement {
        text: AgreementText,
        #[serde(default)]
        void_signatures: bool,
    },
    /// 锁定文本并发起签署 (6.2).
    StartSigning {},
    /// 撤回锁定，退回起草 (6.2).
    ReopenAgreement { reason: String },
    /// 签字 (6.2).
    Sign {
        digest: Digest,
        method: String,
        #[serde(default)]
        statement: Option<Digest>,
        #[serde(default)]
        proof: Option<Digest>,
        #[serde(default)]
        letter: Option<Digest>,
    },
    /// 加盖公章 (6.2).
    Seal {
        digest: Digest,
        scan: Digest,
        #[serde(default = "scanned")]
        method: String,
        #[serde(default)]
        statement: Option<Digest>,
    },
    /// 提交纸质签署件 (6.2).
    OfferPaper { digest: Digest, scan: Digest, custodian: String },
    /// 确认纸质签署件 (6.2).
    ConfirmPaper { digest: Digest, scan: Digest },
    /// 催签 (6.2).
    RemindToSign { unit: UnitId },
    /// 对协议提出意见 (6.2).
    RemarkOnAgreement { heading: String, remark: String },
    /// 答复协议意见 (6.2).
    AnswerRemark { no: u32, answer: String },
    /// 不同意签署 (6.2).
    DeclineToSign { reason: String },
    /// 提交备案材料 (6.3, 7).
    Submit {},
    /// 撤回申请 (6.3).
    Withdraw { reason: String },
    /// 审核真实性、准确性 (6.4).
    CheckMaterials { opinion: String },
    /// 签发推荐意见 (6.4).
    Recommend { opinion: String },
    /// 退回修改 (6.4).
    ReturnForChanges { reason: String },
    /// 不予推荐 (6.4).
    DeclineToRecommend { reason: String },
    /// 形式审查通过 (6.5).
    PassFormalReview { judgements: Vec<Judgement> },
    /// 通知补正 (6.5).
    RequestCorrection { items: Vec<CorrectionItem> },
    /// 提交补正 (6.5).
    SubmitCorrection {},
    /// 延长补正期限 (6.5).
    ExtendCorrection { days: i64, reason: String },
    /// 延长审查期限 (6.5).
    ExtendReview { days: i64, reason: String },
    /// 形式审查不通过 (6.5).
    NotAccept { reason: String },
    /// 抽取评审专家 (6.5).
    DrawPanel { size: usize },
    /// 声明利害关系 (6.5).
    DeclareInterest {
        conflict: bool,
        #[serde(default)]
        reason: String,
    },
    /// 补抽专家 (6.5).
    FillSeat {},
    /// 提交评分与意见 (6.5).
    SubmitSheet { sheet: Sheet },
    /// 评分作废 (6.5).
    VoidSheet { expert: PersonId, reason: String },
    /// 拟定结论 (6.5, 9, 10, 11).
    DraftDecision { matter: Matter, outcome: Outcome, reason: String },
    /// 复核确认 (6.5, 9, 10, 11).
    ConfirmDecision { matter: Matter },
    /// 退回拟稿 (6.5, 9, 10, 11).
    ReturnDraft { matter: Matter, reason: String },
    /// 发布公示 (6.5).
    PublishNotice {},
    /// 提出异议 (6.5).
    Object(ObjectionText),
    /// 办结异议 (6.5).
    ConcludeObjection {
        receipt: String,
        upheld: bool,
        effect: ObjectionEffect,
        reason: String,
        public_reason: String,
    },
    /// 予以备案 (4, 6.5).
    File {},
    /// 导入试行期备案 (13).
    ImportTrialFiling {
        name: String,
        lead: UnitId,
        members: Vec<UnitId>,
        field: String,
        number: String,
        sequence: u32,
        filed_on: Date,
    },
    /// 报送年度总结和下一年度计划 (9).
    SubmitReport { year: i16, summary: Summary },
    /// 只报送下一年度计划 (9).
    SubmitPlan { year: i16, plan: String },
    /// 报告重大事项变更 (10).
    ReportChange { kind: ChangeKind, occurred_on: Date, content: ChangeContent },
    /// 起草补充协议 (10).
    WriteSupplement {
        text: String,
        #[serde(default)]
        void_signatures: bool,
    },
    /// 锁定补充协议并发起签署 (10).
    LockSupplement {},
    /// 办结变更 (10).
    DecideChange { no: u32, accepted: bool, reason: String },
    /// 认定条件疑点 (5.1, 10).
    SettleDoubt { rule: String, reason: String },
    /// 登记承担的任务 (10).
    RecordUndertaking { title: String, level: String, until: Date },
    /// 任务完成或移交 (10).
    FinishUndertaking { no: u32, how: String },
    /// 记录支持措施 (8).
    RecordSupport { clause: SupportClause, measure: String, document: String, on: Date },
    /// 申请终止 (10).
    ApplyForTermination { circumstance: String, resolution: String },
    /// 启动取消程序 (11).
    ProposeCancellation { ground: Ground, facts: String },
    /// 送达取消事先告知书 (9, 11).
    ServeCancellationNotice { served_on: Date, proof: Digest, text: String },
    /// 陈述申辩 (9, 11).
    MakeStatement { text: String },
    /// 终止取消程序 (9, 11).
    DropCancellation { reason: String },
    /// 上传盖章件 (6.4, 6.5, 9, 10, 11).
    AttachSealed {
        paper: String,
        file: Digest,
        #[serde(default)]
        reason: String,
        #[serde(default)]
        compared: bool,
    },
    /// 日历走过 (9).
    DayPassed {},
}

/// How a page was sealed before there was another way.
fn scanned() -> String {
    Method::Scan.name().to_owned()
}

/// How an actor must stand to a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Any unit: it becomes the lead.
    AnyUnit,
    /// 牵头单位.
    Lead,
    /// A member, not the lead.
    Member,
    /// The lead or a member.
    Party,
    /// The authority the submission went to.
    OwnAuthority,
    /// 自治区科技厅.
    Department,
    /// The office whose step it is or was: the authority it went to, or the Department.
    Office,
    /// An expert with a seat.
    Seat,
    /// Anybody, while the notice runs.
    Anybody,
    /// 日历.
    Calendar,
}

/// One row of the table: who may, in which stage, under which clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// The command's name, as in the API.
    pub name: &'static str,
    /// The words on the button.
    pub term: &'static str,
    /// The clause it carries out.
    pub clause: &'static str,
    /// How the actor must stand to the dossier.
    pub by: Relation,
    /// In which capacities.
    pub capacities: &'static [Capacity],
    /// In which stages.
    pub stages: &'static [StageKind],
}

use Capacity as C;
use Relation as R;
use StageKind as S;

const HANDLER: &[Capacity] = &[C::Handler, C::LegalRepresentative];
const SEALS: &[Capacity] = &[C::Handler, C::LegalRepresentative, C::SealKeeper];
const EDITING: &[StageKind] = &[S::Drafting, S::Signing, S::FormalReview];
/// The agreement before the filing, supplements afterwards.
const SIGNED: &[StageKind] = &[S::Drafting, S::Signing, S::FormalReview, S::Filed];

/// Whoever has official papers sealed; which of them, each paper says.
const ISSUING: &[Capacity] =
    &[C::Clerk, C::Signatory, C::Reviewer, C::Drafter, C::Decider, C::Publisher, C::Supervisor];
/// From the first official paper on, and after the end: what ends a filing is sealed too.
const ISSUED: &[StageKind] =
    &[S::FormalReview, S::ExpertReview, S::Decision, S::PublicNotice, S::Filed, S::Ended];

const fn verb(
    name: &'static str,
    term: &'static str,
    clause: &'static str,
    by: Relation,
    capacities: &'static [Capacity],
    stages: &'static [StageKind],
) -> Verb {
    Verb { name, term, clause, by, capacities, stages }
}

/// The table. Pages, the API, the authorization matrix and `chuanglian law` read it.
pub const VERBS: &[Verb] = &[
    verb("open", "命名并立卷", "6.1", R::AnyUnit, HANDLER, &[]),
    verb("reserve_name", "续留名称", "6.1", R::Lead, HANDLER, &[S::Drafting, S::Signing]),
    verb("rename", "更名", "6.1", R::Lead, HANDLER, EDITING),
    verb("invite", "邀请成员", "4", R::Lead, HANDLER, EDITING),
    verb("answer_invitation", "答复邀请", "4", R::Member, HANDLER, EDITING),
    verb("remove_member", "移出成员", "4", R::Lead, HANDLER, EDITING),
    verb("write_application", "填写登记表", "7.1", R::Party, HANDLER, EDITING),
    verb("attach", "上传附件", "7.3", R::Lead, HANDLER, EDITING),
    verb("detach", "移出附件", "7.3", R::Lead, HANDLER, EDITING),
    verb("write_agreement", "起草协议", "6.2", R::Lead, HANDLER, EDITING),
    verb("start_signing", "锁定文本并发起签署", "6.2", R::Lead, HANDLER, EDITING),
    verb("reopen_agreement", "撤回锁定，退回起草", "6.2", R::Lead, HANDLER, EDITING),
    verb("sign", "签字", "6.2", R::Party, HANDLER, SIGNED),
    verb("seal", "加盖公章", "6.2", R::Party, SEALS, SIGNED),
    verb("offer_paper", "提交纸质签署件", "6.2", R::Party, HANDLER, SIGNED),
    verb("confirm_paper", "确认纸质签署件", "6.2", R::Party, HANDLER, SIGNED),
    verb("remind_to_sign", "催签", "6.2", R::Lead, HANDLER, SIGNED),
    verb("remark_on_agreement", "对协议提出意见", "6.2", R::Party, HANDLER, EDITING),
    verb("answer_remark", "答复协议意见", "6.2", R::Lead, HANDLER, EDITING),
    verb("decline_to_sign", "不同意签署", "6.2", R::Party, &[C::LegalRepresentative], SIGNED),
    verb("submit", "核对无误，提交", "6.3", R::Lead, HANDLER, &[S::Drafting, S::Signing]),
    verb(
        "withdraw",
        "撤回申请",
        "6.3",
        R::Lead,
        HANDLER,
        &[
            S::Drafting,
            S::Signing,
            S::Recommendation,
            S::FormalReview,
            S::ExpertReview,
            S::Decision,
        ],
    ),
    verb(
        "check_materials",
        "写明审核意见",
        "6.4",
        R::OwnAuthority,
        &[C::Clerk],
        &[S::Recommendation],
    ),
    verb(
        "recommend",
        "核对并报送自治区科技厅",
        "6.4",
        R::OwnAuthority,
        &[C::Signatory],
        &[S::Recommendation],
    ),
    verb(
        "return_for_changes",
        "退回修改",
        "6.4",
        R::OwnAuthority,
        &[C::Clerk, C::Signatory],
        &[S::Recommendation],
    ),
    verb(
        "decline_to_recommend",
        "不予推荐",
        "6.4",
        R::OwnAuthority,
        &[C::Signatory],
        &[S::Recommendation],
    ),
    verb(
        "pass_formal_review",
        "形式审查通过，转专家评审",
        "6.5",
        R::Department,
        &[C::Reviewer],
        &[S::FormalReview],
    ),
    verb(
        "request_correction",
        "通知补正",
        "6.5",
        R::Department,
        &[C::Reviewer],
        &[S::FormalReview],
    ),
    verb("submit_correction", "提交补正", "6.5", R::Lead, HANDLER, &[S::FormalReview]),
    verb(
        "extend_correction",
        "延长补正期限",
        "6.5",
        R::Department,
        &[C::Reviewer],
        &[S::FormalReview],
    ),
    verb("extend_review", "延长审查期限", "6.5", R::Department, &[C::Reviewer], &[S::FormalReview]),
    verb("not_accept", "形式审查不通过", "6.5", R::Department, &[C::Reviewer], &[S::FormalReview]),
    verb("draw_panel", "抽取专家", "6.5", R::Department, &[C::Organiser], &[S::ExpertReview]),
    verb("declare_interest", "声明利害关系", "6.5", R::Seat, &[C::Expert], &[S::ExpertReview]),
    verb("fill_seat", "补抽专家", "6.5", R::Department, &[C::Organiser], &[S::ExpertReview]),
    verb("submit_sheet", "核对并提交评分", "6.5", R::Seat, &[C::Expert], &[S::ExpertReview]),
    verb(
        "void_sheet",
        "评分作废",
        "6.5",
        R::Department,
        &[C::Organiser],
        &[S::ExpertReview, S::Decision],
    ),
    verb(
        "draft_decision",
        "拟定结论",
        "6.5",
        R::Department,
        &[C::Drafter],
        &[S::Decision, S::PublicNotice, S::Filed],
    ),
    verb(
        "confirm_decision",
        "复核确认",
        "6.5",
        R::Department,
        &[C::Decider],
        &[S::Decision, S::PublicNotice, S::Filed],
    ),
    verb(
        "return_draft",
        "退回拟稿",
        "6.5",
        R::Department,
        &[C::Decider],
        &[S::Decision, S::PublicNotice, S::Filed],
    ),
    verb("publish_notice", "发布公示", "6.5", R::Department, &[C::Publisher], &[S::Decision]),
    verb("object", "提出异议", "6.5", R::Anybody, &[], &[S::PublicNotice]),
    verb(
        "conclude_objection",
        "办结异议",
        "6.5",
        R::Department,
        &[C::Supervisor],
        &[S::PublicNotice],
    ),
    verb("file", "予以备案", "6.5", R::Department, &[C::Publisher], &[S::PublicNotice]),
    verb("import_trial_filing", "导入试行期备案", "13", R::Department, &[C::Publisher], &[]),
    verb("submit_report", "提交年度总结", "9", R::Lead, HANDLER, &[S::Filed]),
    verb("submit_plan", "只提交下一年度计划", "9", R::Lead, HANDLER, &[S::Filed]),
    verb("report_change", "报告变更", "10", R::Lead, HANDLER, &[S::Filed]),
    verb("write_supplement", "起草补充协议", "10", R::Lead, HANDLER, &[S::Filed]),
    verb("lock_supplement", "锁定补充协议并发起签署", "10", R::Lead, HANDLER, &[S::Filed]),
    verb("decide_change", "办结变更", "10", R::Department, &[C::Drafter], &[S::Filed]),
    verb("settle_doubt", "认定条件疑点", "5.1", R::Department, &[C::Supervisor], &[S::Filed]),
    verb(
        "record_undertaking",
        "登记承担的任务",
        "10",
        R::Department,
        &[C::Drafter, C::Supervisor],
        &[S::Filed],
    ),
    verb(
        "finish_undertaking",
        "登记任务完成或移交",
        "10",
        R::Department,
        &[C::Drafter, C::Supervisor],
        &[S::Filed],
    ),
    verb("record_support", "记录支持措施", "8", R::Department, &[C::Drafter], &[S::Filed]),
    verb("apply_for_termination", "申请终止", "10", R::Lead, HANDLER, &[S::Filed]),
    verb(
        "propose_cancellation",
        "启动取消程序",
        "11",
        R::Department,
        &[C::Supervisor],
        &[S::Filed],
    ),
    verb(
        "serve_cancellation_notice",
        "登记告知书送达",
        "11",
        R::Department,
        &[C::Supervisor],
        &[S::Filed],
    ),
    verb("make_statement", "提交陈述申辩", "11", R::Lead, HANDLER, &[S::Filed]),
    verb("drop_cancellation", "终止取消程序", "11", R::Department, &[C::Supervisor], &[S::Filed]),
    verb("attach_sealed", "上传盖章件", "6.5", R::Office, ISSUING, ISSUED),
    verb(
        "day_passed",
        "日历走过",
        "9",
        R::Calendar,
        &[C::Calendar],
        &[S::Drafting, S::Signing, S::FormalReview, S::Filed],
    ),
];

/// What only prepares: it binds nobody until an act with legal effect follows, and is undone as
/// easily as done. Everything else has legal effect, a new row too until it is put here.
const PREPARES: &[&str] = &[
    "open",
    "reserve_name",
    "rename",
    "invite",
    "answer_invitation",
    "remove_member",
    "write_application",
    "attach",
    "detach",
    "write_agreement",
    "start_signing",
    "reopen_agreement",
    "offer_paper",
    "remind_to_sign",
    "remark_on_agreement",
    "answer_remark",
    "write_supplement",
    "lock_supplement",
    "draw_panel",
    "fill_seat",
    "draft_decision",
    "return_draft",
    "record_undertaking",
    "finish_undertaking",
];

impl Verb {
    /// Whether it has legal effect: whoever does it is asked to show again that it is them.
    ///
    /// What anybody may do without an account, and what days do by passing, is asked of nobody.
    pub fn has_effect(&self) -> bool {
        let by_somebody = !matches!(self.by, Relation::Anybody | Relation::Calendar);
        by_somebody && !PREPARES.contains(&self.name)
    }
}

/// The row of this name.
pub fn named(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

impl Command {
    /// A signature in the account, with the password entered again.
    pub fn sign_by_password(digest: Digest) -> Self {
        let method = Method::AccountPassword.name().to_owned();
        Self::Sign { digest, method, statement: None, proof: None, letter: None }
    }

    /// A seal on a page of the party's own, scanned.
    pub fn seal_by_scan(digest: Digest, scan: Digest) -> Self {
        Self::Seal { digest, scan, method: scanned(), statement: None }
    }

    /// The command's name, as in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::ReserveName {} => "reserve_name",
            Self::Rename { .. } => "rename",
            Self::Invite { .. } => "invite",
            Self::AnswerInvitation { .. } => "answer_invitation",
            Self::RemoveMember { .. } => "remove_member",
            Self::WriteApplication { .. } => "write_application",
            Self::Attach { .. } => "attach",
            Self::Detach { .. } => "detach",
            Self::WriteAgreement { .. } => "write_agreement",
            Self::StartSigning {} => "start_signing",
            Self::ReopenAgreement { .. } => "reopen_agreement",
            Self::Sign { .. } => "sign",
            Self::Seal { .. } => "seal",
            Self::OfferPaper { .. } => "offer_paper",
            Self::ConfirmPaper { .. } => "confirm_paper",
            Self::RemindToSign { .. } => "remind_to_sign",
            Self::RemarkOnAgreement { .. } => "remark_on_agreement",
            Self::AnswerRemark { .. } => "answer_remark",
            Self::DeclineToSign { .. } => "decline_to_sign",
            Self::Submit {} => "submit",
            Self::Withdraw { .. } => "withdraw",
            Self::CheckMaterials { .. } => "check_materials",
            Self::Recommend { .. } => "recommend",
            Self::ReturnForChanges { .. } => "return_for_changes",
            Self::DeclineToRecommend { .. } => "decline_to_recommend",
            Self::PassFormalReview { .. } => "pass_formal_review",
            Self::RequestCorrection { .. } => "request_correction",
            Self::SubmitCorrection {} => "submit_correction",
            Self::ExtendCorrection { .. } => "extend_correction",
            Self::ExtendReview { .. } => "extend_review",
            Self::NotAccept { .. } => "not_accept",
            Self::DrawPanel { .. } => "draw_panel",
            Self::DeclareInterest { .. } => "declare_interest",
            Self::FillSeat {} => "fill_seat",
            Self::SubmitSheet { .. } => "submit_sheet",
            Self::VoidSheet { .. } => "void_sheet",
            Self::DraftDecision { .. } => "draft_decision",
            Self::ConfirmDecision { .. } => "confirm_decision",
            Self::ReturnDraft { .. } => "return_draft",
            Self::PublishNotice {} => "publish_notice",
            Self::Object(_) => "object",
            Self::ConcludeObjection { .. } => "conclude_objection",
            Self::File {} => "file",
            Self::ImportTrialFiling { .. } => "import_trial_filing",
            Self::SubmitReport { .. } => "submit_report",
            Self::SubmitPlan { .. } => "submit_plan",
            Self::ReportChange { .. } => "report_change",
            Self::WriteSupplement { .. } => "write_supplement",
            Self::LockSupplement {} => "lock_supplement",
            Self::DecideChange { .. } => "decide_change",
            Self::SettleDoubt { .. } => "settle_doubt",
            Self::RecordUndertaking { .. } => "record_undertaking",
            Self::FinishUndertaking { .. } => "finish_undertaking",
            Self::RecordSupport { .. } => "record_support",
            Self::ApplyForTermination { .. } => "apply_for_termination",
            Self::ProposeCancellation { .. } => "propose_cancellation",
            Self::ServeCancellationNotice { .. } => "serve_cancellation_notice",
            Self::MakeStatement { .. } => "make_statement",
            Self::DropCancellation { .. } => "drop_cancellation",
            Self::AttachSealed { .. } => "attach_sealed",
            Self::DayPassed {} => "day_passed",
        }
    }

    /// Its row in the table.
    #[expect(clippy::missing_panics_doc, reason = "a test holds that every command has a row")]
    pub fn verb(&self) -> &'static Verb {
        named(self.name()).expect("every command has a row: held by a test")
    }

    /// The name it asks to hold, if it asks for one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four name a consortium")]
    pub fn wanted_name(&self) -> Option<&str> {
        match self {
            Self::Open { name }
            | Self::Rename { name, .. }
            | Self::ImportTrialFiling { name, .. } => Some(name),
            Self::ReportChange { content, .. } => content.new_name.as_deref(),
            _ => None,
        }
    }

    /// The units it names besides the parties.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these three name a unit")]
    pub fn named_units(&self) -> Vec<&UnitId> {
        match self {
            Self::Invite { unit, .. } => vec![unit],
            Self::ReportChange { content, .. } => content.unit.iter().collect(),
            Self::ImportTrialFiling { lead, members, .. } => {
                std::iter::once(lead).chain(members).collect()
            }
            _ => vec![],
        }
    }
}
