//! Cuts text into terms that both engines index alike.
//!
//! A run of Chinese characters becomes its overlapping pairs, followed by its last character
//! alone; other letters and digits become lower-case words. A query for 稀土新材 is then the phrase
//! 稀土 土新 新材, which is found exactly where the text has those four characters in a row: no
//! dictionary decides what a word is, so nothing is missed. A single character is the beginning of
//! a pair or the lone last character; a Latin word may be given by its beginning.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// Terms of one text that are indexed; PostgreSQL numbers no more than this.
const TERMS_MAX: usize = 16_000;
/// Places of one term in one text; PostgreSQL keeps no more than this.
const PLACES_MAX: u32 = 255;
/// Bytes of one term; nothing a person types is longer.
const TERM_BYTES_MAX: usize = 200;
/// Words of a query that are looked at.
const WORDS_MAX: usize = 12;
/// Characters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 80;
/// Stands where a term is left out, so that its neighbours are not taken for a phrase.
const GAP: &str = "\u{FFFC}";

/// A stretch of characters that are indexed together.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    Chinese(Vec<char>),
    Word(String),
}

fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        let chinese = is_chinese(c);
        match (runs.last_mut(), open) {
            _ if !chinese && !c.is_alphanumeric() => open = false,
            (Some(Run::Chinese(run)), true) if chinese => run.push(c),
            (Some(Run::Word(word)), true) if !chinese => {
                if word.len() < TERM_BYTES_MAX {
                    word.push(c);
                }
            }
            _ => {
                runs.push(if chinese { Run::Chinese(vec![c]) } else { Run::Word(c.into()) });
                open = true;
            }
        }
    }
    runs
}

fn pairs(run: &[char]) -> Vec<String> {
    run.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// The terms of a text, in order.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut places: HashMap<String, u32> = HashMap::new();
    for run in runs(text) {
        let of_run = match run {
            Run::Word(word) => vec![word],
            Run::Chinese(run) => {
                let mut of_run = pairs(&run);
                of_run.extend(run.last().map(char::to_string));
                of_run
            }
        };
        for term in of_run {
            let seen = places.entry(term.clone()).or_default();
            *seen += 1;
            terms.push(if *seen > PLACES_MAX { GAP.to_owned() } else { term });
        }
    }
    terms.truncate(TERMS_MAX);
    terms
}

/// Terms as text for FTS5.
pub(crate) fn fts5_text(terms: &[String]) -> String {
    terms.join(" ")
}

/// Terms as a tsvector literal; `to_tsvector` would depend on the server's settings.
pub(crate) fn tsvector(terms: &[String]) -> String {
    (1..)
        .zip(terms)
        .filter(|(_, term)| *term != GAP)
        .map(|(place, term)| format!("'{term}':{place}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// One thing a query asks for; all of them must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// These terms in a row.
    Phrase(Vec<String>),
    /// A term that begins so.
    Prefix(String),
}

/// What a query asks for; empty when it has no letter and no digit.
pub(crate) fn wanted(query: &str) -> Vec<Wanted> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let one = |run| match run {
        Run::Word(word) => Wanted::Prefix(word),
        Run::Chinese(run) if run.len() == 1 => Wanted::Prefix(run[0].into()),
        Run::Chinese(run) => Wanted::Phrase(pairs(&run)),
    };
    runs(&query).into_iter().take(WORDS_MAX).map(one).collect()
}

/// Whether a text has everything a query asks for, as the index would find it.
pub(crate) fn speaks(text: &str, query: &str) -> bool {
    let (kept, wanted) = (terms(text), wanted(query));
    let found = |wanted: &Wanted| match wanted {
        Wanted::Phrase(phrase) => kept.windows(phrase.len()).any(|row| row == phrase.as_slice()),
        Wanted::Prefix(begun) => kept.iter().any(|term| term.starts_with(begun.as_str())),
    };
    !wanted.is_empty() && wanted.iter().all(found)
}

/// A query in the language of FTS5, for one column.
pub(crate) fn fts5_query(column: &str, wanted: &[Wanted]) -> String {
    let one = |wanted: &Wanted| match wanted {
        Wanted::Phrase(terms) => format!("\"{}\"", terms.join(" ")),
        Wanted::Prefix(term) => format!("\"{term}\" *"),
    };
    let all: Vec<_> = wanted.iter().map(one).collect();
    format!("{column} : ({})", all.join(" AND "))
}

/// A query as a tsquery literal.
pub(crate) fn tsquery(wanted: &[Wanted]) -> String {
    let quoted = |term: &String| format!("'{term}'");
    let one = |wanted: &Wanted| match wanted {
        Wanted::Phrase(terms) => terms.iter().map(quoted).collect::<Vec<_>>().join(" <-> "),
        Wanted::Prefix(term) => format!("'{term}':*"),
    };
    wanted.iter().map(|wanted| format!("({})", one(wanted))).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::{Wanted, fts5_query, speaks, terms, tsquery, tsvector, wanted};

    #[test]
    fn a_text_speaks_of_what_the_index_would_find_in_it() {
        let text = "内蒙古自治区低温储能创新联合体\nHarbour 2026";
        for query in ["储能", "低温储能 harb", "ＨＡＲＢＯＵＲ", "体", "2026"] {
            assert!(speaks(text, query), "{query}");
        }
        for query in ["", "，", "能储", "arbour", "储能 零下四十度", "低温创新"] {
            assert!(!speaks(text, query), "{query}");
        }
    }

    #[test]
    fn a_run_becomes_its_pairs_and_its_last_character() {
        let table: &[(&str, &[&str])] = &[
            ("稀土新材料", &["稀土", "土新", "新材", "材料", "料"]),
            ("稀土，新材", &["稀土", "土", "新材", "材"]),
            ("ＡＩ与2026年", &["ai", "与", "2026", "年"]),
            ("Rare-Earth", &["rare", "earth"]),
            ("…—— 　", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(terms(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_query_is_phrases_and_beginnings() {
        let asked = wanted("稀土 土 ree");
        let expected = [
            Wanted::Phrase(vec!["稀土".into()]),
            Wanted::Prefix("土".into()),
            Wanted::Prefix("ree".into()),
        ];
        assert_eq!(asked, expected);
        assert_eq!(fts5_query("open", &asked), r#"open : ("稀土" AND "土" * AND "ree" *)"#);
        assert_eq!(tsquery(&asked), "('稀土') & ('土':*) & ('ree':*)");
    }

    #[test]
    fn a_term_repeated_too_often_leaves_gaps_and_keeps_the_count() {
        let cut = terms(&"稀土 ".repeat(300));
        assert_eq!(cut.len(), 600);
        assert_eq!(tsvector(&cut).matches("'稀土'").count(), 255);
    }
}
