//! What the typesetter remembers has an end: more papers do not take more memory.

use std::process::Command;

use documents::Kind;

use crate::{samples, set};

/// How many papers the child sets.
const PAPERS: &str = "CHUANGLIAN_TEST_PAPERS";
/// Papers until memory has reached its height, and as many more as must not raise it.
const FEW: usize = 6;
const MANY: usize = 24;
/// What allocation may add by chance. Without forgetting, a paper keeps more than a megabyte.
const CHANCE_KIB: u64 = 12 * 1024;

/// Says how much memory it takes at most, for the test below; alone it does nothing.
#[test]
fn a_child_sets_papers() {
    let Some(count) = std::env::var(PAPERS).ok().and_then(|count| count.parse().ok()) else {
        return;
    };
    for number in 0..count {
        let mut document = samples::of(Kind::Acceptance);
        document.head.consortium.lead = format!("内蒙古第{number}储能科技有限公司");
        set(&document);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    println!("{line}");
}

#[test]
fn many_papers_take_no_more_memory_than_a_few() {
    let peak = |count: usize| -> u64 {
        let this = std::env::current_exe().unwrap();
        let run = Command::new(this)
            .args(["--exact", "memory::a_child_sets_papers", "--nocapture", "--test-threads=1"])
            .env(PAPERS, count.to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let line = said.lines().find(|line| line.contains("VmHWM:")).expect("the child measured");
        let (_, figure) = line.split_once("VmHWM:").unwrap();
        figure.split_whitespace().next().unwrap().parse().unwrap()
    };
    let (few, many) = (peak(FEW), peak(MANY));
    assert!(many < few + CHANCE_KIB, "{few} KiB for {FEW} papers, {many} KiB for {MANY}");
}
