//! 页面预览 — whether there is an image of a page, and the image.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use consortium::ids::Digest;
use serde_json::json;
use store::FileRow;

use super::problem::{Problem, Trouble};
use super::{Answer, id, json};
use crate::http::Visitor;
use crate::office;
use crate::pages::picture;
use crate::preview::{self, Leaf};
use crate::state::AppState;

/// A file of a dossier for whoever asks, and the page of it that is asked for.
async fn found(
    state: &AppState,
    visitor: &Visitor,
    (dossier, digest, number): (String, String, String),
) -> Result<(FileRow, usize), Trouble> {
    let (dossier, digest): (_, Digest) = (id::dossier(&dossier)?, id::digest(&digest)?);
    let actor = visitor.actor();
    let opened = state.office.read(&actor, &dossier).await?;
    office::file_name(&actor, &opened.dossier, &digest).ok_or_else(Problem::not_found)?;
    let row = state.store.file_row(&digest.0).await?.ok_or_else(Problem::not_found)?;
    let number = number.parse().map_err(|_| Problem::not_found())?;
    Ok((row, number))
}

pub(super) async fn page(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(path): Path<(String, String, String)>,
) -> Answer {
    let under = format!("/api/v1/dossiers/{}/files/{}/images/{}", path.0, path.1, path.2);
    let (row, number) = found(&state, &visitor, path).await?;
    json(&match preview::leaf(&state, &row, number).await? {
        Leaf::Ready { pages, image, partly } => json!({
            "state": "ready", "pages": pages, "width": image.width, "height": image.height,
            "partly": partly, "marked": preview::is_marked(&visitor.actor()), "image": under,
        }),
        Leaf::Working => json!({ "state": "working" }),
        Leaf::None(why) => {
            json!({ "state": "none", "why": why.name(), "sentence": why.sentence() })
        }
    })
}

pub(super) async fn image(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(path): Path<(String, String, String)>,
) -> Answer {
    let (row, number) = found(&state, &visitor, path).await?;
    match preview::image(&state, &visitor.actor(), &row, number).await? {
        Ok(shown) => Ok(picture(shown)),
        Err(Leaf::None(why)) => {
            Err(Problem::new(StatusCode::NOT_FOUND, "no_preview", why.sentence()).into())
        }
        Err(_) => {
            let words = "这一页正在生成图像，几秒后再取";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "working", words).into())
        }
    }
}
