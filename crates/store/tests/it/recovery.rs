use store::recovery::{self, Case, Kind, Reset};

use crate::place::Place;

async fn somebody(place: &Place, id: &str) {
    let person = store::Person { id: id.into(), login: id.into(), ..store::Person::default() };
    place.store.save_person(person).await.unwrap();
}

pub(crate) async fn a_reset_is_looked_at_often_and_used_once(place: Place) {
    somebody(&place, "P1").await;
    let made = |hash: &str| Reset {
        person: "P1".into(),
        hash: hash.into(),
        made_by: "P2".into(),
        made_ms: 1,
        opens_ms: 2,
        expires_ms: 9,
    };
    place.store.save_reset(made("a")).await.unwrap();
    place.store.save_reset(made("b")).await.unwrap();
    assert_eq!(place.store.reset("a").await.unwrap(), None);
    for _ in 0..2 {
        assert_eq!(place.store.reset("b").await.unwrap(), Some(made("b")));
    }
    let spend = || place.store.write(|tx| recovery::use_reset(tx, "b"));
    assert!(spend().await.unwrap());
    assert!(!spend().await.unwrap());
    place.store.save_reset(made("c")).await.unwrap();
    place.store.write(|tx| recovery::drop_reset(tx, "P1")).await.unwrap();
    assert_eq!(place.store.reset("c").await.unwrap(), None);
}

pub(crate) async fn a_case_is_confirmed_once_and_ends_once(place: Place) {
    somebody(&place, "P1").await;
    let asked = |id: &str, kind| Case {
        id: id.into(),
        kind,
        person: "P1".into(),
        asked_by: (kind == Kind::Password).then(|| "P9".into()),
        unit: (kind == Kind::Password).then(|| "U1".into()),
        reason: "手机丢失".into(),
        asked_ms: 3,
        ..Case::default()
    };
    let ask = |id: &str, kind| {
        let case = asked(id, kind);
        place.store.write(move |tx| recovery::ask(tx, &case))
    };
    assert!(ask("L1", Kind::Factor).await.unwrap());
    assert!(!ask("L2", Kind::Factor).await.unwrap(), "one at a time");
    assert!(ask("L4", Kind::Password).await.unwrap(), "but one of each kind");
    assert!(!ask("L5", Kind::Password).await.unwrap());
    let confirm = |by: &'static str| {
        place.store.write(move |tx| recovery::confirm(tx, "L1", (by, "当面核对"), (4, 7)))
    };
    assert!(confirm("P2").await.unwrap());
    assert!(!confirm("P3").await.unwrap());
    let open = place.store.open_case("P1", Kind::Factor).await.unwrap().unwrap();
    assert_eq!((open.confirmed_by.as_deref(), open.opens_ms), (Some("P2"), Some(7)));
    let other = place.store.open_case("P1", Kind::Password).await.unwrap().unwrap();
    assert_eq!(other, asked("L4", Kind::Password));
    let both = [open, other];
    assert_eq!(place.store.open_cases().await.unwrap(), both);
    assert_eq!(place.store.cases_of("P1").await.unwrap(), both);
    assert_eq!(place.store.cases_of("P2").await.unwrap(), []);
    let end = || place.store.write(|tx| recovery::end(tx, "L1", "stopped", 8));
    assert!(end().await.unwrap());
    assert!(!end().await.unwrap());
    assert!(!confirm("P2").await.unwrap());
    assert_eq!(place.store.open_case("P1", Kind::Factor).await.unwrap(), None);
    assert!(ask("L3", Kind::Factor).await.unwrap());
    let stopped = |person: &'static str, kind| {
        place.store.read(move |tx| recovery::stopped_ms(tx, person, kind))
    };
    assert_eq!(stopped("P1", Kind::Factor).await.unwrap(), Some(8));
    assert_eq!(stopped("P1", Kind::Password).await.unwrap(), None);
    // A link that was opened long ago and not used is over; what waits is not.
    let late = |before| place.store.write(move |tx| recovery::end_late(tx, before, 99));
    assert_eq!(late(50).await.unwrap(), 0);
    let open = |tx: &mut dyn store::Tx| recovery::confirm(tx, "L4", ("P2", "当面核对"), (9, 20));
    assert!(place.store.write(open).await.unwrap());
    assert_eq!(place.store.case("L4").await.unwrap().unwrap().opens_ms, Some(20));
    assert_eq!((late(19).await.unwrap(), late(20).await.unwrap()), (0, 1));
    assert_eq!(place.store.case("L4").await.unwrap(), None);
}
