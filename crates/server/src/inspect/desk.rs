//! 检查台 — where inspections are made: a named number at once, each with a limit of time, none of
//! which takes the office down.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use store::Draft;
use tokio::sync::Semaphore;

use super::{Flaw, Kind, Watch, inspect};

/// Inspections at once: each takes a core.
pub const SLOTS: usize = 4;
/// How long one inspection may take; 200 MB take a few seconds.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The desk. Clones share it.
#[derive(Clone, Debug)]
pub struct Desk {
    slots: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new(SLOTS, PATIENCE)
    }
}

impl Desk {
    /// A desk with so many slots, and so much patience with each file.
    pub fn new(slots: usize, patience: Duration) -> Self {
        Self { slots: Arc::new(Semaphore::new(slots)), patience }
    }

    /// Looks at a draft that came under a name.
    pub async fn look(&self, draft: &Draft, name: &str) -> Result<Kind, Flaw> {
        let mut file = draft.reader().map_err(|_| Flaw::Unfinished)?;
        let name = name.to_owned();
        self.run(move |watch| inspect(&mut file, &name, watch)).await
    }

    /// Runs a work; one that crashes or takes too long is an inspection that was not finished.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Watch) -> Result<T, Flaw> + Send + 'static,
    ) -> Result<T, Flaw> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| Flaw::Unfinished)?;
        let watch = Watch::default();
        let seen = watch.clone();
        let working = tokio::task::spawn_blocking(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&seen)));
            // The slot is free when the work has really ended, not when nobody waits any more.
            drop(slot);
            outcome.unwrap_or_else(|_| {
                tracing::error!("an inspection crashed");
                Err(Flaw::Unfinished)
            })
        });
        if let Ok(outcome) = tokio::time::timeout(self.patience, working).await {
            return outcome.unwrap_or(Err(Flaw::Unfinished));
        }
        watch.stop();
        tracing::warn!("an inspection took too long");
        Err(Flaw::Unfinished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_crash_or_a_long_time_is_an_inspection_that_was_not_finished() {
        let desk = Desk::new(1, Duration::from_millis(50));
        let crashed = desk.run::<()>(|_| panic!("as a parser might")).await;
        assert_eq!(crashed, Err(Flaw::Unfinished));
        let endless = desk.run::<()>(|watch| {
            loop {
                watch.check()?;
            }
        });
        assert_eq!(endless.await, Err(Flaw::Unfinished));
        // The slot comes back once the work has seen that it is called off.
        assert_eq!(desk.run(|_| Ok(7)).await, Ok(7));
    }
}
