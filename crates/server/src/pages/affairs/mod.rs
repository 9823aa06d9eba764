//! 公共事务 — what the Department keeps beside the dossiers: experts, parameters, the calendar,
//! interpretations, and the filings of the trial edition.

mod calendar;
mod experts;
mod interpretations;
mod parameters;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{get, post};
use consortium::actor::{Actor, Capacity, Side};
use consortium::department::Command;
use consortium::refusal::RefusalKind;

use crate::http::{Answer, Fault, Form, SignedIn};
use crate::office::{Envelope, OfficeError};
use crate::pages::page;
use crate::pages::shell::form::FieldError;
use crate::pages::shell::{Shell, ui};
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/affairs", get(index))
        .route("/settings", get(async || Redirect::to("/affairs")))
        .route("/affairs/experts", get(experts::get).post(experts::enrol))
        .route("/affairs/experts/dismiss", post(experts::dismiss))
        .route("/affairs/experts/link", post(experts::link))
        .route("/affairs/parameters", get(parameters::get).post(parameters::post))
        .route("/affairs/calendar", get(calendar::get).post(calendar::post))
        .route("/affairs/interpretations", get(interpretations::get).post(interpretations::post))
        .route("/affairs/trial", get(async || Redirect::to("/dossiers/import")))
}

/// Whether somebody publishes interpretations: the page of them shows the way.
pub(crate) fn may_publish(actor: &Actor) -> bool {
    is(actor, &[Capacity::Decider])
}

/// Whether somebody acts for the Department in one of these capacities.
fn is(actor: &Actor, capacities: &[Capacity]) -> bool {
    actor.side == Side::Department && capacities.contains(&actor.capacity)
}

/// These pages are the Department's.
fn department(signed: &SignedIn) -> Result<(), Fault> {
    if signed.actor.side == Side::Department {
        return Ok(());
    }
    Err(Fault::Forbidden("专家库、参数和日历由自治区科技厅管理。".to_owned()))
}

/// Asks the office; what can be mended in the form comes back as errors.
async fn ask(
    state: &AppState,
    signed: &SignedIn,
    command: &Command,
    posted: &Form,
) -> Result<Result<(), Vec<FieldError>>, Fault> {
    let key = Some(posted.key().to_owned()).filter(|key| !key.is_empty());
    let envelope = Envelope { key, expected: None };
    match state.office.affairs_command(&signed.actor, command, envelope).await {
        Ok(_) => Ok(Ok(())),
        Err(OfficeError::Refused(refusal)) if refusal.kind == RefusalKind::Malformed => {
            let field = refusal.field.clone().unwrap_or_default();
            let sentence = format!("{}，{}", refusal.reason.trim_end_matches('。'), refusal.remedy);
            Ok(Err(vec![FieldError::new(field, sentence)]))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "affairs/index.html")]
struct IndexPage {
    shell: Shell,
    experts: usize,
    upcoming: usize,
    interpretations: usize,
    covered: String,
    missing: Option<i16>,
    publishes: bool,
}

async fn index(State(state): State<AppState>, signed: SignedIn) -> Answer {
    department(&signed)?;
    let affairs = state.office.affairs().await?;
    let covers = state.office.calendar().await?;
    let today = state.clock.today();
    page(&IndexPage {
        shell: Shell::new(&signed.visitor, "参数与日历"),
        experts: affairs.experts.iter().filter(|expert| expert.dismissed.is_none()).count(),
        upcoming: affairs.settings.iter().filter(|setting| setting.from > today).count(),
        interpretations: affairs.interpretations.len(),
        covered: calendar::covered(&covers),
        missing: calendar::missing(&covers, today),
        publishes: may_publish(&signed.actor),
    })
}
