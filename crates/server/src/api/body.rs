//! A body of JSON: so long, so deep, each key once, no letter that cannot be seen.

use std::fmt;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::{Map, Value};

use super::problem::{Problem, Trouble};

/// Bytes of a body of JSON.
pub(super) const BYTES_MAX: usize = 256 * 1024;
/// How deep objects and lists may stand in each other; no command needs more than five.
pub(super) const DEPTH_MAX: usize = 16;

/// What a body of JSON said.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, _: &S) -> Result<Self, Trouble> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "请求体要用 Content-Type: application/json";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::new(status, "unsupported", detail).into());
        }
        let bytes = bytes(request, BYTES_MAX).await?;
        Ok(Self(read(&bytes)?))
    }
}

/// The bytes of a body, up to a limit.
pub(super) async fn bytes(request: Request, max: usize) -> Result<Vec<u8>, Trouble> {
    let collected = Limited::new(request.into_body(), max).collect().await;
    match collected {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(max).into()),
        Err(_) => Err(Problem::unreadable("网络中断，内容没有传完").into()),
    }
}

/// More than may be sent at once.
pub(super) fn too_large(max: usize) -> Problem {
    let most = if max < 1024 * 1024 {
        format!("{} KB", max / 1024)
    } else {
        format!("{} MB", max / 1024 / 1024)
    };
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("内容最多 {most}"))
}

/// Reads JSON: what is no JSON is unreadable, what is something else is malformed.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if depth(bytes) > DEPTH_MAX {
        return Err(Problem::unreadable(format!("JSON 最多嵌套 {DEPTH_MAX} 层")));
    }
    let Clean(value) = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("第 {} 行第 {} 列", error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Data => {
                let words = error.to_string();
                let words = words.split(" at line").next().unwrap_or_default();
                Problem::unreadable(format!("{place}：{words}"))
            }
            _ => Problem::unreadable(format!("{place}不是 JSON")),
        }
    })?;
    typed(value)
}

/// A value as what was expected.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| {
        let (field, detail) = told(&error.to_string());
        Problem::malformed(field.as_deref(), detail)
    })
}

/// What the reader of types says, in Chinese, with the field it names.
fn told(words: &str) -> (Option<String>, String) {
    let named = words.split('`').nth(1).map(|name| name.chars().take(60).collect::<String>());
    let name = named.clone().unwrap_or_default();
    if words.starts_with("unknown field") {
        return (named, format!("没有“{name}”这个字段"));
    }
    if words.starts_with("missing field") {
        return (named, format!("缺少字段“{name}”"));
    }
    if words.starts_with("duplicate field") {
        return (named, format!("字段“{name}”重复"));
    }
    if words.starts_with("unknown variant") {
        return (None, format!("没有“{name}”这个选项"));
    }
    if words.starts_with("invalid type") {
        return (None, "有一处的类型不对，对照接口说明核对".to_owned());
    }
    (None, "有一处的值不对，对照接口说明核对".to_owned())
}

/// How deep brackets stand in each other, outside of texts.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut now, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                now += 1;
                deepest = deepest.max(now);
            }
            (false, b'}' | b']') => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A value in which each key stands once and every letter can be seen.
struct Clean(Value);

impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Cleaner).map(Self)
    }
}

struct Cleaner;

impl<'de> Visitor<'de> for Cleaner {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        seen(text).map(Value::from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Clean(value)) = from.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Clean(value))) = from.next_entry::<String, Clean>()? {
            let key = seen::<A::Error>(&key)?.to_owned();
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("同一个字段写了两次"));
            }
        }
        Ok(Value::Object(object))
    }
}

fn seen<E: de::Error>(text: &str) -> Result<&str, E> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(E::custom("文字里有不能显示的控制字符"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use consortium::Command;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        // body, status is 400 for no JSON and 422 for JSON of another kind
        let table = [
            ("", "\"status\":400"),
            ("{", "第 1 行第 1 列不是 JSON"),
            (r#"{"command":"submit","command":"file"}"#, "同一个字段写了两次"),
            (r#"{"command":"open","name":"\u0000"}"#, "控制字符"),
            (r#"{"command":"submit","stage":"filed"}"#, "没有“stage”这个字段"),
            (r#"{"command":"open"}"#, "缺少字段“name”"),
            (r#"{"command":"crown"}"#, "没有“crown”这个选项"),
            (r#"{"command":"open","name":7}"#, "类型不对"),
        ];
        for (body, words) in table {
            let problem = read::<Command>(body.as_bytes()).unwrap_err();
            let told = serde_json::to_string(&problem).unwrap();
            assert!(told.contains(words), "{body}: {told}");
        }
    }

    #[test]
    fn brackets_in_texts_do_not_count_as_depth() {
        assert_eq!(depth(br#"{"a":["[[[\"[["]}"#), 2);
        let deep = format!("{}1{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
        assert!(read::<Value>(deep.as_bytes()).is_ok());
        assert!(read::<Value>(format!("[{deep}]").as_bytes()).is_err());
    }
}
