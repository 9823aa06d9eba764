//! 第二因素遗失 — the door of its own for whoever has neither phone nor recovery codes: asked for
//! with the right password, confirmed by another person (`crate::recovery`), and given up by the
//! person alone.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use store::recovery::{self, Case, Kind};

use super::{device, known, second};
use crate::factors::log;
use crate::http::strength::With;
use crate::http::{Answer, Fault, Form, Visitor, add_cookie, random, see_other, session};
use crate::pages::shell::form::FieldError;
use crate::recovery::{REASON_MAX, written};
use crate::state::AppState;

/// Asks for the factor to be given up; the password was right just now.
pub(super) async fn ask(State(state): State<AppState>, visitor: Visitor, posted: Form) -> Answer {
    let (step, next) = (posted.get("step"), posted.get("next"));
    let person = second::meant(&state, step).await?.ok_or_else(second::late)?;
    let Some(reason) = written(posted.get("reason")) else {
        let sentence = format!("写明怎样遗失的，最多 {REASON_MAX} 个字，写成一段");
        let errors = vec![FieldError::new("reason", sentence)];
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return second::shown(&state, &visitor, (&person, step, next), (status, errors)).await;
    };
    let case = Case {
        id: format!("L{}", random::key()),
        person: person.id.clone(),
        reason: reason.to_owned(),
        asked_ms: state.clock.wall_ms(),
        ..Case::default()
    };
    let line = log::line(&state, &person.id, log::Kind::LossAsked, reason, &person.id);
    let write = state.store.write(move |tx| {
        if recovery::ask(tx, &case)? {
            store::factors::log(tx, &line)?;
        }
        Ok(())
    });
    write.await?;
    second::shown(&state, &visitor, (&person, step, next), (StatusCode::OK, Vec::new())).await
}

/// Gives the factor up once that is open, and signs in to bind another.
pub(super) async fn open(
    State(state): State<AppState>,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    let person = second::meant(&state, posted.get("step")).await?.ok_or_else(second::late)?;
    let now_ms = state.clock.wall_ms();
    let case = state.store.open_case(&person.id, Kind::Factor).await?;
    let ripe = case.filter(|case| case.opens_ms.is_some_and(|opens| opens <= now_ms));
    let Some(case) = ripe else {
        return Err(Fault::Refused("还没有到可以解除的时间。到时再登录一次。".to_owned()));
    };
    let detail = format!("遗失，经确认：{}", case.grounds.as_deref().unwrap_or_default());
    let line = log::line(&state, &person.id, log::Kind::FactorEnded, &detail, &person.id);
    let id = person.id.clone();
    let write = state.store.write(move |tx| {
        if !recovery::end(tx, &case.id, "given_up", now_ms)? {
            return Ok(false);
        }
        store::factors::drop_factors(tx, &id)?;
        for passkey in store::passkeys::passkeys(tx, &id)? {
            store::passkeys::end_passkey(tx, &id, &passkey.id)?;
        }
        store::access::end_sessions(tx, &id, None)?;
        store::factors::log(tx, &line)?;
        Ok(true)
    });
    if !write.await? {
        return Err(Fault::Conflict("这件申请刚刚了结。重新登录。".to_owned()));
    }
    let label = device::label(&headers);
    let cookie = session::begin(&state, &person.id, None, &label, With::Password).await?;
    let mut response = see_other("/security");
    add_cookie(&mut response, cookie);
    add_cookie(&mut response, known::cookie(&state, &headers, &person));
    Ok(response)
}
