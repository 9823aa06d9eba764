//! `chuanglian rebuild` — the lists anew from the journal, compared with those that were there.

use anyhow::Context;
use clap::Args;

use super::place::Place;
use super::{say, wait};
use crate::clock::Clock;
use crate::office::Office;

/// Lines shown of what came out differently.
const SHOWN_MAX: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    place: Place,
}

impl Rebuild {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let store = self.place.open()?;
        let office = Office::new(store.clone(), Clock::system());
        wait(async {
            let before = store.dump_projections().await.context("read the lists")?;
            let streams = office.rebuild().await.context("compute the lists anew")?;
            let after = store.dump_projections().await.context("read the lists")?;
            say(&told(streams, &before, &after));
            Ok(())
        })
    }
}

/// What the person at the terminal is told.
fn told(streams: u64, before: &str, after: &str) -> String {
    if before == after {
        return format!("{streams} 件重新计算，台账、待办和名录与原来一致");
    }
    let gone = lines(before, after);
    let come = lines(after, before);
    let count = gone.len() + come.len();
    let shown = gone.iter().map(|line| format!("- {line}"));
    let shown = shown.chain(come.iter().map(|line| format!("+ {line}"))).take(SHOWN_MAX);
    let shown: Vec<String> = shown.collect();
    format!("{streams} 件重新计算，{count} 行与原来不同，已按事项记录更正：\n{}", shown.join("\n"))
}

/// The lines of one dump that the other does not have.
fn lines<'a>(of: &'a str, without: &str) -> Vec<&'a str> {
    let without: std::collections::BTreeSet<&str> = without.lines().collect();
    of.lines().filter(|line| !without.contains(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_and_what_is_equal_is_not() {
        assert!(told(2, "a\nb\n", "a\nb\n").contains("一致"));
        let words = told(2, "a\nb\n", "a\nc\n");
        assert!(
            words.contains("2 行") && words.contains("- b") && words.contains("+ c"),
            "{words}"
        );
        assert!(!words.contains("- a"), "{words}");
    }
}
