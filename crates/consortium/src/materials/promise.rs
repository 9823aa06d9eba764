//! T15 承诺 — the lead's, and each member's own (Art. 6(4)).

use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// T15 牵头单位的承诺, beside 材料真实、准确.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeadPromise {
    /// 没有在惩戒期内的严重失信行为记录.
    pub honest: bool,
    /// 同意共享核验所报信息.
    pub data_use: bool,
    /// 同意公开名称、单位、领域等列入名录的信息.
    pub publication: bool,
}

/// T15 成员单位的承诺: from its own account and by nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemberPromise {
    /// The member.
    pub unit: UnitId,
    /// 自愿参加，按协议承担任务.
    pub takes_part: bool,
    /// 本单位所填内容真实、准确.
    pub truthful: bool,
    /// 同意共享核验本单位信息.
    pub data_use: bool,
}

impl MemberPromise {
    /// Whether all of it is given: half a promise is none.
    pub const fn is_whole(&self) -> bool {
        self.takes_part && self.truthful && self.data_use
    }

    /// Whether none of it is given.
    pub const fn is_nothing(&self) -> bool {
        !self.takes_part && !self.truthful && !self.data_use
    }
}
