//! 登录安全 — what a program may read of its person's sessions, factors and security log: that they
//! are there, never what they are.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::me::moment;
use super::problem::Problem;
use super::{Answer, json};
use crate::factors::log;
use crate::http::SignedIn;
use crate::state::AppState;

/// Lines of the log that are given.
const LINES: i64 = 100;

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let person = signed.actor.person.as_str();
    let totp = state.store.totp(person).await?.filter(|totp| totp.seed.is_some());
    let now_ms = state.clock.wall_ms();
    let sessions = state.store.sessions(person).await?;
    let session = |session: &store::Session| {
        json!({
            "id": session.hash, "device": session.label, "strength": session.strength,
            "begun_at": moment(session.created_ms), "seen_at": moment(session.seen_ms),
            "current": session.hash == signed.session_hash(),
        })
    };
    let line = |line: store::factors::Logged| {
        json!({
            "at": moment(line.at_ms), "kind": line.kind, "detail": line.detail,
            "term": log::Kind::named(&line.kind).map(log::Kind::term),
            "by_oneself": line.made_by == person,
        })
    };
    let lines = state.store.security_log(person, LINES).await?;
    json(&json!({
        "totp_bound_at": totp.and_then(|totp| totp.bound_ms).map(moment),
        "recovery_codes_left": state.store.codes_left(person).await?,
        "sessions": sessions.iter().filter(|one| one.expires_ms > now_ms).map(session)
            .collect::<Vec<Value>>(),
        "log": lines.into_iter().map(line).collect::<Vec<Value>>(),
    }))
}

/// Signs one device out.
pub(super) async fn end(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let person = signed.actor.person.as_str();
    let own = state.store.sessions(person).await?;
    let Some(found) = own.into_iter().find(|session| session.hash == id) else {
        return Err(Problem::not_found().into());
    };
    state.store.end_session(&found.hash).await?;
    log::note(&state, person, log::Kind::SessionsEnded, &found.label, person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
