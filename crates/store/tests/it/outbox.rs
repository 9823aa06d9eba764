use std::collections::BTreeSet;

use store::{Append, Letter};

use crate::place::Place;
use crate::samples::{one, put};

fn letter(key: &str, to: &str) -> Letter {
    Letter {
        key: key.into(),
        to: to.into(),
        subject: "补正通知".into(),
        body: "请补正。".into(),
        stream: "D1".into(),
    }
}

pub(crate) async fn a_letter_goes_out_once(place: Place) {
    let letters = vec![letter("k2", "unit:U1"), letter("k1", "unit:U1"), letter("k1", "unit:U9")];
    put(&place.store, Append { letters: letters.clone(), ..one("D1", 0) }).await.unwrap();
    put(&place.store, Append { letters, ..one("D1", 1) }).await.unwrap();
    place.store.post(vec![letter("k1", "unit:U1")], 7).await.unwrap();

    let taken = place.store.claim_letters(10, 100, 50).await.unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].letter, letter("k1", "unit:U1"));
    assert_eq!(taken[0].created_ms, 1_780_000_000_000);
    assert_eq!(place.store.claim_letters(10, 149, 50).await.unwrap(), []);
    for posted in taken {
        place.store.letter_done(&posted.letter.key).await.unwrap();
    }
    assert_eq!(place.store.claim_letters(10, i64::MAX, 50).await.unwrap(), []);
    assert_eq!(place.store.letter_counts().await.unwrap(), (0, 0));
}

pub(crate) async fn a_lease_that_ran_out_gives_the_letter_back(place: Place) {
    place.store.post(vec![letter("k1", "a"), letter("k2", "b")], 1).await.unwrap();
    assert_eq!(place.store.claim_letters(1, 100, 50).await.unwrap()[0].tries, 1);
    assert_eq!(place.store.claim_letters(1, 110, 50).await.unwrap()[0].letter.key, "k2");
    let again = place.store.claim_letters(1, 150, 50).await.unwrap();
    assert_eq!((again[0].letter.key.as_str(), again[0].tries), ("k1", 2));
    place.store.letter_failed("k1", "refused", Some(900)).await.unwrap();
    place.store.letter_failed("k2", "no such box", None).await.unwrap();
    assert_eq!(place.store.letter_counts().await.unwrap(), (1, 1));
    assert_eq!(place.store.claim_letters(9, 899, 50).await.unwrap(), []);
    let last = place.store.claim_letters(9, 900, 50).await.unwrap();
    assert_eq!((last.len(), last[0].why.as_deref()), (1, Some("refused")));
}

pub(crate) async fn senders_at_once_take_different_letters(place: Place) {
    let letters = (0..60).map(|n| letter(&format!("k{n}"), "a")).collect();
    place.store.post(letters, 1).await.unwrap();
    let senders: Vec<_> = (0..6)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move { store.claim_letters(10, 100, 50).await.unwrap() })
        })
        .collect();
    let mut keys = BTreeSet::new();
    let mut taken = 0;
    for sender in senders {
        let letters = sender.await.unwrap();
        taken += letters.len();
        keys.extend(letters.into_iter().map(|posted| posted.letter.key));
    }
    assert_eq!(keys.len(), taken, "no letter twice");
}

pub(crate) async fn letters_are_listed_newest_first(place: Place) {
    for number in 0..5 {
        let to = if number == 2 { "b" } else { "a" };
        place.store.post(vec![letter(&format!("k{number}"), to)], number).await.unwrap();
    }
    let page = place.store.letters_to("a", None, 2).await.unwrap();
    let keys: Vec<_> = page.iter().map(|posted| posted.letter.key.as_str()).collect();
    assert_eq!(keys, ["k4", "k3"]);
    let page = place.store.letters_to("a", Some(page[1].id), 9).await.unwrap();
    let keys: Vec<_> = page.iter().map(|posted| posted.letter.key.as_str()).collect();
    assert_eq!(keys, ["k1", "k0"]);
    assert_eq!(place.store.letters("D1", None, 9).await.unwrap().len(), 5);
}
