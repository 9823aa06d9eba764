use store::recovery::{self, Loss, Reset};

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
}

pub(crate) async fn a_loss_is_confirmed_once_and_ends_once(place: Place) {
    somebody(&place, "P1").await;
    let asked = |id: &str| Loss {
        id: id.into(),
        person: "P1".into(),
        reason: "手机丢失".into(),
        asked_ms: 3,
        ..Loss::default()
    };
    let ask = |id: &str| {
        let loss = asked(id);
        place.store.write(move |tx| recovery::ask_loss(tx, &loss))
    };
    assert!(ask("L1").await.unwrap());
    assert!(!ask("L2").await.unwrap(), "one at a time");
    let confirm = |by: &'static str| {
        place.store.write(move |tx| recovery::confirm_loss(tx, "L1", (by, "当面核对"), (4, 7)))
    };
    assert!(confirm("P2").await.unwrap());
    assert!(!confirm("P3").await.unwrap());
    let open = place.store.open_loss("P1").await.unwrap().unwrap();
    assert_eq!((open.confirmed_by.as_deref(), open.opens_ms), (Some("P2"), Some(7)));
    assert_eq!(place.store.open_losses().await.unwrap(), [open]);
    let end = || place.store.write(|tx| recovery::end_loss(tx, "L1", "stopped", 8));
    assert!(end().await.unwrap());
    assert!(!end().await.unwrap());
    assert!(!confirm("P2").await.unwrap());
    assert_eq!(place.store.open_loss("P1").await.unwrap(), None);
    assert!(ask("L3").await.unwrap());
}
