//! 排版要多久 — what one paper costs, in CPU of all threads of the process and in memory.
//!
//! `cargo bench -p documents --bench papers`; `scripts/bench` runs it with the others. Every paper
//! differs from the one before it: nothing is answered out of the typesetter's memory.

#![expect(clippy::unwrap_used, reason = "what fails here ends the measurement")]
#![expect(clippy::print_stdout, reason = "a measurement is read")]

use std::fs;

use documents::{Body, Fonts, Kind, Pdf};

#[path = "../tests/it/samples.rs"]
mod samples;

/// Rounds, the first of which warms up and is thrown away; the median of the others counts.
const ROUNDS: usize = 10;
/// Papers of one kind a round.
const PAPERS: u16 = 10;
/// Papers after which memory has reached its height, and those that must not raise it.
const FEW: usize = 50;
const MANY: usize = 400;
/// How often the sections of the form stand in that of a large consortium.
const LONG: usize = 3;
/// The kinds that are told of: the longest, the one that is signed, a letter, a certificate.
const KINDS: [Kind; 4] =
    [Kind::Application, Kind::Agreement, Kind::FilingNotice, Kind::Certificate];

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let fonts = Fonts::built_in();
    let mut number = 0;
    let mut set = |kind: Kind, times: usize| -> Pdf {
        number += 1;
        let mut document = samples::of(kind);
        document.head.consortium.lead = format!("内蒙古第{number}储能科技有限公司");
        if let Body::Application(form) = &mut document.body {
            form.sections = std::iter::repeat_n(form.sections.clone(), times).flatten().collect();
        }
        documents::render(&document, &fonts).unwrap()
    };
    println!("\n### papers\n\n| paper | pages | bytes | CPU each |\n| --- | --- | --- | --- |");
    let kinds = KINDS.map(|kind| (kind, 1));
    for (kind, times) in kinds.into_iter().chain([(Kind::Application, LONG)]) {
        let paper = set(kind, times);
        let mut rounds: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let before = cpu_ms();
                for _ in 0..PAPERS {
                    set(kind, times);
                }
                (cpu_ms() - before) / f64::from(PAPERS)
            })
            .skip(1)
            .collect();
        rounds.sort_by(f64::total_cmp);
        let median = rounds[rounds.len() / 2];
        println!("| {kind:?} | {} | {} | {median:.1} ms |", paper.pages, paper.bytes.len());
    }
    println!("\n| memory | MiB |\n| --- | --- |");
    for (papers, until) in [(FEW, FEW), (MANY, FEW + MANY)] {
        for _ in 0..papers {
            set(Kind::Application, 1);
        }
        println!("| after {until} applications | {} |", memory_mib());
    }
}

/// Milliseconds that the threads of this process have run on a core, in the kernel too.
fn cpu_ms() -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let nanos = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e6
}

/// What the process holds, in MiB.
fn memory_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
