//! 再验身份 — the page between a form that came too late and the act: everything typed is in it.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use crate::http::prove::{FIELD, Typed};
use crate::http::strength::PROOF_SERVES_MS;
use crate::http::{Answer, Own, SignedIn};
use crate::pages::page_with;
use crate::pages::shell::Shell;
use crate::pages::shell::ceremony::Ceremony;
use crate::pages::shell::form::{FieldError, FieldSpec, Form};
use crate::passkey::ceremony;
use crate::state::AppState;

/// Where the challenge to a passkey is asked for.
pub(super) const CHALLENGE: &str = "/security/proof/challenge";

/// What is asked, and what for.
pub(crate) struct Asked<'a> {
    /// What is done, in words: `签发推荐意见`.
    pub(crate) act: &'a str,
    /// What can be typed.
    pub(crate) typed: Typed,
    /// How many passkeys there are to show instead.
    pub(crate) passkeys: usize,
    /// How the provider is called that may show the person instead.
    pub(crate) provider: Option<String>,
    /// What was typed into the form of the act.
    pub(crate) carried: Vec<(String, String)>,
    /// Secrets that the form asked for, and ask again: name and label.
    pub(crate) secrets: Vec<(&'static str, &'static str)>,
    /// What was wrong with the last proof.
    pub(crate) error: Option<String>,
}

#[derive(Template)]
#[template(path = "account/prove.html")]
struct ProvePage {
    shell: Shell,
    act: String,
    minutes: i64,
    /// Whether there is anything to type.
    types: bool,
    form: Form,
    passkey: Option<Ceremony>,
    provider: Option<Elsewhere>,
}

/// A proof that is given in another window, while everything typed waits in this one.
struct Elsewhere {
    /// How the provider is called.
    name: String,
    /// The form that goes on afterwards.
    form: Form,
}

/// The page. Its form is posted to where the first one was.
pub(crate) fn page(signed: &SignedIn, asked: Asked<'_>, status: StatusCode) -> Answer {
    let Asked { act, typed, passkeys, provider, carried, secrets, error } = asked;
    let mut fields: Vec<FieldSpec> = match typed {
        Typed::Password => vec![FieldSpec::password(FIELD, "密码").required()],
        Typed::Code => {
            let hint = "手机上显示的六位数字；手机不在手边的，填一个恢复码";
            vec![FieldSpec::text(FIELD, "动态口令", 40).required().hint(hint)]
        }
        Typed::Nothing => vec![],
    };
    let again = |(name, label): (&'static str, &'static str)| {
        FieldSpec::password(name, label).required().hint("密码不随页面保存，再填一次")
    };
    fields.extend(secrets.into_iter().map(again));
    let errors: Vec<_> = error.map(|error| FieldError::new(FIELD, error)).into_iter().collect();
    let mut shell = Shell::new(&signed.visitor, "再验一次身份");
    shell.has_errors = !errors.is_empty();
    let label = format!("验明身份，{act}");
    let own: Vec<FieldSpec> = fields.iter().filter(|field| field.name != FIELD).cloned().collect();
    let provider = provider.map(|name| Elsewhere {
        form: Form::new(
            &shell.csrf,
            signed.visitor.path(),
            format!("在{name}验过了，{act}"),
            own.clone(),
        )
        .carrying(carried.clone()),
        name,
    });
    let mut asks =
        Form::new(&shell.csrf, signed.visitor.path(), format!("用通行密钥验明，{act}"), own)
            .carrying(carried.clone());
    if typed == Typed::Nothing {
        // There is no field to say it at.
        asks.refusals =
            errors.iter().map(|error| (error.sentence.clone(), String::new())).collect();
    }
    let passkey = Ceremony::get(&signed.visitor, asks, CHALLENGE)
        .into_field(FIELD)
        .instead("填下面的密码；没有密码一栏的，换一台支持的设备");
    let form = Form::new(&shell.csrf, signed.visitor.path(), label, fields)
        .carrying(carried)
        .errors(errors)
        .leave("/home", "先不办");
    let page = ProvePage {
        act: act.to_owned(),
        minutes: PROOF_SERVES_MS / 60_000,
        types: typed != Typed::Nothing,
        passkey: (passkeys > 0).then_some(passkey),
        provider,
        form,
        shell,
    };
    page_with(status, &page)
}

pub(super) async fn challenge(
    State(state): State<AppState>,
    Own(signed): Own,
    _: crate::http::Form,
) -> Answer {
    Ok(Json(ceremony::ask_to_step_up(&state, &signed).await?).into_response())
}
