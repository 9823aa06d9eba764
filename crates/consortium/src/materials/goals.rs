//! T6 技术创新目标, T7 关键技术 — what is to be reached, and what stands in the way (Art. 3).

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ids::UnitId;

/// The lowest and the highest 技术就绪度 (TRL, GB/T 22900).
pub const TRL: std::ops::RangeInclusive<u8> = 1..=9;

/// T6 年度目标.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearGoal {
    /// 年度.
    pub year: i16,
    /// 目标.
    pub goal: String,
}

/// T6 考核指标.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// 指标名称; in earlier forms with its unit of measure.
    pub name: String,
    /// 计量单位.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measure: String,
    /// 现状值.
    pub baseline: String,
    /// 目标值.
    pub target: String,
    /// 完成年度.
    pub year: i16,
}

/// T7 关键技术.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTechnology {
    /// 关键技术.
    pub name: String,
    /// 国内外现状.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// 难题与现状.
    pub bottleneck: String,
    /// 攻关思路: a trade secret, never public.
    pub approach: String,
    /// 现在的技术就绪度.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trl_from: Option<u8>,
    /// 要达到的技术就绪度.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trl_to: Option<u8>,
    /// 牵头攻关单位.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lead_unit: Option<UnitId>,
    /// 参与单位.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<UnitId>,
}
