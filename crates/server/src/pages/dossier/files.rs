//! 附件 — a file of this dossier, for those who may read it there.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use consortium::{access, dossier::Stage};

use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn};
use crate::state::AppState;

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let name = name_of(&desk, &digest).ok_or(Fault::NotFound)?;
    let Some((row, bytes)) = state.store.file(&digest).await? else { return Err(Fault::NotFound) };
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(&name));
    let headers = [
        (header::CONTENT_TYPE, row.media_type),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The name of a file of this dossier, if the reader may see it.
fn name_of(desk: &Desk, digest: &str) -> Option<String> {
    let mask = access::mask(&desk.actor, &desk.dossier);
    if !mask.materials {
        return None;
    }
    let form = desk.view.form.as_ref();
    let attached = form.into_iter().flat_map(|form| &form.attachments);
    if let Some(file) = attached.into_iter().find(|file| file.digest.0 == digest) {
        return Some(file.name.clone());
    }
    sealed(desk, digest).or_else(|| proof(desk, digest))
}

fn sealed(desk: &Desk, digest: &str) -> Option<String> {
    let agreement = &desk.dossier.materials.agreement;
    let rounds = agreement.round.iter().chain(&agreement.voided);
    let mut slots = rounds.flat_map(|round| &round.slots);
    let slot = slots.find(|slot| slot.seal.as_ref().is_some_and(|seal| seal.scan.0 == digest))?;
    let name = desk.dossier.materials.party(&slot.unit).map_or("单位", |party| &party.name);
    Some(format!("盖章页-{name}"))
}

fn proof(desk: &Desk, digest: &str) -> Option<String> {
    let filed = match &desk.dossier.stage {
        Stage::Filed(filed) => filed,
        _ => desk.dossier.register_entry()?,
    };
    let served = filed.cancellation.as_ref()?.served.as_ref()?;
    (served.proof.0 == digest).then(|| "送达凭证".to_owned())
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
