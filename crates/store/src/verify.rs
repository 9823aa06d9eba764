//! Reads the whole journal again and checks that it is what was written.

use std::collections::{HashMap, HashSet};

use crate::append;
use crate::canonical::{self, Hash};
use crate::error::Result;
use crate::journal::Body;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// The journal is what was written, up to this point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The digest over all of them, hexadecimal.
    pub chain: String,
}

/// 校验不符 — the first place where the journal is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {index} of {stream}: {what}")]
pub struct Fault {
    /// The index of the entry.
    pub index: u64,
    /// The stream it says it belongs to.
    pub stream: String,
    /// What is wrong.
    pub what: String,
}

/// Entries checked at a time.
const ROWS: i64 = 500;

/// Recomputes every digest from the stored bytes and every commitment from the stored values.
///
/// # Errors
///
/// [`crate::StoreError::Fault`] names the first entry that is not what was written.
pub fn verify(tx: &mut dyn Tx) -> Result<Verified> {
    let mut walk = Walk::default();
    loop {
        let entries = tx.rows(
            "SELECT idx, stream, seq, kind, at_ms, day, body, hash, chain
             FROM journal
             WHERE idx > $1
             ORDER BY idx
             LIMIT $2",
            &vals![walk.index, ROWS],
        )?;
        let Some(last) = entries.last() else { break };
        let mut personal = personal(tx, walk.index, last.int(0)?)?;
        for row in &entries {
            walk.step(row, &mut personal)?;
        }
    }
    walk.compare_heads(tx)?;
    Ok(Verified { entries: walk.index.unsigned_abs(), chain: hex::encode(walk.chain) })
}

/// The values about persons of some entries: which there are, and which do not fit.
struct Personal {
    known: HashSet<String>,
    broken: HashSet<String>,
}

fn personal(tx: &mut dyn Tx, after: i64, last: i64) -> Result<Personal> {
    let rows = tx.rows(
        "SELECT p.commitment, p.salt, p.value
         FROM journal j
         JOIN personal p ON p.stream = j.stream AND p.seq = j.seq
         WHERE j.idx > $1 AND j.idx <= $2",
        &vals![after, last],
    )?;
    let mut found = Personal { known: HashSet::new(), broken: HashSet::new() };
    for row in rows {
        let commitment = row.text(0)?;
        if let Some(value) = row.opt_text(2)?
            && canonical::commitment(&row.blob(1)?, &value) != commitment
        {
            found.broken.insert(commitment.clone());
        }
        found.known.insert(commitment);
    }
    Ok(found)
}

/// How far the check has come.
#[derive(Default)]
struct Walk {
    index: i64,
    chain: Hash,
    heads: HashMap<String, (u64, Hash)>,
}

impl Walk {
    fn step(&mut self, row: &Row, personal: &mut Personal) -> Result<()> {
        let (index, stream) = (row.count(0)?, row.text(1)?);
        let fault = |what: &str| Fault { index, stream: stream.clone(), what: what.to_owned() };
        let bytes = row.blob(6)?;
        let hash = canonical::sha256(&[&bytes]);
        let chain = canonical::sha256(&[&self.chain, &hash]);
        let Ok(body) = Body::parse(&bytes) else { Err(fault("the body cannot be read"))? };
        let before = self.heads.get(&stream);
        let seq = before.map_or(0, |(seq, _)| *seq) + 1;
        let prev = before.map(|(_, hash)| hex::encode(hash));
        let columns = (stream.clone(), row.count(2)?, row.text(3)?, row.int(4)?, row.text(5)?);
        let checks = [
            (row.int(0)? == self.index + 1, "an entry before it is missing"),
            (row.blob(7)? == hash, "the hash is not that of the body"),
            (row.blob(8)? == chain, "the chain does not continue"),
            (body.seq == seq, "an entry of the stream is missing"),
            (body.prev == prev, "the entry before it in the stream is another"),
            (
                (body.stream, body.seq, body.kind, body.at, body.day) == columns,
                "the columns differ from the body",
            ),
        ];
        if let Some((_, what)) = checks.iter().find(|(holds, _)| !holds) {
            Err(fault(what))?;
        }
        let mut commitments = Vec::new();
        canonical::commitments(&body.actor, &mut commitments);
        canonical::commitments(&body.payload, &mut commitments);
        for commitment in commitments {
            if !personal.known.contains(&commitment) {
                Err(fault("a value about a person is missing without having been erased"))?;
            }
            if personal.broken.contains(&commitment) {
                Err(fault("a value about a person was changed"))?;
            }
        }
        self.index += 1;
        self.chain = chain;
        self.heads.insert(stream, (seq, hash));
        Ok(())
    }

    /// The journal cut off at its end would still be a chain; the heads remember where it ended.
    fn compare_heads(&mut self, tx: &mut dyn Tx) -> Result<()> {
        let end = Fault {
            index: self.index.unsigned_abs(),
            stream: String::new(),
            what: "the journal does not end where it did".into(),
        };
        let rows = tx.rows("SELECT idx, chain FROM chain WHERE id = 1", &[])?;
        let ends = |row: &Row| -> Result<_> { Ok((row.int(0)?, append::hash(&row.blob(1)?)?)) };
        if rows.first().map(ends).transpose()? != Some((self.index, self.chain)) {
            Err(end.clone())?;
        }
        for row in tx.rows("SELECT stream, seq, hash FROM heads WHERE seq > 0", &[])? {
            let head = (row.count(1)?, append::hash(&row.blob(2)?)?);
            let stream = row.text(0)?;
            if self.heads.remove(&stream) != Some(head) {
                Err(Fault {
                    stream,
                    what: "the stream does not end where it did".into(),
                    ..end.clone()
                })?;
            }
        }
        match self.heads.keys().min() {
            None => Ok(()),
            Some(stream) => {
                let what = "the stream has no head".into();
                Err(Fault { stream: stream.clone(), what, ..end })?
            }
        }
    }
}

impl Store {
    /// Recomputes every digest from the stored bytes and every commitment from the stored values.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Fault`] names the first entry that is not what was written.
    pub async fn verify(&self) -> Result<Verified> {
        self.read(|tx| verify(tx)).await
    }
}
