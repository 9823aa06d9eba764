//! 盖章件 — the sealed files of an official paper, for those who read the paper.

use axum::response::Response;
use consortium::ids::DossierId;
use consortium::sealed::{Reading, SealedFile, SeenSignature};
use consortium::{Dossier, actor::Actor};
use documents::Kind;
use serde::Serialize;

use super::{Listed, listed};
use crate::clock;
use crate::http::download;
use crate::inspect;
use crate::office::OfficeError;
use crate::state::AppState;

/// A sealed file with the number under which it is taken out.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// From 1, oldest first.
    pub no: usize,
    /// Whether none took its place.
    pub current: bool,
    /// The file and what was found of it.
    pub file: SealedFile,
}

/// A sealed file as the API tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealedTold {
    /// The number under which it is taken out.
    pub no: usize,
    /// Whether none took its place.
    pub current: bool,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// When it was attached, as written.
    pub attached: String,
    /// Why it took the place of an earlier one.
    pub reason: String,
    /// Whether it goes on from the platform's paper, byte by byte.
    pub continues: bool,
    /// Whether a person compared it with the platform's paper.
    pub compared: bool,
    /// How far its signatures could be read.
    pub reading: Reading,
    /// The signatures.
    pub signatures: Vec<SeenSignature>,
}

impl From<Sealed> for SealedTold {
    fn from(Sealed { no, current, file }: Sealed) -> Self {
        Self {
            no,
            current,
            digest: file.file.0,
            attached: clock::written_at(file.at),
            reason: file.reason,
            continues: file.examined.continues,
            compared: file.compared,
            reading: file.examined.reading,
            signatures: file.examined.signatures,
        }
    }
}

/// The sealed files of a paper that a reader is given, oldest first.
pub(super) fn of(actor: &Actor, dossier: &Dossier, sequence: u64, kind: Kind) -> Vec<Sealed> {
    let Some(issued) = dossier.issued_as(&format!("{sequence}/{}", kind.key())) else {
        return Vec::new();
    };
    let last = issued.sealed.len();
    let given = issued.given_to(actor, dossier);
    given.map(|(no, file)| Sealed { no, current: no == last, file: file.clone() }).collect()
}

/// A paper that somebody may read; `None` where there is none of this name.
///
/// # Errors
///
/// When the dossier or the store cannot be read.
pub async fn paper(
    state: &AppState,
    actor: &Actor,
    id: &DossierId,
    (sequence, kind): (u64, &str),
) -> Result<Option<Listed>, OfficeError> {
    let opened = state.office.read(actor, id).await?;
    let Some(kind) = Kind::named(kind) else { return Ok(None) };
    let readable = listed(&state.store, actor, &opened.dossier).await?;
    Ok(readable.into_iter().find(|paper| paper.sequence == sequence && paper.kind == kind))
}

/// A sealed file, for somebody who may read its paper; `None` where there is none to read.
pub(crate) async fn file(
    state: &AppState,
    actor: &Actor,
    id: &DossierId,
    (sequence, kind): (u64, &str),
    no: usize,
) -> Result<Option<Response>, OfficeError> {
    let Some(paper) = paper(state, actor, id, (sequence, kind)).await? else { return Ok(None) };
    let title = paper.made.as_ref().map_or(paper.kind.term(), |made| made.title.as_str());
    let Some(sealed) = paper.sealed.iter().find(|sealed| sealed.no == no) else {
        return Ok(None);
    };
    let digest = &sealed.file.file.0;
    let Some(reading) = state.store.open_file(digest, state.clock.now_ms()).await? else {
        return Ok(None);
    };
    let media_type = &reading.row.media_type;
    let kind = inspect::Kind::ALL.into_iter().find(|kind| kind.media_type() == media_type);
    let ending = kind.map_or("pdf", |kind| kind.endings()[0]);
    Ok(Some(download::attachment(&format!("{title}（盖章件）.{ending}"), reading)))
}
