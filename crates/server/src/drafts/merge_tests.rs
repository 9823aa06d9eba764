use super::*;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn typed(pairs: &[(&str, &str, &str)], hand: &str) -> BTreeMap<String, DraftField> {
    let field = |(name, value, over): &(&str, &str, &str)| {
        let field = DraftField {
            field: (*name).to_owned(),
            value: (*value).to_owned(),
            over: digest(over),
            hand: hand.to_owned(),
            turn: 5,
            number: 1,
            person: "p-other".to_owned(),
            at_ms: 1,
        };
        ((*name).to_owned(), field)
    };
    pairs.iter().map(field).collect()
}

fn posted(base: &[(&str, &str)], now: &[(&str, &str)], turn: i64) -> Posted {
    Posted { hand: "mine".to_owned(), turn, base: super::base(&fields(base)), fields: fields(now) }
}

type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// What is written, and what is asked about.
fn told(merged: &Merged) -> (Pairs<'_>, Pairs<'_>) {
    let writes = merged.writes.iter().map(|w| (w.field.as_str(), w.value.as_str())).collect();
    let clashes = merged.clashes.iter().map(|c| (c.field.as_str(), c.theirs.as_str())).collect();
    (writes, clashes)
}

/// What stands typed, what the page began with and has now, what is written and what is asked.
type Row<'a> =
    (&'a [(&'a str, &'a str, &'a str)], &'a str, &'a str, Option<&'a str>, Option<&'a str>);

#[test]
fn what_one_changed_is_taken_and_what_both_changed_is_asked() {
    let written = fields(&[("goals", "甲")]);
    // stands typed          base   page        written          asked
    let table: &[Row<'_>] = &[
        (&[], "甲", "甲", None, None),
        (&[], "甲", "甲乙", Some("甲乙"), None),
        (&[], "甲", "", Some(""), None),
        (&[("goals", "甲丙", "甲")], "甲", "甲", None, None),
        (&[("goals", "甲丙", "甲")], "甲", "甲丙", None, None),
        (&[("goals", "甲丙", "甲")], "甲", "甲乙", None, Some("甲丙")),
        (&[("goals", "甲丙", "甲")], "甲丙", "甲丙乙", Some("甲丙乙"), None),
        (&[("goals", "", "甲")], "甲", "甲乙", None, Some("")),
        // A command wrote 甲 over what the draft was typed over.
        (&[("goals", "丁", "戊")], "丁", "丁", None, Some("甲")),
        (&[("goals", "丁", "戊")], "甲", "丁", Some("丁"), None),
        (&[("goals", "丁", "戊")], "丁", "甲", Some("甲"), None),
    ];
    for (stands, base, now, write, asked) in table {
        let page = posted(&[("goals", base)], &[("goals", now)], 1);
        let merged = merge(&written, &typed(stands, "other"), &page, "p", 9);
        let (writes, clashes) = told(&merged);
        let expected: Vec<_> = write.iter().map(|value| ("goals", *value)).collect();
        assert_eq!(writes, expected, "{stands:?} {base} {now}");
        let expected: Vec<_> = asked.iter().map(|value| ("goals", *value)).collect();
        assert_eq!(clashes, expected, "{stands:?} {base} {now}");
    }
}

#[test]
fn a_page_knows_its_own_text_again_and_an_older_post_of_it_comes_too_late() {
    let own = typed(&[("goals", "第二次", "")], "mine");
    let newer = posted(&[], &[("goals", "第三次")], 6);
    let merged = merge(&Fields::new(), &own, &newer, "p", 9);
    assert_eq!(told(&merged), (vec![("goals", "第三次")], vec![]));
    for turn in [4, 5] {
        let older = posted(&[], &[("goals", "第一次")], turn);
        let merged = merge(&Fields::new(), &own, &older, "p", 9);
        assert_eq!(told(&merged), (vec![], vec![]), "{turn}");
        assert_eq!(merged.now["goals"], "第二次");
    }
}

#[test]
fn two_who_add_a_row_have_two_rows() {
    let written = fields(&[("work.0.content", "甲")]);
    let theirs = typed(&[("work.1.content", "乙", ""), ("work.1.kind", "research", "")], "other");
    let base = [("work.0.content", "甲")];
    let page = posted(&base, &[("work.0.content", "甲"), ("work.1.content", "丙")], 1);
    let merged = merge(&written, &theirs, &page, "p", 9);
    assert_eq!(merged.moved, [("work.1.".to_owned(), "work.2.".to_owned())]);
    assert_eq!(told(&merged), (vec![("work.2.content", "丙")], vec![]));
    assert_eq!(merged.now["work.1.content"], "乙");
    // The same row again, because the answer was lost: it is known by its page.
    let own = typed(&[("work.1.content", "丙", "")], "mine");
    let longer = posted(&base, &[("work.0.content", "甲"), ("work.1.content", "丙丁")], 6);
    assert!(merge(&written, &own, &longer, "p", 9).moved.is_empty());
}

#[test]
fn how_a_figure_is_written_and_spaces_around_a_text_do_not_count() {
    // one        other        same
    let table = [
        ("2860", "2,860.00", true),
        ("2860.5", "2,860.50", true),
        ("甲 ", "甲", true),
        ("", " ", true),
        ("2860", "2861", false),
        ("甲", "乙", false),
        ("", "0", false),
    ];
    for (one, other, expected) in table {
        assert_eq!(same(one, other), expected, "{one} {other}");
    }
    assert_eq!(digest(""), "");
    assert_eq!(digest("甲").len(), DIGEST_CHARS);
    assert_eq!(plain("甲\r\n乙\0"), "甲\n乙");
}

#[test]
fn a_row_has_a_number_up_to_the_limit() {
    assert_eq!(row("work.9999.content"), Some("work.9999."));
    for name in ["work", "work.x.content", "work.10000.content", "work.1"] {
        assert_eq!(row(name), None, "{name}");
    }
}

#[test]
fn what_was_typed_over_an_earlier_proposal_is_not_asked_about() {
    let earlier = [("goals", "建议一"), ("terms", "旧的"), ("rights", "旧的")];
    let now = fields(&[("goals", "建议二"), ("terms", "新的"), ("rights", "新的")]);
    let settle = |draft: &[(&str, &str, &str)], page: &Posted| {
        let (mut draft, mut page) = (typed(draft, "other"), page.clone());
        over_proposal(&now, &mut draft, &mut page);
        merge(&now, &draft, &page, "p", 9)
    };
    // Changed on the page, left alone on the page, blanked on the page.
    let page = posted(&earlier, &[("goals", "自己写的"), ("terms", "旧的"), ("rights", "")], 1);
    let merged = settle(&[], &page);
    assert_eq!(told(&merged), (vec![("goals", "自己写的"), ("rights", "")], vec![]));
    assert_eq!(merged.now["terms"], "新的", "what nobody typed follows the proposal");
    // A colleague's draft is still asked about: that is somebody's text.
    let merged = settle(&[("goals", "同事写的", "建议一")], &page);
    assert_eq!(told(&merged).1, vec![("goals", "同事写的")]);
    // Without it both would have been asked.
    assert_eq!(told(&merge(&now, &typed(&[], "other"), &page, "p", 9)).1.len(), 2);
}
