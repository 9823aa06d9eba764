//! 公示列表 — what is open for objection now, and what was filed after its notice.

use askama::Template;
use axum::extract::State;
use store::{DossierQuery, PUBLIC, RegisterQuery, lists};

use super::Notice;
use crate::http::{Answer, Visitor};
use crate::pages::page;
use crate::pages::registry::Line;
use crate::pages::shell::Shell;
use crate::pages::shell::ui;
use crate::state::AppState;

/// Notices of one page; there are never so many at once.
const RUNNING: i64 = 200;
/// Filings shown under them.
const FILED: i64 = 30;

#[derive(Template)]
#[template(path = "notices/list.html")]
struct ListPage {
    shell: Shell,
    notices: Vec<Notice>,
    filed: Vec<Line>,
}

pub(super) async fn get(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let read = state.store.read(|tx| {
        let query = DossierQuery {
            reader: PUBLIC.to_owned(),
            stage: Some("public_notice".to_owned()),
            limit: RUNNING,
            ..DossierQuery::default()
        };
        let filed = RegisterQuery { limit: FILED, ..RegisterQuery::default() };
        Ok((lists::dossiers(tx, &query)?, lists::register(tx, &filed)?))
    });
    let (running, filed) = read.await?;
    let (calendar, today) = (state.office.calendar().await?, state.clock.today());
    page(&ListPage {
        shell: Shell::new(&visitor, "公示公告").about("拟备案的创新联合体公示，任何人可以提出异议"),
        notices: super::listed(running, &calendar, today),
        filed: filed.into_iter().map(Line::of).collect(),
    })
}
