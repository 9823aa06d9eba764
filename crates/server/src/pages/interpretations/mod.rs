//! 解释 — what the Department has explained of the regulation, clause by clause (Art. 12).

use askama::Template;
use axum::extract::State;
use axum::routing::get;
use consortium::department::Interpretation;
use consortium::measures::CLAUSES;

use crate::api::table::Object as O;
use crate::http::{Answer, Visitor};
use crate::pages::page;
use crate::pages::shell::{Shell, clause, ui};
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;

/// The pages.
pub(crate) const ROUTES: &[Route] =
    &[shows("/interpretations", By::Public, O::Affairs, || get(show))];

#[derive(Template)]
#[template(path = "interpretations/list.html")]
struct ListPage {
    shell: Shell,
    clauses: Vec<Explained>,
    publishes: bool,
}

/// A clause and what was explained of it, newest first.
struct Explained {
    id: &'static str,
    anchor: String,
    text: &'static str,
    interpretations: Vec<Interpretation>,
}

async fn show(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let affairs = state.office.affairs().await?;
    let explained = CLAUSES.iter().filter_map(|one| {
        let of_it = affairs.interpretations.iter().rev().filter(|kept| kept.clause == one.id.0);
        let interpretations: Vec<Interpretation> = of_it.cloned().collect();
        (!interpretations.is_empty()).then(|| Explained {
            id: one.id.0,
            anchor: clause::anchor(one.id.0),
            text: one.text,
            interpretations,
        })
    });
    page(&ListPage {
        clauses: explained.collect(),
        publishes: crate::pages::affairs::may_publish(&visitor.actor()),
        shell: Shell::new(&visitor, "办法解释").about("自治区科技厅对备案管理办法的解释，逐条公开"),
    })
}
