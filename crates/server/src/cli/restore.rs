//! `chuanglian restore` — a backup into an empty place, on the same engine or on the other.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use store::Store;

use super::backup::{FILES, ROWS, copy_files, copy_others};
use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::office::Office;

#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder `chuanglian backup` wrote.
    from: PathBuf,
}

impl Restore {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let rows = self.from.join(ROWS);
        let backup = store::backup::inspect(&rows)
            .with_context(|| format!("{} 不是完整的备份", self.from.display()))?;
        let data = &self.place.data;
        ensure!(
            !data.join("chuanglian.db").exists(),
            "{} 里已经有数据库，换一个空的数据目录",
            data.display()
        );
        fs::create_dir_all(data).with_context(|| format!("make {}", data.display()))?;
        // As when they first came: files before the rows that name them.
        let files = copy_files(&self.from.join(FILES), &data.join(FILES))?;
        let others = copy_others(&self.from, data)?;
        let (store, verified) =
            Store::restore(self.place.location(), rows).context("put the rows back")?;
        let office = Office::new(store, Clock::system());
        let streams = wait(async {
            let streams = office.rebuild().await.context("compute the lists")?;
            office.fold_all().await.context("fold every journal")?;
            Ok(streams)
        })?;
        say(&format!(
            "已恢复：{} 行，{files} 个附件，其他 {others} 项\n{} 条事项记录无误，总摘要 {}\n{streams} 件的台账已重新计算",
            backup.rows, verified.entries, verified.chain
        ));
        Ok(())
    }
}
