//! 文件里的签名 — every signature of a PDF of any make, as its dictionaries state it.
//!
//! hayro reads the file: tables and streams of tables, objects and streams of objects. What a
//! signature covers is measured on the bytes themselves, never taken from what was parsed. Whoever
//! calls this on a file of a stranger does so in a process with an end to its memory and time.

use std::collections::BTreeMap;
use std::ops::Range;

use hayro_syntax::object::{Array, Dict, Name, Object, String as Text};
use hayro_syntax::{LoadPdfError, Pdf};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::words;

/// More signatures than any paper bears.
pub const SIGNATURES_MAX: usize = 32;
/// Fields in fields, down to the one with the signature.
const FIELDS_DEPTH: usize = 8;

/// 一个签名, as the file states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The name of its field; empty where it stands in none.
    pub field: String,
    /// Its format, as the file names it (`SubFilter`).
    pub format: String,
    /// The place of the signature itself, its brackets with it; `None` where what the file says of
    /// it is not so.
    pub hole: Option<Range<usize>>,
    /// The end of what it covers.
    pub end: usize,
    /// Whether nothing but blanks follows what it covers.
    pub whole: bool,
    /// When it was made, by its own word, in China's time.
    pub at: Option<DateTime>,
    /// Who signed, by its own word.
    pub name: String,
    /// What for, by its own word.
    pub reason: String,
}

/// Why the signatures of a file are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// It is no PDF that could be read.
    #[error("the file cannot be read")]
    Broken,
    /// It is encrypted.
    #[error("the file is encrypted")]
    Encrypted,
    /// It has more of them than are looked at.
    #[error("the file has more than {SIGNATURES_MAX} signatures")]
    Many,
}

/// The signatures of a file, in the order of what they cover.
///
/// # Errors
///
/// [`Unread`]: then none is known, and not that there is none.
pub fn found(file: &[u8]) -> Result<Vec<Found>, Unread> {
    let pdf = Pdf::new(file.to_vec()).map_err(|fault| match fault {
        LoadPdfError::Decryption(_) => Unread::Encrypted,
        LoadPdfError::Invalid => Unread::Broken,
    })?;
    let mut all: BTreeMap<Key, Found> = BTreeMap::new();
    for object in pdf.objects() {
        let Object::Dict(dict) = object else { continue };
        let held = dict.get::<Dict<'_>>("V").filter(is_signature);
        let name = held.as_ref().map(|_| field(&dict));
        let Some(signature) = held.or_else(|| is_signature(&dict).then_some(dict)) else {
            continue;
        };
        let one = all.entry(key(&signature)).or_insert_with(|| of(&signature, file));
        if let Some(name) = name {
            one.field = name;
        }
        if all.len() > SIGNATURES_MAX {
            return Err(Unread::Many);
        }
    }
    let mut all: Vec<Found> = all.into_values().collect();
    all.sort_by_key(|one| (one.end, one.hole.as_ref().map(|hole| hole.start)));
    Ok(all)
}

impl Found {
    /// The bytes that it covers; `None` where what it says of them is not so.
    pub fn covered(&self, file: &[u8]) -> Option<Vec<u8>> {
        let hole = self.hole.as_ref()?;
        Some([file.get(..hole.start)?, file.get(hole.end..self.end)?].concat())
    }

    /// The signature itself, with the blanks behind it.
    pub fn contents(&self, file: &[u8]) -> Option<Vec<u8>> {
        digits(file.get(self.hole.clone()?)?)
    }
}

/// What tells one signature from another.
type Key = (Vec<i64>, Vec<u8>);

fn key(signature: &Dict<'_>) -> Key {
    (stated(signature), contents(signature))
}

fn is_signature(dict: &Dict<'_>) -> bool {
    dict.contains_key("ByteRange") && dict.contains_key("Contents")
}

/// The range, as the dictionary states it.
fn stated(signature: &Dict<'_>) -> Vec<i64> {
    let list = signature.get::<Array<'_>>("ByteRange");
    // One more than there may be, so that it is noticed.
    list.into_iter().flat_map(|list| list.iter::<i32>().take(5)).map(i64::from).collect()
}

fn contents(signature: &Dict<'_>) -> Vec<u8> {
    signature.get::<Text<'_>>("Contents").map(|text| text.as_bytes().to_vec()).unwrap_or_default()
}

fn of(signature: &Dict<'_>, file: &[u8]) -> Found {
    let (hole, end) = measured(signature, file).map_or((None, 0), |(hole, end)| (Some(hole), end));
    let said = |key: &str| {
        let text = signature.get::<Text<'_>>(key);
        text.map(|text| words::text(text.as_bytes())).unwrap_or_default()
    };
    let format = signature.get::<Name<'_>>("SubFilter");
    Found {
        field: String::new(),
        format: format.map(|name| words::text(&name)).unwrap_or_default(),
        whole: hole.is_some()
            && file.get(end..).is_some_and(|rest| rest.iter().all(|byte| is_blank(*byte))),
        hole,
        end,
        at: signature.get::<Text<'_>>("M").and_then(|text| words::moment(text.as_bytes())),
        name: said("Name"),
        reason: said("Reason"),
    }
}

/// The hole and the end, where the file bears out what the dictionary states: from the first byte
/// to the bracket, and from behind the other one, and in the hole this signature and nothing else.
fn measured(signature: &Dict<'_>, file: &[u8]) -> Option<(Range<usize>, usize)> {
    let stated: Vec<usize> =
        stated(signature).into_iter().map(usize::try_from).collect::<Result<_, _>>().ok()?;
    let [0, before, from, after] = stated[..] else { return None };
    let end = from.checked_add(after)?;
    let hole = file.get(..end)?.get(before..from)?;
    (digits(hole)? == contents(signature)).then_some((before..from, end))
}

/// The bytes between two brackets; `None` where anything but digits stands there.
fn digits(hole: &[u8]) -> Option<Vec<u8>> {
    let inner = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let halves: Vec<u8> = inner
        .iter()
        .filter(|byte| !is_blank(**byte))
        .map(|byte| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = halves.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// The full name of a field: its own behind those of the fields it stands in.
fn field(dict: &Dict<'_>) -> String {
    let mut names = Vec::new();
    let mut next = Some(dict.clone());
    for _ in 0..FIELDS_DEPTH {
        let Some(dict) = next else { break };
        names.extend(dict.get::<Text<'_>>("T").map(|text| words::text(text.as_bytes())));
        next = dict.get::<Dict<'_>>("Parent");
    }
    names.reverse();
    names.join(".")
}
