//! 表单 — one form for every command: what it asks, what stands in it, and the way back.
//!
//! Field names are the names of [`Command`]'s own fields, so that pages and the description of
//! the API speak of the same things. Where a command keeps its fields in an object of its own,
//! [`CommandForm::within`] names that object; [`command`] puts it together.

mod agreement;
mod context;
mod fields;
mod filed;
mod materials;
mod review;
mod sealed;
mod shape;
pub(crate) mod unit;
mod words;

#[cfg(test)]
mod tests;

use consortium::Command;
use serde_json::Value;

use crate::pages::shell::form::{FieldError, FieldSpec};

pub use context::{FormContext, Question};
pub use fields::unit_fields;
pub(crate) use fields::{FILES, SCANS};
pub use materials::is_section;
pub use shape::is_personal;
pub use words::{consequence, done, interrupts};

/// The form of one command.
#[derive(Clone, Debug)]
pub struct CommandForm {
    /// What is asked.
    pub fields: Vec<FieldSpec>,
    /// What follows from it, in one or two sentences.
    pub intro: String,
    /// The words on the button.
    pub submit_label: String,
    /// Whether the act is hard to take back: the page stops the reader first.
    pub danger: bool,
    /// What stands in the fields at first, under the fields' names.
    pub stored: Value,
    /// The object of the command that holds these fields; `None` where they stand beside
    /// `command` itself.
    pub within: Option<&'static str>,
}

/// The form of a command; `None` for what no person asks.
pub fn form(verb: &str, context: &FormContext) -> Option<CommandForm> {
    let fields = fields::fields(verb, context)?;
    let row = consortium::command::named(verb)?;
    Some(CommandForm {
        fields,
        intro: words::consequence(verb, context),
        submit_label: words::submit_label(row, context),
        danger: words::interrupts(verb),
        stored: fields::stored(verb, context),
        within: shape::within(verb),
    })
}

/// Puts the command together from what [`crate::pages::shell::parse::parse`] read by the form's
/// own fields.
pub fn command(
    verb: &str,
    value: &Value,
    context: &FormContext,
) -> Result<Command, Vec<FieldError>> {
    let unread = || vec![FieldError::new("", "这一页的内容读不懂，刷新后再办")];
    let fields = fields::fields(verb, context).ok_or_else(unread)?;
    let object = shape::shaped(verb, &shape::whole(&fields, value), context);
    serde_json::from_value(object).map_err(|error| {
        tracing::warn!(verb, error = %error, "a form does not make its command");
        unread()
    })
}
