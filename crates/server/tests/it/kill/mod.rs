//! 断电一样的终止 — the program is killed in the middle of its work, again and again: every act
//! that was answered is there afterwards, and none was carried out twice.
//!
//! Clients keep what they were answered outside the data folder. After each start they ask again,
//! under the same keys, for everything since the last one; an act whose answer never came is asked
//! again too, and must have happened once. `CHUANGLIAN_KILLS` says how often (200).

pub(crate) mod office;
pub(crate) mod wire;

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::time::Duration;
use std::{env, thread};

use consortium::Command;
use consortium::ids::DossierId;
use consortium::materials::Section;
use serde_json::{Value, json};
use store::{Location, Store};

use crate::simulation::{chance::Chance, words};
use office::{Client, Process, furnish, rest};
use wire::{Act, Answer, Wire};

/// Clients at once.
const CLIENTS: usize = 8;
/// Kills unless asked otherwise.
const KILLS: usize = 200;
/// More memory than this is a leak: eight clients need a tenth of it.
const RESIDENT_KIB_MAX: u64 = 512 * 1024;
/// When a kill comes after the clients have begun, in milliseconds.
const KILL_MS: (i64, i64) = (20, 300);

#[test]
fn no_answered_act_is_lost_when_the_office_is_killed() {
    let kills = env::var("CHUANGLIAN_KILLS").ok().and_then(|text| text.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let seed = env::var("CHUANGLIAN_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or(20_261_123);
    println!("seed {seed}, {kills} kills");
    let ground = tempfile::tempdir().unwrap();
    let data = ground.path().join("data");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = Store::open(Location::Sqlite(data.clone())).unwrap();
    let clients = runtime.block_on(furnish(store, CLIENTS));
    let mut people: Vec<Somebody> = clients
        .into_iter()
        .enumerate()
        .map(|(n, client)| Somebody::new(n, client, ground.path(), seed))
        .collect();
    let mut chance = Chance::new(seed);
    let (mut slowest, mut largest_kib) = (Duration::ZERO, 0);
    for _ in 0..kills {
        let process = Process::open(program(), &data, None);
        let address = process.address;
        thread::scope(|scope| {
            for somebody in &mut people {
                scope.spawn(|| somebody.work(address, usize::MAX));
            }
            let after = u64::try_from(chance.days(KILL_MS.0, KILL_MS.1)).unwrap();
            rest(Duration::from_millis(after));
            slowest = slowest.max(process.opened_in);
            largest_kib = largest_kib.max(process.resident_kib());
            process.kill();
        });
    }
    println!("opened within {slowest:?}, {largest_kib} KiB at most");
    assert!(largest_kib < RESIDENT_KIB_MAX, "{largest_kib} KiB");
    // Once more without a kill, until everybody has seen everything again.
    let process = Process::open(program(), &data, None);
    for somebody in &mut people {
        somebody.work(process.address, 0);
        assert!(somebody.unsure.is_empty(), "not everything was asked again");
    }
    process.kill();
    verifies(&data);
    runtime.block_on(everything_is_there_once(&data, &people));
}

/// The program under test.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_chuanglian"))
}

fn verifies(data: &Path) {
    let told = Program::new(program()).arg("verify").arg("--data").arg(data).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}

/// A client with a memory of its own.
struct Somebody {
    client: Client,
    chance: Chance,
    /// What was asked since the last start, with the answer if one came.
    unsure: VecDeque<(Act, Option<Answer>)>,
    /// Where answers are kept, outside the data folder.
    notes: PathBuf,
    notebook: File,
    number: usize,
    acts: usize,
    /// The dossier written in now.
    dossier: Option<String>,
    /// Dossiers asked for: a lead may keep so many names at once and no more.
    opened: usize,
}

/// Names that one lead keeps at once, as the parameter ships.
const NAMES_MAX: usize = 2;

impl Somebody {
    fn new(number: usize, client: Client, ground: &Path, seed: u64) -> Self {
        let notes = ground.join(format!("answered-{number}.txt"));
        let notebook = OpenOptions::new().create(true).append(true).open(&notes).unwrap();
        Self {
            client,
            chance: Chance::new(seed ^ (number as u64 + 1) << 32),
            unsure: VecDeque::new(),
            notes,
            notebook,
            number,
            acts: 0,
            dossier: None,
            opened: 0,
        }
    }

    /// Asks again what is unsure, then does up to so many new acts, until the connection breaks.
    fn work(&mut self, address: std::net::SocketAddr, acts: usize) {
        let Ok(mut wire) = Wire::open(address) else { return };
        for _ in 0..self.unsure.len() {
            let Some((act, before)) = self.unsure.front().cloned() else { break };
            let Ok(answer) = wire.ask(&act) else { return };
            match before {
                Some(before) => assert_eq!(answer, before, "{act:?} was answered otherwise"),
                None => self.answered(&act, &answer),
            }
            self.unsure.pop_front();
        }
        for _ in 0..acts {
            let act = self.next();
            self.unsure.push_back((act.clone(), None));
            let Ok(answer) = wire.ask(&act) else { return };
            self.answered(&act, &answer);
            self.unsure.back_mut().unwrap().1 = Some(answer);
        }
    }

    fn answered(&mut self, act: &Act, answer: &Answer) {
        assert!(matches!(answer.status, 200 | 201), "{act:?}: {answer:?}");
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert_ne!(told["happened"], json!([]), "{act:?} happened before: {answer:?}");
        if answer.status == 201 {
            self.dossier = told["id"].as_str().map(str::to_owned);
        }
        writeln!(self.notebook, "{}\t{}", act.key, answer.body).unwrap();
    }

    /// The next thing to do: open a dossier, name it anew, or write another draft.
    fn next(&mut self) -> Act {
        self.acts += 1;
        let key = format!("kill-{}-{}", self.number, self.acts);
        let (path, body) = match &self.dossier {
            Some(dossier) if self.opened == NAMES_MAX || !self.chance.percent(5) => {
                let path = format!("/api/v1/dossiers/{dossier}/commands");
                (path, serde_json::to_string(&self.command(&key)).unwrap())
            }
            _ => {
                self.opened += 1;
                let name = words::name(self.number + CLIENTS * self.acts);
                ("/api/v1/dossiers".to_owned(), json!({ "name": name }).to_string())
            }
        };
        Act { path, token: self.client.token.clone(), key, body }
    }

    fn command(&mut self, key: &str) -> Command {
        if self.chance.percent(10) {
            let name = words::name(self.number + CLIENTS * self.acts);
            return Command::Rename { name, void_signatures: false };
        }
        let content = if self.chance.percent(20) {
            Section::Goals { goals: format!("目标 {key}"), yearly: vec![], indicators: vec![] }
        } else {
            Section::Special { special: format!("说明 {key}") }
        };
        Command::WriteApplication { content }
    }
}

/// Reads the folder through the library: each answered act stands in the journal as often as it
/// was answered, which is once.
async fn everything_is_there_once(data: &Path, people: &[Somebody]) {
    let store = Store::open(Location::Sqlite(data.to_owned())).unwrap();
    let mut sequences: BTreeMap<String, u64> = BTreeMap::new();
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    for id in all(&store).await {
        let journal = store.load(id.as_str()).await.unwrap();
        sequences.insert(id.to_string(), journal.len() as u64);
        for entry in journal {
            *written.entry(entry.payload.to_string()).or_default() += 1;
        }
    }
    let twice: Vec<_> = written.iter().filter(|(_, count)| **count > 1).collect();
    assert_eq!(twice, [], "written twice");
    let mut answers = 0;
    let mut by_dossier: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for somebody in people {
        for line in fs::read_to_string(&somebody.notes).unwrap().lines() {
            let (key, body) = line.split_once('\t').unwrap();
            let told: Value = serde_json::from_str(body).unwrap();
            let id = told["id"].as_str().unwrap().to_owned();
            let sequence = told["sequence"].as_u64().unwrap();
            let end = sequences.get(&id).copied().unwrap_or(0);
            assert!(sequence <= end, "{key} was answered at {sequence}, {id} ends at {end}");
            by_dossier.entry(id).or_default().push(sequence);
            answers += 1;
        }
    }
    for (id, mut at) in by_dossier {
        at.sort_unstable();
        let each: Vec<u64> = (1..=sequences[&id]).collect();
        assert_eq!(at, each, "{id}: an act without an answer, or an answer without an act");
    }
    println!("{answers} answered acts, each there once");
    assert!(answers > 0);
}

async fn all(store: &Store) -> Vec<DossierId> {
    let (mut found, mut after): (Vec<DossierId>, Option<String>) = (Vec::new(), None);
    loop {
        let page = store.streams("d-", after.as_deref(), 500).await.unwrap();
        let Some(last) = page.last().cloned() else { return found };
        after = Some(last);
        found.extend(page.into_iter().map(DossierId));
    }
}
