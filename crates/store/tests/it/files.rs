use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use store::{Harm, Location, Store, StoreError, Taken};

use crate::place::Place;
use crate::samples::{one, put};

/// The data folder, where there is one of the test's own.
fn folder(place: &Place) -> Option<PathBuf> {
    match &place.location {
        Location::Memory => None,
        Location::Sqlite(folder) | Location::Postgres { data: folder, .. } => Some(folder.clone()),
    }
}

fn path(place: &Place, digest: &str) -> Option<PathBuf> {
    Some(folder(place)?.join("files").join(&digest[..2]).join(&digest[2..]))
}

fn drafts(place: &Place) -> usize {
    folder(place).map_or(0, |folder| fs::read_dir(folder.join("incoming")).unwrap().count())
}

fn taken(side: &str, now_ms: i64) -> Taken {
    Taken {
        media_type: "application/pdf".to_owned(),
        scanned: None,
        side: Some(side.to_owned()),
        name: "证明.pdf".to_owned(),
        passing: false,
        now_ms,
    }
}

/// A side brings a file.
async fn bring(store: &Store, side: &str, bytes: &[u8], now_ms: i64) -> String {
    let mut incoming = store.begin_file(1000, bytes.len() as u64).unwrap();
    incoming.write(bytes).unwrap();
    store.keep_file(incoming.settle(), taken(side, now_ms)).await.unwrap().digest
}

async fn read(store: &Store, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(mut reading) = store.open_file(digest, 9).await? else { return Ok(None) };
    let mut bytes = Vec::new();
    while let Some(piece) = reading.next_piece()? {
        bytes.extend(piece);
    }
    Ok(Some(bytes))
}

pub(crate) async fn a_file_comes_back_with_its_type(place: Place) {
    let digest = bring(&place.store, "unit/u-1", b"%PDF", 5).await;
    let row = place.store.file_row(&digest).await.unwrap().unwrap();
    assert_eq!((row.size, row.media_type.as_str(), row.created_ms), (4, "application/pdf", 5));
    assert_eq!(read(&place.store, &digest).await.unwrap().unwrap(), b"%PDF");
    assert_eq!(read(&place.store, &"0".repeat(64)).await.unwrap(), None);
    assert_eq!(read(&place.store, "../../etc/passwd").await.unwrap(), None);
    let many = vec![7; 600_000];
    let digest = place.store.put_file(many.clone(), "image/png", 5).await.unwrap();
    assert_eq!(read(&place.store, &digest).await.unwrap().unwrap(), many);
    assert_eq!(drafts(&place), 0);
}

pub(crate) async fn the_first_byte_past_the_limit_is_refused(place: Place) {
    let store = &place.store;
    let mut incoming = store.begin_file(10, 0).unwrap();
    incoming.write(&[1; 10]).unwrap();
    let outcome = incoming.write(&[1]);
    assert!(matches!(outcome, Err(StoreError::TooLarge { most: 10 })), "{outcome:?}");
    drop(incoming);
    let mut incoming = store.begin_file(10, 10).unwrap();
    incoming.write(&[1; 10]).unwrap();
    let draft = incoming.settle();
    assert_eq!(draft.size(), 10);
    drop(draft);
    assert_eq!(drafts(&place), 0, "what is not kept leaves nothing");
    let room = store.room().await.unwrap();
    let outcome = store.begin_file(u64::MAX, room.saturating_mul(2));
    assert!(matches!(outcome, Err(StoreError::NoSpace { .. })), "{outcome:?}");
}

pub(crate) async fn a_file_that_changed_or_vanished_is_never_given_away(place: Place) {
    let Some(there) = path(&place, &bring(&place.store, "unit/u-1", b"%PDF", 5).await) else {
        return;
    };
    let digest = bring(&place.store, "unit/u-1", b"%PDF", 5).await;
    let store = &place.store;
    fs::write(&there, b"%PDG").unwrap();
    let outcome = read(store, &digest).await;
    assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{outcome:?}");
    let fault = &store.file_faults().await.unwrap()[0];
    assert_eq!((&fault.digest, fault.harm, fault.found_ms), (&digest, Harm::Changed, 9));
    // Who brings it again mends it.
    bring(store, "unit/u-2", b"%PDF", 6).await;
    assert_eq!(read(store, &digest).await.unwrap().unwrap(), b"%PDF");
    assert_eq!(store.file_faults().await.unwrap(), vec![]);
    fs::remove_file(&there).unwrap();
    let outcome = read(store, &digest).await;
    assert!(matches!(outcome, Err(StoreError::Missing(_))), "{outcome:?}");
    assert_eq!(store.file_faults().await.unwrap()[0].harm, Harm::Missing);
    // One that changes while it is read is not finished.
    let many = vec![7; 600_000];
    let digest = store.put_file(many, "image/png", 5).await.unwrap();
    let mut reading = store.open_file(&digest, 9).await.unwrap().unwrap();
    assert!(reading.next_piece().unwrap().is_some());
    fs::write(path(&place, &digest).unwrap(), vec![8; 600_000]).unwrap();
    let mut outcome = reading.next_piece();
    while let Ok(Some(_)) = outcome {
        outcome = reading.next_piece();
    }
    assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{outcome:?}");
}

pub(crate) async fn the_scrub_finds_what_changed_and_what_is_well_again(place: Place) {
    let store = &place.store;
    let digests = [bring(store, "u", b"a", 100).await, bring(store, "u", b"b", 200).await];
    assert_eq!(store.scrub(100, 1000, 300).await.unwrap().checked, 0, "each came just now");
    let Some(there) = path(&place, &digests[0]) else { return };
    fs::write(&there, b"x").unwrap();
    let scrubbed = store.scrub(101, 1000, 300).await.unwrap();
    assert_eq!((scrubbed.checked, scrubbed.faulty), (1, vec![digests[0].clone()]));
    assert_eq!(store.file_faults().await.unwrap().len(), 1);
    fs::write(&there, b"a").unwrap();
    let scrubbed = store.scrub(1000, 1, 1000).await.unwrap();
    assert_eq!((scrubbed.checked, scrubbed.more), (1, true), "no more bytes than allowed");
    let scrubbed = store.scrub(1000, 1000, 1000).await.unwrap();
    assert_eq!((scrubbed.checked, scrubbed.faulty), (1, vec![]));
    assert_eq!(store.file_faults().await.unwrap(), vec![]);
    assert_eq!(store.scrub(1000, 1000, 1000).await.unwrap().checked, 0);
}

pub(crate) async fn what_no_entry_names_is_swept_and_the_rest_stays(place: Place) {
    let store = &place.store;
    let used = bring(store, "unit/u-1", b"used", 100).await;
    let idle = bring(store, "unit/u-1", b"idle", 100).await;
    let asked = bring(store, "unit/u-1", b"asked for", 100).await;
    put(store, store::Append { files: vec![used.clone()], ..one("D1", 0) }).await.unwrap();
    assert!(store.brought("unit/u-1", &asked, 300).await.unwrap().is_some());
    let long_ago = SystemTime::UNIX_EPOCH;
    assert_eq!(store.sweep_files(100, long_ago).await.unwrap(), 0);
    assert_eq!(store.sweep_files(101, long_ago).await.unwrap(), 1);
    assert_eq!(read(store, &idle).await.unwrap(), None);
    assert_eq!(store.brought("unit/u-1", &idle, 300).await.unwrap(), None);
    assert!(path(&place, &idle).is_none_or(|path| !path.exists()));
    assert_eq!(read(store, &used).await.unwrap().unwrap(), b"used");
    assert_eq!(read(store, &asked).await.unwrap().unwrap(), b"asked for");
    if let Some(folder) = folder(&place) {
        fs::write(folder.join("incoming/draft-1-1"), b"half").unwrap();
        // A day in 2100: later than any draft of today.
        let soon = long_ago + std::time::Duration::from_hours(24 * 365 * 130);
        assert_eq!(store.sweep_files(0, soon).await.unwrap(), 1);
        assert_eq!(drafts(&place), 0);
    }
}

pub(crate) async fn who_brought_a_file_is_noted(place: Place) {
    let store = &place.store;
    let digest = bring(store, "unit/u-1", b"a", 5).await;
    let brought = store.brought("unit/u-1", &digest, 6).await.unwrap().unwrap();
    assert_eq!((brought.name.as_str(), brought.size), ("证明.pdf", 1));
    assert_eq!(store.brought("unit/u-2", &digest, 6).await.unwrap(), None);
    bring(store, "unit/u-2", b"a", 5).await;
    assert!(store.brought("unit/u-2", &digest, 6).await.unwrap().is_some());
}

pub(crate) async fn the_same_content_is_one_file(place: Place) {
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(
                async move { store.put_file(vec![7; 100_000], "image/png", 1).await.unwrap() },
            )
        })
        .collect();
    let mut digests = Vec::new();
    for caller in callers {
        digests.push(caller.await.unwrap());
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
    place.store.put_file(vec![7; 100_000], "text/plain", 2).await.unwrap();
    let row = place.store.file_row(&digests[0]).await.unwrap().unwrap();
    assert_eq!((row.media_type.as_str(), row.created_ms), ("image/png", 1));
}

pub(crate) async fn a_file_without_runtime(place: Place) {
    let store = place.store.clone();
    let work = move || store.put_file_blocking(b"x", "text/plain", 1);
    let digest = std::thread::spawn(work).join().unwrap().unwrap();
    assert_eq!(read(&place.store, &digest).await.unwrap().unwrap(), b"x");
}
