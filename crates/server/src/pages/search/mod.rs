//! 检索 — one box: the register for everybody, one's own dossiers, and the regulation.

use askama::Template;
use axum::extract::{Query, State};
use axum::routing::get;
use consortium::actor::Actor;
use consortium::dossier::StageKind;
use consortium::measures::CLAUSES;
use consortium::register::Status;
use serde::Deserialize;
use store::{DossierQuery, DossierRow, PUBLIC};

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, Visitor};
use crate::pages::page;
use crate::pages::registry::status_chip;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::Table;
use crate::pages::shell::{Shell, ui};
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;

/// Characters of a text that is looked for.
const TEXT_CHARS_MAX: usize = 60;
/// Lines of each part of the answer.
const LINES: i64 = 50;
/// Clauses shown.
const CLAUSES_SHOWN: usize = 8;

/// The pages.
pub(crate) const ROUTES: &[Route] = &[shows("/search", By::Public, O::Register, || get(show))];

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "search/results.html")]
struct ResultsPage {
    shell: Shell,
    q: String,
    open: Table,
    own: Option<Table>,
    clauses: Vec<(&'static str, &'static str)>,
    nothing: bool,
}

async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    let q: String = asked.q.trim().chars().take(TEXT_CHARS_MAX).collect();
    let open = find(&state, &Actor::public(), &q).await?;
    let own = match visitor.signed().filter(|signed| signed.actor.reader_key() != PUBLIC) {
        Some(signed) => Some(find(&state, &signed.actor, &q).await?),
        None => None,
    };
    let clauses: Vec<_> = CLAUSES
        .iter()
        .filter(|clause| !q.is_empty() && clause.text.contains(&q))
        .take(CLAUSES_SHOWN)
        .map(|clause| (clause.id.0, clause.text))
        .collect();
    let mut shell = Shell::new(&visitor, "检索");
    shell.indexed = false;
    page(&ResultsPage {
        nothing: open.is_empty() && own.as_ref().is_none_or(Vec::is_empty) && clauses.is_empty(),
        open: public_table(open),
        own: own.filter(|rows| !rows.is_empty()).map(own_table),
        clauses,
        shell,
        q,
    })
}

async fn find(state: &AppState, actor: &Actor, text: &str) -> Result<Vec<DossierRow>, Fault> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let query = DossierQuery {
        reader: actor.reader_key(),
        text: Some(text.to_owned()),
        limit: LINES,
        ..DossierQuery::default()
    };
    Ok(state.office.dossiers(actor, query).await?)
}

fn public_table(rows: Vec<DossierRow>) -> Table {
    let mut table = Table::new("名录和公示", &["联合体与牵头单位", "备案编号", "备案日期", "状态"]);
    for row in rows {
        let status = Status::named(&row.status);
        let place = if status == Some(Status::OnNotice) { "notices" } else { "registry" };
        let name = Html::named(
            &format!("/{place}/{}", row.id),
            &row.name,
            &format!("牵头：{}", row.lead_name),
        );
        table.push(vec![
            name,
            row.filed_no.unwrap_or_default().into(),
            row.filed_on.unwrap_or_default().into(),
            status.map(status_chip).unwrap_or_default(),
        ]);
    }
    table
}

fn own_table(rows: Vec<DossierRow>) -> Table {
    let mut table = Table::new("可以查看的卷宗", &["联合体与牵头单位", "环节"]);
    for row in rows {
        let stage: Option<StageKind> =
            serde_json::from_value(serde_json::Value::from(row.stage.as_str())).ok();
        let name = Html::named(
            &format!("/dossiers/{}", row.id),
            &row.name,
            &format!("牵头：{}", row.lead_name),
        );
        table.push(vec![name, stage.map_or("", StageKind::term).into()]);
    }
    table
}
