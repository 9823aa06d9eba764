//! 访问令牌 — a program gets one for its maker's login, password and second factor, tried as at the
//! login. A token is as strong as that, and shows its maker to be present for as long as a session
//! would.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use store::{Person, Post, Token};

use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, json_with};
use crate::factors::{self, Shown, log};
use crate::http::strength::With;
use crate::http::throttle::Tries;
use crate::http::{Fault, SignedIn, Visitor, random, session};
use crate::state::AppState;

/// Tokens of one person at most.
const TOKENS_MAX: usize = 20;
/// Days a token may live at most.
const DAYS_MAX: u16 = 365;
/// Days a token lives unless asked otherwise.
const DAYS: u16 = 1;
/// Characters of a purpose.
const LABEL_MAX: usize = 40;
/// Characters of a login; people type passwords into the wrong field.
const LOGIN_MAX: usize = 64;
const DAY_MS: i64 = 86_400_000;

/// Who asks for a token, for which post, until when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    login: String,
    password: String,
    /// A one-time password or a recovery code, of whoever has bound one.
    code: Option<String>,
    /// The post it acts for; the first one held unless given.
    post: Option<String>,
    label: Option<String>,
    days: Option<u16>,
}

pub(super) async fn make(
    State(state): State<AppState>,
    visitor: Visitor,
    Json(wanted): Json<Wanted>,
) -> Answer {
    let days = wanted.days.unwrap_or(DAYS);
    if !(1..=DAYS_MAX).contains(&days) {
        let sentence = format!("有效天数 1 至 {DAYS_MAX}");
        return Err(Problem::malformed(Some("days"), sentence).into());
    }
    let label = wanted.label.clone().unwrap_or_else(|| "接口登录".to_owned());
    if label.chars().count() > LABEL_MAX {
        let sentence = format!("用途最多 {LABEL_MAX} 个字");
        return Err(Problem::malformed(Some("label"), sentence).into());
    }
    let person = identified(&state, &visitor, &wanted).await?;
    let with = second(&state, &visitor, &person, wanted.code.as_deref()).await?;
    let post = post(&state, &person, wanted.post.as_deref()).await?;
    let required = session::required(&state, &post).await?;
    if with.strength() < required {
        return Err(Fault::Weak { required, next: "/".to_owned() }.into());
    }
    let now_ms = state.clock.wall_ms();
    room(&state, &person, now_ms).await?;
    let secret = format!("clt_{}", random::secret_hex());
    let token = Token {
        hash: session::digest(&secret),
        person: person.id,
        post: post.id.clone(),
        label,
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(i64::from(days).saturating_mul(DAY_MS)),
        strength: with.strength().name().to_owned(),
        proved_with: with.name().to_owned(),
        proved_ms: now_ms,
    };
    log::note(&state, &token.person, log::Kind::TokenMade, &token.label, &token.person).await?;
    let until = Timestamp::from_millisecond(token.expires_ms).unwrap_or(Timestamp::MAX);
    state.store.save_token(token).await?;
    let answer = json!({
        "token": secret, "expires_at": until.to_string(),
        "post": post.id, "side": post.side, "capacity": post.capacity,
    });
    json_with(StatusCode::CREATED, &answer)
}

/// The person of a login and its password. Unknown accounts and wrong passwords look alike.
async fn identified(
    state: &AppState,
    visitor: &Visitor,
    wanted: &Wanted,
) -> Result<Person, Trouble> {
    if wanted.login.chars().count() > LOGIN_MAX {
        return Err(wrong().into());
    }
    let tries = Tries::at_login(&wanted.login, visitor.address());
    tries.may(state).await?.map_err(Fault::TooMany)?;
    tries.begin(state).await?;
    let person = state.store.person_by_login(&wanted.login).await?;
    let person = person.filter(|person| !person.disabled);
    let hash = person.as_ref().and_then(|person| person.password_hash.as_deref());
    let right = state.passwords.verify(&wanted.password, hash).await?;
    let Some(person) = person.filter(|_| right) else {
        tries.wrong(state).await?;
        return Err(wrong().into());
    };
    tries.right(state).await?;
    Ok(person)
}

/// What the person has, beside the password: asked of whoever has bound it.
async fn second(
    state: &AppState,
    visitor: &Visitor,
    person: &Person,
    code: Option<&str>,
) -> Result<With, Trouble> {
    if !factors::is_bound(state, &person.id).await? {
        return Ok(if state.demo.is_some() { With::Demonstration } else { With::Password });
    }
    let Some(code) = code else {
        return Err(Problem::malformed(Some("code"), "缺少字段“code”：动态口令或恢复码").into());
    };
    let tries = Tries::of("code", &person.id, visitor.address());
    tries.may(state).await?.map_err(Fault::TooMany)?;
    tries.begin(state).await?;
    match factors::show(state, &person.id, code).await? {
        Shown::Right(with) => {
            tries.right(state).await?;
            Ok(with)
        }
        other => {
            tries.wrong(state).await?;
            Err(Problem::malformed(Some("code"), factors::sentence(&other)).into())
        }
    }
}

fn wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unidentified", "账号或密码不对，核对后再试")
}

/// The post a token acts for: one the person holds today.
async fn post(state: &AppState, person: &Person, wanted: Option<&str>) -> Result<Post, Trouble> {
    let today = state.clock.today().to_string();
    let held = state.store.posts(&person.id).await?.into_iter();
    let mut held = held.filter(|post| session::is_held(post, &today));
    let found = match wanted {
        Some(id) => held.find(|post| post.id == id),
        None => held.next(),
    };
    found.ok_or_else(|| Problem::malformed(Some("post"), "名下没有这个身份").into())
}

/// Makes room for one more token: those that ended go, and then there is an end.
async fn room(state: &AppState, person: &Person, now_ms: i64) -> Result<(), Trouble> {
    let tokens = state.store.tokens(&person.id).await?;
    let (live, ended): (Vec<_>, Vec<_>) =
        tokens.into_iter().partition(|token| token.expires_ms > now_ms);
    for token in ended {
        state.store.end_token(&token.hash).await?;
    }
    if live.len() >= TOKENS_MAX {
        let sentence = format!("已有 {TOKENS_MAX} 个令牌，停用不再使用的，再新建");
        return Err(Problem::malformed(None, sentence).into());
    }
    Ok(())
}

/// Ends the token the request came with.
pub(super) async fn end(State(state): State<AppState>, signed: SignedIn) -> Answer {
    if !signed.signed().by_token {
        return Err(Problem::malformed(None, "这次请求没有用令牌").into());
    }
    state.store.end_token(&signed.session.hash).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
