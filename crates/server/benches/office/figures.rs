//! 数 — medians and tables.

use std::fmt::Write as _;

/// The middle one.
pub(crate) fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

/// The least and the most.
pub(crate) fn range(of: &[f64]) -> (f64, f64) {
    let least = of.iter().copied().fold(f64::INFINITY, f64::min);
    (least, of.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// What each is to the other one of its round.
pub(crate) fn ratios(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(one, other)| one / other).collect()
}

/// A table in Markdown.
pub(crate) struct Table(String);

impl Table {
    pub(crate) fn new(title: &str, columns: &[&str]) -> Self {
        let mut table = Self(format!("\n### {title}\n\n"));
        table.row(columns);
        let rules: Vec<&str> = columns.iter().map(|_| "---").collect();
        table.row(&rules);
        table
    }

    pub(crate) fn row(&mut self, cells: &[impl AsRef<str>]) {
        let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
        writeln!(self.0, "| {} |", cells.join(" | ")).unwrap();
    }

    pub(crate) fn done(self) -> String {
        self.0
    }
}
