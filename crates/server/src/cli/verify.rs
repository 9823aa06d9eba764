//! `chuanglian verify` and `chuanglian migrate` — is the store whole, is it up to date.

use anyhow::Context;
use clap::Args;

use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::office::Office;

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let store = self.place.open()?;
        let office = Office::new(store.clone(), Clock::system());
        wait(async {
            let verified = store.verify().await.context("verify the journal")?;
            say(&format!("{} 条事项记录无误，总摘要 {}", verified.entries, verified.chain));
            let folded = office.fold_all().await.context("fold every journal")?;
            say(&format!("{folded} 件由事项记录推算无误"));
            Ok(())
        })
    }
}

#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Place,
}

impl Migrate {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        self.place.open()?;
        say("the schema is up to date");
        Ok(())
    }
}
