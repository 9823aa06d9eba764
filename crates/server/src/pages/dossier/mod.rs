//! 卷宗 — one page for one dossier for everybody inside, and a page for every act on it.
//!
//! Nothing here tests a role or a stage: the view says what is seen, the table of verbs what can
//! be done, and [`crate::forms`] what is asked.

mod act;
mod agreement;
mod checks;
mod desk;
mod document;
mod files;
mod import;
mod life;
mod list;
mod open;
mod posted;
mod procedure;
mod show;
mod tasks;
mod turns;
mod units;

use axum::Router;
use axum::routing::get;

pub(super) use turns::remaining;

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/dossiers", get(list::get))
        .route("/dossiers/new", get(open::get).post(open::post))
        .route("/dossiers/import", get(import::get).post(import::post))
        .route("/dossiers/{id}", get(show::get))
        .route("/dossiers/{id}/agreement", get(agreement::get))
        .route("/dossiers/{id}/files/{digest}", get(files::get))
        .route("/dossiers/{id}/sections/{part}", get(act::section).post(act::write_section))
        .route("/dossiers/{id}/{verb}", get(act::get).post(act::post))
}
