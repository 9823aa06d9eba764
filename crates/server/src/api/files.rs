//! 附件 — bring a file, then name it by its digest in an act; take files out of a dossier.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::problem::{Problem, Trouble};
use super::{Answer, id, json_with};
use crate::http::intake::{Intake, Kept, STALL, Sender, Unkept, too_large};
use crate::http::{Fault, SignedIn, Visitor, download};
use crate::inspect::Flaw;
use crate::office;
use crate::state::AppState;

pub(super) async fn put(
    State(state): State<AppState>,
    signed: SignedIn,
    request: Request,
) -> Answer {
    let side = signed.actor.brings_for();
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kept = if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        in_form(&state, &side, request).await?
    } else {
        as_body(&state, &side, request).await?
    };
    json_with(StatusCode::CREATED, &told(&kept))
}

/// A file that was kept, for programs.
pub(super) fn told(kept: &Kept) -> Value {
    json!({
        "digest": kept.digest, "size_bytes": kept.size, "media_type": kept.kind.media_type(),
        "name": kept.name,
    })
}

/// The body itself, with its name in the address (`?name=`).
async fn as_body(state: &AppState, side: &str, request: Request) -> Result<Kept, Trouble> {
    let query = request.uri().query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let name = pairs.into_iter().find(|(key, _)| key == "name").map(|(_, name)| name);
    let name = name.unwrap_or_default();
    let mut intake = Intake::begin(state, announced(&request))?;
    let mut body = request.into_body();
    while let Some(piece) = next_piece(&mut body).await? {
        intake = intake.take(&piece).await?;
    }
    Ok(intake.end(state, Sender { side, name: &name }).await?)
}

/// The length that the sender states; what comes is counted all the same.
fn announced(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn next_piece(body: &mut Body) -> Result<Option<axum::body::Bytes>, Trouble> {
    loop {
        let frame = tokio::time::timeout(STALL, body.frame()).await;
        let frame = frame.map_err(|_| Fault::Status(StatusCode::REQUEST_TIMEOUT))?;
        let Some(frame) = frame else { return Ok(None) };
        let frame = frame.map_err(|_| Problem::unreadable("网络中断，内容没有传完"))?;
        if let Ok(piece) = frame.into_data() {
            return Ok(Some(piece));
        }
    }
}

/// The one file of a form.
async fn in_form(state: &AppState, side: &str, request: Request) -> Result<Kept, Trouble> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Trouble::from(Unkept::TooLarge);
        }
        Problem::unreadable("表单读不懂，或没有传完").into()
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::unreadable("表单读不懂"))?;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        let mut intake = Intake::begin(state, None)?;
        loop {
            let piece = tokio::time::timeout(STALL, field.chunk()).await;
            let piece = piece.map_err(|_| Fault::Status(StatusCode::REQUEST_TIMEOUT))?;
            let Some(piece) = piece.map_err(broken)? else { break };
            intake = intake.take(&piece).await?;
        }
        return Ok(intake.end(state, Sender { side, name: &name }).await?);
    }
    Err(Problem::unreadable("表单里没有文件").into())
}

impl From<Unkept> for Trouble {
    fn from(unkept: Unkept) -> Self {
        let status = match &unkept {
            Unkept::Flaw(flaw) if flaw.passes() => StatusCode::SERVICE_UNAVAILABLE,
            Unkept::Flaw(Flaw::Unknown | Flaw::Empty | Flaw::OldOffice) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Unkept::Flaw(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Unkept::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Unkept::NoSpace | Unkept::Broken(_) => return Self::Fault(unkept.into()),
        };
        match unkept {
            Unkept::Flaw(flaw) => Problem::new(status, "refused_file", flaw.sentence()).into(),
            _ => Problem::new(status, "too_large", too_large()).into(),
        }
    }
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
    let reading = state.store.open_file(&digest.0, state.clock.now_ms()).await?;
    Ok(download::attachment(&name, reading.ok_or_else(Problem::not_found)?))
}
