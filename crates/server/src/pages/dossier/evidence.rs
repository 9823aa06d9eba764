//! 证据包 — the text that was signed and the package that shows who signed it (Art. 6(2)).

use axum::extract::{Path, State};
use consortium::access;
use consortium::ids::DossierId;

use crate::evidence;
use crate::http::{Answer, Fault, SignedIn, download};
use crate::state::AppState;

/// The bytes the parties sign, for whoever reads the agreement.
pub(super) async fn text(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let opened = state.office.read(&signed.actor, &DossierId::from(id.as_str())).await?;
    if !access::mask(&signed.actor, &opened.dossier).materials {
        return Err(Fault::NotFound);
    }
    let text = state.office.signed_text(&opened.dossier).await?.ok_or(Fault::NotFound)?;
    let name = format!("组建协议-{}.json", opened.dossier.materials.name);
    Ok(download::made(&name, "application/json", text.into_bytes()))
}

pub(super) async fn package(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let id = DossierId::from(id.as_str());
    let package =
        evidence::package(&state, &signed.actor, &id, None).await?.ok_or(Fault::NotFound)?;
    Ok(download::made(&package.name, "application/zip", package.bytes))
}
