//! 签署进度 — where each party stands with the text that is locked: invited, opened, signed, sealed,
//! overdue, reminded; who did it, when and by what (Art. 6(2)).
//!
//! That somebody opened the text has no effect in law: it is noted beside the journal, once a
//! version and unit, so that a lead knows whom to call.

use consortium::agreement::Round;
use consortium::change::Change;
use consortium::materials::Party;
use consortium::parameter::ParameterKey;
use consortium::view::{self, SlotView};
use consortium::{Dossier, actor::Actor};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Office, Result};

/// 打开 — that somebody of a party first opened the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// When, Asia/Shanghai.
    pub at: DateTime,
    /// In which capacity.
    pub by: String,
}

/// 签署位的状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// 已邀请: the text was locked, and nobody of the party has opened it.
    Invited,
    /// 已打开.
    Opened,
    /// 已签字，待盖章.
    Signed,
    /// 已盖章，待签字.
    Sealed,
    /// 已签字盖章.
    Complete,
    /// 超过期限.
    Overdue,
}

impl SlotState {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Invited => "已邀请，还没有打开",
            Self::Opened => "已打开，待签字盖章",
            Self::Signed => "已签字，待盖章",
            Self::Sealed => "已盖章，待签字",
            Self::Complete => "已签字盖章",
            Self::Overdue => "超过期限",
        }
    }
}

/// One party's place, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotProgress {
    /// The place.
    #[serde(flatten)]
    pub slot: SlotView,
    /// 状态.
    pub state: SlotState,
    /// The same, in words.
    pub state_term: &'static str,
    /// The day on which the text was locked and the party told.
    pub invited_on: Date,
    /// Who first opened it.
    pub opened: Option<Opening>,
    /// By when; `None` where the calendar does not reach so far.
    pub due: Option<Date>,
}

fn key(dossier: &Dossier, supplement: Option<u32>, round: &Round, unit: &str) -> String {
    let what = supplement.map(|no| format!("change-{no}/")).unwrap_or_default();
    format!("opened/{}/{what}{}/{unit}", dossier.id, round.version)
}

/// The number of the change whose supplement is open.
fn supplement(dossier: &Dossier) -> Option<u32> {
    dossier.open_supplement().map(|(change, ..)| change.no)
}

impl Office {
    /// Notes that somebody of a party whose signature or seal is awaited opened the text.
    pub async fn opened(&self, actor: &Actor, dossier: &Dossier) -> Result<()> {
        let Some(round) = dossier.signing_round() else { return Ok(()) };
        let awaited = actor.unit().and_then(|unit| round.slot(unit)).filter(|s| !s.complete());
        let Some(slot) = awaited else { return Ok(()) };
        let key = key(dossier, supplement(dossier), round, slot.unit.as_str());
        if self.inner.store.setting(&key).await?.is_some() {
            return Ok(());
        }
        let at = self.inner.clock.zoned().datetime();
        let opening = Opening { at, by: actor.capacity.term().to_owned() };
        let text = serde_json::to_string(&opening).unwrap_or_default();
        Ok(self.inner.store.set_setting(&key, &text).await?)
    }

    /// How far every party is with the agreement; none where it was not locked.
    pub async fn progress(&self, dossier: &Dossier) -> Result<Vec<SlotProgress>> {
        let Some(round) = &dossier.materials.agreement.round else { return Ok(vec![]) };
        self.progress_in(dossier, None, round, &[]).await
    }

    /// How far every party is with the supplement to a change; none where it was not locked.
    pub async fn supplement_progress(
        &self,
        dossier: &Dossier,
        change: &Change,
    ) -> Result<Vec<SlotProgress>> {
        let Some(kept) = &change.supplement else { return Ok(vec![]) };
        let Some(round) = &kept.round else { return Ok(vec![]) };
        self.progress_in(dossier, Some(change.no), round, &kept.parties).await
    }

    async fn progress_in(
        &self,
        dossier: &Dossier,
        supplement: Option<u32>,
        round: &Round,
        also: &[Party],
    ) -> Result<Vec<SlotProgress>> {
        let (calendar, today) = (self.calendar().await?, self.inner.clock.today());
        let days = (&dossier.parameters, ParameterKey::SigningDays);
        let due = calendar.due_under(days.0, days.1, round.since).date();
        let mut all = Vec::new();
        for slot in view::slots_of(also, &dossier.materials, round) {
            let key = key(dossier, supplement, round, slot.unit.as_str());
            let kept = self.inner.store.setting(&key).await?;
            let opened = kept.and_then(|text| serde_json::from_str(&text).ok());
            let state = state(&slot, opened.is_some(), due.is_some_and(|due| today > due));
            let (state_term, invited_on) = (state.term(), round.since);
            all.push(SlotProgress { slot, state, state_term, invited_on, opened, due });
        }
        Ok(all)
    }
}

fn state(slot: &SlotView, opened: bool, overdue: bool) -> SlotState {
    match (slot.signed_at.is_some(), slot.sealed_at.is_some()) {
        (true, true) => SlotState::Complete,
        _ if overdue => SlotState::Overdue,
        (true, false) => SlotState::Signed,
        (false, true) => SlotState::Sealed,
        (false, false) if opened => SlotState::Opened,
        (false, false) => SlotState::Invited,
    }
}
