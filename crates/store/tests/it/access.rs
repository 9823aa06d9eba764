use store::{Person, Post, Session, StoreError, Token};

use crate::place::Place;

fn person(id: &str, login: &str) -> Person {
    let (id, login, name) = (id.into(), login.into(), "其其格".into());
    Person { id, login, name, password_hash: None, created_ms: 1, disabled: false }
}

fn session(hash: &str, seen_ms: i64) -> Session {
    Session {
        hash: hash.into(),
        person: "P1".into(),
        post: None,
        csrf: "c".into(),
        created_ms: 1,
        seen_ms,
        expires_ms: 1000,
        label: "Firefox".into(),
        strength: "two_factor".into(),
        proved_with: "totp".into(),
        proved_ms: 7,
    }
}

pub(crate) async fn a_login_has_no_case_and_one_owner(place: Place) {
    place.store.save_person(person("P1", "Qiqige ")).await.unwrap();
    let found = place.store.person_by_login("qiQIGE").await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.login.as_str()), ("P1", "qiqige"));
    let outcome = place.store.save_person(person("P2", "QIQIGE")).await;
    assert!(matches!(outcome, Err(StoreError::Database { .. })), "{outcome:?}");

    let closed = Person { disabled: true, password_hash: Some("h".into()), ..found };
    place.store.save_person(closed.clone()).await.unwrap();
    assert_eq!(place.store.person("P1").await.unwrap(), Some(closed));
    assert_eq!(place.store.person("P2").await.unwrap(), None);
    place.store.save_person(person("P2", "bater")).await.unwrap();
    assert_eq!(place.store.persons(Some("bater"), 10).await.unwrap().len(), 1);
}

pub(crate) async fn posts_are_listed_by_person_and_by_side_and_end(place: Place) {
    place.store.save_person(person("P1", "a")).await.unwrap();
    let post = |id: &str, side: &str, from: &str| Post {
        id: id.into(),
        person: "P1".into(),
        side: side.into(),
        capacity: "handler".into(),
        from: from.into(),
        to: None,
    };
    place.store.save_post(post("O2", "unit:U1", "2026-02-01")).await.unwrap();
    place.store.save_post(post("O1", "unit:U1", "2026-03-01")).await.unwrap();
    place.store.save_post(post("O3", "department", "2026-01-01")).await.unwrap();
    place.store.end_post("O2", "2026-06-30").await.unwrap();
    let of = place.store.posts_of("unit:U1").await.unwrap();
    let found: Vec<_> = of.iter().map(|post| (post.id.as_str(), post.to.as_deref())).collect();
    assert_eq!(found, [("O2", Some("2026-06-30")), ("O1", None)]);
    assert_eq!(place.store.posts("P1").await.unwrap().len(), 3);
    assert_eq!(place.store.post_by_id("O3").await.unwrap().unwrap().side, "department");
}

pub(crate) async fn sessions_are_touched_listed_and_ended(place: Place) {
    place.store.save_person(person("P1", "a")).await.unwrap();
    for (hash, seen_ms) in [("h1", 1), ("h2", 2), ("h3", 3)] {
        place.store.save_session(session(hash, seen_ms)).await.unwrap();
    }
    place.store.touch_session("h1", 9).await.unwrap();
    place.store.touch_session("h1", 5).await.unwrap();
    let chosen = Session { post: Some("O1".into()), ..session("h2", 2) };
    place.store.save_session(chosen.clone()).await.unwrap();
    assert_eq!(place.store.session("h2").await.unwrap(), Some(chosen));
    let listed = place.store.sessions("P1").await.unwrap();
    let found: Vec<_> = listed.iter().map(|s| (s.hash.as_str(), s.seen_ms)).collect();
    assert_eq!(found, [("h1", 9), ("h3", 3), ("h2", 2)]);

    let renewed = Session { strength: "passkey".into(), proved_ms: 8, ..session("h4", 3) };
    assert!(place.store.renew_session("h3", renewed.clone()).await.unwrap());
    assert_eq!(place.store.session("h3").await.unwrap(), None);
    assert_eq!(place.store.session("h4").await.unwrap(), Some(renewed));
    // What ended does not come back, neither renewed nor with another post.
    assert!(!place.store.renew_session("h3", session("h5", 3)).await.unwrap());
    place.store.choose_post("h3", "O1").await.unwrap();
    place.store.choose_post("h4", "O1").await.unwrap();
    assert_eq!(place.store.session("h3").await.unwrap(), None);
    assert_eq!(place.store.session("h4").await.unwrap().unwrap().post.as_deref(), Some("O1"));

    place.store.end_session("h4").await.unwrap();
    assert_eq!(place.store.session("h4").await.unwrap(), None);
    assert_eq!(place.store.end_sessions("P1", Some("h1")).await.unwrap(), 1);
    assert_eq!(place.store.sweep_access(1001).await.unwrap(), 1);
    assert_eq!(place.store.sessions("P1").await.unwrap(), []);
}

pub(crate) async fn tokens_come_and_go(place: Place) {
    place.store.save_person(person("P1", "a")).await.unwrap();
    let token = Token {
        hash: "t1".into(),
        person: "P1".into(),
        post: "O1".into(),
        label: "台账同步".into(),
        created_ms: 1,
        expires_ms: 100,
        strength: "two_factor".into(),
        proved_with: "totp".into(),
        proved_ms: 7,
    };
    place.store.save_token(token.clone()).await.unwrap();
    assert_eq!(place.store.token("t1").await.unwrap(), Some(token.clone()));
    assert_eq!(place.store.tokens("P1").await.unwrap(), [token]);
    place.store.prove_token("t1", "passkey", "passkey", 9).await.unwrap();
    let proved = place.store.token("t1").await.unwrap().unwrap();
    assert_eq!((proved.strength.as_str(), proved.proved_ms), ("passkey", 9));
    place.store.end_token("t1").await.unwrap();
    assert_eq!(place.store.token("t1").await.unwrap(), None);
}

pub(crate) async fn attempts_are_counted_since_an_instant(place: Place) {
    const DAY: i64 = 86_400_000;
    for at in [DAY, DAY + 10, DAY + 20] {
        place.store.attempt("login:a", at).await.unwrap();
    }
    place.store.attempt("login:b", DAY).await.unwrap();
    assert_eq!(place.store.attempts("login:a", DAY + 10).await.unwrap(), 2);
    place.store.clear_attempts("login:a").await.unwrap();
    assert_eq!(place.store.attempts("login:a", 0).await.unwrap(), 0);
    // After a day an attempt is forgotten.
    place.store.attempt("login:a", 2 * DAY + 1).await.unwrap();
    assert_eq!(place.store.attempts("login:b", 0).await.unwrap(), 0);
}

pub(crate) async fn a_setting_is_replaced(place: Place) {
    assert_eq!(place.store.setting("site").await.unwrap(), None);
    place.store.set_setting("site", "一").await.unwrap();
    place.store.set_setting("site", "二").await.unwrap();
    assert_eq!(place.store.setting("site").await.unwrap().as_deref(), Some("二"));
}

pub(crate) async fn what_is_set_once_is_the_same_for_all_who_ask_at_once(place: Place) {
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..16 {
        let store = place.store.clone();
        asking.spawn(async move { store.set_once("secret", &format!("{number}")).await.unwrap() });
    }
    let told: std::collections::BTreeSet<String> = asking.join_all().await.into_iter().collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let kept = place.store.setting("secret").await.unwrap();
    assert_eq!(kept.as_ref(), told.first());
    assert_eq!(place.store.set_once("secret", "another").await.unwrap(), kept.unwrap());
}
