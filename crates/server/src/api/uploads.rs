//! 分段上传 — begin, send pieces, ask where it stands, complete. What was acknowledged survives a
//! broken line and a restart; an upload belongs to the side that began it.

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use consortium::application;
use consortium::ids::DossierId;
use consortium::materials::{FILE_BYTES_MAX, FILING_BYTES_MAX};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{StoreError, UploadRow};

use super::body::{self, Json};
use super::problem::{Problem, Trouble};
use super::{Answer, files, id, json as answer, json_with};
use crate::http::intake::{self, Sender, Unkept};
use crate::http::{SignedIn, random};
use crate::inspect::tidy;
use crate::state::AppState;

/// Bytes of one piece: what a broken line costs at most.
pub const PIECE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Uploads of one side at once.
pub const UPLOADS_MAX: usize = 20;
/// How long an upload waits for its next day of work.
pub const UPLOAD_KEPT_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// What is to come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    name: String,
    size_bytes: u64,
    /// For which dossier: what is too much for it is told before it is sent.
    #[serde(default)]
    dossier: Option<String>,
}

/// Which piece.
#[derive(Deserialize)]
pub(super) struct Piece {
    offset: u64,
    digest: String,
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whole {
    digest: String,
}

fn told(upload: &UploadRow) -> Value {
    let expires = jiff::Timestamp::from_millisecond(upload.expires_ms).unwrap_or_default();
    json!({
        "id": upload.id, "name": upload.name, "size_bytes": upload.size,
        "offset": upload.received, "piece_bytes": PIECE_BYTES_MAX,
        "expires_at": expires.to_string(),
    })
}

pub(super) async fn begin(
    State(state): State<AppState>,
    signed: SignedIn,
    Json(wanted): Json<Wanted>,
) -> Answer {
    if wanted.size_bytes > FILE_BYTES_MAX {
        return Err(Unkept::TooLarge.into());
    }
    let name = tidy(&wanted.name);
    if name.is_empty() || wanted.size_bytes == 0 {
        let (field, detail) = if name.is_empty() {
            ("name", "写上文件名")
        } else {
            ("size_bytes", "文件是空的")
        };
        return Err(Problem::malformed(Some(field), detail).into());
    }
    if let Some(dossier) = &wanted.dossier {
        fits(&state, &signed, &id::dossier(dossier)?, wanted.size_bytes).await?;
    }
    let side = signed.actor.brings_for();
    let open = live(&state, &side).await?;
    let waiting: u64 = open.iter().map(|upload| upload.size).sum();
    if open.len() >= UPLOADS_MAX || waiting + wanted.size_bytes > FILING_BYTES_MAX {
        let detail =
            format!("没有传完的文件已有 {} 份，先传完或放弃，最多 {UPLOADS_MAX} 份", open.len());
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_large", detail).into());
    }
    let now_ms = state.clock.wall_ms();
    let upload = UploadRow {
        id: random::key(),
        side,
        name,
        size: wanted.size_bytes,
        received: 0,
        created_ms: now_ms,
        expires_ms: now_ms + UPLOAD_KEPT_MS,
    };
    state.store.begin_upload(upload.clone()).await.map_err(Unkept::from)?;
    json_with(StatusCode::CREATED, &told(&upload))
}

/// Whether a dossier has room for a file of this size.
async fn fits(
    state: &AppState,
    signed: &SignedIn,
    dossier: &DossierId,
    size: u64,
) -> Result<(), Trouble> {
    let opened = state.office.read(&signed.actor, dossier).await?;
    Ok(application::has_room(&opened.dossier.materials, size)?)
}

/// The uploads of a side that have not run out.
async fn live(state: &AppState, side: &str) -> Result<Vec<UploadRow>, Trouble> {
    let now_ms = state.clock.wall_ms();
    let mut uploads = state.store.uploads(side).await?;
    uploads.retain(|upload| upload.expires_ms >= now_ms);
    Ok(uploads)
}

/// An upload of the asker's side that has not run out.
async fn own(state: &AppState, signed: &SignedIn, id: &str) -> Result<UploadRow, Trouble> {
    let side = signed.actor.brings_for();
    let found = state.store.upload(&side, id).await?;
    let now_ms = state.clock.wall_ms();
    Ok(found.filter(|upload| upload.expires_ms >= now_ms).ok_or_else(Problem::not_found)?)
}

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let open = live(&state, &signed.actor.brings_for()).await?;
    let items: Vec<Value> = open.iter().map(told).collect();
    answer(&json!({ "items": items }))
}

pub(super) async fn one(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    answer(&told(&own(&state, &signed, &id).await?))
}

pub(super) async fn add(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    piece: Result<Query<Piece>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Answer {
    let upload = own(&state, &signed, &id).await?;
    let Ok(Query(piece)) = piece else {
        return Err(Problem::malformed(Some("offset"), "写明 offset 和 digest").into());
    };
    let bytes = body::bytes(request, PIECE_BYTES_MAX).await?;
    if bytes.is_empty() || hex::encode(Sha256::digest(&bytes)) != piece.digest {
        let detail = "这一段的内容与 digest 对不上，重新发送这一段";
        return Err(Problem::malformed(Some("digest"), detail).into());
    }
    let added = state.store.add_piece(&upload.side, &id, piece.offset, bytes).await;
    match added {
        Ok(offset) => answer(&told(&UploadRow { received: offset, ..upload })),
        Err(StoreError::Offset { offset }) => Err(Problem::continues_at(offset).into()),
        Err(StoreError::Missing(_)) => Err(Problem::not_found().into()),
        Err(StoreError::TooLarge { .. }) => {
            let detail = format!("超出开始时写明的 {} 字节", upload.size);
            Err(Problem::malformed(Some("offset"), detail).into())
        }
        Err(other) => Err(Unkept::from(other).into()),
    }
}

pub(super) async fn complete(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Json(whole): Json<Whole>,
) -> Answer {
    let upload = own(&state, &signed, &id).await?;
    if upload.received != upload.size {
        return Err(Problem::continues_at(upload.received).into());
    }
    let draft = match state.store.whole_upload(&id).await {
        // Somebody else has just completed it.
        Err(StoreError::Io { .. }) => return Err(Problem::not_found().into()),
        other => other?,
    };
    if draft.digest() != whole.digest || draft.size() != upload.size {
        drop(draft);
        state.store.end_upload(&id).await?;
        let detail = "收到的内容与原文件的指纹对不上，从头再传一次";
        return Err(Problem::malformed(Some("digest"), detail).into());
    }
    let seen = match intake::examine(&state, &draft, &upload.name).await {
        Ok(seen) => seen,
        Err(flaw) if flaw.passes() => {
            // Nothing is wrong with the file: it waits to be completed once more.
            draft.leave();
            return Err(Unkept::Flaw(flaw).into());
        }
        Err(flaw) => {
            drop(draft);
            state.store.end_upload(&id).await?;
            return Err(Unkept::Flaw(flaw).into());
        }
    };
    let from = Sender { side: &upload.side, name: &upload.name };
    let kept = intake::keep(&state, draft, seen, from).await?;
    state.store.end_upload(&id).await?;
    json_with(StatusCode::CREATED, &files::told(&kept))
}

pub(super) async fn end(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    own(&state, &signed, &id).await?;
    state.store.end_upload(&id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
