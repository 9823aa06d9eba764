//! 通行密钥表单 — a form whose one answer comes from an authenticator: `assets/passkey.js` asks it and
//! sends the form like any other. Without script, or where passkeys do not work, it says what to do
//! instead.

use askama::Template;
use askama::filters::HtmlSafe;

use super::form::Form;
use crate::http::Visitor;
use crate::passkey::{Reach, Site};

/// The field that the answer comes in.
pub(crate) const ANSWER: &str = "credential";

/// A form that asks for a passkey.
#[derive(Clone, Debug, Template)]
#[template(path = "shell/ceremony.html")]
pub(crate) struct Ceremony {
    form: Form,
    /// Where passkeys work, seen from this page.
    reach: Reach,
    /// The path of the page, to be opened where they work.
    here: String,
    /// Where the challenge is asked for.
    begin: String,
    /// `create` or `get`.
    act: &'static str,
    /// What to do where no passkey can be used.
    instead: String,
    /// The field that the answer goes into.
    field: &'static str,
    /// What is signed, for the browser to compute again.
    words: Option<Words>,
}

/// What a signature is over.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The element that shows the statement.
    pub(crate) statement: &'static str,
    /// Where the text that is signed is.
    pub(crate) text: String,
    /// Its digest in the statement.
    pub(crate) digest: String,
}

impl HtmlSafe for Ceremony {}

impl Ceremony {
    /// A form that asks for a signature by a passkey; `begin` gives out the challenge.
    pub(crate) fn get(visitor: &Visitor, form: Form, begin: impl Into<String>) -> Self {
        Self {
            form,
            reach: Reach::of(Site::of(&visitor.state().config).as_ref(), visitor.host()),
            here: visitor.here(),
            begin: begin.into(),
            act: "get",
            instead: "用列出的其他方式".to_owned(),
            field: ANSWER,
            words: None,
        }
    }

    /// A form that asks for a new passkey.
    pub(crate) fn create(visitor: &Visitor, form: Form, begin: impl Into<String>) -> Self {
        Self { act: "create", ..Self::get(visitor, form, begin) }
    }

    /// Is found at another path than this answer's.
    #[must_use]
    pub(crate) fn at(self, here: impl Into<String>) -> Self {
        Self { here: here.into(), ..self }
    }

    /// Says what to do where no passkey can be used.
    #[must_use]
    pub(crate) fn instead(self, words: impl Into<String>) -> Self {
        Self { instead: words.into(), ..self }
    }

    /// Has the answer in a field of another name.
    #[must_use]
    pub(crate) fn into_field(self, field: &'static str) -> Self {
        Self { field, ..self }
    }

    /// Has the browser compute again what is signed.
    #[must_use]
    pub(crate) fn over(self, words: Words) -> Self {
        Self { words: Some(words), ..self }
    }
}
