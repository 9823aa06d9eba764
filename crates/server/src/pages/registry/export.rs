//! 导出 — the lines of a question as CSV for spreadsheets and as JSON for programs.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::query::Filter;
use super::row::Line;
use crate::clock;
use crate::http::Fault;
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

pub(super) async fn csv(
    State(state): State<AppState>,
    Query(filter): Query<Filter>,
) -> Result<Response, Fault> {
    // Spreadsheets in Chinese Windows read UTF-8 only behind this mark.
    let mut text = String::from("\u{FEFF}");
    text.push_str(&record(&HEADINGS));
    for line in lines(&state, &filter).await? {
        let members = line.members.to_string();
        let years = line.years_in_words();
        text.push_str(&record(&[
            &line.number,
            &line.name,
            &line.lead,
            line.field,
            line.league,
            line.authority,
            &members,
            &line.filed_on,
            line.status,
            &years,
        ]));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"register.csv\""),
    ];
    Ok((headers, text).into_response())
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

/// One record, each cell quoted.
fn record(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\"").replace(['\r', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        // cell        written
        let table = [
            ("云川", "\"云川\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("甲\"乙\"\n丙", "\"甲\"\"乙\"\" 丙\""),
        ];
        for (cell, written) in table {
            assert_eq!(quoted(cell), written);
        }
        assert_eq!(record(&["a", ""]), "\"a\",\"\"\r\n");
    }
}
