use store::ImportRow;
use store::imports::LEFT_MS;

use crate::place::Place;

fn import(id: &str, brought_ms: i64) -> ImportRow {
    ImportRow {
        id: id.to_owned(),
        kind: "platforms".to_owned(),
        person: "P1".to_owned(),
        name: "平台.csv".to_owned(),
        digest: "0".repeat(64),
        brought_ms,
        state: "tried".to_owned(),
        rows: "[[\"甲\"]]".to_owned(),
        report: "[]".to_owned(),
    }
}

pub(crate) async fn an_import_goes_on_and_is_listed_newest_first(place: Place) {
    let store = &place.store;
    let (first, second) = (import("i-1", 10), import("i-2", 20));
    store.bring_import(first.clone()).await.unwrap();
    store.bring_import(second.clone()).await.unwrap();
    assert!(store.bring_import(first.clone()).await.is_err(), "an id is given once");
    assert_eq!(store.imports().await.unwrap(), [second.clone(), first.clone()]);
    let done = ImportRow {
        state: "done".to_owned(),
        rows: String::new(),
        report: "[1]".to_owned(),
        ..first
    };
    store.advance_import(done.clone()).await.unwrap();
    assert_eq!(store.import("i-1").await.unwrap(), Some(done));
    assert_eq!(store.import("i-2").await.unwrap(), Some(second));
    assert_eq!(store.import("i-3").await.unwrap(), None);
}

pub(crate) async fn rows_left_lying_are_blanked_and_the_report_stays(place: Place) {
    let store = &place.store;
    store.bring_import(import("i-1", 10)).await.unwrap();
    store.bring_import(import("i-2", 10 + LEFT_MS)).await.unwrap();
    assert_eq!(store.import("i-1").await.unwrap(), Some(import("i-1", 10)), "a week to the day");
    store.bring_import(import("i-3", 11 + LEFT_MS)).await.unwrap();
    let left = ImportRow { state: "left".to_owned(), rows: String::new(), ..import("i-1", 10) };
    assert_eq!(store.import("i-1").await.unwrap(), Some(left));
    assert_eq!(store.import("i-2").await.unwrap().map(|row| row.state), Some("tried".to_owned()));
}
