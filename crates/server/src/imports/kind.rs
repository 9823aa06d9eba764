//! 导入的种类 — which columns each has, and whose it is. A column is a field of the same form that a
//! person fills in.

use consortium::actor::{Actor, Capacity, Side};

use crate::forms::unit::{credit_fields, platform_fields};
use crate::pages::shell::form::{self, FieldSpec};
use crate::pages::units::profile;

/// What is imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 单位.
    Units,
    /// 科技创新平台.
    Platforms,
    /// 信用记录.
    Credit,
}

/// The field that says whose a row is.
pub(super) const OWNER: &str = "owner_code";

/// A column of a table, by its place.
pub(super) type Columns = Vec<(usize, FieldSpec)>;

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Units, Self::Platforms, Self::Credit];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Units => "单位",
            Self::Platforms => "科技创新平台",
            Self::Credit => "信用记录",
        }
    }

    /// The value used in addresses and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Platforms => "platforms",
            Self::Credit => "credit",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The desk of the Department whose it is.
    pub const fn capacity(self) -> Capacity {
        match self {
            Self::Units | Self::Platforms => Capacity::Reviewer,
            Self::Credit => Capacity::Supervisor,
        }
    }

    /// Whether it is for somebody.
    pub fn is_for(self, actor: &Actor) -> bool {
        actor.side == Side::Department && actor.capacity == self.capacity()
    }

    /// The fields of a row, in the order they are written out.
    pub(super) fn fields(self) -> Vec<FieldSpec> {
        let owner = FieldSpec::text(OWNER, "单位统一社会信用代码", 18).required();
        match self {
            Self::Units => profile::fields(true),
            Self::Platforms => std::iter::once(owner).chain(platform_fields(false)).collect(),
            Self::Credit => std::iter::once(owner).chain(credit_fields(false)).collect(),
        }
    }

    /// The headings, in the order they are written out.
    pub fn headings(self) -> Vec<String> {
        self.fields().into_iter().map(|field| field.label.into_owned()).collect()
    }

    /// The columns of a table by its headings; a sentence where one that is owed is missing.
    pub(super) fn columns(self, headings: &[String]) -> Result<Columns, String> {
        let mut columns = Columns::new();
        let mut missing = Vec::new();
        for field in self.fields() {
            let own = |heading: &&String| **heading == field.label || **heading == field.name;
            let places: Vec<usize> =
                headings.iter().enumerate().filter(|(_, h)| own(h)).map(|(at, _)| at).collect();
            match places.as_slice() {
                [] if field.required => missing.push(field.label.to_string()),
                [] => {}
                [at] => columns.push((*at, field)),
                _ => return Err(format!("“{}”有两列，只留一列", field.label)),
            }
        }
        if missing.is_empty() {
            return Ok(columns);
        }
        let sentence = format!("缺这些列：{}；照空白表的列名补上后再导入", missing.join("、"));
        Err(sentence)
    }
}

/// A cell as a form would have it: of a list its value, of a box whether it is ticked.
pub(super) fn typed(field: &FieldSpec, cell: &str) -> String {
    match &field.kind {
        form::Kind::Select(options) | form::Kind::Radio(options) => {
            let same = options.iter().find(|one| one.label == cell || one.value == cell);
            // “正式” for “正式运行”: what only one of the list begins with is meant.
            let mut begun = options.iter().filter(|one| one.label.starts_with(cell));
            let only = begun.next().filter(|_| !cell.is_empty() && begun.next().is_none());
            same.or(only).map_or_else(|| cell.to_owned(), |one| one.value.to_string())
        }
        form::Kind::Check if matches!(cell, "是" | "1" | "yes" | "true" | "√") => "1".to_owned(),
        form::Kind::Check => String::new(),
        _ => cell.to_owned(),
    }
}

/// A value of a form as a cell has it: of a list its words.
pub(super) fn cell(field: &FieldSpec, value: &str) -> String {
    match &field.kind {
        form::Kind::Select(options) | form::Kind::Radio(options) => {
            let meant = options.iter().find(|one| one.value == value);
            meant.map_or_else(|| value.to_owned(), |one| one.label.to_string())
        }
        form::Kind::Check if value == "1" => "是".to_owned(),
        _ => value.to_owned(),
    }
}
