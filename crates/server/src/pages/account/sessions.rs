//! 登录设备 — every session of a person can be seen and ended by that person.

use axum::extract::State;

use crate::factors::log;
use crate::http::{Answer, Form, Own, see_other_with};
use crate::pages::shell::ui::{Flash, Tone};
use crate::state::AppState;

/// Ends one session by its hash, or with `all` every other one.
pub(super) async fn end(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    let person = signed.actor.person.as_str();
    let ended = if posted.get("session") == "all" {
        state.store.end_sessions(person, Some(&signed.session.hash)).await?
    } else {
        let own = state.store.sessions(person).await?;
        let found = own.iter().find(|session| session.hash == posted.get("session"));
        if let Some(session) = found {
            state.store.end_session(&session.hash).await?;
        }
        u64::from(found.is_some())
    };
    if ended > 0 {
        let detail = format!("{ended} 台");
        log::note(&state, person, log::Kind::SessionsEnded, &detail, person).await?;
    }
    let text = format!("已退出 {ended} 台设备上的登录");
    Ok(see_other_with(&state, "/profile", &Flash { tone: Tone::Ok, text }))
}
