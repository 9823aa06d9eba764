//! 轮到谁 — whose turn it is, and what the reader may do now.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    access,
    actor::{Actor, Side},
    agreement::{self, Supplement, supplement},
    calendar::{Calendar, Due},
    command::{VERBS, Verb},
    dossier::{Dossier, Stage},
    expert_review::Declaration,
    materials::{Intention, Part},
    name,
    parameter::Signers,
    reference, sealed,
    task::{self, Holder},
};

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

pub(super) fn turns(
    dossier: &Dossier,
    actor: &Actor,
    calendar: &Calendar,
    inside: bool,
) -> Vec<TurnView> {
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

pub(super) fn offered(dossier: &Dossier, actor: &Actor, verb: &Verb) -> bool {
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
        "start_signing" => editing && agreement::is_open(dossier) && round.is_none(),
        "reopen_agreement" => editing && agreement::is_open(dossier) && round.is_some(),
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
pub(super) fn supplementing(dossier: &Dossier) -> Option<&crate::change::Change> {
    let change = dossier.open_change()?;
    let asked = supplement::signers(change.kind, &dossier.parameters) != Signers::Nobody;
    let done = change.supplement.as_ref().and_then(Supplement::effective_at).is_some();
    (asked && !done).then_some(change)
}

pub(super) fn own_seat(
    dossier: &Dossier,
    actor: &Actor,
    wanted: impl Fn(&crate::expert_review::Seat) -> bool,
) -> bool {
    dossier.panel().and_then(|panel| panel.seat(&actor.person)).is_some_and(wanted)
}

pub(super) fn has_draft(dossier: &Dossier) -> bool {
    use crate::decision::Matter;
    [Matter::Filing, Matter::Termination, Matter::Cancellation]
        .into_iter()
        .any(|matter| dossier.draft(matter).is_some())
}

pub(super) fn decidable(dossier: &Dossier) -> bool {
    match &dossier.stage {
        Stage::Decision(_) | Stage::PublicNotice(_) => true,
        Stage::Filed(filed) => {
            filed.termination.is_some()
                || filed.cancellation.as_ref().is_some_and(|case| case.served.is_some())
        }
        _ => false,
    }
}
