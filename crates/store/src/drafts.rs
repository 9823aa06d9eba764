//! 起草 — working text of a section before it is an event: fields, who is there, who sees to it.
//!
//! Nothing here is in the journal. A field stands here only while it differs from what a command
//! has written; what the difference means is for the caller to say, inside one [`Store::write`]
//! that begins with [`hold`].

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// Texts left behind that are kept at once; the oldest goes when one more comes.
pub const LEFT_MAX: i64 = 200;

/// Where working text belongs: a section of a dossier, and of the members' sections whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section {
    /// The dossier.
    pub dossier: String,
    /// The part of the materials, by its name.
    pub part: String,
    /// The member whose block it is; empty for the other parts.
    pub block: String,
}

/// One field as it stands in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftField {
    /// The field, by the name it is posted under.
    pub field: String,
    /// What was typed.
    pub value: String,
    /// The digest of what it was typed over.
    pub over: String,
    /// Which opened page wrote it last.
    pub hand: String,
    /// That page's own count of its posts.
    pub turn: i64,
    /// The section's count of writes when it was written.
    pub number: i64,
    /// Who.
    pub person: String,
    /// When.
    pub at_ms: i64,
}

/// Who sees to a section, and who changed it last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionWork {
    /// How often its draft was written.
    pub writes: i64,
    /// The person or unit who sees to it; `None` where nobody was named.
    pub owner: Option<String>,
    /// Whether it is put off.
    pub later: bool,
    /// Who said so.
    pub told_by: Option<String>,
    /// Who changed the section last, as a draft or for good.
    pub changed_by: Option<String>,
    /// When.
    pub changed_ms: Option<i64>,
}

fn key(section: &Section) -> [crate::Val; 3] {
    [section.dossier.as_str().into(), section.part.as_str().into(), section.block.as_str().into()]
}

/// Takes the section for this transaction alone, and counts the write: two who write at once
/// come one after the other.
pub fn hold(tx: &mut dyn Tx, section: &Section) -> Result<i64> {
    let rows = tx.rows(
        "INSERT INTO section_work (dossier, part, block, writes, later)
         VALUES ($1, $2, $3, 1, 0)
         ON CONFLICT (dossier, part, block) DO UPDATE SET writes = section_work.writes + 1
         RETURNING writes",
        &key(section),
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// The fields of a draft, by name.
pub fn fields(tx: &mut dyn Tx, section: &Section) -> Result<Vec<DraftField>> {
    let rows = tx.rows(
        "SELECT field, value, over, hand, turn, number, person, at_ms FROM section_drafts
         WHERE dossier = $1 AND part = $2 AND block = $3
         ORDER BY field",
        &key(section),
    )?;
    rows.iter().map(field).collect()
}

fn field(row: &Row) -> Result<DraftField> {
    Ok(DraftField {
        field: row.text(0)?,
        value: row.text(1)?,
        over: row.text(2)?,
        hand: row.text(3)?,
        turn: row.int(4)?,
        number: row.int(5)?,
        person: row.text(6)?,
        at_ms: row.int(7)?,
    })
}

/// Writes one field.
pub fn put(tx: &mut dyn Tx, section: &Section, field: &DraftField) -> Result<()> {
    tx.exec(
        "INSERT INTO section_drafts
             (dossier, part, block, field, value, over, hand, turn, number, person, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (dossier, part, block, field) DO UPDATE SET
             value = excluded.value, over = excluded.over, hand = excluded.hand,
             turn = excluded.turn, number = excluded.number, person = excluded.person,
             at_ms = excluded.at_ms",
        &vals![
            &section.dossier,
            &section.part,
            &section.block,
            &field.field,
            &field.value,
            &field.over,
            &field.hand,
            field.turn,
            field.number,
            &field.person,
            field.at_ms
        ],
    )
    .map(drop)
}

/// Forgets the fields that were written up to a number: a command has written them for good.
pub fn settle(tx: &mut dyn Tx, section: &Section, number: i64) -> Result<u64> {
    let [dossier, part, block] = key(section);
    tx.exec(
        "DELETE FROM section_drafts
         WHERE dossier = $1 AND part = $2 AND block = $3 AND number <= $4",
        &[dossier, part, block, number.into()],
    )
}

/// Notes who changed a section last.
pub fn changed(tx: &mut dyn Tx, section: &Section, person: &str, at_ms: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO section_work (dossier, part, block, writes, later, changed_by, changed_ms)
         VALUES ($1, $2, $3, 0, 0, $4, $5)
         ON CONFLICT (dossier, part, block) DO UPDATE SET
             changed_by = excluded.changed_by, changed_ms = excluded.changed_ms, later = 0",
        &vals![&section.dossier, &section.part, &section.block, person, at_ms],
    )
    .map(drop)
}

/// Names who sees to a section from now on, and whether it is put off.
pub fn entrust(
    tx: &mut dyn Tx,
    section: &Section,
    owner: Option<&str>,
    later: bool,
    by: &str,
    at_ms: i64,
) -> Result<()> {
    tx.exec(
        "INSERT INTO section_work (dossier, part, block, writes, owner, later, told_by, told_ms)
         VALUES ($1, $2, $3, 0, $4, $5, $6, $7)
         ON CONFLICT (dossier, part, block) DO UPDATE SET
             owner = excluded.owner, later = excluded.later,
             told_by = excluded.told_by, told_ms = excluded.told_ms",
        &vals![&section.dossier, &section.part, &section.block, owner, later, by, at_ms],
    )
    .map(drop)
}

/// Every section of a dossier somebody has worked on.
pub fn works(tx: &mut dyn Tx, dossier: &str) -> Result<Vec<(Section, SectionWork)>> {
    let rows = tx.rows(
        "SELECT part, block, writes, owner, later, told_by, changed_by, changed_ms
         FROM section_work WHERE dossier = $1 ORDER BY part, block",
        &vals![dossier],
    )?;
    let read = |row: &Row| {
        let section =
            Section { dossier: dossier.to_owned(), part: row.text(0)?, block: row.text(1)? };
        let work = SectionWork {
            writes: row.int(2)?,
            owner: row.opt_text(3)?,
            later: row.flag(4)?,
            told_by: row.opt_text(5)?,
            changed_by: row.opt_text(6)?,
            changed_ms: row.opt_int(7)?,
        };
        Ok((section, work))
    };
    rows.iter().map(read).collect()
}

/// How many fields of each section of a dossier are not written for good yet.
pub fn open_fields(tx: &mut dyn Tx, dossier: &str) -> Result<Vec<(Section, u64)>> {
    let rows = tx.rows(
        "SELECT part, block, count(*) FROM section_drafts
         WHERE dossier = $1 GROUP BY part, block ORDER BY part, block",
        &vals![dossier],
    )?;
    let read = |row: &Row| {
        let section =
            Section { dossier: dossier.to_owned(), part: row.text(0)?, block: row.text(1)? };
        Ok((section, row.count(2)?))
    };
    rows.iter().map(read).collect()
}

/// Notes that somebody has a section open.
pub fn here(tx: &mut dyn Tx, section: &Section, person: &str, at_ms: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO section_presence (dossier, part, block, person, at_ms)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (dossier, part, block, person) DO UPDATE SET at_ms = excluded.at_ms",
        &vals![&section.dossier, &section.part, &section.block, person, at_ms],
    )
    .map(drop)
}

/// Who had a section of a dossier open since an instant.
pub fn present(
    tx: &mut dyn Tx,
    dossier: &str,
    since_ms: i64,
) -> Result<Vec<(Section, String, i64)>> {
    let rows = tx.rows(
        "SELECT part, block, person, at_ms FROM section_presence
         WHERE dossier = $1 AND at_ms >= $2 ORDER BY part, block, person",
        &vals![dossier, since_ms],
    )?;
    let read = |row: &Row| {
        let section =
            Section { dossier: dossier.to_owned(), part: row.text(0)?, block: row.text(1)? };
        Ok((section, row.text(2)?, row.int(3)?))
    };
    rows.iter().map(read).collect()
}

/// Keeps what somebody posted after the session had ended, under the digest of a secret.
pub fn leave(tx: &mut dyn Tx, hash: &str, path: &str, pairs: &str, at_ms: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO left_texts (hash, path, pairs, at_ms) VALUES ($1, $2, $3, $4)",
        &vals![hash, path, pairs, at_ms],
    )?;
    tx.exec(
        "DELETE FROM left_texts WHERE hash IN
             (SELECT hash FROM left_texts ORDER BY at_ms DESC, hash LIMIT 1000 OFFSET $1)",
        &vals![LEFT_MAX],
    )
    .map(drop)
}

/// Gives back what was left behind: path and pairs.
pub fn left(tx: &mut dyn Tx, hash: &str) -> Result<Option<(String, String, i64)>> {
    let rows =
        tx.rows("SELECT path, pairs, at_ms FROM left_texts WHERE hash = $1", &vals![hash])?;
    rows.first().map(|row| Ok((row.text(0)?, row.text(1)?, row.int(2)?))).transpose()
}

/// Forgets what was left behind.
pub fn take_left(tx: &mut dyn Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM left_texts WHERE hash = $1", &vals![hash]).map(drop)
}

/// Forgets everything about the dossiers in a stage in which nothing is drafted any longer.
pub fn forget_stage(tx: &mut dyn Tx, stage: &str) -> Result<()> {
    for table in ["section_drafts", "section_presence", "section_work"] {
        let sql = format!(
            "DELETE FROM {table} WHERE dossier IN (SELECT id FROM dossiers WHERE stage = $1)"
        );
        tx.exec(&sql, &vals![stage])?;
    }
    Ok(())
}

/// Forgets who was where, and texts left behind, before an instant.
pub fn forget_before(tx: &mut dyn Tx, present_ms: i64, left_ms: i64) -> Result<u64> {
    let gone = tx.exec("DELETE FROM section_presence WHERE at_ms < $1", &vals![present_ms])?;
    Ok(gone + tx.exec("DELETE FROM left_texts WHERE at_ms < $1", &vals![left_ms])?)
}

impl Store {
    /// The fields of a draft, by name.
    pub async fn draft_fields(&self, section: &Section) -> Result<Vec<DraftField>> {
        let section = section.clone();
        self.read(move |tx| fields(tx, &section)).await
    }

    /// Forgets who was where and texts left behind before two instants, and everything about the
    /// dossiers in these stages.
    pub async fn forget_drafts(
        &self,
        present_ms: i64,
        left_ms: i64,
        stages: &[&str],
    ) -> Result<u64> {
        let stages: Vec<String> = stages.iter().map(|stage| (*stage).to_owned()).collect();
        self.write(move |tx| {
            for stage in &stages {
                forget_stage(tx, stage)?;
            }
            forget_before(tx, present_ms, left_ms)
        })
        .await
    }
}
