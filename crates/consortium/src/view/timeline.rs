//! 经过 — what happened, in words, as far as its reader may know.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::{
    access::{self, Mask},
    actor::{Actor, Side},
    dossier::Dossier,
    event::Event,
    evolve::Stamp,
    reference,
};

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
pub(super) fn public(event: &Event) -> bool {
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
pub(super) fn parties_read(event: &Event) -> bool {
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

pub(super) fn who(dossier: &Dossier, stamp: &Stamp, reader: &Actor, mask: Mask) -> String {
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
pub(super) fn note_of(event: &Event) -> Option<String> {
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
