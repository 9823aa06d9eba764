//! The name of a file, as it is kept and shown.

use unicode_normalization::UnicodeNormalization;

/// Characters of a file name: what fits on one line of a list.
pub const NAME_CHARS_MAX: usize = 120;

/// The last part of a name, in letters that can be seen, short enough to be shown; its ending
/// stays. Empty when nothing is left.
pub fn tidy(claimed: &str) -> String {
    let last = claimed.rsplit(['/', '\\']).next().unwrap_or_default();
    let letters: String = last.nfc().filter(|letter| is_seen(*letter)).collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_start_matches('.').trim_end_matches(['.', ' ']);
    let count = name.chars().count();
    if count <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 5 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let room = NAME_CHARS_MAX - ending.chars().count();
    stem.chars().take(room).chain(ending.chars()).collect()
}

/// Letters that show and that no file system or header takes for something else.
fn is_seen(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
                | '<' | '>' | ':' | '"' | '|' | '?' | '*'
        )
}

/// What a name ends in, in small letters; `None` when it has no ending.
pub(super) fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then(|| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_last_part_in_letters_that_can_be_seen() {
        let table = [
            ("C:\\temp\\协议.pdf", "协议.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202E}fdp.exe\0", "afdp.exe"),
            ("..\u{200B}", ""),
            (".hidden.pdf", "hidden.pdf"),
            ("  平台　批准\t文件 .pdf ", "平台 批准文件 .pdf"),
            ("a<b>:\"|?*.pdf", "ab.pdf"),
            ("e\u{301}.pdf", "\u{e9}.pdf"),
            ("", ""),
        ];
        for (claimed, kept) in table {
            assert_eq!(tidy(claimed), kept, "{claimed:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let edge = format!("{}.pdf", "长".repeat(NAME_CHARS_MAX - 4));
        assert_eq!(tidy(&edge), edge);
        assert_eq!(tidy(&format!("长{edge}")), edge);
        let endless = "长".repeat(NAME_CHARS_MAX + 1);
        assert_eq!(tidy(&endless).chars().count(), NAME_CHARS_MAX);
        assert_eq!(ending("a.PDF").as_deref(), Some("pdf"));
        assert_eq!(ending(".pdf"), None);
        assert_eq!(ending("pdf"), None);
    }
}
