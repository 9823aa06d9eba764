//! 批量导入、导出 — tables of units, platforms and credit records: tried first, row by row, then
//! carried out.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::clock;
use crate::http::prove;
use crate::http::{Answer, Fault, Form as Posted, SignedIn, Tabled, download, see_other_with};
use crate::imports::{self, Format, Import, Kind, NotBrought, Outcome, ROWS_AT_ONCE};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{Choice, FieldError, FieldSpec, Form, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Empty, Flash, Table, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// Lines of the report that a page shows; all of them are in its table.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "affairs/imports.html")]
struct ImportsPage {
    shell: Shell,
    form: Form,
    kinds: Vec<Kind>,
    table: Table,
}

#[derive(Template)]
#[template(path = "affairs/import.html")]
struct ImportPage {
    shell: Shell,
    import: Import,
    brought: String,
    counts: Vec<(&'static str, usize)>,
    table: Table,
    shown: usize,
    waits: usize,
    at_once: usize,
    key: String,
}

fn fields(signed: &SignedIn) -> Vec<FieldSpec> {
    let own = kinds(signed).into_iter().map(|kind| Choice::from((kind.name(), kind.term())));
    vec![
        FieldSpec::radio("kind", "导入什么", own).required(),
        FieldSpec::file("table", "表格", ".csv,.xlsx")
            .required()
            .hint("CSV（UTF-8 或 GB18030）或 XLSX，第一行是列名，最多 5000 行、4 MB"),
    ]
}

fn kinds(signed: &SignedIn) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| kind.is_for(&signed.actor)).collect()
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<ImportsPage, Fault> {
    let mut shell = Shell::new(&signed.visitor, "批量导入、导出").crumb("/affairs", "参数与日历");
    shell.has_errors = !errors.is_empty();
    let form = Form::new(&shell.csrf, "/affairs/imports", "试导", fields(signed))
        .intro(
            "先逐行试导，不改动任何资料；看过结果再办理。重复导入同一张表，原来就有的不会再登记。",
        )
        .values(values)
        .errors(errors);
    let mut table = Table::new("最近的导入", &["表格", "内容", "结果", "状态"]);
    table.empty = Empty::because("还没有导入过");
    for import in imports::all(&state.office, &signed.actor).await? {
        let href = format!("/affairs/imports/{}", import.id);
        let count = |outcome| import.report.count(outcome);
        let told = format!(
            "已导入 {}，可以导入 {}，原来就有 {}，没有导入 {}",
            count(Outcome::Taken),
            count(Outcome::Ready),
            count(Outcome::AlreadyThere),
            count(Outcome::NotTaken)
        );
        table.push(vec![
            Html::named(&href, &import.name, &clock::written(import.brought_ms)),
            import.kind.term().into(),
            told.into(),
            import.state_term().into(),
        ]);
    }
    Ok(ImportsPage { kinds: kinds(signed), shell, form, table })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new()).await?)
}

pub(super) async fn bring(
    State(state): State<AppState>,
    signed: SignedIn,
    Tabled(posted): Tabled,
) -> Answer {
    let own = kinds(&signed);
    let kind = Kind::named(posted.form.get("kind")).filter(|kind| own.contains(kind));
    let mut errors = Vec::new();
    if kind.is_none() {
        errors.push(FieldError::new("kind", "选择导入什么"));
    }
    let file = posted.named("table");
    if file.is_none() {
        errors.push(FieldError::new("table", "上传表格"));
    }
    let again = Values(vec![("kind".to_owned(), posted.form.get("kind").to_owned())]);
    let (Some(kind), Some((name, bytes))) = (kind, file) else {
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    };
    match imports::bring(&state.office, &state.desk, &signed.actor, kind, name, bytes.to_vec())
        .await
    {
        Ok(import) => {
            let text = format!("已试导 {} 行，还没有改动任何资料", import.report.lines.len());
            let flash = Flash { tone: Tone::Ok, text };
            Ok(see_other_with(&state, &format!("/affairs/imports/{}", import.id), &flash))
        }
        Err(NotBrought::Unread(sentence)) => {
            let errors = vec![FieldError::new("table", sentence)];
            unprocessable(&shown(&state, &signed, again, errors).await?)
        }
        Err(NotBrought::Fault(fault)) => Err(fault),
    }
}

fn chip(outcome: Outcome) -> Html {
    let tone = match outcome {
        Outcome::Ready => Tone::Todo,
        Outcome::Taken => Tone::Ok,
        Outcome::AlreadyThere => Tone::Idle,
        Outcome::NotTaken => Tone::Bad,
    };
    ui::status(tone, outcome.term())
}

pub(super) async fn one(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let import = imports::one(&state.office, &signed.actor, &id).await?;
    let mut lines: Vec<_> = import.report.lines.iter().collect();
    // What needs somebody comes first.
    lines.sort_by_key(|line| (line.outcome != Outcome::NotTaken, line.line));
    let mut table = Table::new("逐行结果", &["内容", "行#", "结果", "原因和办法"]);
    table.empty = Empty::because("表格里没有内容行");
    for line in lines.into_iter().take(SHOWN) {
        table.push(vec![
            line.about.as_str().into(),
            line.line.to_string().into(),
            chip(line.outcome),
            line.why.as_str().into(),
        ]);
    }
    let outcomes = [Outcome::Ready, Outcome::Taken, Outcome::AlreadyThere, Outcome::NotTaken];
    page(&ImportPage {
        shell: Shell::new(&signed.visitor, import.name.as_str())
            .crumb("/affairs/imports", "批量导入、导出"),
        brought: clock::written(import.brought_ms),
        counts: outcomes.map(|one| (one.term(), import.report.count(one))).to_vec(),
        shown: table.rows.len(),
        waits: if import.waits() { import.report.count(Outcome::Ready) } else { 0 },
        at_once: ROWS_AT_ONCE,
        key: crate::http::random::key(),
        table,
        import,
    })
}

pub(super) async fn carry_out(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "办理导入", &posted.0).await? {
        return Ok(page);
    }
    let import = imports::one(&state.office, &signed.actor, &id).await?;
    let before = import.report.count(Outcome::Taken);
    let import = imports::carry_out(&state.office, &signed.actor, import).await?;
    let (taken, left) =
        (import.report.count(Outcome::Taken) - before, import.report.count(Outcome::Ready));
    let more =
        if left > 0 { format!("，还有 {left} 行等继续办理") } else { String::new() };
    let flash = Flash { tone: Tone::Ok, text: format!("这一次导入 {taken} 行{more}") };
    Ok(see_other_with(&state, &format!("/affairs/imports/{}", import.id), &flash))
}

/// The report as a table.
pub(super) async fn report(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let import = imports::one(&state.office, &signed.actor, &id).await?;
    let (name, format) = Format::split(&file).ok_or(Fault::NotFound)?;
    if name != "report" {
        return Err(Fault::NotFound);
    }
    let bytes = imports::report_table(&import.report, format)?;
    let name = format!("导入结果-{}", file.trim_start_matches("report"));
    let name = name.replace("-.", ".");
    Ok(download::made(&name, format.media_type(), bytes).into_response())
}

/// Everything of a kind, or its empty table: `units.xlsx`, `units-blank.xlsx`.
pub(super) async fn export(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(file): Path<String>,
) -> Result<Response, Fault> {
    let (name, format) = Format::split(&file).ok_or(Fault::NotFound)?;
    let empty = name.strip_suffix("-blank");
    let kind = Kind::named(empty.unwrap_or(name)).ok_or(Fault::NotFound)?;
    if !kind.is_for(&signed.actor) {
        let desk = kind.capacity().term();
        let sentence = format!("{}的导入、导出由自治区科技厅{desk}办理。", kind.term());
        return Err(Fault::Forbidden(sentence));
    }
    let bytes = match empty {
        Some(_) => imports::blank(kind, format)?,
        None => imports::exported(&state.office, kind, format).await?,
    };
    Ok(download::made(&file, format.media_type(), bytes).into_response())
}
