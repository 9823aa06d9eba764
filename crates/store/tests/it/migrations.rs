use std::fs;

use store::{Location, Store, StoreError};

use crate::place::{Place, Schema, postgres_location, postgres_server};
use crate::samples::{one, put};

pub(crate) async fn a_newer_schema_is_refused(place: Place) {
    place.sql(&["INSERT INTO schema_steps (number, name) VALUES (9999, 'x')"]).await.unwrap();
    if let Location::Memory = place.location {
        return;
    }
    let outcome = Store::open(place.location.clone()).map(drop);
    assert!(matches!(outcome, Err(StoreError::Newer { found: 9999, .. })), "{outcome:?}");
}

pub(crate) async fn an_opened_store_can_be_opened_again(place: Place) {
    put(&place.store, one("D1", 0)).await.unwrap();
    if let Location::Memory = place.location {
        return;
    }
    let before = place.store.verify().await.unwrap();
    let Place { store, location, .. } = &place;
    let other = Store::open(location.clone()).unwrap();
    assert_eq!(other.verify().await.unwrap(), before);
    put(&other, one("D1", 1)).await.unwrap();
    assert_eq!(store.load("D1").await.unwrap().len(), 2);
}

/// What a database looked like after the first step, with something in it.
const OLD: &str = "
    CREATE TABLE schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO schema_steps (number, name) VALUES (1, '0001_journal');
    INSERT INTO commands (actor, key, request, stream, at_ms, answer)
    VALUES ('P1', 'k1', 'digest', 'D1', 5, '\"as it was\"');
";

fn continues_from_old(location: Location) {
    let store = Store::open(location).unwrap();
    let known = store.read_blocking(|tx| {
        let (actor, key, request) = ("P1".into(), "k1".into(), "digest".into());
        store::append::answered(tx, &store::CommandKey { actor, key, request })
    });
    assert_eq!(known.unwrap(), Some("as it was".into()));
    let appended = store.append_blocking(one("D1", 0), || [1; 16]).unwrap();
    assert!(matches!(appended, store::Appended::Done(head) if head.seq == 1));
    store.read_blocking(|tx| store::verify::verify(tx)).unwrap();
}

#[test]
fn an_old_sqlite_file_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("chuanglian.db")).unwrap();
    let first = include_str!("../../migrations/sqlite/0001_journal.sql");
    connection.execute_batch(&format!("{first}{OLD}")).unwrap();
    drop(connection);
    continues_from_old(Location::Sqlite(folder.path().into()));
}

#[test]
fn an_old_postgres_schema_is_brought_up_to_date() {
    let Some(server) = postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let schema = Schema::new(&server);
    let first = include_str!("../../migrations/postgres/0001_journal.sql");
    schema.run(format!("SET search_path = {};{first}{OLD}", schema.name));
    continues_from_old(postgres_location(&schema, folder.path().into()));
}

#[test]
fn both_engines_have_the_same_steps() {
    let names = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
