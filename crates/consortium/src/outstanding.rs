//! 成员还差什么 — what each member has still to answer, to write and to promise before a submission
//! (Arts. 4, 5(3), 7(1)): the answer and the promise come from its own account alone.

use serde::Serialize;

use crate::{
    Dossier, access,
    actor::Actor,
    command,
    dossier::Stage,
    ids::UnitId,
    materials::{Intention, Materials, MemberBlock, MemberPromise, Part, Party, Written},
    refusal::Refusal,
};

/// What a member writes of itself, in the order of the form. What is [light](Part::is_light) may stay
/// empty and is owed by nobody.
pub const OF_MEMBER: [Part; 4] = [Part::Member, Part::Unit, Part::Conditions, Part::MemberPromise];

/// What one member has still to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outstanding {
    /// The member.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Whether it has still to say that it takes part.
    pub answer: bool,
    /// What it has still to write: the section by its machine name, and in words.
    pub parts: Vec<(Part, &'static str)>,
}

impl Outstanding {
    /// All of it, in words.
    pub fn terms(&self) -> Vec<&'static str> {
        let answer = self.answer.then_some("答复邀请");
        answer.into_iter().chain(self.parts.iter().map(|(_, term)| *term)).collect()
    }
}

/// What the members have still to do, member by member, until the submission; those that have done
/// everything are not among them.
pub fn outstanding(dossier: &Dossier) -> Vec<Outstanding> {
    if !matches!(dossier.stage, Stage::Drafting(_) | Stage::Signing(_)) {
        return vec![];
    }
    let materials = &dossier.materials;
    let members = materials.standing().filter(|party| party.unit != *dossier.lead());
    members.map(|party| of(materials, party)).filter(|owed| !owed.terms().is_empty()).collect()
}

/// What there is to remind the members of, for somebody who may: whoever invites members reminds
/// them.
///
/// # Errors
/// What refuses an invitation.
pub fn to_remind(actor: &Actor, dossier: &Dossier) -> Result<Vec<Outstanding>, Refusal> {
    let invite = command::named("invite")
        .ok_or_else(|| Refusal::not_found("没有这一项", "核对链接，或从工作台进入"))?;
    access::may(actor, invite, Some(dossier))?;
    Ok(outstanding(dossier))
}

fn of(materials: &Materials, party: &Party) -> Outstanding {
    let unit = &party.unit;
    let promised = materials.promised(unit).is_some_and(MemberPromise::is_whole);
    let given = |part: Part| {
        let block =
            part != Part::Member || materials.member(unit).is_some_and(MemberBlock::is_whole);
        let whole = block && (part != Part::MemberPromise || promised);
        whole && materials.written(part, Some(unit)) != Written::No
    };
    let open = OF_MEMBER.into_iter().filter(|part| !part.is_light() && !given(*part));
    Outstanding {
        unit: unit.clone(),
        name: party.name.clone(),
        answer: party.intention == Intention::Pending,
        parts: open.map(|part| (part, part.term())).collect(),
    }
}
