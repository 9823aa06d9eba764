//! One command becomes durable: entries, projections, letters and answer, or none of it.

use serde_json::Value;

use crate::canonical::{self, Hash, Sealed};
use crate::error::{Result, StoreError};
use crate::files;
use crate::journal::{Body, Entry, Head};
use crate::links::{self, Linked};
use crate::outbox::{self, Letter};
use crate::papers::{self, PaperKey};
use crate::projection::{self, Projection};
use crate::tx::{Tx, insert_all, wide};
use crate::{Store, vals};

/// Everything one command leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Append {
    /// The stream, 卷宗 or another.
    pub stream: String,
    /// The sequence number the caller decided on; 0 for a new stream.
    pub expected: u64,
    /// What happened; may be nothing when the command changed nothing but has an answer.
    pub entries: Vec<Entry>,
    /// When the command came, in milliseconds since 1970: where no entry says so.
    pub at_ms: i64,
    /// By which the same command is known when it comes again.
    pub command: Option<CommandKey>,
    /// What the caller is told, now and when the same command comes again.
    pub answer: Value,
    /// What the stream looks like afterwards in lists; without entries the lists stay as they are.
    pub projection: Projection,
    /// Who is to be told.
    pub letters: Vec<Letter>,
    /// Digests of the files that the entries name: from now on they are kept for good.
    pub files: Vec<String>,
    /// Which papers are to be made: how many entries after the expected one, and the kind.
    pub papers: Vec<(u64, String)>,
    /// What becomes of accounts and posts.
    pub linked: Linked,
}

impl Append {
    fn came_ms(&self) -> i64 {
        self.entries.last().map_or(self.at_ms, |entry| entry.at_ms)
    }

    fn ordered(&self) -> Vec<PaperKey> {
        let key = |(after, kind): &(u64, String)| PaperKey {
            stream: self.stream.clone(),
            sequence: self.expected.saturating_add(*after),
            kind: kind.clone(),
        };
        self.papers.iter().map(key).collect()
    }
}

/// 幂等键 — the same key gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandKey {
    /// The person; keys of different persons never meet.
    pub actor: String,
    /// The key the client made.
    pub key: String,
    /// Digest of what was asked, so that a key used twice for different things is found.
    pub request: String,
}

/// What became of an append.
#[derive(Clone, Debug, PartialEq)]
pub enum Appended {
    /// It was written; the stream ends here now.
    Done(Head),
    /// The command was carried out before, with this answer.
    Repeated(Value),
}

/// Writes what a command decided. `salts` gives 16 fresh random bytes at each call.
pub fn append(
    tx: &mut dyn Tx,
    append: &Append,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<Appended> {
    // Rows that two appends may both want are taken in this order: key, head, claims, letters,
    // papers, tallies, chain. The last two come last because every append wants them.
    if let Some(answer) = take_key(tx, append)? {
        return Ok(Appended::Repeated(answer));
    }
    let stream = append.stream.as_str();
    if stream != canonical::nfc(stream) {
        return Err(StoreError::Malformed(format!("the name of the stream {stream}")));
    }
    let prev = take_head(tx, stream, append.expected)?;
    let written = write_down(stream, append, prev, salts)?;
    if written.is_empty() {
        return move_head(tx, append, prev, &written).map(Appended::Done);
    }
    keep_personal(tx, stream, &written)?;
    links::apply(tx, stream, &append.linked)?;
    projection::replace(tx, stream, &append.projection)?;
    outbox::post(tx, &append.letters, append.came_ms())?;
    files::use_files(tx, &append.files)?;
    papers::order(tx, &append.ordered(), append.came_ms())?;
    let head = move_head(tx, append, prev, &written)?;
    projection::count(tx, stream, &append.projection.tallies)?;
    join_chain(tx, stream, &written)?;
    Ok(Appended::Done(head))
}

/// Takes the idempotency key, or returns the answer it had.
fn take_key(tx: &mut dyn Tx, append: &Append) -> Result<Option<Value>> {
    let Some(command) = &append.command else { return Ok(None) };
    let taken = tx.exec(
        "INSERT INTO commands (actor, key, request, stream, at_ms, answer)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (actor, key) DO NOTHING",
        &vals![
            &command.actor,
            &command.key,
            &command.request,
            &append.stream,
            append.came_ms(),
            canonical::text(&append.answer)?,
        ],
    )?;
    if taken == 1 { Ok(None) } else { answered(tx, command) }
}

/// The answer a command had, if it was carried out before.
pub fn answered(tx: &mut dyn Tx, command: &CommandKey) -> Result<Option<Value>> {
    let rows = tx.rows(
        "SELECT request, answer FROM commands WHERE actor = $1 AND key = $2",
        &vals![&command.actor, &command.key],
    )?;
    match rows.first() {
        None => Ok(None),
        Some(row) if row.text(0)? == command.request => row.json(1).map(Some),
        Some(_) => Err(StoreError::KeyReused),
    }
}

/// Forgets the keys of commands older than an instant; returns how many.
pub fn forget_commands(tx: &mut dyn Tx, before_ms: i64) -> Result<u64> {
    tx.exec("DELETE FROM commands WHERE at_ms < $1", &vals![before_ms])
}

/// Locks the head of a stream and returns its hash; `None` for a stream without entries.
fn take_head(tx: &mut dyn Tx, stream: &str, expected: u64) -> Result<Option<Hash>> {
    if expected == 0 {
        tx.exec(
            "INSERT INTO heads (stream, seq, hash)
             VALUES ($1, 0, $2)
             ON CONFLICT (stream) DO NOTHING",
            &vals![stream, Vec::<u8>::new()],
        )?;
    }
    // An update that changes nothing takes the row's lock in PostgreSQL; SQLite has one writer.
    let rows = tx
        .rows("UPDATE heads SET seq = seq WHERE stream = $1 RETURNING seq, hash", &vals![stream])?;
    let Some(row) = rows.first() else { return Err(StoreError::Conflict { head: 0 }) };
    let head = row.count(0)?;
    if head != expected {
        return Err(StoreError::Conflict { head });
    }
    if head == 0 { Ok(None) } else { hash(&row.blob(1)?).map(Some) }
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("a digest is not 32 bytes".into()))
}

/// An entry in its final form.
struct Written<'a> {
    seq: u64,
    entry: &'a Entry,
    body: Vec<u8>,
    hash: Hash,
    personal: Vec<Sealed>,
}

/// Brings the entries into their final form, each with the hash of the one before it.
fn write_down<'a>(
    stream: &str,
    append: &'a Append,
    mut prev: Option<Hash>,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<Vec<Written<'a>>> {
    let mut all = Vec::new();
    for (seq, entry) in (append.expected + 1..).zip(&append.entries) {
        let (body, personal) = seal(stream, seq, entry, prev, salts)?;
        let hash = canonical::sha256(&[&body]);
        prev = Some(hash);
        all.push(Written { seq, entry, body, hash, personal });
    }
    Ok(all)
}

fn seal(
    stream: &str,
    seq: u64,
    entry: &Entry,
    prev: Option<Hash>,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<(Vec<u8>, Vec<Sealed>)> {
    let mut values = Vec::new();
    let mut actor = canonical::normal(&entry.actor)?;
    let mut payload = canonical::normal(&entry.payload)?;
    canonical::seal(&mut actor, salts, &mut values)?;
    canonical::seal(&mut payload, salts, &mut values)?;
    let body = Body {
        v: 1,
        stream: stream.to_owned(),
        seq,
        kind: canonical::nfc(&entry.kind),
        actor,
        clauses: entry.clauses.iter().map(|clause| canonical::nfc(clause)).collect(),
        at: entry.at_ms,
        day: canonical::nfc(&entry.day),
        payload,
        prev: prev.map(hex::encode),
    };
    let body = serde_json::to_value(body).map_err(StoreError::json("write an entry"))?;
    Ok((canonical::bytes(&body)?, values))
}

fn keep_personal(tx: &mut dyn Tx, stream: &str, written: &[Written<'_>]) -> Result<()> {
    let mut rows = Vec::new();
    for Written { seq, personal, .. } in written {
        for Sealed { commitment, salt, value } in personal {
            rows.push(vals![commitment, stream, wide(*seq)?, salt.as_slice(), value].to_vec());
        }
    }
    insert_all(tx, "INSERT INTO personal (commitment, stream, seq, salt, value)", &rows)
}

/// Moves the head of the stream to the last entry.
fn move_head(
    tx: &mut dyn Tx,
    append: &Append,
    prev: Option<Hash>,
    written: &[Written<'_>],
) -> Result<Head> {
    let Some(last) = written.last() else {
        return Ok(Head { seq: append.expected, hash: prev.map(hex::encode).unwrap_or_default() });
    };
    tx.exec(
        "UPDATE heads SET seq = $1, hash = $2 WHERE stream = $3",
        &vals![wide(last.seq)?, last.hash.as_slice(), &append.stream],
    )?;
    Ok(Head { seq: last.seq, hash: hex::encode(last.hash) })
}

/// Gives the entries their indexes and adds them to the chain of all.
fn join_chain(tx: &mut dyn Tx, stream: &str, written: &[Written<'_>]) -> Result<()> {
    if written.is_empty() {
        return Ok(());
    }
    let (first, mut chain) = take_indexes(tx, written.len())?;
    let mut rows = Vec::new();
    for (index, Written { seq, entry, body, hash, .. }) in (first..).zip(written) {
        chain = canonical::sha256(&[&chain, hash]);
        let row = vals![
            index,
            stream,
            wide(*seq)?,
            canonical::nfc(&entry.kind),
            entry.at_ms,
            canonical::nfc(&entry.day),
            body.as_slice(),
            hash.as_slice(),
            chain.as_slice(),
        ];
        rows.push(row.to_vec());
    }
    insert_all(
        tx,
        "INSERT INTO journal (idx, stream, seq, kind, at_ms, day, body, hash, chain)",
        &rows,
    )?;
    tx.exec("UPDATE chain SET chain = $1 WHERE id = 1", &vals![chain.as_slice()]).map(drop)
}

/// Takes the next indexes and returns the first, with the chain up to it.
fn take_indexes(tx: &mut dyn Tx, count: usize) -> Result<(i64, Hash)> {
    let count = i64::try_from(count).map_err(|_| StoreError::Malformed("too many".into()))?;
    let rows = tx
        .rows("UPDATE chain SET idx = idx + $1 WHERE id = 1 RETURNING idx, chain", &vals![count])?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt("the chain has no head".into()))?;
    Ok((row.int(0)? - count + 1, hash(&row.blob(1)?)?))
}

impl Store {
    /// Writes what a command decided, in one transaction; returns when it is durable.
    ///
    /// `salts` gives 16 fresh random bytes at each call.
    pub async fn append(
        &self,
        what: Append,
        mut salts: impl FnMut() -> [u8; 16] + Send + 'static,
    ) -> Result<Appended> {
        let keyed = what.command.clone();
        let outcome = self.write(move |tx| append(tx, &what, &mut salts)).await;
        match (outcome, keyed) {
            // The commit may have happened; the key knows.
            (Err(StoreError::Uncertain), Some(command)) => {
                let answer = self.answered(command).await?;
                answer.map(Appended::Repeated).ok_or(StoreError::Uncertain)
            }
            (outcome, _) => outcome,
        }
    }

    /// [`Store::append`] for callers without a runtime.
    pub fn append_blocking(
        &self,
        what: Append,
        mut salts: impl FnMut() -> [u8; 16] + Send + 'static,
    ) -> Result<Appended> {
        self.write_blocking(move |tx| append(tx, &what, &mut salts))
    }

    /// The answer a command had, if it was carried out before.
    pub async fn answered(&self, command: CommandKey) -> Result<Option<Value>> {
        self.read(move |tx| answered(tx, &command)).await
    }

    /// Forgets the keys of commands older than an instant; returns how many.
    pub async fn forget_commands(&self, before_ms: i64) -> Result<u64> {
        self.write(move |tx| forget_commands(tx, before_ms)).await
    }
}
