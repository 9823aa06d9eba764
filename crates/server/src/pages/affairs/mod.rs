//! 公共事务 — what the Department keeps beside the dossiers: experts, parameters, the calendar,
//! interpretations, and the filings of the trial edition.

mod calendar;
mod experts;
mod imports;
mod interpretations;
mod parameters;

use askama::Template;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{get, post};
use consortium::actor::{Actor, Capacity, Side};
use consortium::department::Command;
use consortium::refusal::RefusalKind;

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, Form, SignedIn};
use crate::office::{Envelope, OfficeError};
use crate::pages::page;
use crate::pages::shell::form::FieldError;
use crate::pages::shell::{Shell, ui};
use crate::pages::table::{self, By, Route, shows, takes};
use crate::state::AppState;

/// Who may bring the calendar of the next year.
const KEEPERS: By = By::Department(&[Capacity::Drafter, Capacity::Publisher]);

/// Who brings tables of units, platforms and credit records, each its own kinds.
const TABLES: By = By::Department(&[Capacity::Reviewer, Capacity::Supervisor]);

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/affairs", By::Department(&[]), O::Affairs, || get(index)),
    shows("/settings", By::Public, O::Affairs, || get(async || Redirect::to("/affairs"))),
    shows("/affairs/experts", By::Department(&[Capacity::Organiser]), O::Affairs, || {
        get(experts::get)
    }),
    takes("/affairs/experts", By::Department(&[Capacity::Organiser]), O::Affairs, || {
        post(experts::enrol)
    }),
    takes("/affairs/experts/dismiss", By::Department(&[Capacity::Organiser]), O::Affairs, || {
        post(experts::dismiss)
    }),
    takes("/affairs/experts/link", By::Department(&[Capacity::Organiser]), O::Affairs, || {
        post(experts::link)
    }),
    shows("/affairs/parameters", By::Department(&[]), O::Affairs, || get(parameters::get)),
    takes("/affairs/parameters", By::Department(&[Capacity::Decider]), O::Affairs, || {
        post(parameters::post)
    }),
    shows("/affairs/calendar", By::Department(&[]), O::Affairs, || get(calendar::get)),
    takes("/affairs/calendar", KEEPERS, O::Affairs, || post(calendar::post)),
    shows("/affairs/interpretations", By::Department(&[Capacity::Decider]), O::Affairs, || {
        get(interpretations::get)
    }),
    takes("/affairs/interpretations", By::Department(&[Capacity::Decider]), O::Affairs, || {
        post(interpretations::post)
    }),
    shows("/affairs/imports", TABLES, O::Unit, || get(imports::get)),
    takes("/affairs/imports", TABLES, O::Unit, || post(imports::bring)),
    shows("/affairs/imports/{id}", TABLES, O::Unit, || get(imports::one)),
    takes("/affairs/imports/{id}", TABLES, O::Unit, || post(imports::carry_out)),
    shows("/affairs/imports/{id}/{file}", TABLES, O::Unit, || get(imports::report)),
    shows("/affairs/exports/{file}", TABLES, O::Unit, || get(imports::export)),
    shows("/affairs/trial", By::Public, O::Affairs, || {
        get(async || Redirect::to("/dossiers/import"))
    }),
];

/// Whether somebody publishes interpretations: the page of them shows the way.
pub(crate) fn may_publish(actor: &Actor) -> bool {
    is(actor, &[Capacity::Decider])
}

/// Whether somebody acts for the Department in one of these capacities.
fn is(actor: &Actor, capacities: &[Capacity]) -> bool {
    actor.side == Side::Department && capacities.contains(&actor.capacity)
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

#[expect(clippy::struct_excessive_bools, reason = "each is one link of the page, shown or not")]
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
    organises: bool,
    takes_over: bool,
    imports: bool,
}

async fn index(State(state): State<AppState>, signed: SignedIn) -> Answer {
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
        organises: table::is_for(signed.signed(), "/affairs/experts"),
        takes_over: table::is_for(signed.signed(), "/dossiers/import"),
        imports: table::is_for(signed.signed(), "/affairs/imports"),
    })
}
