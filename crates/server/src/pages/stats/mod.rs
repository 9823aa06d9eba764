//! 统计 — figures of the register as tables and pictures, all kept by the lists themselves.

mod network;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::routing::get;
use consortium::actor::{Actor, Side};
use consortium::dossier::StageKind;
use consortium::ids::DossierId;
use consortium::register::Status;
use consortium::unit::UnitKind;
use store::{RegisterQuery, lists};

use crate::api::table::Object as O;
use crate::clock;
use crate::http::{Answer, Fault, Visitor};
use crate::office::RegisterFigures;
use crate::pages::page;
use crate::pages::registry::Line;
use crate::pages::registry::charts::{Bars, Hexagons, PlainBars};
use crate::pages::shell::{Shell, ui};
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;
use network::Network;

/// Consortia in the table of reports.
const REPORTED: i64 = 15;
/// Consortia in the picture of shared members.
const DRAWN: usize = 9;

/// The pages.
pub(crate) const ROUTES: &[Route] = &[shows("/stats", By::Public, O::Register, || get(show))];

#[derive(Template)]
#[template(path = "stats/stats.html")]
struct StatsPage {
    shell: Shell,
    as_of: String,
    figures: Arc<RegisterFigures>,
    hexagons: Hexagons,
    bars: Bars,
    statuses: PlainBars,
    kinds: PlainBars,
    /// Where dossiers stand, for the Department.
    stages: Option<PlainBars>,
    years: Vec<i64>,
    lines: Vec<Line>,
    network: Network,
}

async fn show(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let figures = state.office.figures().await?;
    let read = state.store.read(|tx| {
        let overdue = RegisterQuery {
            status: Some(Status::ReportOverdue.name().to_owned()),
            limit: REPORTED,
            ..RegisterQuery::default()
        };
        let newest = RegisterQuery { limit: REPORTED, ..RegisterQuery::default() };
        let mut rows = lists::register(tx, &overdue)?;
        rows.extend(lists::register(tx, &newest)?);
        Ok((lists::tallies(tx, "")?, rows))
    });
    let (tallies, mut rows) = read.await?;
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| seen.insert(row.id.clone()));
    rows.truncate(usize::try_from(REPORTED).unwrap_or(usize::MAX));
    let live: Vec<String> = rows
        .iter()
        .filter(|row| row.stage == StageKind::Filed.name())
        .map(|row| row.id.clone())
        .collect();
    let lines: Vec<Line> = rows.into_iter().map(Line::of).collect();
    let tallies: BTreeMap<String, i64> = tallies.into_iter().collect();
    let inside = matches!(visitor.actor().side, Side::Department);
    page(&StatsPage {
        as_of: clock::written(state.clock.now_ms()),
        hexagons: Hexagons::of("hx", &figures.leagues),
        bars: Bars::of(&figures.years),
        statuses: statuses(&tallies),
        kinds: kinds(&tallies),
        stages: inside.then(|| stages(&tallies)),
        years: years(&lines),
        network: network(&state, live).await?,
        shell: Shell::new(&visitor, "统计与开放数据")
            .about("创新联合体备案统计：盟市、领域、年度、状态"),
        figures,
        lines,
    })
}

fn count(tallies: &BTreeMap<String, i64>, key: &str) -> i64 {
    tallies.get(key).copied().unwrap_or(0)
}

fn statuses(tallies: &BTreeMap<String, i64>) -> PlainBars {
    let bar = |status: Status| {
        let href = match status {
            Status::OnNotice => "/notices".to_owned(),
            other => format!("/?status={}#register", other.name()),
        };
        (status.term().to_owned(), href, count(tallies, &format!("status/{}", status.name())))
    };
    PlainBars::of(Status::ALL.map(bar).into_iter().collect())
}

fn kinds(tallies: &BTreeMap<String, i64>) -> PlainBars {
    let bar = |kind: UnitKind| {
        let figure = count(tallies, &format!("party/{}", kind.name()));
        (kind.term().to_owned(), String::new(), figure)
    };
    PlainBars::of(UnitKind::ALL.map(bar).into_iter().collect())
}

fn stages(tallies: &BTreeMap<String, i64>) -> PlainBars {
    let running = tallies.iter().filter_map(|(key, count)| {
        let name = key.strip_prefix("stage/")?;
        let stage: StageKind = serde_json::from_value(serde_json::Value::from(name)).ok()?;
        Some((stage, *count))
    });
    let mut running: Vec<(StageKind, i64)> = running.collect();
    running.sort_by_key(|(stage, _)| *stage);
    let bars = running.into_iter().map(|(stage, count)| {
        let href = format!("/dossiers?stage={}", stage.name());
        (stage.term().to_owned(), href, count)
    });
    PlainBars::of(bars.collect())
}

/// The report years that occur, ascending.
fn years(lines: &[Line]) -> Vec<i64> {
    let mut years: Vec<i64> =
        lines.iter().flat_map(|line| line.years.iter().map(|year| year.year)).collect();
    years.sort_unstable();
    years.dedup();
    years
}

async fn network(state: &AppState, live: Vec<String>) -> Result<Network, Fault> {
    let mut consortia = Vec::new();
    for id in live.into_iter().take(DRAWN) {
        let opened = state.office.read(&Actor::public(), &DossierId(id)).await?;
        let members =
            opened.view.parties.iter().map(|party| (party.unit.to_string(), party.name.clone()));
        consortia.push((opened.view.id.clone(), opened.view.name.clone(), members.collect()));
    }
    Ok(Network::of(&consortia))
}

impl StatsPage {
    /// The cell of a year: class and letter.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn cell(line: &Line, year: &i64) -> (&'static str, &'static str) {
        match line.years.iter().find(|kept| kept.year == *year).map(|kept| kept.state.as_str()) {
            Some("reported") => ("hR", "报"),
            Some("late") => ("hR", "迟"),
            Some("missed") => ("hL", "缺"),
            Some("due") => ("hD", "待"),
            _ => ("hN", "—"),
        }
    }
}
