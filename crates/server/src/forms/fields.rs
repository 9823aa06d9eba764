//! What each command asks, from the name to the submission.

use consortium::{name, text};
use serde_json::{Value, json};

use super::{FormContext, agreement, filed, materials, review, sealed};
use crate::pages::shell::form::{Choice, FieldSpec};

/// Files that are taken: what an office can open and print.
pub(crate) const FILES: &str = ".pdf,.ofd,.jpg,.jpeg,.png,.docx,.xlsx";
/// Scans that are taken.
pub(crate) const SCANS: &str = ".pdf,.ofd,.jpg,.jpeg,.png";
/// Characters of the name of a unit, or of its code.
const UNIT_CHARS: usize = 60;

/// What a command asks; `None` for what no person asks.
pub(super) fn fields(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    let own = applicant(verb, context).or_else(|| agreement::fields(verb, context));
    own.or_else(|| review::fields(verb, context))
        .or_else(|| filed::fields(verb, context))
        .or_else(|| sealed::fields(verb, context))
}

/// What stands in the fields at first.
pub(super) fn stored(verb: &str, context: &FormContext) -> Value {
    match verb {
        "rename" => json!({ "name": context.materials.as_ref().map(|m| &m.name) }),
        "write_application" => materials::stored(context),
        _ => agreement::stored(verb, context)
            .or_else(|| review::stored(verb, context))
            .or_else(|| filed::stored(verb, context))
            .or_else(|| sealed::stored(verb, context))
            .unwrap_or_else(|| json!({})),
    }
}

fn applicant(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    Some(match verb {
        "open" => vec![named()],
        "rename" => voiding(vec![named()], context),
        "invite" => voiding(vec![invited()], context),
        "answer_invitation" => vec![
            FieldSpec::radio(
                "accept",
                "答复",
                [("yes", "确认合作意向，参加联合体"), ("no", "不参加")],
            )
            .required(),
            reason("不参加的理由").hint("参加的不用填"),
        ],
        "remove_member" => {
            voiding(vec![one_of("unit", "移出的单位", &context.members, context)], context)
        }
        "write_application" => materials::section(context),
        "attach" => vec![
            FieldSpec::text("item", "材料名称", text::LINE_MAX)
                .required()
                .hint("清单上的名称，或写明是什么材料，例如：自治区重点实验室批准文件")
                .clause("7.3"),
            whose(context),
            FieldSpec::file("digest", "文件", FILES)
                .required()
                .hint("PDF、OFD、JPG、PNG、DOCX 或 XLSX，单个不超过 200 MB"),
            FieldSpec::hidden("name"),
            FieldSpec::hidden("size_bytes"),
        ],
        "detach" => vec![one_of("digest", "移出的附件", &context.attachments, context)],
        "write_agreement" => voiding(agreement::clauses(context), context),
        "write_supplement" => voiding(agreement::supplement(), context),
        "start_signing" | "submit" | "submit_correction" | "reserve_name" | "lock_supplement" => {
            vec![]
        }
        "withdraw" => vec![reason("理由").required()],
        _ => return None,
    })
}

/// The fields of a form that hold a unit: its name or code is asked, its id is kept.
pub fn unit_fields(verb: &str) -> &'static [&'static str] {
    match verb {
        "invite" | "report_change" => &["unit"],
        "import_trial_filing" => &["lead", "members"],
        _ => &[],
    }
}

fn named() -> FieldSpec {
    let longest = name::PREFIX.chars().count() + name::CORE_MAX + name::SUFFIX.chars().count();
    FieldSpec::text("name", "联合体名称", longest)
        .required()
        .hint("以“内蒙古自治区”开头、“创新联合体”结尾，中间写明产业或技术方向")
        .clause("6.1")
}

fn invited() -> FieldSpec {
    FieldSpec::text("unit", "统一社会信用代码或单位全称", UNIT_CHARS)
        .required()
        .looked_up_in("/api/v1/units")
        .hint("对方须已在平台注册并激活账号")
        .clause("5.1")
}

/// A unit that is looked up.
pub(super) fn unit(name: &'static str, label: &'static str) -> FieldSpec {
    FieldSpec::text(name, label, UNIT_CHARS).hint("统一社会信用代码或单位全称")
}

/// Whose a file is, where each unit brings its own.
fn whose(context: &FormContext) -> FieldSpec {
    let (name, label) = ("unit", "所属单位");
    let field = if context.example {
        FieldSpec::text(name, label, text::LINE_MAX)
    } else {
        FieldSpec::select(name, label, context.parties.iter().cloned())
    };
    field.hint("各单位分别提供的材料，选所属单位；全体共用的不选")
}

/// A reason, not owed.
pub(super) fn reason(label: &'static str) -> FieldSpec {
    FieldSpec::long("reason", label, text::PARAGRAPH_MAX)
}

/// One of a list drawn from the dossier; plain text where there is no dossier.
pub(super) fn one_of(
    name: &'static str,
    label: &'static str,
    options: &[Choice],
    context: &FormContext,
) -> FieldSpec {
    if context.example {
        return FieldSpec::text(name, label, text::LINE_MAX).required();
    }
    match options.len() {
        0..=6 => FieldSpec::radio(name, label, options.iter().cloned()).required(),
        _ => FieldSpec::select(name, label, options.iter().cloned()).required(),
    }
}

/// Asks, while a text is locked, whether the signatures are to be voided.
fn voiding(mut fields: Vec<FieldSpec>, context: &FormContext) -> Vec<FieldSpec> {
    if let Some(signed) = &context.locked {
        let hint = if signed.is_empty() {
            "文本已锁定，还没有单位签署".to_owned()
        } else {
            format!("已有签署：{}", signed.join("、"))
        };
        let label = "知道签署将作废，改后全部重新签署";
        fields.push(FieldSpec::check("void_signatures", label).hint(hint).clause("6.2"));
    }
    fields
}
