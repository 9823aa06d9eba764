//! Forged posts are refused twice: by where they come from, and by a token in the form.
//!
//! The token is masked anew for each page, so that compression tells nothing about it.

use axum::http::{HeaderMap, Method, header};
use subtle::ConstantTimeEq;

use super::random;

/// The name of the hidden field.
pub const FIELD: &str = "_csrf";
/// The header that programs in a browser send instead.
pub(crate) const HEADER: &str = "x-csrf-token";

/// A token as pages carry it: a mask, and the token under it.
pub(crate) fn mask(token: &[u8; 32]) -> String {
    let mask = random::secret();
    let covered: Vec<u8> = token.iter().zip(mask).map(|(byte, cover)| byte ^ cover).collect();
    format!("{}{}", hex::encode(mask), hex::encode(covered))
}

/// Whether a posted token is the one expected.
pub(crate) fn matches(posted: &str, token: &[u8; 32]) -> bool {
    let Ok(bytes) = hex::decode(posted) else { return false };
    if bytes.len() != 64 {
        return false;
    }
    let (mask, covered) = bytes.split_at(32);
    let found: Vec<u8> = covered.iter().zip(mask).map(|(byte, cover)| byte ^ cover).collect();
    found.as_slice().ct_eq(token).into()
}

/// Whether a method may change something.
pub(crate) fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that a post comes from our own pages.
///
/// `Sec-Fetch-Site` decides where it is sent; older kernels send `Origin`, which must name the
/// host that was asked. A client that sends neither is no browser, and the token decides.
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let host = text(header::HOST).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| authority == host)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_masked_token_matches_and_each_page_has_another() {
        let token = random::secret();
        let (first, second) = (mask(&token), mask(&token));
        assert_ne!(first, second);
        assert!(matches(&first, &token) && matches(&second, &token));
        for forged in ["", "00", &first[..64], &"0".repeat(128), "é", &format!("{first}00")] {
            assert!(!matches(forged, &token), "{forged}");
        }
    }

    #[test]
    fn a_post_from_elsewhere_is_seen() {
        // sec-fetch-site  origin                  own
        let table = [
            (Some("same-origin"), None, true),
            (Some("none"), None, true),
            (Some("cross-site"), Some("http://office.test"), false),
            (Some("same-site"), None, false),
            (None, Some("http://office.test"), true),
            (None, Some("http://evil.test"), false),
            (None, Some("null"), false),
            (None, None, true),
        ];
        for (site, origin, own) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("office.test"));
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_own(&headers), own, "{site:?} {origin:?}");
        }
    }
}
