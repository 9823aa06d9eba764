//! 成像助手 — asks a process of its own for one page.

use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::path::Path;
use std::time::Duration;

use store::{Reading, StoreError};

use super::worker::{Asked, Told, Why};
use crate::helper;
use crate::inspect::{self, Kind, Watch};

pub use crate::helper::PATIENCE;

/// The verb of the program that makes it the helper.
pub const VERB: &str = "draw-page";
/// An image larger than this is none of ours: its pixels without any packing are less.
const IMAGE_BYTES_MAX: u64 = 12 * 1024 * 1024;
/// The line before the image.
const LINE_BYTES_MAX: u64 = 4096;

/// One page of a file, drawn by a helper. A helper that crashes, lies or takes too long made none.
pub(super) fn ask(
    program: &Path,
    patience: Duration,
    asked: &Asked,
    reading: Reading,
) -> Result<(Told, Vec<u8>), StoreError> {
    let fed = |input| feed(input, asked, reading);
    let answer = helper::ask((program, VERB), patience, fed, read)?;
    Ok(answer.unwrap_or_else(|| (Told::Cannot { why: Why::Heavy }, Vec::new())))
}

/// Gives the file to the helper; one that reads no further has answered already.
fn feed(mut input: impl Write, asked: &Asked, mut reading: Reading) -> Result<(), StoreError> {
    let Ok(mut line) = serde_json::to_vec(asked) else { return Ok(()) };
    line.push(b'\n');
    if input.write_all(&line).is_err() {
        return Ok(());
    }
    while let Some(piece) = reading.next_piece()? {
        if input.write_all(&piece).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// What the helper says, which is looked at like what anybody else sends.
fn read(output: impl Read) -> Option<(Told, Vec<u8>)> {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    output.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line).ok()?;
    let told: Told = serde_json::from_slice(&line).ok()?;
    if let Told::Cannot { .. } = told {
        return Some((told, Vec::new()));
    }
    let mut image = Vec::new();
    output.take(IMAGE_BYTES_MAX + 1).read_to_end(&mut image).ok()?;
    let fits = image.len() as u64 <= IMAGE_BYTES_MAX;
    let kind = inspect::inspect(&mut Cursor::new(&image), "page.png", &Watch::default());
    (fits && kind == Ok(Kind::Png)).then_some((told, image))
}
