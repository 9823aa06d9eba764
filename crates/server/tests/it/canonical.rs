//! 规范文本 — the second implementation in Python agrees, on generated agreements and on the
//! published one (Art. 6(2); `docs/agreement-format.md`).

use std::io::Write;
use std::path::Path;
use std::process::{Command as Program, Stdio};

use consortium::agreement::{ANNEX, AgreementText, FORMED_ON, Format, HEADINGS, canonical};
use consortium::ids::{Digest, UnitId};
use consortium::materials::{
    Attachment, BackgroundRight, Body, Foreground, Funding, Indicator, Input, Intention,
    ManagementRule, Materials, Organisation, Party, PublicMoney, ResultKind, Rights, Share,
    Sharing, WorkKind, WorkPackage,
};
use consortium::unit::UnitKind;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use server::office::digest_of;
use server::signing::sm3_of;

use crate::golden;
use crate::simulation::chance::Chance;

/// Agreements generated.
const AGREEMENTS: usize = 10_000;
/// What texts are made of: what JSON escapes, what NFC changes, line ends, astral characters.
const PIECES: [&str; 16] = [
    "稀土",
    "e\u{301}",
    "\u{e9}",
    "\r\n",
    "\n",
    "\r",
    "\t",
    "\"",
    "\\",
    "\u{1}",
    "𠮷",
    "\u{ac00}",
    "\u{1100}\u{1161}",
    "a b",
    "〔2026〕",
    "\u{2028}",
];

fn text(chance: &mut Chance, most: i64) -> String {
    let count = chance.days(0, most);
    (0..count).map(|_| PIECES[usize::try_from(chance.days(0, 15)).unwrap()]).collect()
}

fn day(chance: &mut Chance) -> Date {
    date(2026, 1, 1).checked_add(jiff::Span::new().days(chance.days(0, 2000))).unwrap()
}

fn number(chance: &mut Chance, most: i64) -> i64 {
    chance.days(0, most)
}

fn party(chance: &mut Chance, n: i64) -> Party {
    Party {
        unit: UnitId(format!("u-{n}{}", chance.days(0, 9))),
        name: text(chance, 3),
        code: format!("91{}", chance.days(0, 3)),
        kind: UnitKind::Enterprise,
        intention: Intention::Accepted { on: date(2026, 1, 1) },
    }
}

/// One of these, and now and then none.
fn one_of<T: Copy, const N: usize>(chance: &mut Chance, all: [T; N]) -> Option<T> {
    all.get(usize::try_from(number(chance, i64::try_from(N).unwrap())).unwrap()).copied()
}

fn some_unit(chance: &mut Chance, unit: &UnitId) -> Option<UnitId> {
    chance.percent(50).then(|| unit.clone())
}

fn count(chance: &mut Chance, most: i64) -> u32 {
    u32::try_from(number(chance, most)).unwrap()
}

fn funding(chance: &mut Chance, unit: &UnitId) -> Funding {
    let sharing = |chance: &mut Chance| {
        let kind = one_of(chance, ResultKind::ALL).unwrap_or(ResultKind::Other);
        Sharing { kind, rule: text(chance, 2) }
    };
    Funding {
        total_fen: number(chance, 900_000_000_000),
        // Given by others, and so outside what is signed.
        public_money: vec![PublicMoney { year: 2027, source: text(chance, 1), amount_fen: 1 }],
        sharing: (0..number(chance, 2)).map(|_| sharing(chance)).collect(),
        custodian: some_unit(chance, unit),
        audit: text(chance, 1),
    }
}

fn rights(chance: &mut Chance, unit: &UnitId) -> Rights {
    let background = |chance: &mut Chance| BackgroundRight {
        name: text(chance, 2),
        kind: "发明专利".to_owned(),
        no: text(chance, 1),
        owner: unit.clone(),
    };
    let share = |chance: &mut Chance| Share { unit: unit.clone(), percent: count(chance, 100) };
    Rights {
        background: (0..number(chance, 2)).map(|_| background(chance)).collect(),
        foreground: one_of(chance, Foreground::ALL),
        foreground_text: text(chance, 2),
        shares: (0..number(chance, 2)).map(|_| share(chance)).collect(),
        priority_licence: chance.percent(50),
        transfer_consent: chance.percent(50),
        publication_days: count(chance, 90),
        confidential_years: count(chance, 30),
        exit: text(chance, 1),
    }
}

fn organisation(chance: &mut Chance, unit: &UnitId) -> Organisation {
    let rule = |chance: &mut Chance| ManagementRule {
        title: text(chance, 1),
        since: chance.percent(50).then(|| day(chance)),
    };
    Organisation {
        decides: one_of(chance, Body::ALL),
        composition: text(chance, 1),
        voting: text(chance, 1),
        advisers: text(chance, 1),
        office: text(chance, 1),
        office_staff: count(chance, 20),
        liable: some_unit(chance, unit),
        meetings: count(chance, 12),
        internal_rules: (0..number(chance, 2)).map(|_| rule(chance)).collect(),
        opening: text(chance, 1),
    }
}

fn generated(chance: &mut Chance) -> Materials {
    let mut materials = Materials::new(text(chance, 4), party(chance, 0));
    for n in 1..=number(chance, 4) {
        materials.parties.push(party(chance, n));
    }
    let unit = materials.parties[0].unit.clone();
    materials.agreement.version = u32::try_from(number(chance, 9)).unwrap();
    materials.agreement.text = AgreementText {
        formed_on: chance.percent(80).then(|| day(chance)),
        goals: text(chance, 6),
        division: text(chance, 2),
        results: text(chance, 2),
        confidentiality: text(chance, 2),
        dissolution: text(chance, 1),
        other: text(chance, 1),
        ..AgreementText::default()
    };
    for _ in 0..number(chance, 2) {
        materials.indicators.push(Indicator {
            name: text(chance, 2),
            baseline: text(chance, 1),
            target: text(chance, 1),
            year: 2028,
            ..Indicator::default()
        });
        materials.work.push(WorkPackage {
            content: text(chance, 3),
            kind: WorkKind::ALL[usize::try_from(number(chance, 4)).unwrap()],
            unit: unit.clone(),
            from: day(chance),
            to: day(chance),
            deliverable: text(chance, 1),
            partners: vec![],
            indicators: vec![],
        });
        materials.inputs.push(Input {
            unit: unit.clone(),
            year: 2027,
            form: text(chance, 1),
            amount_fen: number(chance, 900_000_000_000),
        });
        materials.attachments.push(Attachment {
            digest: Digest("0123456789abcdef".repeat(4)),
            name: text(chance, 1),
            size_bytes: u64::try_from(number(chance, 1_000_000)).unwrap(),
            item: if chance.percent(50) { ANNEX } else { "营业执照" }.to_owned(),
            unit: None,
        });
    }
    // What the third format signs besides, drawn last: the vector of the second stays what it was.
    for row in &mut materials.indicators {
        row.measure = text(chance, 1);
    }
    for row in &mut materials.work {
        row.partners = some_unit(chance, &unit).into_iter().collect();
        row.indicators = vec![text(chance, 1)];
    }
    materials.agreement.format = if chance.percent(80) { Format::Third } else { Format::Second };
    materials.funding = funding(chance, &unit);
    materials.rights = rights(chance, &unit);
    materials.organisation = organisation(chance, &unit);
    materials
}

/// What the second implementation is told: everything as it was typed, in no particular order.
fn told(materials: &Materials) -> Value {
    let words = &materials.agreement.text;
    let formed_on = words.formed_on.map(|on| on.to_string()).unwrap_or_default();
    let formed_on = json!({ "text": formed_on, "title": FORMED_ON, "no": "C04" });
    let clauses = HEADINGS.iter().map(
        |heading| json!({ "text": heading.words(words), "title": heading.title, "no": heading.no }),
    );
    let parties = materials
        .parties
        .iter()
        .map(|party| json!({ "unit": party.unit, "name": party.name, "code": party.code }));
    let annexes = materials.attachments.iter().filter(|file| file.item == ANNEX).map(
        |file| json!({ "name": file.name, "sha256": file.digest, "size_bytes": file.size_bytes }),
    );
    json!({
        "format": materials.agreement.format,
        "work": rows(&materials.work, &["partners", "indicators"]),
        "inputs": materials.inputs,
        "indicators": rows(&materials.indicators, &[]),
        "funding": with(&materials.funding, &["custodian"], &Value::Null),
        "rights": with(&materials.rights, &["foreground"], &Value::Null),
        "organisation": with(&materials.organisation, &["decides", "liable"], &Value::Null),
        "annexes": annexes.collect::<Vec<_>>(),
        "parties": parties.collect::<Vec<_>>(),
        "clauses": std::iter::once(formed_on).chain(clauses).collect::<Vec<_>>(),
        "name": materials.name,
        "version": materials.agreement.version,
    })
}

/// A value as it is stored, with what is left out there because it says nothing.
fn with<T: serde::Serialize>(value: &T, left_out: &[&str], nothing: &Value) -> Value {
    let mut told = serde_json::to_value(value).unwrap();
    for field in left_out {
        let fields = told.as_object_mut().unwrap();
        fields.entry(*field).or_insert_with(|| nothing.clone());
    }
    told
}

fn rows<T: serde::Serialize>(rows: &[T], lists: &[&str]) -> Vec<Value> {
    let whole = |row| {
        let mut told = with(row, lists, &json!([]));
        let measure = told.get("measure").cloned().unwrap_or_else(|| json!(""));
        told["measure"] = measure;
        told
    };
    rows.iter().map(whole).collect()
}

/// What the second implementation says of each.
fn second_opinion(all: &[Materials]) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../consortium/tests/canonical.py");
    let mut python = Program::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = python.stdin.take().unwrap();
    let lines: Vec<String> = all.iter().map(|materials| told(materials).to_string()).collect();
    let writing = std::thread::spawn(move || {
        for line in &lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = python.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn own_opinion(materials: &Materials) -> String {
    let signed = canonical(materials);
    format!("{} {}", digest_of(signed.as_bytes()).0, sm3_of(signed.as_bytes()))
}

#[test]
fn a_second_implementation_agrees_on_ten_thousand_agreements() {
    let mut chance = Chance::new(20_260_302);
    let all: Vec<Materials> = (0..AGREEMENTS).map(|_| generated(&mut chance)).collect();
    let other = second_opinion(&all);
    assert_eq!(other.len(), all.len());
    for (materials, other) in all.iter().zip(other) {
        assert_eq!(own_opinion(materials), other, "{}", told(materials));
    }
}

/// The first generated agreement in which something stands in every table.
fn full() -> Materials {
    let full = |materials: &Materials| {
        let (rights, funding) = (&materials.rights, &materials.funding);
        let tables = [rights.background.len(), rights.shares.len(), funding.sharing.len()];
        let rules = materials.organisation.internal_rules.len();
        let rows = materials.work.len();
        tables.iter().all(|rows| *rows > 0) && rules > 0 && rows > 0 && materials.parties.len() > 2
    };
    (1..1000).map(|seed| generated(&mut Chance::new(seed))).find(full).unwrap()
}

#[test]
fn the_published_agreements_have_the_published_digests() {
    // file, format, content
    let table = [
        ("agreement.txt", Format::Third, full()),
        ("agreement-2.txt", Format::Second, generated(&mut Chance::new(1))),
    ];
    for (file, format, mut materials) in table {
        materials.name = "内蒙古自治区电化学储能创新联合体".to_owned();
        materials.agreement.format = format;
        let shown = format!("{}\n{}\n", canonical(&materials), own_opinion(&materials));
        golden(file, &shown);
        assert_eq!(second_opinion(std::slice::from_ref(&materials)), [own_opinion(&materials)]);
    }
}
