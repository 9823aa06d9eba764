//! One piece of work on its way to a database thread, and its answer on the way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Result, StoreError};
use crate::tx::{Engine, Row, Tx, Val};

/// What a database thread sees of an act.
pub(crate) trait Act: Send {
    /// Does the work; `true` when it is to be kept. May run again after `false` or a lost commit.
    fn run(&mut self, tx: &mut dyn Tx) -> bool;
    /// The error of the last run.
    fn error(&self) -> Option<&StoreError>;
    /// Tells the caller. `lost` says that the transaction around the act did not commit.
    fn answer(self: Box<Self>, lost: Option<StoreError>);
}

struct Asked<F, T, A> {
    work: F,
    outcome: Option<Result<T>>,
    answer: A,
}

impl<F, T, A> Act for Asked<F, T, A>
where
    F: FnMut(&mut dyn Tx) -> Result<T> + Send,
    T: Send,
    A: FnOnce(Result<T>) + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> bool {
        let mut watched = Watched { tx, failed: false };
        let work = AssertUnwindSafe(|| (self.work)(&mut watched));
        let mut outcome = catch_unwind(work)
            .unwrap_or_else(|panic| Err(StoreError::Panicked(words(panic.as_ref()))));
        if outcome.is_ok() && watched.failed {
            outcome = Err(StoreError::Aborted("the act ignored an error".into()));
        }
        let kept = outcome.is_ok();
        self.outcome = Some(outcome);
        kept
    }

    fn error(&self) -> Option<&StoreError> {
        self.outcome.as_ref()?.as_ref().err()
    }

    fn answer(self: Box<Self>, lost: Option<StoreError>) {
        let outcome = match (self.outcome, lost) {
            (Some(Err(error)), _) | (None | Some(Ok(_)), Some(error)) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(StoreError::Closed),
        };
        (self.answer)(outcome);
    }
}

/// Packs work and the way to answer it.
pub(crate) fn act<T: Send + 'static>(
    work: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    answer: impl FnOnce(Result<T>) + Send + 'static,
) -> Box<dyn Act> {
    Box::new(Asked { work, outcome: None, answer })
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Remembers that a statement failed: PostgreSQL would turn the commit into a rollback unasked.
struct Watched<'a> {
    tx: &'a mut dyn Tx,
    failed: bool,
}

impl Watched<'_> {
    fn watch<T>(&mut self, outcome: Result<T>) -> Result<T> {
        self.failed |= outcome.is_err();
        outcome
    }
}

impl Tx for Watched<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64> {
        let outcome = self.tx.exec(sql, args);
        self.watch(outcome)
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>> {
        let outcome = self.tx.rows(sql, args);
        self.watch(outcome)
    }

    fn engine(&self) -> Engine {
        self.tx.engine()
    }
}
