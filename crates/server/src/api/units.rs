//! 单位 — registration, activation and credit records; its people stand in [`super::people`].

use axum::extract::{Path, State};
use axum::http::StatusCode;
use consortium::{
    actor::{Actor, Capacity, Side},
    reference,
    unit::{self, Profile, Standing, Unit},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::UnitRow;

use super::asked::{Arrived, Lines, Page, Query};
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json, json_with};
use crate::http::{Fault, SignedIn};
use crate::office::new_unit_id;
use crate::state::AppState;

/// Registers a unit; its authority activates it.
pub(super) async fn register(
    State(state): State<AppState>,
    signed: SignedIn,
    Arrived(envelope): Arrived,
    Json(profile): Json<Profile>,
) -> Answer {
    registers(&signed.actor)?;
    let command = unit::Command::Register(profile);
    let done = state.office.unit(&signed.actor, &new_unit_id(), &command, envelope).await?;
    json_with(StatusCode::CREATED, &done)
}

/// Who registers units: the account office and people who act for no unit yet.
fn registers(actor: &Actor) -> Result<(), Trouble> {
    match actor.side {
        Side::Unit(_) | Side::Public | Side::Operator => Ok(()),
        Side::Authority(_) | Side::Department | Side::Expert | Side::Calendar => {
            Err(Fault::Forbidden("单位由本单位人员或账号管理人注册".to_owned()).into())
        }
    }
}

pub(super) async fn act(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
    Arrived(envelope): Arrived,
    Json(command): Json<unit::Command>,
) -> Answer {
    let unit = id::unit(&unit)?;
    let elsewhere = match command {
        unit::Command::Register(_) => Some("注册单位用 POST /api/v1/units"),
        unit::Command::Invite(_) | unit::Command::RenewInvitation { .. } => {
            Some("邀请同事用 POST /api/v1/units/{id}/invitations，才能取得链接")
        }
        unit::Command::AcceptInvitation { .. } | unit::Command::DeclineInvitation { .. } => {
            Some("答复邀请用 POST /api/v1/invitations/{secret}")
        }
        _ => None,
    };
    if let Some(sentence) = elsewhere {
        return Err(Problem::malformed(Some("command"), sentence).into());
    }
    signed.fresh()?;
    json(&state.office.unit(&signed.actor, &unit, &command, envelope).await?)
}

pub(super) async fn one(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
) -> Answer {
    let unit = id::unit(&unit)?;
    let record = state.office.unit_record(&unit).await?.ok_or_else(Problem::not_found)?;
    json(&shown(&record, &signed.actor))
}

/// A unit as somebody sees it: credit records for itself, its authority and the Department, personal
/// data for those who need it.
fn shown(unit: &Unit, actor: &Actor) -> Value {
    let Profile { code, name, kind, legal_form, area, address, .. } = &unit.profile;
    let standing = match &unit.standing {
        Standing::Registered => "registered",
        Standing::Active => "active",
        Standing::Refused(_) => "refused",
    };
    let mut shown = json!({
        "id": unit.id, "code": code, "name": name, "kind": kind, "legal_form": legal_form,
        "area": area, "address": address, "standing": standing,
        "authority": unit.authority.as_ref()
            .and_then(|id| reference::authority(id.as_str())).map(|authority| authority.name),
    });
    let inside = match &actor.side {
        Side::Unit(own) => *own == unit.id,
        Side::Authority(own) => unit.authority.as_ref() == Some(own),
        Side::Department => actor.capacity != Capacity::Organiser,
        Side::Expert | Side::Public | Side::Operator | Side::Calendar => false,
    };
    if let (true, Some(object)) = (inside, shown.as_object_mut()) {
        let record = |kept: &unit::KeptRecord| {
            json!({
                "source": kept.record.source, "basis": kept.record.basis,
                "from": kept.record.from, "until": kept.record.until,
                "lifted_on": kept.lifted_on,
            })
        };
        if unit::reads_personal(actor, unit) {
            object.insert("representative".to_owned(), json!(unit.profile.representative));
            object.insert("phone".to_owned(), json!(unit.profile.phone));
        }
        object.insert("credit".to_owned(), unit.credit.iter().map(record).collect());
        if let Standing::Refused(reason) = &unit.standing {
            object.insert("refused_because".to_owned(), json!(reason));
        }
    }
    shown
}

/// What is asked of the list of units.
#[derive(Deserialize)]
pub(super) struct Wanted {
    text: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    code: String,
    name: String,
    kind: String,
    legal_form: String,
    area: String,
    standing: String,
}

impl Line {
    fn of(row: &UnitRow) -> Self {
        Self {
            id: row.id.clone(),
            code: row.code.clone(),
            name: row.name.clone(),
            kind: row.kind.clone(),
            legal_form: row.legal_form.clone(),
            area: row.area.clone(),
            standing: row.status.clone(),
        }
    }
}

pub(super) async fn list(
    State(state): State<AppState>,
    _: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let page = Page::new(wanted.after, wanted.limit.as_deref())?;
    let after = page.after()?.map(|[name, id]: [String; 2]| (name, id));
    let rows = state.store.units(wanted.text.as_deref(), after, page.lines() + 1).await?;
    let cursor = |row: &UnitRow| vec![row.name_key.clone(), row.id.clone()];
    json(&Lines::of(rows, page.lines(), cursor, Line::of))
}
