//! 变更记录 — everything that happened to a unit's record, with what stood before and after.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::{Actor, Side};
use consortium::unit::{self, Event, Unit};

use super::{opened, show};
use crate::forms::unit::{lines, platform_lines};
use crate::http::{Answer, SignedIn};
use crate::office::UnitOccurred;
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "units/history.html")]
struct HistoryPage {
    shell: Shell,
    unit: std::sync::Arc<Unit>,
    moments: Vec<Moment>,
}

/// One thing that happened, as somebody may read it.
pub(crate) struct Moment {
    /// When.
    pub(crate) at: String,
    /// Which side, never who of an office.
    pub(crate) by: String,
    /// What.
    pub(crate) title: String,
    /// A reason, a proof.
    pub(crate) note: String,
    /// Label, before and after, of what changed.
    pub(crate) changes: Vec<(String, String, String)>,
}

/// The history as somebody may read it, newest first.
pub(crate) fn told(actor: &Actor, unit: &Unit, history: &[UnitOccurred]) -> Vec<Moment> {
    let personal = unit::reads_personal(actor, unit);
    history.iter().map(|occurred| moment(occurred, personal)).collect()
}

fn moment(occurred: &UnitOccurred, personal: bool) -> Moment {
    let (before, after) = (occurred.before.as_ref(), &occurred.after);
    let facts = |unit: &Unit| show::lines(unit, personal);
    let mut note = String::new();
    let changes = match &occurred.event {
        Event::UnitRegistered { .. } | Event::UnitAmended { .. } => {
            differences(&before.map(facts).unwrap_or_default(), &facts(after))
        }
        Event::DetailWritten(detail) => {
            let kind = detail.kind();
            if kind == unit::DetailKind::Contact && !personal {
                Vec::new()
            } else {
                let earlier = before.and_then(|unit| unit.details.section(kind));
                differences(&earlier.as_ref().map(lines).unwrap_or_default(), &lines(detail))
            }
        }
        Event::PlatformEntered { entry, .. } => differences(&[], &platform_lines(entry)),
        Event::PlatformCorrected { platform, entry, reason, .. } => {
            note.clone_from(reason);
            let earlier = before.and_then(|unit| unit.platform(*platform));
            let earlier = earlier.map(|kept| platform_lines(&kept.entry)).unwrap_or_default();
            differences(&earlier, &platform_lines(entry))
        }
        Event::PlatformReturned { reason, .. } | Event::ActivationRefused { reason } => {
            note.clone_from(reason);
            Vec::new()
        }
        Event::CreditRecorded(record) => {
            note = format!("{}，{}", record.source, record.basis);
            Vec::new()
        }
        Event::CreditLifted { proof, .. } => {
            note.clone_from(proof);
            Vec::new()
        }
        Event::RepairRecorded { repair, .. } => {
            note = format!("{} {}", repair.outcome.term(), repair.document);
            Vec::new()
        }
        Event::UnitActivated {}
        | Event::PlatformConfirmed { .. }
        // Who acts for the unit stands on the page of its people, for whom that is.
        | Event::ColleagueInvited { .. }
        | Event::InvitationRenewed { .. }
        | Event::InvitationClosed { .. }
        | Event::LinkMade(_)
        | Event::LinkConfirmed { .. }
        | Event::LinkNotConfirmed { .. }
        | Event::LinkEnded { .. }
        | Event::LinkCarriedOver { .. }
        | Event::DisputeRaised { .. }
        | Event::DisputeStated { .. }
        | Event::DisputeDecided { .. } => Vec::new(),
    };
    Moment {
        at: occurred.stamp.at.strftime("%Y-%m-%d %H:%M").to_string(),
        by: side(&occurred.stamp.actor).to_owned(),
        title: occurred.event.title(),
        note,
        changes,
    }
}

fn side(actor: &Actor) -> &'static str {
    match actor.side {
        Side::Unit(_) => "本单位",
        Side::Authority(_) => "归口管理部门",
        Side::Department => "自治区科技厅",
        Side::Expert | Side::Public | Side::Operator | Side::Calendar => "平台",
    }
}

/// What differs between two lists of lines, in the order of the later one, then what fell away.
fn differences(
    before: &[(String, String)],
    after: &[(String, String)],
) -> Vec<(String, String, String)> {
    let said = |lines: &[(String, String)], label: &str| {
        let found = lines.iter().find(|(own, _)| own == label);
        found.map(|(_, said)| said.clone()).unwrap_or_default()
    };
    let kept = after.iter().map(|(label, now)| (label.clone(), said(before, label), now.clone()));
    let gone = before
        .iter()
        .filter(|(label, _)| after.iter().all(|(own, _)| own != label))
        .map(|(label, then)| (label.clone(), then.clone(), String::new()));
    kept.chain(gone).filter(|(_, then, now)| then != now).collect()
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let history = state.office.unit_history(&unit.id).await?;
    let shell = Shell::new(&signed.visitor, "变更记录")
        .crumb(format!("/units/{}", unit.id), unit.profile.name.as_str());
    page(&HistoryPage { shell, moments: told(&signed.actor, &unit, &history), unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_with_both_texts() {
        let line = |label: &str, said: &str| (label.to_owned(), said.to_owned());
        let before = [line("甲", "1"), line("乙", "2"), line("丙", "3")];
        let after = [line("甲", "1"), line("乙", "5"), line("丁", "4")];
        let told = differences(&before, &after);
        let own = |label: &str, then: &str, now: &str| {
            (label.to_owned(), then.to_owned(), now.to_owned())
        };
        assert_eq!(told, [own("乙", "2", "5"), own("丁", "", "4"), own("丙", "3", "")]);
    }
}
