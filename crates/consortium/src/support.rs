//! 支持措施与承担的任务 — what is done for a consortium, and what it has undertaken (Arts. 8, 10).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{dossier::Dossier, event::Event, refusal::Refusal, text};

/// Most undertakings and support measures of one consortium.
pub const RECORDS_MAX: usize = 1_000;

/// 支持政策的条款.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SupportClause {
    /// 8.1 优先推荐申报科技计划项目.
    #[serde(rename = "8.1")]
    Projects,
    /// 8.2 支持建设平台、创建企业、引育团队.
    #[serde(rename = "8.2")]
    Members,
    /// 8.3 产业技术高端智库与战略规划.
    #[serde(rename = "8.3")]
    ThinkTank,
    /// 8.4 优先选择为改革试点.
    #[serde(rename = "8.4")]
    Pilot,
}

impl SupportClause {
    /// Every clause of Art. 8.
    pub const ALL: [Self; 4] = [Self::Projects, Self::Members, Self::ThinkTank, Self::Pilot];

    /// The clause's id.
    pub const fn id(self) -> &'static str {
        self.clauses()[0]
    }

    /// The clause's id, as a list.
    pub const fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::Projects => &["8.1"],
            Self::Members => &["8.2"],
            Self::ThinkTank => &["8.3"],
            Self::Pilot => &["8.4"],
        }
    }

    /// In a few words.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Projects => "优先推荐科技计划项目",
            Self::Members => "支持平台、企业、团队",
            Self::ThinkTank => "智库与规划",
            Self::Pilot => "改革试点",
        }
    }
}

/// 支持措施.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// Under which clause.
    pub clause: SupportClause,
    /// What was done.
    pub measure: String,
    /// 文号或项目编号.
    pub document: String,
    /// When.
    pub on: Date,
}

/// 承担的任务.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undertaking {
    /// Counts from 1.
    pub no: u32,
    /// 名称.
    pub title: String,
    /// 级别.
    pub level: String,
    /// 执行期止.
    pub until: Date,
    /// How it ended: 完成 or 移交, when it did.
    pub finished: Option<(Date, String)>,
}

/// 记录支持措施.
pub fn record(
    dossier: &Dossier,
    clause: SupportClause,
    measure: &str,
    document: &str,
    on: Date,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    text::paragraph("measure", "支持措施", measure)?;
    text::line("document", "文号或项目编号", document)?;
    if on > today {
        return Err(Refusal::field("on", "落实日期晚于今天", "核对日期").under("8"));
    }
    let same = |kept: &Support| {
        kept.clause == clause && kept.measure == measure && kept.document == document
    };
    if filed.supports.iter().any(same) {
        return Ok(vec![]);
    }
    full(filed.supports.len())?;
    Ok(vec![Event::SupportRecorded {
        clause,
        measure: measure.to_owned(),
        document: document.to_owned(),
        on,
    }])
}

fn full(count: usize) -> Result<(), Refusal> {
    if count < RECORDS_MAX {
        return Ok(());
    }
    Err(Refusal::not_now("8", &format!("最多登记 {RECORDS_MAX} 条"), "联系平台运维"))
}

/// 登记承担的任务.
pub fn undertake(
    dossier: &Dossier,
    title: &str,
    level: &str,
    until: Date,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    text::line("title", "任务名称", title)?;
    text::line("level", "任务级别", level)?;
    if filed.undertakings.iter().any(|kept| kept.title == title && kept.until == until) {
        return Ok(vec![]);
    }
    full(filed.undertakings.len())?;
    let no = u32::try_from(filed.undertakings.len()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(vec![Event::UndertakingRecorded {
        no,
        title: title.to_owned(),
        level: level.to_owned(),
        until,
    }])
}

/// 任务完成或移交.
pub fn finish(dossier: &Dossier, no: u32, how: &str) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    let Some(undertaking) = filed.undertakings.iter().find(|kept| kept.no == no) else {
        return Err(Refusal::field("no", "没有这项任务", "从列表中选"));
    };
    if undertaking.finished.is_some() {
        return Ok(vec![]);
    }
    text::paragraph("how", "完成或移交情况", how)?;
    Ok(vec![Event::UndertakingFinished { no, how: how.to_owned() }])
}
