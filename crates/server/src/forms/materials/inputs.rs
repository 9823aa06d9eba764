//! T9 to T12: inputs and shares, rights, organisation, plan.

use consortium::{
    materials::{Body, Foreground, INPUT_FORMS, RIGHT_KINDS, ResultKind},
    text,
};

use super::super::FormContext;
use super::{count, line, long, table, unit_of, units, year};
use crate::pages::shell::form::FieldSpec;

/// Days of review before publication at most, and years of secrecy.
const DAYS_MAX: i64 = 3_650;
const SECRET_YEARS_MAX: i64 = 100;

pub(super) fn inputs(context: &FormContext) -> Vec<FieldSpec> {
    let rows = vec![
        unit_of("unit", "投入单位", &context.parties, context).required(),
        year("year", "年度").required(),
        FieldSpec::select("form", "形式", INPUT_FORMS.map(|form| (form, form))),
        FieldSpec::money("amount_fen", "金额").required(),
    ];
    let public = vec![
        year("year", "年度").required(),
        line("source", "来源").required(),
        FieldSpec::money("amount_fen", "金额").required(),
    ];
    let kinds = ResultKind::ALL.map(|kind| (kind.name(), kind.term()));
    let sharing = vec![
        FieldSpec::select("kind", "成果类型", kinds).required(),
        FieldSpec::long("rule", "分配办法", text::PARAGRAPH_MAX).required(),
    ];
    vec![
        table("inputs", "各方投入", rows)
            .hint("一个单位、一个年度、一种形式一行；金额是商业秘密，不公开")
            .clause("6.2"),
        FieldSpec::money("total_fen", "各方投入总额")
            .hint("协议商定的总额，系统与各行之和核对")
            .light(),
        table("public_money", "财政资金", public)
            .hint("与各方投入分开填写，不计入投入总额")
            .light(),
        table("sharing", "收益分配", sharing).hint("一种成果一行").clause("6.2").light(),
        unit_of("custodian", "经费托管单位", &context.parties, context).light(),
        long("audit", "审计规定").light(),
    ]
}

pub(super) fn rights(context: &FormContext) -> Vec<FieldSpec> {
    let background = vec![
        line("name", "名称").required(),
        FieldSpec::select("kind", "类型", RIGHT_KINDS.map(|kind| (kind, kind))).required(),
        line("no", "编号"),
        unit_of("owner", "权利人", &context.parties, context).required(),
    ];
    let shares = vec![
        unit_of("unit", "单位", &context.parties, context).required(),
        FieldSpec::integer("percent", "份额（%）", 0, 100).required(),
    ];
    let rules = Foreground::ALL.map(|rule| (rule.name(), rule.term()));
    vec![
        table("background", "背景知识产权", background).hint("组建以前各方已有的"),
        FieldSpec::radio("foreground", "新产生的知识产权归属", rules)
            .hint("不选的，依照促进科技成果转化法第四十条")
            .clause("6.2"),
        long("foreground_text", "归属的补充约定"),
        table("shares", "份额", shares).hint("按份额的，合计 100%"),
        FieldSpec::check("priority_licence", "联合体内成员优先获得许可"),
        FieldSpec::check("transfer_consent", "转让须经其他各方同意"),
        FieldSpec::integer("publication_days", "发表前的审查天数", 0, DAYS_MAX),
        FieldSpec::integer("confidential_years", "保密年限", 0, SECRET_YEARS_MAX),
        long("exit", "退出时的处理"),
    ]
}

pub(super) fn organisation(context: &FormContext) -> Vec<FieldSpec> {
    vec![
        FieldSpec::radio("decides", "决策机构", Body::ALL.map(|body| (body.name(), body.term()))),
        long("composition", "决策机构的组成"),
        long("voting", "表决规则"),
        long("advisers", "专家委员会"),
        long("office", "秘书处或办公室").hint("设在哪里，由谁负责"),
        count("office_staff", "专职人员数"),
        unit_of("liable", "对外承担责任的单位", &context.parties, context)
            .hint("联合体没有法人资格，写明一家单位")
            .clause("11"),
        FieldSpec::integer("meetings", "每年会议次数", 0, 366),
        units::internal_rules(),
        long("opening", "开放机制").hint("新成员怎样加入"),
    ]
}

pub(super) fn plan() -> Vec<FieldSpec> {
    let rows = vec![
        year("year", "年度").required(),
        FieldSpec::long("item", "项目或任务", text::PARAGRAPH_MAX).required(),
        line("source", "资金来源"),
        FieldSpec::money("amount_fen", "金额"),
    ];
    vec![
        long("outline", "总体安排"),
        table("rows", "分年度的项目和资金", rows)
            .hint("金额合计应等于各方投入加财政资金；金额是商业秘密，不公开"),
    ]
}
