//! 没有保存的草稿 — what was typed and never became part of the materials: read, taken out, thrown
//! away, also when the text is locked or handed in and nothing can be saved any longer.

use askama::Template;
use axum::extract::{Path, State};
use consortium::{agreement, ids::UnitId, materials::Part};

use super::desk::Desk;
use super::writing::title;
use crate::clock;
use crate::drafts::{self, whose};
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/drafts.html")]
struct DraftsPage {
    shell: Shell,
    name: String,
    back: String,
    action: String,
    sections: Vec<Kept>,
}

/// A section with something typed that was not saved.
pub(super) struct Kept {
    part: &'static str,
    unit: String,
    title: String,
    /// Who typed last, and when.
    last: String,
    /// Where it can still be saved.
    open: Option<String>,
    /// Whether it is the reader's to throw away.
    own: bool,
    /// The write up to which it is shown: what is typed after it is not thrown away with it.
    number: i64,
    fields: Vec<Typed>,
}

/// A field as it was typed.
struct Typed {
    label: String,
    draft: String,
    written: String,
}

/// The reader's drafts of a dossier, section by section.
pub(super) async fn kept(state: &AppState, desk: &Desk) -> Result<Vec<Kept>, Fault> {
    if whose::is_writer(&desk.actor, &desk.dossier).is_err() {
        return Ok(vec![]);
    }
    let id = desk.id.to_string();
    let places = state.store.read(move |tx| store::drafts::open_fields(tx, &id)).await?;
    let mut all = Vec::new();
    for (place, _) in places {
        let Some(part) = Part::named(&place.part) else { continue };
        let block = Some(UnitId::from(place.block.as_str())).filter(|_| !place.block.is_empty());
        match one(state, desk, part, block).await {
            Ok(kept) => all.extend(kept),
            // Another side's section.
            Err(Fault::Forbidden(_) | Fault::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(all)
}

async fn one(
    state: &AppState,
    desk: &Desk,
    part: Part,
    block: Option<UnitId>,
) -> Result<Option<Kept>, Fault> {
    let section = desk.writer().look(&state.office, part, block.clone()).await?;
    let draft = section.read(&state.store).await?;
    let fields = section.unsaved(&draft.now);
    if fields.is_empty() {
        return Ok(None);
    }
    // Who else typed may be of another unit: its people are not named to this one.
    let last = draft.last.as_ref().map_or_else(String::new, |(person, at)| {
        let who = if *person == desk.actor.person.0 { "你" } else { "另一位填写人" };
        format!("{} {who}写", clock::written(*at))
    });
    let words = |field: &str, value: &str| match value {
        "" => "（空）".to_owned(),
        value => section.words(field, value),
    };
    let fields = fields.iter().map(|(name, draft, written)| Typed {
        label: section.label(name),
        draft: words(name, draft),
        written: words(name, written),
    });
    // The agreement itself may be written again by whoever confirms what that voids.
    let locked = agreement::is_locked(&desk.dossier, part) && part != Part::Agreement;
    let writes = desk.writes(part, block.as_ref()) && !locked;
    Ok(Some(Kept {
        part: part.name(),
        unit: block.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: title(desk, part, block.as_ref()),
        last,
        open: writes.then(|| desk.section(part, block.as_ref())),
        own: whose::is_own(&desk.actor, block.as_ref()),
        number: draft.number,
        fields: fields.collect(),
    }))
}

impl Kept {
    /// Whether it can be saved no longer.
    pub(super) fn is_stranded(&self) -> bool {
        self.open.is_none()
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    whose::is_writer(&desk.actor, &desk.dossier)?;
    let shell = Shell::new(&signed.visitor, "没有保存的草稿")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    page(&DraftsPage {
        name: desk.view.name.clone(),
        back: desk.href(),
        action: desk.to("drafts"),
        sections: kept(&state, &desk).await?,
        shell,
    })
}

/// Throws the draft of a section away, as far as it was shown.
pub(super) async fn discard(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    whose::is_writer(&desk.actor, &desk.dossier)?;
    let unread = || Fault::Malformed("没有写明丢弃哪一节的草稿，从草稿页上再办。".to_owned());
    let part = Part::named(posted.get("part")).ok_or_else(unread)?;
    let number: i64 = posted.get("number").parse().map_err(|_| unread())?;
    let block = Some(posted.get("unit")).filter(|unit| !unit.is_empty()).map(UnitId::from);
    let section = (part, block.as_ref());
    let thrown = drafts::discard(&state.store, &desk.actor, &desk.dossier, section, number).await?;
    let text = match thrown {
        0 => "这一节没有草稿，或者已经丢弃".to_owned(),
        _ => format!("“{}”的草稿已丢弃，材料没有变化", title(&desk, part, block.as_ref())),
    };
    Ok(see_other_with(&state, &desk.to("drafts"), &Flash { tone: Tone::Ok, text }))
}
