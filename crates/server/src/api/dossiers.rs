//! 卷宗 — open, read and act.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use consortium::{
    Command, dossier::StageKind, ids::DossierId, ids::UnitId, reference, register::Status,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{DossierQuery, DossierRow};

use super::asked::{Arrived, Lines, Page, Query};
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, command, id, json, json_with};
use crate::http::{SignedIn, Visitor};
use crate::office::{Done, Opened, new_dossier_id};
use crate::state::AppState;

/// What opens a dossier.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    name: String,
}

pub(super) async fn open(
    State(state): State<AppState>,
    signed: SignedIn,
    Arrived(envelope): Arrived,
    Json(opening): Json<Opening>,
) -> Answer {
    created(&state.office.open(&signed.actor, &opening.name, envelope).await?)
}

/// A filing of the trial edition, as the register of paper has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialFiling {
    name: String,
    lead: UnitId,
    #[serde(default)]
    members: Vec<UnitId>,
    field: String,
    number: String,
    sequence: u32,
    filed_on: Date,
}

pub(super) async fn import(
    State(state): State<AppState>,
    signed: SignedIn,
    Arrived(envelope): Arrived,
    Json(filing): Json<TrialFiling>,
) -> Answer {
    signed.fresh()?;
    let TrialFiling { name, lead, members, field, number, sequence, filed_on } = filing;
    let command =
        Command::ImportTrialFiling { name, lead, members, field, number, sequence, filed_on };
    let office = &state.office;
    created(&office.perform(&signed.actor, &new_dossier_id(), &command, envelope).await?)
}

fn created(done: &Done) -> Answer {
    let mut response = json_with(StatusCode::CREATED, done)?;
    let place = HeaderValue::from_str(&format!("/api/v1/dossiers/{}", done.id));
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

pub(super) async fn act(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(dossier): Path<String>,
    Arrived(envelope): Arrived,
    Json(value): Json<Value>,
) -> Answer {
    let dossier = id::dossier(&dossier)?;
    let read = match command::read(value) {
        Ok(read) => read,
        // What is not the asker's to see is not there, whatever is asked of it.
        Err(problem) => {
            let seen = state.office.read(&signed.actor, &dossier).await;
            return Err(seen.map_or_else(|_| Problem::not_found(), |_| problem).into());
        }
    };
    if read.command.verb().has_effect() {
        signed.fresh()?;
    }
    command::check(&state, &signed, &dossier, &read).await?;
    json(&state.office.perform(&signed.actor, &dossier, &read.command, envelope).await?)
}

async fn opened(state: &AppState, visitor: &Visitor, dossier: &str) -> Result<Opened, Trouble> {
    let dossier: DossierId = id::dossier(dossier)?;
    Ok(state.office.read(&visitor.actor(), &dossier).await?)
}

pub(super) async fn one(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let opened = opened(&state, &visitor, &dossier).await?;
    let response = json(&opened.view)?;
    Ok(tagged(response, opened.view.sequence))
}

/// The head, as `If-Match` takes it.
fn tagged(mut response: Response, sequence: u64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{sequence}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

pub(super) async fn timeline(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let opened = opened(&state, &visitor, &dossier).await?;
    json(&state.office.timeline(&visitor.actor(), &opened.dossier).await?)
}

pub(super) async fn findings(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let opened = opened(&state, &visitor, &dossier).await?;
    json(&state.office.examine(&visitor.actor(), &opened.dossier).await?)
}

/// Reminds the members of what they have still to write, once a day.
pub(super) async fn remind(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(dossier): Path<String>,
) -> Answer {
    let opened = state.office.read(&signed.actor, &id::dossier(&dossier)?).await?;
    let today = state.clock.today();
    let reminded = state.office.remind_members(&signed.actor, &opened.dossier, today).await?;
    json(&json!({ "reminded": reminded }))
}

/// What is asked of a list of dossiers.
#[derive(Deserialize)]
pub(super) struct Wanted {
    text: Option<String>,
    stage: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// A dossier in a list: what every reader of it may see.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    id: String,
    name: String,
    stage: String,
    stage_term: &'static str,
    status: Option<String>,
    status_term: Option<&'static str>,
    lead: String,
    lead_name: String,
    authority: Option<&'static str>,
    field: Option<&'static str>,
    number: Option<String>,
    filed_on: Option<String>,
    /// First and last day of a public notice.
    notice: Option<Value>,
    updated_at: String,
}

impl Line {
    pub(super) fn of(row: &DossierRow) -> Self {
        let stage = StageKind::ALL.into_iter().find(|stage| stage.name() == row.stage);
        let status = Status::named(&row.status);
        let at = Timestamp::from_millisecond(row.updated_ms).unwrap_or_default();
        Self {
            id: row.id.clone(),
            name: row.name.clone(),
            stage: row.stage.clone(),
            stage_term: stage.map_or("", StageKind::term),
            status: status.map(|status| status.name().to_owned()),
            status_term: status.map(Status::term),
            lead: row.lead.clone(),
            lead_name: row.lead_name.clone(),
            authority: reference::authority(&row.authority).map(|authority| authority.name),
            field: reference::field(&row.field).map(|class| class.name),
            number: row.filed_no.clone(),
            filed_on: row.filed_on.clone(),
            notice: row.card.get("notice").filter(|notice| !notice.is_null()).cloned(),
            updated_at: at.to_string(),
        }
    }
}

/// Where a list by time goes on.
pub(super) fn cursor(row: &DossierRow) -> Vec<String> {
    vec![row.updated_ms.to_string(), row.id.clone()]
}

/// The line to go on after, of a list by time.
pub(super) fn after(page: &Page) -> Result<Option<(i64, String)>, Problem> {
    let Some([at, id]) = page.after()? else { return Ok(None) };
    let odd = || Problem::malformed(Some("after"), "after 用上一页给出的 next");
    Ok(Some((at.parse().map_err(|_| odd())?, id::dossier(&id).map_err(|_| odd())?.0)))
}

pub(super) async fn list(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let page = Page::new(wanted.after, wanted.limit.as_deref())?;
    let only = wanted.stage.filter(|name| !name.is_empty());
    if let Some(name) = &only
        && StageKind::ALL.into_iter().all(|known| known.name() != name)
    {
        return Err(Problem::malformed(Some("stage"), "没有这个环节").into());
    }
    let actor = visitor.actor();
    let query = DossierQuery {
        reader: actor.reader_key(),
        stage: only,
        text: wanted.text,
        after: after(&page)?,
        limit: page.lines() + 1,
    };
    let rows = state.office.dossiers(&actor, query).await?;
    json(&Lines::of(rows, page.lines(), cursor, Line::of))
}
