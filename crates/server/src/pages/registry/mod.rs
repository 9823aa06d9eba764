//! 备案名录 — what everybody may see: the list, its export, and a page for each consortium.

pub(crate) mod charts;
mod export;
mod list;
mod query;
mod row;
mod show;

use axum::Router;
use axum::routing::get;

pub(crate) use row::{Line, status_chip};

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(list::get))
        .route("/registry", get(list::moved))
        .route("/registry.csv", get(export::csv))
        .route("/registry.json", get(export::json))
        .route("/registry/{id}", get(show::get))
}
