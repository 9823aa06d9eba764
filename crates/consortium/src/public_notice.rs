//! 公示 — its two dates, the objections received in it, and the filing after it (Art. 6(5)).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    application::refuse_unmet,
    calendar::NotCovered,
    context::Context,
    dossier::{Dossier, Stage, Step},
    event::Event,
    ids::Personal,
    measures,
    parameter::ParameterKey,
    refusal::Refusal,
    text::{self, Limit},
};

/// Most objections one notice takes; far above any real one.
pub const OBJECTIONS_MAX: usize = 500;

/// 公示 with both dates, the last one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Working days.
    pub days: i64,
}

/// 异议办结的结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionEffect {
    /// 继续办理.
    Continue,
    /// 终止，不予备案.
    Terminate,
}

/// 异议的答复.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub on: Date,
    /// Whether it was upheld.
    pub upheld: bool,
    /// What follows.
    pub effect: ObjectionEffect,
    /// To the objector and the lead.
    pub reason: String,
    /// To the public, without names.
    pub public_reason: String,
}

/// 异议.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// 回执号.
    pub receipt: String,
    /// When it was received.
    pub on: Date,
    /// 异议人; seen by investigators only.
    pub objector: Personal,
    /// 联系方式; the same.
    pub contact: Personal,
    /// 类别.
    pub kind: String,
    /// 事实和理由.
    pub facts: String,
    /// 答复.
    pub answer: Option<Answer>,
}

/// 发布公示 — both dates are computed and printed; past the calendar it is refused (S31).
pub fn publish(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if matches!(dossier.stage, Stage::PublicNotice(_)) {
        return Ok(vec![]);
    }
    dossier.decision()?;
    if !dossier.decided_to_file() {
        return Err(Refusal::not_now("6.5", "还没有作出予以备案的决定", "决定确认后再公示"));
    }
    dossier.another_person(ctx.actor, Step::Publish)?;
    let findings = measures::standing(dossier, ctx);
    refuse_unmet(&findings, "公示前核验，有条件不符合")?;
    let from = first_day(dossier, ctx)?;
    let days = dossier.parameters.get(ParameterKey::NoticeDays);
    let include = dossier.parameters.yes(ParameterKey::NoticeIncludesFirstDay);
    let to = ctx.calendar.end_of_period(from, days, include).map_err(uncovered)?;
    Ok(vec![Event::NoticePublished { from, to, days, findings }])
}

fn first_day(dossier: &Dossier, ctx: &Context<'_>) -> Result<Date, Refusal> {
    let today = ctx.today();
    let include = dossier.parameters.yes(ParameterKey::NoticeIncludesFirstDay);
    let latest = dossier.parameters.get(ParameterKey::NoticeLatestHour);
    if include && i64::from(ctx.now.hour()) >= latest {
        return Err(Refusal::not_now(
            "6.5",
            &format!("{latest} 时以后发布，当日不足一日"),
            "下一个工作日再发布",
        ));
    }
    if include && !ctx.calendar.is_working_day(today).map_err(uncovered)? {
        return Err(Refusal::not_now("6.5", "今天不是工作日，公示期含发布当日", "工作日再发布"));
    }
    Ok(today)
}

fn uncovered(NotCovered { year }: NotCovered) -> Refusal {
    Refusal::not_now(
        "6.5",
        &format!("{year} 年的工作日历还没有导入，公示止期算不出"),
        "导入国务院办公厅的放假安排后再发布",
    )
}

/// What somebody states in an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionText {
    /// 真实姓名或单位全称.
    pub objector: Personal,
    /// 联系方式.
    pub contact: Personal,
    /// 类别.
    pub kind: String,
    /// 事实和理由.
    pub facts: String,
}

/// 提出异议 — under one's real name, within the period; the objector is protected.
pub fn object(
    dossier: &Dossier,
    text: &ObjectionText,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.public_notice()?;
    if ctx.today() > stage.notice.to || ctx.today() < stage.notice.from {
        return Err(Refusal::not_now(
            "6.5",
            &format!("公示已于 {} 结束", stage.notice.to),
            "可以向监督处反映，联系方式见页面底部",
        ));
    }
    if stage.objections.len() >= OBJECTIONS_MAX {
        return Err(Refusal::not_now("6.5", "本次公示收到的异议已达上限", "向监督处书面反映"));
    }
    let name = &text.objector.value;
    text::required("objector", "真实姓名或单位全称", name, Limit::Characters(60))?;
    text::required("contact", "联系方式", &text.contact.value, Limit::Characters(60))?;
    text::line("kind", "异议类别", &text.kind)?;
    text::section("facts", "事实和理由", &text.facts)?;
    if let Some(same) = stage
        .objections
        .iter()
        .find(|kept| kept.objector == text.objector && kept.facts == text.facts)
    {
        return Err(Refusal::not_now(
            "6.5",
            &format!("同样的异议已经收到，回执号 {}", same.receipt),
            "凭回执号查询办理情况",
        ));
    }
    // The receipt is chance plus position: it cannot be guessed from another one.
    let receipt = format!("YY{:03}-{:010}", stage.objections.len() + 1, ctx.seed % 10_000_000_000);
    Ok(vec![Event::ObjectionReceived {
        receipt,
        objector: text.objector.clone(),
        contact: text.contact.clone(),
        kind: text.kind.clone(),
        facts: text.facts.clone(),
    }])
}

/// 办结异议 — with reasons to both sides and one for the public.
pub fn conclude(
    dossier: &Dossier,
    receipt: &str,
    upheld: bool,
    effect: ObjectionEffect,
    reason: &str,
    public_reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.public_notice()?;
    let Some(objection) = stage.objections.iter().find(|kept| kept.receipt == receipt) else {
        return Err(Refusal::field("receipt", "没有这件异议", "从列表中选"));
    };
    if objection.answer.is_some() {
        return Ok(vec![]);
    }
    if !upheld && effect == ObjectionEffect::Terminate {
        return Err(Refusal::field("effect", "异议不成立的，不能据此终止", "选“继续办理”"));
    }
    text::paragraph("reason", "答复", reason)?;
    text::paragraph("public_reason", "公开的理由", public_reason)?;
    Ok(vec![Event::ObjectionConcluded {
        receipt: receipt.to_owned(),
        upheld,
        effect,
        reason: reason.to_owned(),
        public_reason: public_reason.to_owned(),
    }])
}

/// 予以备案 — after the notice has ended, with every objection answered (Arts. 4, 6(5)).
pub fn file(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if matches!(dossier.stage, Stage::Filed(_)) {
        return Ok(vec![]);
    }
    let stage = dossier.public_notice()?;
    let open = stage.open_objections().count();
    if open > 0 {
        return Err(Refusal::not_now(
            "6.5",
            &format!("还有 {open} 件异议没有办结"),
            "监督处办结并答复后再备案",
        ));
    }
    if ctx.today() <= stage.notice.to {
        return Err(Refusal::not_now(
            "6.5",
            &format!("公示到 {} 结束", stage.notice.to),
            "公示期满后再备案",
        ));
    }
    let findings = measures::standing(dossier, ctx);
    refuse_unmet(&findings, "备案时核验，有条件不符合")?;
    let year = ctx.today().year();
    let number = ctx
        .number_format
        .replace("{year}", &year.to_string())
        .replace("{n}", &ctx.next_sequence.to_string());
    Ok(vec![Event::Filed {
        number,
        sequence: ctx.next_sequence,
        first_report_year: crate::annual_report::first_year(ctx.today(), &dossier.parameters),
        findings,
    }])
}
