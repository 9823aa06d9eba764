//! 事项的效果 — what each event makes of the dossier. State is this fold and nothing else.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each helper takes the events `apply` sends it; anything else is a journal fault"
)]

use jiff::civil::{Date, DateTime};

use crate::{
    access,
    actor::Actor,
    agreement::{self, Method, Paper, Proof, Remark, Round, Seal, Signature, Slot},
    annual_report::Report,
    cancellation::{Cancellation, Ground, Served},
    change::{Change, ChangeContent, ChangeKind, Termination, doubts},
    decision::{self, Draft, Matter, Outcome},
    dossier::{
        Accepted, Confirmed, Correction, Decision, Dossier, Drafting, End, Ended, ExpertReview,
        Filed, FormalReview, Judged, Opinion, PublicNotice, Recommendation, Recommended, Regime,
        Return, Signing, Stage, Step, Submission, Version,
    },
    event::Event,
    expert_review::{Conclusion, Declaration, Panel, Seat},
    ids::Digest,
    materials::{Intention, Materials, Party},
    name::Hold,
    public_notice::{Answer, Notice, Objection, ObjectionEffect},
    sealed,
    support::{Support, Undertaking},
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
        | Event::SigningDeclined { .. } => return signing(dossier, event, stamp),
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
        | Event::Returned { .. } => return recommendation(dossier, event, stamp),
        Event::Withdrawn { reason } => dossier.end(End::Withdrawn, on, reason),
        Event::RecommendationDeclined { reason } => dossier.end(End::NotRecommended, on, reason),
        Event::NotAccepted { reason } => dossier.end(End::NotAccepted, on, reason),
        Event::FormalReviewPassed { .. }
        | Event::CorrectionRequested { .. }
        | Event::CorrectionSubmitted { .. }
        | Event::CorrectionOverdue { .. }
        | Event::CorrectionExtended { .. }
        | Event::ReviewExtended { .. } => return formal_review(dossier, event, stamp),
        Event::PanelDrawn { .. }
        | Event::InterestDenied { .. }
        | Event::Recused { .. }
        | Event::SeatFilled { .. }
        | Event::SheetSubmitted { .. }
        | Event::SheetVoided { .. }
        | Event::ReviewConcluded { .. } => return expert_review(dossier, event, stamp),
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
            return confirmed(dossier, *matter, *outcome, reason, stamp);
        }
        Event::NoticePublished { .. }
        | Event::ObjectionReceived { .. }
        | Event::ObjectionConcluded { .. }
        | Event::Filed { .. } => return notice(dossier, event, stamp),
        Event::SupplementWritten { .. }
        | Event::SupplementLocked { .. }
        | Event::SupplementEffective { .. }
        | Event::SupplementDeclined { .. } => return supplement(dossier, event, on),
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
        | Event::CancellationDropped { .. } => return lifelong(dossier, event, on),
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

fn signing(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
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

fn opinion(stamp: &Stamp, text: &str) -> Opinion {
    Opinion { by: stamp.actor.person.clone(), on: stamp.on(), text: text.to_owned() }
}

fn recommendation(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
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

fn formal_review(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
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

fn expert_review(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
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

fn confirmed(
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

fn notice(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
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

fn lifelong(mut dossier: Dossier, event: &Event, on: Date) -> Option<Dossier> {
    if let Event::ChangeDecided { no, accepted, reason, parties, authority, findings } = event {
        let change = dossier.filed_mut()?.changes.iter_mut().find(|change| change.no == *no)?;
        change.decided = Some((on, *accepted, reason.clone()));
        let (kind, content) = (change.kind, change.content.clone());
        if *accepted {
            dossier.changed(kind, &content, parties, findings, on)?;
            if authority.is_some() {
                dossier.authority.clone_from(authority);
            }
        }
        return Some(dossier);
    }
    let regime = dossier.regime;
    let filed = dossier.filed_mut()?;
    match event.clone() {
        Event::ReportSubmitted { year, summary, late, after_window, findings } => {
            filed.reports.push(Report { year, on, summary, late, after_window });
            filed.lost(&findings, regime);
        }
        Event::PlanSubmitted { year, plan } => filed.plans.push((year, plan)),
        Event::ReportMissed { year, findings } => {
            filed.missed.push(year);
            filed.lost(&findings, regime);
        }
        Event::ChangeReported { no, kind, occurred_on, content } => {
            filed.changes.push(Change {
                no,
                on,
                kind,
                occurred_on,
                content,
                supplement: None,
                decided: None,
            });
        }
        Event::DoubtSettled { rule, .. } => {
            let (settled, open) = filed.doubts.drain(..).partition(|finding| finding.rule == rule);
            filed.doubts = open;
            filed.settled.extend::<Vec<_>>(settled);
        }
        Event::UndertakingRecorded { no, title, level, until } => {
            filed.undertakings.push(Undertaking { no, title, level, until, finished: None });
        }
        Event::UndertakingFinished { no, how } => {
            filed.undertakings.iter_mut().find(|kept| kept.no == no)?.finished = Some((on, how));
        }
        Event::SupportRecorded { clause, measure, document, on } => {
            filed.supports.push(Support { clause, measure, document, on });
        }
        Event::TerminationApplied { circumstance, resolution } => {
            filed.termination = Some(Termination { on, circumstance, resolution, draft: None });
        }
        Event::CancellationProposed { ground, facts } => {
            if let Ground::TwoYearsWithoutSummary { years } = &ground {
                filed.proposed = years.iter().max().copied();
            }
            filed.cancellation = Some(Cancellation {
                ground,
                facts,
                since: on,
                served: None,
                statements: Vec::new(),
                draft: None,
            });
        }
        Event::CancellationNoticeServed { served_on, proof, text, statement_due } => {
            filed.cancellation.as_mut()?.served =
                Some(Served { on: served_on, proof, text, statement_due });
        }
        Event::StatementMade { text } => filed.cancellation.as_mut()?.statements.push((on, text)),
        Event::CancellationDropped { .. } => filed.cancellation = None,
        _ => return None,
    }
    Some(dossier)
}

fn supplement(mut dossier: Dossier, event: &Event, on: Date) -> Option<Dossier> {
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

    fn filed_mut(&mut self) -> Option<&mut Filed> {
        match &mut self.stage {
            Stage::Filed(filed) => Some(filed),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::ExpertReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_)
            | Stage::Ended(_) => None,
        }
    }

    fn changed(
        &mut self,
        kind: ChangeKind,
        content: &ChangeContent,
        parties: &[Party],
        findings: &[crate::measures::Finding],
        on: Date,
    ) -> Option<()> {
        if let (ChangeKind::Name, Some(name)) = (kind, &content.new_name) {
            self.materials.name.clone_from(name);
        }
        self.materials.parties = parties.to_vec();
        let filed = self.filed_mut()?;
        let no = filed.versions.last().map_or(1, |version| version.no + 1);
        filed.versions.push(Version { no, on, what: kind.term().to_owned() });
        filed.doubts = doubts(findings);
        let settled = filed.settled.clone();
        filed.doubts.retain(|finding| !settled.contains(finding));
        Some(())
    }
}

impl Filed {
    /// Conditions that the yearly look found lost wait for a person. What the trial edition never
    /// asked for is not lost.
    fn lost(&mut self, findings: &[crate::measures::Finding], regime: Regime) {
        let asked = |rule: &str| regime == Regime::Current || rule != "R5.1c";
        let unmet = findings
            .iter()
            .filter(|f| f.verdict == crate::measures::Verdict::Unmet && asked(&f.rule));
        for finding in unmet {
            if !self.settled.contains(finding) && !self.doubts.contains(finding) {
                self.doubts.push(finding.clone());
            }
        }
    }
}
