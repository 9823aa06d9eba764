//! 科技创新平台类型 — which kinds count as 自治区级以上 (Art. 5(1)).

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::materials::PlatformStatus;

/// 科技创新平台类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformType {
    /// `R02`.
    pub id: &'static str,
    /// The kind: `自治区重点实验室（含企业重点实验室）`.
    pub name: &'static str,
    /// Who recognises it.
    pub level: PlatformLevel,
    /// Whether it counts towards Art. 5(1).
    pub counts: Counts,
}

/// 平台级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformLevel {
    /// 国家级.
    National,
    /// 自治区级.
    Region,
    /// 外省省级: a person confirms that it counts.
    OtherProvince,
    /// 其他.
    Other,
}

impl PlatformLevel {
    /// The Chinese word.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Region => "自治区级",
            Self::OtherProvince => "外省省级",
            Self::Other => "其他",
        }
    }
}

/// Whether a kind of platform counts as 自治区级以上科技创新平台. The regulation does not list the
/// kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counts {
    /// 计入.
    Yes,
    /// 由人判断.
    Ask,
    /// 不计入.
    No,
}

impl Counts {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Yes => "计入",
            Self::Ask => "由人判断",
            Self::No => "不计入",
        }
    }

    /// The value used in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Ask => "ask",
            Self::No => "no",
        }
    }
}

/// 计入与否 — what a platform of a level and a status counts for, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformStanding {
    /// The first day on which the row applies.
    pub from: Date,
    /// 级别.
    pub level: PlatformLevel,
    /// 状态.
    pub status: PlatformStatus,
    /// Whether it counts towards Art. 5(1).
    pub counts: Counts,
    /// 依据.
    pub basis: &'static str,
}

static STANDINGS: LazyLock<Vec<PlatformStanding>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/platform_standings.txt"))
        .map(|[from, level, status, counts, basis]| PlatformStanding {
            from: from.parse().unwrap_or(Date::MIN),
            level: level_of(level),
            status: status_of(status),
            counts: counts_of(counts),
            basis,
        })
        .collect()
});

fn status_of(word: &str) -> PlatformStatus {
    PlatformStatus::ALL.into_iter().find(|status| status.name() == word).unwrap_or(
        // What no row names is nothing that runs.
        PlatformStatus::Revoked,
    )
}

/// The table, oldest rows first.
pub fn platform_standings() -> &'static [PlatformStanding] {
    &STANDINGS
}

/// The row of a level and a status in force on a day; before the first one, the first one.
pub fn platform_standing(
    level: PlatformLevel,
    status: PlatformStatus,
    on: Date,
) -> &'static PlatformStanding {
    let rows = || STANDINGS.iter().filter(move |row| (row.level, row.status) == (level, status));
    rows()
        .filter(|row| row.from <= on)
        .max_by_key(|row| row.from)
        .or_else(|| rows().next())
        .unwrap_or(&STANDINGS[0])
}

static PLATFORM_TYPES: LazyLock<Vec<PlatformType>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/platforms.txt"))
        .map(|[id, level, name, counts]| PlatformType {
            id,
            name,
            level: level_of(level),
            counts: counts_of(counts),
        })
        .collect()
});

fn level_of(word: &str) -> PlatformLevel {
    match word {
        "national" => PlatformLevel::National,
        "region" => PlatformLevel::Region,
        "other_province" => PlatformLevel::OtherProvince,
        _ => PlatformLevel::Other,
    }
}

fn counts_of(word: &str) -> Counts {
    match word {
        "yes" => Counts::Yes,
        "ask" => Counts::Ask,
        _ => Counts::No,
    }
}

/// Every kind of platform, national ones first.
pub fn platform_types() -> &'static [PlatformType] {
    &PLATFORM_TYPES
}

/// The kind of that id.
pub fn platform_type(id: &str) -> Option<&'static PlatformType> {
    platform_types().iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_level_and_says_whether_it_counts() {
        // id, level, counts
        let table = [
            ("N02", PlatformLevel::National, Counts::Yes),
            ("N09", PlatformLevel::National, Counts::Ask),
            ("R02", PlatformLevel::Region, Counts::Yes),
            ("R14", PlatformLevel::Region, Counts::Ask),
            ("P99", PlatformLevel::OtherProvince, Counts::Ask),
            ("L99", PlatformLevel::Other, Counts::No),
        ];
        for (id, level, counts) in table {
            let kind = platform_type(id).unwrap();
            assert_eq!((kind.level, kind.counts), (level, counts), "{id}");
        }
    }

    #[test]
    fn only_what_is_below_the_region_never_counts() {
        for kind in platform_types() {
            assert_eq!(kind.counts == Counts::No, kind.level == PlatformLevel::Other, "{kind:?}");
        }
    }
}
