//! 密码 — hashed with Argon2id behind a short queue, so that logins never starve pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::{Fault, guess, random};
use crate::config::Argon2Cost;

/// Characters at least.
pub const CHARS_MIN: usize = 10;
/// Characters at most: longer ones only cost hashing time.
pub const CHARS_MAX: usize = 128;
/// Hashes that may wait; one more is answered with 503.
const QUEUE_MAX: usize = 64;

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

/// What is wrong with a new password, as a sentence; `None` when it may be taken. `about` is what
/// others know of the person: the login, the name, the units.
pub fn complaint(password: &str, about: &[&str]) -> Option<String> {
    let count = password.chars().count();
    if count < CHARS_MIN {
        return Some(format!("密码至少 {CHARS_MIN} 个字符，现为 {count} 个"));
    }
    if count > CHARS_MAX {
        return Some(format!("密码最多 {CHARS_MAX} 个字符"));
    }
    let ease = guess::ease(password, about)?;
    Some(format!("这个密码容易被猜到：{}。{ADVICE}", ease.term()))
}

/// What to do instead.
const ADVICE: &str = "换成三四个互不相干的词连起来，中文也可以，中间夹几个数字";

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
    fn a_password_has_so_many_letters_and_is_not_easy_to_guess() {
        assert_eq!(complaint("tulip;kt 7", &[]), None);
        assert!(complaint("tulip;kt7", &[]).is_some_and(|words| words.contains("现为 9 个")));
        let long = "tulip kettle 97 bridge ".repeat(6);
        let edge: String = long.chars().take(CHARS_MAX).collect();
        assert_eq!(complaint(&edge, &[]), None);
        let past: String = long.chars().take(CHARS_MAX + 1).collect();
        assert!(complaint(&past, &[]).is_some_and(|words| words.contains("最多")));
    }

    #[test]
    fn the_same_words_are_easier_for_who_knows_the_person() {
        let password = "qiqige-laoshi";
        assert_eq!(complaint(password, &[]), None);
        let words = complaint(password, &["qiqige", "laoshi"]).expect("a complaint");
        assert!(words.contains("容易被猜到") && words.contains("互不相干"), "{words}");
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
