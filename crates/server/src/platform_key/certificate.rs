//! 平台证书 — the certificate that names the platform, by the platform itself.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use p256::ecdsa::{DerSignature, SigningKey};
use spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, Extensions, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, der};

/// Whom the certificate names: what it says of itself, until the operator brings another.
const SUBJECT: &str = "CN=创联 内蒙古自治区创新联合体备案管理平台";
/// How long it is valid. What it signs is read for decades; a key in use is better replaced before.
const YEARS: u64 = 20;
const SECONDS_A_YEAR: u64 = 31_556_952;

pub(super) fn own(key: &SigningKey, now: Timestamp) -> anyhow::Result<Certificate> {
    let from = u64::try_from(now.as_second()).context("the time is before 1970")?;
    let time = |second| Time::try_from(std::time::UNIX_EPOCH + Duration::from_secs(second));
    let validity = Validity::new(time(from)?, time(from + YEARS * SECONDS_A_YEAR)?);
    let [first, serial @ ..] = crate::http::random::secret();
    // Positive and never zero: the first byte of sixteen is set so.
    let mut number = [first & 0x7f | 0x40; 16];
    number[1..].copy_from_slice(&serial[..15]);
    let own = SubjectPublicKeyInfo::from_key(key.verifying_key())?;
    let builder = CertificateBuilder::new(
        Own(Name::from_str(SUBJECT)?),
        SerialNumber::new(&number)?,
        validity,
        own,
    )?;
    Ok(builder.build::<_, DerSignature>(key)?)
}

/// What is in the certificate besides the key.
struct Own(Name);

impl BuilderProfile for Own {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        own: SubjectPublicKeyInfoRef<'_>,
        _issuer: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let mut all = Extensions::new();
        let mut add = |extension: Result<Extension, der::Error>| extension.map(|e| all.push(e));
        let signs = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
        let nobody_else = BasicConstraints { ca: false, path_len_constraint: None };
        add(nobody_else.to_extension(tbs.subject(), &[]))?;
        add(KeyUsage(signs).to_extension(tbs.subject(), &[]))?;
        add(SubjectKeyIdentifier::try_from(own)?.to_extension(tbs.subject(), &[]))?;
        Ok(all)
    }
}
