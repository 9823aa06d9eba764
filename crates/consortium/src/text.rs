//! Checks of what people type: present, and no longer than its named limit.

use crate::refusal::Refusal;

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// At most so many characters (Unicode scalar values).
    Characters(usize),
}

/// A short line: a name, a title, a document number.
pub const LINE_MAX: usize = 120;
/// A reason, an opinion, a paragraph.
pub const PARAGRAPH_MAX: usize = 2_000;
/// A section of the form, the agreement or a report.
pub const SECTION_MAX: usize = 5_000;

/// Refuses an empty text and one past its limit.
pub fn required(field: &str, label: &str, text: &str, limit: Limit) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::field(field, &format!("填写{label}"), "补写后再提交"));
    }
    within(field, label, text, limit)
}

/// Refuses a text past its limit and one with control characters.
pub fn within(field: &str, label: &str, text: &str, limit: Limit) -> Result<(), Refusal> {
    let Limit::Characters(most) = limit;
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::field(
            field,
            &format!("{label}最多 {most} 个字，现为 {length} 个字"),
            "删减后再提交",
        ));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Refusal::field(
            field,
            &format!("{label}里有不能显示的控制字符"),
            "删去后再提交",
        ));
    }
    Ok(())
}

/// A required line.
pub fn line(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    required(field, label, text, Limit::Characters(LINE_MAX))
}

/// A required paragraph: a reason, an opinion.
pub fn paragraph(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    required(field, label, text, Limit::Characters(PARAGRAPH_MAX))
}

/// A required section.
pub fn section(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    required(field, label, text, Limit::Characters(SECTION_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_at_its_limit_is_taken_and_one_past_it_is_not() {
        let at = "稀".repeat(LINE_MAX);
        assert!(line("name", "名称", &at).is_ok());
        let refusal = line("name", "名称", &format!("{at}土")).unwrap_err();
        assert_eq!(refusal.reason, "名称最多 120 个字，现为 121 个字");
    }

    #[test]
    fn blank_and_control_characters_are_not_taken() {
        assert!(line("name", "名称", " \u{3000}").is_err());
        assert!(line("name", "名称", "稀\u{0}土").is_err());
    }
}
