use std::collections::BTreeSet;

use serde_json::json;
use store::{Append, Appended, CommandKey, Erasure, Recorded, StoreError, canonical};

use crate::place::Place;
use crate::samples::{claiming, entry, keyed, one, put, salts};

pub(crate) async fn entries_come_back_as_they_were_written(place: Place) {
    let payload = json!({
        "contact": { "$personal": "13800000000" },
        "members": [{ "legal": { "$personal": "乌兰" } }, { "share": 0.25 }],
        "empty": {}, "none": null, "zero": 0, "negative": -7,
    });
    let entries = vec![entry("drafted", payload.clone()), entry("signed", json!([]))];
    let appended = put(&place.store, Append { entries, ..one("D1", 0) }).await.unwrap();

    let loaded = place.store.load("D1").await.unwrap();
    let Appended::Done(head) = appended else { panic!("{appended:?}") };
    assert_eq!((head.seq, &head.hash), (2, &loaded[1].hash));
    assert_eq!(place.store.head("D1").await.unwrap(), Some(head));
    assert_eq!(loaded[0].payload, payload);
    assert_eq!(loaded[0].actor, entry("x", json!(null)).actor);
    assert_eq!(loaded[0].clauses, ["第六条"]);
    assert_eq!((loaded[0].index, loaded[0].seq, loaded[1].index), (1, 1, 2));
    assert_eq!((loaded[1].kind.as_str(), loaded[1].day.as_str()), ("signed", "2026-03-04"));
    assert_eq!(place.store.load("D2").await.unwrap(), []);
    assert_eq!(place.store.head("D2").await.unwrap(), None);
    assert_eq!(place.store.verify().await.unwrap().entries, 2);
}

pub(crate) async fn a_stale_decision_is_a_conflict(place: Place) {
    put(&place.store, one("D1", 0)).await.unwrap();
    put(&place.store, one("D1", 1)).await.unwrap();
    // expected    the head that is told
    let table = [(0, 2), (1, 2), (3, 2)];
    for (expected, told) in table {
        let outcome = put(&place.store, one("D1", expected)).await;
        assert!(
            matches!(outcome, Err(StoreError::Conflict { head }) if head == told),
            "{expected}: {outcome:?}"
        );
    }
    let outcome = put(&place.store, one("D9", 1)).await;
    assert!(matches!(outcome, Err(StoreError::Conflict { head: 0 })), "{outcome:?}");
    assert_eq!(place.store.verify().await.unwrap().entries, 2);
}

pub(crate) async fn exactly_one_wins_each_number_of_a_stream(place: Place) {
    const CALLERS: usize = 12;
    for expected in 0..8 {
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let store = place.store.clone();
                tokio::spawn(async move { put(&store, one("D1", expected)).await })
            })
            .collect();
        let mut winners = 0;
        for caller in callers {
            match caller.await.unwrap() {
                Ok(Appended::Done(head)) => {
                    assert_eq!(head.seq, expected + 1);
                    winners += 1;
                }
                Err(StoreError::Conflict { head }) => assert_eq!(head, expected + 1),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(winners, 1, "at {expected}");
    }
    assert_eq!(place.store.verify().await.unwrap().entries, 8);
}

pub(crate) async fn different_streams_all_win_and_indexes_have_no_gap(place: Place) {
    let callers: Vec<_> = (0..40)
        .map(|number| {
            let store = place.store.clone();
            tokio::spawn(async move {
                for expected in 0..5 {
                    put(&store, one(&format!("D{number}"), expected)).await.unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let mut indexes = Vec::new();
    place.store.visit_all(|entry| indexes.push(entry.index)).await.unwrap();
    assert_eq!(indexes, (1..=200).collect::<Vec<_>>());
    assert_eq!(place.store.verify().await.unwrap().entries, 200);
}

pub(crate) async fn the_same_command_gives_the_same_answer(place: Place) {
    let command = keyed(one("D1", 0), "k1", "digest", json!({ "told": ["b", "a"] }));
    assert!(matches!(put(&place.store, command.clone()).await.unwrap(), Appended::Done(_)));
    // The second time it does not matter that the stream has moved on.
    put(&place.store, one("D1", 1)).await.unwrap();
    let again = put(&place.store, command.clone()).await.unwrap();
    assert_eq!(again, Appended::Repeated(json!({ "told": ["b", "a"] })));
    let known = place.store.answered(command.command.unwrap()).await.unwrap();
    assert_eq!(known, Some(json!({ "told": ["b", "a"] })));
    assert_eq!(place.store.head("D1").await.unwrap().unwrap().seq, 2);

    // Keys of different persons never meet.
    let (actor, key, request) = ("P2".to_owned(), "k1".to_owned(), "other".to_owned());
    let other = CommandKey { actor, key, request };
    assert_eq!(place.store.answered(other).await.unwrap(), None);
    assert_eq!(place.store.forget_commands(i64::MAX).await.unwrap(), 1);
}

pub(crate) async fn a_command_many_times_at_once_is_carried_out_once(place: Place) {
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = place.store.clone();
            let command = keyed(one("D1", 0), "k1", "digest", json!("the answer"));
            tokio::spawn(async move { put(&store, command).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for caller in callers {
        match caller.await.unwrap() {
            Appended::Done(_) => done += 1,
            Appended::Repeated(answer) => assert_eq!(answer, json!("the answer")),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(place.store.head("D1").await.unwrap().unwrap().seq, 1);
}

pub(crate) async fn a_key_used_for_another_request_is_refused(place: Place) {
    put(&place.store, keyed(one("D1", 0), "k1", "digest", json!(1))).await.unwrap();
    let outcome = put(&place.store, keyed(one("D2", 0), "k1", "another", json!(2))).await;
    assert!(matches!(outcome, Err(StoreError::KeyReused)), "{outcome:?}");
    assert_eq!(place.store.head("D2").await.unwrap(), None);
}

pub(crate) async fn a_command_that_changes_nothing_has_an_answer(place: Place) {
    let nothing = Append { entries: Vec::new(), ..one("D1", 0) };
    let command = keyed(nothing, "k1", "digest", json!("nothing to do"));
    put(&place.store, command.clone()).await.unwrap();
    assert_eq!(place.store.head("D1").await.unwrap(), None);
    let again = put(&place.store, command).await.unwrap();
    assert_eq!(again, Appended::Repeated(json!("nothing to do")));
    put(&place.store, one("D1", 0)).await.unwrap();
    assert_eq!(place.store.verify().await.unwrap().entries, 1);
}

pub(crate) async fn an_answer_alone_leaves_the_lists_and_is_kept_as_long(place: Place) {
    put(&place.store, claiming(one("D1", 0), "name", "草原", 0)).await.unwrap();
    let before = place.store.dump_projections().await.unwrap();
    let nothing = Append { entries: Vec::new(), at_ms: 5_000, ..one("D1", 1) };
    put(&place.store, keyed(nothing, "k1", "digest", json!(1))).await.unwrap();
    assert_eq!(place.store.dump_projections().await.unwrap(), before);
    assert_eq!(place.store.forget_commands(5_000).await.unwrap(), 0);
    assert_eq!(place.store.forget_commands(5_001).await.unwrap(), 1);
}

pub(crate) async fn a_refused_append_leaves_nothing(place: Place) {
    put(&place.store, claiming(one("D1", 0), "name", "草原", 0)).await.unwrap();
    let before = place.store.dump_projections().await.unwrap();
    let clash = claiming(one("D2", 0), "name", "草原", 0);
    let outcome = put(&place.store, keyed(clash, "k2", "digest", json!(1))).await;
    assert!(matches!(outcome, Err(StoreError::ClaimTaken { .. })), "{outcome:?}");

    assert_eq!(place.store.dump_projections().await.unwrap(), before);
    assert_eq!(place.store.head("D2").await.unwrap(), None);
    assert_eq!(place.store.verify().await.unwrap().entries, 1);
    // The key was not used up either.
    let free = keyed(one("D2", 0), "k2", "digest", json!(1));
    assert!(matches!(put(&place.store, free).await.unwrap(), Appended::Done(_)));
    let loaded = place.store.load("D2").await.unwrap();
    assert_eq!((loaded[0].index, loaded[0].seq), (2, 1));
}

pub(crate) async fn streams_are_listed_by_prefix(place: Place) {
    for stream in ["unit:U2", "unit:U1", "unit:U3", "units", "D1"] {
        put(&place.store, one(stream, 0)).await.unwrap();
    }
    let found = place.store.streams("unit:", None, 2).await.unwrap();
    assert_eq!(found, ["unit:U1", "unit:U2"]);
    let found = place.store.streams("unit:", Some("unit:U2"), 2).await.unwrap();
    assert_eq!(found, ["unit:U3"]);
    assert_eq!(place.store.streams("", None, 100).await.unwrap().len(), 5);
}

pub(crate) async fn every_entry_is_visited_in_order(place: Place) {
    for number in 0..7 {
        let entries = (0..100).map(|n| entry("drafted", json!({ "n": n }))).collect();
        put(&place.store, Append { entries, ..one(&format!("D{number}"), 0) }).await.unwrap();
    }
    let mut seen: Vec<Recorded> = Vec::new();
    place.store.visit_all(|entry| seen.push(entry.clone())).await.unwrap();
    assert_eq!(seen.len(), 700);
    assert!(seen.windows(2).all(|pair| pair[0].index + 1 == pair[1].index));
    assert!(seen.iter().all(|entry| entry.actor["name"]["$personal"] == "额尔敦"));
    assert_eq!(place.store.journal_page(698, 10).await.unwrap(), seen[698..]);
    let hashes: BTreeSet<_> = seen.iter().map(|entry| &entry.hash).collect();
    assert_eq!(hashes.len(), 700);
}

pub(crate) async fn text_is_brought_into_one_form(place: Place) {
    let payload = json!({ "cafe\u{301}": "e\u{301}", "who": { "$personal": "e\u{301}" } });
    let entries = vec![entry("drafted", payload)];
    put(&place.store, Append { entries, ..one("D1", 0) }).await.unwrap();
    let loaded = place.store.load("D1").await.unwrap();
    let composed = json!({ "caf\u{e9}": "\u{e9}", "who": { "$personal": "\u{e9}" } });
    assert_eq!(loaded[0].payload, composed);
    let outcome = put(&place.store, one("De\u{301}", 0)).await;
    assert!(matches!(outcome, Err(StoreError::Malformed(_))), "{outcome:?}");
}

pub(crate) async fn a_number_that_would_change_is_refused(place: Place) {
    let most = 1_i64 << 53;
    for (number, fits) in [(most, true), (-most, true), (most + 1, false), (i64::MIN, false)] {
        let entries = vec![entry("drafted", json!({ "n": number }))];
        let outcome = put(&place.store, Append { entries, ..one(&format!("D{number}"), 0) }).await;
        assert_eq!(outcome.is_ok(), fits, "{number}: {outcome:?}");
    }
}

pub(crate) async fn erasing_keeps_the_journal_verifying(place: Place) {
    for stream in ["D1", "D2"] {
        let payload = json!({ "phone": { "$personal": "13800000000" } });
        let entries = vec![entry("drafted", payload)];
        put(&place.store, Append { entries, ..one(stream, 0) }).await.unwrap();
    }
    let before = place.store.verify().await.unwrap();
    let gone = place.store.erase_personal(Erasure::Stream("D1".into())).await.unwrap();
    assert_eq!(gone, 2);
    assert_eq!(place.store.verify().await.unwrap(), before);

    let erased = place.store.load("D1").await.unwrap();
    assert_eq!(erased[0].payload["phone"]["$personal"], canonical::ERASED);
    assert_eq!(erased[0].actor["name"]["$personal"], canonical::ERASED);
    let kept = place.store.load("D2").await.unwrap();
    assert_eq!(kept[0].payload["phone"]["$personal"], "13800000000");
    // Erasing again finds nothing, and the stream goes on.
    let gone = place.store.erase_personal(Erasure::Stream("D1".into())).await.unwrap();
    assert_eq!(gone, 0);
    put(&place.store, one("D1", 1)).await.unwrap();
    place.store.verify().await.unwrap();
}

pub(crate) async fn one_value_can_be_erased_alone(place: Place) {
    let payload = json!([{ "$personal": "一" }, { "$personal": "二" }]);
    let entries = vec![entry("drafted", payload)];
    place.store.append(Append { entries, ..one("D1", 0) }, salts()).await.unwrap();
    let values = place.store.personal("D1").await.unwrap();
    assert_eq!(values.len(), 3);
    let one = values.iter().find(|value| value.value.as_deref() == Some("一")).unwrap();
    let what = Erasure::Commitment(one.commitment.clone());
    assert_eq!(place.store.erase_personal(what).await.unwrap(), 1);
    let loaded = place.store.load("D1").await.unwrap();
    let expected = json!([{ "$personal": canonical::ERASED }, { "$personal": "二" }]);
    assert_eq!(loaded[0].payload, expected);
    place.store.verify().await.unwrap();
}
