//! CSV — UTF-8 with or without its mark, or GB18030 as Chinese spreadsheets save it.

use std::borrow::Cow;

use super::{COLUMNS_MAX, ROWS_MAX, Row, Unread, cell, guarded};

/// The text of a table, whatever its encoding.
pub fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unread> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Unread::Encoding);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, _, faults) = encoding_rs::GB18030.decode(bytes);
    if faults || text.contains('\0') { Err(Unread::Encoding) } else { Ok(text) }
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Result<Vec<Row>, Unread> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut counted = Counted::default();
    loop {
        let line = counted.line_at(text, reader.position().byte());
        if !reader.read_record(&mut record).map_err(|_| Unread::Broken { line })? {
            return Ok(rows);
        }
        // One more than is taken is enough to say so.
        if rows.len() > ROWS_MAX + 1 {
            return Err(Unread::TooManyRows);
        }
        if record.len() > COLUMNS_MAX {
            return Err(Unread::TooManyColumns);
        }
        let cells = record.iter().map(|text| cell(text, line)).collect::<Result<_, _>>()?;
        rows.push(Row { line, cells });
    }
}

/// The lines passed so far: the reader counts a record from the end of the one before, which is a
/// line too early behind `\r\n` and before blank lines.
#[derive(Default)]
struct Counted {
    to: usize,
    ends: u64,
}

impl Counted {
    /// The number of the line on which the record begins that is read from this byte on.
    fn line_at(&mut self, text: &str, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.to, text.len());
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let begins = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = text.as_bytes().get(self.to..begins).unwrap_or_default();
        let ends = passed.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => passed.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        self.ends += u64::try_from(ends.count()).unwrap_or(u64::MAX);
        self.to = begins;
        self.ends + 1
    }
}

/// A table as text: behind the mark of UTF-8, each cell quoted.
pub fn written<'a, R: AsRef<[String]> + 'a>(
    headings: &[&str],
    rows: impl IntoIterator<Item = &'a R>,
) -> String {
    // Spreadsheets in Chinese Windows read UTF-8 only behind this mark.
    let mut text = String::from("\u{FEFF}");
    push(&mut text, headings.iter().copied());
    for row in rows {
        push(&mut text, row.as_ref().iter().map(String::as_str));
    }
    text
}

fn push<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(&guarded(cell).replace('"', "\"\"").replace(['\r', '\n', '\0'], " "));
        text.push('"');
    }
    text.push_str("\r\n");
}
