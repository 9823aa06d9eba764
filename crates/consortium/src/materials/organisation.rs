//! T11 组织与运行, T12 项目和资金计划 — how the consortium is run, and what it plans (Arts. 6(2), 9).

use serde::{Deserialize, Serialize};

use super::{ManagementRule, is_default};
use crate::ids::UnitId;

/// 决策机构.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// 理事会.
    Council,
    /// 联席会议.
    JointMeeting,
}

impl Body {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Council, Self::JointMeeting];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Council => "理事会",
            Self::JointMeeting => "联席会议",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::JointMeeting => "joint_meeting",
        }
    }
}

/// T11 组织与运行.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    /// 决策机构.
    #[serde(skip_serializing_if = "is_default")]
    pub decides: Option<Body>,
    /// 决策机构的组成.
    pub composition: String,
    /// 表决规则.
    pub voting: String,
    /// 咨询机构: 专家委员会.
    pub advisers: String,
    /// 执行机构: 秘书处或办公室, and where.
    pub office: String,
    /// 专职人员.
    pub office_staff: u32,
    /// 对外承担责任的单位.
    #[serde(skip_serializing_if = "is_default")]
    pub liable: Option<UnitId>,
    /// 每年会议次数.
    pub meetings: u32,
    /// 内部制度.
    pub internal_rules: Vec<ManagementRule>,
    /// 开放机制: how new members join.
    pub opening: String,
}

/// T12: one line of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRow {
    /// 年度.
    pub year: i16,
    /// 项目或任务.
    pub item: String,
    /// 资金来源.
    #[serde(default)]
    pub source: String,
    /// 金额, in fen; a trade secret, never public.
    #[serde(default)]
    pub amount_fen: i64,
}

/// T12 项目和资金计划.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// 总体安排.
    pub outline: String,
    /// 分年度的项目和资金.
    pub rows: Vec<PlanRow>,
}
