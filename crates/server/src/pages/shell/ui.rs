//! The pieces of which pages are made. Each is a struct that prints itself as HTML.
//!
//! In the `.rs` of a page: `use crate::pages::shell::ui;`, in its template `{{ ui::clause("5.1") }}`
//! and `{{ steps }}`. Nothing here decides anything: a page hands over what is to be shown.

use askama::Template;
use askama::filters::HtmlSafe;

pub use super::clause::{label as clause_label, slip as clause, soft_slip as clause_soft};
use super::html::Html;
use super::ui;

/// Declares that the rendering of a template is finished HTML.
macro_rules! finished {
    ($($name:ty),+ $(,)?) => { $(impl HtmlSafe for $name {})+ };
}
finished!(Steps, Timeline, Checks, TaskList, KeyValues, Table, Pager, ErrorSummary, Empty, Flash);

/// How something stands, as shape, colour and words together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// ○ not begun.
    #[default]
    Idle,
    /// ◐ under way, somebody else's turn.
    Run,
    /// ● the reader's turn.
    Todo,
    /// ✓ in force.
    Ok,
    /// ▲ a limit is near, something is missing.
    Warn,
    /// ✕ ended against the reader.
    Bad,
    /// ✓ finished, and no longer worth a colour.
    Done,
}

impl Tone {
    /// The class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Idle => "t",
            Self::Run => "t run",
            Self::Todo => "t todo",
            Self::Ok => "t ok",
            Self::Warn => "t warn",
            Self::Bad => "t bad",
            Self::Done => "t done",
        }
    }
}

/// A status chip.
pub fn status(tone: Tone, words: &str) -> Html {
    let (class, words) = (tone.class(), Html::text(words));
    Html::trusted(format!("<span class=\"{class}\">{words}</span>"))
}

/// The seven steps of a filing.
pub const STEPS: [&str; 7] =
    ["起草材料", "各方签署", "盟市推荐", "形式审查", "专家评审", "公示", "备案"];

/// 办理进度 — the strip of steps, one of them current.
#[derive(Clone, Debug, Template)]
#[template(path = "shell/steps.html")]
pub struct Steps {
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step of the strip.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// A few words under it: who, or how far.
    pub note: String,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Now,
    /// Ahead.
    Ahead,
}

impl Steps {
    /// The seven steps of a filing, `current` counted from 0 (7: all are behind us), each with
    /// its note where there is one.
    pub fn of_filing(current: usize, notes: &[&str]) -> Self {
        let step = |(index, name): (usize, &&str)| Step {
            name: (*name).to_owned(),
            note: notes.get(index).copied().unwrap_or_default().to_owned(),
            state: match index.cmp(&current) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Ahead,
            },
        };
        Self { steps: STEPS.iter().enumerate().map(step).collect() }
    }

    /// The number of the current step, counted from 1.
    pub fn here(&self) -> usize {
        let now = self.steps.iter().position(|step| step.state == StepState::Now);
        now.map_or(self.steps.len(), |index| index + 1)
    }
}

/// 时间线 — what happened, newest first or last as the page chooses.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/timeline.html")]
pub struct Timeline {
    /// The moments.
    pub moments: Vec<Moment>,
}

/// One moment of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// When, as written.
    pub when: String,
    /// What happened.
    pub title: String,
    /// Who, where, with which reason.
    pub text: String,
    /// The clause it carries out, by its id; empty for none.
    pub clause: String,
    /// Where more is to be read; empty for nowhere.
    pub href: String,
    /// The mark.
    pub mark: MomentMark,
}

/// The mark of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MomentMark {
    /// Something that happened.
    #[default]
    Plain,
    /// Where things stand now.
    Now,
    /// An act with legal effect.
    Law,
}

impl MomentMark {
    /// The class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Now => "now",
            Self::Law => "law",
        }
    }
}

/// 规则检查 — findings, counted and listed.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/checks.html")]
pub struct Checks {
    /// The findings.
    pub checks: Vec<Check>,
}

/// One finding as it is shown.
#[derive(Clone, Debug)]
pub struct Check {
    /// What the rule said.
    pub mark: Mark,
    /// What is asked, in a few words.
    pub title: String,
    /// What was found, and what to do.
    pub text: String,
    /// The clause, by its id.
    pub clause: String,
    /// Whether the clause says 原则上.
    pub soft: bool,
    /// Where it can be mended: address and words.
    pub link: Option<(String, String)>,
}

/// What a rule said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// 符合.
    Met,
    /// 待补充.
    Wanting,
    /// 不符合.
    Unmet,
    /// 由审查人员判断 — never decided by the machine.
    Person,
    /// 核对提示 — never blocks.
    Hint,
}

impl Mark {
    /// The class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Met => "ok",
            Self::Wanting => "warn",
            Self::Unmet => "bad",
            Self::Person | Self::Hint => "man",
        }
    }

    /// The sign in the mark.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::Wanting => "!",
            Self::Unmet => "✕",
            Self::Person => "人",
            Self::Hint => "?",
        }
    }

    /// The words for those who do not see it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Met => "符合",
            Self::Wanting => "待补充",
            Self::Unmet => "不符合",
            Self::Person => "由审查人员判断",
            Self::Hint => "核对提示",
        }
    }
}

/// A slice of the bar over the findings, in percent.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// Where it begins.
    pub from: usize,
    /// How wide it is.
    pub width: usize,
    /// Whose slice it is.
    pub mark: Mark,
}

impl Checks {
    /// How many findings say this.
    pub fn count(&self, mark: &Mark) -> usize {
        self.checks.iter().filter(|check| check.mark == *mark).count()
    }

    /// Every kind of finding that occurs, with its number.
    pub fn counts(&self) -> Vec<(Mark, usize)> {
        [Mark::Met, Mark::Wanting, Mark::Unmet, Mark::Person]
            .into_iter()
            .map(|mark| (mark, self.count(&mark)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// The bar.
    pub fn slices(&self) -> Vec<Slice> {
        let all = self.checks.len().max(1);
        let mut before = 0;
        let mut slices = Vec::new();
        for (mark, count) in self.counts() {
            let (from, to) = (before * 100 / all, (before + count) * 100 / all);
            slices.push(Slice { from, width: to - from, mark });
            before += count;
        }
        slices
    }
}

/// 任务清单 — what is to be done, in groups, in any order.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/task_list.html")]
pub struct TaskList {
    /// The groups; one without a title has no heading.
    pub groups: Vec<TaskGroup>,
}

/// Tasks under one heading.
#[derive(Clone, Debug, Default)]
pub struct TaskGroup {
    /// The heading; empty for none.
    pub title: String,
    /// The clause the group carries out; empty for none.
    pub clause: String,
    /// The tasks.
    pub tasks: Vec<TaskRow>,
    /// Those that are folded under the others, and the words on the fold.
    pub folded: Vec<TaskRow>,
    /// The words; empty where nothing is folded.
    pub fold: String,
}

/// One task of the list.
#[derive(Clone, Debug, Default)]
pub struct TaskRow {
    /// What is to be done.
    pub title: String,
    /// Where; `None` when it cannot be begun, and then `note` says why.
    pub href: Option<String>,
    /// One sentence.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
    /// How it stands, in words.
    pub status: String,
    /// Whether it was handed to the reader.
    pub own: bool,
    /// Whether it waits for another unit, though the reader could see to it.
    pub theirs: bool,
    /// Whether it may stay undone.
    pub light: bool,
}

/// A list of facts: name and value.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/key_values.html")]
pub struct KeyValues {
    /// The facts.
    pub rows: Vec<(String, Html)>,
}

impl KeyValues {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    #[must_use]
    pub fn row(mut self, name: impl Into<String>, value: impl Into<Html>) -> Self {
        self.rows.push((name.into(), value.into()));
        self
    }
}

/// A table that becomes cards on a narrow screen.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/table.html")]
pub struct Table {
    /// What the table holds, for those who do not see it.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, cell by cell.
    pub rows: Vec<Vec<Html>>,
    /// What is shown instead of no rows.
    pub empty: Empty,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Whether it holds figures.
    pub figures: bool,
}

impl Table {
    /// A table with these columns; a label that ends in `#` heads figures.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let column = |label: &&str| Column {
            label: label.trim_end_matches('#').to_owned(),
            figures: label.ends_with('#'),
        };
        Self {
            caption: caption.into(),
            columns: columns.iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<Html>) {
        self.rows.push(cells);
    }

    /// The heading over a cell, by its place; empty for the first, which heads the card.
    pub fn label(&self, index: &usize) -> &str {
        self.columns.get(*index).filter(|_| *index > 0).map_or("", |column| &column.label)
    }

    /// Whether a cell holds figures.
    pub fn figures(&self, index: &usize) -> bool {
        self.columns.get(*index).is_some_and(|column| column.figures)
    }
}

/// Pages of a list, by key: there is a next one and a first one, and no page numbers.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/pager.html")]
pub struct Pager {
    /// What this page shows: `第 1–50 条`.
    pub shown: String,
    /// The address of the first page; `None` when this is it.
    pub first: Option<String>,
    /// The address of the next page; `None` when this is the last.
    pub next: Option<String>,
}

/// 有 n 处需要修改 — stands before the title and takes the focus.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/error_summary.html")]
pub struct ErrorSummary {
    /// Field id, sentence and the id of the clause that asks it.
    pub errors: Vec<(String, String, String)>,
    /// What else stands in the way, with its clause: sentence and clause id.
    pub refusals: Vec<(String, String)>,
}

impl ErrorSummary {
    /// How many things there are to mend.
    pub fn count(&self) -> usize {
        self.errors.len() + self.refusals.len()
    }
}

/// Why there is nothing here, and one way on.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "shell/empty.html")]
pub struct Empty {
    /// Why: `没有待办`.
    pub why: String,
    /// When something will be here; may be empty.
    pub when: String,
    /// One way on: address and words.
    pub link: Option<(String, String)>,
}

impl Empty {
    /// Only the reason.
    pub fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), ..Self::default() }
    }
}

/// What the last act did, shown once on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "shell/flash.html")]
pub struct Flash {
    /// Its tone: `Ok`, `Warn` or `Bad`.
    pub tone: Tone,
    /// The effect, not the success: `已提交给巴彦淖尔市科技局`.
    pub text: String,
}

impl Flash {
    /// The class of the note.
    pub const fn class(&self) -> &'static str {
        match self.tone {
            Tone::Warn => "note warn",
            Tone::Bad => "note bad",
            _ => "note",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_says_which_step_is_current() {
        let html = Steps::of_filing(3, &["", "", "巴彦淖尔市科技局"]).to_string();
        assert!(html.contains("第 4 步，共 7 步"), "{html}");
        assert!(html.contains("aria-current=\"step\""));
        assert_eq!(Steps::of_filing(7, &[]).here(), 7);
    }

    #[test]
    fn the_bar_over_findings_is_full() {
        let check = |mark| Check {
            mark,
            title: "<成员>".to_owned(),
            text: String::new(),
            clause: "5.1".to_owned(),
            soft: true,
            link: None,
        };
        let checks =
            Checks { checks: vec![check(Mark::Met), check(Mark::Met), check(Mark::Person)] };
        let width: usize = checks.slices().iter().map(|slice| slice.width).sum();
        assert_eq!(width, 100);
        let html = checks.to_string();
        assert!(html.contains("&lt;成员&gt;") || html.contains("&#60;成员&#62;"), "{html}");
        assert!(html.contains("cl soft"));
    }

    #[test]
    fn an_empty_table_says_why() {
        let mut table = Table::new("单位", &["单位", "家数#"]);
        table.empty = Empty::because("还没有成员确认");
        assert!(table.to_string().contains("还没有成员确认"));
        table.push(vec!["甲".into(), "3".into()]);
        let html = table.to_string();
        assert!(html.contains("data-l=\"家数\""), "{html}");
        assert!(!html.contains("还没有成员确认"));
    }
}
