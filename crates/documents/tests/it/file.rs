//! What kind of file a paper is: PDF/A-2a, tagged, Chinese, its fonts inside, its bytes the same.

use documents::{Fonts, Kind};

use crate::{FONTS, poppler, samples, set};

#[test]
fn the_same_paper_is_the_same_bytes() {
    let first = set(&samples::of(Kind::Certificate));
    // Others in between: what the typesetter remembers must not show.
    set(&samples::of(Kind::Acceptance));
    set(&samples::certificate(Some(true)));
    assert_eq!(first, set(&samples::of(Kind::Certificate)));
    let fresh = documents::render(&samples::of(Kind::Certificate), &Fonts::built_in()).unwrap();
    assert_eq!(first, fresh);
}

#[test]
fn a_paper_is_a_tagged_archival_file_in_chinese() {
    let document = samples::of(Kind::FilingNotice);
    let pdf = set(&document);
    let about = poppler("pdfinfo", &[], &pdf, &[]);
    let has = |line: &str, value: &str| {
        about.lines().any(|found| found.starts_with(line) && found.trim_end().ends_with(value))
    };
    assert!(has("Title:", &document.title()), "{about}");
    assert!(has("Tagged:", "yes"), "{about}");
    assert!(has("JavaScript:", "no"), "{about}");
    assert!(has("Encrypted:", "no"), "{about}");
    let metadata = poppler("pdfinfo", &["-meta"], &pdf, &[]);
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{metadata}");
    assert!(metadata.contains("zh-CN"), "{metadata}");
    let structure = poppler("pdfinfo", &["-struct"], &pdf, &[]);
    assert!(structure.contains("H1"), "{structure}");
}

#[test]
fn fonts_are_embedded_as_subsets() {
    for document in [samples::of(Kind::Application), samples::certificate(Some(true))] {
        let fonts = poppler("pdffonts", &[], &set(&document), &[]);
        let rows: Vec<_> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty());
        for row in rows {
            // name, type, encoding, emb, sub, uni, object
            let flags: Vec<_> = row.split_whitespace().rev().skip(2).take(3).collect();
            assert_eq!(flags, ["yes", "yes", "yes"], "{row}");
        }
    }
}

#[test]
fn a_date_is_in_the_file_and_no_other_time() {
    let about = poppler("pdfinfo", &["-isodates"], &set(&samples::of(Kind::Acceptance)), &[]);
    assert!(about.contains("CreationDate:"), "{about}");
    for line in about.lines().filter(|line| line.contains("Date:")) {
        assert!(line.contains("2026-03-05"), "{line}");
    }
}

#[test]
fn what_is_no_font_is_named() {
    let wrong = Fonts::with([("公章.ttf".to_owned(), b"not a font".to_vec())]);
    assert_eq!(wrong.unwrap_err(), documents::Error::NotAFont { name: "公章.ttf".to_owned() });
}

#[test]
fn the_operators_fonts_stand_beside_the_built_in_ones() {
    let content = include_bytes!("../../fonts/NotoSansMongolian-Regular.ttf").to_vec();
    let fonts = Fonts::with([("a.ttf".to_owned(), content)]).unwrap();
    assert_eq!(fonts.families(), FONTS.families());
    assert!(documents::render(&samples::of(Kind::Acceptance), &fonts).is_ok());
}

#[test]
fn the_fonts_stay_small() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts");
    let sizes =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
    let size: u64 = sizes.sum();
    assert!(size < 10_000_000, "{size}");
}
