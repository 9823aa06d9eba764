//! How an entry is written so that its digest can be checked in twenty years.
//!
//! The bytes are JSON in the canonical form of RFC 8785 after every string was brought into
//! Unicode form NFC. A value about a person, `{"$personal": value}`, is written as the commitment
//! `sha256(salt ‖ value)`; salt and value stand elsewhere and can be erased (个人信息保护法 第四十七条)
//! while the bytes, and so every digest, stay what they were.

use std::collections::HashMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::{Result, StoreError};

/// The key that marks a value about a person.
pub const PERSONAL: &str = "$personal";
/// What is read where a value was erased.
pub const ERASED: &str = "（已删除）";

/// A digest as it is computed.
pub(crate) type Hash = [u8; 32];

/// A value about a person, taken out of an entry.
pub(crate) struct Sealed {
    pub(crate) commitment: String,
    pub(crate) salt: [u8; 16],
    pub(crate) value: String,
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The commitment to a value about a person.
pub(crate) fn commitment(salt: &[u8], value: &str) -> String {
    hex::encode(sha256(&[salt, value.as_bytes()]))
}

/// The canonical bytes of a value that is already in form NFC.
pub(crate) fn bytes(value: &Value) -> Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value).map_err(StoreError::json("write canonical JSON"))
}

/// Canonical text of any JSON, for columns that are compared.
pub(crate) fn text(value: &Value) -> Result<String> {
    serde_json_canonicalizer::to_string(value).map_err(StoreError::json("write canonical JSON"))
}

/// Brings text into form NFC.
pub(crate) fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Whole numbers beyond this lose digits in canonical JSON, where a number is a double.
const INTEGER_MAX: u64 = 1 << 53;

/// Brings every string into form NFC and refuses numbers that would change when written.
pub(crate) fn normal(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::String(text) => Value::String(nfc(text)),
        Value::Array(items) => Value::Array(items.iter().map(normal).collect::<Result<_>>()?),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(key, value)| Ok((nfc(key), normal(value)?)))
                .collect::<Result<_>>()?,
        ),
        Value::Number(number) => {
            let size = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            if size.is_some_and(|size| size > INTEGER_MAX) {
                return Err(StoreError::Malformed(format!("the number {number}")));
            }
            value.clone()
        }
        Value::Null | Value::Bool(_) => value.clone(),
    })
}

/// Puts a commitment in place of every value about a person and hands the values out.
pub(crate) fn seal(
    value: &mut Value,
    salts: &mut dyn FnMut() -> [u8; 16],
    sealed: &mut Vec<Sealed>,
) -> Result<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| seal(item, salts, sealed)),
        Value::Object(fields) => seal_fields(fields, salts, sealed),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn seal_fields(
    fields: &mut Map<String, Value>,
    salts: &mut dyn FnMut() -> [u8; 16],
    sealed: &mut Vec<Sealed>,
) -> Result<()> {
    for (key, value) in fields {
        if key != PERSONAL {
            seal(value, salts, sealed)?;
            continue;
        }
        let Value::String(plain) = value else {
            return Err(StoreError::Malformed("a value about a person must be text".into()));
        };
        let (salt, plain) = (salts(), std::mem::take(plain));
        let commitment = commitment(&salt, &plain);
        *value = Value::String(commitment.clone());
        sealed.push(Sealed { commitment, salt, value: plain });
    }
    Ok(())
}

/// Puts values about persons back, and [`ERASED`] where there is none any more.
pub(crate) fn reveal(value: &mut Value, plain: &HashMap<String, String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| reveal(item, plain)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(commitment) if key == PERSONAL => {
                        let found = plain.get(commitment).map_or(ERASED, String::as_str);
                        *value = Value::String(found.to_owned());
                    }
                    _ => reveal(value, plain),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Lists the commitments in an entry.
pub(crate) fn commitments(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| commitments(item, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(commitment) if key == PERSONAL => found.push(commitment.clone()),
                    _ => commitments(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
