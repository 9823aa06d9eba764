//! 台账 — what lists show of a stream. Derived, replaced as a whole, and computable again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Result, StoreError};
use crate::journal::{self, Recorded};
use crate::tx::{Engine, Row, Tx, Val, insert_all};
use crate::{Store, canonical, texts, vals};

/// What stands in the lists for one stream; each part replaces what stood there before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// The line of a 卷宗.
    pub row: Option<DossierRow>,
    /// Who may see the line: keys such as `unit:U1`, `authority:RA01`, `department`.
    pub readers: Vec<String>,
    /// 待办 — who owes what by when.
    pub tasks: Vec<TaskRow>,
    /// What no other stream may have.
    pub claims: Vec<Claim>,
    /// What everybody may find the stream by.
    pub public_text: String,
    /// What readers may find the stream by.
    pub office_text: String,
    /// The counters the stream counts in, such as `filed/RA01`.
    pub tallies: Vec<String>,
    /// The line of a 单位.
    pub unit: Option<UnitRow>,
}

/// The line of a 卷宗 in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DossierRow {
    /// The dossier.
    pub id: String,
    /// 受理编号 — the receipt number.
    pub number: Option<String>,
    /// 联合体名称.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// The stage.
    pub stage: String,
    /// The status the public sees, or nothing.
    pub status: String,
    /// Whether the public sees it at all.
    pub public: bool,
    /// 牵头单位.
    pub lead: String,
    /// Its name.
    pub lead_name: String,
    /// 归口管理部门.
    pub authority: String,
    /// 盟市.
    pub area: String,
    /// 技术领域.
    pub field: String,
    /// 备案编号.
    pub filed_no: Option<String>,
    /// The day of filing, `YYYY-MM-DD`.
    pub filed_on: Option<String>,
    /// When it last changed.
    pub updated_ms: i64,
    /// The next day on which something is due by itself.
    pub next_day: Option<String>,
    /// What else a list shows.
    pub card: Value,
}

/// 待办 — somebody owes something by a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Names the task within its stream.
    pub key: String,
    /// What is to be done.
    pub kind: String,
    /// Who owes it: `unit:U1/handler`, `authority:RA01/clerk`, `expert:P9`.
    pub holder: String,
    /// The clause it carries out.
    pub clause: String,
    /// What the worklist says.
    pub title: String,
    /// Since when.
    pub opened_on: String,
    /// Until when, if a day is known.
    pub due: Option<String>,
    /// A remark, such as why no day is known.
    pub note: Option<String>,
}

/// What only one stream may have: a number, a name, a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What kind of thing.
    pub kind: String,
    /// The thing.
    pub value: String,
    /// Its running number among its kind, where it has one.
    pub ordinal: i64,
}

/// The line of a 单位 in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// The unit.
    pub id: String,
    /// 统一社会信用代码.
    pub code: String,
    /// 单位名称.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// 单位类型.
    pub kind: String,
    /// 法人类型.
    pub legal_form: String,
    /// 盟市.
    pub area: String,
    /// 归口管理部门.
    pub authority: String,
    /// Whether it is checked, suspended, ….
    pub status: String,
    /// What else a list shows.
    pub card: Value,
}

/// Sorts after every day; stands for a task without one.
pub(crate) const NO_DAY: &str = "9999-99-99";

pub(crate) const DOSSIER_COLUMNS: &str = "d.id, d.number, d.name, d.name_key, d.stage, d.status, \
    d.public, d.lead, d.lead_name, d.authority, d.area, d.field, d.filed_no, d.filed_on, \
    d.updated_ms, d.next_day, d.card";

pub(crate) const UNIT_COLUMNS: &str = "u.id, u.code, u.name, u.name_key, u.kind, u.legal_form, \
    u.area, u.authority, u.status, u.card";

pub(crate) const TASK_COLUMNS: &str =
    "t.key, t.kind, t.holder, t.clause, t.title, t.opened_on, t.due, t.note";

impl DossierRow {
    pub(crate) fn from_row(mut row: Row) -> Result<Self> {
        Ok(Self {
            id: row.take_text(0)?,
            number: row.take_opt_text(1)?,
            name: row.take_text(2)?,
            name_key: row.take_text(3)?,
            stage: row.take_text(4)?,
            status: row.take_text(5)?,
            public: row.flag(6)?,
            lead: row.take_text(7)?,
            lead_name: row.take_text(8)?,
            authority: row.take_text(9)?,
            area: row.take_text(10)?,
            field: row.take_text(11)?,
            filed_no: row.take_opt_text(12)?,
            filed_on: row.take_opt_text(13)?,
            updated_ms: row.int(14)?,
            next_day: row.take_opt_text(15)?,
            card: row.json(16)?,
        })
    }
}

impl UnitRow {
    pub(crate) fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            code: row.text(1)?,
            name: row.text(2)?,
            name_key: row.text(3)?,
            kind: row.text(4)?,
            legal_form: row.text(5)?,
            area: row.text(6)?,
            authority: row.text(7)?,
            status: row.text(8)?,
            card: row.json(9)?,
        })
    }
}

impl TaskRow {
    /// Reads a task from the columns that start at `first`.
    pub(crate) fn from_row(row: &Row, first: usize) -> Result<Self> {
        Ok(Self {
            key: row.text(first)?,
            kind: row.text(first + 1)?,
            holder: row.text(first + 2)?,
            clause: row.text(first + 3)?,
            title: row.text(first + 4)?,
            opened_on: row.text(first + 5)?,
            due: row.opt_text(first + 6)?,
            note: row.opt_text(first + 7)?,
        })
    }
}

/// Puts a projection in place of the one a stream has, without writing to its journal.
///
/// For a projection that has to be made again: after an erasure, or when the way it is made changed.
pub fn project(tx: &mut dyn Tx, stream: &str, projection: &Projection) -> Result<()> {
    tx.exec("UPDATE heads SET seq = seq WHERE stream = $1", &vals![stream])?;
    replace(tx, stream, projection)?;
    count(tx, stream, &projection.tallies)
}

/// All of a projection but its tallies, for a caller that holds the head of the stream.
pub(crate) fn replace(tx: &mut dyn Tx, stream: &str, projection: &Projection) -> Result<()> {
    replace_claims(tx, stream, &projection.claims)?;
    replace_dossier(tx, stream, projection.row.as_ref())?;
    replace_readers(tx, stream, projection)?;
    replace_tasks(tx, stream, &projection.tasks)?;
    replace_unit(tx, stream, projection.unit.as_ref())?;
    texts::replace(tx, stream, projection)
}

fn replace_dossier(tx: &mut dyn Tx, stream: &str, row: Option<&DossierRow>) -> Result<()> {
    let Some(row) = row else { return clear(tx, "dossiers", stream) };
    tx.exec(
        "INSERT INTO dossiers (stream, id, number, name, name_key, stage, status, public, lead,
             lead_name, authority, area, field, filed_no, filed_on, updated_ms, next_day, card)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         ON CONFLICT (stream) DO UPDATE SET
             id = excluded.id,
             number = excluded.number,
             name = excluded.name,
             name_key = excluded.name_key,
             stage = excluded.stage,
             status = excluded.status,
             public = excluded.public,
             lead = excluded.lead,
             lead_name = excluded.lead_name,
             authority = excluded.authority,
             area = excluded.area,
             field = excluded.field,
             filed_no = excluded.filed_no,
             filed_on = excluded.filed_on,
             updated_ms = excluded.updated_ms,
             next_day = excluded.next_day,
             card = excluded.card",
        &vals![
            stream,
            &row.id,
            &row.number,
            &row.name,
            &row.name_key,
            &row.stage,
            &row.status,
            row.public,
            &row.lead,
            &row.lead_name,
            &row.authority,
            &row.area,
            &row.field,
            &row.filed_no,
            &row.filed_on,
            row.updated_ms,
            &row.next_day,
            canonical::text(&row.card)?,
        ],
    )?;
    Ok(())
}

fn replace_unit(tx: &mut dyn Tx, stream: &str, unit: Option<&UnitRow>) -> Result<()> {
    let Some(unit) = unit else { return clear(tx, "units", stream) };
    tx.exec(
        "INSERT INTO units (stream, id, code, name, name_key, kind, legal_form, area, authority,
             status, card)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (stream) DO UPDATE SET
             id = excluded.id,
             code = excluded.code,
             name = excluded.name,
             name_key = excluded.name_key,
             kind = excluded.kind,
             legal_form = excluded.legal_form,
             area = excluded.area,
             authority = excluded.authority,
             status = excluded.status,
             card = excluded.card",
        &vals![
            stream,
            &unit.id,
            &unit.code,
            &unit.name,
            &unit.name_key,
            &unit.kind,
            &unit.legal_form,
            &unit.area,
            &unit.authority,
            &unit.status,
            canonical::text(&unit.card)?,
        ],
    )?;
    Ok(())
}

/// Removes what a table has for a stream.
fn clear(tx: &mut dyn Tx, table: &str, stream: &str) -> Result<()> {
    tx.exec(&format!("DELETE FROM {table} WHERE stream = $1"), &vals![stream]).map(drop)
}

fn replace_readers(tx: &mut dyn Tx, stream: &str, projection: &Projection) -> Result<()> {
    let Some(row) = &projection.row else { return clear(tx, "readers", stream) };
    let readers: BTreeSet<_> = projection.readers.iter().cloned().collect();
    let kept = tx.rows("SELECT reader FROM readers WHERE stream = $1", &vals![stream])?;
    let kept = kept.iter().map(|row| row.text(0)).collect::<Result<BTreeSet<_>>>()?;
    if kept == readers {
        let sql = "UPDATE readers SET id = $1, stage = $2, updated_ms = $3 WHERE stream = $4";
        return tx.exec(sql, &vals![&row.id, &row.stage, row.updated_ms, stream]).map(drop);
    }
    clear(tx, "readers", stream)?;
    let rows: Vec<_> = readers
        .into_iter()
        .map(|reader| vals![stream, &reader, &row.id, &row.stage, row.updated_ms].to_vec())
        .collect();
    insert_all(tx, "INSERT INTO readers (stream, reader, id, stage, updated_ms)", &rows)
}

/// Most commands leave the tasks as they are: looking costs less than writing them again.
fn replace_tasks(tx: &mut dyn Tx, stream: &str, tasks: &[TaskRow]) -> Result<()> {
    let sql = format!("SELECT {TASK_COLUMNS} FROM tasks t WHERE t.stream = $1 ORDER BY t.key");
    let kept = tx.rows(&sql, &vals![stream])?;
    let kept = kept.iter().map(|row| TaskRow::from_row(row, 0)).collect::<Result<Vec<_>>>()?;
    let mut listed: Vec<_> = tasks.iter().collect();
    listed.sort_by_key(|task| &task.key);
    if kept.iter().eq(listed) {
        return Ok(());
    }
    clear(tx, "tasks", stream)?;
    let row = |task: &TaskRow| {
        vals![
            stream,
            &task.key,
            &task.kind,
            &task.holder,
            &task.clause,
            &task.title,
            &task.opened_on,
            &task.due,
            task.due.as_deref().unwrap_or(NO_DAY),
            &task.note,
        ]
        .to_vec()
    };
    let rows: Vec<Vec<Val>> = tasks.iter().map(row).collect();
    insert_all(
        tx,
        "INSERT INTO tasks (stream, key, kind, holder, clause, title, opened_on, due, due_key, note)",
        &rows,
    )
}

/// Releases claims no longer listed and takes the new ones, always in the same order.
fn replace_claims(tx: &mut dyn Tx, stream: &str, claims: &[Claim]) -> Result<()> {
    let held =
        tx.rows("SELECT kind, value, ordinal FROM claims WHERE stream = $1", &vals![stream])?;
    let held = held
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?, row.int(2)?)))
        .collect::<Result<BTreeSet<_>>>()?;
    let listed: BTreeSet<_> =
        claims.iter().map(|c| (c.kind.clone(), c.value.clone(), c.ordinal)).collect();
    for (kind, value, _) in held.difference(&listed) {
        tx.exec("DELETE FROM claims WHERE kind = $1 AND value = $2", &vals![kind, value])?;
    }
    for (kind, value, ordinal) in listed.difference(&held) {
        take_claim(tx, stream, kind, value, *ordinal)?;
    }
    Ok(())
}

fn take_claim(tx: &mut dyn Tx, stream: &str, kind: &str, value: &str, ordinal: i64) -> Result<()> {
    let taken = tx.exec(
        "INSERT INTO claims (kind, value, stream, ordinal)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, value) DO NOTHING",
        &vals![kind, value, stream, ordinal],
    )?;
    if taken == 1 {
        return Ok(());
    }
    let by = claimed(tx, kind, value)?.unwrap_or_default();
    Err(StoreError::ClaimTaken { kind: kind.to_owned(), value: value.to_owned(), by })
}

/// The stream that has something only one may have.
pub fn claimed(tx: &mut dyn Tx, kind: &str, value: &str) -> Result<Option<String>> {
    let rows =
        tx.rows("SELECT stream FROM claims WHERE kind = $1 AND value = $2", &vals![kind, value])?;
    rows.first().map(|row| row.text(0)).transpose()
}

/// Counts a stream in these counters and no others.
pub(crate) fn count(tx: &mut dyn Tx, stream: &str, tallies: &[String]) -> Result<()> {
    let counted = tx.rows("SELECT tally FROM tallied WHERE stream = $1", &vals![stream])?;
    let counted = counted.iter().map(|row| row.text(0)).collect::<Result<BTreeSet<_>>>()?;
    let listed: BTreeSet<_> = tallies.iter().cloned().collect();
    for tally in counted.symmetric_difference(&listed) {
        if listed.contains(tally) {
            tx.exec("INSERT INTO tallied (stream, tally) VALUES ($1, $2)", &vals![stream, tally])?;
            bump(tx, tally, 1)?;
        } else {
            tx.exec("DELETE FROM tallied WHERE stream = $1 AND tally = $2", &vals![stream, tally])?;
            bump(tx, tally, -1)?;
        }
    }
    Ok(())
}

fn bump(tx: &mut dyn Tx, tally: &str, by: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO tallies (tally, n)
         VALUES ($1, $2)
         ON CONFLICT (tally) DO UPDATE SET n = tallies.n + excluded.n",
        &vals![tally, by],
    )
    .map(drop)
}

/// Computes every projection again from the journal, in one transaction. Where one cannot be
/// made, the error undoes it all and the tables stay as they were.
pub fn rebuild(
    tx: &mut dyn Tx,
    make: &mut dyn FnMut(&str, &[Recorded]) -> Result<Projection>,
) -> Result<u64> {
    // Appends of other nodes that began are waited for, others wait; SQLite has one writer.
    if tx.engine() == Engine::Postgres {
        tx.exec("LOCK TABLE heads IN SHARE ROW EXCLUSIVE MODE", &[])?;
    }
    for table in ["dossiers", "readers", "tasks", "claims", "tallies", "tallied", "units"] {
        tx.exec(&format!("DELETE FROM {table}"), &[])?;
    }
    texts::clear_all(tx)?;
    let mut after = None;
    let mut streams = 0;
    loop {
        let names = journal::streams(tx, "", after.as_deref(), 200)?;
        let Some(last) = names.last() else { return Ok(streams) };
        after = Some(last.clone());
        for stream in names {
            let entries = journal::load(tx, &stream)?;
            let projection = make(&stream, &entries)?;
            replace(tx, &stream, &projection)?;
            count(tx, &stream, &projection.tallies)?;
            streams += 1;
        }
    }
}

/// Every projection as text, in an order that depends on nothing but its content.
pub fn dump_projections(tx: &mut dyn Tx) -> Result<String> {
    let tables = [
        (
            "dossiers",
            "stream, id, number, name, name_key, stage, status, public, lead, lead_name, \
            authority, area, field, filed_no, filed_on, updated_ms, next_day, card",
            "stream",
        ),
        ("readers", "stream, reader, id, stage, updated_ms", "stream, reader"),
        (
            "tasks",
            "stream, key, kind, holder, clause, title, opened_on, due, due_key, note",
            "stream, key",
        ),
        ("claims", "kind, value, stream, ordinal", "kind, value"),
        ("tallies", "tally, n", "tally"),
        ("tallied", "stream, tally", "stream, tally"),
        (
            "units",
            "stream, id, code, name, name_key, kind, legal_form, area, authority, status, \
            card",
            "stream",
        ),
        ("texts", "stream, public_digest, office_digest", "stream"),
    ];
    let mut dump = String::new();
    for (table, columns, order) in tables {
        let gone = if table == "tallies" { "WHERE n <> 0" } else { "" };
        let sql = format!("SELECT {columns} FROM {table} {gone} ORDER BY {order}");
        for Row(cells) in tx.rows(&sql, &[])? {
            let cells: Vec<_> = cells.iter().map(cell).collect();
            dump.push_str(&[table, &cells.join("\t"), "\n"].join("\t"));
        }
    }
    Ok(dump)
}

fn cell(value: &Val) -> String {
    match value {
        Val::Null => "-".into(),
        Val::Int(number) => number.to_string(),
        Val::Text(text) => format!("{text:?}"),
        Val::Blob(bytes) => hex::encode(bytes),
    }
}

impl Store {
    /// Puts a projection in place of the one a stream has, without writing to its journal.
    pub async fn project(&self, stream: &str, projection: Projection) -> Result<()> {
        let stream = stream.to_owned();
        self.write(move |tx| project(tx, &stream, &projection)).await
    }

    /// Computes every projection again from the journal, in one transaction; returns how many.
    ///
    /// # Errors
    ///
    /// The error of `make`, where a projection cannot be made; the tables stay as they were.
    pub async fn rebuild(
        &self,
        mut make: impl FnMut(&str, &[Recorded]) -> Result<Projection> + Send + 'static,
    ) -> Result<u64> {
        self.write(move |tx| rebuild(tx, &mut make)).await
    }

    /// Every projection as text, in an order that depends on nothing but its content.
    pub async fn dump_projections(&self) -> Result<String> {
        self.read(|tx| dump_projections(tx)).await
    }
}
