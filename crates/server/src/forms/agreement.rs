//! 协议 — what the acts on the agreement ask: its clauses, signing, sealing, paper, remarks.

use consortium::agreement::{AgreementText, BLANK, FORMED_ON, HEADINGS, Heading, Weight};
use consortium::text;
use serde_json::{Value, json};

use super::FormContext;
use super::fields::{SCANS, one_of, reason};
use crate::pages::shell::form::{Choice, FieldSpec};

/// What an act on the agreement asks; `None` for other acts.
pub(super) fn fields(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    Some(match verb {
        "sign" => sign(context),
        "seal" => vec![
            FieldSpec::hidden("digest"),
            FieldSpec::file("scan", "盖章页扫描件", SCANS)
                .required()
                .hint("PDF、JPG 或 PNG，公章清晰"),
        ],
        "offer_paper" => vec![
            FieldSpec::hidden("digest"),
            FieldSpec::file("scan", "纸质签署件的扫描件", SCANS)
                .required()
                .hint("各方签字盖章的全部页，一份文件；PDF、JPG 或 PNG"),
            FieldSpec::text("custodian", "原件保管单位和地点", text::LINE_MAX)
                .required()
                .hint("例如：牵头单位档案室"),
        ],
        "confirm_paper" => vec![FieldSpec::hidden("digest"), FieldSpec::hidden("scan")],
        "remind_to_sign" => vec![one_of("unit", "催哪一家单位", &context.awaited, context)],
        "remark_on_agreement" => vec![
            FieldSpec::select("heading", "针对哪一条", headings()).required(),
            FieldSpec::long("remark", "意见", text::PARAGRAPH_MAX)
                .required()
                .hint("写明想怎样改、为什么"),
        ],
        "answer_remark" => vec![
            one_of("no", "答复哪一条意见", &context.remarks, context),
            FieldSpec::long("answer", "答复", text::PARAGRAPH_MAX)
                .required()
                .hint("采纳的，写明改在哪里；没有采纳的，写明理由"),
        ],
        "reopen_agreement" | "decline_to_sign" => vec![reason("理由").required()],
        _ => return None,
    })
}

/// What stands in the fields at first.
pub(super) fn stored(verb: &str, context: &FormContext) -> Option<Value> {
    Some(match verb {
        "sign" | "seal" | "offer_paper" => json!({ "digest": context.digest }),
        "confirm_paper" => json!({ "digest": context.digest, "scan": context.paper }),
        "write_agreement" => json!(text_at_first(context)),
        "write_supplement" => json!({ "text": context.supplement }),
        _ => return None,
    })
}

/// The text as it stands; a starting text where nothing was written yet, with what the application
/// already says.
fn text_at_first(context: &FormContext) -> AgreementText {
    let Some(materials) = &context.materials else { return AgreementText::default() };
    if materials.agreement.is_unwritten() {
        AgreementText::draft_of(materials)
    } else {
        materials.agreement.text.clone()
    }
}

fn sign(context: &FormContext) -> Vec<FieldSpec> {
    let mut fields = vec![FieldSpec::hidden("digest")];
    if context.agent || context.example {
        let letter = FieldSpec::file("letter", "授权委托书", SCANS)
            .hint("你不是法定代表人或者负责人：附上本单位的授权委托书，是否认可由审查人员判断")
            .clause("6.2");
        fields.push(if context.example { letter } else { letter.required() });
    }
    fields.push(
        FieldSpec::password("password", "登录密码").required().hint("再输一次密码，作为本人签字"),
    );
    fields
}

/// 补充协议: its words.
pub(super) fn supplement() -> Vec<FieldSpec> {
    let words = FieldSpec::long("text", "补充协议", text::SECTION_MAX).required();
    let hint = "写明改了协议的哪几条、改成什么、从何时起；没有写到的仍照原协议";
    vec![words.hint(hint).clause("10")]
}

fn headings() -> impl Iterator<Item = Choice> {
    let formed_on = std::iter::once(Choice::from(("formed_on", FORMED_ON)));
    formed_on.chain(HEADINGS.iter().map(|heading| Choice::from((heading.field, heading.title))))
}

/// The clauses of the agreement, each with what belongs there where it is still open. What the
/// regulation does not ask is folded, unless a blank is left in it.
pub(super) fn clauses(context: &FormContext) -> Vec<FieldSpec> {
    let formed_on = FieldSpec::date("formed_on", FORMED_ON).hint("协议约定的成立日期");
    let text = text_at_first(context);
    let clause = |heading: &Heading| {
        let words = heading.words(&text);
        let blank = words.contains(BLANK);
        let open = blank || words.trim().is_empty();
        let field = FieldSpec::long(heading.field, heading.title, text::SECTION_MAX);
        let field = if open { field.hint(heading.hint) } else { field };
        match heading.weight {
            Weight::Mandatory => field.clause("6.2"),
            Weight::Recommended | Weight::Optional if blank => field,
            Weight::Recommended | Weight::Optional => field.light(),
        }
    };
    std::iter::once(formed_on.clause("6.2")).chain(HEADINGS.iter().map(clause)).collect()
}
