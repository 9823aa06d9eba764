//! 用通行密钥签字 — the text first, then the statement, then the device that verifies the person
//! (Art. 6(2); 电子签名法 第十三条).
//!
//! The challenge is the digest of the statement. The browser computes it again from the words it
//! shows, and that of the text from the bytes it is given: what is seen is what is signed.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use consortium::actor::Capacity;
use consortium::agreement::{Method, statement::Deed};
use consortium::ids::Digest;
use consortium::refusal::RefusalKind;
use consortium::{Refusal, access, command};

use super::agreement_sheet::AgreementSheet;
use super::certificate::home;
use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn, see_other, see_other_with};
use crate::office::{Envelope, OfficeError};
use crate::pages::shell::Shell;
use crate::pages::shell::ceremony::{ANSWER, Ceremony, Words};
use crate::pages::shell::form::{FieldError, FieldSpec, Form};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, ErrorSummary, Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::passkey::ceremony::{self, Unproven};
use crate::passkey::response;
use crate::signing::STATEMENT_HOURS;
use crate::state::AppState;

/// Where passkeys are registered.
const REGISTER: &str = "/security/passkeys";

#[derive(Template)]
#[template(path = "dossier/passkey.html")]
struct PasskeyPage {
    shell: Shell,
    back: String,
    name: String,
    hours: i64,
    /// How many passkeys the signer has.
    count: usize,
    register: &'static str,
    /// The text, where it is the agreement itself.
    sheet: Option<AgreementSheet>,
    /// Where the bytes that are signed are taken out, and their digest.
    text: String,
    digest: Option<String>,
    errors: ErrorSummary,
    step: Step,
}

/// Where the signer stands.
enum Step {
    /// Not by oneself: the words say why.
    Not(String),
    /// The text, before the statement is made out.
    Read(Box<Form>),
    /// The statement, its digest in groups, and the device.
    Sign { words: String, digest: Vec<String>, ceremony: Box<Ceremony>, place: String },
}

/// The dossier, where the reader's unit has something to sign.
async fn begin(state: &AppState, signed: &SignedIn, id: &str) -> Result<Desk, Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    let verb = command::named("sign").ok_or(Fault::NotFound)?;
    access::may(&signed.actor, verb, Some(&desk.dossier))?;
    Ok(desk)
}

/// Where the bytes that are signed are taken out.
fn text(desk: &Desk) -> String {
    match desk.dossier.open_supplement() {
        Some((change, ..)) => desk.to(&format!("supplements/{}/text.json", change.no)),
        None => desk.to("agreement.json"),
    }
}

/// Where the reader signs by passkey, where that is offered.
pub(super) fn offered(desk: &Desk) -> Option<String> {
    let own = desk.actor.capacity == Capacity::LegalRepresentative;
    let taken = Method::Passkey.signs(&desk.dossier.parameters);
    (own && taken && desk.can("sign")).then(|| desk.to("passkey"))
}

/// Why the reader does not sign here, in words.
fn hindrance(signed: &SignedIn, desk: &Desk) -> Option<String> {
    let words = if !Method::Passkey.signs(&desk.dossier.parameters) {
        "现在不接受用通行密钥签字，改用协议页列出的其他方式。"
    } else if signed.actor.capacity != Capacity::LegalRepresentative {
        "通行密钥签字由法定代表人或者负责人本人办理。由他人代签的，用数字证书附授权委托书，或者在纸上签署。"
    } else if desk.dossier.signing_round().is_none() {
        "文本还没有锁定，现在没有要签署的内容。由牵头单位锁定文本并发起签署。"
    } else {
        return None;
    };
    Some(words.to_owned())
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    step: Step,
    refusals: Vec<(String, String)>,
) -> Result<PasskeyPage, Fault> {
    let mut shell = Shell::new(&signed.visitor, "用通行密钥签字")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short())
        .crumb(home(desk), "组建协议");
    let in_form = matches!(&step, Step::Read(form) if !form.errors.is_empty());
    shell.has_errors = in_form || !refusals.is_empty();
    let round = desk.dossier.signing_round();
    let digest = round.map(|round| round.digest.clone());
    let own = desk.dossier.open_supplement().is_none();
    let passkeys = state.store.passkeys(signed.actor.person.as_str()).await?;
    Ok(PasskeyPage {
        back: home(desk),
        name: desk.view.name.clone(),
        sheet: own.then(|| AgreementSheet::of(&desk.dossier.materials, digest.as_ref())),
        hours: STATEMENT_HOURS,
        count: passkeys.len(),
        register: REGISTER,
        text: text(desk),
        digest: digest.map(|digest| digest.0),
        errors: ErrorSummary { errors: vec![], refusals },
        step,
        shell,
    })
}

fn fields() -> Vec<FieldSpec> {
    vec![FieldSpec::check("read", "我已阅读协议全文，核对了指纹").required().clause("6.2")]
}

fn reading(signed: &SignedIn, desk: &Desk, errors: Vec<FieldError>) -> Step {
    if let Some(words) = hindrance(signed, desk) {
        return Step::Not(words);
    }
    let csrf = signed.visitor.csrf();
    let form = Form::new(&csrf, desk.to("passkey"), "取得签署声明", fields())
        .errors(errors)
        .leave(home(desk), "返回协议");
    Step::Read(Box::new(form))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    page(&shown(&state, &signed, &desk, reading(&signed, &desk, vec![]), vec![]).await?)
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: crate::http::Form,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    if let Err(errors) = parse(&fields(), &posted.0) {
        let step = reading(&signed, &desk, errors);
        return unprocessable(&shown(&state, &signed, &desk, step, vec![]).await?);
    }
    if hindrance(&signed, &desk).is_none() {
        let deed = Deed::Signature;
        let issued = state.office.statement(&signed.actor, &desk.dossier, deed, None).await?;
        if let Some(issued) = issued {
            return Ok(see_other(&desk.to(&format!("passkey/{}", issued.digest.0))));
        }
    }
    let step = reading(&signed, &desk, vec![]);
    unprocessable(&shown(&state, &signed, &desk, step, vec![]).await?)
}

/// A statement to sign that was made out for this reader; anything else is not found.
async fn own_statement(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    digest: &Digest,
) -> Result<String, Fault> {
    let found = state.office.known_statement(&signed.actor, &desk.dossier, digest).await?;
    let found = found.filter(|known| known.deed == Deed::Signature);
    found.map(|known| known.text).ok_or(Fault::NotFound)
}

/// A digest in groups of four, to be compared by eye.
fn grouped(digest: &Digest) -> Vec<String> {
    let digits: Vec<char> = digest.0.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect()).collect()
}

fn signing(signed: &SignedIn, desk: &Desk, digest: &Digest, words: String) -> Step {
    let place = desk.to(&format!("passkey/{}", digest.0));
    let locked = desk.dossier.signing_round().map(|round| round.digest.0.clone());
    let digest_of_text = locked.unwrap_or_default();
    let over = Words { statement: "statement", text: text(desk), digest: digest_of_text };
    let form = Form::new(&signed.visitor.csrf(), place.as_str(), "验证本人并签字", vec![])
        .leave(home(desk), "先不签");
    let ceremony = Ceremony::get(&signed.visitor, form, format!("{place}/challenge"))
        .instead("改用协议页列出的其他方式签署")
        .over(over);
    Step::Sign { words, digest: grouped(digest), ceremony: Box::new(ceremony), place }
}

pub(super) async fn statement(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let digest = Digest(digest);
    let words = own_statement(&state, &signed, &desk, &digest).await?;
    let step = signing(&signed, &desk, &digest, words);
    page(&shown(&state, &signed, &desk, step, vec![]).await?)
}

pub(super) async fn challenge(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
    _: crate::http::Form,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let digest = Digest(digest);
    let words = own_statement(&state, &signed, &desk, &digest).await?;
    let asked = ceremony::ask_to_sign(&state, &signed, &digest, &words).await?;
    Ok(Json(asked).into_response())
}

pub(super) async fn complete(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
    posted: crate::http::Form,
) -> Answer {
    let desk = begin(&state, &signed, &id).await?;
    let digest = Digest(digest);
    let words = own_statement(&state, &signed, &desk, &digest).await?;
    let outcome = sign(&state, &signed, &desk, (&digest, &words), &posted).await?;
    let refused = match outcome {
        Ok(text) => {
            let flash = Flash { tone: Tone::Ok, text };
            return Ok(see_other_with(&state, &home(&desk), &flash));
        }
        Err(refused) => refused,
    };
    let step = signing(&signed, &desk, &digest, words);
    let refusals = vec![(refused, "6.2".to_owned())];
    unprocessable(&shown(&state, &signed, &desk, step, refusals).await?)
}

/// Signs with what the device answered; a refusal in words.
async fn sign(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    (digest, words): (&Digest, &str),
    posted: &crate::http::Form,
) -> Result<Result<String, String>, Fault> {
    let answer = match response::parse(posted.get(ANSWER)) {
        Ok(answer) => answer,
        Err(fault) => return Ok(Err(fault.sentence())),
    };
    let signature = match ceremony::sign(state, signed, digest, words, &answer).await {
        Ok(signature) => signature,
        Err(Unproven::No(fault)) => return Ok(Err(fault.sentence())),
        Err(Unproven::Broken(fault)) => return Err(fault),
    };
    let (office, actor) = (&state.office, &signed.actor);
    let envelope = Envelope::keyed(posted.key());
    match office.sign_by_passkey(actor, &desk.id, (digest, None), &signature, envelope).await {
        Ok(done) if done.happened.len() > 1 => Ok(Ok("已签字，组建协议生效".to_owned())),
        Ok(_) => Ok(Ok("已用通行密钥签字".to_owned())),
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let Refusal { reason, remedy, .. } = *refusal;
            Ok(Err(format!("{reason}。{remedy}")))
        }
        Err(other) => Err(other.into()),
    }
}
