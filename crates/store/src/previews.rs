//! 页面预览 — which pages of files there are images of, and where each lies.
//!
//! An image is a file like any other, checked whenever it is read; it is made from its source and
//! can be made again, so it is swept away in time and in no backup. A page of which none can be made
//! has the reason instead.

use crate::error::Result;
use crate::tx::{Row, Tx, wide};
use crate::{Store, vals};

/// What is known of one page of a file; of page 0, of the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// How many pages the file has.
    pub pages: u64,
    /// The image; `None` of page 0, and where none can be made.
    pub image: Option<Image>,
    /// Why none can be made.
    pub why: Option<String>,
    /// When that was found out.
    pub made_ms: i64,
}

/// A page as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Pixels from left to right.
    pub width: u64,
    /// Pixels from top to bottom.
    pub height: u64,
}

impl Preview {
    fn from_row(row: &Row) -> Result<Self> {
        let image = match row.opt_text(1)? {
            None => None,
            Some(digest) => Some(Image { digest, width: row.count(2)?, height: row.count(3)? }),
        };
        Ok(Self { pages: row.count(0)?, image, why: row.opt_text(4)?, made_ms: row.int(5)? })
    }
}

/// What is known of a page.
pub fn preview(tx: &mut dyn Tx, source: &str, page: u64) -> Result<Option<Preview>> {
    let rows = tx.rows(
        "SELECT pages, image, width, height, why, made_ms
         FROM previews
         WHERE source = $1 AND page = $2",
        &vals![source, wide(page)?],
    )?;
    rows.first().map(Preview::from_row).transpose()
}

/// Notes what came of a page; what was known before is replaced.
pub fn note(tx: &mut dyn Tx, source: &str, page: u64, known: &Preview) -> Result<()> {
    let (width, height) = known.image.as_ref().map_or((0, 0), |image| (image.width, image.height));
    tx.exec(
        "INSERT INTO previews (source, page, pages, image, width, height, why, made_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (source, page) DO UPDATE SET
             pages = excluded.pages,
             image = excluded.image,
             width = excluded.width,
             height = excluded.height,
             why = excluded.why,
             made_ms = excluded.made_ms",
        &vals![
            source,
            wide(page)?,
            wide(known.pages)?,
            known.image.as_ref().map(|image| &image.digest),
            wide(width)?,
            wide(height)?,
            &known.why,
            known.made_ms,
        ],
    )
    .map(drop)
}

/// Forgets what was found out before an instant; returns how many pages.
pub fn forget(tx: &mut dyn Tx, before_ms: i64) -> Result<u64> {
    tx.exec("DELETE FROM previews WHERE made_ms < $1", &vals![before_ms])
}

impl Store {
    /// What is known of a page of a file; page 0 is the file itself.
    pub async fn preview(&self, source: &str, page: u64) -> Result<Option<Preview>> {
        let source = source.to_owned();
        self.read(move |tx| preview(tx, &source, page)).await
    }

    /// Notes what came of a page.
    pub async fn note_preview(&self, source: &str, page: u64, known: Preview) -> Result<()> {
        let source = source.to_owned();
        self.write(move |tx| note(tx, &source, page, &known)).await
    }

    /// Forgets what was found out before an instant; returns how many pages.
    pub async fn forget_previews(&self, before_ms: i64) -> Result<u64> {
        self.write(move |tx| forget(tx, before_ms)).await
    }
}
