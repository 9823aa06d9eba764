//! Posted forms: plain pairs, and files beside them. Both check the token against forged posts.
//!
//! Files go to the disk as they come, are looked at and kept; what a handler gets is their digest.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{Method, StatusCode, header};
use consortium::materials::FILE_BYTES_MAX;

use super::intake::{Intake, Kept, STALL, Sender, Unkept, too_large as file_too_large};
use super::{Fault, Visitor, csrf};
use crate::inspect::tidy;
use crate::tables::{BYTES_MAX, Unread};

/// Bytes of a form without files.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// Bytes of small files that come with a form and are no attachments; a page may be stricter.
pub const ENCLOSED_BYTES_MAX: usize = 512 * 1024;
/// Fields of a form.
pub const FIELDS_MAX: usize = 500;
/// Files of one form: what comes after them is answered, not taken. All together are no larger than
/// one may be.
pub const FILES_MAX: usize = 20;

/// Bytes of a form with files, all together: what stands around them included.
pub const fn upload_bytes_max() -> u64 {
    FILE_BYTES_MAX + FORM_BYTES_MAX as u64 + 64 * 1024
}

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

/// What a form with files brought: pairs, and files that were kept. Its token was checked.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The fields that are no files, and for forms of `parse` each file's digest under its field
    /// once [`Upload::keep`] put it there.
    pub pairs: Vec<(String, String)>,
    /// The files.
    pub files: Vec<PostedFile>,
}

/// What a form brought with small files that are no attachments, such as a detached signature: they
/// stay in memory, within the bytes of a form. Its token was checked.
#[derive(Clone, Debug, Default)]
pub struct Enclosed {
    /// The fields that are no files.
    pub form: Form,
    files: Vec<EnclosedFile>,
}

/// A small file of a form.
#[derive(Clone, Debug)]
struct EnclosedFile {
    field: String,
    name: String,
    bytes: Vec<u8>,
}

/// What a form brought with a table beside it, in memory, within the bytes of a table. Its token was
/// checked.
#[derive(Clone, Debug, Default)]
pub struct Tabled(pub Enclosed);

impl Enclosed {
    /// The bytes of the last file of a field; `None` when none or an empty one was chosen.
    pub fn file(&self, field: &str) -> Option<&[u8]> {
        self.named(field).map(|(_, bytes)| bytes)
    }

    /// The same with the name it came under.
    pub fn named(&self, field: &str) -> Option<(&str, &[u8])> {
        let found = self.files.iter().rev().find(|file| file.field == field);
        let found = found.filter(|file| !file.bytes.is_empty());
        found.map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }
}

/// What a page does with files of a post.
#[derive(Clone, Copy)]
enum Files {
    /// Passes them over.
    Ignored,
    /// Takes them in as attachments.
    Taken,
    /// Reads them into memory, so many bytes at most.
    Enclosed(usize, fn() -> Fault),
}

/// One file of a form.
#[derive(Clone, Debug)]
pub struct PostedFile {
    /// The name of the field.
    pub field: String,
    /// The name it came under.
    pub name: String,
    /// What was kept, or the sentence that says why it was not.
    pub outcome: Result<Kept, String>,
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
            return Ok(multipart(request, state, Files::Ignored).await?.1.form);
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

fn too_large_enclosed() -> Fault {
    Fault::TooLarge(format!("签名文件不超过 {} KB，只附签名和证书。", ENCLOSED_BYTES_MAX / 2048))
}

fn too_large_table() -> Fault {
    Fault::TooLarge(format!("{}。", Unread::TooLarge))
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

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if has_type(&request, "application/x-www-form-urlencoded") {
            let pairs = read_pairs(request).await?;
            return Ok(Self { pairs, files: Vec::new() });
        }
        Ok(multipart(request, state, Files::Taken).await?.0)
    }
}

impl<S: Send + Sync> FromRequest<S> for Enclosed {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if has_type(&request, "application/x-www-form-urlencoded") {
            let form = Form(read_pairs(request).await?);
            return Ok(Self { form, files: Vec::new() });
        }
        Ok(multipart(request, state, ENCLOSED).await?.1)
    }
}

/// What an enclosed signature may weigh.
const ENCLOSED: Files = Files::Enclosed(ENCLOSED_BYTES_MAX, too_large_enclosed);
/// What a table may weigh: one byte past it is enough to say so.
const TABLE: Files = Files::Enclosed(BYTES_MAX + 1, too_large_table);

impl<S: Send + Sync> FromRequest<S> for Tabled {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if has_type(&request, "application/x-www-form-urlencoded") {
            let form = Form(read_pairs(request).await?);
            return Ok(Self(Enclosed { form, files: Vec::new() }));
        }
        Ok(Self(multipart(request, state, TABLE).await?.1))
    }
}

/// Reads field by field. The token is the first field of our forms, so that the content of a
/// forged post is never kept. A page that takes no files passes them over.
async fn multipart<S: Send + Sync>(
    request: Request,
    state: &S,
    wanted: Files,
) -> Result<(Upload, Enclosed), Fault> {
    let visitor = visitor_of(&request)?;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > upload_bytes_max()) {
        return Err(Fault::TooLarge(format!("{}几份一起传的，分几次传。", file_too_large())));
    }
    let mut body = Multipart::from_request(request, state)
        .await
        .map_err(|_| Fault::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let mut upload = Upload::default();
    let mut enclosed = Vec::new();
    let (mut text_left, mut fields) = (FORM_BYTES_MAX, 0);
    let mut enclosed_left = if let Files::Enclosed(most, _) = wanted { most } else { 0 };
    while let Some(field) = body.next_field().await.map_err(|error| broken(&error))? {
        fields += 1;
        if fields > FIELDS_MAX {
            return Err(Fault::TooLarge(format!("一张表单最多 {FIELDS_MAX} 项。")));
        }
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_none() {
            let bytes = take(field, text_left).await?.ok_or_else(too_large)?;
            text_left -= bytes.len();
            let text = String::from_utf8(bytes)
                .map_err(|_| Fault::Malformed("表单的编码读不懂。".to_owned()))?;
            upload.pairs.push((name, text));
            continue;
        }
        authentic(&visitor, &upload.pairs)?;
        match wanted {
            Files::Taken => take_file(&visitor, &mut upload, name, field).await?,
            Files::Enclosed(_, over) => {
                let named = tidy(field.file_name().unwrap_or_default());
                let bytes = take(field, enclosed_left).await?.ok_or_else(over)?;
                enclosed_left -= bytes.len();
                enclosed.push(EnclosedFile { field: name, name: named, bytes });
            }
            Files::Ignored => {
                text_left -= take(field, text_left).await?.ok_or_else(too_large)?.len();
            }
        }
    }
    authentic(&visitor, &upload.pairs)?;
    let form = Form(upload.pairs.clone());
    Ok((upload, Enclosed { form, files: enclosed }))
}

async fn take_file(
    visitor: &Visitor,
    upload: &mut Upload,
    field_name: String,
    mut field: Field<'_>,
) -> Result<(), Fault> {
    let signed = visitor.required(&Method::POST)?;
    let name = tidy(field.file_name().unwrap_or_default());
    let state = visitor.state();
    if upload.files.len() >= FILES_MAX {
        return pass_over(upload, field_name, name, field).await;
    }
    let mut intake = Intake::begin(state, None)?;
    while let Some(piece) = next_piece(&mut field).await? {
        intake = intake.take(&piece).await?;
    }
    // A file field left empty is posted as a nameless file of no bytes.
    if name.is_empty() && intake.size() == 0 {
        return Ok(());
    }
    let side = signed.actor.brings_for();
    let outcome = match intake.end(state, Sender { side: &side, name: &name }).await {
        Ok(kept) => Ok(kept),
        Err(Unkept::Flaw(flaw)) => Err(flaw.sentence()),
        Err(other) => return Err(other.into()),
    };
    upload.files.push(PostedFile { field: field_name, name, outcome });
    Ok(())
}

/// A file past the last that one form brings: its bytes go nowhere.
async fn pass_over(
    upload: &mut Upload,
    field: String,
    name: String,
    mut bytes: Field<'_>,
) -> Result<(), Fault> {
    while next_piece(&mut bytes).await?.is_some() {}
    let outcome = Err(past_the_last());
    upload.files.push(PostedFile { field, name, outcome });
    Ok(())
}

/// What is said of a file past the last.
pub(crate) fn past_the_last() -> String {
    format!("一次最多 {FILES_MAX} 份，这一份没有收，再传一次")
}

/// The next piece of a field; a sender that pauses too long has gone.
async fn next_piece(field: &mut Field<'_>) -> Result<Option<axum::body::Bytes>, Fault> {
    match tokio::time::timeout(STALL, field.chunk()).await {
        Ok(piece) => piece.map_err(|error| broken(&error)),
        Err(_) => Err(Fault::Status(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// Reads a field piece by piece; `None` when it is longer than allowed.
async fn take(mut field: Field<'_>, max: usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(&mut field).await? {
        if bytes.len() + piece.len() > max {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Fault::TooLarge(file_too_large());
    }
    Fault::Malformed("网络中断，内容没有传完。返回上一页再提交一次。".to_owned())
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
}
