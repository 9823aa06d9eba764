//! 猜得到猜不到 — how easily a password is guessed: zxcvbn's estimate, told the words that whoever
//! knows the platform and the person tries first.

use zxcvbn::Score;
use zxcvbn::matching::Match;
use zxcvbn::matching::patterns::MatchPattern;

/// What a password must reach: a hundred million guesses.
const SCORE_MIN: Score = Score::Three;
/// What it must reach with a word of the person or the trade in it, which is no secret to those who
/// would guess: ten thousand million.
const SCORE_MIN_WITH_WORDS: Score = Score::Four;
/// Pieces of a Chinese name that are remembered: `云川`, `云川储能科技`.
const PIECE_CHARS: std::ops::RangeInclusive<usize> = 2..=6;

/// Words of the trade and the region, in letters and in Chinese, and the four that English lists
/// of common passwords do not know.
const TRADE: [&str; 50] = [
    "创联",
    "创新联合体",
    "联合体",
    "内蒙古",
    "自治区",
    "科技厅",
    "科技局",
    "备案",
    "草原",
    "密码",
    "chuanglian",
    "lianheti",
    "chuangxin",
    "beian",
    "neimenggu",
    "neimeng",
    "nmg",
    "nmgkjt",
    "kjt",
    "kejiting",
    "kejiju",
    "kjj",
    "huhehaote",
    "hohhot",
    "baotou",
    "wuhai",
    "chifeng",
    "tongliao",
    "eerduosi",
    "ordos",
    "hulunbeier",
    "bayannaoer",
    "wulanchabu",
    "xingan",
    "xilinguole",
    "alashan",
    "caoyuan",
    "mima",
    "zhongguo",
    "gongsi",
    "keji",
    "daxue",
    "yanjiuyuan",
    "youxiangongsi",
    "gaoxin",
    "jituan",
    "woaini",
    "woaizhongguo",
    "5201314",
    "1314520",
];

/// What makes a password easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ease {
    /// Words that are known.
    Words,
    /// Rows of keys, letters or digits in order.
    Rows,
    /// The same again.
    Repeats,
    /// Years and days.
    Years,
    /// Nothing of these, only too little.
    Short,
}

impl Ease {
    /// In words.
    pub(crate) const fn term(self) -> &'static str {
        match self {
            Self::Words => "与账号、姓名、单位、本平台有关的词或常用的词占了大半",
            Self::Rows => "用了键盘上相邻的键，或连续的字母、数字",
            Self::Repeats => "一段字反复出现",
            Self::Years => "用了年份或日期",
            Self::Short => "可以猜的组合太少",
        }
    }

    /// What a piece of a password is guessed by.
    const fn of(piece: &Match) -> Self {
        match piece.pattern {
            MatchPattern::Dictionary(_) => Self::Words,
            MatchPattern::Spatial(_) | MatchPattern::Sequence(_) => Self::Rows,
            MatchPattern::Repeat(_) => Self::Repeats,
            MatchPattern::Regex(_) | MatchPattern::Date(_) => Self::Years,
            MatchPattern::BruteForce => Self::Short,
        }
    }
}

/// What makes a password easy to guess for who knows `about`: the login, names, units. `None` when
/// it takes guesses enough.
pub(crate) fn ease(password: &str, about: &[&str]) -> Option<Ease> {
    let words = words(about);
    let told: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(password, &told);
    let knows = |piece: &Match| match &piece.pattern {
        MatchPattern::Dictionary(found) => words.contains(&found.matched_word),
        _ => false,
    };
    let floor =
        if estimate.sequence().iter().any(knows) { SCORE_MIN_WITH_WORDS } else { SCORE_MIN };
    let guessed = |piece: &&Match| Ease::of(piece) != Ease::Short;
    let longest = estimate.sequence().iter().filter(guessed).max_by_key(|piece| piece.j - piece.i);
    (estimate.score() < floor).then(|| longest.map_or(Ease::Short, Ease::of))
}

/// Everything that is guessed as one word, in small letters.
fn words(about: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = TRADE.map(str::to_owned).into();
    for name in about {
        let name = name.to_lowercase();
        if name.is_ascii() {
            words.extend(name.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned));
        } else {
            let letters: Vec<char> = name.chars().collect();
            for length in PIECE_CHARS {
                words.extend(letters.windows(length).map(String::from_iter));
            }
        }
        words.push(name);
    }
    words.retain(|word| word.chars().count() >= *PIECE_CHARS.start());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_what_follows_a_pattern_is_easy() {
        let about = ["zhaomin", "赵敏", "内蒙古云川储能科技有限公司"];
        let table = [
            ("correct horse battery", None),
            ("Tulip7Kettle9", None),
            ("马头琴在雨里响了七声", None),
            ("password123!", Some(Ease::Words)),
            ("P@ssw0rd!2026", Some(Ease::Words)),
            ("chuanglian2026", Some(Ease::Words)),
            ("Nmgkjt@2026!", Some(Ease::Words)),
            ("neimenggukejiting", Some(Ease::Words)),
            ("内蒙古创新联合体备案", Some(Ease::Words)),
            ("云川储能科技有限公司", Some(Ease::Words)),
            ("woaini1314520", Some(Ease::Words)),
            ("zhaomin-2026-x", Some(Ease::Words)),
            ("aaaaaaaaaaaa", Some(Ease::Repeats)),
            ("12345678901", Some(Ease::Words)),
            ("abcdefghijkl", Some(Ease::Rows)),
            ("1qaz2wsx3edc", Some(Ease::Words)),
            ("poiuytrewq", Some(Ease::Words)),
            ("tulip;tulip;tulip;", Some(Ease::Repeats)),
            ("2026-11-27", Some(Ease::Years)),
        ];
        for (password, expected) in table {
            assert_eq!(ease(password, &about), expected, "{password}");
        }
    }

    #[test]
    fn a_known_word_asks_for_more_beside_it() {
        assert_eq!(ease("batu;kv7qx", &[]), None);
        assert_eq!(ease("batu;kv7q", &["batu"]), Some(Ease::Words));
        assert_eq!(ease("batu;kv7qxhz", &["batu"]), None);
    }
}
