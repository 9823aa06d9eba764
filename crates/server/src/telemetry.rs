//! Logs and figures. Nothing personal is written: no names, no numbers of documents, no raw
//! addresses of pages, only the template of the route.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogShape {
    /// For people.
    #[default]
    Pretty,
    /// For collectors.
    Json,
}

/// The bounds of the duration histogram, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Starts the log. `RUST_LOG` chooses what is written; a second call changes nothing.
pub fn start_log(shape: LogShape) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,tower_http=warn,hyper=warn"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match shape {
        LogShape::Pretty => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_target(false),
            )
            .try_init(),
        LogShape::Json => registry
            .with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr))
            .try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was already started");
    }
}

/// Starts counting; what was counted is read at `/metrics`. `None` when it already runs.
pub fn start_metrics() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets(&SECONDS).ok()?;
    builder.install_recorder().ok()
}
