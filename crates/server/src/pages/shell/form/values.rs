//! What stands in the fields as it was typed, and what of it is to be mended.

use serde_json::Value;

use super::super::parse;
use super::{Choice, FieldSpec};

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field by its posted name: `name`, `members.0.task`.
    pub field: String,
    /// What is to be done: `填写联合体名称`.
    pub sentence: String,
    /// The clause that asks it, by its id; empty where only the house's rules speak.
    pub clause: String,
    /// What was probably meant, each to be taken with one press.
    pub offers: Vec<Choice>,
}

impl FieldError {
    /// A thing to mend.
    pub fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            sentence: sentence.into(),
            clause: String::new(),
            offers: Vec::new(),
        }
    }

    /// Offers what was probably meant.
    #[must_use]
    pub fn offering(mut self, offers: Vec<Choice>) -> Self {
        self.offers = offers;
        self
    }

    /// Names the clause that asks it.
    #[must_use]
    pub fn under(mut self, clause: impl Into<String>) -> Self {
        self.clause = clause.into();
        self
    }
}

/// What stands in the fields: the posted pairs, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// What was posted, to be shown again.
    pub fn typed(pairs: &[(String, String)]) -> Self {
        Self(pairs.to_vec())
    }

    /// What is stored, written as somebody would type it.
    pub fn stored(specs: &[FieldSpec], object: &Value) -> Self {
        Self(parse::unparse(specs, object))
    }

    /// The same with one value more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The last value under a name.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Whether a value is among those under a name.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, found)| key == name && found == value)
    }
}
