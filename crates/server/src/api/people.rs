//! 单位人员 — who acts for a unit, invitations to it, and disputes about it, for programs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use consortium::{
    ids::UnitId,
    unit::{
        Command, Unit,
        dispute::reads,
        invitation::{Invited, Outcome, standing},
        people::{LinkStanding, manages},
    },
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Arrived;
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json, json_with};
use crate::http::{SignedIn, random, session};
use crate::office::{Enclosure, Envelope};
use crate::state::AppState;

/// The unit with its people, for those who work for it.
async fn own(state: &AppState, signed: &SignedIn, unit: &str) -> Result<Unit, Trouble> {
    let unit = id::unit(unit)?;
    if signed.actor.unit() != Some(&unit) {
        return Err(Problem::not_found().into());
    }
    Ok(state.office.unit_with_people(&unit).await?.ok_or_else(Problem::not_found)?)
}

pub(super) async fn list(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
) -> Answer {
    let unit = own(&state, &signed, &unit).await?;
    let links: Vec<Value> = unit
        .people
        .links
        .iter()
        .map(|link| {
            let (standing, refused) = match &link.standing {
                LinkStanding::Proposed => ("proposed", None),
                LinkStanding::Held => ("held", None),
                LinkStanding::NotConfirmed(reason) => ("not_confirmed", Some(reason)),
            };
            json!({
                "link": link.made.link, "person": link.made.person, "name": link.made.name.value,
                "capacity": link.made.capacity, "from": link.made.from, "to": link.made.to,
                "words": link.made.evidence.words, "file": link.made.evidence.file,
                "standing": standing, "refused_because": refused,
                "confirmed_by": link.made.confirmed.as_ref().map(|by| &by.name.value),
                "confirmed_on": link.made.confirmed.as_ref().map(|by| by.on),
            })
        })
        .collect();
    let today = state.clock.today();
    let invitations: Vec<Value> = (1u32..)
        .zip(&unit.people.invitations)
        .map(|(no, kept)| {
            let outcome = match kept.outcome {
                Outcome::Waiting if kept.waits_on(today) => "waiting",
                Outcome::Waiting => "expired",
                Outcome::Accepted(_) => "accepted",
                Outcome::Revoked => "revoked",
                Outcome::Declined => "declined",
            };
            json!({
                "no": no, "name": kept.asked.name.value, "address": kept.asked.address.value,
                "capacity": kept.asked.capacity, "until": kept.until, "outcome": outcome,
            })
        })
        .collect();
    json(&json!({ "links": links, "invitations": invitations }))
}

/// What is told of an invitation: the link is given once.
fn made(no: u32, until: jiff::civil::Date, url: Option<&str>) -> Value {
    json!({ "no": no, "until": until, "url": url })
}

/// Asks for something that makes a link; gives the link.
async fn linked(
    state: &AppState,
    signed: &SignedIn,
    (unit, command): (&UnitId, &Command),
    envelope: Envelope,
) -> Result<String, Trouble> {
    let secret = random::secret_hex();
    let enclosure = Enclosure { link: Some(session::digest(&secret)), ..Enclosure::default() };
    state.office.unit_with(&signed.actor, unit, command, (envelope, enclosure)).await?;
    Ok(format!("{}/invitations/{secret}", state.config.site()))
}

pub(super) async fn invite(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
    Arrived(envelope): Arrived,
    Json(asked): Json<Invited>,
) -> Answer {
    signed.fresh()?;
    let unit = own(&state, &signed, &unit).await?;
    let today = state.clock.today();
    manages(&unit, &signed.actor, today)?;
    // Asked again: the same invitation, and its link was given when it was made.
    if let Some(no) = standing(&unit, &asked, today) {
        let until = unit.invitation(no).map_or(today, |kept| kept.until);
        return json(&made(no, until, None));
    }
    let command = Command::Invite(asked.clone());
    let url = linked(&state, &signed, (&unit.id, &command), envelope).await?;
    let after = state.office.unit_record(&unit.id).await?.ok_or_else(Problem::not_found)?;
    let no = standing(&after, &asked, today).unwrap_or_default();
    let until = after.invitation(no).map_or(today, |kept| kept.until);
    json_with(StatusCode::CREATED, &made(no, until, Some(&url)))
}

pub(super) async fn renew(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((unit, no)): Path<(String, u32)>,
    Arrived(envelope): Arrived,
) -> Answer {
    signed.fresh()?;
    let unit = own(&state, &signed, &unit).await?;
    let command = Command::RenewInvitation { no };
    let url = linked(&state, &signed, (&unit.id, &command), envelope).await?;
    let after = state.office.unit_record(&unit.id).await?.ok_or_else(Problem::not_found)?;
    let until = after.invitation(no).ok_or_else(Problem::not_found)?.until;
    json_with(StatusCode::CREATED, &made(no, until, Some(&url)))
}

/// The unit and the number of the invitation that a secret opens.
async fn opened(state: &AppState, secret: &str) -> Result<(Unit, u32), Trouble> {
    let found = state.store.invitation(&session::digest(secret)).await?;
    let (unit, no) = found.ok_or_else(Problem::not_found)?;
    let unit = state.office.unit_with_people(&UnitId(unit)).await?;
    Ok((unit.ok_or_else(Problem::not_found)?, no))
}

/// Looking changes nothing.
pub(super) async fn invitation(
    State(state): State<AppState>,
    _: SignedIn,
    Path(secret): Path<String>,
) -> Answer {
    let (unit, no) = opened(&state, &secret).await?;
    let kept = unit.invitation(no).ok_or_else(Problem::not_found)?;
    json(&json!({
        "unit": unit.id, "unit_name": unit.profile.name, "capacity": kept.asked.capacity,
        "whom": kept.whom(), "until": kept.until,
        "waits": kept.waits_on(state.clock.today()),
    }))
}

/// Whether an invitation is accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    accept: bool,
}

pub(super) async fn answer(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(secret): Path<String>,
    Arrived(envelope): Arrived,
    Json(Answered { accept }): Json<Answered>,
) -> Answer {
    let (unit, no) = opened(&state, &secret).await?;
    let login = signed.signed().login.clone();
    let command = if accept {
        Command::AcceptInvitation { no, login }
    } else {
        Command::DeclineInvitation { no, login }
    };
    json(&state.office.unit(&signed.actor, &unit.id, &command, envelope).await?)
}

pub(super) async fn disputes(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(unit): Path<String>,
) -> Answer {
    let unit = id::unit(&unit)?;
    let unit = state.office.unit_with_people(&unit).await?.ok_or_else(Problem::not_found)?;
    let seen: Vec<Value> = (1u32..)
        .zip(&unit.people.disputes)
        .filter(|(no, _)| reads(&unit, &signed.actor, *no))
        .map(|(no, dispute)| {
            let said = |said: &consortium::unit::dispute::Statement| {
                let open = said.file.as_ref().and_then(|file| unit.paper_for(&signed.actor, file));
                json!({
                    "by": if said.claimant { "claimant" } else { "unit" }, "on": said.on,
                    "text": said.text, "file": said.file.as_ref().filter(|_| open.is_some()),
                })
            };
            json!({
                "no": no, "on": dispute.on,
                "statements": dispute.statements.iter().map(said).collect::<Vec<_>>(),
                "decided": dispute.decided.as_ref().map(|decided| json!({
                    "upheld": decided.upheld, "reason": decided.reason, "on": decided.by.on,
                })),
            })
        })
        .collect();
    if seen.is_empty() && signed.actor.unit() != Some(&unit.id) {
        return Err(Problem::not_found().into());
    }
    json(&json!({ "items": seen }))
}
