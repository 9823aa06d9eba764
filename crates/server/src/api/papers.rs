//! 文书 — the papers of a dossier that the asker may read, and their files.

use axum::extract::{Path, State};

use super::{Answer, id, json};
use crate::http::Visitor;
use crate::papers::verify::look_up;
use crate::papers::{self, Told};
use crate::state::AppState;

pub(super) async fn list(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    let papers = papers::listed(&state.store, &actor, &opened.dossier).await?;
    json(&papers.into_iter().map(Told::from).collect::<Vec<_>>())
}

/// The paper of a code, for anybody.
pub(super) async fn verify(State(state): State<AppState>, Path(code): Path<String>) -> Answer {
    let paper = look_up(&state, &code).await?;
    json(&paper.ok_or_else(super::problem::Problem::not_found)?)
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, sequence, kind)): Path<(String, String, String)>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let sequence = sequence.parse().unwrap_or(0);
    papers::file(&state, &actor, &dossier, sequence, &kind)
        .await?
        .ok_or_else(|| super::problem::Problem::not_found().into())
}

/// A sealed file of a paper.
pub(super) async fn sealed(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((dossier, sequence, kind, no)): Path<(String, String, String, String)>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let paper = (sequence.parse().unwrap_or(0), kind.as_str());
    papers::sealed::file(&state, &actor, &dossier, paper, no.parse().unwrap_or(0))
        .await?
        .ok_or_else(|| super::problem::Problem::not_found().into())
}
