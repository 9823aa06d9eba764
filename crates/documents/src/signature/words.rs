//! What a signature says of itself: texts and times as files of any make write them.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Characters of a text that are kept: enough for a name and for a sentence.
const CHARACTERS_MAX: usize = 200;
/// China's time, in which every time is told.
const CHINA: Offset = Offset::constant(8);

/// A text that somebody else wrote, fit to be shown: cut, and without anything that is not seen.
pub fn text(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => narrow(rest),
        bytes => narrow(bytes),
    };
    decoded.chars().filter(|letter| !is_hidden(*letter)).take(CHARACTERS_MAX).collect()
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// UTF-8 where it is; otherwise the letters of Latin, which PDF's own encoding nearly is.
fn narrow(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Control characters, and those that turn the order of others.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// `D:20261127140000+08'00'`, in China's time; a time without a zone is taken for China's.
pub(super) fn moment(bytes: &[u8]) -> Option<DateTime> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let (digits, zone) = text.split_at_checked(14)?;
    let number = |at: usize| digits.get(at..at + 2)?.parse::<i8>().ok();
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    let at = DateTime::new(year, number(4)?, number(6)?, number(8)?, number(10)?, number(12)?, 0);
    let at = at.ok()?;
    if zone.is_empty() {
        return Some(at);
    }
    let instant = at.to_zoned(TimeZone::fixed(offset(zone)?)).ok()?;
    Some(instant.with_time_zone(TimeZone::fixed(CHINA)).datetime())
}

fn offset(zone: &str) -> Option<Offset> {
    let sign = match zone.chars().next()? {
        'Z' => return Some(Offset::UTC),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let part = |from: usize| zone.get(from..from + 2).and_then(|two| two.parse::<i32>().ok());
    let minutes = part(1)? * 60 + part(4).unwrap_or(0);
    Offset::from_seconds(sign * minutes * 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_the_encodings_that_files_use() {
        assert_eq!(text(b"\xFE\xFF\x76\xD6\x7A\xE0"), "盖章");
        assert_eq!(text(b"\xFF\xFE\xD6\x76\xE0\x7A"), "盖章");
        assert_eq!(text("盖章".as_bytes()), "盖章");
        assert_eq!(text(b"\xEF\xBB\xBFseal"), "seal");
        assert_eq!(text(b"caf\xE9"), "café");
        assert_eq!(text(b"a\x00b\n\xE2\x80\xAEc"), "abc", "nothing unseen");
        assert_eq!(text(&[b'x'; 10_000]).chars().count(), CHARACTERS_MAX);
    }

    #[test]
    fn times_are_told_in_chinas_time() {
        let told = |text: &str| moment(text.as_bytes()).map(|at| at.to_string());
        let noon = Some("2026-11-27T12:00:00".to_owned());
        for text in ["D:20261127120000+08'00'", "D:20261127040000Z", "D:20261127120000"] {
            assert_eq!(told(text), noon, "{text}");
        }
        assert_eq!(told("D:20261126230000-05'00"), noon);
        for text in ["", "D:2026", "D:20261327120000", "D:20261127120000*", "昨天下午三点钟左右"]
        {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
