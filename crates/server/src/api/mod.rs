//! 接口 — the same office for programs: JSON under `/api/v1`, described by `/api/openapi.json`.
//!
//! [`table`] is the one list of operations: the router, the description and the page `/api` are
//! made from it. A handler reads, asks the office once and answers; what it refuses is a
//! `problem::Problem` that names the clause, the reason and the remedy.

mod affairs;
mod agreement;
mod asked;
mod body;
mod command;
mod dossiers;
mod drafts;
mod explorer;
mod files;
mod id;
mod identities;
mod imports;
mod leaves;
mod me;
mod names;
mod openapi;
mod papers;
mod passkeys;
mod people;
mod precheck;
mod problem;
mod proofs;
mod recoveries;
mod reference;
mod register;
mod schema;
mod security;
mod signing;
pub mod table;
mod tokens;
mod units;
pub mod uploads;
mod worklist;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

pub use openapi::document;

use crate::pages::table::{By, Route, shows};
use crate::state::AppState;
use problem::Trouble;
use table::Object;

/// What a handler answers.
type Answer = Result<Response, Trouble>;

/// The page that explains it all, and the description for programs.
pub(crate) const PAGES: &[Route] = &[
    shows(table::EXPLORER, By::Public, Object::Reference, || get(explorer::get)),
    shows(table::DESCRIPTION, By::Public, Object::Reference, || get(openapi::get)),
];

/// Every operation under `/api/v1`.
pub(crate) fn routes() -> Router<AppState> {
    let never_kept = HeaderValue::from_static("no-store");
    let operations = table::routes()
        .fold(Router::new(), |router, route| router.route(route.path, (route.handler)()));
    operations.layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, never_kept))
}

/// An answer as JSON.
fn json(value: &impl Serialize) -> Answer {
    json_with(StatusCode::OK, value)
}

/// An answer as JSON with another status.
fn json_with(status: StatusCode, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(crate::http::Fault::internal)?;
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((status, kind, body).into_response())
}
