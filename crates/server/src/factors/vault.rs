//! 密钥 — seals the seeds of one-time passwords, and marks what browsers carry for us.
//!
//! One file in the folder `keys`, which goes into no backup: a copy of the database alone opens no
//! seed. What is sealed for one person opens for no other.

use std::fmt;
use std::path::Path;

use anyhow::{Context, ensure};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use crate::http::random;
use crate::platform_key::file;

/// Its name within the data folder: 256 random bits as hexadecimal digits.
pub const FILE: &str = "keys/factors.key";

/// What seals and marks.
pub struct Vault {
    seal: LessSafeKey,
    mark: hmac::Key,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// The one of a data folder; made at the first start.
    pub fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        if !path.exists() {
            file::keep(&path, &random::secret_hex())?;
        }
        let text = file::read(&path)?;
        let bytes = hex::decode(text.trim()).ok().filter(|bytes| bytes.len() == 32);
        let bytes = bytes.with_context(|| format!("{} holds no key", path.display()))?;
        Self::of(&bytes)
    }

    /// One that is kept nowhere: what it sealed is lost with the process.
    ///
    /// # Panics
    ///
    /// Never: a key of this length is one.
    pub fn fresh() -> Self {
        Self::of(&random::secret()).expect("256 bits are a key")
    }

    fn of(secret: &[u8]) -> anyhow::Result<Self> {
        ensure!(secret.len() == 32, "the key is of another length");
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let seal = UnboundKey::new(&CHACHA20_POLY1305, hmac::sign(&root, b"seal").as_ref());
        let seal = seal.map_err(|_| anyhow::anyhow!("the key is of another length"))?;
        let mark = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"mark").as_ref());
        Ok(Self { seal: LessSafeKey::new(seal), mark })
    }

    /// Seals something under a label, which has to be named again to open it.
    ///
    /// # Panics
    ///
    /// When there is more than 256 GB of it.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&random::secret()[..NONCE_LEN]);
        let mut sealed = plain.to_vec();
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(label.as_bytes()),
                &mut sealed,
            )
            .expect("a seed is short");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed under a label; `None` for anything else.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = sealed.to_vec();
        let plain = self.seal.open_in_place(nonce, Aad::from(label.as_bytes()), &mut bytes).ok()?;
        Some(plain.to_vec())
    }

    /// A mark that only this key makes, as hexadecimal digits.
    pub fn mark(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.mark, text.as_bytes()))
    }

    /// Whether a mark is the one of a text.
    pub fn made(&self, text: &str, mark: &str) -> bool {
        let mark = hex::decode(mark).unwrap_or_default();
        hmac::verify(&self.mark, text.as_bytes(), &mark).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_label_with_its_key_alone() {
        let (vault, other) = (Vault::fresh(), Vault::fresh());
        let sealed = vault.seal("totp:P1", b"seed");
        assert_ne!(sealed, vault.seal("totp:P1", b"seed"));
        assert!(!sealed.windows(4).any(|piece| piece == b"seed"));
        assert_eq!(vault.open("totp:P1", &sealed).as_deref(), Some(b"seed".as_slice()));
        assert_eq!(vault.open("totp:P2", &sealed), None);
        assert_eq!(other.open("totp:P1", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(vault.open("totp:P1", &changed), None);
        }
        assert_eq!(vault.open("totp:P1", b"short"), None);
    }

    #[test]
    fn a_mark_is_its_texts_and_its_keys() {
        let vault = Vault::fresh();
        let mark = vault.mark("P1|9");
        assert!(vault.made("P1|9", &mark) && !vault.made("P1|8", &mark));
        assert!(!Vault::fresh().made("P1|9", &mark) && !vault.made("P1|9", ""));
    }

    #[test]
    fn a_folder_keeps_its_key_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let sealed = Vault::of_folder(folder.path()).expect("a key").seal("l", b"x");
        let again = Vault::of_folder(folder.path()).expect("the same key");
        assert_eq!(again.open("l", &sealed).as_deref(), Some(b"x".as_slice()));
        let path = folder.path().join(FILE);
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&path, "not a key").expect("a write");
        assert!(Vault::of_folder(folder.path()).is_err());
    }
}
