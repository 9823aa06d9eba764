//! 各方 — the lead and the members, and whether each wants to (Art. 4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ids::UnitId, unit::UnitKind};

/// 邀请的答复 — where a member's intention stands (Art. 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Intention {
    /// 待确认.
    Pending,
    /// 已确认合作意向.
    Accepted {
        /// The day of the answer.
        on: Date,
    },
    /// 不参加.
    Declined {
        /// The day of the answer.
        on: Date,
        /// Why.
        reason: String,
    },
}

/// 一方 — the lead or a member, as invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The unit.
    pub unit: UnitId,
    /// Its name when it joined.
    pub name: String,
    /// Its code when it joined.
    pub code: String,
    /// Its kind when it joined.
    pub kind: UnitKind,
    /// Whether it wants to.
    pub intention: Intention,
}
