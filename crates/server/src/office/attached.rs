//! The files of a dossier, and who may take them out.

use consortium::{Dossier, access, actor::Actor, ids::Digest};

/// The name of a file of this dossier, if the reader may see it: a digest alone opens nothing.
pub fn file_name(actor: &Actor, dossier: &Dossier, digest: &Digest) -> Option<String> {
    if !access::mask(actor, dossier).materials {
        return None;
    }
    let attached = dossier.materials.attachments.iter().find(|file| file.digest == *digest);
    attached
        .map(|file| file.name.clone())
        .or_else(|| sealed(dossier, digest))
        .or_else(|| proof(dossier, digest))
}

/// The scan of a sealed page, of the standing round or a voided one.
fn sealed(dossier: &Dossier, digest: &Digest) -> Option<String> {
    let agreement = &dossier.materials.agreement;
    let rounds = agreement.round.iter().chain(&agreement.voided);
    let mut slots = rounds.flat_map(|round| &round.slots);
    let slot = slots.find(|slot| slot.seal.as_ref().is_some_and(|seal| seal.scan == *digest))?;
    let name = dossier.materials.party(&slot.unit).map_or("单位", |party| &party.name);
    Some(format!("盖章页-{name}"))
}

/// What shows that a notice was served.
fn proof(dossier: &Dossier, digest: &Digest) -> Option<String> {
    let served = dossier.register_entry()?.cancellation.as_ref()?.served.as_ref()?;
    (served.proof == *digest).then(|| "送达凭证".to_owned())
}
