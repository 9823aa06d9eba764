//! Sessions, access tokens, and counters of failed log-ins.
//!
//! Only digests of secrets are kept: who reads the database cannot log in with what it says.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Row, Tx};
use crate::{Store, vals};

/// A person is logged in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// SHA-256 of the secret in the cookie, hexadecimal.
    pub hash: String,
    /// Who.
    pub person: String,
    /// The post chosen, once one is.
    pub post: Option<String>,
    /// What forms must bring along.
    pub csrf: String,
    /// Since when.
    pub created_ms: i64,
    /// When it was last used.
    pub seen_ms: i64,
    /// Until when at most.
    pub expires_ms: i64,
    /// What the person recognises it by.
    pub label: String,
    /// How strongly it began: `password`, `two_factor`, `passkey`.
    pub strength: String,
    /// With what the person was last shown to be oneself.
    pub proved_with: String,
    /// When that was.
    pub proved_ms: i64,
}

/// A program may act for a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// Who made it.
    pub person: String,
    /// The post it acts for.
    pub post: String,
    /// What the person recognises it by.
    pub label: String,
    /// Since when.
    pub created_ms: i64,
    /// Until when.
    pub expires_ms: i64,
    /// How strongly it began: `password`, `two_factor`, `passkey`.
    pub strength: String,
    /// With what the person was last shown to be oneself.
    pub proved_with: String,
    /// When that was.
    pub proved_ms: i64,
}

const SESSION_COLUMNS: &str = "hash, person, post, csrf, created_ms, seen_ms, expires_ms, label,
    strength, proved_with, proved_ms";
const TOKEN_COLUMNS: &str =
    "hash, person, post, label, created_ms, expires_ms, strength, proved_with, proved_ms";

impl Session {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            hash: row.text(0)?,
            person: row.text(1)?,
            post: row.opt_text(2)?,
            csrf: row.text(3)?,
            created_ms: row.int(4)?,
            seen_ms: row.int(5)?,
            expires_ms: row.int(6)?,
            label: row.text(7)?,
            strength: row.text(8)?,
            proved_with: row.text(9)?,
            proved_ms: row.int(10)?,
        })
    }
}

impl Token {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            hash: row.text(0)?,
            person: row.text(1)?,
            post: row.text(2)?,
            label: row.text(3)?,
            created_ms: row.int(4)?,
            expires_ms: row.int(5)?,
            strength: row.text(6)?,
            proved_with: row.text(7)?,
            proved_ms: row.int(8)?,
        })
    }
}

/// Writes a session, new or known by its hash.
pub fn save_session(tx: &mut dyn Tx, session: &Session) -> Result<()> {
    tx.exec(
        "INSERT INTO sessions (hash, person, post, csrf, created_ms, seen_ms, expires_ms, label,
             strength, proved_with, proved_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (hash) DO UPDATE SET
             post = excluded.post,
             csrf = excluded.csrf,
             seen_ms = excluded.seen_ms,
             expires_ms = excluded.expires_ms,
             label = excluded.label,
             strength = excluded.strength,
             proved_with = excluded.proved_with,
             proved_ms = excluded.proved_ms",
        &vals![
            &session.hash,
            &session.person,
            &session.post,
            &session.csrf,
            session.created_ms,
            session.seen_ms,
            session.expires_ms,
            &session.label,
            &session.strength,
            &session.proved_with,
            session.proved_ms,
        ],
    )
    .map(drop)
}

/// A session goes on under another hash: `false` when it had ended meanwhile.
pub fn renew_session(tx: &mut dyn Tx, old: &str, session: &Session) -> Result<bool> {
    if tx.exec("DELETE FROM sessions WHERE hash = $1", &vals![old])? == 0 {
        return Ok(false);
    }
    save_session(tx, session)?;
    Ok(true)
}

/// A session acts in another post from now on.
pub fn choose_post(tx: &mut dyn Tx, hash: &str, post: &str) -> Result<()> {
    tx.exec("UPDATE sessions SET post = $1 WHERE hash = $2", &vals![post, hash]).map(drop)
}

/// The session of a hash, whether it has expired or not: the caller has the clock.
pub fn session(tx: &mut dyn Tx, hash: &str) -> Result<Option<Session>> {
    let sql = format!("SELECT {SESSION_COLUMNS} FROM sessions WHERE hash = $1");
    tx.rows(&sql, &vals![hash])?.first().map(Session::from_row).transpose()
}

/// A session was used.
pub fn touch_session(tx: &mut dyn Tx, hash: &str, seen_ms: i64) -> Result<()> {
    tx.exec(
        "UPDATE sessions SET seen_ms = $1 WHERE hash = $2 AND seen_ms < $1",
        &vals![seen_ms, hash],
    )
    .map(drop)
}

/// A session ends.
pub fn end_session(tx: &mut dyn Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE hash = $1", &vals![hash]).map(drop)
}

/// The sessions of a person, the last used first.
pub fn sessions(tx: &mut dyn Tx, person: &str) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {SESSION_COLUMNS} FROM sessions WHERE person = $1 ORDER BY seen_ms DESC, hash"
    );
    tx.rows(&sql, &vals![person])?.iter().map(Session::from_row).collect()
}

/// All sessions of a person end, but for one that may stay.
pub fn end_sessions(tx: &mut dyn Tx, person: &str, but: Option<&str>) -> Result<u64> {
    tx.exec(
        "DELETE FROM sessions WHERE person = $1 AND hash <> $2",
        &vals![person, but.unwrap_or_default()],
    )
}

/// Forgets sessions and tokens that expired before an instant.
pub fn sweep_access(tx: &mut dyn Tx, now_ms: i64) -> Result<u64> {
    let sessions = tx.exec("DELETE FROM sessions WHERE expires_ms < $1", &vals![now_ms])?;
    let tokens = tx.exec("DELETE FROM tokens WHERE expires_ms < $1", &vals![now_ms])?;
    Ok(sessions + tokens)
}

/// Writes a token.
pub fn save_token(tx: &mut dyn Tx, token: &Token) -> Result<()> {
    tx.exec(
        "INSERT INTO tokens (hash, person, post, label, created_ms, expires_ms,
             strength, proved_with, proved_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (hash) DO UPDATE SET
             label = excluded.label,
             expires_ms = excluded.expires_ms,
             strength = excluded.strength,
             proved_with = excluded.proved_with,
             proved_ms = excluded.proved_ms",
        &vals![
            &token.hash,
            &token.person,
            &token.post,
            &token.label,
            token.created_ms,
            token.expires_ms,
            &token.strength,
            &token.proved_with,
            token.proved_ms,
        ],
    )
    .map(drop)
}

/// The token of a hash, whether it has expired or not.
pub fn token(tx: &mut dyn Tx, hash: &str) -> Result<Option<Token>> {
    let sql = format!("SELECT {TOKEN_COLUMNS} FROM tokens WHERE hash = $1");
    tx.rows(&sql, &vals![hash])?.first().map(Token::from_row).transpose()
}

/// Whoever holds a token was shown to be its maker again.
pub fn prove_token(
    tx: &mut dyn Tx,
    hash: &str,
    (strength, with): (&str, &str),
    at_ms: i64,
) -> Result<()> {
    tx.exec(
        "UPDATE tokens SET strength = $1, proved_with = $2, proved_ms = $3 WHERE hash = $4",
        &vals![strength, with, at_ms, hash],
    )
    .map(drop)
}

/// All tokens of a person end.
pub fn end_tokens(tx: &mut dyn Tx, person: &str) -> Result<u64> {
    tx.exec("DELETE FROM tokens WHERE person = $1", &vals![person])
}

/// The tokens of a person, the newest first.
pub fn tokens(tx: &mut dyn Tx, person: &str) -> Result<Vec<Token>> {
    let sql = format!(
        "SELECT {TOKEN_COLUMNS} FROM tokens WHERE person = $1 ORDER BY created_ms DESC, hash"
    );
    tx.rows(&sql, &vals![person])?.iter().map(Token::from_row).collect()
}

/// A token is no longer accepted.
pub fn end_token(tx: &mut dyn Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM tokens WHERE hash = $1", &vals![hash]).map(drop)
}

/// How long attempts are remembered.
const ATTEMPTS_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Remembers a failed attempt under a key, such as a login or an address.
pub fn attempt(tx: &mut dyn Tx, key: &str, now_ms: i64) -> Result<()> {
    tx.exec("DELETE FROM attempts WHERE at_ms < $1", &vals![now_ms - ATTEMPTS_KEPT_MS])?;
    tx.exec("INSERT INTO attempts (key, at_ms) VALUES ($1, $2)", &vals![key, now_ms]).map(drop)
}

/// How many attempts there were under a key since an instant.
pub fn attempts(tx: &mut dyn Tx, key: &str, since_ms: i64) -> Result<i64> {
    let rows = tx.rows(
        "SELECT count(*) FROM attempts WHERE key = $1 AND at_ms >= $2",
        &vals![key, since_ms],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

/// Forgets the attempts under a key.
pub fn clear_attempts(tx: &mut dyn Tx, key: &str) -> Result<()> {
    tx.exec("DELETE FROM attempts WHERE key = $1", &vals![key]).map(drop)
}

impl Store {
    /// Writes a session, new or known by its hash.
    pub async fn save_session(&self, session: Session) -> Result<()> {
        self.write(move |tx| save_session(tx, &session)).await
    }

    /// The session of a hash, whether it has expired or not: the caller has the clock.
    pub async fn session(&self, hash: &str) -> Result<Option<Session>> {
        let hash = hash.to_owned();
        self.read(move |tx| session(tx, &hash)).await
    }

    /// A session goes on under another hash: `false` when it had ended meanwhile.
    pub async fn renew_session(&self, old: &str, session: Session) -> Result<bool> {
        let old = old.to_owned();
        self.write(move |tx| renew_session(tx, &old, &session)).await
    }

    /// A session acts in another post from now on.
    pub async fn choose_post(&self, hash: &str, post: &str) -> Result<()> {
        let (hash, post) = (hash.to_owned(), post.to_owned());
        self.write(move |tx| choose_post(tx, &hash, &post)).await
    }

    /// A session was used.
    pub async fn touch_session(&self, hash: &str, seen_ms: i64) -> Result<()> {
        let hash = hash.to_owned();
        self.write(move |tx| touch_session(tx, &hash, seen_ms)).await
    }

    /// A session ends.
    pub async fn end_session(&self, hash: &str) -> Result<()> {
        let hash = hash.to_owned();
        self.write(move |tx| end_session(tx, &hash)).await
    }

    /// The sessions of a person, the last used first.
    pub async fn sessions(&self, person: &str) -> Result<Vec<Session>> {
        let person = person.to_owned();
        self.read(move |tx| sessions(tx, &person)).await
    }

    /// All sessions of a person end, but for one that may stay.
    pub async fn end_sessions(&self, person: &str, but: Option<&str>) -> Result<u64> {
        let (person, but) = (person.to_owned(), but.map(str::to_owned));
        self.write(move |tx| end_sessions(tx, &person, but.as_deref())).await
    }

    /// Forgets sessions and tokens that expired before an instant.
    pub async fn sweep_access(&self, now_ms: i64) -> Result<u64> {
        self.write(move |tx| sweep_access(tx, now_ms)).await
    }

    /// Writes a token.
    pub async fn save_token(&self, token: Token) -> Result<()> {
        self.write(move |tx| save_token(tx, &token)).await
    }

    /// The token of a hash, whether it has expired or not.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>> {
        let hash = hash.to_owned();
        self.read(move |tx| token(tx, &hash)).await
    }

    /// Whoever holds a token was shown to be its maker again.
    pub async fn prove_token(
        &self,
        hash: &str,
        strength: &str,
        with: &str,
        at_ms: i64,
    ) -> Result<()> {
        let (hash, strength, with) = (hash.to_owned(), strength.to_owned(), with.to_owned());
        self.write(move |tx| prove_token(tx, &hash, (&strength, &with), at_ms)).await
    }

    /// The tokens of a person, the newest first.
    pub async fn tokens(&self, person: &str) -> Result<Vec<Token>> {
        let person = person.to_owned();
        self.read(move |tx| tokens(tx, &person)).await
    }

    /// A token is no longer accepted.
    pub async fn end_token(&self, hash: &str) -> Result<()> {
        let hash = hash.to_owned();
        self.write(move |tx| end_token(tx, &hash)).await
    }

    /// Remembers a failed attempt under a key, such as a login or an address.
    pub async fn attempt(&self, key: &str, now_ms: i64) -> Result<()> {
        let key = key.to_owned();
        self.write(move |tx| attempt(tx, &key, now_ms)).await
    }

    /// How many attempts there were under a key since an instant.
    pub async fn attempts(&self, key: &str, since_ms: i64) -> Result<i64> {
        let key = key.to_owned();
        self.read(move |tx| attempts(tx, &key, since_ms)).await
    }

    /// Forgets the attempts under a key.
    pub async fn clear_attempts(&self, key: &str) -> Result<()> {
        let key = key.to_owned();
        self.write(move |tx| clear_attempts(tx, &key)).await
    }
}
