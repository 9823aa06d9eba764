//! 文书一览 — which event asks for which paper, and who reads it.

use consortium::{
    Dossier, Event,
    access::{self, Mask},
    actor::Actor,
    decision::{Matter, Outcome},
};
use documents::Kind;

/// The papers an event asks for.
pub fn asked_by(event: &Event) -> &'static [Kind] {
    match event {
        Event::AgreementEffective { .. } => &[Kind::Agreement],
        Event::Submitted { .. } => &[Kind::Application, Kind::SubmissionReceipt],
        Event::Recommended { .. } => &[Kind::Recommendation],
        Event::RecommendationDeclined { .. } => &[Kind::NotRecommended],
        Event::FormalReviewPassed { .. } => &[Kind::Acceptance],
        Event::CorrectionRequested { .. } => &[Kind::Correction],
        Event::CorrectionSubmitted { .. } => &[Kind::Application],
        Event::NotAccepted { .. } => &[Kind::NotAccepted],
        Event::SheetSubmitted { .. } => &[Kind::ReviewSheet],
        Event::ReviewConcluded { .. } => &[Kind::ReviewSummary],
        Event::DecisionConfirmed { matter, outcome, .. } => decided(*matter, *outcome),
        Event::NoticePublished { .. } => &[Kind::PublicNotice],
        Event::ObjectionReceived { .. } => &[Kind::ObjectionReceipt],
        Event::Filed { .. } => &[Kind::FilingNotice, Kind::Certificate],
        Event::TrialFilingImported { .. } => &[Kind::Certificate],
        Event::ReportSubmitted { .. } => &[Kind::AnnualReport],
        Event::ChangeReported { .. } => &[Kind::ChangeReport],
        Event::ChangeDecided { accepted: true, .. } => &[Kind::ChangeAnswer, Kind::Certificate],
        Event::ChangeDecided { accepted: false, .. } => &[Kind::ChangeAnswer],
        Event::CancellationNoticeServed { .. } => &[Kind::CancellationNotice, Kind::ServiceReceipt],
        Event::CancellationDropped { .. } => &[Kind::CancellationClosed],
        _ => &[],
    }
}

fn decided(matter: Matter, outcome: Outcome) -> &'static [Kind] {
    match (matter, outcome) {
        // A filing granted is told by the notice and the certificate.
        (Matter::Filing, Outcome::Grant) => &[],
        (Matter::Filing, Outcome::Refuse) => &[Kind::NotFiled],
        (Matter::Termination, Outcome::Grant) => &[Kind::TerminationDecision, Kind::Announcement],
        (Matter::Termination, Outcome::Refuse) => &[Kind::TerminationDecision],
        (Matter::Cancellation, Outcome::Grant) => &[Kind::CancellationDecision, Kind::Announcement],
        (Matter::Cancellation, Outcome::Refuse) => &[Kind::CancellationClosed],
    }
}

/// Whether everybody reads it, once the dossier is public.
pub fn public(kind: Kind) -> bool {
    matches!(kind, Kind::PublicNotice | Kind::FilingNotice | Kind::Certificate | Kind::Announcement)
}

/// Whether somebody who reads the dossier reads this paper of it: the mask of the dossier's page
/// is the mask of its papers.
pub fn may_read(actor: &Actor, dossier: &Dossier, kind: Kind) -> bool {
    let mask = access::mask(actor, dossier);
    access::may_read(actor, dossier).is_ok() && (public(kind) || shows(mask, kind))
}

fn shows(mask: Mask, kind: Kind) -> bool {
    match kind {
        Kind::PublicNotice | Kind::FilingNotice | Kind::Certificate | Kind::Announcement => true,
        Kind::Application | Kind::Agreement => mask.materials && mask.secrets,
        Kind::SubmissionReceipt
        | Kind::AnnualReport
        | Kind::ChangeReport
        | Kind::ChangeAnswer
        | Kind::CancellationNotice
        | Kind::ServiceReceipt
        | Kind::CancellationDecision
        | Kind::CancellationClosed
        | Kind::TerminationDecision
        | Kind::Rectification
        | Kind::HearingNotice => mask.materials,
        Kind::Recommendation
        | Kind::NotRecommended
        | Kind::Acceptance
        | Kind::Correction
        | Kind::NotAccepted
        | Kind::NotFiled => mask.procedure,
        Kind::ReviewSheet | Kind::ReviewSummary => mask.sheets,
        Kind::ObjectionReceipt => mask.objectors,
    }
}

#[cfg(test)]
mod tests {
    use consortium::official_paper::OfficialPaper;
    use serde_json::Value;

    use super::*;

    /// Every event of a dossier, as the golden file of the law has it.
    fn events() -> Vec<Event> {
        let golden = include_str!("../../../consortium/tests/golden/events.json");
        let golden: Value = serde_json::from_str(golden).unwrap();
        let events = golden["dossier"].as_array().unwrap().iter();
        events.map(|event| serde_json::from_value(event.clone()).unwrap()).collect()
    }

    #[test]
    fn an_official_paper_is_made_by_the_event_that_issues_it() {
        let official = |key: &&str| OfficialPaper::ALL.iter().any(|paper| paper.name() == *key);
        for event in events() {
            let issued: Vec<_> =
                OfficialPaper::issued_by(&event).iter().map(|p| p.name()).collect();
            let made = asked_by(&event).iter().map(|kind| kind.key()).filter(official);
            assert_eq!(issued, made.collect::<Vec<_>>(), "{}", event.title());
        }
        for paper in OfficialPaper::ALL {
            let kind = Kind::named(paper.name()).expect("a paper of that name");
            assert_eq!(kind.term(), paper.term());
            let clauses = paper.clauses().iter();
            assert!(clauses.into_iter().all(|clause| kind.clauses().contains(clause)), "{paper:?}");
        }
    }
}
