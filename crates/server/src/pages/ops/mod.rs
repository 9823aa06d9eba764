//! 运维 — how the platform runs, and the accounts of the offices. Operators decide nothing.

mod accounts;
mod health;
mod strength;

use axum::routing::{get, post};

use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows, takes};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/ops", By::Operator, O::Platform, || get(health::get)),
    takes("/ops/papers", By::Operator, O::Platform, || post(health::try_again)),
    shows("/ops/accounts", By::Operator, O::Account, || get(accounts::get)),
    takes("/ops/accounts", By::Operator, O::Account, || post(accounts::post)),
    takes("/ops/accounts/reset", By::Operator, O::Account, || post(accounts::reset)),
    shows("/ops/strength", By::Operator, O::Account, || get(strength::get)),
    takes("/ops/strength", By::Operator, O::Account, || post(strength::post)),
    takes("/ops/accounts/close", By::Operator, O::Account, || post(accounts::close)),
];
