//! 附件与文书 — files by digest, written once, checked whenever they are read.
//!
//! A file is on disk, under its own digest, before anything refers to it. Two files with the same
//! content are one file.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::canonical::sha256;
use crate::error::{Result, StoreError};
use crate::tx::{Tx, wide};
use crate::{Store, vals};

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
}

/// Where the bytes are.
#[derive(Clone)]
pub(crate) enum Cabinet {
    Folder(PathBuf),
    Memory(Arc<Mutex<HashMap<String, Vec<u8>>>>),
}

impl Cabinet {
    fn put(&self, digest: &str, bytes: Vec<u8>) -> Result<()> {
        match self {
            Self::Folder(folder) => write_once(&place(folder, digest), &bytes),
            Self::Memory(files) => {
                let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
                files.insert(digest.to_owned(), bytes);
                Ok(())
            }
        }
    }

    fn get(&self, digest: &str) -> Result<Vec<u8>> {
        let bytes = match self {
            Self::Folder(folder) => {
                fs::read(place(folder, digest)).map_err(StoreError::io("read a file"))?
            }
            Self::Memory(files) => {
                let files = files.lock().unwrap_or_else(PoisonError::into_inner);
                files.get(digest).cloned().unwrap_or_default()
            }
        };
        if hex::encode(sha256(&[&bytes])) != digest {
            return Err(StoreError::Corrupt(format!("file {digest}")));
        }
        Ok(bytes)
    }
}

/// `files/ab/cdef…` in the data folder.
fn place(folder: &Path, digest: &str) -> PathBuf {
    folder.join("files").join(&digest[..2]).join(&digest[2..])
}

/// Names of files that are being written differ within a process by this.
static WRITING: AtomicU64 = AtomicU64::new(0);

/// Writes under another name, makes it durable, and gives it its name: never half a file.
fn write_once(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    make_folder(folder)?;
    let number = WRITING.fetch_add(1, Ordering::Relaxed);
    let draft = folder.join(format!("draft-{}-{number}", std::process::id()));
    write_durably(&draft, bytes).map_err(StoreError::io("write a file"))?;
    fs::rename(&draft, path).map_err(StoreError::io("name a file"))?;
    sync_folder(folder)
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder with all above it, each durable in the one it stands in.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(StoreError::io("make a folder")(error));
        }
        _ => {}
    }
    above.map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::io("make a folder durable"))
}

/// Notes a file that is in the cabinet.
fn note(tx: &mut dyn Tx, row: &FileRow) -> Result<()> {
    tx.exec(
        "INSERT INTO files (digest, size, media_type, created_ms)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (digest) DO NOTHING",
        &vals![&row.digest, wide(row.size)?, &row.media_type, row.created_ms],
    )
    .map(drop)
}

/// What is known of a file, without its bytes.
pub fn file_row(tx: &mut dyn Tx, digest: &str) -> Result<Option<FileRow>> {
    let rows = tx.rows(
        "SELECT digest, size, media_type, created_ms FROM files WHERE digest = $1",
        &vals![digest],
    )?;
    rows.first()
        .map(|row| {
            Ok(FileRow {
                digest: row.text(0)?,
                size: row.count(1)?,
                media_type: row.text(2)?,
                created_ms: row.int(3)?,
            })
        })
        .transpose()
}

impl Store {
    /// Keeps a file and returns its digest; the first media type of a content stays.
    pub async fn put_file(&self, bytes: Vec<u8>, media_type: &str, now_ms: i64) -> Result<String> {
        let (cabinet, media_type) = (self.cabinet().clone(), media_type.to_owned());
        let row = off_thread(move || shelve(&cabinet, bytes, media_type, now_ms)).await?;
        let digest = row.digest.clone();
        self.write(move |tx| note(tx, &row)).await?;
        Ok(digest)
    }

    /// [`Store::put_file`] for callers without a runtime.
    pub fn put_file_blocking(
        &self,
        bytes: Vec<u8>,
        media_type: &str,
        now_ms: i64,
    ) -> Result<String> {
        let row = shelve(self.cabinet(), bytes, media_type.to_owned(), now_ms)?;
        let digest = row.digest.clone();
        self.write_blocking(move |tx| note(tx, &row))?;
        Ok(digest)
    }

    /// A file and its bytes, which are what they were when they came.
    pub async fn file(&self, digest: &str) -> Result<Option<(FileRow, Vec<u8>)>> {
        let Some(row) = self.file_row(digest).await? else { return Ok(None) };
        let (cabinet, digest) = (self.cabinet().clone(), row.digest.clone());
        let bytes = off_thread(move || cabinet.get(&digest)).await?;
        Ok(Some((row, bytes)))
    }

    /// [`Store::file`] for callers without a runtime.
    pub fn file_blocking(&self, digest: &str) -> Result<Option<(FileRow, Vec<u8>)>> {
        let digest = digest.to_owned();
        let row = self.read_blocking(move |tx| file_row(tx, &digest))?;
        row.map(|row| self.cabinet().get(&row.digest).map(|bytes| (row, bytes))).transpose()
    }

    /// What is known of a file, without its bytes.
    pub async fn file_row(&self, digest: &str) -> Result<Option<FileRow>> {
        let digest = digest.to_owned();
        self.read(move |tx| file_row(tx, &digest)).await
    }
}

fn shelve(
    cabinet: &Cabinet,
    bytes: Vec<u8>,
    media_type: String,
    created_ms: i64,
) -> Result<FileRow> {
    let digest = hex::encode(sha256(&[&bytes]));
    let size = bytes.len() as u64;
    cabinet.put(&digest, bytes)?;
    Ok(FileRow { digest, size, media_type, created_ms })
}

/// Disks are slow: not on a thread that serves others.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|gone| Err(StoreError::Panicked(gone.to_string())))
}
