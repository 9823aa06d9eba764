//! 分工 — who sees to which section, who is there now, and who changed it last.

use std::collections::{BTreeMap, BTreeSet};

use consortium::{ids::UnitId, materials::Part};
use store::{Section, SectionWork, StoreError};

use super::desk::Desk;
use crate::clock;
use crate::drafts::{self, PRESENT_MS};
use crate::http::session::is_held;
use crate::pages::shell::form::Choice;
use crate::state::AppState;

/// How a person, and how a unit, is written as the one who sees to a section.
const PERSON: &str = "person:";
const UNIT: &str = "unit:";

/// Everybody who works on a dossier.
#[derive(Default)]
pub(super) struct Team {
    works: BTreeMap<Section, SectionWork>,
    open: BTreeMap<Section, u64>,
    present: Vec<(Section, String, i64)>,
    names: BTreeMap<String, String>,
    me: String,
}

impl Team {
    /// Who works on this dossier; nobody for those who do not write.
    pub(super) async fn of(state: &AppState, desk: &Desk) -> Result<Self, StoreError> {
        if !desk.can("write_application") && !desk.can("write_agreement") {
            return Ok(Self::default());
        }
        let (id, since) = (desk.id.to_string(), state.clock.wall_ms() - PRESENT_MS);
        let me = desk.actor.person.to_string();
        let read = state.store.read(move |tx| {
            let works: BTreeMap<_, _> = store::drafts::works(tx, &id)?.into_iter().collect();
            let present = store::drafts::present(tx, &id, since)?;
            let open = store::drafts::open_fields(tx, &id)?.into_iter().collect();
            let mut ids: BTreeSet<String> = works
                .values()
                .flat_map(|work| [work.changed_by.clone(), work.told_by.clone()])
                .flatten()
                .collect();
            let owners = works.values().filter_map(|work| work.owner.as_deref());
            ids.extend(owners.filter_map(|owner| owner.strip_prefix(PERSON).map(str::to_owned)));
            ids.extend(present.iter().map(|(_, person, _)| person.clone()));
            let mut names = BTreeMap::new();
            for id in ids {
                if let Some(person) = store::people::person(tx, &id)? {
                    names.insert(id, person.name);
                }
            }
            Ok(Self { works, open, present, names, me: String::new() })
        });
        Ok(Self { me, ..read.await? })
    }

    fn at(desk: &Desk, part: Part, block: Option<&UnitId>) -> Section {
        drafts::place(desk.id.as_str(), part, block)
    }

    fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("同事", String::as_str)
    }

    /// Who sees to a section, by id; the value of the list it is chosen from.
    pub(super) fn owner(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
        let work = self.works.get(&Self::at(desk, part, block));
        work.and_then(|work| work.owner.clone()).unwrap_or_default()
    }

    /// Who sees to a section, in words; nothing where nobody was named.
    pub(super) fn owner_words(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
        let owner = self.owner(desk, part, block);
        if let Some(person) = owner.strip_prefix(PERSON) {
            let you = if person == self.me { "（你）" } else { "" };
            return format!("{}{you}", self.name(person));
        }
        let unit = owner.strip_prefix(UNIT).map(UnitId::from).or_else(|| block.cloned());
        let party = unit.and_then(|unit| desk.dossier.materials.party(&unit).cloned());
        party.map(|party| party.name).unwrap_or_default()
    }

    /// Whether a section was handed to the reader.
    pub(super) fn mine(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> bool {
        self.owner(desk, part, block) == format!("{PERSON}{}", self.me)
    }

    /// Whether a section is put off.
    pub(super) fn later(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> bool {
        self.works.get(&Self::at(desk, part, block)).is_some_and(|work| work.later)
    }

    /// Whether something typed waits to be saved for good.
    pub(super) fn drafted(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> bool {
        self.open.get(&Self::at(desk, part, block)).is_some_and(|count| *count > 0)
    }

    /// Who else has a section open; nothing where nobody has.
    pub(super) fn present(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
        let section = Self::at(desk, part, block);
        let others =
            self.present.iter().filter(|(at, person, _)| *at == section && *person != self.me);
        let names: Vec<&str> = others.map(|(_, person, _)| self.name(person)).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("{}正在这一节", names.join("、"))
        }
    }

    /// Who changed a section last, and when.
    pub(super) fn changed(&self, desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
        let Some(work) = self.works.get(&Self::at(desk, part, block)) else { return String::new() };
        match (&work.changed_by, work.changed_ms) {
            (Some(by), Some(at)) => format!("{} {}改", clock::written(at), self.name(by)),
            _ => String::new(),
        }
    }
}

/// To whom a section can be handed: the reader's own colleagues, and of a member's block the member.
pub(super) async fn colleagues(
    state: &AppState,
    desk: &Desk,
    block: Option<&UnitId>,
) -> Result<Vec<Choice>, StoreError> {
    let side = desk.actor.reader_key();
    let today = desk.today.to_string();
    let mut people: Vec<(String, String)> = state
        .store
        .read(move |tx| {
            let mut found = BTreeMap::new();
            for post in store::people::posts_of(tx, &side)? {
                if !is_held(&post, &today) || found.contains_key(&post.person) {
                    continue;
                }
                let person = store::people::person(tx, &post.person)?;
                if let Some(person) = person.filter(|person| !person.disabled) {
                    found.insert(post.person, person.name);
                }
            }
            Ok(found.into_iter().collect())
        })
        .await?;
    people.sort_by(|one, other| one.1.cmp(&other.1));
    let mut choices: Vec<Choice> =
        people.into_iter().map(|(id, name)| (format!("{PERSON}{id}"), name).into()).collect();
    let party = block.and_then(|unit| desk.dossier.materials.party(unit));
    if let Some(party) = party {
        choices.insert(0, (format!("{UNIT}{}", party.unit), party.name.clone()).into());
    }
    Ok(choices)
}
