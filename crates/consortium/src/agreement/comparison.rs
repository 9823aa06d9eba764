//! 版本对照 — two versions of the agreement, word by word: clauses, parties and annexes.
//!
//! What is kept and what was removed is together the old text, what is kept and what was inserted
//! the new one: a reader who trusts the marks has read both.

use serde::Serialize;

use super::words::{Piece, between};
use super::{FORMED_ON, Format, HEADINGS, annexes, in_order};
use crate::materials::Materials;

/// 变化 — what became of a place or a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// 新增.
    Added,
    /// 删去.
    Removed,
    /// 修改.
    Changed,
}

impl Became {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Removed => "删去",
            Self::Changed => "修改",
        }
    }
}

/// 对照结果 — the places that differ, in the order of the agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The clauses that differ.
    pub clauses: Vec<Clause>,
    /// The tables that differ.
    pub tables: Vec<Table>,
    /// How many clauses and tables are the same in both.
    pub same: usize,
}

impl Comparison {
    /// How many clauses and tables differ.
    pub fn count(&self) -> usize {
        self.clauses.len() + self.tables.len()
    }
}

/// A clause that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its number: `C06`; `C01` is the name.
    pub no: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What became of it.
    pub became: Became,
    /// Both texts, piece by piece.
    pub pieces: Vec<Piece>,
}

/// A table that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it is called.
    pub title: &'static str,
    /// The heads of its columns.
    pub columns: Vec<&'static str>,
    /// The rows that differ.
    pub rows: Vec<Row>,
    /// How many rows are the same in both.
    pub same: usize,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What became of it.
    pub became: Became,
    /// Its cells, piece by piece.
    pub cells: Vec<Vec<Piece>>,
}

/// Compares two versions.
pub fn compare(old: &Materials, new: &Materials) -> Comparison {
    let mut found = Comparison::default();
    for (no, title, was, is) in clauses(old, new) {
        match clause(no, title, &was, &is) {
            Some(clause) => found.clauses.push(clause),
            None => found.same += usize::from(!is.is_empty()),
        }
    }
    // Two versions of one format are told apart by what it signs; of two, by what the later signs.
    let format = old.agreement.format.max(new.agreement.format);
    for (was, is) in tables(old, format).into_iter().zip(tables(new, format)) {
        let filled = !is.rows.is_empty();
        match table(is.title, &is.columns, &was.rows, &is.rows) {
            Some(table) => found.tables.push(table),
            None => found.same += usize::from(filled),
        }
    }
    found
}

/// Number, title, and both texts of every clause.
type Both = (&'static str, &'static str, String, String);

fn clauses(old: &Materials, new: &Materials) -> Vec<Both> {
    let formed = |materials: &Materials| {
        materials.agreement.text.formed_on.map(|on| on.to_string()).unwrap_or_default()
    };
    let mut all = vec![
        ("C01", "联合体名称", old.name.clone(), new.name.clone()),
        ("C04", FORMED_ON, formed(old), formed(new)),
    ];
    all.extend(HEADINGS.iter().map(|heading| {
        let words = |materials: &Materials| {
            super::canonical::normal_text(heading.words(&materials.agreement.text))
        };
        (heading.no, heading.title, words(old), words(new))
    }));
    all
}

fn clause(no: &'static str, title: &'static str, was: &str, is: &str) -> Option<Clause> {
    if was == is {
        return None;
    }
    let became = match (was.is_empty(), is.is_empty()) {
        (true, _) => Became::Added,
        (_, true) => Became::Removed,
        _ => Became::Changed,
    };
    Some(Clause { no, title, became, pieces: between(was, is) })
}

/// The rows of a table, as people read them.
type Rows = Vec<Vec<String>>;

/// What stands in columns: the parties and the annexes.
struct Sheet {
    title: &'static str,
    columns: Vec<&'static str>,
    rows: Rows,
}

fn tables(materials: &Materials, format: Format) -> Vec<Sheet> {
    let parties = in_order(materials).into_iter().enumerate().map(|(at, party)| {
        let role = if at == 0 { "牵头单位" } else { "成员单位" };
        vec![role.to_owned(), party.name.clone(), party.code.clone()]
    });
    let columns = vec!["身份", "单位", "统一社会信用代码"];
    let parties = Sheet { title: "各方", columns, rows: parties.collect() };
    let annexes = annexes(materials, format).into_iter().map(|annex| Sheet {
        title: annex.title,
        columns: annex.columns.iter().map(|(head, _)| *head).collect(),
        rows: annex.rows,
    });
    std::iter::once(parties).chain(annexes).collect()
}

fn table(title: &'static str, columns: &[&'static str], was: &Rows, is: &Rows) -> Option<Table> {
    if was == is {
        return None;
    }
    let mut rows = Vec::new();
    let mut same = 0;
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, was, is) {
        let (gone, come) = (&was[op.old_range()], &is[op.new_range()]);
        if op.tag() == similar::DiffTag::Equal {
            same += gone.len();
        } else {
            rows.extend(paired(gone, come));
        }
    }
    Some(Table { title, columns: columns.to_vec(), rows, same })
}

/// Rows that stood here and rows that stand here: those that share most cells are one row changed.
fn paired(gone: &[Vec<String>], come: &[Vec<String>]) -> Vec<Row> {
    let mut left: Vec<&Vec<String>> = gone.iter().collect();
    let mut rows = Vec::new();
    for new in come {
        let shared = |old: &[String]| old.iter().zip(new).filter(|(was, is)| was == is).count();
        let nearest = (0..left.len()).rev().max_by_key(|at| shared(left[*at]));
        if let Some(at) = nearest.filter(|at| shared(left[*at]) > 0) {
            let old = left.remove(at);
            let cells = old.iter().zip(new).map(|(was, is)| between(was, is)).collect();
            rows.push(Row { became: Became::Changed, cells });
        } else {
            let cells = new.iter().map(|is| between("", is)).collect();
            rows.push(Row { became: Became::Added, cells });
        }
    }
    let removed = left.into_iter().map(|old| Row {
        became: Became::Removed,
        cells: old.iter().map(|was| between(was, "")).collect(),
    });
    removed.chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_shares_a_cell_is_changed_and_others_come_and_go() {
        let rows = |rows: &[&[&str]]| -> Rows {
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
        };
        let was = rows(&[&["甲", "2026", "货币"], &["乙", "2027", "设备"]]);
        let is = rows(&[&["丙", "2028", "场地"], &["甲", "2026", "人力"], &["丁", "2029", "其他"]]);
        let found = table("附表三　投入", &["单位", "年度", "形式"], &was, &is).unwrap();
        let told: Vec<_> = found.rows.iter().map(|row| row.became).collect();
        assert_eq!(told, [Became::Removed, Became::Added, Became::Changed, Became::Added]);
        assert_eq!(found.rows[2].cells[2], between("货币", "人力"));
        assert!(table("各方", &[], &was, &was).is_none());
    }
}
