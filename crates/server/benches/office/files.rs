//! 附件 — files of 1 MB that eight clients bring at once, beside the rate at which eight writers make
//! such files durable on the same disk, as plainly as it can be done: write, fsync, rename into one
//! of 256 folders, fsync of the folder. One writer alone, who makes one file after the other, stands
//! beside them as the single rows do beside the commands.
//!
//! All take turns within each round. What they send or write lies in memory already; a few bytes
//! make each file another one. The folders are there on both sides, as in an office that is used.
//! Clients and writers share the cores with the office, so their CPU is told apart from its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use store::{Location, Store};

use crate::figures::{Table, median, range, ratios};
use crate::kill::office::{Client, Process, furnish};
use crate::{Effort, doing, machine, program};

/// Clients at once, and writers at once.
const CLIENTS: usize = 8;
/// Files of each in a turn; one writer alone makes as many as all together.
const FILES: usize = 25;
/// Bytes of a file.
const BYTES: usize = 1024 * 1024;
/// Small files of each client before the first turn: enough that every folder was named.
const SMALL: usize = 250;
/// Folders, as the office spreads its files.
const FOLDERS: usize = 256;
/// Which part of the durable rate the office is to reach.
const AIM: f64 = 0.8;

/// The table.
pub(crate) fn measured(ground: &Path, effort: Effort) -> String {
    doing("attachments");
    let data = ground.join("attachments");
    let store = Store::open(Location::Sqlite(data.clone())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let clients = runtime.block_on(furnish(store, CLIENTS));
    let process = Process::open(program(), &data, None);
    let bring = |client| Sender::open(&process, client);
    let mut senders: Vec<Sender> = clients.into_iter().map(bring).collect();
    let mut writers = Writer::all(&ground.join("durable"));
    turn(&mut senders, SMALL, |sender| sender.bring(1));
    let (mut alone, mut durable, mut office) = <(Turns, Turns, Turns)>::default();
    let mut office_cpu = Vec::new();
    for round in 0..=effort.rounds {
        let by_one = turn(&mut writers[..1], CLIENTS * FILES, Writer::make);
        let written = turn(&mut writers, FILES, Writer::make);
        let before = machine::cpu_seconds(process.id());
        let brought = turn(&mut senders, FILES, |sender| sender.bring(BYTES));
        let took = machine::cpu_seconds(process.id()) - before;
        // The first round warms up.
        if round > 0 {
            alone.add(&by_one);
            durable.add(&written);
            office.add(&brought);
            office_cpu.push(each_ms(took));
        }
    }
    table(&alone, &durable, &office, &office_cpu)
}

fn table(alone: &Turns, durable: &Turns, office: &Turns, office_cpu: &[f64]) -> String {
    let title = format!("Attachments of 1 MB, {CLIENTS} at once");
    let columns = ["", "a second", "to one writer", "to eight", "least–most", "aim", "CPU each"];
    let mut table = Table::new(&title, &columns);
    let ms = |of: &[f64]| format!("{:.2} ms", median(of));
    let to = |of: &Turns, other: &Turns| format!("{:.2}", median(&ratios(&of.rates, &other.rates)));
    let mut row = |title: &str, of: &Turns, aim: String, cpu: String| {
        let (least, most) = range(&ratios(&of.rates, &durable.rates));
        table.row(&[
            title.to_owned(),
            format!("{:.0}", median(&of.rates)),
            to(of, alone),
            to(of, durable),
            format!("{least:.2}–{most:.2}"),
            aim,
            cpu,
        ]);
    };
    row("made durable by one writer", alone, String::new(), ms(&alone.cpu_ms));
    row("made durable by eight writers", durable, String::new(), ms(&durable.cpu_ms));
    let cpu = format!("{} and the clients' {}", ms(office_cpu), ms(&office.cpu_ms));
    row("brought to the office by eight clients", office, format!("≥ {AIM}"), cpu);
    table.done()
}

/// What turns gave: files a second, and the CPU of those who sent or wrote each.
#[derive(Default)]
struct Turns {
    rates: Vec<f64>,
    cpu_ms: Vec<f64>,
}

impl Turns {
    fn add(&mut self, turn: &Turn) {
        self.rates.push(turn.rate);
        self.cpu_ms.push(turn.cpu_ms);
    }
}

struct Turn {
    rate: f64,
    cpu_ms: f64,
}

/// Lets all of them do something so many times, each when it has done the one before.
fn turn<T: Send>(all: &mut [T], times: usize, once: impl Fn(&mut T) + Sync) -> Turn {
    let (began, once) = (Instant::now(), &once);
    let cpu: f64 = thread::scope(|scope| {
        let each = all.iter_mut().map(|one| {
            scope.spawn(move || {
                for _ in 0..times {
                    once(one);
                }
                machine::own_cpu_seconds()
            })
        });
        let each: Vec<_> = each.collect();
        each.into_iter().map(|one| one.join().unwrap()).sum()
    });
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let rate = (all.len() * times) as f64 / began.elapsed().as_secs_f64();
    Turn { rate, cpu_ms: each_ms(cpu) }
}

/// Milliseconds for each file of a turn.
fn each_ms(seconds: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let files = (CLIENTS * FILES) as f64;
    seconds * 1000.0 / files
}

/// A PDF that becomes another one each time: one page, and a picture of noise.
struct Document {
    bytes: Vec<u8>,
    number: u64,
}

const HEAD: &[u8] =
    b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length 1 >>\nstream\n";
const TAIL: &[u8] = b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n";

impl Document {
    fn of(owner: usize) -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ (owner as u64) << 32;
        let mut bytes = HEAD.to_vec();
        while bytes.len() + TAIL.len() + 8 <= BYTES {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes.extend(state.to_le_bytes());
        }
        bytes.resize(BYTES - TAIL.len(), b' ');
        bytes.extend(TAIL);
        Self { bytes, number: (owner as u64) << 32 }
    }

    /// The next one, of so many bytes or a few more.
    fn next(&mut self, size: usize) -> [&[u8]; 2] {
        self.number += 1;
        let digits = format!("{:016x}", self.number);
        self.bytes[HEAD.len()..HEAD.len() + digits.len()].copy_from_slice(digits.as_bytes());
        let head = size.saturating_sub(TAIL.len()).max(HEAD.len() + digits.len());
        [&self.bytes[..head], TAIL]
    }
}

/// A client with a connection of its own.
struct Sender {
    token: String,
    wire: TcpStream,
    document: Document,
}

impl Sender {
    fn open(process: &Process, client: Client) -> Self {
        let wire = TcpStream::connect(process.address).unwrap();
        wire.set_nodelay(true).unwrap();
        let document = Document::of(usize::from(wire.local_addr().unwrap().port()));
        Self { token: client.token, wire, document }
    }

    /// Brings the next file, and waits until it is kept.
    fn bring(&mut self, size: usize) {
        let [head, tail] = self.document.next(size);
        let request = format!(
            "POST /api/v1/files?name=a.pdf HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/pdf\r\n\
             Content-Length: {}\r\n\r\n",
            self.token,
            head.len() + tail.len()
        );
        for part in [request.as_bytes(), head, tail] {
            self.wire.write_all(part).unwrap();
        }
        self.kept();
    }

    /// Reads the answer to its end.
    fn kept(&mut self) {
        let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            let read = self.wire.read(&mut piece).unwrap();
            assert!(read > 0, "the office hung up");
            bytes.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&bytes);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            assert!(head.starts_with("HTTP/1.1 201"), "{text}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse().unwrap() {
                return;
            }
        }
    }
}

/// Somebody who makes files durable.
struct Writer {
    number: usize,
    ground: PathBuf,
    document: Document,
}

impl Writer {
    /// All of them, over the folders that they share.
    fn all(ground: &Path) -> Vec<Self> {
        fs::create_dir_all(ground.join("incoming")).unwrap();
        for folder in 0..FOLDERS {
            fs::create_dir_all(ground.join("files").join(format!("{folder:02x}"))).unwrap();
        }
        let writer = |number| {
            let document = Document::of(number);
            Self { number, ground: ground.to_owned(), document }
        };
        (0..CLIENTS).map(writer).collect()
    }

    fn make(&mut self) {
        let parts = self.document.next(BYTES);
        let draft = self.ground.join("incoming").join(format!("draft-{}", self.number));
        let mut file = File::create(&draft).unwrap();
        for part in parts {
            file.write_all(part).unwrap();
        }
        file.sync_all().unwrap();
        let name = format!("{:016x}", self.document.number);
        // Spread as digests are.
        let spread = self.document.number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        let folder = self.ground.join("files").join(format!("{spread:02x}"));
        fs::rename(&draft, folder.join(name)).unwrap();
        // Without this the name may be gone after a power cut, and with it the file.
        File::open(&folder).unwrap().sync_all().unwrap();
    }
}
