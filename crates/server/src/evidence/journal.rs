//! 事项记录摘录 — entries and opened values as lines, and what they show when read alone.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};
use store::Excerpt;

use crate::office::digest_of;

/// The entries, one a line: canonical JSON holds no line end.
pub(super) fn bodies(excerpt: &Excerpt) -> Vec<u8> {
    excerpt.bodies.iter().flat_map(|body| [body.as_bytes(), b"\n"].concat()).collect()
}

/// The values about persons, one a line.
pub(super) fn openings(excerpt: &Excerpt) -> Vec<u8> {
    let line = |(commitment, salt, value): &(String, String, String)| {
        format!("{}\n", json!({ "commitment": commitment, "salt": salt, "value": value }))
    };
    excerpt.openings.iter().flat_map(|opening| line(opening).into_bytes()).collect()
}

/// An entry as its own bytes tell of it.
#[derive(Clone, Debug, Deserialize)]
#[expect(dead_code, reason = "every field of the form is named, so that no other form is read")]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    v: u8,
    pub(super) stream: String,
    pub(super) seq: u64,
    pub(super) kind: String,
    actor: Value,
    clauses: Vec<String>,
    pub(super) at: i64,
    day: String,
    pub(super) payload: Value,
    prev: Option<String>,
}

/// Reads the lines of an excerpt: each follows the one before it, and nothing is missing between.
///
/// # Errors
/// What is wrong, for the person who checks.
pub(super) fn read(bytes: &[u8], stream: &str) -> Result<Vec<Kept>, String> {
    let mut entries: Vec<Kept> = Vec::new();
    let mut before: Option<String> = None;
    for line in lines(bytes)? {
        let entry: Kept =
            serde_json::from_str(line).map_err(|_| "有一行不是事项记录".to_owned())?;
        if entry.stream != stream {
            return Err(format!("第 {} 条不是这一卷的记录", entry.seq));
        }
        if let Some(last) = entries.last()
            && (entry.seq != last.seq + 1 || entry.prev != before)
        {
            return Err(format!("第 {} 条与前一条接不上", entry.seq));
        }
        before = Some(digest_of(line.as_bytes()).0);
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads opened values: each is what its commitment stands for, in one of the entries.
///
/// # Errors
/// What is wrong, for the person who checks.
pub(super) fn opened(bytes: &[u8], entries: &[Kept]) -> Result<BTreeMap<String, String>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Opening {
        commitment: String,
        salt: String,
        value: String,
    }
    let mut made = BTreeSet::new();
    for entry in entries {
        commitments(&entry.actor, &mut made);
        commitments(&entry.payload, &mut made);
    }
    let mut values = BTreeMap::new();
    for line in lines(bytes)? {
        let opening: Opening =
            serde_json::from_str(line).map_err(|_| "有一行不是个人信息".to_owned())?;
        let salt = hex::decode(&opening.salt).map_err(|_| "有一个盐值写法不对".to_owned())?;
        let digest = digest_of(&[&salt, opening.value.as_bytes()].concat());
        if digest.0 != opening.commitment || !made.contains(&opening.commitment) {
            return Err(format!("“{}”与记录里的承诺值不符", opening.value));
        }
        values.insert(opening.commitment, opening.value);
    }
    Ok(values)
}

fn lines(bytes: &[u8]) -> Result<Vec<&str>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "不是文本".to_owned())?;
    Ok(text.split_terminator('\n').collect())
}

fn commitments(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| commitments(item, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(commitment) if key == store::canonical::PERSONAL => {
                        found.insert(commitment.clone());
                    }
                    _ => commitments(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
