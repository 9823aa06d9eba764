//! 登记表各节 — the sections of the form, T1 to T15: what each asks and what stands in it.

mod goals;
mod inputs;
mod stored;
mod units;

use consortium::{
    materials::{Part, ROWS_MAX},
    text,
};

use super::FormContext;
use super::fields::one_of;
use crate::pages::shell::form::{Choice, FieldSpec};

pub(super) use stored::{legacy, stored};

const SECTION: usize = text::SECTION_MAX;
/// The most people, square metres, pieces a unit may state.
const COUNT_MAX: i64 = 10_000_000;
/// The years that a form takes.
const YEARS: (i64, i64) = (2000, 2100);

/// What the section of the context asks.
pub(super) fn section(context: &FormContext) -> Vec<FieldSpec> {
    let Some(part) = context.part else { return example() };
    match part {
        Part::Basics => units::basics(),
        Part::Unit => units::figures(context),
        Part::Lead => units::lead(),
        Part::Member => units::member(context),
        Part::Platforms => vec![units::platforms(context)],
        Part::Conditions => units::conditions(context),
        Part::Goals => goals::goals(),
        Part::Technologies => vec![goals::technologies(context)],
        Part::Work => vec![goals::work(context)],
        Part::Inputs => inputs::inputs(context),
        Part::Rights => inputs::rights(context),
        Part::Organisation => inputs::organisation(context),
        Part::Plan => inputs::plan(),
        Part::Safeguards => vec![
            FieldSpec::long("safeguards", "保障措施", SECTION)
                .hint("组织、人员、经费、条件和风险防控各怎样保障")
                .clause("11"),
        ],
        Part::Special => vec![
            FieldSpec::long("special", "需要说明的事项", SECTION)
                .hint("成员不足 3 家的，写明特殊情况；对核对提示有缘由的，写在这里；没有的留空")
                .clause("5.1"),
        ],
        Part::Promise => units::promise(),
        Part::MemberPromise => units::member_promise(context),
        Part::Agreement | Part::Attachments | Part::Parties => vec![],
    }
}

/// Without a dossier: which section, and its content as it is.
fn example() -> Vec<FieldSpec> {
    let parts = Part::ALL.into_iter().filter(|part| is_section(*part));
    vec![
        FieldSpec::select("section", "登记表的一节", parts.map(|p| (p.name(), p.term())))
            .required()
            .clause("7.1"),
    ]
}

/// Whether a part is a section of the form.
pub fn is_section(part: Part) -> bool {
    !matches!(part, Part::Agreement | Part::Attachments | Part::Parties)
}

/// Whose block it is: carried along where the page is about one, chosen where it is not.
fn whose(label: &'static str, options: &[Choice], context: &FormContext) -> FieldSpec {
    match &context.block {
        Some(_) => FieldSpec::hidden("unit").required(),
        None => one_of("unit", label, options, context),
    }
}

/// A list within a row, or one that may stay open: always folded, for the width.
fn unit_of(
    name: &'static str,
    label: &'static str,
    options: &[Choice],
    context: &FormContext,
) -> FieldSpec {
    if context.example {
        return FieldSpec::text(name, label, text::LINE_MAX);
    }
    FieldSpec::select(name, label, options.iter().cloned())
}

/// Several units.
fn units_of(name: &'static str, label: &'static str, context: &FormContext) -> FieldSpec {
    FieldSpec::choices(name, label, context.parties.iter().cloned())
}

fn year(name: &'static str, label: &'static str) -> FieldSpec {
    FieldSpec::integer(name, label, YEARS.0, YEARS.1)
}

fn count(name: &'static str, label: &'static str) -> FieldSpec {
    FieldSpec::integer(name, label, 0, COUNT_MAX)
}

fn line(name: &'static str, label: &'static str) -> FieldSpec {
    FieldSpec::text(name, label, text::LINE_MAX)
}

fn long(name: &'static str, label: &'static str) -> FieldSpec {
    FieldSpec::long(name, label, SECTION)
}

fn table(name: &'static str, label: &'static str, columns: Vec<FieldSpec>) -> FieldSpec {
    FieldSpec::rows(name, label, columns, 0, ROWS_MAX)
}
