//! T10 知识产权 — what each brings, and whose is what comes of it (Art. 6(2)).

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ids::UnitId;

/// 背景知识产权的类型.
pub const RIGHT_KINDS: [&str; 6] =
    ["发明专利", "实用新型", "软件著作权", "植物新品种", "技术秘密", "其他"];

/// 背景知识产权: one that a party had before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackgroundRight {
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: String,
    /// 编号.
    #[serde(default)]
    pub no: String,
    /// 权利人.
    pub owner: UnitId,
}

/// 前景知识产权的归属.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreground {
    /// 各自完成的归各自.
    Own,
    /// 共同完成的共有.
    Joint,
    /// 各自完成的归各自，共同完成的共有.
    OwnAndJoint,
    /// 按约定的份额.
    Agreed,
}

impl Foreground {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::OwnAndJoint, Self::Own, Self::Joint, Self::Agreed];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Own => "各自完成的归各自",
            Self::Joint => "共同完成的共有",
            Self::OwnAndJoint => "各自完成的归各自，共同完成的共有",
            Self::Agreed => "按约定的份额",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Joint => "joint",
            Self::OwnAndJoint => "own_and_joint",
            Self::Agreed => "agreed",
        }
    }
}

/// What the law says where the parties have said nothing (促进科技成果转化法 第四十条).
pub const BY_LAW: &str = "没有约定的，依照促进科技成果转化法第四十条：没有新的发明创造的，归完成单位；\
                          产生新的发明创造的，归合作各方共有；各方都有权实施，转让须经各方同意。";

/// 一方的份额.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// 单位.
    pub unit: UnitId,
    /// 份额, in percent.
    pub percent: u32,
}

/// T10 知识产权.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// 背景知识产权.
    pub background: Vec<BackgroundRight>,
    /// 前景知识产权的归属; `None` leaves it to the law ([`BY_LAW`]).
    #[serde(skip_serializing_if = "is_default")]
    pub foreground: Option<Foreground>,
    /// 归属的补充约定.
    pub foreground_text: String,
    /// 份额.
    pub shares: Vec<Share>,
    /// 成员之间优先许可.
    pub priority_licence: bool,
    /// 转让须经其他各方同意.
    pub transfer_consent: bool,
    /// 发表前的审查天数.
    pub publication_days: u32,
    /// 保密年限.
    pub confidential_years: u32,
    /// 退出时的处理.
    pub exit: String,
}
