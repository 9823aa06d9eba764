//! 取消备案资格 — by ground, with notice served, a period to speak, and two persons (Arts. 9, 11).
//!
//! Nothing is cancelled by a timer. Breach cancels (取消), falsehood voids (撤销), and closing on
//! application (注销) is [`crate::change`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Due,
    context::Context,
    decision::Draft,
    dossier::{Dossier, Filed},
    event::Event,
    ids::Digest,
    parameter::ParameterKey,
    refusal::Refusal,
    text,
};

/// 事由.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ground", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ground {
    /// 连续两年未提交总结 (Art. 9); only the calendar opens it.
    TwoYearsWithoutSummary {
        /// The two years.
        years: Vec<i16>,
    },
    /// 牵头单位组织不力，未按协议履约 (Art. 11).
    LeadFailed,
    /// 材料不真实: voids the filing (domain A23).
    Falsehood,
}

impl Ground {
    /// The clauses of the ground.
    pub const fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::TwoYearsWithoutSummary { .. } => &["9"],
            Self::LeadFailed => &["11"],
            Self::Falsehood => &["6.4", "11"],
        }
    }

    /// The Chinese term.
    pub const fn term(&self) -> &'static str {
        match self {
            Self::TwoYearsWithoutSummary { .. } => "连续两年未提交总结",
            Self::LeadFailed => "牵头单位组织不力，未按协议履约",
            Self::Falsehood => "备案材料不真实",
        }
    }
}

/// 送达.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// 送达日期.
    pub on: Date,
    /// 送达凭证, by digest.
    pub proof: Digest,
    /// 告知书的内容.
    pub text: String,
    /// 陈述申辩的截止日.
    pub statement_due: Date,
}

/// 取消程序.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// 事由.
    pub ground: Ground,
    /// 调查认定的事实.
    pub facts: String,
    /// Since when.
    pub since: Date,
    /// 事先告知书及其送达.
    pub served: Option<Served>,
    /// 陈述申辩.
    pub statements: Vec<(Date, String)>,
    /// 拟稿.
    pub draft: Option<Draft>,
}

fn case(filed: &Filed) -> Result<&Cancellation, Refusal> {
    filed
        .cancellation
        .as_ref()
        .ok_or_else(|| Refusal::not_now("11", "没有取消备案程序", "先启动程序并写明调查认定的事实"))
}

/// 启动取消程序 — by the supervisor, with the facts found (Art. 11).
pub fn propose(dossier: &Dossier, ground: &Ground, facts: &str) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    if let Some(case) = &filed.cancellation {
        if case.ground == *ground && case.facts == facts {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now("11", "已有一件取消程序在办", "在该件中办理"));
    }
    if let Ground::TwoYearsWithoutSummary { .. } = ground {
        return Err(Refusal::field(
            "ground",
            "这一事由由报送记录自动认定，不能手工启动",
            "选其他事由，或等报送期届满",
        )
        .under("9"));
    }
    text::section("facts", "调查认定的事实", facts)?;
    Ok(vec![Event::CancellationProposed { ground: ground.clone(), facts: facts.to_owned() }])
}

/// 送达事先告知书 — with proof of service; the period to speak runs from it.
pub fn serve(
    dossier: &Dossier,
    served_on: Date,
    proof: &Digest,
    notice: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    let case = case(filed)?;
    if let Some(served) = &case.served {
        if served.proof == *proof {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now("11", "事先告知书已经送达", "等陈述申辩期满"));
    }
    text::section("text", "告知书内容", notice)?;
    if proof.0.is_empty() {
        return Err(Refusal::field(
            "proof",
            "没有送达凭证，程序不能往下走",
            "上传送达回证或公告截图",
        )
        .under("11"));
    }
    if served_on > ctx.today() || served_on < case.since {
        return Err(Refusal::field("served_on", "送达日期要在立案之后、今天以前", "核对送达回证"));
    }
    let key = ParameterKey::CancellationStatementDays;
    let due = ctx.calendar.due_under(&dossier.parameters, key, served_on);
    let Due::On { date: statement_due } = due else {
        return Err(Refusal::not_now("11", "陈述申辩期的止日超出已公布的日历", "导入日历后再办"));
    };
    Ok(vec![Event::CancellationNoticeServed {
        served_on,
        proof: proof.clone(),
        text: notice.to_owned(),
        statement_due,
    }])
}

/// 陈述申辩.
pub fn state(dossier: &Dossier, statement: &str) -> Result<Vec<Event>, Refusal> {
    let case = case(dossier.filed()?)?;
    if case.statements.iter().any(|(_, kept)| kept == statement) {
        return Ok(vec![]);
    }
    if case.served.is_none() {
        return Err(Refusal::not_now("11", "事先告知书还没有送达", "收到告知书后再陈述申辩"));
    }
    text::section("text", "陈述申辩", statement)?;
    Ok(vec![Event::StatementMade { text: statement.to_owned() }])
}

/// Whether a decision may be drafted or confirmed: served, and the period to speak has passed.
pub(crate) fn ripe(filed: &Filed, ctx: &Context<'_>) -> Result<(), Refusal> {
    let case = case(filed)?;
    let Some(served) = &case.served else {
        return Err(Refusal::not_now(
            "11",
            "事先告知书没有送达凭证，不能作出决定",
            "先送达并上传送达凭证",
        ));
    };
    if ctx.today() <= served.statement_due {
        return Err(Refusal::not_now(
            "11",
            &format!("陈述申辩期到 {} 届满", served.statement_due),
            "期满后再作决定",
        ));
    }
    Ok(())
}

/// 终止取消程序 — the facts do not bear it out, or it was cured.
pub fn drop_case(dossier: &Dossier, reason: &str) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    if filed.cancellation.is_none() {
        return Ok(vec![]);
    }
    text::paragraph("reason", "终止程序的理由", reason)?;
    Ok(vec![Event::CancellationDropped { reason: reason.to_owned() }])
}
