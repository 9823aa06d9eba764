//! 密钥文件 — key and certificates in one file that only the platform's account reads.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, ensure};
use der::pem::{self, LineEnding};
use der::{Decode, Encode};
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate;

use super::PlatformKey;

/// Its name within the data folder: certificates, the own one first, and a private key (PKCS#8).
pub const FILE: &str = "keys/platform.pem";
/// Larger than any key with its chain.
const BYTES_MAX: u64 = 64 * 1024;
/// Whom the file and its folder are for.
const OWNER_ONLY: u32 = 0o600;
const OWNER_ONLY_FOLDER: u32 = 0o700;

pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let size = fs::metadata(path).with_context(|| format!("read {shown}"))?.len();
    ensure!(size <= BYTES_MAX, "{shown} is too large for a key");
    fs::read_to_string(path).with_context(|| format!("read {shown}"))
}

/// Writes a file that is either whole or not there; of several who do so at once one wins.
pub(crate) fn keep(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().context("the key has no folder")?;
    DirBuilder::new().recursive(true).mode(OWNER_ONLY_FOLDER).create(folder)?;
    let draft = folder.join(format!(".{}", crate::http::random::key()));
    let written = write(&draft, text).and_then(|()| match fs::hard_link(&draft, path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::AlreadyExists => Err(fault),
        _ => fs::File::open(folder)?.sync_all(),
    });
    let removed = fs::remove_file(&draft);
    written.with_context(|| format!("write {}", path.display()))?;
    Ok(removed?)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl PlatformKey {
    pub(super) fn of_pem(text: &str) -> anyhow::Result<Self> {
        let key = blocks(text, "PRIVATE KEY")?;
        let [key] = key.as_slice() else { anyhow::bail!("no private key, or more than one") };
        let key = SigningKey::from_pkcs8_der(key)
            .map_err(|_| anyhow::anyhow!("the private key is no P-256 key in PKCS#8"))?;
        let chain = blocks(text, "CERTIFICATE")?;
        let chain: Vec<_> =
            chain.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>()?;
        let own = chain.first().context("no certificate")?;
        let named = own.tbs_certificate().subject_public_key_info();
        let held = SubjectPublicKeyInfoOwned::from_key(key.verifying_key())?;
        ensure!(named.to_der()? == held.to_der()?, "not the key of the certificate");
        Ok(Self { key, chain })
    }

    pub(super) fn pem(&self) -> anyhow::Result<String> {
        let key = self.key.to_pkcs8_der().map_err(|_| anyhow::anyhow!("write the key"))?;
        Ok(self.certificates_pem()? + &block("PRIVATE KEY", key.as_bytes())?)
    }
}

/// The blocks of this name, in their order.
fn blocks(text: &str, label: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&begin) {
        let from = &rest[at..];
        let to = from.find(&end).with_context(|| format!("a {label} has no end"))? + end.len();
        let (_, der) = pem::decode_vec(&from.as_bytes()[..to])
            .map_err(|_| anyhow::anyhow!("a {label} cannot be read"))?;
        found.push(der);
        rest = &from[to..];
    }
    Ok(found)
}

pub(super) fn block(label: &str, der: &[u8]) -> anyhow::Result<String> {
    pem::encode_string(label, LineEnding::LF, der).map_err(|_| anyhow::anyhow!("write a {label}"))
}
