//! 通行密钥 — what the devices of a person prove themselves with: registered, named, taken away.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use store::Passkey;

use super::device;
use crate::clock;
use crate::http::{Answer, Fault, Form, Own, SignedIn, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::ceremony::{ANSWER, Ceremony};
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::passkey::ceremony::{self, Unproven};
use crate::passkey::{LABEL_CHARS_MAX, PASSKEYS_MAX, response};
use crate::state::AppState;

/// The page.
pub(crate) const HERE: &str = "/security/passkeys";

#[derive(Template)]
#[template(path = "account/passkeys.html")]
struct PasskeysPage {
    shell: Shell,
    passkeys: Vec<Row>,
    max: usize,
    name_max: usize,
    /// The new one; nothing where there are so many.
    ceremony: Option<Ceremony>,
}

/// One passkey.
struct Row {
    id: String,
    label: String,
    since: String,
    used: String,
    synced: bool,
}

impl Row {
    fn of(passkey: Passkey) -> Self {
        Self {
            since: clock::written(passkey.created_ms),
            used: passkey.used_ms.map_or_else(
                || "还没有用过".to_owned(),
                |used_ms| format!("最近使用 {}", clock::written(used_ms)),
            ),
            synced: passkey.synced,
            id: passkey.id,
            label: passkey.label,
        }
    }
}

fn fields() -> Vec<FieldSpec> {
    let label = FieldSpec::text("label", "名称", LABEL_CHARS_MAX);
    vec![label.required().hint("自己认得出的，例如：办公室电脑、工作手机")]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    label: &str,
    errors: Vec<FieldError>,
) -> Result<PasskeysPage, Fault> {
    let mut shell = Shell::new(&signed.visitor, "通行密钥").crumb("/profile", "个人中心");
    shell.has_errors = !errors.is_empty();
    let passkeys = state.store.passkeys(signed.actor.person.as_str()).await?;
    let form = form::Form::new(&shell.csrf, HERE, "登记这台设备", fields())
        .values(Values::default().with("label", label))
        .errors(errors);
    let ceremony = Ceremony::create(&signed.visitor, form, format!("{HERE}/challenge"))
        .instead("用账号和密码登录，签署用协议页列出的其他方式");
    let room = passkeys.len() < PASSKEYS_MAX || shell.has_errors;
    Ok(PasskeysPage {
        ceremony: room.then_some(ceremony),
        passkeys: passkeys.into_iter().map(Row::of).collect(),
        max: PASSKEYS_MAX,
        name_max: LABEL_CHARS_MAX,
        shell,
    })
}

pub(super) async fn get(
    State(state): State<AppState>,
    Own(signed): Own,
    headers: HeaderMap,
) -> Answer {
    page(&shown(&state, &signed, &device::label(&headers), vec![]).await?)
}

pub(super) async fn challenge(State(state): State<AppState>, Own(signed): Own, _: Form) -> Answer {
    Ok(Json(ceremony::ask_to_register(&state, &signed).await?).into_response())
}

pub(super) async fn add(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "登记通行密钥", &posted.0).await? {
        return Ok(page);
    }
    let label = posted.get("label");
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&state, &signed, label, errors).await?);
    }
    let answer = response::parse(posted.get(ANSWER)).map_err(Unproven::from);
    let outcome = match answer {
        Ok(answer) => ceremony::register(&state, &signed, label, &answer).await,
        Err(unproven) => Err(unproven),
    };
    match outcome {
        Ok(passkey) => {
            let text = format!("已登记通行密钥“{}”，下次可以用它登录", passkey.label);
            Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text }))
        }
        Err(Unproven::No(fault)) => {
            let errors = vec![FieldError::new("label", fault.sentence())];
            unprocessable(&shown(&state, &signed, label, errors).await?)
        }
        Err(Unproven::Broken(fault)) => Err(fault),
    }
}

pub(super) async fn rename(
    State(state): State<AppState>,
    Own(signed): Own,
    posted: Form,
) -> Answer {
    if let Err(errors) = parse(&fields(), &posted.0) {
        let words = errors.into_iter().next().map(|error| error.sentence).unwrap_or_default();
        return Err(Fault::Refused(format!("名称：{words}。返回上一页再填一次。")));
    }
    let (person, label) = (signed.actor.person.as_str(), posted.get("label"));
    if !state.store.name_passkey(person, posted.get("passkey"), label).await? {
        return Err(Fault::NotFound);
    }
    let text = format!("已改名为“{label}”");
    Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text }))
}

pub(super) async fn end(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "移除通行密钥", &posted.0).await? {
        return Ok(page);
    }
    let ended = ceremony::remove(&state, &signed, posted.get("passkey")).await?;
    let text = format!("已移除通行密钥“{}”，它不能再登录", ended.label);
    Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text }))
}
