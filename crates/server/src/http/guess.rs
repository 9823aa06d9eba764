//! 猜得到猜不到 — how much of a password is left once everything is taken for one sign that whoever
//! knows the platform and the person tries as one: names, words of the trade, years, rows of keys.

/// Signs that must be left. A letter or a digit is one, a Chinese character two.
pub(crate) const LEFT_MIN: usize = 9;
/// What is taken for one sign is at least so long, where it is no known word.
const RUN_MIN: usize = 3;
/// Pieces of a Chinese name that are remembered: `云川`, `云川储能科技`.
const PIECE_CHARS: std::ops::RangeInclusive<usize> = 2..=6;

/// Words of the trade and the region, in letters and in Chinese.
const TRADE: [&str; 46] = [
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
];
/// Words that open other people's lists.
const COMMON: [&str; 30] = [
    "password",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "changeme",
    "default",
    "iloveyou",
    "woaini",
    "woaizhongguo",
    "qwerty",
    "dragon",
    "monkey",
    "football",
    "sunshine",
    "princess",
    "master",
    "login",
    "secret",
    "hello",
    "world",
    "test",
    "user",
    "root",
    "abcd",
    "1314",
    "520",
    "5201314",
    "666",
    "888",
];
/// Rows of keys, along and across.
const KEYS: [&str; 6] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
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
    /// Years.
    Years,
}

impl Ease {
    const ALL: [Self; 4] = [Self::Words, Self::Rows, Self::Repeats, Self::Years];

    /// In words.
    pub(crate) const fn term(self) -> &'static str {
        match self {
            Self::Words => "与账号、姓名、单位、本平台有关的词或常用的词占了大半",
            Self::Rows => "用了键盘上相邻的键，或连续的字母、数字",
            Self::Repeats => "一段字反复出现",
            Self::Years => "用了年份",
        }
    }
}

/// What makes a password easy to guess for who knows `about`: the login, names, units. `None` when
/// enough of it is left.
pub(crate) fn ease(password: &str, about: &[&str]) -> Option<Ease> {
    let letters: Vec<char> = password.to_lowercase().chars().collect();
    let plain: Vec<char> = letters.iter().map(|letter| meant(*letter)).collect();
    let words = words(about);
    let (mut at, mut left) = (0, 0);
    let mut covered = [0; Ease::ALL.len()];
    while at < letters.len() {
        let found = longest(&letters, &plain, at, &words);
        let (length, signs) = match found {
            Some((ease, length)) => {
                covered[ease as usize] += length;
                (length, 1)
            }
            None => (1, if letters[at].is_ascii() { 1 } else { 2 }),
        };
        at += length;
        left += signs;
    }
    let most = Ease::ALL.into_iter().max_by_key(|ease| covered[*ease as usize]);
    most.filter(|_| left < LEFT_MIN)
}

/// The longest piece from here that is guessed as one.
fn longest(
    letters: &[char],
    plain: &[char],
    at: usize,
    words: &[Vec<char>],
) -> Option<(Ease, usize)> {
    let starts = |word: &&Vec<char>| {
        letters[at..].starts_with(word) || plain[at..].starts_with(word.as_slice())
    };
    let word = words.iter().filter(starts).map(Vec::len).max().unwrap_or(0);
    let rest = &letters[at..];
    let year = rest.starts_with(&['1', '9']) || rest.starts_with(&['2', '0']);
    let year = year && rest.len() >= 4 && rest[..4].iter().all(char::is_ascii_digit);
    let found = [
        (Ease::Words, word),
        (Ease::Rows, in_order(rest).max(along_keys(rest))),
        (Ease::Repeats, again(letters, at)),
        (Ease::Years, if year { 4 } else { 0 }),
    ];
    found.into_iter().filter(|(_, length)| *length > 0).max_by_key(|(_, length)| *length)
}

/// A letter as it is meant where signs stand for letters.
const fn meant(letter: char) -> char {
    match letter {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        other => other,
    }
}

/// How many letters go up or down by one, or stay.
fn in_order(rest: &[char]) -> usize {
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let Some(first) = rest.windows(2).next().map(step).filter(|step| step.abs() <= 1) else {
        return 0;
    };
    let length = rest.windows(2).take_while(|pair| step(pair) == first).count() + 1;
    if length >= RUN_MIN { length } else { 0 }
}

/// How many letters lie side by side on a keyboard.
fn along_keys(rest: &[char]) -> usize {
    let row = |row: &str| {
        let keys: Vec<char> = row.chars().collect();
        let back: Vec<char> = keys.iter().rev().copied().collect();
        along(rest, &keys).max(along(rest, &back))
    };
    let length = KEYS.into_iter().map(row).max().unwrap_or(0);
    if length >= RUN_MIN { length } else { 0 }
}

fn along(rest: &[char], keys: &[char]) -> usize {
    let Some(from) = rest.first().and_then(|first| keys.iter().position(|key| key == first)) else {
        return 0;
    };
    rest.iter().zip(&keys[from..]).take_while(|(letter, key)| letter == key).count()
}

/// How many letters from here stood before.
fn again(letters: &[char], at: usize) -> usize {
    let stood = |from: usize| {
        letters[from..at].iter().zip(&letters[at..]).take_while(|(a, b)| a == b).count()
    };
    let length = (0..at).map(stood).max().unwrap_or(0);
    if length >= RUN_MIN { length } else { 0 }
}

/// Everything that is guessed as one word.
fn words(about: &[&str]) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> =
        TRADE.into_iter().chain(COMMON).map(|word| word.chars().collect()).collect();
    for name in about {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        if name.is_ascii() {
            words.extend(letters.split(|letter| !letter.is_alphanumeric()).map(<[char]>::to_vec));
        } else {
            for length in PIECE_CHARS {
                words.extend(letters.windows(length).map(<[char]>::to_vec));
            }
        }
        words.push(letters);
    }
    words.retain(|word| word.len() >= *PIECE_CHARS.start());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_decides() {
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
            ("aaaaaaaaaaaa", Some(Ease::Rows)),
            ("12345678901", Some(Ease::Rows)),
            ("abcdefghijkl", Some(Ease::Rows)),
            ("1qaz2wsx3edc", Some(Ease::Rows)),
            ("poiuytrewq", Some(Ease::Rows)),
            ("tulip;tulip;tulip;", Some(Ease::Repeats)),
            ("2026!2027!2028", Some(Ease::Years)),
        ];
        for (password, expected) in table {
            assert_eq!(ease(password, &about), expected, "{password}");
        }
    }

    #[test]
    fn nine_signs_are_left_at_least() {
        assert_eq!(ease("tulpe;kv7 2026", &[]), None);
        assert!(ease("tulpe;kv 2026", &[]).is_none(), "nine");
        assert_eq!(ease("tulpe;k 2026", &[]), None);
        assert_eq!(ease("tulpe;k2026", &[]), Some(Ease::Years));
    }
}
