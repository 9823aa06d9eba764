//! 协议 — the text, its rounds and supplements, and how far each party is with signing.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::{
    agreement::{AgreementText, Method, Paper, Proof, Remark, Round, Slot, Supplement},
    dossier::Dossier,
    ids::{Digest, UnitId},
    materials::{Materials, Party},
};

/// The agreement as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgreementView {
    /// Version.
    pub version: u32,
    /// Text.
    pub text: AgreementText,
    /// What is still empty of the six contents.
    pub missing: Vec<&'static str>,
    /// Digest of the locked version.
    pub digest: Option<Digest>,
    /// 生效时间.
    pub effective_at: Option<DateTime>,
    /// Who has signed and sealed the locked version, and how.
    pub slots: Vec<SlotView>,
    /// 纸质签署件, where the parties sign on paper.
    pub paper: Option<Paper>,
    /// 各方意见.
    pub remarks: Vec<Remark>,
    /// How many earlier rounds were voided.
    pub voided_rounds: usize,
}

/// One party's place in the agreement as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotView {
    /// The party.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// 签字, by what: the name of a method.
    pub signature_method: Option<String>,
    /// 身份 of whoever signed.
    pub capacity: Option<&'static str>,
    /// What the signature stands on, for a key or a certificate.
    pub signature_proof: Option<ProofView>,
    /// 盖章, by what: the name of a method.
    pub seal_method: Option<String>,
    /// What the seal stands on, for a certificate.
    pub seal_proof: Option<ProofView>,
    /// 催签, oldest first.
    pub reminded: Vec<DateTime>,
    /// How it was signed, in words.
    pub signature: Option<String>,
    /// When.
    pub signed_at: Option<DateTime>,
    /// 授权委托书, where somebody signed for the legal representative.
    pub letter: Option<Digest>,
    /// How it was sealed, in words.
    pub seal: Option<String>,
    /// When.
    pub sealed_at: Option<DateTime>,
    /// The sealed page or the signature by certificate.
    pub scan: Option<Digest>,
}

/// What a signature stands on, each by the digest under which it is taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProofView {
    /// The statement that was signed.
    pub statement: Digest,
    /// The file that holds the signature.
    pub file: Digest,
    /// The certificate or the public key.
    pub key: Digest,
}

impl From<&Proof> for ProofView {
    fn from(proof: &Proof) -> Self {
        let (statement, file) = (proof.statement.clone(), proof.file.clone());
        Self { statement, file, key: proof.key.clone() }
    }
}

/// 补充协议 as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupplementView {
    /// Counts every text.
    pub version: u32,
    /// The words.
    pub text: String,
    /// Digest of the locked text.
    pub digest: Option<Digest>,
    /// 生效时间.
    pub effective_at: Option<DateTime>,
    /// Who signs, and who has.
    pub slots: Vec<SlotView>,
    /// 纸质签署件.
    pub paper: Option<Paper>,
    /// Earlier rounds: what was signed then, by whom. They bind nobody.
    pub voided: Vec<(String, Vec<SlotView>)>,
}

pub(super) fn supplement_view(dossier: &Dossier, kept: &Supplement) -> SupplementView {
    let told = |round: &Round| slots_of(&kept.parties, &dossier.materials, round);
    let round = kept.round.as_ref();
    SupplementView {
        version: kept.version,
        text: kept.text.clone(),
        digest: round.map(|round| round.digest.clone()),
        effective_at: kept.effective_at(),
        slots: round.map(told).unwrap_or_default(),
        paper: round.and_then(|round| round.paper.clone()),
        voided: kept.voided.iter().map(|(text, round)| (text.clone(), told(round))).collect(),
    }
}

pub(super) fn agreement_view(dossier: &Dossier) -> AgreementView {
    let agreement = &dossier.materials.agreement;
    AgreementView {
        version: agreement.version,
        text: agreement.text.clone(),
        missing: agreement.text.missing(),
        digest: agreement.round.as_ref().map(|round| round.digest.clone()),
        effective_at: agreement.effective_at(),
        slots: agreement.round.iter().flat_map(|round| slots(&dossier.materials, round)).collect(),
        paper: agreement.round.as_ref().and_then(|round| round.paper.clone()),
        remarks: agreement.remarks.clone(),
        voided_rounds: agreement.voided.len(),
    }
}

/// Each party's place in a round, with the parties' names as these materials have them.
pub fn slots(materials: &Materials, round: &Round) -> Vec<SlotView> {
    slots_of(&[], materials, round)
}

/// The same, where somebody signs who is no party yet.
pub fn slots_of(also: &[Party], materials: &Materials, round: &Round) -> Vec<SlotView> {
    let party = |unit: &UnitId| {
        let also = also.iter().find(|party| party.unit == *unit);
        also.or_else(|| materials.party(unit)).map(|party| party.name.clone())
    };
    let told = |slot: &Slot| {
        let (signature, seal) = (slot.signature.as_ref(), slot.seal.as_ref());
        SlotView {
            unit: slot.unit.clone(),
            name: party(&slot.unit).unwrap_or_default(),
            signature_method: signature.map(|kept| kept.method.clone()),
            capacity: signature.map(|kept| kept.capacity.term()),
            signature_proof: signature.and_then(|kept| Some(kept.proof.as_ref()?.into())),
            seal_method: seal.map(|kept| kept.method.clone()),
            seal_proof: seal.and_then(|kept| Some(kept.proof.as_ref()?.into())),
            reminded: slot.reminded.clone(),
            signature: signature.map(|kept| Method::term_of(&kept.method).to_owned()),
            signed_at: signature.map(|kept| kept.at),
            letter: signature.and_then(|kept| kept.letter.clone()),
            seal: seal.map(|kept| Method::term_of(&kept.method).to_owned()),
            sealed_at: seal.map(|kept| kept.at),
            scan: seal.map(|kept| kept.scan.clone()),
        }
    };
    round.slots.iter().map(told).collect()
}
