//! What the law does, seen from outside: stories, properties, tables and golden files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so and ends")]

mod access;
mod content;
mod editions;
mod formats;
mod full;
mod golden;
mod hints;
mod names;
mod people;
mod properties;
mod rules;
mod sealed;
mod stories;
mod story;
mod supplements;
mod unit;
mod world;

use std::{env, fs, path::Path};

/// Compares with a golden file; `UPDATE_GOLDEN=1` writes it anew, to be read before it is kept.
fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for (number, (is, was)) in text.lines().zip(kept.lines()).enumerate() {
        assert_eq!(is, was, "{file} line {}; UPDATE_GOLDEN=1 writes it anew", number + 1);
    }
    assert_eq!(text.lines().count(), kept.lines().count(), "{file} has other lines");
}
