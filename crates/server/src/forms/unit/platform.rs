//! 平台登记 — the fields of one platform, and the way to the entry and back.

use consortium::ids::Digest;
use consortium::reference::PlatformStatus;
use consortium::text::LINE_MAX;
use consortium::unit::{Assessment, PlatformEntry, YEAR_FIRST};
use serde_json::{Value, json};

use super::{PROOFS, day, platform_kinds, text, year};
use crate::pages::shell::form::FieldSpec;

/// What is asked of a platform; `proof` asks for the approval as a file.
pub(crate) fn platform_fields(proof: bool) -> Vec<FieldSpec> {
    let statuses = PlatformStatus::ALL.map(|status| (status.name(), status.term()));
    let mut fields = vec![
        FieldSpec::text("name", "平台名称", LINE_MAX).required().hint("与批准文件一致"),
        FieldSpec::select("kind", "平台类型", platform_kinds())
            .required()
            .hint("级别随类型确定")
            .clause("5.1"),
        FieldSpec::text("approved_by", "批准部门", LINE_MAX).required(),
        FieldSpec::text("document_no", "批准文号", LINE_MAX).required(),
        FieldSpec::date("approved_on", "批准日期").required(),
        FieldSpec::date("valid_from", "有效期起").hint("从批准之日起的，不填"),
        FieldSpec::date("valid_to", "有效期至").hint("没有期限的，不填"),
        FieldSpec::select("status", "状态", statuses).required(),
        FieldSpec::integer("assessment_year", "最近评估年度", i64::from(YEAR_FIRST), 2100),
        FieldSpec::text("assessment_grade", "评估等次", LINE_MAX).hint("没有评估的，不填"),
    ];
    if proof {
        fields.push(
            FieldSpec::file("proof", "批准文件", PROOFS).hint("PDF、OFD、JPG 或 PNG，作为证明"),
        );
    }
    fields
}

/// The entry from what was read; `None` when a value is not one of the list.
pub(crate) fn platform_of(value: &Value) -> Option<PlatformEntry> {
    let grade = text(value, "assessment_grade");
    // A grade without its year is said to be incomplete, not dropped.
    let assessment = match year(value, "assessment_year") {
        None if grade.is_empty() => None,
        year => Some(Assessment { year: year.unwrap_or_default(), grade }),
    };
    Some(PlatformEntry {
        name: text(value, "name"),
        kind: text(value, "kind"),
        approved_by: text(value, "approved_by"),
        document_no: text(value, "document_no"),
        approved_on: day(value, "approved_on")?,
        valid_from: day(value, "valid_from"),
        valid_to: day(value, "valid_to"),
        status: serde_json::from_value(value["status"].clone()).ok()?,
        assessment,
        proof: value["proof"].as_str().map(|digest| Digest(digest.to_owned())),
    })
}

/// The entry as the form holds it.
pub(crate) fn platform_stored(entry: &PlatformEntry) -> Value {
    json!({
        "name": entry.name,
        "kind": entry.kind,
        "approved_by": entry.approved_by,
        "document_no": entry.document_no,
        "approved_on": entry.approved_on,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "status": entry.status,
        "assessment_year": entry.assessment.as_ref().map(|assessment| assessment.year),
        "assessment_grade": entry.assessment.as_ref().map(|assessment| &assessment.grade),
    })
}

/// The entry in words.
pub(crate) fn platform_lines(entry: &PlatformEntry) -> Vec<(String, String)> {
    let from = entry.valid_from.unwrap_or(entry.approved_on);
    let to = entry.valid_to.map_or_else(|| "没有期限".to_owned(), |day| day.to_string());
    let mut lines = vec![
        ("平台名称".to_owned(), entry.name.clone()),
        ("平台类型".to_owned(), entry.kind_term().to_owned()),
        ("级别".to_owned(), entry.level().zh().to_owned()),
        ("批准部门".to_owned(), entry.approved_by.clone()),
        ("批准文号".to_owned(), entry.document_no.clone()),
        ("批准日期".to_owned(), entry.approved_on.to_string()),
        ("有效期".to_owned(), format!("{from} 至 {to}")),
        ("状态".to_owned(), entry.status.term().to_owned()),
    ];
    if let Some(assessment) = &entry.assessment {
        let said = format!("{} 年，{}", assessment.year, assessment.grade);
        lines.push(("最近评估".to_owned(), said));
    }
    lines
}
