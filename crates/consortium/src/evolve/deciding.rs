//! 审定和公示 — a decision confirmed, and the notice with its objections.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each takes the events that it is sent; anything else is a journal fault"
)]

use super::{Stamp, filed};
use crate::{
    access,
    decision::{self, Matter, Outcome},
    dossier::{Confirmed, Dossier, End, Filed, PublicNotice, Stage, Step},
    event::Event,
    public_notice::{Answer, Notice, Objection, ObjectionEffect},
};

pub(super) fn confirmed(
    mut dossier: Dossier,
    matter: Matter,
    outcome: Outcome,
    reason: &str,
    stamp: &Stamp,
) -> Option<Dossier> {
    let on = stamp.on();
    match (matter, outcome) {
        (Matter::Filing, Outcome::Grant) => {
            dossier.step(stamp, Step::Confirm);
            let Stage::Decision(stage) = &mut dossier.stage else { return None };
            let draft = stage.draft.take()?;
            stage.confirmed = Some(Confirmed { draft, by: stamp.actor.person.clone(), on });
        }
        (Matter::Filing, Outcome::Refuse) => dossier.end(End::NotFiled, on, reason),
        (Matter::Termination, Outcome::Grant) => dossier.end(End::Closed, on, reason),
        (Matter::Cancellation, Outcome::Grant) => {
            let Stage::Filed(filed) = &dossier.stage else { return None };
            let end = decision::cancelled_as(filed);
            dossier.end(end, on, reason);
        }
        (Matter::Termination, Outcome::Refuse) => {
            let Stage::Filed(filed) = &mut dossier.stage else { return None };
            filed.termination = None;
        }
        (Matter::Cancellation, Outcome::Refuse) => {
            let Stage::Filed(filed) = &mut dossier.stage else { return None };
            filed.cancellation = None;
        }
    }
    Some(dossier)
}

pub(super) fn notice(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let on = stamp.on();
    match event {
        Event::NoticePublished { from, to, days, .. } => {
            dossier.step(stamp, Step::Publish);
            let Stage::Decision(stage) = dossier.stage else { return None };
            dossier.stage = Stage::PublicNotice(PublicNotice {
                judged: stage.judged,
                decision: stage.confirmed?,
                notice: Notice { from: *from, to: *to, days: *days },
                objections: Vec::new(),
                draft: None,
            });
        }
        Event::ObjectionReceived { receipt, objector, contact, kind, facts } => {
            let Stage::PublicNotice(stage) = &mut dossier.stage else { return None };
            stage.objections.push(Objection {
                receipt: receipt.clone(),
                on,
                objector: objector.clone(),
                contact: contact.clone(),
                kind: kind.clone(),
                facts: facts.clone(),
                answer: None,
            });
        }
        Event::ObjectionConcluded { receipt, upheld, effect, reason, public_reason } => {
            let Stage::PublicNotice(stage) = &mut dossier.stage else { return None };
            let objection = stage.objections.iter_mut().find(|o| o.receipt == *receipt)?;
            objection.answer = Some(Answer {
                on,
                upheld: *upheld,
                effect: *effect,
                reason: reason.clone(),
                public_reason: public_reason.clone(),
            });
            if *effect == ObjectionEffect::Terminate {
                dossier.end(End::NotFiled, on, public_reason);
            }
        }
        Event::Filed { number, sequence, first_report_year, .. } => {
            if !access::is_public(&dossier) {
                return None;
            }
            let notice = match &dossier.stage {
                Stage::PublicNotice(stage) => Some((stage.notice.from, stage.notice.to)),
                _ => None,
            };
            let entry = filed(number, *sequence, on, *first_report_year, "首次备案");
            dossier.stage = Stage::Filed(Filed { notice, ..entry });
        }
        _ => return None,
    }
    Some(dossier)
}
