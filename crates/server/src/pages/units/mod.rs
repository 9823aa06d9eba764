//! 单位 — registering one, its page, its people, and what authorities do with its account.

mod acts;
pub(crate) mod invitation;
mod list;
mod people;
mod profile;
mod register;
mod show;

use axum::Router;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use consortium::actor::{Actor, Side};
use consortium::ids::UnitId;
use consortium::unit::Unit;
use std::sync::Arc;

use crate::http::{Answer, Fault, SignedIn};
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/unit", get(own))
        .route("/units", get(list::get))
        .route("/units/register", get(register::get).post(register::post))
        .route("/units/{id}", get(show::get))
        .route("/units/{id}/amend", get(acts::amend).post(acts::save))
        .route("/units/{id}/activate", post(acts::activate))
        .route("/units/{id}/refuse", post(acts::refuse))
        .route("/units/{id}/credit", post(acts::record_credit))
        .route("/units/{id}/credit/lift", post(acts::lift_credit))
        .route("/units/{id}/people", get(people::get).post(people::post))
        .route("/units/{id}/people/end", post(people::end))
        .route("/units/{id}/people/link", post(people::link))
        .route("/welcome/{secret}", get(invitation::get).post(invitation::post))
}

/// The reader's own unit.
async fn own(signed: SignedIn) -> Answer {
    let Some(unit) = signed.actor.unit() else { return Err(Fault::NotFound) };
    Ok(Redirect::to(&format!("/units/{unit}")).into_response())
}

/// Whether somebody may see a unit's page: its own people, its authority, the Department.
fn may_see(actor: &Actor, unit: &Unit) -> bool {
    match &actor.side {
        Side::Unit(own) => *own == unit.id,
        Side::Authority(own) => unit.authority.as_ref() == Some(own),
        Side::Department => true,
        Side::Expert | Side::Public | Side::Operator | Side::Calendar => false,
    }
}

/// A unit's record for somebody who may see it; otherwise it is not there.
async fn opened(state: &AppState, actor: &Actor, id: &str) -> Result<Arc<Unit>, Fault> {
    let unit = state.office.unit_record(&UnitId::from(id)).await?.ok_or(Fault::NotFound)?;
    if may_see(actor, &unit) { Ok(unit) } else { Err(Fault::NotFound) }
}
