//! 本人 — who asks, in which capacity.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answer, json};
use crate::http::{PostView, SignedIn};

/// A moment of the wall, as programs read it.
pub(super) fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX).to_string()
}

pub(super) async fn get(signed: SignedIn) -> Answer {
    let account = signed.signed();
    let post =
        |post: &PostView| json!({ "id": post.id, "capacity": post.capacity, "side": post.side });
    let mut answer = json!({
        "person": signed.actor.person,
        "name": signed.actor.name.value,
        "login": account.login,
        "side": signed.actor.side,
        "capacity": signed.actor.capacity,
        "post": post(&account.post),
        "posts": account.posts.iter().map(post).collect::<Vec<Value>>(),
        "by_token": account.by_token,
        "strength": account.standing.strength,
        "required": account.standing.required,
        "proved_with": account.standing.with,
        "proved_at": moment(account.standing.proved_ms),
        "fresh": signed.is_fresh(),
    });
    // A session of a page writes with this in `X-CSRF-Token`.
    if let (false, Some(object)) = (account.by_token, answer.as_object_mut()) {
        object.insert("csrf_token".to_owned(), json!(signed.visitor.csrf()));
    }
    json(&answer)
}
