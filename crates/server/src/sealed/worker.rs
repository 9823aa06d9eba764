//! 读取签名 — what the helper process does: a file in, the places of its signatures out.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use documents::signature::{Found, Unread, found};

use crate::helper;

/// The verb of the program that makes it the helper.
pub const VERB: &str = "read-signatures";
/// The largest file whose signatures are read.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// An answer larger than this is none: so many signatures are not looked at.
const ANSWER_BYTES_MAX: u64 = 512 * 1024;

/// Does the helper's work: the file comes in, a line of JSON goes out.
///
/// # Errors
///
/// When nothing can be read or written: whoever asked has gone.
pub fn serve(input: impl Read, mut output: impl Write) -> anyhow::Result<()> {
    helper::bound()?;
    let mut bytes = Vec::new();
    input.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    serde_json::to_writer(&mut output, &found(&bytes))?;
    Ok(output.flush()?)
}

/// The signatures of a file, read by a helper. One that crashes, lies or takes too long read none.
pub(super) fn ask(program: &Path, patience: Duration, bytes: &[u8]) -> Result<Vec<Found>, Unread> {
    let feed = |mut input: std::process::ChildStdin| {
        // One that reads no further has answered already.
        let _ = input.write_all(bytes);
        Ok(())
    };
    let answer = helper::ask((program, VERB), patience, feed, read);
    answer.ok().flatten().unwrap_or(Err(Unread::Broken))
}

/// What the helper says; places that lie outside the file are found out by whoever goes there.
fn read(output: impl Read) -> Option<Result<Vec<Found>, Unread>> {
    let mut answer = Vec::new();
    output.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).ok()?;
    serde_json::from_slice(&answer).ok()
}
