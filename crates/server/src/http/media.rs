//! What a file is: by its bytes, never by what somebody claims.

/// What a file is by its first bytes; office documents also by their name, as all are archives.
pub(crate) fn media_type(bytes: &[u8], name: &str) -> Option<(&'static str, &'static str)> {
    const ARCHIVE: &[u8] = b"PK\x03\x04";
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let ending = ending.as_deref().filter(|_| bytes.starts_with(ARCHIVE));
    if bytes.starts_with(b"%PDF-") {
        return Some((".pdf", "application/pdf"));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some((".jpg", "image/jpeg"));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((".png", "image/png"));
    }
    match ending {
        Some("docx") => Some((
            ".docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )),
        Some("xlsx") => {
            Some((".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let ending = |bytes: &[u8], name: &str| media_type(bytes, name).map(|(ending, _)| ending);
        assert_eq!(ending(b"%PDF-1.7 ...", "a.exe"), Some(".pdf"));
        assert_eq!(ending(b"MZ...", "a.pdf"), None);
        assert_eq!(ending(b"PK\x03\x04...", "a.docx"), Some(".docx"));
        assert_eq!(ending(b"PK\x03\x04...", "a.zip"), None);
    }
}
