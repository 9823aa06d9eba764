//! 文书 — the papers of a dossier that its reader may read, and taking one out.

use axum::extract::{Path, State};
use consortium::{Dossier, actor::Actor, ids::DossierId};

use crate::clock;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Table, Tone};
use crate::papers::{self, Listed};
use crate::state::AppState;

/// The papers as a table, newest first; nothing where there is none to read.
pub(crate) async fn table(
    state: &AppState,
    actor: &Actor,
    dossier: &Dossier,
    under: &str,
) -> Result<Option<Table>, store::StoreError> {
    let listed = papers::listed(&state.store, actor, dossier).await?;
    if listed.is_empty() {
        return Ok(None);
    }
    let mut table = Table::new("文书", &["文书", "条款"]);
    for paper in listed.iter().rev() {
        table.push(vec![file(paper, under), ui::clause(paper.kind.clauses()[0])]);
    }
    Ok(Some(table))
}

fn file(paper: &Listed, under: &str) -> Html {
    let (term, written) = (paper.kind.term(), clock::written(paper.ordered_ms));
    let Some(made) = &paper.made else {
        return Html::text(term).then(&" ".into()).then(&ui::status(Tone::Run, "正在制作"));
    };
    let day = written.split(' ').next().unwrap_or_default();
    let href = format!("{under}/papers/{}/{}", paper.sequence, paper.kind.key());
    Html::named(&href, term, &format!("{day} · PDF，{} 页", made.pages))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, sequence, kind)): Path<(String, String, String)>,
) -> Answer {
    papers::file(
        &state,
        &signed.actor,
        &DossierId::from(id.as_str()),
        sequence.parse().unwrap_or(0),
        &kind,
    )
    .await?
    .ok_or(Fault::NotFound)
}
