//! 谁来写 — whose section it is to write, and whose its draft is to throw away.

use consortium::{
    Dossier, access,
    actor::Actor,
    command::{self, Verb},
    ids::UnitId,
    materials::Part,
    refusal::RefusalKind,
};

use crate::http::Fault;

/// The command that writes a part for good.
pub(super) fn verb_of(part: Part) -> Result<&'static Verb, Fault> {
    let name = match part {
        Part::Agreement => "write_agreement",
        Part::Attachments | Part::Parties => return Err(Fault::NotFound),
        _ => "write_application",
    };
    command::named(name).ok_or(Fault::NotFound)
}

/// Whether somebody writes anything of a dossier, now or at another stage.
///
/// # Errors
/// The refusal for who does not.
pub fn is_writer(actor: &Actor, dossier: &Dossier) -> Result<(), Fault> {
    theirs(actor, command::named("write_application").ok_or(Fault::NotFound)?, dossier)
}

/// The command that writes a section for good, for somebody whose section it is.
pub(super) fn may_write(
    actor: &Actor,
    dossier: &Dossier,
    part: Part,
    block: Option<&UnitId>,
) -> Result<&'static Verb, Fault> {
    let verb = verb_of(part)?;
    if block.is_some_and(|unit| dossier.materials.party(unit).is_none()) {
        return Err(Fault::NotFound);
    }
    theirs(actor, verb, dossier)?;
    let own = actor.unit();
    let own_block = part.by_unit() && block.is_some() && block == own;
    let whole = own == Some(dossier.lead()) && !part.own_only();
    if whole || own_block {
        return Ok(verb);
    }
    let sentence = if part.own_only() {
        "承诺由作出承诺的单位在自己的账号里填写。"
    } else {
        "这一节由牵头单位填写，成员单位只填写本单位的各节。"
    };
    Err(Fault::Forbidden(sentence.to_owned()))
}

/// Whether it is somebody's to carry a command out, now or at another stage.
fn theirs(actor: &Actor, verb: &Verb, dossier: &Dossier) -> Result<(), Fault> {
    match access::may(actor, verb, Some(dossier)) {
        Err(refusal) if matches!(refusal.kind, RefusalKind::Forbidden | RefusalKind::NotFound) => {
            Err(refusal.into())
        }
        _ => Ok(()),
    }
}

/// Whether the draft of a block is somebody's to throw away: what a unit types of itself is its
/// own, and what is nobody's block is for everybody who writes it.
pub fn is_own(actor: &Actor, block: Option<&UnitId>) -> bool {
    block.is_none() || block == actor.unit()
}
