//! What a form asks: one specification for the page, the way back, and the document of the API.

use std::borrow::Cow;

type Text = Cow<'static, str>;

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
    /// The list of the API in which names for a line are looked up while it is typed; empty for
    /// none.
    pub lookup: Text,
    /// The field whose answer says which group of the list is meant; empty for none.
    pub above: Text,
    /// What a blank says; empty where it says nothing.
    pub fallback: Text,
    /// Whether it is folded under what is asked first.
    pub light: bool,
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
            lookup: Cow::Borrowed(""),
            above: Cow::Borrowed(""),
            fallback: Cow::Borrowed(""),
            light: false,
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

    /// Left blank, it says this; nothing is owed then.
    #[must_use]
    pub fn or(mut self, fallback: impl Into<Text>) -> Self {
        self.fallback = fallback.into();
        self.required &= self.fallback.is_empty();
        self
    }

    /// Looks names for a line up in a list of the API while it is typed; others can be written.
    #[must_use]
    pub fn looked_up_in(mut self, list: impl Into<Text>) -> Self {
        self.lookup = list.into();
        self
    }

    /// Folds it under what is asked first: it may well stay empty.
    #[must_use]
    pub fn light(mut self) -> Self {
        self.light = true;
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
