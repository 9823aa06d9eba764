//! 分类 — the fields of technology, the industries of GB/T 4754-2017, clusters and chains.

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

static SUBFIELDS: LazyLock<Vec<Class>> =
    LazyLock::new(|| classes(include_str!("../../data/reference/subfields.txt")));

static DIVISIONS: LazyLock<Vec<Division>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/divisions.txt"))
        .map(|[id, section, name]| Division { id, section, name })
        .collect()
});

static CHAINS: LazyLock<Vec<Class>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/chains.txt"))
        .map(|[name, kind]| Class { id: kind, name })
        .collect()
});

/// 行业大类.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// `38`.
    pub id: &'static str,
    /// The section it belongs to: `C`.
    pub section: &'static str,
    /// The Chinese name.
    pub name: &'static str,
}

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

/// 二级技术领域.
pub fn subfields() -> &'static [Class] {
    &SUBFIELDS
}

/// The second-level field of that id: `T4-02`, of the field before the dash.
pub fn subfield(id: &str) -> Option<&'static Class> {
    subfields().iter().find(|class| class.id == id)
}

/// 行业大类 — the divisions of GB/T 4754-2017.
pub fn divisions() -> &'static [Division] {
    &DIVISIONS
}

/// The division of those two digits.
pub fn division(id: &str) -> Option<&'static Division> {
    divisions().iter().find(|division| division.id == id)
}

/// 产业集群和重点产业链 that are offered; the id of each is the kind of list it stands on.
pub fn chains() -> &'static [Class] {
    &CHAINS
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
    #[test]
    fn the_second_levels_belong_to_the_first() {
        assert_eq!((subfields().len(), divisions().len()), (52, 97));
        assert!(subfields().iter().all(|sub| {
            sub.id.split_once('-').is_some_and(|(first, _)| field(first).is_some())
        }));
        assert!(divisions().iter().all(|division| industry(division.section).is_some()));
        let numbers: Vec<u8> = divisions().iter().filter_map(|d| d.id.parse().ok()).collect();
        assert_eq!(numbers, (1..=97).collect::<Vec<_>>());
        assert_eq!(
            division("38").map(|d| (d.section, d.name)),
            Some(("C", "电气机械和器材制造业"))
        );
        assert!(chains().iter().any(|chain| chain.name == "稀土"));
    }
}
