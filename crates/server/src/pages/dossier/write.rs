//! 起草 — the page of one section: what is typed is kept at once, shared, and put together field
//! by field; saving it is the command of the law.

use askama::Template;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use consortium::{Refusal, materials::Part};
use serde::Deserialize;
use serde_json::json;

use super::left;
use super::onward;
use super::team::{self, Team};
use super::writing::{Shown, Writing};
use crate::drafts::carry;
use crate::drafts::merge::{self, Fields, Posted};
use crate::forms;
use crate::http::{Answer, Fault, Form as PostedForm, SignedIn, Upload, Visitor, see_other_with};
use crate::office::{Envelope, OfficeError, digest_of};
use crate::pages::shell::form::FieldError;
use crate::pages::shell::parse::{MORE, asks_for_more, parse, without_dropped};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// How often a save is tried again after somebody wrote another section in between.
const TRIES: usize = 4;

/// Which member's block.
#[derive(Clone, Deserialize)]
pub(super) struct Which {
    unit: Option<String>,
}

fn part_named(name: &str) -> Result<Part, Fault> {
    let section = |part: &Part| *part == Part::Agreement || forms::is_section(*part);
    Part::named(name).filter(section).ok_or(Fault::NotFound)
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Answer {
    show(&state, &signed, &id, part_named(&part)?, which.unit.as_deref(), &headers).await
}

pub(super) async fn get_agreement(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    show(&state, &signed, &id, Part::Agreement, None, &headers).await
}

async fn show(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    part: Part,
    unit: Option<&str>,
    headers: &HeaderMap,
) -> Answer {
    let writing = Writing::begin(state, signed, id, part, unit).await?;
    let draft = writing.open.read(&state.store).await?;
    let (section, person) = (writing.open.section.clone(), signed.actor.person.to_string());
    let wall_ms = state.clock.wall_ms();
    state.store.write(move |tx| store::drafts::here(tx, &section, &person, wall_ms)).await?;
    let left = left::offered(state, headers, &writing.action).await?;
    let seed = carry::proposed(state, &signed.actor, &writing.open).await?;
    let mut now = draft.now.clone();
    now.extend(seed.clone());
    let shown = Shown {
        now,
        base: merge::base(&draft.now),
        seed,
        clashes: draft.clashes.clone(),
        draft,
        left,
        ..Shown::default()
    };
    page(&writing.page(state, signed, shown).await?)
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    request: Request,
) -> Answer {
    let part = part_named(&part)?;
    Box::pin(write(&state, &visitor, &id, part, which.unit.as_deref(), request)).await
}

pub(super) async fn post_agreement(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    Box::pin(write(&state, &visitor, &id, Part::Agreement, None, request)).await
}

/// Keeps what was posted as a draft, and then does what the button says.
async fn write(
    state: &AppState,
    visitor: &Visitor,
    id: &str,
    part: Part,
    unit: Option<&str>,
    request: Request,
) -> Answer {
    let headers = request.headers().clone();
    let (mut parts, body) = request.into_parts();
    let signed = <SignedIn as axum::extract::FromRequestParts<AppState>>::from_request_parts(
        &mut parts, state,
    )
    .await;
    let request = Request::from_parts(parts, body);
    let Ok(signed) = signed else { return left::keep(state, visitor, request).await };
    let (sent, request) = left::twice(request).await?;
    let upload = match Upload::from_request(request, state).await {
        // The session is another one than the page's: what was typed waits for the page.
        Err(Fault::Stale) => return left::keep_stale(state, visitor, &sent).await,
        other => other?,
    };
    let again = asks_for_more(&upload.pairs);
    let pairs = without_dropped(upload.pairs);
    let last = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map(|(_, v)| v.clone());
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let writing = Writing::begin(state, &signed, id, part, unit).await?;
        let mut posted = writing.open.posted(&pairs)?;
        if posted.turn == 0 {
            posted.turn = state.clock.wall_ms();
        }
        choose(&writing, state, &mut posted, last("_take"), last("_keep")).await?;
        let (now_ms, wall_ms) = (state.clock.now_ms(), state.clock.wall_ms());
        let person = signed.actor.person.as_str();
        let kept = writing.open.keep(&state.store, posted.clone(), person, now_ms, wall_ms).await?;
        let merged = kept.merged;
        let mut base = merge::base(&merged.now);
        let mut now = merged.now.clone();
        for clash in &merged.clashes {
            // The page keeps what it has, and what it knew: it is asked until somebody chose.
            base.insert(
                clash.field.clone(),
                posted.base.get(&clash.field).cloned().unwrap_or_default(),
            );
            now.insert(clash.field.clone(), clash.mine.clone());
        }
        let shown = Shown {
            now,
            base,
            clashes: merged.clashes.clone(),
            draft: writing.open.read(&state.store).await?,
            got: posted.turn.to_string(),
            ..Shown::default()
        };
        let again = again || ["_show", "_take", "_keep"].iter().any(|name| last(name).is_some());
        if again {
            let shown = Shown { more: last(MORE), ..shown };
            let answer = page(&writing.page(state, &signed, shown).await?)?;
            return left::taken(state, &headers, answer).await;
        }
        if !merged.clashes.is_empty() {
            return page_with(StatusCode::CONFLICT, &writing.page(state, &signed, shown).await?);
        }
        if last("_draft").is_some() {
            return put_off(state, &signed, &writing).await;
        }
        let mut values = writing.open.pairs(&merged.now);
        values.extend(last("void_signatures").map(|v| ("void_signatures".to_owned(), v)));
        let form = &writing.open.form;
        let read = parse(&form.fields, &values).and_then(|value| {
            forms::command(writing.open.verb.name, &value, &writing.open.context)
        });
        let command = match read {
            Ok(command) => command,
            Err(errors) => {
                let shown = Shown { errors, ..shown };
                return unprocessable(&writing.page(state, &signed, shown).await?);
            }
        };
        // The same page saved with another text is another act.
        let text = serde_json::to_vec(&command).map_err(Fault::internal)?;
        let key = Some(posted.hand.clone()).filter(|hand| !hand.is_empty());
        let key = key.map(|hand| format!("{hand}-{}", &digest_of(&text).0[..16]));
        let envelope = Envelope { key, expected: Some(writing.desk.view.sequence) };
        match state.office.perform(&signed.actor, &writing.desk.id, &command, envelope).await {
            Ok(_) => {
                writing.open.settle(&state.store, kept.number, person, now_ms).await?;
                let text = format!("已保存到材料：{}", writing.title);
                let open = &writing.open;
                let team = Team::of(state, &writing.desk).await?;
                let next = onward::after(&writing.desk, &team, open.part, open.block.as_ref());
                let next = next.filter(|_| last("_next").is_some()).map(|(href, _)| href);
                let path = next.unwrap_or_else(|| writing.desk.href());
                return Ok(see_other_with(state, &path, &Flash { tone: Tone::Ok, text }));
            }
            Err(OfficeError::MovedOn { .. }) if tries > 0 => {}
            Err(OfficeError::Refused(refusal)) => {
                return refused(state, &signed, &writing, shown, *refusal).await;
            }
            Err(other) => return Err(other.into()),
        }
    }
}

/// Carries out what was chosen between two texts.
async fn choose(
    writing: &Writing,
    state: &AppState,
    posted: &mut Posted,
    take: Option<String>,
    keep: Option<String>,
) -> Result<(), Fault> {
    if let Some(field) = take {
        let draft = writing.open.read(&state.store).await?;
        let late = draft.clashes.iter().find(|clash| clash.field == field);
        let theirs = late.map(|clash| &clash.theirs).or_else(|| draft.now.get(&field));
        posted.fields.insert(field, theirs.cloned().unwrap_or_default());
    }
    if let Some((field, seen)) = keep.as_deref().and_then(|keep| keep.split_once('=')) {
        posted.base.insert(field.to_owned(), seen.to_owned());
    }
    Ok(())
}

/// The draft stands; the section is put off.
async fn put_off(state: &AppState, signed: &SignedIn, writing: &Writing) -> Answer {
    let (section, person) = (writing.open.section.clone(), signed.actor.person.to_string());
    let now_ms = state.clock.now_ms();
    let write = state.store.write(move |tx| {
        let works = store::drafts::works(tx, &section.dossier)?;
        let owner = works.into_iter().find(|(at, _)| *at == section).and_then(|(_, w)| w.owner);
        store::drafts::entrust(tx, &section, owner.as_deref(), true, &person, now_ms)
    });
    write.await?;
    let text = format!("“{}”的草稿已存，列为以后再写", writing.title);
    Ok(see_other_with(state, &writing.desk.href(), &Flash { tone: Tone::Ok, text }))
}

/// The refusal on the page, with everything that was typed.
async fn refused(
    state: &AppState,
    signed: &SignedIn,
    writing: &Writing,
    shown: Shown,
    refusal: Refusal,
) -> Answer {
    use consortium::refusal::RefusalKind;
    if matches!(refusal.kind, RefusalKind::Forbidden | RefusalKind::NotFound) {
        return Err(refusal.into());
    }
    let sentence = format!("{}。{}", refusal.reason, refusal.remedy);
    let known = |field: &&str| writing.open.spec(field).is_some();
    let shown = if let Some(field) = refusal.field.as_deref().filter(known) {
        Shown { errors: vec![FieldError::new(field, sentence)], ..shown }
    } else {
        let clause = refusal.clause.unwrap_or_default().to_owned();
        Shown { refusals: vec![(sentence, clause)], ..shown }
    };
    unprocessable(&writing.page(state, signed, shown).await?)
}

/// 自动保存 — keeps what a page with script sends while somebody types.
pub(super) async fn keep(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    posted: PostedForm,
) -> Answer {
    let part = part_named(&part)?;
    let writing = Writing::begin(&state, &signed, &id, part, which.unit.as_deref()).await?;
    let sent = writing.open.posted(&posted.0)?;
    // Looking at what the unit keeps is no draft: others may read those.
    if writing.open.is_untouched(&posted.0) && !writing.open.is_begun(&state.store).await? {
        return Ok(quiet());
    }
    let (now_ms, wall_ms) = (state.clock.now_ms(), state.clock.wall_ms());
    let person = signed.actor.person.as_str();
    let kept = writing.open.keep(&state.store, sent.clone(), person, now_ms, wall_ms).await?;
    let merged = kept.merged;
    let at = state.clock.zoned().strftime("%H:%M:%S").to_string();
    let clashing = |name: &str| merged.clashes.iter().any(|clash| clash.field == name);
    let moved = |name: &str| {
        let row = merged.moved.iter().find(|(old, _)| name.starts_with(old.as_str()));
        row.map_or_else(|| name.to_owned(), |(old, new)| name.replacen(old, new, 1))
    };
    let shown: std::collections::BTreeSet<String> =
        sent.fields.keys().map(|name| moved(name)).chain(sent.base.keys().cloned()).collect();
    let standing = |name: &str| merged.now.get(name).map_or("", String::as_str);
    let mut base = Fields::new();
    let mut changed = Fields::new();
    for name in shown.iter().filter(|name| !clashing(name)) {
        base.insert(name.clone(), merge::digest(standing(name)));
        let posted = sent.fields.iter().find(|(sent, _)| moved(sent) == *name);
        if !merge::same(posted.map_or("", |(_, value)| value), standing(name)) {
            changed.insert(name.clone(), standing(name).to_owned());
        }
    }
    let more = merged.now.iter().any(|(name, value)| !value.is_empty() && !shown.contains(name));
    let team = Team::of(&state, &writing.desk).await?;
    let rules = writing.rules(&state, &merged.now, &at).await?;
    let clashes = writing.clashes(&state, &merged.clashes).await?;
    let answer = json!({
        "at": at,
        "base": base,
        "changed": changed,
        "moved": merged.moved,
        "more": more,
        "clashes": if merged.clashes.is_empty() { String::new() } else { rendered(&clashes)? },
        "rules": rendered(&rules)?,
        "here": team.present(&writing.desk, part, writing.open.block.as_ref()),
    });
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    let response: Response = (kind, answer.to_string()).into_response();
    Ok(response)
}

/// Nothing was kept, and the page stays as it is.
fn quiet() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, json!({ "quiet": true }).to_string()).into_response()
}

fn rendered(template: &impl Template) -> Result<String, Fault> {
    template.render().map_err(Fault::internal)
}

/// Hands a section to somebody, or puts it off.
pub(super) async fn hand(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    Query(which): Query<Which>,
    posted: PostedForm,
) -> Answer {
    let part = part_named(&part)?;
    let writing = Writing::begin(&state, &signed, &id, part, which.unit.as_deref()).await?;
    let choices = team::colleagues(&state, &writing.desk, writing.open.block.as_ref()).await?;
    let chosen = choices.iter().find(|choice| choice.value == posted.get("owner"));
    let later = posted.get("later") == "1";
    let owner = chosen.map(|choice| choice.value.to_string());
    let (section, person) = (writing.open.section.clone(), signed.actor.person.to_string());
    let now_ms = state.clock.now_ms();
    let write = state.store.write(move |tx| {
        store::drafts::entrust(tx, &section, owner.as_deref(), later, &person, now_ms)
    });
    write.await?;
    let who = chosen.map_or_else(|| "没有指定人".to_owned(), |c| format!("交给{}", c.label));
    let later = if later { "，列为以后再写" } else { "" };
    let text = format!("“{}”{who}{later}", writing.title);
    Ok(see_other_with(&state, &writing.desk.href(), &Flash { tone: Tone::Ok, text }))
}
