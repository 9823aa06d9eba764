//! Cookies: read by name, written with the attributes each of them must have.

use axum::http::{HeaderMap, HeaderValue, header};

/// The flag for large letters; a script may write it too.
pub(crate) const SIZE: &str = "size";
/// What the last act did, shown once.
pub(crate) const FLASH: &str = "flash";

/// The value of a cookie. The first wins, as browsers send the most specific first.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The name of the session cookie: bound to this host where browsers can check it.
pub(crate) const fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

/// The name of the cookie of somebody who has not signed in, for the tokens of public forms.
pub(crate) const fn visitor_name(secure: bool) -> &'static str {
    if secure { "__Host-pre" } else { "pre" }
}

/// A cookie that scripts cannot read. Without `max_age` it ends with the browser.
pub(crate) fn set(name: &str, value: &str, secure: bool, max_age: Option<u32>) -> HeaderValue {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let end = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{end}");
    // Names are constants and values hexadecimal, so this is always a header.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie for large letters, which scripts may read and write.
pub(crate) fn open(value: &str, secure: bool, max_age: u32) -> HeaderValue {
    let end = if secure { "; Secure" } else { "" };
    let text = format!("{SIZE}={value}; Path=/; SameSite=Lax; Max-Age={max_age}{end}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Takes a cookie away.
pub(crate) fn end(name: &str, secure: bool) -> HeaderValue {
    set(name, "", secure, Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("asid=1; sid=2;sid=3; odd"));
        assert_eq!(read(&headers, "sid"), Some("2"));
        assert_eq!(read(&headers, "id"), None);
    }

    #[test]
    fn a_cookie_carries_its_attributes() {
        let cookie = set("__Host-sid", "ab", true, Some(9));
        let expected = "__Host-sid=ab; Path=/; HttpOnly; SameSite=Lax; Max-Age=9; Secure";
        assert_eq!(cookie.to_str().expect("text"), expected);
    }
}
