//! The command line: one verb a file.

mod account;
mod backup;
mod demo;
mod draw_page;
mod law;
mod place;
mod provider;
mod read_signatures;
mod rebuild;
mod restore;
mod serve;
mod sweep;
mod verify;

use clap::{Parser, Subcommand};

use crate::telemetry::{self, LogShape};

/// 创联 — the platform for filing innovation consortia.
#[derive(Debug, Parser)]
#[command(name = "chuanglian", version, about, max_term_width = 100)]
pub struct Cli {
    /// How lines of the log look.
    #[arg(long, global = true, value_enum, default_value_t, env = "CHUANGLIAN_LOG")]
    log: LogShape,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Open the office: pages and API.
    Serve(serve::Serve),
    /// Open a demonstration with a fictional cast, in a folder of its own.
    Demo(demo::Demo),
    /// Make an account for somebody of an office.
    Account(account::Account),
    /// Print the regulation, clause by clause, with what carries it out.
    Law(law::Law),
    /// Recompute every digest of the journal from the stored bytes, and fold every dossier.
    Verify(verify::Verify),
    /// Compute every list anew from the journal, and say whether they came out equal.
    Rebuild(rebuild::Rebuild),
    /// Write a backup into a new folder, while the office is open.
    Backup(backup::Backup),
    /// Put a backup into an empty data folder or database, and verify it.
    Restore(restore::Restore),
    /// Ask every dossier whose day has come, once.
    Sweep(sweep::Sweep),
    /// Bring the schema of the store up to date, and stop.
    Migrate(verify::Migrate),
    /// Draw one page of a file; the office asks this of itself.
    #[command(hide = true)]
    DrawPage(draw_page::DrawPage),
    /// Read the signatures of a file; the office asks this of itself.
    #[command(hide = true)]
    ReadSignatures(read_signatures::ReadSignatures),
}

impl Cli {
    /// Does what the command line says.
    pub fn run(self) -> anyhow::Result<()> {
        telemetry::start_log(self.log);
        match self.verb {
            Verb::Serve(serve) => serve.run(),
            Verb::Demo(demo) => demo.run(),
            Verb::Account(account) => account.run(),
            Verb::Law(law) => law.run(),
            Verb::Verify(verify) => verify.run(),
            Verb::Rebuild(rebuild) => rebuild.run(),
            Verb::Backup(backup) => backup.run(),
            Verb::Restore(restore) => restore.run(),
            Verb::Sweep(sweep) => sweep.run(),
            Verb::Migrate(migrate) => migrate.run(),
            Verb::DrawPage(draw) => draw.run(),
            Verb::ReadSignatures(read) => read.run(),
        }
    }
}

/// The runtime for commands that wait for something.
fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Says something to the person at the terminal.
fn say(words: &str) {
    use std::io::Write;
    // A terminal that has gone away is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{words}");
}
