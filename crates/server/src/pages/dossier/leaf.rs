//! 页面预览 — leafing through a file page by page, for those who may read it there.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use consortium::ids::Digest;
use store::FileRow;

use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn, download};
use crate::office;
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::preview::{self, Leaf, Shown};
use crate::state::AppState;

/// Seconds after which a page that is being drawn is asked for again.
const AGAIN_SECONDS: &str = "3";

#[derive(Template)]
#[template(path = "dossier/leaf.html")]
struct LeafPage {
    shell: Shell,
    name: String,
    /// The file itself.
    file: String,
    /// Where one came from: address, words.
    back: (String, &'static str),
    number: usize,
    leaf: Leaf,
    /// The ways to other pages: rel, address, words.
    ways: Vec<(&'static str, String, &'static str)>,
    marked: bool,
}

/// The ways from one of so many pages to others.
fn ways(file: &str, number: u64, pages: u64) -> Vec<(&'static str, String, &'static str)> {
    let to = |page: u64| format!("{file}/pages/{page}");
    let all = [
        (number > 1, "prev", number.saturating_sub(1), "上一页"),
        (number < pages, "next", number.saturating_add(1), "下一页"),
        (number > 2, "first", 1, "首页"),
        (number.saturating_add(1) < pages, "last", pages, "末页"),
    ];
    let there = all.into_iter().filter(|(there, ..)| *there);
    there.map(|(_, rel, page, words)| (rel, to(page), words)).collect()
}

/// A file of this dossier that the reader may read there.
async fn found(state: &AppState, desk: &Desk, digest: String) -> Result<(String, FileRow), Fault> {
    let digest = Digest(digest);
    let name = office::file_name(&desk.actor, &desk.dossier, &digest).ok_or(Fault::NotFound)?;
    let row = state.store.file_row(&digest.0).await?.ok_or(Fault::NotFound)?;
    Ok((name, row))
}

/// The list in which the file stands; the dossier for what is no attachment.
fn back(desk: &Desk, file: &FileRow) -> (String, &'static str) {
    let attached = &desk.dossier.materials.attachments;
    if attached.iter().any(|kept| kept.digest.0 == file.digest) {
        (desk.to("attachments"), "附件清单")
    } else {
        (desk.href(), "卷宗")
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest, number)): Path<(String, String, String)>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let (name, row) = found(&state, &desk, digest).await?;
    let number: usize = number.parse().map_err(|_| Fault::NotFound)?;
    let leaf = preview::leaf(&state, &row, number).await?;
    let working = leaf == Leaf::Working;
    let shell = Shell::new(&signed.visitor, format!("{name}，第 {number} 页"))
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    let file = desk.to(&format!("files/{}", row.digest));
    let answer = page(&LeafPage {
        ways: match &leaf {
            Leaf::Ready { pages, .. } => ways(&file, number as u64, *pages),
            Leaf::Working | Leaf::None(_) => Vec::new(),
        },
        file,
        back: back(&desk, &row),
        marked: preview::is_marked(&desk.actor),
        shell,
        name,
        number,
        leaf,
    })?;
    Ok(if working { ([(header::REFRESH, AGAIN_SECONDS)], answer).into_response() } else { answer })
}

pub(super) async fn image(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest, number)): Path<(String, String, String)>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let (_, row) = found(&state, &desk, digest).await?;
    let number: usize = number.parse().map_err(|_| Fault::NotFound)?;
    match preview::image(&state, &desk.actor, &row, number).await? {
        Ok(shown) => Ok(picture(shown)),
        Err(Leaf::Working) => Err(Fault::Busy),
        Err(_) => Err(Fault::NotFound),
    }
}

/// An image as an answer. One with a mark says when it was looked at: it is kept nowhere.
pub(crate) fn picture(shown: Shown) -> Response {
    match shown {
        Shown::Kept(reading) => download::shown(reading),
        Shown::Marked(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (StatusCode::OK, headers, bytes).into_response()
        }
    }
}
