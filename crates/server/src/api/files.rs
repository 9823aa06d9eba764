//! 附件 — bring a file, then name it by its digest in an act; take files out of a dossier.

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use serde_json::json;

use super::body::{bytes, too_large};
use super::problem::{Problem, Trouble};
use super::{Answer, command, id, json_with};
use crate::http::posted::FILE_BYTES_MAX;
use crate::http::{SignedIn, Visitor, download, media};
use crate::office;
use crate::state::AppState;

/// A file as it came.
struct Brought {
    name: String,
    bytes: Vec<u8>,
}

pub(super) async fn put(
    State(state): State<AppState>,
    signed: SignedIn,
    request: Request,
) -> Answer {
    let file = brought(request).await?;
    let Some((_, media_type)) = media::media_type(&file.bytes, &file.name) else {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let detail = "只收 PDF、JPG、PNG、DOCX 和 XLSX；后两种写上文件名";
        return Err(Problem::new(status, "unsupported", detail).into());
    };
    let size = file.bytes.len();
    let now_ms = state.clock.now_ms();
    let digest = state.store.put_file(file.bytes, media_type, now_ms).await?;
    let digest = consortium::ids::Digest(digest);
    command::bring(&state, &signed.actor, &digest, size).await?;
    let answer = json!({
        "digest": digest, "size_bytes": size, "media_type": media_type, "name": file.name,
    });
    json_with(StatusCode::CREATED, &answer)
}

/// The one file of a form, or the body itself with its name in the address (`?name=`).
async fn brought(request: Request) -> Result<Brought, Trouble> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return in_form(request).await;
    }
    let query = request.uri().query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let name = pairs.into_iter().find(|(key, _)| key == "name").map(|(_, name)| name);
    let bytes = bytes(request, FILE_BYTES_MAX).await?;
    Ok(Brought { name: named(&name.unwrap_or_default()), bytes })
}

async fn in_form(request: Request) -> Result<Brought, Trouble> {
    let broken = |_| Problem::unreadable("表单读不懂，或没有传完");
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::unreadable("表单读不懂"))?;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field.file_name().map(named) else { continue };
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            if bytes.len() + piece.len() > FILE_BYTES_MAX {
                return Err(too_large(FILE_BYTES_MAX).into());
            }
            bytes.extend_from_slice(&piece);
        }
        return Ok(Brought { name, bytes });
    }
    Err(Problem::unreadable("表单里没有文件").into())
}

/// The last part of a file's name, in letters that can be seen.
fn named(claimed: &str) -> String {
    let last = claimed.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).take(120).collect()
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, digest)): Path<(String, String)>,
) -> Answer {
    let (dossier, digest) = (id::dossier(&dossier)?, id::digest(&digest)?);
    let actor = visitor.actor();
    let opened = state.office.read(&actor, &dossier).await?;
    let name = office::file_name(&actor, &opened.dossier, &digest);
    let name = name.ok_or_else(Problem::not_found)?;
    let file = state.store.file(&digest.0).await?;
    let (row, bytes) = file.ok_or_else(Problem::not_found)?;
    Ok(download::attachment(&name, &row.media_type, bytes))
}
