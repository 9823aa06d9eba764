use store::{Location, StoreError};

use crate::place::Place;

pub(crate) async fn a_file_comes_back_with_its_type(place: Place) {
    let digest = place.store.put_file(b"%PDF".to_vec(), "application/pdf", 5).await.unwrap();
    let (row, bytes) = place.store.file(&digest).await.unwrap().unwrap();
    assert_eq!((row.size, row.media_type.as_str(), row.created_ms), (4, "application/pdf", 5));
    assert_eq!((bytes.as_slice(), row.digest), (b"%PDF".as_slice(), digest.clone()));
    assert_eq!(place.store.file(&"0".repeat(64)).await.unwrap(), None);
    assert_eq!(place.store.file("../../etc/passwd").await.unwrap(), None);

    let folder = match &place.location {
        Location::Memory => return,
        Location::Sqlite(folder) | Location::Postgres { data: folder, .. } => folder,
    };
    let path = folder.join("files").join(&digest[..2]).join(&digest[2..]);
    std::fs::write(path, b"%PDG").unwrap();
    let outcome = place.store.file(&digest).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
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
    let work = move || {
        let digest = store.put_file_blocking(b"x".to_vec(), "text/plain", 1)?;
        store.file_blocking(&digest)
    };
    let (_, bytes) = std::thread::spawn(work).join().unwrap().unwrap().unwrap();
    assert_eq!(bytes, b"x");
}
