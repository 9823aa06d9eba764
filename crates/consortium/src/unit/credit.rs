//! 严重失信行为记录 — one record on one list, with its period, its end and its repair (Arts. 5(2), 5(3)).
//!
//! A record ends on its date, when it is taken off the list, or when its repair is granted,
//! whichever comes first; every checkpoint asks again.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, Unit};
use crate::{
    actor::{Actor, Capacity, Side},
    ids::Digest,
    reference::{self, Severity},
    refusal::Refusal,
    text::{Limit, required},
};

/// The longest basis of a credit record, in characters.
pub const BASIS_MAX: usize = 200;

/// 严重失信行为记录 — one record on one list, with its period (Arts. 5(2), 5(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRecord {
    /// Where it was found: 信用中国, 科研诚信严重失信行为数据库 …
    pub source: String,
    /// 名单, id of the reference list; empty where none was named, and then it counts as 严重失信.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// The document that put the unit on the list.
    pub basis: String,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period; `None` runs until it is removed.
    #[serde(default)]
    pub until: Option<Date>,
    /// 证明: what the query showed, as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Digest>,
}

impl CreditRecord {
    /// Whether the list it stands on is one of 严重失信.
    pub fn severity(&self) -> Severity {
        reference::credit_list(&self.list).map_or(Severity::Severe, |list| list.severity)
    }

    /// 名单, in words: where the list is not named, the source.
    pub fn list_term(&self) -> &str {
        reference::credit_list(&self.list).map_or(self.source.as_str(), |list| list.name)
    }
}

/// 信用修复的结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairOutcome {
    /// 已申请，待决定.
    Pending,
    /// 准予修复: the record ends with that day.
    Granted,
    /// 不予修复.
    Refused,
}

impl RepairOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Granted, Self::Refused];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Pending => "已申请，待决定",
            Self::Granted => "准予修复",
            Self::Refused => "不予修复",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }
}

/// 信用修复 — what became of an application to whoever made the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// 申请日期.
    pub applied_on: Date,
    /// 结果.
    pub outcome: RepairOutcome,
    /// 决定日期.
    #[serde(default)]
    pub decided_on: Option<Date>,
    /// 决定文书.
    #[serde(default)]
    pub document: String,
    /// 证明, as a file.
    #[serde(default)]
    pub proof: Option<Digest>,
}

/// A credit record as it stands with the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// The record.
    pub record: CreditRecord,
    /// The day somebody recorded that the list no longer has it.
    pub lifted_on: Option<Date>,
    /// The last that is known of its repair.
    pub repair: Option<Repair>,
}

impl KeptRecord {
    /// A record nothing has happened to yet.
    pub fn new(record: CreditRecord) -> Self {
        Self { record, lifted_on: None, repair: None }
    }

    /// 在惩戒期内 — whether the record stands on a day.
    pub fn live_on(&self, day: Date) -> bool {
        let begun = self.record.from <= day;
        let ended = self.record.until.is_some_and(|until| until < day);
        let lifted = self.lifted_on.is_some_and(|lifted| lifted <= day);
        let repaired = self.repaired_on().is_some_and(|granted| granted <= day);
        begun && !ended && !lifted && !repaired
    }

    /// The day from which its repair counts.
    pub fn repaired_on(&self) -> Option<Date> {
        let granted = self.repair.as_ref().filter(|r| r.outcome == RepairOutcome::Granted)?;
        granted.decided_on
    }
}

/// 登记一条记录.
pub(super) fn record(
    unit: &Unit,
    actor: &Actor,
    record: &CreditRecord,
) -> Result<Vec<Event>, Refusal> {
    supervises(actor)?;
    if unit.credit.iter().any(|kept| kept.record == *record && kept.lifted_on.is_none()) {
        return Ok(vec![]);
    }
    required("source", "来源", &record.source, Limit::Characters(BASIS_MAX))?;
    required("basis", "认定文书", &record.basis, Limit::Characters(BASIS_MAX))?;
    if !record.list.is_empty() && reference::credit_list(&record.list).is_none() {
        return Err(Refusal::field("list", "名单不在列表中", "从列表中选"));
    }
    if record.until.is_some_and(|until| until < record.from) {
        return Err(Refusal::field("until", "惩戒期止早于惩戒期起", "核对两个日期"));
    }
    Ok(vec![Event::CreditRecorded(record.clone())])
}

/// 登记移出.
pub(super) fn lift(
    unit: &Unit,
    actor: &Actor,
    record: usize,
    proof: &str,
) -> Result<Vec<Event>, Refusal> {
    supervises(actor)?;
    required("proof", "移出依据", proof, Limit::Characters(BASIS_MAX))?;
    match unit.credit.get(record) {
        None => Err(Refusal::not_found("没有这条记录", "刷新页面后再选")),
        Some(kept) if kept.lifted_on.is_some() => Ok(vec![]),
        Some(_) => Ok(vec![Event::CreditLifted { record, proof: proof.to_owned() }]),
    }
}

/// 登记信用修复.
pub(super) fn repair(
    unit: &Unit,
    actor: &Actor,
    record: usize,
    repair: &Repair,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    supervises(actor)?;
    let Some(kept) = unit.credit.get(record) else {
        return Err(Refusal::not_found("没有这条记录", "刷新页面后再选"));
    };
    if kept.repair.as_ref() == Some(repair) {
        return Ok(vec![]);
    }
    if repair.applied_on < kept.record.from {
        return Err(Refusal::field("applied_on", "申请日期早于列入日期", "核对两个日期"));
    }
    if repair.outcome == RepairOutcome::Pending {
        if repair.decided_on.is_some() {
            let reason = "还没有决定的，不填决定日期";
            return Err(Refusal::field("decided_on", reason, "清空决定日期，或改选结果"));
        }
        return Ok(vec![Event::RepairRecorded { record, repair: repair.clone() }]);
    }
    required("document", "决定文书", &repair.document, Limit::Characters(BASIS_MAX))?;
    match repair.decided_on {
        None => Err(Refusal::field("decided_on", "填写决定日期", "照决定文书填写")),
        Some(day) if day < repair.applied_on || day > today => {
            Err(Refusal::field("decided_on", "决定日期不在申请日期和今天之间", "核对两个日期"))
        }
        Some(_) => Ok(vec![Event::RepairRecorded { record, repair: repair.clone() }]),
    }
}

fn supervises(actor: &Actor) -> Result<(), Refusal> {
    if actor.side == Side::Department && actor.capacity == Capacity::Supervisor {
        return Ok(());
    }
    Err(Refusal::forbidden("5.2", "信用记录由自治区科技厅监督处登记", "联系监督处"))
}
