//! 分离签名 — a CMS signature beside its message, with the attributes that `PAdES` asks for
//! (RFC 5652; ETSI EN 319 122-1: content type, digest, signing certificate; no time of signing).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// `id-aa-signingCertificateV2` (RFC 5035): nobody puts another certificate in its place.
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// `SigningCertificateV2` with one `ESSCertIDv2`; SHA-256 is its default and stays unsaid.
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

#[derive(Sequence)]
struct CertificateId {
    hash: OctetString,
}

pub(super) fn signature(
    key: &SigningKey,
    chain: &[Certificate],
    message: &[u8],
) -> der::Result<Vec<u8>> {
    let attributes = attributes(&chain[0], message)?;
    let signature: DerSignature = key.sign(&attributes.to_der()?);
    assembled(chain, attributes, signature.as_bytes())
}

/// Whether a signature is written as this platform writes it, to the byte: parts that no signature
/// covers, such as versions and the list of algorithms, are then what they have to be.
pub(super) fn is_in_form(signature: &[u8], message: &[u8]) -> bool {
    rewritten(signature, message).is_ok_and(|own| own == signature)
}

fn rewritten(signature: &[u8], message: &[u8]) -> der::Result<Vec<u8>> {
    let data: SignedData = ContentInfo::from_der(signature)?.content.decode_as()?;
    let nothing = || der::Error::from(der::ErrorKind::Failed);
    let [signer] = data.signer_infos.0.as_slice() else { return Err(nothing()) };
    let choices = data.certificates.iter().flat_map(|set| set.0.iter());
    let mut chain: Vec<Certificate> = choices
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let SignerIdentifier::IssuerAndSerialNumber(named) = &signer.sid else {
        return Err(nothing());
    };
    let own = chain.iter().position(|link| {
        link.tbs_certificate().issuer() == &named.issuer
            && link.tbs_certificate().serial_number() == &named.serial_number
    });
    chain.swap(0, own.ok_or_else(nothing)?);
    let attributes = attributes(&chain[0], message)?;
    assembled(&chain, attributes, signer.signature.as_bytes())
}

fn assembled(
    chain: &[Certificate],
    attributes: SetOfVec<Attribute>,
    signature: &[u8],
) -> der::Result<Vec<u8>> {
    let own = &chain[0];
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: own.tbs_certificate().issuer().clone(),
            serial_number: own.tbs_certificate().serial_number().clone(),
        }),
        digest_alg: plain(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: plain(ECDSA_SHA256),
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates: Vec<_> = chain.iter().cloned().map(CertificateChoices::Certificate).collect();
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![plain(SHA256)])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    };
    ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
}

fn attributes(own: &Certificate, message: &[u8]) -> der::Result<SetOfVec<Attribute>> {
    let digest = OctetString::new(Sha256::digest(message).to_vec())?;
    let hash = OctetString::new(Sha256::digest(own.to_der()?).to_vec())?;
    let certificate = SigningCertificate { certificates: vec![CertificateId { hash }] };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(MESSAGE_DIGEST, &digest)?,
        attribute(SIGNING_CERTIFICATE, &certificate)?,
    ])
}

fn attribute(
    oid: ObjectIdentifier,
    value: &(impl der::Tagged + der::EncodeValue),
) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::encode_from(value)?])? })
}

const fn plain(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}
