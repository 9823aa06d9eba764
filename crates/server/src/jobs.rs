//! 定时任务 — what happens by itself while the office is open: once an hour, the calendar passes
//! and what has run out is cleared away.
//!
//! Beside it, ordered papers are made ([`crate::papers::press`]).
//!
//! Nothing here decides anything: the sweep asks through the office, the rest forgets what no
//! longer counts. A run that fails is logged and comes again with the next hour.

use std::time::{Duration, SystemTime};

use consortium::dossier::StageKind;
use store::StoreError;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::drafts::{LEFT_MS, PRESENT_MS};
use crate::office::{Office, Swept};
use crate::papers::press;
use crate::recovery::RESET_MS;
use crate::state::AppState;

/// Between two runs: a legal day that has come is noticed within the hour.
const EVERY: Duration = Duration::from_hours(1);
/// How long a key is remembered: a weekend and a day, longer than any client tries again.
pub const KEYS_KEPT_MS: i64 = 72 * 60 * 60 * 1000;

/// Files that nothing names are kept so long: whoever uploads today may attach next week.
pub const UNUSED_KEPT_MS: i64 = 7 * DAY_MS;
/// Every file is read again within this time.
pub const SCRUB_EVERY_MS: i64 = 7 * DAY_MS;
/// Bytes of files that one run reads: 200 runs a week read some 4 TB.
const SCRUB_BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// A draft that was not written to for so long was left by a killed process.
const DRAFT_KEPT: Duration = Duration::from_hours(24);
/// Between two steps of a scrub somebody may stop it.
const SCRUB_STEP: u64 = 1024 * 1024 * 1024;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The work in the background; it ends with [`Jobs::stop`].
#[derive(Debug)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: [JoinHandle<()>; 2],
}

/// What one run cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Keys of commands that are old.
    pub keys: u64,
    /// Sessions and tokens that have run out.
    pub access: u64,
    /// Files that nothing names, and uploads that were not finished.
    pub files: u64,
}

impl Jobs {
    /// Begins: the first run at once, so that an office closed for a month catches up.
    pub fn start(state: AppState) -> Self {
        let (stop, stopped) = watch::channel(false);
        let papers = tokio::spawn(press::run(state.clone(), stopped.clone()));
        Self { stop, running: [tokio::spawn(run(state, stopped)), papers] }
    }

    /// Lets the run that is under way finish, and ends.
    pub async fn stop(self) {
        // Nobody listens when the work has ended by itself.
        let _ = self.stop.send(true);
        for running in self.running {
            if let Err(error) = running.await {
                tracing::error!(error = %error, "the work in the background broke off");
            }
        }
    }
}

async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    loop {
        sweep(&state.office).await;
        match clear(&state).await {
            Ok(Cleared { keys, access, files }) => {
                tracing::debug!(keys, access, files, "cleared away");
            }
            Err(error) => tracing::error!(error = %error, "nothing was cleared away"),
        }
        if let Err(error) = scrub(&state, &stopped).await {
            tracing::error!(error = %error, "files could not be checked");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

async fn sweep(office: &Office) {
    match office.sweep().await {
        Ok(Swept { asked: 0, .. }) => {}
        Ok(Swept { asked, moved, failed }) => {
            tracing::info!(asked, moved = moved.len(), failed, "the calendar has passed");
        }
        Err(error) => tracing::error!(error = %error, "the calendar could not pass"),
    }
}

/// Forgets old keys by the legal time, by which they were written down, what has run out by the
/// wall time, and the drafts of dossiers that are drafted no longer.
pub async fn clear(state: &AppState) -> Result<Cleared, StoreError> {
    let before_ms = state.clock.now_ms().saturating_sub(KEYS_KEPT_MS);
    let keys = state.store.forget_commands(before_ms).await?;
    let wall_ms = state.clock.wall_ms();
    let access = state.store.sweep_access(wall_ms).await?;
    let ended = [StageKind::Filed, StageKind::Ended].map(StageKind::name);
    state.store.forget_drafts(wall_ms - PRESENT_MS, wall_ms - LEFT_MS, &ended).await?;
    let unused = state.clock.now_ms().saturating_sub(UNUSED_KEPT_MS);
    let drafts = file_time(&state.clock, DRAFT_KEPT);
    state.store.forget_previews(unused).await?;
    let late = wall_ms.saturating_sub(RESET_MS);
    state.store.write(move |tx| store::recovery::end_late(tx, late, wall_ms)).await?;
    let files =
        state.store.sweep_files(unused, drafts).await? + state.store.sweep_uploads(wall_ms).await?;
    Ok(Cleared { keys, access, files })
}

/// The wall time a while ago, as file systems tell it.
fn file_time(clock: &Clock, ago: Duration) -> SystemTime {
    let now = u64::try_from(clock.wall_ms()).unwrap_or_default();
    let then = Duration::from_millis(now).saturating_sub(ago);
    SystemTime::UNIX_EPOCH + then
}

/// Reads files again that were not read for a week; what is not what it was is noted, and shown
/// to the operator.
pub async fn scrub(state: &AppState, stopped: &watch::Receiver<bool>) -> Result<(), StoreError> {
    let mut left = SCRUB_BYTES;
    loop {
        let now_ms = state.clock.now_ms();
        let before = now_ms.saturating_sub(SCRUB_EVERY_MS);
        let scrubbed = state.store.scrub(before, SCRUB_STEP.min(left), now_ms).await?;
        for digest in &scrubbed.faulty {
            tracing::error!(digest, "a file is missing or has changed");
        }
        left = left.saturating_sub(SCRUB_STEP);
        if !scrubbed.more || left == 0 || *stopped.borrow() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use store::{CommandKey, Location, Person, Session, Store};

    use super::*;
    use crate::config::Config;
    use crate::platform_key::PlatformKey;

    /// 2026-11-20 10:00 in Hohhot.
    const NOW_MS: i64 = 1_795_140_000_000;

    fn state() -> AppState {
        let at = jiff::Timestamp::from_millisecond(NOW_MS).unwrap();
        let key = PlatformKey::fresh(at).unwrap();
        let store = Store::open(Location::Memory).unwrap();
        AppState::new(store, Config::default(), Clock::fixed(at), key)
    }

    async fn keyed(state: &AppState, key: &str, at_ms: i64) {
        let (actor, request) = ("P1".to_owned(), "digest".to_owned());
        let command = Some(CommandKey { actor, key: key.to_owned(), request });
        let stream = "d-1".to_owned();
        let append = store::Append { stream, command, at_ms, ..store::Append::default() };
        state.store.append(append, || [0; 16]).await.unwrap();
    }

    #[tokio::test]
    async fn a_key_is_kept_for_three_days_and_a_session_until_it_ends() {
        let state = state();
        keyed(&state, "old", NOW_MS - KEYS_KEPT_MS - 1).await;
        keyed(&state, "young", NOW_MS - KEYS_KEPT_MS).await;
        let person = Person { id: "P1".to_owned(), login: "p1".to_owned(), ..Person::default() };
        state.store.save_person(person).await.unwrap();
        for (hash, expires_ms) in [("past", NOW_MS - 1), ("open", NOW_MS)] {
            let (hash, person) = (hash.to_owned(), "P1".to_owned());
            let session = Session { hash, person, expires_ms, ..Session::default() };
            state.store.save_session(session).await.unwrap();
        }
        assert_eq!(clear(&state).await.unwrap(), Cleared { keys: 1, access: 1, files: 0 });
        assert_eq!(clear(&state).await.unwrap(), Cleared::default());
        assert!(state.store.session("open").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn the_work_ends_when_it_is_told_to() {
        let jobs = Jobs::start(state());
        tokio::time::timeout(Duration::from_secs(5), jobs.stop()).await.unwrap();
    }
}
