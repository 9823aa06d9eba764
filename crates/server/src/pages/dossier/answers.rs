//! 核对登记表 — the whole form read once more, section by section, each row with the way to change it.

use askama::Template;
use axum::extract::{Path, State};
use consortium::{ids::UnitId, materials::Part};

use super::checks::Rules;
use super::desk::Desk;
use super::document::paragraphs;
use super::onward::{self, Onward};
use super::sums;
use super::tasks;
use super::team::Team;
use crate::fair_copy::{self, Block, Fact};
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Table};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/answers.html")]
struct AnswersPage {
    shell: Shell,
    name: String,
    back: String,
    sections: Vec<Section>,
    rules: Option<Rules>,
    /// What comes next, for those who write; `None` for everybody else.
    onward: Option<Vec<Onward>>,
}

/// A section, as it is checked.
struct Section {
    id: String,
    table: &'static str,
    heading: String,
    /// Where it is written, for those who write it.
    change: Option<String>,
    blocks: Vec<View>,
}

/// What stands in a section.
enum View {
    /// Label, value, and where it is changed.
    Facts(Vec<(&'static str, Html, Option<String>)>),
    /// What it is, the rows, what stands under it, and where it is changed.
    Rows(&'static str, Box<Table>, String, Option<String>),
}

/// Where a section is checked.
pub(super) fn at(desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
    format!("{}#{}", desk.to("answers"), id(part, block))
}

fn id(part: Part, block: Option<&UnitId>) -> String {
    match block {
        Some(unit) => format!("s-{}-{unit}", part.name()),
        None => format!("s-{}", part.name()),
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let form = desk.view.form.as_ref().ok_or(Fault::NotFound)?;
    let source = desk.source(form);
    let sections = fair_copy::leaves(&source).iter().map(|leaf| section(&desk, leaf)).collect();
    let shell = Shell::new(&signed.visitor, "核对登记表")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    let writes = desk.can("write_application");
    let list = tasks::tasks(&desk, &Team::of(&state, &desk).await?);
    page(&AnswersPage {
        name: desk.view.name.clone(),
        back: desk.href(),
        sections,
        onward: list.map(|list| onward::onward(&desk, list, &desk.to("answers"))),
        rules: Rules::of(&desk, &shell.now).filter(|_| writes),
        shell,
    })
}

fn section(desk: &Desk, leaf: &fair_copy::Leaf) -> Section {
    let block = leaf.unit.as_ref();
    let change = desk.writes(leaf.part, block).then(|| desk.section(leaf.part, block));
    let to = |field: &str| {
        let href = change.as_ref().filter(|_| !field.is_empty())?;
        Some(format!("{href}#f-{field}"))
    };
    let fact = |fact: &Fact| (fact.label, paragraphs(&fact.value), to(fact.field));
    let view = |block: &Block| match block {
        Block::Facts(facts) => View::Facts(facts.iter().map(fact).collect()),
        Block::Text(text) => View::Facts(vec![fact(text)]),
        Block::Table(table) => View::Rows(
            table.caption,
            Box::new(rows(table, change.as_deref())),
            table.note.clone().unwrap_or_default(),
            to(table.field),
        ),
    };
    Section {
        id: id(leaf.part, block),
        table: leaf.part.table(),
        heading: leaf.heading.clone(),
        blocks: leaf.blocks.iter().map(view).collect(),
        change,
    }
}

/// The rows of a table, each with the way to the row where it is written; sums lead nowhere.
fn rows(table: &fair_copy::Table, change: Option<&str>) -> Table {
    let mut shown = sums::shown(table);
    // Figures are shown in the order of their years: the table leads there, its rows do not.
    let ordered = table.field != "years" && table.caption != "投入汇总";
    if let Some(href) = change.filter(|_| ordered && !shown.rows.is_empty()) {
        shown.columns.push(ui::Column { label: "修改".to_owned(), figures: false });
        for (at, row) in shown.rows.iter_mut().enumerate() {
            let named = Html::text(&format!("第 {} 行", at + 1));
            let href = Html::text(&format!("{href}#r-{}-{at}", table.field));
            let words = format!("<a href=\"{href}\">改<span class=\"vh\">{named}</span></a>");
            row.push(Html::trusted(words));
        }
    }
    shown
}
