//! 公共事务 — interpretations and parameters for everybody, the roster for its organiser.

use axum::extract::State;
use consortium::{
    actor::{Capacity, Side},
    department::{self, Affairs, Expert, Setting},
};
use serde_json::{Value, json};

use super::asked::Arrived;
use super::body::Json;
use super::{Answer, json};
use crate::http::{SignedIn, Visitor};
use crate::state::AppState;

pub(super) async fn get(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let affairs = state.office.affairs().await?;
    let actor = visitor.actor();
    let organiser = actor.side == Side::Department && actor.capacity == Capacity::Organiser;
    let mut answer = public(&affairs);
    if let (true, Some(object)) = (organiser, answer.as_object_mut()) {
        object.insert("experts".to_owned(), affairs.experts.iter().map(expert).collect());
    }
    json(&answer)
}

fn public(affairs: &Affairs) -> Value {
    let interpretation = |kept: &department::Interpretation| {
        json!({
            "no": kept.no, "on": kept.on, "clause": kept.clause,
            "question": kept.question, "answer": kept.answer,
        })
    };
    json!({
        "interpretations":
            affairs.interpretations.iter().map(interpretation).collect::<Vec<_>>(),
        "settings": affairs.settings.iter().map(setting).collect::<Vec<_>>(),
        "calendars": affairs.calendars,
    })
}

pub(super) fn setting(kept: &Setting) -> Value {
    json!({ "key": kept.key, "value": kept.value, "basis": kept.basis, "from": kept.from })
}

fn expert(kept: &Expert) -> Value {
    json!({
        "person": kept.person, "name": kept.name, "employers": kept.employers,
        "expert_kind": kept.kind, "field": kept.field, "dismissed": kept.dismissed,
    })
}

pub(super) async fn act(
    State(state): State<AppState>,
    signed: SignedIn,
    Arrived(envelope): Arrived,
    Json(command): Json<department::Command>,
) -> Answer {
    signed.fresh()?;
    json(&state.office.affairs_command(&signed.actor, &command, envelope).await?)
}
