//! `read-signatures`: the helper that reads the signatures of one file, for the office alone.

use clap::Args;

use crate::sealed::worker;

/// Reads a file from the standard input, writes the places of its signatures to the standard output.
#[derive(Debug, Args)]
pub(super) struct ReadSignatures {}

impl ReadSignatures {
    #[expect(clippy::unused_self, reason = "every verb runs alike")]
    pub(super) fn run(&self) -> anyhow::Result<()> {
        worker::serve(std::io::stdin().lock(), std::io::stdout().lock())
    }
}
