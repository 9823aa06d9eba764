//! 公示详情 — on what basis, after which steps, from when to when, and how to object.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::Actor;
use consortium::ids::DossierId;
use consortium::register::Status;
use consortium::view::{DossierView, ObjectionView};
use jiff::civil::Date;

use crate::http::{Answer, Fault, Visitor};
use crate::pages::page;
use crate::pages::registry::status_chip;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui;
use crate::pages::shell::{HOST, Shell};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "notices/show.html")]
struct NoticePage {
    shell: Shell,
    view: DossierView,
    chip: Html,
    host: &'static str,
    /// First and last day while it runs or waits for the filing.
    days: Option<(Date, Date)>,
    first: String,
    last: String,
    open: bool,
    members: String,
    lead: String,
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let opened = state.office.read(&Actor::public(), &DossierId(id)).await?;
    let view = opened.view;
    let Some(status) = view.status else { return Err(Fault::NotFound) };
    let today = state.clock.today();
    let others = view.parties.iter().filter(|party| !party.lead);
    let days = view.notice;
    let chip = match days {
        Some((_, to)) => super::chip(Some(to), &*state.office.calendar().await?, today),
        None => status_chip(status),
    };
    page(&NoticePage {
        shell: Shell::new(&visitor, format!("公示：{}", view.name))
            .crumb("/notices", "公示公告")
            .about(format!("拟备案的{}公示", view.name)),
        chip,
        host: HOST,
        open: status == Status::OnNotice
            && days.is_some_and(|(from, to)| from <= today && today <= to),
        first: days.map_or_else(String::new, |(from, _)| written(from)),
        last: days.map_or_else(String::new, |(_, to)| written(to)),
        days,
        members: others.map(|party| party.name.as_str()).collect::<Vec<_>>().join("、"),
        lead: view.parties.iter().find(|p| p.lead).map_or_else(String::new, |p| p.name.clone()),
        view,
    })
}

impl NoticePage {
    /// How an objection stands, for everybody.
    fn state_of(objection: &ObjectionView) -> &'static str {
        match objection.upheld {
            None => "核查中",
            Some(true) => "异议成立",
            Some(false) => "异议不成立",
        }
    }
}

/// A day as documents write it: `2026年11月20日`.
fn written(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
