//! 访问令牌 — a program may act for a post of its maker through the API, until a day.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use store::Token;

use crate::clock;
use crate::factors::log;
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, random, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// Tokens of one person at most.
const TOKENS_MAX: usize = 20;
/// Days a token may live.
const DAYS_MAX: i64 = 365;
const DAY_MS: i64 = 86_400_000;

#[derive(Template)]
#[template(path = "account/tokens.html")]
struct TokensPage {
    shell: Shell,
    form: form::Form,
    tokens: Vec<TokenRow>,
    /// The secret of the token just made: shown this once.
    secret: Option<String>,
}

struct TokenRow {
    hash: String,
    label: String,
    post: String,
    until: String,
    ended: bool,
}

fn fields(signed: &SignedIn) -> Vec<FieldSpec> {
    let posts = signed.signed().posts.iter();
    let options = posts.map(|held| (held.id.clone(), format!("{} · {}", held.capacity, held.side)));
    vec![
        FieldSpec::text("label", "用途", 40).required().hint("例如：单位科研管理系统同步"),
        FieldSpec::select("post", "以哪个身份办理", options).required(),
        FieldSpec::integer("days", "有效天数", 1, DAYS_MAX).required(),
    ]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
    secret: Option<String>,
) -> Result<TokensPage, Fault> {
    let now_ms = state.clock.wall_ms();
    let tokens = state.store.tokens(signed.actor.person.as_str()).await?;
    let posts = &signed.signed().posts;
    let row = |token: Token| {
        let held = posts.iter().find(|held| held.id == token.post);
        TokenRow {
            post: held.map_or("身份已不在名下".to_owned(), |held| {
                format!("{} · {}", held.capacity, held.side)
            }),
            until: clock::written(token.expires_ms),
            ended: token.expires_ms <= now_ms || held.is_none(),
            hash: token.hash,
            label: token.label,
        }
    };
    let mut shell = Shell::new(&signed.visitor, "访问令牌").crumb("/profile", "个人中心");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/profile/tokens", "新建令牌", fields(signed))
        .values(values)
        .errors(errors);
    Ok(TokensPage { shell, form, tokens: tokens.into_iter().map(row).collect(), secret })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let values = Values::default().with("days", "90");
    page(&shown(&state, &signed, values, Vec::new(), None).await?)
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "新建令牌", &posted.0).await? {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    let object = match parse(&fields(&signed), &posted.0) {
        Ok(object) => object,
        Err(errors) => {
            return unprocessable(&shown(&state, &signed, again, errors, None).await?);
        }
    };
    let person = signed.actor.person.as_str();
    if state.store.tokens(person).await?.len() >= TOKENS_MAX {
        let sentence = format!("已有 {TOKENS_MAX} 个令牌，停用不再使用的，再新建");
        let errors = vec![FieldError::new("label", sentence)];
        return unprocessable(&shown(&state, &signed, again, errors, None).await?);
    }
    let secret = format!("clt_{}", random::secret_hex());
    let now_ms = state.clock.wall_ms();
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    // As strong as whoever makes it; it shows nobody to be present until that is asked again.
    let standing = signed.signed().standing;
    let days = object["days"].as_i64().unwrap_or(1);
    let token = Token {
        hash: session::digest(&secret),
        person: person.to_owned(),
        post: text("post"),
        label: text("label"),
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(days.saturating_mul(DAY_MS)),
        strength: standing.strength.name().to_owned(),
        proved_with: standing.with.name().to_owned(),
        proved_ms: 0,
    };
    log::note(&state, person, log::Kind::TokenMade, &token.label, person).await?;
    state.store.save_token(token).await?;
    let values = Values::default().with("days", "90");
    let page = shown(&state, &signed, values, Vec::new(), Some(secret)).await?;
    page_with(StatusCode::CREATED, &page)
}

pub(super) async fn end(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "停用令牌", &posted.0).await? {
        return Ok(page);
    }
    let own = state.store.tokens(signed.actor.person.as_str()).await?;
    let found = own.iter().find(|token| token.hash == posted.get("token"));
    let Some(token) = found else { return Err(Fault::NotFound) };
    state.store.end_token(&token.hash).await?;
    let person = token.person.as_str();
    log::note(&state, person, log::Kind::TokenEnded, &token.label, person).await?;
    let text = format!("已停用令牌“{}”", token.label);
    Ok(see_other_with(&state, "/profile/tokens", &Flash { tone: Tone::Ok, text }))
}
