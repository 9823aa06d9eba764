//! HTTP: the layers around every page, and what handlers take as arguments.

pub mod accept;
pub(crate) mod cookies;
pub mod csrf;
pub(crate) mod download;
mod fault;
mod guess;
mod headers;
pub(crate) mod intake;
pub(crate) mod ops;
pub mod pace;
pub mod password;
pub mod posted;
pub(crate) mod prove;
pub mod random;
mod recognise;
pub mod session;
pub mod strength;
pub mod throttle;
mod visitor;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

pub use fault::{Broken, Fault, UNWRITABLE};
pub use intake::Kept;
pub(crate) use posted::past_the_last;
pub use posted::{Enclosed, FILES_MAX, Form, PostedFile, Tabled, Upload};
pub use visitor::{Own, PostView, SessionRef, Signed, SignedIn, Visitor, local_path};

use crate::pages;
use crate::pages::shell::ui::Flash;
use crate::state::AppState;

/// What a handler answers.
pub type Answer = Result<Response, Fault>;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a request with files may take: 200 MB over a line of 4 Mbit/s.
const UPLOAD_PATIENCE: Duration = Duration::from_mins(7);
/// Answers below this many bytes are not worth compressing.
const COMPRESS_FROM_BYTES: u64 = 1024;

/// Everything that is served.
pub fn app(state: AppState) -> Router {
    let routes = Router::new()
        .merge(pages::table::router())
        .merge(crate::api::routes())
        .fallback(async || Fault::NotFound)
        .method_not_allowed_fallback(async || Fault::Status(StatusCode::METHOD_NOT_ALLOWED));
    finish(routes, state)
}

/// Puts the layers around routes. The last layer sees a request first.
pub fn finish(routes: Router<AppState>, state: AppState) -> Router {
    let worth = SizeAbove::new(COMPRESS_FROM_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"));
    // The last tenth of a page would cost more than making the page.
    let compression = CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest);
    let body_max = usize::try_from(posted::upload_bytes_max()).unwrap_or(usize::MAX);
    routes
        .layer(DefaultBodyLimit::max(body_max))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(patient))
        .layer(middleware::from_fn_with_state(state.clone(), recognise::recognise))
        .layer(compression.compress_when(worth))
        .layer(middleware::from_fn_with_state(state.clone(), ops::observe))
        .layer(middleware::from_fn_with_state(state.clone(), headers::secure))
        .with_state(state)
}

/// Gives up on a request that takes too long; one with files may take longer.
async fn patient(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let files = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
        || request.uri().path() == "/api/v1/files";
    let patience = if files { UPLOAD_PATIENCE } else { PATIENCE };
    let answer = tokio::time::timeout(patience, next.run(request)).await;
    answer.unwrap_or_else(|_| Fault::Status(StatusCode::REQUEST_TIMEOUT).into_response())
}

/// A handler that panicked is a fault like others; the words stay in the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    let words = words.unwrap_or_else(|| "a panic without words".to_owned());
    Fault::internal(words).into_response()
}

/// Leads on to a page after an act: 303.
pub fn see_other(path: &str) -> Response {
    Redirect::to(local_path(path)).into_response()
}

/// Leads on to a page, where the effect of the act is shown once.
pub fn see_other_with(state: &AppState, path: &str, flash: &Flash) -> Response {
    let mut response = see_other(path);
    let cookie = recognise::flash_cookie(flash, state.config.secure);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Adds a cookie to a response.
pub(crate) fn add_cookie(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
