//! XLSX — read cell by cell after the file was looked at, written as texts alone.
//!
//! The reader never lays out a whole sheet: a cell at the far corner costs one cell, and what lies
//! beyond the bounds of a table ends the reading. Formulas are read as the value they showed.

use std::collections::BTreeMap;
use std::io::Cursor;

use jiff::Span;
use jiff::civil::{Date, date};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Row, UNPACKED_MAX, Unread, cell, guarded};
use crate::inspect::{Flaw, Kind, Watch, inspect, parts};

/// Characters a cell of a spreadsheet holds.
const CELL_HOLDS: usize = 32_000;
/// Formats of numbers that are days, as the standard numbers them.
const DAYS: [std::ops::RangeInclusive<u32>; 3] = [14..=22, 27..=36, 50..=58];
/// The last serial number of a day: the end of the year 9999.
const SERIAL_MAX: f64 = 2_958_465.0;

/// The lines of the first sheet.
pub(super) fn lines(bytes: &[u8], name: &str, watch: &Watch) -> Result<Vec<Row>, Unread> {
    let kind = inspect(&mut Cursor::new(bytes), name, watch).map_err(Unread::Flaw)?;
    if kind != Kind::Xlsx {
        return Err(Unread::Kind);
    }
    let wanted = |name: &str| {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        ["xml", "rels"].contains(&ending)
    };
    let parts = parts(&mut Cursor::new(bytes), &wanted, UNPACKED_MAX, watch);
    let parts = parts.map_err(|flaw| match flaw {
        Flaw::Inflates => Unread::Unpacks,
        other => Unread::Flaw(other),
    })?;
    Book { parts }.rows()
}

/// The parts of a workbook by name.
struct Book {
    parts: BTreeMap<String, Vec<u8>>,
}

/// What the workbook says of its first sheet and of its days.
#[derive(Default)]
struct Guide {
    sheet: String,
    since_1904: bool,
}

impl Book {
    fn rows(&self) -> Result<Vec<Row>, Unread> {
        let guide = self.guide()?;
        let strings = self.strings()?;
        let days = self.day_styles()?;
        let mut sheet = Sheet {
            strings: &strings,
            days: &days,
            since_1904: guide.since_1904,
            rows: Vec::new(),
            seen: 0,
            at: (0, 0),
        };
        sheet.read(self.text(&guide.sheet)?.ok_or(Unread::Empty)?)?;
        Ok(sheet.rows)
    }

    /// A part as text; `None` where there is none.
    fn text(&self, name: &str) -> Result<Option<&str>, Unread> {
        let Some(bytes) = self.parts.get(name) else { return Ok(None) };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        std::str::from_utf8(bytes).map(Some).map_err(|_| broken())
    }

    /// Where the first sheet is.
    fn guide(&self) -> Result<Guide, Unread> {
        let mut guide = Guide::default();
        let mut first = None;
        let workbook = self.text("xl/workbook.xml")?.ok_or_else(broken)?;
        elements(workbook, &mut |element| {
            match element.local_name().as_ref() {
                "sheet" if first.is_none() => first = attribute(element, "r:id")?,
                "workbookPr" => {
                    let stated = attribute(element, "date1904")?.unwrap_or_default();
                    guide.since_1904 = matches!(stated.as_str(), "1" | "true");
                }
                _ => {}
            }
            Ok(())
        })?;
        let wanted = first.ok_or(Unread::Empty)?;
        let links = self.text("xl/_rels/workbook.xml.rels")?.ok_or_else(broken)?;
        elements(links, &mut |element| {
            if attribute(element, "Id")?.as_ref() == Some(&wanted) {
                let target = attribute(element, "Target")?.unwrap_or_default();
                guide.sheet = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("xl/{target}"),
                };
            }
            Ok(())
        })?;
        Ok(guide)
    }

    /// Texts that cells refer to by their number; how they are read aloud is passed over.
    fn strings(&self) -> Result<Vec<String>, Unread> {
        let mut strings = Vec::new();
        let Some(text) = self.text("xl/sharedStrings.xml")? else { return Ok(strings) };
        let mut reader = Reader::from_str(text);
        let (mut inside, mut aloud) = (false, false);
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "si" => strings.push(String::new()),
                    "t" => inside = true,
                    "rPh" => aloud = true,
                    _ => {}
                },
                Event::Empty(element) if element.local_name().as_ref() == "si" => {
                    strings.push(String::new());
                }
                Event::End(element) => match element.local_name().as_ref() {
                    "t" => inside = false,
                    "rPh" => aloud = false,
                    _ => {}
                },
                Event::Eof => return Ok(strings),
                event => {
                    if let (true, false, Some(last)) = (inside, aloud, strings.last_mut()) {
                        push(last, &event)?;
                    }
                }
            }
        }
    }

    /// Of each style whether it shows a day.
    fn day_styles(&self) -> Result<Vec<bool>, Unread> {
        let mut own: BTreeMap<u32, bool> = BTreeMap::new();
        let mut styles = Vec::new();
        let Some(text) = self.text("xl/styles.xml")? else { return Ok(styles) };
        let mut inside = false;
        let number = |element: &BytesStart<'_>, name: &str| -> Result<u32, Unread> {
            Ok(attribute(element, name)?.and_then(|text| text.parse().ok()).unwrap_or_default())
        };
        let mut reader = Reader::from_str(text);
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(element) | Event::Empty(element) => {
                    match element.local_name().as_ref() {
                        "numFmt" => {
                            let code = attribute(&element, "formatCode")?.unwrap_or_default();
                            own.insert(number(&element, "numFmtId")?, is_day(&code));
                        }
                        "cellXfs" => inside = true,
                        "xf" if inside => {
                            let id = number(&element, "numFmtId")?;
                            let listed = DAYS.iter().any(|range| range.contains(&id));
                            styles.push(own.get(&id).copied().unwrap_or(listed));
                        }
                        _ => {}
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "cellXfs" => {
                    inside = false;
                }
                Event::Eof => return Ok(styles),
                _ => {}
            }
        }
    }
}

/// Whether a format of a house's own shows a day: what stands in quotes or brackets shows nothing.
fn is_day(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.replace("General", "").chars().any(|letter| {
        match letter {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(letter, 'y' | 'Y' | 'd' | 'D' | 'e')
    })
}

/// A sheet as it is read, cell by cell.
struct Sheet<'a> {
    strings: &'a [String],
    days: &'a [bool],
    since_1904: bool,
    rows: Vec<Row>,
    seen: usize,
    /// Row and column of the last cell, from 1.
    at: (u64, usize),
}

/// One cell as it is read.
#[derive(Default)]
struct Found {
    kind: String,
    style: usize,
    text: String,
}

impl Sheet<'_> {
    fn read(&mut self, text: &str) -> Result<(), Unread> {
        let mut reader = Reader::from_str(text);
        let mut found: Option<Found> = None;
        let mut inside = false;
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => self.row(&element)?,
                    "c" => found = Some(self.cell(&element)?),
                    "v" | "t" => inside = true,
                    // How a text is read aloud, and how a value was computed, are passed over.
                    "rPh" | "f" => {
                        reader.read_to_end(element.name()).map_err(|_| broken())?;
                    }
                    _ => {}
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "row" => self.row(&element)?,
                    "c" => drop(self.cell(&element)?),
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => inside = false,
                    "c" => {
                        if let Some(found) = found.take() {
                            self.keep(&found)?;
                        }
                    }
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Ok(()),
                event => {
                    if let (true, Some(found)) = (inside, &mut found) {
                        push(&mut found.text, &event)?;
                    }
                }
            }
        }
    }

    fn row(&mut self, element: &BytesStart<'_>) -> Result<(), Unread> {
        let stated = attribute(element, "r")?.and_then(|text| text.parse().ok());
        self.at = (stated.unwrap_or(self.at.0 + 1), 0);
        Ok(())
    }

    fn cell(&mut self, element: &BytesStart<'_>) -> Result<Found, Unread> {
        self.seen += 1;
        if self.seen > CELLS_MAX {
            return Err(Unread::TooManyCells);
        }
        let stated = attribute(element, "r")?;
        self.at.1 = stated.as_deref().and_then(column).unwrap_or(self.at.1 + 1);
        Ok(Found {
            kind: attribute(element, "t")?.unwrap_or_default(),
            style: attribute(element, "s")?.and_then(|text| text.parse().ok()).unwrap_or_default(),
            text: String::new(),
        })
    }

    fn keep(&mut self, found: &Found) -> Result<(), Unread> {
        let (line, column) = self.at;
        let text = cell(&self.words(found), line)?;
        if text.is_empty() {
            return Ok(());
        }
        if column > COLUMNS_MAX {
            return Err(Unread::TooManyColumns);
        }
        // Rows come in order; a file that says otherwise is not laid out anew.
        match self.rows.last() {
            Some(last) if last.line > line => return Err(Unread::Broken { line }),
            Some(last) if last.line == line => {}
            _ => self.rows.push(Row { line, cells: Vec::new() }),
        }
        if self.rows.len() > ROWS_MAX + 1 {
            return Err(Unread::TooManyRows);
        }
        if let Some(last) = self.rows.last_mut() {
            if last.cells.len() < column {
                last.cells.resize(column, String::new());
            }
            last.cells[column - 1] = text;
        }
        Ok(())
    }

    /// A cell as people read it: whole numbers without a point, days as `2026-03-05`.
    fn words(&self, found: &Found) -> String {
        let text = found.text.trim();
        match found.kind.as_str() {
            "s" => {
                let kept = text.parse::<usize>().ok().and_then(|at| self.strings.get(at));
                kept.cloned().unwrap_or_default()
            }
            "b" => if text == "1" { "是" } else { "否" }.to_owned(),
            "e" => String::new(),
            "str" | "inlineStr" | "d" => found.text.clone(),
            _ => match text.parse::<f64>() {
                Ok(number) if self.days.get(found.style).copied().unwrap_or_default() => {
                    day(number, self.since_1904).map_or_else(|| text.to_owned(), |d| d.to_string())
                }
                Ok(number) => number.to_string(),
                Err(_) => text.to_owned(),
            },
        }
    }
}

/// A day by its serial number. The calendar of spreadsheets has a 29 February 1900 that never was.
fn day(serial: f64, since_1904: bool) -> Option<Date> {
    if !(1.0..=SERIAL_MAX).contains(&serial) {
        return None;
    }
    let first = match (since_1904, serial < 60.0) {
        (true, _) => date(1904, 1, 1),
        (false, true) => date(1899, 12, 31),
        (false, false) => date(1899, 12, 30),
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded above, and the time of day is cut"
    )]
    let days = serial as i64;
    first.checked_add(Span::new().days(days)).ok()
}

/// The column of `BC12`, from 1.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.take(4).fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    Some(number).filter(|number| *number > 0)
}

fn broken() -> Unread {
    Unread::Flaw(Flaw::Broken)
}

/// Adds what an event says to a text.
fn push(text: &mut String, event: &Event<'_>) -> Result<(), Unread> {
    match event {
        Event::Text(words) => text.push_str(&words.xml_content(XmlVersion::Implicit1_0)),
        Event::CData(words) => text.push_str(&words.xml_content(XmlVersion::Implicit1_0)),
        Event::GeneralRef(name) => {
            if let Some(letter) = name.resolve_char_ref().map_err(|_| broken())? {
                text.push(letter);
            } else {
                let name = name.xml_content(XmlVersion::Implicit1_0);
                text.push_str(resolve_predefined_entity(&name).ok_or_else(broken)?);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Visits every element.
fn elements(
    text: &str,
    visit: &mut dyn FnMut(&BytesStart<'_>) -> Result<(), Unread>,
) -> Result<(), Unread> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(element) | Event::Empty(element) => visit(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its name, with references resolved.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unread> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        if attribute.key.as_ref() == name {
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// A table as a workbook of one sheet, every cell a text.
pub fn written<'a, R: AsRef<[String]> + 'a>(
    sheet: &str,
    headings: &[&str],
    rows: impl IntoIterator<Item = &'a R>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet)?;
    page.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0_u16..).zip(headings) {
        page.set_column_width(column, 20)?;
        page.write_string_with_format(0, column, *heading, &bold)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(row.as_ref()) {
            let held: String = guarded(text).chars().take(CELL_HOLDS).collect();
            page.write_string(line, column, held)?;
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_what_the_spreadsheet_shows() {
        // serial, since 1904, day
        let table = [
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (61.0, false, "1900-03-01"),
            (46_086.75, false, "2026-03-05"),
            (44_624.0, true, "2026-03-05"),
        ];
        for (serial, since_1904, shown) in table {
            assert_eq!(day(serial, since_1904).map(|day| day.to_string()).as_deref(), Some(shown));
        }
        for none in [0.0, -1.0, f64::NAN, f64::INFINITY, SERIAL_MAX + 1.0] {
            assert_eq!(day(none, false), None, "{none}");
        }
    }

    #[test]
    fn a_format_is_a_day_by_what_it_shows() {
        let table = [
            ("yyyy\\-mm\\-dd", true),
            ("yyyy\"年\"m\"月\"d\"日\"", true),
            ("0.00", false),
            ("\"day\" 0", false),
            ("[Red]0.00", false),
            ("General", false),
            ("[$-804]e\"年\"", true),
        ];
        for (code, is) in table {
            assert_eq!(is_day(code), is, "{code}");
        }
    }

    #[test]
    fn a_column_is_counted_in_letters() {
        for (reference, number) in
            [("A1", Some(1)), ("Z9", Some(26)), ("BC12", Some(55)), ("1", None)]
        {
            assert_eq!(column(reference), number, "{reference}");
        }
    }

    #[test]
    fn a_workbook_of_another_program_is_read_as_it_shows() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_string(0, 0, "甲").unwrap();
        sheet.write_string(0, 1, "乙").unwrap();
        sheet.write_string(0, 2, "丙").unwrap();
        sheet.write_number(1, 0, 2025).unwrap();
        sheet.write_number_with_format(1, 1, 46_086, &day).unwrap();
        sheet
            .write_formula(1, 2, rust_xlsxwriter::Formula::new("=A2&\"!\"").set_result("2025 &<"))
            .unwrap();
        sheet.write_boolean(2, 0, true).unwrap();
        sheet.write_number(2, 1, 12.5).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let rows = lines(&bytes, "a.xlsx", &Watch::default()).unwrap();
        assert_eq!(rows[1].cells, ["2025", "2026-03-05", "2025 &<"]);
        assert_eq!(rows[2].cells, ["是", "12.5"]);
    }
}
