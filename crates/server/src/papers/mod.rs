//! 文书 — the papers of the procedure, made once from events and stored by digest.
//!
//! An event asks for its papers in its own transaction ([`table::asked_by`]); [`press`] makes them
//! afterwards, outside requests, a few at a time. A paper that cannot be made changes nothing in
//! law: it waits, its reason stands on the operator's page, and it is tried again.

mod application;
mod content;
pub mod press;
pub mod sealed;
pub mod table;
pub mod verify;

use axum::response::Response;
use consortium::{Dossier, actor::Actor, dossier::Stage, ids::DossierId};
use documents::Kind;
use serde::Serialize;
use store::{Made, Store, StoreError};

use crate::http::download;
use crate::office::OfficeError;
use crate::state::AppState;

pub use sealed::{Sealed, SealedTold};
pub use table::{may_read, public};

/// A paper as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The event it rests on.
    pub sequence: u64,
    /// Which paper.
    pub kind: Kind,
    /// When it was ordered: the time of its event.
    pub ordered_ms: i64,
    /// What came of it; `None` while it waits.
    pub made: Option<Made>,
    /// 盖章件, oldest first.
    pub sealed: Vec<Sealed>,
}

/// A paper as the API tells of it.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The event it rests on.
    pub sequence: u64,
    /// Which paper.
    pub kind: &'static str,
    /// The Chinese term.
    pub term: &'static str,
    /// The clauses it carries out.
    pub clauses: &'static [&'static str],
    /// The version of its template; `None` while it waits.
    pub template: Option<u32>,
    /// What it is called.
    pub title: Option<String>,
    /// How many pages it has.
    pub pages: Option<u64>,
    /// SHA-256 of its bytes.
    pub digest: Option<String>,
    /// 核验码, printed on it.
    pub code: Option<String>,
    /// SHA-256 of the certificate that the platform signed it with.
    pub certificate: Option<String>,
    /// 盖章件, oldest first.
    pub sealed: Vec<SealedTold>,
}

impl From<Listed> for Told {
    fn from(listed: Listed) -> Self {
        let Listed { sequence, kind, made, sealed, .. } = listed;
        Self {
            sequence,
            kind: kind.key(),
            term: kind.term(),
            clauses: kind.clauses(),
            template: made.as_ref().map(|made| made.template),
            pages: made.as_ref().map(|made| made.pages),
            title: made.as_ref().map(|made| made.title.clone()),
            code: made.as_ref().and_then(|made| made.code.clone()),
            certificate: made
                .as_ref()
                .and_then(|made| made.signed.as_ref())
                .map(|signed| signed.certificate.clone()),
            digest: made.map(|made| made.digest),
            sealed: sealed.into_iter().map(SealedTold::from).collect(),
        }
    }
}

/// The papers of a dossier that somebody may read, in the order of its events.
pub async fn listed(
    store: &Store,
    actor: &Actor,
    dossier: &Dossier,
) -> Result<Vec<Listed>, StoreError> {
    let papers = store.papers(dossier.id.as_str()).await?;
    let known = papers.into_iter().filter_map(|paper| {
        let kind = Kind::named(&paper.key.kind)?;
        let (sequence, ordered_ms) = (paper.key.sequence, paper.ordered_ms);
        let sealed = sealed::of(actor, dossier, sequence, kind);
        Some(Listed { sequence, kind, ordered_ms, made: paper.made, sealed })
    });
    let mut readable: Vec<Listed> =
        known.filter(|paper| may_read(actor, dossier, paper.kind)).collect();
    if *actor == Actor::public() {
        only_valid_certificate(dossier, &mut readable);
    }
    Ok(readable)
}

/// The public is given the certificate in force, not those it replaced, and none after the end.
fn only_valid_certificate(dossier: &Dossier, papers: &mut Vec<Listed>) {
    let last = papers.iter().rev().find(|paper| paper.kind == Kind::Certificate);
    let last =
        last.map(|paper| paper.sequence).filter(|_| matches!(dossier.stage, Stage::Filed(_)));
    papers.retain(|paper| paper.kind != Kind::Certificate || Some(paper.sequence) == last);
}

/// A paper's file, for somebody who may read it there; `None` where there is none to read.
pub(crate) async fn file(
    state: &AppState,
    actor: &Actor,
    id: &DossierId,
    sequence: u64,
    kind: &str,
) -> Result<Option<Response>, OfficeError> {
    let paper = sealed::paper(state, actor, id, (sequence, kind)).await?;
    let Some(made) = paper.and_then(|paper| paper.made) else { return Ok(None) };
    let reading = state.store.open_file(&made.digest, state.clock.now_ms()).await?;
    let name = format!("{}.pdf", made.title);
    Ok(reading.map(|reading| download::attachment(&name, reading)))
}
