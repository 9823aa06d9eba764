//! 试算 — what the rules would say of a draft: the same rules, on the dossier as if it were written.

use consortium::{Command, Dossier, agreement, application};
use serde_json::Value;

use super::Open;
use super::merge::Fields;
use crate::forms;
use crate::pages::shell::form::FieldSpec;
use crate::pages::shell::parse::parse;

/// How often what cannot be read yet is left out.
const TRIES: usize = 3;

/// The dossier as if the draft were written; as it stands where nothing can be read of it yet.
pub(super) fn tried(open: &Open, now: &Fields) -> Dossier {
    let as_it_stands = || (*open.dossier).clone();
    let Some(value) = readable(&open.form.fields, open.pairs(now)) else { return as_it_stands() };
    match forms::command(open.verb.name, &value, &open.context) {
        Ok(Command::WriteApplication { content }) => application::as_if(&open.dossier, &content),
        Ok(Command::WriteAgreement { text, .. }) => agreement::as_if(&open.dossier, &text),
        _ => as_it_stands(),
    }
}

/// What can be read of a form that is half filled: fields with something to mend are left out,
/// and rows with them whole.
pub(super) fn readable(fields: &[FieldSpec], mut pairs: Vec<(String, String)>) -> Option<Value> {
    for _ in 0..TRIES {
        let errors = match parse(fields, &pairs) {
            Ok(value) => return Some(value),
            Err(errors) => errors,
        };
        for error in errors {
            let mut parts = error.field.split('.');
            let out = match (parts.next(), parts.next()) {
                (Some(rows), Some(number)) => format!("{rows}.{number}."),
                _ => error.field.clone(),
            };
            pairs.retain(|(name, _)| *name != error.field && !name.starts_with(&out));
        }
    }
    None
}
