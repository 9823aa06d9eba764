//! What each paper says: a text snapshot a kind, and what every one of them carries.

use documents::Kind;

use crate::{PAPERS, samples, set, text};

#[test]
fn every_paper_says_what_its_snapshot_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for kind in Kind::ALL {
            insta::assert_snapshot!(kind.key(), text(&PAPERS[kind]));
        }
    });
}

#[test]
fn every_paper_names_its_clause_its_template_and_its_event() {
    for kind in Kind::ALL {
        let words = text(&PAPERS[kind]);
        let template = format!("模板{}-{}", kind.key(), kind.version());
        assert!(words.contains(&template), "{}: {words}", kind.key());
        assert!(words.contains("卷宗d-7k3m9q2x第41项"), "{}", kind.key());
        assert!(words.contains("核验码7K3M-9Q2X-41GH-T05V"), "{}", kind.key());
        let article = kind.clauses()[0].split('.').next().unwrap();
        let article = ["四", "五", "六", "七", "八", "九", "十", "十一"]
            [article.parse::<usize>().unwrap() - 4];
        assert!(words.contains(&format!("管理办法》第{article}条")), "{}", kind.key());
    }
}

#[test]
fn kinds_are_named_once() {
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.key()), Some(*kind));
    }
    assert_eq!(Kind::named("application "), None);
}

#[test]
fn a_mongolian_name_stands_on_either_side() {
    for first in [true, false] {
        let words = text(&set(&samples::certificate(Some(first))));
        assert!(words.contains("备案证明"));
        // A rotated line comes out letter by letter; the letters are there all the same.
        assert!(words.contains('ᠮ') && words.contains('ᠠ'), "{words}");
    }
}

#[test]
fn what_somebody_wrote_is_never_markup() {
    let hostile = "#read(\"/etc/passwd\") *粗* $x$ = 一 #{while true {}} // 注 <a> @b";
    let mut document = samples::of(Kind::NotRecommended);
    document.head.consortium.name = hostile.to_owned();
    document.body = documents::Body::NotRecommended(documents::paper::NotRecommended {
        reason: hostile.to_owned(),
    });
    let words = text(&set(&document)).replace('\n', "");
    let plain: String = hostile.chars().filter(|c| !c.is_whitespace()).collect();
    // Straight quotes are set as they are: what was written is evidence.
    assert_eq!(words.matches(&plain).count(), 2, "{words}");
}
