//! The memory of the platform (创新联合体备案): what happened, what follows from it, and who may ask.
//!
//! This crate knows no rules and no HTTP. It moves opaque JSON and keeps seven promises:
//!
//! 1. **Acknowledged means durable.** A future returned by [`Store::write`] or [`Store::append`]
//!    resolves after the fsync.
//! 2. **One command, one transaction.** [`Store::append`] writes the entries of the journal, the
//!    lines of all lists, the search index, the letters and the answer to the command, or nothing.
//! 3. **The journal (事项记录) is never changed.** Triggers refuse it, digests show it:
//!    [`Store::verify`] recomputes every digest from the stored bytes.
//! 4. **Values about persons can be erased all the same** (个人信息保护法 第四十七条): they stand outside
//!    the digests behind salted commitments; see [`canonical`].
//! 5. **Everything else can be computed again** from the journal: [`Store::rebuild`] ends with
//!    tables equal to those it began with.
//! 6. **The same command gives the same answer**, and two people who decide on the same state do
//!    not both succeed: [`StoreError::Conflict`], [`StoreError::ClaimTaken`].
//! 7. **SQLite and PostgreSQL give equal answers.** Every statement is written once, every test
//!    runs on both.
//!
//! # The rooms
//!
//! | room | what is in it |
//! |---|---|
//! | [`journal`], [`append`], [`verify`], [`canonical`] | entries, how they are written, and the proof that they stayed |
//! | [`projection`], [`lists`] | 台账: what lists show, and pages of it; counters, claims, search |
//! | [`outbox`] | letters that are to go out |
//! | [`papers`] | 文书 that events ask for, and where each lies once it is made |
//! | [`people`], [`links`], [`access`], [`settings`] | persons and posts, what a unit's events do to them, sessions and tokens, settings |
//! | [`previews`] | pages of files as images, which can be made again |
//! | [`passkeys`] | public keys people prove themselves with, and what was asked to be signed |
//! | [`identities`] | who people are at a provider, and what is under way to it |
//! | [`factors`] | second factors, and what happened to an account |
//! | [`recovery`] | links that set a password anew, second factors that were lost |
//! | [`drafts`] | working text before it is an event: fields, presence, who sees to a section |
//! | [`backup`] | a copy of all of it, and back, on either engine |
//! | [`files`], [`uploads`] | attachments and documents by digest, and those that arrive in pieces |
//! | [`tx`] | the seam: `exec` and `rows` over a transaction |
//!
//! Each room has plain functions over `&mut dyn Tx`, which can be put together inside one
//! [`Store::write`], and the same as methods of [`Store`].
//!
//! Behind the seam stand threads, not tasks. SQLite has one writer that commits what is waiting in
//! one group, and three readers that cannot write. PostgreSQL has eight connections that run the
//! same closures, again if the database asks for it; that is why they are `FnMut`.
//!
//! The store reads no clock and draws no chance: time and salts are arguments.
//!
//! ```
//! # fn main() -> Result<(), store::StoreError> {
//! let store = store::Store::open(store::Location::Memory)?;
//! store.write_blocking(|tx| store::settings::set_setting(tx, "title", "创联"))?;
//! let title = store.read_blocking(|tx| store::settings::setting(tx, "title"))?;
//! assert_eq!(title.as_deref(), Some("创联"));
//! # Ok(())
//! # }
//! ```

mod act;
mod catalog;
mod error;
mod lanes;
mod migrations;
mod open;
mod postgres;
mod sqlite;
mod terms;
mod texts;
mod tls;

pub mod access;
pub mod append;
pub mod backup;
pub mod canonical;
pub mod drafts;
pub mod factors;
pub mod files;
pub mod identities;
pub mod imports;
pub mod journal;
pub mod links;
pub mod lists;
pub mod outbox;
pub mod papers;
pub mod passkeys;
pub mod people;
pub mod previews;
pub mod projection;
pub mod recovery;
pub mod settings;
pub mod tx;
pub mod uploads;
pub mod verify;

pub use access::{Session, Token};
pub use append::{Append, Appended, CommandKey};
pub use backup::Backup;
pub use drafts::{DraftField, Section, SectionWork};
pub use error::{Result, StoreError};
pub use files::{
    Brought, Draft, FileFault, FileRow, Harm, Incoming, RESERVE_BYTES, Reading, Scrubbed, Taken,
};
pub use identities::{Errand, Identity, Unclaimed};
pub use imports::ImportRow;
pub use journal::{Entry, Erasure, Excerpt, Head, PersonalValue, Recorded};
pub use links::{HandedOver, Linked, Opens};
pub use lists::{ClaimRow, DossierQuery, RegisterQuery, TaskCursor, WorkItem};
pub use open::{Location, Store};
pub use outbox::{Letter, PostedLetter};
pub use papers::{Made, Paper, PaperKey, Signed};
pub use passkeys::{Challenge, Passkey};
pub use people::{Person, Post};
pub use previews::{Image, Preview};
pub use projection::{Claim, DossierRow, Projection, TaskRow, UnitRow};
pub use texts::{PUBLIC, speaks};
pub use tx::{Engine, Row, Tx, Val};
pub use uploads::UploadRow;
pub use verify::{Fault, Verified};
