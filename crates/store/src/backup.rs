//! 备份与恢复 — every row that cannot be computed again, in one file that either engine writes and
//! either reads: a copy to keep, and the way from SQLite to PostgreSQL.
//!
//! Lines of JSON. The first names the format and the schema, then each table with its columns and
//! its rows, and the last the digest of all before it. Whole numbers and text stand as they are;
//! bytes as `{"text": …}` where they are text and as `{"hex": …}` where not.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::catalog::{self, Table};
use crate::error::{Result, StoreError};
use crate::migrations;
use crate::open::{Location, Store};
use crate::tx::{Engine, Row, Tx, Val, insert_all};
use crate::verify::{Verified, verify};

/// The first word of a backup.
const FORMAT: &str = "chuanglian-backup-1";
/// Rows read at a time.
const ROWS: usize = 500;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The step of the schema it was made at.
    pub schema: i64,
    /// Rows of all tables.
    pub rows: u64,
    /// SHA-256 of all lines but the last, hexadecimal.
    pub digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    schema: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    rows: u64,
    sha256: String,
}

/// Lines that go to a file and into a digest.
struct Lines {
    file: BufWriter<File>,
    digest: Sha256,
}

impl Lines {
    fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(StoreError::io("create the backup"))?;
        Ok(Self { file: BufWriter::new(file), digest: Sha256::new() })
    }

    fn put(&mut self, line: &impl Serialize) -> Result<()> {
        let mut bytes = serde_json::to_vec(line).map_err(StoreError::json("write a row"))?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.file.write_all(&bytes).map_err(StoreError::io("write the backup"))
    }

    /// The last line, and everything durable.
    fn end(mut self, rows: u64) -> Result<String> {
        let sha256 = hex::encode(self.digest.clone().finalize());
        self.put(&End { rows, sha256: sha256.clone() })?;
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).map_err(StoreError::io("finish the backup"))?;
        Ok(sha256)
    }
}

/// Writes all that cannot be computed again, as it stands at this moment.
fn write(tx: &mut dyn Tx, path: &Path) -> Result<Backup> {
    let mut lines = Lines::create(path)?;
    let schema = migrations::newest(tx)?;
    lines.put(&Head { format: FORMAT.into(), schema })?;
    let mut rows = 0;
    for table in catalog::kept(tx)? {
        lines.put(&json!({ "table": table.name, "columns": table.columns }))?;
        rows += write_rows(tx, &table, &mut lines)?;
    }
    let digest = lines.end(rows)?;
    Ok(Backup { schema, rows, digest })
}

fn write_rows(tx: &mut dyn Tx, table: &Table, lines: &mut Lines) -> Result<u64> {
    let Table { name, columns, key } = table;
    let select = format!("SELECT {} FROM {name}", table.listed());
    if key.is_empty() {
        let rows = tx.rows(&select, &[])?;
        rows.iter().try_for_each(|row| lines.put(&shown(row)))?;
        return Ok(rows.len() as u64);
    }
    let order = format!("ORDER BY {} LIMIT {ROWS}", table.keyed());
    let places: Vec<String> = (1..=key.len()).map(|at| format!("${at}")).collect();
    let further = format!("WHERE ({}) > ({})", table.keyed(), places.join(", "));
    let at: Vec<usize> =
        key.iter().filter_map(|name| columns.iter().position(|column| column == name)).collect();
    let mut page = tx.rows(&format!("{select} {order}"), &[])?;
    let mut count = 0;
    while let Some(last) = page.last() {
        let after: Vec<Val> = at.iter().map(|at| last.0[*at].clone()).collect();
        page.iter().try_for_each(|row| lines.put(&shown(row)))?;
        count += page.len() as u64;
        page = tx.rows(&format!("{select} {further} {order}"), &after)?;
    }
    Ok(count)
}

fn shown(row: &Row) -> Vec<Value> {
    let value = |value: &Val| match value {
        Val::Null => Value::Null,
        Val::Int(number) => json!(number),
        Val::Text(text) => json!(text),
        Val::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!({ "text": text }),
            Err(_) => json!({ "hex": hex::encode(bytes) }),
        },
    };
    row.0.iter().map(value).collect()
}

/// The value a line of a backup stands for.
fn meant(value: Value) -> Result<Val> {
    let odd = || broken("a value is neither number nor text nor bytes");
    Ok(match value {
        Value::Null => Val::Null,
        Value::Number(number) => Val::Int(number.as_i64().ok_or_else(odd)?),
        Value::String(text) => Val::Text(text),
        Value::Object(bytes) => match bytes.iter().next() {
            Some((kind, Value::String(text))) if kind == "text" => {
                Val::Blob(text.clone().into_bytes())
            }
            Some((kind, Value::String(text))) if kind == "hex" => {
                Val::Blob(hex::decode(text).map_err(|_| odd())?)
            }
            _ => return Err(odd()),
        },
        Value::Bool(_) | Value::Array(_) => return Err(odd()),
    })
}

fn broken(what: &str) -> StoreError {
    StoreError::Corrupt(format!("the backup is not whole: {what}"))
}

/// Reads a backup through and says what it holds.
///
/// # Errors
///
/// [`StoreError::Corrupt`] when it is no backup, was cut off or changed.
pub fn inspect(path: &Path) -> Result<Backup> {
    let mut digest = Sha256::new();
    let (mut schema, mut end, mut rows) = (None, None, 0);
    for line in lines(path)? {
        let line = line.map_err(StoreError::io("read the backup"))?;
        if end.is_some() {
            return Err(broken("something follows its last line"));
        }
        if schema.is_none() {
            let head: Head = serde_json::from_str(&line).map_err(|_| broken("no first line"))?;
            if head.format != FORMAT {
                return Err(broken("the format is another"));
            }
            schema = Some(head.schema);
        } else if line.starts_with('[') {
            rows += 1;
        } else if let Ok(found) = serde_json::from_str::<End>(&line) {
            end = Some(found);
            continue;
        }
        digest.update(line.as_bytes());
        digest.update(b"\n");
    }
    let (Some(schema), Some(end)) = (schema, end) else { return Err(broken("the last line")) };
    let digest = hex::encode(digest.finalize());
    if (end.rows, &end.sha256) != (rows, &digest) {
        return Err(broken("its digest is another"));
    }
    Ok(Backup { schema, rows, digest })
}

fn lines(path: &Path) -> Result<std::io::Lines<BufReader<File>>> {
    File::open(path)
        .map(|file| BufReader::new(file).lines())
        .map_err(StoreError::io("open the backup"))
}

/// Puts every row of a backup into a store that has none, and verifies the journal.
fn load(tx: &mut dyn Tx, path: &Path) -> Result<Verified> {
    require_empty(tx)?;
    let mut into: Option<Table> = None;
    let mut rows = Vec::new();
    for line in lines(path)?.skip(1) {
        let line = line.map_err(StoreError::io("read the backup"))?;
        if line.starts_with('[') {
            let values: Vec<Value> =
                serde_json::from_str(&line).map_err(StoreError::json("read a row"))?;
            rows.push(values.into_iter().map(meant).collect::<Result<Vec<Val>>>()?);
            if rows.len() < ROWS {
                continue;
            }
        }
        if let Some(table) = &into {
            put(tx, table, &std::mem::take(&mut rows))?;
        }
        if line.starts_with("{\"") && !line.starts_with("{\"rows\"") {
            into = Some(begin(tx, &line)?);
        }
    }
    number_on(tx)?;
    verify(tx)
}

/// Nobody's journal is written over.
fn require_empty(tx: &mut dyn Tx) -> Result<()> {
    for table in ["journal", "persons", "files"] {
        let rows = tx.rows(&format!("SELECT count(*) FROM {table}"), &[])?;
        if rows.first().map(|row| row.int(0)).transpose()? != Some(0) {
            return Err(StoreError::Aborted(format!("the store is not empty: {table}")));
        }
    }
    Ok(())
}

/// A table of the backup, which has to be one of the store with the same columns.
fn begin(tx: &mut dyn Tx, line: &str) -> Result<Table> {
    #[derive(Deserialize)]
    struct Named {
        table: String,
        columns: Vec<String>,
    }
    let named: Named = serde_json::from_str(line).map_err(|_| broken("a line is of no kind"))?;
    let known = catalog::kept(tx)?.into_iter().find(|table| table.name == named.table);
    let table = known.filter(|table| table.columns == named.columns);
    let table = table.ok_or_else(|| broken(&format!("the store has no such {}", named.table)))?;
    // A new store has a beginning of its own in some tables.
    let filled = tx.rows(&format!("SELECT 1 FROM {} LIMIT 1", table.name), &[])?;
    if !filled.is_empty() {
        tx.exec(&format!("DELETE FROM {}", table.name), &[])?;
    }
    Ok(table)
}

fn put(tx: &mut dyn Tx, table: &Table, rows: &[Vec<Val>]) -> Result<()> {
    if rows.iter().any(|row| row.len() != table.columns.len()) {
        return Err(broken("a row has too few or too many values"));
    }
    let given = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " OVERRIDING SYSTEM VALUE",
    };
    let head = format!("INSERT INTO {} ({}){given}", table.name, table.listed());
    insert_all(tx, &head, rows)
}

/// PostgreSQL goes on numbering after the highest number that came.
fn number_on(tx: &mut dyn Tx) -> Result<()> {
    for Table { name, .. } in catalog::kept(tx)? {
        for column in catalog::numbered(tx, &name)? {
            tx.rows(
                &format!(
                    "SELECT setval(pg_get_serial_sequence('{name}', '{column}'), max({column}))
                     FROM {name} HAVING max({column}) IS NOT NULL"
                ),
                &[],
            )?;
        }
    }
    Ok(())
}

impl Store {
    /// Writes a backup of everything that cannot be computed again; others go on working.
    pub fn back_up(&self, path: PathBuf) -> Result<Backup> {
        self.read_blocking(move |tx| write(tx, &path))
    }

    /// Opens an empty place with the rows of a backup. The lists have to be rebuilt afterwards;
    /// files are brought by the caller.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] or [`StoreError::Fault`] when the backup is not whole,
    /// [`StoreError::Aborted`] when the place is not empty, [`StoreError::Newer`] when a newer
    /// edition of the program made the backup. The place then stays empty.
    pub fn restore(location: Location, path: PathBuf) -> Result<(Self, Verified)> {
        let backup = inspect(&path)?;
        // What an older edition kept is put where it was kept, and then brought up to date.
        let store = Self::open_at(location.clone(), Some(backup.schema))?;
        let verified = store.write_blocking(move |tx| load(tx, &path))?;
        drop(store);
        Ok((Self::open(location)?, verified))
    }
}
