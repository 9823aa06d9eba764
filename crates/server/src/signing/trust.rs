//! 受信任的根证书 — whose certificates count: the operator puts them into a folder.

use std::fs;
use std::path::Path;

use x509_cert::Certificate;
use x509_cert::der::{Decode, DecodePem, Encode};

/// The folder within the data folder.
pub const FOLDER: &str = "trust";
/// Larger than any certificate.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// The roots.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    roots: Vec<Certificate>,
}

impl Trust {
    /// Nobody's certificates count.
    pub const NOBODY: Self = Self { roots: Vec::new() };

    /// The certificates of a folder, PEM or DER, each file one or, in PEM, several.
    ///
    /// # Errors
    /// A file that is there and is no certificate: better not to start than to trust less than
    /// the operator meant.
    pub fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        let Ok(listing) = fs::read_dir(folder) else { return Ok(Self::default()) };
        let mut roots = Vec::new();
        for entry in listing {
            let path = entry?.path();
            let certificate = path.extension().and_then(|ending| ending.to_str());
            if !matches!(certificate, Some("pem" | "crt" | "cer" | "der")) {
                continue;
            }
            let shown = path.display();
            anyhow::ensure!(path.metadata()?.len() <= FILE_BYTES_MAX, "{shown} is too large");
            let bytes = fs::read(&path)?;
            let found = certificates(&bytes);
            anyhow::ensure!(!found.is_empty(), "{shown} is no certificate");
            roots.extend(found);
        }
        Ok(Self { roots })
    }

    /// These roots.
    pub fn of(roots: Vec<Certificate>) -> Self {
        Self { roots }
    }

    /// The roots as PEM, one after the other.
    pub fn pem(&self) -> String {
        use x509_cert::der::EncodePem;
        use x509_cert::der::pem::LineEnding;
        self.roots.iter().filter_map(|root| root.to_pem(LineEnding::LF).ok()).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.roots.len()
    }

    /// Whether nobody's certificates count.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// Whether this very certificate is a root.
    pub(super) fn holds(&self, certificate: &Certificate) -> bool {
        let own = certificate.to_der().ok();
        own.is_some() && self.roots.iter().any(|root| root.to_der().ok() == own)
    }

    /// The roots that bear this name.
    pub(super) fn named<'a>(
        &'a self,
        name: &'a x509_cert::name::Name,
    ) -> impl Iterator<Item = &'a Certificate> {
        self.roots.iter().filter(move |root| root.tbs_certificate().subject() == name)
    }
}

/// The certificates in PEM or DER bytes.
pub fn certificates(bytes: &[u8]) -> Vec<Certificate> {
    if let Ok(chain) = Certificate::load_pem_chain(bytes)
        && !chain.is_empty()
    {
        return chain;
    }
    Certificate::from_pem(bytes).or_else(|_| Certificate::from_der(bytes)).into_iter().collect()
}
