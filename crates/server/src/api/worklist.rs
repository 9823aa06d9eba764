//! 待办 — what the asker owes, what is due first comes first.

use axum::extract::State;
use consortium::task::Holder;
use serde::{Deserialize, Serialize};
use store::WorkItem;

use super::asked::{Lines, Page, Query};
use super::dossiers::Line;
use super::problem::Problem;
use super::{Answer, json};
use crate::http::SignedIn;
use crate::state::AppState;

/// What is asked of the worklist.
#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<String>,
    limit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Task {
    /// The dossier or the unit.
    object: String,
    /// The command that does it.
    verb: String,
    title: String,
    clause: String,
    since: String,
    due: Option<String>,
    note: Option<String>,
    dossier: Option<Line>,
}

fn task(item: &WorkItem) -> Task {
    Task {
        object: item.stream.clone(),
        verb: item.task.kind.clone(),
        title: item.task.title.clone(),
        clause: item.task.clause.clone(),
        since: item.task.opened_on.clone(),
        due: item.task.due.clone(),
        note: item.task.note.clone(),
        dossier: item.dossier.as_ref().map(Line::of),
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let page = Page::new(wanted.after, wanted.limit.as_deref())?;
    let after = page.after()?.map(|[due, stream, key]: [String; 3]| (due, stream, key));
    if after.iter().any(|(due, ..)| due.len() != "9999-99-99".len()) {
        return Err(Problem::malformed(Some("after"), "after 用上一页给出的 next").into());
    }
    let holders = Holder::keys_of(&signed.actor);
    let items = state.store.worklist(&holders, after, page.lines() + 1).await?;
    let cursor = |item: &WorkItem| {
        let (due, stream, key) = item.cursor();
        vec![due, stream, key]
    };
    json(&Lines::of(items, page.lines(), cursor, task))
}
