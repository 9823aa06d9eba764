//! 登记表的各节 — the form is written section by section (Art. 7(1)).

use serde::{Deserialize, Serialize};

use super::{
    Basics, Conditions, Indicator, Input, KeyTechnology, LeadProfile, MemberBlock, MemberPromise,
    Organisation, Plan, Platform, PublicMoney, Rights, Sharing, UnitBlock, WorkPackage, YearGoal,
    is_default,
};
use crate::ids::UnitId;

/// One section of the form, written as a whole. The large ones are boxed: a command is moved about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "section", rename_all = "snake_case", deny_unknown_fields)]
pub enum Section {
    /// T1 基本信息.
    Basics(Box<Basics>),
    /// T2 牵头单位.
    Lead(Box<LeadProfile>),
    /// T2/T3 单位基本数据: one unit's own block.
    Unit(Box<UnitBlock>),
    /// T3 成员单位: one member's own block.
    Member(Box<MemberBlock>),
    /// T4 科技创新平台.
    Platforms {
        /// The rows.
        platforms: Vec<Platform>,
    },
    /// T5 研发条件和近三年科研基础: one unit's own block.
    Conditions(Box<Conditions>),
    /// T6 技术创新目标.
    Goals {
        /// 总体目标.
        goals: String,
        /// 年度目标.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        yearly: Vec<YearGoal>,
        /// 考核指标.
        indicators: Vec<Indicator>,
    },
    /// T7 关键技术.
    Technologies {
        /// The rows.
        technologies: Vec<KeyTechnology>,
    },
    /// T8 任务分工.
    Work {
        /// The rows.
        work: Vec<WorkPackage>,
    },
    /// T9 投入与收益分配.
    Inputs {
        /// The rows.
        inputs: Vec<Input>,
        /// 各方投入总额, in fen.
        #[serde(default, skip_serializing_if = "is_default")]
        total_fen: i64,
        /// 财政资金.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        public_money: Vec<PublicMoney>,
        /// 收益分配.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sharing: Vec<Sharing>,
        /// 经费托管单位.
        #[serde(default, skip_serializing_if = "is_default")]
        custodian: Option<UnitId>,
        /// 审计规定.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        audit: String,
    },
    /// T10 知识产权.
    Rights(Box<Rights>),
    /// T11 组织与运行.
    Organisation(Box<Organisation>),
    /// T12 项目和资金计划.
    Plan(Plan),
    /// T13 保障措施.
    Safeguards {
        /// The measures.
        safeguards: String,
    },
    /// T14 需要说明的事项, 如不足三家的特殊情况说明 (Art. 5(1)).
    Special {
        /// The explanation.
        special: String,
    },
    /// T15 承诺.
    Promise {
        /// 所报材料真实、准确.
        truthful: bool,
        /// 没有在惩戒期内的严重失信行为记录.
        #[serde(default, skip_serializing_if = "is_default")]
        honest: bool,
        /// 同意共享核验所报信息.
        #[serde(default, skip_serializing_if = "is_default")]
        data_use: bool,
        /// 同意公开列入名录的信息.
        #[serde(default, skip_serializing_if = "is_default")]
        publication: bool,
    },
    /// T15 成员单位承诺: one member's own.
    MemberPromise(MemberPromise),
}

macro_rules! parts {
    ($($part:ident $name:literal $term:literal $table:literal;)*) => {
        /// The name of a section: what a correction is asked for and what a page edits.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Part {
            $(#[doc = $term] $part,)*
        }

        impl Part {
            /// Every part, in the order of the form.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$part),*];

            /// The Chinese term.
            pub const fn term(self) -> &'static str {
                match self { $(Self::$part => $term,)* }
            }

            /// The value used in commands and in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$part => $name,)* }
            }

            /// Its table of the form: `T8`; empty for what is beside the form.
            pub const fn table(self) -> &'static str {
                match self { $(Self::$part => $table,)* }
            }
        }
    };
}

parts! {
    Parties "parties" "名称与成员单位" "";
    Basics "basics" "基本信息" "T1";
    Unit "unit" "单位基本数据" "T2";
    Lead "lead" "牵头单位情况" "T2";
    Member "member" "成员单位情况" "T3";
    Platforms "platforms" "科技创新平台" "T4";
    Conditions "conditions" "研发条件和科研基础" "T5";
    Goals "goals" "技术创新目标" "T6";
    Technologies "technologies" "关键技术" "T7";
    Work "work" "任务分工" "T8";
    Inputs "inputs" "投入与收益分配" "T9";
    Rights "rights" "知识产权" "T10";
    Organisation "organisation" "组织与运行" "T11";
    Plan "plan" "项目和资金计划" "T12";
    Safeguards "safeguards" "保障措施" "T13";
    Special "special" "需要说明的事项" "T14";
    Promise "promise" "承诺" "T15";
    MemberPromise "member_promise" "成员单位承诺" "T15";
    Agreement "agreement" "组建协议" "";
    Attachments "attachments" "附件" "";
}

impl Part {
    /// The part with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Whether each unit writes a block of its own.
    pub const fn by_unit(self) -> bool {
        matches!(self, Self::Unit | Self::Member | Self::Conditions | Self::MemberPromise)
    }

    /// Whether nobody but the unit itself writes its block: a promise binds who gives it.
    pub const fn own_only(self) -> bool {
        matches!(self, Self::MemberPromise)
    }
}

impl Section {
    /// Which part it is.
    pub const fn part(&self) -> Part {
        match self {
            Self::Basics(_) => Part::Basics,
            Self::Lead(_) => Part::Lead,
            Self::Unit(_) => Part::Unit,
            Self::Member(_) => Part::Member,
            Self::Platforms { .. } => Part::Platforms,
            Self::Conditions(_) => Part::Conditions,
            Self::Goals { .. } => Part::Goals,
            Self::Technologies { .. } => Part::Technologies,
            Self::Work { .. } => Part::Work,
            Self::Inputs { .. } => Part::Inputs,
            Self::Rights(_) => Part::Rights,
            Self::Organisation(_) => Part::Organisation,
            Self::Plan(_) => Part::Plan,
            Self::Safeguards { .. } => Part::Safeguards,
            Self::Special { .. } => Part::Special,
            Self::Promise { .. } => Part::Promise,
            Self::MemberPromise(_) => Part::MemberPromise,
        }
    }

    /// Whose block it is, where each unit writes its own.
    pub fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Unit(block) => Some(&block.unit),
            Self::Member(block) => Some(&block.unit),
            Self::Conditions(block) => Some(&block.unit),
            Self::MemberPromise(block) => Some(&block.unit),
            Self::Basics(_)
            | Self::Lead(_)
            | Self::Platforms { .. }
            | Self::Goals { .. }
            | Self::Technologies { .. }
            | Self::Work { .. }
            | Self::Inputs { .. }
            | Self::Rights(_)
            | Self::Organisation(_)
            | Self::Plan(_)
            | Self::Safeguards { .. }
            | Self::Special { .. }
            | Self::Promise { .. } => None,
        }
    }
}
