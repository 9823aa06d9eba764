//! The seam: two methods over a transaction, and values both engines understand.

use crate::error::{Result, StoreError};

/// A value that goes into a statement or comes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Val {
    /// Nothing.
    Null,
    /// A whole number; also truth, as 0 and 1.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Which database answers. Only full-text search and locking hints need to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, a file or memory.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A running transaction.
///
/// One SQL text serves both engines. Parameters are written `$1`, `$2`, … in the order in which
/// they first appear, because SQLite numbers them by appearance. After an error the transaction
/// is spent: return the error.
pub trait Tx {
    /// Runs a statement and tells how many rows it touched.
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64>;
    /// Runs a query, or a statement with `RETURNING`.
    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>>;
    /// Which database this is.
    fn engine(&self) -> Engine;
}

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Val>);

impl Row {
    fn at(&self, column: usize) -> Result<&Val> {
        self.0
            .get(column)
            .ok_or_else(|| StoreError::Corrupt(format!("a row has no column {column}")))
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self.at(column)? {
            Val::Int(number) => Ok(*number),
            other => Err(unexpected(column, "a number", other)),
        }
    }

    /// A number that is never negative.
    pub fn count(&self, column: usize) -> Result<u64> {
        u64::try_from(self.int(column)?)
            .map_err(|_| StoreError::Corrupt(format!("column {column} is negative")))
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.at(column)? {
            Val::Null => Ok(None),
            _ => self.int(column).map(Some),
        }
    }

    /// Truth.
    pub fn flag(&self, column: usize) -> Result<bool> {
        self.int(column).map(|number| number != 0)
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<String> {
        match self.at(column)? {
            Val::Text(text) => Ok(text.clone()),
            other => Err(unexpected(column, "text", other)),
        }
    }

    /// Text, which the row then no longer has.
    pub(crate) fn take_text(&mut self, column: usize) -> Result<String> {
        match self.0.get_mut(column) {
            Some(Val::Text(text)) => Ok(std::mem::take(text)),
            _ => self.text(column),
        }
    }

    /// Text or nothing, which the row then no longer has.
    pub(crate) fn take_opt_text(&mut self, column: usize) -> Result<Option<String>> {
        match self.at(column)? {
            Val::Null => Ok(None),
            _ => self.take_text(column).map(Some),
        }
    }

    /// Text or nothing.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>> {
        match self.at(column)? {
            Val::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// Bytes.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>> {
        match self.at(column)? {
            Val::Blob(bytes) => Ok(bytes.clone()),
            other => Err(unexpected(column, "bytes", other)),
        }
    }

    /// JSON kept as text.
    pub fn json(&self, column: usize) -> Result<serde_json::Value> {
        match self.at(column)? {
            Val::Text(text) => {
                serde_json::from_str(text).map_err(StoreError::json("read a column"))
            }
            other => Err(unexpected(column, "text", other)),
        }
    }
}

fn unexpected(column: usize, wanted: &str, found: &Val) -> StoreError {
    let found = match found {
        Val::Null => "nothing",
        Val::Int(_) => "a number",
        Val::Text(_) => "text",
        Val::Blob(_) => "bytes",
    };
    StoreError::Corrupt(format!("column {column} is {found}, not {wanted}"))
}

impl From<i64> for Val {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Val {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl From<&str> for Val {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Val {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Val {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Vec<u8>> for Val {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<&[u8]> for Val {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Option<String>> for Val {
    fn from(text: &Option<String>) -> Self {
        text.as_ref().into()
    }
}

/// A list of [`Val`] from anything that turns into one.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { [$($crate::Val::from($value)),*] };
}

/// Numbers wider than the database's; what does not fit cannot be stored.
pub(crate) fn wide(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| StoreError::Malformed(format!("{number} is too large")))
}

/// The rows of a statement that may be given at once; both engines take 32 766 values and more.
const ROWS_AT_ONCE: usize = 100;

/// Inserts many rows with few statements. `head` ends before the word `VALUES`.
pub(crate) fn insert_all(tx: &mut dyn Tx, head: &str, rows: &[Vec<Val>]) -> Result<()> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        let width = some[0].len();
        let sql = format!("{head} VALUES {}", tuples(width, some.len()));
        tx.exec(&sql, &some.concat())?;
    }
    Ok(())
}

fn tuples(width: usize, count: usize) -> String {
    let tuple = |row: usize| {
        let places: Vec<_> = (1..=width).map(|at| format!("${}", row * width + at)).collect();
        format!("({})", places.join(", "))
    };
    (0..count).map(tuple).collect::<Vec<_>>().join(", ")
}

/// The end of a text range: everything that starts with `prefix` sorts before it.
pub(crate) fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// A page of a list holds no more than this.
pub const PAGE_ROWS_MAX: i64 = 1000;

/// A page size that is neither negative nor boundless.
pub(crate) fn page(limit: i64) -> i64 {
    limit.clamp(0, PAGE_ROWS_MAX)
}
