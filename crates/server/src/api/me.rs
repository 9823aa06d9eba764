//! 本人 — who asks, in which capacity.

use serde_json::{Value, json};

use super::{Answer, json};
use crate::http::{PostView, SignedIn};

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
    });
    // A session of a page writes with this in `X-CSRF-Token`.
    if let (false, Some(object)) = (account.by_token, answer.as_object_mut()) {
        object.insert("csrf_token".to_owned(), json!(signed.visitor.csrf()));
    }
    json(&answer)
}
