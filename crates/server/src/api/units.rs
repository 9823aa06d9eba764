//! 单位 — registration, activation and credit records; its people stand in [`super::people`].

use axum::extract::{Path, State};
use axum::http::StatusCode;
use consortium::{
    actor::{Actor, Capacity, Side},
    reference,
    unit::{self, Checked, DetailKind, KeptPlatform, Profile, Standing, Unit},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::UnitRow;

use super::asked::{Arrived, Lines, Page, Query};
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json, json_with};
use crate::http::{Fault, SignedIn, download};
use crate::office::new_unit_id;
use crate::pages::units::{files, history, may_see};
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
    json(&shown(&record, &signed.actor, state.clock.today()))
}

/// Everything that happened to a unit's record, newest first.
pub(super) async fn history(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
) -> Answer {
    let unit = id::unit(&unit)?;
    let record = state.office.unit_record(&unit).await?.ok_or_else(Problem::not_found)?;
    if !may_see(&signed.actor, &record) {
        return Err(Problem::not_found().into());
    }
    let occurred = state.office.unit_history(&unit).await?;
    let told = history::told(&signed.actor, &record, &occurred);
    let change = |(label, before, after): &(String, String, String)| json!({ "label": label, "before": before, "after": after });
    let items = told.iter().map(|moment| {
        json!({
            "at": moment.at, "by": moment.by, "title": moment.title, "note": moment.note,
            "changes": moment.changes.iter().map(change).collect::<Value>(),
        })
    });
    json(&json!({ "items": items.collect::<Value>() }))
}

/// A file that a unit's record names.
pub(super) async fn file(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((unit, digest)): Path<(String, String)>,
) -> Answer {
    let (unit, digest) = (id::unit(&unit)?, id::digest(&digest)?);
    let record = state.office.unit_record(&unit).await?.ok_or_else(Problem::not_found)?;
    let seen = may_see(&signed.actor, &record);
    let name = files::named(&signed.actor, &record, &digest).filter(|_| seen);
    let name = name.ok_or_else(Problem::not_found)?;
    let reading = state.store.open_file(&digest.0, state.clock.now_ms()).await?;
    Ok(download::attachment(&name, reading.ok_or_else(Problem::not_found)?))
}

fn platform(unit: &Unit, kept: &KeptPlatform, today: Date) -> Value {
    let (counts, why) = kept.entry.counts(today);
    let (checked, reason) = match &kept.checked {
        Checked::Waiting => ("waiting", None),
        Checked::Confirmed => ("confirmed", None),
        Checked::Returned(reason) => ("returned", Some(reason)),
    };
    json!({
        "platform": kept.no, "reference": kept.reference(&unit.id),
        "unit": unit.id, "unit_name": unit.profile.name,
        "entry": kept.entry, "level": kept.entry.level(), "checked": checked,
        "returned_because": reason, "since": kept.since,
        "counts": counts.name(), "why": why,
    })
}

/// The platforms of the register: for authorities those of their area, for the Department all.
pub(super) async fn platforms(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let own = match &signed.actor.side {
        Side::Authority(own) => Some(own.clone()),
        Side::Department => None,
        Side::Unit(_) | Side::Expert | Side::Public | Side::Operator | Side::Calendar => {
            let sentence = "平台登记由归口管理部门和自治区科技厅查看".to_owned();
            return Err(Fault::Forbidden(sentence).into());
        }
    };
    let today = state.clock.today();
    let units = state.office.every_unit().await?;
    let seen = units.iter().filter(|unit| own.is_none() || unit.authority == own);
    let items: Value = seen
        .flat_map(|unit| unit.platforms.iter().map(|kept| platform(unit, kept, today)))
        .collect();
    json(&json!({ "items": items }))
}

/// A unit as somebody sees it: credit records for itself, its authority and the Department, personal
/// data for those who need it.
fn shown(unit: &Unit, actor: &Actor, today: Date) -> Value {
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
    if let (true, Some(object)) = (may_see(actor, unit), shown.as_object_mut()) {
        let platforms = unit.platforms.iter().map(|kept| platform(unit, kept, today));
        object.insert("platforms".to_owned(), platforms.collect());
    }
    if let (true, Some(object)) = (inside, shown.as_object_mut()) {
        let record = |kept: &unit::KeptRecord| {
            json!({
                "source": kept.record.source, "list": kept.record.list,
                "basis": kept.record.basis,
                "from": kept.record.from, "until": kept.record.until,
                "proof": kept.record.proof, "lifted_on": kept.lifted_on, "repair": kept.repair,
            })
        };
        let personal = unit::reads_personal(actor, unit);
        if personal {
            object.insert("representative".to_owned(), json!(unit.profile.representative));
            object.insert("phone".to_owned(), json!(unit.profile.phone));
            let term =
                |term: &unit::Term| json!({ "name": term.name, "from": term.from, "to": term.to });
            let terms = unit.representatives.iter().map(term).collect();
            object.insert("representatives".to_owned(), terms);
        }
        let kinds = DetailKind::ALL.into_iter().filter(|k| personal || *k != DetailKind::Contact);
        let details = kinds.filter_map(|kind| unit.details.section(kind)).map(|one| json!(one));
        object.insert("details".to_owned(), details.collect());
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
