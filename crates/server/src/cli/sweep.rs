//! `chuanglian sweep` — lets the calendar pass once, as the office does every hour.

use clap::Args;
use jiff::civil::Date;

use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::office::Office;

#[derive(Debug, Args)]
pub(super) struct Sweep {
    #[command(flatten)]
    place: Place,
    /// As if it were this day, `YYYY-MM-DD`; a day that is past is today.
    #[arg(long)]
    on: Option<Date>,
}

impl Sweep {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let clock = Clock::system();
        if let Some(day) = self.on {
            clock.go_to(day);
        }
        let office = Office::new(self.place.open()?, clock.clone());
        let swept = wait(async { Ok(office.sweep().await?) })?;
        for moved in &swept.moved {
            say(&format!("{}　{}", moved.name, moved.happened.join("，")));
        }
        let (moved, failed) = (swept.moved.len(), swept.failed);
        let day = clock.today();
        say(&format!("{day}：到期 {} 件，有变化 {moved} 件，未能办理 {failed} 件", swept.asked));
        anyhow::ensure!(failed == 0, "{failed} dossiers could not be swept; the log says why");
        Ok(())
    }
}
