//! How fast attachments are taken: 1 MB files by eight clients over loopback, beside the rate at
//! which this disk makes files durable (write, fsync, rename, fsync of the folder) in the same run.
//!
//! `cargo bench -p server --bench files`

#![expect(clippy::print_stdout, reason = "a measurement is read")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};
use server::clock::Clock;
use server::config::{Config, Pace};
use server::http::accept::{self, Limits};
use server::http::{app, session};
use server::platform_key::PlatformKey;
use server::state::AppState;
use store::{Location, Person, Post, Store, Token};

/// Clients at once.
const CLIENTS: u32 = 8;
/// Files of each client.
const FILES: u32 = 60;
/// Bytes of a file.
const BYTES: usize = 1024 * 1024;
/// Runs; each measures both.
const RUNS: u32 = 3;

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    println!("files of {BYTES} bytes, {CLIENTS} clients, {FILES} each");
    for run in 0..RUNS {
        let bare = rate(|client| bare(&folder.path().join(format!("bare-{run}")), client))?;
        let office = Office::open(&folder.path().join(format!("office-{run}")))?;
        let taken = rate(|client| office.bring(run, client))?;
        println!(
            "run {run}: disk {bare:.0} files/s, office {taken:.0} files/s, ratio {:.2}",
            taken / bare
        );
    }
    Ok(())
}

/// Files a second of all clients together.
fn rate(work: impl Fn(u32) -> anyhow::Result<()> + Sync) -> anyhow::Result<f64> {
    let began = Instant::now();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn({
                    let work = &work;
                    move || work(client)
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| match client.join() {
            Ok(done) => done,
            Err(_) => bail!("a client crashed"),
        })
    })?;
    Ok(f64::from(CLIENTS * FILES) / began.elapsed().as_secs_f64())
}

/// A PDF of its own: one page and a picture of noise.
fn file(run: u32, client: u32, number: u32) -> Vec<u8> {
    let mut noise = vec![0_u8; BYTES - 200];
    let mut state = u64::from(run) << 40 | u64::from(client) << 20 | u64::from(number) << 1 | 1;
    for eight in noise.chunks_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        eight.copy_from_slice(&state.to_le_bytes()[..eight.len()]);
    }
    let mut file =
        b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length 1 >>\nstream\n"
            .to_vec();
    file.extend(noise);
    file.extend(b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n");
    file
}

/// Makes files durable as plainly as it can be done.
fn bare(folder: &Path, client: u32) -> anyhow::Result<()> {
    let folder = folder.join(client.to_string());
    fs::create_dir_all(&folder)?;
    for number in 0..FILES {
        let draft = folder.join("draft");
        let mut out = File::create(&draft)?;
        out.write_all(&file(u32::MAX, client, number))?;
        out.sync_all()?;
        fs::rename(&draft, folder.join(number.to_string()))?;
        // Without this the name may be gone after a power cut, and with it the file.
        File::open(&folder)?.sync_all()?;
    }
    Ok(())
}

/// An office that is open on a port of this machine.
struct Office {
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

const SECRET: &str = "clt_bench";

impl Office {
    fn open(folder: &Path) -> anyhow::Result<Self> {
        let store = Store::open(Location::Sqlite(folder.to_owned()))?;
        let pace = Pace { per_second: 0, burst: 1, exempt_loopback: true };
        let config = Config { pace, data: folder.to_owned(), ..Config::default() };
        let limits = Limits::of(&config);
        let clock = Clock::system();
        let key = PlatformKey::of_folder(folder, clock.now())?;
        let state = AppState::new(store, config, clock, key);
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(furnish(&state))?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(accept::serve(listener, app(state), limits, std::future::pending()));
        Ok(Self { address, _runtime: runtime })
    }

    fn bring(&self, run: u32, client: u32) -> anyhow::Result<()> {
        let mut wire = TcpStream::connect(self.address)?;
        wire.set_nodelay(true)?;
        for number in 0..FILES {
            let body = file(run, client, number);
            let head = format!(
                "POST /api/v1/files?name=a.pdf HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {SECRET}\r\n\
                 content-type: application/pdf\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            wire.write_all(head.as_bytes())?;
            wire.write_all(&body)?;
            answered(&mut wire)?;
        }
        Ok(())
    }
}

/// Reads one answer to its end.
fn answered(wire: &mut TcpStream) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = wire.read(&mut piece)?;
        if read == 0 {
            bail!("the office hung up");
        }
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if !head.starts_with("HTTP/1.1 201") {
            bail!("{text}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.context("a length")?.parse()?;
        if body.len() >= length {
            return Ok(());
        }
    }
}

async fn furnish(state: &AppState) -> anyhow::Result<()> {
    let person = Person { id: "p".to_owned(), login: "p".to_owned(), ..Person::default() };
    let post = Post {
        id: "t".to_owned(),
        person: "p".to_owned(),
        side: "unit:u-1".to_owned(),
        capacity: session::capacity_text(consortium::actor::Capacity::Handler),
        from: "2020-01-01".to_owned(),
        to: None,
    };
    let token = Token {
        hash: session::digest(SECRET),
        person: "p".to_owned(),
        post: "t".to_owned(),
        expires_ms: i64::MAX,
        strength: "two_factor".to_owned(),
        ..Token::default()
    };
    state.store.save_person(person).await?;
    state.store.save_post(post).await?;
    state.store.save_token(token).await?;
    Ok(())
}
