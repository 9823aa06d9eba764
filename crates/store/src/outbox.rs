//! 发件箱 — letters that are to go out, and the messages people find inside.
//!
//! A letter is written in the same transaction as what it tells of, under a key that makes it go
//! out once. A sender takes some for a while; what is not reported done comes back.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Engine, Row, Tx, page};
use crate::{Store, vals};

/// A letter to somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Names the letter; a second letter of that name is not written.
    pub key: String,
    /// To whom: a holder such as `unit:U1/handler`, or an address.
    pub to: String,
    /// 标题.
    pub subject: String,
    /// 正文.
    pub body: String,
    /// What it is about.
    pub stream: String,
}

/// A letter and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedLetter {
    /// Its running number.
    pub id: i64,
    /// The letter.
    pub letter: Letter,
    /// When it was written.
    pub created_ms: i64,
    /// `waiting`, `done` or `failed`.
    pub state: String,
    /// How often it was taken to be sent.
    pub tries: i64,
    /// Why it could not be sent the last time.
    pub why: Option<String>,
}

const COLUMNS: &str = "id, key, recipient, subject, body, stream, created_ms, state, tries, why";

impl PostedLetter {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.int(0)?,
            letter: Letter {
                key: row.text(1)?,
                to: row.text(2)?,
                subject: row.text(3)?,
                body: row.text(4)?,
                stream: row.text(5)?,
            },
            created_ms: row.int(6)?,
            state: row.text(7)?,
            tries: row.int(8)?,
            why: row.opt_text(9)?,
        })
    }
}

/// Writes letters; one whose key is known is left as it is.
pub fn post(tx: &mut dyn Tx, letters: &[Letter], created_ms: i64) -> Result<()> {
    let mut letters: Vec<_> = letters.iter().collect();
    letters.sort_by_key(|letter| &letter.key);
    for letter in letters {
        tx.exec(
            "INSERT INTO letters (key, recipient, subject, body, stream, created_ms, state,
                 not_before, tries)
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, 0)
             ON CONFLICT (key) DO NOTHING",
            &vals![
                &letter.key,
                &letter.to,
                &letter.subject,
                &letter.body,
                &letter.stream,
                created_ms,
            ],
        )?;
    }
    Ok(())
}

/// Takes up to `n` letters to send. Until `now_ms + lease_ms` nobody else gets them.
pub fn claim_letters(
    tx: &mut dyn Tx,
    n: i64,
    now_ms: i64,
    lease_ms: i64,
) -> Result<Vec<PostedLetter>> {
    // Senders on other nodes take other letters instead of waiting for these.
    let skip = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "UPDATE letters
         SET not_before = $1, tries = tries + 1
         WHERE id IN (
             SELECT id
             FROM letters
             WHERE state = 'waiting' AND not_before <= $2
             ORDER BY id
             LIMIT $3
             {skip}
         )
         RETURNING {COLUMNS}"
    );
    let rows = tx.rows(&sql, &vals![now_ms.saturating_add(lease_ms), now_ms, page(n)])?;
    let mut taken = rows.iter().map(PostedLetter::from_row).collect::<Result<Vec<_>>>()?;
    taken.sort_by_key(|letter| letter.id);
    Ok(taken)
}

/// A letter was sent.
pub fn letter_done(tx: &mut dyn Tx, key: &str) -> Result<()> {
    tx.exec("UPDATE letters SET state = 'done', why = NULL WHERE key = $1", &vals![key]).map(drop)
}

/// A letter could not be sent: it waits until an instant, or, without one, is given up.
pub fn letter_failed(tx: &mut dyn Tx, key: &str, why: &str, again_ms: Option<i64>) -> Result<()> {
    match again_ms {
        Some(again_ms) => tx.exec(
            "UPDATE letters SET not_before = $1, why = $2 WHERE key = $3",
            &vals![again_ms, why, key],
        ),
        None => tx
            .exec("UPDATE letters SET state = 'failed', why = $1 WHERE key = $2", &vals![why, key]),
    }
    .map(drop)
}

/// Letters to somebody, newest first, those before a running number.
pub fn letters_to(
    tx: &mut dyn Tx,
    to: &str,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<PostedLetter>> {
    newest(tx, "recipient", to, after, limit)
}

/// Letters about a stream, newest first, those before a running number.
pub fn letters(
    tx: &mut dyn Tx,
    stream: &str,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<PostedLetter>> {
    newest(tx, "stream", stream, after, limit)
}

fn newest(
    tx: &mut dyn Tx,
    column: &str,
    value: &str,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<PostedLetter>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM letters
         WHERE {column} = $1 AND id < $2
         ORDER BY id DESC
         LIMIT $3"
    );
    let rows = tx.rows(&sql, &vals![value, after.unwrap_or(i64::MAX), page(limit)])?;
    rows.iter().map(PostedLetter::from_row).collect()
}

/// How many letters wait and how many were given up.
pub fn letter_counts(tx: &mut dyn Tx) -> Result<(i64, i64)> {
    let rows = tx.rows(
        "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'failed')
         FROM letters
         WHERE state <> 'done'",
        &[],
    )?;
    rows.first().map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

impl Store {
    /// Writes letters that belong to no append; one whose key is known is left as it is.
    pub async fn post(&self, letters: Vec<Letter>, created_ms: i64) -> Result<()> {
        self.write(move |tx| post(tx, &letters, created_ms)).await
    }

    /// Takes up to `n` letters to send. Until `now_ms + lease_ms` nobody else gets them.
    pub async fn claim_letters(
        &self,
        n: i64,
        now_ms: i64,
        lease_ms: i64,
    ) -> Result<Vec<PostedLetter>> {
        self.write(move |tx| claim_letters(tx, n, now_ms, lease_ms)).await
    }

    /// A letter was sent.
    pub async fn letter_done(&self, key: &str) -> Result<()> {
        let key = key.to_owned();
        self.write(move |tx| letter_done(tx, &key)).await
    }

    /// A letter could not be sent: it waits until an instant, or, without one, is given up.
    pub async fn letter_failed(&self, key: &str, why: &str, again_ms: Option<i64>) -> Result<()> {
        let (key, why) = (key.to_owned(), why.to_owned());
        self.write(move |tx| letter_failed(tx, &key, &why, again_ms)).await
    }

    /// Letters to somebody, newest first, those before a running number.
    pub async fn letters_to(
        &self,
        to: &str,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Vec<PostedLetter>> {
        let to = to.to_owned();
        self.read(move |tx| letters_to(tx, &to, after, limit)).await
    }

    /// Letters about a stream, newest first, those before a running number.
    pub async fn letters(
        &self,
        stream: &str,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Vec<PostedLetter>> {
        let stream = stream.to_owned();
        self.read(move |tx| letters(tx, &stream, after, limit)).await
    }

    /// How many letters wait and how many were given up.
    pub async fn letter_counts(&self) -> Result<(i64, i64)> {
        self.read(|tx| letter_counts(tx)).await
    }
}
