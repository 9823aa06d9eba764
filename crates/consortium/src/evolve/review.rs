//! 推荐、形式审查、专家评审 — the stages from the submission to the panel's conclusion.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each takes the events that it is sent; anything else is a journal fault"
)]

use jiff::civil::Date;

use super::Stamp;
use crate::{
    dossier::{
        Accepted, Correction, Decision, Dossier, ExpertReview, FormalReview, Judged, Opinion,
        Recommendation, Recommended, Return, Signing, Stage, Step, Submission,
    },
    event::Event,
    expert_review::{Conclusion, Declaration, Panel, Seat},
    name::Hold,
};

fn opinion(stamp: &Stamp, text: &str) -> Opinion {
    Opinion { by: stamp.actor.person.clone(), on: stamp.on(), text: text.to_owned() }
}

pub(super) fn recommendation(
    mut dossier: Dossier,
    event: &Event,
    stamp: &Stamp,
) -> Option<Dossier> {
    let on = stamp.on();
    match event {
        Event::Submitted { package, at, authority, findings, parameters } => {
            let submission = Submission {
                at: *at,
                package: package.clone(),
                findings: findings.clone(),
                authority: authority.clone(),
            };
            dossier.parameters = parameters.clone();
            dossier.hold = Hold::Firm;
            dossier.authority = Some(authority.clone());
            dossier.stage =
                Stage::Recommendation(Recommendation { submission, since: on, check: None });
        }
        Event::MaterialsChecked { opinion: text } => {
            dossier.step(stamp, Step::Check);
            let Stage::Recommendation(stage) = &mut dossier.stage else { return None };
            stage.check = Some(opinion(stamp, text));
        }
        Event::Recommended { opinion: text, .. } => {
            dossier.step(stamp, Step::Recommend);
            let Stage::Recommendation(stage) = dossier.stage else { return None };
            let recommended =
                Recommended { submission: stage.submission, opinion: opinion(stamp, text) };
            dossier.stage = Stage::FormalReview(FormalReview {
                recommended,
                since: on,
                extensions: Vec::new(),
                correction: None,
                corrected: 0,
            });
        }
        Event::Returned { reason } => {
            dossier.steps.retain(|(_, step)| *step != Step::Check);
            let returned = Some(Return { on, reason: reason.clone() });
            dossier.stage = Stage::Signing(Signing { since: on, returned });
        }
        _ => return None,
    }
    Some(dossier)
}

pub(super) fn formal_review(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let on = stamp.on();
    if matches!(event, Event::FormalReviewPassed { .. } | Event::CorrectionRequested { .. }) {
        dossier.step(stamp, Step::FormalReview);
    }
    let Stage::FormalReview(stage) = &mut dossier.stage else { return None };
    match event {
        Event::FormalReviewPassed { findings, judgements } => {
            let accepted = Accepted {
                recommended: stage.recommended.clone(),
                findings: findings.clone(),
                judgements: judgements.clone(),
                on,
            };
            dossier.stage = Stage::ExpertReview(ExpertReview { accepted, since: on, panel: None });
        }
        Event::CorrectionRequested { items, due } => {
            let items = items.clone();
            stage.correction =
                Some(Correction { on, due: *due, overdue: None, extended: None, items });
        }
        Event::CorrectionOverdue { .. } => stage.correction.as_mut()?.overdue = Some(on),
        Event::CorrectionExtended { days, due, reason } => {
            let correction = stage.correction.as_mut()?;
            (correction.due, correction.overdue) = (Some(*due), None);
            correction.extended = Some((*days, reason.clone()));
        }
        Event::CorrectionSubmitted { package, findings } => {
            stage.correction = None;
            stage.corrected += 1;
            stage.since = on;
            stage.recommended.submission.package = package.clone();
            stage.recommended.submission.findings.clone_from(findings);
        }
        Event::ReviewExtended { days, reason } => stage.extensions.push((*days, reason.clone())),
        _ => return None,
    }
    Some(dossier)
}

fn seat(seating: &crate::expert_review::Seating) -> Seat {
    Seat { seating: seating.clone(), declaration: Declaration::Pending, sheet: None, voided: None }
}

pub(super) fn expert_review(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let on = stamp.on();
    match event {
        Event::PanelDrawn { seed, candidates, excluded, seats, reserve } => {
            dossier.step(stamp, Step::Convene);
            let Stage::ExpertReview(stage) = &mut dossier.stage else { return None };
            stage.panel = Some(Panel {
                seed: *seed,
                on,
                size: seats.len(),
                excluded: excluded.clone(),
                candidates: candidates.clone(),
                seats: seats.iter().map(seat).collect(),
                reserve: reserve.clone(),
            });
        }
        Event::SheetVoided { expert, reason } => {
            let panel = dossier.reopened_panel(on)?;
            panel.seats.iter_mut().find(|s| s.seating.expert == *expert && s.sits())?.voided =
                Some(reason.clone());
        }
        Event::ReviewConcluded { conclusion } => return concluded(dossier, conclusion, on),
        Event::InterestDenied { expert }
        | Event::Recused { expert, .. }
        | Event::SheetSubmitted { expert, .. } => {
            let Stage::ExpertReview(stage) = &mut dossier.stage else { return None };
            let panel = stage.panel.as_mut()?;
            let seat = panel.seats.iter_mut().find(|s| s.seating.expert == *expert && s.sits())?;
            match event {
                Event::SheetSubmitted { sheet, .. } => seat.sheet = Some(sheet.clone()),
                Event::Recused { reason, .. } => {
                    seat.declaration = Declaration::Recused(reason.clone());
                }
                _ => seat.declaration = Declaration::Clear(on),
            }
        }
        Event::SeatFilled { seating } => {
            let Stage::ExpertReview(stage) = &mut dossier.stage else { return None };
            let panel = stage.panel.as_mut()?;
            panel.reserve.retain(|expert| *expert != seating.expert);
            panel.seats.push(seat(seating));
        }
        _ => return None,
    }
    Some(dossier)
}

impl Dossier {
    /// The panel, put back to work where a conclusion rested on a sheet that is struck now.
    fn reopened_panel(&mut self, on: Date) -> Option<&mut Panel> {
        if let Stage::Decision(stage) = &self.stage {
            let accepted = stage.judged.accepted.clone();
            let panel = Some(stage.judged.panel.clone());
            self.stage = Stage::ExpertReview(ExpertReview { accepted, since: on, panel });
        }
        match &mut self.stage {
            Stage::ExpertReview(stage) => stage.panel.as_mut(),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_)
            | Stage::Filed(_)
            | Stage::Ended(_) => None,
        }
    }
}

fn concluded(mut dossier: Dossier, conclusion: &Conclusion, on: Date) -> Option<Dossier> {
    let Stage::ExpertReview(stage) = dossier.stage else { return None };
    let judged =
        Judged { accepted: stage.accepted, panel: stage.panel?, conclusion: conclusion.clone() };
    dossier.stage = Stage::Decision(Decision { judged, since: on, draft: None, confirmed: None });
    Some(dossier)
}
