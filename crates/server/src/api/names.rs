//! 名称核对 — what a name meets with, for anybody; nothing is reserved and nothing kept.

use axum::extract::State;
use serde::Deserialize;

use super::asked::Query;
use super::problem::Problem;
use super::{Answer, json};
use crate::http::Visitor;
use crate::pages::names::{NAME_CHARS_MAX, hurry};
use crate::state::AppState;

/// The name in question.
#[derive(Deserialize)]
pub(super) struct Asked {
    name: Option<String>,
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    hurry(&state, &visitor)?;
    let name = asked.name.unwrap_or_default();
    if name.chars().count() > NAME_CHARS_MAX {
        let sentence = format!("名称最多 {NAME_CHARS_MAX} 个字");
        return Err(Problem::malformed(Some("name"), sentence).into());
    }
    json(&state.office.name_ruling(&name).await?)
}
