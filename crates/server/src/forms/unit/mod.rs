//! 单位表单 — what is asked of a unit beside its registration: its sections, its platforms, its
//! credit records. Pages, imports and exports speak of the same fields.

mod credit;
mod details;
mod platform;

use consortium::reference;
use serde_json::Value;

use crate::pages::shell::form::Choice;

pub(crate) use credit::{credit_fields, credit_of, repair_fields, repair_of};
pub(crate) use details::{detail_fields, detail_of, detail_stored, lines};
pub(crate) use platform::{platform_fields, platform_lines, platform_of, platform_stored};

/// Files that show something: what an office can open and print.
const PROOFS: &str = ".pdf,.ofd,.jpg,.jpeg,.png";

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn day(value: &Value, name: &str) -> Option<jiff::civil::Date> {
    value[name].as_str()?.parse().ok()
}

fn count(value: &Value, name: &str) -> u32 {
    value[name].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or_default()
}

fn year(value: &Value, name: &str) -> Option<i16> {
    value[name].as_i64().and_then(|year| i16::try_from(year).ok())
}

/// Kinds of platform, each with its level.
fn platform_kinds() -> impl Iterator<Item = Choice> {
    reference::platform_types().iter().map(|kind| Choice::from((kind.id, kind.name)))
}

/// Lists a unit may stand on.
fn credit_lists() -> impl Iterator<Item = Choice> {
    reference::credit_lists().iter().map(|list| Choice::from((list.id, list.name)))
}
