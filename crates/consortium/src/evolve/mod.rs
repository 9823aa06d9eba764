//! 事项的效果 — what each event makes of the dossier. State is this fold and nothing else.

mod deciding;
mod lifelong;
mod review;
mod signing;

use jiff::civil::{Date, DateTime};

use crate::{
    actor::Actor,
    agreement::Remark,
    decision::{Draft, Matter},
    dossier::{Dossier, Drafting, End, Ended, Filed, Regime, Stage, Step, Version},
    event::Event,
    materials::{Intention, Materials, Party},
    name::Hold,
    sealed,
};

/// Who did it and when: what stands on the event's envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub actor: Actor,
    /// When, Asia/Shanghai.
    pub at: DateTime,
}

impl Stamp {
    fn on(&self) -> Date {
        self.at.date()
    }
}

/// A journal that does not fold: a corrupt file, never a refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {sequence} ({event}) does not fit the dossier's stage")]
pub struct JournalFault {
    /// Position in the dossier, from 1.
    pub sequence: u64,
    /// The event's title.
    pub event: String,
}

/// Folds a journal.
pub fn replay<'a>(
    events: impl IntoIterator<Item = (&'a Event, &'a Stamp)>,
) -> Result<Option<Dossier>, JournalFault> {
    let mut dossier = None;
    for (event, stamp) in events {
        dossier = Some(evolve(dossier, event, stamp)?);
    }
    Ok(dossier)
}

/// Applies one event.
pub fn evolve(
    dossier: Option<Dossier>,
    event: &Event,
    stamp: &Stamp,
) -> Result<Dossier, JournalFault> {
    let sequence = dossier.as_ref().map_or(1, |dossier| dossier.sequence + 1);
    let fault = || JournalFault { sequence, event: event.title() };
    let mut next = match dossier {
        None => opened(event, stamp),
        Some(dossier) => apply(dossier, event, stamp),
    }
    .ok_or_else(fault)?;
    next.sequence = sequence;
    next.issue(event, sequence, stamp.on());
    Ok(next)
}

fn opened(event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let since = stamp.on();
    if let Event::Opened { dossier, name, lead, parameters } = event {
        return Some(Dossier {
            id: dossier.clone(),
            regime: Regime::Current,
            parameters: parameters.clone(),
            materials: Materials::new(name.clone(), lead.clone()),
            hold: Hold::from(since, parameters),
            authority: None,
            stage: Stage::Drafting(Drafting { since, declined: None, returned: None }),
            steps: Vec::new(),
            issued: Vec::new(),
            sequence: 0,
        });
    }
    imported(event)
}

fn imported(event: &Event) -> Option<Dossier> {
    let Event::TrialFilingImported {
        dossier,
        name,
        parties,
        field,
        authority,
        number,
        sequence,
        filed_on,
        first_report_year,
        parameters,
    } = event
    else {
        return None;
    };
    let mut materials = Materials::new(name.clone(), parties.first()?.clone());
    materials.parties.clone_from(parties);
    materials.basics =
        Some(crate::materials::Basics { field: field.clone(), ..Default::default() });
    let filed = filed(number, *sequence, *filed_on, *first_report_year, "试行期备案转入");
    Some(Dossier {
        id: dossier.clone(),
        regime: Regime::Trial,
        parameters: parameters.clone(),
        materials,
        hold: Hold::Firm,
        authority: Some(authority.clone()),
        stage: Stage::Filed(filed),
        steps: Vec::new(),
        issued: Vec::new(),
        sequence: 0,
    })
}

fn filed(number: &str, sequence: u32, on: Date, first_report_year: i16, what: &str) -> Filed {
    Filed {
        number: number.to_owned(),
        sequence,
        on,
        first_report_year,
        notice: None,
        versions: vec![Version { no: 1, on, what: what.to_owned() }],
        reports: Vec::new(),
        plans: Vec::new(),
        missed: Vec::new(),
        changes: Vec::new(),
        doubts: Vec::new(),
        settled: Vec::new(),
        proposed: None,
        undertakings: Vec::new(),
        supports: Vec::new(),
        termination: None,
        cancellation: None,
    }
}

/// A method per group of events, each taking the stage the event needs.
fn apply(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let on = stamp.on();
    match event {
        Event::Opened { .. } | Event::TrialFilingImported { .. } => return None,
        Event::NameReserved { until } => {
            dossier.hold = Hold::Reserved { since: on, until: *until };
        }
        Event::NameLapsed { until } => dossier.hold = Hold::Lapsed { until: *until },
        Event::Renamed { name } => {
            dossier.materials.name.clone_from(name);
            if dossier.hold != Hold::Firm {
                dossier.hold = Hold::from(on, &dossier.parameters);
            }
            dossier.agreement_changed(on);
        }
        Event::Invited { party } => {
            dossier.materials.parties.retain(|kept| kept.unit != party.unit);
            dossier.materials.parties.push(party.clone());
            dossier.agreement_changed(on);
        }
        Event::InvitationAccepted { unit } => {
            dossier.party(unit)?.intention = Intention::Accepted { on };
        }
        Event::InvitationDeclined { unit, reason } => {
            dossier.party(unit)?.intention = Intention::Declined { on, reason: reason.clone() };
            dossier.agreement_changed(on);
        }
        Event::MemberRemoved { unit } => {
            dossier.materials.parties.retain(|kept| kept.unit != *unit);
            dossier.materials.forget(unit);
            dossier.agreement_changed(on);
        }
        Event::SectionWritten { section } => dossier.materials.write(section),
        Event::Attached { attachment } => dossier.materials.attachments.push(attachment.clone()),
        Event::Detached { digest } => {
            dossier.materials.attachments.retain(|kept| kept.digest != *digest);
        }
        Event::AgreementWritten { text } => {
            dossier.materials.agreement.text = text.clone();
            dossier.agreement_changed(on);
        }
        Event::SigningStarted { .. }
        | Event::Signed { .. }
        | Event::Sealed { .. }
        | Event::PaperOffered { .. }
        | Event::PaperConfirmed { .. }
        | Event::AgreementEffective { .. }
        | Event::SigningReminded { .. }
        | Event::SigningDeclined { .. } => return signing::apply(dossier, event, stamp),
        Event::SigningVoided { .. } => dossier.agreement_changed(on),
        Event::AgreementRemarked { unit, heading, remark, version } => {
            dossier.materials.agreement.remarks.push(Remark {
                unit: unit.clone(),
                heading: heading.clone(),
                remark: remark.clone(),
                version: *version,
                on,
                answer: None,
            });
        }
        Event::RemarkAnswered { no, answer } => {
            let at = usize::try_from(*no).ok()?.checked_sub(1)?;
            dossier.materials.agreement.remarks.get_mut(at)?.answer = Some(answer.clone());
        }
        Event::Submitted { .. }
        | Event::MaterialsChecked { .. }
        | Event::Recommended { .. }
        | Event::Returned { .. } => return review::recommendation(dossier, event, stamp),
        Event::Withdrawn { reason } => dossier.end(End::Withdrawn, on, reason),
        Event::RecommendationDeclined { reason } => dossier.end(End::NotRecommended, on, reason),
        Event::NotAccepted { reason } => dossier.end(End::NotAccepted, on, reason),
        Event::FormalReviewPassed { .. }
        | Event::CorrectionRequested { .. }
        | Event::CorrectionSubmitted { .. }
        | Event::CorrectionOverdue { .. }
        | Event::CorrectionExtended { .. }
        | Event::ReviewExtended { .. } => return review::formal_review(dossier, event, stamp),
        Event::PanelDrawn { .. }
        | Event::InterestDenied { .. }
        | Event::Recused { .. }
        | Event::SeatFilled { .. }
        | Event::SheetSubmitted { .. }
        | Event::SheetVoided { .. }
        | Event::ReviewConcluded { .. } => return review::expert_review(dossier, event, stamp),
        Event::DecisionDrafted { matter, outcome, reason } => {
            let draft = Draft {
                by: stamp.actor.person.clone(),
                on,
                outcome: *outcome,
                reason: reason.clone(),
            };
            *dossier.draft_mut(*matter)? = Some(draft);
            if *matter == Matter::Filing {
                dossier.step(stamp, Step::Draft);
            }
        }
        Event::DraftReturned { matter, .. } => *dossier.draft_mut(*matter)? = None,
        Event::DecisionConfirmed { matter, outcome, reason, .. } => {
            return deciding::confirmed(dossier, *matter, *outcome, reason, stamp);
        }
        Event::NoticePublished { .. }
        | Event::ObjectionReceived { .. }
        | Event::ObjectionConcluded { .. }
        | Event::Filed { .. } => return deciding::notice(dossier, event, stamp),
        Event::SupplementWritten { .. }
        | Event::SupplementLocked { .. }
        | Event::SupplementEffective { .. }
        | Event::SupplementDeclined { .. } => return signing::supplement(dossier, event, on),
        Event::ReportSubmitted { .. }
        | Event::PlanSubmitted { .. }
        | Event::ReportMissed { .. }
        | Event::ChangeReported { .. }
        | Event::ChangeDecided { .. }
        | Event::DoubtSettled { .. }
        | Event::UndertakingRecorded { .. }
        | Event::UndertakingFinished { .. }
        | Event::SupportRecorded { .. }
        | Event::TerminationApplied { .. }
        | Event::CancellationProposed { .. }
        | Event::CancellationNoticeServed { .. }
        | Event::StatementMade { .. }
        | Event::CancellationDropped { .. } => return lifelong::apply(dossier, event, on),
        Event::SealedAttached { .. } => return sealed::attached(dossier, event, stamp),
    }
    Some(dossier)
}

impl Dossier {
    fn party(&mut self, unit: &crate::ids::UnitId) -> Option<&mut Party> {
        self.materials.parties.iter_mut().find(|party| party.unit == *unit)
    }

    /// What is signed has changed: a new version with empty slots, and drafting again.
    fn agreement_changed(&mut self, on: Date) {
        self.materials.agreement.changed();
        if let Stage::Signing(signing) = &self.stage {
            let returned = signing.returned.clone();
            self.stage = Stage::Drafting(Drafting { since: on, declined: None, returned });
        }
    }

    fn step(&mut self, stamp: &Stamp, step: Step) {
        let taken = (stamp.actor.person.clone(), step);
        if !self.steps.contains(&taken) {
            self.steps.push(taken);
        }
    }

    fn end(&mut self, end: End, on: Date, reason: &str) {
        let filed = match &self.stage {
            Stage::Filed(filed) => Some(Box::new(filed.clone())),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::ExpertReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_)
            | Stage::Ended(_) => None,
        };
        self.stage = Stage::Ended(Ended { end, on, reason: reason.to_owned(), filed });
    }

    fn draft_mut(&mut self, matter: Matter) -> Option<&mut Option<Draft>> {
        match (&mut self.stage, matter) {
            (Stage::Decision(stage), Matter::Filing) => Some(&mut stage.draft),
            (Stage::PublicNotice(stage), Matter::Filing) => Some(&mut stage.draft),
            (Stage::Filed(filed), Matter::Termination) => {
                Some(&mut filed.termination.as_mut()?.draft)
            }
            (Stage::Filed(filed), Matter::Cancellation) => {
                Some(&mut filed.cancellation.as_mut()?.draft)
            }
            _ => None,
        }
    }
}
