//! 认证器数据 — what an authenticator signs beside the challenge: for which site, whether a person
//! was there and was verified, how often it signed (WebAuthn §6.1).

use der::asn1::{Any, BitString, ObjectIdentifier, UintRef};
use der::{Encode, Sequence};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::{Fault, cbor};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const IS_COPIED: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// Bytes of authenticator data before what may follow.
const FIXED: usize = 37;
/// Bytes of the number of a model, which is not asked for.
const MODEL: usize = 16;
/// The longest identifier of a credential (WebAuthn §4).
const ID_MAX: usize = 1023;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The algorithms that count, by their COSE numbers: ECDSA over P-256 and, for the security chips
/// of older computers, RSA, both with SHA-256.
pub(super) const ALGORITHMS: [i64; 2] = [ES256, RS256];
const ES256: i64 = -7;
const RS256: i64 = -257;

/// What was signed beside the challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Data {
    rp: [u8; 32],
    flags: u8,
    pub(super) counter: u32,
    /// The new credential, at registration.
    pub(super) credential: Option<Credential>,
}

/// A new credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) id: Vec<u8>,
    /// As a certificate would hold it (SPKI, DER).
    pub(super) key: Vec<u8>,
}

impl Data {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (fixed, mut rest) = bytes.split_at_checked(FIXED).ok_or(Fault::Unreadable)?;
        let (rp, after) = fixed.split_first_chunk::<32>().ok_or(Fault::Unreadable)?;
        let (flags, counter) = after.split_first_chunk::<1>().ok_or(Fault::Unreadable)?;
        let flags = flags[0];
        let counter = counter.try_into().map(u32::from_be_bytes).map_err(|_| Fault::Unreadable)?;
        let mut credential = None;
        if flags & HAS_CREDENTIAL != 0 {
            let (found, after) = Credential::first(rest)?;
            (credential, rest) = (Some(found), after);
        }
        if flags & HAS_EXTENSIONS != 0 {
            rest = cbor::first(rest).ok_or(Fault::Unreadable)?.1;
        }
        // What is copied may be copied.
        let odd = flags & IS_COPIED != 0 && flags & MAY_BE_COPIED == 0;
        if odd || !rest.is_empty() {
            return Err(Fault::Unreadable);
        }
        Ok(Self { rp: *rp, flags, counter, credential })
    }

    /// For this site, with a person there who was verified.
    pub(super) fn is_of(&self, rp_id: &str) -> Result<(), Fault> {
        if Sha256::digest(rp_id.as_bytes()).as_slice() != self.rp {
            return Err(Fault::OtherSite);
        }
        if self.flags & PRESENT == 0 || self.flags & VERIFIED == 0 {
            return Err(Fault::NotVerified);
        }
        Ok(())
    }

    /// Whether the credential may be copied to other devices.
    pub(super) const fn synced(&self) -> bool {
        self.flags & MAY_BE_COPIED != 0
    }

    /// Whether there is such a copy.
    pub(super) const fn backed_up(&self) -> bool {
        self.flags & IS_COPIED != 0
    }
}

impl Credential {
    fn first(bytes: &[u8]) -> Result<(Self, &[u8]), Fault> {
        let split = |bytes: &'_ [u8], at: usize| bytes.split_at_checked(at).map(|_| at);
        split(bytes, MODEL + 2).ok_or(Fault::Unreadable)?;
        let (_, rest) = bytes.split_at(MODEL);
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Fault::Unreadable)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !(1..=ID_MAX).contains(&length) {
            return Err(Fault::Unreadable);
        }
        let (id, rest) = rest.split_at_checked(length).ok_or(Fault::Unreadable)?;
        let (key, rest) = cbor::first(rest).ok_or(Fault::Unreadable)?;
        let key = public_key(&key).ok_or(Fault::Algorithm)?;
        Ok((Self { id: id.to_vec(), key }, rest))
    }
}

/// A COSE key as a certificate would hold it; `None` where its algorithm does not count.
fn public_key(key: &cbor::Value) -> Option<Vec<u8>> {
    let (kind, algorithm) = (key.at(1)?.int()?, key.at(3)?.int()?);
    match (kind, algorithm) {
        (2, ES256) if key.at(-1)?.int()? == 1 => {
            elliptic(key.at(-2)?.bytes()?, key.at(-3)?.bytes()?)
        }
        (3, RS256) => rsa(key.at(-1)?.bytes()?, key.at(-2)?.bytes()?),
        _ => None,
    }
}

fn elliptic(x: &[u8], y: &[u8]) -> Option<Vec<u8>> {
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    let point = [&[4], x, y].concat();
    let key = p256::PublicKey::from_sec1_bytes(&point).ok()?;
    Some(key.to_public_key_der().ok()?.into_vec())
}

/// Modulus and exponent as PKCS #1 writes them.
#[derive(Sequence)]
struct Numbers<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let numbers =
        Numbers { modulus: UintRef::new(modulus).ok()?, exponent: UintRef::new(exponent).ok()? };
    let algorithm = AlgorithmIdentifierOwned { oid: RSA, parameters: Some(Any::null()) };
    let subject_public_key = BitString::from_bytes(&numbers.to_der().ok()?).ok()?;
    let der = SubjectPublicKeyInfoOwned { algorithm, subject_public_key }.to_der().ok()?;
    crate::signing::is_key(&der).then_some(der)
}
