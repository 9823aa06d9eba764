//! 协议文本 — one version of the agreement as a sheet, and each party's place under it.

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::agreement::{Annex, annexes, in_order};
use consortium::ids::{Digest, UnitId};
use consortium::materials::Materials;
use consortium::view::SlotView;
use jiff::civil::DateTime;

use super::act::ui_time;
use super::desk::Desk;
use super::document::{self as sheet, headings};
use crate::office::{SlotProgress, SlotState};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};

/// The parties, the clauses and the tables of one version.
#[derive(Template)]
#[template(path = "dossier/agreement_sheet.html")]
pub(super) struct AgreementSheet {
    name: String,
    parties: Vec<(String, String)>,
    headings: Vec<(&'static str, String)>,
    /// The tables that are signed with the clauses, where something stands in them.
    annexes: Vec<Annex>,
    /// The numbers of the others, in words; empty where there is none.
    empty: String,
    /// The digest of the text, once it was locked.
    digest: Option<String>,
}

impl HtmlSafe for AgreementSheet {}

impl AgreementSheet {
    pub(super) fn of(materials: &Materials, digest: Option<&Digest>) -> Self {
        let (annexes, empty): (Vec<_>, Vec<_>) = annexes(materials, materials.agreement.format)
            .into_iter()
            .partition(|annex| !annex.rows.is_empty());
        let number = |annex: &Annex| annex.title.split('　').next().map(str::to_owned);
        let empty: Vec<String> = empty.iter().filter_map(number).collect();
        let parties = in_order(materials).into_iter();
        Self {
            name: materials.name.clone(),
            parties: parties.map(|party| (party.name.clone(), party.code.clone())).collect(),
            headings: headings(&materials.agreement.text),
            annexes,
            empty: empty.join("、"),
            digest: digest.map(|digest| digest.0.clone()),
        }
    }
}

/// One party's place for a signature and a seal.
pub(super) struct SlotRow {
    pub(super) unit: UnitId,
    pub(super) party: String,
    /// How far it is, where it is awaited.
    pub(super) state: Option<Html>,
    /// What came before: when the party was told, who opened the text, reminders, the day.
    pub(super) trail: Vec<String>,
    /// When and how, in words.
    pub(super) signed: Option<String>,
    pub(super) sealed: Option<String>,
    /// The sealed page, or the signature by certificate.
    pub(super) scan: Option<String>,
    /// The letter of authority of whoever signed.
    pub(super) letter: Option<String>,
}

impl SlotRow {
    pub(super) fn of(desk: &Desk, slot: &SlotView) -> Self {
        let file = |digest: &Digest| desk.to(&format!("files/{}", digest.0));
        let told = |at: Option<DateTime>, how: Option<&String>, what: &str| {
            Some(format!("{} {what}（{}）", ui_time(at?), how?))
        };
        Self {
            unit: slot.unit.clone(),
            party: slot.name.clone(),
            state: None,
            trail: reminded(slot).into_iter().collect(),
            signed: told(slot.signed_at, slot.signature.as_ref(), "签字"),
            sealed: told(slot.sealed_at, slot.seal.as_ref(), "盖章"),
            scan: slot.scan.as_ref().map(file),
            letter: slot.letter.as_ref().map(file),
        }
    }

    /// With how far the party is.
    pub(super) fn in_progress(desk: &Desk, progress: &SlotProgress) -> Self {
        let slot = &progress.slot;
        let mut trail = vec![format!("{} 通知签署", progress.invited_on)];
        let opened = progress.opened.as_ref();
        trail.extend(opened.map(|opening| format!("{} {}打开", ui_time(opening.at), opening.by)));
        trail.extend(reminded(slot));
        if progress.state != SlotState::Complete {
            trail.extend(progress.due.map(|due| format!("期限 {due}")));
        }
        let tone = match progress.state {
            SlotState::Invited => Tone::Idle,
            SlotState::Opened | SlotState::Signed | SlotState::Sealed => Tone::Run,
            SlotState::Complete => Tone::Ok,
            SlotState::Overdue => Tone::Warn,
        };
        let state = Some(ui::status(tone, progress.state_term));
        Self { state, trail, ..Self::of(desk, slot) }
    }
}

fn reminded(slot: &SlotView) -> Option<String> {
    let last = slot.reminded.last()?;
    Some(format!("催签 {} 次，最近 {}", slot.reminded.len(), last.date()))
}
