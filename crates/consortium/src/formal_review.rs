//! 形式审查 — the checklist, corrections asked for once and at one go, and the result (Art. 6(5)).

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::{
    application::refuse_unmet,
    calendar::Due,
    context::Context,
    dossier::{CorrectionItem, Dossier, FormalReview, Judgement, Step},
    event::Event,
    measures::{self, Finding, Verdict},
    parameter::ParameterKey,
    refusal::Refusal,
    text::{self, Limit},
};

/// Most items of one correction notice.
pub const ITEMS_MAX: usize = 50;
/// Longest extension of a review or a correction, in working days.
pub const EXTENSION_DAYS_MAX: i64 = 30;

fn no_correction_open(stage: &FormalReview) -> Result<(), Refusal> {
    if stage.correction.is_none() {
        return Ok(());
    }
    Err(Refusal::not_now("6.5", "牵头单位正在补正", "收到补正后再办；期限在补正期间停计"))
}

/// The rules a person has to answer before the review can pass: each once, in order.
pub fn open_questions(findings: &[Finding]) -> Vec<&Finding> {
    let mut seen = BTreeSet::new();
    findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::AtDiscretion && seen.insert(&finding.rule))
        .collect()
}

/// 形式审查通过 — every machine rule met, every discretionary one answered by the reviewer.
pub fn pass(
    dossier: &Dossier,
    judgements: &[Judgement],
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.formal_review()?;
    no_correction_open(stage)?;
    dossier.another_person(ctx.actor, Step::FormalReview)?;
    let findings = measures::examine(dossier, ctx);
    refuse_unmet(&findings, "形式审查核验，有条件不符合")?;
    for finding in open_questions(&findings) {
        answered(finding, judgements)?;
    }
    Ok(vec![Event::FormalReviewPassed { findings, judgements: judgements.to_vec() }])
}

fn answered(finding: &Finding, judgements: &[Judgement]) -> Result<(), Refusal> {
    let field = format!("judgement-{}", finding.rule);
    let Some(judgement) = judgements.iter().find(|judgement| judgement.rule == finding.rule) else {
        let reason = format!("“{}”由审查人员判断，还没有判断", finding.facts);
        return Err(Refusal::field(&field, &reason, "选“符合”或“不符合”，并写明理由"));
    };
    text::required(
        &field,
        "判断的理由",
        &judgement.reason,
        Limit::Characters(text::PARAGRAPH_MAX),
    )?;
    if judgement.met {
        return Ok(());
    }
    let reason = format!("“{}”判断为不符合，不能通过", finding.facts);
    Err(Refusal::field(&field, &reason, "通知补正，或作不通过处理"))
}

/// 通知补正 — one consolidated notice; each item names its part, reason and clause.
pub fn request_correction(
    dossier: &Dossier,
    items: &[CorrectionItem],
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.formal_review()?;
    if let Some(correction) = &stage.correction
        && correction.items == items
    {
        return Ok(vec![]);
    }
    no_correction_open(stage)?;
    dossier.another_person(ctx.actor, Step::FormalReview)?;
    if items.is_empty() {
        return Err(Refusal::field("items", "写明要补正的内容", "至少列出一处"));
    }
    if items.len() > ITEMS_MAX {
        return Err(Refusal::field("items", &format!("一次最多 {ITEMS_MAX} 处"), "合并后再发"));
    }
    for item in items {
        text::paragraph("reason", "补正的理由", &item.reason)?;
        if measures::clause(&item.clause).is_none() {
            return Err(Refusal::field("clause", "条款号不在办法中", "从列表中选"));
        }
    }
    let due =
        ctx.calendar.due_under(&dossier.parameters, ParameterKey::CorrectionDays, ctx.today());
    if let Due::CalendarNotPublished { year } = due {
        return Err(Refusal::not_now(
            "6.5",
            &format!("{year} 年的工作日历还没有导入，补正期限算不出"),
            "导入日历后再发出通知",
        ));
    }
    Ok(vec![Event::CorrectionRequested { items: items.to_vec(), due: due.date() }])
}

/// 提交补正 — the rules are applied again before the office's clock runs on.
pub fn submit_correction(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.formal_review()?;
    if stage.correction.is_none() {
        if stage.corrected > 0 {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now("6.5", "现在没有要补正的内容", "等形式审查的结果"));
    }
    let findings = measures::examine(dossier, ctx);
    refuse_unmet(&findings, "补正后仍有条件不符合")?;
    Ok(vec![Event::CorrectionSubmitted { package: ctx.package_digest.clone(), findings }])
}

/// 补正逾期 — seen once the day has passed; not a decision: the reviewer waits, gives more time or
/// does not accept.
pub fn day_passed(stage: &FormalReview, ctx: &Context<'_>) -> Vec<Event> {
    let open = stage.correction.as_ref().filter(|correction| correction.overdue.is_none());
    let due = open.and_then(|correction| correction.due).filter(|due| ctx.today() > *due);
    due.map(|due| Event::CorrectionOverdue { due }).into_iter().collect()
}

/// The day on which the calendar looks at the correction.
pub fn next_day(stage: &FormalReview) -> Option<Date> {
    let open = stage.correction.as_ref().filter(|correction| correction.overdue.is_none())?;
    open.due?.tomorrow().ok()
}

/// 延长补正期限 — counted on from the day it was due, or from today where that is past.
pub fn extend_correction(
    dossier: &Dossier,
    days: i64,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let correction = dossier.formal_review()?.correction.as_ref();
    let Some((correction, due)) = correction.and_then(|open| Some((open, open.due?))) else {
        return Err(Refusal::not_now("6.5", "现在没有要延长的补正期限", "通知补正后再办"));
    };
    if correction.extended.as_ref().is_some_and(|(kept, why)| *kept == days && why == reason) {
        return Ok(vec![]);
    }
    text::paragraph("reason", "延长的理由", reason)?;
    within_limit(days)?;
    match ctx.calendar.due(due.max(ctx.today()), days, false) {
        Due::On { date } => {
            Ok(vec![Event::CorrectionExtended { days, due: date, reason: reason.to_owned() }])
        }
        Due::CalendarNotPublished { year } => Err(Refusal::not_now(
            "6.5",
            &format!("{year} 年的工作日历还没有导入，新的期限算不出"),
            "导入日历后再延长",
        )),
        Due::None => Ok(vec![]),
    }
}

fn within_limit(days: i64) -> Result<(), Refusal> {
    if (1..=EXTENSION_DAYS_MAX).contains(&days) {
        return Ok(());
    }
    let reason = format!("延长 1 到 {EXTENSION_DAYS_MAX} 个工作日");
    Err(Refusal::field("days", &reason, "核对天数"))
}

/// 延长审查期限 — with a reason; the earlier due day stays readable (J22).
pub fn extend(dossier: &Dossier, days: i64, reason: &str) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.formal_review()?;
    no_correction_open(stage)?;
    if stage.extensions.last().is_some_and(|(kept, why)| *kept == days && why == reason) {
        return Ok(vec![]);
    }
    text::paragraph("reason", "延长的理由", reason)?;
    within_limit(days)?;
    Ok(vec![Event::ReviewExtended { days, reason: reason.to_owned() }])
}

/// 形式审查不通过 — also when the day for a correction has passed and nothing was handed in.
pub fn not_accept(
    dossier: &Dossier,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.formal_review()?;
    let due = stage.correction.as_ref().and_then(|correction| correction.due);
    if due.is_none_or(|due| ctx.today() <= due) {
        no_correction_open(stage)?;
    }
    dossier.another_person(ctx.actor, Step::FormalReview)?;
    text::paragraph("reason", "不通过的理由", reason)?;
    Ok(vec![Event::NotAccepted { reason: reason.to_owned() }])
}
