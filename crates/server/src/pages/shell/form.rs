//! A form by its specification: what is asked, and how it is shown with labels, hints, errors and
//! what was typed. [`super::parse`] is the way back. Works without script.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use serde_json::Value;

use super::parse;
use super::ui::{self, ErrorSummary};

type Text = Cow<'static, str>;

/// 分 in one 万元 times a hundredth: amounts are asked in 万元 with two decimals, kept in 分.
pub(super) const FEN_PER_HUNDREDTH: i64 = 10_000;

/// Bytes of a file: scripts say so before it is sent.
pub(super) const FILE_MAX: u64 = consortium::materials::FILE_BYTES_MAX;

/// What is said of a file that is larger.
pub(super) fn file_over() -> String {
    crate::http::intake::too_large()
}

/// Empty rows shown after those that are filled, so that the form works without script.
const SPARE_ROWS: usize = 1;

/// One thing a form asks.
#[derive(Clone, Debug)]
pub struct FieldSpec {
    /// The name in the posted form and in the parsed object.
    pub name: Text,
    /// What is asked.
    pub label: Text,
    /// One line of help; empty for none.
    pub hint: Text,
    /// What kind of answer.
    pub kind: Kind,
    /// Whether an answer is owed.
    pub required: bool,
    /// The clause that asks it, by its id.
    pub clause: Option<Text>,
    /// Words that a line offers; others can be written.
    pub suggested: Vec<Text>,
    /// The field whose answer says which group of the list is meant; empty for none.
    pub above: Text,
}

/// What kind of answer a field takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One line, at most `max` characters.
    Text {
        /// Characters at most.
        max: usize,
    },
    /// Several lines, at most `max` characters.
    Long {
        /// Characters at most.
        max: usize,
    },
    /// A day. Parsed to `YYYY-MM-DD`.
    Date,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// An amount, typed in 万元 with two decimals, parsed to 分.
    Money,
    /// One of a list that folds out.
    Select(Vec<Choice>),
    /// One of a list that is in sight.
    Radio(Vec<Choice>),
    /// Yes or no. When required, yes.
    Check,
    /// Several of a list (an array), or one (a text).
    Choices {
        /// The list.
        options: Vec<Choice>,
        /// Whether several may be taken.
        many: bool,
    },
    /// A file. Parsed to its digest; whoever uses it checks who put the file there.
    File {
        /// File name endings, `.pdf,.jpg`.
        accept: Text,
    },
    /// A list of objects.
    Rows {
        /// What is asked in each row; no rows within rows.
        columns: Vec<FieldSpec>,
        /// Rows at least.
        min: usize,
        /// Rows at most.
        max: usize,
    },
    /// A value the page carries along.
    Hidden,
    /// A password. Never shown again, never trimmed.
    Password,
}

/// One answer of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub value: Text,
    /// What is read.
    pub label: Text,
    /// What it belongs to in a long list; `None` where the list has no groups.
    pub group: Option<Group>,
}

/// 一级 — what answers of a list belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The value of the list above, where there is one.
    pub value: Text,
    /// What is read.
    pub label: Text,
}

impl Choice {
    /// Puts the answer under a group. A label that begins with the group's loses it there.
    #[must_use]
    pub fn under(mut self, value: impl Into<Text>, label: impl Into<Text>) -> Self {
        self.group = Some(Group { value: value.into(), label: label.into() });
        self
    }
}

impl<V: Into<Text>, L: Into<Text>> From<(V, L)> for Choice {
    fn from((value, label): (V, L)) -> Self {
        Self { value: value.into(), label: label.into(), group: None }
    }
}

impl FieldSpec {
    /// A field of any kind; not required, without hint and clause.
    pub fn new(name: impl Into<Text>, label: impl Into<Text>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: Cow::Borrowed(""),
            kind,
            required: false,
            clause: None,
            suggested: Vec::new(),
            above: Cow::Borrowed(""),
        }
    }

    /// One line of text.
    pub fn text(name: impl Into<Text>, label: impl Into<Text>, max: usize) -> Self {
        Self::new(name, label, Kind::Text { max })
    }

    /// Several lines of text.
    pub fn long(name: impl Into<Text>, label: impl Into<Text>, max: usize) -> Self {
        Self::new(name, label, Kind::Long { max })
    }

    /// A day.
    pub fn date(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self::new(name, label, Kind::Date)
    }

    /// A whole number.
    pub fn integer(name: impl Into<Text>, label: impl Into<Text>, min: i64, max: i64) -> Self {
        Self::new(name, label, Kind::Integer { min, max })
    }

    /// An amount in 万元.
    pub fn money(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self::new(name, label, Kind::Money)
    }

    /// One of a list that folds out.
    pub fn select<C: Into<Choice>>(
        name: impl Into<Text>,
        label: impl Into<Text>,
        options: impl IntoIterator<Item = C>,
    ) -> Self {
        Self::new(name, label, Kind::Select(options.into_iter().map(Into::into).collect()))
    }

    /// One of a list that is in sight.
    pub fn radio<C: Into<Choice>>(
        name: impl Into<Text>,
        label: impl Into<Text>,
        options: impl IntoIterator<Item = C>,
    ) -> Self {
        Self::new(name, label, Kind::Radio(options.into_iter().map(Into::into).collect()))
    }

    /// Several of a list.
    pub fn choices<C: Into<Choice>>(
        name: impl Into<Text>,
        label: impl Into<Text>,
        options: impl IntoIterator<Item = C>,
    ) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        Self::new(name, label, Kind::Choices { options, many: true })
    }

    /// Yes or no.
    pub fn check(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self::new(name, label, Kind::Check)
    }

    /// A file.
    pub fn file(name: impl Into<Text>, label: impl Into<Text>, accept: impl Into<Text>) -> Self {
        Self::new(name, label, Kind::File { accept: accept.into() })
    }

    /// A list of objects.
    pub fn rows(
        name: impl Into<Text>,
        label: impl Into<Text>,
        columns: Vec<FieldSpec>,
        min: usize,
        max: usize,
    ) -> Self {
        Self::new(name, label, Kind::Rows { columns, min, max })
    }

    /// A value the page carries along.
    pub fn hidden(name: impl Into<Text>) -> Self {
        Self::new(name, "", Kind::Hidden)
    }

    /// A password.
    pub fn password(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self::new(name, label, Kind::Password)
    }

    /// Says that an answer is owed.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Adds one line of help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Says before its help that the submission waits for it.
    #[must_use]
    pub fn awaited(self) -> Self {
        let words = "提交前要填";
        let help = if self.hint.is_empty() { String::new() } else { format!("。{}", self.hint) };
        self.hint(format!("{words}{help}"))
    }

    /// Names the clause that asks it.
    #[must_use]
    pub fn clause(mut self, clause: impl Into<Text>) -> Self {
        self.clause = Some(clause.into());
        self
    }

    /// Names the field above: its answer is the group whose entries can be chosen here.
    #[must_use]
    pub fn within(mut self, above: impl Into<Text>) -> Self {
        self.above = above.into();
        self
    }

    /// Offers words for a line; others can be written.
    #[must_use]
    pub fn suggest<T: Into<Text>>(mut self, words: impl IntoIterator<Item = T>) -> Self {
        self.suggested = words.into_iter().map(Into::into).collect();
        self
    }
}

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
        let desk = Desk { prefix: &self.prefix, values: &self.values, errors: &self.errors };
        self.fields.iter().map(|field| desk.view(field, &field.name)).collect()
    }
}

/// What all fields of one form share.
struct Desk<'a> {
    prefix: &'a str,
    values: &'a Values,
    errors: &'a [FieldError],
}

impl Desk<'_> {
    fn view(&self, spec: &FieldSpec, name: &str) -> FieldView {
        let sentence = |error: &&FieldError| error.field == name;
        let error = self.errors.iter().find(sentence);
        FieldView {
            id: field_id(self.prefix, name),
            name: name.to_owned(),
            label: spec.label.to_string(),
            hint: spec.hint.to_string(),
            offers: error.map(|error| error.offers.clone()).unwrap_or_default(),
            error: error.map(|error| error.sentence.clone()).unwrap_or_default(),
            required: spec.required,
            clause: spec.clause.as_deref().unwrap_or_default().to_owned(),
            suggested: spec.suggested.iter().map(ToString::to_string).collect(),
            control: self.control(spec, name),
        }
    }

    fn control(&self, spec: &FieldSpec, name: &str) -> Control {
        let value = self.values.get(name).to_owned();
        let shown = |options: &[Choice], one: bool| -> Vec<Shown> {
            options
                .iter()
                .map(|choice| Shown {
                    value: choice.value.to_string(),
                    label: choice.label.to_string(),
                    taken: if one {
                        value == choice.value
                    } else {
                        self.values.has(name, &choice.value)
                    },
                })
                .collect()
        };
        match &spec.kind {
            Kind::Text { max } => Control::Line { value, max: *max },
            Kind::Long { max } => Control::Lines { value, max: *max },
            Kind::Date => Control::Day { value },
            Kind::Integer { .. } => Control::Figure { value, unit: "", mode: "numeric" },
            Kind::Money => Control::Figure { value, unit: "万元", mode: "decimal" },
            Kind::Select(options) => Control::Fold {
                groups: grouped(options, &shown(options, true)),
                above: match spec.above.as_ref() {
                    "" => String::new(),
                    above => field_id(self.prefix, above),
                },
            },
            Kind::Radio(options) | Kind::Choices { options, many: false } => {
                Control::Marks { options: shown(options, true), kind: "radio" }
            }
            Kind::Choices { options, many: true } => {
                Control::Marks { options: shown(options, false), kind: "checkbox" }
            }
            Kind::Check => Control::Tick { on: is_yes(&value) },
            Kind::File { accept } => Control::Upload {
                kept: self.values.get(&format!("{name}.kept")).to_owned(),
                accept: accept.to_string(),
            },
            Kind::Hidden => Control::Hidden { value },
            Kind::Password => Control::Password,
            Kind::Rows { columns, min, max } => self.rows(name, columns, *min, *max),
        }
    }

    fn rows(&self, name: &str, columns: &[FieldSpec], min: usize, max: usize) -> Control {
        let mut filled = parse::row_numbers(name, &self.values.0);
        let gone = self.values.get(parse::DROP);
        filled.retain(|number| format!("{name}.{number}") != gone);
        let asked = self.values.get(parse::MORE) == name;
        let spare = if filled.is_empty() { min.max(SPARE_ROWS) } else { usize::from(asked) };
        let count = (filled.len() + spare).max(min).min(max.max(filled.len()));
        let mut numbers = filled;
        let mut next = numbers.last().map_or(0, |last| last.saturating_add(1));
        while numbers.len() < count {
            numbers.push(next);
            next = next.saturating_add(1);
        }
        let row = |number: &str| -> Vec<FieldView> {
            columns
                .iter()
                .map(|column| self.view(column, &format!("{name}.{number}.{}", column.name)))
                .collect()
        };
        Control::Rows {
            rows: numbers.iter().map(|n| (n.to_string(), row(&n.to_string()))).collect(),
            name: name.to_owned(),
            seed: row("__i__"),
            max,
        }
    }
}

/// The answers of a list by their groups, in its order; those without one stand by themselves.
fn grouped(options: &[Choice], shown: &[Shown]) -> Vec<(Option<Group>, Vec<Shown>)> {
    let mut groups: Vec<(Option<Group>, Vec<Shown>)> = Vec::new();
    for (option, shown) in options.iter().zip(shown) {
        let mut shown = shown.clone();
        if let Some(rest) = option
            .group
            .as_ref()
            .and_then(|group| shown.label.strip_prefix(group.label.as_ref())?.strip_prefix(" · "))
        {
            rest.to_owned().clone_into(&mut shown.label);
        }
        match groups.last_mut() {
            Some((group, of)) if *group == option.group => of.push(shown),
            _ => groups.push((option.group.clone(), vec![shown])),
        }
    }
    groups
}

/// Whether a posted tick is a yes.
pub(super) fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "on" | "true" | "yes" | "是")
}

fn field_id(prefix: &str, name: &str) -> String {
    let name = name.replace('.', "-");
    if prefix.is_empty() { format!("f-{name}") } else { format!("f-{prefix}-{name}") }
}

/// One field as it is shown.
#[derive(Clone, Debug, Template)]
#[template(path = "shell/field.html")]
pub struct FieldView {
    id: String,
    name: String,
    label: String,
    hint: String,
    error: String,
    offers: Vec<Choice>,
    required: bool,
    clause: String,
    suggested: Vec<String>,
    control: Control,
}

impl HtmlSafe for FieldView {}

impl FieldView {
    /// What describes the control, for those who do not see it.
    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-h", self.id));
        }
        if !self.error.is_empty() {
            ids.push(format!("{}-e", self.id));
        }
        if matches!(self.control, Control::Lines { .. }) {
            ids.push(format!("{}-n", self.id));
        }
        ids.join(" ")
    }

    /// Whether the control is a group of controls, which cannot be owed as one.
    const fn is_group(&self) -> bool {
        matches!(self.control, Control::Marks { .. } | Control::Rows { .. })
    }

    /// What a browser may fill in by itself.
    fn autocomplete(&self) -> &'static str {
        let hidden = matches!(self.control, Control::Password);
        match self.name.as_str() {
            "_proof" if hidden => "current-password",
            "login" => "username",
            "password" | "current" => "current-password",
            "new_password" | "again" => "new-password",
            "_proof" | "code" => "one-time-code",
            _ => "off",
        }
    }
}

/// The control of a field.
#[derive(Clone, Debug)]
enum Control {
    Line { value: String, max: usize },
    Lines { value: String, max: usize },
    Day { value: String },
    Figure { value: String, unit: &'static str, mode: &'static str },
    Fold { groups: Vec<(Option<Group>, Vec<Shown>)>, above: String },
    Marks { options: Vec<Shown>, kind: &'static str },
    Tick { on: bool },
    Upload { kept: String, accept: String },
    Hidden { value: String },
    Password,
    Rows { rows: Vec<(String, Vec<FieldView>)>, name: String, seed: Vec<FieldView>, max: usize },
}

/// One answer of a list, as it is shown.
#[derive(Clone, Debug)]
struct Shown {
    value: String,
    label: String,
    taken: bool,
}
