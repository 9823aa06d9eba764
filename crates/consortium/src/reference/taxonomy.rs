//! 分类 — the eight fields of technology and the sections of GB/T 4754-2017.

use std::sync::LazyLock;

/// A class of a published classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// `T4`, `C`.
    pub id: &'static str,
    /// The Chinese name.
    pub name: &'static str,
}

static FIELDS: LazyLock<Vec<Class>> =
    LazyLock::new(|| classes(include_str!("../../data/reference/fields.txt")));

static INDUSTRIES: LazyLock<Vec<Class>> =
    LazyLock::new(|| classes(include_str!("../../data/reference/industries.txt")));

fn classes(text: &'static str) -> Vec<Class> {
    super::entries(text).map(|[id, name]| Class { id, name }).collect()
}

/// 技术领域 — the eight fields of 国家重点支持的高新技术领域.
pub fn fields() -> &'static [Class] {
    &FIELDS
}

/// The field of that id.
pub fn field(id: &str) -> Option<&'static Class> {
    fields().iter().find(|class| class.id == id)
}

/// 所属行业 — the sections A to T of GB/T 4754-2017.
pub fn industries() -> &'static [Class] {
    &INDUSTRIES
}

/// The section of that letter.
pub fn industry(id: &str) -> Option<&'static Class> {
    industries().iter().find(|class| class.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_eight_fields_and_twenty_sections() {
        assert_eq!(fields().len(), 8);
        let letters: String = industries().iter().map(|class| class.id).collect();
        assert_eq!(letters, "ABCDEFGHIJKLMNOPQRST");
        assert_eq!(field("T4").map(|class| class.name), Some("新材料"));
        assert_eq!(industry("C").map(|class| class.name), Some("制造业"));
        assert!(fields().iter().chain(industries()).all(|class| !class.name.is_empty()));
    }
}
