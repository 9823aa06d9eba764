//! 合计 — the sums of a section as it stands in its draft: nobody has to add up.

use consortium::{Dossier, ids::UnitId, materials::Part, view};

use crate::fair_copy::{self, Source};
use crate::office::Profiles;
use crate::pages::shell::ui::Table;

/// Sums with what stands under them.
pub(super) struct Sums {
    pub(super) title: &'static str,
    pub(super) table: Table,
    pub(super) note: String,
}

/// The sums of a section; `None` where nothing is to be added up.
pub(super) fn of(dossier: &Dossier, part: Part, block: Option<&UnitId>) -> Option<Sums> {
    let form = view::whole_form(dossier.materials.clone());
    let table = match part {
        Part::Inputs => fair_copy::matrix(&Source::of(dossier, &form, &Profiles::new()))?,
        Part::Unit => fair_copy::years(&dossier.materials.unit(block?)?.years),
        _ => return None,
    };
    (!table.rows.is_empty()).then(|| Sums {
        title: table.caption,
        note: table.note.clone().unwrap_or_default(),
        table: shown(&table),
    })
}

/// A table of the form as a page shows it.
pub(super) fn shown(table: &fair_copy::Table) -> Table {
    let heads: Vec<String> = table
        .heads
        .iter()
        .map(|head| if is_figure(head) { format!("{head}#") } else { head.clone() })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut shown = Table::new(table.caption, &heads);
    for row in &table.rows {
        shown.push(row.iter().map(|cell| super::document::paragraphs(cell)).collect());
    }
    shown
}

fn is_figure(head: &str) -> bool {
    head.contains("（万元）") && !head.starts_with("投入单位") || head.ends_with(" 年")
}
