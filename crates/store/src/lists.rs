//! 名录、台账、待办 — pages of lists. Every page is a range of one index, never an offset.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::projection::{
    DOSSIER_COLUMNS, DossierRow, NO_DAY, TASK_COLUMNS, TaskRow, UNIT_COLUMNS, UnitRow,
};
use crate::texts::{self, Column, PUBLIC};
use crate::tx::{Engine, Tx, Val, page, prefix_end};
use crate::{Store, vals};

/// Which 卷宗 a reader asks for; newest change first.
#[derive(Clone, Debug, Default)]
pub struct DossierQuery {
    /// Who asks: a reader key, or `public` for everybody.
    pub reader: String,
    /// Only this stage.
    pub stage: Option<String>,
    /// Only those that speak of this.
    pub text: Option<String>,
    /// After this line: its `updated_ms` and `id`.
    pub after: Option<(i64, String)>,
    /// How many.
    pub limit: i64,
}

/// Which lines of the 备案名录 are asked for; newest filing first.
#[derive(Clone, Debug, Default)]
pub struct RegisterQuery {
    /// Only those that speak of this.
    pub text: Option<String>,
    /// Only this 技术领域.
    pub field: Option<String>,
    /// Only this 归口管理部门.
    pub authority: Option<String>,
    /// Only this public status.
    pub status: Option<String>,
    /// Only filings of this year.
    pub year: Option<i16>,
    /// The page after this line: its `filed_on` and `id`.
    pub after: Option<(String, String)>,
    /// The page before this line; still given newest first.
    pub before: Option<(String, String)>,
    /// How many.
    pub limit: i64,
}

/// A line of a worklist.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkItem {
    /// The stream the task belongs to.
    pub stream: String,
    /// The task.
    pub task: TaskRow,
    /// The dossier, when the stream is one.
    pub dossier: Option<DossierRow>,
}

/// A line of a worklist to go on from: the day (or what stands for none), the stream, the task.
pub type TaskCursor = (String, String, String);

impl WorkItem {
    /// Where the next page goes on.
    pub fn cursor(&self) -> TaskCursor {
        let due = self.task.due.clone().unwrap_or_else(|| NO_DAY.to_owned());
        (due, self.stream.clone(), self.task.key.clone())
    }
}

/// Something taken, by whom, and its running number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// The thing.
    pub value: String,
    /// The stream that has it.
    pub stream: String,
    /// Its running number.
    pub ordinal: i64,
}

/// A statement put together from parts, with its values in the order they appear.
#[derive(Default)]
pub(crate) struct Select {
    pub(crate) sql: String,
    pub(crate) args: Vec<Val>,
}

impl Select {
    /// Adds text and, for each `?` in it, a value.
    fn add(&mut self, text: &str, values: impl IntoIterator<Item = Val>) {
        let mut parts = text.split('?');
        self.sql.push_str(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(values) {
            self.args.push(value);
            self.sql.push('$');
            self.sql.push_str(&self.args.len().to_string());
            self.sql.push_str(part);
        }
    }

    /// Adds a condition if there is a value for it.
    fn only(&mut self, text: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(text, [Val::from(value)]);
        }
    }

    /// Begins with the streams a text finds; `false` when it cannot find any.
    fn begin_hits(&mut self, engine: Engine, column: Column, text: Option<&str>) -> bool {
        let Some(text) = text else { return true };
        let Some(hits) = texts::hits(engine, column, text) else { return false };
        self.sql = format!("WITH hits AS MATERIALIZED ({}) ", hits.sql);
        self.args = vec![hits.query.into()];
        true
    }

    fn join_hits(&mut self, text: Option<&str>, table: &str) {
        if text.is_some() {
            self.add(&format!(" JOIN hits h ON h.stream = {table}.stream"), []);
        }
    }
}

/// A text that was left blank asks for nothing in particular.
fn asked(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The 卷宗 a reader may see, newest change first.
pub fn dossiers(tx: &mut dyn Tx, query: &DossierQuery) -> Result<Vec<DossierRow>> {
    let Some(select) = select_dossiers(tx.engine(), query) else { return Ok(Vec::new()) };
    let rows = tx.rows(&select.sql, &select.args)?;
    rows.into_iter().map(DossierRow::from_row).collect()
}

pub(crate) fn select_dossiers(engine: Engine, query: &DossierQuery) -> Option<Select> {
    let text = asked(query.text.as_ref());
    let mut select = Select::default();
    if !select.begin_hits(engine, Column::of(&query.reader), text) {
        return None;
    }
    // Stage and time stand beside the reader so that this is one range of one index.
    let line = if query.reader == PUBLIC { "d" } else { "r" };
    if query.reader == PUBLIC {
        select.add(&format!("SELECT {DOSSIER_COLUMNS} FROM dossiers d"), []);
        select.join_hits(text, "d");
        select.add(" WHERE d.public = 1", []);
    } else {
        let from =
            format!("SELECT {DOSSIER_COLUMNS} FROM readers r JOIN dossiers d ON d.id = r.id");
        select.add(&from, []);
        select.join_hits(text, "r");
        select.add(" WHERE r.reader = ?", [Val::from(&query.reader)]);
    }
    select.only(&format!(" AND {line}.stage = ?"), query.stage.as_ref());
    if let Some((updated_ms, id)) = &query.after {
        select
            .add(&format!(" AND ({line}.updated_ms, {line}.id) < (?, ?)"), vals![*updated_ms, id]);
    }
    let order = format!(" ORDER BY {line}.updated_ms DESC, {line}.id DESC LIMIT ?");
    select.add(&order, vals![page(query.limit)]);
    Some(select)
}

/// A page of the 备案名录, newest filing first.
pub fn register(tx: &mut dyn Tx, query: &RegisterQuery) -> Result<Vec<DossierRow>> {
    let Some(select) = select_register(tx.engine(), query) else { return Ok(Vec::new()) };
    let rows = tx.rows(&select.sql, &select.args)?;
    let mut found = rows.into_iter().map(DossierRow::from_row).collect::<Result<Vec<_>>>()?;
    if query.before.is_some() {
        found.reverse();
    }
    Ok(found)
}

pub(crate) fn select_register(engine: Engine, query: &RegisterQuery) -> Option<Select> {
    let mut select = register_lines(engine, query, DOSSIER_COLUMNS)?;
    let (cursor, sign, order) = match (&query.before, &query.after) {
        (Some(cursor), _) => (Some(cursor), ">", "ASC"),
        (None, cursor) => (cursor.as_ref(), "<", "DESC"),
    };
    if let Some((filed_on, id)) = cursor {
        select.add(&format!(" AND (d.filed_on, d.id) {sign} (?, ?)"), vals![filed_on, id]);
    }
    let order = format!(" ORDER BY d.filed_on {order}, d.id {order} LIMIT ?");
    select.add(&order, vals![page(query.limit)]);
    Some(select)
}

/// The lines of the register that a query asks for, without page and order.
fn register_lines(engine: Engine, query: &RegisterQuery, columns: &str) -> Option<Select> {
    let text = asked(query.text.as_ref());
    let mut select = Select::default();
    if !select.begin_hits(engine, Column::Open, text) {
        return None;
    }
    select.add(&format!("SELECT {columns} FROM dossiers d"), []);
    select.join_hits(text, "d");
    // These words are those of the partial indexes.
    select.add(" WHERE d.public = 1 AND d.filed_on IS NOT NULL", []);
    select.only(" AND d.field = ?", query.field.as_ref());
    select.only(" AND d.authority = ?", query.authority.as_ref());
    select.only(" AND d.status = ?", query.status.as_ref());
    if let Some(year) = query.year {
        let (first, last) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        select.add(" AND d.filed_on >= ? AND d.filed_on <= ?", vals![first, last]);
    }
    Some(select)
}

/// Lines of a register query that are counted; a list that has more says "more than".
pub const COUNT_MAX: i64 = 1000;

/// How many lines a register query has, up to one more than [`COUNT_MAX`].
pub fn register_count(tx: &mut dyn Tx, query: &RegisterQuery) -> Result<i64> {
    let Some(mut select) = register_lines(tx.engine(), query, "d.id") else { return Ok(0) };
    select.add(" LIMIT ?", vals![COUNT_MAX + 1]);
    let sql = match select.sql.strip_prefix("WITH ") {
        None => format!("SELECT count(*) FROM ({}) AS found", select.sql),
        Some(_) => format!("WITH found AS ({}) SELECT count(*) FROM found", select.sql),
    };
    tx.rows(&sql, &select.args)?.first().map_or(Ok(0), |row| row.int(0))
}

/// Open 待办 of some holders: what is due first comes first, what has no day comes last.
pub fn worklist(
    tx: &mut dyn Tx,
    holders: &[String],
    after: Option<&TaskCursor>,
    limit: i64,
) -> Result<Vec<WorkItem>> {
    let mut found = Vec::new();
    // One index range a holder, merged here: a range over several holders would be sorted whole.
    for holder in holders {
        found.extend(work_of(tx, holder, after, limit)?);
    }
    found.sort_by_cached_key(WorkItem::cursor);
    found.dedup_by_key(|item| (item.stream.clone(), item.task.key.clone()));
    found.truncate(usize::try_from(page(limit)).unwrap_or(0));
    Ok(found)
}

fn work_of(
    tx: &mut dyn Tx,
    holder: &str,
    after: Option<&TaskCursor>,
    limit: i64,
) -> Result<Vec<WorkItem>> {
    let select = select_work(holder, after, limit);
    let rows = tx.rows(&select.sql, &select.args)?;
    rows.into_iter()
        .map(|row| {
            let (stream, task) = (row.text(17)?, TaskRow::from_row(&row, 18)?);
            let dossier = row.opt_text(0)?.map(|_| DossierRow::from_row(row)).transpose()?;
            Ok(WorkItem { stream, task, dossier })
        })
        .collect()
}

pub(crate) fn select_work(holder: &str, after: Option<&TaskCursor>, limit: i64) -> Select {
    let mut select = Select::default();
    select.add(
        &format!(
            "SELECT {DOSSIER_COLUMNS}, t.stream, {TASK_COLUMNS}
             FROM tasks t
             LEFT JOIN dossiers d ON d.stream = t.stream
             WHERE t.holder = ?"
        ),
        vals![holder],
    );
    if let Some((due, stream, key)) = after {
        select.add(" AND (t.due_key, t.stream, t.key) > (?, ?, ?)", vals![due, stream, key]);
    }
    select.add(" ORDER BY t.due_key, t.stream, t.key LIMIT ?", vals![page(limit)]);
    select
}

/// How many open 待办 each holder has; holders without any are not listed.
pub fn task_counts(tx: &mut dyn Tx, holders: &[String]) -> Result<Vec<(String, i64)>> {
    let mut counts = Vec::new();
    for holder in holders {
        let rows = tx.rows("SELECT count(*) FROM tasks WHERE holder = $1", &vals![holder])?;
        let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
        if count > 0 {
            counts.push((holder.clone(), count));
        }
    }
    Ok(counts)
}

/// The 待办 of one stream.
pub fn tasks_of(tx: &mut dyn Tx, stream: &str) -> Result<Vec<TaskRow>> {
    let sql =
        format!("SELECT {TASK_COLUMNS} FROM tasks t WHERE t.stream = $1 ORDER BY t.due_key, t.key");
    tx.rows(&sql, &vals![stream])?.iter().map(|row| TaskRow::from_row(row, 0)).collect()
}

/// Streams whose next day has come, the oldest day first.
pub fn due(tx: &mut dyn Tx, day: &str, limit: i64) -> Result<Vec<String>> {
    let found = due_after(tx, day, None, limit)?;
    Ok(found.into_iter().map(|(_, stream)| stream).collect())
}

/// [`due`] page by page, so that a stream which stays due does not hide those behind it.
/// Gives next day and stream, and goes on after such a pair.
pub fn due_after(
    tx: &mut dyn Tx,
    day: &str,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let mut select = Select::default();
    select.add("SELECT next_day, stream FROM dossiers WHERE next_day <= ?", vals![day]);
    if let Some((next_day, stream)) = after {
        select.add(" AND (next_day, stream) > (?, ?)", vals![next_day, stream]);
    }
    select.add(" ORDER BY next_day, stream LIMIT ?", vals![page(limit)]);
    let rows = tx.rows(&select.sql, &select.args)?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// The line of one 卷宗.
pub fn dossier(tx: &mut dyn Tx, id: &str) -> Result<Option<DossierRow>> {
    let sql = format!("SELECT {DOSSIER_COLUMNS} FROM dossiers d WHERE d.id = $1");
    tx.rows(&sql, &vals![id])?.pop().map(DossierRow::from_row).transpose()
}

/// Who may see a 卷宗 in a list.
pub fn readers(tx: &mut dyn Tx, id: &str) -> Result<Vec<String>> {
    let rows = tx.rows(
        "SELECT r.reader
         FROM dossiers d
         JOIN readers r ON r.stream = d.stream
         WHERE d.id = $1
         ORDER BY r.reader",
        &vals![id],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Everything of a kind that is taken, in the order of the running number.
pub fn claims(tx: &mut dyn Tx, kind: &str) -> Result<Vec<ClaimRow>> {
    let rows = tx.rows(
        "SELECT value, stream, ordinal
         FROM claims
         WHERE kind = $1
         ORDER BY ordinal, value",
        &vals![kind],
    )?;
    rows.iter()
        .map(|row| Ok(ClaimRow { value: row.text(0)?, stream: row.text(1)?, ordinal: row.int(2)? }))
        .collect()
}

/// Names that a unit holds for applications it has not handed in.
pub fn reservations(tx: &mut dyn Tx, lead: &str) -> Result<i64> {
    let rows = tx.rows(
        "SELECT count(*)
         FROM dossiers d
         JOIN claims c ON c.stream = d.stream AND c.kind = 'name'
         WHERE d.lead = $1 AND d.stage IN ('drafting', 'signing')",
        &vals![lead],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// The highest running number of a kind; 0 when there is none.
pub fn highest(tx: &mut dyn Tx, kind: &str) -> Result<i64> {
    let rows =
        tx.rows("SELECT coalesce(max(ordinal), 0) FROM claims WHERE kind = $1", &vals![kind])?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// The counters whose name starts with a prefix, and what they stand at.
pub fn tallies(tx: &mut dyn Tx, prefix: &str) -> Result<Vec<(String, i64)>> {
    let rows = tx.rows(
        "SELECT tally, n
         FROM tallies
         WHERE tally >= $1 AND tally < $2 AND n <> 0
         ORDER BY tally",
        &vals![prefix, prefix_end(prefix)],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// The open tasks of some streams: stream, holder, title.
pub fn open_tasks(tx: &mut dyn Tx, streams: &[String]) -> Result<Vec<(String, String, String)>> {
    let mut open = Vec::new();
    for stream in streams.iter().collect::<BTreeSet<_>>() {
        let rows = tx.rows(
            "SELECT holder, title FROM tasks WHERE stream = $1 ORDER BY key",
            &vals![stream],
        )?;
        for row in &rows {
            open.push((stream.clone(), row.text(0)?, row.text(1)?));
        }
    }
    Ok(open)
}

/// 单位 by name, those that speak of a text if there is one; goes on after a `name_key` and `id`.
pub fn units(
    tx: &mut dyn Tx,
    text: Option<&str>,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<Vec<UnitRow>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let mut select = Select::default();
    if !select.begin_hits(tx.engine(), Column::Office, text) {
        return Ok(Vec::new());
    }
    select.add(&format!("SELECT {UNIT_COLUMNS} FROM units u"), []);
    select.join_hits(text, "u");
    if let Some((name_key, id)) = after {
        select.add(" WHERE (u.name_key, u.id) > (?, ?)", vals![name_key, id]);
    }
    select.add(" ORDER BY u.name_key, u.id LIMIT ?", vals![page(limit)]);
    tx.rows(&select.sql, &select.args)?.iter().map(UnitRow::from_row).collect()
}

/// One 单位.
pub fn unit(tx: &mut dyn Tx, id: &str) -> Result<Option<UnitRow>> {
    let sql = format!("SELECT {UNIT_COLUMNS} FROM units u WHERE u.id = $1");
    tx.rows(&sql, &vals![id])?.first().map(UnitRow::from_row).transpose()
}

/// One 单位 by its 统一社会信用代码.
pub fn unit_by_code(tx: &mut dyn Tx, code: &str) -> Result<Option<UnitRow>> {
    let sql = format!("SELECT {UNIT_COLUMNS} FROM units u WHERE u.code = $1 ORDER BY u.id LIMIT 1");
    tx.rows(&sql, &vals![code])?.first().map(UnitRow::from_row).transpose()
}

/// The 卷宗 that speak of a text, of those a reader may see; newest change first.
pub fn search(tx: &mut dyn Tx, reader: &str, text: &str, limit: i64) -> Result<Vec<DossierRow>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let (reader, text) = (reader.to_owned(), Some(text.to_owned()));
    dossiers(tx, &DossierQuery { reader, text, limit, ..DossierQuery::default() })
}

impl Store {
    /// The 卷宗 a reader may see, newest change first.
    pub async fn dossiers(&self, query: DossierQuery) -> Result<Vec<DossierRow>> {
        self.read(move |tx| dossiers(tx, &query)).await
    }

    /// A page of the 备案名录, newest filing first.
    pub async fn register(&self, query: RegisterQuery) -> Result<Vec<DossierRow>> {
        self.read(move |tx| register(tx, &query)).await
    }

    /// How many lines a register query has, up to one more than [`COUNT_MAX`].
    pub async fn register_count(&self, query: RegisterQuery) -> Result<i64> {
        self.read(move |tx| register_count(tx, &query)).await
    }

    /// Open 待办 of some holders: what is due first comes first, what has no day comes last.
    pub async fn worklist(
        &self,
        holders: &[String],
        after: Option<TaskCursor>,
        limit: i64,
    ) -> Result<Vec<WorkItem>> {
        let holders = holders.to_vec();
        self.read(move |tx| worklist(tx, &holders, after.as_ref(), limit)).await
    }

    /// How many open 待办 each holder has; holders without any are not listed.
    pub async fn task_counts(&self, holders: &[String]) -> Result<Vec<(String, i64)>> {
        let holders = holders.to_vec();
        self.read(move |tx| task_counts(tx, &holders)).await
    }

    /// The 待办 of one stream.
    pub async fn tasks_of(&self, stream: &str) -> Result<Vec<TaskRow>> {
        let stream = stream.to_owned();
        self.read(move |tx| tasks_of(tx, &stream)).await
    }

    /// Streams whose next day has come, the oldest day first.
    pub async fn due(&self, day: &str, limit: i64) -> Result<Vec<String>> {
        let day = day.to_owned();
        self.read(move |tx| due(tx, &day, limit)).await
    }

    /// [`Store::due`] page by page: next day and stream, going on after such a pair.
    pub async fn due_after(
        &self,
        day: &str,
        after: Option<(String, String)>,
        limit: i64,
    ) -> Result<Vec<(String, String)>> {
        let day = day.to_owned();
        self.read(move |tx| due_after(tx, &day, after.as_ref(), limit)).await
    }

    /// The line of one 卷宗.
    pub async fn dossier(&self, id: &str) -> Result<Option<DossierRow>> {
        let id = id.to_owned();
        self.read(move |tx| dossier(tx, &id)).await
    }

    /// Who may see a 卷宗 in a list.
    pub async fn readers(&self, id: &str) -> Result<Vec<String>> {
        let id = id.to_owned();
        self.read(move |tx| readers(tx, &id)).await
    }

    /// Everything of a kind that is taken, in the order of the running number.
    pub async fn claims(&self, kind: &str) -> Result<Vec<ClaimRow>> {
        let kind = kind.to_owned();
        self.read(move |tx| claims(tx, &kind)).await
    }

    /// The highest running number of a kind; 0 when there is none.
    pub async fn highest(&self, kind: &str) -> Result<i64> {
        let kind = kind.to_owned();
        self.read(move |tx| highest(tx, &kind)).await
    }

    /// The stream that has something only one may have.
    pub async fn claimed(&self, kind: &str, value: &str) -> Result<Option<String>> {
        let (kind, value) = (kind.to_owned(), value.to_owned());
        self.read(move |tx| crate::projection::claimed(tx, &kind, &value)).await
    }

    /// The counters whose name starts with a prefix, and what they stand at.
    pub async fn tallies(&self, prefix: &str) -> Result<Vec<(String, i64)>> {
        let prefix = prefix.to_owned();
        self.read(move |tx| tallies(tx, &prefix)).await
    }

    /// 单位 by name, those that speak of a text if there is one; goes on after `name_key` and `id`.
    pub async fn units(
        &self,
        text: Option<&str>,
        after: Option<(String, String)>,
        limit: i64,
    ) -> Result<Vec<UnitRow>> {
        let text = text.map(str::to_owned);
        self.read(move |tx| units(tx, text.as_deref(), after.as_ref(), limit)).await
    }

    /// One 单位.
    pub async fn unit(&self, id: &str) -> Result<Option<UnitRow>> {
        let id = id.to_owned();
        self.read(move |tx| unit(tx, &id)).await
    }

    /// One 单位 by its 统一社会信用代码.
    pub async fn unit_by_code(&self, code: &str) -> Result<Option<UnitRow>> {
        let code = code.to_owned();
        self.read(move |tx| unit_by_code(tx, &code)).await
    }

    /// The open tasks of some streams: stream, holder, title.
    pub async fn open_tasks(&self, streams: Vec<String>) -> Result<Vec<(String, String, String)>> {
        self.read(move |tx| open_tasks(tx, &streams)).await
    }

    /// The 卷宗 that speak of a text, of those a reader may see; newest change first.
    pub async fn search(&self, reader: &str, text: &str, limit: i64) -> Result<Vec<DossierRow>> {
        let (reader, text) = (reader.to_owned(), text.to_owned());
        self.read(move |tx| search(tx, &reader, &text, limit)).await
    }
}
