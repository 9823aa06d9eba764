//! `chuanglian verify` and `chuanglian migrate` — is the store whole, is a package evidence.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;

use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::evidence::{self, BYTES_MAX, Known};
use crate::office::Office;
use crate::signing::Trust;
use crate::signing::trust::certificates;

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    place: Place,
    /// A package of evidence to check instead of the store: needs no network, no database, no
    /// server.
    package: Option<PathBuf>,
    /// A folder of roots you trust, instead of those in the package.
    #[arg(long, requires = "package")]
    trust: Option<PathBuf>,
    /// The platform's certificate as you know it, PEM or DER.
    #[arg(long, requires = "package")]
    platform: Option<PathBuf>,
    /// The platform's address as you know it, `https://lhtbeian.example`: passkeys must have signed
    /// there.
    #[arg(long, requires = "package")]
    site: Option<String>,
}

impl Verify {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        if let Some(package) = &self.package {
            return self.check(package);
        }
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

    fn check(&self, package: &Path) -> anyhow::Result<()> {
        let shown = package.display();
        let size = fs::metadata(package).with_context(|| format!("read {shown}"))?.len();
        ensure!(size <= BYTES_MAX, "{shown} 超过 {} MB", BYTES_MAX / 1024 / 1024);
        let bytes = fs::read(package).with_context(|| format!("read {shown}"))?;
        let lines = evidence::check(&bytes, &self.known()?);
        for line in &lines {
            say(&format!("{} {}", if line.holds { "✓" } else { "✗" }, line.words));
        }
        let wrong = lines.iter().filter(|line| !line.holds).count();
        ensure!(wrong == 0, "{wrong} 处与证据包应有的内容不符");
        if self.trust.is_none() {
            say("数字证书按包里的根证书核对；要按自己信任的核对，加 --trust 文件夹");
        }
        say("全部核对无误");
        Ok(())
    }

    fn known(&self) -> anyhow::Result<Known> {
        let roots = self.trust.as_deref().map(Trust::of_folder).transpose()?;
        let platform = self.platform.as_deref().map(one_certificate).transpose()?;
        Ok(Known { roots, platform, site: self.site.clone() })
    }
}

fn one_certificate(path: &Path) -> anyhow::Result<x509_cert::Certificate> {
    let bytes = fs::read(path).with_context(|| format!("read {}", path.display()))?;
    let first = certificates(&bytes).into_iter().next();
    first.with_context(|| format!("{} is no certificate", path.display()))
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
