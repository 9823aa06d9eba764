//! 第二因素遗失 — the door of its own for whoever has neither phone nor recovery codes: asked for
//! with the right password, confirmed by another person on grounds written down, told to every
//! session of the person meanwhile, and for those who sign for others not before a day has passed.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use consortium::actor::{Actor, Capacity, Side};
use store::recovery::{self, Loss};

use super::{device, known, second};
use crate::clock;
use crate::factors::log;
use crate::http::strength::With;
use crate::http::{
    Answer, Fault, Form, Own, SignedIn, Visitor, add_cookie, prove, random, see_other,
    see_other_with, session,
};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::form::FieldError;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::state::AppState;

/// How long the factor of somebody who signs for others is kept after the confirmation, so that
/// the person can hear of it.
const DELAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Characters of a reason, and of grounds.
const REASON_MAX: usize = 200;

/// The capacities in which somebody signs for others.
const SIGNATORIES: [Capacity; 3] =
    [Capacity::LegalRepresentative, Capacity::Signatory, Capacity::Decider];

/// What was written, when it is neither nothing nor too much.
fn written<'a>(posted: &'a Form, name: &str) -> Option<&'a str> {
    let text = posted.get(name);
    let count = text.chars().count();
    ((1..=REASON_MAX).contains(&count) && !text.chars().any(char::is_control)).then_some(text)
}

/// Asks for the factor to be given up; the password was right just now.
pub(super) async fn ask(State(state): State<AppState>, visitor: Visitor, posted: Form) -> Answer {
    let (step, next) = (posted.get("step"), posted.get("next"));
    let person = second::meant(&state, step).await?.ok_or_else(second::late)?;
    let Some(reason) = written(&posted, "reason") else {
        let sentence = format!("写明怎样遗失的，最多 {REASON_MAX} 个字，写成一段");
        let errors = vec![FieldError::new("reason", sentence)];
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return second::shown(&state, &visitor, (&person, step, next), (status, errors)).await;
    };
    let loss = Loss {
        id: format!("L{}", random::key()),
        person: person.id.clone(),
        reason: reason.to_owned(),
        asked_ms: state.clock.wall_ms(),
        ..Loss::default()
    };
    let line = log::line(&state, &person.id, log::Kind::LossAsked, reason, &person.id);
    let write = state.store.write(move |tx| {
        if recovery::ask_loss(tx, &loss)? {
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
    let loss = state.store.open_loss(&person.id).await?;
    let ripe = loss.filter(|loss| loss.opens_ms.is_some_and(|opens| opens <= now_ms));
    let Some(loss) = ripe else {
        return Err(Fault::Refused("还没有到可以解除的时间。到时再登录一次。".to_owned()));
    };
    let detail = format!("遗失，经确认：{}", loss.grounds.as_deref().unwrap_or_default());
    let line = log::line(&state, &person.id, log::Kind::FactorEnded, &detail, &person.id);
    let id = person.id.clone();
    let write = state.store.write(move |tx| {
        if !recovery::end_loss(tx, &loss.id, "given_up", now_ms)? {
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

/// The person stops it from a session of one's own: nobody of theirs asked for it.
pub(super) async fn stop(State(state): State<AppState>, Own(signed): Own, _: Form) -> Answer {
    let person = signed.actor.person.as_str();
    let loss = state.store.open_loss(person).await?.ok_or(Fault::NotFound)?;
    end(&state, &loss, "由本人撤销", person).await?;
    let text = "已撤销，第二个因素照旧有效。密码可能已被人知道，现在就改".to_owned();
    Ok(see_other_with(&state, "/profile/password", &Flash { tone: Tone::Warn, text }))
}

async fn end(state: &AppState, loss: &Loss, detail: &str, by: &str) -> Result<(), Fault> {
    let line = log::line(state, &loss.person, log::Kind::LossStopped, detail, by);
    let (id, now_ms) = (loss.id.clone(), state.clock.wall_ms());
    let write = state.store.write(move |tx| {
        if recovery::end_loss(tx, &id, "stopped", now_ms)? {
            store::factors::log(tx, &line)?;
        }
        Ok(())
    });
    Ok(write.await?)
}

#[derive(Template)]
#[template(path = "account/lost.html")]
struct LostPage {
    shell: Shell,
    cases: Vec<Case>,
}

/// A case as whoever confirms it reads it.
struct Case {
    id: String,
    name: String,
    login: String,
    posts: String,
    asked: String,
    reason: String,
    /// Whether it waits a day after the confirmation.
    signs: bool,
    /// From when on it is open, once it is confirmed.
    opens: Option<String>,
}

/// Whether somebody may confirm a case: never one's own; the operator everybody's, an authority
/// those of its units.
async fn may(state: &AppState, actor: &Actor, person: &str) -> Result<bool, Fault> {
    if actor.person.as_str() == person {
        return Ok(false);
    }
    match &actor.side {
        Side::Operator => Ok(true),
        Side::Authority(own) => {
            for post in state.store.posts(person).await? {
                let Some(Side::Unit(unit)) = session::side(&post.side) else { continue };
                let unit = state.office.unit_record(&unit).await?;
                if unit.is_some_and(|unit| unit.authority.as_ref() == Some(own)) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// Whether somebody signs for others, and the posts in words.
async fn posts(state: &AppState, person: &str) -> Result<(bool, String), Fault> {
    let today = state.clock.today().to_string();
    let held = state.store.posts(person).await?.into_iter();
    let held = held.filter(|post| session::is_held(post, &today));
    let held: Vec<Capacity> = held.filter_map(|post| session::capacity(&post.capacity)).collect();
    let signs = held.iter().any(|capacity| SIGNATORIES.contains(capacity));
    Ok((signs, held.iter().map(|capacity| capacity.term()).collect::<Vec<_>>().join("、")))
}

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let mut cases = Vec::new();
    for loss in state.store.open_losses().await? {
        if !may(&state, &signed.actor, &loss.person).await? {
            continue;
        }
        let person = state.store.person(&loss.person).await?.unwrap_or_default();
        let (signs, posts) = posts(&state, &loss.person).await?;
        cases.push(Case {
            name: person.name,
            login: person.login,
            posts,
            asked: clock::written(loss.asked_ms),
            signs,
            opens: loss.opens_ms.map(clock::written),
            id: loss.id,
            reason: loss.reason,
        });
    }
    let shell = Shell::new(&signed.visitor, "第二因素遗失");
    page(&LostPage { shell, cases })
}

/// The case named, for somebody who may confirm it; to others it is not there.
async fn case(state: &AppState, signed: &SignedIn, posted: &Form) -> Result<Loss, Fault> {
    let id = posted.get("case");
    let mut open = state.store.open_losses().await?.into_iter();
    let loss = open.find(|loss| loss.id == id).ok_or(Fault::NotFound)?;
    if may(state, &signed.actor, &loss.person).await? { Ok(loss) } else { Err(Fault::NotFound) }
}

pub(super) async fn confirm(
    State(state): State<AppState>,
    signed: SignedIn,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "确认解除第二因素", &posted.0).await? {
        return Ok(page);
    }
    let loss = case(&state, &signed, &posted).await?;
    let Some(grounds) = written(&posted, "grounds") else {
        let sentence = format!("写明怎样核实是本人，最多 {REASON_MAX} 个字。");
        return Err(Fault::Refused(sentence));
    };
    let (signs, _) = posts(&state, &loss.person).await?;
    let now_ms = state.clock.wall_ms();
    let opens_ms = if signs { now_ms.saturating_add(DELAY_MS) } else { now_ms };
    let by = signed.actor.person.as_str().to_owned();
    let detail = format!("{grounds}；{} 起可以解除", clock::written(opens_ms));
    let line = log::line(&state, &loss.person, log::Kind::LossConfirmed, &detail, &by);
    let grounds = grounds.to_owned();
    let write = state.store.write(move |tx| {
        let times = (now_ms, opens_ms);
        let confirmed =
            recovery::confirm_loss(tx, &loss.id, (by.as_str(), grounds.as_str()), times)?;
        if confirmed {
            store::factors::log(tx, &line)?;
        }
        Ok(confirmed)
    });
    if !write.await? {
        return Err(Fault::Conflict("这件已经由别人确认，或本人已经撤销。".to_owned()));
    }
    let text = format!("已确认，{} 起本人登录时可以解除", clock::written(opens_ms));
    Ok(see_other_with(&state, "/lost", &Flash { tone: Tone::Ok, text }))
}

pub(super) async fn refuse(
    State(state): State<AppState>,
    signed: SignedIn,
    posted: Form,
) -> Answer {
    let loss = case(&state, &signed, &posted).await?;
    end(&state, &loss, "不予确认", signed.actor.person.as_str()).await?;
    let text = "不予确认，第二个因素照旧有效".to_owned();
    Ok(see_other_with(&state, "/lost", &Flash { tone: Tone::Ok, text }))
}
