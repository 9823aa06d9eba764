use serde_json::json;
use store::{Append, Claim, Projection, Recorded, StoreError, UnitRow};

use crate::place::Place;
use crate::samples::{line, one, put, show, shown, task};

fn rich(stream: &str, turn: u64) -> Projection {
    Projection {
        tasks: vec![
            task("sign", "unit:U1/handler", Some("2026-05-01")),
            task(&format!("t{turn}"), "department/reviewer", None),
        ],
        claims: vec![Claim { kind: "name".into(), value: format!("{stream}-{turn}"), ordinal: 3 }],
        public_text: format!("稀土新材料{turn}"),
        office_text: format!("内部意见{turn}"),
        tallies: vec!["all".into(), format!("turn/{turn}")],
        ..shown(
            line(stream, "2026-05-01", i64::try_from(turn).unwrap()),
            &["department", "unit:U1"],
        )
    }
}

pub(crate) async fn each_part_replaces_what_stood_there(place: Place) {
    for turn in 0..3 {
        let append = Append { projection: rich("D1", turn), ..one("D1", turn) };
        put(&place.store, append).await.unwrap();
    }
    let row = place.store.dossier("D1").await.unwrap().unwrap();
    assert_eq!(row, line("D1", "2026-05-01", 2));
    assert_eq!(place.store.readers("D1").await.unwrap(), ["department", "unit:U1"]);
    let tasks = place.store.tasks_of("D1").await.unwrap();
    assert_eq!(tasks, rich("D1", 2).tasks);
    assert_eq!(place.store.claims("name").await.unwrap().len(), 1);
    assert_eq!(place.store.search("department", "内部意见0", 9).await.unwrap(), []);
    assert_eq!(place.store.search("department", "内部意见", 9).await.unwrap().len(), 1);
    let tallies = place.store.tallies("").await.unwrap();
    assert_eq!(tallies, [("all".to_owned(), 1), ("turn/2".to_owned(), 1)]);

    put(&place.store, one("D1", 3)).await.unwrap();
    assert_eq!(place.store.dossier("D1").await.unwrap(), None);
    let left = place.store.dump_projections().await.unwrap();
    assert!(left.is_empty(), "{left}");
}

pub(crate) async fn tallies_count_each_stream_once(place: Place) {
    let counted = |tallies: &[&str]| Projection {
        tallies: tallies.iter().map(|&tally| tally.to_owned()).collect(),
        ..Projection::default()
    };
    let callers: Vec<_> = (0..20)
        .map(|number| {
            let store = place.store.clone();
            let projection = counted(&["filed/RA02", "filed/RA01", "all", "all"]);
            tokio::spawn(async move { show(&store, &format!("D{number}"), projection).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let append = Append { projection: counted(&["all", "cancelled/RA01"]), ..one("D7", 1) };
    put(&place.store, append).await.unwrap();
    let expected = [("filed/RA01".to_owned(), 19), ("filed/RA02".to_owned(), 19)];
    assert_eq!(place.store.tallies("filed/").await.unwrap(), expected);
    assert_eq!(place.store.tallies("all").await.unwrap(), [("all".to_owned(), 20)]);
    let expected = [("cancelled/RA01".to_owned(), 1)];
    assert_eq!(place.store.tallies("cancelled/").await.unwrap(), expected);
}

/// What the office would make of a stream: here it depends on its name and its length.
fn make(stream: &str, entries: &[Recorded]) -> Projection {
    if stream.starts_with("unit:") {
        let unit = UnitRow { id: stream.into(), card: json!({}), ..UnitRow::default() };
        return Projection { unit: Some(unit), ..Projection::default() };
    }
    rich(stream, entries.last().unwrap().seq)
}

#[expect(clippy::unnecessary_wraps, reason = "what rebuilding asks for may fail")]
fn made(stream: &str, entries: &[Recorded]) -> store::Result<Projection> {
    Ok(make(stream, entries))
}

pub(crate) async fn rebuilding_gives_equal_tables(place: Place) {
    for (stream, length) in [("D1", 3), ("D2", 1), ("unit:U1", 2)] {
        for expected in 0..length {
            let append = one(stream, expected);
            put(&place.store, append).await.unwrap();
            let entries = place.store.load(stream).await.unwrap();
            place.store.project(stream, make(stream, &entries)).await.unwrap();
        }
    }
    let before = place.store.dump_projections().await.unwrap();
    assert!(before.contains("D1-3") && before.contains("unit:U1"), "{before}");
    assert_eq!(place.store.rebuild(made).await.unwrap(), 3);
    assert_eq!(place.store.dump_projections().await.unwrap(), before);
    assert_eq!(place.store.search("department", "内部意见3", 9).await.unwrap().len(), 1);

    // Whatever happened to the tables, the journal has it all.
    place.sql(&["DELETE FROM dossiers", "UPDATE tallies SET n = 77"]).await.unwrap();
    place.store.rebuild(made).await.unwrap();
    assert_eq!(place.store.dump_projections().await.unwrap(), before);
}

pub(crate) async fn a_rebuild_that_fails_leaves_the_tables(place: Place) {
    for stream in ["D1", "D2", "D3"] {
        show(&place.store, stream, rich(stream, 1)).await;
    }
    let before = place.store.dump_projections().await.unwrap();
    let outcome = place.store.rebuild(|stream, entries| match stream {
        "D2" => Err(StoreError::Corrupt("D2 does not fold".into())),
        _ => made(stream, entries),
    });
    let outcome = outcome.await;
    assert!(matches!(&outcome, Err(StoreError::Corrupt(why)) if why.contains("D2")), "{outcome:?}");
    assert_eq!(place.store.dump_projections().await.unwrap(), before);
}

pub(crate) async fn a_projection_can_be_made_again_without_an_entry(place: Place) {
    show(&place.store, "D1", rich("D1", 0)).await;
    place.store.project("D1", rich("D1", 9)).await.unwrap();
    assert_eq!(place.store.dossier("D1").await.unwrap().unwrap().updated_ms, 9);
    assert_eq!(place.store.head("D1").await.unwrap().unwrap().seq, 1);
}

pub(crate) async fn rebuilding_beside_appends_loses_nothing(place: Place) {
    let writers: Vec<_> = (0..8)
        .map(|number| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let stream = format!("D{number}");
                for expected in 0..10 {
                    let projection = rich(&stream, expected + 1);
                    let append = Append { projection, ..one(&stream, expected) };
                    put(&store, append).await.unwrap();
                }
            })
        })
        .collect();
    for _ in 0..5 {
        place.store.rebuild(made).await.unwrap();
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let before = place.store.dump_projections().await.unwrap();
    place.store.rebuild(made).await.unwrap();
    assert_eq!(place.store.dump_projections().await.unwrap(), before);
    assert_eq!(place.store.tallies("turn/").await.unwrap(), [("turn/10".to_owned(), 8)]);
}
