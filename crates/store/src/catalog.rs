//! What tables a database has: asked of the database, so that no table is forgotten.

use crate::error::Result;
use crate::tx::{Engine, Tx};

/// Tables that [`crate::Store::rebuild`] computes from the journal; `terms` has tables of its own
/// behind it.
const COMPUTED: [&str; 9] =
    ["claims", "dossiers", "readers", "tallied", "tallies", "tasks", "terms", "texts", "units"];
/// The record of the steps of the schema itself, images of pages (they can be made again), what is half
/// uploaded (its bytes are in no backup), and what lives for minutes: challenges, and what is under way
/// to a provider and back.
const PASSING: [&str; 6] =
    ["challenges", "errands", "previews", "schema_steps", "unclaimed", "uploads"];

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// The columns of its primary key, in order; none where it has no key.
    pub(crate) key: Vec<String>,
}

impl Table {
    /// Its columns as a statement lists them; some are words of SQL.
    pub(crate) fn listed(&self) -> String {
        quoted(&self.columns)
    }

    /// The columns of its key as a statement lists them.
    pub(crate) fn keyed(&self) -> String {
        quoted(&self.key)
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The tables that hold what cannot be computed again; one that refers to another comes after it.
pub(crate) fn kept(tx: &mut dyn Tx) -> Result<Vec<Table>> {
    let mut waiting = Vec::new();
    for name in names(tx)? {
        let above: Vec<String> =
            references(tx, &name)?.into_iter().filter(|above| *above != name).collect();
        let (columns, key) = (columns(tx, &name)?, key(tx, &name)?);
        waiting.push((Table { name, columns, key }, above));
    }
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let stands = |name: &String| ordered.iter().any(|table| table.name == *name);
        let ready = waiting.iter().position(|(_, above)| above.iter().all(stands));
        // Tables that refer to each other in a ring come as they are named.
        ordered.push(waiting.remove(ready.unwrap_or(0)).0);
    }
    Ok(ordered)
}

fn is_kept(name: &str) -> bool {
    let computed = COMPUTED.contains(&name) || name.starts_with("terms_");
    !computed && !PASSING.contains(&name) && !name.starts_with("sqlite_")
}

fn names(tx: &mut dyn Tx) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class
             WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
             ORDER BY relname"
        }
    };
    let names = texts(tx, sql)?;
    Ok(names.into_iter().filter(|name| is_kept(name)).collect())
}

fn columns(tx: &mut dyn Tx, table: &str) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name"),
        Engine::Postgres => format!(
            "SELECT attname::text FROM pg_attribute
             WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
             ORDER BY attname"
        ),
    };
    texts(tx, &sql)
}

fn key(tx: &mut dyn Tx, table: &str) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
        }
        Engine::Postgres => format!(
            "SELECT a.attname::text
             FROM pg_index i
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = '{table}'::regclass AND i.indisprimary
             ORDER BY array_position(i.indkey::int2[], a.attnum)"
        ),
    };
    texts(tx, &sql)
}

fn references(tx: &mut dyn Tx, table: &str) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => format!("SELECT \"table\" FROM pragma_foreign_key_list('{table}')"),
        Engine::Postgres => format!(
            "SELECT c.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
             WHERE k.contype = 'f' AND k.conrelid = '{table}'::regclass"
        ),
    };
    texts(tx, &sql)
}

/// The columns whose numbers the database itself hands out, which may be given all the same.
pub(crate) fn numbered(tx: &mut dyn Tx, table: &str) -> Result<Vec<String>> {
    match tx.engine() {
        // SQLite goes on from the highest number it finds.
        Engine::Sqlite => Ok(vec![]),
        Engine::Postgres => texts(
            tx,
            &format!(
                "SELECT attname::text FROM pg_attribute
                 WHERE attrelid = '{table}'::regclass AND attidentity <> ''"
            ),
        ),
    }
}

fn texts(tx: &mut dyn Tx, sql: &str) -> Result<Vec<String>> {
    tx.rows(sql, &[])?.iter().map(|row| row.text(0)).collect()
}
