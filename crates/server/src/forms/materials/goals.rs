//! T6 to T8: goals, key technologies, tasks.

use consortium::{
    materials::{Indicator, WorkKind},
    text,
};
use jiff::civil::Date;

use super::super::FormContext;
use super::{line, long, table, unit_of, units_of, year};
use crate::pages::shell::form::{Choice, FieldSpec};

/// The levels of 技术就绪度, as GB/T 22900 has them in short.
const TRL: [(&str, &str); 9] = [
    ("1", "1 级 基本原理"),
    ("2", "2 级 技术概念"),
    ("3", "3 级 关键功能验证"),
    ("4", "4 级 实验室环境验证"),
    ("5", "5 级 模拟环境验证"),
    ("6", "6 级 样机模拟环境演示"),
    ("7", "7 级 样机实际环境演示"),
    ("8", "8 级 产品定型"),
    ("9", "9 级 实际应用"),
];

pub(super) fn goals() -> Vec<FieldSpec> {
    let yearly = vec![
        year("year", "年度").required(),
        FieldSpec::long("goal", "年度目标", text::PARAGRAPH_MAX).required(),
    ];
    let indicators = vec![
        line("name", "指标名称").required(),
        line("measure", "计量单位").hint("件、项、次、万元等"),
        line("baseline", "现状值"),
        line("target", "目标值"),
        year("year", "完成年度").required(),
    ];
    vec![
        long("goals", "总体目标").hint("可考核、有时限").clause("6.2"),
        table("yearly", "年度目标", yearly).hint("一年一行").light(),
        table("indicators", "考核指标", indicators).light(),
    ]
}

pub(super) fn technologies(context: &FormContext) -> FieldSpec {
    let columns = vec![
        line("name", "关键技术").required(),
        long("state", "国内外现状").light(),
        long("bottleneck", "难题与现状").hint("卡在哪里").light(),
        long("approach", "攻关思路").hint("商业秘密，不公开").light(),
        FieldSpec::select("trl_from", "现在的技术就绪度", TRL).light(),
        FieldSpec::select("trl_to", "要达到的技术就绪度", TRL).light(),
        unit_of("lead_unit", "牵头攻关单位", &context.parties, context).light(),
        units_of("partners", "参与单位", context).light(),
    ];
    table("technologies", "关键技术", columns).clause("3")
}

/// A day of a task: left blank, it is that of the agreement's term, where one was written.
fn within_the_term(name: &'static str, label: &'static str, of_term: Option<Date>) -> FieldSpec {
    let field = FieldSpec::date(name, label).required();
    match of_term {
        Some(day) => field.or(day.to_string()).hint(format!("空着即按协议期限：{day}")),
        None => field,
    }
}

pub(super) fn work(context: &FormContext) -> FieldSpec {
    let kinds = WorkKind::ALL.map(|kind| (kind.name(), kind.term()));
    let indicators = context.materials.as_ref().map(|materials| &materials.indicators);
    let named = |row: &Indicator| Choice::from((row.name.clone(), row.name.clone()));
    let indicators: Vec<Choice> = indicators.into_iter().flatten().map(named).collect();
    let basics = context.materials.as_ref().and_then(|materials| materials.basics.as_ref());
    let columns = vec![
        FieldSpec::long("content", "任务内容", text::PARAGRAPH_MAX).required(),
        FieldSpec::select("kind", "类型", kinds).required(),
        unit_of("unit", "负责单位", &context.parties, context).required(),
        units_of("partners", "参与单位", context),
        within_the_term("from", "开始", basics.and_then(|basics| basics.term_from)),
        within_the_term("to", "结束", basics.and_then(|basics| basics.term_to)),
        line("deliverable", "成果形式").light(),
        FieldSpec::choices("indicators", "对应的考核指标", indicators)
            .hint("先在“技术创新目标”列出考核指标")
            .light(),
    ];
    table("work", "任务分工", columns)
        .hint("按行编号；研究开发和科技成果转化都要有，每家单位至少承担或参与一项")
        .clause("3")
}
