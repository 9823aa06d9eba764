//! For those who run the machine: is it alive, is it ready, what does it count.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tracing::Instrument;

use super::{Fault, random};
use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;

/// The number under which a request stands in the log.
#[derive(Clone, Debug)]
pub(crate) struct Incident(pub(crate) String);

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/healthz", By::Public, O::Platform, || get(async || "ok\n")),
    shows("/readyz", By::Public, O::Platform, || get(ready)),
    shows("/metrics", By::Machine, O::Platform, || get(metrics)),
];

/// Whether the store answers.
async fn ready(State(state): State<AppState>) -> Response {
    match state.store.setting("ready").await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// What was counted, for collectors on this machine or behind the gateway.
async fn metrics(State(state): State<AppState>) -> Result<Response, Fault> {
    let handle = state.metrics.as_ref().ok_or(Fault::NotFound)?;
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, handle.render()).into_response())
}

/// Writes a line for each request and counts it, by the template of its route: an address can
/// carry what is personal, a template cannot.
pub(super) async fn observe(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let route = route.to_owned();
    let method = request.method().clone();
    let incident = random::key().split_off(24).to_uppercase();
    request.extensions_mut().insert(Incident(incident.clone()));
    let quiet = route.starts_with("/assets") || route == "/healthz" || route == "/readyz";
    let span = tracing::info_span!("request", %method, route, incident);
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    if !quiet {
        let _entered = span.enter();
        tracing::info!(status, micros = took.as_micros(), "answered");
    }
    if state.metrics.is_some() {
        let labels =
            [("method", method.to_string()), ("route", route), ("status", status.to_string())];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_seconds", &labels[1..2]).record(took.as_secs_f64());
    }
    response
}
