//! 附件与文书 — files by digest, written once, checked whenever they are read.
//!
//! A file is on disk, durable and under its own digest, before anything refers to it. Two files
//! with the same content are one file. Bytes pass through in pieces and are never held: a file of
//! any size takes the same memory. Which side brought a file is noted, so that nobody else names
//! it; what no entry of the journal ever named is swept away later.

mod cabinet;

use std::fs::File;
use std::io::Read;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};
use crate::tx::{Row, Tx, wide};
use crate::{Store, vals};

pub(crate) use cabinet::Cabinet;
use cabinet::PIECE_BYTES;
pub use cabinet::{Draft, Incoming, RESERVE_BYTES};
pub(crate) use cabinet::{full_or, sync_folder};

/// Files that one run of a sweep or a scrub looks at.
const FILES_AT_ONCE: i64 = 100;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    /// How many bytes it has.
    pub size: u64,
    /// What it is, such as `application/pdf`.
    pub media_type: String,
    /// When it first came.
    pub created_ms: i64,
    /// Who searched it for viruses and found none, with the date of the signatures.
    pub scanned: Option<String>,
}

impl FileRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            digest: row.text(0)?,
            size: row.count(1)?,
            media_type: row.text(2)?,
            created_ms: row.int(3)?,
            scanned: row.opt_text(4)?,
        })
    }
}

/// With what a file is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// What it is, such as `application/pdf`; the first one of a content stays.
    pub media_type: String,
    /// Who searched it for viruses.
    pub scanned: Option<String>,
    /// Which side brought it; `None` for what the office made itself.
    pub side: Option<String>,
    /// Under which name.
    pub name: String,
    /// Whether it can be made again, and is swept away in time like what nothing names.
    pub passing: bool,
    /// When.
    pub now_ms: i64,
}

/// A file that a side brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    /// Under which name it came last.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
}

/// What happened to a file that is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// It is not there.
    Missing,
    /// Its bytes are others.
    Changed,
}

impl Harm {
    const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
        }
    }

    fn named(name: &str) -> Self {
        if name == "missing" { Self::Missing } else { Self::Changed }
    }

    /// What an error says of the file; `None` when it says nothing about it.
    const fn told_by(error: &StoreError) -> Option<Self> {
        match error {
            StoreError::Missing(_) => Some(Self::Missing),
            StoreError::Damaged(_) => Some(Self::Changed),
            _ => None,
        }
    }
}

/// A file that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub digest: String,
    /// What happened to it.
    pub harm: Harm,
    /// When it was found out.
    pub found_ms: i64,
}

/// What one run of the scrub did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// Files that were read.
    pub checked: u64,
    /// Those that are not what they were.
    pub faulty: Vec<String>,
    /// Whether others wait to be checked.
    pub more: bool,
}

/// A file being read, piece by piece. It was checked as a whole before the first piece, and is
/// checked again on the way: the last piece is not given away when anything changed meanwhile.
#[derive(Debug)]
pub struct Reading {
    /// What is known of it.
    pub row: FileRow,
    file: File,
    hasher: Sha256,
    left: u64,
}

impl Reading {
    /// The next piece; `None` after the last.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>> {
        if self.left == 0 {
            return Ok(None);
        }
        let wanted = usize::try_from(self.left).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
        let mut piece = vec![0; wanted];
        let damaged = |_| StoreError::Damaged(self.row.digest.clone());
        self.file.read_exact(&mut piece).map_err(damaged)?;
        self.hasher.update(&piece);
        self.left -= wanted as u64;
        if self.left == 0 && hex::encode(self.hasher.clone().finalize()) != self.row.digest {
            return Err(StoreError::Damaged(self.row.digest.clone()));
        }
        Ok(Some(piece))
    }
}

const COLUMNS: &str = "digest, size, media_type, created_ms, scanned";

/// What is known of a file, without its bytes.
pub fn file_row(tx: &mut dyn Tx, digest: &str) -> Result<Option<FileRow>> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE digest = $1");
    tx.rows(&sql, &vals![digest])?.first().map(FileRow::from_row).transpose()
}

/// Notes a file that is in the cabinet, and who brought it.
fn note(tx: &mut dyn Tx, digest: &str, size: u64, taken: &Taken) -> Result<FileRow> {
    // What the office made itself is kept for good, unless it can make it again.
    let kept = i64::from(taken.side.is_none() && !taken.passing);
    let sql = format!(
        "INSERT INTO files
             (digest, size, media_type, created_ms, used, touched_ms, checked_ms, scanned)
         VALUES ($1, $2, $3, $4, $5, $4, $4, $6)
         ON CONFLICT (digest) DO UPDATE SET
             used = CASE WHEN excluded.used = 1 THEN 1 ELSE files.used END,
             touched_ms = excluded.touched_ms,
             checked_ms = excluded.checked_ms,
             scanned = coalesce(excluded.scanned, files.scanned)
         RETURNING {COLUMNS}"
    );
    let noted = tx.rows(
        &sql,
        &vals![digest, wide(size)?, &taken.media_type, taken.now_ms, kept, &taken.scanned],
    )?;
    // What was damaged has been replaced by what just came.
    tx.exec("DELETE FROM file_faults WHERE digest = $1", &vals![digest])?;
    if let Some(side) = &taken.side {
        tx.exec(
            "INSERT INTO brought (side, digest, name, size, brought_ms)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (side, digest) DO UPDATE SET
                 name = excluded.name,
                 brought_ms = excluded.brought_ms",
            &vals![side, digest, &taken.name, wide(size)?, taken.now_ms],
        )?;
    }
    let noted = noted.first().map(FileRow::from_row).transpose()?;
    noted.ok_or_else(|| StoreError::Missing(digest.to_owned()))
}

/// The file of this digest, if this side brought it. It is then not swept for as long as a file
/// that just came, so that the act that names it finds it.
pub fn brought(tx: &mut dyn Tx, side: &str, digest: &str, now_ms: i64) -> Result<Option<Brought>> {
    let touched = tx.exec(
        "UPDATE files SET touched_ms = $1
         WHERE digest = $2 AND EXISTS (
             SELECT 1 FROM brought WHERE side = $3 AND digest = $2)",
        &vals![now_ms, digest, side],
    )?;
    if touched == 0 {
        return Ok(None);
    }
    let rows = tx.rows(
        "SELECT digest, name, size FROM brought WHERE side = $1 AND digest = $2",
        &vals![side, digest],
    )?;
    let read =
        |row: &Row| Ok(Brought { digest: row.text(0)?, name: row.text(1)?, size: row.count(2)? });
    rows.first().map(read).transpose()
}

/// Files that an entry names are kept for good.
pub(crate) fn use_files(tx: &mut dyn Tx, digests: &[String]) -> Result<()> {
    for digest in digests {
        tx.exec("UPDATE files SET used = 1 WHERE digest = $1", &vals![digest])?;
    }
    Ok(())
}

/// Notes that a file is not what it was; the first finding stays.
fn note_fault(tx: &mut dyn Tx, digest: &str, harm: Harm, now_ms: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO file_faults (digest, what, found_ms)
         VALUES ($1, $2, $3)
         ON CONFLICT (digest) DO NOTHING",
        &vals![digest, harm.name(), now_ms],
    )
    .map(drop)
}

/// The files that are not what they were, the oldest finding first.
pub fn file_faults(tx: &mut dyn Tx) -> Result<Vec<FileFault>> {
    let sql = "SELECT digest, what, found_ms FROM file_faults ORDER BY found_ms, digest";
    let rows = tx.rows(sql, &[])?;
    let read = |row: &Row| {
        let harm = Harm::named(&row.text(1)?);
        Ok(FileFault { digest: row.text(0)?, harm, found_ms: row.int(2)? })
    };
    rows.iter().map(read).collect()
}

fn texts(rows: &[Row]) -> Result<Vec<String>> {
    rows.iter().map(|row| row.text(0)).collect()
}

impl Store {
    /// Begins to take a file of at most so many bytes, of which `expected` are announced. It asks
    /// the disk: not on a thread that serves others.
    pub fn begin_file(&self, most: u64, expected: u64) -> Result<Incoming> {
        self.cabinet().has_room(expected)?;
        self.cabinet().begin(most)
    }

    /// Keeps a draft: resolves when file, name and row are durable.
    pub async fn keep_file(&self, draft: Draft, taken: Taken) -> Result<FileRow> {
        let cabinet = self.cabinet().clone();
        let (draft, latch) = off_thread(move || shelved(&cabinet, draft)).await?;
        let (digest, size) = (draft.digest().to_owned(), draft.size());
        let row = self.write(move |tx| note(tx, &digest, size, &taken)).await;
        drop(latch);
        row
    }

    /// Keeps a file of the office's own and returns its digest.
    pub async fn put_file(&self, bytes: Vec<u8>, media_type: &str, now_ms: i64) -> Result<String> {
        let (store, media_type) = (self.clone(), media_type.to_owned());
        off_thread(move || store.put_file_blocking(&bytes, &media_type, now_ms)).await
    }

    /// Keeps a file of the office's own that it can make again: it is swept away like what nothing
    /// names. Returns its digest.
    pub async fn put_passing_file(
        &self,
        bytes: Vec<u8>,
        media_type: &str,
        now_ms: i64,
    ) -> Result<String> {
        let (store, media_type) = (self.clone(), media_type.to_owned());
        let taken = Taken { media_type, passing: true, now_ms, ..Taken::default() };
        off_thread(move || store.put_blocking(&bytes, taken)).await
    }

    /// [`Store::put_file`] for callers without a runtime.
    pub fn put_file_blocking(&self, bytes: &[u8], media_type: &str, now_ms: i64) -> Result<String> {
        let taken = Taken { media_type: media_type.to_owned(), now_ms, ..Taken::default() };
        self.put_blocking(bytes, taken)
    }

    fn put_blocking(&self, bytes: &[u8], taken: Taken) -> Result<String> {
        let mut incoming = self.cabinet().begin(u64::MAX)?;
        incoming.write(bytes)?;
        let (draft, latch) = shelved(self.cabinet(), incoming.settle())?;
        let (digest, size) = (draft.digest().to_owned(), draft.size());
        let row = self.write_blocking(move |tx| note(tx, &digest, size, &taken));
        drop(latch);
        row.map(|row| row.digest)
    }

    /// A file to be read, which is what it was when it came; `None` when none is known. What is
    /// missing or changed is noted as a fault, and never given away.
    pub async fn open_file(&self, digest: &str, now_ms: i64) -> Result<Option<Reading>> {
        let Some(row) = self.file_row(digest).await? else { return Ok(None) };
        let (cabinet, wanted) = (self.cabinet().clone(), row.digest.clone());
        match off_thread(move || cabinet.checked(&wanted)).await {
            Ok(file) => {
                let left = row.size;
                Ok(Some(Reading { row, file, hasher: Sha256::new(), left }))
            }
            Err(error) => {
                if let Some(harm) = Harm::told_by(&error) {
                    let digest = row.digest;
                    self.write(move |tx| note_fault(tx, &digest, harm, now_ms)).await?;
                }
                Err(error)
            }
        }
    }

    /// A file of at most so many bytes, whole: for what is read by the office itself. `None` when
    /// none is known or it is larger.
    pub async fn file(&self, digest: &str, most: u64) -> Result<Option<(FileRow, Vec<u8>)>> {
        let Some(row) = self.file_row(digest).await? else { return Ok(None) };
        if row.size > most {
            return Ok(None);
        }
        let (cabinet, wanted) = (self.cabinet().clone(), row.digest.clone());
        off_thread(move || {
            let mut bytes = Vec::new();
            let mut file = cabinet.checked(&wanted)?;
            file.read_to_end(&mut bytes).map_err(StoreError::io("read a file"))?;
            Ok(Some((row, bytes)))
        })
        .await
    }

    /// What is known of a file, without its bytes.
    pub async fn file_row(&self, digest: &str) -> Result<Option<FileRow>> {
        let digest = digest.to_owned();
        self.read(move |tx| file_row(tx, &digest)).await
    }

    /// The file of this digest, if this side brought it.
    pub async fn brought(&self, side: &str, digest: &str, now_ms: i64) -> Result<Option<Brought>> {
        let (side, digest) = (side.to_owned(), digest.to_owned());
        self.write(move |tx| brought(tx, &side, &digest, now_ms)).await
    }

    /// The files that are not what they were.
    pub async fn file_faults(&self) -> Result<Vec<FileFault>> {
        self.read(|tx| file_faults(tx)).await
    }

    /// Bytes that files may still take.
    pub async fn room(&self) -> Result<u64> {
        let cabinet = self.cabinet().clone();
        off_thread(move || cabinet.room()).await
    }

    /// Reads files that were last checked before an instant, at most so many bytes of them, and
    /// notes those that are not what they were; a file that is well again loses its fault.
    pub async fn scrub(&self, before_ms: i64, most_bytes: u64, now_ms: i64) -> Result<Scrubbed> {
        let waiting = self
            .read(move |tx| {
                let sql = "SELECT digest, size FROM files WHERE checked_ms < $1
                           ORDER BY checked_ms, digest LIMIT $2";
                let rows = tx.rows(sql, &vals![before_ms, FILES_AT_ONCE])?;
                rows.iter().map(|row| Ok((row.text(0)?, row.count(1)?))).collect::<Result<Vec<_>>>()
            })
            .await?;
        let mut scrubbed = Scrubbed::default();
        let mut bytes = 0;
        let all = waiting.len();
        for (digest, size) in waiting {
            if bytes >= most_bytes {
                break;
            }
            bytes += size;
            self.check_file(digest, now_ms, &mut scrubbed).await?;
        }
        let left = usize::try_from(scrubbed.checked).is_ok_and(|checked| checked < all);
        scrubbed.more = left || i64::try_from(all) == Ok(FILES_AT_ONCE);
        Ok(scrubbed)
    }

    async fn check_file(&self, digest: String, now_ms: i64, done: &mut Scrubbed) -> Result<()> {
        let (cabinet, wanted) = (self.cabinet().clone(), digest.clone());
        let outcome = off_thread(move || cabinet.checked(&wanted)).await.map(drop);
        let harm = match &outcome {
            Ok(()) => None,
            Err(error) => match Harm::told_by(error) {
                Some(harm) => Some(harm),
                None => return outcome,
            },
        };
        done.checked += 1;
        done.faulty.extend(harm.map(|_| digest.clone()));
        self.write(move |tx| {
            let checked = "UPDATE files SET checked_ms = $1 WHERE digest = $2";
            tx.exec(checked, &vals![now_ms, &digest])?;
            match harm {
                Some(harm) => note_fault(tx, &digest, harm, now_ms),
                None => {
                    tx.exec("DELETE FROM file_faults WHERE digest = $1", &vals![&digest]).map(drop)
                }
            }
        })
        .await
    }

    /// Takes away files that nothing ever named and that last came before an instant, and drafts
    /// that were left lying; returns how many.
    pub async fn sweep_files(&self, before_ms: i64, drafts_before: SystemTime) -> Result<u64> {
        let (cabinet, store) = (self.cabinet().clone(), self.clone());
        off_thread(move || {
            let drafts = cabinet.sweep_drafts(drafts_before)?;
            let latch = cabinet.latch()?;
            // Files are arriving: another run will find a quieter moment.
            if latch.try_lock().is_err() {
                return Ok(drafts);
            }
            let unused = store.write_blocking(move |tx| {
                let sql = "SELECT digest FROM files WHERE used = 0 AND touched_ms < $1
                           ORDER BY touched_ms, digest LIMIT $2";
                let digests = texts(&tx.rows(sql, &vals![before_ms, FILES_AT_ONCE])?)?;
                for digest in &digests {
                    tx.exec("DELETE FROM files WHERE digest = $1", &vals![digest])?;
                    tx.exec("DELETE FROM brought WHERE digest = $1", &vals![digest])?;
                    tx.exec("DELETE FROM file_faults WHERE digest = $1", &vals![digest])?;
                }
                Ok(digests)
            })?;
            for digest in &unused {
                cabinet.remove(digest)?;
            }
            Ok(drafts + unused.len() as u64)
        })
        .await
    }
}

/// Puts a draft on the shelf; what comes with it keeps the sweep away until its row is written.
fn shelved(cabinet: &Cabinet, mut draft: Draft) -> Result<(Draft, File)> {
    let latch = cabinet.latch()?;
    latch.lock_shared().map_err(StoreError::io("hold the latch"))?;
    cabinet.shelve(&mut draft)?;
    Ok((draft, latch))
}

/// Disks are slow: not on a thread that serves others.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|gone| Err(StoreError::Panicked(gone.to_string())))
}
