//! 申请前自查 — the rules on a consortium that is only thought of; nothing is kept.

use axum::extract::State;

use super::body::Json;
use super::problem::Problem;
use super::{Answer, json};
use crate::pages::shell::form::Values;
use crate::pages::shell::parse::parse;
use crate::precheck::{self, Answers};
use crate::state::AppState;

pub(super) async fn post(State(state): State<AppState>, Json(answers): Json<Answers>) -> Answer {
    // The same specification reads a page and a program.
    let fields = precheck::fields();
    let value = serde_json::to_value(&answers).map_err(crate::http::Fault::internal)?;
    if let Err(errors) = parse(&fields, &Values::stored(&fields, &value).0) {
        let first = errors.into_iter().next();
        let (field, sentence) = first.map(|e| (e.field, e.sentence)).unwrap_or_default();
        return Err(Problem::malformed(Some(&field), sentence).into());
    }
    json(&precheck::answer(&state.office, &answers).await?)
}
