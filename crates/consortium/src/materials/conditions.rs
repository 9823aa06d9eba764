//! T5 研发条件, T5b 近三年科研基础 — what a unit works with and what it has done, one block a unit.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// 项目级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectLevel {
    /// 国家级.
    National,
    /// 自治区级（省级）.
    Region,
    /// 盟市级.
    League,
    /// 横向及自立.
    Own,
}

impl ProjectLevel {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::National, Self::Region, Self::League, Self::Own];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Region => "自治区级（省级）",
            Self::League => "盟市级",
            Self::Own => "横向及自立",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Region => "region",
            Self::League => "league",
            Self::Own => "own",
        }
    }
}

/// 项目状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// 在研.
    Running,
    /// 已结题.
    Finished,
}

impl ProjectStatus {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Running, Self::Finished];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Running => "在研",
            Self::Finished => "已结题",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
        }
    }
}

/// 承担的科研项目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// 级别.
    pub level: ProjectLevel,
    /// 项目名称.
    pub name: String,
    /// 编号.
    #[serde(default)]
    pub no: String,
    /// 承担角色.
    #[serde(default)]
    pub role: String,
    /// 经费, in fen: a trade secret, never public.
    #[serde(default)]
    pub funds_fen: i64,
    /// 开始.
    #[serde(default)]
    pub from: Option<Date>,
    /// 结束.
    #[serde(default)]
    pub to: Option<Date>,
    /// 状态.
    pub status: ProjectStatus,
}

/// 获奖.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// 奖项名称和等级.
    pub name: String,
    /// 年度.
    pub year: i16,
}

/// 成果转化.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// 转化的成果.
    pub title: String,
    /// 技术合同登记号.
    #[serde(default)]
    pub contract_no: String,
    /// 金额, in fen: a trade secret, never public.
    #[serde(default)]
    pub amount_fen: i64,
}

/// T5 研发条件 and T5b 近三年科研基础 of one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// The unit.
    pub unit: UnitId,
    /// 研发场地面积, in m².
    pub area_m2: u32,
    /// 研发设备原值, in fen: a trade secret, never public.
    pub equipment_fen: i64,
    /// 单价五十万元以上的仪器, in pieces.
    pub instruments: u32,
    /// 中试线.
    pub pilot_lines: String,
    /// 数据与算力.
    pub computing: String,
    /// 开放共享规定.
    pub sharing_rules: String,
    /// 近三年承担的科研项目.
    pub projects: Vec<Project>,
    /// 发明专利授权.
    pub invention_patents: u32,
    /// 实用新型授权.
    pub utility_models: u32,
    /// 软件著作权.
    pub software: u32,
    /// 新品种.
    pub varieties: u32,
    /// 新药、新兽药证书.
    pub medicines: u32,
    /// 国际标准.
    pub standards_international: u32,
    /// 国家标准.
    pub standards_national: u32,
    /// 行业标准.
    pub standards_industry: u32,
    /// 地方标准.
    pub standards_local: u32,
    /// 团体标准.
    pub standards_group: u32,
    /// 论文.
    pub papers: u32,
    /// 获奖.
    pub awards: Vec<Award>,
    /// 成果转化.
    pub conversions: Vec<Conversion>,
}

impl Conditions {
    /// The record of three years in figures, each with its Chinese term.
    pub const fn record(&self) -> [(&'static str, u32); 11] {
        [
            ("发明专利授权", self.invention_patents),
            ("实用新型授权", self.utility_models),
            ("软件著作权", self.software),
            ("新品种", self.varieties),
            ("新药、新兽药证书", self.medicines),
            ("国际标准", self.standards_international),
            ("国家标准", self.standards_national),
            ("行业标准", self.standards_industry),
            ("地方标准", self.standards_local),
            ("团体标准", self.standards_group),
            ("论文", self.papers),
        ]
    }
}
