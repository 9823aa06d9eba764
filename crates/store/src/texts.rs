//! The full-text index: one document a stream, in a column for the public and one for the office.

use crate::canonical::sha256;
use crate::error::Result;
use crate::projection::Projection;
use crate::terms::{fts5_query, fts5_text, terms, tsquery, tsvector, wanted};
use crate::tx::{Engine, Tx};
use crate::vals;

/// In whose text a query looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// What everybody may find.
    Open,
    /// What readers may find.
    Office,
}

impl Column {
    /// The reader `public` sees the public text only.
    pub(crate) fn of(reader: &str) -> Self {
        if reader == PUBLIC { Self::Open } else { Self::Office }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Office => "office",
        }
    }
}

/// The reader that is everybody.
pub const PUBLIC: &str = "public";

/// Indexes the texts of a stream, unless they are indexed already.
pub(crate) fn replace(tx: &mut dyn Tx, stream: &str, projection: &Projection) -> Result<()> {
    let (public, office) = texts(projection);
    let digests = (digest(&public), digest(&office));
    let known = tx.rows(
        "SELECT doc, public_digest, office_digest FROM texts WHERE stream = $1",
        &vals![stream],
    )?;
    if let Some(row) = known.first() {
        if (row.text(1)?, row.text(2)?) == digests {
            return Ok(());
        }
        remove(tx, row.int(0)?)?;
    }
    if public.trim().is_empty() && office.trim().is_empty() {
        return Ok(());
    }
    insert(tx, stream, &digests, &terms(&public), &terms(&office))
}

/// A unit is found by its name and code whatever else its text says.
fn texts(projection: &Projection) -> (String, String) {
    let public = projection.public_text.clone();
    match &projection.unit {
        None => (public, projection.office_text.clone()),
        Some(unit) => (public, format!("{}\n{}\n{}", unit.name, unit.code, projection.office_text)),
    }
}

fn digest(text: &str) -> String {
    hex::encode(sha256(&[text.as_bytes()]))
}

fn insert(
    tx: &mut dyn Tx,
    stream: &str,
    (public, office): &(String, String),
    public_terms: &[String],
    office_terms: &[String],
) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        return tx
            .exec(
                "INSERT INTO texts (stream, public_digest, office_digest, open, office)
                 VALUES ($1, $2, $3, CAST($4 AS text)::tsvector, CAST($5 AS text)::tsvector)",
                &vals![stream, public, office, tsvector(public_terms), tsvector(office_terms)],
            )
            .map(drop);
    }
    let rows = tx.rows(
        "INSERT INTO texts (stream, public_digest, office_digest)
         VALUES ($1, $2, $3)
         RETURNING doc",
        &vals![stream, public, office],
    )?;
    for row in rows {
        tx.exec(
            "INSERT INTO terms (rowid, open, office) VALUES ($1, $2, $3)",
            &vals![row.int(0)?, fts5_text(public_terms), fts5_text(office_terms)],
        )?;
    }
    Ok(())
}

fn remove(tx: &mut dyn Tx, doc: i64) -> Result<()> {
    tx.exec("DELETE FROM texts WHERE doc = $1", &vals![doc])?;
    if tx.engine() == Engine::Sqlite {
        tx.exec("DELETE FROM terms WHERE rowid = $1", &vals![doc])?;
    }
    Ok(())
}

/// Empties the index.
pub(crate) fn clear_all(tx: &mut dyn Tx) -> Result<()> {
    tx.exec("DELETE FROM texts", &[])?;
    if tx.engine() == Engine::Sqlite {
        tx.exec("INSERT INTO terms (terms) VALUES ('delete-all')", &[])?;
    }
    Ok(())
}

/// A query for streams: SQL with one parameter, `$1`, and the value of it.
pub(crate) struct Hits {
    /// `SELECT stream …`
    pub(crate) sql: String,
    /// The query in the engine's language.
    pub(crate) query: String,
}

/// Whether a text has everything that is looked for, by the same rules as the index.
pub fn speaks(text: &str, wanted: &str) -> bool {
    crate::terms::speaks(text, wanted)
}

/// What finds the streams a text is about; `None` when the text has no letter and no digit.
pub(crate) fn hits(engine: Engine, column: Column, text: &str) -> Option<Hits> {
    let wanted = wanted(text);
    if wanted.is_empty() {
        return None;
    }
    let name = column.name();
    Some(match engine {
        Engine::Sqlite => Hits {
            sql: "SELECT x.stream
                 FROM terms
                 JOIN texts x ON x.doc = terms.rowid
                 WHERE terms MATCH $1"
                .into(),
            query: fts5_query(name, &wanted),
        },
        Engine::Postgres => Hits {
            sql: format!(
                "SELECT x.stream FROM texts x WHERE x.{name} @@ CAST($1 AS text)::tsquery"
            ),
            query: tsquery(&wanted),
        },
    })
}
