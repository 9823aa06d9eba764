//! 通行密钥 — the public halves of what people prove themselves with, and what authenticators were
//! asked to sign.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// Challenges of one bearer that may be open at once; the oldest goes when one more is asked.
pub const OPEN_MAX: i64 = 8;
/// How long a challenge that ran out is known as one that ran out.
const OVER_KEPT_MS: i64 = 60 * 60 * 1000;

/// A passkey of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The identifier the authenticator chose, base64url.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// The public key, as a certificate would hold it (SPKI, DER).
    pub public_key: Vec<u8>,
    /// What the person recognises it by.
    pub label: String,
    /// The count of signatures the authenticator last told; 0 where it does not count.
    pub counter: i64,
    /// Whether it may be copied to other devices of the person.
    pub synced: bool,
    /// Whether there was such a copy when it was last used.
    pub backed_up: bool,
    /// Since when.
    pub created_ms: i64,
    /// When it was last used.
    pub used_ms: Option<i64>,
}

/// What an authenticator was asked to sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The challenge, base64url.
    pub challenge: String,
    /// Of whom it was asked: a session, a token or a browser before it signs in.
    pub bearer: String,
    /// For which act.
    pub purpose: String,
    /// When.
    pub asked_ms: i64,
    /// Until when it may be answered.
    pub expires_ms: i64,
}

const COLUMNS: &str =
    "id, person, public_key, label, counter, synced, backed_up, created_ms, used_ms";

fn from_row(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.text(0)?,
        person: row.text(1)?,
        public_key: row.blob(2)?,
        label: row.text(3)?,
        counter: row.int(4)?,
        synced: row.flag(5)?,
        backed_up: row.flag(6)?,
        created_ms: row.int(7)?,
        used_ms: row.opt_int(8)?,
    })
}

/// Writes a new passkey; `false` where somebody has this one already.
pub fn add_passkey(tx: &mut dyn Tx, passkey: &Passkey) -> Result<bool> {
    let added = tx.exec(
        "INSERT INTO passkeys
             (id, person, public_key, label, counter, synced, backed_up, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO NOTHING",
        &vals![
            &passkey.id,
            &passkey.person,
            passkey.public_key.as_slice(),
            &passkey.label,
            passkey.counter,
            passkey.synced,
            passkey.backed_up,
            passkey.created_ms,
        ],
    )?;
    Ok(added == 1)
}

/// One passkey.
pub fn passkey(tx: &mut dyn Tx, id: &str) -> Result<Option<Passkey>> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE id = $1");
    tx.rows(&sql, &vals![id])?.first().map(from_row).transpose()
}

/// The passkeys of a person, the oldest first.
pub fn passkeys(tx: &mut dyn Tx, person: &str) -> Result<Vec<Passkey>> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE person = $1 ORDER BY created_ms, id");
    tx.rows(&sql, &vals![person])?.iter().map(from_row).collect()
}

/// A passkey was used; `false` where its count did not go on, as that of a copy does not.
pub fn use_passkey(
    tx: &mut dyn Tx,
    id: &str,
    counter: i64,
    backed_up: bool,
    now_ms: i64,
) -> Result<bool> {
    let used = tx.exec(
        "UPDATE passkeys SET counter = $1, backed_up = $2, used_ms = $3
         WHERE id = $4 AND (counter < $1 OR (counter = 0 AND $1 = 0))",
        &vals![counter, backed_up, now_ms, id],
    )?;
    Ok(used == 1)
}

/// Names a passkey anew; `false` where the person has none such.
pub fn name_passkey(tx: &mut dyn Tx, person: &str, id: &str, label: &str) -> Result<bool> {
    let named = tx.exec(
        "UPDATE passkeys SET label = $1 WHERE id = $2 AND person = $3",
        &vals![label, id, person],
    )?;
    Ok(named == 1)
}

/// Takes a passkey away; `false` where the person has none such.
pub fn end_passkey(tx: &mut dyn Tx, person: &str, id: &str) -> Result<bool> {
    let ended =
        tx.exec("DELETE FROM passkeys WHERE id = $1 AND person = $2", &vals![id, person])?;
    Ok(ended == 1)
}

/// Asks a challenge; what ran out long ago and what a bearer asked too often goes.
pub fn ask(tx: &mut dyn Tx, asked: &Challenge) -> Result<()> {
    let over = asked.asked_ms.saturating_sub(OVER_KEPT_MS);
    tx.exec("DELETE FROM challenges WHERE expires_ms < $1", &vals![over])?;
    tx.exec(
        "INSERT INTO challenges (challenge, bearer, purpose, asked_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (challenge) DO UPDATE SET
             bearer = excluded.bearer,
             purpose = excluded.purpose,
             asked_ms = excluded.asked_ms,
             expires_ms = excluded.expires_ms",
        &vals![&asked.challenge, &asked.bearer, &asked.purpose, asked.asked_ms, asked.expires_ms,],
    )?;
    tx.exec(
        "DELETE FROM challenges
         WHERE bearer = $1 AND challenge NOT IN (
             SELECT challenge FROM challenges WHERE bearer = $1
             ORDER BY asked_ms DESC, challenge LIMIT $2)",
        &vals![&asked.bearer, OPEN_MAX],
    )
    .map(drop)
}

/// Takes a challenge back that was asked of this bearer for this act: whoever answers it is the
/// only one. Whether it had run out the caller says.
pub fn answer(
    tx: &mut dyn Tx,
    challenge: &str,
    bearer: &str,
    purpose: &str,
) -> Result<Option<Challenge>> {
    let rows = tx.rows(
        "DELETE FROM challenges WHERE challenge = $1 AND bearer = $2 AND purpose = $3
         RETURNING challenge, bearer, purpose, asked_ms, expires_ms",
        &vals![challenge, bearer, purpose],
    )?;
    let read = |row: &Row| {
        Ok(Challenge {
            challenge: row.text(0)?,
            bearer: row.text(1)?,
            purpose: row.text(2)?,
            asked_ms: row.int(3)?,
            expires_ms: row.int(4)?,
        })
    };
    rows.first().map(read).transpose()
}

impl Store {
    /// One passkey.
    pub async fn passkey(&self, id: &str) -> Result<Option<Passkey>> {
        let id = id.to_owned();
        self.read(move |tx| passkey(tx, &id)).await
    }

    /// The passkeys of a person, the oldest first.
    pub async fn passkeys(&self, person: &str) -> Result<Vec<Passkey>> {
        let person = person.to_owned();
        self.read(move |tx| passkeys(tx, &person)).await
    }

    /// Writes a new passkey; `false` where somebody has this one already.
    pub async fn add_passkey(&self, passkey: Passkey) -> Result<bool> {
        self.write(move |tx| add_passkey(tx, &passkey)).await
    }

    /// A passkey was used; `false` where its count did not go on.
    pub async fn use_passkey(
        &self,
        id: &str,
        counter: i64,
        backed_up: bool,
        now_ms: i64,
    ) -> Result<bool> {
        let id = id.to_owned();
        self.write(move |tx| use_passkey(tx, &id, counter, backed_up, now_ms)).await
    }

    /// Names a passkey anew; `false` where the person has none such.
    pub async fn name_passkey(&self, person: &str, id: &str, label: &str) -> Result<bool> {
        let (person, id, label) = (person.to_owned(), id.to_owned(), label.to_owned());
        self.write(move |tx| name_passkey(tx, &person, &id, &label)).await
    }

    /// Takes a passkey away; `false` where the person has none such.
    pub async fn end_passkey(&self, person: &str, id: &str) -> Result<bool> {
        let (person, id) = (person.to_owned(), id.to_owned());
        self.write(move |tx| end_passkey(tx, &person, &id)).await
    }

    /// Asks a challenge.
    pub async fn ask(&self, asked: Challenge) -> Result<()> {
        self.write(move |tx| ask(tx, &asked)).await
    }

    /// Takes a challenge back that was asked of this bearer for this act.
    pub async fn answer(
        &self,
        challenge: &str,
        bearer: &str,
        purpose: &str,
    ) -> Result<Option<Challenge>> {
        let (challenge, bearer, purpose) =
            (challenge.to_owned(), bearer.to_owned(), purpose.to_owned());
        self.write(move |tx| answer(tx, &challenge, &bearer, &purpose)).await
    }
}
