//! 版式: 版心 of 22 lines of 28 characters, as GB/T 9704 has it.

use documents::{Body, Kind, paper::NotRecommended};

use crate::{PAPERS, poppler, samples, set};

#[test]
fn a_page_of_a_letter_has_twenty_two_lines_of_twenty_eight_characters() {
    let mut document = samples::of(Kind::NotRecommended);
    document.body = Body::NotRecommended(NotRecommended { reason: "中".repeat(28 * 60) });
    let pdf = set(&document);
    let second = poppler("pdftotext", &["-layout", "-f", "2", "-l", "2"], &pdf, &["-"]);
    let lines: Vec<usize> = second
        .lines()
        .map(|line| line.chars().filter(|character| *character == '中').count())
        .filter(|count| *count > 0)
        .collect();
    assert_eq!(lines, vec![28; 22]);
}

#[test]
fn the_paper_is_a4() {
    for kind in Kind::ALL {
        let about = poppler("pdfinfo", &[], &PAPERS[kind], &[]);
        assert!(about.contains("(A4)"), "{}: {about}", kind.key());
    }
}

#[test]
fn no_page_carries_the_seal_alone() {
    for kind in Kind::ALL {
        let pdf = &PAPERS[kind];
        for page in 1..=pdf.pages {
            let page = page.to_string();
            let words = poppler("pdftotext", &["-f", &page, "-l", &page], pdf, &["-"]);
            let lines = words.lines().filter(|line| !line.trim().is_empty()).count();
            // Office, date, place of the seal, page number and two lines of trace are six.
            assert!(lines > 6, "{} page {page}: {words}", kind.key());
        }
    }
}
