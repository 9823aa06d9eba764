//! 文书 — which papers events ask for, and where each one lies once it is made.
//!
//! A paper is ordered in the same transaction as its event, made later, and stored by digest. Once
//! its digest is written down nothing changes the row: a paper is never made twice.

use crate::error::Result;
use crate::tx::{Engine, Row, Tx, page, wide};
use crate::{Store, vals};

/// A paper as it is ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaperKey {
    /// The stream: a dossier.
    pub stream: String,
    /// The event it rests on.
    pub sequence: u64,
    /// Which paper.
    pub kind: String,
}

/// 一份文书, ordered or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is known by.
    pub key: PaperKey,
    /// When it was ordered: the time of its event.
    pub ordered_ms: i64,
    /// How often somebody began to make it.
    pub tries: i64,
    /// Why it could not be made the last time.
    pub why: Option<String>,
    /// What came of it.
    pub made: Option<Made>,
}

/// A paper that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The version of its template.
    pub template: u32,
    /// What it is called.
    pub title: String,
    /// How many pages it has.
    pub pages: u64,
    /// Where it lies.
    pub digest: String,
    /// 核验码, under which everybody finds it; `None` for papers of before there were codes.
    pub code: Option<String>,
    /// Who signed it and when; `None` for papers of before they were signed.
    pub signed: Option<Signed>,
}

/// A signature of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// When.
    pub at_ms: i64,
    /// SHA-256 of the certificate, hexadecimal.
    pub certificate: String,
}

const COLUMNS: &str = "stream, seq, kind, ordered_ms, tries, why, template, title, pages, digest,
     code, signed_ms, certificate";

impl Paper {
    fn from_row(row: &Row) -> Result<Self> {
        let made = match row.opt_text(9)? {
            None => None,
            Some(digest) => Some(Made {
                template: u32::try_from(row.count(6)?).unwrap_or(u32::MAX),
                title: row.text(7)?,
                pages: row.count(8)?,
                digest,
                code: row.opt_text(10)?,
                signed: match (row.opt_int(11)?, row.opt_text(12)?) {
                    (Some(at_ms), Some(certificate)) => Some(Signed { at_ms, certificate }),
                    _ => None,
                },
            }),
        };
        Ok(Self {
            key: PaperKey { stream: row.text(0)?, sequence: row.count(1)?, kind: row.text(2)? },
            ordered_ms: row.int(3)?,
            tries: row.int(4)?,
            why: row.opt_text(5)?,
            made,
        })
    }
}

/// Orders papers; one that is ordered already stays as it is.
pub fn order(tx: &mut dyn Tx, papers: &[PaperKey], ordered_ms: i64) -> Result<()> {
    for key in papers {
        tx.exec(
            "INSERT INTO papers (stream, seq, kind, ordered_ms, not_before, tries)
             VALUES ($1, $2, $3, $4, 0, 0)
             ON CONFLICT (stream, seq, kind) DO NOTHING",
            &vals![&key.stream, wide(key.sequence)?, &key.kind, ordered_ms],
        )?;
    }
    Ok(())
}

/// Takes up to `n` papers to make, oldest first. Until `now_ms + lease_ms` nobody else gets them.
pub fn take(tx: &mut dyn Tx, n: i64, now_ms: i64, lease_ms: i64) -> Result<Vec<Paper>> {
    // Other nodes take other papers instead of waiting for these.
    let skip = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "SELECT {COLUMNS}
         FROM papers
         WHERE digest IS NULL AND not_before <= $1
         ORDER BY ordered_ms, stream, seq, kind
         LIMIT $2
         {skip}"
    );
    let rows = tx.rows(&sql, &vals![now_ms, page(n)])?;
    let taken = rows.iter().map(Paper::from_row).collect::<Result<Vec<_>>>()?;
    for paper in &taken {
        tx.exec(
            "UPDATE papers
             SET not_before = $1, tries = tries + 1
             WHERE stream = $2 AND seq = $3 AND kind = $4",
            &vals![
                now_ms.saturating_add(lease_ms),
                &paper.key.stream,
                wide(paper.key.sequence)?,
                &paper.key.kind,
            ],
        )?;
    }
    Ok(taken)
}

/// A paper is made and lies under its digest. Whoever comes second changes nothing.
pub fn made(tx: &mut dyn Tx, key: &PaperKey, made: &Made) -> Result<()> {
    tx.exec(
        "UPDATE papers
         SET template = $1, title = $2, pages = $3, digest = $4, code = $5, signed_ms = $6,
             certificate = $7, why = NULL
         WHERE stream = $8 AND seq = $9 AND kind = $10 AND digest IS NULL",
        &vals![
            i64::from(made.template),
            &made.title,
            wide(made.pages)?,
            &made.digest,
            &made.code,
            made.signed.as_ref().map(|signed| signed.at_ms),
            made.signed.as_ref().map(|signed| &signed.certificate),
            &key.stream,
            wide(key.sequence)?,
            &key.kind,
        ],
    )
    .map(drop)
}

/// A paper could not be made: why, and from when on it is tried again.
pub fn not_made(tx: &mut dyn Tx, key: &PaperKey, why: &str, again_ms: i64) -> Result<()> {
    tx.exec(
        "UPDATE papers
         SET not_before = $1, why = $2
         WHERE stream = $3 AND seq = $4 AND kind = $5 AND digest IS NULL",
        &vals![again_ms, why, &key.stream, wide(key.sequence)?, &key.kind],
    )
    .map(drop)
}

/// Those that could not be made are tried again at once; returns how many.
pub fn try_again(tx: &mut dyn Tx) -> Result<u64> {
    tx.exec("UPDATE papers SET not_before = 0 WHERE digest IS NULL AND why IS NOT NULL", &[])
}

/// The papers of a stream, in the order of its events.
pub fn papers(tx: &mut dyn Tx, stream: &str) -> Result<Vec<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE stream = $1 ORDER BY seq, kind");
    tx.rows(&sql, &vals![stream])?.iter().map(Paper::from_row).collect()
}

/// One paper.
pub fn paper(tx: &mut dyn Tx, key: &PaperKey) -> Result<Option<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE stream = $1 AND seq = $2 AND kind = $3");
    let rows = tx.rows(&sql, &vals![&key.stream, wide(key.sequence)?, &key.kind])?;
    rows.first().map(Paper::from_row).transpose()
}

/// The paper of a code; `None` where no paper bears it.
pub fn paper_of_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Paper>> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE code = $1");
    let rows = tx.rows(&sql, &vals![code])?;
    rows.first().map(Paper::from_row).transpose()
}

/// Papers that could not be made, oldest first.
pub fn stuck(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Paper>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM papers
         WHERE digest IS NULL AND why IS NOT NULL
         ORDER BY ordered_ms, stream, seq, kind
         LIMIT $1"
    );
    tx.rows(&sql, &vals![page(limit)])?.iter().map(Paper::from_row).collect()
}

/// How many papers wait to be made, and how many of them could not be made so far.
pub fn paper_counts(tx: &mut dyn Tx) -> Result<(i64, i64)> {
    let rows = tx.rows("SELECT count(*), count(why) FROM papers WHERE digest IS NULL", &[])?;
    rows.first().map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

impl Store {
    /// Takes up to `n` papers to make, oldest first. Until `now_ms + lease_ms` nobody else gets
    /// them.
    pub async fn take_papers(&self, n: i64, now_ms: i64, lease_ms: i64) -> Result<Vec<Paper>> {
        self.write(move |tx| take(tx, n, now_ms, lease_ms)).await
    }

    /// A paper is made and lies under its digest.
    pub async fn paper_made(&self, key: PaperKey, what: Made) -> Result<()> {
        self.write(move |tx| made(tx, &key, &what)).await
    }

    /// A paper could not be made: why, and from when on it is tried again.
    pub async fn paper_not_made(&self, key: PaperKey, why: String, again_ms: i64) -> Result<()> {
        self.write(move |tx| not_made(tx, &key, &why, again_ms)).await
    }

    /// Those that could not be made are tried again at once; returns how many.
    pub async fn try_papers_again(&self) -> Result<u64> {
        self.write(try_again).await
    }

    /// The papers of a stream, in the order of its events.
    pub async fn papers(&self, stream: &str) -> Result<Vec<Paper>> {
        let stream = stream.to_owned();
        self.read(move |tx| papers(tx, &stream)).await
    }

    /// One paper.
    pub async fn paper(&self, key: PaperKey) -> Result<Option<Paper>> {
        self.read(move |tx| paper(tx, &key)).await
    }

    /// The paper of a code; `None` where no paper bears it.
    pub async fn paper_of_code(&self, code: &str) -> Result<Option<Paper>> {
        let code = code.to_owned();
        self.read(move |tx| paper_of_code(tx, &code)).await
    }

    /// Papers that could not be made, oldest first.
    pub async fn stuck_papers(&self, limit: i64) -> Result<Vec<Paper>> {
        self.read(move |tx| stuck(tx, limit)).await
    }

    /// How many papers wait to be made, and how many of them could not be made so far.
    pub async fn paper_counts(&self) -> Result<(i64, i64)> {
        self.read(paper_counts).await
    }
}
