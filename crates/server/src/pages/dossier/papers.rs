//! 文书 — the papers of a dossier that its reader may read, and taking one out.

use axum::extract::{Path, State};
use consortium::sealed::is_duty;
use consortium::{Dossier, actor::Actor, ids::DossierId};

use super::sealed::place;
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
        let file = file(paper, under).then(&sealed(paper, actor, dossier, under));
        table.push(vec![file, ui::clause(paper.kind.clauses()[0])]);
    }
    Ok(Some(table))
}

/// The sealed file, or where it is brought; nothing for whoever neither finds nor brings one.
fn sealed(paper: &Listed, actor: &Actor, dossier: &Dossier, under: &str) -> Html {
    let issued = dossier.issued.iter().find(|issued| {
        issued.sequence == paper.sequence && issued.paper.name() == paper.kind.key()
    });
    let duty = issued.is_some_and(|issued| is_duty(issued.paper, actor));
    let words = match paper.sealed.last() {
        Some(last) => format!("盖章件（{} 上传）", last.file.at.date()),
        None if duty && paper.made.is_some() => "上传盖章件".to_owned(),
        None => return Html::default(),
    };
    let link = Html::link(&place(under, paper), &words);
    Html::trusted(format!("<small>{link}</small>"))
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
