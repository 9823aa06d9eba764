//! 找回 — links that set a password anew, and cases in which somebody lost what one signs in with.

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
    /// From when on it works.
    pub opens_ms: i64,
    /// Until when it works.
    pub expires_ms: i64,
}

/// What is asked for in a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// 解除第二因素: it was lost.
    #[default]
    Factor,
    /// 重置密码: it was forgotten.
    Password,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::Password => "password",
        }
    }
}

/// 找回申请 — asked for by the person or for them, confirmed by another, open after a while.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// The case.
    pub id: String,
    /// What is asked for.
    pub kind: Kind,
    /// For whom.
    pub person: String,
    /// Who asked, where that was not the person.
    pub asked_by: Option<String>,
    /// For which unit they asked.
    pub unit: Option<String>,
    /// What happened, in the words of whoever asked.
    pub reason: String,
    /// When it was asked for.
    pub asked_ms: i64,
    /// Who confirmed that it is the person, and on which grounds.
    pub confirmed_by: Option<String>,
    /// The grounds.
    pub grounds: Option<String>,
    /// From when on what was asked for can be done.
    pub opens_ms: Option<i64>,
}

const CASE_COLUMNS: &str =
    "id, kind, person, asked_by, unit, reason, asked_ms, confirmed_by, grounds, opens_ms";

impl Case {
    fn from_row(row: &Row) -> Result<Self> {
        let kind = row.text(1)?;
        Ok(Self {
            id: row.text(0)?,
            kind: if kind == Kind::Password.name() { Kind::Password } else { Kind::Factor },
            person: row.text(2)?,
            asked_by: row.opt_text(3)?,
            unit: row.opt_text(4)?,
            reason: row.text(5)?,
            asked_ms: row.int(6)?,
            confirmed_by: row.opt_text(7)?,
            grounds: row.opt_text(8)?,
            opens_ms: row.opt_int(9)?,
        })
    }
}

/// Makes a link; one that was made before for the same person works no longer.
pub fn save_reset(tx: &mut dyn Tx, reset: &Reset) -> Result<()> {
    let Reset { person, hash, made_by, made_ms, opens_ms, expires_ms } = reset;
    tx.exec(
        "INSERT INTO resets (person, hash, made_by, made_ms, opens_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (person) DO UPDATE SET
             hash = excluded.hash,
             made_by = excluded.made_by,
             made_ms = excluded.made_ms,
             opens_ms = excluded.opens_ms,
             expires_ms = excluded.expires_ms",
        &vals![person, hash, made_by, *made_ms, *opens_ms, *expires_ms],
    )
    .map(drop)
}

/// The link of a digest, whether it has expired or not. Looking at it does not use it up.
pub fn reset(tx: &mut dyn Tx, hash: &str) -> Result<Option<Reset>> {
    let rows = tx.rows(
        "SELECT person, hash, made_by, made_ms, opens_ms, expires_ms FROM resets WHERE hash = $1",
        &vals![hash],
    )?;
    let read = |row: &Row| {
        Ok(Reset {
            person: row.text(0)?,
            hash: row.text(1)?,
            made_by: row.text(2)?,
            made_ms: row.int(3)?,
            opens_ms: row.int(4)?,
            expires_ms: row.int(5)?,
        })
    };
    rows.first().map(read).transpose()
}

/// A link is used up; `false` when it was before.
pub fn use_reset(tx: &mut dyn Tx, hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM resets WHERE hash = $1", &vals![hash])? == 1)
}

/// The link of a person works no longer, if there is one.
pub fn drop_reset(tx: &mut dyn Tx, person: &str) -> Result<()> {
    tx.exec("DELETE FROM resets WHERE person = $1", &vals![person]).map(drop)
}

/// Somebody asks; `false` when the same is asked for already.
pub fn ask(tx: &mut dyn Tx, case: &Case) -> Result<bool> {
    let asked = tx.exec(
        "INSERT INTO recoveries (id, kind, person, asked_by, unit, reason, asked_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        &vals![
            &case.id,
            case.kind.name(),
            &case.person,
            &case.asked_by,
            &case.unit,
            &case.reason,
            case.asked_ms
        ],
    )?;
    Ok(asked == 1)
}

/// Another person confirms it; `false` when it ended meanwhile, or somebody did before.
pub fn confirm(
    tx: &mut dyn Tx,
    id: &str,
    (by, grounds): (&str, &str),
    (at_ms, opens_ms): (i64, i64),
) -> Result<bool> {
    let confirmed = tx.exec(
        "UPDATE recoveries SET confirmed_by = $1, grounds = $2, confirmed_ms = $3, opens_ms = $4
         WHERE id = $5 AND ended_ms IS NULL AND confirmed_by IS NULL",
        &vals![by, grounds, at_ms, opens_ms, id],
    )?;
    Ok(confirmed == 1)
}

/// A case ends; `false` when it had before.
pub fn end(tx: &mut dyn Tx, id: &str, outcome: &str, at_ms: i64) -> Result<bool> {
    let ended = tx.exec(
        "UPDATE recoveries SET ended_ms = $1, outcome = $2 WHERE id = $3 AND ended_ms IS NULL",
        &vals![at_ms, outcome, id],
    )?;
    Ok(ended == 1)
}

/// Links that were not used in time: what was confirmed to be open before an instant is over.
pub fn end_late(tx: &mut dyn Tx, before_ms: i64, at_ms: i64) -> Result<u64> {
    tx.exec(
        "UPDATE recoveries SET ended_ms = $1, outcome = 'expired'
         WHERE kind = 'password' AND ended_ms IS NULL AND opens_ms <= $2",
        &vals![at_ms, before_ms],
    )
}

/// When a person last stopped a case of a kind.
pub fn stopped_ms(tx: &mut dyn Tx, person: &str, kind: Kind) -> Result<Option<i64>> {
    let sql = "SELECT max(ended_ms) FROM recoveries
               WHERE person = $1 AND kind = $2 AND outcome = 'stopped'";
    let rows = tx.rows(sql, &vals![person, kind.name()])?;
    rows.first().map_or(Ok(None), |row| row.opt_int(0))
}

/// A case that is under way.
pub fn case(tx: &mut dyn Tx, id: &str) -> Result<Option<Case>> {
    let sql = format!("SELECT {CASE_COLUMNS} FROM recoveries WHERE id = $1 AND ended_ms IS NULL");
    tx.rows(&sql, &vals![id])?.first().map(Case::from_row).transpose()
}

/// The case of a person that is under way.
pub fn open_case(tx: &mut dyn Tx, person: &str, kind: Kind) -> Result<Option<Case>> {
    let mut open = cases_of(tx, person)?.into_iter();
    Ok(open.find(|case| case.kind == kind))
}

/// The cases of a person that are under way, the oldest first: one of a kind.
pub fn cases_of(tx: &mut dyn Tx, person: &str) -> Result<Vec<Case>> {
    let sql = format!(
        "SELECT {CASE_COLUMNS} FROM recoveries WHERE person = $1 AND ended_ms IS NULL
         ORDER BY asked_ms, id"
    );
    tx.rows(&sql, &vals![person])?.iter().map(Case::from_row).collect()
}

/// The cases that are under way, the oldest first.
pub fn open_cases(tx: &mut dyn Tx) -> Result<Vec<Case>> {
    let sql = format!(
        "SELECT {CASE_COLUMNS} FROM recoveries WHERE ended_ms IS NULL
         ORDER BY asked_ms, id LIMIT 500"
    );
    tx.rows(&sql, &[])?.iter().map(Case::from_row).collect()
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

    /// A case that is under way.
    pub async fn case(&self, id: &str) -> Result<Option<Case>> {
        let id = id.to_owned();
        self.read(move |tx| case(tx, &id)).await
    }

    /// The case of a person that is under way.
    pub async fn open_case(&self, person: &str, kind: Kind) -> Result<Option<Case>> {
        let person = person.to_owned();
        self.read(move |tx| open_case(tx, &person, kind)).await
    }

    /// The cases of a person that are under way, the oldest first.
    pub async fn cases_of(&self, person: &str) -> Result<Vec<Case>> {
        let person = person.to_owned();
        self.read(move |tx| cases_of(tx, &person)).await
    }

    /// The cases that are under way, the oldest first.
    pub async fn open_cases(&self) -> Result<Vec<Case>> {
        self.read(open_cases).await
    }
}
