//! The facts of the day, gathered for one decision: dossier, units, roster, names and numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use consortium::{
    Command, Context, Dossier, Event,
    actor::Actor,
    agreement::{self, Proof, supplement},
    calendar::Calendar,
    command::Relation,
    department::{self, Affairs, Expert},
    evolve::{self, Stamp},
    ids::{Digest, DossierId, UnitId},
    materials::Materials,
    name,
    parameter::Parameters,
    sealed::Examined,
    unit::{self, Unit},
};
use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{CommandKey, Recorded, StoreError, Tx, journal};

use super::cache::Cache;
use super::{AFFAIRS, Office, OfficeError, RegisterFigures, Result};

/// A seed stays below 2^53: larger whole numbers are no JSON numbers everywhere (RFC 8785).
const SEED_MASK: u64 = (1 << 53) - 1;

/// When something happens: the instant and the legal day.
pub(super) struct Moment {
    pub(super) at_ms: i64,
    pub(super) day: Date,
}

impl Moment {
    pub(super) fn of(now: &Zoned) -> Self {
        Self { at_ms: now.timestamp().as_millisecond(), day: now.date() }
    }
}

/// Everything one decision looks at.
pub(super) struct Facts {
    pub(super) dossier: Option<Arc<Dossier>>,
    pub(super) now: DateTime,
    pub(super) at_ms: i64,
    pub(super) calendar: Arc<Calendar>,
    parameters: Parameters,
    units: BTreeMap<UnitId, Unit>,
    experts: Vec<Expert>,
    name_taken_by: Option<String>,
    reservations: u32,
    next_sequence: u32,
    agreement_digest: Digest,
    package_digest: Digest,
    proof: Option<std::result::Result<Proof, String>>,
    examined: Option<std::result::Result<Examined, String>>,
    seed: u64,
}

impl Facts {
    /// The facts as the law takes them.
    pub(super) fn context<'a>(&'a self, actor: &'a Actor, number_format: &'a str) -> Context<'a> {
        Context {
            actor,
            now: self.now,
            calendar: &self.calendar,
            parameters: &self.parameters,
            units: &self.units,
            experts: &self.experts,
            name_taken_by: self.name_taken_by.as_deref(),
            reservations: self.reservations,
            next_sequence: self.next_sequence,
            number_format,
            agreement_digest: &self.agreement_digest,
            package_digest: &self.package_digest,
            proof: self.proof.as_ref(),
            examined: self.examined.as_ref(),
            seed: self.seed,
        }
    }
}

/// SHA-256 of bytes.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest(hex::encode(Sha256::digest(bytes)))
}

/// Digest of form, agreement and attachments: what a submission freezes.
pub fn package_digest(dossier: &Dossier) -> Digest {
    let materials = &dossier.materials;
    let package = json!({
        "agreement": agreement::canonical(materials),
        "attachments": materials.attachments,
        "basics": materials.basics,
        "goals": materials.goals,
        "indicators": materials.indicators,
        "inputs": materials.inputs,
        "lead": materials.lead,
        "members": materials.members,
        "name": materials.name,
        "parties": materials.parties,
        "platforms": materials.platforms,
        "special": materials.special,
        "technologies": materials.technologies,
        "truthful": materials.truthful,
        "work": materials.work,
        "rest": rest(materials),
    });
    let bytes = serde_json_canonicalizer::to_vec(&package).unwrap_or_default();
    digest_of(&bytes)
}

/// What later forms added.
fn rest(materials: &Materials) -> Value {
    json!({
        "conditions": materials.conditions,
        "funding": materials.funding,
        "organisation": materials.organisation,
        "plan": materials.plan,
        "promise": materials.promise,
        "promises": materials.promises,
        "rights": materials.rights,
        "safeguards": materials.safeguards,
        "units": materials.units,
        "yearly": materials.yearly,
    })
}

/// Reads an event back from the journal.
pub(super) fn event_of<T: DeserializeOwned>(recorded: &Recorded) -> Result<T> {
    let tagged = if recorded.payload.is_null() {
        json!({"kind": recorded.kind})
    } else {
        json!({"kind": recorded.kind, "payload": recorded.payload})
    };
    read(tagged)
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value)
        .map_err(|source| StoreError::Json { op: "read an event", source }.into())
}

/// Reads who and when back from the journal.
pub(super) fn stamp_of(recorded: &Recorded) -> Result<Stamp> {
    let at = jiff::Timestamp::from_millisecond(recorded.at_ms)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let at = at.to_zoned(crate::clock::zone()).datetime();
    Ok(Stamp { actor: read(recorded.actor.clone())?, at })
}

/// Folds a dossier's journal.
pub(super) fn fold(stream: &str, journal: &[Recorded]) -> Result<Option<Dossier>> {
    let mut dossier = None;
    for recorded in journal {
        let event: Event = event_of(recorded)?;
        let stamp = stamp_of(recorded)?;
        let folded = evolve::evolve(dossier, &event, &stamp).map_err(|fault| {
            OfficeError::Journal { stream: stream.to_owned(), why: fault.to_string() }
        })?;
        dossier = Some(folded);
    }
    Ok(dossier)
}

/// Folds a unit's journal.
pub(super) fn fold_unit(journal: &[Recorded]) -> Result<Option<Unit>> {
    let mut folded = None;
    for recorded in journal {
        let event: unit::Event = event_of(recorded)?;
        folded = unit::evolve(folded, &event, stamp_of(recorded)?.at.date());
    }
    Ok(folded)
}

pub(super) fn fold_affairs(journal: &[Recorded]) -> Result<Affairs> {
    let mut affairs = Affairs::default();
    for recorded in journal {
        let event: department::Event = event_of(recorded)?;
        affairs = department::evolve(affairs, &event, stamp_of(recorded)?.at.date());
    }
    Ok(affairs)
}

/// Everything that was folded, kept as long as its head stands.
pub(super) struct Shelves {
    pub(super) dossiers: Cache<Dossier>,
    pub(super) units: Cache<Unit>,
    pub(super) affairs: Cache<Kept>,
    /// The figures of the register as of an entry of the journal: nothing else moves them.
    figures: Cache<RegisterFigures>,
    /// The calendar before any year was imported.
    base: Calendar,
}

/// The Department's affairs, with the calendar that follows from them.
pub(super) struct Kept {
    pub(super) affairs: Arc<Affairs>,
    pub(super) calendar: Arc<Calendar>,
}

impl Shelves {
    pub(super) fn new(base: Calendar) -> Self {
        let (dossiers, units, affairs, figures) = Default::default();
        Self { dossiers, units, affairs, figures, base }
    }

    pub(super) fn keep(&self, affairs: Affairs, sequence: u64) -> Arc<Kept> {
        let calendar = Arc::new(affairs.calendar(self.base.clone()));
        self.affairs.put(AFFAIRS, sequence, Kept { affairs: Arc::new(affairs), calendar })
    }

    /// A dossier as it stands; `None` where there is none.
    fn dossier(&self, tx: &mut dyn Tx, id: &DossierId) -> Result<Option<Arc<Dossier>>> {
        if !names(id.as_str(), "d-") {
            return Ok(None);
        }
        let Some(sequence) = sequence(tx, id.as_str())? else { return Ok(None) };
        if let Some(kept) = self.dossiers.get(id.as_str(), sequence) {
            return Ok(Some(kept));
        }
        let folded = fold(id.as_str(), &journal::load(tx, id.as_str())?)?;
        Ok(folded.map(|dossier| self.dossiers.put(id.as_str(), dossier.sequence, dossier)))
    }

    /// A unit's record with its sequence.
    fn unit(&self, tx: &mut dyn Tx, id: &UnitId) -> Result<Option<(u64, Arc<Unit>)>> {
        if !names(id.as_str(), "u-") {
            return Ok(None);
        }
        let Some(sequence) = sequence(tx, id.as_str())? else { return Ok(None) };
        if let Some(kept) = self.units.get(id.as_str(), sequence) {
            return Ok(Some((sequence, kept)));
        }
        let folded = fold_unit(&journal::load(tx, id.as_str())?)?;
        Ok(folded.map(|unit| (sequence, self.units.put(id.as_str(), sequence, unit))))
    }

    /// The figures of the register as they stand.
    pub(super) fn figures(&self, tx: &mut dyn Tx) -> Result<Arc<RegisterFigures>> {
        const REGISTER: &str = "register";
        let (index, _) = journal::chain(tx)?;
        let index = u64::try_from(index).unwrap_or_default();
        if let Some(kept) = self.figures.get(REGISTER, index) {
            return Ok(kept);
        }
        Ok(self.figures.put(REGISTER, index, RegisterFigures::read(tx)?))
    }

    /// The Department's affairs with their sequence.
    pub(super) fn affairs(&self, tx: &mut dyn Tx) -> Result<(u64, Arc<Kept>)> {
        let sequence = sequence(tx, AFFAIRS)?.unwrap_or(0);
        if let Some(kept) = self.affairs.get(AFFAIRS, sequence) {
            return Ok((sequence, kept));
        }
        let affairs = fold_affairs(&journal::load(tx, AFFAIRS)?)?;
        Ok((sequence, self.keep(affairs, sequence)))
    }
}

/// Letters of the longest name of a stream.
const STREAM_MAX: usize = 64;

/// Whether a text can name a stream of this kind: what another kind of journal is called names
/// nothing here, nor does what no store can hold.
fn names(id: &str, prefix: &str) -> bool {
    let seen = id.bytes().all(|byte| byte.is_ascii_graphic());
    id.len() <= STREAM_MAX && id.starts_with(prefix) && seen
}

/// Where a stream stands; `None` when nothing was ever written to it.
fn sequence(tx: &mut dyn Tx, stream: &str) -> Result<Option<u64>> {
    Ok(journal::head(tx, stream)?.map(|head| head.seq))
}

/// What a decision asks the memory for, besides the dossier itself.
struct Wanted {
    id: DossierId,
    /// Who asks, and whom the command names.
    units: Vec<UnitId>,
    name: Option<String>,
    /// Where in the dossier the name stands that a command asks for without saying it.
    said: Option<Said>,
    /// Whose open reservations are counted.
    holder: Option<UnitId>,
    /// The kind of the register number to be given.
    number: Option<String>,
    key: Option<CommandKey>,
}

/// What the memory answers: all of it as of one moment.
enum Found {
    /// The command was carried out before, with this answer.
    Repeated(Value),
    Fresh {
        dossier: Option<Arc<Dossier>>,
        affairs: Arc<Kept>,
        units: BTreeMap<UnitId, Unit>,
        name_taken_by: Option<String>,
        reservations: u32,
        highest: i64,
    },
}

/// Where a name stands that a command asks for and does not say.
#[derive(Clone, Copy)]
enum Said {
    /// 续留名称: the dossier's own.
    Own,
    /// 办结变更: the one a change proposes, which another may have taken since it was reported.
    Proposed,
}

impl Said {
    fn of(command: &Command) -> Option<Self> {
        match command {
            Command::ReserveName {} => Some(Self::Own),
            Command::DecideChange { .. } => Some(Self::Proposed),
            _ => None,
        }
    }
}

impl Wanted {
    fn name_in(&self, dossier: &Dossier) -> Option<String> {
        match self.said? {
            Said::Own => Some(dossier.materials.name.clone()),
            Said::Proposed => {
                let changes = &dossier.register_entry()?.changes;
                let open = changes.iter().find(|change| change.decided.is_none())?;
                open.content.new_name.clone()
            }
        }
    }

    fn find(&self, tx: &mut dyn Tx, shelves: &Shelves) -> Result<Found> {
        if let Some(key) = &self.key
            && let Some(answer) = store::append::answered(tx, key)?
        {
            return Ok(Found::Repeated(answer));
        }
        let dossier = shelves.dossier(tx, &self.id)?;
        let parties = dossier.iter().flat_map(|dossier| &dossier.materials.parties);
        // A change that is decided now names a unit of its own.
        let changes = dossier.iter().filter_map(|d| d.register_entry()).flat_map(|f| &f.changes);
        let changing = changes
            .filter(|change| change.decided.is_none())
            .filter_map(|change| change.content.unit.as_ref());
        let wanted: BTreeSet<&UnitId> =
            self.units.iter().chain(parties.map(|party| &party.unit)).chain(changing).collect();
        let mut units = BTreeMap::new();
        for id in wanted {
            if let Some((_, unit)) = shelves.unit(tx, id)? {
                units.insert(id.clone(), (*unit).clone());
            }
        }
        let (_, affairs) = shelves.affairs(tx)?;
        let highest =
            self.number.as_deref().map_or(Ok(0), |kind| store::lists::highest(tx, kind))?;
        let wanted = self.name.clone().or_else(|| self.name_in(dossier.as_deref()?));
        let name_taken_by = self.name_taken(tx, wanted)?;
        let reservations = match &self.holder {
            Some(unit) => store::lists::reservations(tx, unit.as_str())?,
            None => 0,
        };
        let reservations = u32::try_from(reservations).unwrap_or(u32::MAX);
        Ok(Found::Fresh { dossier, affairs, units, name_taken_by, reservations, highest })
    }

    /// Who holds the name a command asks for, unless it is this dossier itself.
    fn name_taken(&self, tx: &mut dyn Tx, wanted: Option<String>) -> Result<Option<String>> {
        let Some(wanted) = wanted else { return Ok(None) };
        let holder = store::projection::claimed(tx, "name", &name::key(&wanted))?;
        let Some(holder) = holder.filter(|holder| *holder != self.id.as_str()) else {
            return Ok(None);
        };
        let row = store::lists::dossier(tx, &holder)?;
        Ok(Some(row.map_or_else(|| "另一件".to_owned(), |row| row.name)))
    }
}

/// What a decision looks at, or the answer it had before.
pub(super) enum Gathered {
    /// The answer of an earlier command under the same key.
    Repeated(Value),
    Facts(Box<Facts>),
}

impl Office {
    /// Reads in one transaction, with what is kept.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Tx, &Shelves) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let shelves = Arc::clone(&self.inner.shelves);
        let read = self.inner.store.read(move |tx| match work(tx, &shelves) {
            // A failed statement has spent the transaction; everything else is an answer.
            Err(OfficeError::Store(error)) => Err(error),
            other => Ok(other),
        });
        read.await?
    }

    /// A dossier as it stands; `None` where there is none.
    pub(super) async fn load_dossier(&self, id: &DossierId) -> Result<Option<Arc<Dossier>>> {
        let id = id.clone();
        self.look(move |tx, shelves| shelves.dossier(tx, &id)).await
    }

    /// A unit's record with its sequence.
    pub(super) async fn load_unit(&self, id: &UnitId) -> Result<Option<(u64, Arc<Unit>)>> {
        let id = id.clone();
        self.look(move |tx, shelves| shelves.unit(tx, &id)).await
    }

    /// The Department's affairs with their sequence.
    pub(super) async fn load_affairs(&self) -> Result<(u64, Arc<Kept>)> {
        self.look(|tx, shelves| shelves.affairs(tx)).await
    }

    /// A dossier and the calendar, as of one moment.
    pub(super) async fn load_with_calendar(
        &self,
        id: &DossierId,
    ) -> Result<(Option<Arc<Dossier>>, Arc<Calendar>)> {
        let id = id.clone();
        self.look(move |tx, shelves| {
            let dossier = shelves.dossier(tx, &id)?;
            Ok((dossier, Arc::clone(&shelves.affairs(tx)?.1.calendar)))
        })
        .await
    }

    /// Gathers what a decision looks at, in one read.
    pub(super) async fn facts(
        &self,
        actor: &Actor,
        id: &DossierId,
        command: &Command,
        key: Option<CommandKey>,
    ) -> Result<Gathered> {
        let now = self.inner.clock.zoned();
        let files = matches!(command, Command::File {});
        let wanted = Wanted {
            id: id.clone(),
            units: command.named_units().into_iter().chain(actor.unit()).cloned().collect(),
            name: command.wanted_name().map(str::to_owned),
            said: Said::of(command),
            holder: holds(command).then(|| actor.unit().cloned()).flatten(),
            number: files.then(|| format!("number:{}", now.year())),
            key,
        };
        let found = self.look(move |tx, shelves| wanted.find(tx, shelves)).await?;
        let (dossier, affairs, units, name_taken_by, reservations, highest) = match found {
            Found::Repeated(answer) => return Ok(Gathered::Repeated(answer)),
            Found::Fresh { dossier, affairs, units, name_taken_by, reservations, highest } => {
                (dossier, affairs, units, name_taken_by, reservations, highest)
            }
        };
        let by_department =
            command.verb().by == Relation::Department || command.verb().by == Relation::Seat;
        let (agreement_digest, package_digest) = digests(command, dossier.as_deref(), &units);
        let (proof, examined) = match &dossier {
            Some(dossier) => (
                self.proven(actor, dossier, command, now.datetime()).await?,
                Box::pin(self.examined(actor, dossier, command)).await?,
            ),
            None => (None, None),
        };
        Ok(Gathered::Facts(Box::new(Facts {
            now: now.datetime(),
            at_ms: now.timestamp().as_millisecond(),
            calendar: Arc::clone(&affairs.calendar),
            parameters: affairs.affairs.parameters_on(now.date()),
            units,
            experts: if by_department { affairs.affairs.experts.clone() } else { vec![] },
            name_taken_by,
            reservations,
            next_sequence: u32::try_from(highest).unwrap_or(u32::MAX).saturating_add(1),
            agreement_digest,
            package_digest,
            proof,
            examined,
            seed: (self.inner.chance)() & SEED_MASK,
            dossier,
        })))
    }
}

/// Commands that take a name for an application.
const fn holds(command: &Command) -> bool {
    matches!(command, Command::Open { .. } | Command::ReserveName {})
}

/// The digests of agreement and package, for the commands that freeze one of them.
fn digests(
    command: &Command,
    dossier: Option<&Dossier>,
    units: &BTreeMap<UnitId, Unit>,
) -> (Digest, Digest) {
    let Some(dossier) = dossier else { return (digest_of(b""), digest_of(b"")) };
    if let (Command::LockSupplement {}, Some(change)) = (command, dossier.open_change()) {
        let parties = supplement::parties(dossier, change, units);
        let text = supplement::canonical(dossier, change, &parties);
        return (digest_of(text.as_bytes()), digest_of(b""));
    }
    let locks = matches!(command, Command::StartSigning {});
    let freezes = matches!(command, Command::Submit {} | Command::SubmitCorrection {});
    (
        if locks {
            digest_of(agreement::canonical(&dossier.materials).as_bytes())
        } else {
            digest_of(b"")
        },
        if freezes { package_digest(dossier) } else { digest_of(b"") },
    )
}
