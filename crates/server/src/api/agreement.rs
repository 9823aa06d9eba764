//! 组建协议 — the text that is signed, statements for a certificate or a passkey, and the evidence
//! (Art. 6(2)).

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
use super::{Answer, id, json, json_with};
use crate::evidence;
use crate::http::{SignedIn, Visitor, download};
use crate::office::signed_text;
use crate::passkey::ceremony;
use crate::passkey::response::Assertion;
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

/// The bytes the parties sign.
pub(super) async fn text(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let opened = state.office.read(&actor, &dossier).await?;
    if !access::mask(&actor, &opened.dossier).materials {
        return Err(Problem::not_found().into());
    }
    let text = signed_text(&opened.dossier).ok_or_else(Problem::not_found)?;
    Ok(download::made("agreement.json", "application/json", text.into_bytes()))
}

/// The package that shows who signed what.
pub(super) async fn package(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(dossier): Path<String>,
) -> Answer {
    let (dossier, actor) = (id::dossier(&dossier)?, visitor.actor());
    let package = evidence::package(&state, &actor, &dossier).await?;
    let package = package.ok_or_else(Problem::not_found)?;
    Ok(download::made(&package.name, "application/zip", package.bytes))
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
    let letter = asked.letter.as_ref();
    let issued = state.office.statement(&signed.actor, &opened.dossier, deed, letter).await?;
    let issued = issued.ok_or_else(Problem::not_found)?;
    json_with(StatusCode::CREATED, &json!({ "digest": issued.digest, "text": issued.text }))
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
    let (deed, _) = known.ok_or_else(Problem::not_found)?;
    let signature = bytes(request, SIGNATURE_BYTES_MAX).await?;
    let done = state.office.sign_by_certificate(
        &signed.actor,
        &dossier,
        deed,
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
    let text = to_sign(&state, &signed, &dossier, &statement).await?;
    json(&ceremony::ask_to_sign(&state, &signed, &statement, &text).await?)
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
    let text = to_sign(&state, &signed, &dossier, &statement).await?;
    let signature = ceremony::sign(&state, &signed, &statement, &text, &answer).await?;
    let office = &state.office;
    let done =
        office.sign_by_passkey(&signed.actor, &dossier, &statement, &signature, envelope).await?;
    json(&done)
}

/// A statement to sign that was made out for the asker.
async fn to_sign(
    state: &AppState,
    signed: &SignedIn,
    dossier: &DossierId,
    statement: &Digest,
) -> Result<String, Trouble> {
    let opened = state.office.read(&signed.actor, dossier).await?;
    let known = state.office.known_statement(&signed.actor, &opened.dossier, statement).await?;
    let known = known.filter(|(deed, _)| *deed == Deed::Signature);
    known.map(|(_, text)| text).ok_or_else(|| Problem::not_found().into())
}
