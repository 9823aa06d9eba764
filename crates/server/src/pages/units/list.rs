//! 单位列表 — for authorities those of their area, for the Department all; those that wait first.

use askama::Template;
use axum::extract::{Query, State};
use consortium::actor::{Capacity, Side};
use consortium::task::Holder;
use serde::Deserialize;
use store::UnitRow;

use super::profile::area_name;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Empty, Pager, Table, Tone};
use crate::state::AppState;

/// Units of a page.
const LINES: usize = 40;
/// Units read at a time.
const READ: i64 = 500;
/// Readings for one page at most.
const READINGS: usize = 20;
/// Waiting units shown.
const WAITING: i64 = 200;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "units/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    waiting: Table,
    table: Table,
    pager: Pager,
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer {
    let own = match &signed.actor.side {
        Side::Authority(own) => Some(own.to_string()),
        Side::Department => None,
        Side::Unit(_) | Side::Expert | Side::Public | Side::Operator | Side::Calendar => {
            return Err(Fault::Forbidden("单位列表由归口管理部门和自治区科技厅查看。".to_owned()));
        }
    };
    let (rows, next) = rows(&state, own.as_deref(), &asked).await?;
    let mut table = Table::new("单位", &["单位", "类型", "住所", "账号"]);
    table.empty = Empty::because("没有符合条件的单位");
    for row in &rows {
        table.push(line(row));
    }
    let href = |after: &str| {
        let pairs = [("q", asked.q.trim()), ("after", after)];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/units?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    };
    let pager = Pager {
        shown: String::new(),
        first: (!asked.after.is_empty()).then(|| href("")),
        next: next.map(|(key, id)| href(&format!("{id}~{key}"))),
    };
    page(&ListPage {
        shell: Shell::new(&signed.visitor, "单位"),
        q: asked.q.clone(),
        waiting: waiting(&state, own.as_deref()).await?,
        table,
        pager,
    })
}

type Cursor = (String, String);

/// A page of units, and where the next one goes on.
async fn rows(
    state: &AppState,
    own: Option<&str>,
    asked: &Asked,
) -> Result<(Vec<UnitRow>, Option<Cursor>), Fault> {
    let text = Some(asked.q.trim()).filter(|text| !text.is_empty());
    let mut after = asked.after.split_once('~').map(|(id, key)| (key.to_owned(), id.to_owned()));
    let mut found: Vec<UnitRow> = Vec::new();
    for _ in 0..READINGS {
        let read = state.store.units(text, after.clone(), READ).await?;
        let last = read.last().map(|row| (row.name_key.clone(), row.id.clone()));
        let ended = read.len() < usize::try_from(READ).unwrap_or(usize::MAX);
        let meant = |row: &UnitRow| own.is_none_or(|own| row.authority == own);
        found.extend(read.into_iter().filter(meant));
        if ended || found.len() > LINES {
            break;
        }
        after = last;
    }
    let more = found.len() > LINES;
    found.truncate(LINES);
    let last = found.last().filter(|_| more).map(|row| (row.name_key.clone(), row.id.clone()));
    Ok((found, last))
}

/// Units that wait to be activated, from the reader's own worklist.
async fn waiting(state: &AppState, own: Option<&str>) -> Result<Table, Fault> {
    let holder = match own {
        Some(id) => Holder::Authority(id.into(), Capacity::Clerk),
        None => Holder::Department(Capacity::Reviewer),
    };
    let items = state.store.worklist(&[holder.key()], None, WAITING).await?;
    let mut table = Table::new("待激活的单位", &["单位", "注册日期"]);
    table.empty = Empty::because("没有待激活的单位");
    for item in items.into_iter().filter(|item| item.task.kind == "activate") {
        let name = item.task.title.trim_start_matches("激活单位账号：");
        let link = Html::named(&format!("/units/{}", item.stream), name, "核对单位资料后激活");
        table.push(vec![link, Html::text(&item.task.opened_on)]);
    }
    Ok(table)
}

fn line(row: &UnitRow) -> Vec<Html> {
    let chip = match row.status.as_str() {
        "active" => ui::status(Tone::Ok, "已激活"),
        "refused" => ui::status(Tone::Bad, "未予激活"),
        _ => ui::status(Tone::Todo, "待激活"),
    };
    let kind = consortium::unit::UnitKind::ALL.into_iter().find(|kind| kind.name() == row.kind);
    let code = if row.code.is_empty() { "境外单位" } else { &row.code };
    vec![
        Html::named(&format!("/units/{}", row.id), &row.name, code),
        kind.map_or("", consortium::unit::UnitKind::term).into(),
        area_name(&row.area).into(),
        chip,
    ]
}
