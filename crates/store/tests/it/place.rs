//! Where a test runs: an engine, and a store of its own.

use std::env;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use store::{Location, Store};
use tempfile::TempDir;

/// A store for one test, and what is needed to open it again.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) location: Location,
    _folder: TempDir,
    _schema: Option<Schema>,
}

impl Place {
    fn open(location: Location, folder: TempDir, schema: Option<Schema>) -> Self {
        let store = Store::open(location.clone()).unwrap();
        Self { store, location, _folder: folder, _schema: schema }
    }

    /// Runs statements as they are.
    pub(crate) async fn sql(&self, statements: &'static [&'static str]) -> store::Result<()> {
        let run = move |tx: &mut dyn store::Tx| {
            statements.iter().try_for_each(|sql| tx.exec(sql, &[]).map(drop))
        };
        self.store.write(run).await
    }

    /// Lets the journal be changed, as somebody with the database in hand could.
    pub(crate) async fn disarm(&self) {
        let statements: &[&str] = match self.location {
            Location::Postgres { .. } => &["ALTER TABLE journal DISABLE TRIGGER USER"],
            _ => &["DROP TRIGGER journal_refuses_update", "DROP TRIGGER journal_refuses_delete"],
        };
        self.sql(statements).await.unwrap();
    }
}

/// A schema that goes when the test does.
pub(crate) struct Schema {
    server: String,
    pub(crate) name: String,
}

impl Schema {
    pub(crate) fn new(server: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema =
            Self { server: server.to_owned(), name: format!("t{}_{number}", std::process::id()) };
        schema.run(format!("CREATE SCHEMA {}", schema.name));
        schema
    }

    /// Runs statements; on a thread of its own, because the client must not run inside a runtime.
    pub(crate) fn run(&self, sql: String) {
        let server = self.server.clone();
        let work = move || {
            let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
            client.batch_execute(&sql).unwrap();
        };
        thread::spawn(work).join().unwrap();
    }

    pub(crate) fn url(&self) -> String {
        let sign = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{sign}application_name={name}&options=-c%20search_path%3D{name}",
            self.server,
            name = self.name
        )
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.run(format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

fn run<F: Future<Output = ()>>(place: Place, fact: impl FnOnce(Place) -> F) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(fact(place));
}

pub(crate) fn in_file<F: Future<Output = ()>>(fact: impl FnOnce(Place) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("data"));
    run(Place::open(location, folder, None), fact);
}

pub(crate) fn in_memory<F: Future<Output = ()>>(fact: impl FnOnce(Place) -> F) {
    let folder = tempfile::tempdir().unwrap();
    run(Place::open(Location::Memory, folder, None), fact);
}

pub(crate) fn in_postgres<F: Future<Output = ()>>(fact: impl FnOnce(Place) -> F) {
    let Some(server) = postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let schema = Schema::new(&server);
    let location = postgres_location(&schema, folder.path().join("data"));
    run(Place::open(location, folder, Some(schema)), fact);
}

pub(crate) fn postgres_location(schema: &Schema, data: PathBuf) -> Location {
    Location::Postgres { url: schema.url(), data }
}

/// The server to test with; says so when there is none.
pub(crate) fn postgres_server() -> Option<String> {
    let server = env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    let required = env::var("CHUANGLIAN_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(
        server.is_some() || !required,
        "TEST_POSTGRES_URL is not set, and PostgreSQL is required"
    );
    if server.is_none() {
        eprintln!("SKIPPED on PostgreSQL: TEST_POSTGRES_URL is not set");
    }
    server
}
