use store::drafts::{self, LEFT_MAX};
use store::{DraftField, Section};

use crate::place::Place;
use crate::samples::{line, show, shown};

fn section(part: &str) -> Section {
    Section { dossier: "d-1".into(), part: part.into(), block: String::new() }
}

fn typed(field: &str, value: &str, number: i64) -> DraftField {
    DraftField {
        field: field.into(),
        value: value.into(),
        over: "o".into(),
        hand: "h".into(),
        turn: 1,
        number,
        person: "P1".into(),
        at_ms: 7,
    }
}

pub(crate) async fn a_draft_keeps_each_field_until_it_is_written_for_good(place: Place) {
    let kept = place.store.write(|tx| {
        let goals = section("goals");
        let first = drafts::hold(tx, &goals)?;
        drafts::put(tx, &goals, &typed("goals", "起初", first))?;
        drafts::put(tx, &goals, &typed("goals", "奇异的字\u{1F9EA}\n第二行", first))?;
        let second = drafts::hold(tx, &goals)?;
        assert_eq!((first, second), (1, 2));
        drafts::put(tx, &goals, &typed("indicators.0.name", "循环", second))?;
        drafts::put(tx, &section("work"), &typed("goals", "别的一节", 1))?;
        drafts::changed(tx, &goals, "P1", 9)?;
        drafts::fields(tx, &goals)
    });
    let kept = kept.await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0], typed("goals", "奇异的字\u{1F9EA}\n第二行", 1));
    let left = place.store.write(|tx| {
        assert_eq!(drafts::open_fields(tx, "d-1")?.len(), 2);
        assert_eq!(drafts::settle(tx, &section("goals"), 1)?, 1);
        drafts::fields(tx, &section("goals"))
    });
    assert_eq!(left.await.unwrap(), [typed("indicators.0.name", "循环", 2)]);
}

pub(crate) async fn a_section_is_somebodys_and_shows_who_is_there(place: Place) {
    let (works, there) = place
        .store
        .write(|tx| {
            let goals = section("goals");
            drafts::entrust(tx, &goals, Some("P2"), true, "P1", 5)?;
            drafts::here(tx, &goals, "P1", 10)?;
            drafts::here(tx, &goals, "P2", 20)?;
            drafts::here(tx, &goals, "P2", 30)?;
            Ok((drafts::works(tx, "d-1")?, drafts::present(tx, "d-1", 11)?))
        })
        .await
        .unwrap();
    let (_, work) = &works[0];
    assert_eq!((work.owner.as_deref(), work.later), (Some("P2"), true));
    assert_eq!(there, [(section("goals"), "P2".to_owned(), 30)]);
    let works = place.store.write(|tx| {
        // Whoever writes it does not put it off any longer.
        drafts::changed(tx, &section("goals"), "P2", 40)?;
        drafts::works(tx, "d-1")
    });
    let (_, work) = works.await.unwrap().remove(0);
    assert!(!work.later && work.owner.as_deref() == Some("P2"));
    assert_eq!((work.changed_by.as_deref(), work.changed_ms), (Some("P2"), Some(40)));
}

pub(crate) async fn so_many_texts_are_left_behind_and_the_oldest_goes(place: Place) {
    let left = place.store.write(|tx| {
        for at in 0..=LEFT_MAX {
            drafts::leave(tx, &format!("h{at}"), "/dossiers/d-1/sections/goals", "[]", at)?;
        }
        let last = drafts::left(tx, &format!("h{LEFT_MAX}"))?;
        drafts::take_left(tx, &format!("h{LEFT_MAX}"))?;
        Ok((drafts::left(tx, "h0")?, drafts::left(tx, "h1")?, last))
    });
    let (first, second, last) = left.await.unwrap();
    assert!(first.is_none() && second.is_some() && last.is_some());
    let gone = place.store.forget_drafts(0, LEFT_MAX, &[]).await.unwrap();
    assert_eq!(gone, u64::try_from(LEFT_MAX - 1).unwrap());
}

pub(crate) async fn the_drafts_of_a_dossier_go_when_its_stage_has_none(place: Place) {
    show(&place.store, "D1", shown(line("D1", "2026-01-01", 1), &["department"])).await;
    let stage = place.store.dossier("D1").await.unwrap().unwrap().stage;
    let of = |dossier: &str| Section { dossier: dossier.into(), ..section("goals") };
    let (kept, gone) = (of("D2"), of("D1"));
    let typing = place.store.write(move |tx| {
        drafts::put(tx, &kept, &typed("goals", "甲", 1))?;
        drafts::put(tx, &gone, &typed("goals", "乙", 1))?;
        drafts::changed(tx, &gone, "P1", 1)
    });
    typing.await.unwrap();
    place.store.forget_drafts(0, 0, &["another"]).await.unwrap();
    assert_eq!(place.store.draft_fields(&of("D1")).await.unwrap().len(), 1);
    place.store.forget_drafts(0, 0, &[&stage]).await.unwrap();
    assert_eq!(place.store.draft_fields(&of("D1")).await.unwrap().len(), 0);
    assert_eq!(place.store.draft_fields(&of("D2")).await.unwrap().len(), 1);
}
