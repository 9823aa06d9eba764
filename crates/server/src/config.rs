//! What an operator can choose, with the reason for each default. There is no default secret.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::clamd::Clamd;
use crate::provider::Provider;

/// How long a session lives without a request.
const SESSION_IDLE_MS: i64 = 30 * 60 * 1000;
/// How long a session lives at most.
const SESSION_ABSOLUTE_MS: i64 = 12 * 60 * 60 * 1000;

/// The settings of one process.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where requests are taken.
    pub listen: SocketAddr,
    /// The data folder: the embedded database and the files by digest.
    pub data: PathBuf,
    /// Where browsers find us, such as `https://lhtbeian.example`: what papers print in links and
    /// codes. The address requests are taken at, when there is none.
    pub site: Option<String>,
    /// Whether browsers reach us over TLS (usually through a gateway): `Secure` cookies and HSTS.
    pub secure: bool,
    /// Whether the last address of `X-Forwarded-For` is believed; only behind an own gateway.
    pub trust_forwarded: bool,
    /// How fast one address may ask.
    pub pace: Pace,
    /// What hashing a password costs.
    pub argon2: Argon2Cost,
    /// Who searches files for viruses; where set, a file without an answer is not taken.
    pub clamd: Option<Clamd>,
    /// Who else vouches for persons; nobody unless the operator names one.
    pub provider: Option<Provider>,
    /// How long a session lives without a request, in milliseconds.
    pub session_idle_ms: i64,
    /// How long a session lives at most, in milliseconds.
    pub session_absolute_ms: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            site: None,
            secure: false,
            trust_forwarded: false,
            pace: Pace::default(),
            argon2: Argon2Cost::default(),
            clamd: None,
            provider: None,
            session_idle_ms: SESSION_IDLE_MS,
            session_absolute_ms: SESSION_ABSOLUTE_MS,
        }
    }
}

impl Config {
    /// Where browsers find us, without a slash at the end.
    pub fn site(&self) -> String {
        let site = self.site.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        site.trim_end_matches('/').to_owned()
    }
}

/// A token bucket for one client address. Generous: an office of many people shares one.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Requests a second in the long run; 0 switches the limit off.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
    /// Whether requests from this machine are not counted, as load tests and demos need.
    pub exempt_loopback: bool,
}

impl Pace {
    /// How fast one address has names checked: somebody who thinks of one, not a machine that tries.
    #[must_use]
    pub fn for_names(self) -> Self {
        Self { per_second: self.per_second.min(1), burst: self.burst.min(30), ..self }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_second: 60, burst: 300, exempt_loopback: false }
    }
}

/// The cost of one password hash.
#[derive(Clone, Copy, Debug)]
pub struct Argon2Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for Argon2Cost {
    /// 46 MiB and 2 passes: some 100 ms on a small server, above the usual floor of 19 MiB.
    fn default() -> Self {
        Self { memory_kib: 46 * 1024, passes: 2 }
    }
}

impl Argon2Cost {
    /// As cheap as the algorithm allows: for tests.
    pub const CHEAP: Self = Self { memory_kib: 64, passes: 1 };
}
