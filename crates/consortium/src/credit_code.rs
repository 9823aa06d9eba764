//! 统一社会信用代码 — GB 32100-2015: normalising, check digits, and what the prefix hints at.
//!
//! A code cannot decide eligibility. Branches and partnerships carry 91 too, the area digits say
//! where a unit was first registered, and a few genuine early codes fail the check digit. So wrong
//! length or letters are faults, and everything else is a warning that a person may confirm.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::reference;

/// 统一社会信用代码 — eighteen characters of the code's alphabet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CreditCode(String);

/// A code as it was read, with what a person should confirm against the licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The code, upper case and half width.
    pub code: CreditCode,
    /// What does not fit; empty for a code that passes every check.
    pub warnings: Vec<CodeWarning>,
}

/// Why a text is no credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeFault {
    /// Not eighteen characters.
    #[error("统一社会信用代码应为{LENGTH}位，现有{found}位。")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no code has at that place.
    #[error("第{position}位“{letter}”不会出现在统一社会信用代码的这一位{}。", hint(*letter))]
    Letter {
        /// Counted from one.
        position: usize,
        /// What stands there.
        letter: char,
    },
}

/// 核对营业执照后继续 — what does not fit, and may be right all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodeWarning {
    /// The last character is not the check digit of the others.
    #[error("第18位校验码应为“{expected}”，请核对证照")]
    OuterCheck {
        /// The character that would fit.
        expected: char,
    },
    /// The seventeenth character is not the check digit of the organisation code before it.
    #[error("第17位（组织机构代码校验码）应为“{expected}”，请核对证照")]
    InnerCheck {
        /// The character that would fit.
        expected: char,
    },
    /// The first two characters name no type of the standard.
    #[error("前两位不是已知的登记管理部门和机构类别，请核对证照")]
    UnknownType,
    /// The area digits lie in the region but name no division of it.
    #[error("第3至8位不是自治区内的行政区划，请核对证照")]
    UnknownArea,
}

/// 资格提示 — what the prefix alone hints at, never a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// As 牵头单位 (Art. 5(2)).
    pub lead: Hint,
    /// As 成员单位 (Art. 5(3)).
    pub member: Hint,
}

/// What a prefix hints at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing speaks against it; the legal form decides.
    Possible,
    /// A person looks at it.
    AskPerson,
    /// A unit of this type cannot be it.
    Excluded,
}

/// Whether the area digits say that a unit was first registered in the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// 15xxxx.
    InRegion,
    /// 100000: at the national bureau, which says nothing of the place.
    Nationally,
    /// Elsewhere; the unit may have moved in since.
    Elsewhere,
}

/// How many characters a code has.
pub const LENGTH: usize = 18;

/// No I, O, S, V and Z, which are easily misread. The place of a character is its value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// 3^(i−1) mod 31 (GB 32100-2015).
const OUTER_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// GB 11714.
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl CreditCode {
    /// Reads a code as people write it: full width, lower case and spaces are put right.
    pub fn parse(text: &str) -> Result<Parsed, CodeFault> {
        let code = normalised(text);
        let found = code.chars().count();
        if found != LENGTH {
            return Err(CodeFault::Length { found });
        }
        for (index, letter) in code.chars().enumerate() {
            let fits = if (2..8).contains(&index) {
                letter.is_ascii_digit()
            } else {
                value(letter).is_some()
            };
            if !fits {
                return Err(CodeFault::Letter { position: index + 1, letter });
            }
        }
        let code = Self(code);
        let warnings = code.warnings();
        Ok(Parsed { code, warnings })
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 登记管理部门和机构类别 — what the first two characters say, where the standard knows them.
    pub fn kind(&self) -> Option<&'static str> {
        KINDS.iter().find(|(prefix, _)| *prefix == self.prefix()).map(|(_, kind)| *kind)
    }

    /// 登记管理机关行政区划 — of the organ that first issued the code; it never changes when a unit
    /// moves.
    pub fn area_digits(&self) -> &str {
        &self.0[2..8]
    }

    /// Where the area digits say the unit was first registered.
    pub fn registered(&self) -> Registered {
        match self.area_digits() {
            "100000" => Registered::Nationally,
            digits if digits.starts_with("15") => Registered::InRegion,
            _ => Registered::Elsewhere,
        }
    }

    /// Whether the area digits could belong to a domicile in `area`: the same province, or a
    /// registration at the national bureau.
    pub fn agrees_with(&self, area: &str) -> bool {
        self.registered() == Registered::Nationally || area.get(..2) == Some(&self.0[2..4])
    }

    /// 资格提示 — what the prefix hints at.
    pub fn eligibility(&self) -> Eligibility {
        let lead = if self.prefix() == "91" { Hint::Possible } else { Hint::Excluded };
        let member = match self.prefix() {
            "91" | "12" | "51" | "52" | "53" | "93" => Hint::Possible,
            "92" => Hint::Excluded,
            _ => Hint::AskPerson,
        };
        Eligibility { lead, member }
    }

    fn prefix(&self) -> &str {
        &self.0[..2]
    }

    fn warnings(&self) -> Vec<CodeWarning> {
        let mut warnings = Vec::new();
        let letters = self.0.as_bytes();
        let inner = inner_check(&self.0[8..16]);
        if char::from(letters[16]) != inner {
            warnings.push(CodeWarning::InnerCheck { expected: inner });
        }
        let outer = outer_check(&self.0[..17]);
        if char::from(letters[17]) != outer {
            warnings.push(CodeWarning::OuterCheck { expected: outer });
        }
        if self.kind().is_none() {
            warnings.push(CodeWarning::UnknownType);
        }
        if self.registered() == Registered::InRegion && !self.names_a_division() {
            warnings.push(CodeWarning::UnknownArea);
        }
        warnings
    }

    /// Development zones register under codes of statistics (150172), so the league is enough.
    fn names_a_division(&self) -> bool {
        let digits = self.area_digits();
        digits == "150000" || reference::league_of(digits).is_some()
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

fn normalised(text: &str) -> String {
    text.chars().filter_map(half_width).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// Full width becomes half width; spaces and invisible signs vanish.
fn half_width(letter: char) -> Option<char> {
    match letter {
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0),
        _ if letter.is_whitespace() => None,
        _ => Some(letter),
    }
}

fn hint(letter: char) -> &'static str {
    match letter {
        'I' => "，是否为数字1",
        'O' => "，是否为数字0",
        'S' => "，是否为数字5",
        'Z' => "，是否为数字2",
        'V' => "，是否为字母U",
        _ => "",
    }
}

fn value(letter: char) -> Option<usize> {
    ALPHABET.iter().position(|&member| char::from(member) == letter)
}

/// The check digit of the first seventeen characters (GB 32100-2015).
fn outer_check(body: &str) -> char {
    let values = body.chars().map(|letter| value(letter).unwrap_or_default());
    let sum: usize = values.zip(OUTER_WEIGHTS).map(|(value, weight)| value * weight).sum();
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

/// The check digit of an organisation code's eight characters (GB 11714).
fn inner_check(body: &str) -> char {
    let values = body.chars().map(|letter| letter.to_digit(36).unwrap_or_default());
    let sum: u32 = values.zip(INNER_WEIGHTS).map(|(value, weight)| value * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// The first two characters and what they say (GB 32100-2015, with the later additions).
const KINDS: &[(&str, &str)] = &[
    ("11", "机关"),
    ("12", "事业单位"),
    ("13", "编办直接管理机构编制的群众团体"),
    ("19", "机构编制其他"),
    ("21", "外国常驻新闻机构"),
    ("29", "外交其他"),
    ("31", "律师执业机构"),
    ("32", "公证处"),
    ("33", "基层法律服务所"),
    ("34", "司法鉴定机构"),
    ("35", "仲裁委员会"),
    ("36", "商事调解组织"),
    ("39", "司法行政其他"),
    ("41", "外国在华文化中心"),
    ("49", "文化其他"),
    ("51", "社会团体"),
    ("52", "民办非企业单位"),
    ("53", "基金会"),
    ("54", "村民委员会"),
    ("55", "居民委员会"),
    ("59", "民政其他"),
    ("61", "外国旅游部门常驻代表机构"),
    ("62", "港澳台地区旅游部门常驻内地（大陆）代表机构"),
    ("69", "旅游其他"),
    ("71", "宗教活动场所"),
    ("72", "宗教院校"),
    ("79", "宗教其他"),
    ("81", "基层工会"),
    ("82", "工会（其他层级）"),
    ("89", "工会其他"),
    ("91", "企业"),
    ("92", "个体工商户"),
    ("93", "农民专业合作社"),
    ("99", "工商其他"),
    ("A1", "军队事业单位"),
    ("A9", "军队其他"),
    ("G1", "境外非政府组织代表机构"),
    ("J1", "业主大会"),
    ("N1", "组级集体经济组织"),
    ("N2", "村级集体经济组织"),
    ("N3", "乡镇级集体经济组织"),
    ("N9", "农业其他"),
    ("Q1", "侨联"),
    ("Q2", "侨联"),
    ("Q3", "侨联"),
    ("Q4", "侨联"),
    ("Q5", "侨联"),
    ("Q6", "侨联"),
    ("Q7", "侨联"),
    ("Q8", "侨联"),
    ("Q9", "侨联"),
    ("Y1", "其他"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fictional codes that pass every check, with what their prefix says.
    const VALID: &[(&str, &str, Hint, Hint)] = &[
        // code, kind, as lead, as member
        ("91150104MAFX01A86K", "企业", Hint::Possible, Hint::Possible),
        ("91150203MAFX02B779", "企业", Hint::Possible, Hint::Possible),
        ("91150600MAFX03C68H", "企业", Hint::Possible, Hint::Possible),
        ("91150000999000013R", "企业", Hint::Possible, Hint::Possible),
        ("91152502MAFX05E4XT", "企业", Hint::Possible, Hint::Possible),
        ("12150000MBFX06F341", "事业单位", Hint::Excluded, Hint::Possible),
        ("12100000999000750W", "事业单位", Hint::Excluded, Hint::Possible),
        ("52150000MJFX08H156", "民办非企业单位", Hint::Excluded, Hint::Possible),
        ("51150000MJFX09J02U", "社会团体", Hint::Excluded, Hint::Possible),
        ("93150921MAFX11L81B", "农民专业合作社", Hint::Excluded, Hint::Possible),
        ("92150502MAFX12M728", "个体工商户", Hint::Excluded, Hint::Excluded),
        ("91110108MAFX10K90Y", "企业", Hint::Possible, Hint::Possible),
        ("911000009990012868", "企业", Hint::Possible, Hint::Possible),
        ("N2150621MFFX14N569", "村级集体经济组织", Hint::Excluded, Hint::AskPerson),
    ];

    #[test]
    fn a_valid_code_is_taken_without_a_warning_and_tells_its_type() {
        for &(text, kind, lead, member) in VALID {
            let parsed = CreditCode::parse(text).unwrap();
            assert_eq!((parsed.code.as_str(), parsed.warnings), (text, vec![]));
            assert_eq!(parsed.code.kind(), Some(kind), "{text}");
            assert_eq!(parsed.code.eligibility(), Eligibility { lead, member }, "{text}");
        }
    }

    #[test]
    fn a_code_that_fails_a_check_is_a_warning_that_names_what_would_fit() {
        use CodeWarning::{InnerCheck, OuterCheck, UnknownArea};
        // code, warnings
        let table: &[(&str, &[CodeWarning])] = &[
            ("91150104MAFX01A860", &[OuterCheck { expected: 'K' }]),
            ("91150104MAXF01A86K", &[InnerCheck { expected: '2' }, OuterCheck { expected: '6' }]),
            ("91157104MAFX01A86K", &[OuterCheck { expected: 'A' }, UnknownArea]),
            ("91150104AFX01A86MK", &[InnerCheck { expected: '0' }, OuterCheck { expected: 'N' }]),
            ("91150104MAFX01A83A", &[InnerCheck { expected: '6' }]),
        ];
        for (text, warnings) in table {
            assert_eq!(CreditCode::parse(text).unwrap().warnings, *warnings, "{text}");
        }
    }

    #[test]
    fn a_text_of_wrong_length_or_letters_is_no_code() {
        // text, fault
        let table = [
            ("91150104MAFX01A86", CodeFault::Length { found: 17 }),
            ("", CodeFault::Length { found: 0 }),
            ("91150104MAFXO1A86K", CodeFault::Letter { position: 13, letter: 'O' }),
            ("91I50104MAFX01A86K", CodeFault::Letter { position: 3, letter: 'I' }),
            ("91A50104MAFX01A86K", CodeFault::Letter { position: 3, letter: 'A' }),
            ("91150104MAFX01A86储", CodeFault::Letter { position: 18, letter: '储' }),
        ];
        for (text, fault) in table {
            assert_eq!(CreditCode::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for text in [
            "91150203mafx02b779",
            " 91150203 MAFX02B779 ",
            "９１１５０２０３ＭＡＦＸ０２Ｂ７７９",
            "91150203\u{3000}ｍａｆｘ02b779\u{FEFF}",
        ] {
            let parsed = CreditCode::parse(text).unwrap();
            assert_eq!(parsed.code.as_str(), "91150203MAFX02B779", "{text}");
            assert_eq!(parsed.warnings, vec![], "{text}");
        }
    }

    #[test]
    fn a_fault_and_a_warning_speak_to_people() {
        // text, sentence
        let table = [
            ("91150104MAFX01A86", "统一社会信用代码应为18位，现有17位。"),
            ("91150104MAFXO1A86K", "第13位“O”不会出现在统一社会信用代码的这一位，是否为数字0。"),
        ];
        for (text, sentence) in table {
            assert_eq!(CreditCode::parse(text).unwrap_err().to_string(), sentence);
        }
        let warning = CodeWarning::OuterCheck { expected: 'K' };
        assert_eq!(warning.to_string(), "第18位校验码应为“K”，请核对证照");
    }

    #[test]
    fn the_area_digits_hint_and_do_not_decide() {
        // code, domicile, registered, agrees
        let table = [
            ("91150104MAFX01A86K", "150203", Registered::InRegion, true),
            ("91110108MAFX10K90Y", "150203", Registered::Elsewhere, false),
            ("911000009990012868", "150203", Registered::Nationally, true),
            ("91150104MAFX01A86K", "110108", Registered::InRegion, false),
        ];
        for (text, area, registered, agrees) in table {
            let code = CreditCode::parse(text).unwrap().code;
            assert_eq!(code.registered(), registered, "{text}");
            assert_eq!(code.agrees_with(area), agrees, "{text} {area}");
        }
    }

    #[test]
    fn a_prefix_the_standard_does_not_know_is_a_warning() {
        let parsed = CreditCode::parse("98150104MAFX01A86K").unwrap();
        assert!(parsed.warnings.contains(&CodeWarning::UnknownType));
        assert_eq!(parsed.code.eligibility().member, Hint::AskPerson);
    }

    proptest! {
        #[test]
        fn every_one_character_change_of_a_valid_code_is_detected(
            row in 0..VALID.len(),
            place in 0..LENGTH,
            letter in "[0-9A-Z]",
        ) {
            let valid = VALID[row].0;
            let changed = format!("{}{letter}{}", &valid[..place], &valid[place + 1..]);
            prop_assume!(changed != valid);
            let detected = CreditCode::parse(&changed).map_or(true, |read| !read.warnings.is_empty());
            prop_assert!(detected, "{changed}");
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".{0,40}") {
            let _ = CreditCode::parse(&text);
        }
    }
}
