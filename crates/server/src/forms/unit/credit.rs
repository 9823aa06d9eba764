//! 信用记录 — the fields of one record and of its repair.

use consortium::ids::Digest;
use consortium::unit::{BASIS_MAX, CreditRecord, Repair, RepairOutcome};
use serde_json::Value;

use super::{PROOFS, credit_lists, day, text};
use crate::pages::shell::form::FieldSpec;

/// What is asked of a record; `proof` asks for what shows it as a file.
pub(crate) fn credit_fields(proof: bool) -> Vec<FieldSpec> {
    let mut fields = vec![
        FieldSpec::text("source", "来源", BASIS_MAX)
            .required()
            .hint("例如：信用中国、科研诚信严重失信行为数据库"),
        FieldSpec::select("list", "名单", credit_lists())
            .hint("不选的，按严重失信对待；经营异常名录只作提示"),
        FieldSpec::text("basis", "认定文书", BASIS_MAX).required().hint("文号或链接").clause("5.2"),
        FieldSpec::date("from", "惩戒期起").required(),
        FieldSpec::date("until", "惩戒期止").hint("移出前有效的，不填"),
    ];
    if proof {
        fields.push(FieldSpec::file("proof", "查询截图或文书", PROOFS));
    }
    fields
}

/// The record from what was read.
pub(crate) fn credit_of(value: &Value) -> Option<CreditRecord> {
    Some(CreditRecord {
        source: text(value, "source"),
        list: text(value, "list"),
        basis: text(value, "basis"),
        from: day(value, "from")?,
        until: day(value, "until"),
        proof: value["proof"].as_str().map(|digest| Digest(digest.to_owned())),
    })
}

/// What is asked of a repair.
pub(crate) fn repair_fields() -> Vec<FieldSpec> {
    let outcomes = RepairOutcome::ALL.map(|outcome| (outcome.name(), outcome.term()));
    vec![
        FieldSpec::date("applied_on", "申请日期").required(),
        FieldSpec::radio("outcome", "结果", outcomes)
            .required()
            .hint("准予修复的，从决定之日起不再计入"),
        FieldSpec::date("decided_on", "决定日期").hint("还没有决定的，不填"),
        FieldSpec::text("document", "决定文书", BASIS_MAX).hint("文号或链接"),
    ]
}

/// The repair from what was read.
pub(crate) fn repair_of(value: &Value) -> Option<Repair> {
    Some(Repair {
        applied_on: day(value, "applied_on")?,
        outcome: serde_json::from_value(value["outcome"].clone()).ok()?,
        decided_on: day(value, "decided_on"),
        document: text(value, "document"),
        proof: None,
    })
}
