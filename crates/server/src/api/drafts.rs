//! 草稿 — the working text of a section for programs, put together as for pages.

use axum::extract::{Path, State};
use consortium::{ids::UnitId, materials::Part, unit};
use serde::Deserialize;
use serde_json::json;

use super::asked::Query;
use super::body::Json;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json as answer};
use crate::drafts::carry::{self, Back, Carry};
use crate::drafts::merge::{self, Clash, Fields, Merged, Posted};
use crate::drafts::{self, Kept, Open, Writer};
use crate::http::SignedIn;
use crate::office::{Envelope, Opened};
use crate::pages::dossier::carry::Carrying;
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

/// A section of a dossier, and whose block of it.
struct Place {
    opened: Opened,
    part: Part,
    block: Option<UnitId>,
}

impl Place {
    async fn of(
        state: &AppState,
        signed: &SignedIn,
        (dossier, part): (&str, &str),
        unit: Option<&str>,
    ) -> Result<Self, Trouble> {
        let dossier = id::dossier(dossier)?;
        let part = Part::named(part).ok_or_else(Problem::not_found)?;
        let block = unit.map(UnitId::from).filter(|_| part.by_unit());
        Ok(Self { opened: state.office.read(&signed.actor, &dossier).await?, part, block })
    }

    fn writer<'a>(&'a self, state: &AppState, signed: &'a SignedIn) -> Writer<'a> {
        let (dossier, view) = (&self.opened.dossier, &self.opened.view);
        Writer { actor: &signed.actor, dossier, view, today: state.clock.today() }
    }
}

async fn open(
    state: &AppState,
    signed: &SignedIn,
    dossier: &str,
    part: &str,
    which: Which,
) -> Result<Open, Trouble> {
    let place = Place::of(state, signed, (dossier, part), which.unit.as_deref()).await?;
    let (part, block) = (place.part, place.block.clone());
    Ok(place.writer(state, signed).open(&state.office, part, block).await?)
}

/// The draft as it stands, also when it can be saved no longer.
pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let place = Place::of(&state, &signed, (&dossier, &part), which.unit.as_deref()).await?;
    let (part, block) = (place.part, place.block.clone());
    let open = place.writer(&state, &signed).look(&state.office, part, block).await?;
    let draft = open.read(&state.store).await?;
    let merged = Merged { now: draft.now, clashes: draft.clashes, ..Merged::default() };
    let proposed = carry::proposed(&state, &signed.actor, &open).await?;
    told(&open, &merged, (draft.number, draft.open), &proposed)
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
    told_kept(&open, &kept)
}

/// Which draft is thrown away, and up to which write.
#[derive(Deserialize)]
pub(super) struct Thrown {
    unit: Option<String>,
    number: Option<i64>,
}

/// Throws the draft of a section away, as far as it was shown.
pub(super) async fn discard(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(thrown): Query<Thrown>,
) -> Answer {
    let number = thrown.number.ok_or_else(|| {
        Problem::malformed(Some("number"), "写明丢弃到第几次改动，即取得草稿时给出的 number")
    })?;
    let place = Place::of(&state, &signed, (&dossier, &part), thrown.unit.as_deref()).await?;
    let section = (place.part, place.block.as_ref());
    let (actor, dossier) = (&signed.actor, &place.opened.dossier);
    let discarded = drafts::discard(&state.store, actor, dossier, section, number).await?;
    answer(&json!({ "discarded": discarded }))
}

/// What a write came to, as of that write: what others typed since is not in its number.
fn told_kept(open: &Open, kept: &Kept) -> Answer {
    let unsaved = open.unsaved(&kept.merged.now).len();
    told(open, &kept.merged, (kept.number, unsaved), &Fields::new())
}

/// `number` is the last write of the draft, `unsaved` how many of its fields are not written; what is
/// proposed stands beside the draft until a program takes it.
fn told(
    open: &Open,
    merged: &Merged,
    (number, unsaved): (i64, usize),
    proposed: &Fields,
) -> Answer {
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
        "proposed": proposed,
        "number": number,
    }))
}

/// What of a unit's record is taken over, by the keys of what was proposed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    take: Vec<String>,
}

/// Which sections of a unit's record are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    give: Vec<String>,
}

async fn carrying(
    state: &AppState,
    signed: &SignedIn,
    dossier: &str,
    part: &str,
    which: Which,
) -> Result<Carrying, Trouble> {
    let open = open(state, signed, dossier, part, which).await?;
    Ok(Carrying::begin(state, signed, open).await?)
}

/// What of a unit's record can go into the draft.
pub(super) async fn from_unit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let carrying = carrying(&state, &signed, &dossier, &part, which).await?;
    let item = |carry: &Carry| {
        json!({
            "key": carry.key, "label": carry.label, "now": carry.now, "kept": carry.kept,
            "overwrites": carry.overwrites(), "fields": carry.fields,
        })
    };
    let items: Vec<_> = carrying.proposals().iter().map(item).collect();
    answer(&json!({ "items": items }))
}

/// Takes what was chosen into the draft; what somebody changed meanwhile is told and left alone.
pub(super) async fn take(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    Json(chosen): Json<Chosen>,
) -> Answer {
    let carrying = carrying(&state, &signed, &dossier, &part, which).await?;
    let proposals = carrying.proposals();
    let known = |key: &&String| proposals.iter().all(|carry| carry.key != **key);
    if let Some(key) = chosen.take.iter().find(known) {
        let sentence = format!("没有可以带入的“{key}”，先用 GET 取得可以带入的内容");
        return Err(Problem::malformed(Some("take"), &sentence).into());
    }
    let chosen: Vec<Carry> =
        proposals.into_iter().filter(|carry| chosen.take.contains(&carry.key)).collect();
    let (now_ms, wall_ms) = (state.clock.now_ms(), state.clock.wall_ms());
    let posted = carry::taken(&chosen, &carrying.draft.now, crate::http::random::key(), wall_ms);
    let posted = carrying.open.bounded(posted)?;
    let person = signed.actor.person.as_str();
    let kept = carrying.open.keep(&state.store, posted, person, now_ms, wall_ms).await?;
    told_kept(&carrying.open, &kept)
}

/// What a section says that the unit's record does not.
pub(super) async fn to_unit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let carrying = carrying(&state, &signed, &dossier, &part, which).await?;
    let own = signed.actor.unit().cloned().ok_or_else(Problem::not_found)?;
    answer(&json!({ "items": given(&carrying.backs(&own)) }))
}

fn given(backs: &[Back]) -> Vec<serde_json::Value> {
    let item = |back: &Back| json!({ "detail": back.detail.kind().name(), "section": back.detail, "now": back.now });
    backs.iter().map(item).collect()
}

/// Writes what was chosen to the unit's own record, one command a section.
pub(super) async fn give(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    Json(chosen): Json<Given>,
) -> Answer {
    let carrying = carrying(&state, &signed, &dossier, &part, which).await?;
    let own = signed.actor.unit().cloned().ok_or_else(Problem::not_found)?;
    let backs = carrying.backs(&own);
    let known = |name: &&String| backs.iter().all(|back| back.detail.kind().name() != **name);
    if let Some(name) = chosen.give.iter().find(known) {
        let sentence = format!("没有可以存回的“{name}”，先用 GET 取得可以存回的内容");
        return Err(Problem::malformed(Some("give"), &sentence).into());
    }
    let mut done = Vec::new();
    for back in backs {
        let name = back.detail.kind().name();
        if chosen.give.iter().any(|given| given == name) {
            let command = unit::Command::WriteDetail(back.detail);
            state.office.unit(&signed.actor, &own, &command, Envelope::default()).await?;
            done.push(name);
        }
    }
    answer(&json!({ "written": done }))
}
