//! 补充协议 — the text of one, who signs it and how far each is, and what can be done (Art. 10).

use askama::Template;
use axum::extract::{Path, State};
use consortium::change::Change;
use consortium::ids::DossierId;
use consortium::view::SupplementView;

use super::agreement_sheet::SlotRow;
use super::desk::Desk;
use super::document::paragraphs;
use super::ways::{self, Ways};
use crate::evidence::{self, may_read};
use crate::http::{Answer, Fault, SignedIn, download};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/supplement.html")]
struct SupplementPage {
    shell: Shell,
    name: String,
    back: String,
    no: u32,
    kind: &'static str,
    signers: &'static str,
    status: Html,
    text: Html,
    digest: Option<String>,
    slots: Vec<SlotRow>,
    /// The scan of what was signed on paper, and who keeps the original.
    paper: Option<(String, String)>,
    /// Where the text that is signed is taken out.
    canonical: Option<String>,
    /// Where the evidence is, once it is in force and for whom it is.
    evidence: Option<String>,
    /// Earlier rounds: what was signed then, by whom.
    voided: Vec<(Html, Vec<SlotRow>)>,
    /// How the reader can sign and seal.
    ways: Option<Ways>,
    acts: Vec<(String, &'static str, &'static str)>,
}

/// What can be done with a supplement, and how its button looks.
const ACTS: [(&str, &str); 8] = [
    ("lock_supplement", "btn p"),
    ("sign", "btn p"),
    ("seal", "btn p"),
    ("confirm_paper", "btn p"),
    ("write_supplement", "btn"),
    ("offer_paper", "btn"),
    ("remind_to_sign", "btn"),
    ("decline_to_sign", "btn x"),
];

/// A change of a dossier that its reader may read the supplement of.
async fn begin(
    state: &AppState,
    signed: &SignedIn,
    (id, no): (&str, &str),
) -> Result<(Desk, Change, SupplementView, &'static str), Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    let filed = desk.view.filed.as_ref().ok_or(Fault::NotFound)?;
    let view = filed.changes.iter().find(|change| change.no.to_string() == no);
    let view = view.ok_or(Fault::NotFound)?;
    let supplement = view.supplement.clone().ok_or(Fault::NotFound)?;
    let signers = view.signers.unwrap_or_default();
    let entry = desk.dossier.register_entry().ok_or(Fault::NotFound)?;
    let change = entry.changes.iter().find(|change| change.no == view.no);
    let change = change.cloned().ok_or(Fault::NotFound)?;
    Ok((desk, change, supplement, signers))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
) -> Answer {
    let (desk, change, supplement, signers) = begin(&state, &signed, (&id, &no)).await?;
    state.office.opened(&signed.actor, &desk.dossier).await?;
    let progress = state.office.supplement_progress(&desk.dossier, &change).await?;
    let open = change.decided.is_none();
    let place = |rest: &str| desk.to(&format!("supplements/{no}/{rest}"));
    let voided = supplement.voided.iter().map(|(text, slots)| {
        (paragraphs(text), slots.iter().map(|slot| SlotRow::of(&desk, slot)).collect())
    });
    page(&SupplementPage {
        shell: Shell::new(&signed.visitor, "补充协议")
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short()),
        name: desk.view.name.clone(),
        back: desk.href(),
        no: change.no,
        kind: change.kind.term(),
        signers,
        status: status(&supplement),
        text: paragraphs(&supplement.text),
        digest: supplement.digest.as_ref().map(|digest| digest.0.clone()),
        slots: progress.iter().map(|slot| SlotRow::in_progress(&desk, slot)).collect(),
        paper: supplement.paper.as_ref().map(|paper| {
            let place = desk.to(&format!("files/{}", paper.scan.0));
            (place, paper.custodian.clone())
        }),
        canonical: supplement.digest.is_some().then(|| place("text.json")),
        evidence: (supplement.effective_at.is_some() && may_read(&signed.actor, &desk.dossier))
            .then(|| place("evidence.zip")),
        voided: voided.collect(),
        acts: if open { ways::acts(&desk, &ACTS) } else { vec![] },
        ways: Ways::of(&desk).filter(|_| open),
    })
}

fn status(supplement: &SupplementView) -> Html {
    match (supplement.effective_at, &supplement.digest) {
        (Some(at), _) => ui::status(Tone::Ok, &format!("{} 生效", at.date())),
        (None, Some(_)) => ui::status(Tone::Run, "签署中"),
        (None, None) => ui::status(Tone::Idle, "未锁定"),
    }
}

/// The bytes the parties sign.
pub(super) async fn text(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
) -> Answer {
    let id = DossierId::from(id.as_str());
    let text = state.office.supplement_text(&signed.actor, &id, &no).await?;
    let text = text.ok_or(Fault::NotFound)?;
    Ok(download::made(&format!("补充协议-{no}.json"), "application/json", text.into_bytes()))
}

pub(super) async fn package(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
) -> Answer {
    let (id, no) = (DossierId::from(id.as_str()), no.parse().map_err(|_| Fault::NotFound)?);
    let package = evidence::package(&state, &signed.actor, &id, Some(no)).await?;
    let package = package.ok_or(Fault::NotFound)?;
    Ok(download::made(&package.name, "application/zip", package.bytes))
}
