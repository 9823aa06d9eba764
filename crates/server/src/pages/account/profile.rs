//! 个人中心 — who I am, for whom I act, where I am signed in.

use askama::Template;
use axum::extract::State;

use crate::clock;
use crate::http::{Answer, Own, PostView};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    shell: Shell,
    facts: KeyValues,
    posts: Vec<PostView>,
    current: String,
    sessions: Vec<SessionRow>,
}

/// One device.
struct SessionRow {
    hash: String,
    label: String,
    begun: String,
    seen: String,
    here: bool,
}

pub(super) async fn get(State(state): State<AppState>, Own(signed): Own) -> Answer {
    let person = signed.actor.person.as_str();
    let now_ms = state.clock.wall_ms();
    let sessions = state.store.sessions(person).await?;
    let row = |session: store::Session| SessionRow {
        here: session.hash == signed.session.hash,
        hash: session.hash,
        label: session.label,
        begun: clock::written(session.created_ms),
        seen: clock::written(session.seen_ms),
    };
    let sessions: Vec<SessionRow> =
        sessions.into_iter().filter(|session| session.expires_ms > now_ms).map(row).collect();
    let account = signed.signed();
    let page_ = ProfilePage {
        shell: Shell::new(&signed.visitor, "个人中心"),
        facts: KeyValues::new()
            .row("姓名", account.actor.name.value.as_str())
            .row("账号", account.login.as_str())
            .row("现在的身份", account.post.capacity.as_str())
            .row("所在单位", account.post.side.as_str()),
        posts: account.posts.clone(),
        current: account.post.id.clone(),
        sessions,
    };
    page(&page_)
}
