//! 失信名单 — which lists carry 严重失信 in the sense of Arts. 5(2) and 5(3).

use std::sync::LazyLock;

/// A list that a unit may stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditList {
    /// `C01`.
    pub id: &'static str,
    /// 名单名称.
    pub name: &'static str,
    /// Whether it is one of 严重失信.
    pub severity: Severity,
    /// 依据.
    pub basis: &'static str,
}

/// 失信程度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// 严重失信.
    Severe,
    /// 由人判断.
    Ask,
    /// 不属严重失信, shown as a warning only.
    Warning,
}

impl Severity {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Severe => "严重失信",
            Self::Ask => "由人判断",
            Self::Warning => "仅作提示",
        }
    }
}

static CREDIT_LISTS: LazyLock<Vec<CreditList>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/credit_lists.txt"))
        .map(|[id, severity, name, basis]| CreditList {
            id,
            name,
            severity: match severity {
                "severe" => Severity::Severe,
                "warning" => Severity::Warning,
                _ => Severity::Ask,
            },
            basis,
        })
        .collect()
});

/// Every list.
pub fn credit_lists() -> &'static [CreditList] {
    &CREDIT_LISTS
}

/// The list of that id or of that name.
pub fn credit_list(id: &str) -> Option<&'static CreditList> {
    credit_lists().iter().find(|list| list.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn irregular_operation_is_a_warning_and_no_serious_dishonesty() {
        // id, severity
        let table =
            [("C01", Severity::Severe), ("C02", Severity::Severe), ("C90", Severity::Warning)];
        for (id, severity) in table {
            assert_eq!(credit_list(id).map(|list| list.severity), Some(severity), "{id}");
        }
        assert_eq!(credit_list(""), None);
        for list in credit_lists() {
            assert!(!list.name.is_empty() && !list.basis.is_empty(), "{list:?}");
        }
    }
}
