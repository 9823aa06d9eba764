//! 《内蒙古自治区创新联合体备案管理办法》 — the regulation, clause by clause.

pub mod article_05;
pub mod article_06;
pub mod clauses;
mod examine;
pub mod requirements;

use serde::{Deserialize, Serialize};

pub use clauses::{CHAPTERS, CLAUSES, Chapter, Clause, clause};
pub use examine::{examine, standing};

/// A clause of the regulation by its id: `5.1` is 第五条（一）, `6.2` is 第六条(2), `9` is 第九条.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClauseId(pub &'static str);

/// 规则结论 — what a rule says of the facts. "原则上" and "较强的" are never decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 符合.
    Met,
    /// 不符合.
    Unmet,
    /// 由人判断.
    AtDiscretion,
}

/// 规则结论 — a rule applied to facts at a checkpoint; kept with the event it supported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule, by the requirement's id: `R5.1b`.
    pub rule: String,
    /// The clause's id: `5.1`.
    pub clause: String,
    /// What the rule says.
    pub verdict: Verdict,
    /// What it looked at: `现有 2 家单位`.
    pub facts: String,
    /// A sentence a person understands, with what to do next.
    pub sentence: String,
}
