//! 协议的各版 — every version that ever stood, read out of the journal: what it said, who signed it,
//! and what made it void (Art. 6(2)). A signature binds its own version for ever and no other.

use jiff::civil::DateTime;
use serde::Serialize;

use super::Round;
use crate::{
    Dossier, Event,
    evolve::{JournalFault, Stamp, evolve},
    ids::UnitId,
    materials::Materials,
};

/// 一版协议.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// 版次.
    pub version: u32,
    /// Since when it stood.
    pub since: DateTime,
    /// By which event it came about.
    pub because: String,
    /// What it said: as it was locked, or as it last stood where it never was.
    pub materials: Materials,
    /// Who signed it, where it was locked.
    pub round: Option<Round>,
    /// Which party did not agree to sign it, and why.
    pub declined: Option<(UnitId, String)>,
    /// When another version took its place, and by which event.
    pub ended: Option<(DateTime, String)>,
}

/// 效力 — how a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 起草中.
    Draft,
    /// 签署中.
    Signing,
    /// 已生效.
    InForce,
    /// Signed by somebody, and another text took its place.
    Void,
    /// Signed by nobody, and another text took its place.
    Replaced,
}

impl Standing {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Draft => "起草中",
            Self::Signing => "签署中",
            Self::InForce => "已生效",
            Self::Void => "对旧文本有效，已失效",
            Self::Replaced => "已修改，没有人签署",
        }
    }
}

impl Edition {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        let signed = self.round.iter().flat_map(|round| &round.slots);
        let signed = signed.clone().any(|slot| slot.signature.is_some() || slot.seal.is_some());
        match (&self.ended, &self.round) {
            (Some(_), _) if signed => Standing::Void,
            (Some(_), _) => Standing::Replaced,
            (None, None) => Standing::Draft,
            (None, Some(round)) if round.effective_at.is_some() => Standing::InForce,
            (None, Some(_)) => Standing::Signing,
        }
    }

    /// Whether it says anything: naming and inviting count versions before a word is written.
    fn speaks(&self) -> bool {
        !self.materials.agreement.is_unwritten()
    }
}

/// Every version that says something, oldest first, and always the present one.
pub fn editions<'a>(
    events: impl IntoIterator<Item = (&'a Event, &'a Stamp)>,
) -> Result<Vec<Edition>, JournalFault> {
    let mut stands: Option<Dossier> = None;
    let mut all: Vec<Edition> = Vec::new();
    let mut locked = false;
    for (event, stamp) in events {
        let next = evolve(stands, event, stamp)?;
        let version = next.materials.agreement.version;
        let locks = matches!(event, Event::SigningStarted { .. });
        match all.last_mut().filter(|last| last.version == version) {
            // What is locked is what was signed, whatever becomes of the filing later.
            Some(last) if locks || !locked => last.materials.clone_from(&next.materials),
            Some(_) => {}
            None => {
                begin(&mut all, &next, event, stamp);
                locked = false;
            }
        }
        locked |= locks;
        stands = Some(next);
    }
    let Some(last) = stands else { return Ok(Vec::new()) };
    let agreement = &last.materials.agreement;
    for round in agreement.voided.iter().chain(&agreement.round) {
        let signed = all.iter_mut().find(|edition| edition.version == round.version);
        if let Some(signed) = signed {
            signed.round = Some(round.clone());
        }
    }
    all.retain(|edition| edition.ended.is_none() || edition.speaks());
    Ok(all)
}

fn begin(all: &mut Vec<Edition>, dossier: &Dossier, event: &Event, stamp: &Stamp) {
    if let Some(before) = all.last_mut() {
        before.ended = Some((stamp.at, event.title()));
        if let Event::SigningDeclined { unit, reason } = event {
            before.declined = Some((unit.clone(), reason.clone()));
        }
    }
    all.push(Edition {
        version: dossier.materials.agreement.version,
        since: stamp.at,
        because: event.title(),
        materials: dossier.materials.clone(),
        round: None,
        declined: None,
        ended: None,
    });
}
