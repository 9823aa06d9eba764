//! A file as an answer: it is kept as a file, and nothing in it runs. Its bytes are checked before
//! the first one goes out, and again on the way.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use store::{Reading, StoreError};

/// A file to be kept under a name.
pub(crate) fn attachment(name: &str, reading: Reading) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    let headers = [
        (header::CONTENT_TYPE, reading.row.media_type.clone()),
        (header::CONTENT_LENGTH, reading.row.size.to_string()),
        (header::ETAG, format!("\"{}\"", reading.row.digest)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, body(reading)).into_response()
}

/// An image of the office's own, to be looked at in a page.
pub(crate) fn shown(reading: Reading) -> Response {
    let headers = [
        (header::CONTENT_TYPE, reading.row.media_type.clone()),
        (header::CONTENT_LENGTH, reading.row.size.to_string()),
        (header::ETAG, format!("\"{}\"", reading.row.digest)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, body(reading)).into_response()
}

/// A text of the office's own, to be kept under a name.
pub(crate) fn text(name: &str, text: String) -> Response {
    made(name, "text/plain; charset=utf-8", text.into_bytes())
}

/// What the office made for this answer, to be kept under a name.
pub(crate) fn made(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", encoded(name))),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// Reads a piece when the one before has been taken; a file that changes on the way breaks off, and
/// no reader takes it for whole.
///
/// Pieces and the end come in one stream: the end cannot overtake the last piece.
fn body(reading: Reading) -> Body {
    Body::from_stream(stream::unfold(Some(reading), async |reading| {
        let mut reading = reading?;
        let next = tokio::task::spawn_blocking(move || {
            let piece = reading.next_piece();
            (reading, piece)
        });
        match next.await {
            Ok((reading, Ok(Some(piece)))) => Some((Ok(Bytes::from(piece)), Some(reading))),
            Ok((_, Ok(None))) => None,
            Ok((_, Err(error))) => {
                tracing::error!(error = %error, "a file changed while it was read");
                Some((Err(error), None))
            }
            Err(gone) => Some((Err(StoreError::Panicked(gone.to_string())), None)),
        }
    }))
}

/// A name for a header, percent-encoded.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode_upper([byte]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(encoded("a b\r\n\".pdf"), "a%20b%0D%0A%22.pdf");
        assert_eq!(encoded("证明"), "%E8%AF%81%E6%98%8E");
    }
}
