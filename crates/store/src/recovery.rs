//! 找回 — links that set a password anew, and second factors that were lost.

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// 重置密码的链接 — by the digest of its secret; one a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reset {
    /// Whose password.
    pub person: String,
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_ms: i64,
    /// Until when it works.
    pub expires_ms: i64,
}

/// 第二因素遗失 — asked for by the person, confirmed by another, open after a while.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// The case.
    pub id: String,
    /// Who lost it.
    pub person: String,
    /// What happened, in the person's words.
    pub reason: String,
    /// When it was asked for.
    pub asked_ms: i64,
    /// Who confirmed that it is the person, and on which grounds.
    pub confirmed_by: Option<String>,
    /// The grounds.
    pub grounds: Option<String>,
    /// From when on the factor is given up at the next login.
    pub opens_ms: Option<i64>,
}

const LOSS_COLUMNS: &str = "id, person, reason, asked_ms, confirmed_by, grounds, opens_ms";

impl Loss {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            person: row.text(1)?,
            reason: row.text(2)?,
            asked_ms: row.int(3)?,
            confirmed_by: row.opt_text(4)?,
            grounds: row.opt_text(5)?,
            opens_ms: row.opt_int(6)?,
        })
    }
}

/// Makes a link; one that was made before for the same person works no longer.
pub fn save_reset(tx: &mut dyn Tx, reset: &Reset) -> Result<()> {
    let Reset { person, hash, made_by, made_ms, expires_ms } = reset;
    tx.exec(
        "INSERT INTO resets (person, hash, made_by, made_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person) DO UPDATE SET
             hash = excluded.hash,
             made_by = excluded.made_by,
             made_ms = excluded.made_ms,
             expires_ms = excluded.expires_ms",
        &vals![person, hash, made_by, *made_ms, *expires_ms],
    )
    .map(drop)
}

/// The link of a digest, whether it has expired or not. Looking at it does not use it up.
pub fn reset(tx: &mut dyn Tx, hash: &str) -> Result<Option<Reset>> {
    let rows = tx.rows(
        "SELECT person, hash, made_by, made_ms, expires_ms FROM resets WHERE hash = $1",
        &vals![hash],
    )?;
    let read = |row: &Row| {
        Ok(Reset {
            person: row.text(0)?,
            hash: row.text(1)?,
            made_by: row.text(2)?,
            made_ms: row.int(3)?,
            expires_ms: row.int(4)?,
        })
    };
    rows.first().map(read).transpose()
}

/// A link is used up; `false` when it was before.
pub fn use_reset(tx: &mut dyn Tx, hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM resets WHERE hash = $1", &vals![hash])? == 1)
}

/// Somebody asks for a lost factor to be given up; `false` when that is asked for already.
pub fn ask_loss(tx: &mut dyn Tx, loss: &Loss) -> Result<bool> {
    if open_loss(tx, &loss.person)?.is_some() {
        return Ok(false);
    }
    tx.exec(
        "INSERT INTO losses (id, person, reason, asked_ms) VALUES ($1, $2, $3, $4)",
        &vals![&loss.id, &loss.person, &loss.reason, loss.asked_ms],
    )?;
    Ok(true)
}

/// Another person confirms it; `false` when it ended meanwhile, or somebody did before.
pub fn confirm_loss(
    tx: &mut dyn Tx,
    id: &str,
    (by, grounds): (&str, &str),
    (at_ms, opens_ms): (i64, i64),
) -> Result<bool> {
    let confirmed = tx.exec(
        "UPDATE losses SET confirmed_by = $1, grounds = $2, confirmed_ms = $3, opens_ms = $4
         WHERE id = $5 AND ended_ms IS NULL AND confirmed_by IS NULL",
        &vals![by, grounds, at_ms, opens_ms, id],
    )?;
    Ok(confirmed == 1)
}

/// A case ends; `false` when it had before.
pub fn end_loss(tx: &mut dyn Tx, id: &str, outcome: &str, at_ms: i64) -> Result<bool> {
    let ended = tx.exec(
        "UPDATE losses SET ended_ms = $1, outcome = $2 WHERE id = $3 AND ended_ms IS NULL",
        &vals![at_ms, outcome, id],
    )?;
    Ok(ended == 1)
}

/// The case of a person that is under way.
pub fn open_loss(tx: &mut dyn Tx, person: &str) -> Result<Option<Loss>> {
    let sql =
        format!("SELECT {LOSS_COLUMNS} FROM losses WHERE person = $1 AND ended_ms IS NULL LIMIT 1");
    tx.rows(&sql, &vals![person])?.first().map(Loss::from_row).transpose()
}

/// The cases that are under way, the oldest first.
pub fn open_losses(tx: &mut dyn Tx) -> Result<Vec<Loss>> {
    let sql = format!(
        "SELECT {LOSS_COLUMNS} FROM losses WHERE ended_ms IS NULL ORDER BY asked_ms, id LIMIT 500"
    );
    tx.rows(&sql, &[])?.iter().map(Loss::from_row).collect()
}

impl Store {
    /// Makes a link; one that was made before for the same person works no longer.
    pub async fn save_reset(&self, made: Reset) -> Result<()> {
        self.write(move |tx| save_reset(tx, &made)).await
    }

    /// The link of a digest, whether it has expired or not. Looking at it does not use it up.
    pub async fn reset(&self, hash: &str) -> Result<Option<Reset>> {
        let hash = hash.to_owned();
        self.read(move |tx| reset(tx, &hash)).await
    }

    /// The case of a person that is under way.
    pub async fn open_loss(&self, person: &str) -> Result<Option<Loss>> {
        let person = person.to_owned();
        self.read(move |tx| open_loss(tx, &person)).await
    }

    /// The cases that are under way, the oldest first.
    pub async fn open_losses(&self) -> Result<Vec<Loss>> {
        self.read(open_losses).await
    }
}
