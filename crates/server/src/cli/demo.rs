//! `chuanglian demo` — the platform with a fictional cast, ready to click through.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use store::{Location, Store};

use super::{say, serve, wait};
use crate::clock::Clock;
use crate::config::{Config, Pace};
use crate::demo;
use crate::platform_key::PlatformKey;
use crate::state::AppState;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where requests are taken.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder of the demonstration; one of its own is made when none is named.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Demo {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let data = self.data.clone().unwrap_or_else(fresh_folder);
        let store = Store::open(Location::Sqlite(data.clone()))
            .with_context(|| format!("open the store in {}", data.display()))?;
        let config = Config {
            listen: self.listen,
            data: data.clone(),
            pace: Pace { exempt_loopback: true, ..Pace::default() },
            ..Config::default()
        };
        let clock = Clock::system();
        let key = PlatformKey::of_folder(&data, clock.now())?;
        let mut state = AppState::new(store, config, clock, key).keeping()?;
        state.metrics = telemetry::start_metrics();
        wait(async move {
            say("正在准备虚构的演示数据……");
            let password = Box::pin(demo::prepare(&state.office)).await?;
            say(&format!("演示数据在 {}，人物、单位、编号均为虚构", data.display()));
            say(&format!("页面顶部可以切换身份、让日子往前走；各账号的口令：{password}"));
            serve::open(demo::with_bar(state, password)).await
        })
    }
}

/// A folder below the system's temporary one, new for each process.
fn fresh_folder() -> PathBuf {
    std::env::temp_dir().join(format!("chuanglian-demo-{}", std::process::id()))
}
