//! 签署 — writing, locking, signing, sealing, declining (Art. 6(2)).

use jiff::civil::DateTime;

use super::{AgreementText, HEADINGS, Method, Proof, Round, Slot, canonical};
use crate::{
    actor::{Actor, Capacity},
    context::Context,
    dossier::Dossier,
    event::Event,
    ids::Digest,
    materials::{Intention, Materials, Part},
    parameter::{ParameterKey, Parameters},
    refusal::Refusal,
    text,
};

/// Most remarks on one agreement.
pub const REMARKS_MAX: usize = 500;

/// 起草协议 — writes the text; while slots are filled only with the lead's confirmation (J12).
pub fn write(
    dossier: &Dossier,
    new: &AgreementText,
    void_signatures: bool,
) -> Result<Vec<Event>, Refusal> {
    for heading in HEADINGS {
        let limit = text::Limit::Characters(text::SECTION_MAX);
        text::within(heading.field, heading.title, heading.words(new), limit)?;
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

/// 已随协议锁定 — what the agreement takes from the application is signed too: a change of the
/// canonical text has to wait until the lead takes the lock back.
pub(crate) fn unlocked(dossier: &Dossier, after: &Materials, what: &str) -> Result<(), Refusal> {
    let locked = dossier.materials.agreement.round.is_some();
    if !locked || canonical(after) == canonical(&dossier.materials) {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.2",
        &format!("“{what}”是协议的一部分，已随文本锁定签署"),
        "由牵头单位先办“撤回锁定，退回起草”，改后全部重新签署",
    ))
}

/// Whether a part of the filing was locked together with the text: it changes only after the lead
/// takes the lock back.
pub fn is_locked(dossier: &Dossier, part: Part) -> bool {
    let agreement = &dossier.materials.agreement;
    agreement.round.is_some() && agreement.format.signed_parts().contains(&part)
}

/// 撤回锁定 — the round is voided and the text may be changed; what was signed stays readable.
pub fn reopen(dossier: &Dossier, reason: &str) -> Result<Vec<Event>, Refusal> {
    if dossier.materials.agreement.round.is_none() {
        return Ok(vec![]);
    }
    may_change(dossier)?;
    text::paragraph("reason", "撤回锁定的原因", reason)?;
    Ok(vec![Event::SigningVoided { reason: reason.to_owned() }])
}

/// Whether any part of what is signed may be changed now.
pub(crate) fn is_open(dossier: &Dossier) -> bool {
    let parts = dossier.materials.agreement.format.signed_parts();
    parts.iter().any(|part| dossier.editable(*part).is_ok())
}

/// Whoever may change anything that is signed may have the agreement signed again.
fn may_change(dossier: &Dossier) -> Result<(), Refusal> {
    if is_open(dossier) { Ok(()) } else { dossier.editable(Part::Agreement) }
}

/// 锁定以前 — everything that stands before the lock of the text, each with its clause and what to
/// do; nothing where it can be locked.
pub fn before_lock(materials: &Materials) -> Vec<Refusal> {
    let mut owed = Vec::new();
    if let Some(what) = materials.agreement.wanting() {
        let remedy = if materials.agreement.text.blanks().is_empty() {
            "写好并保存后才能锁定文本"
        } else {
            "把“【填写：…】”换成商定的内容，保存后才能锁定文本"
        };
        owed.push(Refusal::not_now("6.2", &what, remedy));
    }
    let pending: Vec<&str> = materials
        .parties
        .iter()
        .filter(|party| party.intention == Intention::Pending)
        .map(|party| party.name.as_str())
        .collect();
    if !pending.is_empty() {
        let what = format!("还没有确认合作意向：{}", pending.join("、"));
        owed.push(Refusal::not_now("4", &what, "等对方确认，或把该单位移出成员"));
    }
    if materials.standing().count() < 2 {
        let what = "只有牵头单位一家，联合体由多个单位组成";
        owed.push(Refusal::not_now("5.1", what, "邀请成员单位，对方确认后再发起签署"));
    }
    owed
}

/// 锁定文本并发起签署.
pub fn start_signing(dossier: &Dossier, digest: &Digest) -> Result<Vec<Event>, Refusal> {
    may_change(dossier)?;
    let materials = &dossier.materials;
    if let Some(round) = &materials.agreement.round
        && round.digest == *digest
    {
        return Ok(vec![]);
    }
    if let Some(first) = before_lock(materials).into_iter().next() {
        return Err(first);
    }
    let parties = materials.standing().map(|party| party.unit.clone()).collect();
    Ok(vec![Event::SigningStarted {
        version: materials.agreement.version,
        digest: digest.clone(),
        parties,
        format: materials.agreement.format,
    }])
}

/// What is to be signed now; after the filing that is a supplement, and whoever asks again for the
/// agreement's own signature is still told that it was made.
pub(super) fn open_round(dossier: &Dossier) -> Result<&Round, Refusal> {
    let round = dossier.signing_round().or(dossier.materials.agreement.round.as_ref());
    round.ok_or_else(|| {
        Refusal::not_now("6.2", "协议还没有锁定文本", "由牵头单位锁定文本并发起签署")
    })
}

/// The number of the change whose supplement is signed; `None` for the agreement itself.
pub(super) fn supplement(dossier: &Dossier) -> Option<u32> {
    dossier.open_supplement().map(|(change, ..)| change.no)
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

/// 签字 — the legal representative or person in charge, and only the text shown; somebody else
/// only with a letter of authority, which a person judges (R6.2c).
pub fn sign(
    dossier: &Dossier,
    digest: &Digest,
    method: &str,
    letter: Option<&Digest>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, ctx.actor)?;
    if slot.signature.is_some() && round.digest == *digest {
        return Ok(vec![]);
    }
    same_text(round, digest)?;
    authority(ctx.actor, letter)?;
    let proof = Method::of_signature(method, &dossier.parameters)?.proof(dossier, ctx)?;
    let signed = Event::Signed {
        unit: slot.unit.clone(),
        version: round.version,
        digest: digest.clone(),
        method: method.to_owned(),
        proof,
        letter: letter.cloned(),
    };
    Ok(with_effect(dossier, slot, slot.seal.is_some(), vec![signed], ctx.now))
}

/// 签署人的授权 — the text names the legal representative or person in charge and nobody else.
fn authority(actor: &Actor, letter: Option<&Digest>) -> Result<(), Refusal> {
    if actor.capacity == Capacity::LegalRepresentative || letter.is_some() {
        return Ok(());
    }
    Err(Refusal::field(
        "letter",
        "协议由法定代表人或者负责人签字",
        "由法定代表人或者负责人登录签字；由他人代签的，上传授权委托书，是否认可由审查人员判断",
    )
    .under("6.2"))
}

/// 加盖公章 — the scan of the sealed page, or the unit's certificate.
pub fn seal(
    dossier: &Dossier,
    digest: &Digest,
    scan: &Digest,
    method: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, ctx.actor)?;
    if slot.seal.is_some() && round.digest == *digest {
        return Ok(vec![]);
    }
    same_text(round, digest)?;
    let proof = Method::of_seal(method, &dossier.parameters)?.proof(dossier, ctx)?;
    let sealed = Event::Sealed {
        unit: slot.unit.clone(),
        version: round.version,
        digest: digest.clone(),
        scan: scan.clone(),
        method: method.to_owned(),
        proof,
    };
    Ok(with_effect(dossier, slot, slot.signature.is_some(), vec![sealed], ctx.now))
}

/// 提交纸质签署件 — the scan of the original that every party signed and sealed on paper, and
/// who keeps the original. Another scan takes the place of the first and has to be confirmed anew.
pub fn offer_paper(
    dossier: &Dossier,
    digest: &Digest,
    scan: &Digest,
    custodian: &str,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    own_slot(round, actor)?;
    same_text(round, digest)?;
    if !dossier.parameters.yes(ParameterKey::SignOnPaper) {
        return Err(not_offered(Method::Paper));
    }
    text::line("custodian", "原件保管单位和地点", custodian)?;
    let kept = round.paper.as_ref();
    if kept.is_some_and(|paper| paper.scan == *scan && paper.custodian == custodian) {
        return Ok(vec![]);
    }
    if round.effective_at.is_some() {
        return Err(Refusal::not_now("6.2", "协议已经生效", "原件保管情况有变化的，写入变更报告"));
    }
    Ok(vec![Event::PaperOffered {
        version: round.version,
        scan: scan.clone(),
        custodian: custodian.to_owned(),
        supplement: supplement(dossier),
    }])
}

/// 确认纸质签署件 — each party from its own account: this scan is what we signed and sealed.
pub fn confirm_paper(
    dossier: &Dossier,
    digest: &Digest,
    scan: &Digest,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let round = open_round(dossier)?;
    let slot = own_slot(round, ctx.actor)?;
    same_text(round, digest)?;
    let Some(paper) = &round.paper else {
        return Err(Refusal::not_now(
            "6.2",
            "还没有纸质签署件的扫描件",
            "由牵头单位上传各方签字盖章的扫描件后再确认",
        ));
    };
    if paper.scan != *scan {
        return Err(Refusal::not_now(
            "6.2",
            "扫描件已经更换，与你核对的不是同一份",
            "打开新的扫描件核对后再确认",
        ));
    }
    if slot.complete() {
        return Ok(vec![]);
    }
    let confirmed = Event::PaperConfirmed {
        unit: slot.unit.clone(),
        version: round.version,
        digest: digest.clone(),
        scan: scan.clone(),
    };
    Ok(with_effect(dossier, slot, true, vec![confirmed], ctx.now))
}

impl Method {
    /// The parameter that opens this way of signing; `None` where nobody signs so by itself.
    const fn for_signature(self) -> Option<ParameterKey> {
        match self {
            Self::AccountPassword => Some(ParameterKey::SignByPassword),
            Self::Certificate => Some(ParameterKey::SignByCertificate),
            Self::Passkey => Some(ParameterKey::SignByPasskey),
            Self::Paper | Self::Scan => None,
        }
    }

    /// The parameter that opens this way of sealing; `None` where nobody seals so by itself.
    const fn for_seal(self) -> Option<ParameterKey> {
        match self {
            Self::Scan => Some(ParameterKey::SealByScan),
            Self::Certificate => Some(ParameterKey::SealByCertificate),
            Self::AccountPassword | Self::Passkey | Self::Paper => None,
        }
    }

    /// Whether a party may sign in this way.
    pub fn signs(self, parameters: &Parameters) -> bool {
        self.for_signature().is_some_and(|key| parameters.yes(key))
    }

    /// Whether a party may seal in this way.
    pub fn seals(self, parameters: &Parameters) -> bool {
        self.for_seal().is_some_and(|key| parameters.yes(key))
    }

    fn of_signature(name: &str, parameters: &Parameters) -> Result<Self, Refusal> {
        Self::offered(name, Self::for_signature, parameters)
    }

    fn of_seal(name: &str, parameters: &Parameters) -> Result<Self, Refusal> {
        Self::offered(name, Self::for_seal, parameters)
    }

    fn offered(
        name: &str,
        key: impl Fn(Self) -> Option<ParameterKey>,
        parameters: &Parameters,
    ) -> Result<Self, Refusal> {
        let method = Self::ALL.into_iter().find(|method| method.name() == name);
        let method = method.filter(|method| key(*method).is_some());
        let Some(method) = method else {
            return Err(
                Refusal::field("method", "没有这种签署方式", "从列出的方式中选").under("6.2")
            );
        };
        if key(method).is_some_and(|key| parameters.yes(key)) {
            return Ok(method);
        }
        Err(not_offered(method))
    }

    /// What the office verified, for the methods that stand on a signature of their own.
    fn proof(self, dossier: &Dossier, ctx: &Context<'_>) -> Result<Option<Proof>, Refusal> {
        match self {
            Self::AccountPassword | Self::Scan | Self::Paper => return Ok(None),
            Self::Certificate | Self::Passkey => {}
        }
        let proof = match ctx.proof {
            Some(Ok(proof)) => proof,
            Some(Err(why)) => {
                let remedy = "重新取得签署声明，再签一次";
                return Err(Refusal::field("proof", why, remedy).under("6.2"));
            }
            None => {
                return Err(Refusal::field("proof", "没有签名文件", "上传对签署声明作出的签名")
                    .under("6.2"));
            }
        };
        let supplement = dossier.signing_round().into_iter().flat_map(|round| &round.slots);
        let mut made =
            dossier.materials.agreement.proofs().chain(supplement.flat_map(Slot::proofs));
        if made.any(|made| made.statement == proof.statement) {
            return Err(Refusal::field(
                "statement",
                "这份签署声明已经用过",
                "重新取得签署声明后再签",
            )
            .under("6.2"));
        }
        Ok(Some(proof.clone()))
    }
}

fn not_offered(method: Method) -> Refusal {
    Refusal::not_now(
        "6.2",
        &format!("现在不接受“{}”这种方式", method.term()),
        "改用平台列出的其他方式",
    )
}

fn with_effect(
    dossier: &Dossier,
    slot: &Slot,
    other_tick: bool,
    mut events: Vec<Event>,
    at: DateTime,
) -> Vec<Event> {
    let Ok(round) = open_round(dossier) else { return events };
    let others = round.slots.iter().filter(|other| other.unit != slot.unit).all(Slot::complete);
    if other_tick && others && round.effective_at.is_none() {
        let version = round.version;
        events.push(match supplement(dossier) {
            Some(no) => Event::SupplementEffective { no, version, at },
            None => Event::AgreementEffective { version, at },
        });
    }
    events
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
    let (unit, reason) = (slot.unit.clone(), reason.to_owned());
    Ok(vec![match supplement(dossier) {
        Some(no) => Event::SupplementDeclined { no, unit, reason },
        None => Event::SigningDeclined { unit, reason },
    }])
}

/// 提出意见 — a party remarks on a heading before the text is locked.
pub fn remark(
    dossier: &Dossier,
    heading: &str,
    remark: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let unit = ctx.own_unit()?.id.clone();
    if !matters(heading) {
        return Err(Refusal::field("heading", "没有这一条", "从协议的条款中选"));
    }
    text::paragraph("remark", "意见", remark)?;
    let agreement = &dossier.materials.agreement;
    let same = |kept: &super::Remark| {
        (&kept.unit, kept.heading.as_str(), kept.remark.as_str()) == (&unit, heading, remark)
    };
    if agreement.remarks.iter().any(|kept| kept.answer.is_none() && same(kept)) {
        return Ok(vec![]);
    }
    if agreement.remarks.len() >= REMARKS_MAX {
        return Err(Refusal::not_now(
            "6.2",
            &format!("一份协议最多记 {REMARKS_MAX} 条意见"),
            "与牵头单位当面商定后，由其修改文本",
        ));
    }
    Ok(vec![Event::AgreementRemarked {
        unit,
        heading: heading.to_owned(),
        remark: remark.to_owned(),
        version: agreement.version,
    }])
}

/// 答复意见 — the lead says what became of a remark.
pub fn answer_remark(dossier: &Dossier, no: u32, answer: &str) -> Result<Vec<Event>, Refusal> {
    let remarks = &dossier.materials.agreement.remarks;
    let kept = usize::try_from(no).ok().and_then(|no| remarks.get(no.checked_sub(1)?));
    let Some(kept) = kept else {
        return Err(Refusal::field("no", "没有这条意见", "从列出的意见中选"));
    };
    text::paragraph("answer", "答复", answer)?;
    if kept.answer.as_deref() == Some(answer) {
        return Ok(vec![]);
    }
    if kept.answer.is_some() {
        return Err(Refusal::not_now("6.2", "这条意见已经答复", "有新的情况，在协议里写明"));
    }
    Ok(vec![Event::RemarkAnswered { no, answer: answer.to_owned() }])
}

fn matters(heading: &str) -> bool {
    heading == "formed_on" || HEADINGS.iter().any(|known| known.field == heading)
}

/// The dossier as it would stand if the agreement were written like this.
#[must_use]
pub fn as_if(dossier: &Dossier, text: &AgreementText) -> Dossier {
    let mut copy = dossier.clone();
    copy.materials.agreement.text = text.clone();
    copy
}
