//! The schema and its numbered steps, the same numbers and names for both engines.

use rusqlite::Connection;

use crate::error::{Result, StoreError};
use crate::tx::Tx;

/// One step: number, name, text for SQLite, text for PostgreSQL.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal),* $(,)?) => {
        [$(Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

const STEPS: [Step; 14] = steps![
    1 "0001_journal",
    2 "0002_projections",
    3 "0003_outbox_and_files",
    4 "0004_people",
    5 "0005_drafts",
    6 "0006_papers",
    7 "0007_uploads",
    8 "0008_factors",
    9 "0009_passkeys",
    10 "0010_links",
    12 "0012_profiles",
    14 "0014_paper_signatures",
    15 "0015_identities",
    16 "0016_recoveries",
];

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL)";
const NEWEST: &str = "SELECT coalesce(max(number), 0) FROM schema_steps";
const FOUND: &str = "SELECT number FROM schema_steps";
const DONE: &str = "INSERT INTO schema_steps (number, name) VALUES ($1, $2)";

/// Any number will do, as long as every node takes the same lock.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7262063)";

/// The step a database is at.
pub(crate) fn newest(tx: &mut dyn Tx) -> Result<i64> {
    tx.rows(NEWEST, &[])?.first().map_or(Ok(0), |row| row.int(0))
}

/// Brings a SQLite file up to date.
pub(crate) fn run_sqlite(connection: &mut Connection, until: Option<i64>) -> Result<()> {
    let failed = |e| StoreError::database("migrate", e);
    let tx = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(failed)?;
    tx.execute_batch(TABLE).map_err(failed)?;
    let found = {
        let mut steps = tx.prepare(FOUND).map_err(failed)?;
        let numbers = steps.query_map([], |row| row.get(0)).map_err(failed)?;
        numbers.collect::<rusqlite::Result<Vec<i64>>>().map_err(failed)?
    };
    for step in missing(&found, until)? {
        tx.execute_batch(step.sqlite).map_err(|e| StoreError::database(step.name, e))?;
        tx.execute(DONE, (step.number, step.name)).map_err(failed)?;
    }
    tx.commit().map_err(failed)
}

/// Brings a PostgreSQL schema up to date; nodes that start together take turns.
pub(crate) fn run_postgres(client: &mut postgres::Client, until: Option<i64>) -> Result<()> {
    let failed = |e| StoreError::database("migrate", e);
    let mut tx = client.transaction().map_err(failed)?;
    tx.batch_execute(LOCK).map_err(failed)?;
    tx.batch_execute(TABLE).map_err(failed)?;
    let found = tx.query(FOUND, &[]).map_err(failed)?;
    let found: Vec<i64> = found.iter().map(|row| row.get(0)).collect();
    for step in missing(&found, until)? {
        tx.batch_execute(step.postgres).map_err(|e| StoreError::database(step.name, e))?;
        tx.execute(DONE, &[&step.number, &step.name]).map_err(failed)?;
    }
    tx.commit().map_err(failed)
}

/// The steps that a database has not taken yet, in their order: one that came later under a lower
/// number is among them.
fn missing(found: &[i64], until: Option<i64>) -> Result<impl Iterator<Item = &'static Step>> {
    let known = STEPS[STEPS.len() - 1].number;
    let until = until.unwrap_or(known);
    let newest = found.iter().copied().fold(until, i64::max);
    if newest > known {
        return Err(StoreError::Newer { found: newest, known });
    }
    Ok(STEPS.iter().filter(move |step| !found.contains(&step.number) && step.number <= until))
}

#[cfg(test)]
mod tests {
    use super::STEPS;

    #[test]
    fn steps_are_numbered_in_order_as_their_names_say() {
        assert!(STEPS.is_sorted_by(|one, next| one.number < next.number));
        for step in &STEPS {
            let number = step.number;
            assert!(step.name.starts_with(&format!("{number:04}_")), "{}", step.name);
        }
    }
}
