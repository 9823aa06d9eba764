//! 开门和静坐 — from the start of the program to its first answer, and the memory it holds when
//! nobody asks anything.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::figures::{Table, median};
use crate::kill::office::{Process, rest};
use crate::kill::wire::Wire;
use crate::{Effort, doing, program};

/// Milliseconds to the first answer, at most.
const OPENS_MS: f64 = 100.0;
/// MiB held at rest, at most.
const HELD_MIB: f64 = 30.0;
/// How long the office is left alone before it is looked at.
const ALONE: Duration = Duration::from_secs(1);

/// The table.
pub(crate) fn measured(data: &Path, effort: Effort) -> String {
    doing("open and rest");
    let (mut healthy, mut shown, mut held, mut after) = (vec![], vec![], vec![], vec![]);
    for _ in 0..effort.rounds {
        let process = Process::open(program(), data, None);
        healthy.push(millis(process.opened_in));
        let began = Instant::now();
        let mut wire = Wire::open(process.address).unwrap();
        let answer = wire.get("/").unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        shown.push(millis(process.opened_in + began.elapsed()));
        rest(ALONE);
        held.push(mib(&process));
        for _ in 0..effort.pages {
            wire.get("/").unwrap();
        }
        rest(ALONE);
        after.push(mib(&process));
    }
    let mut table = Table::new("Opening and resting", &["", "median", "aim"]);
    let opens = format!("≤ {OPENS_MS} ms");
    let rests = format!("≤ {HELD_MIB} MiB");
    let ms = |of: &[f64]| format!("{:.0} ms", median(of));
    let mib = |of: &[f64]| format!("{:.1} MiB", median(of));
    table.row(&["start to the first answer (`/healthz`)", &ms(&healthy), &opens]);
    table.row(&["start to the first page (`/`)", &ms(&shown), &opens]);
    table.row(&["memory held at rest after the first page", &mib(&held), &rests]);
    table.row(&[&format!("memory held at rest after {} pages", effort.pages), &mib(&after), ""]);
    table.done()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn mib(process: &Process) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "memory is less than the mantissa")]
    let kib = process.resident_kib() as f64;
    kib / 1024.0
}
