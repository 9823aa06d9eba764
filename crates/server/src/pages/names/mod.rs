//! 名称核对 — a name against the form and the names that are held, for anybody, without an account.

use askama::Template;
use axum::extract::{Query, State};
use axum::routing::get;
use consortium::name::ruling::{Held, Outcome, Ruling};
use serde::Deserialize;

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, Visitor};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;

/// Characters that are looked at; twice as many as the longest name there can be.
pub(crate) const NAME_CHARS_MAX: usize = 100;

/// The page.
pub(crate) const ROUTES: &[Route] = &[shows("/names", By::Public, O::Register, || get(check))];

/// Slows down whoever asks for one name after the other: every check reads all names.
pub(crate) fn hurry(state: &AppState, visitor: &Visitor) -> Result<(), Fault> {
    state.names.take(visitor.address(), state.clock.wall_ms()).map_err(Fault::TooMany)
}

#[derive(Deserialize)]
struct Asked {
    name: Option<String>,
}

#[derive(Template)]
#[template(path = "names/names.html")]
struct NamesPage {
    shell: Shell,
    name: String,
    ruling: Option<Shown>,
}

/// What is said of a name.
struct Shown {
    status: Html,
    sentence: String,
    proposed: Option<(String, String)>,
    /// Which name, how it stands, why it is told.
    others: Vec<(String, String, &'static str)>,
}

impl Shown {
    fn of(ruling: Ruling) -> Self {
        let (tone, words) = match ruling.outcome {
            Outcome::Free => (Tone::Ok, "可以使用"),
            Outcome::Close => (Tone::Warn, "有相近名称"),
            Outcome::Taken => (Tone::Bad, "已有相同名称"),
            Outcome::Reserved => (Tone::Bad, "含保留字词"),
            Outcome::Malformed => (Tone::Bad, "形式不符合"),
        };
        let named = |held: Held| {
            (held.name.unwrap_or_else(|| "一件还没有公开的申请".to_owned()), held.standing)
        };
        let told = |(name, standing): (String, String), why| (name, standing, why);
        let same = ruling.same.map(|held| told(named(held), "相同"));
        let close = ruling.close.into_iter().map(|close| told(named(close.held), close.why));
        let address = |name: String| {
            let query = serde_urlencoded::to_string([("name", &name)]).unwrap_or_default();
            (format!("/names?{query}"), name)
        };
        Self {
            status: ui::status(tone, words),
            sentence: ruling.sentence,
            proposed: ruling.proposed.map(address),
            others: same.into_iter().chain(close).collect(),
        }
    }
}

async fn check(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    let name = asked.name.unwrap_or_default();
    let mut ruling = None;
    if !name.trim().is_empty() {
        hurry(&state, &visitor)?;
        if name.chars().count() > NAME_CHARS_MAX || name.chars().any(|c| c == '\0') {
            let sentence = format!("名称最多 {NAME_CHARS_MAX} 个字，删减后再核对。");
            return Err(Fault::Malformed(sentence));
        }
        ruling = Some(Shown::of(state.office.name_ruling(&name).await?));
    }
    page(&NamesPage {
        shell: Shell::new(&visitor, "名称核对").crumb("/guide", "办事指南"),
        name,
        ruling,
    })
}
