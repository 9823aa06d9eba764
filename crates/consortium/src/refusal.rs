//! 不予通过的理由 — the answer to a command that cannot be carried out.

use std::fmt;

use serde::Serialize;

use crate::measures::Finding;

/// What sort of answer it is; the server maps it to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The dossier's stage or a flag does not allow it now.
    NotNow,
    /// This person, in this capacity, may not.
    Forbidden,
    /// There is no such thing, or it is not this person's to see.
    NotFound,
    /// A condition of the regulation is not met; the findings say which.
    Unmet,
    /// A value is missing, too long or cannot be.
    Malformed,
}

/// 不予通过的理由 — names the clause, the reason and what to do next.
///
/// A refusal is an answer to a person, never a failure of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What sort of answer.
    pub kind: RefusalKind,
    /// The clause it rests on, by id; `None` where only the house's rules speak.
    pub clause: Option<&'static str>,
    /// What is the case.
    pub reason: String,
    /// What to do next.
    pub remedy: String,
    /// The field it concerns, if one.
    pub field: Option<String>,
    /// The findings behind an [`RefusalKind::Unmet`].
    pub findings: Vec<Finding>,
}

impl Refusal {
    fn new(kind: RefusalKind, clause: Option<&'static str>, reason: &str, remedy: &str) -> Self {
        Self {
            kind,
            clause,
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
            field: None,
            findings: Vec::new(),
        }
    }

    /// Not in this stage, or not while a flag stands.
    pub fn not_now(clause: &'static str, reason: &str, remedy: &str) -> Self {
        Self::new(RefusalKind::NotNow, Some(clause), reason, remedy)
    }

    /// Not by this person in this capacity.
    pub fn forbidden(clause: &'static str, reason: &str, remedy: &str) -> Self {
        Self::new(RefusalKind::Forbidden, Some(clause), reason, remedy)
    }

    /// No such thing.
    pub fn not_found(reason: &str, remedy: &str) -> Self {
        Self::new(RefusalKind::NotFound, None, reason, remedy)
    }

    /// A condition is not met.
    pub fn unmet(clause: &'static str, reason: &str, remedy: &str, findings: Vec<Finding>) -> Self {
        Self { findings, ..Self::new(RefusalKind::Unmet, Some(clause), reason, remedy) }
    }

    /// A field's value cannot be taken.
    pub fn field(field: &str, reason: &str, remedy: &str) -> Self {
        let plain = Self::new(RefusalKind::Malformed, None, reason, remedy);
        Self { field: Some(field.to_owned()), ..plain }
    }

    /// In a row of a table: the field with the row's number, and the sentence with it.
    #[must_use]
    pub fn in_row(mut self, rows: &str, at: usize) -> Self {
        self.field = self.field.map(|field| format!("{rows}.{at}.{field}"));
        self.reason = format!("第 {} 行：{}", at + 1, self.reason);
        self
    }

    /// The same refusal, resting on a clause.
    #[must_use]
    pub fn under(mut self, clause: &'static str) -> Self {
        self.clause = Some(clause);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}。{}", self.reason.trim_end_matches('。'), self.remedy)
    }
}

impl std::error::Error for Refusal {}
