//! T4 科技创新平台 (Art. 5(1)).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ids::UnitId;

/// 科技创新平台的级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformLevel {
    /// 国家级.
    National,
    /// 自治区级.
    Region,
    /// 外省省级: counts only when a person confirms it (domain A28).
    OtherProvince,
    /// 盟市级及其他.
    Other,
}

impl PlatformLevel {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::National, Self::Region, Self::OtherProvince, Self::Other];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Region => "自治区级",
            Self::OtherProvince => "外省省级",
            Self::Other => "盟市级及其他",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Region => "region",
            Self::OtherProvince => "other_province",
            Self::Other => "other",
        }
    }
}

/// 平台状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformStatus {
    /// 在建: whether it counts is a person's to say.
    Building,
    /// 正式运行.
    Running,
    /// 整改中.
    Rectifying,
    /// 已撤销: does not count.
    Revoked,
}

impl PlatformStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Running, Self::Building, Self::Rectifying, Self::Revoked];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Building => "在建",
            Self::Running => "正式运行",
            Self::Rectifying => "整改中",
            Self::Revoked => "已撤销",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Running => "running",
            Self::Rectifying => "rectifying",
            Self::Revoked => "revoked",
        }
    }
}

/// T4 科技创新平台 (Art. 5(1)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// 平台名称.
    pub name: String,
    /// 级别.
    pub level: PlatformLevel,
    /// 建设单位.
    pub owner: UnitId,
    /// 批准部门.
    pub approved_by: String,
    /// 批准文号.
    pub document_no: String,
    /// 批准日期.
    pub approved_on: Date,
    /// 有效期至; `None` where the approval names none.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// 平台类型, id of the reference list.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// 状态; `None` in earlier forms, which did not ask it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: Option<PlatformStatus>,
    /// 最近一次评估的年度.
    #[serde(default, skip_serializing_if = "is_default")]
    pub assessed_in: Option<i16>,
    /// 最近一次评估的结果.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// The entry of the platform register it refers to; empty for a row that names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entry: String,
}
