//! 公开文书的盖章件 — of a paper that everybody reads, the sealed file in force.

use axum::extract::{Path, State};
use consortium::actor::Actor;
use consortium::ids::DossierId;

use crate::http::{Answer, Fault, Visitor};
use crate::pages::dossier::sealed::shown;
use crate::pages::shell::Shell;
use crate::papers;
use crate::state::AppState;

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((id, sequence, kind)): Path<(String, String, String)>,
) -> Answer {
    let (public, under) = (Actor::public(), format!("/registry/{id}"));
    let id = DossierId(id);
    let name = state.office.read(&public, &id).await?.view.name;
    let shell =
        Shell::new(&visitor, "盖章件").crumb("/", "备案名录").crumb(under.as_str(), name.as_str());
    let paper = (sequence.parse().unwrap_or(0), kind.as_str());
    shown(&state, &public, &id, paper, (shell, name, under)).await
}

pub(super) async fn take(
    State(state): State<AppState>,
    Path((id, sequence, kind, no)): Path<(String, String, String, String)>,
) -> Answer {
    let paper = (sequence.parse().unwrap_or(0), kind.as_str());
    let no = no.parse().unwrap_or(0);
    papers::sealed::file(&state, &Actor::public(), &DossierId(id), paper, no)
        .await?
        .ok_or(Fault::NotFound)
}
