//! `draw-page`: the helper that draws one page, for the office alone.

use clap::Args;

use crate::preview::worker;

/// Reads a question and a file from the standard input, writes a page to the standard output.
#[derive(Debug, Args)]
pub(super) struct DrawPage {}

impl DrawPage {
    #[expect(clippy::unused_self, reason = "every verb runs alike")]
    pub(super) fn run(&self) -> anyhow::Result<()> {
        worker::serve(std::io::stdin().lock(), std::io::stdout().lock())
    }
}
