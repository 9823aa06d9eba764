//! 写法 — the formats in which agreements are signed: the present one, and those that were signed
//! before and are read for ever (`docs/agreement-format.md`).

use serde::{Deserialize, Serialize};

use crate::materials::Part;

/// The format in which an agreement was locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// Indicators, tasks and inputs, in some of their columns. Rounds locked before formats were
    /// written down are of this one, or of the one before it, which their digest tells.
    #[serde(rename = "chuanglian-agreement-2")]
    Second,
    /// Every table that binds the parties, in every column.
    #[default]
    #[serde(rename = "chuanglian-agreement-3")]
    Third,
}

impl Format {
    /// What the canonical text says of itself, and the journal of the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "chuanglian-agreement-2",
            Self::Third => "chuanglian-agreement-3",
        }
    }

    /// Of a lock that says nothing of its format.
    pub(crate) const fn unsaid() -> Self {
        Self::Second
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes what it writes by reference"
    )]
    pub(crate) fn is_unsaid(&self) -> bool {
        *self == Self::unsaid()
    }

    /// Whether 收益分配, 知识产权, 组织与运行 and every column of the other tables are signed.
    pub const fn signs_every_table(self) -> bool {
        matches!(self, Self::Third)
    }

    /// 协议的一部分 — the parts of the filing that the parties sign together with the text.
    pub const fn signed_parts(self) -> &'static [Part] {
        match self {
            Self::Second => {
                &[Part::Parties, Part::Agreement, Part::Goals, Part::Work, Part::Inputs]
            }
            Self::Third => &[
                Part::Parties,
                Part::Agreement,
                Part::Goals,
                Part::Work,
                Part::Inputs,
                Part::Rights,
                Part::Organisation,
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_written_by_its_name_and_a_lock_without_one_is_of_the_second() {
        for format in [Format::Second, Format::Third] {
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
        assert!(Format::unsaid().is_unsaid() && !Format::default().is_unsaid());
        assert!(Format::Second < Format::Third);
    }
}
