//! 催签 — the lead reminds a party that its signature or seal is awaited, at most once a day.

use super::Slot;
use crate::{context::Context, dossier::Dossier, event::Event, ids::UnitId, refusal::Refusal};

/// 催签 — reminds one party; a second time on the same day it has already happened.
pub fn remind(dossier: &Dossier, unit: &UnitId, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let round = super::signing::open_round(dossier)?;
    let Some(slot) = round.slot(unit) else {
        return Err(Refusal::field("unit", "该单位不是这一版协议的签署方", "从签署方中选"));
    };
    if slot.complete() {
        return Err(Refusal::field("unit", "该单位已经签字并盖章", "从还没有签署的单位中选"));
    }
    let today = |slot: &Slot| slot.reminded.last().is_some_and(|at| at.date() == ctx.today());
    if today(slot) {
        return Ok(vec![]);
    }
    let (unit, version) = (unit.clone(), round.version);
    let supplement = super::signing::supplement(dossier);
    Ok(vec![Event::SigningReminded { unit, version, supplement }])
}
