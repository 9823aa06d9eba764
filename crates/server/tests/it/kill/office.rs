//! The real program as a process of its own, over a data folder made through the library.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use consortium::actor::Actor;
use server::clock::Clock;
use server::http::session;
use server::office::Office;
use store::{Person, Post, Store, Token};

use super::wire::Wire;
use crate::simulation::cast::Cast;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long the program may take to open.
const OPENS_WITHIN: Duration = Duration::from_secs(20);

/// Somebody of a unit who asks through the API.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) token: String,
}

/// Fills a store with a cast, and a client for each unit that may lead.
pub(crate) async fn furnish(store: Store, clients: usize) -> Vec<Client> {
    let office = Office::new(store.clone(), Clock::system());
    let cast = Cast::enter(&office, clients, 4).await;
    let mut admitted = Vec::new();
    for unit in &cast.leads {
        let actor = cast.handler(unit);
        let token = format!("token-of-{unit}-0123456789abcdef0123456789abcdef");
        admit(&store, &actor, &token).await;
        admitted.push(Client { token });
    }
    admitted
}

/// An account, a post and a token for an actor.
async fn admit(store: &Store, actor: &Actor, token: &str) {
    let (person, post) = (actor.person.to_string(), format!("t-{}", actor.person));
    let now_ms = Clock::system().wall_ms();
    let account = Person {
        id: person.clone(),
        login: person.clone(),
        name: actor.name.value.clone(),
        created_ms: now_ms,
        ..Person::default()
    };
    store.save_person(account).await.unwrap();
    let side = actor.reader_key();
    let capacity = session::capacity_text(actor.capacity);
    let held = Post { id: post.clone(), person: person.clone(), side, capacity, ..Post::default() };
    store.save_post(held).await.unwrap();
    let token = Token {
        hash: session::digest(token),
        person,
        post,
        label: "推演".to_owned(),
        created_ms: now_ms,
        expires_ms: now_ms + DAY_MS,
        strength: "two_factor".to_owned(),
        proved_with: "totp".to_owned(),
        // As if somebody showed to be oneself all day long.
        proved_ms: now_ms + DAY_MS,
    };
    store.save_token(token).await.unwrap();
}

/// The program, opened.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start to the first answer.
    pub(crate) opened_in: Duration,
}

impl Process {
    /// Opens it, on PostgreSQL if there is a `url`, and waits for its first answer.
    pub(crate) fn open(program: &Path, data: &Path, url: Option<&str>) -> Self {
        let address = free();
        let began = Instant::now();
        let mut command = Command::new(program);
        command
            .args(["serve", "--exempt-loopback", "--pace", "0", "--listen"])
            .arg(address.to_string())
            .arg("--data")
            .arg(data)
            .env_remove("DATABASE_URL")
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(url) = url {
            command.env("DATABASE_URL", url);
        }
        let mut child = command.spawn().unwrap();
        while Wire::open(address).and_then(|mut wire| wire.get("/healthz")).is_err() {
            assert!(began.elapsed() < OPENS_WITHIN, "it does not open");
            assert!(child.try_wait().unwrap().is_none(), "it closed by itself");
            rest(Duration::from_millis(1));
        }
        Self { child, address, opened_in: began.elapsed() }
    }

    /// The first line that it says to the person at the terminal with this in it.
    pub(crate) fn says(&mut self, words: &str) -> String {
        let lines = BufReader::new(self.child.stdout.take().unwrap()).lines();
        lines.map(Result::unwrap).find(|line| line.contains(words)).unwrap()
    }

    /// Its number among the processes.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How much memory it holds, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// An address that is free now.
fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// Lets real time pass: the program under test has a clock of its own.
#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
pub(crate) fn rest(time: Duration) {
    std::thread::sleep(time);
}
