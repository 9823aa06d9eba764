//! A form by its specification: what is asked, and how it is shown with labels, hints, errors and
//! what was typed. [`super::parse`] is the way back. Works without script.

mod field;
mod fold;
mod spec;
mod values;

use askama::Template;
use askama::filters::HtmlSafe;

pub use field::FieldView;
pub use fold::Fold;
pub use spec::{Choice, FieldSpec, Group, Kind};
pub use values::{FieldError, Values};

use field::{Fields, field_id};

use super::ui::{self, ErrorSummary};

/// 分 in one 万元 times a hundredth: amounts are asked in 万元 with two decimals, kept in 分.
pub(super) const FEN_PER_HUNDREDTH: i64 = 10_000;

/// Bytes of a file: scripts say so before it is sent.
pub(super) const FILE_MAX: u64 = consortium::materials::FILE_BYTES_MAX;

/// What is said of a file that is larger.
pub(super) fn file_over() -> String {
    crate::http::intake::too_large()
}

/// A form, ready to be shown: `{{ form }}` in a template.
#[derive(Clone, Debug, Template)]
#[template(path = "shell/form.html")]
pub struct Form {
    /// Where it is posted.
    pub action: String,
    /// Its heading; empty for none.
    pub title: String,
    /// What it is for.
    pub intro: String,
    /// The clause it carries out; empty for none.
    pub clause: String,
    /// The words on the button: verb and object.
    pub submit_label: String,
    /// A second button that leaves: address and words.
    pub leave: Option<(String, String)>,
    /// What is asked.
    pub fields: Vec<FieldSpec>,
    /// What stands in the fields.
    pub values: Values,
    /// What is to be mended.
    pub errors: Vec<FieldError>,
    /// What else stands in the way: sentence and clause id.
    pub refusals: Vec<(String, String)>,
    /// Whether the act is hard to take back.
    pub danger: bool,
    /// The token against forged posts, from the shell.
    pub csrf: String,
    /// The key under which the act is done once; fresh for each form.
    pub key: String,
    /// Tells forms of one page apart; empty when there is only one.
    pub prefix: String,
    /// Where what is typed is kept meanwhile; `None` for forms without a draft.
    pub draft: Option<DraftTo>,
    /// The button that sends the form and goes on to what comes next, before the plain one: name,
    /// value and words.
    pub onward: Option<(&'static str, String, String)>,
    /// More buttons that send the form: name, value and words.
    pub also: Vec<(&'static str, String, String)>,
    /// What a form before this one brought, to be sent along unseen: name and value.
    pub carried: Vec<(String, String)>,
}

/// 草稿 — where what is typed is kept before the form is sent.
#[derive(Clone, Debug, Default)]
pub struct DraftTo {
    /// Where it is posted.
    pub url: String,
    /// Whose it is, for what a browser keeps: never offered to somebody else.
    pub who: String,
    /// Digests of what stands in the fields.
    pub base: String,
    /// Digests of what is proposed on the page and nobody has typed; empty for nothing.
    pub seed: String,
    /// How far it is kept, in words.
    pub said: String,
    /// The page's own count of the post that this page answers; empty for a page that was opened.
    pub got: String,
}

impl HtmlSafe for Form {}

impl Form {
    /// An empty form of these fields. `csrf` is the shell's.
    pub fn new(
        csrf: &str,
        action: impl Into<String>,
        submit_label: impl Into<String>,
        fields: Vec<FieldSpec>,
    ) -> Self {
        Self {
            action: action.into(),
            title: String::new(),
            intro: String::new(),
            clause: String::new(),
            submit_label: submit_label.into(),
            leave: None,
            fields,
            values: Values::default(),
            errors: Vec::new(),
            refusals: Vec::new(),
            danger: false,
            csrf: csrf.to_owned(),
            key: crate::http::random::key(),
            prefix: String::new(),
            draft: None,
            onward: None,
            also: Vec::new(),
            carried: Vec::new(),
        }
    }

    /// Adds a heading.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Says what the form is for.
    #[must_use]
    pub fn intro(mut self, intro: impl Into<String>) -> Self {
        self.intro = intro.into();
        self
    }

    /// Names the clause it carries out.
    #[must_use]
    pub fn clause(mut self, clause: impl Into<String>) -> Self {
        self.clause = clause.into();
        self
    }

    /// Fills the fields.
    #[must_use]
    pub fn values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    /// Shows what is to be mended.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Marks the act as hard to take back.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Tells this form apart from others of the page.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sends along what a form before this one brought. It is sent as that one was: as parts, since
    /// Chinese text would grow threefold otherwise and pass the limit of a form.
    #[must_use]
    pub fn carrying(mut self, pairs: Vec<(String, String)>) -> Self {
        self.carried = pairs;
        self
    }

    /// Adds a button that leaves.
    #[must_use]
    pub fn leave(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.leave = Some((href.into(), words.into()));
        self
    }

    /// The summary over the form.
    pub fn summary(&self) -> ErrorSummary {
        let id = |error: &FieldError| field_id(&self.prefix, &error.field);
        ErrorSummary {
            errors: self
                .errors
                .iter()
                .map(|error| (id(error), error.sentence.clone(), error.clause.clone()))
                .collect(),
            refusals: self.refusals.clone(),
        }
    }

    /// Whether files are sent.
    pub fn sends_files(&self) -> bool {
        self.fields.iter().any(|field| match &field.kind {
            Kind::File { .. } => true,
            Kind::Rows { columns, .. } => {
                columns.iter().any(|column| matches!(column.kind, Kind::File { .. }))
            }
            _ => false,
        })
    }

    /// Whether one of its lists goes by the answer of another.
    pub fn narrows(&self) -> bool {
        self.fields.iter().any(|field| !field.above.is_empty())
    }

    /// Whether names for one of its lines are looked up.
    pub fn looks_up(&self) -> bool {
        self.fields.iter().any(|field| !field.lookup.is_empty())
    }

    /// Whether it has lists of rows, with buttons of their own before the one that sends it.
    pub fn has_rows(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::Rows { .. }))
    }

    /// Whether errors offer answers, with buttons of their own before the one that sends it.
    pub fn offers(&self) -> bool {
        self.errors.iter().any(|error| !error.offers.is_empty())
    }

    /// The fields as they are shown.
    pub fn views(&self) -> Vec<FieldView> {
        let fields = Fields { prefix: &self.prefix, values: &self.values, errors: &self.errors };
        self.fields.iter().map(|field| fields.view(field, &field.name)).collect()
    }

    /// The same, parted into those in sight and the fold.
    pub fn parted(&self) -> (Vec<FieldView>, Option<Fold>) {
        fold::parted(self.views())
    }
}

/// Whether a posted tick is a yes.
pub(super) fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "on" | "true" | "yes" | "是")
}
