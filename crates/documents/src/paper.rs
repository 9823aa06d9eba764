//! 文书的种类与内容 — what each paper is called, which clause it carries, and what stands in it.
//!
//! Papers hold no value about a person but what somebody wrote into a text: names of officers,
//! signers and experts stay in the journal, where they can be erased, and the paper says the
//! capacity instead.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Error, qr};

pub(crate) const LIBRARY: &str = include_str!("../templates/lib.typ");

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $key:literal $term:literal $version:literal [$($clause:literal),+])+) => {
        /// 文书种类.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* #[doc = concat!($term, ".")] $variant),+
        }

        impl Kind {
            /// Every kind, in the order of a life.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and in the API.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The Chinese term.
            pub const fn term(self) -> &'static str {
                match self { $(Self::$variant => $term),+ }
            }

            /// The clauses it carries out, the first one foremost.
            pub const fn clauses(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($clause),+]),+ }
            }

            /// The version of its template: counts each change of what a paper says or shows.
            pub const fn version(self) -> u32 {
                match self { $(Self::$variant => $version),+ }
            }

            pub(crate) const fn template(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../templates/", $key, ".typ"))),+
                }
            }
        }

        /// 文书的内容, a struct a kind.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        pub enum Body {
            $(#[doc = concat!($term, ".")] $variant($variant)),+
        }

        impl Body {
            /// Which paper it is.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$variant),+ }
            }
        }
    };
}

kinds! {
    Application "application" "备案申请登记表" 3 ["7.1", "6.3"]
    Agreement "agreement" "组建协议" 4 ["6.2", "7.2"]
    SubmissionReceipt "submission_receipt" "备案材料提交回执" 2 ["6.3", "7"]
    Recommendation "recommendation" "推荐函" 2 ["6.4", "4"]
    NotRecommended "not_recommended" "不予推荐告知书" 2 ["6.4"]
    Acceptance "acceptance" "受理通知书" 2 ["6.5"]
    Correction "correction" "补正通知书" 2 ["6.5"]
    NotAccepted "not_accepted" "不予受理通知书" 2 ["6.5"]
    ReviewSheet "review_sheet" "专家评审意见表" 2 ["6.5"]
    ReviewSummary "review_summary" "专家评审意见汇总表" 2 ["6.5"]
    NotFiled "not_filed" "不予备案决定书" 2 ["6.5", "4"]
    PublicNotice "public_notice" "拟备案公示" 2 ["6.5"]
    ObjectionReceipt "objection_receipt" "异议回执" 2 ["6.5"]
    FilingNotice "filing_notice" "备案通知" 2 ["6.5", "4"]
    Certificate "certificate" "备案证明" 2 ["6.5", "4"]
    AnnualReport "annual_report" "年度总结" 2 ["9"]
    ChangeReport "change_report" "重大事项变更申请表" 2 ["10"]
    ChangeAnswer "change_answer" "变更办理结果通知书" 2 ["10"]
    Rectification "rectification" "限期整改通知书" 2 ["11"]
    CancellationNotice "cancellation_notice" "取消备案资格事先告知书" 2 ["9", "11"]
    ServiceReceipt "service_receipt" "送达回证" 2 ["9", "11"]
    HearingNotice "hearing_notice" "听证通知书" 2 ["9", "11"]
    CancellationDecision "cancellation_decision" "取消备案资格决定书" 2 ["9", "11"]
    CancellationClosed "cancellation_closed" "终止取消程序告知书" 2 ["9", "11"]
    TerminationDecision "termination_decision" "终止申请决定书" 2 ["10"]
    Announcement "announcement" "公告" 2 ["9", "10", "11"]
}

impl Kind {
    /// The kind of this name.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

/// 一份文书 — what is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What every paper carries.
    pub head: Head,
    /// What this paper carries.
    pub body: Body,
}

/// What every paper carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// 卷宗号.
    pub dossier: String,
    /// The event it was made from.
    pub event: u64,
    /// 成文日期.
    pub on: Date,
    /// The office or unit whose paper it is.
    pub office: String,
    /// 创新联合体.
    pub consortium: Consortium,
    /// 核验.
    pub check: Check,
}

/// 核验 — how whoever holds a paper finds out that it is from here and is what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// 核验码.
    pub code: String,
    /// The page where it is asked for.
    pub link: String,
}

/// 创新联合体, as a paper names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consortium {
    /// 名称.
    pub name: String,
    /// 牵头单位.
    pub lead: String,
    /// 成员单位.
    pub members: Vec<String>,
    /// 归口管理部门.
    pub authority: String,
    /// 技术领域.
    pub field: String,
}

/// 一栏 — label and value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

impl Line {
    /// A line.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// 一块 — a piece of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Part {
    /// Labels and values.
    Facts {
        /// The lines.
        rows: Vec<Line>,
    },
    /// A table whose head is repeated on every page.
    Table {
        /// The heads.
        heads: Vec<String>,
        /// How wide each column is, as shares.
        widths: Vec<u32>,
        /// The rows, a cell a head.
        rows: Vec<Vec<String>>,
        /// What stands under it.
        note: Option<String>,
    },
    /// A text, paragraph by paragraph.
    Text {
        /// The text.
        text: String,
    },
    /// What stands over a table, or says that there is none.
    Caption {
        /// The words.
        text: String,
    },
}

/// 一节 — a heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands under it.
    pub parts: Vec<Part>,
}

/// 意见栏 — an opinion with the place for signature and seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpinionBox {
    /// Whose opinion.
    pub name: String,
    /// The opinion, once there is one.
    pub text: Option<String>,
    /// Who signs.
    pub signer: String,
    /// The day, once there is one.
    pub on: Option<Date>,
}

/// 备案申请登记表 (T1–T16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Application {
    /// The sections, numbered by the template.
    pub sections: Vec<Section>,
    /// T15 承诺.
    pub promises: Vec<String>,
    /// T16 意见栏.
    pub opinions: Vec<OpinionBox>,
    /// Digest of everything that was submitted.
    pub package: String,
}

/// 组建协议.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Which version was signed.
    pub version: u32,
    /// The digest that every party signed.
    pub digest: String,
    /// 生效日期.
    pub effective_on: Option<Date>,
    /// The parties, the lead first.
    pub parties: Vec<Signatory>,
    /// The articles in their order.
    pub articles: Vec<Section>,
    /// 附表: the tables that are signed with the articles, each with its number in its heading.
    pub annexes: Vec<Section>,
}

/// 签署方.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub code: String,
    /// 甲方（牵头单位）, 乙方 …
    pub role: String,
    /// How and when it signed, in words.
    pub signed: Option<String>,
    /// How and when it sealed, in words.
    pub sealed: Option<String>,
}

/// 备案材料提交回执.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubmissionReceipt {
    /// 收到时间, to the second.
    pub at: String,
    /// Digest of everything that was submitted.
    pub package: String,
    /// 材料.
    pub materials: Vec<String>,
    /// 下一步由谁办理.
    pub next: String,
}

/// 推荐函.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// The authority's opinion.
    pub opinion: String,
}

/// 不予推荐告知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRecommended {
    /// Why.
    pub reason: String,
}

/// 受理通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// What was submitted when.
    pub submitted_on: Option<Date>,
}

/// 补正通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// What to correct.
    pub items: Vec<CorrectionItem>,
    /// By when.
    pub due: Option<Date>,
}

/// One thing to correct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionItem {
    /// Which part of the materials.
    pub part: String,
    /// What is wrong and what it must be.
    pub reason: String,
    /// The clause, by its id.
    pub clause: String,
}

/// 不予受理通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotAccepted {
    /// Why.
    pub reason: String,
}

/// 专家评审意见表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewSheet {
    /// 专家甲 …: never the name.
    pub label: String,
    /// Criterion, full mark, points, remark.
    pub scores: Vec<(String, u8, u8, String)>,
    /// The sum.
    pub total: u32,
    /// 结论.
    pub vote: String,
    /// 评审意见.
    pub opinion: String,
}

/// 专家评审意见汇总表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewSummary {
    /// Label, total, vote; and why it was voided, where it was.
    pub sheets: Vec<SheetLine>,
    /// How the mean was computed, in words.
    pub method: String,
    /// The mean, in words.
    pub mean: String,
    /// 同意、修改后同意、不同意.
    pub votes: String,
    /// 结论.
    pub conclusion: String,
    /// What the panel has to talk about, when the points lie far apart.
    pub spread: Option<String>,
}

/// One sheet of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetLine {
    /// 专家甲 …
    pub label: String,
    /// The sum.
    pub total: u32,
    /// 结论.
    pub vote: String,
    /// Why it was voided.
    pub voided: Option<String>,
}

/// 不予备案决定书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotFiled {
    /// Why.
    pub reason: String,
}

/// 拟备案公示.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicNotice {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Working days.
    pub days: i64,
    /// Where objections are made.
    pub link: Option<String>,
}

/// 异议回执.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectionReceipt {
    /// 回执号.
    pub receipt: String,
    /// 类别.
    pub subject: String,
    /// 收到时间.
    pub at: String,
}

/// 备案通知.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilingNotice {
    /// 备案编号.
    pub number: String,
    /// The first year a summary is owed for.
    pub first_report_year: i16,
}

/// 备案证明.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// 备案编号.
    pub number: String,
    /// 备案日期.
    pub filed_on: Date,
    /// Which version of the filing it shows.
    pub version: u32,
    /// 现行 or 试行.
    pub regime: String,
    /// The public page where it is checked.
    pub link: String,
    /// 蒙古文名称, where one was approved.
    pub mongolian: Option<Mongolian>,
}

/// 蒙古文名称; which script comes first is the operator's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mongolian {
    /// The name in the traditional script.
    pub name: String,
    /// Whether it stands left of the Chinese.
    pub first: bool,
}

/// 年度总结.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnualReport {
    /// The year.
    pub year: i16,
    /// 备案编号.
    pub number: String,
    /// 报送情况, in words: on time, late.
    pub state: String,
    /// Clause, heading, text.
    pub contents: Vec<(String, String, String)>,
}

/// 重大事项变更申请表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// 备案编号.
    pub number: String,
    /// 第几项变更.
    pub no: u32,
    /// 类型.
    pub kind: String,
    /// 审核、报备、登记.
    pub class: String,
    /// 发生日期.
    pub occurred_on: Date,
    /// 变更内容 and 客观原因.
    pub lines: Vec<Line>,
}

/// 变更办理结果通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeAnswer {
    /// 第几项变更.
    pub no: u32,
    /// 类型.
    pub kind: String,
    /// Whether it was taken.
    pub accepted: bool,
    /// The Department's words.
    pub reason: String,
}

/// 限期整改通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rectification {
    /// 备案编号.
    pub number: String,
    /// The facts found.
    pub facts: String,
    /// What has to be put right.
    pub demands: String,
    /// By when.
    pub due: Date,
}

/// 取消备案资格事先告知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationNotice {
    /// 备案编号.
    pub number: String,
    /// 事由.
    pub ground: String,
    /// Its clauses, by id.
    pub clauses: Vec<String>,
    /// The facts found.
    pub facts: String,
    /// What the Department writes.
    pub text: String,
    /// The last day to speak.
    pub statement_due: Date,
}

/// 送达回证.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceReceipt {
    /// 送达文书.
    pub paper: String,
    /// 受送达人.
    pub to: String,
    /// 送达日期.
    pub served_on: Date,
    /// 送达凭证, by digest.
    pub proof: String,
}

/// 听证通知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HearingNotice {
    /// 备案编号.
    pub number: String,
    /// When.
    pub at: String,
    /// Where.
    pub place: String,
    /// What about.
    pub matter: String,
}

/// 取消备案资格决定书; 撤销, where the materials were false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationDecision {
    /// 备案编号.
    pub number: String,
    /// 事由.
    pub ground: String,
    /// Its clauses, by id.
    pub clauses: Vec<String>,
    /// The facts found.
    pub facts: String,
    /// Why it was so decided.
    pub reason: String,
    /// When the notice was served.
    pub served_on: Option<Date>,
    /// How many statements were made.
    pub statements: usize,
    /// Whether it is a 撤销.
    pub voided: bool,
}

/// 终止取消程序告知书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationClosed {
    /// 备案编号.
    pub number: String,
    /// 事由.
    pub ground: String,
    /// Why it ends.
    pub reason: String,
}

/// 终止申请决定书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TerminationDecision {
    /// 备案编号.
    pub number: String,
    /// The circumstances the parties stated.
    pub circumstance: String,
    /// Whether it was granted.
    pub granted: bool,
    /// Why.
    pub reason: String,
}

/// 公告: tells the public that a filing has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Announcement {
    /// 备案编号.
    pub number: String,
    /// 取消备案资格、撤销备案、注销备案.
    pub what: String,
    /// Its clauses, by id.
    pub clauses: Vec<String>,
    /// 事由.
    pub ground: String,
}

impl Document {
    /// What it is called: the name of its file and the title of its PDF.
    pub fn title(&self) -> String {
        let name = &self.head.consortium.name;
        match &self.body {
            Body::Application(_) => "内蒙古自治区创新联合体备案申请登记表".to_owned(),
            Body::Agreement(_) => format!("{name}组建协议"),
            Body::Recommendation(_) => format!("关于推荐{name}备案的函"),
            Body::Acceptance(_) => format!("关于受理{name}备案申请的通知"),
            Body::Correction(_) => format!("关于补正{name}备案材料的通知"),
            Body::NotAccepted(_) => format!("关于不予受理{name}备案申请的通知"),
            Body::NotFiled(_) => format!("关于对{name}不予备案的决定"),
            Body::PublicNotice(_) => format!("关于拟备案{name}的公示"),
            Body::FilingNotice(_) => format!("关于{name}予以备案的通知"),
            Body::AnnualReport(report) => format!("{name}{}年度总结", report.year),
            Body::TerminationDecision(decision) if decision.granted => {
                format!("关于准予{name}终止的决定")
            }
            Body::TerminationDecision(_) => format!("关于对{name}终止申请不予批准的决定"),
            Body::CancellationDecision(decision) if decision.voided => {
                format!("关于撤销{name}备案的决定")
            }
            Body::CancellationDecision(_) => format!("关于取消{name}备案资格的决定"),
            Body::Announcement(announcement) => {
                format!("关于{name}{}的公告", announcement.what)
            }
            Body::Rectification(_)
            | Body::SubmissionReceipt(_)
            | Body::NotRecommended(_)
            | Body::ReviewSheet(_)
            | Body::ReviewSummary(_)
            | Body::ObjectionReceipt(_)
            | Body::Certificate(_)
            | Body::ChangeReport(_)
            | Body::ChangeAnswer(_)
            | Body::CancellationNotice(_)
            | Body::ServiceReceipt(_)
            | Body::HearingNotice(_)
            | Body::CancellationClosed(_) => self.body.kind().term().to_owned(),
        }
    }

    /// Names this paper among all papers, for the identifier inside the PDF.
    pub(crate) fn ident(&self) -> String {
        let kind = self.body.kind();
        let Head { dossier, event, .. } = &self.head;
        format!("chuanglian/{dossier}/{event}/{}-{}", kind.key(), kind.version())
    }

    /// What the template reads.
    pub(crate) fn data(&self) -> Result<Value, Error> {
        let kind = self.body.kind();
        let unwritable =
            |why: serde_json::Error| Error::Template { kind: kind.key(), why: why.to_string() };
        let mut data = serde_json::to_value(self).map_err(unwritable)?;
        if let Body::Certificate(certificate) = &self.body {
            data["code"] = json!(qr::svg(&certificate.link)?);
        }
        data["kind"] = json!(kind.key());
        data["term"] = json!(kind.term());
        data["version"] = json!(kind.version());
        data["clauses"] = json!(kind.clauses());
        data["title"] = json!(self.title());
        Ok(data)
    }
}
