use store::factors::{self, Logged};

use crate::place::Place;

async fn somebody(place: &Place, id: &str) {
    let person = store::Person { id: id.into(), login: id.into(), ..store::Person::default() };
    place.store.save_person(person).await.unwrap();
}

pub(crate) async fn a_step_is_used_once_and_none_before_it(place: Place) {
    somebody(&place, "P1").await;
    assert!(!place.store.use_step("P1", 5).await.unwrap());
    place.store.offer_totp("P1", vec![0, 255], 7).await.unwrap();
    assert!(!place.store.use_step("P1", 5).await.unwrap(), "nothing is bound yet");
    let bind = |seed: Vec<u8>, step: i64| {
        place.store.write(move |tx| factors::bind_totp(tx, "P1", &seed, (step, 9)))
    };
    assert!(!bind(vec![1], 5).await.unwrap());
    assert!(bind(vec![0, 255], 5).await.unwrap());
    assert!(!bind(vec![0, 255], 6).await.unwrap(), "an offer is taken once");
    for (step, taken) in [(5, false), (4, false), (6, true), (6, false), (7, true)] {
        assert_eq!(place.store.use_step("P1", step).await.unwrap(), taken, "{step}");
    }
    // Another seed is offered while this one stays in force.
    place.store.offer_totp("P1", vec![2], 11).await.unwrap();
    let totp = place.store.totp("P1").await.unwrap().unwrap();
    assert_eq!((totp.seed, totp.bound_ms, totp.used_step), (Some(vec![0, 255]), Some(9), 7));
    assert_eq!((totp.offered, totp.offered_ms), (Some(vec![2]), Some(11)));
    place.store.write(|tx| factors::drop_factors(tx, "P1")).await.unwrap();
    assert_eq!(place.store.totp("P1").await.unwrap(), None);
}

pub(crate) async fn a_recovery_code_is_used_once(place: Place) {
    somebody(&place, "P1").await;
    somebody(&place, "P2").await;
    let replace = |hashes: &[&str]| {
        let hashes: Vec<String> = hashes.iter().map(|&hash| hash.to_owned()).collect();
        place.store.write(move |tx| factors::replace_codes(tx, "P1", &hashes, 1))
    };
    replace(&["a", "b"]).await.unwrap();
    assert_eq!(place.store.codes_left("P1").await.unwrap(), 2);
    assert!(!place.store.use_code("P2", "a", 2).await.unwrap());
    assert!(place.store.use_code("P1", "a", 2).await.unwrap());
    assert!(!place.store.use_code("P1", "a", 3).await.unwrap());
    assert_eq!(place.store.codes_left("P1").await.unwrap(), 1);
    replace(&["c"]).await.unwrap();
    assert!(!place.store.use_code("P1", "b", 4).await.unwrap());
    assert_eq!(place.store.codes_left("P1").await.unwrap(), 1);
}

pub(crate) async fn the_security_log_is_only_added_to(place: Place) {
    somebody(&place, "P1").await;
    for (id, at_ms) in [("l1", 5), ("l2", 7), ("l3", 7)] {
        let line = Logged {
            id: id.into(),
            person: "P1".into(),
            at_ms,
            kind: "signed_in".into(),
            detail: "Windows · Edge".into(),
            made_by: "P1".into(),
        };
        place.store.log_security(line).await.unwrap();
    }
    let lines = place.store.security_log("P1", 2).await.unwrap();
    let ids: Vec<_> = lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["l3", "l2"]);
    assert!(place.sql(&["UPDATE security_log SET kind = 'x'"]).await.is_err());
    assert!(place.sql(&["DELETE FROM security_log"]).await.is_err());
    assert_eq!(place.store.security_log("P1", 10).await.unwrap().len(), 3);
}
