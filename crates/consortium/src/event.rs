//! 事项 — what somebody did with legal or procedural effect.
//!
//! Only events and their values are written down: a name or a field here is a promise, and
//! `tests/golden/events.json` holds every one of them.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    agreement::{AgreementText, Format, Method, Proof},
    annual_report::Summary,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    decision::{Matter, Outcome},
    dossier::{CorrectionItem, Judgement},
    expert_review::{Candidate, Conclusion, Seating, Sheet},
    ids::{AuthorityId, Digest, DossierId, PersonId, Personal, UnitId},
    materials::{Attachment, Party, Section},
    measures::Finding,
    official_paper::OfficialPaper,
    parameter::Parameters,
    public_notice::ObjectionEffect,
    sealed::Examined,
    support::SupportClause,
};

/// 事项.
#[expect(missing_docs, reason = "the fields are the words of the variant's own sentence")]
#[expect(clippy::large_enum_variant, reason = "a journal is read one event at a time")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// 立卷：牵头单位发起并命名 (6.1).
    Opened { dossier: DossierId, name: String, lead: Party, parameters: Parameters },
    /// 续留名称 (6.1).
    NameReserved { until: Date },
    /// 名称预留到期 (6.1): the name is free for others since the day after.
    NameLapsed { until: Date },
    /// 更名（备案前）(6.1).
    Renamed { name: String },
    /// 邀请成员单位 (4).
    Invited { party: Party },
    /// 成员确认合作意向 (4).
    InvitationAccepted { unit: UnitId },
    /// 成员不参加 (4).
    InvitationDeclined { unit: UnitId, reason: String },
    /// 移出成员（备案前）(4).
    MemberRemoved { unit: UnitId },
    /// 填写登记表的一节 (7.1).
    SectionWritten { section: Section },
    /// 上传附件 (7.3).
    Attached { attachment: Attachment },
    /// 移出附件 (7.3).
    Detached { digest: Digest },
    /// 起草协议 (6.2).
    AgreementWritten { text: AgreementText },
    /// 锁定文本并发起签署 (6.2).
    SigningStarted {
        version: u32,
        digest: Digest,
        parties: Vec<UnitId>,
        #[serde(default = "Format::unsaid", skip_serializing_if = "Format::is_unsaid")]
        format: Format,
    },
    /// 签字 (6.2).
    Signed {
        unit: UnitId,
        version: u32,
        digest: Digest,
        method: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letter: Option<Digest>,
    },
    /// 加盖公章 (6.2).
    Sealed {
        unit: UnitId,
        version: u32,
        digest: Digest,
        scan: Digest,
        #[serde(default = "scanned", skip_serializing_if = "is_scanned")]
        method: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    },
    /// 提交纸质签署件 (6.2).
    PaperOffered {
        version: u32,
        scan: Digest,
        custodian: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplement: Option<u32>,
    },
    /// 确认纸质签署件 (6.2).
    PaperConfirmed { unit: UnitId, version: u32, digest: Digest, scan: Digest },
    /// 协议生效 (6.2).
    AgreementEffective { version: u32, at: DateTime },
    /// 撤回锁定，退回起草 (6.2).
    SigningVoided { reason: String },
    /// 催签 (6.2).
    SigningReminded {
        unit: UnitId,
        version: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplement: Option<u32>,
    },
    /// 对协议提出意见 (6.2).
    AgreementRemarked { unit: UnitId, heading: String, remark: String, version: u32 },
    /// 答复协议意见 (6.2).
    RemarkAnswered { no: u32, answer: String },
    /// 不同意签署 (6.2).
    SigningDeclined { unit: UnitId, reason: String },
    /// 提交备案材料 (6.3, 7).
    Submitted {
        package: Digest,
        at: DateTime,
        authority: AuthorityId,
        findings: Vec<Finding>,
        parameters: Parameters,
    },
    /// 撤回申请.
    Withdrawn { reason: String },
    /// 审核真实性、准确性 (6.4).
    MaterialsChecked { opinion: String },
    /// 推荐 (6.4).
    Recommended { opinion: String, findings: Vec<Finding> },
    /// 退回修改 (6.4).
    Returned { reason: String },
    /// 不予推荐 (6.4).
    RecommendationDeclined { reason: String },
    /// 形式审查通过 (6.5).
    FormalReviewPassed { findings: Vec<Finding>, judgements: Vec<Judgement> },
    /// 一次性告知补正 (6.5).
    CorrectionRequested { items: Vec<CorrectionItem>, due: Option<Date> },
    /// 提交补正 (6.5).
    CorrectionSubmitted { package: Digest, findings: Vec<Finding> },
    /// 补正逾期 (6.5): its day has passed and nothing was handed in; what follows a person decides.
    CorrectionOverdue { due: Date },
    /// 延长补正期限 (6.5).
    CorrectionExtended { days: i64, due: Date, reason: String },
    /// 延长审查期限.
    ReviewExtended { days: i64, reason: String },
    /// 形式审查不通过 (6.5).
    NotAccepted { reason: String },
    /// 抽取评审专家 (6.5).
    PanelDrawn {
        seed: u64,
        candidates: Vec<Candidate>,
        excluded: Vec<(PersonId, String)>,
        seats: Vec<Seating>,
        reserve: Vec<PersonId>,
    },
    /// 声明无利害关系.
    InterestDenied { expert: PersonId },
    /// 申请回避.
    Recused { expert: PersonId, reason: String },
    /// 补抽专家.
    SeatFilled { seating: Seating },
    /// 提交评分与意见.
    SheetSubmitted { expert: PersonId, sheet: Sheet },
    /// 评分作废.
    SheetVoided { expert: PersonId, reason: String },
    /// 评审结论形成.
    ReviewConcluded { conclusion: Conclusion },
    /// 拟定结论：第一人.
    DecisionDrafted { matter: Matter, outcome: Outcome, reason: String },
    /// 退回拟稿.
    DraftReturned { matter: Matter, reason: String },
    /// 复核确认：第二人 (6.5, 9, 10, 11).
    DecisionConfirmed {
        matter: Matter,
        outcome: Outcome,
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<Finding>,
    },
    /// 发布公示 (6.5).
    NoticePublished {
        from: Date,
        to: Date,
        days: i64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<Finding>,
    },
    /// 收到异议.
    ObjectionReceived {
        receipt: String,
        objector: Personal,
        contact: Personal,
        kind: String,
        facts: String,
    },
    /// 办结异议.
    ObjectionConcluded {
        receipt: String,
        upheld: bool,
        effect: ObjectionEffect,
        reason: String,
        public_reason: String,
    },
    /// 予以备案 (4, 6.5).
    Filed { number: String, sequence: u32, first_report_year: i16, findings: Vec<Finding> },
    /// 导入试行期备案 (13).
    TrialFilingImported {
        dossier: DossierId,
        name: String,
        parties: Vec<Party>,
        field: String,
        authority: AuthorityId,
        number: String,
        sequence: u32,
        filed_on: Date,
        first_report_year: i16,
        parameters: Parameters,
    },
    /// 报送年度总结 (9).
    ReportSubmitted {
        year: i16,
        summary: Summary,
        late: bool,
        after_window: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<Finding>,
    },
    /// 只报送了计划 (9).
    PlanSubmitted { year: i16, plan: String },
    /// 年度总结未提交：报送期已过 (9).
    ReportMissed {
        year: i16,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        findings: Vec<Finding>,
    },
    /// 报告重大事项变更 (10).
    ChangeReported { no: u32, kind: ChangeKind, occurred_on: Date, content: ChangeContent },
    /// 起草补充协议 (10).
    SupplementWritten { no: u32, text: String },
    /// 锁定补充协议并发起签署 (10).
    SupplementLocked { no: u32, version: u32, digest: Digest, parties: Vec<Party> },
    /// 补充协议生效 (10).
    SupplementEffective { no: u32, version: u32, at: DateTime },
    /// 不同意签署补充协议 (10).
    SupplementDeclined { no: u32, unit: UnitId, reason: String },
    /// 变更办结 (10).
    ChangeDecided {
        no: u32,
        accepted: bool,
        reason: String,
        parties: Vec<Party>,
        authority: Option<AuthorityId>,
        findings: Vec<Finding>,
    },
    /// 条件疑点由人认定 (5.1).
    DoubtSettled { rule: String, reason: String },
    /// 登记承担的任务 (10).
    UndertakingRecorded { no: u32, title: String, level: String, until: Date },
    /// 任务完成或移交 (10).
    UndertakingFinished { no: u32, how: String },
    /// 记录支持措施 (8).
    SupportRecorded { clause: SupportClause, measure: String, document: String, on: Date },
    /// 申请终止 (10).
    TerminationApplied { circumstance: String, resolution: String },
    /// 启动取消程序 (9, 11).
    CancellationProposed { ground: Ground, facts: String },
    /// 送达取消事先告知书 (9, 11).
    CancellationNoticeServed { served_on: Date, proof: Digest, text: String, statement_due: Date },
    /// 陈述申辩.
    StatementMade { text: String },
    /// 终止取消程序.
    CancellationDropped { reason: String },
    /// 上传盖章件 (6.4, 6.5, 9, 10, 11).
    SealedAttached {
        sequence: u64,
        paper: OfficialPaper,
        file: Digest,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
        compared: bool,
        examined: Examined,
    },
}

/// How pages were sealed before there was another way; left out of the journal since.
fn scanned() -> String {
    Method::Scan.name().to_owned()
}

fn is_scanned(method: &str) -> bool {
    method == Method::Scan.name()
}

impl Event {
    /// The clauses it carries out, most specific first.
    pub fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::Opened { .. }
            | Self::NameReserved { .. }
            | Self::NameLapsed { .. }
            | Self::Renamed { .. } => &["6.1"],
            Self::Invited { .. }
            | Self::InvitationAccepted { .. }
            | Self::InvitationDeclined { .. }
            | Self::MemberRemoved { .. } => &["4", "6.1"],
            Self::SectionWritten { .. } => &["7.1"],
            Self::Attached { .. } | Self::Detached { .. } => &["7.3"],
            Self::AgreementWritten { .. }
            | Self::SigningStarted { .. }
            | Self::Signed { .. }
            | Self::Sealed { .. }
            | Self::PaperOffered { .. }
            | Self::PaperConfirmed { .. }
            | Self::AgreementEffective { .. }
            | Self::SigningVoided { .. }
            | Self::SigningReminded { .. }
            | Self::AgreementRemarked { .. }
            | Self::RemarkAnswered { .. }
            | Self::SigningDeclined { .. } => &["6.2", "7.2"],
            Self::Submitted { .. } => &["6.3", "7"],
            Self::Withdrawn { .. } => &["6.3"],
            Self::MaterialsChecked { .. }
            | Self::Recommended { .. }
            | Self::Returned { .. }
            | Self::RecommendationDeclined { .. } => &["6.4", "4"],
            Self::FormalReviewPassed { .. }
            | Self::CorrectionRequested { .. }
            | Self::CorrectionSubmitted { .. }
            | Self::CorrectionOverdue { .. }
            | Self::CorrectionExtended { .. }
            | Self::ReviewExtended { .. }
            | Self::NotAccepted { .. }
            | Self::PanelDrawn { .. }
            | Self::InterestDenied { .. }
            | Self::Recused { .. }
            | Self::SeatFilled { .. }
            | Self::SheetSubmitted { .. }
            | Self::SheetVoided { .. }
            | Self::ReviewConcluded { .. }
            | Self::NoticePublished { .. }
            | Self::ObjectionReceived { .. }
            | Self::ObjectionConcluded { .. } => &["6.5"],
            Self::DecisionDrafted { matter, .. }
            | Self::DraftReturned { matter, .. }
            | Self::DecisionConfirmed { matter, .. } => matter.clauses(),
            Self::Filed { .. } => &["6.5", "4"],
            Self::TrialFilingImported { .. } => &["13"],
            Self::ReportSubmitted { .. }
            | Self::PlanSubmitted { .. }
            | Self::ReportMissed { .. } => &["9"],
            Self::SupplementWritten { .. }
            | Self::SupplementLocked { .. }
            | Self::SupplementEffective { .. }
            | Self::SupplementDeclined { .. } => &["10", "6.2"],
            Self::ChangeReported { .. }
            | Self::ChangeDecided { .. }
            | Self::UndertakingRecorded { .. }
            | Self::UndertakingFinished { .. }
            | Self::TerminationApplied { .. } => &["10"],
            Self::DoubtSettled { .. } => &["5.1", "10"],
            Self::SupportRecorded { clause, .. } => clause.clauses(),
            Self::CancellationProposed { ground, .. } => ground.clauses(),
            Self::CancellationNoticeServed { .. }
            | Self::StatementMade { .. }
            | Self::CancellationDropped { .. } => &["9", "11"],
            Self::SealedAttached { paper, .. } => paper.clauses(),
        }
    }

    /// The files that it names.
    pub fn files(&self) -> Vec<&Digest> {
        match self {
            Self::Attached { attachment } => vec![&attachment.digest],
            Self::Signed { proof, letter, .. } => {
                proof.iter().flat_map(Proof::files).chain(letter).collect()
            }
            Self::Sealed { scan, proof, .. } => {
                proof.iter().flat_map(Proof::files).chain([scan]).collect()
            }
            Self::PaperOffered { scan, .. } | Self::PaperConfirmed { scan, .. } => vec![scan],
            Self::CancellationNoticeServed { proof, .. } => vec![proof],
            Self::SealedAttached { file, .. } => vec![file],
            Self::Opened { .. }
            | Self::NameReserved { .. }
            | Self::NameLapsed { .. }
            | Self::Renamed { .. }
            | Self::Invited { .. }
            | Self::InvitationAccepted { .. }
            | Self::InvitationDeclined { .. }
            | Self::MemberRemoved { .. }
            | Self::SectionWritten { .. }
            | Self::Detached { .. }
            | Self::AgreementWritten { .. }
            | Self::SigningStarted { .. }
            | Self::AgreementEffective { .. }
            | Self::SigningVoided { .. }
            | Self::SigningReminded { .. }
            | Self::AgreementRemarked { .. }
            | Self::RemarkAnswered { .. }
            | Self::SigningDeclined { .. }
            | Self::Submitted { .. }
            | Self::Withdrawn { .. }
            | Self::MaterialsChecked { .. }
            | Self::Recommended { .. }
            | Self::Returned { .. }
            | Self::RecommendationDeclined { .. }
            | Self::FormalReviewPassed { .. }
            | Self::CorrectionRequested { .. }
            | Self::CorrectionSubmitted { .. }
            | Self::CorrectionOverdue { .. }
            | Self::CorrectionExtended { .. }
            | Self::ReviewExtended { .. }
            | Self::NotAccepted { .. }
            | Self::PanelDrawn { .. }
            | Self::InterestDenied { .. }
            | Self::Recused { .. }
            | Self::SeatFilled { .. }
            | Self::SheetSubmitted { .. }
            | Self::SheetVoided { .. }
            | Self::ReviewConcluded { .. }
            | Self::DecisionDrafted { .. }
            | Self::DraftReturned { .. }
            | Self::DecisionConfirmed { .. }
            | Self::NoticePublished { .. }
            | Self::ObjectionReceived { .. }
            | Self::ObjectionConcluded { .. }
            | Self::Filed { .. }
            | Self::TrialFilingImported { .. }
            | Self::ReportSubmitted { .. }
            | Self::PlanSubmitted { .. }
            | Self::ReportMissed { .. }
            | Self::ChangeReported { .. }
            | Self::SupplementWritten { .. }
            | Self::SupplementLocked { .. }
            | Self::SupplementEffective { .. }
            | Self::SupplementDeclined { .. }
            | Self::ChangeDecided { .. }
            | Self::DoubtSettled { .. }
            | Self::UndertakingRecorded { .. }
            | Self::UndertakingFinished { .. }
            | Self::SupportRecorded { .. }
            | Self::TerminationApplied { .. }
            | Self::CancellationProposed { .. }
            | Self::StatementMade { .. }
            | Self::CancellationDropped { .. } => vec![],
        }
    }

    /// What the timeline calls it.
    pub fn title(&self) -> String {
        match self {
            Self::Opened { .. } => "命名并立卷",
            Self::NameReserved { until } => return format!("名称保留至 {until}"),
            Self::NameLapsed { .. } => "名称预留到期",
            Self::Renamed { .. } => "更改名称",
            Self::Invited { party } => return format!("邀请{}", party.name),
            Self::InvitationAccepted { .. } => "确认合作意向",
            Self::InvitationDeclined { .. } => "不参加",
            Self::MemberRemoved { .. } => "移出成员单位",
            Self::SectionWritten { section } => return format!("填写{}", section.part().term()),
            Self::Attached { attachment } => return format!("上传附件《{}》", attachment.item),
            Self::Detached { .. } => "移出附件",
            Self::AgreementWritten { .. } => "修改组建协议",
            Self::SigningStarted { .. } => "锁定协议文本并发起签署",
            Self::Signed { .. } => "签字",
            Self::Sealed { .. } => "加盖公章",
            Self::PaperOffered { .. } => "提交纸质签署件",
            Self::PaperConfirmed { .. } => "确认纸质签署件",
            Self::AgreementEffective { .. } => "组建协议生效",
            Self::SigningVoided { .. } => "撤回锁定，退回起草",
            Self::SigningReminded { .. } => "催签",
            Self::AgreementRemarked { .. } => "对协议提出意见",
            Self::RemarkAnswered { .. } => "答复协议意见",
            Self::SigningDeclined { .. } => "不同意签署",
            Self::Submitted { .. } => "提交备案材料",
            Self::Withdrawn { .. } => "撤回申请",
            Self::MaterialsChecked { .. } => "审核真实性、准确性",
            Self::Recommended { .. } => "推荐",
            Self::Returned { .. } => "退回修改",
            Self::RecommendationDeclined { .. } => "不予推荐",
            Self::FormalReviewPassed { .. } => "形式审查通过",
            Self::CorrectionRequested { .. } => "通知补正",
            Self::CorrectionSubmitted { .. } => "提交补正",
            Self::CorrectionOverdue { .. } => "补正逾期",
            Self::CorrectionExtended { .. } => "延长补正期限",
            Self::ReviewExtended { .. } => "延长审查期限",
            Self::NotAccepted { .. } => "形式审查不通过",
            Self::PanelDrawn { .. } => "抽取评审专家",
            Self::InterestDenied { .. } => "专家声明无利害关系",
            Self::Recused { .. } => "专家回避",
            Self::SeatFilled { .. } => "补抽专家",
            Self::SheetSubmitted { .. } => "专家提交评审意见",
            Self::SheetVoided { .. } => "一份评分作废",
            Self::ReviewConcluded { .. } => "评审结论形成",
            Self::DecisionDrafted { matter, .. } => return format!("拟定{}", matter.term()),
            Self::DraftReturned { matter, .. } => return format!("退回{}拟稿", matter.term()),
            Self::DecisionConfirmed { matter, outcome, .. } => return matter.title(*outcome),
            Self::NoticePublished { .. } => "发布公示",
            Self::ObjectionReceived { .. } => "收到异议",
            Self::ObjectionConcluded { .. } => "异议办结",
            Self::Filed { .. } => "予以备案",
            Self::TrialFilingImported { .. } => "试行期备案转入",
            Self::ReportSubmitted { year, .. } => return format!("报送 {year} 年度总结"),
            Self::PlanSubmitted { year, .. } => return format!("报送 {year} 年度计划（无总结）"),
            Self::ReportMissed { year, .. } => return format!("{year} 年度总结未提交"),
            Self::ChangeReported { kind, .. } => return format!("报告变更：{}", kind.term()),
            Self::SupplementWritten { .. } => "起草补充协议",
            Self::SupplementLocked { .. } => "锁定补充协议并发起签署",
            Self::SupplementEffective { .. } => "补充协议生效",
            Self::SupplementDeclined { .. } => "不同意签署补充协议",
            Self::ChangeDecided { accepted: true, .. } => "变更已报备",
            Self::ChangeDecided { accepted: false, .. } => "变更不予办理",
            Self::DoubtSettled { .. } => "条件疑点已认定",
            Self::UndertakingRecorded { .. } => "登记承担的任务",
            Self::UndertakingFinished { .. } => "任务完成或移交",
            Self::SupportRecorded { .. } => "落实支持措施",
            Self::TerminationApplied { .. } => "申请终止",
            Self::CancellationProposed { .. } => "启动取消备案程序",
            Self::CancellationNoticeServed { .. } => "送达取消事先告知书",
            Self::StatementMade { .. } => "陈述申辩",
            Self::CancellationDropped { .. } => "终止取消程序",
            Self::SealedAttached { paper, .. } => return format!("上传{}盖章件", paper.term()),
        }
        .to_owned()
    }
}
