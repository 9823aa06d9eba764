//! 备案名录和公示 — what everybody reads, and the objection that everybody may raise.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use consortium::{
    Command,
    actor::Actor,
    dossier::{Dossier, Stage, StageKind},
    public_notice::ObjectionText,
    reference,
    register::Status,
};
use serde::Deserialize;
use serde_json::json;
use store::{DossierQuery, DossierRow, PUBLIC, RegisterQuery};

use super::asked::{Arrived, Lines, Page, Query};
use super::body::Json;
use super::dossiers::{Line, after, cursor};
use super::problem::Problem;
use super::{Answer, id, json, json_with};
use crate::http::Visitor;
use crate::state::AppState;

/// What is asked of the register.
#[derive(Deserialize)]
pub(super) struct Wanted {
    text: Option<String>,
    field: Option<String>,
    authority: Option<String>,
    status: Option<String>,
    year: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// A filter that has to be one of a list.
fn one_of(
    name: &str,
    value: Option<String>,
    known: impl Fn(&str) -> bool,
) -> Result<Option<String>, Problem> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    if known(&value) {
        return Ok(Some(value));
    }
    Err(Problem::malformed(Some(name), "不在可选值之列，见 GET /api/v1/reference"))
}

pub(super) async fn list(State(state): State<AppState>, Query(wanted): Query<Wanted>) -> Answer {
    let page = Page::new(wanted.after, wanted.limit.as_deref())?;
    let is_year = |year: &str| year.len() == 4 && year.parse::<i16>().is_ok_and(|year| year > 0);
    let year = one_of("year", wanted.year, is_year)?;
    let query = RegisterQuery {
        text: wanted.text,
        field: one_of("field", wanted.field, |id| reference::field(id).is_some())?,
        authority: one_of("authority", wanted.authority, |id| reference::authority(id).is_some())?,
        status: one_of("status", wanted.status, |name| Status::named(name).is_some())?,
        year: year.and_then(|year| year.parse().ok()),
        after: place(&page)?,
        before: None,
        limit: page.lines() + 1,
    };
    let rows = state.store.register(query).await?;
    let cursor = |row: &DossierRow| vec![row.filed_on.clone().unwrap_or_default(), row.id.clone()];
    json(&Lines::of(rows, page.lines(), cursor, Line::of))
}

/// The line to go on after, of a list by the day of filing.
fn place(page: &Page) -> Result<Option<(String, String)>, Problem> {
    let Some([day, id]) = page.after()? else { return Ok(None) };
    let odd = || Problem::malformed(Some("after"), "after 用上一页给出的 next");
    let day: jiff::civil::Date = day.parse().map_err(|_| odd())?;
    Ok(Some((day.to_string(), id::dossier(&id).map_err(|_| odd())?.0)))
}

/// The same for everybody, whoever asks.
pub(super) async fn one(State(state): State<AppState>, Path(dossier): Path<String>) -> Answer {
    let dossier = id::dossier(&dossier)?;
    json(&state.office.read(&Actor::public(), &dossier).await?.view)
}

/// What is asked of the list of notices.
#[derive(Deserialize)]
pub(super) struct Notices {
    after: Option<String>,
    limit: Option<String>,
}

pub(super) async fn notices(
    State(state): State<AppState>,
    Query(wanted): Query<Notices>,
) -> Answer {
    let page = Page::new(wanted.after, wanted.limit.as_deref())?;
    let query = DossierQuery {
        reader: PUBLIC.to_owned(),
        stage: Some(StageKind::PublicNotice.name().to_owned()),
        text: None,
        after: after(&page)?,
        limit: page.lines() + 1,
    };
    let rows = state.store.dossiers(query).await?;
    json(&Lines::of(rows, page.lines(), cursor, Line::of))
}

/// An objection in one's real name; its receipt is told this once.
pub(super) async fn object(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
    Arrived(envelope): Arrived,
    Json(text): Json<ObjectionText>,
) -> Answer {
    let dossier = id::dossier(&dossier)?;
    let actor = visitor.actor();
    let command = Command::Object(text.clone());
    let done = state.office.perform(&actor, &dossier, &command, envelope).await?;
    let opened = state.office.read(&Actor::public(), &dossier).await?;
    let receipt = receipt(&opened.dossier, &text);
    let answer = json!({
        "id": done.id, "sequence": done.sequence, "happened": done.happened, "stage": done.stage,
        "receipt": receipt,
    });
    json_with(StatusCode::CREATED, &answer)
}

/// The receipt of an objection, for whoever can repeat it word by word.
fn receipt(dossier: &Dossier, text: &ObjectionText) -> Option<String> {
    let Stage::PublicNotice(stage) = &dossier.stage else { return None };
    let same = stage.objections.iter().find(|kept| {
        kept.objector == text.objector && kept.contact == text.contact && kept.facts == text.facts
    });
    same.map(|kept| kept.receipt.clone())
}
