//! What is asked of a consortium on the register: reports, changes, support, its end.

use consortium::{annual_report::Summary, change::ChangeKind, support::SupportClause, text};
use serde_json::{Value, json};

use super::FormContext;
use super::fields::{SCANS, one_of, reason, unit};
use crate::pages::shell::clause::label;
use crate::pages::shell::form::FieldSpec;

const SECTION: usize = text::SECTION_MAX;

pub(super) fn fields(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    Some(match verb {
        "submit_report" => report(),
        "submit_plan" => vec![
            year(),
            FieldSpec::long("plan", "下一年度工作计划", SECTION)
                .required()
                .hint("只报计划不算提交年度总结")
                .clause("9.6"),
        ],
        "report_change" => change(context),
        "decide_change" => vec![
            one_of("no", "变更", &context.changes, context),
            FieldSpec::radio("accepted", "办理结果", [("yes", "准予变更"), ("no", "不予变更")])
                .required(),
            reason("办理意见").required(),
        ],
        "settle_doubt" => vec![
            one_of("rule", "待认定的条件", &context.doubts, context),
            reason("认定的理由").required(),
        ],
        "record_undertaking" => vec![
            FieldSpec::text("title", "任务名称", text::LINE_MAX).required().clause("10"),
            FieldSpec::text("level", "任务级别", text::LINE_MAX)
                .required()
                .hint("例如：国家科技重大专项、自治区重点研发计划"),
            FieldSpec::date("until", "执行期止").required(),
        ],
        "finish_undertaking" => vec![
            one_of("no", "任务", &context.undertakings, context),
            FieldSpec::long("how", "完成或移交情况", text::PARAGRAPH_MAX).required(),
        ],
        "record_support" => support(),
        "apply_for_termination" => vec![
            FieldSpec::long("circumstance", "客观原因", text::SECTION_MAX).required().clause("10"),
            FieldSpec::long("resolution", "各方决议", text::SECTION_MAX)
                .required()
                .hint("各成员单位是否同意，承担的任务如何完成或移交"),
        ],
        "propose_cancellation" => vec![
            FieldSpec::radio(
                "ground",
                "事由",
                [
                    ("lead_failed", "牵头单位组织不力，未按协议履约"),
                    ("falsehood", "备案材料不真实"),
                ],
            )
            .required()
            .hint("连续两年未提交总结的，由报送记录自动启动")
            .clause("11"),
            FieldSpec::long("facts", "调查认定的事实", SECTION).required(),
        ],
        "serve_cancellation_notice" => vec![
            FieldSpec::date("served_on", "送达日期").required(),
            FieldSpec::long("text", "告知书内容", SECTION)
                .required()
                .hint("拟作出的决定、事实、理由和依据，以及陈述申辩的权利"),
            FieldSpec::file("proof", "送达凭证", SCANS)
                .required()
                .hint("送达回证或公告截图，PDF、JPG 或 PNG"),
        ],
        "make_statement" => {
            vec![FieldSpec::long("text", "陈述申辩", SECTION).required().clause("11")]
        }
        "drop_cancellation" => vec![reason("终止程序的理由").required()],
        _ => return None,
    })
}

pub(super) fn stored(verb: &str, context: &FormContext) -> Option<Value> {
    let only = |options: &[crate::pages::shell::form::Choice]| match options {
        [one] => Some(one.value.to_string()),
        _ => None,
    };
    Some(match verb {
        "submit_report" | "submit_plan" => json!({ "year": context.year }),
        "decide_change" => json!({ "no": only(&context.changes) }),
        "settle_doubt" => json!({ "rule": only(&context.doubts) }),
        "finish_undertaking" => json!({ "no": only(&context.undertakings) }),
        "record_support" => json!({ "on": context.today }),
        "serve_cancellation_notice" => json!({ "served_on": context.today }),
        _ => return None,
    })
}

fn year() -> FieldSpec {
    FieldSpec::integer("year", "年度", 2000, 2200).required().clause("9")
}

/// The six contents of Art. 9.
fn report() -> Vec<FieldSpec> {
    let empty = Summary::default();
    let contents = empty.contents().map(|(name, clause, heading, _)| {
        FieldSpec::long(name, heading, SECTION)
            .required()
            .hint("没有开展的，写“本年度未开展”并说明原因")
            .clause(clause)
    });
    std::iter::once(year()).chain(contents).collect()
}

fn change(context: &FormContext) -> Vec<FieldSpec> {
    let kinds = ChangeKind::ALL.map(|kind| {
        let how = match kind.class() {
            'A' => "须经审核",
            'B' => "须报备办结",
            _ => "系统登记",
        };
        let signed = context.supplements.get(kind.name());
        let signed = signed.map(|who| format!("；补充协议由{who}签署")).unwrap_or_default();
        (kind.name(), format!("{}（{how}{signed}）", kind.term()))
    });
    vec![
        FieldSpec::select("kind", "变更类型", kinds).required().clause("10"),
        FieldSpec::date("occurred_on", "发生日期").required(),
        reason("客观原因与变更内容").required(),
        FieldSpec::text("new_name", "新名称", 60).hint("联合体更名的填写"),
        unit("unit", "涉及的单位")
            .hint("新牵头单位、新成员或退出单位的全称或统一社会信用代码；其他变更不填"),
    ]
}

fn support() -> Vec<FieldSpec> {
    let clauses = SupportClause::ALL.map(|c| (c.id(), format!("{} {}", label(c.id()), c.term())));
    vec![
        FieldSpec::select("clause", "条款", clauses).required(),
        FieldSpec::long("measure", "支持措施", text::PARAGRAPH_MAX).required(),
        FieldSpec::text("document", "文号或项目编号", text::LINE_MAX).required(),
        FieldSpec::date("on", "落实日期").required(),
    ]
}
