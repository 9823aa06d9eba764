//! The facts of the day, gathered for one decision: dossier, units, roster, names and numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use consortium::{
    Command, Context, Dossier, Event,
    actor::Actor,
    agreement,
    calendar::Calendar,
    command::Relation,
    department::{self, Affairs, Expert},
    evolve::{self, Stamp},
    ids::{Digest, DossierId, UnitId},
    name,
    parameter::Parameters,
    unit::{self, Unit},
};
use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Recorded, StoreError};

use super::{AFFAIRS, Office, OfficeError, Result, random};

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
    pub(super) calendar: Calendar,
    parameters: Parameters,
    units: BTreeMap<UnitId, Unit>,
    experts: Vec<Expert>,
    name_taken_by: Option<String>,
    next_sequence: u32,
    agreement_digest: Digest,
    package_digest: Digest,
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
            next_sequence: self.next_sequence,
            number_format,
            agreement_digest: &self.agreement_digest,
            package_digest: &self.package_digest,
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
    });
    let bytes = serde_json_canonicalizer::to_vec(&package).unwrap_or_default();
    digest_of(&bytes)
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

impl Office {
    /// A dossier as it stands; `None` where there is none.
    pub(super) async fn load_dossier(&self, id: &DossierId) -> Result<Option<Arc<Dossier>>> {
        let Some(head) = self.inner.store.head(id.as_str()).await? else { return Ok(None) };
        if let Some(kept) = self.inner.dossiers.get(id.as_str(), head.seq) {
            return Ok(Some(kept));
        }
        let journal = self.inner.store.load(id.as_str()).await?;
        let folded = fold(id.as_str(), &journal)?;
        Ok(folded.map(|dossier| self.inner.dossiers.put(id.as_str(), dossier.sequence, dossier)))
    }

    /// A unit's record with its sequence.
    pub(super) async fn load_unit(&self, id: &UnitId) -> Result<Option<(u64, Arc<Unit>)>> {
        let Some(head) = self.inner.store.head(id.as_str()).await? else { return Ok(None) };
        if let Some(kept) = self.inner.units.get(id.as_str(), head.seq) {
            return Ok(Some((head.seq, kept)));
        }
        let journal = self.inner.store.load(id.as_str()).await?;
        let folded = fold_unit(&journal)?;
        Ok(folded.map(|unit| (head.seq, self.inner.units.put(id.as_str(), head.seq, unit))))
    }

    /// The Department's affairs with their sequence.
    pub(super) async fn load_affairs(&self) -> Result<(u64, Arc<Affairs>)> {
        let Some(head) = self.inner.store.head(AFFAIRS).await? else {
            return Ok((0, Arc::new(Affairs::default())));
        };
        if let Some(kept) = self.inner.affairs.get(AFFAIRS, head.seq) {
            return Ok((head.seq, kept));
        }
        let affairs = fold_affairs(&self.inner.store.load(AFFAIRS).await?)?;
        Ok((head.seq, self.inner.affairs.put(AFFAIRS, head.seq, affairs)))
    }

    /// Gathers what a decision looks at.
    pub(super) async fn facts(
        &self,
        actor: &Actor,
        id: &DossierId,
        command: &Command,
    ) -> Result<Facts> {
        let dossier = self.load_dossier(id).await?;
        let (_, affairs) = self.load_affairs().await?;
        let now = self.inner.clock.zoned();
        let mut wanted: Vec<UnitId> = command.named_units().into_iter().cloned().collect();
        wanted.extend(actor.unit().cloned());
        if let Some(dossier) = &dossier {
            wanted.extend(dossier.materials.parties.iter().map(|party| party.unit.clone()));
            let changes = dossier.register_entry().map(|filed| filed.changes.iter());
            let open = changes.into_iter().flatten().filter(|change| change.decided.is_none());
            wanted.extend(open.filter_map(|change| change.content.unit.clone()));
        }
        let by_department =
            command.verb().by == Relation::Department || command.verb().by == Relation::Seat;
        let (agreement_digest, package_digest) = dossier.as_deref().map_or_else(
            || (digest_of(b""), digest_of(b"")),
            |dossier| {
                (
                    digest_of(agreement::canonical(&dossier.materials).as_bytes()),
                    package_digest(dossier),
                )
            },
        );
        Ok(Facts {
            now: now.datetime(),
            at_ms: now.timestamp().as_millisecond(),
            calendar: affairs.calendar(self.inner.calendar.clone()),
            parameters: affairs.parameters_on(now.date()),
            units: self.units(wanted).await?,
            experts: if by_department { affairs.experts.clone() } else { vec![] },
            name_taken_by: self.name_taken(id, command).await?,
            next_sequence: self.next_sequence(command, now.date()).await?,
            agreement_digest,
            package_digest,
            seed: u64::from_le_bytes(random()) & SEED_MASK,
            dossier,
        })
    }

    async fn units(&self, mut wanted: Vec<UnitId>) -> Result<BTreeMap<UnitId, Unit>> {
        wanted.sort();
        wanted.dedup();
        let mut units = BTreeMap::new();
        for id in wanted {
            if let Some((_, unit)) = self.load_unit(&id).await? {
                units.insert(id, (*unit).clone());
            }
        }
        Ok(units)
    }

    /// Who holds the name a command asks for, unless it is this dossier itself.
    async fn name_taken(&self, id: &DossierId, command: &Command) -> Result<Option<String>> {
        let Some(wanted) = command.wanted_name() else { return Ok(None) };
        let Some(holder) = self.inner.store.claimed("name", &name::key(wanted)).await? else {
            return Ok(None);
        };
        if holder == id.as_str() {
            return Ok(None);
        }
        let row = self.inner.store.dossier(&holder).await?;
        Ok(Some(row.map_or_else(|| "另一件".to_owned(), |row| row.name)))
    }

    async fn next_sequence(&self, command: &Command, today: Date) -> Result<u32> {
        if !matches!(command, Command::File {}) {
            return Ok(1);
        }
        let highest = self.inner.store.highest(&format!("number:{}", today.year())).await?;
        Ok(u32::try_from(highest).unwrap_or(u32::MAX).saturating_add(1))
    }
}
