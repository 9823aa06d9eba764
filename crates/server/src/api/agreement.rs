//! 组建协议 — the text that is signed, every version, any two side by side, and the evidence
//! (Art. 6(2)).

use axum::extract::{Path, State};
use consortium::agreement::{Edition, compare, content};
use consortium::{access, view};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::Query;
use super::problem::{Problem, Trouble};
use super::{Answer, id, json};
use crate::evidence;
use crate::http::{Visitor, download};
use crate::office::{digest_of, text_of};
use crate::state::AppState;

/// The bytes the parties sign.
pub(super) async fn text(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    if !access::mask(&actor, &opened.dossier).materials {
        return Err(Problem::not_found().into());
    }
    state.office.opened(&actor, &opened.dossier).await?;
    let text = state.office.signed_text(&opened.dossier).await?;
    let text = text.ok_or_else(Problem::not_found)?;
    Ok(download::made("agreement.json", "application/json", text.into_bytes()))
}

/// The package that shows who signed what.
pub(super) async fn package(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let package = evidence::package(&state, &actor, &dossier, None).await?;
    let package = package.ok_or_else(Problem::not_found)?;
    Ok(download::made(&package.name, "application/zip", package.bytes))
}

/// The supplement to a change: its words, its canonical bytes, and who signed them.
pub(super) async fn supplement(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, no)): Path<(String, String)>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    let filed = opened.view.filed.as_ref().ok_or_else(Problem::not_found)?;
    let view = filed.changes.iter().find(|change| change.no.to_string() == no);
    let view = view.ok_or_else(Problem::not_found)?;
    let told = view.supplement.as_ref().ok_or_else(Problem::not_found)?;
    let entry = opened.dossier.register_entry().ok_or_else(Problem::not_found)?;
    let change = entry.changes.iter().find(|change| change.no == view.no);
    let change = change.ok_or_else(Problem::not_found)?;
    // Who is given the text has opened it.
    let text = state.office.supplement_text(&actor, &dossier, &no).await?;
    let slots = state.office.supplement_progress(&opened.dossier, change).await?;
    json(&json!({
        "no": view.no,
        "kind": change.kind.name(),
        "signers": view.signers,
        "version": told.version,
        "words": told.text,
        "digest": told.digest,
        "effective_at": told.effective_at,
        "paper": told.paper,
        "slots": slots,
        "voided": told.voided,
        "text": text,
    }))
}

/// The package that shows who signed a supplement.
pub(super) async fn supplement_package(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, no)): Path<(String, String)>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let no = no.parse().map_err(|_| Problem::not_found())?;
    let package = evidence::package(&state, &actor, &dossier, Some(no)).await?;
    let package = package.ok_or_else(Problem::not_found)?;
    Ok(download::made(&package.name, "application/zip", package.bytes))
}

/// The versions that the asker reads; a dossier without any is not found.
async fn editions(
    state: &AppState,
    visitor: &Visitor,
    dossier: &str,
) -> Result<Vec<Edition>, Trouble> {
    let (dossier, actor) = (id::dossier(dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    if !access::mask(&actor, &opened.dossier).materials {
        return Err(Problem::not_found().into());
    }
    Ok(state.office.editions(&actor, &opened.dossier).await?)
}

fn line(edition: &Edition) -> Value {
    let round = edition.round.as_ref();
    json!({
        "version": edition.version,
        "since": edition.since,
        "because": edition.because,
        "standing": edition.standing(),
        "standing_term": edition.standing().term(),
        "digest": round.map(|round| &round.digest),
        "effective_at": round.and_then(|round| round.effective_at),
        "ended_at": edition.ended.as_ref().map(|(at, _)| at),
        "ended_because": edition.ended.as_ref().map(|(_, why)| why),
        "declined": edition.declined.as_ref().map(|(unit, reason)| {
            let name = edition.materials.party(unit).map(|party| &party.name);
            json!({ "unit": unit, "name": name, "reason": reason })
        }),
        "slots": round.map(|round| view::slots(&edition.materials, round)).unwrap_or_default(),
    })
}

/// Every version, oldest first, with who signed it.
pub(super) async fn versions(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let editions = editions(&state, &visitor, &dossier).await?;
    json(&editions.iter().map(line).collect::<Vec<_>>())
}

fn numbered<'a>(editions: &'a [Edition], version: &str) -> Result<&'a Edition, Problem> {
    let found = editions.iter().find(|edition| edition.version.to_string() == version);
    found.ok_or_else(Problem::not_found)
}

/// One version: its contents, its canonical bytes, and who signed them.
pub(super) async fn version(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, version)): Path<(String, String)>,
) -> Answer {
    let editions = editions(&state, &visitor, &dossier).await?;
    let edition = numbered(&editions, &version)?;
    let text = text_of(edition);
    let mut told = line(edition);
    told["content"] = content(&edition.materials);
    told["sha256"] = json!(digest_of(text.as_bytes()));
    told["text"] = json!(text);
    json(&told)
}

/// Which two versions.
#[derive(Deserialize)]
pub(super) struct Two {
    from: Option<String>,
    to: Option<String>,
}

/// Two versions, word by word.
pub(super) async fn comparison(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
    Query(asked): Query<Two>,
) -> Answer {
    let editions = editions(&state, &visitor, &dossier).await?;
    let wanted = |version: Option<String>, name| {
        version.ok_or_else(|| Problem::malformed(Some(name), "写明版次，如 from=1&to=2"))
    };
    let (from, to) = (wanted(asked.from, "from")?, wanted(asked.to, "to")?);
    let (from, to) = (numbered(&editions, &from)?, numbered(&editions, &to)?);
    let found = compare(&from.materials, &to.materials);
    json(&json!({
        "from": from.version,
        "to": to.version,
        "clauses": found.clauses,
        "tables": found.tables,
        "same": found.same,
    }))
}
