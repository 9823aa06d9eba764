//! 批量导入、导出 — a table is looked at first, row by row, and then carried out.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Query;
use super::problem::{Problem, Trouble};
use super::{Answer, json as answer, json_with};
use crate::http::{Fault, SignedIn, download};
use crate::imports::{self, Format, Import, Kind, NotBrought, Outcome};
use crate::state::AppState;
use crate::tables::{BYTES_MAX, Unread};

/// What is imported, under which name.
#[derive(Deserialize)]
pub(super) struct Wanted {
    kind: Option<String>,
    name: Option<String>,
}

fn kind_of(signed: &SignedIn, name: Option<&str>) -> Result<Kind, Trouble> {
    let kind = name.and_then(Kind::named);
    let unknown = || Problem::malformed(Some("kind"), "kind 写 units、platforms 或 credit");
    let kind = kind.ok_or_else(unknown)?;
    if kind.is_for(&signed.actor) {
        return Ok(kind);
    }
    let sentence =
        format!("{}的导入、导出由自治区科技厅{}办理", kind.term(), kind.capacity().term());
    Err(Fault::Forbidden(sentence).into())
}

pub(super) async fn bring(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Answer {
    let kind = kind_of(&signed, wanted.kind.as_deref())?;
    let (name, bytes) = table(request).await?;
    let name = wanted.name.or(name).unwrap_or_default();
    match imports::bring(&state.office, &state.desk, &signed.actor, kind, &name, bytes).await {
        Ok(import) => json_with(StatusCode::CREATED, &told(&import)),
        Err(NotBrought::Unread(sentence)) => {
            Err(Problem::malformed(Some("file"), &sentence).into())
        }
        Err(NotBrought::Fault(fault)) => Err(fault.into()),
    }
}

/// The bytes of a table: the body itself, or the one file of a form.
async fn table(request: Request) -> Result<(Option<String>, Vec<u8>), Trouble> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let unread = |_| Problem::unreadable("表单读不懂，或没有传完");
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| Problem::unreadable("表单读不懂"))?;
        while let Some(field) = form.next_field().await.map_err(unread)? {
            let Some(name) = field.file_name().map(str::to_owned) else { continue };
            let mut bytes = Vec::new();
            let mut field = field;
            while let Some(piece) = field.chunk().await.map_err(unread)? {
                taken(&mut bytes, &piece)?;
            }
            return Ok((Some(name), bytes));
        }
        return Err(Problem::unreadable("表单里没有文件").into());
    }
    let body = Limited::new(request.into_body(), BYTES_MAX).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            too_large()
        } else {
            Problem::unreadable("网络中断，内容没有传完").into()
        }
    })?;
    Ok((None, body.to_bytes().to_vec()))
}

fn taken(bytes: &mut Vec<u8>, piece: &Bytes) -> Result<(), Trouble> {
    if bytes.len() + piece.len() > BYTES_MAX {
        return Err(too_large());
    }
    bytes.extend_from_slice(piece);
    Ok(())
}

fn too_large() -> Trouble {
    let sentence = Unread::TooLarge.to_string();
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).into()
}

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let line = |import: &Import| {
        json!({
            "id": import.id, "kind": import.kind.name(), "name": import.name,
            "state": import.state, "counts": counts(import),
        })
    };
    let imports = imports::all(&state.office, &signed.actor).await?;
    answer(&json!({ "items": imports.iter().map(line).collect::<Value>() }))
}

pub(super) async fn one(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    answer(&told(&imports::one(&state.office, &signed.actor, &id).await?))
}

pub(super) async fn carry_out(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    signed.fresh()?;
    let import = imports::one(&state.office, &signed.actor, &id).await?;
    answer(&told(&imports::carry_out(&state.office, &signed.actor, import).await?))
}

fn counts(import: &Import) -> Value {
    json!({
        "ready": import.report.count(Outcome::Ready),
        "taken": import.report.count(Outcome::Taken),
        "already_there": import.report.count(Outcome::AlreadyThere),
        "not_taken": import.report.count(Outcome::NotTaken),
    })
}

fn told(import: &Import) -> Value {
    json!({
        "id": import.id, "kind": import.kind.name(), "name": import.name, "state": import.state,
        "waits": import.waits(), "counts": counts(import),
        "passed_over": import.report.passed_over, "lines": import.report.lines,
    })
}

pub(super) async fn export(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(file): Path<String>,
) -> Answer {
    let (name, format) = Format::split(&file).ok_or_else(Problem::not_found)?;
    if Kind::named(name).is_none() {
        return Err(Problem::not_found().into());
    }
    let kind = kind_of(&signed, Some(name))?;
    let bytes = imports::exported(&state.office, kind, format).await?;
    Ok(download::made(&file, format.media_type(), bytes))
}
