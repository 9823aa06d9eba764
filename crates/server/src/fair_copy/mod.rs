//! 登记表的正文 — the form as it is read: section by section, in labels, tables and texts.
//!
//! One text for the page of a dossier, for the page on which answers are checked, and for the
//! paper. What its reader may not see is not in the view that it is made from.

mod tables;
mod units;

use consortium::{
    Dossier,
    ids::UnitId,
    materials::{Part, Party},
    view::FormView,
};
use jiff::civil::{Date, DateTime};

use crate::office::Profiles;
use crate::pages::shell::parse::amount;

/// One section of the form.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The part.
    pub part: Part,
    /// Whose block, where each unit writes its own.
    pub unit: Option<UnitId>,
    /// Its heading.
    pub heading: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// What stands under a heading.
#[derive(Clone, Debug)]
pub enum Block {
    /// Labels and values.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// A text.
    Text(Fact),
}

/// A label and its value, with the field where it is written; empty where it is written elsewhere.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// What was written; empty for nothing.
    pub value: String,
    /// The field.
    pub field: &'static str,
}

/// A table, with the field that holds its rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it is.
    pub caption: &'static str,
    /// The field.
    pub field: &'static str,
    /// The heads.
    pub heads: Vec<String>,
    /// How wide each column is, as shares.
    pub widths: Vec<u32>,
    /// The rows, a cell a head.
    pub rows: Vec<Vec<String>>,
    /// What stands under it: the sums.
    pub note: Option<String>,
}

/// What the form is made from.
pub struct Source<'a> {
    /// 名称.
    pub name: &'a str,
    /// The parties that count, the lead first.
    pub parties: Vec<&'a Party>,
    /// The form as its reader sees it.
    pub form: &'a FormView,
    /// 组建时间, of the agreement.
    pub formed_on: Option<Date>,
    /// 协议生效日期, of the agreement.
    pub effective_on: Option<Date>,
    /// 归口管理部门, once known.
    pub authority: &'a str,
    /// 适用办法版本.
    pub regime: &'static str,
    /// What the units have registered.
    pub profiles: &'a Profiles,
}

impl<'a> Source<'a> {
    /// Of a dossier, through its reader's view of the form.
    pub fn of(dossier: &'a Dossier, form: &'a FormView, profiles: &'a Profiles) -> Self {
        let authority = dossier.authority.as_ref();
        let authority = authority.and_then(|id| consortium::reference::authority(id.as_str()));
        Self {
            profiles,
            name: &dossier.materials.name,
            parties: dossier.materials.standing().collect(),
            form,
            formed_on: dossier.materials.agreement.text.formed_on,
            effective_on: dossier.materials.agreement.effective_at().map(DateTime::date),
            authority: authority.map_or("", |authority| authority.name),
            regime: match dossier.regime {
                consortium::dossier::Regime::Trial => "试行办法",
                consortium::dossier::Regime::Current => "现行办法",
            },
        }
    }

    /// Before submission: with the authority to which the lead's area leads on this day.
    #[must_use]
    pub fn routed(self, on: Date) -> Self {
        let lead = self.parties.first().and_then(|lead| self.profiles.get(&lead.unit));
        let found = lead.and_then(|lead| consortium::reference::route(&lead.area, on, None));
        match found {
            Some(authority) if self.authority.is_empty() => {
                Self { authority: authority.name, ..self }
            }
            _ => self,
        }
    }

    fn party(&self, unit: &UnitId) -> String {
        let found = self.parties.iter().find(|party| party.unit == *unit);
        found.map_or_else(|| "已移出的单位".to_owned(), |party| party.name.clone())
    }

    fn all(&self, units: &[UnitId]) -> String {
        units.iter().map(|unit| self.party(unit)).collect::<Vec<_>>().join("、")
    }
}

/// The whole form, T1 to T15, in the order of its tables.
pub fn leaves(source: &Source<'_>) -> Vec<Leaf> {
    let mut leaves = vec![units::basics(source)];
    for (at, party) in source.parties.iter().enumerate() {
        leaves.push(units::figures(source, party));
        leaves.push(if at == 0 { units::lead(source) } else { units::member(source, party) });
    }
    leaves.push(units::platforms(source));
    leaves.extend(source.parties.iter().map(|party| units::conditions(source, party)));
    leaves.extend([
        tables::goals(source),
        tables::technologies(source),
        tables::work(source),
        tables::inputs(source),
        tables::rights(source),
        tables::organisation(source),
        tables::plan(source),
        text(Part::Safeguards, "safeguards", &source.form.safeguards),
        text(Part::Special, "special", &source.form.special),
        units::promise(source),
    ]);
    leaves.extend(source.parties.iter().skip(1).map(|party| units::promised_leaf(source, party)));
    leaves
}

/// T5 of all units together, as the paper has it.
pub fn conditions(source: &Source<'_>) -> Vec<Block> {
    units::all_conditions(source)
}

/// 投入汇总 — unit by year, with the sums of rows and columns.
pub fn matrix(source: &Source<'_>) -> Option<Table> {
    tables::matrix(source)
}

/// 年度数据 of one unit, with sums and the ratio.
pub fn years(rows: &[consortium::materials::YearFigures]) -> Table {
    units::years(rows)
}

fn leaf(part: Part, blocks: Vec<Block>) -> Leaf {
    Leaf { part, unit: None, heading: part.term().to_owned(), blocks }
}

fn of_unit(part: Part, party: &Party, blocks: Vec<Block>) -> Leaf {
    let heading = format!("{}：{}", party.name, part.term());
    Leaf { part, unit: Some(party.unit.clone()), heading, blocks }
}

fn text(part: Part, field: &'static str, words: &str) -> Leaf {
    leaf(part, vec![Block::Text(fact(part.term(), words, field))])
}

fn fact(label: &'static str, value: impl Into<String>, field: &'static str) -> Fact {
    Fact { label, value: value.into(), field }
}

fn table(
    caption: &'static str,
    field: &'static str,
    columns: &[(&str, u32)],
    rows: Vec<Vec<String>>,
) -> Block {
    Block::Table(Table {
        caption,
        field,
        heads: columns.iter().map(|(head, _)| (*head).to_owned()).collect(),
        widths: columns.iter().map(|(_, width)| *width).collect(),
        rows,
        note: None,
    })
}

/// A date; nothing for none.
fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// From and to; nothing where neither is written.
fn span(from: Option<Date>, to: Option<Date>) -> String {
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("至 {to}"),
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
    }
}

/// An amount with its unit; nothing for nought.
fn wan(fen: i64) -> String {
    if fen == 0 { String::new() } else { format!("{} 万元", amount(fen)) }
}

/// A figure with its unit; nothing for nought.
fn of(count: u32, unit: &str) -> String {
    if count == 0 { String::new() } else { format!("{count} {unit}") }
}

fn promised(yes: bool) -> String {
    if yes { "已承诺".to_owned() } else { String::new() }
}

/// What a member promised: each promise with whether it was given.
pub fn promises_of(source: &Source<'_>, party: &Party) -> Vec<(&'static str, bool)> {
    units::promised_by(source, party)
}
