//! 组建协议全文 — the exact text with its digest, to be read before signing, and who has signed.

use askama::Template;
use axum::extract::{Path, State};
use consortium::agreement::{FORMED_ON, HEADINGS, Remark};

use super::act::ui_time;
use super::agreement_sheet::{AgreementSheet, SlotRow};
use super::desk::Desk;
use super::document as sheet;
use super::ways::{self, Ways};
use crate::evidence::may_read;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/agreement.html")]
struct AgreementPage {
    shell: Shell,
    name: String,
    back: String,
    version: u32,
    digest: Option<String>,
    /// Where the text that is signed is taken out.
    text: String,
    /// Where the evidence is, once the agreement is in force and for whom it is.
    evidence: Option<String>,
    effective: Option<String>,
    sheet: AgreementSheet,
    slots: Vec<SlotRow>,
    /// Where every version is, once there are two.
    versions: Option<String>,
    /// The scan of what was signed on paper, and who keeps the original.
    paper: Option<(String, String)>,
    remarks: Vec<RemarkRow>,
    /// How the reader can sign and seal.
    ways: Option<Ways>,
    acts: Vec<(String, &'static str, &'static str)>,
}

/// What can be done with the agreement, and how its button looks.
const ACTS: [(&str, &str); 10] = [
    ("start_signing", "btn p"),
    ("sign", "btn p"),
    ("seal", "btn p"),
    ("confirm_paper", "btn p"),
    ("write_agreement", "btn"),
    ("offer_paper", "btn"),
    ("remind_to_sign", "btn"),
    ("remark_on_agreement", "btn"),
    ("reopen_agreement", "btn x"),
    ("decline_to_sign", "btn x"),
];

/// A party's remark and what became of it.
struct RemarkRow {
    party: String,
    heading: &'static str,
    remark: String,
    on: String,
    answer: Option<String>,
    /// Where the lead answers it.
    to_answer: Option<String>,
}

impl RemarkRow {
    fn of(desk: &Desk, remark: &Remark) -> Self {
        let party = desk.dossier.materials.party(&remark.unit);
        let heading = HEADINGS.iter().find(|heading| heading.field == remark.heading);
        let open = remark.answer.is_none() && desk.can("answer_remark");
        Self {
            party: party.map_or("已移出的单位", |party| &party.name).to_owned(),
            heading: heading.map_or(FORMED_ON, |heading| heading.title),
            remark: remark.remark.clone(),
            on: remark.on.to_string(),
            answer: remark.answer.clone(),
            to_answer: open.then(|| desk.to("answer_remark")),
        }
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let Some(agreement) = desk.view.agreement.clone() else {
        return Err(Fault::Forbidden(
            "协议正文由各方和办理部门查看；声明利害关系后，专家也可以查看。".to_owned(),
        ));
    };
    state.office.opened(&signed.actor, &desk.dossier).await?;
    let progress = state.office.progress(&desk.dossier).await?;
    let slots = progress.iter().map(|slot| SlotRow::in_progress(&desk, slot));
    let editions = state.office.editions(&signed.actor, &desk.dossier).await?;
    let present = editions.last().map_or(&desk.dossier.materials, |edition| &edition.materials);
    page(&AgreementPage {
        shell: Shell::new(&signed.visitor, "组建协议")
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short()),
        name: desk.view.name.clone(),
        back: desk.href(),
        version: agreement.version,
        digest: agreement.digest.as_ref().map(|digest| digest.0.clone()),
        text: desk.to("agreement.json"),
        evidence: (agreement.effective_at.is_some() && may_read(&signed.actor, &desk.dossier))
            .then(|| desk.to("evidence.zip")),
        effective: agreement.effective_at.map(ui_time),
        sheet: AgreementSheet::of(present, agreement.digest.as_ref()),
        slots: slots.collect(),
        versions: (editions.len() > 1).then(|| desk.to("agreement/versions")),
        paper: agreement.paper.as_ref().map(|paper| {
            let place = desk.to(&format!("files/{}", paper.scan.0));
            (place, paper.custodian.clone())
        }),
        remarks: agreement.remarks.iter().map(|r| RemarkRow::of(&desk, r)).collect(),
        acts: ways::acts(&desk, &ACTS),
        ways: Ways::of(&desk),
    })
}
