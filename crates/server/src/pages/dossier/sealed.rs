//! 盖章件 — the sealed files of a paper, each with what the machine found of it, for whoever reads
//! the paper.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::Actor;
use consortium::ids::DossierId;
use consortium::sealed::{self, Reading};

use super::desk::Desk;
use super::signatures;
use crate::clock;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::papers::{self, Listed, Sealed};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/sealed.html")]
struct SealedPage {
    shell: Shell,
    term: &'static str,
    clause: &'static str,
    /// The consortium, and where it is read.
    name: String,
    back: String,
    /// The paper as the platform made it; `None` while it waits.
    made: Option<String>,
    /// Where a sealed file is brought, for whose duty it is.
    bring: Option<String>,
    files: Vec<Shown>,
}

/// A sealed file on the page.
struct Shown {
    title: String,
    href: String,
    /// Where it is looked at page by page; inside the dossier only.
    leaves: Option<String>,
    digest: String,
    facts: KeyValues,
    signatures: Vec<(String, KeyValues)>,
}

/// Where the sealed files of a paper are read.
pub(in crate::pages) fn place(under: &str, paper: &Listed) -> String {
    format!("{under}/papers/{}/{}/sealed", paper.sequence, paper.kind.key())
}

/// The sealed files of a paper under an address, for whoever reads the paper there.
pub(in crate::pages) async fn shown(
    state: &AppState,
    actor: &Actor,
    id: &DossierId,
    paper: (u64, &str),
    (shell, name, under): (Shell, String, String),
) -> Answer {
    let paper = papers::sealed::paper(state, actor, id, paper).await?.ok_or(Fault::NotFound)?;
    let opened = state.office.read(actor, id).await?;
    let here = place(&under, &paper);
    // The public register has no pages of files.
    let inside = under.starts_with("/dossiers/").then(|| format!("{under}/files"));
    let issued = opened.dossier.issued_as(&format!("{}/{}", paper.sequence, paper.kind.key()));
    let issued = issued.filter(|issued| sealed::is_duty(issued.paper, actor));
    let bring = issued.filter(|_| paper.made.is_some());
    if issued.is_none() && paper.sealed.is_empty() {
        return Err(Fault::NotFound);
    }
    page(&SealedPage {
        term: paper.kind.term(),
        clause: paper.kind.clauses()[0],
        name,
        made: paper
            .made
            .is_some()
            .then(|| format!("{under}/papers/{}/{}", paper.sequence, paper.kind.key())),
        bring: bring.map(|issued| format!("{under}/attach_sealed?paper={}", issued.reference())),
        files: paper
            .sealed
            .iter()
            .rev()
            .map(|sealed| file(sealed, &here, inside.as_deref()))
            .collect(),
        back: under,
        shell,
    })
}

fn file(sealed: &Sealed, here: &str, files: Option<&str>) -> Shown {
    let Sealed { no, current, file } = sealed;
    let (tone, relation) = relation(sealed);
    let mut facts = KeyValues::new()
        .row("上传时间", clock::written_at(file.at))
        .row("与平台文书的关系", ui::status(tone, relation))
        .row("数字签名", reading(sealed));
    if !file.reason.is_empty() {
        facts = facts.row("更换的理由", file.reason.as_str());
    }
    let title = match (current, no) {
        (true, 1) => "盖章件".to_owned(),
        (true, no) => format!("盖章件（第 {no} 份，现行）"),
        (false, no) => format!("第 {no} 份，已更换"),
    };
    Shown {
        title,
        href: format!("{here}/{no}"),
        leaves: files.map(|files| format!("{files}/{}/pages/1", file.file.0)),
        digest: file.file.0.clone(),
        facts,
        signatures: file.examined.signatures.iter().map(signatures::rows).collect(),
    }
}

fn relation(sealed: &Sealed) -> (Tone, &'static str) {
    match (sealed.file.examined.continues, sealed.file.compared) {
        (true, _) => (Tone::Ok, "在平台制作的文书上接着盖章：开头与平台的文件逐字节一致"),
        (false, true) => (Tone::Warn, "不是平台文件的延续；上传人声明已与平台文书逐页核对"),
        (false, false) => (Tone::Warn, "不是平台文件的延续"),
    }
}

fn reading(sealed: &Sealed) -> String {
    let examined = &sealed.file.examined;
    let others = examined.signatures.iter().filter(|one| !one.platform).count();
    match (examined.reading, others) {
        (Reading::Read, 0) => "除平台签名外，文件里没有数字签名；印章由人核对".to_owned(),
        (Reading::Read, count) => {
            format!("除平台签名外有 {count} 个，检查结果见下；是否认可由人判断")
        }
        (Reading::Scan, _) => "图像扫描件，没有数字签名；印章由人核对".to_owned(),
        (Reading::Foreign, _) => {
            "OFD 文件，其中的电子印章（GB/T 38540）本平台不能判断，用签章系统的阅读器核对"
                .to_owned()
        }
        (Reading::Unreadable, _) => {
            "没有能读出文件里的签名，不表示没有；用 PDF 阅读器或者签章系统核对".to_owned()
        }
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, sequence, kind)): Path<(String, String, String)>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let shell = Shell::new(&signed.visitor, "盖章件")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    let paper = (sequence.parse().unwrap_or(0), kind.as_str());
    let around = (shell, desk.view.name.clone(), desk.href());
    shown(&state, &signed.actor, &desk.id, paper, around).await
}

pub(super) async fn take(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, sequence, kind, no)): Path<(String, String, String, String)>,
) -> Answer {
    let paper = (sequence.parse().unwrap_or(0), kind.as_str());
    let (id, no) = (DossierId::from(id.as_str()), no.parse().unwrap_or(0));
    papers::sealed::file(&state, &signed.actor, &id, paper, no).await?.ok_or(Fault::NotFound)
}
