//! The files of a dossier, and who may take them out.

use consortium::{Dossier, access, actor::Actor, agreement::Slot, ids::Digest, unit::Unit};
use documents::Kind;

use crate::papers;

/// The name of a file of this dossier, if the reader may see it: a digest alone opens nothing.
pub fn file_name(actor: &Actor, dossier: &Dossier, digest: &Digest) -> Option<String> {
    let of_materials = access::mask(actor, dossier).materials.then(|| {
        let attached = dossier.materials.attachments.iter().find(|file| file.digest == *digest);
        attached
            .map(|file| file.name.clone())
            .or_else(|| signed(dossier, digest))
            .or_else(|| proof(dossier, digest))
    });
    of_materials.flatten().or_else(|| sealed(actor, dossier, digest))
}

/// A sealed file of an official paper that the reader may read.
fn sealed(actor: &Actor, dossier: &Dossier, digest: &Digest) -> Option<String> {
    // The public reads them in the register, whole and not by their digest.
    if *actor == Actor::public() {
        return None;
    }
    dossier.issued.iter().find_map(|issued| {
        let kind = Kind::named(issued.paper.name())?;
        let readable = papers::may_read(actor, dossier, kind);
        let mut given = issued.given_to(actor, dossier);
        let given = readable && given.any(|(_, kept)| kept.file == *digest);
        given.then(|| format!("盖章件-{}", kind.term()))
    })
}

/// A paper of the signing, of the standing round or a voided one.
fn signed(dossier: &Dossier, digest: &Digest) -> Option<String> {
    let agreement = &dossier.materials.agreement;
    let changes = dossier.register_entry().into_iter().flat_map(|filed| &filed.changes);
    let supplements = changes.filter_map(|change| change.supplement.as_ref());
    let supplements = supplements
        .flat_map(|kept| kept.round.iter().chain(kept.voided.iter().map(|(_, round)| round)));
    agreement.round.iter().chain(&agreement.voided).chain(supplements).find_map(|round| {
        let paper = round.paper.as_ref().filter(|paper| paper.scan == *digest);
        let paper = paper.map(|_| "纸质签署件".to_owned());
        paper.or_else(|| round.slots.iter().find_map(|slot| of_slot(dossier, slot, digest)))
    })
}

fn of_slot(dossier: &Dossier, slot: &Slot, digest: &Digest) -> Option<String> {
    let (signature, seal) = (slot.signature.as_ref(), slot.seal.as_ref());
    let proofs =
        [signature.and_then(|kept| kept.proof.as_ref()), seal.and_then(|kept| kept.proof.as_ref())];
    let what = if signature.is_some_and(|kept| kept.letter.as_ref() == Some(digest)) {
        "授权委托书"
    } else if proofs.iter().flatten().any(|proof| proof.statement == *digest) {
        "签署声明"
    } else if proofs.iter().flatten().any(|proof| proof.file == *digest) {
        "数字签名"
    } else if seal.is_some_and(|kept| kept.scan == *digest) {
        "盖章页"
    } else {
        return None;
    };
    let party = dossier.materials.party(&slot.unit).map_or("单位", |party| &party.name);
    Some(format!("{what}-{party}"))
}

/// What shows that a notice was served.
fn proof(dossier: &Dossier, digest: &Digest) -> Option<String> {
    let served = dossier.register_entry()?.cancellation.as_ref()?.served.as_ref()?;
    (served.proof == *digest).then(|| "送达凭证".to_owned())
}

/// The name of a file that a unit's record names: a digest alone opens nothing.
pub fn unit_file(unit: &Unit, digest: &Digest) -> Option<String> {
    let platform = unit.platforms.iter().find(|kept| kept.entry.proof.as_ref() == Some(digest));
    let rule = unit.details.rules.iter().find(|rule| rule.file.as_ref() == Some(digest));
    let credit = unit.credit.iter().any(|kept| {
        let repair = kept.repair.as_ref().and_then(|repair| repair.proof.as_ref());
        kept.record.proof.as_ref() == Some(digest) || repair == Some(digest)
    });
    platform
        .map(|kept| format!("批准文件-{}", kept.entry.name))
        .or_else(|| rule.map(|rule| rule.name.clone()))
        .or_else(|| credit.then(|| "信用记录证明".to_owned()))
}
