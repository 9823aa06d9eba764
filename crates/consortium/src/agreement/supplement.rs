//! 补充协议 — what the parties agree on a change after filing (Arts. 6(2), 10): its own text and
//! versions, signed by exactly those whom the parameter names, in force at its last slot.
//!
//! The agreement of the filing stays as it was signed. A change whose kind asks for a supplement
//! is recorded only once the supplement is in force.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{Round, Slot};
use crate::{
    change::{Change, ChangeKind, joined},
    context::Context,
    dossier::{Dossier, Stage},
    event::Event,
    ids::{Digest, UnitId},
    materials::Party,
    parameter::{ParameterKey, Parameters, Signers},
    refusal::Refusal,
    text,
    unit::Unit,
};

/// The form this version of the platform writes.
pub const FORMAT: &str = "chuanglian-supplement-1";

/// 补充协议.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supplement {
    /// Counts every text.
    pub version: u32,
    /// The words.
    pub text: String,
    /// Who signs, as locked; the lead first.
    pub parties: Vec<Party>,
    /// The round now open or complete.
    pub round: Option<Round>,
    /// Earlier rounds with their texts: they bind nobody any more.
    pub voided: Vec<(String, Round)>,
}

impl Supplement {
    /// 生效时间.
    pub fn effective_at(&self) -> Option<DateTime> {
        self.round.as_ref().and_then(|round| round.effective_at)
    }

    /// Another text, or the same one to be signed anew: what was signed stays readable.
    pub(crate) fn changed(&mut self) {
        self.version += 1;
        self.parties.clear();
        let text = self.text.clone();
        self.voided.extend(self.round.take().map(|round| (text, round)));
    }
}

/// Who signs a supplement for a kind of change, by the parameters pinned to the dossier.
pub fn signers(kind: ChangeKind, parameters: &Parameters) -> Signers {
    let key = match kind {
        ChangeKind::Lead => ParameterKey::ResignLead,
        ChangeKind::Name => ParameterKey::ResignName,
        ChangeKind::Join => ParameterKey::ResignJoin,
        ChangeKind::Leave => ParameterKey::ResignLeave,
        ChangeKind::Direction => ParameterKey::ResignDirection,
        ChangeKind::Terms => ParameterKey::ResignTerms,
        ChangeKind::UnitData
        | ChangeKind::UnitFate
        | ChangeKind::Authority
        | ChangeKind::Platform
        | ChangeKind::Credit
        | ChangeKind::Contact => return Signers::Nobody,
    };
    Signers::of(parameters.get(key))
}

/// The parties that sign for an open change, the lead first.
pub fn parties(dossier: &Dossier, change: &Change, units: &BTreeMap<UnitId, Unit>) -> Vec<Party> {
    let named = change.content.unit.as_ref().and_then(|id| units.get(id));
    let new = named.filter(|_| matches!(change.kind, ChangeKind::Join | ChangeKind::Lead));
    let new = new.map(|unit| joined(unit, change.on));
    let standing: Vec<&Party> = super::in_order(&dossier.materials);
    let old = match signers(change.kind, &dossier.parameters) {
        Signers::Nobody => return vec![],
        Signers::NewAndLead => standing.get(..1).unwrap_or_default(),
        Signers::Everybody => &standing[..],
    };
    let known = |party: &Party| old.iter().any(|kept| kept.unit == party.unit);
    let new = new.filter(|party| !known(party));
    old.iter().map(|party| (*party).clone()).chain(new).collect()
}

impl Dossier {
    /// The change that is open, with its supplement once one was written.
    pub fn open_change(&self) -> Option<&Change> {
        let Stage::Filed(filed) = &self.stage else { return None };
        filed.changes.iter().find(|change| change.decided.is_none())
    }

    /// The supplement that is being signed.
    pub fn open_supplement(&self) -> Option<(&Change, &Supplement, &Round)> {
        let change = self.open_change()?;
        let supplement = change.supplement.as_ref()?;
        Some((change, supplement, supplement.round.as_ref()?))
    }

    /// What is to be signed now: before the filing the agreement, afterwards a supplement.
    pub fn signing_round(&self) -> Option<&Round> {
        match &self.stage {
            Stage::Filed(_) => self.open_supplement().map(|(.., round)| round),
            Stage::Drafting(_)
            | Stage::Signing(_)
            | Stage::Recommendation(_)
            | Stage::FormalReview(_)
            | Stage::ExpertReview(_)
            | Stage::Decision(_)
            | Stage::PublicNotice(_)
            | Stage::Ended(_) => self.materials.agreement.round.as_ref(),
        }
    }

    /// The parties of what is to be signed now, the lead first.
    pub fn signing_parties(&self) -> Vec<&Party> {
        match self.open_supplement() {
            Some((_, supplement, _)) => supplement.parties.iter().collect(),
            None => super::in_order(&self.materials),
        }
    }
}

/// The exact text that is signed for the open change.
pub fn canonical(dossier: &Dossier, change: &Change, parties: &[Party]) -> String {
    super::render(&content(dossier, change, parties))
}

fn content(dossier: &Dossier, change: &Change, parties: &[Party]) -> Value {
    let supplement = change.supplement.as_ref();
    let told = parties.iter().enumerate().map(|(at, party)| {
        let role = if at == 0 { "lead" } else { "member" };
        json!({ "role": role, "unit": party.unit, "name": party.name, "code": party.code })
    });
    json!({
        "format": FORMAT,
        "agreement": dossier.materials.agreement.round.as_ref().map(|round| &round.digest),
        "no": change.no,
        "kind": change.kind.name(),
        "reason": change.content.reason,
        "new_name": change.content.new_name,
        "unit": change.content.unit,
        "version": supplement.map_or(0, |kept| kept.version),
        "name": dossier.materials.name,
        "parties": told.collect::<Vec<_>>(),
        "text": supplement.map_or("", |kept| &kept.text),
    })
}

fn asked(dossier: &Dossier) -> Result<&Change, Refusal> {
    let change = dossier
        .open_change()
        .ok_or_else(|| Refusal::not_now("10", "没有在办的变更", "先报告变更，再起草补充协议"))?;
    if signers(change.kind, &dossier.parameters) == Signers::Nobody {
        let reason = format!("“{}”不需要补充协议", change.kind.term());
        return Err(Refusal::not_now("10", &reason, "等自治区科技厅办结"));
    }
    Ok(change)
}

/// 起草补充协议 — while somebody has signed only with the lead's confirmation.
pub fn write(dossier: &Dossier, words: &str, void: bool) -> Result<Vec<Event>, Refusal> {
    let change = asked(dossier)?;
    text::section("text", "补充协议", words)?;
    let kept = change.supplement.as_ref();
    if kept.is_some_and(|kept| kept.text == words) {
        return Ok(vec![]);
    }
    if let Some((_, supplement, round)) = dossier.open_supplement()
        && !void
    {
        let begun = |slot: &&Slot| slot.signature.is_some() || slot.seal.is_some();
        let begun: Vec<_> = round.slots.iter().filter(begun).map(|slot| &slot.unit).collect();
        let signed = supplement.parties.iter().filter(|party| begun.contains(&&party.unit));
        let signed: Vec<&str> = signed.map(|party| party.name.as_str()).collect();
        let all: Vec<&str> = supplement.parties.iter().map(|party| party.name.as_str()).collect();
        let who =
            if signed.is_empty() { "还没有单位签署".to_owned() } else { signed.join("、") };
        return Err(Refusal::field(
            "void_signatures",
            &format!("文本已锁定签署。修改后作废的签署：{who}；要重新签署的：{}", all.join("、")),
            "确认要改的，勾选“知道签署将作废”",
        )
        .under("10"));
    }
    Ok(vec![Event::SupplementWritten { no: change.no, text: words.to_owned() }])
}

/// 锁定补充协议并发起签署.
pub fn lock(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let change = asked(dossier)?;
    let Some(supplement) = change.supplement.as_ref().filter(|kept| !kept.text.is_empty()) else {
        return Err(Refusal::not_now("10", "补充协议还没有写", "写明变更后的约定再锁定"));
    };
    if supplement.round.is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::SupplementLocked {
        no: change.no,
        version: supplement.version,
        digest: ctx.agreement_digest.clone(),
        parties: parties(dossier, change, ctx.units),
    }])
}

/// Refuses to record a change before the supplement its kind asks for is in force.
pub(crate) fn in_force(dossier: &Dossier, change: &Change) -> Result<(), Refusal> {
    if signers(change.kind, &dossier.parameters) == Signers::Nobody {
        return Ok(());
    }
    if change.supplement.as_ref().and_then(Supplement::effective_at).is_some() {
        return Ok(());
    }
    Err(Refusal::not_now(
        "10",
        &format!("“{}”要有各方签署的补充协议，现在还没有生效", change.kind.term()),
        "等牵头单位和各方签字盖章；长期没有签成的，可以不予变更并写明理由",
    ))
}

/// The round of a locked supplement.
pub(crate) fn round(
    version: u32,
    digest: &Digest,
    on: jiff::civil::Date,
    parties: &[Party],
) -> Round {
    Round {
        version,
        digest: digest.clone(),
        since: on,
        slots: parties.iter().map(|party| Slot::empty(&party.unit)).collect(),
        paper: None,
        effective_at: None,
    }
}
