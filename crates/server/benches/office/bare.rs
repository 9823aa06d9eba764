//! 裸的数据库 — single rows, each committed by itself: what this disk gives without an office.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// As long as the record of a short act.
const ROW_BYTES: usize = 300;

/// Something that commits one row.
pub(crate) trait Bare {
    fn commit(&mut self);
}

/// How many rows a second are committed, one after the other.
pub(crate) fn rate(bare: &mut dyn Bare, time: Duration) -> f64 {
    let (began, mut rows) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        bare.commit();
        rows += 1;
    }
    f64::from(rows) / began.elapsed().as_secs_f64()
}

/// `SQLite` with the settings that make a commit durable.
pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Self {
        let connection = Connection::open(folder.join("bare.db")).unwrap();
        let schema = "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;";
        connection.execute_batch(schema).unwrap();
        Self(connection)
    }
}

impl Bare for Sqlite {
    fn commit(&mut self) {
        let mut insert = self.0.prepare_cached("INSERT INTO rows (body) VALUES (?1)").unwrap();
        insert.execute([[7_u8; ROW_BYTES].as_slice()]).unwrap();
    }
}

/// `PostgreSQL`, over one connection.
pub(crate) struct Postgres(postgres::Client, postgres::Statement);

impl Postgres {
    pub(crate) fn open(url: &str) -> Self {
        let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
        let schema = "CREATE TABLE bare (id bigserial PRIMARY KEY, body bytea NOT NULL)";
        client.batch_execute(schema).unwrap();
        let insert = client.prepare("INSERT INTO bare (body) VALUES ($1)").unwrap();
        Self(client, insert)
    }

    /// How durable the server says it is.
    pub(crate) fn settings(&mut self) -> String {
        let mut show = |name: &str| -> String {
            self.0.query_one(&format!("SHOW {name}"), &[]).unwrap().get(0)
        };
        let (version, fsync) = (show("server_version"), show("fsync"));
        format!("{version}, fsync {fsync}, synchronous_commit {}", show("synchronous_commit"))
    }
}

impl Bare for Postgres {
    fn commit(&mut self) {
        self.0.execute(&self.1, &[&[7_u8; ROW_BYTES].as_slice()]).unwrap();
    }
}
