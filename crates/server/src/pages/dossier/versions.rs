//! 协议各版 — every version of the agreement, each to be read as it was signed, and any two of them
//! word by word (Art. 6(2)).

use askama::Template;
use axum::extract::{Path, Query, State};
use consortium::agreement::comparison::{Became, Comparison};
use consortium::agreement::words::{Mark, Piece};
use consortium::agreement::{Edition, Standing, compare};
use consortium::ids::UnitId;
use consortium::view;
use serde::Deserialize;

use super::act::ui_time;
use super::agreement_sheet::{AgreementSheet, SlotRow};
use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Empty, Table, Tone};
use crate::state::AppState;

/// The versions of a dossier that its reader may read.
async fn begin(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
) -> Result<(Desk, Vec<Edition>), Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    if desk.view.agreement.is_none() {
        return Err(Fault::Forbidden(
            "协议正文由各方和办理部门查看；声明利害关系后，专家也可以查看。".to_owned(),
        ));
    }
    let editions = state.office.editions(&signed.actor, &desk.dossier).await?;
    Ok((desk, editions))
}

fn shell(signed: &SignedIn, desk: &Desk, title: &str) -> Shell {
    Shell::new(&signed.visitor, title)
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short())
        .crumb(desk.to("agreement"), "组建协议")
}

fn status(standing: Standing) -> Html {
    let tone = match standing {
        Standing::Draft => Tone::Idle,
        Standing::Signing => Tone::Run,
        Standing::InForce => Tone::Ok,
        Standing::Void => Tone::Warn,
        Standing::Replaced => Tone::Done,
    };
    ui::status(tone, standing.term())
}

#[derive(Template)]
#[template(path = "dossier/versions.html")]
struct VersionsPage {
    shell: Shell,
    back: String,
    name: String,
    compare: String,
    choices: Vec<(u32, String)>,
    from: u32,
    to: u32,
    table: Table,
}

pub(super) async fn list(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let (desk, editions) = begin(&state, &signed, &id).await?;
    let (from, to) = usual(&editions).unwrap_or_default();
    let mut table = Table::new("协议各版", &["版次", "形成", "效力", "签署"]);
    table.empty = Empty::because("还没有写过协议");
    for edition in editions.iter().rev() {
        let place = desk.to(&format!("agreement/versions/{}", edition.version));
        let since = format!("{} {}", ui_time(edition.since), edition.because);
        table.push(vec![
            Html::link(&place, &format!("第 {} 版", edition.version)),
            Html::from(since),
            status(edition.standing()),
            Html::from(signed_by(edition)),
        ]);
    }
    page(&VersionsPage {
        shell: shell(&signed, &desk, "协议各版"),
        back: desk.to("agreement"),
        name: desk.view.name.clone(),
        compare: desk.to("agreement/compare"),
        choices: editions.iter().rev().map(|edition| (edition.version, called(edition))).collect(),
        from,
        to,
        table,
    })
}

/// The two versions one most likely wants to see side by side: the one last signed, or the one
/// before, and the present one.
fn usual(editions: &[Edition]) -> Option<(u32, u32)> {
    let (last, earlier) = editions.split_last()?;
    let signed = earlier.iter().rfind(|edition| edition.standing() == Standing::Void);
    let from = signed.or(earlier.last()).unwrap_or(last);
    Some((from.version, last.version))
}

fn called(edition: &Edition) -> String {
    format!("第 {} 版（{}）", edition.version, edition.standing().term())
}

fn signed_by(edition: &Edition) -> String {
    let slots = edition.round.iter().flat_map(|round| &round.slots);
    let signed = slots.filter(|slot| slot.signature.is_some() || slot.seal.is_some());
    let names = signed.filter_map(|slot| Some(edition.materials.party(&slot.unit)?.name.as_str()));
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "没有单位签署".to_owned() } else { names.join("、") }
}

#[derive(Template)]
#[template(path = "dossier/version.html")]
struct VersionPage {
    shell: Shell,
    back: String,
    version: u32,
    status: Html,
    void: bool,
    /// When and by what another text took its place.
    ended: Option<String>,
    compare: Option<String>,
    /// Which party did not agree to sign, and why.
    declined: Option<(UnitId, String)>,
    sheet: AgreementSheet,
    slots: Vec<SlotRow>,
}

pub(super) async fn one(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, version)): Path<(String, String)>,
) -> Answer {
    let (desk, editions) = begin(&state, &signed, &id).await?;
    let edition = numbered(&editions, &version)?;
    let present = editions.last().map_or(edition.version, |last| last.version);
    let round = edition.round.as_ref();
    let slots = round.map(|round| view::slots(&edition.materials, round)).unwrap_or_default();
    let title = format!("第 {} 版", edition.version);
    page(&VersionPage {
        shell: shell(&signed, &desk, &title).crumb(desk.to("agreement/versions"), "协议各版"),
        back: desk.to("agreement/versions"),
        version: edition.version,
        status: status(edition.standing()),
        void: edition.standing() == Standing::Void,
        ended: edition.ended.as_ref().map(|(at, why)| {
            format!("{}因“{why}”由新的文本代替。这一版不再约束各方。", ui_time(*at))
        }),
        compare: (edition.version != present)
            .then(|| desk.to(&format!("agreement/compare?from={}&to={present}", edition.version))),
        declined: edition.declined.clone(),
        sheet: AgreementSheet::of(&edition.materials, round.map(|round| &round.digest)),
        slots: slots.iter().map(|slot| SlotRow::of(&desk, slot)).collect(),
    })
}

fn numbered<'a>(editions: &'a [Edition], version: &str) -> Result<&'a Edition, Fault> {
    let found = editions.iter().find(|edition| edition.version.to_string() == version);
    found.ok_or(Fault::NotFound)
}

/// Which two versions; the usual ones unless said otherwise.
#[derive(Deserialize)]
pub(super) struct Two {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Template)]
#[template(path = "dossier/comparison.html")]
struct ComparisonPage {
    shell: Shell,
    back: String,
    about: String,
    summary: String,
    clauses: Vec<ClauseRow>,
    tables: Vec<TableRow>,
}

struct ClauseRow {
    title: String,
    status: Html,
    words: Html,
}

struct TableRow {
    title: &'static str,
    note: String,
    table: Table,
}

pub(super) async fn comparison(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Two>,
) -> Answer {
    let (desk, editions) = begin(&state, &signed, &id).await?;
    let (from, to) = usual(&editions).ok_or(Fault::NotFound)?;
    let from = numbered(&editions, &asked.from.unwrap_or_else(|| from.to_string()))?;
    let to = numbered(&editions, &asked.to.unwrap_or_else(|| to.to_string()))?;
    let found = compare(&from.materials, &to.materials);
    page(&ComparisonPage {
        shell: shell(&signed, &desk, "逐字对照").crumb(desk.to("agreement/versions"), "协议各版"),
        back: desk.to("agreement/versions"),
        about: format!("{} 与 {}", called(from), called(to)),
        summary: format!("有变化 {} 处，没有变化 {} 处", found.count(), found.same),
        clauses: clauses(&found),
        tables: tables(&found),
    })
}

fn clauses(found: &Comparison) -> Vec<ClauseRow> {
    let row = |clause: &consortium::agreement::comparison::Clause| ClauseRow {
        title: format!("{} {}", clause.no, clause.title),
        status: became(clause.became),
        words: marked(&clause.pieces),
    };
    found.clauses.iter().map(row).collect()
}

fn tables(found: &Comparison) -> Vec<TableRow> {
    let row = |told: &consortium::agreement::comparison::Table| {
        let columns: Vec<&str> =
            std::iter::once("变化").chain(told.columns.iter().copied()).collect();
        let mut table = Table::new(told.title, &columns);
        for row in &told.rows {
            let cells = row.cells.iter().map(|cell| marked(cell));
            table.push(std::iter::once(became(row.became)).chain(cells).collect());
        }
        TableRow { title: told.title, note: format!("另有 {} 行没有变化", told.same), table }
    };
    found.tables.iter().map(row).collect()
}

fn became(became: Became) -> Html {
    let tone = match became {
        Became::Added => Tone::Ok,
        Became::Removed => Tone::Bad,
        Became::Changed => Tone::Run,
    };
    ui::status(tone, became.term())
}

/// Pieces with their marks: an element, a line through or under it, and a word for those who do
/// not see it.
fn marked(pieces: &[Piece]) -> Html {
    pieces.iter().fold(Html::default(), |html, piece| {
        let words = Html::text(&piece.text);
        let next = match piece.mark {
            Mark::Kept => words,
            Mark::Removed => {
                Html::trusted(format!("<del><span class=\"vh\">删去：</span>{words}</del>"))
            }
            Mark::Inserted => {
                Html::trusted(format!("<ins><span class=\"vh\">增加：</span>{words}</ins>"))
            }
        };
        html.then(&next)
    })
}
