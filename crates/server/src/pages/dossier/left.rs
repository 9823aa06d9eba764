//! 未存下的内容 — what was posted after the session had ended, kept until the same browser is back.
//!
//! Without script, what is typed reaches the office only with the button; a session that ended in
//! the meantime must not cost it. The text waits under a secret that only this browser holds, is
//! offered on the same page, and is taken only by a press of a button there.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};

use crate::drafts::LEFT_MS;
use crate::http::posted::FORM_BYTES_MAX;
use crate::http::{Answer, Fault, Visitor, add_cookie, cookies, csrf, random, see_other, session};
use crate::state::AppState;

/// The cookie with the secret.
const COOKIE: &str = "left";
/// How long the browser keeps it, in seconds.
const KEPT_S: u32 = 24 * 60 * 60;

/// What waits, for the page it was typed on.
pub(super) struct LeftText {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) at: String,
}

/// A request and its body once more: the forms read it, and what they refuse is not lost.
pub(super) async fn twice(request: Request) -> Result<(Bytes, Request), Fault> {
    let (parts, body) = request.into_parts();
    let collected = Limited::new(body, FORM_BYTES_MAX).collect().await;
    let too_large = || Fault::TooLarge(format!("一张表单最多 {} KB。", FORM_BYTES_MAX / 1024));
    let bytes = collected.map_err(|_| too_large())?.to_bytes();
    Ok((bytes.clone(), Request::from_parts(parts, Body::from(bytes))))
}

/// Nobody is signed in: keeps what was posted, and leads to the login and back.
pub(super) async fn keep(state: &AppState, visitor: &Visitor, request: Request) -> Answer {
    let (bytes, _) = twice(request).await?;
    let query = serde_urlencoded::to_string([("next", visitor.here())]).unwrap_or_default();
    let answer = see_other(&format!("/login?{query}"));
    leave(state, visitor, &bytes, answer).await
}

/// The page is of another session: keeps what was posted, and says that the page is too old.
pub(super) async fn keep_stale(state: &AppState, visitor: &Visitor, bytes: &Bytes) -> Answer {
    leave(state, visitor, bytes, Fault::Stale.into_response()).await
}

async fn leave(state: &AppState, visitor: &Visitor, bytes: &Bytes, answer: Response) -> Answer {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).unwrap_or_default();
    let pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| name != csrf::FIELD).collect();
    // Only a page of a section has these: anything else is not worth keeping.
    if pairs.iter().all(|(name, _)| name != "_base") {
        return Ok(answer);
    }
    let secret = random::secret_hex();
    let (hash, path) = (session::digest(&secret), visitor.here());
    let text = serde_json::to_string(&pairs).map_err(Fault::internal)?;
    let at_ms = state.clock.wall_ms();
    state.store.write(move |tx| store::drafts::leave(tx, &hash, &path, &text, at_ms)).await?;
    let mut answer = answer;
    add_cookie(&mut answer, cookies::set(COOKIE, &secret, state.config.secure, Some(KEPT_S)));
    Ok(answer)
}

/// What waits for this page in this browser.
pub(super) async fn offered(
    state: &AppState,
    headers: &HeaderMap,
    path: &str,
) -> Result<Option<LeftText>, Fault> {
    let Some(secret) = cookies::read(headers, COOKIE).filter(|secret| secret.len() == 64) else {
        return Ok(None);
    };
    let hash = session::digest(secret);
    let found = state.store.read(move |tx| store::drafts::left(tx, &hash)).await?;
    let since = state.clock.wall_ms() - LEFT_MS;
    let Some((_, pairs, at_ms)) = found.filter(|(at, _, ms)| at == path && *ms >= since) else {
        return Ok(None);
    };
    let pairs: Vec<(String, String)> = serde_json::from_str(&pairs).map_err(Fault::internal)?;
    let pairs = pairs.into_iter().filter(|(name, _)| !matches!(name.as_str(), "_draft" | "_more"));
    Ok(Some(LeftText { pairs: pairs.collect(), at: crate::clock::written(at_ms) }))
}

/// It has been put back: it waits no longer.
pub(super) async fn taken(state: &AppState, headers: &HeaderMap, mut answer: Response) -> Answer {
    if let Some(secret) = cookies::read(headers, COOKIE) {
        let hash = session::digest(secret);
        state.store.write(move |tx| store::drafts::take_left(tx, &hash)).await?;
        add_cookie(&mut answer, cookies::end(COOKIE, state.config.secure));
    }
    Ok(answer)
}
