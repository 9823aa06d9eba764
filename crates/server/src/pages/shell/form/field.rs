//! One field as it is shown: its control with what stands in it, its hint, and what is to be mended.

use askama::Template;
use askama::filters::HtmlSafe;

use super::super::{parse, ui};
use super::fold::{Fold, parted};
use super::{Choice, FieldError, FieldSpec, Group, Kind, Values, is_yes};

/// Empty rows shown after those that are filled, so that the form works without script.
const SPARE_ROWS: usize = 1;

/// What all fields of one form share.
pub(super) struct Fields<'a> {
    pub(super) prefix: &'a str,
    pub(super) values: &'a Values,
    pub(super) errors: &'a [FieldError],
}

impl Fields<'_> {
    pub(super) fn view(&self, spec: &FieldSpec, name: &str) -> FieldView {
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
            lookup: spec.lookup.to_string(),
            light: spec.light,
            says: self.says(spec, name),
            control: self.control(spec, name),
        }
    }

    /// Whether something stands in a field, or in any row of it.
    fn says(&self, spec: &FieldSpec, name: &str) -> bool {
        let rows = format!("{name}.");
        let own = |key: &str| match spec.kind {
            Kind::Rows { .. } => key.starts_with(&rows),
            _ => key == name,
        };
        self.values.0.iter().any(|(key, value)| own(key) && !value.trim().is_empty())
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
        let row = |number: &str| -> Row {
            let view = |column| self.view(column, &format!("{name}.{number}.{}", column.name));
            let (cells, fold) = parted(columns.iter().map(view).collect());
            Row { cells, fold }
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

pub(super) fn field_id(prefix: &str, name: &str) -> String {
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
    lookup: String,
    light: bool,
    says: bool,
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

    /// Whether words are offered for it.
    const fn has_list(&self) -> bool {
        !self.suggested.is_empty() || !self.lookup.is_empty()
    }

    pub(super) const fn is_light(&self) -> bool {
        self.light
    }

    pub(super) const fn is_seen(&self) -> bool {
        !matches!(self.control, Control::Hidden { .. })
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) const fn says_something(&self) -> bool {
        self.says
    }

    /// Whether something in it, or in one of its rows, is to be mended.
    pub(super) fn is_wrong(&self) -> bool {
        let in_rows = |row: &Row| {
            row.cells.iter().any(Self::is_wrong) || row.fold.as_ref().is_some_and(Fold::is_open)
        };
        let rows = match &self.control {
            Control::Rows { rows, .. } => rows.iter().any(|(_, row)| in_rows(row)),
            _ => false,
        };
        rows || !self.error.is_empty()
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
    Rows { rows: Vec<(String, Row)>, name: String, seed: Row, max: usize },
}

/// One row: what is in sight, and what is folded.
#[derive(Clone, Debug)]
struct Row {
    cells: Vec<FieldView>,
    fold: Option<Fold>,
}

/// One answer of a list, as it is shown.
#[derive(Clone, Debug)]
struct Shown {
    value: String,
    label: String,
    taken: bool,
}
