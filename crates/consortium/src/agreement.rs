//! 组建协议 — its six mandatory contents, its versions, and who has signed and sealed (Art. 6(2)).

use std::fmt::Write;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Capacity},
    dossier::Dossier,
    event::Event,
    ids::{Digest, PersonId, UnitId},
    materials::{Intention, Materials, Part},
    refusal::Refusal,
    text,
};

/// The text of the agreement, by the headings of Art. 6(2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementText {
    /// ① 组建时间.
    pub formed_on: Option<Date>,
    /// ② 技术创新目标.
    #[serde(default)]
    pub goals: String,
    /// ③ 任务分工.
    #[serde(default)]
    pub division: String,
    /// ④ 科技成果及知识产权归属.
    #[serde(default)]
    pub results: String,
    /// ⑤ 投入与收益分配办法.
    #[serde(default)]
    pub distribution: String,
    /// ⑥ 解决争议的方式.
    #[serde(default)]
    pub disputes: String,
    /// 风险分担 (促进科技成果转化法 第二十六条; recommended).
    #[serde(default)]
    pub risk: String,
    /// 违约责任 (the same; recommended).
    #[serde(default)]
    pub breach: String,
    /// 其他约定.
    #[serde(default)]
    pub other: String,
}

impl AgreementText {
    /// The six mandatory contents that are still empty.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.formed_on.is_none() {
            missing.push("组建时间");
        }
        let texts = [
            ("技术创新目标", &self.goals),
            ("任务分工", &self.division),
            ("科技成果及知识产权归属", &self.results),
            ("投入与收益分配办法", &self.distribution),
            ("解决争议的方式", &self.disputes),
        ];
        missing.extend(texts.iter().filter(|(_, t)| t.trim().is_empty()).map(|(label, _)| *label));
        missing
    }

    fn sections(&self) -> [(&'static str, &'static str, &str); 8] {
        [
            ("goals", "技术创新目标", &self.goals),
            ("division", "任务分工", &self.division),
            ("results", "科技成果及知识产权归属", &self.results),
            ("distribution", "投入与收益分配办法", &self.distribution),
            ("disputes", "解决争议的方式", &self.disputes),
            ("risk", "风险分担", &self.risk),
            ("breach", "违约责任", &self.breach),
            ("other", "其他约定", &self.other),
        ]
    }
}

/// The dossier as it would stand if the agreement were written like this.
#[must_use]
pub fn as_if(dossier: &Dossier, text: &AgreementText) -> Dossier {
    let mut copy = dossier.clone();
    copy.materials.agreement.text = text.clone();
    copy
}

/// 签字 — how one party's signature was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub person: PersonId,
    /// In which capacity.
    pub capacity: Capacity,
    /// How: `account_password` is the account with the password entered again.
    pub method: String,
    /// When.
    pub at: DateTime,
}

/// 加盖公章 — the scan of the sealed page, by digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Who uploaded it.
    pub person: PersonId,
    /// SHA-256 of the scan.
    pub scan: Digest,
    /// When.
    pub at: DateTime,
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
}

impl Slot {
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
    /// 生效时间: the moment the last slot was completed.
    pub effective_at: Option<DateTime>,
}

impl Round {
    /// One party's slot.
    pub fn slot(&self, unit: &UnitId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.unit == *unit)
    }
}

/// 组建协议 — the text, its version and its rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Counts every change of the text, the name or the parties.
    pub version: u32,
    /// The text.
    pub text: AgreementText,
    /// The round now open or complete.
    pub round: Option<Round>,
    /// Earlier rounds: their signatures stay readable and bind only their own version.
    pub voided: Vec<Round>,
}

impl Agreement {
    /// 协议是否已生效.
    pub fn effective_at(&self) -> Option<DateTime> {
        self.round.as_ref().and_then(|round| round.effective_at)
    }

    /// A change of what is signed: a new version, and the slots are empty again.
    pub(crate) fn changed(&mut self) {
        self.version += 1;
        self.voided.extend(self.round.take());
    }
}

/// The exact text that is signed: name, parties in order, and every heading, length-prefixed.
///
/// Length prefixes make the mapping one-to-one: two different agreements never share it.
pub fn canonical(materials: &Materials) -> String {
    let mut out = String::from("chuanglian-agreement-1\n");
    let mut put = |label: &str, value: &str| {
        let _ = writeln!(out, "{label}:{}:{value}", value.len());
    };
    put("version", &materials.agreement.version.to_string());
    put("name", &materials.name);
    for party in materials.standing() {
        put("party", party.unit.as_str());
        put("party-name", &party.name);
        put("party-code", &party.code);
    }
    let text = &materials.agreement.text;
    put("formed_on", &text.formed_on.map(|on| on.to_string()).unwrap_or_default());
    for (field, _, value) in text.sections() {
        put(field, value);
    }
    out
}

/// 起草协议 — writes the text; while slots are filled only with the lead's confirmation (J12).
pub fn write(
    dossier: &Dossier,
    new: &AgreementText,
    void_signatures: bool,
) -> Result<Vec<Event>, Refusal> {
    for (field, label, value) in new.sections() {
        text::within(field, label, value, text::Limit::Characters(text::SECTION_MAX))?;
    }
    if dossier.materials.agreement.text == *new {
        return Ok(vec![]);
    }
    dossier.editable(Part::Agreement)?;
    may_void(dossier, void_signatures)?;
    Ok(vec![Event::AgreementWritten { text: new.clone() }])
}

/// Refuses a change of what is signed unless the lead has seen which signatures it voids.
pub(crate) fn may_void(dossier: &Dossier, confirmed: bool) -> Result<(), Refusal> {
    let Some(round) = &dossier.materials.agreement.round else { return Ok(()) };
    if confirmed {
        return Ok(());
    }
    let signed: Vec<&str> = round
        .slots
        .iter()
        .filter(|slot| slot.signature.is_some() || slot.seal.is_some())
        .filter_map(|slot| dossier.materials.party(&slot.unit))
        .map(|party| party.name.as_str())
        .collect();
    let who =
        if signed.is_empty() { "还没有单位签署".to_owned() } else { signed.join("、") };
    Err(Refusal::field(
        "void_signatures",
        &format!("文本已锁定签署。修改后，已有签署全部作废：{who}"),
        "确认要改的，勾选“知道签署将作废”，改后全部重新签署",
    )
    .under("6.2"))
}

/// 锁定文本并发起签署.
pub fn start_signing(dossier: &Dossier, digest: &Digest) -> Result<Vec<Event>, Refusal> {
    // Whoever may change the name or the members has to have the agreement signed again.
    if dossier.editable(Part::Parties).is_err() {
        dossier.editable(Part::Agreement)?;
    }
    let materials = &dossier.materials;
    if let Some(round) = &materials.agreement.round
        && round.digest == *digest
    {
        return Ok(vec![]);
    }
    let missing = materials.agreement.text.missing();
    if !missing.is_empty() {
        return Err(Refusal::not_now(
            "6.2",
            &format!("协议缺“{}”", missing.join("”“")),
            "补写后才能锁定文本",
        ));
    }
    let pending: Vec<&str> = materials
        .parties
        .iter()
        .filter(|party| party.intention == Intention::Pending)
        .map(|party| party.name.as_str())
        .collect();
    if !pending.is_empty() {
        return Err(Refusal::not_now(
            "4",
            &format!("还没有确认合作意向：{}", pending.join("、")),
            "等对方确认，或把该单位移出成员",
        ));
    }
    if materials.standing().count() < 2 {
        return Err(Refusal::not_now(
            "5.1",
            "只有牵头单位一家，联合体由多个单位组成",
            "邀请成员单位，对方确认后再发起签署",
        ));
    }
    let parties = materials.standing().map(|party| party.unit.clone()).collect();
    Ok(vec![Event::SigningStarted {
        version: materials.agreement.version,
        digest: digest.clone(),
        parties,
    }])
}

fn open_round(dossier: &Dossier) -> Result<&Round, Refusal> {
    dossier.materials.agreement.round.as_ref().ok_or_else(|| {
        Refusal::not_now("6.2", "协议还没有锁定文本", "由牵头单位锁定文本并发起签署")
    })
}

fn own_slot<'a>(round: &'a Round, actor: &Actor) -> Result<&'a Slot, Refusal> {
    actor.unit().and_then(|unit| round.slot(unit)).ok_or_else(|| {
        Refusal::forbidden("6.2", "你所在单位不是这一版协议的签署方", "以签署方身份登录")
    })
}

fn same_text(round: &Round, digest: &Digest) -> Result<(), Refusal> {
    if round.digest == *digest {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.2",
        "正文指纹与锁定版本不一致，已停止签署",
        "重新打开协议全文核对，再签署",
    ))
}

/// 签字 — only the legal representative or person in charge, and only the text shown.
pub fn sign(
    dossier: &Dossier,
    digest: &Digest,
    method: &str,
    actor: &Actor,
    at: DateTime,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, actor)?;
    if slot.signature.is_some() && round.digest == *digest {
        return Ok(vec![]);
    }
    same_text(round, digest)?;
    text::line("method", "签署方式", method)?;
    let signed = Event::Signed {
        unit: slot.unit.clone(),
        version: round.version,
        digest: digest.clone(),
        method: method.to_owned(),
    };
    Ok(with_effect(round, slot, slot.seal.is_some(), signed, at))
}

/// 加盖公章 — the scan of the sealed page.
pub fn seal(
    dossier: &Dossier,
    digest: &Digest,
    scan: &Digest,
    actor: &Actor,
    at: DateTime,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, actor)?;
    if slot.seal.is_some() && round.digest == *digest {
        return Ok(vec![]);
    }
    same_text(round, digest)?;
    let sealed = Event::Sealed {
        unit: slot.unit.clone(),
        version: round.version,
        digest: digest.clone(),
        scan: scan.clone(),
    };
    Ok(with_effect(round, slot, slot.signature.is_some(), sealed, at))
}

fn with_effect(
    round: &Round,
    slot: &Slot,
    other_tick: bool,
    event: Event,
    at: DateTime,
) -> Vec<Event> {
    let others = round.slots.iter().filter(|other| other.unit != slot.unit).all(Slot::complete);
    if other_tick && others {
        return vec![event, Event::AgreementEffective { version: round.version, at }];
    }
    vec![event]
}

/// 不同意签署 — back to drafting; nobody can decline once the agreement is in force (J11).
pub fn decline(dossier: &Dossier, reason: &str, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, actor)?;
    if round.effective_at.is_some() {
        return Err(Refusal::not_now(
            "6.2",
            "协议已经生效，不能再不同意签署",
            "需要修改的，与牵头单位商定后重新签署",
        ));
    }
    text::paragraph("reason", "不同意的理由", reason)?;
    Ok(vec![Event::SigningDeclined { unit: slot.unit.clone(), reason: reason.to_owned() }])
}
