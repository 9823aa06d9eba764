//! 表格 — CSV and XLSX as offices bring and take them: read with bounds, written so that no cell is
//! ever taken for a formula.
//!
//! What comes in is text in cells and nothing else: formulas are read as the value they showed.

mod csv;
mod xlsx;

use crate::inspect::{Desk, Flaw};

pub use csv::{decoded, written as csv_written};
pub use xlsx::written as xlsx_written;

/// Bytes of a table that is brought.
pub const BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes a table in XLSX unpacks to.
pub const UNPACKED_MAX: u64 = 32 * 1024 * 1024;
/// Rows of a table, its headings not counted.
pub const ROWS_MAX: usize = 5_000;
/// Columns of a table.
pub const COLUMNS_MAX: usize = 40;
/// Characters of a cell; a paragraph of the forms fits.
pub const CELL_CHARS_MAX: usize = 5_000;
/// Cells a sheet may hold, filled or styled, before reading stops.
const CELLS_MAX: usize = 400_000;

/// A table as it was read: headings, and what stands under them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What the first line says.
    pub headings: Vec<String>,
    /// Every line that is not blank.
    pub rows: Vec<Row>,
}

/// One line of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet counts: the headings are line 1.
    pub line: u64,
    /// Its cells, trimmed, as many as there are headings.
    pub cells: Vec<String>,
}

/// Why a table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// More bytes than are taken.
    #[error("表格不超过 {} MB，分几份导入", BYTES_MAX >> 20)]
    TooLarge,
    /// It unpacks to more than is taken.
    #[error("表格解开后超过 {} MB，去掉图片和多余的工作表后另存", UNPACKED_MAX >> 20)]
    Unpacks,
    /// More rows than are taken.
    #[error("一次最多导入 {ROWS_MAX} 行，分几份导入")]
    TooManyRows,
    /// More columns than are taken.
    #[error("表格最多 {COLUMNS_MAX} 列，只留下要导入的列")]
    TooManyColumns,
    /// More cells than are looked at.
    #[error("工作表里的单元格太多，把要导入的内容复制到一张新表再导入")]
    TooManyCells,
    /// A cell that is too long.
    #[error("第 {line} 行有一格超过 {CELL_CHARS_MAX} 个字，删减后再导入")]
    LongCell {
        /// Its line.
        line: u64,
    },
    /// Neither UTF-8 nor GB18030.
    #[error("文字编码读不懂，另存为“CSV UTF-8”或 XLSX 后再导入")]
    Encoding,
    /// No headings.
    #[error("表格是空的，第一行写列名，从第二行起写内容")]
    Empty,
    /// A quote that is never closed, or the like.
    #[error("表格从第 {line} 行起读不懂，用表格软件另存后再导入")]
    Broken {
        /// Where.
        line: u64,
    },
    /// Neither CSV nor XLSX.
    #[error("只收 CSV 和 XLSX 表格，另存为其中一种后再导入")]
    Kind,
    /// What the inspection of the file found.
    #[error("{}", .0.sentence())]
    Flaw(Flaw),
}

/// Reads a table that came under a name, in the bounded pool of inspections.
pub async fn read(desk: &Desk, name: &str, bytes: Vec<u8>) -> Result<Table, Unread> {
    if bytes.len() > BYTES_MAX {
        return Err(Unread::TooLarge);
    }
    let name = name.to_owned();
    let work = desk.run(move |watch| Ok(parsed(&name, &bytes, watch)));
    work.await.unwrap_or_else(|flaw| Err(Unread::Flaw(flaw)))
}

fn parsed(name: &str, bytes: &[u8], watch: &crate::inspect::Watch) -> Result<Table, Unread> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let packed = bytes.starts_with(b"PK\x03\x04") || ending.eq_ignore_ascii_case("xlsx");
    let lines = if packed {
        xlsx::lines(bytes, name, watch)?
    } else if bytes.starts_with(b"%PDF") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(Unread::Kind);
    } else {
        csv::lines(&decoded(bytes)?)?
    };
    shaped(lines)
}

/// Lines as a table: the first that is not blank has the headings.
fn shaped(lines: Vec<Row>) -> Result<Table, Unread> {
    let mut lines = lines.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    let mut headings = lines.next().ok_or(Unread::Empty)?.cells;
    while headings.last().is_some_and(String::is_empty) {
        headings.pop();
    }
    if headings.len() > COLUMNS_MAX {
        return Err(Unread::TooManyColumns);
    }
    let width = headings.len();
    let rows: Vec<Row> = lines
        .map(|mut row| {
            row.cells.resize(width, String::new());
            row
        })
        .filter(|row| row.cells.iter().any(|cell| !cell.is_empty()))
        .collect();
    if rows.len() > ROWS_MAX {
        return Err(Unread::TooManyRows);
    }
    Ok(Table { headings, rows })
}

/// A cell as it is read: trimmed, without the guard of an export.
fn cell(text: &str, line: u64) -> Result<String, Unread> {
    let text = text.trim();
    if text.chars().count() > CELL_CHARS_MAX {
        return Err(Unread::LongCell { line });
    }
    let bare = text.strip_prefix('\'').filter(|rest| triggers(rest));
    Ok(bare.unwrap_or(text).to_owned())
}

/// Whether a spreadsheet would take a text for a formula.
fn triggers(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}

/// A cell that no spreadsheet takes for a formula.
pub fn guarded(text: &str) -> String {
    if triggers(text) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests;
