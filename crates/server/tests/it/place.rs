//! Where a test runs: an engine, and a store of its own that goes when the test does.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use store::{Location, Store};
use tempfile::TempDir;

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// SQLite in a folder.
    Sqlite,
    /// A schema of a PostgreSQL server.
    Postgres,
}

/// A store, and what goes with it.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) location: Location,
    _ground: Ground,
}

/// Where a store can be, before there is one.
pub(crate) struct Ground {
    pub(crate) location: Location,
    _folder: TempDir,
    _schema: Option<Schema>,
}

impl Place {
    /// The data folder.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        match &self.location {
            Location::Sqlite(data) | Location::Postgres { data, .. } => data.clone(),
            Location::Memory => unreachable!("tests keep their files in a folder"),
        }
    }
}

/// Opens a store; `None` where there is no PostgreSQL to test with.
pub(crate) fn open(engine: Engine) -> Option<Place> {
    let ground = empty(engine)?;
    let location = ground.location.clone();
    let store = Store::open(location.clone()).unwrap();
    Some(Place { store, location, _ground: ground })
}

/// A place with nothing in it; `None` where there is no PostgreSQL to test with.
pub(crate) fn empty(engine: Engine) -> Option<Ground> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let schema = match engine {
        Engine::Postgres => Some(Schema::new(&server()?)),
        Engine::Sqlite => None,
    };
    let location = match &schema {
        Some(schema) => Location::Postgres { url: schema.url(), data },
        None => Location::Sqlite(data),
    };
    Some(Ground { location, _folder: folder, _schema: schema })
}

/// The server to test with; says so when there is none.
fn server() -> Option<String> {
    let server = env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    let required = env::var("CHUANGLIAN_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(server.is_some() || !required, "PostgreSQL is required: set TEST_POSTGRES_URL");
    if server.is_none() {
        eprintln!("SKIPPED on PostgreSQL: TEST_POSTGRES_URL is not set");
    }
    server
}

/// A schema of its own on a server; it goes when this does.
pub(crate) struct Schema {
    server: String,
    name: String,
}

impl Schema {
    pub(crate) fn new(server: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("h{}_{number}", std::process::id());
        let schema = Self { server: server.to_owned(), name };
        schema.run(format!("CREATE SCHEMA {}", schema.name));
        schema
    }

    /// Runs statements on a thread of its own: the client must not run inside a runtime.
    fn run(&self, sql: String) {
        let server = self.server.clone();
        let work = move || {
            let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
            client.batch_execute(&sql).unwrap();
        };
        thread::spawn(work).join().unwrap();
    }

    /// The address of the schema.
    pub(crate) fn url(&self) -> String {
        let sign = if self.server.contains('?') { '&' } else { '?' };
        let name = &self.name;
        format!("{}{sign}application_name={name}&options=-c%20search_path%3D{name}", self.server)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.run(format!("DROP SCHEMA {} CASCADE", self.name));
    }
}
