use std::fs;
use std::io::Read;

use store::{Location, Store, StoreError, UploadRow};

use crate::place::Place;

fn upload(id: &str, size: u64) -> UploadRow {
    UploadRow {
        id: id.to_owned(),
        side: "unit/u-1".to_owned(),
        name: "证明.pdf".to_owned(),
        size,
        received: 0,
        created_ms: 10,
        expires_ms: 100,
    }
}

async fn add(store: &Store, offset: u64, piece: &[u8]) -> Result<u64, StoreError> {
    store.add_piece("unit/u-1", "up-1", offset, piece.to_vec()).await
}

pub(crate) async fn pieces_make_a_file_in_their_order(place: Place) {
    let store = &place.store;
    store.begin_upload(upload("up-1", 6)).await.unwrap();
    assert_eq!(add(store, 0, b"abc").await.unwrap(), 3);
    for wrong in [0, 2, 4] {
        let outcome = add(store, wrong, b"x").await;
        assert!(matches!(outcome, Err(StoreError::Offset { offset: 3 })), "{wrong}: {outcome:?}");
    }
    let outcome = add(store, 3, b"defg").await;
    assert!(matches!(outcome, Err(StoreError::TooLarge { most: 6 })), "{outcome:?}");
    let others = store.add_piece("unit/u-2", "up-1", 3, b"def".to_vec()).await;
    assert!(matches!(others, Err(StoreError::Missing(_))), "{others:?}");
    assert_eq!(store.upload("unit/u-2", "up-1").await.unwrap(), None);
}

pub(crate) async fn an_upload_goes_on_after_a_restart(place: Place) {
    place.store.begin_upload(upload("up-1", 6)).await.unwrap();
    assert_eq!(add(&place.store, 0, b"abc").await.unwrap(), 3);
    let again = match &place.location {
        Location::Memory => place.store.clone(),
        location => Store::open(location.clone()).unwrap(),
    };
    if let Location::Sqlite(folder) | Location::Postgres { data: folder, .. } = &place.location {
        // A piece that broke off stands past the acknowledged end.
        fs::write(folder.join("incoming/upload-up-1"), b"abcBROKEN").unwrap();
    }
    assert_eq!(again.upload("unit/u-1", "up-1").await.unwrap().unwrap().received, 3);
    assert_eq!(add(&again, 3, b"def").await.unwrap(), 6);
    let draft = again.whole_upload("up-1").await.unwrap();
    assert_eq!(draft.size(), 6);
    let mut bytes = Vec::new();
    draft.reader().unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"abcdef");
}

pub(crate) async fn of_two_pieces_for_one_place_one_is_taken(place: Place) {
    let store = &place.store;
    store.begin_upload(upload("up-1", 8)).await.unwrap();
    let callers: Vec<_> = (0..8)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { add(&store, 0, &[number; 4]).await })
        })
        .collect();
    let mut won = 0;
    for caller in callers {
        match caller.await.unwrap() {
            Ok(end) => {
                assert_eq!(end, 4);
                won += 1;
            }
            Err(StoreError::Offset { offset: 4 }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(add(store, 4, &[9; 4]).await.unwrap(), 8);
    assert_eq!(store.whole_upload("up-1").await.unwrap().size(), 8);
}

pub(crate) async fn an_upload_ends_when_it_is_given_up_or_runs_out(place: Place) {
    let store = &place.store;
    store.begin_upload(upload("up-1", 6)).await.unwrap();
    store.begin_upload(upload("up-2", 6)).await.unwrap();
    add(store, 0, b"abc").await.unwrap();
    assert_eq!(store.uploads("unit/u-1").await.unwrap().len(), 2);
    store.end_upload("up-2").await.unwrap();
    assert_eq!(store.sweep_uploads(100).await.unwrap(), 0);
    assert_eq!(store.sweep_uploads(101).await.unwrap(), 1);
    assert_eq!(store.uploads("unit/u-1").await.unwrap(), vec![]);
    let late = add(store, 3, b"def").await;
    assert!(matches!(late, Err(StoreError::Missing(_))), "{late:?}");
    if let Location::Sqlite(folder) | Location::Postgres { data: folder, .. } = &place.location {
        assert_eq!(fs::read_dir(folder.join("incoming")).unwrap().count(), 0);
    }
}
