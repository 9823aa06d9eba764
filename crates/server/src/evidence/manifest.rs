//! 清单 — what is in a package and what each piece is evidence of.

use consortium::agreement::{Proof, Round, Slot};
use consortium::ids::Digest;
use consortium::materials::Party;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::office::digest_of;

/// The form this edition writes.
pub const FORMAT: &str = "chuanglian-evidence-1";

/// The path of the explanation.
pub(super) const README: &str = "说明.md";
/// The path of the canonical text that was signed.
pub(super) const CANONICAL: &str = "协议规范文本.json";
/// The path of the agreement as a document.
pub(super) const PAPER: &str = "组建协议.pdf";
/// The path of the entries of the journal, one a line.
pub(super) const JOURNAL: &str = "事项记录.jsonl";
/// The path of the values about persons in them, one a line.
pub(super) const PERSONS: &str = "个人信息.jsonl";
/// The path of the roots the platform trusted.
pub(super) const ROOTS: &str = "根证书.pem";
/// The path of the manifest.
pub const MANIFEST: &str = "清单.json";
/// The path of the platform's signature over the manifest.
pub const SIGNATURE: &str = "清单.p7s";

/// 清单.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The dossier.
    pub dossier: String,
    /// 联合体名称, as it was signed.
    pub name: String,
    /// The version that was signed.
    pub version: u32,
    /// The number of the change, where a supplement was signed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supplement: Option<u32>,
    /// SHA-256 of the canonical text.
    pub sha256: Digest,
    /// SM3 of the canonical text.
    pub sm3: String,
    /// 生效时间, Asia/Shanghai.
    pub effective_at: DateTime,
    /// When the package was made, Asia/Shanghai.
    pub made_at: DateTime,
    /// SHA-256 of the platform's certificate.
    pub platform: Digest,
    /// One a party, in the order of the agreement.
    pub slots: Vec<SlotRecord>,
    /// The first and the last entry of the journal that is given.
    pub journal: (u64, u64),
    /// Every other entry of the package, in its order.
    pub files: Vec<FileRecord>,
}

/// An entry of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its path.
    pub path: String,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of it.
    pub sha256: Digest,
}

impl FileRecord {
    /// The record of some bytes.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), size_bytes: bytes.len() as u64, sha256: digest_of(bytes) }
    }
}

/// 签署位 — one party's signature and seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRecord {
    /// The party.
    pub unit: String,
    /// Its name, as it was signed.
    pub name: String,
    /// 统一社会信用代码.
    pub code: String,
    /// 签字.
    pub signature: ActRecord,
    /// 公章.
    pub seal: ActRecord,
}

/// A signature or a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActRecord {
    /// How: the name of a method.
    pub method: String,
    /// In which capacity, for a signature.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub capacity: Option<String>,
    /// When, Asia/Shanghai.
    pub at: DateTime,
    /// The statement and the signature over it, for a key or a certificate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proof: Option<ProofRecord>,
    /// The scan, for what was done on paper.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scan: Option<Digest>,
    /// 授权委托书.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub letter: Option<Digest>,
}

/// What a signature by key or certificate stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofRecord {
    /// SHA-256 of the statement.
    pub statement: Digest,
    /// SHA-256 of the signature.
    pub file: Digest,
    /// SHA-256 of the certificate or of the public key.
    pub key: Digest,
}

impl From<&Proof> for ProofRecord {
    fn from(proof: &Proof) -> Self {
        Self {
            statement: proof.statement.clone(),
            file: proof.file.clone(),
            key: proof.key.clone(),
        }
    }
}

/// The records of a round that is complete; `None` where a slot is not.
pub(super) fn slots(parties: &[&Party], round: &Round) -> Option<Vec<SlotRecord>> {
    parties
        .iter()
        .map(|party| {
            let (signature, seal) = acts(round.slot(&party.unit)?)?;
            Some(SlotRecord {
                unit: party.unit.to_string(),
                name: party.name.clone(),
                code: party.code.clone(),
                signature,
                seal,
            })
        })
        .collect()
}

fn acts(slot: &Slot) -> Option<(ActRecord, ActRecord)> {
    let (signature, seal) = (slot.signature.as_ref()?, slot.seal.as_ref()?);
    let signed = ActRecord {
        method: signature.method.clone(),
        capacity: Some(signature.capacity.term().to_owned()),
        at: signature.at,
        proof: signature.proof.as_ref().map(ProofRecord::from),
        scan: None,
        letter: signature.letter.clone(),
    };
    let sealed = ActRecord {
        method: seal.method.clone(),
        capacity: None,
        at: seal.at,
        proof: seal.proof.as_ref().map(ProofRecord::from),
        scan: seal.proof.is_none().then(|| seal.scan.clone()),
        letter: None,
    };
    Some((signed, sealed))
}
