//! 组建协议全文 — the exact text with its digest, to be read before signing, and who has signed.

use askama::Template;
use axum::extract::{Path, State};

use super::act::ui_time;
use super::desk::Desk;
use super::document::{self as sheet, headings};
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
    effective: Option<String>,
    headings: Vec<(&'static str, String)>,
    parties: Vec<(String, String)>,
    slots: Vec<SlotRow>,
    voided: usize,
    acts: Vec<(String, &'static str, &'static str)>,
}

/// One party's place for a signature and a seal.
struct SlotRow {
    party: String,
    signed: Option<String>,
    sealed: Option<(String, String)>,
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
    let round = desk.dossier.materials.agreement.round.as_ref();
    let slots = round.map(|round| round.slots.as_slice()).unwrap_or_default();
    let slots = slots.iter().map(|slot| SlotRow {
        party: desk.dossier.materials.party(&slot.unit).map(|p| p.name.clone()).unwrap_or_default(),
        signed: slot.signature.as_ref().map(|signature| ui_time(signature.at)),
        sealed: slot
            .seal
            .as_ref()
            .map(|seal| (desk.to(&format!("files/{}", seal.scan.0)), ui_time(seal.at))),
    });
    let acts = ["sign", "seal", "decline_to_sign", "write_agreement"];
    let acts = acts.into_iter().filter_map(|verb| {
        let action = desk.view.actions.iter().find(|action| action.verb == verb)?;
        let class = if verb == "decline_to_sign" { "btn x" } else { "btn p" };
        Some((desk.to(verb), action.term, if verb == "write_agreement" { "btn" } else { class }))
    });
    let parties = desk.view.parties.iter();
    page(&AgreementPage {
        shell: Shell::new(&signed.visitor, "组建协议")
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short()),
        name: desk.view.name.clone(),
        back: desk.href(),
        version: agreement.version,
        digest: agreement.digest.as_ref().map(|digest| digest.0.clone()),
        effective: agreement.effective_at.map(ui_time),
        headings: headings(&agreement.text),
        parties: parties.map(|p| (p.name.clone(), p.code.clone().unwrap_or_default())).collect(),
        slots: slots.collect(),
        voided: agreement.voided_rounds,
        acts: acts.collect(),
    })
}
