use store::passkeys::OPEN_MAX;
use store::{Challenge, Passkey, Person};

use crate::place::Place;

async fn person(place: &Place, id: &str) {
    let (id, login, name) = (id.to_owned(), id.to_lowercase(), "其其格".to_owned());
    let person = Person { id, login, name, ..Person::default() };
    place.store.save_person(person).await.unwrap();
}

fn passkey(id: &str, person: &str, counter: i64) -> Passkey {
    Passkey {
        id: id.to_owned(),
        person: person.to_owned(),
        public_key: vec![0, 48, 255],
        label: "办公电脑".to_owned(),
        counter,
        synced: true,
        backed_up: false,
        created_ms: 7,
        used_ms: None,
    }
}

pub(crate) async fn a_passkey_has_one_owner_who_names_and_ends_it(place: Place) {
    person(&place, "P1").await;
    person(&place, "P2").await;
    let store = &place.store;
    assert!(store.add_passkey(passkey("k1", "P1", 0)).await.unwrap());
    assert!(!store.add_passkey(passkey("k1", "P2", 0)).await.unwrap(), "it is somebody's");
    assert!(store.add_passkey(passkey("k2", "P1", 0)).await.unwrap());
    assert_eq!(store.passkey("k1").await.unwrap(), Some(passkey("k1", "P1", 0)));
    assert_eq!(store.passkey("k3").await.unwrap(), None);
    let ids = |found: Vec<Passkey>| found.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(store.passkeys("P1").await.unwrap()), ["k1", "k2"]);

    assert!(!store.name_passkey("P2", "k1", "别人").await.unwrap());
    assert!(store.name_passkey("P1", "k1", "手机").await.unwrap());
    assert_eq!(store.passkey("k1").await.unwrap().unwrap().label, "手机");
    assert!(!store.end_passkey("P2", "k1").await.unwrap());
    assert!(store.end_passkey("P1", "k1").await.unwrap());
    assert!(!store.end_passkey("P1", "k1").await.unwrap());
    assert_eq!(ids(store.passkeys("P1").await.unwrap()), ["k2"]);
}

pub(crate) async fn a_count_of_signatures_only_goes_on(place: Place) {
    person(&place, "P1").await;
    let store = &place.store;
    store.add_passkey(passkey("counts", "P1", 5)).await.unwrap();
    store.add_passkey(passkey("never", "P1", 0)).await.unwrap();
    // which, counter told, taken
    let table = [
        ("counts", 5, false),
        ("counts", 4, false),
        ("counts", 0, false),
        ("counts", 6, true),
        ("counts", 6, false),
        ("never", 0, true),
        ("never", 0, true),
        ("never", 1, true),
        ("never", 0, false),
        ("nobody's", 9, false),
    ];
    for (at, (id, counter, taken)) in (100..).zip(table) {
        let used = store.use_passkey(id, counter, true, at).await.unwrap();
        assert_eq!(used, taken, "{id} {counter}");
    }
    let kept = store.passkey("counts").await.unwrap().unwrap();
    assert_eq!((kept.counter, kept.backed_up, kept.used_ms), (6, true, Some(103)));
}

fn challenge(challenge: &str, bearer: &str, purpose: &str, asked_ms: i64) -> Challenge {
    let text = |text: &str| text.to_owned();
    Challenge {
        challenge: text(challenge),
        bearer: text(bearer),
        purpose: text(purpose),
        asked_ms,
        expires_ms: asked_ms + 300_000,
    }
}

pub(crate) async fn a_challenge_is_answered_once_by_whom_it_was_asked(place: Place) {
    let store = &place.store;
    let asked = challenge("c1", "s1", "sign_in", 1);
    store.ask(asked.clone()).await.unwrap();
    for (bearer, purpose) in [("s2", "sign_in"), ("s1", "register"), ("", "")] {
        assert_eq!(store.answer("c1", bearer, purpose).await.unwrap(), None);
    }
    assert_eq!(store.answer("c1", "s1", "sign_in").await.unwrap(), Some(asked));
    assert_eq!(store.answer("c1", "s1", "sign_in").await.unwrap(), None, "once");
}

pub(crate) async fn challenges_do_not_pile_up(place: Place) {
    let store = &place.store;
    for at in 0..=OPEN_MAX {
        store.ask(challenge(&format!("c{at}"), "s1", "sign_in", at)).await.unwrap();
    }
    store.ask(challenge("other", "s2", "sign_in", 0)).await.unwrap();
    assert_eq!(store.answer("c0", "s1", "sign_in").await.unwrap(), None, "the oldest went");
    assert!(store.answer("c1", "s1", "sign_in").await.unwrap().is_some());
    // One that ran out is known as such for an hour.
    let hour = 3_600_000;
    store.ask(challenge("later", "s3", "sign_in", hour + 300_000)).await.unwrap();
    assert!(store.answer("other", "s2", "sign_in").await.unwrap().is_some());
    store.ask(challenge("last", "s3", "sign_in", hour + 300_000 + OPEN_MAX + 1)).await.unwrap();
    assert_eq!(store.answer("c2", "s1", "sign_in").await.unwrap(), None);
}
