//! 审查 — what officers and experts found, and who may read it.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    access::Mask,
    actor::{Actor, Side},
    dossier::{Accepted, Correction, Dossier, Judgement, Stage},
    expert_review::{Conclusion, Declaration, Sheet},
    ids::Personal,
    measures::{Finding, requirements::requirement},
};

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

/// A correction as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// By when.
    pub due: Option<Date>,
    /// Part, what is wrong, clause.
    pub items: Vec<(&'static str, String, String)>,
}

pub(super) fn findings(dossier: &Dossier) -> Vec<Finding> {
    match &dossier.stage {
        Stage::ExpertReview(stage) => stage.accepted.findings.clone(),
        Stage::Decision(stage) => stage.judged.accepted.findings.clone(),
        Stage::PublicNotice(stage) => stage.judged.accepted.findings.clone(),
        _ => dossier.submission().map(|submission| submission.findings.clone()).unwrap_or_default(),
    }
}

pub(super) fn correction(correction: &Correction) -> CorrectionView {
    let item = |item: &crate::dossier::CorrectionItem| {
        (item.part.term(), item.reason.clone(), item.clause.clone())
    };
    CorrectionView { due: correction.due, items: correction.items.iter().map(item).collect() }
}

pub(super) fn returned(dossier: &Dossier) -> Option<String> {
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

pub(super) fn opinions(dossier: &Dossier) -> Vec<(&'static str, String)> {
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
pub(super) fn accepted(dossier: &Dossier) -> Option<&Accepted> {
    Some(match &dossier.stage {
        Stage::ExpertReview(stage) => &stage.accepted,
        Stage::Decision(stage) => &stage.judged.accepted,
        Stage::PublicNotice(stage) => &stage.judged.accepted,
        _ => return None,
    })
}

pub(super) fn judgements(dossier: &Dossier) -> Vec<JudgementView> {
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

pub(super) fn panel(dossier: &Dossier, actor: &Actor, mask: Mask) -> Option<PanelView> {
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

pub(super) fn seat_state(seat: &crate::expert_review::Seat) -> &'static str {
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

pub(super) fn conclusion(dossier: &Dossier) -> Option<Conclusion> {
    match &dossier.stage {
        Stage::Decision(stage) => Some(stage.judged.conclusion.clone()),
        Stage::PublicNotice(stage) => Some(stage.judged.conclusion.clone()),
        _ => None,
    }
}

pub(super) fn drafts(dossier: &Dossier, actor: &Actor) -> Vec<(&'static str, String, String)> {
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

pub(super) fn objections(dossier: &Dossier, mask: Mask) -> Vec<ObjectionView> {
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
