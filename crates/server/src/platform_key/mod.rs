//! 平台签名 — the platform's own key: what the platform made, it can show to be its own.
//!
//! The key is made at the first start and never leaves the data folder; an operator who holds a
//! certificate of an authority puts its key and its chain in the same place. A signature says where
//! a file comes from and that no byte of it changed; it is nobody's seal and signs for no office.

mod certificate;
mod detached;
pub(crate) mod file;

use std::path::Path;

use anyhow::Context;
use der::Encode;
use documents::Stamp;
use jiff::Timestamp;
use jiff::civil::DateTime;
use p256::ecdsa::SigningKey;
use x509_cert::Certificate;

use crate::office::digest_of;

pub use file::FILE;

/// What a signature on a paper says that it is for.
const REASON: &str = "由平台制作，制作以后没有改动；不是印章";
/// Bytes by which two signatures of one key differ: zeros before two numbers.
const SIGNATURES_DIFFER: usize = 16;

/// 平台密钥, with the certificate that names it.
#[derive(Clone)]
pub struct PlatformKey {
    key: SigningKey,
    /// Its own certificate first, then those above it.
    chain: Vec<Certificate>,
}

impl std::fmt::Debug for PlatformKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlatformKey").field("subject", &self.subject()).finish_non_exhaustive()
    }
}

impl PlatformKey {
    /// The key of a data folder; made there where there is none yet.
    ///
    /// # Errors
    ///
    /// A file that is there and is no P-256 key with its certificate: better not to start than to
    /// sign with a key that the operator did not mean.
    pub fn of_folder(folder: &Path, now: Timestamp) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        if !path.exists() {
            file::keep(&path, &Self::fresh(now)?.pem()?)?;
        }
        let text = file::read(&path)?;
        Self::of_pem(&text).with_context(|| format!("{} holds no key to sign with", path.display()))
    }

    /// A key that is kept nowhere.
    ///
    /// # Errors
    ///
    /// When no certificate can be made of it.
    pub fn fresh(now: Timestamp) -> anyhow::Result<Self> {
        let key = SigningKey::from_slice(&crate::http::random::secret())?;
        let chain = vec![certificate::own(&key, now)?];
        Ok(Self { key, chain })
    }

    /// Signs some bytes: a detached CMS signature in DER, with the certificates in it.
    ///
    /// Equal bytes give equal signatures: no chance and no clock is in it.
    ///
    /// # Errors
    ///
    /// When the signature cannot be written, which no message brings about.
    pub fn sign(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        detached::signature(&self.key, &self.chain, message).context("sign with the platform's key")
    }

    /// Signs a paper of this office, signed or not: its bytes stay, a signature comes behind them.
    ///
    /// The same paper and time give the same bytes.
    ///
    /// # Errors
    ///
    /// When the file is no paper as it is made here.
    pub fn sign_paper(&self, paper: &[u8], at: DateTime) -> Result<Vec<u8>, documents::Unsigned> {
        let sign = |bytes: &[u8]| self.sign(bytes).map_err(|fault| format!("{fault:#}"));
        let like = sign(&[]).map_err(documents::Unsigned::Key)?;
        let (name, room) = (self.subject(), like.len() + SIGNATURES_DIFFER);
        documents::signed(paper, &Stamp { at, name: &name, reason: REASON, room }, sign)
    }

    /// Whether a signature over a message is written as a platform writes it, to the byte. Says
    /// nothing of whether it verifies.
    pub fn writes_so(signature: &[u8], message: &[u8]) -> bool {
        detached::is_in_form(signature, message)
    }

    /// Its own certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }

    /// The certificate and those above it, for whoever verifies elsewhere.
    ///
    /// # Errors
    ///
    /// When a certificate cannot be written.
    pub fn certificates_pem(&self) -> anyhow::Result<String> {
        self.chain.iter().map(|link| file::block("CERTIFICATE", &link.to_der()?)).collect()
    }

    /// SHA-256 of its own certificate, hexadecimal.
    pub fn digest(&self) -> String {
        self.certificate().to_der().map(|der| digest_of(&der).0).unwrap_or_default()
    }

    /// Whom the certificate names.
    pub fn subject(&self) -> String {
        self.certificate().tbs_certificate().subject().to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use der::Decode;
    use jiff::civil::date;

    use super::*;
    use crate::signing::{Trust, cms};

    const MESSAGE: &[u8] = "创联".as_bytes();

    fn now() -> Timestamp {
        date(2026, 3, 2).at(9, 0, 0, 0).to_zoned(crate::clock::zone()).unwrap().timestamp()
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = PlatformKey::of_folder(folder.path(), now()).unwrap();
        let again = PlatformKey::of_folder(folder.path(), now()).unwrap();
        assert_eq!(first.certificate(), again.certificate());
        assert_eq!(first.sign(MESSAGE).unwrap(), again.sign(MESSAGE).unwrap());
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let left = std::fs::read_dir(folder.path().join("keys")).unwrap().count();
        assert_eq!(left, 1, "nothing but the key is left behind");
        let other = tempfile::tempdir().unwrap();
        let other = PlatformKey::of_folder(other.path(), now()).unwrap();
        assert_ne!(first.certificate(), other.certificate(), "no two platforms share a key");
    }

    #[test]
    fn two_that_start_at_once_have_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let start = || {
            let key = PlatformKey::of_folder(folder.path(), now()).unwrap();
            key.certificate().to_der().unwrap()
        };
        let keys: Vec<_> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_signature_is_over_its_message_and_no_other() {
        let key = PlatformKey::fresh(now()).unwrap();
        let trust = Trust::of(vec![key.certificate().clone()]);
        let at = date(2026, 3, 2).at(10, 0, 0, 0);
        let signature = key.sign(MESSAGE).unwrap();
        let signer = cms::verify(MESSAGE, &signature, &trust, at).unwrap();
        assert!(signer.subject.contains("创联"), "{}", signer.subject);
        assert_eq!(
            cms::verify(b"other", &signature, &trust, at).unwrap_err(),
            cms::Fault::OtherWords
        );
        assert_eq!(
            cms::verify(MESSAGE, &signature, &Trust::NOBODY, at).unwrap_err(),
            cms::Fault::Untrusted
        );
        let early = date(2026, 3, 1).at(10, 0, 0, 0);
        assert_eq!(
            cms::verify(MESSAGE, &signature, &trust, early).unwrap_err(),
            cms::Fault::Expired
        );
    }

    #[test]
    fn an_operator_may_bring_a_key_and_not_half_of_one() {
        let now = now();
        let (one, other) = (PlatformKey::fresh(now).unwrap(), PlatformKey::fresh(now).unwrap());
        let same = PlatformKey::of_pem(&one.pem().unwrap()).unwrap();
        assert_eq!(same.sign(MESSAGE).unwrap(), one.sign(MESSAGE).unwrap());
        let split = |text: String| {
            let at = text.find("-----BEGIN PRIVATE").unwrap();
            (text[..at].to_owned(), text[at..].to_owned())
        };
        let (certificate, key) = split(one.pem().unwrap());
        let (_, foreign) = split(other.pem().unwrap());
        assert!(PlatformKey::of_pem(&format!("{key}{certificate}")).is_ok(), "in any order");
        for (text, why) in [
            (certificate.clone(), "no private key"),
            (key, "no certificate"),
            (format!("{certificate}{foreign}"), "not the key of the certificate"),
            ("-----BEGIN EC PRIVATE KEY-----\n".to_owned(), "no private key"),
            (String::new(), "no private key"),
        ] {
            let fault = format!("{:#}", PlatformKey::of_pem(&text).unwrap_err());
            assert!(fault.contains(why), "{fault}");
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(folder.path().join(FILE), certificate).unwrap();
        assert!(PlatformKey::of_folder(folder.path(), now).is_err(), "nor is it replaced");
    }

    #[test]
    fn the_certificate_is_for_signing_and_issues_none() {
        use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
        let key = PlatformKey::fresh(now()).unwrap();
        let der = key.certificate().to_der().unwrap();
        let read = Certificate::from_der(&der).unwrap();
        let tbs = read.tbs_certificate();
        let (_, usage) = tbs.get_extension::<KeyUsage>().unwrap().unwrap();
        assert!(usage.digital_signature() && usage.non_repudiation() && !usage.key_cert_sign());
        let (_, limits) = tbs.get_extension::<BasicConstraints>().unwrap().unwrap();
        assert!(!limits.ca);
    }
}
