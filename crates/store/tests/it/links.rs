use store::{Append, HandedOver, Linked, Opens, Person, Post, Section, StoreError};

use crate::place::Place;
use crate::samples::{line, one, put, show, shown};

fn person(id: &str, login: &str) -> Person {
    let (id, login, name) = (id.into(), login.into(), "其其格".into());
    Person { id, login, name, password_hash: Some("h".into()), created_ms: 1, disabled: false }
}

fn post(id: &str, person: &str, to: Option<&str>) -> Post {
    Post {
        id: id.into(),
        person: person.into(),
        side: "unit:U1".into(),
        capacity: "handler".into(),
        from: "2026-03-02".into(),
        to: to.map(Into::into),
    }
}

fn opens(hash: &str, no: u32) -> Linked {
    let opens = Some(Opens { hash: hash.into(), no, created_ms: 5 });
    Linked { opens, ..Linked::default() }
}

fn linking(expected: u64, linked: Linked) -> Append {
    Append { linked, ..one("U1", expected) }
}

pub(crate) async fn accounts_and_posts_come_with_their_events_or_not_at_all(place: Place) {
    let linked = Linked {
        persons: vec![person("P1", "qiqige")],
        posts: vec![post("U1.001", "P1", None)],
        ..Linked::default()
    };
    put(&place.store, linking(0, linked)).await.unwrap();
    assert_eq!(place.store.posts_of("unit:U1").await.unwrap(), [post("U1.001", "P1", None)]);
    // A login that is somebody's: neither the event nor the post is there.
    let taken = Linked {
        persons: vec![person("P2", "QIQIGE")],
        posts: vec![post("U1.002", "P2", None)],
        ..Linked::default()
    };
    let outcome = put(&place.store, linking(1, taken)).await;
    assert!(
        matches!(&outcome, Err(StoreError::ClaimTaken { kind, by, .. }) if kind == "login" && by == "P1"),
        "{outcome:?}"
    );
    assert_eq!(place.store.load("U1").await.unwrap().len(), 1);
    assert_eq!(place.store.posts_of("unit:U1").await.unwrap().len(), 1);
    // An account that is there keeps what it has; a post stands as it was last written.
    let again = Linked {
        persons: vec![Person { password_hash: None, ..person("P1", "another") }],
        posts: vec![post("U1.001", "P1", Some("2026-06-30"))],
        ..Linked::default()
    };
    put(&place.store, linking(1, again)).await.unwrap();
    let kept = place.store.person("P1").await.unwrap().unwrap();
    assert_eq!((kept.login.as_str(), kept.password_hash.as_deref()), ("qiqige", Some("h")));
    let posts = place.store.posts_of("unit:U1").await.unwrap();
    assert_eq!(posts, [post("U1.001", "P1", Some("2026-06-30"))]);
}

pub(crate) async fn one_link_opens_an_invitation_and_the_next_takes_its_place(place: Place) {
    put(&place.store, linking(0, opens("h1", 1))).await.unwrap();
    put(&place.store, linking(1, opens("h2", 2))).await.unwrap();
    put(&place.store, linking(2, opens("h3", 1))).await.unwrap();
    let opened = |hash: &'static str| place.store.invitation(hash);
    assert_eq!(opened("h1").await.unwrap(), None);
    assert_eq!(opened("h2").await.unwrap(), Some(("U1".into(), 2)));
    assert_eq!(opened("h3").await.unwrap(), Some(("U1".into(), 1)));
    assert_eq!(opened("").await.unwrap(), None);
}

pub(crate) async fn what_one_saw_to_passes_on_in_the_dossiers_of_the_unit_alone(place: Place) {
    show(&place.store, "D1", shown(line("D1", "2026-01-01", 1), &["unit:U1"])).await;
    show(&place.store, "D2", shown(line("D2", "2026-01-01", 2), &["unit:U2"])).await;
    let section = |dossier: &str| Section {
        dossier: dossier.into(),
        part: "goals".into(),
        block: String::new(),
    };
    let (own, others) = (section("D1"), section("D2"));
    let write = place.store.write(move |tx| {
        for section in [&own, &others] {
            store::drafts::entrust(tx, section, Some("person:P1"), false, "P9", 1)?;
        }
        Ok(())
    });
    write.await.unwrap();
    let handed = HandedOver { side: "unit:U1".into(), from: "P1".into(), to: "P2".into() };
    let linked = Linked { handed: vec![handed], ..Linked::default() };
    put(&place.store, linking(0, linked)).await.unwrap();
    for (dossier, owner) in [("D1", "person:P2"), ("D2", "person:P1")] {
        let works = place.store.read(move |tx| store::drafts::works(tx, dossier)).await.unwrap();
        assert_eq!(works[0].1.owner.as_deref(), Some(owner), "{dossier}");
    }
}
