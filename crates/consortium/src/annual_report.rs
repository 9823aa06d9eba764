//! 年度总结 — what is owed each year, what counts, and what two silent years lead to (Art. 9).
//!
//! "连续两年未提交总结": consecutive, not cumulative. A plan alone is not a summary; a late
//! summary is one. The machine only opens a proposal; people decide.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    cancellation::Ground,
    context::Context,
    dossier::{Dossier, Filed, Stage},
    event::Event,
    measures,
    parameter::{ParameterKey, Parameters},
    refusal::Refusal,
    text,
};

/// 年度总结 — the six contents of Art. 9(1)–(6); the sixth is the plan of the next year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// （一）内部制度建设情况.
    pub rules: String,
    /// （二）核心技术攻关、创新平台建设实施情况.
    pub research: String,
    /// （三）承担市场化成果转化或企业孵化情况.
    pub conversion: String,
    /// （四）新技术、新产品应用推广情况.
    pub promotion: String,
    /// （五）承担其他重要任务情况.
    pub other: String,
    /// （六）下一年度工作计划.
    pub plan: String,
}

impl Summary {
    /// Each content with its field, clause and heading.
    pub fn contents(&self) -> [(&'static str, &'static str, &'static str, &str); 6] {
        [
            ("rules", "9.1", "内部制度建设情况", &self.rules),
            ("research", "9.2", "核心技术攻关、创新平台建设实施情况", &self.research),
            ("conversion", "9.3", "承担市场化成果转化或企业孵化情况", &self.conversion),
            ("promotion", "9.4", "新技术、新产品应用推广情况", &self.promotion),
            ("other", "9.5", "承担其他重要任务情况", &self.other),
            ("plan", "9.6", "下一年度工作计划", &self.plan),
        ]
    }
}

/// A summary handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The year it is about.
    pub year: i16,
    /// When it was handed in.
    pub on: Date,
    /// Its contents.
    pub summary: Summary,
    /// 逾期: after the year's end.
    pub late: bool,
    /// After the window closed: noted, but the year stays missed.
    pub after_window: bool,
}

/// The first year owed: the year of filing when filed early enough, else the next (A25).
pub fn first_year(filed_on: Date, parameters: &Parameters) -> i16 {
    let last_day = parameters.day(ParameterKey::ReportFirstMonthDay, filed_on.year());
    if filed_on <= last_day { filed_on.year() } else { filed_on.year().saturating_add(1) }
}

/// The last day on which a summary of a year still counts (A26b).
pub fn window_closes(year: i16, parameters: &Parameters) -> Date {
    parameters.day(ParameterKey::ReportWindowCloses, year.saturating_add(1))
}

/// The day by which the summary of a year is due.
pub fn due(year: i16, parameters: &Parameters) -> Date {
    parameters.day(ParameterKey::ReportDue, year)
}

/// The next year for which something is owed: neither reported nor closed as missed.
pub fn next_year(filed: &Filed) -> i16 {
    let mut year = filed.first_report_year;
    while filed.reports.iter().any(|r| r.year == year && !r.after_window)
        || filed.missed.contains(&year)
    {
        year = year.saturating_add(1);
    }
    year
}

/// 报送年度总结.
pub fn report(
    dossier: &Dossier,
    year: i16,
    summary: &Summary,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let today = ctx.today();
    let filed = dossier.filed()?;
    if let Some(kept) = filed.reports.iter().find(|report| report.year == year) {
        if kept.summary == *summary {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now(
            "9",
            &format!("{year} 年度总结已经报送"),
            "需要更正的，联系自治区科技厅",
        ));
    }
    owed(filed, year, today)?;
    for (field, clause, heading, content) in summary.contents() {
        text::section(field, heading, content).map_err(|refusal| {
            let mut refusal = refusal.under(clause);
            if content.trim().is_empty() {
                "没有开展的，写“本年度未开展”并说明原因".clone_into(&mut refusal.remedy);
            }
            refusal
        })?;
    }
    let late = today > due(year, &dossier.parameters);
    let after_window = today > window_closes(year, &dossier.parameters);
    let findings = measures::standing(dossier, ctx);
    Ok(vec![Event::ReportSubmitted {
        year,
        summary: summary.clone(),
        late,
        after_window,
        findings,
    }])
}

fn owed(filed: &Filed, year: i16, today: Date) -> Result<(), Refusal> {
    if year < filed.first_report_year {
        let reason = format!("{year} 年度没有报送义务，从 {} 年度起报", filed.first_report_year);
        return Err(Refusal::field("year", &reason, "选应报的年度").under("9"));
    }
    if year > today.year() {
        return Err(
            Refusal::field("year", &format!("{year} 年度还没有开始"), "选应报的年度").under("9")
        );
    }
    Ok(())
}

/// 只报送下一年度计划 — kept, and said not to be a summary (S19).
pub fn plan(dossier: &Dossier, year: i16, plan: &str, today: Date) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    owed(filed, year, today)?;
    text::section("plan", "下一年度工作计划", plan)?;
    if filed.plans.iter().any(|(kept, text)| *kept == year && text == plan) {
        return Ok(vec![]);
    }
    Ok(vec![Event::PlanSubmitted { year, plan: plan.to_owned() }])
}

/// 日历走过 — closes each ended window without a summary; two in a row open a proposal.
///
/// Looks at days, not at ticks: run twice it answers nothing new, and after a month's sleep it
/// catches up year by year.
pub fn day_passed(dossier: &Dossier, ctx: &Context<'_>) -> Vec<Event> {
    let Stage::Filed(filed) = &dossier.stage else { return vec![] };
    let mut filed = filed.clone();
    let mut events = Vec::new();
    loop {
        let year = next_year(&filed);
        if ctx.today() <= window_closes(year, &dossier.parameters) {
            break;
        }
        filed.missed.push(year);
        // Art. 5 is looked at once a year, whether or not the lead reports.
        let findings = measures::standing(dossier, ctx);
        events.push(Event::ReportMissed { year, findings });
    }
    if filed.cancellation.is_none()
        && let Some(year) = silent_years(&filed)
    {
        let facts = format!("{} 年度、{year} 年度连续两年未提交年度总结", year - 1);
        let ground = Ground::TwoYearsWithoutSummary { years: vec![year - 1, year] };
        events.push(Event::CancellationProposed { ground, facts });
    }
    events
}

/// The first pair of silent years, by its second year, that was not yet put to people.
fn silent_years(filed: &Filed) -> Option<i16> {
    let fresh = |year: &i16| filed.proposed.is_none_or(|proposed| *year > proposed);
    filed.missed.iter().copied().filter(fresh).filter(|year| two_years_missed(filed, *year)).min()
}

/// R9c 连续两年未提交.
pub fn two_years_missed(filed: &Filed, year: i16) -> bool {
    filed.missed.contains(&year) && filed.missed.contains(&(year - 1))
}

/// The day on which the calendar has something to do again; a day past where a pair of silent
/// years waits only for another case to end.
pub fn next_day(dossier: &Dossier) -> Option<Date> {
    let Stage::Filed(filed) = &dossier.stage else { return None };
    let waiting = silent_years(filed).filter(|_| filed.cancellation.is_none());
    let year = waiting.unwrap_or_else(|| next_year(filed));
    window_closes(year, &dossier.parameters).tomorrow().ok()
}
