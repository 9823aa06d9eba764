//! 再验身份 — the page between a form that came too late and the act: everything typed is in it.

use askama::Template;
use axum::http::StatusCode;

use crate::http::prove::{FIELD, Typed};
use crate::http::strength::PROOF_SERVES_MS;
use crate::http::{Answer, SignedIn};
use crate::pages::page_with;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldSpec, Form};

/// What is asked, and what for.
pub(crate) struct Asked<'a> {
    /// What is done, in words: `签发推荐意见`.
    pub(crate) act: &'a str,
    /// What can be typed.
    pub(crate) typed: Typed,
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
}

/// The page. Its form is posted to where the first one was.
pub(crate) fn page(signed: &SignedIn, asked: Asked<'_>, status: StatusCode) -> Answer {
    let Asked { act, typed, carried, secrets, error } = asked;
    let mut fields: Vec<FieldSpec> = match typed {
        Typed::Password => vec![FieldSpec::password(FIELD, "密码").required()],
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
    let form = Form::new(&shell.csrf, signed.visitor.path(), label, fields)
        .carrying(carried)
        .errors(errors)
        .leave("/home", "先不办");
    let page = ProvePage {
        act: act.to_owned(),
        minutes: PROOF_SERVES_MS / 60_000,
        types: typed != Typed::Nothing,
        form,
        shell,
    };
    page_with(status, &page)
}
