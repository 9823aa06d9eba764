//! What pages and the API read: a dossier as an actor sees it, units, the Department's affairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use consortium::{
    Command, Dossier, Event, Finding, Refusal, access,
    actor::Actor,
    calendar::Calendar,
    department::Affairs,
    evolve::Stamp,
    ids::{DossierId, UnitId},
    measures,
    unit::Unit,
    view::{self, DossierView, TimelineView},
};

use super::facts::{self, Gathered};
use super::{Office, Result};

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

impl Office {
    /// The working-day calendar with every imported year.
    pub async fn calendar(&self) -> Result<Calendar> {
        Ok((*self.load_affairs().await?.1.calendar).clone())
    }

    /// The Department's affairs.
    pub async fn affairs(&self) -> Result<Arc<Affairs>> {
        Ok(Arc::clone(&self.load_affairs().await?.1.affairs))
    }

    /// A unit's record.
    pub async fn unit_record(&self, id: &UnitId) -> Result<Option<Arc<Unit>>> {
        Ok(self.load_unit(id).await?.map(|(_, unit)| unit))
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

    /// The figures of the register.
    pub async fn figures(&self) -> Result<RegisterFigures> {
        let mut figures = RegisterFigures::default();
        for (key, count) in self.inner.store.tallies("").await? {
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
