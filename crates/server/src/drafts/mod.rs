//! 草稿 — the working text of a section, shared by all who may write it, before it is an event.
//!
//! Everything typed is kept as it is typed: `POST …/draft` of a page or a program puts it together
//! with what stands there ([`merge`]) in one transaction, and acknowledges what is durable. Saving
//! a section for good is the command of the law; the draft is settled once that is carried out.
//! Who reads a draft is who may write the section, and nobody else: it is in no list, no search,
//! no export.

pub mod carry;
pub mod merge;
mod trial;
pub mod whose;

use std::collections::BTreeMap;
use std::sync::Arc;

use consortium::{
    Dossier, access, actor::Actor, command, ids::UnitId, materials::Part, view::DossierView,
};
use jiff::civil::Date;
use serde_json::Value;
use store::{DraftField, Section, Store, StoreError};

use crate::forms::{self, CommandForm, FormContext};
use crate::http::Fault;
use crate::office::{Office, OfficeError};
use crate::pages::shell::form::{Choice, FieldSpec, Kind, Values};
use merge::{Clash, Fields, Merged, Posted};

/// Fields a draft may have; far above any section.
pub const FIELDS_MAX: usize = 2_000;
/// How long somebody counts as present after the last sign.
pub const PRESENT_MS: i64 = 60_000;
/// How long a text left behind by an ended session waits.
pub const LEFT_MS: i64 = 24 * 60 * 60 * 1000;
/// What stands between several answers of one field.
const BETWEEN: char = '\u{1f}';
/// What is asked when a section is saved, and is no part of its text.
const CONSENT: &str = "void_signatures";

/// A section opened for writing.
#[derive(Clone, Debug)]
pub struct Open {
    /// Where its draft is kept.
    pub section: Section,
    /// The part of the materials.
    pub part: Part,
    /// The member whose block it is.
    pub block: Option<UnitId>,
    /// What its form is made for.
    pub context: FormContext,
    /// Its form.
    pub form: CommandForm,
    /// The command that writes it for good.
    pub verb: &'static command::Verb,
    /// What was written for good, or what is proposed where nothing was.
    pub written: Fields,
    /// Whether nothing was written yet, and `written` is a proposal that follows the application.
    pub proposed: bool,
    /// The dossier, as it stands.
    pub dossier: Arc<Dossier>,
}

/// A draft as it stands.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Every field.
    pub now: Fields,
    /// What a command has overtaken.
    pub clashes: Vec<Clash>,
    /// How many fields differ from what was written for good.
    pub open: usize,
    /// Who typed last, and when.
    pub last: Option<(String, i64)>,
    /// The last write it holds, up to which [`discard`] forgets; 0 where nothing was typed.
    pub number: i64,
}

/// What a post did.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// What came of putting it together.
    pub merged: Merged,
    /// The write's number, up to which `settle` forgets.
    pub number: i64,
}

/// Where the working text of a section is kept.
pub fn place(dossier: &str, part: Part, block: Option<&UnitId>) -> Section {
    Section {
        dossier: dossier.to_owned(),
        part: part.name().to_owned(),
        block: block.map(ToString::to_string).unwrap_or_default(),
    }
}

/// The entries of the platform register that a row may name: those of all parties, for the section
/// that has such rows.
async fn registered(
    office: &Office,
    dossier: &Dossier,
    part: Part,
) -> Result<Vec<Choice>, OfficeError> {
    let mut choices = Vec::new();
    if part != Part::Platforms {
        return Ok(choices);
    }
    for party in dossier.materials.standing() {
        let Some(unit) = office.unit_record(&party.unit).await? else { continue };
        choices.extend(unit.platforms.iter().map(|kept| {
            let label = format!("{}：{}", party.name, kept.entry.name);
            Choice::from((kept.reference(&unit.id), label))
        }));
    }
    Ok(choices)
}

/// Who opens a section, of which dossier, on which day.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Of which dossier.
    pub dossier: &'a Arc<Dossier>,
    /// What of it shows to them.
    pub view: &'a DossierView,
    /// On which day.
    pub today: Date,
}

impl Writer<'_> {
    /// Opens a section that may be written now.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is no section, [`Fault::Forbidden`] for who does not write it,
    /// and the refusal of the stage.
    pub async fn open(
        self,
        office: &Office,
        part: Part,
        block: Option<UnitId>,
    ) -> Result<Open, Fault> {
        access::may(self.actor, whose::verb_of(part)?, Some(self.dossier))?;
        self.dossier.editable(part)?;
        self.look(office, part, block).await
    }

    /// Opens a section whatever the stage: what was typed before is still theirs when nothing can
    /// be saved any longer.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is no section, and [`Fault::Forbidden`] for who does not write
    /// it.
    pub async fn look(
        self,
        office: &Office,
        part: Part,
        block: Option<UnitId>,
    ) -> Result<Open, Fault> {
        let Self { actor, dossier, view, today } = self;
        let verb = whose::may_write(actor, dossier, part, block.as_ref())?;
        let mut context = FormContext::of(dossier, view, &[], today);
        if part != Part::Agreement {
            context = context.section(part, block.clone());
        }
        context.registered = registered(office, dossier, part).await?;
        let form = forms::form(verb.name, &context).ok_or(Fault::NotFound)?;
        let section = place(dossier.id.as_str(), part, block.as_ref());
        let written = fields_of(&form.fields, &Values::stored(&form.fields, &form.stored).0);
        let proposed = part == Part::Agreement && dossier.materials.agreement.is_unwritten();
        let dossier = Arc::clone(dossier);
        Ok(Open { section, part, block, context, form, verb, written, proposed, dossier })
    }
}

/// Throws the draft of a section away, up to a write that was shown. How many fields that were.
///
/// # Errors
/// [`Fault::Forbidden`] for who does not write the section or throws away what another unit typed,
/// [`Fault::NotFound`] for what is no section.
pub async fn discard(
    store: &Store,
    actor: &Actor,
    dossier: &Dossier,
    (part, block): (Part, Option<&UnitId>),
    number: i64,
) -> Result<u64, Fault> {
    whose::may_write(actor, dossier, part, block)?;
    if !whose::is_own(actor, block) {
        return Err(Fault::Forbidden("这一节的草稿由写它的单位自己丢弃。".to_owned()));
    }
    let section = place(dossier.id.as_str(), part, block);
    Ok(store.write(move |tx| store::drafts::settle(tx, &section, number)).await?)
}

impl Open {
    /// What a page posted, as far as it is text of this section.
    pub fn posted(&self, pairs: &[(String, String)]) -> Result<Posted, Fault> {
        let last = |name: &str| {
            pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
        };
        let base: Fields = match last("_base") {
            "" => Fields::new(),
            text => serde_json::from_str(text)
                .map_err(|_| Fault::Malformed("页面的内容读不懂，刷新后再填。".to_owned()))?,
        };
        let fields = fields_of(&self.form.fields, pairs);
        let posted = Posted {
            hand: last("_key").chars().take(64).collect(),
            turn: last("_turn").parse().unwrap_or_default(),
            base,
            fields,
        };
        self.bounded(posted)
    }

    /// Whether a page that was opened with a proposal in it still says just that: nobody has typed
    /// anything, and nothing is kept.
    pub fn is_untouched(&self, pairs: &[(String, String)]) -> bool {
        let seed = pairs.iter().rev().find(|(key, _)| key == "_seed");
        let seed: Fields =
            seed.and_then(|(_, text)| serde_json::from_str(text).ok()).unwrap_or_default();
        let mut posted = fields_of(&self.form.fields, pairs);
        posted.retain(|_, value| !value.is_empty());
        !seed.is_empty() && merge::base(&posted) == seed
    }

    /// The same from a program: only the form's own fields, so many of them.
    pub fn bounded(&self, mut posted: Posted) -> Result<Posted, Fault> {
        let own = |name: &String| self.owns(name);
        posted.base.retain(|name, _| own(name));
        posted.fields.retain(|name, _| own(name));
        for value in posted.fields.values_mut() {
            *value = merge::plain(value);
        }
        if posted.fields.len().max(posted.base.len()) > FIELDS_MAX {
            return Err(Fault::TooLarge(format!("一节最多 {FIELDS_MAX} 项，分几行合并后再填。")));
        }
        Ok(posted)
    }

    /// The field of a posted name.
    pub fn spec(&self, name: &str) -> Option<&FieldSpec> {
        spec(&self.form.fields, name)
    }

    fn owns(&self, name: &str) -> bool {
        spec(&self.form.fields, name).is_some_and(is_text)
    }

    /// The pairs of a page that shows these fields, with what the page carries along.
    pub fn pairs(&self, now: &Fields) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for field in self.form.fields.iter().filter(|field| matches!(field.kind, Kind::Hidden)) {
            let stored = self.form.stored.get(field.name.as_ref()).and_then(Value::as_str);
            pairs.push((field.name.to_string(), stored.unwrap_or_default().to_owned()));
        }
        for (name, value) in now {
            if many(&self.form.fields, name) {
                pairs.extend(value.split(BETWEEN).map(|one| (name.clone(), one.to_owned())));
            } else {
                pairs.push((name.clone(), value.clone()));
            }
        }
        pairs
    }

    /// What a field is called: `任务分工第 2 行 任务内容`.
    pub fn label(&self, name: &str) -> String {
        let Some(field) = spec(&self.form.fields, name) else { return name.to_owned() };
        let mut parts = name.split('.');
        let (rows, number) = (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok()));
        let rows = rows.and_then(|rows| spec(&self.form.fields, rows));
        match (rows, number) {
            (Some(rows), Some(number)) => {
                format!("{}第 {} 行：{}", rows.label, number + 1, field.label)
            }
            _ => field.label.to_string(),
        }
    }

    /// What was typed and is not what was written for good, field by field: name, draft, written.
    pub fn unsaved(&self, now: &Fields) -> Vec<(String, String, String)> {
        let differs = |(name, value): (&String, &String)| {
            let written = self.at(name);
            let changed = !merge::same(value, written);
            changed.then(|| (name.clone(), value.clone(), written.to_owned()))
        };
        now.iter().filter_map(differs).collect()
    }

    /// What can be read of a draft, as its form reads it.
    pub fn value(&self, now: &Fields) -> Value {
        trial::readable(&self.form.fields, self.pairs(now)).unwrap_or_default()
    }

    /// A value as people read it: of a list its words.
    pub fn words(&self, field: &str, value: &str) -> String {
        let spec = self.spec(field);
        let of = |one: &str| match spec.map(|spec| &spec.kind) {
            Some(
                Kind::Select(choices)
                | Kind::Radio(choices)
                | Kind::Choices { options: choices, .. },
            ) => {
                let choice = choices.iter().find(|choice| choice.value == one);
                choice.map_or_else(|| one.to_owned(), |choice| choice.label.to_string())
            }
            Some(Kind::Money) => format!("{one} 万元"),
            _ => one.to_owned(),
        };
        value.split(BETWEEN).map(of).collect::<Vec<_>>().join("、")
    }

    /// The dossier as the rules would see it if the draft were written.
    pub fn tried(&self, now: &Fields) -> Dossier {
        trial::tried(self, now)
    }

    /// Puts a draft's fields over what was written.
    pub fn draft(&self, typed: Vec<DraftField>) -> Draft {
        let number = typed.iter().map(|field| field.number).max().unwrap_or_default();
        let typed: BTreeMap<String, DraftField> = typed
            .into_iter()
            .filter(|field| !merge::same(&field.value, self.at(&field.field)))
            .map(|field| (field.field.clone(), field))
            .collect();
        let clash = |field: &DraftField| Clash {
            field: field.field.clone(),
            mine: field.value.clone(),
            theirs: self.at(&field.field).to_owned(),
            by: None,
            at_ms: field.at_ms,
        };
        let overtaken =
            typed.values().filter(|field| !self.proposed && merge::overtaken(&self.written, field));
        let last = typed.values().max_by_key(|field| (field.at_ms, field.number));
        Draft {
            clashes: overtaken.map(clash).collect(),
            open: typed.len(),
            last: last.map(|field| (field.person.clone(), field.at_ms)),
            number,
            now: merge::current(&self.written, &typed),
        }
    }

    fn at(&self, name: &str) -> &str {
        self.written.get(name).map_or("", String::as_str)
    }

    /// Whether anybody ever typed in the section or saved it.
    ///
    /// # Errors
    /// Of the store.
    pub async fn is_begun(&self, store: &Store) -> Result<bool, StoreError> {
        let section = self.section.clone();
        let works = store.read(move |tx| store::drafts::works(tx, &section.dossier)).await?;
        let own = works.iter().find(|(at, _)| *at == self.section);
        Ok(own.is_some_and(|(_, work)| work.changed_by.is_some()))
    }

    /// Reads the draft.
    pub async fn read(&self, store: &Store) -> Result<Draft, StoreError> {
        Ok(self.draft(store.draft_fields(&self.section).await?))
    }

    /// Keeps what was posted, and notes that somebody is here; resolves when it is durable.
    pub async fn keep(
        &self,
        store: &Store,
        posted: Posted,
        person: &str,
        at_ms: i64,
        wall_ms: i64,
    ) -> Result<Kept, StoreError> {
        let (section, written, person) =
            (self.section.clone(), self.written.clone(), person.to_owned());
        let proposed = self.proposed;
        store
            .write(move |tx| {
                let number = store::drafts::hold(tx, &section)?;
                let typed = store::drafts::fields(tx, &section)?;
                let mut typed: BTreeMap<_, _> =
                    typed.into_iter().map(|field| (field.field.clone(), field)).collect();
                let mut posted = posted.clone();
                if proposed {
                    merge::over_proposal(&written, &mut typed, &mut posted);
                }
                let mut merged = merge::merge(&written, &typed, &posted, &person, at_ms);
                for write in &mut merged.writes {
                    write.number = number;
                    store::drafts::put(tx, &section, write)?;
                }
                if !merged.writes.is_empty() {
                    store::drafts::changed(tx, &section, &person, at_ms)?;
                }
                store::drafts::here(tx, &section, &person, wall_ms)?;
                Ok(Kept { merged, number })
            })
            .await
    }

    /// Forgets what a command has written for good.
    pub async fn settle(
        &self,
        store: &Store,
        number: i64,
        person: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let (section, person) = (self.section.clone(), person.to_owned());
        store
            .write(move |tx| {
                store::drafts::settle(tx, &section, number)?;
                store::drafts::changed(tx, &section, &person, at_ms)
            })
            .await
    }
}

/// Whether a field is text that people type, and not what a page carries or a consent.
fn is_text(field: &FieldSpec) -> bool {
    field.name != CONSENT
        && !matches!(
            field.kind,
            Kind::Hidden | Kind::Password | Kind::File { .. } | Kind::Rows { .. }
        )
}

/// The field of a posted name: `goals`, `work.3.content`.
fn spec<'a>(fields: &'a [FieldSpec], name: &str) -> Option<&'a FieldSpec> {
    let Some((rows, rest)) = name.split_once('.') else {
        return fields.iter().find(|field| field.name == name);
    };
    let (number, column) = rest.split_once('.')?;
    number.parse::<u16>().ok()?;
    let rows = fields.iter().find(|field| field.name == rows)?;
    let Kind::Rows { columns, .. } = &rows.kind else { return None };
    columns.iter().find(|field| field.name == column)
}

/// Whether a field takes several answers.
fn many(fields: &[FieldSpec], name: &str) -> bool {
    spec(fields, name).is_some_and(|field| matches!(field.kind, Kind::Choices { many: true, .. }))
}

/// Pairs as fields: the last of a name, or all of one that takes several. Blanks are not there.
fn fields_of(specs: &[FieldSpec], pairs: &[(String, String)]) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in pairs {
        if !spec(specs, name).is_some_and(is_text) {
            continue;
        }
        let value = merge::plain(value);
        let kept = fields.entry(name.clone()).or_default();
        if many(specs, name) && !kept.is_empty() && !value.is_empty() {
            kept.push(BETWEEN);
            kept.push_str(&value);
        } else {
            *kept = value;
        }
    }
    fields
}
