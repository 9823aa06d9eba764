//! 平台签名的位置 — an invisible signature behind the last byte of a paper (`PAdES`, ETSI EN 319 142-1).
//!
//! [`signed`] adds a revision: nothing that stood in the file changes, so it stays the archival,
//! tagged file it was, and signatures before it stay valid. The key is the caller's: it is given
//! the bytes that are covered and gives back a detached CMS signature. No chance and no clock is in
//! it; the same paper, time and key give the same bytes.
//!
//! [`found`] reads the signatures of files of any make back.

mod found;
mod object;
mod revision;
mod words;

use std::collections::BTreeMap;

pub use found::{Found, SIGNATURES_MAX, Unread, found};
use jiff::civil::DateTime;
use object::{Dict, Value};
use revision::File;
pub use words::text as legible;

/// Kids of the page tree down to the first page: a typesetter's tree is flatter.
const TREE_DEPTH_MAX: usize = 16;
/// The field is invisible, and PDF/A wants every annotation to be printed; nobody moves it.
const PRINTED_AND_LOCKED: &str = "132";
/// The document holds signatures, and only appending keeps them.
const SIGNED_AND_APPEND_ONLY: &str = "3";

/// What a signature says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// When it is made, in China's time.
    pub at: DateTime,
    /// Who signs, as the certificate names it.
    pub name: &'a str,
    /// What the signature is for.
    pub reason: &'a str,
    /// Bytes that a signature of this key takes at most.
    pub room: usize,
}

/// Why a paper was not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// Not a file of this crate, signed or not.
    #[error("not a paper as it is made here")]
    Strange,
    /// The signature is larger than was said.
    #[error("the signature does not fit into its room")]
    Room,
    /// The key did not sign.
    #[error("the key did not sign: {0}")]
    Key(String),
}

/// The paper with one more signature, over every byte of it but the signature itself.
///
/// # Errors
///
/// [`Unsigned`]: nothing is signed in part.
pub fn signed(
    paper: &[u8],
    stamp: &Stamp<'_>,
    key: impl FnOnce(&[u8]) -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, Unsigned> {
    let (mut file, begin) = prepared(paper, stamp).ok_or(Unsigned::Strange)?;
    let hole = hole(&file, begin, stamp.room).ok_or(Unsigned::Strange)?;
    let range = range(hole.start, hole.end, file.len() - hole.end);
    let place = behind(&file, begin, b"/ByteRange ").ok_or(Unsigned::Strange)?;
    file[place..place + range.len()].copy_from_slice(range.as_bytes());

    let covered = [&file[..hole.start], &file[hole.end..]].concat();
    let signature = key(&covered).map_err(Unsigned::Key)?;
    if signature.len() > stamp.room {
        return Err(Unsigned::Room);
    }
    let digits = hex(&signature);
    let begin = hole.start + 1;
    file[begin..begin + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(file)
}

/// The paper with a field for the signature, whose room is empty yet, and where the signature begins.
fn prepared(paper: &[u8], stamp: &Stamp<'_>) -> Option<(Vec<u8>, usize)> {
    let file = File::read(paper)?;
    let root = file.catalog()?;
    let mut catalog = file.dict(root)?;
    let (page, mut sheet) = first_page(&file, &catalog)?;
    let signature = file.next_number()?;
    let (field, new_form) = (signature.checked_add(1)?, signature.checked_add(2)?);
    let mut objects = BTreeMap::new();

    let (form, mut fields) = match catalog.refers("AcroForm") {
        Some(form) => (form, listed(file.dict(form)?.get("Fields"))?),
        None if catalog.get("AcroForm").is_none() => (new_form, Vec::new()),
        None => return None,
    };
    let name = format!("(Signature{})", fields.len() + 1);
    fields.push(Value::Refers(field));
    objects.insert(form, form_of(fields));
    if catalog.get("AcroForm").is_none() {
        catalog.set("AcroForm", Value::Refers(form));
        objects.insert(root, Value::Dict(catalog));
    }

    let held = match sheet.refers("Annots") {
        Some(list) => file.object(list),
        None => sheet.get("Annots").cloned(),
    };
    let mut annotations = listed(held.as_ref())?;
    annotations.push(Value::Refers(field));
    sheet.set("Annots", Value::List(annotations));
    objects.insert(page, Value::Dict(sheet));

    objects.insert(field, field_of(&name, signature, page));
    objects.insert(signature, signature_of(stamp));
    let (written, places) = file.with(&objects)?;
    Some((written, *places.get(&signature)?))
}

fn first_page(file: &File<'_>, catalog: &Dict) -> Option<(u32, Dict)> {
    let mut number = catalog.refers("Pages")?;
    for _ in 0..TREE_DEPTH_MAX {
        let node = file.dict(number)?;
        match node.get("Kids") {
            None => return Some((number, node)),
            Some(Value::List(kids)) => match kids.first()? {
                Value::Refers(kid) => number = *kid,
                _ => return None,
            },
            Some(_) => return None,
        }
    }
    None
}

/// A list that may not be there yet.
fn listed(value: Option<&Value>) -> Option<Vec<Value>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::List(items)) => Some(items.clone()),
        Some(_) => None,
    }
}

fn dict(entries: Vec<(&str, Value)>) -> Value {
    let mut dict = Dict::default();
    for (key, value) in entries {
        dict.set(key, value);
    }
    Value::Dict(dict)
}

fn form_of(fields: Vec<Value>) -> Value {
    dict(vec![("Fields", Value::List(fields)), ("SigFlags", Value::plain(SIGNED_AND_APPEND_ONLY))])
}

/// The field and its place on the page in one: a place without extent.
fn field_of(name: &str, signature: u32, page: u32) -> Value {
    dict(vec![
        ("Type", Value::plain("/Annot")),
        ("Subtype", Value::plain("/Widget")),
        ("FT", Value::plain("/Sig")),
        ("T", Value::plain(name)),
        ("TU", text("平台签名")),
        ("Rect", Value::plain("[0 0 0 0]")),
        ("F", Value::plain(PRINTED_AND_LOCKED)),
        ("P", Value::Refers(page)),
        ("V", Value::Refers(signature)),
    ])
}

fn signature_of(stamp: &Stamp<'_>) -> Value {
    let at = stamp.at.strftime("(D:%Y%m%d%H%M%S+08'00')").to_string();
    dict(vec![
        ("Type", Value::plain("/Sig")),
        ("Filter", Value::plain("/Adobe.PPKLite")),
        ("SubFilter", Value::plain("/ETSI.CAdES.detached")),
        ("M", Value::plain(&at)),
        ("Name", text(stamp.name)),
        ("Reason", text(stamp.reason)),
        ("ByteRange", Value::plain(&range(0, 0, 0))),
        ("Contents", Value::plain(&format!("<{}>", "0".repeat(2 * stamp.room)))),
    ])
}

/// What is covered: from the first byte to the hole, and from behind it to the last one. Always of
/// one length, so that it can be filled in.
fn range(before: usize, from: usize, after: usize) -> String {
    format!("[0 {before:>10} {from:>10} {after:>10}]")
}

/// The hole for the signature, its brackets with it.
fn hole(file: &[u8], from: usize, room: usize) -> Option<std::ops::Range<usize>> {
    let begin = behind(file, from, b"/Contents ")?;
    let end = begin + 2 * room + 2;
    (file.get(begin) == Some(&b'<') && file.get(end - 1) == Some(&b'>')).then_some(begin..end)
}

/// The place behind a key of the signature. Its texts are in hex digits: a key is nowhere else.
fn behind(file: &[u8], from: usize, key: &[u8]) -> Option<usize> {
    let found = file.get(from..)?.windows(key.len()).position(|window| window == key)?;
    Some(from + found + key.len())
}

/// A text in hex digits, so that no letter of it is taken for anything else.
fn text(words: &str) -> Value {
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    let digits: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    Value::plain(&format!("<{}>", hex(&digits)))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _ = write!(out, "{byte:02X}");
        out
    })
}
