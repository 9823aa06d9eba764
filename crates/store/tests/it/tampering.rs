use serde_json::json;
use store::{Append, Fault, StoreError};

use crate::place::Place;
use crate::samples::{entry, one, put};

/// Three streams of two entries each, in turns: D0 has 1 and 4, D1 has 2 and 5, D2 has 3 and 6.
async fn six_entries(place: &Place) {
    for expected in 0..2 {
        for stream in ["D0", "D1", "D2"] {
            let payload = json!({ "phone": { "$personal": "13800000000" }, "amount": 100 });
            let entries = vec![entry("drafted", payload)];
            put(&place.store, Append { entries, ..one(stream, expected) }).await.unwrap();
        }
    }
    assert_eq!(place.store.verify().await.unwrap().entries, 6);
}

async fn fault(place: &Place, change: &'static str) -> Fault {
    six_entries(place).await;
    place.disarm().await;
    place.sql(Box::leak(Box::new([change]))).await.unwrap();
    match place.store.verify().await {
        Err(StoreError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn the_journal_refuses_to_be_changed(place: Place) {
    six_entries(&place).await;
    let refused: &[&[&str]] = &[
        &["UPDATE journal SET kind = 'forged' WHERE idx = 2"],
        &["DELETE FROM journal WHERE idx = 6"],
        &["DELETE FROM journal"],
        &["INSERT INTO journal SELECT * FROM journal WHERE idx = 2"],
    ];
    for statements in refused {
        assert!(place.sql(statements).await.is_err(), "{statements:?}");
    }
    let engine: &[&str] = match place.location {
        store::Location::Postgres { .. } => &["TRUNCATE journal"],
        _ => &["INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE idx = 2"],
    };
    assert!(place.sql(Box::leak(Box::new(engine))).await.is_err());
    assert_eq!(place.store.verify().await.unwrap().entries, 6);
}

pub(crate) async fn a_changed_body_is_found(place: Place) {
    let fault = fault(
        &place,
        "UPDATE journal SET body = (SELECT body FROM journal WHERE idx = 3) WHERE idx = 4",
    )
    .await;
    assert_eq!((fault.index, fault.stream.as_str()), (4, "D0"), "{fault}");
}

pub(crate) async fn a_changed_column_is_found(place: Place) {
    let fault = fault(&place, "UPDATE journal SET kind = 'decided' WHERE idx = 5").await;
    assert_eq!((fault.index, fault.stream.as_str()), (5, "D1"), "{fault}");
}

pub(crate) async fn a_missing_entry_is_found(place: Place) {
    let fault = fault(&place, "DELETE FROM journal WHERE idx = 2").await;
    assert_eq!(fault.index, 3, "{fault}");
}

pub(crate) async fn an_entry_cut_off_at_the_end_is_found(place: Place) {
    let fault = fault(&place, "DELETE FROM journal WHERE idx = 6").await;
    assert_eq!(fault.index, 5, "{fault}");
}

pub(crate) async fn a_changed_value_about_a_person_is_found(place: Place) {
    let fault =
        fault(&place, "UPDATE personal SET value = '13900000000' WHERE stream = 'D2' AND seq = 1")
            .await;
    assert_eq!((fault.index, fault.stream.as_str()), (3, "D2"), "{fault}");
}

pub(crate) async fn a_vanished_value_about_a_person_is_found(place: Place) {
    let fault = fault(&place, "DELETE FROM personal WHERE stream = 'D1' AND seq = 2").await;
    assert_eq!((fault.index, fault.stream.as_str()), (5, "D1"), "{fault}");
}
