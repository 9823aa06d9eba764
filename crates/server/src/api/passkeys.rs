//! 通行密钥 — a person's own: listed, registered, named, taken away.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Passkey;

use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, json, json_with};
use crate::http::{Fault, SignedIn, prove};
use crate::passkey::LABEL_CHARS_MAX;
use crate::passkey::ceremony;
use crate::passkey::response::Registration;
use crate::state::AppState;

/// A new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    label: String,
    credential: Registration,
}

/// Another name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    label: String,
}

fn shown(passkey: &Passkey) -> Value {
    let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX).to_string();
    json!({
        "id": passkey.id,
        "label": passkey.label,
        "synced": passkey.synced,
        "created_at": at(passkey.created_ms),
        "used_at": passkey.used_ms.map(at),
    })
}

/// Who sees to factors was shown to be oneself not long ago.
async fn fresh(state: &AppState, signed: &SignedIn) -> Result<(), Trouble> {
    if prove::is_fresh(state, signed).await? { Ok(()) } else { Err(Fault::Unproved.into()) }
}

fn label(label: &str) -> Result<&str, Problem> {
    let label = label.trim();
    let odd = label.is_empty() || label.chars().any(char::is_control);
    if odd || label.chars().count() > LABEL_CHARS_MAX {
        let sentence = format!("名称 1 至 {LABEL_CHARS_MAX} 个字");
        return Err(Problem::malformed(Some("label"), sentence));
    }
    Ok(label)
}

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let known = state.store.passkeys(signed.actor.person.as_str()).await?;
    json(&known.iter().map(shown).collect::<Vec<_>>())
}

pub(super) async fn challenge(State(state): State<AppState>, signed: SignedIn) -> Answer {
    fresh(&state, &signed).await?;
    json(&ceremony::ask_to_register(&state, &signed).await?)
}

pub(super) async fn add(
    State(state): State<AppState>,
    signed: SignedIn,
    Json(new): Json<New>,
) -> Answer {
    fresh(&state, &signed).await?;
    let passkey = ceremony::register(&state, &signed, label(&new.label)?, &new.credential).await?;
    json_with(StatusCode::CREATED, &shown(&passkey))
}

pub(super) async fn rename(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Json(named): Json<Named>,
) -> Answer {
    let (person, label) = (signed.actor.person.as_str(), label(&named.label)?);
    if !state.store.name_passkey(person, &id, label).await? {
        return Err(Problem::not_found().into());
    }
    let passkey = state.store.passkey(&id).await?.ok_or_else(Problem::not_found)?;
    json(&shown(&passkey))
}

pub(super) async fn end(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    fresh(&state, &signed).await?;
    ceremony::remove(&state, &signed, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
