use std::fs;
use std::path::PathBuf;

use sha2::Digest;
use store::{Letter, Location, Person, Post, Session, Store, StoreError, backup, vals};
use tempfile::TempDir;

use crate::place::{Place, Schema, postgres_location, postgres_server};
use crate::samples::{one, put};

/// More than are read at a time.
const MANY: u64 = 1_203;

/// Something of every kind: entries, values about persons, letters, a session that refers to a
/// person, bytes that are no text, an answer that was given.
async fn filled(store: &Store) {
    for seq in 0..3 {
        put(store, one("D1", seq)).await.unwrap();
    }
    for number in 0..MANY {
        put(store, one(&format!("D2-{number}"), 0)).await.unwrap();
    }
    let person = Person { id: "P1".into(), login: "p1".into(), ..Person::default() };
    store.save_person(person).await.unwrap();
    let post = Post { id: "O1".into(), person: "P1".into(), ..Post::default() };
    store.save_post(post).await.unwrap();
    let session = Session { hash: "h1".into(), person: "P1".into(), ..Session::default() };
    store.save_session(session).await.unwrap();
    store.put_file(vec![0, 255, 1], "application/pdf", 7).await.unwrap();
    store.attempt("login", 5).await.unwrap();
    store.post(["one", "two"].map(letter).to_vec(), 9).await.unwrap();
}

fn letter(key: &str) -> Letter {
    Letter { key: key.into(), to: "P1".into(), ..Letter::default() }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("store.jsonl")
}

/// Every kept row as text, in the words of a backup.
fn words(store: &Store) -> String {
    let folder = tempfile::tempdir().unwrap();
    store.back_up(file(&folder)).unwrap();
    fs::read_to_string(file(&folder)).unwrap()
}

pub(crate) async fn a_backup_is_what_was_there_on_either_engine(place: Place) {
    filled(&place.store).await;
    let folder = tempfile::tempdir().unwrap();
    let made = place.store.back_up(file(&folder)).unwrap();
    assert_eq!(backup::inspect(&file(&folder)).unwrap(), made);
    let kept = fs::read_to_string(file(&folder)).unwrap();
    assert_eq!(made.rows, kept.lines().filter(|line| line.starts_with('[')).count() as u64);
    let before = place.store.verify().await.unwrap();
    let target = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(target.path().into());
    let (restored, verified) = Store::restore(location, file(&folder)).unwrap();
    assert_eq!(verified, before);
    assert_eq!(words(&restored), kept);
    // What comes afterwards goes on from there.
    put(&restored, one("D1", 3)).await.unwrap();
    restored.verify().await.unwrap();
    if let Some(server) = postgres_server() {
        let (schema, files) = (Schema::new(&server), tempfile::tempdir().unwrap());
        let location = postgres_location(&schema, files.path().into());
        let (restored, verified) = Store::restore(location, file(&folder)).unwrap();
        assert_eq!(verified, before);
        assert_eq!(words(&restored), kept);
        // Numbers go on after those that came.
        restored.post(vec![letter("three")], 9).await.unwrap();
    }
}

pub(crate) async fn a_place_with_something_in_it_is_not_restored_into(place: Place) {
    put(&place.store, one("D1", 0)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    place.store.back_up(file(&folder)).unwrap();
    if let Location::Memory = place.location {
        return;
    }
    let outcome = Store::restore(place.location.clone(), file(&folder)).map(drop);
    assert!(matches!(outcome, Err(StoreError::Aborted(_))), "{outcome:?}");
    assert_eq!(place.store.verify().await.unwrap().entries, 1);
}

#[test]
fn a_backup_that_was_cut_or_changed_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Location::Memory).unwrap();
    store.append_blocking(one("D1", 0), || [1; 16]).unwrap();
    store.back_up(file(&folder)).unwrap();
    let whole = fs::read(file(&folder)).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    let cut = ends.iter().map(|end| whole[..*end].to_vec()).take(ends.len() - 1);
    let flipped = (0..whole.len()).step_by(7).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    });
    let longer = [whole.clone(), b"[1]\n".to_vec()].concat();
    for (number, bytes) in cut.chain(flipped).chain([longer, vec![]]).enumerate() {
        fs::write(file(&folder), &bytes).unwrap();
        let target = tempfile::tempdir().unwrap();
        let outcome = Store::restore(Location::Sqlite(target.path().into()), file(&folder));
        assert!(outcome.is_err(), "{number}");
    }
}

#[test]
fn what_an_older_edition_kept_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let old = "{\"format\":\"chuanglian-backup-1\",\"schema\":4}\n\
        {\"table\":\"settings\",\"columns\":[\"key\",\"value\"]}\n[\"title\",\"创联\"]\n\
        {\"table\":\"chain\",\"columns\":[\"chain\",\"id\",\"idx\"]}\n";
    let zeros = "00".repeat(32);
    let old = format!("{old}[{{\"hex\":\"{zeros}\"}},1,0]\n");
    let digest = hex::encode(sha2::Sha256::digest(&old));
    let text = format!("{old}{{\"rows\":2,\"sha256\":\"{digest}\"}}\n");
    fs::write(file(&folder), text).unwrap();
    let target = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(target.path().into());
    let (store, _) = Store::restore(location, file(&folder)).unwrap();
    let (title, newer) = store
        .read_blocking(|tx| {
            let newer = tx.rows("SELECT count(*) FROM section_drafts", &vals![])?;
            Ok((store::settings::setting(tx, "title")?, newer[0].int(0)?))
        })
        .unwrap();
    assert_eq!((title.as_deref(), newer), (Some("创联"), 0));
}
