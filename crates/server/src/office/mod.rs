//! 办公室 — the one way in: load → may → decide → append.
//!
//! Pages, the API, the command line, imports and background work all ask here; nothing else
//! writes a dossier, a unit's record or the Department's affairs. What a command decides is
//! appended with its projections, tasks, claims and letters in one transaction, under the head it
//! was decided on and under the caller's idempotency key.

mod attached;
mod cache;
mod editions;
mod facts;
mod names;
mod people;
mod progress;
mod projection;
mod reading;
mod reminding;
mod sealed;
mod signing;
mod sweep;

use std::sync::{Arc, OnceLock};

use consortium::{
    Command, Dossier, Refusal, access,
    actor::Actor,
    calendar::Calendar,
    department,
    dossier::StageKind,
    evolve::{self, Stamp},
    ids::{DossierId, PersonId, UnitId},
    refusal::RefusalKind,
    task,
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Append, Appended, CommandKey, Entry, Store, StoreError};

use crate::clock::Clock;
use crate::papers;
use crate::sealed::Lens;
use crate::signing::Trust;
use facts::{Gathered, Shelves};

pub use attached::{file_name, unit_file};
pub use editions::text_of;
pub use facts::{digest_of, package_digest};
pub use names::CLOSE_MAX;
pub use people::{DISPUTE, Enclosure};
pub use progress::{Opening, SlotProgress, SlotState};
pub use projection::TASK;
pub use reading::{Occurred, Opened, Profiles, RegisterFigures, SignedRound, UnitOccurred};
pub use signing::signed_text;
pub use sweep::{Moved, Swept};

/// The stream of the Department's affairs.
pub const AFFAIRS: &str = "department";
/// How often a command is decided again after somebody else was quicker.
const TRIES: usize = 5;
/// 备案编号的式样 unless the operator sets another.
pub const NUMBER_FORMAT: &str = "蒙创联备〔{year}〕{n}号";

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The law says no: an answer to a person.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The dossier moved on from the head the caller expected.
    #[error("the dossier has moved on to {head}")]
    MovedOn {
        /// Its sequence now.
        head: u64,
    },
    /// The idempotency key was used for something else.
    #[error("this key was used for another request")]
    KeyReused,
    /// A journal does not fold: a corrupt file.
    #[error("the journal of {stream} does not fold: {why}")]
    Journal {
        /// The stream.
        stream: String,
        /// Where it breaks.
        why: String,
    },
    /// The memory failed.
    #[error("store")]
    Store(#[from] StoreError),
}

impl From<Refusal> for OfficeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// The outcome of anything asked of the office.
pub type Result<T, E = OfficeError> = std::result::Result<T, E>;

/// How a command arrives.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// 幂等键: the same key gives the same answer.
    pub key: Option<String>,
    /// The sequence the caller saw; a dossier that moved on since is a conflict.
    pub expected: Option<u64>,
}

impl Envelope {
    /// With a key.
    pub fn keyed(key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), expected: None }
    }
}

/// What a command did: the answer that the same key gets again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Done {
    /// The stream: a dossier, a unit, or the Department's affairs.
    pub id: String,
    /// Its sequence now.
    pub sequence: u64,
    /// Titles or kinds of what happened; empty when it had happened before.
    pub happened: Vec<String>,
    /// Where a dossier stands now.
    pub stage: Option<StageKind>,
}

impl Done {
    fn answer(&self) -> Value {
        json!({"id": self.id, "sequence": self.sequence, "happened": self.happened, "stage": self.stage})
    }

    fn from_answer(answer: &Value) -> Option<Self> {
        let stage = answer.get("stage").cloned();
        Some(Self {
            id: answer.get("id")?.as_str()?.to_owned(),
            sequence: answer.get("sequence")?.as_u64()?,
            happened: serde_json::from_value(answer.get("happened")?.clone()).ok()?,
            stage: stage.and_then(|stage| serde_json::from_value(stage).ok()),
        })
    }
}

/// 办公室. Clones share everything.
#[derive(Clone)]
pub struct Office {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    number_format: String,
    /// 随机数 for draws that are recorded and can be computed again.
    chance: Box<dyn Fn() -> u64 + Send + Sync>,
    shelves: Arc<Shelves>,
    /// Whose certificates count.
    trust: OnceLock<Trust>,
    /// Where the signatures of sealed files are read.
    lens: OnceLock<Lens>,
}

impl Office {
    /// An office over a store, with the official calendar.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self::with_calendar(store, clock, Calendar::official())
    }

    /// An office with another calendar: simulations and stories bring a fictional one.
    pub fn with_calendar(store: Store, clock: Clock, calendar: Calendar) -> Self {
        Self::drawing(store, clock, calendar, || u64::from_le_bytes(random()))
    }

    /// An office whose draws come from the caller, so that a simulation can be played again.
    pub fn drawing(
        store: Store,
        clock: Clock,
        calendar: Calendar,
        chance: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                clock,
                number_format: NUMBER_FORMAT.to_owned(),
                chance: Box::new(chance),
                shelves: Arc::new(Shelves::new(calendar)),
                trust: OnceLock::new(),
                lens: OnceLock::new(),
            }),
        }
    }

    /// The memory, for what is no dossier: people, sessions, files.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// 立卷 — opens a dossier under a new identifier.
    pub async fn open(&self, actor: &Actor, name: &str, envelope: Envelope) -> Result<Done> {
        let command = Command::Open { name: name.to_owned() };
        self.perform(actor, &new_dossier_id(), &command, envelope).await
    }

    /// Carries a command out on a dossier.
    ///
    /// # Errors
    /// [`OfficeError::Refused`] where the law says no, [`OfficeError::MovedOn`] where the caller
    /// expected another head, [`OfficeError::KeyReused`], and what the store reports.
    pub async fn perform(
        &self,
        actor: &Actor,
        id: &DossierId,
        command: &Command,
        envelope: Envelope,
    ) -> Result<Done> {
        let key = command_key(actor, id.as_str(), command, &envelope);
        for _ in 0..TRIES {
            match self.attempt(actor, id, command, &envelope, key.clone()).await {
                Err(OfficeError::Store(StoreError::KeyReused)) => {
                    return Err(OfficeError::KeyReused);
                }
                Err(OfficeError::Store(StoreError::Conflict { head })) => {
                    if envelope.expected.is_some_and(|expected| expected != head) {
                        return Err(OfficeError::MovedOn { head });
                    }
                }
                Err(OfficeError::Store(StoreError::ClaimTaken { .. })) => {}
                other => return other,
            }
        }
        Err(OfficeError::Store(StoreError::Busy))
    }

    /// The answer this key already had.
    async fn repeated(&self, key: Option<&CommandKey>) -> Result<Option<Done>> {
        let Some(key) = key else { return Ok(None) };
        let answer = match self.inner.store.answered(key.clone()).await {
            Err(StoreError::KeyReused) => return Err(OfficeError::KeyReused),
            other => other?,
        };
        answer.map(|answer| answered(&key.key, &answer)).transpose()
    }

    async fn attempt(
        &self,
        actor: &Actor,
        id: &DossierId,
        command: &Command,
        envelope: &Envelope,
        key: Option<CommandKey>,
    ) -> Result<Done> {
        let facts = match self.facts(actor, id, command, key.clone()).await? {
            Gathered::Facts(facts) => facts,
            Gathered::Repeated(answer) => return answered(id.as_str(), &answer),
        };
        let head = facts.dossier.as_ref().map_or(0, |dossier| dossier.sequence);
        // Where a dossier stands is told to nobody who does not see it, or may not act on it.
        let begins = matches!(command, Command::Open { .. } | Command::ImportTrialFiling { .. });
        let dossier = facts.dossier.as_deref();
        let seen = dossier.map_or(begins, |dossier| access::may_read(actor, dossier).is_ok());
        if envelope.expected.is_some_and(|expected| expected != head) && seen {
            theirs(actor, command, dossier)?;
            return Err(OfficeError::MovedOn { head });
        }
        let ctx = facts.context(actor, &self.inner.number_format);
        let events = consortium::decide(id, dossier, command, &ctx)?;
        let stamp = Stamp { actor: actor.clone(), at: facts.now };
        let mut next = facts.dossier.as_deref().cloned();
        for event in &events {
            let folded = evolve::evolve(next, event, &stamp)
                .map_err(|fault| fault_of(id.as_str(), &fault))?;
            next = Some(folded);
        }
        let happened: Vec<String> = events.iter().map(consortium::Event::title).collect();
        let Some(next) = next else {
            return Err(Refusal::not_found("没有这一件", "核对链接，或从工作台进入").into());
        };
        let done = Done {
            id: id.to_string(),
            sequence: next.sequence,
            happened,
            stage: Some(next.stage_kind()),
        };
        if events.is_empty() && key.is_none() {
            return Ok(done);
        }
        let entries = events
            .iter()
            .map(|event| entry(event, event.clauses(), actor, &facts))
            .collect::<Result<Vec<_>>>()?;
        let tasks_of = |dossier: &_| task::tasks(dossier, &facts.calendar);
        let (known, tasks) = (dossier.map(tasks_of).unwrap_or_default(), tasks_of(&next));
        let append = Append {
            stream: id.to_string(),
            expected: head,
            entries,
            at_ms: facts.at_ms,
            command: key,
            answer: done.answer(),
            projection: projection::dossier(&next, &tasks, facts.at_ms),
            letters: [
                projection::letters(&known, &next, &tasks),
                projection::reminders(&events, &next, &tasks),
            ]
            .concat(),
            papers: papers_of(&events),
            linked: store::Linked::default(),
            files: events.iter().flat_map(consortium::Event::files).map(|d| d.0.clone()).collect(),
        };
        self.append(append).await?.map_or_else(
            || {
                self.inner.shelves.dossiers.put(id.as_str(), next.sequence, next);
                Ok(done)
            },
            Ok,
        )
    }

    /// Appends; `Some` is the answer of an earlier command under the same key.
    async fn append(&self, append: Append) -> Result<Option<Done>> {
        let stream = append.stream.clone();
        match self.inner.store.append(append, salt).await {
            Ok(Appended::Done(_)) => Ok(None),
            Ok(Appended::Repeated(answer)) => answered(&stream, &answer).map(Some),
            Err(StoreError::KeyReused) => Err(OfficeError::KeyReused),
            Err(error) => Err(error.into()),
        }
    }

    /// Carries a command out on the Department's affairs.
    pub async fn affairs_command(
        &self,
        actor: &Actor,
        command: &department::Command,
        envelope: Envelope,
    ) -> Result<Done> {
        let key = command_key(actor, AFFAIRS, command, &envelope);
        if let Some(done) = self.repeated(key.as_ref()).await? {
            return Ok(done);
        }
        for _ in 0..TRIES {
            match self.attempt_affairs(actor, command, key.clone()).await {
                Err(OfficeError::Store(StoreError::Conflict { .. })) => {}
                other => {
                    if other.is_ok()
                        && matches!(command, department::Command::ImportCalendar { .. })
                    {
                        self.refresh_tasks().await?;
                    }
                    return other;
                }
            }
        }
        Err(OfficeError::Store(StoreError::Busy))
    }

    async fn attempt_affairs(
        &self,
        actor: &Actor,
        command: &department::Command,
        key: Option<CommandKey>,
    ) -> Result<Done> {
        let (head, kept) = self.load_affairs().await?;
        let affairs = &kept.affairs;
        let now = self.inner.clock.zoned();
        let events = department::decide(affairs, command, actor, now.date())?;
        let next = events.iter().fold((**affairs).clone(), |affairs, event| {
            department::evolve(affairs, event, now.date())
        });
        let sequence = head + u64::try_from(events.len()).unwrap_or(u64::MAX);
        let done = Done {
            id: AFFAIRS.to_owned(),
            sequence,
            happened: events.iter().map(kind_of).collect(),
            stage: None,
        };
        if events.is_empty() && key.is_none() {
            return Ok(done);
        }
        let stamp = facts::Moment::of(&now);
        let entries = events
            .iter()
            .map(|event| entry_at(event, event.clauses(), actor, &stamp))
            .collect::<Result<Vec<_>>>()?;
        let append = Append {
            stream: AFFAIRS.to_owned(),
            expected: head,
            entries,
            at_ms: stamp.at_ms,
            command: key,
            answer: done.answer(),
            ..Append::default()
        };
        if let Some(earlier) = self.append(append).await? {
            return Ok(earlier);
        }
        self.inner.shelves.keep(next, sequence);
        Ok(done)
    }
}

/// Refuses what is not this actor's, whatever the stage.
fn theirs(actor: &Actor, command: &Command, dossier: Option<&Dossier>) -> Result<()> {
    match access::may(actor, command.verb(), dossier) {
        Err(refusal) if matches!(refusal.kind, RefusalKind::Forbidden | RefusalKind::NotFound) => {
            Err(refusal.into())
        }
        _ => Ok(()),
    }
}

/// The papers that events ask for, each by its place behind the head.
fn papers_of(events: &[consortium::Event]) -> Vec<(u64, String)> {
    let asked = (1..).zip(events).flat_map(|(after, event)| {
        papers::table::asked_by(event).iter().map(move |kind| (after, kind.key().to_owned()))
    });
    asked.collect()
}

/// The answer an earlier command had under the same key.
fn answered(stream: &str, answer: &Value) -> Result<Done> {
    Done::from_answer(answer).ok_or_else(|| {
        let why = format!("the answer kept for {stream} cannot be read");
        OfficeError::Store(StoreError::Corrupt(why))
    })
}

fn fault_of(stream: &str, fault: &evolve::JournalFault) -> OfficeError {
    OfficeError::Journal { stream: stream.to_owned(), why: fault.to_string() }
}

fn kind_of(event: &impl Serialize) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn entry(
    event: &impl Serialize,
    clauses: &[&str],
    actor: &Actor,
    facts: &facts::Facts,
) -> Result<Entry> {
    let moment = facts::Moment { at_ms: facts.at_ms, day: facts.now.date() };
    entry_at(event, clauses, actor, &moment)
}

fn entry_at(
    event: &impl Serialize,
    clauses: &[&str],
    actor: &Actor,
    moment: &facts::Moment,
) -> Result<Entry> {
    let unwritable = |source| OfficeError::Store(StoreError::Json { op: "write an event", source });
    let value = serde_json::to_value(event).map_err(unwritable)?;
    Ok(Entry {
        kind: value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned(),
        at_ms: moment.at_ms,
        day: moment.day.to_string(),
        actor: serde_json::to_value(actor).map_err(unwritable)?,
        clauses: clauses.iter().map(|&clause| clause.to_owned()).collect(),
        payload: value.get("payload").cloned().unwrap_or(Value::Null),
    })
}

/// What a command is known by when it comes again: the person, the key, and what was asked.
fn command_key(
    actor: &Actor,
    stream: &str,
    command: &impl Serialize,
    envelope: &Envelope,
) -> Option<CommandKey> {
    let key = envelope.key.clone()?;
    let asked = serde_json::to_vec(command).ok()?;
    // A new dossier's identifier is made for each request, so opening is known by its name alone.
    let stream = if asked.starts_with(br#"{"command":"open""#)
        || asked.starts_with(br#"{"command":"import_trial"#)
        || asked.starts_with(br#"{"command":"register""#)
    {
        "new"
    } else {
        stream
    };
    let mut hasher = Sha256::new();
    hasher.update(stream.as_bytes());
    hasher.update([0]);
    hasher.update(&asked);
    Some(CommandKey { actor: person_key(actor), key, request: hex::encode(hasher.finalize()) })
}

fn person_key(actor: &Actor) -> String {
    format!("{}|{}", actor.person, actor.reader_key())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}

fn salt() -> [u8; 16] {
    random()
}

/// Crockford's base 32, lower case: no letter that is read as another.
fn token(prefix: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes: [u8; 26] = random();
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    format!("{prefix}{}", letters.collect::<String>())
}

/// A new dossier's identifier: `d-` and 130 bits of chance.
pub fn new_dossier_id() -> DossierId {
    DossierId(token("d-"))
}

/// A new unit's identifier.
pub fn new_unit_id() -> UnitId {
    UnitId(token("u-"))
}

/// A new person's identifier.
pub fn new_person_id() -> PersonId {
    PersonId(token("p-"))
}
