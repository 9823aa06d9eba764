//! 名称的骨架 — what is left of a name when everything is taken away that people do not see or do
//! not tell apart; two names with one skeleton are one name.

use std::{collections::BTreeMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use super::stripped;

/// The skeleton: width, composition, case, spaces, punctuation, invisible signs, traditional
/// forms, look-alikes, prefix and suffix make no difference.
pub fn key(name: &str) -> String {
    let skeleton = bare(name);
    match stripped(&skeleton) {
        "" => skeleton,
        core => core.to_owned(),
    }
}

/// The skeleton with what says region and consortium still on it.
pub(super) fn bare(name: &str) -> String {
    let apart = name.nfkd().flat_map(char::to_lowercase);
    let folded = apart.map(simplified);
    let folded = folded.map(|sign| LOOKALIKES.get(&sign).copied().unwrap_or(sign));
    folded.filter(|sign| sign.is_alphanumeric() && !is_stroke(*sign)).collect()
}

/// A traditional form as its simplified one.
pub(super) fn simplified(sign: char) -> char {
    SIMPLIFIED.get(&sign).copied().unwrap_or(sign)
}

/// A stroke is read as a dash and a dash as a stroke; neither tells two names apart.
const fn is_stroke(sign: char) -> bool {
    matches!(sign, '一' | '丨' | 'ー' | '㇐' | 'ㅡ' | '〡')
}

/// 常见繁体字 — the traditional forms that names are likely to bear, each with its simplified one.
static SIMPLIFIED: LazyLock<BTreeMap<char, char>> =
    LazyLock::new(|| pairs(include_str!("../../data/reference/traditional.txt")));

/// 形近字符 — each with the one it is taken for.
static LOOKALIKES: LazyLock<BTreeMap<char, char>> =
    LazyLock::new(|| pairs(include_str!("../../data/reference/lookalikes.txt")));

fn pairs(text: &str) -> BTreeMap<char, char> {
    let pairs = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    pairs
        .filter_map(|pair| {
            let mut signs = pair.chars();
            Some((signs.next()?, signs.next()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_take_for_the_same_have_the_same_key() {
        let same = [
            "内蒙古自治区AI储能创新联合体",
            "内蒙古自治区ＡＩ储能创新联合体",
            "内蒙古自治区 ai·储能 创新联合体",
            "內蒙古自治區AI儲能創新聯合體",
            "内蒙古自治区AI\u{200D}储能创新联合体",
            "内蒙古AI储能创新联合体",
            "内蒙古自治区А1储能创新联合体",
            "内蒙古自治区Al—储能创新联合体",
        ];
        for name in same {
            assert_eq!(key(name), "ai储能", "{name}");
        }
        assert_ne!(key("内蒙古自治区氢能创新联合体"), key("内蒙古自治区储能创新联合体"));
        assert_eq!(key("内蒙古自治区创新联合体"), "内蒙古自治区创新联合体");
    }

    #[test]
    fn every_form_stands_beside_a_different_one_that_is_folded_no_further() {
        assert!(SIMPLIFIED.len() > 300 && LOOKALIKES.len() > 50);
        for (table, name) in [(&SIMPLIFIED, "traditional"), (&LOOKALIKES, "lookalikes")] {
            for (form, plain) in table.iter() {
                assert_ne!(form, plain, "{name}");
                assert!(!table.contains_key(plain), "{name}: {form} {plain}");
            }
        }
        // What one table makes is not what the other still folds.
        for plain in LOOKALIKES.values() {
            assert!(!SIMPLIFIED.contains_key(plain), "{plain}");
        }
        assert_eq!(bare(&bare("內蒙古А0〇")), bare("內蒙古А0〇"), "once is enough");
    }
}
