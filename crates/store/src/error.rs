//! What can go wrong in the store. A refusal by a rule of law is never among it.

use std::error::Error;

use crate::verify::Fault;

/// The outcome of anything asked of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first; load, decide and append again.
    #[error("the stream has moved on to {head}")]
    Conflict {
        /// The sequence number the stream has now.
        head: u64,
    },
    /// A name, number or code belongs to another stream.
    #[error("{kind} {value} is taken by {by}")]
    ClaimTaken {
        /// The kind of the claim.
        kind: String,
        /// The value both want.
        value: String,
        /// The stream that has it.
        by: String,
    },
    /// The same idempotency key came with a different request.
    #[error("the key of this command was used for another request")]
    KeyReused,
    /// The queue is full; nothing was done; try again shortly.
    #[error("the store is busy")]
    Busy,
    /// The store was closed, or its thread has gone.
    #[error("the store is closed")]
    Closed,
    /// The connection broke while committing: the act may have happened or not.
    #[error("it is not known whether the act was committed")]
    Uncertain,
    /// The act panicked; nothing of it was kept.
    #[error("the act panicked: {0}")]
    Panicked(String),
    /// The caller's own act gave up; nothing of it was kept.
    #[error("{0}")]
    Aborted(String),
    /// A value cannot be written so that its digest is stable.
    #[error("cannot be written down: {0}")]
    Malformed(String),
    /// What is stored is not what was stored.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// A file that is known is not where it was put.
    #[error("the file {0} is missing")]
    Missing(String),
    /// A file is not what it was when it came.
    #[error("the file {0} has changed")]
    Damaged(String),
    /// A file is larger than it may be.
    #[error("a file is larger than {most} bytes")]
    TooLarge {
        /// The limit.
        most: u64,
    },
    /// The disk has no room for a file.
    #[error("a file of {wanted} bytes finds {free} bytes free")]
    NoSpace {
        /// The bytes of the file.
        wanted: u64,
        /// The bytes it might take.
        free: u64,
    },
    /// Pieces of a file come out of order, or to a file that no longer arrives.
    #[error("the upload continues at {offset}")]
    Offset {
        /// Where the next piece begins.
        offset: u64,
    },
    /// The journal does not verify.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The database was written by a newer edition of the program.
    #[error("the schema is number {found}, this program knows {known}")]
    Newer {
        /// The newest migration the database has seen.
        found: i64,
        /// The newest migration this program has.
        known: i64,
    },
    /// The database is not set up so that acknowledged means durable.
    #[error("{setting} is {found}, not {wanted}")]
    Unsafe {
        /// The name of the setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The database failed.
    #[error("database: {op}")]
    Database {
        /// What was attempted; the text of the statement, never its values.
        op: String,
        /// The driver's error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A file could not be written or read.
    #[error("file: {op}")]
    Io {
        /// What was attempted.
        op: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// Stored JSON could not be read, or given JSON not be written.
    #[error("json: {op}")]
    Json {
        /// What was attempted.
        op: &'static str,
        /// The parser's error.
        source: serde_json::Error,
    },
}

impl StoreError {
    pub(crate) fn database(op: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let op = op.split_whitespace().collect::<Vec<_>>().join(" ");
        let op = op.chars().take(120).collect();
        Self::Database { op, source: source.into() }
    }

    pub(crate) fn json(op: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Json { op, source }
    }

    pub(crate) fn io(op: &str) -> impl FnOnce(std::io::Error) -> Self {
        let op = op.to_owned();
        move |source| Self::Io { op, source }
    }

    /// The error of the PostgreSQL driver behind it, if that is what it is.
    pub(crate) fn postgres(&self) -> Option<&postgres::Error> {
        match self {
            Self::Database { source, .. } => source.downcast_ref(),
            _ => None,
        }
    }
}
