use std::time::SystemTime;

use store::{Image, Preview};

use crate::place::Place;

fn seen(made_ms: i64, digest: &str) -> Preview {
    let image = Some(Image { digest: digest.to_owned(), width: 909, height: 1286 });
    Preview { pages: 3, image, why: None, made_ms }
}

pub(crate) async fn a_page_is_known_until_it_is_forgotten(place: Place) {
    let store = &place.store;
    assert_eq!(store.preview("aa", 1).await.unwrap(), None);
    store.note_preview("aa", 1, seen(5, "i1")).await.unwrap();
    store.note_preview("aa", 2, seen(9, "i2")).await.unwrap();
    assert_eq!(store.preview("aa", 1).await.unwrap(), Some(seen(5, "i1")));
    assert_eq!(store.preview("bb", 1).await.unwrap(), None);
    let why = Some("页面太大".to_owned());
    let none = Preview { pages: 3, image: None, why, made_ms: 6 };
    store.note_preview("aa", 1, none.clone()).await.unwrap();
    assert_eq!(store.preview("aa", 1).await.unwrap(), Some(none));
    assert_eq!(store.forget_previews(9).await.unwrap(), 1);
    assert_eq!(store.preview("aa", 1).await.unwrap(), None);
    assert_eq!(store.preview("aa", 2).await.unwrap(), Some(seen(9, "i2")));
}

pub(crate) async fn what_can_be_made_again_is_swept_away(place: Place) {
    let store = &place.store;
    let passing = store.put_passing_file(b"image".to_vec(), "image/png", 5).await.unwrap();
    let kept = store.put_file(b"paper".to_vec(), "application/pdf", 5).await.unwrap();
    assert!(store.open_file(&passing, 5).await.unwrap().is_some());
    assert_eq!(store.sweep_files(6, SystemTime::UNIX_EPOCH).await.unwrap(), 1);
    assert!(store.open_file(&passing, 5).await.unwrap().is_none());
    assert!(store.open_file(&kept, 5).await.unwrap().is_some());

    // What somebody names stays, also when the office could make it again.
    let both = store.put_file(b"both".to_vec(), "application/pdf", 5).await.unwrap();
    store.put_passing_file(b"both".to_vec(), "application/pdf", 5).await.unwrap();
    assert_eq!(store.sweep_files(6, SystemTime::UNIX_EPOCH).await.unwrap(), 0);
    assert!(store.open_file(&both, 5).await.unwrap().is_some());
}
