//! 视图 — what one actor sees of one dossier, already decided: pages and the API only show it.
//!
//! Everything an actor may not see is absent, not hidden; [`crate::access::mask`] is the one mask.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a view names the stages and events it shows; what it does not name stays unseen"
)]

mod agreement;
mod form;
mod life;
mod review;
mod timeline;
mod turn;

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    access,
    actor::{Actor, Side},
    calendar::Calendar,
    dossier::{self, Dossier, Stage, StageKind},
    expert_review::Conclusion,
    ids::UnitId,
    materials::Intention,
    measures::Finding,
    outstanding::{Outstanding, outstanding},
    reference, register,
};

pub use agreement::{AgreementView, ProofView, SlotView, SupplementView, slots, slots_of};
pub use form::{FormView, whole_form};
pub use life::{CancellationView, ChangeView, FiledView, YearView, years};
pub use review::{CorrectionView, JudgementView, ObjectionView, PanelView, SeatView};
pub use timeline::{TimelineView, timeline};
pub use turn::{ActionView, TurnView, actions, holder_term, note};

use agreement::agreement_view;
use form::form;
use life::filed;
use review::{
    conclusion, correction, drafts, findings, judgements, objections, opinions, panel, returned,
};
use turn::turns;

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
    /// What each member has still to answer, to write and to promise before the submission.
    pub outstanding: Vec<Outstanding>,
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
        outstanding: if inside { outstanding(dossier) } else { vec![] },
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
