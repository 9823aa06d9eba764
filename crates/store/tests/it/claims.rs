use store::StoreError;

use crate::place::Place;
use crate::samples::{claiming, one, put};

pub(crate) async fn one_of_many_gets_a_value_and_the_others_learn_who(place: Place) {
    let callers: Vec<_> = (0..16)
        .map(|number| {
            let store = place.store.clone();
            let stream = format!("D{number}");
            let append = claiming(one(&stream, 0), "receipt", "受2026-0001", 1);
            tokio::spawn(async move { (stream, put(&store, append).await) })
        })
        .collect();
    let (mut winners, mut losers) = (Vec::new(), Vec::new());
    for caller in callers {
        match caller.await.unwrap() {
            (stream, Ok(_)) => winners.push(stream),
            (_, Err(StoreError::ClaimTaken { kind, value, by })) => {
                assert_eq!((kind.as_str(), value.as_str()), ("receipt", "受2026-0001"));
                losers.push(by);
            }
            (_, other) => panic!("{other:?}"),
        }
    }
    assert_eq!((winners.len(), losers.len()), (1, 15));
    assert!(losers.iter().all(|by| *by == winners[0]));
    let by = place.store.claimed("receipt", "受2026-0001").await.unwrap();
    assert_eq!(by.as_deref(), Some(winners[0].as_str()));
}

pub(crate) async fn a_claim_no_longer_listed_is_free(place: Place) {
    put(&place.store, claiming(one("D1", 0), "name", "草原", 0)).await.unwrap();
    put(&place.store, claiming(one("D1", 1), "name", "草原", 0)).await.unwrap();
    put(&place.store, claiming(one("D1", 2), "name", "戈壁", 0)).await.unwrap();
    put(&place.store, claiming(one("D2", 0), "name", "草原", 0)).await.unwrap();
    assert_eq!(place.store.claimed("name", "草原").await.unwrap().as_deref(), Some("D2"));
    assert_eq!(place.store.claimed("name", "戈壁").await.unwrap().as_deref(), Some("D1"));
    assert_eq!(place.store.claimed("code", "草原").await.unwrap(), None);
}

pub(crate) async fn the_highest_number_and_the_list_of_a_kind(place: Place) {
    assert_eq!(place.store.highest("filing/2026").await.unwrap(), 0);
    for (stream, number) in [("D1", 2), ("D2", 10), ("D3", 1)] {
        let value = format!("备{number}");
        put(&place.store, claiming(one(stream, 0), "filing/2026", &value, number)).await.unwrap();
    }
    assert_eq!(place.store.highest("filing/2026").await.unwrap(), 10);
    assert_eq!(place.store.highest("filing/2025").await.unwrap(), 0);
    let rows = place.store.claims("filing/2026").await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.value.as_str(), row.ordinal)).collect();
    assert_eq!(found, [("备1", 1), ("备2", 2), ("备10", 10)]);
    // A number that only changes its place is still held.
    put(&place.store, claiming(one("D1", 1), "filing/2026", "备2", 11)).await.unwrap();
    assert_eq!(place.store.highest("filing/2026").await.unwrap(), 11);
}
