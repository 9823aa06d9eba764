//! 平台签名 — a signature goes behind the last byte and leaves the paper what it was.

use documents::{Kind, Pdf, Stamp, Unsigned, signed};
use jiff::civil::date;

use crate::{poppler, samples, set};

fn stamp(room: usize) -> Stamp<'static> {
    let at = date(2026, 3, 5).at(9, 30, 0, 0);
    Stamp { at, name: "创联（平台）", reason: "不是印章", room }
}

/// Stands for a key: what it covers is told, nothing is signed.
fn sign(paper: &[u8], signature: &[u8]) -> Vec<u8> {
    signed(paper, &stamp(64), |_| Ok(signature.to_vec())).unwrap()
}

/// What the last signature of a file says that it covers.
fn range(file: &[u8]) -> [usize; 4] {
    let word = b"/ByteRange [";
    let at = file.windows(word.len()).rposition(|window| window == word).unwrap();
    let rest = String::from_utf8_lossy(&file[at + word.len()..at + word.len() + 60]).into_owned();
    let numbers: Vec<usize> = rest
        .split(']')
        .next()
        .unwrap()
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

#[test]
fn everything_is_covered_but_the_signature_itself() {
    let paper = set(&samples::of(Kind::Certificate)).bytes;
    let mut told = Vec::new();
    let file = signed(&paper, &stamp(8), |covered| {
        told = covered.to_vec();
        Ok(vec![0xAB, 0xCD])
    })
    .unwrap();
    let [zero, before, from, after] = range(&file);
    assert_eq!((zero, from + after), (0, file.len()));
    assert_eq!(&file[before..from], b"<ABCD000000000000>");
    assert_eq!(told, [&file[..before], &file[from..]].concat());
}

#[test]
fn nothing_that_stood_in_the_paper_changes() {
    let paper = set(&samples::of(Kind::Acceptance));
    let mut file = paper.bytes.clone();
    for number in 1..=3_u8 {
        let next = sign(&file, &[number; 64]);
        assert_eq!(next[..file.len()], file[..], "append only");
        file = next;
    }
    let signed = Pdf { bytes: file, pages: paper.pages };
    for (tool, arguments) in
        [("pdfinfo", &["-meta"][..]), ("pdfinfo", &["-struct"]), ("pdffonts", &[])]
    {
        let (then, now) =
            (poppler(tool, arguments, &paper, &[]), poppler(tool, arguments, &signed, &[]));
        assert_eq!(then, now, "{tool} {arguments:?}");
    }
    let words = |pdf: &Pdf| poppler("pdftotext", &["-layout"], pdf, &["-"]);
    assert_eq!(words(&paper), words(&signed));
    let about = poppler("pdfinfo", &[], &signed, &[]);
    let tagged = about.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes"));
    assert!(tagged, "{about}");
}

#[test]
fn the_same_paper_time_and_key_are_the_same_bytes() {
    let paper = set(&samples::of(Kind::Acceptance)).bytes;
    assert_eq!(sign(&paper, &[7; 64]), sign(&paper, &[7; 64]));
    let later = Stamp { at: date(2026, 3, 5).at(9, 30, 1, 0), ..stamp(64) };
    let later = signed(&paper, &later, |_| Ok(vec![7; 64])).unwrap();
    assert_ne!(sign(&paper, &[7; 64]), later);
}

#[test]
fn every_paper_can_be_signed() {
    for kind in Kind::ALL {
        let paper = &crate::PAPERS[kind].bytes;
        let file = sign(&sign(paper, &[1; 64]), &[2; 64]);
        let [_, before, from, after] = range(&file);
        assert_eq!((from - before, from + after), (2 * 64 + 2, file.len()), "{}", kind.key());
    }
}

#[test]
fn half_a_signature_is_none() {
    let paper = set(&samples::of(Kind::Acceptance)).bytes;
    let sign = |paper: &[u8], length: usize| signed(paper, &stamp(8), |_| Ok(vec![1; length]));
    assert!(sign(&paper, 8).is_ok());
    assert_eq!(sign(&paper, 9), Err(Unsigned::Room));
    let refused = signed(&paper, &stamp(8), |_| Err("no".to_owned()));
    assert_eq!(refused, Err(Unsigned::Key("no".to_owned())));
    for strange in [&b"%PDF-1.7\n%%EOF"[..], b"", b"startxref\n0\n%%EOF", &paper[..paper.len() / 2]]
    {
        assert_eq!(sign(strange, 8), Err(Unsigned::Strange));
    }
}

#[test]
fn a_file_that_is_no_paper_any_more_is_told_and_not_signed() {
    let paper = sign(&set(&samples::of(Kind::Acceptance)).bytes, &[1; 64]);
    // A damaged table may name any place: it is read with an end, whatever it says.
    let tail = paper.len() - 2000;
    for at in (tail..paper.len()).step_by(7) {
        let mut other = paper.clone();
        other[at] = other[at].wrapping_add(1);
        let _ = signed(&other, &stamp(8), |_| Ok(vec![1; 8]));
    }
}
