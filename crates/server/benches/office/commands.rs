//! 办件 — commands that are answered when they are on disk, through the API with a bearer token
//! and a key, by one client and by several at once.

use std::env;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use consortium::Command;
use consortium::materials::Section;
use serde_json::{Value, json};
use store::{Location, Store};

use crate::bare::{self, Bare};
use crate::figures::{Table, median, range, ratios};
use crate::kill::office::{Client, Process, furnish};
use crate::kill::wire::{Act, Wire};
use crate::place::Schema;
use crate::simulation::words;
use crate::{Effort, doing, machine, program};

/// How many clients at once, and which part of the bare rate they are to reach.
const AIMS: [(usize, f64); 3] = [(1, 0.7), (8, 4.0), (32, 12.0)];

/// The tables of each engine there is.
pub(crate) fn measured(ground: &Path, effort: Effort) -> String {
    let data = ground.join("commands");
    let store = Store::open(Location::Sqlite(data.clone())).unwrap();
    let mut bare = bare::Sqlite::open(ground);
    let title = "Durable commands on SQLite (WAL, synchronous FULL)";
    let mut told = on(title, store, &data, None, &mut bare, effort);
    if let Some(server) = env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) {
        told += &on_postgres(ground, &server, effort);
    }
    told
}

fn on_postgres(ground: &Path, server: &str, effort: Effort) -> String {
    let schema = Schema::new(server);
    let (data, url) = (ground.join("commands-postgres"), schema.url());
    let location = Location::Postgres { url: url.clone(), data: data.clone() };
    let store = Store::open(location).unwrap();
    let mut bare = bare::Postgres::open(&url);
    let title = format!("Durable commands on PostgreSQL ({})", bare.settings());
    on(&title, store, &data, Some(&url), &mut bare, effort)
}

/// What the rounds of so many clients gave.
#[derive(Default)]
struct Measured {
    rates: Vec<f64>,
    cpu_ms: Vec<f64>,
}

fn on(
    title: &str,
    store: Store,
    data: &Path,
    url: Option<&str>,
    bare: &mut dyn Bare,
    effort: Effort,
) -> String {
    doing(title);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let most = AIMS.map(|(clients, _)| clients).into_iter().max().unwrap();
    let clients = runtime.block_on(furnish(store, most));
    let process = Process::open(program(), data, url);
    let mut people: Vec<Somebody> =
        clients.into_iter().enumerate().map(|(n, client)| Somebody::new(n, client)).collect();
    for somebody in &mut people {
        somebody.open(&process);
    }
    let turn = Duration::from_millis(effort.turn_ms);
    let mut bare_rates = Vec::new();
    let mut all: [Measured; AIMS.len()] = Default::default();
    for round in 0..=effort.rounds {
        let bare_rate = bare::rate(bare, turn);
        for (measured, (clients, _)) in all.iter_mut().zip(AIMS) {
            let (rate, cpu_ms) = work(&process, &mut people[..clients], turn);
            // The first round warms up.
            if round > 0 {
                measured.rates.push(rate);
                measured.cpu_ms.push(cpu_ms);
            }
        }
        if round > 0 {
            bare_rates.push(bare_rate);
        }
    }
    table(title, &bare_rates, &all)
}

fn table(title: &str, bare: &[f64], all: &[Measured]) -> String {
    let columns = ["", "per second", "to bare", "least–most", "aim", "CPU of the office each"];
    let mut table = Table::new(title, &columns);
    let rate = format!("{:.0}", median(bare));
    table.row(&["bare single-row commits, one after the other", &rate, "1", "", "", ""]);
    for (Measured { rates, cpu_ms }, (clients, aim)) in all.iter().zip(AIMS) {
        let ratios = ratios(rates, bare);
        let (least, most) = range(&ratios);
        table.row(&[
            format!("commands over HTTP, {clients} at once"),
            format!("{:.0}", median(rates)),
            format!("{:.2}", median(&ratios)),
            format!("{least:.2}–{most:.2}"),
            format!("≥ {aim}"),
            format!("{:.3} ms", median(cpu_ms)),
        ]);
    }
    table.done()
}

/// Lets clients work for a while: commands a second, and what each cost the office.
fn work(process: &Process, people: &mut [Somebody], time: Duration) -> (f64, f64) {
    let before = machine::cpu_seconds(process.id());
    let began = Instant::now();
    let done: usize = thread::scope(|scope| {
        let each = people
            .iter_mut()
            .map(|somebody| scope.spawn(move || somebody.work(process, began + time)));
        let each: Vec<_> = each.collect();
        each.into_iter().map(|one| one.join().unwrap()).sum()
    });
    let took = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds of work")]
    let done = done as f64;
    (done / took, (machine::cpu_seconds(process.id()) - before) * 1000.0 / done)
}

/// A client who writes in a dossier of its own.
struct Somebody {
    number: usize,
    token: String,
    path: String,
    acts: usize,
}

impl Somebody {
    fn new(number: usize, client: Client) -> Self {
        Self { number, token: client.token, path: String::new(), acts: 0 }
    }

    fn act(&mut self, path: String, body: String) -> Act {
        self.acts += 1;
        let key = format!("bench-{}-{}", self.number, self.acts);
        Act { path, token: self.token.clone(), key, body }
    }

    /// Opens the dossier.
    fn open(&mut self, process: &Process) {
        let name = json!({ "name": words::name(self.number) }).to_string();
        let act = self.act("/api/v1/dossiers".to_owned(), name);
        let answer = Wire::open(process.address).unwrap().ask(&act).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        self.path = format!("/api/v1/dossiers/{}/commands", told["id"].as_str().unwrap());
    }

    /// Writes one draft after the other, each when the one before is answered.
    fn work(&mut self, process: &Process, until: Instant) -> usize {
        let mut wire = Wire::open(process.address).unwrap();
        let mut done = 0;
        while Instant::now() < until {
            let special = format!("第 {} 次修改的特别说明", self.acts);
            let command = Command::WriteApplication { content: Section::Special { special } };
            let act = self.act(self.path.clone(), serde_json::to_string(&command).unwrap());
            let answer = wire.ask(&act).unwrap();
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(!answer.body.contains(r#""happened":[]"#), "{answer:?}");
            done += 1;
        }
        done
    }
}
