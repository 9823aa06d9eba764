//! 文件检查 — a thousand hostile and broken files: none crashes the inspection or makes it hold more
//! than its limit, and each is refused with a sentence that says what to do.

mod hostile;
pub(crate) mod samples;

use std::io::Cursor;
use std::process::Command;

use server::inspect::{ENTRIES_MAX, Flaw, Kind, MEMORY_MAX, PIXELS_MAX, SIDE_MAX, Watch, inspect};

use samples::{docx_with, part, png_with, whole};

fn look(bytes: Vec<u8>, name: &str) -> Result<Kind, Flaw> {
    inspect(&mut Cursor::new(bytes), name, &Watch::default())
}

/// A sentence for people: the case, and what to do.
fn is_said(flaw: &Flaw, what: &str) {
    let sentence = flaw.sentence();
    let (case, remedy) = sentence.split_once('。').unwrap_or_else(|| panic!("{what}: {sentence}"));
    assert!(case.chars().count() >= 4 && remedy.chars().count() >= 8, "{what}: {sentence}");
    for word in ["请", "非法", "无效", "禁止", "失败", "！", "!"] {
        assert!(!sentence.contains(word), "{what}: {sentence}");
    }
}

#[test]
fn whole_files_are_known_for_what_they_are() {
    for ((bytes, name), kind) in whole().into_iter().zip([
        Kind::Pdf,
        Kind::Ofd,
        Kind::Jpeg,
        Kind::Png,
        Kind::Docx,
        Kind::Xlsx,
    ]) {
        assert_eq!(look(bytes.clone(), name), Ok(kind), "{name}");
        assert_eq!(look(bytes, "没有结尾的名字"), Ok(kind), "{name}");
    }
}

#[test]
fn limits_hold_at_their_edge_and_one_past() {
    let side = |width, height| look(png_with(width, height, &[]), "a.png");
    assert_eq!(side(SIDE_MAX, 2_500), Ok(Kind::Png));
    assert!(matches!(side(SIDE_MAX + 1, 1), Err(Flaw::TooManyPixels { .. })));
    assert_eq!(u64::from(SIDE_MAX) * 2_500, PIXELS_MAX);
    assert!(matches!(side(SIDE_MAX, 2_501), Err(Flaw::TooManyPixels { .. })));
    let parts = |count: usize| {
        let more: Vec<_> = (2..count).map(|at| part(&format!("word/{at}.xml"), "<a/>")).collect();
        look(docx_with(&more), "a.docx")
    };
    assert_eq!(parts(ENTRIES_MAX), Ok(Kind::Docx));
    assert_eq!(parts(ENTRIES_MAX + 1), Err(Flaw::TooManyParts));
}

/// Where the files are, for the process that looks at them: so that its memory is its own.
const CHILD: &str = "INSPECT_CHILD";

#[test]
fn a_thousand_hostile_files_are_refused_in_words_within_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (mut refused, mut wrong) = (0, Vec::new());
    for (at, case) in hostile::cases().enumerate() {
        std::fs::write(folder.path().join(format!("{at}-{}", case.name)), &case.bytes).unwrap();
        match look(case.bytes, case.name) {
            Ok(kind) => wrong.push(format!("{} was taken as {kind:?}", case.family)),
            Err(flaw) => {
                is_said(&flaw, case.family);
                if !(case.told)(&flaw) {
                    wrong.push(format!("{}: {flaw:?}", case.family));
                }
                refused += 1;
            }
        }
    }
    for (at, (bytes, name)) in hostile::mutations().enumerate() {
        std::fs::write(folder.path().join(format!("m{at}-{name}")), &bytes).unwrap();
        if let Err(flaw) = look(bytes, name) {
            is_said(&flaw, "a mutation");
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused >= 1000, "{refused}");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "inspect::the_child_looks_at_all_of_them", "--nocapture"])
        .args(["--test-threads", "1"])
        .env(CHILD, folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    let number = |name: &str| -> u64 {
        let line = told.lines().find_map(|line| line.split_once(name)).expect("a line");
        line.1.trim().parse().unwrap()
    };
    assert_eq!(number("files looked at:"), refused + hostile::MUTATIONS);
    let grown = number("memory grown:");
    assert!(grown <= MEMORY_MAX, "{grown} bytes");
}

/// The most memory this process ever held.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn the_child_looks_at_all_of_them() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let before = peak();
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut file = std::fs::File::open(entry.path()).unwrap();
        drop(inspect(&mut file, &name, &Watch::default()));
        looked += 1;
    }
    println!("files looked at: {looked}\nmemory grown: {}", peak() - before);
}
