//! 盖章件的检查 — what the machine finds of a file that was sealed outside, before the law is asked.
//!
//! The file is somebody else's: a helper ([`worker`]) reads its signatures in a process of its own,
//! and `judge` looks at each of them. Nothing is refused because of a signature; what cannot be
//! read or judged is said to be so, and a person judges.

mod judge;
pub mod worker;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use consortium::ids::Digest;
use consortium::sealed::{Examined, Reading};
use documents::signature::{Found, Unread};
use store::{FileRow, Made, Store, StoreError};
use tokio::sync::Semaphore;

use crate::helper::PATIENCE;
use crate::inspect::Kind;
use crate::signing::Trust;

pub use worker::FILE_BYTES_MAX;

/// Files read at once: each is held whole, here and in its helper.
const SLOTS: usize = 2;
/// Larger than any paper that is made here.
const PAPER_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Where the signatures of sealed files are read. Clones share it.
#[derive(Clone, Debug)]
pub struct Lens {
    slots: Arc<Semaphore>,
    /// The program that reads: this one, asked otherwise.
    program: Arc<PathBuf>,
    patience: Duration,
}

impl Lens {
    /// Reading by a program that answers to [`worker::serve`].
    pub fn by(program: PathBuf) -> Self {
        let slots = Arc::new(Semaphore::new(SLOTS));
        Self { slots, program: Arc::new(program), patience: PATIENCE }
    }

    /// With another patience.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What is found of a file that is brought as the sealed form of a paper.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn examine(
        &self,
        store: &Store,
        trust: &Trust,
        paper: &Made,
        file: &FileRow,
    ) -> Result<Examined, StoreError> {
        let scan = |reading| Examined { continues: false, reading, signatures: Vec::new() };
        let kind = Kind::ALL.into_iter().find(|kind| kind.media_type() == file.media_type);
        match kind {
            Some(Kind::Pdf) => {}
            Some(Kind::Jpeg | Kind::Png) => return Ok(scan(Reading::Scan)),
            _ => return Ok(scan(Reading::Foreign)),
        }
        let gone = |gone: &dyn std::fmt::Display| StoreError::Panicked(gone.to_string());
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|closed| gone(&closed))?;
        let Some((_, bytes)) = store.file(&file.digest, FILE_BYTES_MAX).await? else {
            return Ok(scan(Reading::Unreadable));
        };
        let ours = store.file(&paper.digest, PAPER_BYTES_MAX).await?;
        let ours = ours.map(|(_, bytes)| bytes).unwrap_or_default();
        let own = paper.signed.as_ref().map(|signed| Digest(signed.certificate.clone()));
        let (lens, trust) = (self.clone(), trust.clone());
        let work = move || {
            let found = lens.read(&bytes);
            drop(slot);
            let continues = !ours.is_empty() && bytes.starts_with(&ours);
            examined(&bytes, continues, found.as_deref(), &trust, own.as_ref())
        };
        tokio::task::spawn_blocking(work).await.map_err(|panic| gone(&panic))
    }

    /// The signatures of a file; `None` where they could not be read.
    fn read(&self, bytes: &[u8]) -> Option<Vec<Found>> {
        let program: &Path = &self.program;
        match worker::ask(program, self.patience, bytes) {
            Ok(found) => Some(found),
            Err(unread @ (Unread::Broken | Unread::Encrypted | Unread::Many)) => {
                tracing::info!(why = %unread, "the signatures of a sealed file are not known");
                None
            }
        }
    }
}

impl Default for Lens {
    fn default() -> Self {
        // Without it no signature is read, and every person is told to look for oneself.
        Self::by(std::env::current_exe().unwrap_or_default())
    }
}

fn examined(
    bytes: &[u8],
    continues: bool,
    found: Option<&[Found]>,
    trust: &Trust,
    own: Option<&Digest>,
) -> Examined {
    let Some(found) = found else {
        return Examined { continues, reading: Reading::Unreadable, signatures: Vec::new() };
    };
    let signatures = found.iter().map(|one| judge::judged(one, bytes, trust, own)).collect();
    Examined { continues, reading: Reading::Read, signatures }
}
