//! The pages: one folder a feature, the template beside its handler.

pub mod account;
pub mod affairs;
pub mod dossier;
pub mod errors;
pub mod home;
pub mod interpretations;
pub(crate) mod names;
pub mod notices;
mod ops;
mod precheck;
mod refused;
pub mod registry;
pub mod search;
pub mod shell;
pub mod stats;
pub mod table;
pub mod units;
pub mod verify;
pub mod words;

pub(crate) use dossier::picture;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::{Answer, Fault};

/// A page.
pub fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with something to mend: 422.
pub fn unprocessable(template: &impl Template) -> Answer {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page with another status.
pub fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(Fault::internal)?;
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let response: Response = (status, kind, html).into_response();
    Ok(response)
}
