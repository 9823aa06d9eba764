//! `chuanglian serve` — opens the office, until it is told to stop.

use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::place::Place;
use super::provider::ProviderArgs;
use super::{say, wait};
use crate::clamd::Clamd;
use crate::clock::Clock;
use crate::config::{Config, Pace};
use crate::http;
use crate::http::accept::Limits;
use crate::jobs::Jobs;
use crate::pages::account;
use crate::platform_key::PlatformKey;
use crate::signing::{Trust, trust};
use crate::state::AppState;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where requests are taken.
    #[arg(long, default_value = "127.0.0.1:8080", env = "CHUANGLIAN_LISTEN")]
    listen: SocketAddr,
    /// Where browsers find us, such as `https://lhtbeian.example`: printed in papers and codes, and
    /// the only place where passkeys work.
    #[arg(long, env = "CHUANGLIAN_SITE")]
    site: Option<String>,
    /// Browsers reach us over TLS (through a gateway): cookies are `Secure`, HSTS is sent.
    #[arg(long, env = "CHUANGLIAN_SECURE")]
    secure: bool,
    /// Believe the last address of `X-Forwarded-For`: only behind an own gateway.
    #[arg(long, env = "CHUANGLIAN_TRUST_FORWARDED")]
    trust_forwarded: bool,
    /// Requests a second from one address in the long run; 0 for no limit.
    #[arg(long, default_value_t = Pace::default().per_second, env = "CHUANGLIAN_PACE")]
    pace: u32,
    /// Where `clamd` listens, `tcp:127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`: every file is
    /// searched for viruses, and without an answer none is taken.
    #[arg(long, env = "CHUANGLIAN_CLAMD")]
    clamd: Option<Clamd>,
    #[command(flatten)]
    provider: ProviderArgs,
    /// Do not count requests from this machine, for load tests.
    #[arg(long)]
    exempt_loopback: bool,
}

impl Serve {
    fn config(&self) -> anyhow::Result<Config> {
        Ok(Config {
            listen: self.listen,
            data: self.place.data.clone(),
            site: self.site.clone(),
            secure: self.secure,
            trust_forwarded: self.trust_forwarded,
            pace: Pace {
                per_second: self.pace,
                exempt_loopback: self.exempt_loopback,
                ..Pace::default()
            },
            clamd: self.clamd.clone(),
            provider: self.provider.provider(self.site.as_deref())?,
            ..Config::default()
        })
    }

    pub(super) fn run(&self) -> anyhow::Result<()> {
        let store = self.place.open()?;
        let clock = Clock::system();
        let key = PlatformKey::of_folder(&self.place.data, clock.now())?;
        let mut state = AppState::new(store, self.config()?, clock, key).keeping()?;
        state.metrics = telemetry::start_metrics();
        let folder = state.config.data.join(trust::FOLDER);
        state.office.trust(Trust::of_folder(&folder).context("read the trusted certificates")?);
        wait(open(state))
    }
}

/// Serves until the process is told to stop; then lets requests finish.
pub(crate) async fn open(state: AppState) -> anyhow::Result<()> {
    let listen = state.config.listen;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("listen on {listen}"))?;
    let address = listener.local_addr()?;
    let link = account::open_setup(&state.store)
        .await
        .map_err(|fault| anyhow::anyhow!("{}", fault.words().1))?;
    say(&format!("创联 http://{address}/"));
    if let Some(path) = link {
        say(&format!("还没有账号。用这个链接建立第一个账号，只能用一次：http://{address}{path}"));
    }
    tracing::info!(%address, "the office is open");
    let limits = Limits::of(&state.config);
    let jobs = Jobs::start(state.clone());
    http::accept::serve(listener, http::app(state), limits, told_to_stop()).await;
    jobs.stop().await;
    tracing::info!("the office is closed");
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn told_to_stop() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
