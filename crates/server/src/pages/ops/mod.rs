//! 运维 — how the platform runs, and the accounts of the offices. Operators decide nothing.

mod accounts;
mod health;

use axum::Router;
use axum::routing::get;
use consortium::actor::Side;

use crate::http::{Fault, SignedIn};
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ops", get(health::get))
        .route("/ops/accounts", get(accounts::get).post(accounts::post))
        .route("/ops/accounts/close", axum::routing::post(accounts::close))
}

/// Only operators come in; to others there is nothing here.
fn operator(signed: &SignedIn) -> Result<(), Fault> {
    if signed.actor.side == Side::Operator { Ok(()) } else { Err(Fault::NotFound) }
}
