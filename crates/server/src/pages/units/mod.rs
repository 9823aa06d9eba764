//! 单位 — registering one, its page, its people, and what authorities do with its account.

mod acts;
mod details;
mod disputes;
pub(crate) mod files;
pub(crate) mod history;
mod invitation;
mod leaving;
mod list;
mod offices;
mod people;
pub(crate) mod platforms;
pub(crate) mod profile;
mod register;
mod resetting;
mod show;
pub(crate) mod welcome;

use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::UnitId;
use consortium::unit::Unit;
use std::sync::Arc;

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, SignedIn, see_other_with};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::table::{By, Route, shows, takes};
use crate::state::AppState;

/// The desk that looks at platforms.
const REVIEWER: By = By::Department(&[Capacity::Reviewer]);

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/unit", By::Unit, O::Unit, || get(own)),
    shows("/units", By::Offices, O::Unit, || get(list::get)),
    shows("/units/register", By::Public, O::Unit, || get(register::get)),
    takes("/units/register", By::Public, O::Unit, || post(register::post)),
    shows("/units/{id}", By::Reader, O::Unit, || get(show::get)),
    shows("/units/{id}/amend", By::Unit, O::Unit, || get(acts::amend)),
    takes("/units/{id}/amend", By::Unit, O::Unit, || post(acts::save)),
    shows("/units/{id}/history", By::Reader, O::Unit, || get(history::get)),
    shows("/units/{id}/details/{part}", By::Unit, O::Unit, || get(details::get)),
    takes("/units/{id}/details/{part}", By::Unit, O::Unit, || post(details::post)),
    shows("/platforms", By::Offices, O::Unit, || get(platforms::list)),
    shows("/units/{id}/platforms/new", By::Reader, O::Unit, || get(platforms::begin)),
    takes("/units/{id}/platforms", By::Reader, O::Unit, || post(platforms::enter)),
    shows("/units/{id}/platforms/{no}", By::Reader, O::Unit, || get(platforms::get)),
    takes("/units/{id}/platforms/{no}", By::Reader, O::Unit, || post(platforms::correct)),
    takes("/units/{id}/platforms/{no}/confirm", REVIEWER, O::Unit, || post(platforms::confirm)),
    takes("/units/{id}/platforms/{no}/return", REVIEWER, O::Unit, || post(platforms::send_back)),
    takes("/units/{id}/activate", By::Offices, O::Unit, || post(acts::activate)),
    takes("/units/{id}/refuse", By::Offices, O::Unit, || post(acts::refuse)),
    takes("/units/{id}/credit", By::Department(&[Capacity::Supervisor]), O::Unit, || {
        post(acts::record_credit)
    }),
    takes("/units/{id}/credit/lift", By::Department(&[Capacity::Supervisor]), O::Unit, || {
        post(acts::lift_credit)
    }),
    takes("/units/{id}/credit/repair", By::Department(&[Capacity::Supervisor]), O::Unit, || {
        post(acts::repair)
    }),
    shows("/units/{id}/people", By::Unit, O::Unit, || get(people::get)),
    takes("/units/{id}/people", By::Unit, O::Unit, || post(people::post)),
    takes("/units/{id}/people/link", By::Unit, O::Unit, || post(people::link)),
    takes("/units/{id}/people/revoke", By::Unit, O::Unit, || post(people::revoke)),
    shows("/units/{id}/people/end", By::Unit, O::Unit, || get(leaving::get)),
    takes("/units/{id}/people/end", By::Unit, O::Unit, || post(leaving::post)),
    shows("/units/{id}/people/reset", By::Unit, O::Unit, || get(resetting::get)),
    takes("/units/{id}/people/reset", By::Unit, O::Unit, || post(resetting::post)),
    shows("/units/{id}/representative", By::Unit, O::Unit, || get(offices::get)),
    takes("/units/{id}/representative", By::Unit, O::Unit, || post(offices::post)),
    takes("/units/{id}/representative/confirm", By::Reader, O::Unit, || post(offices::confirm)),
    takes("/units/{id}/representative/refuse", By::Reader, O::Unit, || post(offices::refuse)),
    shows("/units/{id}/files/{digest}", By::Reader, O::File, || get(offices::paper)),
    shows("/units/{id}/disputes", By::Reader, O::Unit, || get(disputes::get)),
    takes("/units/{id}/disputes", By::Reader, O::Unit, || post(disputes::state)),
    takes("/units/{id}/disputes/decide", By::Offices, O::Unit, || post(disputes::decide)),
    shows("/invitations/{secret}", By::Public, O::Account, || get(invitation::get)),
    takes("/invitations/{secret}", By::Public, O::Account, || post(invitation::post)),
    takes("/invitations/{secret}/account", By::Public, O::Account, || post(invitation::account)),
    shows("/welcome/{secret}", By::Public, O::Account, || get(welcome::get)),
    takes("/welcome/{secret}", By::Public, O::Account, || post(welcome::post)),
];

/// The reader's own unit.
async fn own(signed: SignedIn) -> Answer {
    let Some(unit) = signed.actor.unit() else { return Err(Fault::NotFound) };
    Ok(Redirect::to(&format!("/units/{unit}")).into_response())
}

/// Back to the unit's page, saying what was done.
fn back(state: &AppState, id: &str, words: String) -> axum::response::Response {
    let flash = Flash { tone: Tone::Ok, text: words };
    see_other_with(state, &format!("/units/{id}"), &flash)
}

/// Whether somebody may see a unit's page: its own people, its authority, the Department.
pub(crate) fn may_see(actor: &Actor, unit: &Unit) -> bool {
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
