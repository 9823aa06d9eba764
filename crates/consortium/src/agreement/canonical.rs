//! 规范文本 — the bytes that every party signs: one form for one content (Art. 6(2)).
//!
//! RFC 8785 JSON; strings in NFC with `\n` line ends; amounts in fen, dates as ISO text, files by
//! size and digest. What the agreement takes from the application (考核指标、任务分工、投入、收益分配、
//! 知识产权、组织与运行) stands in it as the rows of the form, so that nothing is typed twice and
//! nothing changes unseen. Each column that is signed is named here: a column that a later form of
//! the application adds stands outside the text until another format names it.
//! `docs/agreement-format.md` gives the fields and vectors; a second implementation in Python
//! agrees on generated agreements (`tests/canonical.py`).

use std::fmt::Write;

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::ANNEX;
use super::format::Format;
use super::text::{FORMED_ON, HEADINGS};
use crate::materials::{
    BackgroundRight, Funding, Indicator, Input, ManagementRule, Materials, Organisation, Party,
    Rights, WorkPackage,
};

/// The exact text that is signed, in the format in which it was locked; in the present one until it
/// is.
pub fn canonical(materials: &Materials) -> String {
    render(&content(materials))
}

/// What is signed, as JSON: the input of the second implementation.
pub fn content(materials: &Materials) -> Value {
    let agreement = &materials.agreement;
    let formed_on = agreement.text.formed_on;
    let formed_on = formed_on.map(|on| json!({ "no": "C04", "title": FORMED_ON, "text": on }));
    let clauses = HEADINGS.iter().map(|heading| (heading, heading.words(&agreement.text)));
    let clauses = clauses
        .filter(|(_, words)| !words.is_empty())
        .map(|(heading, words)| json!({ "no": heading.no, "title": heading.title, "text": words }));
    let annexes = materials.attachments.iter().filter(|file| file.item == ANNEX).map(
        |file| json!({ "name": file.name, "size_bytes": file.size_bytes, "sha256": file.digest }),
    );
    let format = agreement.format;
    let mut content = json!({
        "format": format.name(),
        "version": agreement.version,
        "name": materials.name,
        "parties": parties(materials),
        "clauses": formed_on.into_iter().chain(clauses).collect::<Vec<_>>(),
        "indicators": rows(&materials.indicators, |row| indicator(row, format)),
        "work": rows(&materials.work, |row| package(row, format)),
        "inputs": rows(&materials.inputs, input),
        "annexes": annexes.collect::<Vec<_>>(),
    });
    if format.signs_every_table() {
        content["funding"] = funding(&materials.funding);
        content["rights"] = rights(&materials.rights);
        content["organisation"] = organisation(&materials.organisation);
    }
    content
}

fn rows<T>(rows: &[T], told: impl Fn(&T) -> Value) -> Vec<Value> {
    rows.iter().map(told).collect()
}

fn indicator(row: &Indicator, format: Format) -> Value {
    let mut told = json!({
        "name": row.name, "baseline": row.baseline, "target": row.target, "year": row.year,
    });
    if format.signs_every_table() {
        told["measure"] = json!(row.measure);
    }
    told
}

fn package(row: &WorkPackage, format: Format) -> Value {
    let mut told = json!({
        "content": row.content, "kind": row.kind, "unit": row.unit, "from": row.from,
        "to": row.to, "deliverable": row.deliverable,
    });
    if format.signs_every_table() {
        told["partners"] = json!(row.partners);
        told["indicators"] = json!(row.indicators);
    }
    told
}

fn input(row: &Input) -> Value {
    json!({
        "unit": row.unit, "year": row.year, "form": row.form, "amount_fen": row.amount_fen,
    })
}

/// Public money is given by others and promised by no party: it stands outside the text.
fn funding(kept: &Funding) -> Value {
    json!({
        "total_fen": kept.total_fen,
        "sharing": rows(&kept.sharing, |row| json!({ "kind": row.kind, "rule": row.rule })),
        "custodian": kept.custodian,
        "audit": kept.audit,
    })
}

fn rights(kept: &Rights) -> Value {
    let background = |row: &BackgroundRight| json!({ "name": row.name, "kind": row.kind, "no": row.no, "owner": row.owner });
    json!({
        "background": rows(&kept.background, background),
        "foreground": kept.foreground,
        "foreground_text": kept.foreground_text,
        "shares": rows(&kept.shares, |row| json!({ "unit": row.unit, "percent": row.percent })),
        "priority_licence": kept.priority_licence,
        "transfer_consent": kept.transfer_consent,
        "publication_days": kept.publication_days,
        "confidential_years": kept.confidential_years,
        "exit": kept.exit,
    })
}

fn organisation(kept: &Organisation) -> Value {
    let rule = |row: &ManagementRule| json!({ "title": row.title, "since": row.since });
    json!({
        "decides": kept.decides,
        "composition": kept.composition,
        "voting": kept.voting,
        "advisers": kept.advisers,
        "office": kept.office,
        "office_staff": kept.office_staff,
        "liable": kept.liable,
        "meetings": kept.meetings,
        "internal_rules": rows(&kept.internal_rules, rule),
        "opening": kept.opening,
    })
}

fn parties(materials: &Materials) -> Vec<Value> {
    let role = |at| if at == 0 { "lead" } else { "member" };
    let told = in_order(materials).into_iter().enumerate().map(|(at, party)| {
        json!({ "role": role(at), "unit": party.unit, "name": party.name, "code": party.code })
    });
    told.collect()
}

/// The lead first, then the members by their codes: the order of invitation binds nobody.
pub fn in_order(materials: &Materials) -> Vec<&Party> {
    let mut standing: Vec<&Party> = materials.standing().collect();
    if let Some((_, members)) = standing.split_first_mut() {
        members.sort_by(|one, other| (&one.code, &one.unit).cmp(&(&other.code, &other.unit)));
    }
    standing
}

/// The canonical bytes of a content.
pub fn render(content: &Value) -> String {
    // Strings and integers below 2^53 only: nothing the canonical form could refuse.
    serde_json_canonicalizer::to_string(&normal(content)).unwrap_or_default()
}

/// Every string in NFC, with one kind of line end.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(normal_text(text)),
        Value::Array(rows) => Value::Array(rows.iter().map(normal).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), normal(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A text as it is signed.
pub(super) fn normal_text(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect()
}

/// The form agreements were signed in before: for reading their digests, never for signing.
pub fn earlier(materials: &Materials) -> String {
    let mut out = String::from("chuanglian-agreement-1\n");
    let mut put = |label: &str, value: &str| {
        let _ = writeln!(out, "{label}:{}:{value}", value.len());
    };
    put("version", &materials.agreement.version.to_string());
    put("name", &materials.name);
    for party in materials.standing() {
        put("party", party.unit.as_str());
        put("party-name", &party.name);
        put("party-code", &party.code);
    }
    let text = &materials.agreement.text;
    put("formed_on", &text.formed_on.map(|on| on.to_string()).unwrap_or_default());
    put("goals", &text.goals);
    put("division", &text.division);
    put("results", &text.results);
    put("distribution", &text.distribution);
    put("disputes", &text.disputes);
    put("risk", &text.risk);
    put("breach", &text.breach);
    put("other", &text.other);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_content_has_one_form_whatever_way_it_was_typed() {
        let one = json!({ "b": "e\u{301}\r\n二", "a": [1, 0, -3] });
        let other = json!({ "a": [1, 0, -3], "b": "\u{e9}\n二" });
        assert_eq!(render(&one), render(&other));
        assert_eq!(render(&one), "{\"a\":[1,0,-3],\"b\":\"\u{e9}\\n二\"}");
    }
}
