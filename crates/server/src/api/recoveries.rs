//! 找回申请 — a colleague's password asked to be set anew, and what others confirm, for programs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use store::recovery::{Case, Kind};

use super::body::Json;
use super::problem::Problem;
use super::{Answer, id, json as answer, json_with};
use crate::clock;
use crate::http::{Fault, SignedIn};
use crate::recovery::{self, REASON_MAX, written};
use crate::state::AppState;

/// Why a password is to be set anew.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    reason: String,
}

/// Begins it for a colleague, by the link of the colleague to the unit.
pub(super) async fn ask(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((unit, link)): Path<(String, String)>,
    Json(Asked { reason }): Json<Asked>,
) -> Answer {
    signed.fresh()?;
    let unit = id::unit(&unit)?;
    let unit = state.office.unit_with_people(&unit).await?.ok_or_else(Problem::not_found)?;
    if signed.actor.unit() != Some(&unit.id) {
        return Err(Problem::not_found().into());
    }
    let reason = written(&reason).ok_or_else(|| {
        let sentence = format!("写明原因，最多 {REASON_MAX} 个字，写成一段");
        Problem::malformed(Some("reason"), &sentence)
    })?;
    let asked = recovery::ask(&state, &signed.actor, &unit, (&link, reason)).await?;
    let status = if asked { StatusCode::CREATED } else { StatusCode::OK };
    json_with(status, &json!({ "asked": asked }))
}

/// What waits for the asker's confirmation.
pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let mut items = Vec::new();
    for case in recovery::waiting(&state, &signed.actor).await? {
        items.push(told(&state, &case).await?);
    }
    answer(&json!({ "items": items }))
}

async fn told(state: &AppState, case: &Case) -> Result<Value, Fault> {
    let person = state.store.person(&case.person).await?.unwrap_or_default();
    let standing = recovery::standing(state, &case.person).await?;
    Ok(json!({
        "id": case.id,
        "kind": match case.kind { Kind::Factor => "factor", Kind::Password => "password" },
        "person": case.person, "name": person.name, "login": person.login,
        "asked_by": case.asked_by, "reason": case.reason, "asked": clock::written(case.asked_ms),
        "signs": standing.signs, "opens": case.opens_ms.map(clock::written),
        "expired": recovery::is_late(case, state.clock.wall_ms()),
    }))
}

/// Whether it is the person, and how that is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    confirm: bool,
    #[serde(default)]
    grounds: String,
}

/// Confirms a case, or does not; the link of a password is given once.
pub(super) async fn settle(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(case): Path<String>,
    Json(Answered { confirm, grounds }): Json<Answered>,
) -> Answer {
    signed.fresh()?;
    let case = recovery::case(&state, &signed.actor, &case).await?;
    if !confirm {
        recovery::end(&state, &case, signed.actor.person.as_str()).await?;
        return answer(&json!({ "confirmed": false, "opens": null, "url": null }));
    }
    let grounds = written(&grounds).ok_or_else(|| {
        let sentence = format!("写明怎样核实是本人，最多 {REASON_MAX} 个字");
        Problem::malformed(Some("grounds"), &sentence)
    })?;
    let done = recovery::confirm(&state, &signed.actor, &case.id, grounds).await?;
    let url = done.secret.map(|secret| format!("{}/reset/{secret}", state.config.site()));
    answer(&json!({ "confirmed": true, "opens": clock::written(done.opens_ms), "url": url }))
}
