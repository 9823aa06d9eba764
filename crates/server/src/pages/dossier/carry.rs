//! 从单位资料带入、存回单位资料 — what goes over is shown field by field, and only what is ticked
//! goes.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use consortium::ids::UnitId;
use consortium::materials::Part;
use consortium::unit::{Command, DetailKind, Unit};
use serde::Deserialize;

use super::desk::Desk;
use crate::drafts::carry::{self, Back, Carry};
use crate::drafts::merge::{Fields, base};
use crate::drafts::{Draft, Open};
use crate::forms;
use crate::http::{Answer, Fault, Form as Posted, SignedIn, random, see_other_with};
use crate::office::{Envelope, OfficeError};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::state::AppState;

/// Which member's block.
#[derive(Clone, Deserialize)]
pub(super) struct Which {
    unit: Option<String>,
}

#[derive(Template)]
#[template(path = "dossier/carry.html")]
struct CarryPage {
    shell: Shell,
    title: String,
    name: String,
    back: String,
    action: String,
    rows: Vec<Carry>,
    backs: Vec<Back>,
    /// Own rows of the platforms that the register does not have.
    unregistered: Vec<String>,
    unit: String,
    unit_name: String,
    key: String,
    base: String,
    into: bool,
}

/// A section with its draft and the records of its parties.
pub(crate) struct Carrying {
    pub(crate) open: Open,
    pub(crate) draft: Draft,
    pub(crate) units: BTreeMap<UnitId, Unit>,
}

impl Carrying {
    /// Opens a section for carrying: only for who may write it.
    pub(crate) async fn begin(
        state: &AppState,
        signed: &SignedIn,
        open: Open,
    ) -> Result<Self, Fault> {
        if !carry::takes(open.part) {
            return Err(Fault::NotFound);
        }
        if !carry::is_for(&signed.actor, &open) {
            let sentence = "单位资料由本单位自己带入自己的一节。".to_owned();
            return Err(Fault::Forbidden(sentence));
        }
        let units = carry::records(&state.office, &open).await?;
        let draft = open.read(&state.store).await?;
        Ok(Self { open, draft, units })
    }

    /// What can be taken over.
    pub(crate) fn proposals(&self) -> Vec<Carry> {
        carry::proposals(&self.open, &self.draft.now, &self.units)
    }

    /// What can go back to the asker's own record.
    pub(crate) fn backs(&self, own: &UnitId) -> Vec<Back> {
        let unit = self.units.get(own).filter(|_| *own == carry::source(&self.open));
        unit.map(|unit| carry::back(&self.open, &self.draft.now, unit)).unwrap_or_default()
    }
}

async fn begin(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    part: &str,
    which: &Which,
) -> Result<(Desk, Carrying), Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    let part = Part::named(part).filter(|part| forms::is_section(*part)).ok_or(Fault::NotFound)?;
    let block = which.unit.as_deref().map(UnitId::from).filter(|_| part.by_unit());
    let open = desk.writer().open(&state.office, part, block).await?;
    let carrying = Carrying::begin(state, signed, open).await?;
    Ok((desk, carrying))
}

fn shown(
    signed: &SignedIn,
    desk: &Desk,
    carrying: &Carrying,
    into: bool,
) -> Result<CarryPage, Fault> {
    let open = &carrying.open;
    let section = desk.section(open.part, open.block.as_ref());
    let query = open.block.as_ref().map(|unit| format!("?unit={unit}")).unwrap_or_default();
    let way = if into { "from-unit" } else { "to-unit" };
    let words = if into { "从单位资料带入" } else { "存回单位资料" };
    let own = signed.actor.unit().cloned().ok_or(Fault::NotFound)?;
    let rows = if into { carrying.proposals() } else { Vec::new() };
    let touched: Fields = rows
        .iter()
        .flat_map(|carry| carry.fields.keys())
        .filter_map(|name| Some((name.clone(), carrying.draft.now.get(name)?.clone())))
        .collect();
    let unregistered = if open.part == Part::Platforms {
        carry::unregistered(&carrying.draft.now, &own)
    } else {
        Vec::new()
    };
    let unit_name = carrying.units.get(&own).map_or(String::new(), |u| u.profile.name.clone());
    Ok(CarryPage {
        shell: Shell::new(&signed.visitor, words)
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short())
            .crumb(section.clone(), open.part.term()),
        title: words.to_owned(),
        name: open.part.term().to_owned(),
        action: desk.to(&format!("sections/{}/{way}{query}", open.part.name())),
        back: section,
        backs: if into { Vec::new() } else { carrying.backs(&own) },
        unregistered,
        unit: own.to_string(),
        unit_name,
        key: random::key(),
        base: serde_json::to_string(&base(&touched)).map_err(Fault::internal)?,
        rows,
        into,
    })
}

pub(super) async fn from_unit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let (desk, carrying) = begin(&state, &signed, &id, &part, &which).await?;
    page(&shown(&signed, &desk, &carrying, true)?)
}

pub(super) async fn take(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    posted: Posted,
) -> Answer {
    let (desk, carrying) = begin(&state, &signed, &id, &part, &which).await?;
    let section = desk.section(carrying.open.part, carrying.open.block.as_ref());
    let ticked = |key: &str| posted.0.iter().any(|(name, value)| name == "take" && value == key);
    let chosen: Vec<Carry> =
        carrying.proposals().into_iter().filter(|carry| ticked(&carry.key)).collect();
    if chosen.is_empty() {
        let text = "没有选中任何一项，草稿没有改动".to_owned();
        return Ok(see_other_with(&state, &section, &Flash { tone: Tone::Warn, text }));
    }
    // What the page showed, not what stands there now: a change since is asked about.
    let known: Fields = serde_json::from_str(posted.get("_base"))
        .map_err(|_| Fault::Malformed("页面的内容读不懂，刷新后再办。".to_owned()))?;
    let mut sent = carry::taken(&chosen, &carrying.draft.now, posted.key().to_owned(), 0);
    sent.base = known.into_iter().filter(|(name, _)| sent.fields.contains_key(name)).collect();
    sent.turn = state.clock.wall_ms();
    let sent = carrying.open.bounded(sent)?;
    let (now_ms, wall_ms) = (state.clock.now_ms(), state.clock.wall_ms());
    let person = signed.actor.person.as_str();
    let kept = carrying.open.keep(&state.store, sent, person, now_ms, wall_ms).await?;
    let flash = if kept.merged.clashes.is_empty() {
        let text = format!("已带入 {} 项到草稿，核对后保存", chosen.len());
        Flash { tone: Tone::Ok, text }
    } else {
        let labels: Vec<String> =
            kept.merged.clashes.iter().map(|clash| carrying.open.label(&clash.field)).collect();
        let text = format!("这几处刚有人改过，没有带入：{}。核对后可以再带入", labels.join("、"));
        Flash { tone: Tone::Warn, text }
    };
    Ok(see_other_with(&state, &section, &flash))
}

pub(super) async fn to_unit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let (desk, carrying) = begin(&state, &signed, &id, &part, &which).await?;
    page(&shown(&signed, &desk, &carrying, false)?)
}

pub(super) async fn give(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    posted: Posted,
) -> Answer {
    let (desk, carrying) = begin(&state, &signed, &id, &part, &which).await?;
    let section = desk.section(carrying.open.part, carrying.open.block.as_ref());
    let own = signed.actor.unit().cloned().ok_or(Fault::NotFound)?;
    let ticked = |kind: DetailKind| {
        posted.0.iter().any(|(name, value)| name == "give" && value == kind.name())
    };
    let chosen = carrying.backs(&own).into_iter().filter(|back| ticked(back.detail.kind()));
    let mut kept = Vec::new();
    for back in chosen {
        let (kind, command) = (back.detail.kind(), Command::WriteDetail(back.detail));
        let key = format!("{}-{}", posted.key(), kind.name());
        match state.office.unit(&signed.actor, &own, &command, Envelope::keyed(key)).await {
            Ok(_) => kept.push(kind.term()),
            Err(OfficeError::Refused(refusal)) => {
                let done = if kept.is_empty() {
                    String::new()
                } else {
                    format!("“{}”已存回；", kept.join("”“"))
                };
                let text = format!("{done}“{}”没有存回：{refusal}", kind.term());
                return Ok(see_other_with(&state, &section, &Flash { tone: Tone::Warn, text }));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let flash = if kept.is_empty() {
        let text = "没有选中任何一节，单位资料没有改动".to_owned();
        Flash { tone: Tone::Warn, text }
    } else {
        Flash { tone: Tone::Ok, text: format!("已存回单位资料：{}", kept.join("、")) }
    };
    Ok(see_other_with(&state, &section, &flash))
}
