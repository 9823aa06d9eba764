//! The queues between callers and database threads.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvError, Sender, TrySendError, bounded};

use crate::act::Act;
use crate::error::{Result, StoreError};

/// Acts that may wait in a queue before callers are told [`StoreError::Busy`].
pub(crate) const WAITING_MAX: usize = 4096;

/// An act, and whether it may write.
pub(crate) struct Errand {
    pub(crate) act: Box<dyn Act>,
    pub(crate) writes: bool,
}

/// The caller's end of a queue.
#[derive(Clone)]
pub(crate) struct Lane(Sender<Errand>);

impl Lane {
    /// A queue and its far end.
    pub(crate) fn new() -> (Self, Queue) {
        let (near, far) = bounded(WAITING_MAX);
        (Self(near), Queue(far))
    }

    /// Puts an errand in the queue, or says that the queue is full.
    pub(crate) fn offer(&self, errand: Errand) -> Result<()> {
        self.0.try_send(errand).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }

    /// Puts an errand in the queue, waiting for room.
    pub(crate) fn push(&self, errand: Errand) -> Result<()> {
        self.0.send(errand).map_err(|_| StoreError::Closed)
    }
}

/// The threads' end of a queue; several threads may share it.
#[derive(Clone)]
pub(crate) struct Queue(Receiver<Errand>);

impl Queue {
    /// The next errand; an error when every caller has gone.
    pub(crate) fn next(&self) -> std::result::Result<Errand, RecvError> {
        self.0.recv()
    }

    /// The next errand if one is already waiting.
    pub(crate) fn waiting(&self) -> Option<Errand> {
        self.0.try_recv().ok()
    }

    /// The next errand if one comes soon.
    pub(crate) fn soon(&self, within: Duration) -> Option<Errand> {
        self.0.recv_timeout(within).ok()
    }
}

/// Starts a named database thread.
pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(StoreError::io("start a database thread"))
}
