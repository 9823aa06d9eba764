//! 名称核对 — what a name meets with: its form, the reserved words, the names that are held, and
//! those that are only close. One answer for applicant, officer and public (Art. 6(1)).
//!
//! The same name is refused; a close one is told, and whether it can be told apart is for a person
//! to say.

use std::sync::LazyLock;

use serde::Serialize;

use super::{check, skeleton};

/// Names shorter than this are close only where one is within the other.
const EDIT_CHARS_MIN: usize = 3;
/// A name within another is close where no more than so many characters are left over.
const OVER_CHARS_MAX: usize = 2;

/// 已有名称 — a name that is held, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The name; absent where the public does not know it yet.
    pub name: Option<String>,
    /// How it stands, in words: `有效`, `已取消`, `申请中，名称已预留`.
    pub standing: String,
}

/// 相近名称.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Close {
    /// The name that is held.
    #[serde(flatten)]
    pub held: Held,
    /// Why it is close.
    pub why: &'static str,
}

/// 核对结论.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 可以使用.
    Free,
    /// 有相近名称: a person tells whether they can be told apart.
    Close,
    /// 已有相同名称.
    Taken,
    /// 含保留字词.
    Reserved,
    /// 形式不符合.
    Malformed,
}

/// 核对结果.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// 结论.
    pub outcome: Outcome,
    /// The clause it rests on.
    pub clause: &'static str,
    /// What is the case and what to do next.
    pub sentence: String,
    /// The form that would be right, where one can be made.
    pub proposed: Option<String>,
    /// The name that is the same.
    pub same: Option<Held>,
    /// The names that are close.
    pub close: Vec<Close>,
}

/// Judges a name by its form, the reserved words, the one that is the same and those that are close.
pub fn rule(name: &str, reserved_hard: bool, same: Option<Held>, close: Vec<Close>) -> Ruling {
    let told = |outcome, sentence: &str| (outcome, sentence.to_owned(), None);
    let word = reserved(name).filter(|_| reserved_hard);
    let (outcome, sentence, proposed) = match (check(name), word) {
        (Err(fault), _) => (Outcome::Malformed, fault.sentence(), fault.proposed),
        (Ok(_), Some(word)) => told(Outcome::Reserved, &word.sentence()),
        (Ok(_), None) if same.is_some() => told(Outcome::Taken, SAME),
        (Ok(_), None) if close.is_empty() => told(Outcome::Free, FREE),
        (Ok(_), None) => told(Outcome::Close, CLOSE),
    };
    Ruling { outcome, clause: "6.1", sentence, proposed, same, close }
}

const FREE: &str = "名称符合，没有相同或者相近的名称。立卷后为你预留。";
const SAME: &str = "已有相同的名称：全角半角、大小写、繁体简体、空格标点、看不见的字符和形近字符不算区别。换一个能区分的名称。";
const CLOSE: &str = "可以使用。有相近的名称，能否区分由审查人员判断；换一个区分更明显的，更稳妥。";

/// 保留字词, with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The word.
    pub word: &'static str,
    /// The article of 企业名称登记管理规定 it is taken from.
    pub article: &'static str,
}

impl Reserved {
    /// What is the case and what to do next.
    pub fn sentence(self) -> String {
        let Self { word, article } = self;
        format!(
            "名称中有保留字词“{word}”（比照企业名称登记管理规定{article}）。换成具体的产业或技术方向。"
        )
    }
}

/// The first reserved word in a name, in whatever form it is written.
pub fn reserved(name: &str) -> Option<Reserved> {
    let bare = skeleton::key(name);
    RESERVED.iter().copied().find(|kept| bare.contains(&skeleton::bare(kept.word)))
}

static RESERVED: LazyLock<Vec<Reserved>> = LazyLock::new(|| {
    let text = include_str!("../../data/reference/reserved_words.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('|'))
        .map(|(word, article)| Reserved { word, article })
        .collect()
});

/// Why two different skeletons are close; `None` where they are not.
pub fn close(one: &str, other: &str) -> Option<&'static str> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one == other {
        return None;
    }
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let over = long.len() - short.len();
    if over > OVER_CHARS_MAX || short.len() < 2 {
        return None;
    }
    if over > 0 && long.windows(short.len()).any(|part| part == &short[..]) {
        return Some("一个名称包含另一个");
    }
    let sorted = |signs: &[char]| {
        let mut signs = signs.to_vec();
        signs.sort_unstable();
        signs
    };
    if over == 0 && sorted(short) == sorted(long) {
        return Some("字相同，次序不同");
    }
    (short.len() >= EDIT_CHARS_MIN && one_apart(short, long)).then_some("只差一个字")
}

/// Whether one character put in, taken out or changed makes one the other.
fn one_apart(short: &[char], long: &[char]) -> bool {
    let front = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (short, long) = (&short[front..], &long[front..]);
    match long.len() - short.len() {
        0 => short.get(1..) == long.get(1..),
        1 => Some(short) == long.get(1..),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_told_with_the_reason() {
        // one, other, why
        let table = [
            ("电化学储能", "电化学储能", None),
            ("电化学储能", "电化学储热", Some("只差一个字")),
            ("电化学储能", "电化学新储能", Some("只差一个字")),
            ("储能", "氢能", None),
            ("储能", "新储能", Some("一个名称包含另一个")),
            ("储能", "电化学储能", None),
            ("储能电池", "电池储能", Some("字相同，次序不同")),
            ("稀土功能材料", "石墨新材料", None),
        ];
        for (one, other, why) in table {
            assert_eq!(close(one, other), why, "{one} {other}");
            assert_eq!(close(other, one), why, "{other} {one}");
        }
    }

    #[test]
    fn a_reserved_word_is_found_however_it_is_written() {
        for name in ["中国储能", "中·国储能", "國家儲能", "内蒙古自治区科技厅储能创新联合体"]
        {
            assert!(reserved(name).is_some(), "{name}");
        }
        assert!(reserved("内蒙古自治区中部国产储能创新联合体").is_none());
    }

    #[test]
    fn the_first_thing_that_stands_in_the_way_is_said() {
        let held = Held {
            name: Some("内蒙古自治区储能创新联合体".into()),
            standing: "有效".into(),
        };
        let right = "内蒙古自治区储能创新联合体";
        let ruled = |name, hard, same| rule(name, hard, same, vec![]).outcome;
        assert_eq!(ruled(right, true, None), Outcome::Free);
        assert_eq!(ruled(right, true, Some(held.clone())), Outcome::Taken);
        assert_eq!(ruled("储能", true, Some(held)), Outcome::Malformed);
        let reserved = "内蒙古自治区国家储能创新联合体";
        assert_eq!(ruled(reserved, true, None), Outcome::Reserved);
        assert_eq!(ruled(reserved, false, None), Outcome::Free);
    }
}
