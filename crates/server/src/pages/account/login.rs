//! 登录 — the account and the password, and what the person has after that ([`super::second`]).
//! Unknown accounts and wrong passwords look alike.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::{device, known, second};
use crate::factors::{self, log};
use crate::http::strength::With;
use crate::http::throttle::Tries;
use crate::http::{
    Answer, Fault, Form, Own, Visitor, add_cookie, local_path, see_other, see_other_with, session,
};
use crate::pages::shell::Shell;
use crate::pages::shell::ceremony::{ANSWER, Ceremony};
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::passkey::ceremony::{self, Unproven};
use crate::passkey::response;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/login.html")]
struct LoginPage {
    shell: Shell,
    form: form::Form,
    passkey: Ceremony,
    provider: Option<Door>,
}

/// The way to the provider.
struct Door {
    /// How it is called.
    name: String,
    href: String,
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    pub(super) next: String,
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("login", "账号", 64).required(),
        FieldSpec::password("password", "密码").required(),
        FieldSpec::hidden("next"),
    ]
}

fn shown(visitor: &Visitor, login: &str, next: &str, errors: Vec<FieldError>) -> LoginPage {
    told(visitor, login, next, errors, vec![])
}

/// The page, with what is wrong with what was typed, or with the passkey.
fn told(
    visitor: &Visitor,
    login: &str,
    next: &str,
    errors: Vec<FieldError>,
    refusals: Vec<(String, String)>,
) -> LoginPage {
    let mut shell = Shell::new(visitor, "登录").with_form(visitor);
    shell.has_errors = !errors.is_empty() || !refusals.is_empty();
    shell.indexed = false;
    let values = Values::default().with("login", login).with("next", next);
    let form =
        form::Form::new(&shell.csrf, "/login", "登录", fields()).values(values).errors(errors);
    let hidden = vec![FieldSpec::hidden("next")];
    let mut asks = form::Form::new(&shell.csrf, "/login/passkey", "用通行密钥登录", hidden)
        .values(Values::default().with("next", next));
    asks.refusals = refusals;
    let passkey = Ceremony::get(visitor, asks, "/login/passkey/challenge")
        .at("/login")
        .instead("用账号和密码登录");
    let provider = visitor.state().config.provider.as_ref().map(|provider| {
        let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
        Door { name: provider.name().to_owned(), href: format!("/login/provider?{query}") }
    });
    LoginPage { shell, form, passkey, provider }
}

pub(super) async fn get(visitor: Visitor, Query(next): Query<Next>) -> Answer {
    if visitor.signed().is_some() {
        return Ok(see_other(arrival(&next.next)));
    }
    page(&shown(&visitor, "", &next.next, Vec::new()))
}

/// Where somebody arrives after signing in.
pub(super) fn arrival(next: &str) -> &str {
    match local_path(next) {
        "/" => "/home",
        path => path,
    }
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    let (login, next) = (posted.get("login"), posted.get("next"));
    if let Err(errors) = crate::pages::shell::parse::parse(&fields(), &posted.0) {
        let page = shown(&visitor, login, next, errors);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let person = state.store.person_by_login(login).await?.filter(|person| !person.disabled);
    let device = person.as_ref().and_then(|person| known::device(&state, &headers, person));
    let tries = Tries::at_login(login, visitor.address()).known(device);
    if let Err(seconds) = tries.may(&state).await? {
        metrics::counter!("logins_total", "outcome" => "throttled").increment(1);
        let sentence = format!("这个账号尝试次数较多，{seconds} 秒后再试");
        let page = shown(&visitor, login, next, vec![FieldError::new("login", sentence)]);
        return page_with(StatusCode::TOO_MANY_REQUESTS, &page);
    }
    tries.begin(&state).await?;
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    let right = state.passwords.verify(posted.raw("password"), hash).await?;
    let Some(person) = person.filter(|_| right) else {
        tries.wrong(&state).await?;
        metrics::counter!("logins_total", "outcome" => "wrong").increment(1);
        let wrong = FieldError::new("login", "账号或密码不对，核对后再填一次");
        let page = shown(&visitor, login, next, vec![wrong]);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    tries.right(&state).await?;
    metrics::counter!("logins_total", "outcome" => "right").increment(1);
    // Whoever has passkeys alone shows one at the login, or asks here for lost ones to be given up.
    let passkeys = state.store.passkeys(&person.id).await?;
    if factors::is_bound(&state, &person.id).await? || !passkeys.is_empty() {
        let step = second::step(&state, &person);
        let place = (&person, step.as_str(), next);
        return second::shown(&state, &visitor, place, (StatusCode::OK, Vec::new())).await;
    }
    if let Some(old) = visitor.signed() {
        session::end(&state, &old.session.hash).await?;
    }
    let with = if state.demo.is_some() { With::Demonstration } else { With::Password };
    let label = device::label(&headers);
    let cookie = session::begin(&state, &person.id, None, &label, with).await?;
    let detail = format!("{label}，{}", with.term());
    log::note(&state, &person.id, log::Kind::SignedIn, &detail, &person.id).await?;
    let mut response = see_other(arrival(next));
    add_cookie(&mut response, cookie);
    add_cookie(&mut response, known::cookie(&state, &headers, &person));
    Ok(response)
}

pub(super) async fn challenge(State(state): State<AppState>, visitor: Visitor, _: Form) -> Answer {
    Ok(Json(ceremony::ask_to_sign_in(&state, &visitor).await?).into_response())
}

/// Signs in whoever the passkey is registered for: nothing is typed, and nothing can be guessed.
pub(super) async fn by_passkey(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    let next = posted.get("next");
    let answer = response::parse(posted.get(ANSWER)).map_err(Unproven::from);
    let outcome = match answer {
        Ok(answer) => ceremony::sign_in(&state, &visitor, &answer).await,
        Err(unproven) => Err(unproven),
    };
    let person = match outcome {
        Ok(person) => person,
        Err(Unproven::Broken(fault)) => return Err(fault),
        Err(Unproven::No(fault)) => {
            metrics::counter!("logins_total", "outcome" => "wrong").increment(1);
            let refusals = vec![(fault.sentence(), String::new())];
            return unprocessable(&told(&visitor, "", next, vec![], refusals));
        }
    };
    metrics::counter!("logins_total", "outcome" => "right").increment(1);
    if let Some(old) = visitor.signed() {
        session::end(&state, &old.session.hash).await?;
    }
    let (label, with) = (device::label(&headers), With::Passkey);
    let cookie = session::begin(&state, &person.id, None, &label, with).await?;
    let detail = format!("{label}，{}", with.term());
    log::note(&state, &person.id, log::Kind::SignedIn, &detail, &person.id).await?;
    let mut response = see_other(arrival(next));
    add_cookie(&mut response, cookie);
    Ok(response)
}

pub(super) async fn leave(
    State(state): State<AppState>,
    Own(signed): Own,
    _: Form,
) -> Result<axum::response::Response, Fault> {
    let cookie = session::end(&state, &signed.session.hash).await?;
    let flash = Flash { tone: Tone::Ok, text: "已退出登录".to_owned() };
    let mut response = see_other_with(&state, "/", &flash);
    add_cookie(&mut response, cookie);
    Ok(response)
}
