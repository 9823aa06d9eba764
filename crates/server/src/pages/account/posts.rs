//! 切换身份 — one person may act for several sides; which one is always written out.

use axum::extract::State;

use crate::http::{Answer, Fault, Form, Own, see_other_with, session};
use crate::pages::shell::ui::{Flash, Tone};
use crate::state::AppState;

pub(super) async fn choose(
    State(state): State<AppState>,
    Own(signed): Own,
    posted: Form,
) -> Answer {
    let post = posted.get("post");
    if !session::choose(&state, signed.signed(), post).await? {
        return Err(Fault::Refused("这个身份现在不在本人名下。".to_owned()));
    }
    let chosen = signed.signed().posts.iter().find(|held| held.id == post);
    let words = chosen.map(|held| format!("{} · {}", held.capacity, held.side));
    let text = format!("现在的身份：{}", words.unwrap_or_default());
    Ok(see_other_with(&state, "/home", &Flash { tone: Tone::Ok, text }))
}
