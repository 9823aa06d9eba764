//! 签署 — the slots of the parties, statements for a certificate or a passkey, and signatures
//! over them (Art. 6(2)). Paper, remarks, reminders and refusals are commands like any other.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use consortium::agreement::statement::Deed;
use consortium::ids::{Digest, DossierId};
use consortium::{access, command};
use serde::Deserialize;
use serde_json::json;

use super::asked::Arrived;
use super::body::{Json, bytes};
use super::problem::{Problem, Trouble};
use super::{Answer, command as asked_command, id, json, json_with};
use crate::http::{SignedIn, Visitor, download};
use crate::passkey::ceremony;
use crate::passkey::response::Assertion;
use crate::signing::Known;
use crate::signing::cms::SIGNATURE_BYTES_MAX;
use crate::state::AppState;

/// What a statement is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    deed: Act,
    letter: Option<Digest>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Sign,
    Seal,
}

/// Who has signed and sealed the text that is locked, how, and on what it stands.
pub(super) async fn slots(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    let agreement = opened.view.agreement.ok_or_else(Problem::not_found)?;
    let slots = state.office.progress(&opened.dossier).await?;
    json(&json!({
        "version": agreement.version,
        "digest": agreement.digest,
        "effective_at": agreement.effective_at,
        "paper": agreement.paper,
        "slots": slots,
    }))
}

/// Makes out a statement for the asker's own slot.
pub(super) async fn state(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(dossier): Path<String>,
    Json(asked): Json<Asked>,
) -> Answer {
    let dossier = id::dossier(&dossier)?;
    let opened = state.office.read(&signed.actor, &dossier).await?;
    let (deed, verb) = match asked.deed {
        Act::Sign => (Deed::Signature, "sign"),
        Act::Seal => (Deed::Seal, "seal"),
    };
    let verb = command::named(verb).ok_or_else(Problem::not_found)?;
    access::may(&signed.actor, verb, Some(&opened.dossier))?;
    let letter = asked.letter.as_ref().filter(|_| deed == Deed::Signature);
    if let Some(letter) = letter {
        asked_command::was_brought(&state, &signed.actor, "letter", letter, None).await?;
    }
    let issued = state.office.statement(&signed.actor, &opened.dossier, deed, letter).await?;
    let issued = issued.ok_or_else(Problem::not_found)?;
    json_with(StatusCode::CREATED, &json!({ "digest": issued.digest, "text": issued.text }))
}

/// A statement that was made out for the asker and still lives, byte for byte.
pub(super) async fn statement(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, statement)): Path<(String, String)>,
) -> Answer {
    let (dossier, statement) = (id::dossier(&dossier)?, id::digest(&statement)?);
    let opened = state.office.read(&signed.actor, &dossier).await?;
    let known = state.office.known_statement(&signed.actor, &opened.dossier, &statement).await?;
    Ok(download::text("签署声明.txt", known.ok_or_else(Problem::not_found)?.text))
}

/// Signs or seals with the signature over a statement: the body is the CMS file.
pub(super) async fn sign(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, statement)): Path<(String, String)>,
    Arrived(envelope): Arrived,
    request: Request,
) -> Answer {
    let (dossier, statement) = (id::dossier(&dossier)?, id::digest(&statement)?);
    let opened = state.office.read(&signed.actor, &dossier).await?;
    let known = state.office.known_statement(&signed.actor, &opened.dossier, &statement).await?;
    let known = known.ok_or_else(Problem::not_found)?;
    let signature = bytes(request, SIGNATURE_BYTES_MAX).await?;
    let done = state.office.sign_by_certificate(
        &signed.actor,
        &dossier,
        (known.deed, known.letter),
        &statement,
        signature,
        envelope,
    );
    json(&done.await?)
}

/// What an authenticator is to be asked for: the challenge is the digest of the statement.
pub(super) async fn challenge(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, statement)): Path<(String, String)>,
) -> Answer {
    let (dossier, statement) = (id::dossier(&dossier)?, id::digest(&statement)?);
    let known = to_sign(&state, &signed, &dossier, &statement).await?;
    json(&ceremony::ask_to_sign(&state, &signed, &statement, &known.text).await?)
}

/// Signs with the answer of an authenticator.
pub(super) async fn sign_by_passkey(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((dossier, statement)): Path<(String, String)>,
    Arrived(envelope): Arrived,
    Json(answer): Json<Assertion>,
) -> Answer {
    let (dossier, statement) = (id::dossier(&dossier)?, id::digest(&statement)?);
    let Known { letter, text, .. } = to_sign(&state, &signed, &dossier, &statement).await?;
    let signature = ceremony::sign(&state, &signed, &statement, &text, &answer).await?;
    let stated = (&statement, letter);
    let office = &state.office;
    let done = office.sign_by_passkey(&signed.actor, &dossier, stated, &signature, envelope);
    json(&done.await?)
}

/// A statement to sign that was made out for the asker.
async fn to_sign(
    state: &AppState,
    signed: &SignedIn,
    dossier: &DossierId,
    statement: &Digest,
) -> Result<Known, Trouble> {
    let opened = state.office.read(&signed.actor, dossier).await?;
    let known = state.office.known_statement(&signed.actor, &opened.dossier, statement).await?;
    let known = known.filter(|known| known.deed == Deed::Signature);
    known.ok_or_else(|| Problem::not_found().into())
}
