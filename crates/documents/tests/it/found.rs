//! 文件里的签名 — read out of files of any make, and never taken for more than the bytes bear out.

use std::fmt::Write;

use documents::signature::{Found, SIGNATURES_MAX, Unread, found};
use documents::{Kind, Stamp, signed};
use jiff::civil::date;

use crate::{samples, set};

fn paper() -> Vec<u8> {
    set(&samples::of(Kind::Acceptance)).bytes
}

/// One more signature, which stands for a key.
fn sign(paper: &[u8], signature: &[u8]) -> Vec<u8> {
    let at = date(2026, 3, 5).at(9, 30, 0, 0);
    let stamp = Stamp { at, name: "某厅（虚构）", reason: "盖章", room: 64 };
    signed(paper, &stamp, |_| Ok(signature.to_vec())).unwrap()
}

fn only(file: &[u8]) -> Found {
    let [one] = found(file).unwrap().try_into().unwrap();
    one
}

#[test]
fn a_paper_without_a_signature_has_none() {
    assert_eq!(found(&paper()), Ok(vec![]));
}

#[test]
fn every_signature_is_told_with_what_it_covers_and_says() {
    let (first, second) = (sign(&paper(), &[7; 64]), sign(&sign(&paper(), &[7; 64]), &[8; 64]));
    let one = only(&first);
    assert_eq!((one.field.as_str(), one.format.as_str()), ("Signature1", "ETSI.CAdES.detached"));
    assert_eq!((one.name.as_str(), one.reason.as_str()), ("某厅（虚构）", "盖章"));
    assert_eq!(one.at, Some(date(2026, 3, 5).at(9, 30, 0, 0)));
    assert!(one.whole);
    assert_eq!(one.contents(&first).unwrap(), [7; 64]);
    let covered = one.covered(&first).unwrap();
    assert_eq!(covered.len() + 2 * 64 + 2, first.len(), "everything but the hole");

    let both = found(&second).unwrap();
    let told: Vec<_> = both.iter().map(|one| (one.field.as_str(), one.whole)).collect();
    assert_eq!(told, [("Signature1", false), ("Signature2", true)]);
    assert_eq!(both[0].covered(&second).unwrap(), covered, "the first stays what it was");
    assert_eq!(both[0].end, first.len());
}

/// A file of another make: objects in a stream of objects, places in a stream of places, a field
/// under another one, the signature in its field and not beside it.
fn of_another_make(range: &str, contents: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    let mut put = |file: &mut Vec<u8>, number: u32, body: &str| {
        places.push((number, file.len()));
        file.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    };
    put(&mut file, 1, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>");
    let held = [
        (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"),
        (4, "<< /T (office) /Kids [5 0 R] >>"),
    ];
    let (mut heads, mut bodies) = (String::new(), String::new());
    for (number, body) in held {
        let _ = write!(heads, "{number} {} ", bodies.len());
        bodies.push_str(body);
        bodies.push(' ');
    }
    let (first, length) = (heads.len(), heads.len() + bodies.len());
    put(
        &mut file,
        6,
        &format!(
            "<< /Type /ObjStm /N 3 /First {first} /Length {length} >>\nstream\n{heads}{bodies}\nendstream"
        ),
    );
    put(
        &mut file,
        5,
        &format!(
            "<< /FT /Sig /T (seal) /Parent 4 0 R /V << /Type /Sig /SubFilter /adbe.pkcs7.detached \
             /M (D:20261127040000Z) /ByteRange {range} /Contents {contents} >> >>"
        ),
    );
    let at = file.len();
    let mut rows: Vec<[u8; 4]> = vec![[0; 4]; 8];
    let row = |kind: u8, place: usize, index: u8| {
        let place = u16::try_from(place).unwrap().to_be_bytes();
        [kind, place[0], place[1], index]
    };
    for (number, place) in &places {
        rows[usize::try_from(*number).unwrap()] = row(1, *place, 0);
    }
    for (index, (number, _)) in (0..).zip(held) {
        rows[usize::try_from(number).unwrap()] = row(2, 6, index);
    }
    rows[7] = row(1, at, 0);
    let rows = rows.concat();
    file.extend_from_slice(
        format!(
            "7 0 obj\n<< /Type /XRef /W [1 2 1] /Size 8 /Root 1 0 R /Length {} >>\nstream\n",
            rows.len()
        )
        .as_bytes(),
    );
    file.extend_from_slice(&rows);
    file.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
    file
}

/// The same with a range that is so.
fn strange() -> Vec<u8> {
    let contents = "<0011223344>";
    let blank = of_another_make("[0 000 0000 0000]", contents);
    let place = |word: &[u8]| blank.windows(word.len()).position(|window| window == word).unwrap();
    let before = place(contents.as_bytes());
    let from = before + contents.len();
    let range = format!("[0 {before:03} {from:04} {:04}]", blank.len() - from);
    of_another_make(&range, contents)
}

#[test]
fn a_file_of_another_make_is_read_alike() {
    let file = strange();
    let one = only(&file);
    assert_eq!((one.field.as_str(), one.format.as_str()), ("office.seal", "adbe.pkcs7.detached"));
    assert_eq!(one.at, Some(date(2026, 11, 27).at(12, 0, 0, 0)), "in China's time");
    assert!(one.whole);
    assert_eq!(one.contents(&file).unwrap(), [0, 0x11, 0x22, 0x33, 0x44]);
}

#[test]
fn a_range_that_the_bytes_do_not_bear_out_covers_nothing() {
    let contents = "<0011223344>";
    for range in [
        "[0 10 20 30]",
        "[1 10 20 30]",
        "[0 10 20]",
        "[0 10 20 30 40]",
        "[0 10 20 2147483647]",
        "[0 -1 20 30]",
        "[0 30 10 5]",
        "[]",
        "(0 10 20 30)",
    ] {
        let file = of_another_make(range, contents);
        let one = only(&file);
        assert_eq!((one.hole.clone(), one.whole), (None, false), "{range}");
        assert_eq!((one.covered(&file), one.contents(&file)), (None, None), "{range}");
    }
    // Something else than this signature is left out: a word, or another one's digits.
    let file = strange();
    let at = file.windows(4).position(|window| window == b"<001").unwrap();
    for (place, byte) in [(at, b'('), (at + 5, b'z'), (at + 11, b' ')] {
        let mut other = file.clone();
        other[place] = byte;
        let held = found(&other).unwrap_or_default();
        assert!(held.iter().all(|one| one.hole.is_none()), "{place} {byte}: {held:?}");
    }
}

#[test]
fn more_behind_the_last_signature_is_noticed() {
    let mut file = strange();
    file.extend_from_slice(b"\n \r\n");
    assert!(only(&file).whole, "blanks are nothing");
    file.extend_from_slice(b"% more\n%%EOF\n");
    assert!(!only(&file).whole);
}

#[test]
fn what_cannot_be_read_is_not_told_to_have_none() {
    for file in [&b""[..], b"%PDF-1.7\n%%EOF", b"PK\x03\x04", &[0xFF; 4096]] {
        assert_eq!(found(file), Err(Unread::Broken), "{file:?}");
    }
}

#[test]
fn too_many_signatures_are_told_and_not_listed() {
    let mut file = paper();
    for number in 0..=SIGNATURES_MAX {
        file = sign(&file, &[u8::try_from(number).unwrap(); 64]);
        let told = found(&file);
        if number < SIGNATURES_MAX {
            assert_eq!(told.unwrap().len(), number + 1);
        } else {
            assert_eq!(told, Err(Unread::Many));
        }
    }
}

#[test]
fn no_damage_makes_it_go_on_for_ever_or_tell_what_is_not_covered() {
    let file = sign(&paper(), &[7; 64]);
    let (tail, mut told) = (file.len() - 1500, 0);
    let damaged = (tail..file.len()).step_by(5).flat_map(|at| {
        [0x00, b'<', b'(', b'9', 0xFF].map(|byte| {
            let mut other = file.clone();
            other[at] = byte;
            other
        })
    });
    for other in damaged.chain((1..12).map(|part| file[..file.len() * part / 12].to_vec())) {
        for one in found(&other).unwrap_or_default() {
            let covered = one.covered(&other);
            assert_eq!(covered.is_some(), one.hole.is_some());
            assert!(covered.is_none_or(|covered| covered.len() < other.len()));
            told += 1;
        }
    }
    assert!(told > 0, "some are still read");
}
