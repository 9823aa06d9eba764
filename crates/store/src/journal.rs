//! 事项记录 — the journal: what was done, in order, never changed.
//!
//! Every stream (a 卷宗, a 单位, …) is a chain of entries by sequence number, and all entries
//! together are a chain by index. State is the fold of a stream; everything else the store keeps
//! about it can be computed again from here.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::error::{Result, StoreError};
use crate::tx::{Row, Tx, Val, page, prefix_end, wide};
use crate::{Store, vals};

/// Something done with legal or procedural effect, about to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The kind of event.
    pub kind: String,
    /// The instant it counts from, in milliseconds since 1970.
    pub at_ms: i64,
    /// The legal day, `YYYY-MM-DD`.
    pub day: String,
    /// Who did it, for whom and in which capacity.
    pub actor: Value,
    /// The clauses it carries out.
    pub clauses: Vec<String>,
    /// What it says.
    pub payload: Value,
}

/// An entry as it stands in the journal, values about persons put back where they still exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its place among all entries, from 1, without gaps.
    pub index: u64,
    /// The stream it belongs to.
    pub stream: String,
    /// Its place in the stream, from 1, without gaps.
    pub seq: u64,
    /// The kind of event.
    pub kind: String,
    /// The instant it counts from.
    pub at_ms: i64,
    /// The legal day.
    pub day: String,
    /// Who did it.
    pub actor: Value,
    /// The clauses it carries out.
    pub clauses: Vec<String>,
    /// What it says.
    pub payload: Value,
    /// SHA-256 of its canonical bytes, hexadecimal.
    pub hash: String,
}

/// Where a stream ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The sequence number of the last entry.
    pub seq: u64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

/// A value about a person and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalValue {
    /// What stands in the journal.
    pub commitment: String,
    /// The sequence number of the entry.
    pub seq: u64,
    /// The value; `None` once erased.
    pub value: Option<String>,
}

/// What to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Every value about persons in a stream.
    Stream(String),
    /// One value, wherever [`personal`] found it.
    Commitment(String),
}

/// The canonical form that is hashed; its fields are part of the format `v: 1`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) v: u8,
    pub(crate) stream: String,
    pub(crate) seq: u64,
    pub(crate) kind: String,
    pub(crate) actor: Value,
    pub(crate) clauses: Vec<String>,
    pub(crate) at: i64,
    pub(crate) day: String,
    pub(crate) payload: Value,
    pub(crate) prev: Option<String>,
}

impl Body {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(StoreError::json("read an entry"))
    }
}

/// 摘录 — entries as their digests are computed, for somebody who checks them elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The canonical bytes of each entry, in order; text, as canonical JSON is.
    pub bodies: Vec<String>,
    /// Commitment, salt in hexadecimal and value of each value about a person that was not erased.
    pub openings: Vec<(String, String, String)>,
}

/// The entries of a stream from one sequence number to another, both included.
pub fn excerpt(tx: &mut dyn Tx, stream: &str, from: u64, to: u64) -> Result<Excerpt> {
    let range = vals![stream, wide(from)?, wide(to)?];
    let bodies = tx.rows(
        "SELECT body FROM journal WHERE stream = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq",
        &range,
    )?;
    let openings = tx.rows(
        "SELECT commitment, salt, value
         FROM personal
         WHERE stream = $1 AND seq >= $2 AND seq <= $3 AND value IS NOT NULL
         ORDER BY seq, commitment",
        &range,
    )?;
    let text = |row: &Row| {
        String::from_utf8(row.blob(0)?)
            .map_err(|_| StoreError::Corrupt("an entry is no text".into()))
    };
    let opening = |row: &Row| Ok((row.text(0)?, hex::encode(row.blob(1)?), row.text(2)?));
    Ok(Excerpt {
        bodies: bodies.iter().map(text).collect::<Result<_>>()?,
        openings: openings.iter().map(opening).collect::<Result<_>>()?,
    })
}

/// All entries of a stream, in order.
pub fn load(tx: &mut dyn Tx, stream: &str) -> Result<Vec<Recorded>> {
    let values = tx.rows(
        "SELECT commitment, value
         FROM personal
         WHERE stream = $1 AND value IS NOT NULL",
        &vals![stream],
    )?;
    let entries = tx.rows(
        "SELECT idx, body, hash
         FROM journal
         WHERE stream = $1
         ORDER BY seq",
        &vals![stream],
    )?;
    recorded(&entries, &values)
}

/// Entries of all streams after an index, in the order of the index.
pub fn journal_page(tx: &mut dyn Tx, after_index: u64, limit: i64) -> Result<Vec<Recorded>> {
    let entries = tx.rows(
        "SELECT idx, body, hash
         FROM journal
         WHERE idx > $1
         ORDER BY idx
         LIMIT $2",
        &vals![wide(after_index)?, page(limit)],
    )?;
    let Some(last) = entries.last() else { return Ok(Vec::new()) };
    let values = tx.rows(
        "SELECT p.commitment, p.value
         FROM journal j
         JOIN personal p ON p.stream = j.stream AND p.seq = j.seq
         WHERE j.idx > $1 AND j.idx <= $2 AND p.value IS NOT NULL",
        &vals![wide(after_index)?, last.int(0)?],
    )?;
    recorded(&entries, &values)
}

fn recorded(entries: &[Row], values: &[Row]) -> Result<Vec<Recorded>> {
    let plain = values
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect::<Result<HashMap<_, _>>>()?;
    entries.iter().map(|row| one_recorded(row, &plain)).collect()
}

fn one_recorded(row: &Row, plain: &HashMap<String, String>) -> Result<Recorded> {
    let mut body = Body::parse(&row.blob(1)?)?;
    canonical::reveal(&mut body.actor, plain);
    canonical::reveal(&mut body.payload, plain);
    Ok(Recorded {
        index: row.count(0)?,
        stream: body.stream,
        seq: body.seq,
        kind: body.kind,
        at_ms: body.at,
        day: body.day,
        actor: body.actor,
        clauses: body.clauses,
        payload: body.payload,
        hash: hex::encode(row.blob(2)?),
    })
}

/// Where a stream ends; `None` when nothing was ever written to it.
pub fn head(tx: &mut dyn Tx, stream: &str) -> Result<Option<Head>> {
    let rows =
        tx.rows("SELECT seq, hash FROM heads WHERE stream = $1 AND seq > 0", &vals![stream])?;
    rows.first()
        .map(|row| Ok(Head { seq: row.count(0)?, hash: hex::encode(row.blob(1)?) }))
        .transpose()
}

/// Streams whose name starts with a prefix, in the order of their names, after a name.
pub fn streams(
    tx: &mut dyn Tx,
    prefix: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<String>> {
    let rows = tx.rows(
        "SELECT stream
         FROM heads
         WHERE stream >= $1 AND stream < $2 AND stream > $3 AND seq > 0
         ORDER BY stream
         LIMIT $4",
        &vals![prefix, prefix_end(prefix), after.unwrap_or_default(), page(limit)],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The values about persons in a stream, so that one can be found and erased.
pub fn personal(tx: &mut dyn Tx, stream: &str) -> Result<Vec<PersonalValue>> {
    let rows = tx.rows(
        "SELECT commitment, seq, value
         FROM personal
         WHERE stream = $1
         ORDER BY seq, commitment",
        &vals![stream],
    )?;
    rows.iter()
        .map(|row| {
            let (commitment, seq, value) = (row.text(0)?, row.count(1)?, row.opt_text(2)?);
            Ok(PersonalValue { commitment, seq, value })
        })
        .collect()
}

/// Erases values about persons and tells how many there were. The journal stays as it is.
///
/// What was made from the values is the caller's: projections are to be made again
/// ([`crate::projection::project`]), letters and kept answers may still say them.
pub fn erase_personal(tx: &mut dyn Tx, what: &Erasure) -> Result<u64> {
    let (sql, key) = match what {
        Erasure::Stream(stream) => (
            "UPDATE personal
             SET salt = NULL, value = NULL
             WHERE value IS NOT NULL AND stream = $1",
            stream,
        ),
        Erasure::Commitment(commitment) => (
            "UPDATE personal
             SET salt = NULL, value = NULL
             WHERE value IS NOT NULL AND commitment = $1",
            commitment,
        ),
    };
    tx.exec(sql, &[Val::from(key)])
}

/// How many entries there are, and the overall chain's last value, hexadecimal.
pub fn chain(tx: &mut dyn Tx) -> Result<(i64, String)> {
    let rows = tx.rows("SELECT idx, chain FROM chain", &[])?;
    rows.first().map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, hex::encode(row.blob(1)?))))
}

impl Store {
    /// All entries of a stream, in order.
    pub async fn load(&self, stream: &str) -> Result<Vec<Recorded>> {
        let stream = stream.to_owned();
        self.read(move |tx| load(tx, &stream)).await
    }

    /// The entries of a stream from one sequence number to another, both included.
    pub async fn excerpt(&self, stream: &str, from: u64, to: u64) -> Result<Excerpt> {
        let stream = stream.to_owned();
        self.read(move |tx| excerpt(tx, &stream, from, to)).await
    }

    /// Where a stream ends; `None` when nothing was ever written to it.
    pub async fn head(&self, stream: &str) -> Result<Option<Head>> {
        let stream = stream.to_owned();
        self.read(move |tx| head(tx, &stream)).await
    }

    /// Streams whose name starts with a prefix, in the order of their names, after a name.
    pub async fn streams(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<String>> {
        let (prefix, after) = (prefix.to_owned(), after.map(str::to_owned));
        self.read(move |tx| streams(tx, &prefix, after.as_deref(), limit)).await
    }

    /// Entries of all streams after an index, in the order of the index.
    pub async fn journal_page(&self, after_index: u64, limit: i64) -> Result<Vec<Recorded>> {
        self.read(move |tx| journal_page(tx, after_index, limit)).await
    }

    /// Shows every entry of the journal to a visitor, in the order of the index.
    pub async fn visit_all(&self, mut visitor: impl FnMut(&Recorded)) -> Result<()> {
        let mut after = 0;
        loop {
            let entries = self.journal_page(after, VISIT_ROWS).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            after = last.index;
            entries.iter().for_each(&mut visitor);
        }
    }

    /// The values about persons in a stream.
    pub async fn personal(&self, stream: &str) -> Result<Vec<PersonalValue>> {
        let stream = stream.to_owned();
        self.read(move |tx| personal(tx, &stream)).await
    }

    /// Erases values about persons and tells how many there were.
    pub async fn erase_personal(&self, what: Erasure) -> Result<u64> {
        self.write(move |tx| erase_personal(tx, &what)).await
    }
}

/// Entries read at a time when the whole journal is visited.
const VISIT_ROWS: i64 = 500;
