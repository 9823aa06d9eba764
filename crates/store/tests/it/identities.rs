use store::identities::{OPEN_MAX, end_unclaimed, link_identity, unlink_identity};
use store::{Errand, Identity, Person, Unclaimed};

use crate::place::Place;

const ISSUER: &str = "https://id.example";

async fn person(place: &Place, id: &str) {
    let (id, login, name) = (id.to_owned(), id.to_lowercase(), "其其格".to_owned());
    let person = Person { id, login, name, ..Person::default() };
    place.store.save_person(person).await.unwrap();
}

fn identity(id: &str, issuer: &str, subject: &str, person: &str) -> Identity {
    let text = str::to_owned;
    let (id, issuer, subject, person) = (text(id), text(issuer), text(subject), text(person));
    Identity { id, issuer, subject, person, linked_ms: 7, used_ms: None }
}

pub(crate) async fn an_identity_is_one_accounts_alone(place: Place) {
    person(&place, "P1").await;
    person(&place, "P2").await;
    let store = &place.store;
    // id, issuer, subject, person, whether it is linked
    let table = [
        ("i1", ISSUER, "s1", "P1", true),
        ("i1", ISSUER, "s1", "P2", false),
        ("i2", ISSUER, "s1", "P2", false),
        ("i1", ISSUER, "s2", "P2", false),
        // The same subject at another issuer is somebody else.
        ("i3", "https://other.example", "s1", "P2", true),
        ("i4", ISSUER, "S1", "P2", true),
    ];
    for (id, issuer, subject, person, linked) in table {
        let new = identity(id, issuer, subject, person);
        let write = store.write(move |tx| link_identity(tx, &new)).await.unwrap();
        assert_eq!(write, linked, "{id} {subject} {person}");
    }
    let found = store.identity(ISSUER, "s1").await.unwrap();
    assert_eq!(found, Some(identity("i1", ISSUER, "s1", "P1")));
    assert_eq!(store.identity(ISSUER, "s9").await.unwrap(), None);
    store.use_identity("i1", 9).await.unwrap();
    assert_eq!(store.identities("P1").await.unwrap()[0].used_ms, Some(9));
    let ids: Vec<_> = store.identities("P2").await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["i3", "i4"]);
    for (person, gone) in [("P2", false), ("P1", true), ("P1", false)] {
        let write = store.write(move |tx| unlink_identity(tx, person, "i1")).await.unwrap();
        assert_eq!(write, gone, "{person}");
    }
    assert_eq!(store.identities("P1").await.unwrap(), []);
}

fn errand(state: &str, bearer: &str, begun_ms: i64) -> Errand {
    Errand {
        state: state.to_owned(),
        bearer: bearer.to_owned(),
        purpose: "sign_in".to_owned(),
        next: "/home".to_owned(),
        begun_ms,
        expires_ms: begun_ms + 600_000,
    }
}

pub(crate) async fn an_errand_comes_back_once_to_whoever_was_sent(place: Place) {
    let store = &place.store;
    for (state, bearer) in [("e1", "browser"), ("e2", "session")] {
        store.send(errand(state, bearer, 1)).await.unwrap();
        for other in [("other", "another"), ("", ""), (state, state)] {
            assert_eq!(store.come_back(state, other).await.unwrap(), None);
        }
        let own = ("browser", "session");
        assert_eq!(store.come_back("e9", own).await.unwrap(), None);
        assert_eq!(store.come_back(state, own).await.unwrap(), Some(errand(state, bearer, 1)));
        assert_eq!(store.come_back(state, own).await.unwrap(), None, "once");
    }
}

pub(crate) async fn errands_do_not_pile_up(place: Place) {
    let store = &place.store;
    for at in 0..=OPEN_MAX {
        store.send(errand(&format!("e{at}"), "b1", at)).await.unwrap();
    }
    store.send(errand("other", "b2", 0)).await.unwrap();
    assert_eq!(store.come_back("e0", ("b1", "")).await.unwrap(), None, "the oldest went");
    assert!(store.come_back("e1", ("b1", "")).await.unwrap().is_some());
    // One that ran out is known as such for an hour.
    let hour = 3_600_000;
    store.send(errand("later", "b3", hour + 600_000)).await.unwrap();
    assert!(store.come_back("other", ("b2", "")).await.unwrap().is_some());
    store.send(errand("last", "b3", hour + 600_000 + OPEN_MAX + 1)).await.unwrap();
    assert_eq!(store.come_back("e2", ("b1", "")).await.unwrap(), None);
}

pub(crate) async fn what_nobody_claimed_waits_for_its_browser_alone(place: Place) {
    let store = &place.store;
    let found = |bearer: &str, subject: &str, expires_ms: i64| Unclaimed {
        bearer: bearer.to_owned(),
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        expires_ms,
    };
    store.keep_unclaimed(found("b1", "s1", 10), 1).await.unwrap();
    store.keep_unclaimed(found("b1", "s2", 11), 2).await.unwrap();
    store.keep_unclaimed(found("b2", "s3", 12), 11).await.unwrap();
    assert_eq!(store.unclaimed("b1").await.unwrap(), Some(found("b1", "s2", 11)), "the last one");
    assert_eq!(store.unclaimed("b9").await.unwrap(), None);
    store.write(|tx| end_unclaimed(tx, "b2")).await.unwrap();
    assert_eq!(store.unclaimed("b2").await.unwrap(), None);
    store.keep_unclaimed(found("b3", "s4", 20), 12).await.unwrap();
    assert_eq!(store.unclaimed("b1").await.unwrap(), None, "it ran out");
}
