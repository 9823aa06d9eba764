//! 视图 — what one actor sees of one dossier, already decided: pages and the API only show it.
//!
//! Everything an actor may not see is absent, not hidden; [`crate::access::mask`] is the one mask.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a view names the stages and events it shows; what it does not name stays unseen"
)]

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::{
    access::{self, Mask},
    actor::{Actor, Side},
    agreement::{
        self, AgreementText, Method, Paper, Proof, Remark, Round, Slot, Supplement, supplement,
    },
    annual_report,
    calendar::{Calendar, Due},
    command::{VERBS, Verb},
    dossier::{self, Accepted, Correction, Dossier, Filed, Judgement, Stage, StageKind},
    event::Event,
    evolve::Stamp,
    expert_review::{Conclusion, Declaration, Sheet},
    ids::{Digest, Personal, UnitId},
    materials::{
        Attachment, Basics, Conditions, Funding, Indicator, Input, Intention, KeyTechnology,
        LeadProfile, LeadPromise, Materials, MemberBlock, MemberPromise, Organisation, Part, Party,
        Plan, Platform, Rights, UnitBlock, WorkPackage, YearGoal,
    },
    measures::{Finding, requirements::requirement},
    name,
    parameter::Signers,
    reference, register, sealed,
    task::{self, Holder},
};

/// One party as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyView {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// 统一社会信用代码; absent for the public.
    pub code: Option<String>,
    /// 单位类型.
    pub kind: &'static str,
    /// Whether it leads.
    pub lead: bool,
    /// 意向; absent for the public.
    pub intention: Option<Intention>,
    /// 已签字; absent without an open round or for the public.
    pub signed: Option<bool>,
    /// 已盖章; the same.
    pub sealed: Option<bool>,
}

/// What a reviewer decided where the machine does not, as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgementView {
    /// The rule.
    pub rule: String,
    /// The clause that leaves it to a person.
    pub clause: &'static str,
    /// What the clause asks.
    pub asked: &'static str,
    /// Whether it is met.
    pub met: bool,
    /// Why.
    pub reason: String,
}

/// The form as seen; empty inside where a trade secret is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormView {
    /// T1.
    pub basics: Option<Basics>,
    /// T2, T3: a block a unit.
    pub units: Vec<UnitBlock>,
    /// T2.
    pub lead: Option<LeadProfile>,
    /// T3.
    pub members: Vec<MemberBlock>,
    /// T4.
    pub platforms: Vec<Platform>,
    /// T5: a block a unit.
    pub conditions: Vec<Conditions>,
    /// T6.
    pub goals: String,
    /// T6.
    pub yearly: Vec<YearGoal>,
    /// T6.
    pub indicators: Vec<Indicator>,
    /// T7.
    pub technologies: Vec<KeyTechnology>,
    /// T8.
    pub work: Vec<WorkPackage>,
    /// T9.
    pub inputs: Vec<Input>,
    /// T9, beside the rows.
    pub funding: Funding,
    /// T10.
    pub rights: Rights,
    /// T11.
    pub organisation: Organisation,
    /// T12.
    pub plan: Plan,
    /// T13.
    pub safeguards: String,
    /// T14.
    pub special: String,
    /// T15.
    pub truthful: bool,
    /// T15.
    pub promise: LeadPromise,
    /// T15: a promise a member.
    pub promises: Vec<MemberPromise>,
    /// 附件.
    pub attachments: Vec<Attachment>,
}

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

/// A seat as seen: the name for the organiser alone, the sheet when all are in or it is one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeatView {
    /// 专家甲 …
    pub label: String,
    /// The person, for the organiser and for oneself.
    pub expert: Option<String>,
    /// The name, for the organiser.
    pub name: Option<Personal>,
    /// Where the seat stands, in words.
    pub state: &'static str,
    /// The sheet.
    pub sheet: Option<Sheet>,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// The panel as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PanelView {
    /// The seed of the draw, for those who may compute it again.
    pub seed: Option<u64>,
    /// How many sit.
    pub size: usize,
    /// How many sheets are in, for the offices.
    pub sheets: Option<usize>,
    /// The seats.
    pub seats: Vec<SeatView>,
    /// Who was excluded, for the organiser: person and reason.
    pub excluded: Vec<(String, String)>,
}

/// An objection as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectionView {
    /// 回执号; absent for the public.
    pub receipt: Option<String>,
    /// When.
    pub on: Date,
    /// 类别.
    pub kind: String,
    /// Who, for investigators.
    pub objector: Option<Personal>,
    /// How to reach them, for investigators.
    pub contact: Option<Personal>,
    /// The facts, for those inside.
    pub facts: Option<String>,
    /// Whether it is answered, and the public reason.
    pub answer: Option<String>,
    /// Whether it was upheld.
    pub upheld: Option<bool>,
}

/// A year of the reporting duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearView {
    /// The year.
    pub year: i16,
    /// `reported`, `late`, `missed`, `due`.
    pub state: &'static str,
}

/// What stands on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiledView {
    /// 备案编号.
    pub number: String,
    /// 备案日期.
    pub on: Date,
    /// Versions: number, day, what changed.
    pub versions: Vec<(u32, Date, String)>,
    /// The reporting duty, year by year.
    pub years: Vec<YearView>,
    /// Summaries, for those inside.
    pub reports: Vec<(i16, Date, annual_report::Summary)>,
    /// The next year owed.
    pub next_year: i16,
    /// Changes: number, class, kind, day, state in words.
    pub changes: Vec<ChangeView>,
    /// Conditions that wait for a person.
    pub doubts: Vec<Finding>,
    /// 承担的任务: number, title, level, until, how it ended.
    pub undertakings: Vec<(u32, String, String, Date, Option<String>)>,
    /// 支持措施: clause, measure, document, day.
    pub supports: Vec<(&'static str, String, String, Date)>,
    /// 终止申请.
    pub termination: Option<String>,
    /// 取消程序.
    pub cancellation: Option<CancellationView>,
}

/// A change as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// Number.
    pub no: u32,
    /// A, B or C.
    pub class: char,
    /// 类型.
    pub kind: &'static str,
    /// When it was reported.
    pub on: Date,
    /// Who signs a supplement for it, in words; `None` where nobody does.
    pub signers: Option<&'static str>,
    /// 补充协议, for those inside.
    pub supplement: Option<SupplementView>,
    /// Why and what, for those inside.
    pub reason: Option<String>,
    /// `None` while open; whether accepted otherwise.
    pub accepted: Option<bool>,
    /// The Department's words, for those inside.
    pub answer: Option<String>,
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

fn supplement_view(dossier: &Dossier, kept: &Supplement) -> SupplementView {
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

/// A cancellation as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationView {
    /// 事由.
    pub ground: &'static str,
    /// The facts found, for those inside.
    pub facts: Option<String>,
    /// Since when.
    pub since: Date,
    /// When the notice was served.
    pub served_on: Option<Date>,
    /// The last day to speak.
    pub statement_due: Option<Date>,
    /// Statements made, for those inside.
    pub statements: Vec<(Date, String)>,
}

/// Whose turn it is, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnView {
    /// What.
    pub title: String,
    /// Who: an office in a capacity, never a person.
    pub who: String,
    /// By when.
    pub due: Option<Date>,
    /// Why no day is known.
    pub note: Option<String>,
    /// The clause.
    pub clause: &'static str,
    /// The command that does it.
    pub verb: &'static str,
    /// Whether it is the reader's own turn.
    pub own: bool,
}

/// Something the reader can do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionView {
    /// The command's name.
    pub verb: &'static str,
    /// The words on the button.
    pub term: &'static str,
    /// The clause.
    pub clause: &'static str,
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineView {
    /// When.
    pub at: DateTime,
    /// What.
    pub title: String,
    /// Who: unit or office and capacity; a person's name only for those inside.
    pub who: String,
    /// The first clause it carries out.
    pub clause: Option<&'static str>,
    /// What was said, where the reader may read it.
    pub note: Option<String>,
}

/// 卷宗, as one actor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DossierView {
    /// Identifier.
    pub id: String,
    /// How many events made it; the head a command may expect.
    pub sequence: u64,
    /// 名称.
    pub name: String,
    /// Stage by machine name.
    pub stage: StageKind,
    /// Stage in the reader's words.
    pub stage_term: String,
    /// Public status by machine name.
    pub status: Option<register::Status>,
    /// 试行 or 现行.
    pub trial: bool,
    /// "You see this because …".
    pub because: &'static str,
    /// 归口管理部门.
    pub authority: Option<&'static str>,
    /// 技术领域.
    pub field: Option<&'static str>,
    /// The parties.
    pub parties: Vec<PartyView>,
    /// The form.
    pub form: Option<FormView>,
    /// The agreement.
    pub agreement: Option<AgreementView>,
    /// Findings kept at the last checkpoint.
    pub findings: Vec<Finding>,
    /// What to correct.
    pub correction: Option<CorrectionView>,
    /// What the authority asked to change.
    pub returned: Option<String>,
    /// Officers' opinions: what, text.
    pub opinions: Vec<(&'static str, String)>,
    /// What the formal review decided where the machine does not.
    pub judgements: Vec<JudgementView>,
    /// The panel.
    pub panel: Option<PanelView>,
    /// The conclusion of the experts.
    pub conclusion: Option<Conclusion>,
    /// The draft waiting for a second person: matter, outcome in words, reason.
    pub drafts: Vec<(&'static str, String, String)>,
    /// First and last day of the notice.
    pub notice: Option<(Date, Date)>,
    /// Objections.
    pub objections: Vec<ObjectionView>,
    /// What stands on the register.
    pub filed: Option<FiledView>,
    /// How it ended: end, day, reason.
    pub ended: Option<(&'static str, Date, Option<String>)>,
    /// Whose turn it is.
    pub turns: Vec<TurnView>,
    /// What the reader can do now.
    pub actions: Vec<ActionView>,
}

/// A correction as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// By when.
    pub due: Option<Date>,
    /// Part, what is wrong, clause.
    pub items: Vec<(&'static str, String, String)>,
}

/// Builds the view.
pub fn view(dossier: &Dossier, actor: &Actor, calendar: &Calendar) -> DossierView {
    let mask = access::mask(actor, dossier);
    let inside = mask.materials;
    let because = access::may_read(actor, dossier).map_or("", |permit| permit.because);
    DossierView {
        id: dossier.id.to_string(),
        sequence: dossier.sequence,
        name: dossier.materials.name.clone(),
        stage: dossier.stage_kind(),
        stage_term: stage_term(dossier, actor),
        status: register::status(dossier),
        trial: dossier.regime == crate::dossier::Regime::Trial,
        because,
        authority: dossier
            .authority
            .as_ref()
            .and_then(|id| reference::authority(id.as_str()))
            .map(|authority| authority.name),
        field: dossier
            .materials
            .basics
            .as_ref()
            .and_then(|basics| reference::field(&basics.field))
            .map(|class| class.name),
        parties: parties(dossier, inside),
        form: inside.then(|| form(dossier, mask, actor.unit())),
        agreement: inside.then(|| agreement_view(dossier)),
        findings: if mask.procedure { findings(dossier) } else { vec![] },
        correction: dossier.correction().filter(|_| mask.procedure).map(correction),
        returned: returned(dossier).filter(|_| mask.procedure),
        opinions: if mask.procedure { opinions(dossier) } else { vec![] },
        judgements: if mask.procedure { judgements(dossier) } else { vec![] },
        panel: panel(dossier, actor, mask),
        conclusion: conclusion(dossier).filter(|_| mask.sheets || mask.procedure),
        drafts: drafts(dossier, actor),
        notice: match &dossier.stage {
            Stage::PublicNotice(stage) => Some((stage.notice.from, stage.notice.to)),
            _ => dossier.register_entry().and_then(|entry| entry.notice),
        },
        objections: objections(dossier, mask),
        filed: dossier.register_entry().map(|entry| filed(dossier, entry, mask)),
        ended: match &dossier.stage {
            Stage::Ended(ended) => Some((
                ended.end.term(),
                ended.on,
                Some(ended.reason.clone()).filter(|_| inside || ended.filed.is_some()),
            )),
            _ => None,
        },
        turns: turns(dossier, actor, calendar, inside),
        actions: actions(dossier, actor),
    }
}

/// The stage in the reader's words (ux: one machine state, one word per audience).
fn stage_term(dossier: &Dossier, actor: &Actor) -> String {
    let own = actor.unit().and_then(|unit| {
        dossier.materials.agreement.round.as_ref().and_then(|round| round.slot(unit))
    });
    match &dossier.stage {
        Stage::Drafting(stage) if stage.declined.is_some() => "有成员不同意签署".to_owned(),
        Stage::Drafting(_) => "起草中".to_owned(),
        Stage::Signing(stage) => {
            if stage.returned.is_some() {
                return "待修改（退回）".to_owned();
            }
            if dossier.materials.agreement.effective_at().is_some() {
                return "协议已生效，待提交".to_owned();
            }
            match own {
                Some(slot) if slot.complete() => "已签章，等其他各方".to_owned(),
                Some(slot) if slot.signature.is_none() => "待你单位签字".to_owned(),
                Some(_) => "待你单位盖章".to_owned(),
                None => "签署中".to_owned(),
            }
        }
        Stage::Recommendation(_) => match actor.side {
            Side::Authority(_) => "待审核".to_owned(),
            _ => "归口管理部门审核中".to_owned(),
        },
        Stage::FormalReview(dossier::FormalReview { correction: Some(correction), .. }) => {
            if correction.overdue.is_some() { "补正逾期" } else { "待补正" }.to_owned()
        }
        Stage::FormalReview(_) => "形式审查中".to_owned(),
        Stage::ExpertReview(_) => "专家评审中".to_owned(),
        Stage::Decision(stage) if stage.confirmed.is_some() => "已决定备案，待公示".to_owned(),
        Stage::Decision(_) => "待审定".to_owned(),
        Stage::PublicNotice(stage) if stage.open_objections().next().is_some() => {
            "公示中，异议核查".to_owned()
        }
        Stage::PublicNotice(_) => "公示中".to_owned(),
        Stage::Filed(_) => {
            register::status(dossier).map_or("已备案", register::Status::term).to_owned()
        }
        Stage::Ended(ended) => ended.end.term().to_owned(),
    }
}

fn parties(dossier: &Dossier, inside: bool) -> Vec<PartyView> {
    let round = dossier.materials.agreement.round.as_ref();
    let shown = |party: &&crate::materials::Party| {
        inside || !matches!(party.intention, Intention::Declined { .. })
    };
    dossier
        .materials
        .parties
        .iter()
        .filter(shown)
        .map(|party| {
            let slot = round.and_then(|round| round.slot(&party.unit)).filter(|_| inside);
            PartyView {
                unit: party.unit.clone(),
                name: party.name.clone(),
                code: inside.then(|| party.code.clone()),
                kind: party.kind.term(),
                lead: party.unit == *dossier.lead(),
                intention: inside.then(|| party.intention.clone()),
                signed: slot.map(|slot| slot.signature.is_some()),
                sealed: slot.map(|slot| slot.seal.is_some()),
            }
        })
        .collect()
}

/// The form through a mask; a unit reads what it wrote of its own people.
fn form(dossier: &Dossier, mask: Mask, own: Option<&UnitId>) -> FormView {
    let mut materials = dossier.materials.clone();
    if !mask.personal {
        for block in materials.units.iter_mut().filter(|block| Some(&block.unit) != own) {
            (block.contact, block.contact_phone, block.contact_email) = (None, None, None);
        }
        if let Some(lead) = &mut materials.lead {
            (lead.contact, lead.contact_phone) = (None, None);
        }
    }
    if !mask.secrets {
        without_secrets(&mut materials);
    }
    whole_form(materials)
}

/// The form as it stands, for whoever writes it and for its paper.
pub fn whole_form(materials: Materials) -> FormView {
    FormView {
        basics: materials.basics,
        units: materials.units,
        lead: materials.lead,
        members: materials.members,
        platforms: materials.platforms,
        conditions: materials.conditions,
        goals: materials.goals,
        yearly: materials.yearly,
        indicators: materials.indicators,
        technologies: materials.technologies,
        work: materials.work,
        inputs: materials.inputs,
        funding: materials.funding,
        rights: materials.rights,
        organisation: materials.organisation,
        plan: materials.plan,
        safeguards: materials.safeguards,
        special: materials.special,
        truthful: materials.truthful,
        promise: materials.promise,
        promises: materials.promises,
        attachments: materials.attachments,
    }
}

/// Takes out amounts and technical routes (政府信息公开条例 第十五条).
fn without_secrets(materials: &mut Materials) {
    materials.technologies.clear();
    materials.inputs.clear();
    materials.funding = Funding::default();
    materials.plan.rows.iter_mut().for_each(|row| row.amount_fen = 0);
    if let Some(lead) = &mut materials.lead {
        (lead.revenue_fen, lead.rd_spend_fen) = (0, 0);
    }
    for block in &mut materials.units {
        block.years.clear();
    }
    for block in &mut materials.members {
        block.contracts_fen = 0;
    }
    for block in &mut materials.conditions {
        block.equipment_fen = 0;
        block.projects.iter_mut().for_each(|row| row.funds_fen = 0);
        block.conversions.iter_mut().for_each(|row| row.amount_fen = 0);
    }
}

fn agreement_view(dossier: &Dossier) -> AgreementView {
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

fn findings(dossier: &Dossier) -> Vec<Finding> {
    match &dossier.stage {
        Stage::ExpertReview(stage) => stage.accepted.findings.clone(),
        Stage::Decision(stage) => stage.judged.accepted.findings.clone(),
        Stage::PublicNotice(stage) => stage.judged.accepted.findings.clone(),
        _ => dossier.submission().map(|submission| submission.findings.clone()).unwrap_or_default(),
    }
}

fn correction(correction: &Correction) -> CorrectionView {
    let item = |item: &crate::dossier::CorrectionItem| {
        (item.part.term(), item.reason.clone(), item.clause.clone())
    };
    CorrectionView { due: correction.due, items: correction.items.iter().map(item).collect() }
}

fn returned(dossier: &Dossier) -> Option<String> {
    match &dossier.stage {
        Stage::Drafting(stage) => {
            stage.returned.as_ref().map(|returned| returned.reason.clone()).or_else(|| {
                stage.declined.as_ref().map(|(_, reason)| format!("不同意签署：{reason}"))
            })
        }
        Stage::Signing(stage) => stage.returned.as_ref().map(|returned| returned.reason.clone()),
        _ => None,
    }
}

fn opinions(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let recommended = match &dossier.stage {
        Stage::Recommendation(stage) => {
            return stage
                .check
                .iter()
                .map(|check| ("归口管理部门审核意见", check.text.clone()))
                .collect();
        }
        Stage::FormalReview(stage) => &stage.recommended,
        _ => match accepted(dossier) {
            Some(accepted) => &accepted.recommended,
            None => return vec![],
        },
    };
    vec![("归口管理部门推荐意见", recommended.opinion.text.clone())]
}

/// What the formal review left behind, from then until the filing.
fn accepted(dossier: &Dossier) -> Option<&Accepted> {
    Some(match &dossier.stage {
        Stage::ExpertReview(stage) => &stage.accepted,
        Stage::Decision(stage) => &stage.judged.accepted,
        Stage::PublicNotice(stage) => &stage.judged.accepted,
        _ => return None,
    })
}

fn judgements(dossier: &Dossier) -> Vec<JudgementView> {
    let kept = accepted(dossier).map(|accepted| accepted.judgements.as_slice());
    let view = |judgement: &Judgement| {
        let asked = requirement(&judgement.rule)?;
        Some(JudgementView {
            rule: judgement.rule.clone(),
            clause: asked.clause.0,
            asked: asked.zh,
            met: judgement.met,
            reason: judgement.reason.clone(),
        })
    };
    kept.unwrap_or_default().iter().filter_map(view).collect()
}

fn panel(dossier: &Dossier, actor: &Actor, mask: Mask) -> Option<PanelView> {
    let panel = dossier.panel()?;
    let own = |expert: &crate::ids::PersonId| actor.side == Side::Expert && *expert == actor.person;
    let seated = panel.seats.iter().any(|seat| own(&seat.seating.expert));
    if !(mask.procedure || seated) {
        return None;
    }
    let department = mask.procedure && actor.side == Side::Department;
    let seats = panel.seats.iter().filter(|seat| department || own(&seat.seating.expert));
    let seats = seats
        .map(|seat| {
            let mine = own(&seat.seating.expert);
            SeatView {
                label: seat.seating.label.clone(),
                expert: (mask.experts || mine).then(|| seat.seating.expert.to_string()),
                name: mask.experts.then(|| seat.seating.name.clone()),
                state: seat_state(seat),
                sheet: seat.sheet.clone().filter(|_| mine || mask.sheets),
                own: mine,
            }
        })
        .collect();
    let excluded = panel.excluded.iter().filter(|_| mask.experts);
    Some(PanelView {
        seed: department.then_some(panel.seed),
        size: panel.size,
        sheets: department.then(|| panel.sitting().filter(|seat| seat.sheet.is_some()).count()),
        seats,
        excluded: excluded.map(|(person, why)| (person.to_string(), why.clone())).collect(),
    })
}

fn seat_state(seat: &crate::expert_review::Seat) -> &'static str {
    if seat.voided.is_some() {
        return "评分已作废";
    }
    match (&seat.declaration, &seat.sheet) {
        (Declaration::Recused(_), _) => "已回避",
        (_, Some(_)) => "已提交",
        (Declaration::Clear(_), None) => "评分中",
        (Declaration::Pending, None) => "待声明",
    }
}

fn conclusion(dossier: &Dossier) -> Option<Conclusion> {
    match &dossier.stage {
        Stage::Decision(stage) => Some(stage.judged.conclusion.clone()),
        Stage::PublicNotice(stage) => Some(stage.judged.conclusion.clone()),
        _ => None,
    }
}

fn drafts(dossier: &Dossier, actor: &Actor) -> Vec<(&'static str, String, String)> {
    use crate::decision::Matter;
    if actor.side != Side::Department {
        return vec![];
    }
    [Matter::Filing, Matter::Termination, Matter::Cancellation]
        .into_iter()
        .filter_map(|matter| {
            let draft = dossier.draft(matter)?;
            Some((matter.term(), matter.title(draft.outcome), draft.reason.clone()))
        })
        .collect()
}

fn objections(dossier: &Dossier, mask: Mask) -> Vec<ObjectionView> {
    let Stage::PublicNotice(stage) = &dossier.stage else { return vec![] };
    stage
        .objections
        .iter()
        .map(|objection| ObjectionView {
            receipt: mask.objectors.then(|| objection.receipt.clone()),
            on: objection.on,
            kind: objection.kind.clone(),
            objector: mask.objectors.then(|| objection.objector.clone()),
            contact: mask.objectors.then(|| objection.contact.clone()),
            facts: mask.procedure.then(|| objection.facts.clone()),
            answer: objection.answer.as_ref().map(|answer| answer.public_reason.clone()),
            upheld: objection.answer.as_ref().map(|answer| answer.upheld),
        })
        .collect()
}

/// The reporting duty year by year, up to the next year owed; what ended owes nothing more.
pub fn years(dossier: &Dossier) -> Vec<YearView> {
    let Some(filed) = dossier.register_entry() else { return vec![] };
    let owes = dossier.stage_kind() == StageKind::Filed;
    let next = annual_report::next_year(filed);
    (filed.first_report_year..=next)
        .filter(|year| owes || *year < next)
        .map(|year| {
            let report = filed.reports.iter().find(|r| r.year == year && !r.after_window);
            let state = match report {
                Some(report) if report.late => "late",
                Some(_) => "reported",
                None if filed.missed.contains(&year) => "missed",
                None => "due",
            };
            YearView { year, state }
        })
        .collect()
}

fn filed(dossier: &Dossier, filed: &Filed, mask: Mask) -> FiledView {
    let inside = mask.materials;
    let reports = filed.reports.iter().filter(|_| inside);
    FiledView {
        number: filed.number.clone(),
        on: filed.on,
        versions: filed.versions.iter().map(|v| (v.no, v.on, v.what.clone())).collect(),
        years: years(dossier),
        reports: reports.map(|r| (r.year, r.on, r.summary.clone())).collect(),
        next_year: annual_report::next_year(filed),
        changes: filed
            .changes
            .iter()
            .map(|change| ChangeView {
                no: change.no,
                class: change.kind.class(),
                kind: change.kind.term(),
                on: change.on,
                signers: match supplement::signers(change.kind, &dossier.parameters) {
                    Signers::Nobody => None,
                    signers => Some(signers.term()),
                },
                supplement: change
                    .supplement
                    .as_ref()
                    .filter(|_| inside)
                    .map(|kept| supplement_view(dossier, kept)),
                reason: inside.then(|| change.content.reason.clone()),
                accepted: change.decided.as_ref().map(|(_, accepted, _)| *accepted),
                answer: change.decided.as_ref().map(|(_, _, why)| why.clone()).filter(|_| inside),
            })
            .collect(),
        doubts: if mask.procedure { filed.doubts.clone() } else { vec![] },
        undertakings: filed
            .undertakings
            .iter()
            .filter(|_| inside)
            .map(|u| {
                let how = u.finished.as_ref().map(|(_, how)| how.clone());
                (u.no, u.title.clone(), u.level.clone(), u.until, how)
            })
            .collect(),
        supports: filed
            .supports
            .iter()
            .map(|s| (s.clause.id(), s.measure.clone(), s.document.clone(), s.on))
            .collect(),
        termination: filed.termination.as_ref().map(|t| t.circumstance.clone()).filter(|_| inside),
        cancellation: filed
            .cancellation
            .as_ref()
            .filter(|case| inside || case.served.is_some())
            .map(|case| CancellationView {
                ground: case.ground.term(),
                facts: inside.then(|| case.facts.clone()),
                since: case.since,
                served_on: case.served.as_ref().map(|served| served.on),
                statement_due: case.served.as_ref().map(|served| served.statement_due),
                statements: if inside { case.statements.clone() } else { vec![] },
            }),
    }
}

/// Who a holder is, in words.
pub fn holder_term(holder: &Holder, dossier: &Dossier) -> String {
    match holder {
        Holder::Unit(unit, capacity) => {
            let name = dossier.materials.party(unit).map_or("单位", |party| party.name.as_str());
            // A unit need not name a keeper: then its handler seals.
            let seals = *capacity == crate::actor::Capacity::SealKeeper;
            format!("{name}{}", if seals { "经办人或印章保管人" } else { capacity.term() })
        }
        Holder::Authority(id, capacity) => {
            let name = reference::authority(id.as_str()).map_or("归口管理部门", |a| a.name);
            format!("{name}{}", capacity.term())
        }
        Holder::Department(capacity) => format!("自治区科技厅{}", capacity.term()),
        Holder::Expert(_) => "评审专家".to_owned(),
    }
}

fn turns(dossier: &Dossier, actor: &Actor, calendar: &Calendar, inside: bool) -> Vec<TurnView> {
    let own = Holder::keys_of(actor);
    let tasks = task::tasks(dossier, calendar);
    // An expert learns nothing of the other experts before the conclusion.
    let expert = actor.side == Side::Expert;
    let shown =
        tasks.into_iter().filter(|task| inside && (!expert || own.contains(&task.holder.key())));
    shown
        .map(|task| TurnView {
            who: holder_term(&task.holder, dossier),
            own: own.contains(&task.holder.key()),
            title: task.title,
            due: task.due.date(),
            note: note(task.due),
            clause: task.clause,
            verb: task.verb,
        })
        .collect()
}

/// Why no day is known.
pub fn note(due: Due) -> Option<String> {
    match due {
        Due::CalendarNotPublished { year } => {
            Some(format!("{year} 年工作日历尚未公布，公布后算出期限"))
        }
        Due::On { .. } | Due::None => None,
    }
}

/// What the reader can do now: permitted by the table, and with an object to do it to.
pub fn actions(dossier: &Dossier, actor: &Actor) -> Vec<ActionView> {
    VERBS
        .iter()
        .filter(|verb| access::may(actor, verb, Some(dossier)).is_ok())
        .filter(|verb| offered(dossier, actor, verb))
        .map(|verb| ActionView { verb: verb.name, term: verb.term, clause: verb.clause })
        .collect()
}

/// Whoever may change anything that is signed may have it signed again.
fn may_relock(dossier: &Dossier) -> bool {
    agreement::SIGNED_PARTS.iter().any(|part| dossier.editable(*part).is_ok())
}

fn offered(dossier: &Dossier, actor: &Actor, verb: &Verb) -> bool {
    let filed = dossier.register_entry();
    let round = dossier.signing_round();
    let slot = actor.unit().and_then(|unit| round.and_then(|round| round.slot(unit)));
    let editing = matches!(dossier.stage, Stage::Drafting(_) | Stage::Signing(_))
        || dossier.correction().is_some();
    let correcting = |part| dossier.editable(part).is_ok();
    match verb.name {
        "reserve_name" => dossier.hold != name::Hold::Firm,
        "rename" | "invite" | "remove_member" => editing && correcting(Part::Parties),
        "answer_invitation" => actor
            .unit()
            .and_then(|unit| dossier.materials.party(unit))
            .is_some_and(|party| party.intention == Intention::Pending),
        "write_application" => editing,
        "attach" | "detach" => editing && correcting(Part::Attachments),
        "write_agreement" => editing && correcting(Part::Agreement),
        "start_signing" => editing && may_relock(dossier) && round.is_none(),
        "reopen_agreement" => editing && may_relock(dossier) && round.is_some(),
        "offer_paper" => slot.is_some() && round.is_some_and(|round| round.effective_at.is_none()),
        "confirm_paper" => {
            round.is_some_and(|round| round.paper.is_some())
                && slot.is_some_and(|slot| !slot.complete())
        }
        "remind_to_sign" => {
            slot.is_some() && round.is_some_and(|round| round.awaited().next().is_some())
        }
        "remark_on_agreement" => editing && round.is_none(),
        "answer_remark" => {
            editing && dossier.materials.agreement.remarks.iter().any(|r| r.answer.is_none())
        }
        "sign" => slot.is_some_and(|slot| slot.signature.is_none()),
        "seal" => slot.is_some_and(|slot| slot.seal.is_none()),
        "decline_to_sign" => {
            slot.is_some() && round.is_some_and(|round| round.effective_at.is_none())
        }
        "submit" => dossier.materials.agreement.effective_at().is_some(),
        "check_materials" => {
            matches!(&dossier.stage, Stage::Recommendation(s) if s.check.is_none())
        }
        "recommend" | "decline_to_recommend" => {
            matches!(&dossier.stage, Stage::Recommendation(s) if s.check.is_some())
        }
        "submit_correction" => dossier.correction().is_some(),
        "pass_formal_review" | "request_correction" | "extend_review" => {
            dossier.correction().is_none()
        }
        "not_accept" => dossier.correction().is_none_or(|open| open.overdue.is_some()),
        "extend_correction" => dossier.correction().is_some_and(|open| open.due.is_some()),
        "draw_panel" => dossier.panel().is_none(),
        "fill_seat" => dossier.panel().is_some_and(|panel| panel.sitting().count() < panel.size),
        "void_sheet" => dossier.panel().is_some(),
        "declare_interest" => own_seat(dossier, actor, |seat| seat.sheet.is_none()),
        "submit_sheet" => own_seat(dossier, actor, |seat| {
            seat.sheet.is_none() && matches!(seat.declaration, Declaration::Clear(_))
        }),
        "draft_decision" => decidable(dossier) && !has_draft(dossier),
        "confirm_decision" | "return_draft" => has_draft(dossier),
        "publish_notice" => dossier.decided_to_file(),
        "conclude_objection" => {
            matches!(&dossier.stage, Stage::PublicNotice(s) if s.open_objections().next().is_some())
        }
        "withdraw" => !dossier.decided_to_file(),
        "write_supplement" => supplementing(dossier).is_some(),
        "lock_supplement" => supplementing(dossier)
            .and_then(|change| change.supplement.as_ref())
            .is_some_and(|kept| kept.round.is_none()),
        "decide_change" => {
            filed.is_some_and(|filed| filed.changes.iter().any(|change| change.decided.is_none()))
        }
        "settle_doubt" => filed.is_some_and(|filed| !filed.doubts.is_empty()),
        "finish_undertaking" => {
            filed.is_some_and(|filed| filed.undertakings.iter().any(|u| u.finished.is_none()))
        }
        "apply_for_termination" => filed.is_some_and(|filed| filed.termination.is_none()),
        "propose_cancellation" => filed.is_some_and(|filed| filed.cancellation.is_none()),
        "serve_cancellation_notice" => {
            filed.and_then(|filed| filed.cancellation.as_ref()).is_some_and(|c| c.served.is_none())
        }
        "make_statement" => {
            filed.and_then(|filed| filed.cancellation.as_ref()).is_some_and(|c| c.served.is_some())
        }
        "drop_cancellation" => filed.is_some_and(|filed| filed.cancellation.is_some()),
        "object" => matches!(dossier.stage, Stage::PublicNotice(_)),
        "attach_sealed" => dossier.issued.iter().any(|issued| sealed::is_duty(issued.paper, actor)),
        "day_passed" => false,
        _ => true,
    }
}

/// The open change, while its supplement is still to be written or signed.
fn supplementing(dossier: &Dossier) -> Option<&crate::change::Change> {
    let change = dossier.open_change()?;
    let asked = supplement::signers(change.kind, &dossier.parameters) != Signers::Nobody;
    let done = change.supplement.as_ref().and_then(Supplement::effective_at).is_some();
    (asked && !done).then_some(change)
}

fn own_seat(
    dossier: &Dossier,
    actor: &Actor,
    wanted: impl Fn(&crate::expert_review::Seat) -> bool,
) -> bool {
    dossier.panel().and_then(|panel| panel.seat(&actor.person)).is_some_and(wanted)
}

fn has_draft(dossier: &Dossier) -> bool {
    use crate::decision::Matter;
    [Matter::Filing, Matter::Termination, Matter::Cancellation]
        .into_iter()
        .any(|matter| dossier.draft(matter).is_some())
}

fn decidable(dossier: &Dossier) -> bool {
    match &dossier.stage {
        Stage::Decision(_) | Stage::PublicNotice(_) => true,
        Stage::Filed(filed) => {
            filed.termination.is_some()
                || filed.cancellation.as_ref().is_some_and(|case| case.served.is_some())
        }
        _ => false,
    }
}

/// The timeline as one actor reads it: the public its own events without names, the inside all of
/// it; experts' steps carry no name for anybody.
pub fn timeline<'a>(
    dossier: &Dossier,
    actor: &Actor,
    events: impl IntoIterator<Item = (&'a Event, &'a Stamp)>,
) -> Vec<TimelineView> {
    let mask = access::mask(actor, dossier);
    let office = mask.procedure && actor.unit().is_none();
    let seen = |event: &Event| office || public(event) || (mask.materials && parties_read(event));
    events
        .into_iter()
        .filter(|(event, _)| seen(event))
        .map(|(event, stamp)| TimelineView {
            at: stamp.at,
            title: event.title(),
            who: who(dossier, stamp, actor, mask),
            clause: event.clauses().first().copied(),
            note: note_of(event).filter(|_| mask.procedure),
        })
        .collect()
}

/// Events the public reads once the dossier is public.
fn public(event: &Event) -> bool {
    matches!(
        event,
        Event::NoticePublished { .. }
            | Event::Filed { .. }
            | Event::TrialFilingImported { .. }
            | Event::ReportSubmitted { .. }
            | Event::ReportMissed { .. }
            | Event::ChangeDecided { accepted: true, .. }
            | Event::SupportRecorded { .. }
            | Event::CancellationNoticeServed { .. }
            | Event::DecisionConfirmed { .. }
    )
}

/// Events every party reads, the procedure of the offices aside.
fn parties_read(event: &Event) -> bool {
    !matches!(
        event,
        Event::MaterialsChecked { .. }
            | Event::PanelDrawn { .. }
            | Event::InterestDenied { .. }
            | Event::Recused { .. }
            | Event::SeatFilled { .. }
            | Event::SheetSubmitted { .. }
            | Event::SheetVoided { .. }
            | Event::DecisionDrafted { .. }
            | Event::DraftReturned { .. }
            | Event::ObjectionReceived { .. }
    )
}

fn who(dossier: &Dossier, stamp: &Stamp, reader: &Actor, mask: Mask) -> String {
    let actor = &stamp.actor;
    let office = match &actor.side {
        Side::Unit(unit) => {
            dossier.materials.party(unit).map_or("单位", |party| party.name.as_str()).to_owned()
        }
        Side::Authority(id) => {
            reference::authority(id.as_str()).map_or("归口管理部门", |a| a.name).to_owned()
        }
        Side::Department => "自治区科技厅".to_owned(),
        Side::Expert => return "评审专家".to_owned(),
        Side::Public => return "社会公众".to_owned(),
        Side::Operator => "平台运维".to_owned(),
        Side::Calendar => return "平台日历".to_owned(),
    };
    let office_reads = mask.personal && reader.unit().is_none();
    let colleague = reader.unit().is_some() && reader.unit() == actor.unit();
    if office_reads || colleague {
        return format!("{office} · {} {}", actor.capacity.term(), actor.name.value);
    }
    if mask.materials { format!("{office} · {}", actor.capacity.term()) } else { office }
}

/// What was said with the event, for those who may read the procedure.
fn note_of(event: &Event) -> Option<String> {
    let text = match event {
        Event::InvitationDeclined { reason, .. }
        | Event::SigningDeclined { reason, .. }
        | Event::Withdrawn { reason }
        | Event::Returned { reason }
        | Event::RecommendationDeclined { reason }
        | Event::CorrectionExtended { reason, .. }
        | Event::ReviewExtended { reason, .. }
        | Event::NotAccepted { reason }
        | Event::SheetVoided { reason, .. }
        | Event::DecisionConfirmed { reason, .. }
        | Event::ChangeDecided { reason, .. }
        | Event::SupplementDeclined { reason, .. }
        | Event::CancellationDropped { reason }
        | Event::DoubtSettled { reason, .. } => reason,
        Event::MaterialsChecked { opinion } | Event::Recommended { opinion, .. } => opinion,
        Event::ObjectionConcluded { public_reason, .. } => public_reason,
        Event::SupportRecorded { measure, .. } => measure,
        Event::CancellationProposed { facts, .. } => facts,
        Event::NoticePublished { from, to, .. } => return Some(format!("{from} 至 {to}")),
        Event::Filed { number, .. } => number,
        _ => return None,
    };
    Some(text.clone())
}
