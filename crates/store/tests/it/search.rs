use store::{DossierQuery, Projection};

use crate::place::Place;
use crate::samples::{ids, line, show, shown};

const WORDS: [&str; 16] = [
    "稀土",
    "新材料",
    "创新联合体",
    "石墨烯",
    "碳纤维",
    "兽用",
    "生物",
    "土",
    "煤",
    "乳业",
    "，",
    "。",
    " ",
    "稀",
    "2026",
    "AI",
];

/// Texts put together from words, always the same.
fn texts() -> Vec<String> {
    let mut state: usize = 7;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) % WORDS.len()]
    };
    (0..120).map(|_| (0..9).map(|_| next()).collect()).collect()
}

fn texted(id: &str, public: &str, office: &str, readers: &[&str], updated_ms: i64) -> Projection {
    Projection {
        public_text: public.into(),
        office_text: office.into(),
        ..shown(line(id, "2026-05-01", updated_ms), readers)
    }
}

pub(crate) async fn answers_are_those_of_looking_for_the_words(place: Place) {
    let texts = texts();
    for (number, text) in texts.iter().enumerate() {
        let id = format!("D{number:03}");
        show(&place.store, &id, texted(&id, text, "", &[], 0)).await;
    }
    let queries = [
        "稀土",
        "土新",
        "创新联合体",
        "联合体",
        "合",
        "煤",
        "土",
        "石墨烯碳纤维",
        "石墨烯 碳纤维",
        "稀土，土",
        "兽用 煤 稀",
        "稀土稀",
        "材料土",
        "没有",
        "体",
        "稀稀",
    ];
    for query in queries {
        let wanted: Vec<_> = query.split([' ', '，']).collect();
        let mut expected: Vec<_> = (0..texts.len())
            .filter(|&number| wanted.iter().all(|word| texts[number].contains(word)))
            .map(|number| format!("D{number:03}"))
            .collect();
        expected.reverse();
        let found = place.store.search("public", query, 1000).await.unwrap();
        assert_eq!(ids(&found), expected, "{query}");
    }
    // A Latin word is found by its beginning, in either case and width.
    let all = place.store.search("public", "ai", 1000).await.unwrap();
    assert!(!all.is_empty());
    assert_eq!(place.store.search("public", "ＡＩ", 1000).await.unwrap(), all);
    assert_eq!(place.store.search("public", "A", 1000).await.unwrap(), all);
    assert_eq!(place.store.search("public", "I", 1000).await.unwrap(), []);
}

pub(crate) async fn the_public_finds_the_public_text_only(place: Place) {
    show(&place.store, "D1", texted("D1", "稀土", "内部意见", &["department"], 1)).await;
    let mut secret = texted("D2", "稀土", "内部意见", &["department"], 2);
    secret.row.as_mut().unwrap().public = false;
    show(&place.store, "D2", secret).await;

    let found = place.store.search("public", "稀土", 9).await.unwrap();
    assert_eq!(ids(&found), ["D1"]);
    assert_eq!(place.store.search("public", "内部", 9).await.unwrap(), []);
    let found = place.store.search("department", "内部", 9).await.unwrap();
    assert_eq!(ids(&found), ["D2", "D1"]);
    assert_eq!(place.store.search("department", "稀土", 9).await.unwrap(), []);
}

pub(crate) async fn a_reader_finds_only_what_the_reader_may_see(place: Place) {
    show(&place.store, "D1", texted("D1", "", "稀土", &["unit:U1", "department"], 1)).await;
    show(&place.store, "D2", texted("D2", "", "稀土", &["unit:U2", "department"], 2)).await;
    let asked = |reader: &str, text: &str| DossierQuery {
        reader: reader.into(),
        text: Some(text.into()),
        limit: 9,
        ..DossierQuery::default()
    };
    // reader         text      found
    let table: &[(&str, &str, &[&str])] = &[
        ("unit:U1", "稀土", &["D1"]),
        ("unit:U2", "稀土", &["D2"]),
        ("unit:U3", "稀土", &[]),
        ("department", "稀土", &["D2", "D1"]),
        ("department", "  ", &["D2", "D1"]),
        ("department", "！", &[]),
        ("", "稀土", &[]),
    ];
    for (reader, text, expected) in table {
        let found = place.store.dossiers(asked(reader, text)).await.unwrap();
        assert_eq!(ids(&found), *expected, "{reader} {text}");
    }
}

pub(crate) async fn a_text_without_letters_finds_nothing(place: Place) {
    show(&place.store, "D1", texted("D1", "稀土", "稀土", &["department"], 1)).await;
    let odd =
        ["", " ", "\"", "'", "' OR 1=1", "稀*", "NOT", "稀土)", "a:b", "\u{FFFC}", "<->", "🐎"];
    for text in odd {
        let found = place.store.search("department", text, 9).await.unwrap();
        assert_eq!(found.len(), usize::from(text.starts_with('稀')), "{text}");
    }
    let long = "稀土".repeat(500);
    assert_eq!(place.store.search("department", &long, 9).await.unwrap(), []);
}
