//! What is asked from the recommendation to the filing.

use consortium::{
    decision::{Matter, Outcome},
    expert_review::{CRITERIA, PANEL_MAX, Vote},
    formal_review::{EXTENSION_DAYS_MAX, ITEMS_MAX},
    materials::{MEMBERS_MAX, Part},
    measures::CLAUSES,
    reference, text,
};
use serde_json::{Value, json};

use super::FormContext;
use super::fields::{one_of, reason, unit};
use crate::pages::shell::clause::label;
use crate::pages::shell::form::FieldSpec;

/// Characters of a remark on one criterion.
const REMARK: usize = 500;

pub(super) fn fields(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    Some(match verb {
        "check_materials" => {
            vec![opinion("审核意见").hint("写明核对了哪些材料、真实性和准确性如何").clause("6.4")]
        }
        "recommend" => vec![opinion("推荐意见").hint("写明是否推荐及理由").clause("6.4")],
        "return_for_changes" => {
            vec![reason("要修改的内容").required().hint("逐处写明，改好后重新提交")]
        }
        "decline_to_recommend" => vec![reason("不予推荐的理由").required()],
        "pass_formal_review" => judgements(context),
        "request_correction" => vec![corrections()],
        "extend_review" | "extend_correction" => vec![
            FieldSpec::integer("days", "延长几个工作日", 1, EXTENSION_DAYS_MAX).required(),
            reason("延长的理由").required(),
        ],
        "not_accept" => vec![reason("不通过的理由").required()],
        "draw_panel" => {
            let most = i64::try_from(PANEL_MAX).unwrap_or(i64::MAX);
            vec![
                FieldSpec::integer("size", "专家人数", 1, most)
                    .required()
                    .hint(format!("单数，不少于 {} 人，不多于 {most} 人", context.panel_min)),
            ]
        }
        "declare_interest" => vec![
            FieldSpec::radio(
                "conflict",
                "与本件各单位的关系",
                [("no", "没有任职、投资、合作、亲属等利害关系"), ("yes", "有利害关系，申请回避")],
            )
            .required(),
            reason("回避的理由").hint("没有利害关系的不用填"),
        ],
        "fill_seat" | "publish_notice" | "file" => vec![],
        "submit_sheet" => sheet(context),
        "void_sheet" => {
            vec![one_of("expert", "专家", &context.seats, context), reason("作废的理由").required()]
        }
        "draft_decision" => vec![
            matter(&context.decidable),
            FieldSpec::radio("outcome", "结论", outcomes(&context.decidable)).required(),
            reason("决定的理由").required(),
        ],
        "confirm_decision" => vec![matter(&context.drafted)],
        "return_draft" => vec![matter(&context.drafted), reason("退回的理由").required()],
        "object" => objection(),
        "conclude_objection" => conclusion(context),
        "import_trial_filing" => trial_filing(),
        _ => return None,
    })
}

pub(super) fn stored(verb: &str, context: &FormContext) -> Option<Value> {
    let first = |matters: &[Matter]| matters.first().copied();
    Some(match verb {
        "draw_panel" => json!({ "size": context.panel_min }),
        "draft_decision" => json!({ "matter": first(&context.decidable) }),
        "confirm_decision" | "return_draft" => json!({ "matter": first(&context.drafted) }),
        _ => return None,
    })
}

fn opinion(label: &'static str) -> FieldSpec {
    FieldSpec::long("opinion", label, text::PARAGRAPH_MAX).required()
}

/// For each rule that is left to a person: the judgement and its reason.
fn judgements(context: &FormContext) -> Vec<FieldSpec> {
    let asked = |question: &super::Question| {
        let rule = &question.rule;
        [
            FieldSpec::radio(
                format!("judgement-{rule}"),
                question.title.clone(),
                [("yes", "符合"), ("no", "不符合")],
            )
            .required()
            .hint(question.facts.clone())
            .clause(question.clause.clone()),
            FieldSpec::long(format!("reason-{rule}"), "判断的理由", text::PARAGRAPH_MAX).required(),
        ]
    };
    context.questions.iter().flat_map(asked).collect()
}

fn clauses() -> impl Iterator<Item = (&'static str, String)> {
    CLAUSES.iter().map(|clause| (clause.id.0, label(clause.id.0)))
}

fn corrections() -> FieldSpec {
    let columns = vec![
        FieldSpec::select("part", "材料", Part::ALL.map(|part| (part.name(), part.term())))
            .required(),
        FieldSpec::select("clause", "条款", clauses()).required(),
        FieldSpec::long("reason", "问题和要求", text::PARAGRAPH_MAX).required(),
    ];
    FieldSpec::rows("items", "补正内容", columns, 1, ITEMS_MAX)
        .required()
        .hint("一次写全；牵头单位只能改列出的几处")
        .clause("6.5")
}

/// The sheet: points and a remark for each criterion, the vote and the opinion.
fn sheet(context: &FormContext) -> Vec<FieldSpec> {
    let low = context.low_percent;
    let mut fields = Vec::new();
    for (at, (name, most)) in CRITERIA.iter().enumerate() {
        fields.push(
            FieldSpec::integer(format!("score-{at}"), *name, 0, i64::from(*most))
                .required()
                .hint(format!("满分 {most} 分")),
        );
        fields.push(
            FieldSpec::long(format!("remark-{at}"), format!("{name}：说明"), REMARK)
                .hint(format!("低于满分的 {low}% 时要写明理由")),
        );
    }
    let votes = [Vote::Agree, Vote::AgreeWithChanges, Vote::Disagree];
    let names = ["agree", "agree_with_changes", "disagree"];
    let options = names.into_iter().zip(votes.map(Vote::term));
    fields.push(FieldSpec::radio("vote", "评审结论", options).required());
    fields.push(opinion("评审意见").hint("优势、不足与建议；汇总后反馈给申请单位，不显示姓名"));
    fields
}

const fn matter_name(matter: Matter) -> &'static str {
    match matter {
        Matter::Filing => "filing",
        Matter::Termination => "termination",
        Matter::Cancellation => "cancellation",
    }
}

/// The matter: carried along where there is only one.
fn matter(matters: &[Matter]) -> FieldSpec {
    if matters.len() == 1 {
        return FieldSpec::hidden("matter").required();
    }
    FieldSpec::radio("matter", "事项", matters.iter().map(|m| (matter_name(*m), m.term())))
        .required()
}

/// The outcomes in the words of the matter, where there is only one.
fn outcomes(matters: &[Matter]) -> [(&'static str, String); 2] {
    match matters {
        [matter] => {
            [("grant", matter.title(Outcome::Grant)), ("refuse", matter.title(Outcome::Refuse))]
        }
        _ => [("grant", "予以备案、准予终止或取消".to_owned()), ("refuse", "不予".to_owned())],
    }
}

fn objection() -> Vec<FieldSpec> {
    let kinds = ["申报资格", "材料真实性", "知识产权权属", "其他"];
    vec![
        FieldSpec::text("objector", "真实姓名或单位全称", 60)
            .required()
            .hint("只给核查人员看，不公开"),
        FieldSpec::text("contact", "联系方式", 60)
            .required()
            .hint("手机号或电子邮箱，只用于核查和答复"),
        FieldSpec::select("kind", "异议类别", kinds.map(|kind| (kind, kind))).required(),
        FieldSpec::long("facts", "事实和理由", text::SECTION_MAX)
            .required()
            .hint("写明具体事实、依据和线索来源")
            .clause("6.5"),
    ]
}

fn conclusion(context: &FormContext) -> Vec<FieldSpec> {
    vec![
        one_of("receipt", "异议", &context.objections, context),
        FieldSpec::radio("upheld", "核查结果", [("yes", "异议成立"), ("no", "异议不成立")])
            .required(),
        FieldSpec::radio(
            "effect",
            "处理",
            [("continue", "继续办理备案"), ("terminate", "终止，不予备案")],
        )
        .required()
        .hint("异议不成立的，只能继续办理"),
        reason("答复").required().hint("送异议人和牵头单位"),
        FieldSpec::long("public_reason", "公开的理由", text::PARAGRAPH_MAX)
            .required()
            .hint("在公示页显示，不写姓名和联系方式"),
    ]
}

fn trial_filing() -> Vec<FieldSpec> {
    let fields = reference::fields().iter().map(|class| (class.id, class.name));
    vec![
        FieldSpec::text("name", "联合体名称", 60).required().clause("13"),
        unit("lead", "牵头单位").required(),
        FieldSpec::rows(
            "members",
            "成员单位",
            vec![unit("unit", "单位").required()],
            0,
            MEMBERS_MAX,
        ),
        FieldSpec::select("field", "技术领域", fields).required(),
        FieldSpec::text("number", "备案编号", text::LINE_MAX).required(),
        FieldSpec::integer("sequence", "当年序号", 1, 100_000).required(),
        FieldSpec::date("filed_on", "备案日期").required(),
    ]
}
