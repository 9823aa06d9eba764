//! 合并 — two pages of one section, put together field by field; what both changed is asked about.
//!
//! A page says what stood in its fields when it was opened, as digests. A field that only the page
//! changed is taken, one that only others changed stays theirs, one that both changed is a
//! [`Clash`] and stays as it is until somebody has seen both texts.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use store::DraftField;

/// Fields by the names they are posted under; a blank field is not there.
pub type Fields = BTreeMap<String, String>;

/// A row number above this is no row.
const ROW_NUMBER_MAX: usize = 9_999;
/// Hexadecimal digits of a digest: two texts of one field never share that many by chance.
const DIGEST_CHARS: usize = 16;

/// What a page sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// The opened page: another one each time it is opened.
    pub hand: String,
    /// The page's own count of its posts.
    pub turn: i64,
    /// Digests of what stood in the fields when the page last knew.
    pub base: Fields,
    /// What stands in them now.
    pub fields: Fields,
}

/// A field that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The field.
    pub field: String,
    /// What the page has.
    pub mine: String,
    /// What stands there.
    pub theirs: String,
    /// Who wrote it as a draft; `None` when it was written by a command.
    pub by: Option<String>,
    /// When.
    pub at_ms: i64,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// What is to be written.
    pub writes: Vec<DraftField>,
    /// What has to be asked.
    pub clashes: Vec<Clash>,
    /// Rows of the page that got another number, because somebody else added one with the same:
    /// `work.3.` and `work.4.`.
    pub moved: Vec<(String, String)>,
    /// Every field as it stands now.
    pub now: Fields,
}

/// A text as it is compared and kept.
pub fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

/// The digest of a field; nothing for a blank one.
pub fn digest(text: &str) -> String {
    // What `same` does not see, the digest does not see either.
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let mut digits = hex::encode(Sha256::digest(text.as_bytes()));
    digits.truncate(DIGEST_CHARS);
    digits
}

/// Digests of all fields.
pub fn base(now: &Fields) -> Fields {
    now.iter().map(|(name, value)| (name.clone(), digest(value))).collect()
}

/// Whether two texts say the same: spaces around them, and how a figure is written, do not count.
pub fn same(one: &str, other: &str) -> bool {
    let figure = |text: &str| text.trim().replace(',', "").parse::<f64>().ok();
    one.trim() == other.trim()
        || matches!((figure(one), figure(other)), (Some(a), Some(b)) if a.to_bits() == b.to_bits())
}

/// What was written and what was typed over it, field by field.
pub fn current(written: &Fields, typed: &BTreeMap<String, DraftField>) -> Fields {
    let mut now = written.clone();
    for (name, field) in typed {
        if field.value.is_empty() {
            now.remove(name);
        } else {
            now.insert(name.clone(), field.value.clone());
        }
    }
    now
}

/// Typed text that was overtaken: a command has since written something else into its field.
pub fn overtaken(written: &Fields, field: &DraftField) -> bool {
    let written = at(written, &field.field);
    field.over != digest(written) && !same(&field.value, written)
}

/// A text that is only proposed changes with what it is made of, and nobody wrote it: what was
/// typed over an earlier proposal counts as typed over this one, and nothing is asked.
pub fn over_proposal(
    proposed: &Fields,
    typed: &mut BTreeMap<String, DraftField>,
    posted: &mut Posted,
) {
    for field in typed.values_mut() {
        field.over = digest(at(proposed, &field.field));
    }
    let names: BTreeSet<String> = posted.fields.keys().chain(posted.base.keys()).cloned().collect();
    for name in names.into_iter().filter(|name| !typed.contains_key(name)) {
        // What the page left as it was stays unchanged, whatever is proposed now.
        if digest(at(&posted.fields, &name)) != at(&posted.base, &name) {
            let base = digest(at(proposed, &name));
            posted.base.insert(name, base);
        }
    }
}

fn at<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// Puts a page together with what stands there.
pub fn merge(
    written: &Fields,
    typed: &BTreeMap<String, DraftField>,
    posted: &Posted,
    person: &str,
    at_ms: i64,
) -> Merged {
    let mut merged = Merged { now: current(written, typed), ..Merged::default() };
    let posted = renumbered(&mut merged, typed, posted);
    let names: BTreeSet<&String> = posted.fields.keys().chain(posted.base.keys()).collect();
    for name in names {
        let (mine, base) = (at(&posted.fields, name), at(&posted.base, name));
        let (stands, kept) = (at(written, name), typed.get(name));
        let late = kept.is_some_and(|kept| overtaken(written, kept));
        let theirs = if late { stands } else { at(&merged.now, name) };
        let own = kept.is_some_and(|kept| !kept.hand.is_empty() && kept.hand == posted.hand);
        let outcome = if same(mine, theirs) {
            let newer = kept.is_some_and(|kept| kept.turn < posted.turn);
            if late || (own && newer && mine != theirs) { Outcome::Take } else { Outcome::Keep }
        } else if own && kept.is_some_and(|kept| kept.turn >= posted.turn) {
            // An older post of the same page, come late.
            Outcome::Keep
        } else if digest(theirs) == base || (own && !late) {
            Outcome::Take
        } else if digest(mine) == base && !late {
            Outcome::Keep
        } else {
            Outcome::Ask
        };
        match outcome {
            Outcome::Keep => {}
            Outcome::Take => {
                merged.writes.push(DraftField {
                    field: name.clone(),
                    value: mine.to_owned(),
                    over: digest(stands),
                    hand: posted.hand.clone(),
                    turn: posted.turn,
                    number: 0,
                    person: person.to_owned(),
                    at_ms,
                });
            }
            Outcome::Ask => merged.clashes.push(Clash {
                field: name.clone(),
                mine: mine.to_owned(),
                theirs: theirs.to_owned(),
                by: kept.filter(|_| !late).map(|kept| kept.person.clone()),
                at_ms: kept.map_or(0, |kept| kept.at_ms),
            }),
        }
    }
    for write in &merged.writes {
        if write.value.is_empty() {
            merged.now.remove(&write.field);
        } else {
            merged.now.insert(write.field.clone(), write.value.clone());
        }
    }
    merged
}

enum Outcome {
    Keep,
    Take,
    Ask,
}

/// The rows a name lies in: `work.3.` of `work.3.content`.
fn row(name: &str) -> Option<&str> {
    let (rows, rest) = name.split_once('.')?;
    let (number, _) = rest.split_once('.')?;
    number.parse::<usize>().ok().filter(|number| *number <= ROW_NUMBER_MAX)?;
    name.get(..rows.len() + number.len() + 2)
}

/// Gives rows that the page added a number of their own where somebody else added one as well.
fn renumbered(
    merged: &mut Merged,
    typed: &BTreeMap<String, DraftField>,
    posted: &Posted,
) -> Posted {
    let filled = |fields: &Fields, row: &str| {
        fields.iter().any(|(name, value)| name.starts_with(row) && !value.trim().is_empty())
    };
    let rows: BTreeSet<&str> = posted.fields.keys().filter_map(|name| row(name)).collect();
    let taken = rows.into_iter().filter(|row| {
        let added =
            posted.base.keys().all(|name| !name.starts_with(row)) && filled(&posted.fields, row);
        let own = typed.values().any(|f| f.field.starts_with(row) && f.hand == posted.hand);
        let mut cells = posted.fields.iter().filter(|(name, _)| name.starts_with(row));
        let equal = cells.all(|(name, value)| same(value, at(&merged.now, name)));
        added && !own && !equal && filled(&merged.now, row)
    });
    let taken: Vec<String> = taken.map(str::to_owned).collect();
    let mut posted = posted.clone();
    for old in taken {
        let Some(new) = free(&merged.now, &posted.fields, &old) else { continue };
        let cells: Vec<String> =
            posted.fields.keys().filter(|name| name.starts_with(&old)).cloned().collect();
        for name in cells {
            if let Some(value) = posted.fields.remove(&name) {
                posted.fields.insert(name.replacen(&old, &new, 1), value);
            }
        }
        merged.moved.push((old, new));
    }
    posted
}

/// The first row after all others.
fn free(now: &Fields, posted: &Fields, old: &str) -> Option<String> {
    let (rows, _) = old.split_once('.')?;
    let number = |name: &String| {
        let rest = name.strip_prefix(rows)?.strip_prefix('.')?;
        rest.split_once('.')?.0.parse::<usize>().ok()
    };
    let last = now.keys().chain(posted.keys()).filter_map(number).max()?;
    Some(format!("{rows}.{}.", last + 1)).filter(|_| last < ROW_NUMBER_MAX)
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
