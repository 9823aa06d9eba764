//! 导出 — the lines of a question as CSV and XLSX for spreadsheets and as JSON for programs.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::query::Filter;
use super::row::Line;
use crate::clock;
use crate::http::Fault;
use crate::imports::Format;
use crate::state::AppState;

/// Lines of one export.
const LINES_MAX: usize = 20_000;
/// Lines read at a time.
const PAGE: usize = 900;

const HEADINGS: [&str; 10] = [
    "备案编号",
    "联合体名称",
    "牵头单位",
    "技术领域",
    "盟市",
    "归口管理部门",
    "成员家数",
    "备案日期",
    "状态",
    "近年年报",
];

async fn lines(state: &AppState, filter: &Filter) -> Result<Vec<Line>, Fault> {
    let mut filter = Filter { after: String::new(), before: String::new(), ..filter.clone() };
    let mut lines = Vec::new();
    loop {
        let asked = filter.clone();
        let found = state.store.read(move |tx| asked.page(tx, PAGE)).await?;
        lines.extend(found.rows.into_iter().map(Line::of));
        match found.next {
            Some(next) if lines.len() < LINES_MAX => filter.after = next,
            _ => return Ok(lines),
        }
    }
}

/// The lines as rows of a table.
async fn rows(state: &AppState, filter: &Filter) -> Result<Vec<Vec<String>>, Fault> {
    let row = |line: Line| {
        vec![
            line.number.clone(),
            line.name.clone(),
            line.lead.clone(),
            line.field.to_owned(),
            line.league.to_owned(),
            line.authority.to_owned(),
            line.members.to_string(),
            line.filed_on.clone(),
            line.status.to_owned(),
            line.years_in_words(),
        ]
    };
    Ok(lines(state, filter).await?.into_iter().map(row).collect())
}

async fn table(state: &AppState, filter: &Filter, format: Format) -> Result<Response, Fault> {
    let rows = rows(state, filter).await?;
    let bytes = format.write("备案名录", &HEADINGS, &rows)?;
    let name = if format == Format::Csv { "register.csv" } else { "register.xlsx" };
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

pub(super) async fn csv(
    State(state): State<AppState>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    table(&state, &filter, Format::Csv).await
}

pub(super) async fn xlsx(
    State(state): State<AppState>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    table(&state, &filter, Format::Xlsx).await
}

pub(super) async fn json(
    State(state): State<AppState>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    let lines = lines(&state, &filter).await?;
    let body = json!({
        "as_of": clock::written(state.clock.now_ms()),
        "count": lines.len(),
        "consortia": lines,
    });
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((kind, body.to_string()).into_response())
}
