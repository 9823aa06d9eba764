//! 逐字对照 — what was removed and what was inserted between two texts, cut as people read Chinese.
//!
//! Sentences first, then words within the sentences that changed: a Chinese character is a word, a
//! number or a Latin word is one. A single character that happens to stand in both is no island
//! between two changes, and two sentences with little in common are one for the other.

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Pairs of words that are looked at in one changed passage; above, it is shown as replaced.
const PAIRS_MAX: usize = 1_000_000;
/// Of ten words of a changed passage so many must be kept for it to be the same passage.
const KEPT_OF_TEN_MIN: usize = 3;
/// A stretch of at least so many characters is kept between two changes.
const ISLAND_MIN: usize = 2;

/// 标记.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 未变.
    Kept,
    /// 删去.
    Removed,
    /// 增加.
    Inserted,
}

/// A stretch of text under one mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What became of it.
    pub mark: Mark,
    /// The words.
    pub text: String,
}

/// The pieces of two texts, in order; what was removed stands before what was inserted.
pub fn between(old: &str, new: &str) -> Vec<Piece> {
    let (was, is) = (sentences(old), sentences(new));
    let mut passages = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &was, &is) {
        let (gone, come) = (was[op.old_range()].concat(), is[op.new_range()].concat());
        match op.tag() {
            DiffTag::Equal => passages.push(Passage::Kept(gone)),
            DiffTag::Delete | DiffTag::Insert => passages.push(Passage::Changed(gone, come)),
            DiffTag::Replace => passages.extend(within(&gone, &come)),
        }
    }
    passages.into_iter().flat_map(Passage::pieces).collect()
}

/// Text that is the same, or a text and what stands in its place.
enum Passage {
    Kept(String),
    Changed(String, String),
}

impl Passage {
    fn pieces(self) -> Vec<Piece> {
        let piece = |mark, text: String| (!text.is_empty()).then_some(Piece { mark, text });
        match self {
            Self::Kept(text) => piece(Mark::Kept, text).into_iter().collect(),
            Self::Changed(gone, come) => {
                let (gone, come) = (piece(Mark::Removed, gone), piece(Mark::Inserted, come));
                gone.into_iter().chain(come).collect()
            }
        }
    }
}

fn within(old: &str, new: &str) -> Vec<Passage> {
    let replaced = || vec![Passage::Changed(old.to_owned(), new.to_owned())];
    let (was, is) = (words(old), words(new));
    if was.len().saturating_mul(is.len()) > PAIRS_MAX {
        return replaced();
    }
    let ops = capture_diff_slices(Algorithm::Myers, &was, &is);
    let kept = ops.iter().filter(|op| op.tag() == DiffTag::Equal).map(|op| op.old_range().len());
    if kept.sum::<usize>() * 10 < was.len().max(is.len()) * KEPT_OF_TEN_MIN {
        return replaced();
    }
    let mut passages: Vec<Passage> = Vec::new();
    let last = ops.len().saturating_sub(1);
    for (at, op) in ops.iter().enumerate() {
        let (gone, come) = (was[op.old_range()].concat(), is[op.new_range()].concat());
        let island = 0 < at && at < last && gone.chars().count() < ISLAND_MIN;
        if op.tag() == DiffTag::Equal && !island {
            passages.push(Passage::Kept(gone));
        } else if let Some(Passage::Changed(before, after)) = passages.last_mut() {
            before.push_str(&gone);
            after.push_str(&come);
        } else {
            passages.push(Passage::Changed(gone, come));
        }
    }
    passages
}

/// A text cut behind the signs that end a sentence or a line.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', '\n', ';']).collect()
}

/// A text cut into words.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let more = rest.char_indices().skip(1).find(|(_, letter)| !joins(*letter));
        let end =
            if joins(first) { more.map_or(rest.len(), |(at, _)| at) } else { first.len_utf8() };
        let (word, behind) = rest.split_at(end);
        words.push(word);
        rest = behind;
    }
    words
}

/// Whether a letter makes one word with its neighbours: Latin letters and figures do.
fn joins(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let told = |piece: &Piece| match piece.mark {
            Mark::Kept => piece.text.clone(),
            Mark::Removed => format!("[-{}-]", piece.text),
            Mark::Inserted => format!("[+{}+]", piece.text),
        };
        between(old, new).iter().map(told).collect()
    }

    #[test]
    fn a_change_is_marked_where_it_stands() {
        // old, new, marked
        let table = [
            ("", "", ""),
            ("甲。", "甲。", "甲。"),
            ("", "各方投入。", "[+各方投入。+]"),
            ("各方投入。", "", "[-各方投入。-]"),
            (
                "各方每年六月底前到位。按贡献分配。",
                "各方每年九月底前到位。按贡献分配。",
                "各方每年[-六-][+九+]月底前到位。按贡献分配。",
            ),
            ("投入1200.50万元", "投入1300.50万元", "投入[-1200.50-][+1300.50+]万元"),
            ("用LFP电池", "用NMC电池", "用[-LFP-][+NMC+]电池"),
            ("甲方承担。乙方协助。", "甲方承担。", "甲方承担。[-乙方协助。-]"),
            // Two sentences that share a comma and a stop are no change of each other.
            (
                "由甲方保管，逐年审计。",
                "任何一家均可查阅账目，随时提出。",
                "[-由甲方保管，逐年审计。-][+任何一家均可查阅账目，随时提出。+]",
            ),
            // One character between two changes is no island.
            (
                "成果归甲方所有并实施",
                "成果由乙方共有并实施",
                "成果[-归甲方所-][+由乙方共+]有并实施",
            ),
        ];
        for (old, new, marked) in table {
            assert_eq!(shown(old, new), marked);
        }
    }

    #[test]
    fn a_passage_past_the_limit_is_shown_as_replaced() {
        let old = "甲乙".repeat(501);
        let new = format!("{old}丙");
        assert_eq!(between(&old, &new).len(), 2);
        let short = "甲乙".repeat(400);
        assert_eq!(shown(&short, &format!("{short}丙")), format!("{short}[+丙+]"));
    }
}
