//! What somebody reads when a page cannot be shown.

use askama::Template;
use axum::response::{IntoResponse, Response};

use crate::http::{Fault, Visitor};
use crate::pages::page_with;
use crate::pages::shell::Shell;

#[derive(Template)]
#[template(path = "errors/error.html")]
struct ErrorPage {
    shell: Shell,
    status: u16,
    sentence: String,
    /// The number in the log, for faults of ours.
    incident: Option<String>,
}

/// A fault as a page, with the reader's own header.
pub(crate) fn show(visitor: &Visitor, fault: &Fault) -> Response {
    let status = fault.status();
    let (title, sentence) = fault.words();
    let mut shell = Shell::new(visitor, title);
    shell.indexed = false;
    let page = ErrorPage {
        shell,
        status: status.as_u16(),
        sentence,
        incident: status.is_server_error().then(|| visitor.incident().to_owned()),
    };
    page_with(status, &page).unwrap_or_else(|_| status.into_response())
}
