//! 文件柜 — where the bytes of files are: under their digest, written whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::error::{Result, StoreError};

/// What is left free on the disk for the journal: a file that would need it is refused.
pub const RESERVE_BYTES: u64 = 256 * 1024 * 1024;
/// What is read at once.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

/// The folder of all files. Clones share it.
#[derive(Clone)]
pub(crate) struct Cabinet {
    folder: PathBuf,
    /// Folders that this process has made durable.
    durable: Arc<Mutex<HashSet<PathBuf>>>,
    /// Goes with a store that is nowhere else.
    _temporary: Option<Arc<TempDir>>,
}

impl Cabinet {
    pub(crate) fn in_folder(folder: &Path) -> Result<Self> {
        Self::open(folder.to_owned(), None)
    }

    pub(crate) fn temporary() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(StoreError::io("make a temporary folder"))?;
        Self::open(folder.path().to_owned(), Some(Arc::new(folder)))
    }

    fn open(folder: PathBuf, temporary: Option<Arc<TempDir>>) -> Result<Self> {
        let files = folder.join("files");
        make_folder(&files)?;
        make_folder(&folder.join("incoming"))?;
        Ok(Self { folder, durable: Arc::default(), _temporary: temporary })
    }

    /// `files/ab/cdef…` in the data folder.
    fn place(&self, digest: &str) -> PathBuf {
        self.folder.join("files").join(&digest[..2]).join(&digest[2..])
    }

    /// Where a file that arrives in pieces grows.
    pub(crate) fn growing(&self, id: &str) -> PathBuf {
        self.folder.join("incoming").join(format!("upload-{id}"))
    }

    pub(crate) fn incoming_folder(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Bytes that files may still take, the reserve left aside.
    pub(super) fn room(&self) -> Result<u64> {
        let disk = rustix::fs::statvfs(&self.folder)
            .map_err(|error| StoreError::io("ask for free space")(error.into()))?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize).saturating_sub(RESERVE_BYTES))
    }

    /// Refuses what the disk has no room for.
    pub(crate) fn has_room(&self, wanted: u64) -> Result<()> {
        let free = self.room()?;
        if wanted > free { Err(StoreError::NoSpace { wanted, free }) } else { Ok(()) }
    }

    /// Begins a draft of at most so many bytes.
    pub(super) fn begin(&self, most: u64) -> Result<Incoming> {
        /// Drafts of one process differ by this.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("draft-{}-{number}", std::process::id());
            let path = self.folder.join("incoming").join(name);
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let draft = Draft { path, file, digest: String::new(), size: 0, stays: false };
                    return Ok(Incoming { draft, hasher: Sha256::new(), most });
                }
                // Left behind by an earlier process of this number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(StoreError::io("begin a file")(error)),
            }
        }
    }

    /// Takes a file that arrived in pieces as a draft: digested from what stands on the disk.
    pub(crate) fn grown(&self, id: &str) -> Result<Draft> {
        let path = self.growing(id);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(StoreError::io("open an upload"))?;
        let (digest, size) = digest_of(&mut file)?;
        Ok(Draft { path, file, digest, size, stays: false })
    }

    /// Gives a draft its lasting name; durable when this returns. A file that stood there and was
    /// damaged is replaced by the good one.
    pub(super) fn shelve(&self, draft: &mut Draft) -> Result<()> {
        draft.file.sync_all().map_err(full_or("make a file durable", draft.size))?;
        let path = self.place(&draft.digest);
        let folder = path.parent().unwrap_or(&path);
        self.has_folder(folder)?;
        fs::rename(&draft.path, &path).map_err(StoreError::io("name a file"))?;
        // It has another name now: nothing is left here to take away.
        draft.stays = true;
        sync_folder(folder)
    }

    /// A folder that is there is not yet durable: another thread may just have made it.
    fn has_folder(&self, folder: &Path) -> Result<()> {
        let durable = || self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if !durable().contains(folder) {
            made(fs::create_dir(folder))?;
            sync_folder(&self.folder.join("files"))?;
            durable().insert(folder.to_owned());
        }
        Ok(())
    }

    /// Opens a file whose bytes are what they were when they came.
    pub(super) fn checked(&self, digest: &str) -> Result<File> {
        let mut file = match File::open(self.place(digest)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(StoreError::Missing(digest.to_owned()));
            }
            Err(error) => return Err(StoreError::io("open a file")(error)),
        };
        if digest_of(&mut file)?.0 != digest {
            return Err(StoreError::Damaged(digest.to_owned()));
        }
        file.rewind().map_err(StoreError::io("read a file"))?;
        Ok(file)
    }

    /// Takes a file away.
    pub(super) fn remove(&self, digest: &str) -> Result<()> {
        gone(fs::remove_file(self.place(digest)), "remove a file")
    }

    /// Takes a file that arrives in pieces away.
    pub(crate) fn abandon(&self, id: &str) -> Result<()> {
        gone(fs::remove_file(self.growing(id)), "remove an upload")
    }

    /// Held shared while a file gets its name and its row, exclusively while files are swept:
    /// what is being acknowledged cannot be swept meanwhile, not by another process either.
    pub(super) fn latch(&self) -> Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.folder.join("files").join("latch"))
            .map_err(StoreError::io("open the latch"))
    }

    /// Takes drafts away that nobody writes any more, as a killed process leaves them.
    pub(super) fn sweep_drafts(&self, before: SystemTime) -> Result<u64> {
        let failed = || StoreError::io("look for left drafts");
        let mut swept = 0;
        for entry in fs::read_dir(self.incoming_folder()).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let draft = entry.file_name().to_string_lossy().starts_with("draft-");
            let changed = entry.metadata().and_then(|data| data.modified());
            // One that vanishes meanwhile was somebody's and has its name now.
            if draft && changed.is_ok_and(|changed| changed < before) {
                gone(fs::remove_file(entry.path()), "remove a draft")?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

fn gone(outcome: std::io::Result<()>, op: &str) -> Result<()> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io(op)(error)),
        _ => Ok(()),
    }
}

/// A full disk is told apart from a broken one.
pub(crate) fn full_or(op: &str, wanted: u64) -> impl FnOnce(std::io::Error) -> StoreError {
    let op = op.to_owned();
    move |error| match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StoreError::NoSpace { wanted, free: 0 }
        }
        _ => StoreError::io(&op)(error),
    }
}

/// A file on its way in: digested and counted as it comes, never held in memory.
#[derive(Debug)]
pub struct Incoming {
    draft: Draft,
    hasher: Sha256,
    most: u64,
}

impl Incoming {
    /// Takes the next bytes; refused at the first one past the limit.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let size = self.draft.size.saturating_add(bytes.len() as u64);
        if size > self.most {
            return Err(StoreError::TooLarge { most: self.most });
        }
        self.draft.file.write_all(bytes).map_err(full_or("write a file", size))?;
        self.hasher.update(bytes);
        self.draft.size = size;
        Ok(())
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.draft.size
    }

    /// All bytes are there: a draft that can be looked at, and kept.
    pub fn settle(self) -> Draft {
        let Self { mut draft, hasher, .. } = self;
        draft.digest = hex::encode(hasher.finalize());
        draft
    }
}

/// A whole file that is not kept yet; it goes when this does.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    file: File,
    digest: String,
    size: u64,
    stays: bool,
}

impl Draft {
    /// SHA-256 of its bytes, hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its bytes, from the first one.
    pub fn reader(&self) -> Result<File> {
        File::open(&self.path).map_err(StoreError::io("open a draft"))
    }

    /// Leaves the bytes where they are, to be asked for again: what arrived in pieces is not sent
    /// twice because it cannot be looked at now.
    pub fn leave(mut self) {
        self.stays = true;
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.stays {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// SHA-256 and size of a file, piece by piece.
fn digest_of(file: &mut File) -> Result<(String, u64)> {
    let failed = || StoreError::io("read a file");
    file.seek(SeekFrom::Start(0)).map_err(failed())?;
    let (mut hasher, mut size) = (Sha256::new(), 0_u64);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok((hex::encode(hasher.finalize()), size)),
            Ok(read) => {
                hasher.update(&piece[..read]);
                size += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed()(error)),
        }
    }
}

/// Makes a folder with all above it, each durable in the one it stands in.
fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    made(fs::create_dir(folder))?;
    above.map_or(Ok(()), sync_folder)
}

fn made(outcome: std::io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(StoreError::io("make a folder")(error))
        }
        _ => Ok(()),
    }
}

pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::io("make a folder durable"))
}
