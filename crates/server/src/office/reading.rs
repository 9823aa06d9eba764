//! What pages and the API read: a dossier as an actor sees it, units, the Department's affairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use consortium::{
    Command, Context, Dossier, Event, Finding, Refusal, access,
    actor::{Actor, Side},
    agreement::{self, Round},
    calendar::Calendar,
    department::Affairs,
    evolve::{self, Stamp},
    ids::{DossierId, UnitId},
    materials::Party,
    measures,
    unit::{self, Profile, Unit},
    view::{self, DossierView, TimelineView},
};
use store::{RegisterQuery, StoreError, Tx, lists};

use jiff::civil::DateTime;
use store::{DossierQuery, DossierRow};

use super::facts::{self, Gathered};
use super::{Office, Result, projection};

/// A dossier opened by somebody who may read it.
pub struct Opened {
    /// The dossier itself: for building forms; never shown as it is.
    pub dossier: Arc<Dossier>,
    /// What this reader sees.
    pub view: DossierView,
}

/// Figures of the public home page, kept by projections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterFigures {
    /// Lines of the whole register, as far as lists count.
    pub listed: i64,
    /// 有效备案.
    pub live: i64,
    /// 单位 in live consortia, universities and institutes among them.
    pub parties: i64,
    /// 其中高校院所.
    pub academic: i64,
    /// 正在公示.
    pub on_notice: i64,
    /// By league code.
    pub leagues: BTreeMap<String, i64>,
    /// By year of filing, then field.
    pub years: BTreeMap<String, BTreeMap<String, i64>>,
}

/// An agreement that took effect: the dossier at that moment, and the events of its round.
pub struct SignedRound {
    /// The dossier at that moment.
    pub dossier: Dossier,
    /// The number of the change, where it is a supplement.
    pub supplement: Option<u32>,
    /// The sequence number of the event that locked the text.
    pub from: u64,
    /// The sequence number of the event by which it took effect.
    pub to: u64,
}

impl SignedRound {
    /// The round.
    pub fn round(&self) -> Option<&Round> {
        match self.supplement {
            None => self.dossier.materials.agreement.round.as_ref(),
            Some(_) => self.dossier.open_supplement().map(|(.., round)| round),
        }
    }

    /// Who signed, the lead first.
    pub fn parties(&self) -> Vec<&Party> {
        match self.supplement {
            None => agreement::in_order(&self.dossier.materials),
            Some(_) => self.dossier.signing_parties(),
        }
    }

    /// What they signed, byte for byte.
    pub fn text(&self) -> Option<String> {
        if self.supplement.is_none() {
            return super::signed_text(&self.dossier);
        }
        let (change, kept, _) = self.dossier.open_supplement()?;
        Some(agreement::supplement::canonical(&self.dossier, change, &kept.parties))
    }
}

/// One event of a dossier, with what stood before it and after it.
pub struct Occurred {
    /// The dossier before it; `None` for the first.
    pub before: Option<Dossier>,
    /// What happened.
    pub event: Event,
    /// Who did it and when.
    pub stamp: Stamp,
    /// The dossier after it.
    pub after: Dossier,
    /// What its units have registered, as it stands today.
    pub profiles: Profiles,
}

/// 登记信息 — what the parties of a dossier have registered, by unit.
pub type Profiles = BTreeMap<UnitId, Profile>;

/// One event of a unit's record, with what stood before it and after it.
pub struct UnitOccurred {
    /// The record before it; `None` for the first.
    pub before: Option<Unit>,
    /// What happened.
    pub event: unit::Event,
    /// Who did it and when.
    pub stamp: Stamp,
    /// The record after it.
    pub after: Unit,
}

/// Units read in one statement.
const UNITS_AT_ONCE: i64 = 500;

impl Office {
    /// 单位资料的历史 — everything that happened to a unit's record, newest first.
    pub async fn unit_history(&self, id: &UnitId) -> Result<Vec<UnitOccurred>> {
        let journal = self.inner.store.load(id.as_str()).await?;
        let (mut stands, mut history) = (None::<Unit>, Vec::with_capacity(journal.len()));
        for recorded in &journal {
            let event: unit::Event = facts::event_of(recorded)?;
            let stamp = facts::stamp_of(recorded)?;
            let after = unit::evolve(stands.clone(), &event, stamp.at.date());
            let Some(after) = after else {
                let why = format!("event {} does not fit", recorded.seq);
                return Err(super::OfficeError::Journal { stream: id.to_string(), why });
            };
            history.push(UnitOccurred { before: stands, event, stamp, after: after.clone() });
            stands = Some(after);
        }
        history.reverse();
        Ok(history)
    }

    /// Every unit's record, by name.
    pub async fn every_unit(&self) -> Result<Vec<Arc<Unit>>> {
        let (mut units, mut after) = (Vec::new(), None);
        loop {
            let rows = self.inner.store.units(None, after, UNITS_AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(units) };
            after = Some((last.name_key.clone(), last.id.clone()));
            for row in &rows {
                units.extend(self.unit_record(&UnitId::from(row.id.as_str())).await?);
            }
        }
    }

    /// One event of a dossier, read from the journal; `None` where there is no such event.
    pub async fn occurred(&self, id: &DossierId, sequence: u64) -> Result<Option<Occurred>> {
        let mut journal = self.inner.store.load(id.as_str()).await?;
        journal.retain(|recorded| recorded.seq <= sequence);
        let Some(last) = journal.pop().filter(|last| last.seq == sequence) else {
            return Ok(None);
        };
        let before = facts::fold(id.as_str(), &journal)?;
        let (event, stamp) = (facts::event_of(&last)?, facts::stamp_of(&last)?);
        let after = evolve::evolve(before.clone(), &event, &stamp)
            .map_err(|fault| super::fault_of(id.as_str(), &fault))?;
        let profiles = self.profiles(&after).await?;
        Ok(Some(Occurred { before, event, stamp, after, profiles }))
    }

    /// The agreement in force, or the supplement to a change, as it was when it took effect; `None`
    /// where none is.
    pub async fn signed_round(
        &self,
        id: &DossierId,
        supplement: Option<u32>,
    ) -> Result<Option<SignedRound>> {
        let journal = self.inner.store.load(id.as_str()).await?;
        let Some(now) = facts::fold(id.as_str(), &journal)? else { return Ok(None) };
        if supplement.is_none() && now.materials.agreement.effective_at().is_none() {
            return Ok(None);
        }
        let (mut from, mut to) = (None, None);
        for recorded in &journal {
            let event: Event = facts::event_of(recorded)?;
            match (event, supplement) {
                (Event::SigningStarted { .. }, None) => from = Some(recorded.seq),
                (Event::AgreementEffective { .. }, None) => to = from.zip(Some(recorded.seq)),
                (Event::SupplementLocked { no, .. }, Some(of)) if no == of => {
                    (from, to) = (Some(recorded.seq), None);
                }
                (Event::SupplementWritten { no, .. }, Some(of)) if no == of => to = None,
                (Event::SupplementEffective { no, .. }, Some(of)) if no == of => {
                    to = from.zip(Some(recorded.seq));
                }
                _ => {}
            }
        }
        let Some((from, to)) = to else { return Ok(None) };
        let until: Vec<_> = journal.into_iter().filter(|recorded| recorded.seq <= to).collect();
        let dossier = facts::fold(id.as_str(), &until)?;
        Ok(dossier.map(|dossier| SignedRound { dossier, supplement, from, to }))
    }

    /// The working-day calendar with every imported year.
    pub async fn calendar(&self) -> Result<Arc<Calendar>> {
        Ok(Arc::clone(&self.load_affairs().await?.1.calendar))
    }

    /// The Department's affairs.
    pub async fn affairs(&self) -> Result<Arc<Affairs>> {
        Ok(Arc::clone(&self.load_affairs().await?.1.affairs))
    }

    /// A unit's record.
    pub async fn unit_record(&self, id: &UnitId) -> Result<Option<Arc<Unit>>> {
        Ok(self.load_unit(id).await?.map(|(_, unit)| unit))
    }

    /// What the units of a dossier have registered.
    pub async fn profiles(&self, dossier: &Dossier) -> Result<Profiles> {
        let mut profiles = Profiles::new();
        for party in dossier.materials.standing() {
            if let Some(unit) = self.unit_record(&party.unit).await? {
                profiles.insert(party.unit.clone(), unit.profile.clone());
            }
        }
        Ok(profiles)
    }

    /// Opens a dossier as an actor sees it; one that is not the actor's answers as one that does
    /// not exist.
    pub async fn read(&self, actor: &Actor, id: &DossierId) -> Result<Opened> {
        let missing = || Refusal::not_found("没有这一件", "核对链接，或从工作台进入");
        let (dossier, calendar) = self.load_with_calendar(id).await?;
        let Some(dossier) = dossier else { return Err(missing().into()) };
        access::may_read(actor, &dossier)?;
        let view = view::view(&dossier, actor, &calendar);
        Ok(Opened { dossier, view })
    }

    /// The dossiers a reader may see, those that speak of a text where the reader may read it.
    ///
    /// A hit in the materials is none for somebody who was invited and declined, or who sits on a
    /// panel and does not read them yet or no more: it would tell what they say.
    pub async fn dossiers(
        &self,
        actor: &Actor,
        mut query: DossierQuery,
    ) -> Result<Vec<DossierRow>> {
        let mut rows = self.inner.store.dossiers(query.clone()).await?;
        let text = query.text.clone().filter(|text| !text.trim().is_empty());
        let (Some(text), Side::Unit(_) | Side::Expert) = (text, &actor.side) else {
            return Ok(rows);
        };
        let most = usize::try_from(query.limit).unwrap_or_default();
        let mut legible = Vec::new();
        loop {
            let all = rows.len() < most;
            query.after = rows.last().map(|row| (row.updated_ms, row.id.clone()));
            for row in rows {
                if self.speaks_to(actor, &row.id, &text).await? {
                    legible.push(row);
                }
            }
            if all || legible.len() >= most {
                legible.truncate(most);
                return Ok(legible);
            }
            rows = self.inner.store.dossiers(query.clone()).await?;
        }
    }

    /// Whether a dossier speaks of a text where this reader reads it.
    async fn speaks_to(&self, actor: &Actor, id: &str, text: &str) -> Result<bool> {
        let dossier = self.load_dossier(&DossierId::from(id)).await?;
        Ok(dossier.is_some_and(|dossier| {
            access::mask(actor, &dossier).materials
                || store::speaks(&projection::open_text(&dossier), text)
        }))
    }

    /// The timeline as an actor reads it.
    pub async fn timeline(&self, actor: &Actor, dossier: &Dossier) -> Result<Vec<TimelineView>> {
        let journal = self.inner.store.load(dossier.id.as_str()).await?;
        let folded: Vec<(Event, Stamp)> = journal
            .iter()
            .map(|recorded| Ok((facts::event_of(recorded)?, facts::stamp_of(recorded)?)))
            .collect::<Result<_>>()?;
        Ok(view::timeline(dossier, actor, folded.iter().map(|(event, stamp)| (event, stamp))))
    }

    /// 规则检查 — every rule applied now: the same panel for the applicant and the officer.
    pub async fn examine(&self, actor: &Actor, dossier: &Dossier) -> Result<Vec<Finding>> {
        if !access::mask(actor, dossier).materials {
            return Ok(vec![]);
        }
        let command = Command::Submit {};
        let Gathered::Facts(facts) = self.facts(actor, &dossier.id, &command, None).await? else {
            return Ok(vec![]);
        };
        let ctx = facts.context(actor, &self.inner.number_format);
        Ok(measures::examine(dossier, &ctx))
    }

    /// 申请前自查 — every rule on a dossier made of these events alone, of which nothing is kept.
    pub async fn examine_fiction(
        &self,
        events: &[Event],
        units: BTreeMap<UnitId, Unit>,
    ) -> Result<Vec<Finding>> {
        let now = self.inner.clock.zoned().datetime();
        let stamp = Stamp { actor: Actor::public(), at: now };
        let folded = events
            .iter()
            .try_fold(None, |dossier, event| evolve::evolve(dossier, event, &stamp).map(Some));
        let Some(dossier) = folded.map_err(|fault| super::fault_of("precheck", &fault))? else {
            return Ok(vec![]);
        };
        let calendar = self.calendar().await?;
        let nothing = facts::digest_of(b"");
        let ctx = Context {
            actor: &stamp.actor,
            now,
            calendar: &calendar,
            parameters: &dossier.parameters,
            units: &units,
            experts: &[],
            name_taken_by: None,
            reservations: 0,
            next_sequence: 0,
            number_format: &self.inner.number_format,
            agreement_digest: &nothing,
            proof: None,
            examined: None,
            package_digest: &nothing,
            seed: 0,
        };
        Ok(measures::examine(&dossier, &ctx))
    }

    /// 历次提交 — the dossier as it stood at each submission, oldest first.
    pub async fn submitted(&self, dossier: &Dossier) -> Result<Vec<(DateTime, Dossier)>> {
        let journal = self.inner.store.load(dossier.id.as_str()).await?;
        let (mut stands, mut submitted) = (None, Vec::new());
        for recorded in &journal {
            let event: Event = facts::event_of(recorded)?;
            let stamp = facts::stamp_of(recorded)?;
            let next = evolve::evolve(stands, &event, &stamp)
                .map_err(|fault| super::fault_of(dossier.id.as_str(), &fault))?;
            if matches!(event, Event::Submitted { .. } | Event::CorrectionSubmitted { .. }) {
                submitted.push((stamp.at, next.clone()));
            }
            stands = Some(next);
        }
        Ok(submitted)
    }

    /// The figures of the register.
    pub async fn figures(&self) -> Result<Arc<RegisterFigures>> {
        self.look(|tx, shelves| shelves.figures(tx)).await
    }

    /// The figures of the register, the calendar, and what else is read at the same moment.
    pub async fn with_figures<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(Arc<RegisterFigures>, Arc<Calendar>, T)> {
        self.look(move |tx, shelves| {
            let calendar = Arc::clone(&shelves.affairs(tx)?.1.calendar);
            Ok((shelves.figures(tx)?, calendar, work(tx)?))
        })
        .await
    }
}

impl RegisterFigures {
    pub(super) fn read(tx: &mut dyn Tx) -> Result<Self, StoreError> {
        let listed = lists::register_count(tx, &RegisterQuery::default())?;
        let mut figures = Self { listed, ..Self::default() };
        for (key, count) in lists::tallies(tx, "")? {
            let parts: Vec<&str> = key.split('/').collect();
            match parts.as_slice() {
                ["live"] => figures.live = count,
                ["party", kind] => {
                    figures.parties += count;
                    if matches!(*kind, "university" | "institute") {
                        figures.academic += count;
                    }
                }
                ["status", "on_notice"] => figures.on_notice = count,
                ["league", code] => {
                    figures.leagues.insert((*code).to_owned(), count);
                }
                ["filed", year, field] => {
                    let year = figures.years.entry((*year).to_owned()).or_default();
                    year.insert((*field).to_owned(), count);
                }
                _ => {}
            }
        }
        Ok(figures)
    }
}
