//! Guessing is slowed down: each wrong try makes the next one wait longer, for the account and
//! for the address. Nobody is locked out for good by strangers.

use std::net::IpAddr;

use super::Fault;
use crate::state::AppState;

/// How far back wrong tries count.
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// Wrong tries for one account before waiting begins.
const FREE_BY_ACCOUNT: i64 = 5;
/// Wrong tries from one address before waiting begins: many people share an office's address.
const FREE_BY_ADDRESS: i64 = 50;
/// The longest wait, in seconds.
const WAIT_MAX: u32 = 900;

/// A desk at which secrets are tried: what is tried, and from where.
#[derive(Clone, Debug)]
pub struct Tries {
    account: String,
    address: String,
}

impl Tries {
    /// Tries to sign in to an account. The login is kept as a digest: people type passwords into
    /// the wrong field.
    pub fn at_login(login: &str, address: IpAddr) -> Self {
        Self::of("login", login, address)
    }

    /// Tries of some other kind: a verification code, a set-up link.
    pub fn of(kind: &str, what: &str, address: IpAddr) -> Self {
        let what = super::session::digest(&what.trim().to_lowercase());
        Self { account: format!("{kind}:{what}"), address: format!("{kind}-from:{address}") }
    }

    /// Tries by somebody who is signed in: strangers at the door do not make them wait.
    pub fn at_desk(person: &str, address: IpAddr) -> Self {
        Self::of("desk", person, address)
    }

    /// The same on a device that the account knows, where there is one: it has a count of its own,
    /// so that nobody else makes it wait.
    #[must_use]
    pub fn known(mut self, device: Option<String>) -> Self {
        if let Some(device) = device {
            self.account = format!("device:{device}");
        }
        self
    }

    /// Whether another try may be made now, or in how many seconds.
    pub async fn may(&self, state: &AppState) -> Result<Result<(), u32>, Fault> {
        let now_ms = state.clock.wall_ms();
        for (key, free, step) in
            [(&self.account, FREE_BY_ACCOUNT, 1), (&self.address, FREE_BY_ADDRESS, 10)]
        {
            let count = state.store.attempts(key, now_ms.saturating_sub(WINDOW_MS)).await?;
            let seconds = wait((count - free).div_euclid(step));
            let recently = now_ms.saturating_sub(i64::from(seconds) * 1000).saturating_add(1);
            if seconds > 0 && state.store.attempts(key, recently).await? > 0 {
                return Ok(Err(seconds));
            }
        }
        Ok(Ok(()))
    }

    /// Notes a try for the account before it is known to be wrong, so that many at once count.
    pub async fn begin(&self, state: &AppState) -> Result<(), Fault> {
        Ok(state.store.attempt(&self.account, state.clock.wall_ms()).await?)
    }

    /// The try was wrong: it counts for the address too.
    pub async fn wrong(&self, state: &AppState) -> Result<(), Fault> {
        Ok(state.store.attempt(&self.address, state.clock.wall_ms()).await?)
    }

    /// A right try: the account is known again, the address keeps its count.
    pub async fn right(&self, state: &AppState) -> Result<(), Fault> {
        Ok(state.store.clear_attempts(&self.account).await?)
    }
}

/// Seconds to wait after so many tries too many: 1, 2, 4 … 900.
fn wait(over: i64) -> u32 {
    match u32::try_from(over) {
        Err(_) | Ok(0) => 0,
        Ok(over) => 1_u32.checked_shl(over - 1).unwrap_or(WAIT_MAX).min(WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_too_many_doubles_the_wait() {
        // over    seconds
        let table = [(-5, 0), (0, 0), (1, 1), (2, 2), (5, 16), (11, 900), (400, 900)];
        for (over, seconds) in table {
            assert_eq!(wait(over), seconds, "{over}");
        }
    }
}
