//! 用数字证书签署 — the statement to sign, and the signature that comes back (Art. 6(2)).
//!
//! The certificate stays with its holder: the statement is downloaded, signed by whatever tool
//! goes with the certificate, and the signature uploaded.

use askama::Template;
use axum::extract::{Path, State};
use consortium::agreement::statement::Deed;
use consortium::ids::Digest;
use consortium::refusal::RefusalKind;
use consortium::{access, actor::Capacity, command};

use super::desk::Desk;
use super::{posted, ways};
use crate::forms::SCANS;
use crate::http::{Answer, Enclosed, Fault, SignedIn, Upload, download, see_other, see_other_with};
use crate::office::{Envelope, OfficeError};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldSpec, Form, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, KeyValues, Tone};
use crate::pages::{page, unprocessable};
use crate::signing::{self, Known, STATEMENT_HOURS};
use crate::state::AppState;

/// The letter of authority that came with this form or with an earlier try.
const KEPT: &str = "letter.kept";
const NO_LETTER: &str =
    "协议由法定代表人或者负责人签字。由你代签的，上传授权委托书；加盖公章的，选“加盖公章”";
/// Endings under which tools write detached signatures.
const SIGNATURES: &str = ".p7s,.p7m,.p7b,.cms,.pem,.der";

#[derive(Template)]
#[template(path = "dossier/certificate.html")]
struct CertificatePage {
    shell: Shell,
    back: String,
    name: String,
    /// Whether there is nothing that the reader signs or seals with a certificate now.
    nothing: bool,
    /// How many roots count.
    roots: usize,
    hours: i64,
    /// The statement's address and words, once it was made out.
    statement: Option<(String, String, String)>,
    /// 授权委托书 that the statement names, as it was brought.
    letter: Option<KeyValues>,
    form: Form,
}

fn shell(signed: &SignedIn, desk: &Desk) -> Shell {
    Shell::new(&signed.visitor, "用数字证书签署")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short())
        .crumb(home(desk), "组建协议")
}

/// The dossier, where the reader signs or seals for the unit.
async fn begin(state: &AppState, signed: &SignedIn, id: &str) -> Result<Desk, Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    let verb = command::named("sign").ok_or(Fault::NotFound)?;
    if !desk.can("seal") {
        access::may(&signed.actor, verb, Some(&desk.dossier))?;
    }
    Ok(desk)
}

/// Where what is signed is read: the agreement, or a supplement to it.
pub(super) fn home(desk: &Desk) -> String {
    match desk.dossier.open_supplement() {
        Some((change, ..)) => desk.to(&format!("supplements/{}", change.no)),
        None => desk.to("agreement"),
    }
}

/// What the reader may do: a seal keeper seals and does not sign. Whoever signs for the legal
/// representative brings a letter of authority.
fn deeds(desk: &Desk) -> Vec<FieldSpec> {
    let (signs, seals) = ways::certificate_takes(desk);
    let deeds = [
        signs.then_some(("sign", "签字：本人的数字证书")),
        seals.then_some(("seal", "加盖公章：单位的数字证书")),
    ];
    let deeds = deeds.into_iter().flatten();
    let deed = FieldSpec::radio("deed", "用来", deeds).required().clause("6.2");
    let letter = FieldSpec::file("letter", "授权委托书", SCANS)
        .hint("你不是法定代表人或者负责人：签字的附上本单位的授权委托书，是否认可由审查人员判断；加盖公章的不用附")
        .clause("6.2");
    std::iter::once(deed).chain(is_agent(desk).then_some(letter)).collect()
}

fn is_agent(desk: &Desk) -> bool {
    desk.actor.capacity != Capacity::LegalRepresentative && desk.can("sign")
}

fn asking(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    values: Values,
    errors: Vec<FieldError>,
) -> CertificatePage {
    let mut shell = shell(signed, desk);
    shell.has_errors = !errors.is_empty();
    let form = Form::new(&shell.csrf, desk.to("certificate"), "取得签署声明", deeds(desk))
        .values(values)
        .errors(errors)
        .leave(home(desk), "返回协议");
    CertificatePage {
        back: home(desk),
        name: desk.view.name.clone(),
        roots: state.office.trusted(),
        hours: STATEMENT_HOURS,
        nothing: ways::certificate_takes(desk) == (false, false),
        statement: None,
        letter: None,
        form,
        shell,
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    page(&asking(&state, &signed, &desk, Values::default(), vec![]))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    mut upload: Upload,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let fields = deeds(&desk);
    let (mut errors, _) = posted::files(&state, &signed, &fields, &mut upload).await?;
    let again = |errors: Vec<FieldError>, upload: &Upload| {
        // What was brought stays brought, whatever else is to be mended.
        let kept = upload.pairs.iter().filter(|(name, _)| name == "deed" || name == KEPT);
        let values = Values::typed(&kept.cloned().collect::<Vec<_>>());
        unprocessable(&asking(&state, &signed, &desk, values, errors))
    };
    let read = parse(&fields, &upload.pairs);
    errors.extend(read.err().unwrap_or_default());
    if !errors.is_empty() {
        return again(errors, &upload);
    }
    let deed = deed(upload.get("deed")).ok_or(Fault::NotFound)?;
    let letter = Some(upload.get(KEPT)).filter(|digest| !digest.is_empty());
    let letter = letter.map(|digest| Digest(digest.to_owned()));
    let letter = letter.filter(|_| deed == Deed::Signature && is_agent(&desk));
    if deed == Deed::Signature && is_agent(&desk) && letter.is_none() {
        return again(vec![FieldError::new("letter", NO_LETTER).under("6.2")], &upload);
    }
    let issued =
        state.office.statement(&signed.actor, &desk.dossier, deed, letter.as_ref()).await?;
    let Some(issued) = issued else {
        let sentence = "文本还没有锁定，现在没有要签署的内容";
        return again(vec![FieldError::new("deed", sentence)], &upload);
    };
    Ok(see_other(&desk.to(&format!("certificate/{}", issued.digest.0))))
}

fn deed(name: &str) -> Option<Deed> {
    match name {
        "sign" => Some(Deed::Signature),
        "seal" => Some(Deed::Seal),
        _ => None,
    }
}

/// A statement that was made out for this reader; anything else is not found.
async fn own_statement(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    digest: &Digest,
) -> Result<Known, Fault> {
    let found = state.office.known_statement(&signed.actor, &desk.dossier, digest).await?;
    found.ok_or(Fault::NotFound)
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    digest: &Digest,
    known: &Known,
    errors: Vec<FieldError>,
) -> Result<CertificatePage, Fault> {
    let mut shell = shell(signed, desk);
    shell.has_errors = !errors.is_empty();
    let place = desk.to(&format!("certificate/{}", digest.0));
    let field = FieldSpec::file("signature", "签名文件", SIGNATURES)
        .required()
        .hint("CMS（PKCS#7）格式的分离签名，附带证书；DER 或 PEM")
        .clause("6.2");
    let label = format!("上传签名，完成{}", known.deed.term());
    let form = Form::new(&shell.csrf, place.as_str(), label.as_str(), vec![field])
        .values(Values::default())
        .errors(errors)
        .leave(home(desk), "返回协议");
    Ok(CertificatePage {
        back: home(desk),
        name: desk.view.name.clone(),
        roots: state.office.trusted(),
        hours: STATEMENT_HOURS,
        nothing: false,
        statement: Some((format!("{place}/statement.txt"), digest.0.clone(), known.text.clone())),
        letter: letter(state, signed, known).await?,
        form,
        shell,
    })
}

/// 授权委托书 that the statement names: its own name, as long as it is known who brought it.
async fn letter(
    state: &AppState,
    signed: &SignedIn,
    known: &Known,
) -> Result<Option<KeyValues>, Fault> {
    let Some(digest) = &known.letter else { return Ok(None) };
    let (side, now_ms) = (signed.actor.brings_for(), state.clock.now_ms());
    let brought = state.store.brought(&side, &digest.0, now_ms).await?;
    let name = brought.map_or_else(|| "已上传".to_owned(), |file| file.name);
    Ok(Some(KeyValues::new().row("文件", name).row("SHA-256", digest.0.as_str())))
}

pub(super) async fn statement(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let digest = Digest(digest);
    let known = own_statement(&state, &signed, &desk, &digest).await?;
    page(&shown(&state, &signed, &desk, &digest, &known, vec![]).await?)
}

pub(super) async fn download_statement(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let known = own_statement(&state, &signed, &desk, &Digest(digest)).await?;
    Ok(download::text("签署声明.txt", known.text))
}

pub(super) async fn complete(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
    enclosed: Enclosed,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let digest = Digest(digest);
    let known = own_statement(&state, &signed, &desk, &digest).await?;
    let (deed, letter) = (known.deed, known.letter.clone());
    let again = async |sentence: String| {
        let errors = vec![FieldError::new("signature", sentence)];
        unprocessable(&shown(&state, &signed, &desk, &digest, &known, errors).await?)
    };
    let Some(bytes) = enclosed.file("signature") else {
        return again("选择签名文件".to_owned()).await;
    };
    if bytes.len() > signing::cms::SIGNATURE_BYTES_MAX {
        return again(signing::cms::Fault::Unreadable.to_string()).await;
    }
    let envelope = Envelope::keyed(enclosed.form.get("_key"));
    let bytes = bytes.to_vec();
    let office = &state.office;
    let deed_by = (deed, letter);
    let done =
        office.sign_by_certificate(&signed.actor, &desk.id, deed_by, &digest, bytes, envelope);
    match done.await {
        Ok(done) => {
            let text = if done.happened.len() > 1 {
                format!("已{}，组建协议生效", deed.term())
            } else {
                format!("已{}", deed.term())
            };
            Ok(see_other_with(&state, &home(&desk), &Flash { tone: Tone::Ok, text }))
        }
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            again(format!("{}。{}", refusal.reason, refusal.remedy)).await
        }
        Err(other) => Err(other.into()),
    }
}
