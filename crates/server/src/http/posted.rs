//! Posted forms: plain pairs, and files beside them. Both check the token against forged posts.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

use super::{Fault, Visitor, csrf};

/// Bytes of a form without files.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// Fields of a form.
pub const FIELDS_MAX: usize = 500;
/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Files of one form.
pub const FILES_MAX: usize = 20;
/// Bytes of a form with files, all together.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Characters of a file name.
const FILE_NAME_CHARS_MAX: usize = 200;

/// What a form without files brought: names and values, in order. Its token was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The last value under a name, trimmed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        last(&self.0, name).trim()
    }

    /// The last value under a name as it was typed: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        last(&self.0, name)
    }

    /// The key under which the act is done once.
    pub fn key(&self) -> &str {
        self.get("_key")
    }
}

fn last<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// What a form with files brought: pairs, and files in memory. Its token was checked.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The fields that are no files, and for forms of `parse` each file's name under its field
    /// once [`Upload::keep`] put its digest there.
    pub pairs: Vec<(String, String)>,
    /// The files.
    pub files: Vec<PostedFile>,
}

/// One file of a form.
#[derive(Clone, Debug)]
pub struct PostedFile {
    /// The name of the field.
    pub field: String,
    /// The name of the file: its last part, without letters that cannot be seen.
    pub name: String,
    /// The type the browser claims. Decide by the bytes, never by this.
    pub claimed_type: String,
    /// The content.
    pub bytes: Bytes,
}

impl Upload {
    /// Puts the digest under which a file was stored into its field, for `parse`.
    pub fn keep(&mut self, field: &str, digest: &str) {
        self.pairs.push((field.to_owned(), digest.to_owned()));
    }

    /// The last value under a name, trimmed.
    pub fn get(&self, name: &str) -> &str {
        last(&self.pairs, name).trim()
    }

    /// The pairs as a form without files.
    pub fn form(&self) -> Form {
        Form(self.pairs.clone())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if has_type(&request, "multipart/form-data") {
            let Upload { pairs, .. } = Upload::from_request(request, state).await?;
            return Ok(Self(pairs));
        }
        read_pairs(request).await.map(Self)
    }
}

/// Reads a form without files, and checks its token.
async fn read_pairs(request: Request) -> Result<Vec<(String, String)>, Fault> {
    if !has_type(&request, "application/x-www-form-urlencoded") {
        return Err(Fault::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let visitor = visitor_of(&request)?;
    let limited = http_body_util::Limited::new(request.into_body(), FORM_BYTES_MAX);
    let collected = http_body_util::BodyExt::collect(limited).await;
    let bytes = collected.map_err(|error| unread(error.as_ref()))?.to_bytes();
    let pairs = pairs(&bytes)?;
    authentic(&visitor, &pairs)?;
    Ok(pairs)
}

fn visitor_of(request: &Request) -> Result<Visitor, Fault> {
    let visitor = request.extensions().get::<Visitor>().cloned();
    visitor.ok_or_else(|| Fault::internal("no layer recognised the visitor"))
}

/// A body that could not be read: too long, or broken off.
fn unread(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Fault {
    if error.is::<http_body_util::LengthLimitError>() {
        too_large()
    } else {
        Fault::Malformed("网络中断，内容没有传完。返回上一页再提交一次。".to_owned())
    }
}

fn too_large() -> Fault {
    Fault::TooLarge(format!("一张表单最多 {} KB，分几次保存。", FORM_BYTES_MAX / 1024))
}

fn has_type(request: &Request, wanted: &str) -> bool {
    let found = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    found.is_some_and(|found| {
        found.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
    })
}

/// The pairs of an urlencoded body.
fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    if bytes.split(|byte| *byte == b'&').count() > FIELDS_MAX {
        return Err(Fault::TooLarge(format!("一张表单最多 {FIELDS_MAX} 项。")));
    }
    serde_urlencoded::from_bytes(bytes)
        .map_err(|_| Fault::Malformed("表单的编码读不懂，从页面上重新提交。".to_owned()))
}

/// Checks the token of a posted form.
fn authentic(visitor: &Visitor, pairs: &[(String, String)]) -> Result<(), Fault> {
    if visitor.owns(last(pairs, csrf::FIELD)) { Ok(()) } else { Err(Fault::Stale) }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Fault;

    /// Reads field by field. The token is the first field of our forms, so that the content of a
    /// forged post is never kept.
    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if has_type(&request, "application/x-www-form-urlencoded") {
            let pairs = read_pairs(request).await?;
            return Ok(Self { pairs, files: Vec::new() });
        }
        let visitor = visitor_of(&request)?;
        let mut body = Multipart::from_request(request, state)
            .await
            .map_err(|_| Fault::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let mut upload = Self::default();
        let (mut text_left, mut bytes_left) = (FORM_BYTES_MAX, UPLOAD_BYTES_MAX);
        let mut fields = 0;
        while let Some(field) = body.next_field().await.map_err(|error| broken(&error))? {
            fields += 1;
            if fields > FIELDS_MAX {
                return Err(Fault::TooLarge(format!("一张表单最多 {FIELDS_MAX} 项。")));
            }
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                authentic(&visitor, &upload.pairs)?;
                upload.take_file(name, field, &mut bytes_left).await?;
            } else {
                let bytes = take(field, text_left).await?.ok_or_else(too_large)?;
                text_left -= bytes.len();
                let text = String::from_utf8(bytes)
                    .map_err(|_| Fault::Malformed("表单的编码读不懂。".to_owned()))?;
                upload.pairs.push((name, text));
            }
        }
        authentic(&visitor, &upload.pairs)?;
        Ok(upload)
    }
}

impl Upload {
    async fn take_file(
        &mut self,
        field_name: String,
        field: Field<'_>,
        bytes_left: &mut usize,
    ) -> Result<(), Fault> {
        let name = file_name(field.file_name().unwrap_or_default());
        let claimed_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = take(field, FILE_BYTES_MAX.min(*bytes_left)).await?.ok_or_else(|| {
            Fault::TooLarge(format!("单个文件不超过 {} MB。", FILE_BYTES_MAX / 1024 / 1024))
        })?;
        *bytes_left -= bytes.len();
        // A file field left empty is posted as a nameless file of no bytes.
        if name.is_empty() && bytes.is_empty() {
            return Ok(());
        }
        if self.files.len() >= FILES_MAX {
            return Err(Fault::TooLarge(format!("一次最多 {FILES_MAX} 个文件。")));
        }
        let bytes = Bytes::from(bytes);
        self.files.push(PostedFile { field: field_name, name, claimed_type, bytes });
        Ok(())
    }
}

/// Reads a field piece by piece; `None` when it is longer than allowed.
async fn take(mut field: Field<'_>, max: usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + piece.len() > max {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let megabytes = UPLOAD_BYTES_MAX / 1024 / 1024;
        return Fault::TooLarge(format!("一次提交的文件合计不超过 {megabytes} MB。"));
    }
    Fault::Malformed("网络中断，内容没有传完。返回上一页再提交一次。".to_owned())
}

/// The last part of a file's name, in letters that can be seen.
fn file_name(claimed: &str) -> String {
    let last = claimed.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |letter: &char| {
        !letter.is_control() && !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    last.chars().filter(seen).take(FILE_NAME_CHARS_MAX).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_up_to_the_limit() {
        let read = pairs(b"a=1&a=%E4%B8%80&b=").expect("pairs");
        assert_eq!(read[1], ("a".to_owned(), "一".to_owned()));
        assert_eq!(read.len(), 3);
        let body = |count: usize| vec!["a=1"; count].join("&");
        assert!(pairs(body(FIELDS_MAX).as_bytes()).is_ok());
        assert!(matches!(pairs(body(FIELDS_MAX + 1).as_bytes()), Err(Fault::TooLarge(_))));
    }

    #[test]
    fn a_file_name_is_its_last_part_in_letters_that_can_be_seen() {
        assert_eq!(file_name("C:\\temp\\协议.pdf"), "协议.pdf");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\u{202E}fdp.exe\0"), "afdp.exe");
        assert_eq!(file_name(&"长".repeat(300)).chars().count(), FILE_NAME_CHARS_MAX);
    }
}
