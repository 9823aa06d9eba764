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

use axum::routing::{get, post};

pub(super) use turns::remaining;

use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows, takes};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/dossiers", By::SignedIn, O::Dossier, || get(list::get)),
    shows("/dossiers/new", By::Verb("open"), O::Dossier, || get(open::get)),
    takes("/dossiers/new", By::Verb("open"), O::Dossier, || post(open::post)),
    shows("/dossiers/import", By::Verb("import_trial_filing"), O::Dossier, || get(import::get)),
    takes("/dossiers/import", By::Verb("import_trial_filing"), O::Dossier, || post(import::post)),
    shows("/dossiers/{id}", By::Reader, O::Dossier, || get(show::get)),
    shows("/dossiers/{id}/agreement", By::Reader, O::Dossier, || get(agreement::get)),
    shows("/dossiers/{id}/files/{digest}", By::Reader, O::Dossier, || get(files::get)),
    shows("/dossiers/{id}/sections/{part}", By::Verb("write_application"), O::Dossier, || {
        get(act::section)
    }),
    takes("/dossiers/{id}/sections/{part}", By::Verb("write_application"), O::Dossier, || {
        post(act::write_section)
    }),
    shows("/dossiers/{id}/{verb}", By::NamedVerb, O::Dossier, || get(act::get)),
    takes("/dossiers/{id}/{verb}", By::NamedVerb, O::Dossier, || post(act::post)),
];
