//! 名称预留 — a name is held for an application from the day it is named; unless it is handed in or
//! the hold is renewed, the name is free again after the days that a parameter says (Art. 6(1)).
//!
//! A lapse takes nothing but the name: the dossier stands as it stood, and its lead may reserve
//! the name again as long as nobody else has it.

use jiff::{ToSpan, civil::Date};

use crate::{
    context::Context,
    dossier::{Dossier, Stage},
    event::Event,
    parameter::{ParameterKey, Parameters},
    refusal::Refusal,
};

/// 名称的占用 — how a dossier holds its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// 预留: until a day, that day included.
    Reserved {
        /// The day it was reserved.
        since: Date,
        /// The last day.
        until: Date,
    },
    /// Handed in or on the register: until the dossier ends.
    Firm,
    /// 已到期: another may take the name.
    Lapsed {
        /// The last day on which it was held.
        until: Date,
    },
}

impl Hold {
    /// Reserved on a day under the pinned parameters.
    pub fn from(since: Date, parameters: &Parameters) -> Self {
        let days = parameters.get(ParameterKey::NameReservationDays);
        let until = since.checked_add(days.days()).unwrap_or(Date::MAX);
        Self::Reserved { since, until }
    }

    /// Whether nobody else may have the name.
    pub const fn holds(self) -> bool {
        !matches!(self, Self::Lapsed { .. })
    }
}

/// 续留、重新预留 — for the days of the parameter from today; twice on one day is once.
pub fn reserve(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Hold::Reserved { until: new, .. } = Hold::from(ctx.today(), ctx.parameters) else {
        return Ok(vec![]);
    };
    match dossier.hold {
        Hold::Firm => {
            return Err(Refusal::not_now("6.1", "材料已经提交，名称一直保留", "不用续留"));
        }
        Hold::Reserved { until, .. } if until >= new => return Ok(vec![]),
        Hold::Lapsed { .. } if ctx.name_taken_by.is_some() => {
            let reason = "名称预留到期后，已由另一件使用";
            return Err(Refusal::not_now("6.1", reason, "先更名，再提交材料"));
        }
        Hold::Lapsed { .. } => room_for_one_more(ctx)?,
        Hold::Reserved { .. } => {}
    }
    Ok(vec![Event::NameReserved { until: new }])
}

/// Refuses a lead that holds as many names as it may without having handed one in.
pub(crate) fn room_for_one_more(ctx: &Context<'_>) -> Result<(), Refusal> {
    let most = ctx.parameters.get(ParameterKey::NameReservationsMax);
    if i64::from(ctx.reservations) < most {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.1",
        &format!("本单位已预留 {} 个名称，还没有提交；同时最多 {most} 个", ctx.reservations),
        "先提交或撤回其中一件",
    ))
}

/// Refuses to hand in an application whose name is free for others.
pub(crate) fn held(dossier: &Dossier) -> Result<(), Refusal> {
    let Hold::Lapsed { until } = dossier.hold else { return Ok(()) };
    Err(Refusal::not_now(
        "6.1",
        &format!("名称预留已于 {until} 到期"),
        "先办“续留名称”；名称已由他人使用的，先更名",
    ))
}

/// 名称预留到期: what a day that has passed brings.
pub fn lapse(dossier: &Dossier, today: Date) -> Vec<Event> {
    match (dossier.hold, next_day(dossier)) {
        (Hold::Reserved { until, .. }, Some(day)) if day <= today => {
            vec![Event::NameLapsed { until }]
        }
        _ => vec![],
    }
}

/// The first day on which the name is free; `None` where it is held firmly or free already.
pub fn next_day(dossier: &Dossier) -> Option<Date> {
    let drafts = matches!(dossier.stage, Stage::Drafting(_) | Stage::Signing(_));
    match dossier.hold {
        Hold::Reserved { until, .. } if drafts => until.tomorrow().ok(),
        Hold::Reserved { .. } | Hold::Firm | Hold::Lapsed { .. } => None,
    }
}

/// Refuses a name of another form, with a reserved word, or held by another dossier; gives it as it
/// is kept.
pub(crate) fn usable(name: &str, ctx: &Context<'_>, field: &str) -> Result<String, Refusal> {
    let checked = super::check(name)
        .map_err(|fault| Refusal::field(field, &fault.to_string(), "改名后再试").under("6.1"))?;
    let hard = ctx.parameters.yes(ParameterKey::NameReservedHard);
    if let Some(word) = super::ruling::reserved(name).filter(|_| hard) {
        return Err(Refusal::field(field, &word.sentence(), "改名后再试").under("6.1"));
    }
    free(ctx, field)?;
    Ok(checked.to_string())
}

fn free(ctx: &Context<'_>, field: &str) -> Result<(), Refusal> {
    match ctx.name_taken_by {
        None => Ok(()),
        Some(by) => {
            let reason = format!("已有相同或相近的名称：{by}");
            Err(Refusal::field(field, &reason, "换一个能区分的名称").under("6.1"))
        }
    }
}
