//! 草稿 — the working text of a section for programs, put together as for pages.

use axum::extract::{Path, State};
use consortium::{ids::UnitId, materials::Part};
use serde::Deserialize;
use serde_json::json;

use super::asked::Query;
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json as answer};
use crate::drafts::merge::{self, Clash, Fields, Merged, Posted};
use crate::drafts::{self, Open};
use crate::http::SignedIn;
use crate::state::AppState;

/// Which member's block.
#[derive(Deserialize)]
pub(super) struct Which {
    unit: Option<String>,
}

/// What somebody typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    hand: String,
    turn: i64,
    #[serde(default)]
    base: Fields,
    fields: Fields,
}

/// Letters of what a program calls itself.
const HAND_CHARS: usize = 64;

async fn open(
    state: &AppState,
    signed: &SignedIn,
    dossier: &str,
    part: &str,
    which: Which,
) -> Result<Open, Trouble> {
    let dossier = id::dossier(dossier)?;
    let part = Part::named(part).ok_or_else(Problem::not_found)?;
    let unit = which.unit.as_deref().map(UnitId::from).filter(|_| part.by_unit());
    let opened = state.office.read(&signed.actor, &dossier).await?;
    let today = state.clock.today();
    Ok(drafts::open(&signed.actor, &opened.dossier, &opened.view, today, part, unit)?)
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let open = open(&state, &signed, &dossier, &part, which).await?;
    let draft = open.read(&state.store).await?;
    let merged = Merged { now: draft.now, clashes: draft.clashes, ..Merged::default() };
    told(&open, &merged, draft.open)
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    Json(typed): Json<Typed>,
) -> Answer {
    let open = open(&state, &signed, &dossier, &part, which).await?;
    let Typed { hand, turn, base, fields } = typed;
    let hand = hand.chars().take(HAND_CHARS).collect();
    let posted = open.bounded(Posted { hand, turn, base, fields })?;
    let (now_ms, wall_ms) = (state.clock.now_ms(), state.clock.wall_ms());
    let person = signed.actor.person.as_str();
    let kept = open.keep(&state.store, posted, person, now_ms, wall_ms).await?;
    let unsaved = open.read(&state.store).await?.open;
    told(&open, &kept.merged, unsaved)
}

fn told(open: &Open, merged: &Merged, unsaved: usize) -> Answer {
    let clash = |clash: &Clash| {
        json!({
            "field": clash.field,
            "label": open.label(&clash.field),
            "mine": clash.mine,
            "theirs": clash.theirs,
            "theirs_base": merge::digest(&clash.theirs),
        })
    };
    // Of what is asked about, whoever asks keeps the old digest until somebody chose.
    let mut base = merge::base(&merged.now);
    base.retain(|name, _| merged.clashes.iter().all(|clash| clash.field != *name));
    answer(&json!({
        "fields": merged.now,
        "base": base,
        "clashes": merged.clashes.iter().map(clash).collect::<Vec<_>>(),
        "moved": merged.moved,
        "unsaved": unsaved,
    }))
}
