//! 办法、参数和参照数据 — what a program needs to speak of the same things.

use axum::extract::State;
use consortium::{
    change::ChangeKind,
    command::VERBS,
    dossier::StageKind,
    expert_review::CRITERIA,
    materials::{Part, PlatformLevel, WorkKind},
    measures::requirements::{Carried, LawEntry, law},
    reference,
    register::Status,
    support::SupportClause,
    unit::{LegalForm, UnitKind},
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::affairs::setting;
use super::asked::Query;
use super::problem::Problem;
use super::{Answer, json};
use crate::state::AppState;

/// The regulation, clause by clause, with what carries it out.
pub(super) async fn regulation() -> Answer {
    json(&law().iter().map(entry).collect::<Vec<_>>())
}

fn entry(entry: &LawEntry) -> Value {
    let carried = |one: &Carried| json!({ "kind": one.word(), "name": one.name() });
    let asked: Vec<Value> = entry
        .requirements
        .iter()
        .map(|asked| json!({ "rule": asked.id, "clause": asked.clause.0, "asks": asked.zh }))
        .collect();
    json!({
        "clause": entry.clause.id.0,
        "article": entry.clause.article,
        "label": entry.clause.label,
        "text": entry.clause.text,
        "requirements": asked,
        "carried_by": entry.carried_by.iter().map(carried).collect::<Vec<_>>(),
    })
}

/// The day whose parameters are asked for.
#[derive(Deserialize)]
pub(super) struct On {
    on: Option<String>,
}

pub(super) async fn parameters(State(state): State<AppState>, Query(on): Query<On>) -> Answer {
    let day: Date = match on.on.filter(|day| !day.is_empty()) {
        None => state.clock.today(),
        Some(day) => {
            day.parse().map_err(|_| Problem::malformed(Some("on"), "on 写日期，如 2026-03-03"))?
        }
    };
    let affairs = state.office.affairs().await?;
    let parameters = affairs.parameters_on(day);
    let rows: Vec<Value> = parameters
        .iter()
        .map(|(key, value)| {
            let entry = key.entry(day);
            json!({
                "key": key, "title": entry.zh, "value": value, "shown": entry.unit.show(value),
                "least": entry.least, "most": entry.most, "basis": entry.basis,
                "clause": entry.clause.0, "effective_from": entry.effective_from,
            })
        })
        .collect();
    let settings: Vec<Value> = affairs.settings.iter().map(setting).collect();
    json(&json!({ "on": day, "parameters": rows, "settings": settings }))
}

fn named(pairs: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<Value> {
    pairs.into_iter().map(|(name, term)| json!({ "value": name, "title": term })).collect()
}

fn classes(classes: &'static [reference::Class]) -> Vec<Value> {
    named(classes.iter().map(|class| (class.id, class.name)))
}

/// Every list that values are chosen from.
pub(super) async fn lists() -> Answer {
    let area = |area: &reference::Area| json!({ "code": area.code, "name": area.name, "league": area.league });
    let authority = |authority: &reference::Authority| json!({ "id": authority.id, "name": authority.name, "area": authority.area });
    let criterion = |(name, most): &(&str, u8)| json!({ "name": name, "most": most });
    json(&json!({
        "areas": reference::areas().iter().map(area).collect::<Vec<_>>(),
        "authorities": reference::authorities().iter().map(authority).collect::<Vec<_>>(),
        "fields": classes(reference::fields()),
        "industries": classes(reference::industries()),
        "stages": named(StageKind::ALL.map(|stage| (stage.name(), stage.term()))),
        "statuses": named(Status::ALL.map(|status| (status.name(), status.term()))),
        "unit_kinds": named(UnitKind::ALL.map(|kind| (kind.name(), kind.term()))),
        "legal_forms": named(LegalForm::ALL.map(|form| (form.name(), form.term()))),
        "platform_levels": named(PlatformLevel::ALL.map(|level| (level.name(), level.term()))),
        "work_kinds": named(WorkKind::ALL.map(|kind| (kind.name(), kind.term()))),
        "parts": named(Part::ALL.map(|part| (part.name(), part.term()))),
        "change_kinds": named(ChangeKind::ALL.map(|kind| (kind.name(), kind.term()))),
        "support_clauses": named(SupportClause::ALL.map(|clause| (clause.id(), clause.term()))),
        "criteria": CRITERIA.iter().map(criterion).collect::<Vec<_>>(),
        "commands": named(VERBS.iter().map(|verb| (verb.name, verb.term))),
    }))
}
