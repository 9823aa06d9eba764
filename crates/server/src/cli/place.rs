//! Where the store is: asked by every command in the same words.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use store::{Location, Store};

#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// The data folder: the embedded database and all files.
    #[arg(long, default_value = "data", env = "CHUANGLIAN_DATA")]
    pub(super) data: PathBuf,
    /// A PostgreSQL database instead of the embedded one: `postgres://user@host/name`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(super) database_url: Option<String>,
}

impl Place {
    /// Opens the store and brings its schema up to date.
    pub(super) fn open(&self) -> anyhow::Result<Store> {
        Store::open(self.location())
            .with_context(|| format!("open the store in {}", self.data.display()))
    }

    /// The engine and where it keeps its data.
    pub(super) fn location(&self) -> Location {
        let data = self.data.clone();
        match self.database_url.clone().filter(|url| !url.is_empty()) {
            Some(url) => Location::Postgres { url, data },
            None => Location::Sqlite(data),
        }
    }
}
