//! 联合体名称 — 内蒙古自治区××创新联合体 (Art. 6(1)): its form here, when two names are the same in
//! [`key`], and what is said of a name to whoever asks in [`ruling`].

mod reservation;
pub mod ruling;
mod skeleton;

use std::fmt;

use serde::Serialize;
use thiserror::Error;

pub use reservation::{Hold, lapse, next_day, reserve};
pub(crate) use reservation::{held, room_for_one_more, usable};
pub use skeleton::key;

/// What every name begins with.
pub const PREFIX: &str = "内蒙古自治区";
/// What every name ends with.
pub const SUFFIX: &str = "创新联合体";
/// Fewest characters between prefix and suffix.
pub const CORE_MIN: usize = 2;
/// Most characters between prefix and suffix.
pub const CORE_MAX: usize = 30;

/// 联合体名称 — a name that has the form of Art. 6(1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ConsortiumName(String);

impl ConsortiumName {
    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands between prefix and suffix: the field or the product.
    pub fn core(&self) -> &str {
        core_of(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for ConsortiumName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// 名称不合规定 — what is wrong with a name, and the form that would be right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.sentence())]
pub struct NameFault {
    /// What is wrong.
    pub kind: NameFaultKind,
    /// The proposed correct form, where one can be made from what was written.
    pub proposed: Option<String>,
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFaultKind {
    /// Nothing was written.
    Empty,
    /// It does not begin with 内蒙古自治区.
    Prefix,
    /// It does not end with 创新联合体.
    Suffix,
    /// Prefix or suffix stands in it twice.
    Repeated,
    /// Nothing, or a single character, stands between prefix and suffix.
    TooShort,
    /// More characters stand between prefix and suffix than fit.
    TooLong,
    /// A character that is not allowed.
    Character(char),
}

impl NameFault {
    /// What is wrong and what would be right, for people.
    pub fn sentence(&self) -> String {
        let wrong = match self.kind {
            NameFaultKind::Empty => "填写联合体名称".to_owned(),
            NameFaultKind::Prefix => format!("名称应以“{PREFIX}”开头"),
            NameFaultKind::Suffix => format!("名称应以“{SUFFIX}”结尾"),
            NameFaultKind::Repeated => format!("名称中“{PREFIX}”和“{SUFFIX}”只各出现一次"),
            NameFaultKind::TooShort => {
                format!("“{PREFIX}”和“{SUFFIX}”之间至少写{CORE_MIN}个字的领域或产品")
            }
            NameFaultKind::TooLong => {
                format!("“{PREFIX}”和“{SUFFIX}”之间最多{CORE_MAX}个字")
            }
            NameFaultKind::Character(sign) if shows(sign) => {
                format!("名称中不能有“{sign}”，只用汉字、字母、数字、间隔号、括号和短横")
            }
            NameFaultKind::Character(sign) => {
                format!("名称中有看不见的字符（U+{:04X}），要删去", u32::from(sign))
            }
        };
        match &self.proposed {
            Some(name) => format!("{wrong}，可改为“{name}”。"),
            None => format!("{wrong}。"),
        }
    }
}

/// 核对名称 — R6.1b; spaces around the name do not count.
pub fn check(name: &str) -> Result<ConsortiumName, NameFault> {
    let name = name.trim();
    match fault_of(name) {
        None => Ok(ConsortiumName(name.to_owned())),
        Some(kind) => Err(NameFault { kind, proposed: proposal(name) }),
    }
}

fn fault_of(name: &str) -> Option<NameFaultKind> {
    if name.is_empty() {
        return Some(NameFaultKind::Empty);
    }
    if let Some(sign) = name.chars().find(|&sign| !allowed(sign)) {
        return Some(NameFaultKind::Character(sign));
    }
    if !name.starts_with(PREFIX) {
        return Some(NameFaultKind::Prefix);
    }
    let Some(core) = core_of(name) else {
        return Some(NameFaultKind::Suffix);
    };
    if core.contains(PREFIX) || core.contains(SUFFIX) {
        return Some(NameFaultKind::Repeated);
    }
    let meaning = core.chars().filter(|sign| sign.is_alphanumeric()).count();
    match core.chars().count() {
        _ if meaning < CORE_MIN => Some(NameFaultKind::TooShort),
        CORE_MIN..=CORE_MAX => None,
        _ => Some(NameFaultKind::TooLong),
    }
}

fn core_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

/// The right form of what was written, where its core can be seen.
fn proposal(name: &str) -> Option<String> {
    let plain = name.chars().map(half_width).map(skeleton::simplified);
    let kept: String = plain.filter(|&sign| allowed(sign)).collect();
    let name = format!("{PREFIX}{}{SUFFIX}", stripped(&kept));
    fault_of(&name).is_none().then_some(name)
}

/// What is left when everything that says region or consortium is taken off both ends.
fn stripped(name: &str) -> &str {
    const HEADS: [&str; 3] = [PREFIX, "内蒙古", "自治区"];
    const TAILS: [&str; 4] = [SUFFIX, "创新联盟", "联合体", "联盟"];
    let mut core = name;
    while let Some(rest) = HEADS.iter().find_map(|head| core.strip_prefix(head)) {
        core = rest;
    }
    while let Some(rest) = TAILS.iter().find_map(|tail| core.strip_suffix(tail)) {
        core = rest;
    }
    core
}

fn allowed(sign: char) -> bool {
    is_han(sign) || sign.is_ascii_alphanumeric() || matches!(sign, '·' | '（' | '）' | '—' | '-')
}

/// The blocks of Han characters in Unicode 16, with 〇.
fn is_han(sign: char) -> bool {
    matches!(sign,
        '〇'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2FA1F}'
        | '\u{30000}'..='\u{323AF}')
}

/// Whether people see the sign: no control, format or space character.
fn shows(sign: char) -> bool {
    let invisible = matches!(sign,
        '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}');
    !(invisible || sign.is_control() || sign.is_whitespace())
}

/// Full-width letters, digits and signs become half-width; brackets stay Chinese.
fn half_width(sign: char) -> char {
    match sign {
        '(' => '（',
        ')' => '）',
        '（' | '）' => sign,
        '•' | '・' | '‧' => '·',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_form_in_the_regulation_is_taken() {
        // name, core
        let table = [
            ("内蒙古自治区电化学储能创新联合体", "电化学储能"),
            (" 内蒙古自治区储能创新联合体 ", "储能"),
            ("内蒙古自治区AI·稀土（北方）创新联合体", "AI·稀土（北方）"),
            ("内蒙古自治区内蒙古羊绒创新联合体", "内蒙古羊绒"),
        ];
        for (name, core) in table {
            let found = check(name).map(|name| name.core().to_owned()).unwrap_or_default();
            assert_eq!(found, core, "{name}");
        }
    }

    #[test]
    fn a_name_of_another_form_is_refused_with_the_form_that_would_be_right() {
        use NameFaultKind::{Character, Empty, Prefix, Repeated, Suffix, TooLong, TooShort};
        let right = Some("内蒙古自治区储能创新联合体");
        let long = format!("内蒙古自治区{}创新联合体", "储".repeat(31));
        // name, what is wrong, proposed form
        let table = [
            ("", Empty, None),
            ("内蒙古储能创新联合体", Prefix, right),
            ("储能", Prefix, right),
            ("内蒙古自治区储能联合体", Suffix, right),
            ("内蒙古自治区储能创新联盟", Suffix, right),
            ("内蒙古自治区内蒙古自治区储能创新联合体", Repeated, right),
            ("内蒙古自治区储能创新联合体创新联合体", Repeated, right),
            ("内蒙古自治区创新联合体", TooShort, None),
            ("内蒙古自治区储创新联合体", TooShort, None),
            ("内蒙古自治区——创新联合体", TooShort, None),
            ("内蒙古自治区储 能创新联合体", Character(' '), right),
            ("内蒙古自治区储\u{200B}能创新联合体", Character('\u{200B}'), right),
            ("内蒙古自治区“储能”创新联合体", Character('“'), right),
            ("内蒙古自治区储能+创新联合体", Character('+'), right),
            (long.as_str(), TooLong, None),
        ];
        for (name, kind, proposed) in table {
            let fault = check(name).unwrap_err();
            assert_eq!((fault.kind, fault.proposed.as_deref()), (kind, proposed), "{name}");
        }
    }

    #[test]
    fn full_width_letters_are_refused_and_proposed_in_half_width() {
        let fault = check("内蒙古自治区ＡＩ(北方)创新联合体").unwrap_err();
        assert_eq!(fault.kind, NameFaultKind::Character('Ａ'));
        assert_eq!(fault.proposed.as_deref(), Some("内蒙古自治区AI（北方）创新联合体"));
    }

    #[test]
    fn the_core_is_counted_at_the_edge_and_one_past_it() {
        // characters, allowed
        for (count, allowed) in [(1, false), (2, true), (30, true), (31, false)] {
            let name = format!("{PREFIX}{}{SUFFIX}", "储".repeat(count));
            assert_eq!(check(&name).is_ok(), allowed, "{count}");
        }
    }

    #[test]
    fn a_fault_speaks_to_people() {
        // name, sentence
        let table = [
            (
                "内蒙古储能创新联合体",
                "名称应以“内蒙古自治区”开头，可改为“内蒙古自治区储能创新联合体”。",
            ),
            (
                "内蒙古自治区储\u{200B}能创新联合体",
                "名称中有看不见的字符（U+200B），要删去，可改为“内蒙古自治区储能创新联合体”。",
            ),
            ("", "填写联合体名称。"),
        ];
        for (name, sentence) in table {
            assert_eq!(check(name).unwrap_err().to_string(), sentence);
        }
    }
}
