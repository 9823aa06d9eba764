//! 备案以后 — reports, changes, support, cancellation and closing.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each takes the events that it is sent; anything else is a journal fault"
)]

use jiff::civil::Date;

use crate::{
    annual_report::Report,
    cancellation::{Cancellation, Ground, Served},
    change::{Change, ChangeContent, ChangeKind, Termination, doubts},
    dossier::{Dossier, Filed, Regime, Stage, Version},
    event::Event,
    materials::Party,
    support::{Support, Undertaking},
};

pub(super) fn apply(mut dossier: Dossier, event: &Event, on: Date) -> Option<Dossier> {
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

impl Dossier {
    pub(super) fn filed_mut(&mut self) -> Option<&mut Filed> {
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
