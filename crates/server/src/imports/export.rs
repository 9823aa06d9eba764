//! 导出 — the same tables the other way: an export that is brought again is there already, row by
//! row.

use consortium::unit::Unit;
use serde_json::{Value, json};

use super::kind::{OWNER, cell};
use super::{Kind, Report};
use crate::forms::unit::platform_stored;
use crate::http::Fault;
use crate::office::Office;
use crate::pages::shell::form::{FieldSpec, Values};
use crate::pages::units::profile;
use crate::tables::{csv_written, xlsx_written};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV.
    Csv,
    /// XLSX.
    Xlsx,
}

impl Format {
    /// The name and the format of a file: `units.xlsx`.
    pub fn split(file: &str) -> Option<(&str, Self)> {
        let (name, ending) = file.rsplit_once('.')?;
        match ending {
            "csv" => Some((name, Self::Csv)),
            "xlsx" => Some((name, Self::Xlsx)),
            _ => None,
        }
    }

    /// What programs call it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => crate::inspect::Kind::Xlsx.media_type(),
        }
    }

    /// A table in this format.
    pub fn write(
        self,
        sheet: &str,
        headings: &[&str],
        rows: &[Vec<String>],
    ) -> Result<Vec<u8>, Fault> {
        match self {
            Self::Csv => Ok(csv_written(headings, rows).into_bytes()),
            Self::Xlsx => {
                xlsx_written(sheet, headings, rows).map_err(|error| Fault::internal(&error))
            }
        }
    }
}

/// Everything of a kind.
pub async fn exported(office: &Office, kind: Kind, format: Format) -> Result<Vec<u8>, Fault> {
    let fields = kind.fields();
    let units = office.every_unit().await?;
    let objects = units.iter().flat_map(|unit| objects(kind, unit));
    let rows: Vec<Vec<String>> = objects.map(|object| row(&fields, &object)).collect();
    table(kind, format, &rows)
}

/// The headings alone.
pub fn blank(kind: Kind, format: Format) -> Result<Vec<u8>, Fault> {
    table(kind, format, &[])
}

fn table(kind: Kind, format: Format, rows: &[Vec<String>]) -> Result<Vec<u8>, Fault> {
    let headings = kind.headings();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    format.write(kind.term(), &headings, rows)
}

/// What became of each row, as a table.
pub fn report_table(report: &Report, format: Format) -> Result<Vec<u8>, Fault> {
    let rows: Vec<Vec<String>> = report
        .lines
        .iter()
        .map(|line| {
            vec![
                line.line.to_string(),
                line.about.clone(),
                line.outcome.term().to_owned(),
                line.why.clone(),
            ]
        })
        .collect();
    format.write("导入结果", &["行", "内容", "结果", "原因和办法"], &rows)
}

/// Rows of a kind as their forms hold them.
fn objects(kind: Kind, unit: &Unit) -> Vec<Value> {
    let owned = |mut object: Value| {
        if let Some(fields) = object.as_object_mut() {
            fields.insert(OWNER.to_owned(), json!(unit.profile.code));
        }
        object
    };
    match kind {
        Kind::Units => vec![profile::stored(&unit.profile)],
        Kind::Platforms => {
            unit.platforms.iter().map(|kept| owned(platform_stored(&kept.entry))).collect()
        }
        Kind::Credit => {
            // What was taken off its list stands in the history, and is no record to bring again.
            let standing = unit.credit.iter().filter(|kept| kept.lifted_on.is_none());
            standing.map(|kept| owned(json!(kept.record))).collect()
        }
    }
}

fn row(fields: &[FieldSpec], object: &Value) -> Vec<String> {
    let values = Values::stored(fields, object);
    fields.iter().map(|field| cell(field, values.get(&field.name))).collect()
}
