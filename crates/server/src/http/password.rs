//! 密码 — hashed with Argon2id behind a short queue, so that logins never starve pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::{Fault, random};
use crate::config::Argon2Cost;

/// Characters at least.
pub const CHARS_MIN: usize = 10;
/// Characters at most: longer ones only cost hashing time.
pub const CHARS_MAX: usize = 128;
/// Hashes that may wait; one more is answered with 503.
const QUEUE_MAX: usize = 64;

/// Pieces that make a password easy to guess for somebody who knows the platform.
const CONTEXT: [&str; 8] =
    ["chuanglian", "创联", "创新联合体", "内蒙古", "neimenggu", "nmgkjt", "kejiting", "admin"];

/// Words that open other people's lists. Compared without case, digits and signs at the ends.
const COMMON: [&str; 24] = [
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "woaini",
    "woaini1314",
    "welcome",
    "letmein",
    "administrator",
    "changeme",
    "default",
    "abcdefg",
    "abcd1234",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "qazwsxedc",
    "q1w2e3r4",
    "a1b2c3d4",
    "aa123456",
    "test",
    "user",
];

/// The desk where passwords are hashed.
#[derive(Debug)]
pub struct Passwords {
    cost: Argon2Cost,
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// What an unknown login is compared with, so that it takes as long as a known one.
    decoy: String,
}

impl Passwords {
    /// A desk with as many clerks as the machine has cores.
    pub fn new(cost: Argon2Cost) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let decoy = decoy(cost).unwrap_or_default();
        Self { cost, cores: Arc::new(Semaphore::new(cores)), waiting: AtomicUsize::new(0), decoy }
    }

    /// Hashes a password.
    pub async fn hash(&self, password: &str) -> Result<String, Fault> {
        let (cost, password) = (self.cost, password.to_owned());
        self.work(move || hash(cost, &password)).await?
    }

    /// Whether a password is right. With no hash (no such account) it takes as long and is wrong.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Fault> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let password: String = password.chars().take(CHARS_MAX + 1).collect();
        let right = self.work(move || verify(&password, &hash)).await?;
        Ok(right && known)
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let _place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Fault::Busy)?;
        tokio::task::spawn_blocking(move || {
            let done = job();
            drop(permit);
            done
        })
        .await
        .map_err(Fault::internal)
    }
}

/// A place in the queue, given back when the work is done or given up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, Fault> {
        if waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE_MAX {
            waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Fault::Busy);
        }
        Ok(Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Hashes a password at once: for the command line.
pub fn hash(cost: Argon2Cost, password: &str) -> Result<String, Fault> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(Fault::internal)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes()).map_err(Fault::internal)?;
    Ok(hash.to_string())
}

/// A hash of this cost that no password has. It is made cheaply and says it was dear, so that
/// opening the office does not wait for it; comparing with it takes as long as with any.
fn decoy(cost: Argon2Cost) -> Result<String, Fault> {
    let cheap = hash(Argon2Cost::CHEAP, &random::secret_hex())?;
    let mut parts: Vec<&str> = cheap.split('$').collect();
    let params = format!("m={},t={},p=1", cost.memory_kib, cost.passes);
    if let Some(stated) = parts.get_mut(3) {
        *stated = &params;
    }
    Ok(parts.join("$"))
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// What is wrong with a new password, as a sentence; `None` when it may be taken.
pub fn complaint(password: &str, login: &str) -> Option<String> {
    let count = password.chars().count();
    if count < CHARS_MIN {
        return Some(format!("密码至少 {CHARS_MIN} 个字符，现为 {count} 个"));
    }
    if count > CHARS_MAX {
        return Some(format!("密码最多 {CHARS_MAX} 个字符"));
    }
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|letter: char| !letter.is_alphabetic());
    let known = COMMON.contains(&core) || COMMON.contains(&lower.as_str()) || core.is_empty();
    let context =
        CONTEXT.contains(&core) || (!login.is_empty() && lower.contains(&login.to_lowercase()));
    if known || context || is_monotonous(&lower) {
        return Some("这个密码容易被猜到，换一个：可以用几个不相干的词连起来".to_owned());
    }
    None
}

/// Few different letters, or one letter after the other in order.
fn is_monotonous(password: &str) -> bool {
    let letters: Vec<u32> = password.chars().map(u32::from).collect();
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    let steps = letters.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    different.len() < 5 || steps * 4 >= letters.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_an_unknown_account_never() {
        let desk = Passwords::new(Argon2Cost::CHEAP);
        let hash = desk.hash("马铃薯 over 7 bridges").await.expect("a hash");
        assert!(hash.starts_with("$argon2id$"));
        assert!(desk.verify("马铃薯 over 7 bridges", Some(&hash)).await.expect("an answer"));
        assert!(!desk.verify("马铃薯 over 8 bridges", Some(&hash)).await.expect("an answer"));
        assert!(!desk.verify("anything", None).await.expect("an answer"));
        assert!(!desk.verify("anything", Some("not a hash")).await.expect("an answer"));
    }

    #[test]
    fn easy_passwords_are_not_taken() {
        // password                 taken
        let table = [
            ("九个字符不够九个", false),
            ("correct horse", true),
            ("Tulip7Kettle9", true),
            ("草原上的白云很多啊", false),
            ("草原上的白云很多很多", true),
            ("password123!", false),
            ("chuanglian2026", false),
            ("aaaaaaaaaaaa", false),
            ("12345678901", false),
            ("abcdefghijkl", false),
            ("zhaomin-2026-x", false),
            ("2026!2027!2028", false),
        ];
        for (password, taken) in table {
            let complaint = complaint(password, "zhaomin");
            assert_eq!(complaint.is_none(), taken, "{password}: {complaint:?}");
        }
        let long = "xy0z".repeat(32);
        assert_eq!(
            complaint(&long, ""),
            Some("这个密码容易被猜到，换一个：可以用几个不相干的词连起来".to_owned())
        );
        assert!(complaint(&"tulip".repeat(26), "").is_some());
    }

    #[test]
    fn the_decoy_costs_what_a_hash_costs() {
        let cost = Argon2Cost::default();
        let (decoy, real) = (decoy(cost).expect("a decoy"), hash(cost, "x").expect("a hash"));
        let parts = |hash: &str| {
            let hash = PasswordHash::new(hash).expect("a hash");
            (hash.algorithm, hash.version, hash.params.to_string(), hash.hash.map(|out| out.len()))
        };
        assert_eq!(parts(&decoy), parts(&real));
    }

    #[test]
    fn the_queue_has_an_end() {
        let waiting = AtomicUsize::new(0);
        let places: Vec<_> = (0..QUEUE_MAX).map(|_| Place::take(&waiting)).collect();
        assert!(places.iter().all(Result::is_ok));
        assert!(Place::take(&waiting).is_err());
        drop(places);
        assert!(Place::take(&waiting).is_ok());
    }
}
