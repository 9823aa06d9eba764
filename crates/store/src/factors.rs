//! 第二因素 — the sealed seed of a one-time password, recovery codes, and 安全记录: what happened to
//! an account, as its holder reads it.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Row, Tx, page};
use crate::{Store, vals};

/// 动态口令 of a person. Seeds are sealed: this crate never sees one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totp {
    /// The seed in force, once one was bound.
    pub seed: Option<Vec<u8>>,
    /// Since when.
    pub bound_ms: Option<i64>,
    /// The last step whose code was taken; none before it is taken again.
    pub used_step: i64,
    /// A seed that is being bound, until a code of it was shown.
    pub offered: Option<Vec<u8>>,
    /// Since when.
    pub offered_ms: Option<i64>,
}

/// One line of the security log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    /// The line.
    pub id: String,
    /// Whose account.
    pub person: String,
    /// When.
    pub at_ms: i64,
    /// What happened.
    pub kind: String,
    /// Where, why, with what.
    pub detail: String,
    /// Who did it: the person, or somebody with the duty.
    pub made_by: String,
}

fn opt_blob(row: &Row, column: usize) -> Result<Option<Vec<u8>>> {
    match row.0.get(column) {
        Some(crate::Val::Null) | None => Ok(None),
        Some(_) => row.blob(column).map(Some),
    }
}

/// The one-time passwords of a person.
pub fn totp(tx: &mut dyn Tx, person: &str) -> Result<Option<Totp>> {
    let rows = tx.rows(
        "SELECT seed, bound_ms, used_step, offered, offered_ms FROM totp WHERE person = $1",
        &vals![person],
    )?;
    let read = |row: &Row| {
        Ok(Totp {
            seed: opt_blob(row, 0)?,
            bound_ms: row.opt_int(1)?,
            used_step: row.int(2)?,
            offered: opt_blob(row, 3)?,
            offered_ms: row.opt_int(4)?,
        })
    };
    rows.first().map(read).transpose()
}

/// A seed is to be bound; the one in force stays in force until then.
pub fn offer_totp(tx: &mut dyn Tx, person: &str, seed: &[u8], at_ms: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO totp (person, used_step, offered, offered_ms)
         VALUES ($1, 0, $2, $3)
         ON CONFLICT (person) DO UPDATE SET
             offered = excluded.offered,
             offered_ms = excluded.offered_ms",
        &vals![person, seed, at_ms],
    )
    .map(drop)
}

/// The seed that was offered comes into force, and the step that showed it is used.
/// `false` when another one is offered by now.
pub fn bind_totp(
    tx: &mut dyn Tx,
    person: &str,
    offered: &[u8],
    (step, at_ms): (i64, i64),
) -> Result<bool> {
    let bound = tx.exec(
        "UPDATE totp SET seed = offered, bound_ms = $1, used_step = $2,
             offered = NULL, offered_ms = NULL
         WHERE person = $3 AND offered = $4",
        &vals![at_ms, step, person, offered],
    )?;
    Ok(bound == 1)
}

/// A step is used up; `false` when it, or one after it, was used before.
pub fn use_step(tx: &mut dyn Tx, person: &str, step: i64) -> Result<bool> {
    let used = tx.exec(
        "UPDATE totp SET used_step = $1 WHERE person = $2 AND used_step < $1 AND seed IS NOT NULL",
        &vals![step, person],
    )?;
    Ok(used == 1)
}

/// A person has no one-time passwords and no recovery codes any more.
pub fn drop_factors(tx: &mut dyn Tx, person: &str) -> Result<()> {
    tx.exec("DELETE FROM totp WHERE person = $1", &vals![person])?;
    tx.exec("DELETE FROM recovery_codes WHERE person = $1", &vals![person]).map(drop)
}

/// The recovery codes of a person are these from now on, by their digests.
pub fn replace_codes(tx: &mut dyn Tx, person: &str, hashes: &[String], made_ms: i64) -> Result<()> {
    tx.exec("DELETE FROM recovery_codes WHERE person = $1", &vals![person])?;
    for hash in hashes {
        tx.exec(
            "INSERT INTO recovery_codes (person, hash, made_ms) VALUES ($1, $2, $3)",
            &vals![person, hash, made_ms],
        )?;
    }
    Ok(())
}

/// A recovery code is used up; `false` when there is none of this digest, or it was used before.
pub fn use_code(tx: &mut dyn Tx, person: &str, hash: &str, at_ms: i64) -> Result<bool> {
    let used = tx.exec(
        "UPDATE recovery_codes SET used_ms = $1
         WHERE person = $2 AND hash = $3 AND used_ms IS NULL",
        &vals![at_ms, person, hash],
    )?;
    Ok(used == 1)
}

/// How many recovery codes of a person are left.
pub fn codes_left(tx: &mut dyn Tx, person: &str) -> Result<i64> {
    let rows = tx.rows(
        "SELECT count(*) FROM recovery_codes WHERE person = $1 AND used_ms IS NULL",
        &vals![person],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// Writes a line of the security log.
pub fn log(tx: &mut dyn Tx, line: &Logged) -> Result<()> {
    tx.exec(
        "INSERT INTO security_log (id, person, at_ms, kind, detail, made_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &vals![&line.id, &line.person, line.at_ms, &line.kind, &line.detail, &line.made_by],
    )
    .map(drop)
}

/// Who last made something happen to a person's account, of a kind.
pub fn last_made_by(tx: &mut dyn Tx, person: &str, kind: &str) -> Result<Option<String>> {
    let rows = tx.rows(
        "SELECT made_by FROM security_log
         WHERE person = $1 AND kind = $2 ORDER BY at_ms DESC, id DESC LIMIT 1",
        &vals![person, kind],
    )?;
    rows.first().map(|row| row.text(0)).transpose()
}

/// The last lines of a person's security log, the newest first.
pub fn logged(tx: &mut dyn Tx, person: &str, limit: i64) -> Result<Vec<Logged>> {
    let rows = tx.rows(
        "SELECT id, person, at_ms, kind, detail, made_by FROM security_log
         WHERE person = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
        &vals![person, page(limit)],
    )?;
    let read = |row: &Row| {
        Ok(Logged {
            id: row.text(0)?,
            person: row.text(1)?,
            at_ms: row.int(2)?,
            kind: row.text(3)?,
            detail: row.text(4)?,
            made_by: row.text(5)?,
        })
    };
    rows.iter().map(read).collect()
}

impl Store {
    /// The one-time passwords of a person.
    pub async fn totp(&self, person: &str) -> Result<Option<Totp>> {
        let person = person.to_owned();
        self.read(move |tx| totp(tx, &person)).await
    }

    /// A seed is to be bound; the one in force stays in force until then.
    pub async fn offer_totp(&self, person: &str, seed: Vec<u8>, at_ms: i64) -> Result<()> {
        let person = person.to_owned();
        self.write(move |tx| offer_totp(tx, &person, &seed, at_ms)).await
    }

    /// A step is used up; `false` when it, or one after it, was used before.
    pub async fn use_step(&self, person: &str, step: i64) -> Result<bool> {
        let person = person.to_owned();
        self.write(move |tx| use_step(tx, &person, step)).await
    }

    /// A recovery code is used up; `false` when there is none, or it was used before.
    pub async fn use_code(&self, person: &str, hash: &str, at_ms: i64) -> Result<bool> {
        let (person, hash) = (person.to_owned(), hash.to_owned());
        self.write(move |tx| use_code(tx, &person, &hash, at_ms)).await
    }

    /// How many recovery codes of a person are left.
    pub async fn codes_left(&self, person: &str) -> Result<i64> {
        let person = person.to_owned();
        self.read(move |tx| codes_left(tx, &person)).await
    }

    /// Writes a line of the security log.
    pub async fn log_security(&self, line: Logged) -> Result<()> {
        self.write(move |tx| log(tx, &line)).await
    }

    /// The last lines of a person's security log, the newest first.
    pub async fn last_made_by(&self, person: &str, kind: &str) -> Result<Option<String>> {
        let (person, kind) = (person.to_owned(), kind.to_owned());
        self.read(move |tx| last_made_by(tx, &person, &kind)).await
    }

    /// The last lines of a person's security log, the newest first.
    pub async fn security_log(&self, person: &str, limit: i64) -> Result<Vec<Logged>> {
        let person = person.to_owned();
        self.read(move |tx| logged(tx, &person, limit)).await
    }
}
