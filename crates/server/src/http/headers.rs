//! Headers that keep browsers from doing what pages never ask for, and the limit on addresses.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Fault;
use crate::state::AppState;

/// Nothing but our own files: no inline style or script, no frames, no other host.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'",
);
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
);
/// Two years, as browsers' lists ask.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// Characters of an address.
const URI_BYTES_MAX: usize = 8 * 1024;

/// Refuses addresses that are too long, and adds the headers to every answer.
pub(super) async fn secure(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let too_long = request.uri().to_string().len() > URI_BYTES_MAX;
    let mut response = if too_long {
        Fault::Status(StatusCode::URI_TOO_LONG).into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    put(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    put(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    put(headers, header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    put(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    let own = HeaderValue::from_static("same-origin");
    put(headers, HeaderName::from_static("cross-origin-opener-policy"), own.clone());
    put(headers, HeaderName::from_static("cross-origin-resource-policy"), own);
    if state.config.secure {
        put(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

/// Adds a header unless the handler chose its own.
fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
