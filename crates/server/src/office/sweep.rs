//! 日历走过 — asks every dossier whose day has come; and computes projections anew.
//!
//! The sweep has no logic: it names the day and asks. Run twice it does nothing more; after a
//! month's sleep one run catches up.

use std::sync::{Arc, Mutex, PoisonError};

use consortium::{Command, actor::Actor, calendar::Calendar, ids::DossierId, task};
use store::{Projection, Recorded, StoreError};

use super::{Envelope, Office, OfficeError, Result, facts, projection};

/// How many dossiers are asked in one page.
const PAGE: i64 = 100;

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Dossiers asked.
    pub asked: usize,
    /// Dossiers in which something happened.
    pub moved: Vec<Moved>,
    /// Dossiers that failed; they are due again at the next sweep.
    pub failed: usize,
}

/// A dossier in which something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The dossier.
    pub id: DossierId,
    /// 联合体名称.
    pub name: String,
    /// Titles of what happened.
    pub happened: Vec<String>,
}

impl Office {
    /// Asks every dossier whose day has come, as of the clock's today.
    pub async fn sweep(&self) -> Result<Swept> {
        let today = self.inner.clock.today().to_string();
        let mut swept = Swept::default();
        let mut after: Option<(String, String)> = None;
        loop {
            let page = self.inner.store.due_after(&today, after.clone(), PAGE).await?;
            let Some(last) = page.last().cloned() else { return Ok(swept) };
            for (_, id) in page {
                swept.asked += 1;
                match self.day_passed(&DossierId(id)).await {
                    Ok(moved) => swept.moved.extend(moved),
                    Err(error) => {
                        tracing::error!(error = %error, "a dossier could not be swept");
                        swept.failed += 1;
                    }
                }
            }
            after = Some(last);
        }
    }

    async fn day_passed(&self, id: &DossierId) -> Result<Option<Moved>> {
        let actor = Actor::calendar();
        let done = self.perform(&actor, id, &Command::DayPassed {}, Envelope::default()).await?;
        if done.happened.is_empty() {
            return Ok(None);
        }
        let dossier = self.load_dossier(id).await?;
        let name = dossier.map(|dossier| dossier.materials.name.clone()).unwrap_or_default();
        Ok(Some(Moved { id: id.clone(), name, happened: done.happened }))
    }

    /// Computes every projection anew from the journal; returns of how many streams.
    ///
    /// # Errors
    /// [`OfficeError::Journal`] where a journal does not fold; the tables stay as they were.
    pub async fn rebuild(&self) -> Result<u64> {
        let calendar = self.calendar().await?;
        // What the store is told is one sentence; the caller gets the fault itself.
        let broken = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&broken);
        let rebuilt = self.inner.store.rebuild(move |stream: &str, journal: &[Recorded]| {
            projected(stream, journal, &calendar).map_err(|error| {
                let why = StoreError::Aborted(format!("{stream} does not fold"));
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                why
            })
        });
        rebuilt.await.map_err(|error| {
            let broken = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
            broken.unwrap_or(OfficeError::Store(error))
        })
    }

    /// Folds every journal anew, whatever is kept; returns how many.
    ///
    /// # Errors
    /// [`OfficeError::Journal`] names the first that does not fold.
    pub async fn fold_all(&self) -> Result<u64> {
        let calendar = self.calendar().await?;
        let mut folded = 0;
        let mut after: Option<String> = None;
        loop {
            let page = self.inner.store.streams("", after.as_deref(), PAGE).await?;
            let Some(last) = page.last().cloned() else { return Ok(folded) };
            for stream in page {
                let journal = self.inner.store.load(&stream).await?;
                projected(&stream, &journal, &calendar)?;
                folded += 1;
            }
            after = Some(last);
        }
    }

    /// Computes tasks anew after a calendar year was imported.
    pub(super) async fn refresh_tasks(&self) -> Result<()> {
        self.rebuild().await.map(drop)
    }
}

/// The projection of one stream from its journal.
fn projected(stream: &str, journal: &[Recorded], calendar: &Calendar) -> Result<Projection> {
    let broken = |error: OfficeError| match error {
        OfficeError::Store(why) => {
            OfficeError::Journal { stream: stream.to_owned(), why: words(&why) }
        }
        other => other,
    };
    let projection = if stream.starts_with("d-") {
        let updated_ms = journal.last().map_or(0, |recorded| recorded.at_ms);
        let dossier = facts::fold(stream, journal).map_err(broken)?;
        dossier.map(|dossier| {
            projection::dossier(&dossier, &task::tasks(&dossier, calendar), updated_ms)
        })
    } else if stream.starts_with("u-") {
        facts::fold_unit(journal).map_err(broken)?.map(|unit| projection::unit(&unit))
    } else {
        facts::fold_affairs(journal).map_err(broken)?;
        None
    };
    Ok(projection.unwrap_or_default())
}

/// What the store says, with its cause.
fn words(error: &StoreError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}
