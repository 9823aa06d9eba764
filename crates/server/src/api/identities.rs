//! 统一身份 — a person's own at the provider: whether there is one, listed, taken away. Linking one
//! takes a browser, for its holder signs in over there.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use store::Identity;

use super::me::moment;
use super::{Answer, json};
use crate::http::{Fault, SignedIn, prove};
use crate::provider::identity;
use crate::state::AppState;

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let known = state.store.identities(signed.actor.person.as_str()).await?;
    let shown = |one: &Identity| {
        json!({
            "id": one.id, "issuer": one.issuer, "tail": identity::tail(&one.subject),
            "linked_at": moment(one.linked_ms), "used_at": one.used_ms.map(moment),
        })
    };
    let provider = state.config.provider.as_ref();
    json(&json!({
        "provider": provider.map(|one| json!({ "name": one.name(), "issuer": one.issuer() })),
        "identities": known.iter().map(shown).collect::<Vec<Value>>(),
    }))
}

/// Who takes one away was shown to be oneself not long ago.
pub(super) async fn end(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    if !prove::is_fresh(&state, &signed).await? {
        return Err(Fault::Unproved.into());
    }
    identity::unlink(&state, &signed, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
