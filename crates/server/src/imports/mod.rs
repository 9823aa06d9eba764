//! 批量导入、导出 — unit lists, platforms and credit records as tables: looked at row by row first,
//! then carried out through the office, and written out again under the same headings.
//!
//! A row is one command. What was there before is said to be there; what cannot be taken is said with
//! its reason; nothing is taken in part without saying so. Carrying out goes on where it stopped, and
//! done twice it does nothing more.

mod export;
mod kind;
mod trial;

use consortium::actor::Actor;
use serde::{Deserialize, Serialize};
use store::ImportRow;

use crate::http::{Fault, random};
use crate::inspect::Desk;
use crate::office::{Office, digest_of};
use crate::tables::{self, Row, Table, Unread};

pub use export::{Format, blank, exported, report_table};
pub use kind::Kind;
use trial::Trial;

/// Rows carried out in one go; the rest waits for the next.
pub const ROWS_AT_ONCE: usize = 500;

/// 一行的结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 可以导入, not carried out yet.
    Ready,
    /// 已导入.
    Taken,
    /// 原来就有.
    AlreadyThere,
    /// 没有导入.
    NotTaken,
}

impl Outcome {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Ready => "可以导入",
            Self::Taken => "已导入",
            Self::AlreadyThere => "原来就有",
            Self::NotTaken => "没有导入",
        }
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the table that was brought.
    pub line: u64,
    /// What it is about: never a value about a person.
    pub about: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, and what to do; empty where it was taken.
    pub why: String,
}

/// What became of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Columns that were not recognised, and are passed over.
    pub passed_over: Vec<String>,
    /// Every row.
    pub lines: Vec<Line>,
}

impl Report {
    /// How many rows came to this.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }
}

/// An import as it stands.
#[derive(Clone, Debug)]
pub struct Import {
    /// By which it is asked for.
    pub id: String,
    /// What is imported.
    pub kind: Kind,
    /// The name of the file.
    pub name: String,
    /// When it was brought.
    pub brought_ms: i64,
    /// `tried`, `begun`, `done` or `left`.
    pub state: String,
    /// What became of each row.
    pub report: Report,
    row: ImportRow,
}

impl Import {
    fn of(row: ImportRow) -> Option<Self> {
        Some(Self {
            id: row.id.clone(),
            kind: Kind::named(&row.kind)?,
            name: row.name.clone(),
            brought_ms: row.brought_ms,
            state: row.state.clone(),
            report: serde_json::from_str(&row.report).ok()?,
            row,
        })
    }

    /// Whether rows wait to be carried out.
    pub fn waits(&self) -> bool {
        matches!(self.state.as_str(), "tried" | "begun") && self.report.count(Outcome::Ready) > 0
    }

    /// Where it stands, in words.
    pub fn state_term(&self) -> &'static str {
        match self.state.as_str() {
            "tried" if self.waits() => "已试导，还没有办理",
            "tried" => "已试导，没有可以导入的行",
            "begun" => "办理了一部分，可以继续",
            "done" => "已办理",
            _ => "放置超过一周，内容已清除",
        }
    }
}

/// Why a table was not brought in.
#[derive(Debug)]
pub enum NotBrought {
    /// The table cannot be read, or a column is missing: what to mend.
    Unread(String),
    /// The world broke.
    Fault(Fault),
}

impl From<Fault> for NotBrought {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unread> for NotBrought {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread.to_string())
    }
}

/// What was read of a table, as it is kept until it is carried out.
#[derive(Serialize, Deserialize)]
struct KeptTable {
    headings: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// 试导 — reads a table and says of each row what would become of it. Nothing is taken yet.
pub async fn bring(
    office: &Office,
    desk: &Desk,
    actor: &Actor,
    kind: Kind,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Import, NotBrought> {
    let digest = digest_of(&bytes).0;
    let table = tables::read(desk, name, bytes).await?;
    let columns = kind.columns(&table.headings).map_err(NotBrought::Unread)?;
    let mut trial = Trial::new(office, actor, kind, columns);
    let mut lines = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        lines.push(trial.look(row).await?);
    }
    let report = Report { passed_over: trial.passed_over(&table.headings), lines };
    let row = ImportRow {
        id: format!("i-{}", random::key()),
        kind: kind.name().to_owned(),
        person: actor.person.to_string(),
        name: crate::inspect::tidy(name),
        digest,
        brought_ms: office.clock().now_ms(),
        state: "tried".to_owned(),
        rows: written(&table)?,
        report: written(&report)?,
    };
    office.store().bring_import(row.clone()).await.map_err(Fault::from)?;
    Import::of(row).ok_or_else(|| Fault::internal("an import does not read back").into())
}

/// 办理 — carries out rows that can be taken, at most [`ROWS_AT_ONCE`] of them.
pub async fn carry_out(office: &Office, actor: &Actor, import: Import) -> Result<Import, Fault> {
    if !import.waits() {
        return Ok(import);
    }
    let kept: KeptTable =
        serde_json::from_str(&import.row.rows).map_err(|error| Fault::internal(&error))?;
    let columns = import.kind.columns(&kept.headings).map_err(Fault::internal)?;
    let mut trial = Trial::new(office, actor, import.kind, columns);
    let mut report = import.report.clone();
    let mut done = 0;
    for (line, (number, cells)) in report.lines.iter_mut().zip(kept.rows) {
        if line.outcome != Outcome::Ready {
            continue;
        }
        if done == ROWS_AT_ONCE {
            break;
        }
        done += 1;
        let key = format!("{}-{number}", import.id);
        *line = trial.take(&Row { line: number, cells }, &key).await?;
    }
    let waits = report.count(Outcome::Ready) > 0;
    let mut row = import.row.clone();
    if waits { "begun" } else { "done" }.clone_into(&mut row.state);
    row.report = written(&report)?;
    if !waits {
        row.rows.clear();
    }
    office.store().advance_import(row.clone()).await?;
    Import::of(row).ok_or_else(|| Fault::internal("an import does not read back"))
}

/// One import, for whom its kind is.
pub async fn one(office: &Office, actor: &Actor, id: &str) -> Result<Import, Fault> {
    let found = office.store().import(id).await?.and_then(Import::of);
    found.filter(|import| import.kind.is_for(actor)).ok_or(Fault::NotFound)
}

/// The last imports of the kinds that are for somebody, the newest first.
pub async fn all(office: &Office, actor: &Actor) -> Result<Vec<Import>, Fault> {
    let rows = office.store().imports().await?;
    let own = rows.into_iter().filter_map(Import::of);
    Ok(own.filter(|import| import.kind.is_for(actor)).collect())
}

fn written(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::internal(&error))
}

impl Serialize for Table {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.rows.iter().map(|row| (row.line, row.cells.clone())).collect();
        KeptTable { headings: self.headings.clone(), rows }.serialize(serializer)
    }
}
