//! 提交回执 — what was received, when, under which number, and who has it now.

use askama::Template;
use axum::extract::{Path, State};
use consortium::{access, dossier::Submission};

use super::act::ui_time;
use super::desk::Desk;
use super::turns::{Turn, turns};
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, KeyValues, Steps};
use crate::state::AppState;

/// Digits of the package's digest in the number of a receipt.
const DIGITS: usize = 8;

#[derive(Template)]
#[template(path = "dossier/submitted.html")]
struct SubmittedPage {
    shell: Shell,
    name: String,
    back: String,
    receipt: String,
    authority: &'static str,
    facts: KeyValues,
    digest: String,
    turns: Vec<Turn>,
    steps: Steps,
}

/// 回执号: the day of receipt, and the beginning of the digest of what was received.
fn receipt(submission: &Submission) -> String {
    let digits: String = submission.package.0.chars().take(DIGITS).collect();
    format!("SD{}-{digits}", submission.at.date().strftime("%Y%m%d"))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    if !access::mask(&signed.actor, &desk.dossier).materials {
        return Err(Fault::NotFound);
    }
    let submission = desk.dossier.submission().ok_or(Fault::NotFound)?;
    let number = receipt(submission);
    let authority = desk.view.authority.unwrap_or("归口管理部门");
    let files = desk.dossier.materials.attachments.len();
    let parties = desk.dossier.materials.standing().count();
    let facts = KeyValues::new()
        .row("回执号", number.as_str())
        .row("联合体", desk.view.name.as_str())
        .row("收到时间", ui_time(submission.at))
        .row("收到的材料", format!("申请登记表、组建协议、附件 {files} 份，{parties} 家单位"))
        .row("归口管理部门", authority);
    page(&SubmittedPage {
        shell: Shell::new(&signed.visitor, "提交回执")
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short()),
        name: desk.view.name.clone(),
        back: desk.href(),
        receipt: number,
        authority,
        digest: submission.package.0.clone(),
        facts,
        turns: turns(&desk),
        steps: Steps::of_filing(2, &["", "", authority]),
    })
}
