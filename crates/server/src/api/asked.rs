//! What stands beside the body: the query, the key under which an act is done once, the head it
//! expects, and how lists go on.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{Problem, Trouble};
use crate::office::Envelope;

/// The name of the header with the key.
const KEY: &str = "idempotency-key";
/// The longest key.
const KEY_BYTES_MAX: usize = 128;
/// Lines of one page at most.
pub(super) const LINES_MAX: i64 = 100;
/// Lines of one page unless asked otherwise.
const LINES: i64 = 50;

/// The query of an address.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        let query = parts.uri.query().unwrap_or_default();
        let unread = |_| Problem::unreadable("地址里的查询条件读不懂，对照接口说明核对");
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(unread)?;
        if pairs.iter().any(|(_, value)| value.chars().any(char::is_control)) {
            return Err(Problem::unreadable("查询条件里有不能显示的控制字符").into());
        }
        Ok(Self(serde_urlencoded::from_str(query).map_err(unread)?))
    }
}

/// How an act arrives: its key and the head it expects.
pub(super) struct Arrived(pub(super) Envelope);

impl<S: Send + Sync> FromRequestParts<S> for Arrived {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        let key = key(&parts.headers)?;
        let expected = expected(&parts.headers)?;
        Ok(Self(Envelope { key, expected }))
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > KEY_BYTES_MAX {
        let sentence = format!("Idempotency-Key 用 1 至 {KEY_BYTES_MAX} 个可见的英文字符");
        return Err(Problem::unreadable(sentence));
    }
    Ok(Some(text.to_owned()))
}

fn expected(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let number = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match number.and_then(|number| number.parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Problem::unreadable("If-Match 写卷宗的序号，如 If-Match: \"12\"")),
    }
}

/// How many lines, and after which.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The line to go on after, as an earlier answer gave it.
    after: Option<String>,
    lines: i64,
}

impl Page {
    /// A page as an address asks for it.
    pub(super) fn new(after: Option<String>, limit: Option<&str>) -> Result<Self, Problem> {
        let lines = match limit.filter(|limit| !limit.is_empty()) {
            None => LINES,
            Some(limit) => limit.parse().unwrap_or_default(),
        };
        if !(1..=LINES_MAX).contains(&lines) {
            let sentence = format!("limit 用 1 至 {LINES_MAX} 的整数");
            return Err(Problem::malformed(Some("limit"), sentence));
        }
        Ok(Self { after, lines })
    }

    /// How many lines are shown.
    pub(super) const fn lines(&self) -> i64 {
        self.lines
    }

    /// The parts of the line to go on after; an odd one is refused.
    pub(super) fn after<const N: usize>(&self) -> Result<Option<[String; N]>, Problem> {
        let Some(after) = self.after.as_deref().filter(|after| !after.is_empty()) else {
            return Ok(None);
        };
        let parts: Vec<String> = after.split('~').map(str::to_owned).collect();
        let odd = |_| Problem::malformed(Some("after"), "after 用上一页给出的 next");
        parts.try_into().map(Some).map_err(odd)
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(super) struct Lines<T> {
    items: Vec<T>,
    /// What to give as `after` for the next page; nothing at the end.
    next: Option<String>,
}

impl<T> Lines<T> {
    /// Shows `most` of the rows; one more tells that there is a next page.
    pub(super) fn of<R>(
        mut rows: Vec<R>,
        most: i64,
        cursor: impl Fn(&R) -> Vec<String>,
        line: impl Fn(&R) -> T,
    ) -> Self {
        let most = usize::try_from(most).unwrap_or_default();
        let more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| more).map(|row| cursor(row).join("~"));
        Self { items: rows.iter().map(line).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_key_and_a_head_are_read_and_odd_ones_refused() {
        let headers = |name: &'static str, value: &str| {
            HeaderMap::from_iter([(
                header::HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )])
        };
        assert_eq!(expected(&headers("if-match", "\"12\"")).unwrap(), Some(12));
        for odd in ["12", "\"x\"", "*", "W/\"12\"", "\"-1\""] {
            assert!(expected(&headers("if-match", odd)).is_err(), "{odd}");
        }
        assert_eq!(key(&headers(KEY, "a-1")).unwrap().as_deref(), Some("a-1"));
        assert!(key(&headers(KEY, &"a".repeat(KEY_BYTES_MAX))).is_ok());
        assert!(key(&headers(KEY, &"a".repeat(KEY_BYTES_MAX + 1))).is_err());
        assert!(key(&headers(KEY, " ")).is_err());
    }
}
