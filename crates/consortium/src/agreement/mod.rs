//! 组建协议 — its contents, its versions, and who has signed and sealed (Art. 6(2)).

mod annex;
mod canonical;
pub mod comparison;
mod draft;
mod edition;
mod format;
mod reminder;
mod signing;
pub mod statement;
pub mod supplement;
mod text;
pub mod words;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    actor::Capacity,
    ids::{Digest, PersonId, Personal, UnitId},
};

pub use annex::{Annex, annexes, pointed_at_empty};
pub use canonical::{canonical, content, earlier, in_order, render};
pub use comparison::compare;
pub use edition::{Edition, Standing, editions};
pub use format::Format;
pub use reminder::remind;
pub use signing::{
    REMARKS_MAX, answer_remark, as_if, before_lock, confirm_paper, decline, is_locked, offer_paper,
    remark, reopen, seal, sign, start_signing, write,
};
pub(crate) use signing::{is_open, may_void, unlocked};
pub use supplement::Supplement;
pub use text::{AgreementText, BLANK, FORMED_ON, HEADINGS, Heading, Weight};

/// 协议附件 — an attachment under this item is part of what is signed.
pub const ANNEX: &str = "组建协议附件";

/// 签署方式 — how a signature or a seal is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// 账号签字: the account with the password entered again, beside the sealed page.
    AccountPassword,
    /// 通行密钥: a passkey that verified the person, over the statement.
    Passkey,
    /// 数字证书: a detached CMS signature over the statement.
    Certificate,
    /// 纸质签署: one scan of the paper original that every party confirms.
    Paper,
    /// 盖章页扫描件: the party's own sealed page.
    Scan,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 5] =
        [Self::AccountPassword, Self::Passkey, Self::Certificate, Self::Paper, Self::Scan];

    /// The value used in commands and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountPassword => "account_password",
            Self::Passkey => "passkey",
            Self::Certificate => "certificate",
            Self::Paper => "paper",
            Self::Scan => "scan",
        }
    }

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::AccountPassword => "账号签字",
            Self::Passkey => "通行密钥",
            Self::Certificate => "数字证书",
            Self::Paper => "纸质签署",
            Self::Scan => "盖章页扫描件",
        }
    }

    /// The term of a name in the journal; the name itself where it is none of ours.
    pub fn term_of(name: &str) -> &str {
        Self::ALL
            .into_iter()
            .find(|method| method.name() == name)
            .map_or(name, |method| method.term())
    }
}

/// 签署凭证 — what a signature by key or certificate stands on, as the office verified it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// SHA-256 of the statement that was signed.
    pub statement: Digest,
    /// SHA-256 of the file that holds the signature.
    pub file: Digest,
    /// SHA-256 of the certificate, or of the public key.
    pub key: Digest,
    /// Whom the certificate or the key names.
    pub subject: Personal,
}

impl Proof {
    /// The files that it rests on.
    pub const fn files(&self) -> [&Digest; 2] {
        [&self.statement, &self.file]
    }
}

/// 签字 — how one party's signature was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub person: PersonId,
    /// In which capacity.
    pub capacity: Capacity,
    /// How: the name of a [`Method`].
    pub method: String,
    /// What it stands on, for a key or a certificate.
    pub proof: Option<Proof>,
    /// 授权委托书, where somebody signed for the legal representative.
    pub letter: Option<Digest>,
    /// When.
    pub at: DateTime,
}

/// 加盖公章 — the scan of the sealed page or the signature by the unit's certificate, by digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Who uploaded it.
    pub person: PersonId,
    /// SHA-256 of the scan, or of the signature.
    pub scan: Digest,
    /// How: the name of a [`Method`].
    pub method: String,
    /// What it stands on, for a certificate.
    pub proof: Option<Proof>,
    /// When.
    pub at: DateTime,
}

/// 纸质签署件 — one scan of the original for all, and who keeps the original.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// SHA-256 of the scan.
    pub scan: Digest,
    /// 原件保管单位和地点.
    pub custodian: String,
    /// The day it was offered.
    pub on: Date,
}

/// 意见 — a party's remark on a heading before signing, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Whose.
    pub unit: UnitId,
    /// The field of the heading.
    pub heading: String,
    /// The words.
    pub remark: String,
    /// The version it was made on.
    pub version: u32,
    /// The day.
    pub on: Date,
    /// 牵头单位的答复.
    pub answer: Option<String>,
}

/// 签署位 — one party's place for a signature and a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The party.
    pub unit: UnitId,
    /// 签字.
    pub signature: Option<Signature>,
    /// 公章.
    pub seal: Option<Seal>,
    /// 催签: when the lead reminded this party.
    pub reminded: Vec<DateTime>,
}

impl Slot {
    /// Nothing signed, nothing sealed.
    pub(crate) fn empty(unit: &UnitId) -> Self {
        Self { unit: unit.clone(), signature: None, seal: None, reminded: Vec::new() }
    }

    /// Another scan took the place of the one confirmed: the confirmation falls.
    pub(crate) fn only_confirms(&mut self, scan: &Digest) {
        let paper = Method::Paper.name();
        if self.seal.as_ref().is_some_and(|seal| seal.method == paper && seal.scan != *scan) {
            self.seal = None;
            self.signature = self.signature.take().filter(|kept| kept.method != paper);
        }
    }

    /// What its signature and its seal stand on.
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        let signature = self.signature.as_ref().and_then(|kept| kept.proof.as_ref());
        signature.into_iter().chain(self.seal.as_ref().and_then(|kept| kept.proof.as_ref()))
    }

    /// Signed and sealed: two ticks, never one.
    pub fn complete(&self) -> bool {
        self.signature.is_some() && self.seal.is_some()
    }
}

/// 一轮签署 — the slots of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The version that is signed.
    pub version: u32,
    /// The digest of exactly this text, these parties in this order, this name.
    pub digest: Digest,
    /// The day it was locked.
    pub since: Date,
    /// One slot a party.
    pub slots: Vec<Slot>,
    /// 纸质签署件, where the parties signed on paper.
    pub paper: Option<Paper>,
    /// 生效时间: the moment the last slot was completed.
    pub effective_at: Option<DateTime>,
}

impl Round {
    /// One party's slot.
    pub fn slot(&self, unit: &UnitId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.unit == *unit)
    }

    pub(crate) fn slot_mut(&mut self, unit: &UnitId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.unit == *unit)
    }

    /// The slots that are still awaited.
    pub fn awaited(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| !slot.complete())
    }
}

/// 组建协议 — the text, its version and its rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Counts every change of the text, the name or the parties.
    pub version: u32,
    /// The text.
    pub text: AgreementText,
    /// 写法: that in which it was locked; the present one while it is not.
    pub format: Format,
    /// The round now open or complete.
    pub round: Option<Round>,
    /// Earlier rounds: their signatures stay readable and bind only their own version.
    pub voided: Vec<Round>,
    /// 各方意见.
    pub remarks: Vec<Remark>,
}

impl Agreement {
    /// 协议是否已生效.
    pub fn effective_at(&self) -> Option<DateTime> {
        self.round.as_ref().and_then(|round| round.effective_at)
    }

    /// Whether no word of the text was written yet.
    pub fn is_unwritten(&self) -> bool {
        self.text == AgreementText::default()
    }

    /// What the text does not say yet, in words: of the six contents those that are empty, and of all
    /// headings those with a blank left in them. `None` once nothing is open.
    pub fn wanting(&self) -> Option<String> {
        if self.is_unwritten() {
            return Some("组建协议还没有起草".to_owned());
        }
        let missing = self.text.missing();
        let missing = (!missing.is_empty()).then(|| format!("协议缺“{}”", missing.join("”“")));
        let blanks: Vec<&str> = self.text.blanks().iter().map(|heading| heading.title).collect();
        let blanks =
            (!blanks.is_empty()).then(|| format!("协议的“{}”里还有没填的空", blanks.join("”“")));
        let said: Vec<String> = missing.into_iter().chain(blanks).collect();
        (!said.is_empty()).then(|| said.join("；"))
    }

    /// Every proof of this and of the earlier rounds.
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        let slots = self.voided.iter().chain(&self.round).flat_map(|round| &round.slots);
        slots.flat_map(Slot::proofs)
    }

    /// A change of what is signed: a new version, and the slots are empty again.
    pub(crate) fn changed(&mut self) {
        self.version += 1;
        self.voided.extend(self.round.take());
        self.format = Format::default();
    }
}
