//! `chuanglian account` — an account for somebody of an office, with a password drawn by chance.

use clap::Args;
use consortium::actor::{Capacity, Side};

use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::config::Argon2Cost;
use crate::http::{password, random, session};
use crate::pages::account::{AccountPost, NewAccount, create};

#[derive(Debug, Args)]
pub(super) struct Account {
    #[command(flatten)]
    place: Place,
    /// What the person types to sign in.
    #[arg(long)]
    login: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// For whom: `department`, `authority:RA01`, `unit:ID`, `expert`, `operator`.
    #[arg(long)]
    side: String,
    /// In which capacity: `reviewer`, `clerk`, `decider`, `handler`, `operator`, …
    #[arg(long)]
    capacity: String,
}

impl Account {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let capacity = session::capacity(&self.capacity)
            .filter(|capacity| !matches!(capacity, Capacity::Public | Capacity::Calendar));
        let Some(capacity) = capacity else {
            anyhow::bail!("there is no capacity {:?}", self.capacity)
        };
        anyhow::ensure!(
            session::side(&self.side).is_some_and(|side| fits(&side, capacity)),
            "{} acts for no side {:?}",
            self.capacity,
            self.side
        );
        // Drawn, not chosen: nobody else knows it, and it is changed at the first login.
        let secret = random::key();
        let clock = Clock::system();
        let account = NewAccount {
            login: self.login.clone(),
            name: self.name,
            password_hash: Some(
                password::hash(Argon2Cost::default(), &secret).map_err(|fault| failed(&fault))?,
            ),
            post: AccountPost { side: self.side, capacity },
            now_ms: clock.wall_ms(),
            today: clock.today().to_string(),
            setup: None,
        };
        let store = self.place.open()?;
        wait(async { create(&store, account).await.map_err(|fault| failed(&fault)) })?;
        say(&format!("账号 {}　密码 {secret}　登录后在个人中心修改", self.login));
        Ok(())
    }
}

/// Whether a capacity belongs to a side.
fn fits(side: &Side, capacity: Capacity) -> bool {
    use Capacity as C;
    match side {
        Side::Unit(_) => consortium::unit::people::CAPACITIES.contains(&capacity),
        Side::Authority(_) => matches!(capacity, C::Clerk | C::Signatory),
        Side::Department => matches!(
            capacity,
            C::Reviewer | C::Organiser | C::Drafter | C::Decider | C::Publisher | C::Supervisor
        ),
        Side::Expert => capacity == C::Expert,
        Side::Operator => capacity == C::Operator,
        Side::Public | Side::Calendar => false,
    }
}

/// A fault, as the command line says it.
fn failed(fault: &crate::http::Fault) -> anyhow::Error {
    anyhow::anyhow!("{}", fault.words().1)
}
