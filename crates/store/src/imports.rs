//! 导入 — tables that were brought, what was read of them, and what became of each row.
//!
//! Rows may hold values about persons and stand outside the journal: they are blanked as soon as
//! they are carried out, or when they have lain for [`LEFT_MS`].

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// How long rows wait that nobody carries out: a week.
pub const LEFT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Imports shown in a list.
const LISTED: i64 = 100;

/// One table that was brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRow {
    /// By which it is asked for.
    pub id: String,
    /// What is imported.
    pub kind: String,
    /// Who brought it.
    pub person: String,
    /// The name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// When.
    pub brought_ms: i64,
    /// `tried`, `begun`, `done` or `left`.
    pub state: String,
    /// What was read, as the caller writes it; empty once it is not needed any more.
    pub rows: String,
    /// What became of each row, as the caller writes it.
    pub report: String,
}

const COLUMNS: &str = "id, kind, person, name, digest, brought_ms, state, rows, report";

fn from_row(row: &Row) -> Result<ImportRow> {
    Ok(ImportRow {
        id: row.text(0)?,
        kind: row.text(1)?,
        person: row.text(2)?,
        name: row.text(3)?,
        digest: row.text(4)?,
        brought_ms: row.int(5)?,
        state: row.text(6)?,
        rows: row.text(7)?,
        report: row.text(8)?,
    })
}

/// Writes a new import down, and blanks what was left lying.
pub fn bring(tx: &mut dyn Tx, import: &ImportRow) -> Result<()> {
    tx.exec(
        "UPDATE imports SET rows = '', state = 'left'
         WHERE brought_ms < $1 AND rows <> ''",
        &vals![import.brought_ms - LEFT_MS],
    )?;
    tx.exec(
        "INSERT INTO imports (id, kind, person, name, digest, brought_ms, state, rows, report)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &vals![
            &import.id,
            &import.kind,
            &import.person,
            &import.name,
            &import.digest,
            import.brought_ms,
            &import.state,
            &import.rows,
            &import.report,
        ],
    )
    .map(drop)
}

/// One import.
pub fn import(tx: &mut dyn Tx, id: &str) -> Result<Option<ImportRow>> {
    let sql = format!("SELECT {COLUMNS} FROM imports WHERE id = $1");
    tx.rows(&sql, &vals![id])?.first().map(from_row).transpose()
}

/// The last imports, the newest first.
pub fn imports(tx: &mut dyn Tx) -> Result<Vec<ImportRow>> {
    let sql = format!("SELECT {COLUMNS} FROM imports ORDER BY brought_ms DESC, id LIMIT $1");
    tx.rows(&sql, &vals![LISTED])?.iter().map(from_row).collect()
}

/// Notes how far an import has come.
pub fn advance(tx: &mut dyn Tx, id: &str, state: &str, rows: &str, report: &str) -> Result<()> {
    tx.exec(
        "UPDATE imports SET state = $1, rows = $2, report = $3 WHERE id = $4",
        &vals![state, rows, report, id],
    )
    .map(drop)
}

impl Store {
    /// Writes a new import down, and blanks what was left lying.
    pub async fn bring_import(&self, row: ImportRow) -> Result<()> {
        self.write(move |tx| bring(tx, &row)).await
    }

    /// One import.
    pub async fn import(&self, id: &str) -> Result<Option<ImportRow>> {
        let id = id.to_owned();
        self.read(move |tx| import(tx, &id)).await
    }

    /// The last imports, the newest first.
    pub async fn imports(&self) -> Result<Vec<ImportRow>> {
        self.read(|tx| imports(tx)).await
    }

    /// Notes how far an import has come.
    pub async fn advance_import(&self, row: ImportRow) -> Result<()> {
        self.write(move |tx| advance(tx, &row.id, &row.state, &row.rows, &row.report)).await
    }
}
