//! 接入设置 — what the operator says of the provider. There is none unless it is named.

use std::fmt;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::egress::Reach;
use crate::platform_key::file;

/// A word that goes into no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret that is at hand.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret in a file: never an argument, which everybody on the machine can read.
    ///
    /// # Errors
    /// When the file cannot be read, or holds nothing.
    pub fn of_file(path: &Path) -> anyhow::Result<Self> {
        let text = file::read(path).context("read the secret of the provider's client")?;
        ensure!(!text.trim().is_empty(), "{} holds no secret", path.display());
        Ok(Self(text.trim().to_owned()))
    }

    pub(super) fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What the operator says of the provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its issuer, letter by letter as it writes it: `https://id.example`.
    pub issuer: String,
    /// Under which name it knows us.
    pub client: String,
    /// What we show it.
    pub secret: Secret,
    /// How people call it: `统一身份认证`.
    pub name: String,
    /// The values of `acr` that stand for two factors; without any, none does.
    pub two_factor: Vec<String>,
    /// How far away it may be.
    pub reach: Reach,
    /// Where browsers find us, without a slash at the end.
    pub site: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_its_file_and_goes_into_no_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        assert!(Secret::of_file(&path).is_err());
        std::fs::write(&path, " \n").expect("a write");
        assert!(Secret::of_file(&path).is_err());
        std::fs::write(&path, "tulip kettle\n").expect("a write");
        let secret = Secret::of_file(&path).expect("a secret");
        assert_eq!(secret.shown(), "tulip kettle");
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
