//! 量一量 — how fast the office answers and how much it holds, measured from outside: the real
//! program over real sockets of this machine, its data on the disk of `target`.
//!
//! `scripts/bench` runs it; `--quick` takes about a minute and says less, and the name of a file
//! here says only what that one measures. What is compared is measured in turns within one run,
//! because a machine is never the same twice: figures are medians of rounds, ratios are medians of
//! the ratios of each round.

#![expect(clippy::unwrap_used, reason = "what fails here ends the measurement")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

mod bare;
mod commands;
mod figures;
mod files;
mod machine;
mod register;
mod rest;

#[path = "../../tests/it/kill"]
#[expect(dead_code, reason = "the tests kill as well")]
mod kill {
    pub(crate) mod office;
    pub(crate) mod wire;
}
#[path = "../../tests/it/place.rs"]
#[expect(dead_code, reason = "the tests open stores of their own")]
mod place;
#[path = "../../tests/it/simulation"]
#[expect(dead_code, reason = "the simulation does more with its cast")]
mod simulation {
    pub(crate) mod cast;
    pub(crate) mod chance;
    pub(crate) mod words;
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Effort {
    /// Rounds, of which the median counts.
    rounds: usize,
    /// How long each turn of a round lasts, in milliseconds.
    turn_ms: u64,
    /// Consortia in the register.
    filings: usize,
    /// Pages a turn.
    pages: usize,
}

const WHOLE: Effort = Effort { rounds: 9, turn_ms: 1500, filings: 100_000, pages: 400 };
const QUICK: Effort = Effort { rounds: 3, turn_ms: 500, filings: 10_000, pages: 200 };

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs benches as well: performance is no test.
    if std::env::var_os("CHUANGLIAN_PROGRAM").is_none() {
        return say("performance is measured by scripts/bench");
    }
    let effort = if asked.iter().any(|word| word == "--quick") { QUICK } else { WHOLE };
    let named = asked.iter().any(|word| !word.starts_with('-'));
    let wanted = |table: &str| !named || asked.iter().any(|word| word == table);
    let ground = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    say(&machine::described());
    if wanted("commands") {
        say(&commands::measured(ground.path(), effort));
    }
    if wanted("files") {
        say(&files::measured(ground.path(), effort));
    }
    if wanted("register") || wanted("rest") {
        let register = ground.path().join("register");
        register::fill(&register, effort.filings);
        if wanted("register") {
            say(&register::measured(&register, effort));
        }
        if wanted("rest") {
            say(&rest::measured(&register, effort));
        }
    }
    say(&format!("Load average at the end: {}.", machine::load()));
}

/// The program that is measured: the release build as operators have it, or another to compare.
fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> =
        LazyLock::new(|| std::env::var_os("CHUANGLIAN_PROGRAM").map(PathBuf::from).unwrap());
    &PROGRAM
}

/// A part of the report.
fn say(words: &str) {
    writeln!(std::io::stdout().lock(), "{words}").unwrap();
}

/// What is being done, for whoever waits.
fn doing(words: &str) {
    writeln!(std::io::stderr().lock(), "… {words}").unwrap();
}
