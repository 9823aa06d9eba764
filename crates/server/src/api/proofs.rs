//! 再验身份 — a person is shown to be oneself once more, so that a program may act for them.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::body::Json;
use super::problem::Problem;
use super::{Answer, json};
use crate::http::strength::PROOF_SERVES_MS;
use crate::http::{Fault, SignedIn, prove, session};
use crate::passkey::ceremony;
use crate::state::AppState;

/// What is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    proof: String,
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Json(shown): Json<Shown>,
) -> Answer {
    let with = match prove::verify(&state, &signed, &shown.proof).await? {
        Ok(with) => with,
        Err(prove::Wrong::Wait(seconds)) => return Err(Fault::TooMany(seconds).into()),
        Err(prove::Wrong::Proof(sentence)) => {
            return Err(Problem::malformed(Some("proof"), sentence).into());
        }
    };
    session::renew(&state, &signed, with).await?;
    json(&json!({ "with": with, "serves_seconds": PROOF_SERVES_MS / 1000 }))
}

/// What a passkey is asked for; what it answers is a proof.
pub(super) async fn challenge(State(state): State<AppState>, signed: SignedIn) -> Answer {
    json(&ceremony::ask_to_step_up(&state, &signed).await?)
}
