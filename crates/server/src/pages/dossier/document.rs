//! 材料 — the form and the agreement as documents, and the attachments.

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::{
    agreement::{AgreementText, FORMED_ON},
    ids::UnitId,
    materials::Attachment,
    reference,
    view::{AgreementView, FormView, PartyView},
};

use super::attachments;
use super::desk::Desk;
use super::document as sheet;
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::{self, amount};

/// The materials, as sheets.
#[derive(Template)]
#[template(path = "dossier/document.html")]
pub(super) struct Document {
    name: String,
    href: String,
    parties: Vec<PartyView>,
    form: FormView,
    agreement: AgreementView,
    headings: Vec<(&'static str, String)>,
}

impl HtmlSafe for Document {}

impl Document {
    /// The materials, for those who may read them.
    pub(super) fn of(desk: &Desk) -> Option<Self> {
        let (form, agreement) = (desk.view.form.clone()?, desk.view.agreement.clone()?);
        Some(Self {
            name: desk.view.name.clone(),
            href: desk.href(),
            parties: desk.view.parties.clone(),
            headings: headings(&agreement.text),
            form,
            agreement,
        })
    }

    fn party(&self, unit: &UnitId) -> &str {
        let party = self.parties.iter().find(|party| party.unit == *unit);
        party.map_or("已移出的单位", |party| &party.name)
    }

    fn field(&self) -> &'static str {
        let id = self.form.basics.as_ref().map_or("", |basics| &basics.field);
        reference::field(id).map_or("未填写", |class| class.name)
    }

    fn industry(&self) -> &'static str {
        let id = self.form.basics.as_ref().map_or("", |basics| &basics.industry);
        reference::industry(id).map_or("未填写", |class| class.name)
    }

    /// All that is put in, in 万元.
    fn total(&self) -> String {
        amount(self.form.inputs.iter().map(|row| row.amount_fen).fold(0, i64::saturating_add))
    }
}

/// The headings of the agreement with their words; empty ones that are not owed are left out.
pub(super) fn headings(text: &AgreementText) -> Vec<(&'static str, String)> {
    let formed = text.formed_on.map(|on| on.to_string()).unwrap_or_default();
    let written = text.written().map(|(heading, words)| (heading.title, words.to_owned()));
    std::iter::once((FORMED_ON, formed)).chain(written).collect()
}

/// A text with its paragraphs; `未填写` for none.
pub(super) fn paragraphs(text: &str) -> Html {
    if text.trim().is_empty() {
        return Html::from("未填写");
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(Html::default(), |html, line| {
        let open = if html.as_str().is_empty() { "" } else { "<br>" };
        Html::trusted(format!("{html}{open}{}", Html::text(line)))
    })
}

/// A size as people read it.
fn size(file: &Attachment) -> String {
    attachments::size(file.size_bytes)
}
