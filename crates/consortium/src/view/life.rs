//! 备案之后 — years, changes, support and the end, as seen.

use jiff::civil::Date;
use serde::Serialize;

use super::agreement::{SupplementView, supplement_view};
use crate::{
    access::Mask,
    agreement::supplement,
    annual_report,
    dossier::{Dossier, Filed, StageKind},
    measures::Finding,
    parameter::Signers,
};

/// A year of the reporting duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearView {
    /// The year.
    pub year: i16,
    /// `reported`, `late`, `missed`, `due`.
    pub state: &'static str,
}

/// What stands on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiledView {
    /// 备案编号.
    pub number: String,
    /// 备案日期.
    pub on: Date,
    /// Versions: number, day, what changed.
    pub versions: Vec<(u32, Date, String)>,
    /// The reporting duty, year by year.
    pub years: Vec<YearView>,
    /// Summaries, for those inside.
    pub reports: Vec<(i16, Date, annual_report::Summary)>,
    /// The next year owed.
    pub next_year: i16,
    /// Changes: number, class, kind, day, state in words.
    pub changes: Vec<ChangeView>,
    /// Conditions that wait for a person.
    pub doubts: Vec<Finding>,
    /// 承担的任务: number, title, level, until, how it ended.
    pub undertakings: Vec<(u32, String, String, Date, Option<String>)>,
    /// 支持措施: clause, measure, document, day.
    pub supports: Vec<(&'static str, String, String, Date)>,
    /// 终止申请.
    pub termination: Option<String>,
    /// 取消程序.
    pub cancellation: Option<CancellationView>,
}

/// A change as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Number.
    pub no: u32,
    /// A, B or C.
    pub class: char,
    /// 类型.
    pub kind: &'static str,
    /// When it was reported.
    pub on: Date,
    /// Who signs a supplement for it, in words; `None` where nobody does.
    pub signers: Option<&'static str>,
    /// 补充协议, for those inside.
    pub supplement: Option<SupplementView>,
    /// Why and what, for those inside.
    pub reason: Option<String>,
    /// `None` while open; whether accepted otherwise.
    pub accepted: Option<bool>,
    /// The Department's words, for those inside.
    pub answer: Option<String>,
}

/// A cancellation as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationView {
    /// 事由.
    pub ground: &'static str,
    /// The facts found, for those inside.
    pub facts: Option<String>,
    /// Since when.
    pub since: Date,
    /// When the notice was served.
    pub served_on: Option<Date>,
    /// The last day to speak.
    pub statement_due: Option<Date>,
    /// Statements made, for those inside.
    pub statements: Vec<(Date, String)>,
}

/// The reporting duty year by year, up to the next year owed; what ended owes nothing more.
pub fn years(dossier: &Dossier) -> Vec<YearView> {
    let Some(filed) = dossier.register_entry() else { return vec![] };
    let owes = dossier.stage_kind() == StageKind::Filed;
    let next = annual_report::next_year(filed);
    (filed.first_report_year..=next)
        .filter(|year| owes || *year < next)
        .map(|year| {
            let report = filed.reports.iter().find(|r| r.year == year && !r.after_window);
            let state = match report {
                Some(report) if report.late => "late",
                Some(_) => "reported",
                None if filed.missed.contains(&year) => "missed",
                None => "due",
            };
            YearView { year, state }
        })
        .collect()
}

pub(super) fn filed(dossier: &Dossier, filed: &Filed, mask: Mask) -> FiledView {
    let inside = mask.materials;
    let reports = filed.reports.iter().filter(|_| inside);
    FiledView {
        number: filed.number.clone(),
        on: filed.on,
        versions: filed.versions.iter().map(|v| (v.no, v.on, v.what.clone())).collect(),
        years: years(dossier),
        reports: reports.map(|r| (r.year, r.on, r.summary.clone())).collect(),
        next_year: annual_report::next_year(filed),
        changes: filed
            .changes
            .iter()
            .map(|change| ChangeView {
                no: change.no,
                class: change.kind.class(),
                kind: change.kind.term(),
                on: change.on,
                signers: match supplement::signers(change.kind, &dossier.parameters) {
                    Signers::Nobody => None,
                    signers => Some(signers.term()),
                },
                supplement: change
                    .supplement
                    .as_ref()
                    .filter(|_| inside)
                    .map(|kept| supplement_view(dossier, kept)),
                reason: inside.then(|| change.content.reason.clone()),
                accepted: change.decided.as_ref().map(|(_, accepted, _)| *accepted),
                answer: change.decided.as_ref().map(|(_, _, why)| why.clone()).filter(|_| inside),
            })
            .collect(),
        doubts: if mask.procedure { filed.doubts.clone() } else { vec![] },
        undertakings: filed
            .undertakings
            .iter()
            .filter(|_| inside)
            .map(|u| {
                let how = u.finished.as_ref().map(|(_, how)| how.clone());
                (u.no, u.title.clone(), u.level.clone(), u.until, how)
            })
            .collect(),
        supports: filed
            .supports
            .iter()
            .map(|s| (s.clause.id(), s.measure.clone(), s.document.clone(), s.on))
            .collect(),
        termination: filed.termination.as_ref().map(|t| t.circumstance.clone()).filter(|_| inside),
        cancellation: filed
            .cancellation
            .as_ref()
            .filter(|case| inside || case.served.is_some())
            .map(|case| CancellationView {
                ground: case.ground.term(),
                facts: inside.then(|| case.facts.clone()),
                since: case.since,
                served_on: case.served.as_ref().map(|served| served.on),
                statement_due: case.served.as_ref().map(|served| served.statement_due),
                statements: if inside { case.statements.clone() } else { vec![] },
            }),
    }
}
