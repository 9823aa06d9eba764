//! Opens the store and carries acts to it.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::act::act;
use crate::error::{Result, StoreError};
use crate::files::Cabinet;
use crate::lanes::{Errand, Lane};
use crate::tx::Tx;
use crate::{postgres, sqlite};

/// Where the store is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A data folder with the database in it.
    Sqlite(PathBuf),
    /// A PostgreSQL database, and a data folder for files.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`.
        url: String,
        /// The data folder; several nodes share one.
        data: PathBuf,
    },
    /// Nowhere but in memory, files in a temporary folder: for simulations and tests.
    Memory,
}

/// The store. Clones share it; when the last one goes, it is closed.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    writes: Option<Lane>,
    reads: Option<Lane>,
    threads: Vec<JoinHandle<()>>,
    cabinet: Cabinet,
}

impl Store {
    /// Opens the store, brings its schema up to date and checks that it is durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] when a newer edition of the program has written there.
    pub fn open(location: Location) -> Result<Self> {
        Self::open_at(location, None)
    }

    /// [`Store::open`] with the schema of an earlier step.
    pub(crate) fn open_at(location: Location, step: Option<i64>) -> Result<Self> {
        let (opened, cabinet) = match location {
            Location::Sqlite(folder) => {
                let cabinet = Cabinet::in_folder(&folder)?;
                (sqlite::open_folder(&folder, step)?, cabinet)
            }
            Location::Postgres { url, data } => {
                let cabinet = Cabinet::in_folder(&data)?;
                let (lane, threads) = postgres::open(&url, step)?;
                let opened = sqlite::Open { reads: lane.clone(), writes: lane, threads };
                (opened, cabinet)
            }
            Location::Memory => (sqlite::open_memory(step)?, Cabinet::temporary()?),
        };
        let sqlite::Open { writes, reads, threads } = opened;
        Ok(Self(Arc::new(Inner { writes: Some(writes), reads: Some(reads), threads, cabinet })))
    }

    /// Runs an act in a transaction; resolves when it is durable.
    ///
    /// The act is all or nothing: an error undoes it. It may run more than once on PostgreSQL,
    /// and must not do anything else than ask its transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        ask(self.0.writes.as_ref(), true, work).await
    }

    /// Runs queries that all see the same state.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        ask(self.0.reads.as_ref(), false, work).await
    }

    /// [`Store::write`] for callers without a runtime.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        ask_blocking(self.0.writes.as_ref(), true, work)
    }

    /// [`Store::read`] for callers without a runtime.
    pub fn read_blocking<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        ask_blocking(self.0.reads.as_ref(), false, work)
    }

    pub(crate) fn cabinet(&self) -> &Cabinet {
        &self.0.cabinet
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store").finish_non_exhaustive()
    }
}

async fn ask<T: Send + 'static>(
    lane: Option<&Lane>,
    writes: bool,
    work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, told) = oneshot::channel();
    // A caller that went away does not want to know.
    let act = act(work, move |outcome| drop(answer.send(outcome)));
    lane.ok_or(StoreError::Closed)?.offer(Errand { act, writes })?;
    told.await.unwrap_or(Err(StoreError::Closed))
}

fn ask_blocking<T: Send + 'static>(
    lane: Option<&Lane>,
    writes: bool,
    work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answer, told) = mpsc::sync_channel(1);
    let act = act(work, move |outcome| drop(answer.send(outcome)));
    lane.ok_or(StoreError::Closed)?.push(Errand { act, writes })?;
    told.recv().unwrap_or(Err(StoreError::Closed))
}

impl Drop for Inner {
    /// Lets the threads finish what is waiting, and waits for them.
    fn drop(&mut self) {
        (self.writes, self.reads) = (None, None);
        for thread in self.threads.drain(..) {
            // The last clone may go inside an act, on the very thread to wait for.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
