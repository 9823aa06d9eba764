//! SQLite: one writer that commits in groups, and readers that cannot write.
//!
//! Many small acts share one `COMMIT` and so one fsync; each runs inside its own savepoint, so an
//! act that is refused undoes only itself. Nobody is answered before the group is on disk.
//!
//! Those who were answered together come back one after the other. A commit that began with the
//! first of them would leave the others to the next one, so the writer lingers for a part of what
//! a commit takes on this disk, as long as the groups before were larger; see [`Pace`].

use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::error::{Result, StoreError};
use crate::lanes::{self, Errand, Lane, Queue};
use crate::migrations;
use crate::tx::{Engine, Row, Tx, Val};

/// Acts that share one commit.
const GROUP_MAX: usize = 256;
/// Commits that take less are not waited with.
const LINGER_FROM: Duration = Duration::from_micros(500);
/// Threads that answer reads; more gives less throughput and a longer tail.
const READERS: usize = 3;
/// The file in the data folder.
const FILE: &str = "chuanglian.db";

/// The queues of an open database and the threads behind them.
pub(crate) struct Open {
    pub(crate) writes: Lane,
    pub(crate) reads: Lane,
    pub(crate) threads: Vec<JoinHandle<()>>,
}

/// Opens the database file in a folder.
pub(crate) fn open_folder(folder: &Path, step: Option<i64>) -> Result<Open> {
    let path = folder.join(FILE);
    let mut connection = connect(&path)?;
    require_durable(&connection)?;
    migrations::run_sqlite(&mut connection, step)?;
    let (writes, write_queue) = Lane::new();
    let (reads, read_queue) = Lane::new();
    let mut threads = vec![lanes::spawn("store-writer", move || write(&connection, &write_queue))?];
    for _ in 0..READERS {
        threads.push(reader(&path, read_queue.clone())?);
    }
    Ok(Open { writes, reads, threads })
}

/// Opens a database in memory: the same writer, which answers the reads as well.
pub(crate) fn open_memory(step: Option<i64>) -> Result<Open> {
    let mut connection =
        Connection::open_in_memory().map_err(|e| StoreError::database("open", e))?;
    prepare(&connection)?;
    migrations::run_sqlite(&mut connection, step)?;
    let (writes, queue) = Lane::new();
    let thread = lanes::spawn("store-memory", move || write(&connection, &queue))?;
    Ok(Open { reads: writes.clone(), writes, threads: vec![thread] })
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).map_err(|e| StoreError::database("open", e))?;
    prepare(&connection)?;
    Ok(connection)
}

/// A command touches some twenty pages, mostly those of the command before: the longer the log may
/// grow, the less often each is copied into the database. Four thousand pages are 16 MiB, read in
/// some ten milliseconds when the office opens after a fall.
fn prepare(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(256);
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cell_size_check = ON;
             PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA wal_autocheckpoint = 4000;",
        )
        .and_then(|()| {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            // A plan follows from the words of a statement, not from the values bound to it:
            // otherwise statements are planned anew for each value.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
        })
        .map_err(|e| StoreError::database("prepare the connection", e))
}

/// Acknowledged means on disk: that rests on these two settings, so they are read back.
fn require_durable(connection: &Connection) -> Result<()> {
    let synchronous: i64 = pragma(connection, "synchronous")?;
    if synchronous != 2 {
        let found = synchronous.to_string();
        return Err(StoreError::Unsafe { setting: "synchronous", found, wanted: "2 (FULL)" });
    }
    let found: String = pragma(connection, "journal_mode")?;
    if found != "wal" {
        return Err(StoreError::Unsafe { setting: "journal_mode", found, wanted: "wal" });
    }
    Ok(())
}

fn pragma<T: rusqlite::types::FromSql>(connection: &Connection, name: &str) -> Result<T> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|e| StoreError::database(name, e))
}

fn write(connection: &Connection, queue: &Queue) {
    let mut pace = Pace::default();
    while let Ok(first) = queue.next() {
        group(connection, queue, first, &mut pace);
    }
}

/// Runs what is waiting in one transaction, then answers everybody.
fn group(connection: &Connection, queue: &Queue, first: Errand, pace: &mut Pace) {
    if let Err(error) = batch(connection, "BEGIN IMMEDIATE") {
        return first.act.answer(Some(error));
    }
    let mut done = Vec::new();
    let mut lingered = Duration::ZERO;
    let mut next = Some(first);
    while let Some(mut errand) = next {
        run_alone(connection, &mut errand);
        done.push(errand);
        // A full disk or a failing one ends the transaction under us.
        if connection.is_autocommit() || done.len() == GROUP_MAX {
            break;
        }
        next = queue.waiting().or_else(|| {
            let within = pace.linger(done.len(), lingered)?;
            let began = Instant::now();
            let errand = queue.soon(within);
            lingered += began.elapsed();
            errand
        });
    }
    let began = Instant::now();
    let lost = batch(connection, "COMMIT").err().map(|error| error.to_string());
    pace.committed(done.len(), began.elapsed());
    if lost.is_some() && !connection.is_autocommit() {
        let _ = batch(connection, "ROLLBACK");
    }
    if let Some(why) = &lost {
        tracing::error!(why, acts = done.len(), "a group of acts was not committed");
    }
    for errand in done {
        errand.act.answer(lost.as_ref().map(|why| StoreError::database("COMMIT", why.clone())));
    }
}

/// How long it is worth to wait for one more act before a commit.
#[derive(Default)]
struct Pace {
    /// What commits have taken of late.
    commit: Duration,
    /// How many acts the last two groups had.
    groups: [usize; 2],
}

impl Pace {
    /// How long to wait for the next act of a group that has so many; `None` when it is not
    /// worth it: nobody else was there of late, or the disk is so fast that waiting costs more.
    fn linger(&self, acts: usize, lingered: Duration) -> Option<Duration> {
        let crowd = self.groups.into_iter().max().unwrap_or(0);
        let worth = acts < crowd && self.commit >= LINGER_FROM && lingered < self.commit / 2;
        worth.then_some(self.commit / 4)
    }

    fn committed(&mut self, acts: usize, took: Duration) {
        // One commit in many copies the log into the database and takes longer.
        self.commit = (self.commit * 7 + took) / 8;
        self.groups = [self.groups[1], acts];
    }
}

fn run_alone(connection: &Connection, errand: &mut Errand) {
    let mut tx = SqliteTx(connection);
    if batch(connection, "SAVEPOINT act").is_err() {
        return;
    }
    let kept = errand.act.run(&mut tx) && errand.writes;
    if !kept {
        let _ = batch(connection, "ROLLBACK TO act");
    }
    let _ = batch(connection, "RELEASE act");
}

fn batch(connection: &Connection, sql: &str) -> Result<()> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|e| StoreError::database(sql, e))
}

fn reader(path: &Path, queue: Queue) -> Result<JoinHandle<()>> {
    let connection = connect(path)?;
    connection
        .execute_batch("PRAGMA query_only = ON")
        .map_err(|e| StoreError::database("query_only", e))?;
    lanes::spawn("store-reader", move || {
        while let Ok(errand) = queue.next() {
            read(&connection, errand);
        }
    })
}

/// One read sees one state of the database, however many queries it asks.
fn read(connection: &Connection, mut errand: Errand) {
    if let Err(error) = batch(connection, "BEGIN") {
        return errand.act.answer(Some(error));
    }
    errand.act.run(&mut SqliteTx(connection));
    let _ = batch(connection, "ROLLBACK");
    errand.act.answer(None);
}

struct SqliteTx<'a>(&'a Connection);

impl SqliteTx<'_> {
    fn bound(&self, sql: &str, args: &[Val]) -> rusqlite::Result<CachedStatement<'_>> {
        let mut statement = self.0.prepare_cached(sql)?;
        if statement.parameter_count() != args.len() {
            let wanted = statement.parameter_count();
            return Err(rusqlite::Error::InvalidParameterCount(args.len(), wanted));
        }
        for (place, value) in (1..).zip(args) {
            debug_assert_eq!(
                statement.parameter_name(place),
                Some(format!("${place}").as_str()),
                "parameters in order of first appearance: {sql}"
            );
            statement.raw_bind_parameter(place, value)?;
        }
        Ok(statement)
    }
}

impl Tx for SqliteTx<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64> {
        let run = || self.bound(sql, args)?.raw_execute();
        run().map(|rows| rows as u64).map_err(|e| StoreError::database(sql, e))
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>> {
        let run = || {
            let mut statement = self.bound(sql, args)?;
            let width = statement.column_count();
            let mut found = statement.raw_query();
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                let cells = (0..width).map(|at| row.get_ref(at).map(value));
                rows.push(Row(cells.collect::<rusqlite::Result<_>>()?));
            }
            Ok(rows)
        };
        run().map_err(|e: rusqlite::Error| StoreError::database(sql, e))
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }
}

fn value(cell: ValueRef<'_>) -> Val {
    match cell {
        ValueRef::Null => Val::Null,
        ValueRef::Integer(number) => Val::Int(number),
        // No column holds a fraction; one that appears is shown as text, which no getter expects.
        ValueRef::Real(number) => Val::Text(number.to_string()),
        ValueRef::Text(text) => Val::Text(words(text)),
        ValueRef::Blob(bytes) => Val::Blob(bytes.to_vec()),
    }
}

/// What is not UTF-8 is shown as far as it is; the common case is checked in one go.
fn words(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(text).into_owned(),
    }
}

impl ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Duration = Duration::from_millis(8);

    #[test]
    fn a_group_lingers_only_while_more_came_of_late_than_are_there() {
        let mut pace = Pace::default();
        assert_eq!(pace.linger(0, Duration::ZERO), None, "nothing is known yet");
        for _ in 0..100 {
            pace.committed(1, SLOW);
        }
        assert_eq!(pace.linger(1, Duration::ZERO), None, "one client alone never waits");
        pace.committed(8, SLOW);
        pace.committed(1, SLOW);
        assert!(pace.linger(1, Duration::ZERO).is_some_and(|within| within < SLOW / 2));
        assert_eq!(pace.linger(8, Duration::ZERO), None, "everybody is there");
        assert_eq!(pace.linger(1, SLOW), None, "it has waited long enough");
        pace.committed(1, SLOW);
        assert_eq!(pace.linger(1, Duration::ZERO), None, "the others have gone");
    }

    #[test]
    fn a_fast_disk_is_not_waited_with() {
        let mut pace = Pace::default();
        pace.committed(8, LINGER_FROM / 2);
        assert_eq!(pace.linger(1, Duration::ZERO), None);
    }
}
