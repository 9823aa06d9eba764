//! 文书 — every paper is set, says what it must, and is the file it claims to be.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod file;
mod found;
mod glyphs;
mod grid;
mod memory;
mod samples;
mod signature;
mod words;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;
use std::sync::LazyLock;

use documents::{Document, Fonts, Kind, Pdf};

static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::built_in);

/// The samples, set once for all tests.
static PAPERS: LazyLock<BTreeMap<Kind, Pdf>> =
    LazyLock::new(|| Kind::ALL.iter().map(|kind| (*kind, set(&samples::of(*kind)))).collect());

fn set(document: &Document) -> Pdf {
    documents::render(document, &FONTS).expect("the paper is set")
}

/// What one of poppler's tools says of a file.
fn poppler(tool: &str, before: &[&str], pdf: &Pdf, after: &[&str]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&pdf.bytes).unwrap();
    let run = Command::new(tool).args(before).arg(file.path()).args(after).output();
    let run = run.expect("poppler-utils is installed: scripts/test does so");
    assert!(run.status.success(), "{tool}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// The text of a paper in the order it was set, a sentence a line: neither spaces nor line ends
/// that only the setting made.
fn text(pdf: &Pdf) -> String {
    let raw = poppler("pdftotext", &["-raw"], pdf, &["-"]);
    let solid: String = raw.chars().filter(|character| !character.is_whitespace()).collect();
    solid.replace('。', "。\n").replace(
        "依据《内蒙古自治区创新联合体备案管理办法》",
        "\n依据《内蒙古自治区创新联合体备案管理办法》",
    )
}
