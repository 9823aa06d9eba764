//! 材料 — the form and the agreement as documents, and the attachments.

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::{
    agreement::{AgreementText, FORMED_ON},
    materials::Attachment,
    view::{AgreementView, FormView, PartyView},
};

use super::attachments;
use super::desk::Desk;
use super::document as paper;
use super::sums;
use crate::fair_copy::{self, Block};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::Table;

/// The materials, as sheets.
#[derive(Template)]
#[template(path = "dossier/document.html")]
pub(super) struct Document {
    name: String,
    href: String,
    parties: Vec<PartyView>,
    sections: Vec<(String, Vec<View>)>,
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
            sections: fair_copy::leaves(&desk.source(&form)).iter().map(read).collect(),
            form,
            agreement,
        })
    }
}

/// What stands in a section.
enum View {
    /// Labels and values.
    Facts(Vec<(&'static str, Html)>),
    /// A table, and what stands under it.
    Rows(Box<Table>, String),
}

/// A section as it is read; a table without rows is left out.
fn read(section: &fair_copy::Leaf) -> (String, Vec<View>) {
    let fact = |fact: &fair_copy::Fact| (fact.label, paragraphs(&fact.value));
    let view = |block: &Block| match block {
        Block::Facts(facts) => Some(View::Facts(facts.iter().map(fact).collect())),
        Block::Text(text) => Some(View::Facts(vec![fact(text)])),
        Block::Table(table) if table.rows.is_empty() => None,
        Block::Table(table) => {
            Some(View::Rows(Box::new(sums::shown(table)), table.note.clone().unwrap_or_default()))
        }
    };
    (section.heading.clone(), section.blocks.iter().filter_map(view).collect())
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
