//! 登录第二步 — the password was right; what the person has is still to be shown. Nobody is signed
//! in meanwhile: the form carries a marked word of who the password was right for, good for a while.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use store::Person;
use store::recovery::Kind;

use super::{device, known, login};
use crate::clock;
use crate::factors::{self, Shown, log};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, add_cookie, see_other, session};
use crate::pages::page_with;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::state::AppState;

/// How long the second step may take.
const STEP_MS: i64 = 10 * 60 * 1000;

#[derive(Template)]
#[template(path = "account/second.html")]
struct SecondPage {
    shell: Shell,
    form: form::Form,
    lost: Option<Lost>,
    /// What is wrong with the reason of a case.
    reason: Option<String>,
    step: String,
    next: String,
}

fn fields() -> Vec<FieldSpec> {
    let code = FieldSpec::text("code", "动态口令", 40).required();
    let code = code.hint("手机上显示的六位数字；手机不在手边的，填一个恢复码");
    vec![code, FieldSpec::hidden("step"), FieldSpec::hidden("next")]
}

/// A case of a lost factor, as its person reads it here.
struct Lost {
    /// From when on it is open, once another person confirmed it.
    opens: Option<String>,
    /// Whether it is open now.
    ripe: bool,
}

/// The page of the second step: for whom, the word of the first step, and where to go afterwards.
pub(super) async fn shown(
    state: &AppState,
    visitor: &Visitor,
    (person, step, next): (&Person, &str, &str),
    (status, errors): (StatusCode, Vec<FieldError>),
) -> Answer {
    let mut shell = Shell::new(visitor, "登录第二步").with_form(visitor);
    shell.has_errors = !errors.is_empty();
    shell.indexed = false;
    let case = state.store.open_case(&person.id, Kind::Factor).await?;
    let now_ms = state.clock.wall_ms();
    let lost = case.map(|case| Lost {
        opens: case.opens_ms.map(clock::written),
        ripe: case.opens_ms.is_some_and(|opens| opens <= now_ms),
    });
    let reason = errors.iter().find(|error| error.field == "reason");
    let reason = reason.map(|error| error.sentence.clone());
    let form = form::Form::new(&shell.csrf, "/login/code", "登录", fields())
        .values(Values::default().with("step", step).with("next", next))
        .errors(errors)
        .leave("/login", "重新登录");
    let (step, next) = (step.to_owned(), next.to_owned());
    page_with(status, &SecondPage { shell, form, lost, reason, step, next })
}

/// What is said of a word that is good no longer.
pub(super) fn late() -> Fault {
    Fault::Refused("登录的第二步要在十分钟内完成。从登录页重新开始。".to_owned())
}

/// What is marked: whose password was right, until when, and which password it was.
fn words(person: &Person, until_ms: i64) -> String {
    let password = person.password_hash.as_deref().unwrap_or_default();
    format!("second step|{}|{until_ms}|{}", person.id, session::digest(password))
}

/// The word that the password of a person was right just now.
pub(super) fn step(state: &AppState, person: &Person) -> String {
    let until_ms = state.clock.wall_ms().saturating_add(STEP_MS);
    let mark = state.vault.mark(&words(person, until_ms));
    format!("{}.{until_ms}.{mark}", person.id)
}

/// Whose password was right, while the word is good.
pub(super) async fn meant(state: &AppState, step: &str) -> Result<Option<Person>, Fault> {
    let mut parts = step.splitn(3, '.');
    let (Some(id), Some(until), Some(mark)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let Ok(until_ms) = until.parse::<i64>() else { return Ok(None) };
    if until_ms < state.clock.wall_ms() {
        return Ok(None);
    }
    let person = state.store.person(id).await?.filter(|person| !person.disabled);
    Ok(person.filter(|person| state.vault.made(&words(person, until_ms), mark)))
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    let (step, next) = (posted.get("step"), posted.get("next"));
    let person = meant(&state, step).await?.ok_or_else(late)?;
    let place = (&person, step, next);
    if let Err(errors) = parse(&fields(), &posted.0) {
        return shown(&state, &visitor, place, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await;
    }
    let tries = Tries::of("code", &person.id, visitor.address());
    let tries = tries.known(known::device(&state, &headers, &person));
    if let Err(seconds) = tries.may(&state).await? {
        let error = FieldError::new("code", format!("尝试次数较多，{seconds} 秒后再试"));
        let answer = (StatusCode::TOO_MANY_REQUESTS, vec![error]);
        return shown(&state, &visitor, place, answer).await;
    }
    tries.begin(&state).await?;
    let label = device::label(&headers);
    let with = match factors::show(&state, &person.id, posted.get("code")).await? {
        Shown::Right(with) => with,
        other => {
            tries.wrong(&state).await?;
            log::note(&state, &person.id, log::Kind::NotSignedIn, &label, &person.id).await?;
            let error = FieldError::new("code", factors::sentence(&other));
            let answer = (StatusCode::UNPROCESSABLE_ENTITY, vec![error]);
            return shown(&state, &visitor, place, answer).await;
        }
    };
    tries.right(&state).await?;
    if let Some(old) = visitor.signed() {
        session::end(&state, &old.session.hash).await?;
    }
    let cookie = session::begin(&state, &person.id, None, &label, with).await?;
    let detail = format!("{label}，{}", with.term());
    log::note(&state, &person.id, log::Kind::SignedIn, &detail, &person.id).await?;
    let mut response = see_other(login::arrival(next));
    add_cookie(&mut response, cookie);
    add_cookie(&mut response, known::cookie(&state, &headers, &person));
    Ok(response)
}
