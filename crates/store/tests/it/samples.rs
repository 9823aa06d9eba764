//! Made-up streams, entries and lines.

use serde_json::{Value, json};
use store::{
    Append, Appended, Claim, CommandKey, DossierRow, Entry, Projection, Result, Store, TaskRow,
};

/// Salts that are all different.
pub(crate) fn salts() -> impl FnMut() -> [u8; 16] + Send + 'static {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    || {
        let mut salt = [0; 16];
        salt[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        salt
    }
}

pub(crate) fn entry(kind: &str, payload: Value) -> Entry {
    Entry {
        kind: kind.into(),
        at_ms: 1_780_000_000_000,
        day: "2026-03-04".into(),
        actor: json!({ "person": "P1", "name": { "$personal": "额尔敦" }, "capacity": "handler" }),
        clauses: vec!["第六条".into()],
        payload,
    }
}

/// An append of one entry.
pub(crate) fn one(stream: &str, expected: u64) -> Append {
    Append {
        stream: stream.into(),
        expected,
        entries: vec![entry("drafted", json!({ "n": expected + 1 }))],
        ..Append::default()
    }
}

pub(crate) fn keyed(append: Append, key: &str, request: &str, answer: Value) -> Append {
    let (actor, key, request) = ("P1".into(), key.into(), request.into());
    Append { command: Some(CommandKey { actor, key, request }), answer, ..append }
}

pub(crate) fn claiming(append: Append, kind: &str, value: &str, ordinal: i64) -> Append {
    let claims = vec![Claim { kind: kind.into(), value: value.into(), ordinal }];
    Append { projection: Projection { claims, ..append.projection }, ..append }
}

pub(crate) async fn put(store: &Store, append: Append) -> Result<Appended> {
    store.append(append, salts()).await
}

/// Writes the first entry of a stream with this projection.
pub(crate) async fn show(store: &Store, stream: &str, projection: Projection) {
    let append = Append { projection, ..one(stream, 0) };
    put(store, append).await.unwrap();
}

/// The line of a dossier that the public sees.
pub(crate) fn line(id: &str, filed_on: &str, updated_ms: i64) -> DossierRow {
    DossierRow {
        id: id.into(),
        name: format!("联合体{id}"),
        name_key: id.into(),
        stage: "filed".into(),
        status: "filed".into(),
        public: true,
        authority: "RA01".into(),
        field: "稀土".into(),
        filed_on: Some(filed_on.into()),
        updated_ms,
        card: json!({ "z": 1, "a": [true, null] }),
        ..DossierRow::default()
    }
}

pub(crate) fn shown(row: DossierRow, readers: &[&str]) -> Projection {
    let readers = readers.iter().map(|&reader| reader.to_owned()).collect();
    Projection { row: Some(row), readers, ..Projection::default() }
}

pub(crate) fn task(key: &str, holder: &str, due: Option<&str>) -> TaskRow {
    TaskRow {
        key: key.into(),
        kind: "sign".into(),
        holder: holder.into(),
        clause: "第六条".into(),
        title: "签署组建协议".into(),
        opened_on: "2026-03-01".into(),
        due: due.map(str::to_owned),
        note: None,
    }
}

pub(crate) fn ids(rows: &[DossierRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}
