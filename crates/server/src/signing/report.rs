//! 签名的检查结果 — each thing that can be said of a detached CMS signature by itself, for a person
//! who judges. Where [`super::cms::verify`] gives the first reason why a signature does not count,
//! here nothing is refused, and what cannot be judged is said to be so.

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use consortium::ids::{Digest, Personal};
use consortium::sealed::{Check, SeenSigner};
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use jiff::Timestamp;
use jiff::civil::DateTime;
use x509_cert::Certificate;
use x509_cert::time::Time;

use super::Trust;
use super::algorithm::{Hash, judges, verifies};
use super::cms::{self as detached, Fault, SIGNATURE_BYTES_MAX};
use crate::clock;
use crate::office::digest_of;

const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");

/// What was found of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether what it covers is unchanged.
    pub content: Check,
    /// Whether it was made with the key of its certificate.
    pub signature: Check,
    /// Whether its certificate leads to a root and is one for signing.
    pub chain: Check,
    /// Whether the certificate was valid at the time stated.
    pub in_force: Check,
    /// The certificate.
    pub signer: Option<SeenSigner>,
    /// The time that it states.
    pub at: Option<DateTime>,
}

impl Report {
    /// Nothing can be said, but when it was made by its own word.
    pub const fn unjudged(at: Option<DateTime>) -> Self {
        let open = Check::Unjudged;
        Self { content: open, signature: open, chain: open, in_force: open, signer: None, at }
    }

    /// What was found of a signature over these bytes. `at` is when it was made by the word of
    /// what stands around it; otherwise its own counts.
    pub fn of(covered: &[u8], signature: &[u8], trust: &Trust, at: Option<DateTime>) -> Self {
        let Some((data, canonical)) = read(signature) else { return Self::unjudged(at) };
        let [info] = data.signer_infos.0.as_slice() else { return Self::unjudged(at) };
        let at = at.or_else(|| signing_time(info));
        let embedded = detached::embedded(&data);
        let signer = embedded.iter().find(|found| detached::is_named(found, &info.sid));
        let Some(signer) = signer else {
            return Self { content: content(info, covered), ..Self::unjudged(at) };
        };
        let in_force = in_force(signer, at);
        let signature = made_by(signer, info, covered, canonical);
        Self {
            // Without attributes the signature is over the bytes themselves.
            content: if info.signed_attrs.is_some() { content(info, covered) } else { signature },
            signature,
            chain: chain(signer, &embedded, trust, at.filter(|_| in_force == Check::Holds)),
            in_force,
            signer: seen(signer),
            at,
        }
    }
}

const fn held(holds: bool) -> Check {
    if holds { Check::Holds } else { Check::Fails }
}

/// The signature, and whether it is written in the one form. Behind it stands the rest of its room.
fn read(signature: &[u8]) -> Option<(SignedData, bool)> {
    let (content, rest) = ContentInfo::from_der_partial(signature).ok()?;
    let length = signature.len() - rest.len();
    if length > SIGNATURE_BYTES_MAX || rest.iter().any(|byte| *byte != 0) {
        return None;
    }
    if ![detached::SIGNED_DATA, detached::SIGNED_DATA_GB].contains(&content.content_type) {
        return None;
    }
    let data: SignedData = content.content.decode_as().ok()?;
    let canonical =
        data.to_der().is_ok_and(|own| content.content.to_der().is_ok_and(|kept| kept == own));
    Some((data, canonical))
}

fn signing_time(info: &SignerInfo) -> Option<DateTime> {
    let attributes = info.signed_attrs.as_ref()?;
    let stated = attributes.iter().find(|attribute| attribute.oid == SIGNING_TIME)?;
    moment(&stated.values.iter().next()?.decode_as::<Time>().ok()?)
}

/// A time of a certificate, in China's.
fn moment(time: &Time) -> Option<DateTime> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    let instant = Timestamp::from_second(seconds).ok()?;
    Some(instant.to_zoned(clock::zone()).datetime())
}

/// Whether the digest that was signed is that of the bytes.
fn content(info: &SignerInfo, covered: &[u8]) -> Check {
    if info.signed_attrs.is_none() || Hash::of(&info.digest_alg).is_none() {
        return Check::Unjudged;
    }
    held(detached::is_over(info, covered).is_ok())
}

fn made_by(signer: &Certificate, info: &SignerInfo, covered: &[u8], canonical: bool) -> Check {
    let key = signer.tbs_certificate().subject_public_key_info();
    let hash = Hash::of(&info.digest_alg);
    if !hash.is_some_and(|hash| judges(&info.signature_algorithm, hash, key)) {
        return Check::Unjudged;
    }
    let Ok(message) = detached::signed_bytes(info, covered) else { return Check::Unjudged };
    if verifies(&info.signature_algorithm, key, &message, info.signature.as_bytes()) {
        return Check::Holds;
    }
    // Its maker may have signed what it wrote in a form of its own.
    let own_form = info.signed_attrs.is_some() && !canonical;
    if own_form { Check::Unjudged } else { Check::Fails }
}

fn in_force(signer: &Certificate, at: Option<DateTime>) -> Check {
    at.map_or(Check::Unjudged, |at| held(detached::is_valid(signer, at).is_ok()))
}

/// Whether the certificate leads to a root: at the time stated, or on its own first day.
fn chain(
    signer: &Certificate,
    embedded: &[Certificate],
    trust: &Trust,
    at: Option<DateTime>,
) -> Check {
    if trust.is_empty() {
        return Check::Unjudged;
    }
    let first = || moment(&signer.tbs_certificate().validity().not_before);
    let Some(at) = at.or_else(first) else { return Check::Unjudged };
    let leads: Result<(), Fault> = detached::may_sign(signer)
        .and_then(|()| detached::leads_to_a_root(signer, embedded, trust, at));
    held(leads.is_ok())
}

fn seen(signer: &Certificate) -> Option<SeenSigner> {
    let tbs = signer.tbs_certificate();
    let name =
        |name: &x509_cert::name::Name| documents::signature::legible(name.to_string().as_bytes());
    Some(SeenSigner {
        subject: Personal::new(name(tbs.subject())),
        issuer: name(tbs.issuer()),
        serial: hex::encode(tbs.serial_number().as_bytes()),
        certificate: Digest(digest_of(&signer.to_der().ok()?).0),
        from: moment(&tbs.validity().not_before)?.date(),
        until: moment(&tbs.validity().not_after)?.date(),
    })
}
