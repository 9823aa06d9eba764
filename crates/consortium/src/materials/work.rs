//! T8 任务分工 — who does what by when (Arts. 3, 6(2)).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// 任务类型 (Art. 3: both research and conversion).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// 研究开发.
    Research,
    /// 科技成果转化.
    Conversion,
    /// 平台建设.
    Platform,
    /// 人才培养.
    Talent,
    /// 标准制定.
    Standard,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Research, Self::Conversion, Self::Platform, Self::Talent, Self::Standard];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Research => "研究开发",
            Self::Conversion => "科技成果转化",
            Self::Platform => "平台建设",
            Self::Talent => "人才培养",
            Self::Standard => "标准制定",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Conversion => "conversion",
            Self::Platform => "platform",
            Self::Talent => "talent",
            Self::Standard => "standard",
        }
    }
}

/// T8 任务分工.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkPackage {
    /// 任务内容.
    pub content: String,
    /// 类型.
    pub kind: WorkKind,
    /// 负责单位.
    pub unit: UnitId,
    /// 开始.
    pub from: Date,
    /// 结束.
    pub to: Date,
    /// 成果形式.
    pub deliverable: String,
    /// 参与单位.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<UnitId>,
    /// 对应的考核指标, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
}

impl WorkPackage {
    /// Whether a unit has a part in it.
    pub fn involves(&self, unit: &UnitId) -> bool {
        self.unit == *unit || self.partners.contains(unit)
    }
}
