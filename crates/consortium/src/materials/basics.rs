//! T1 基本信息 — the field, the chain, the term, the form, why the consortium is formed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::is_default;

/// Fewest characters of 组建背景与必要性 that say enough; fewer are pointed out.
pub const BACKGROUND_MIN: usize = 200;
/// Most characters of 组建背景与必要性 that are still read; more are pointed out.
pub const BACKGROUND_MAX: usize = 1_500;

/// 运行形式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// 契约型: by agreement alone.
    Contract,
    /// 实体型: with a company that operates it.
    Entity,
}

impl Operation {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Contract, Self::Entity];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Contract => "契约型",
            Self::Entity => "实体型",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Entity => "entity",
        }
    }
}

/// T1 基本信息. 组建时间 and 协议生效日期 are the agreement's and are not typed again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basics {
    /// 蒙古文名称, in traditional Mongolian script.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_mn: String,
    /// 技术领域, id of the reference list.
    pub field: String,
    /// 二级技术领域, id of the reference list.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subfield: String,
    /// 所属行业, section letter of GB/T 4754.
    pub industry: String,
    /// 行业大类, two digits of GB/T 4754.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub division: String,
    /// 所属产业集群或产业链, as chosen from the list or written.
    pub chain: String,
    /// 组建背景与必要性.
    pub background: String,
    /// 协议期限的开始.
    #[serde(default, skip_serializing_if = "is_default")]
    pub term_from: Option<Date>,
    /// 协议期限的结束; `None` beside a beginning is 长期.
    #[serde(default, skip_serializing_if = "is_default")]
    pub term_to: Option<Date>,
    /// 运行形式.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operation: Option<Operation>,
    /// 运营公司, of an entity.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// 不涉密承诺.
    #[serde(default)]
    pub not_secret: bool,
}

impl Basics {
    /// 协议期限, in words; empty where none is written.
    pub fn term(&self) -> String {
        match (self.term_from, self.term_to) {
            (Some(from), Some(to)) => format!("{from} 至 {to}"),
            (Some(from), None) => format!("{from} 起，长期"),
            (None, Some(to)) => format!("至 {to}"),
            (None, None) => String::new(),
        }
    }

    /// Whether a day lies in the term, as far as it is written.
    pub fn covers(&self, day: Date) -> bool {
        self.term_from.is_none_or(|from| from <= day) && self.term_to.is_none_or(|to| day <= to)
    }

    /// Whether a year has a day of the term, as far as it is written.
    pub fn covers_year(&self, year: i16) -> bool {
        self.term_from.is_none_or(|from| from.year() <= year)
            && self.term_to.is_none_or(|to| year <= to.year())
    }
}

/// Whether a letter may stand in 蒙古文名称: the traditional script, its narrow space, a space.
pub(super) const fn is_mongolian(letter: char) -> bool {
    matches!(letter, '\u{1800}'..='\u{18AF}' | '\u{202F}' | ' ')
}
