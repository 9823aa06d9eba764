//! 统一身份 — who persons are at a provider, what browsers were sent to it for, and identities that
//! came in and belong to nobody yet.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// Errands of one bearer that may be open at once; the oldest goes when one more begins.
pub const OPEN_MAX: i64 = 8;
/// How long an errand that ran out is known as one that ran out.
const OVER_KEPT_MS: i64 = 60 * 60 * 1000;

/// Who a person is at a provider: issuer and subject, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its own name here, which tells nothing of the subject.
    pub id: String,
    /// Who vouches.
    pub issuer: String,
    /// Whom the issuer means.
    pub subject: String,
    /// Whose account it opens.
    pub person: String,
    /// Since when.
    pub linked_ms: i64,
    /// When it was last used.
    pub used_ms: Option<i64>,
}

/// What a browser was sent to the provider for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errand {
    /// The digest of the word it brings back.
    pub state: String,
    /// Who was sent: a session, or a browser before it signs in.
    pub bearer: String,
    /// What for.
    pub purpose: String,
    /// Where to go afterwards.
    pub next: String,
    /// When it was sent.
    pub begun_ms: i64,
    /// Until when it may come back.
    pub expires_ms: i64,
}

/// An identity that came in by a browser and belongs to no account yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unclaimed {
    /// The browser.
    pub bearer: String,
    /// Who vouches.
    pub issuer: String,
    /// Whom the issuer means.
    pub subject: String,
    /// Until when it may be claimed.
    pub expires_ms: i64,
}

const COLUMNS: &str = "id, issuer, subject, person, linked_ms, used_ms";

fn from_row(row: &Row) -> Result<Identity> {
    Ok(Identity {
        id: row.text(0)?,
        issuer: row.text(1)?,
        subject: row.text(2)?,
        person: row.text(3)?,
        linked_ms: row.int(4)?,
        used_ms: row.opt_int(5)?,
    })
}

/// Links an identity to an account; `false` where an account has it already.
pub fn link_identity(tx: &mut dyn Tx, identity: &Identity) -> Result<bool> {
    let linked = tx.exec(
        "INSERT INTO identities (id, issuer, subject, person, linked_ms)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        &vals![
            &identity.id,
            &identity.issuer,
            &identity.subject,
            &identity.person,
            identity.linked_ms,
        ],
    )?;
    Ok(linked == 1)
}

/// The identity of a subject at an issuer.
pub fn identity(tx: &mut dyn Tx, issuer: &str, subject: &str) -> Result<Option<Identity>> {
    let sql = format!("SELECT {COLUMNS} FROM identities WHERE issuer = $1 AND subject = $2");
    tx.rows(&sql, &vals![issuer, subject])?.first().map(from_row).transpose()
}

/// The identities of a person, the oldest first.
pub fn identities(tx: &mut dyn Tx, person: &str) -> Result<Vec<Identity>> {
    let sql = format!("SELECT {COLUMNS} FROM identities WHERE person = $1 ORDER BY linked_ms, id");
    tx.rows(&sql, &vals![person])?.iter().map(from_row).collect()
}

/// An identity was used.
pub fn use_identity(tx: &mut dyn Tx, id: &str, now_ms: i64) -> Result<()> {
    tx.exec("UPDATE identities SET used_ms = $1 WHERE id = $2", &vals![now_ms, id]).map(drop)
}

/// Takes an identity away; `false` where the person has none such.
pub fn unlink_identity(tx: &mut dyn Tx, person: &str, id: &str) -> Result<bool> {
    let ended =
        tx.exec("DELETE FROM identities WHERE id = $1 AND person = $2", &vals![id, person])?;
    Ok(ended == 1)
}

/// Sends a browser away; what ran out long ago and what a bearer began too often goes.
pub fn send(tx: &mut dyn Tx, errand: &Errand) -> Result<()> {
    let over = errand.begun_ms.saturating_sub(OVER_KEPT_MS);
    tx.exec("DELETE FROM errands WHERE expires_ms < $1", &vals![over])?;
    tx.exec(
        "INSERT INTO errands (state, bearer, purpose, next, begun_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &vals![
            &errand.state,
            &errand.bearer,
            &errand.purpose,
            &errand.next,
            errand.begun_ms,
            errand.expires_ms,
        ],
    )?;
    tx.exec(
        "DELETE FROM errands
         WHERE bearer = $1 AND state NOT IN (
             SELECT state FROM errands WHERE bearer = $1
             ORDER BY begun_ms DESC, state LIMIT $2)",
        &vals![&errand.bearer, OPEN_MAX],
    )
    .map(drop)
}

/// A browser comes back from an errand of its own, whether as the session or as the browser it was
/// before: the first one is the only one. Whether it had run out the caller says.
pub fn come_back(
    tx: &mut dyn Tx,
    state: &str,
    (browser, session): (&str, &str),
) -> Result<Option<Errand>> {
    let rows = tx.rows(
        "DELETE FROM errands WHERE state = $1 AND bearer IN ($2, $3)
         RETURNING state, bearer, purpose, next, begun_ms, expires_ms",
        &vals![state, browser, session],
    )?;
    let read = |row: &Row| {
        Ok(Errand {
            state: row.text(0)?,
            bearer: row.text(1)?,
            purpose: row.text(2)?,
            next: row.text(3)?,
            begun_ms: row.int(4)?,
            expires_ms: row.int(5)?,
        })
    };
    rows.first().map(read).transpose()
}

/// An identity of nobody came in by a browser; the one before goes, and so does what ran out.
pub fn keep_unclaimed(tx: &mut dyn Tx, found: &Unclaimed, now_ms: i64) -> Result<()> {
    tx.exec("DELETE FROM unclaimed WHERE expires_ms < $1", &vals![now_ms])?;
    tx.exec(
        "INSERT INTO unclaimed (bearer, issuer, subject, expires_ms)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (bearer) DO UPDATE SET
             issuer = excluded.issuer,
             subject = excluded.subject,
             expires_ms = excluded.expires_ms",
        &vals![&found.bearer, &found.issuer, &found.subject, found.expires_ms],
    )
    .map(drop)
}

/// The identity that came in by a browser. Looking at it does not use it up.
pub fn unclaimed(tx: &mut dyn Tx, bearer: &str) -> Result<Option<Unclaimed>> {
    let rows = tx.rows(
        "SELECT bearer, issuer, subject, expires_ms FROM unclaimed WHERE bearer = $1",
        &vals![bearer],
    )?;
    let read = |row: &Row| {
        Ok(Unclaimed {
            bearer: row.text(0)?,
            issuer: row.text(1)?,
            subject: row.text(2)?,
            expires_ms: row.int(3)?,
        })
    };
    rows.first().map(read).transpose()
}

/// The identity that came in by a browser waits no longer.
pub fn end_unclaimed(tx: &mut dyn Tx, bearer: &str) -> Result<()> {
    tx.exec("DELETE FROM unclaimed WHERE bearer = $1", &vals![bearer]).map(drop)
}

impl Store {
    /// The identity of a subject at an issuer.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Identity>> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.read(move |tx| identity(tx, &issuer, &subject)).await
    }

    /// The identities of a person, the oldest first.
    pub async fn identities(&self, person: &str) -> Result<Vec<Identity>> {
        let person = person.to_owned();
        self.read(move |tx| identities(tx, &person)).await
    }

    /// An identity was used.
    pub async fn use_identity(&self, id: &str, now_ms: i64) -> Result<()> {
        let id = id.to_owned();
        self.write(move |tx| use_identity(tx, &id, now_ms)).await
    }

    /// Sends a browser away.
    pub async fn send(&self, errand: Errand) -> Result<()> {
        self.write(move |tx| send(tx, &errand)).await
    }

    /// A browser comes back from an errand of its own.
    pub async fn come_back(
        &self,
        state: &str,
        (browser, session): (&str, &str),
    ) -> Result<Option<Errand>> {
        let (state, browser, session) = (state.to_owned(), browser.to_owned(), session.to_owned());
        self.write(move |tx| come_back(tx, &state, (&browser, &session))).await
    }

    /// An identity of nobody came in by a browser.
    pub async fn keep_unclaimed(&self, found: Unclaimed, now_ms: i64) -> Result<()> {
        self.write(move |tx| keep_unclaimed(tx, &found, now_ms)).await
    }

    /// The identity that came in by a browser.
    pub async fn unclaimed(&self, bearer: &str) -> Result<Option<Unclaimed>> {
        let bearer = bearer.to_owned();
        self.read(move |tx| unclaimed(tx, &bearer)).await
    }
}
