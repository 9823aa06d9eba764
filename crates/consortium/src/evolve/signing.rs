//! 签署 — what is locked, signed, sealed, voided: of the agreement, and of the supplement to a change.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each takes the events that it is sent; anything else is a journal fault"
)]

use jiff::civil::Date;

use super::Stamp;
use crate::{
    agreement::{self, Method, Paper, Proof, Round, Seal, Signature, Slot},
    dossier::{Dossier, Drafting, Signing, Stage},
    event::Event,
    ids::Digest,
};

fn signature(
    stamp: &Stamp,
    method: &str,
    proof: Option<Proof>,
    letter: Option<Digest>,
) -> Signature {
    Signature {
        person: stamp.actor.person.clone(),
        capacity: stamp.actor.capacity,
        method: method.to_owned(),
        proof,
        letter,
        at: stamp.at,
    }
}

fn sealed(stamp: &Stamp, scan: &Digest, method: &str, proof: Option<Proof>) -> Seal {
    let person = stamp.actor.person.clone();
    Seal { person, scan: scan.clone(), method: method.to_owned(), proof, at: stamp.at }
}

pub(super) fn apply(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let on = stamp.on();
    let agreement = &mut dossier.materials.agreement;
    match event {
        Event::SigningStarted { version, digest, parties, format } => {
            agreement.voided.extend(agreement.round.take());
            agreement.format = *format;
            agreement.round = Some(Round {
                version: *version,
                digest: digest.clone(),
                since: on,
                slots: parties.iter().map(Slot::empty).collect(),
                paper: None,
                effective_at: None,
            });
            if let Stage::Drafting(drafting) = &dossier.stage {
                let returned = drafting.returned.clone();
                dossier.stage = Stage::Signing(Signing { since: on, returned });
            }
        }
        Event::Signed { unit, digest, method, proof, letter, .. } => {
            dossier.round_over(digest)?.slot_mut(unit)?.signature =
                Some(signature(stamp, method, proof.clone(), letter.clone()));
        }
        Event::Sealed { unit, digest, scan, method, proof, .. } => {
            dossier.round_over(digest)?.slot_mut(unit)?.seal =
                Some(sealed(stamp, scan, method, proof.clone()));
        }
        Event::PaperOffered { scan, custodian, supplement, .. } => {
            let custodian = custodian.clone();
            let round = dossier.round_of(*supplement)?;
            round.paper = Some(Paper { scan: scan.clone(), custodian, on });
            round.slots.iter_mut().for_each(|slot| slot.only_confirms(scan));
        }
        Event::PaperConfirmed { unit, digest, scan, .. } => {
            let slot = dossier.round_over(digest)?.slot_mut(unit)?;
            let method = Method::Paper.name();
            slot.signature.get_or_insert_with(|| signature(stamp, method, None, None));
            slot.seal.get_or_insert_with(|| sealed(stamp, scan, method, None));
        }
        Event::SigningReminded { unit, supplement, .. } => {
            dossier.round_of(*supplement)?.slot_mut(unit)?.reminded.push(stamp.at);
        }
        Event::AgreementEffective { at, .. } => agreement.round.as_mut()?.effective_at = Some(*at),
        Event::SigningDeclined { unit, reason } => {
            agreement.changed();
            if matches!(dossier.stage, Stage::Signing(_)) {
                dossier.stage = Stage::Drafting(Drafting {
                    since: on,
                    declined: Some((unit.clone(), reason.clone())),
                    returned: None,
                });
            }
        }
        _ => return None,
    }
    Some(dossier)
}

pub(super) fn supplement(mut dossier: Dossier, event: &Event, on: Date) -> Option<Dossier> {
    let no = match event {
        Event::SupplementWritten { no, .. }
        | Event::SupplementLocked { no, .. }
        | Event::SupplementEffective { no, .. }
        | Event::SupplementDeclined { no, .. } => *no,
        _ => return None,
    };
    let change = dossier.filed_mut()?.changes.iter_mut().find(|change| change.no == no)?;
    let kept = change.supplement.get_or_insert_default();
    match event {
        Event::SupplementWritten { text, .. } => {
            kept.changed();
            kept.text.clone_from(text);
        }
        Event::SupplementLocked { version, digest, parties, .. } => {
            kept.round = Some(agreement::supplement::round(*version, digest, on, parties));
            kept.parties.clone_from(parties);
        }
        Event::SupplementEffective { at, .. } => kept.round.as_mut()?.effective_at = Some(*at),
        _ => kept.changed(),
    }
    Some(dossier)
}

impl Dossier {
    /// The round of the agreement, or of the supplement to a change.
    fn round_of(&mut self, supplement: Option<u32>) -> Option<&mut Round> {
        let Some(no) = supplement else { return self.materials.agreement.round.as_mut() };
        let change = self.filed_mut()?.changes.iter_mut().find(|change| change.no == no)?;
        change.supplement.as_mut()?.round.as_mut()
    }

    /// The round in which exactly this text is signed.
    fn round_over(&mut self, digest: &Digest) -> Option<&mut Round> {
        let agreement = self.materials.agreement.round.as_ref();
        if agreement.is_some_and(|round| round.digest == *digest) {
            return self.materials.agreement.round.as_mut();
        }
        let changes = &mut self.filed_mut()?.changes;
        let rounds =
            changes.iter_mut().filter_map(|change| change.supplement.as_mut()?.round.as_mut());
        rounds.into_iter().find(|round| round.digest == *digest)
    }
}
