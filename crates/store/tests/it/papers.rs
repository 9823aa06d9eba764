use std::collections::BTreeSet;

use store::{Append, Made, PaperKey, Signed};

use crate::place::Place;
use crate::samples::{one, put};

fn key(stream: &str, sequence: u64, kind: &str) -> PaperKey {
    PaperKey { stream: stream.into(), sequence, kind: kind.into() }
}

fn made(digest: &str) -> Made {
    let (title, digest) = ("受理通知书".to_owned(), digest.to_owned());
    let code = Some(format!("CODE-{digest}"));
    let signed = Some(Signed { at_ms: 7, certificate: "cc".to_owned() });
    Made { template: 1, title, pages: 2, digest, code, signed }
}

fn asks(stream: &str, expected: u64, kinds: &[&str]) -> Append {
    let papers = kinds.iter().map(|kind| (1, (*kind).to_owned())).collect();
    Append { papers, ..one(stream, expected) }
}

pub(crate) async fn a_paper_is_ordered_with_its_event_and_made_once(place: Place) {
    let store = &place.store;
    put(store, one("D1", 0)).await.unwrap();
    put(store, asks("D1", 1, &["acceptance", "certificate"])).await.unwrap();
    let ordered = store.papers("D1").await.unwrap();
    let keys: Vec<_> = ordered.iter().map(|paper| paper.key.clone()).collect();
    assert_eq!(keys, [key("D1", 2, "acceptance"), key("D1", 2, "certificate")]);
    assert!(ordered.iter().all(|paper| paper.made.is_none() && paper.tries == 0));
    assert_eq!(store.papers("D2").await.unwrap(), []);

    // An append that loses leaves no paper behind.
    assert!(put(store, asks("D1", 0, &["correction"])).await.is_err());
    assert_eq!(store.paper_counts().await.unwrap(), (2, 0));

    let first = key("D1", 2, "acceptance");
    store.paper_made(first.clone(), made("aa")).await.unwrap();
    store.paper_made(first.clone(), made("bb")).await.unwrap();
    store.paper_not_made(first.clone(), "late".into(), 5).await.unwrap();
    let kept = store.paper(first).await.unwrap().unwrap();
    assert_eq!(store.paper_of_code("CODE-aa").await.unwrap(), Some(kept.clone()));
    assert_eq!(store.paper_of_code("CODE-bb").await.unwrap(), None, "whoever comes second");
    assert_eq!((kept.made, kept.why), (Some(made("aa")), None));

    // A paper of before there were codes and signatures.
    let old = Made { code: None, signed: None, ..made("dd") };
    let second = key("D1", 2, "certificate");
    store.paper_made(second.clone(), old.clone()).await.unwrap();
    assert_eq!(store.paper(second).await.unwrap().unwrap().made, Some(old));
    assert_eq!(store.paper(key("D1", 2, "agreement")).await.unwrap(), None);
    assert_eq!(store.paper_counts().await.unwrap(), (0, 0));
}

pub(crate) async fn what_could_not_be_made_is_tried_again(place: Place) {
    let store = &place.store;
    put(store, asks("D1", 0, &["acceptance"])).await.unwrap();
    put(store, asks("D2", 0, &["acceptance"])).await.unwrap();
    let taken = store.take_papers(1, 100, 50).await.unwrap();
    assert_eq!(taken[0].key.stream, "D1");
    // The lease stands; who dies with a paper in hand gives it back when it runs out.
    assert_eq!(store.take_papers(9, 149, 50).await.unwrap()[0].key.stream, "D2");
    let again = store.take_papers(9, 150, 50).await.unwrap();
    assert_eq!((again.len(), again[0].tries), (1, 1));

    let first = key("D1", 1, "acceptance");
    store.paper_not_made(first.clone(), "缺字".into(), 900).await.unwrap();
    assert_eq!(store.paper_counts().await.unwrap(), (2, 1));
    let stuck = store.stuck_papers(9).await.unwrap();
    assert_eq!((stuck.len(), stuck[0].why.as_deref()), (1, Some("缺字")));
    let due: Vec<_> = store.take_papers(9, 899, 0).await.unwrap();
    assert!(due.iter().all(|paper| paper.key != first));
    assert_eq!(store.try_papers_again().await.unwrap(), 1);
    let due = store.take_papers(9, 0, 0).await.unwrap();
    assert!(due.iter().any(|paper| paper.key == first));
}

pub(crate) async fn two_at_once_take_different_papers(place: Place) {
    for number in 0..20 {
        put(&place.store, asks(&format!("D{number}"), 0, &["a", "b"])).await.unwrap();
    }
    let takers: Vec<_> = (0..4)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move { store.take_papers(10, 100, 50).await.unwrap() })
        })
        .collect();
    let (mut keys, mut taken) = (BTreeSet::new(), 0);
    for taker in takers {
        let papers = taker.await.unwrap();
        taken += papers.len();
        keys.extend(papers.into_iter().map(|paper| paper.key));
    }
    assert_eq!(keys.len(), taken, "no paper twice");
}
