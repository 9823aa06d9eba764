//! 大字版 — works without script: a link sets a cookie and comes back.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::http::{add_cookie, cookies, see_other};
use crate::state::AppState;

/// A year, in seconds.
const KEEP_SECONDS: u32 = 31_536_000;

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    large: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn get(State(state): State<AppState>, Query(choice): Query<Choice>) -> Response {
    let mut response = see_other(&choice.next);
    let cookie = if choice.large == "1" {
        cookies::open("large", state.config.secure, KEEP_SECONDS)
    } else {
        cookies::open("", state.config.secure, 0)
    };
    add_cookie(&mut response, cookie);
    response
}
