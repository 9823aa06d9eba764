//! 附件 — a file of this dossier, for those who may read it there.

use axum::extract::{Path, State};
use consortium::ids::Digest;

use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn, download};
use crate::office;
use crate::state::AppState;

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let digest = Digest(digest);
    let name = office::file_name(&desk.actor, &desk.dossier, &digest).ok_or(Fault::NotFound)?;
    let reading = state.store.open_file(&digest.0, state.clock.now_ms()).await?;
    Ok(download::attachment(&name, reading.ok_or(Fault::NotFound)?))
}
