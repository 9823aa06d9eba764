//! 设置密码的链接 — for an account that somebody else made. It is shown once and works once;
//! looking at it does not use it up.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use store::{Person, Post};

use crate::http::password::{CHARS_MIN, complaint};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, random, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// What a login is made of.
pub(crate) const LOGIN_HINT: &str = "小写字母、数字、点和短横，3 至 32 个字符";
/// How long a link works.
const LIVES_MS: i64 = 7 * 86_400_000;

/// What is kept of a link: never its secret.
#[derive(Serialize, Deserialize)]
struct Kept {
    person: String,
    until_ms: i64,
}

#[derive(Template)]
#[template(path = "account/form_page.html")]
struct WelcomePage {
    shell: Shell,
    form: form::Form,
}

/// Whether something can be typed to sign in.
pub(crate) fn is_login(login: &str) -> bool {
    let known = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-')
    };
    (3..=32).contains(&login.len()) && login.chars().all(known)
}

fn key(secret: &str) -> String {
    format!("welcome.{}", session::digest(secret))
}

/// Makes an account without a password, and its post; `false` when the login is taken.
pub(crate) async fn make(
    state: &AppState,
    (id, login, name): (String, String, String),
    (side, capacity, from): (String, consortium::actor::Capacity, String),
) -> Result<bool, Fault> {
    let person = Person {
        id,
        login,
        name,
        password_hash: None,
        created_ms: state.clock.wall_ms(),
        disabled: false,
    };
    let post = Post {
        id: format!("D{}", random::key()),
        person: person.id.clone(),
        side,
        capacity: session::capacity_text(capacity),
        from,
        to: None,
    };
    let write = state.store.write(move |tx| {
        if store::people::person_by_login(tx, &person.login)?.is_some() {
            return Ok(false);
        }
        store::people::save_person(tx, &person)?;
        store::people::save_post(tx, &post)?;
        Ok(true)
    });
    Ok(write.await?)
}

/// A link for a person who has no password yet, with the address the browser asked.
pub(crate) async fn link(
    state: &AppState,
    headers: &HeaderMap,
    person: &str,
) -> Result<String, Fault> {
    let secret = random::secret_hex();
    let until_ms = state.clock.wall_ms().saturating_add(LIVES_MS);
    let kept = Kept { person: person.to_owned(), until_ms };
    let text = serde_json::to_string(&kept).map_err(Fault::internal)?;
    state.store.set_setting(&key(&secret), &text).await?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if state.config.secure { "https" } else { "http" };
    Ok(format!("{scheme}://{host}/welcome/{secret}"))
}

/// Who a link is for, while it works.
async fn meant(state: &AppState, secret: &str) -> Result<Option<Person>, Fault> {
    let Some(text) = state.store.setting(&key(secret)).await? else { return Ok(None) };
    let Ok(kept) = serde_json::from_str::<Kept>(&text) else { return Ok(None) };
    if kept.until_ms <= state.clock.wall_ms() {
        return Ok(None);
    }
    let person = state.store.person(&kept.person).await?;
    Ok(person.filter(|person| person.password_hash.is_none() && !person.disabled))
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::password("new_password", "密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
        FieldSpec::password("again", "确认密码").required(),
    ]
}

fn shown(visitor: &Visitor, secret: &str, person: &Person, errors: Vec<FieldError>) -> WelcomePage {
    let mut shell = Shell::new(visitor, "设置密码").with_form(visitor);
    shell.indexed = false;
    shell.has_errors = !errors.is_empty();
    let action = format!("/welcome/{secret}");
    let form = form::Form::new(&shell.csrf, action, "设置密码", fields())
        .intro(format!(
            "{}，账号“{}”。设置后用这个账号登录，链接随即失效。",
            person.name, person.login
        ))
        .errors(errors);
    WelcomePage { shell, form }
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Answer {
    let person = found(&state, &visitor, &secret).await?;
    page(&shown(&visitor, &secret, &person, Vec::new()))
}

async fn found(state: &AppState, visitor: &Visitor, secret: &str) -> Result<Person, Fault> {
    let tries = Tries::of("welcome", "link", visitor.address());
    tries.may(state).await?.map_err(Fault::TooMany)?;
    if let Some(person) = meant(state, secret).await? {
        return Ok(person);
    }
    tries.wrong(state).await?;
    Err(Fault::Refused("这个链接已经用过或过了七天。联系开通账号的部门重新生成。".to_owned()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
    posted: Form,
) -> Answer {
    let person = found(&state, &visitor, &secret).await?;
    let new = posted.raw("new_password");
    let complaint = parse(&fields(), &posted.0).err().or_else(|| {
        let sentence = complaint(new, &[&person.login, &person.name]);
        let weak = sentence.map(|sentence| FieldError::new("new_password", sentence));
        let other = || {
            (new != posted.raw("again")).then(|| FieldError::new("again", "两次填写的密码不一样"))
        };
        weak.or_else(other).map(|error| vec![error])
    });
    if let Some(errors) = complaint {
        return unprocessable(&shown(&visitor, &secret, &person, errors));
    }
    let hash = state.passwords.hash(new).await?;
    let key = key(&secret);
    let id = person.id.clone();
    let write = state.store.write(move |tx| {
        let known = store::people::person(tx, &id)?.filter(|known| known.password_hash.is_none());
        let kept = store::settings::setting(tx, &key)?.filter(|kept| !kept.is_empty());
        let (Some(mut known), Some(_)) = (known, kept) else { return Ok(false) };
        known.password_hash = Some(hash.clone());
        store::people::save_person(tx, &known)?;
        store::settings::set_setting(tx, &key, "")?;
        Ok(true)
    });
    if !write.await? {
        return Err(Fault::Conflict("这个链接刚刚用过，用设置的密码登录。".to_owned()));
    }
    let text = format!("密码已设置，用账号“{}”登录", person.login);
    Ok(see_other_with(&state, "/login", &Flash { tone: Tone::Ok, text }))
}
