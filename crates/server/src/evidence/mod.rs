//! 证据包 — everything a court or an auditor needs to see who signed which words, without the
//! platform: the canonical text, statements, signatures, scans, certificates, the entries of the
//! journal, and an explanation (Art. 6(2); 电子签名法 第十三条).
//!
//! [`package`] makes it; [`check`] needs its bytes and nothing else: no network, no database, no
//! server. `docs/agreement-format.md` describes the form.

pub mod archive;
mod build;
mod check;
mod journal;
mod manifest;

pub use archive::BYTES_MAX;
pub use build::{Evidence, may_read, package};
pub use check::{Known, Line, check};
pub use manifest::{FORMAT, MANIFEST, Manifest, SIGNATURE};
