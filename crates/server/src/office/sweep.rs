//! 日历走过 — asks every dossier whose day has come; and computes projections anew.
//!
//! The sweep has no logic: it names the day and asks. Run twice it does nothing more; after a
//! month's sleep one run catches up.

use consortium::{Command, actor::Actor, ids::DossierId};
use store::{Projection, Recorded};

use super::{Envelope, Office, OfficeError, Result, facts, projection};

/// How many dossiers are asked in one page.
const PAGE: i64 = 100;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Dossiers asked.
    pub asked: usize,
    /// Dossiers in which something happened.
    pub moved: usize,
    /// Dossiers that failed; they are due again tomorrow.
    pub failed: usize,
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
                    Ok(true) => swept.moved += 1,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::error!(error = %error, "a dossier could not be swept");
                        swept.failed += 1;
                    }
                }
            }
            after = Some(last);
        }
    }

    async fn day_passed(&self, id: &DossierId) -> Result<bool> {
        let actor = Actor::calendar();
        let done = self.perform(&actor, id, &Command::DayPassed {}, Envelope::default()).await?;
        Ok(!done.happened.is_empty())
    }

    /// Computes every projection anew from the journal; the tables come out equal.
    pub async fn rebuild(&self) -> Result<()> {
        let calendar = self.calendar().await?;
        self.inner
            .store
            .rebuild(move |stream: &str, journal: &[Recorded]| {
                projected(stream, journal, &calendar)
            })
            .await?;
        Ok(())
    }

    /// Computes tasks anew after a calendar year was imported.
    pub(super) async fn refresh_tasks(&self) -> Result<()> {
        self.rebuild().await
    }
}

/// The projection of one stream from its journal.
fn projected(
    stream: &str,
    journal: &[Recorded],
    calendar: &consortium::calendar::Calendar,
) -> Projection {
    let outcome = if stream.starts_with("d-") {
        let updated = journal.last().map_or(0, |recorded| recorded.at_ms);
        let folded = facts::fold(stream, journal);
        folded.map(|d| d.map(|dossier| projection::dossier(&dossier, calendar, updated)))
    } else if stream.starts_with("u-") {
        facts::fold_unit(journal).map(|u| u.map(|unit| projection::unit(&unit)))
    } else {
        Ok(None)
    };
    match outcome {
        Ok(projection) => projection.unwrap_or_default(),
        Err(error) => {
            report(stream, &error);
            Projection::default()
        }
    }
}

fn report(stream: &str, error: &OfficeError) {
    tracing::error!(stream, error = %error, "a journal does not fold");
}
