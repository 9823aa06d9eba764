//! 数字证书签名 — a detached CMS signature over a statement: the signature, its certificate, and
//! the chain to a root that counts (RFC 5652, RFC 5280 as far as named here).

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use consortium::ids::Digest;
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use jiff::civil::DateTime;
use thiserror::Error;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};

use super::Trust;
use super::algorithm::{Hash, verifies};
use crate::office::digest_of;

/// Certificates between a signer and a root, at most.
const CHAIN_MAX: usize = 5;
/// Larger than any detached signature with its chain.
pub const SIGNATURE_BYTES_MAX: usize = 256 * 1024;

pub(super) const SIGNED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// The same in the numbering of GB/T 35275.
pub(super) const SIGNED_DATA_GB: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.2");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// SHA-256 of the certificate.
    pub certificate: Digest,
    /// Whom it names.
    pub subject: String,
}

/// Why a signature does not count, for the person who brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not CMS, or larger than one.
    #[error("上传的不是 CMS（PKCS#7）格式的签名文件")]
    Unreadable,
    /// Not exactly one signer.
    #[error("签名文件里应当只有一个签名")]
    Signers,
    /// The signer's certificate is not in the file.
    #[error("签名文件里没有签名人的证书，导出签名时选择附带证书")]
    NoCertificate,
    /// The signature is over other words.
    #[error("签名与签署声明不符，签的不是这份声明")]
    OtherWords,
    /// The signature does not verify, or its algorithm does not count.
    #[error("签名验证不通过，或者用了不接受的算法（接受 P-256、RSA 2048 位以上、SM2）")]
    Wrong,
    /// Not valid on the day.
    #[error("证书已经过期，或者还没有生效")]
    Expired,
    /// Not a certificate for signing.
    #[error("这张证书不能用于签名")]
    Usage,
    /// No chain to a root.
    #[error("证书不是平台认可的机构签发的，认可的机构见“平台说明”")]
    Untrusted,
}

/// Verifies a detached signature over a message on a day.
///
/// # Errors
/// The first reason why it does not count.
pub fn verify(
    message: &[u8],
    signature: &[u8],
    trust: &Trust,
    at: DateTime,
) -> Result<Signer, Fault> {
    let data = read(signature)?;
    let [info] = data.signer_infos.0.as_slice() else { return Err(Fault::Signers) };
    let embedded = embedded(&data);
    let signer =
        embedded.iter().find(|found| is_named(found, &info.sid)).ok_or(Fault::NoCertificate)?;
    is_over(info, message)?;
    let covered = signed_bytes(info, message)?;
    let key = signer.tbs_certificate().subject_public_key_info();
    if !verifies(&info.signature_algorithm, key, &covered, info.signature.as_bytes()) {
        return Err(Fault::Wrong);
    }
    may_sign(signer)?;
    leads_to_a_root(signer, &embedded, trust, at)?;
    let der = signer.to_der().map_err(|_| Fault::Unreadable)?;
    let subject = signer.tbs_certificate().subject().to_string();
    Ok(Signer { certificate: digest_of(&der), subject })
}

/// The certificates a signature brings, the signer's among them; none where it is unreadable.
pub fn certificates(signature: &[u8]) -> Vec<Certificate> {
    read(signature).map(|data| embedded(&data)).unwrap_or_default()
}

fn read(signature: &[u8]) -> Result<SignedData, Fault> {
    if signature.len() > SIGNATURE_BYTES_MAX {
        return Err(Fault::Unreadable);
    }
    let der = match der::pem::decode_vec(signature) {
        Ok((_, der)) => der,
        Err(_) => signature.to_vec(),
    };
    let content = ContentInfo::from_der(&der).map_err(|_| Fault::Unreadable)?;
    if ![SIGNED_DATA, SIGNED_DATA_GB].contains(&content.content_type) {
        return Err(Fault::Unreadable);
    }
    let data: SignedData = content.content.decode_as().map_err(|_| Fault::Unreadable)?;
    // One content, one form: what reads the same but is written otherwise is another file.
    let same =
        data.to_der().is_ok_and(|own| content.content.to_der().is_ok_and(|kept| kept == own))
            && content.to_der().is_ok_and(|own| own == der);
    if same { Ok(data) } else { Err(Fault::Unreadable) }
}

pub(super) fn embedded(data: &SignedData) -> Vec<Certificate> {
    let choices = data.certificates.iter().flat_map(|set| set.0.iter());
    choices
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .collect()
}

pub(super) fn is_named(certificate: &Certificate, id: &SignerIdentifier) -> bool {
    let tbs = certificate.tbs_certificate();
    match id {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            (tbs.issuer(), tbs.serial_number()) == (&named.issuer, &named.serial_number)
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            matches!(tbs.get_extension::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *named)
        }
    }
}

/// Where attributes are signed, one of them is the digest of the message.
pub(super) fn is_over(info: &SignerInfo, message: &[u8]) -> Result<(), Fault> {
    let Some(attributes) = &info.signed_attrs else { return Ok(()) };
    let hash = Hash::of(&info.digest_alg).ok_or(Fault::Wrong)?;
    let stated = attributes.iter().find(|attribute| attribute.oid == MESSAGE_DIGEST);
    let stated = stated.and_then(|attribute| attribute.values.iter().next());
    let stated = stated.and_then(|value| value.decode_as::<OctetString>().ok());
    match stated {
        Some(stated) if stated.as_bytes() == hash.digest(message) => Ok(()),
        _ => Err(Fault::OtherWords),
    }
}

pub(super) fn signed_bytes(info: &SignerInfo, message: &[u8]) -> Result<Vec<u8>, Fault> {
    match &info.signed_attrs {
        Some(attributes) => attributes.to_der().map_err(|_| Fault::Unreadable),
        None => Ok(message.to_vec()),
    }
}

/// 用途: a certificate that says what it is for says that it is for signing.
pub(super) fn may_sign(certificate: &Certificate) -> Result<(), Fault> {
    match certificate.tbs_certificate().get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) if !usage.digital_signature() && !usage.non_repudiation() => {
            Err(Fault::Usage)
        }
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::Usage),
    }
}

pub(super) fn leads_to_a_root(
    signer: &Certificate,
    embedded: &[Certificate],
    trust: &Trust,
    at: DateTime,
) -> Result<(), Fault> {
    let mut link = signer;
    for _ in 0..CHAIN_MAX {
        is_valid(link, at)?;
        let issuer = link.tbs_certificate().issuer();
        if let Some(root) = trust.named(issuer).find(|root| issued(root, link)) {
            return is_valid(root, at);
        }
        if trust.holds(link) {
            return Ok(());
        }
        let named = |found: &&Certificate| found.tbs_certificate().subject() == issuer;
        let above =
            embedded.iter().filter(named).find(|above| **above != *link && issued(above, link));
        link = above.ok_or(Fault::Untrusted)?;
    }
    Err(Fault::Untrusted)
}

/// Whether a certificate was issued by another that may issue any.
fn issued(above: &Certificate, below: &Certificate) -> bool {
    let tbs = above.tbs_certificate();
    let authority =
        matches!(tbs.get_extension::<BasicConstraints>(), Ok(Some((_, limits))) if limits.ca);
    let may_issue = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    let Ok(signed) = below.tbs_certificate().to_der() else { return false };
    let Some(signature) = below.signature().as_bytes() else { return false };
    let algorithm = below.signature_algorithm();
    if algorithm != below.tbs_certificate().signature() {
        return false;
    }
    let key = tbs.subject_public_key_info();
    authority && may_issue && verifies(algorithm, key, &signed, signature)
}

pub(super) fn is_valid(certificate: &Certificate, at: DateTime) -> Result<(), Fault> {
    let validity = certificate.tbs_certificate().validity();
    let seconds = at
        .to_zoned(crate::clock::zone())
        .ok()
        .and_then(|zoned| u64::try_from(zoned.timestamp().as_second()).ok())
        .ok_or(Fault::Expired)?;
    let from = validity.not_before.to_unix_duration().as_secs();
    let to = validity.not_after.to_unix_duration().as_secs();
    if (from..=to).contains(&seconds) { Ok(()) } else { Err(Fault::Expired) }
}
