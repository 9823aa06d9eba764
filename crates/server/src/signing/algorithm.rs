//! 签名算法 — which algorithms count, each over the key of a certificate.

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Encode, Sequence};
use p256::ecdsa::signature::Verifier as _;
use rsa::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301.1");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SM3_HASH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");

/// The least RSA modulus that counts, in bytes.
const RSA_BYTES_MIN: usize = 256;
/// The most: verifying costs with its square.
const RSA_BYTES_MAX: usize = 512;
/// The identity every SM2 signature is made under (GB/T 35276).
const SM2_IDENTITY: &str = "1234567812345678";

/// 杂凑算法.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sm3,
}

impl Hash {
    pub(super) fn of(algorithm: &AlgorithmIdentifierOwned) -> Option<Self> {
        match algorithm.oid {
            SHA256 => Some(Self::Sha256),
            SM3_HASH => Some(Self::Sm3),
            _ => None,
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sm3 => Sm3::digest(bytes).to_vec(),
        }
    }
}

/// Whether a signature by this algorithm, over this hash, with this key can be judged at all.
pub(super) fn judges(
    algorithm: &AlgorithmIdentifierOwned,
    hash: Hash,
    key: &SubjectPublicKeyInfoOwned,
) -> bool {
    let Ok(der) = key.to_der() else { return false };
    match algorithm.oid {
        ECDSA_SHA256 => {
            hash == Hash::Sha256 && p256::ecdsa::VerifyingKey::from_public_key_der(&der).is_ok()
        }
        RSA_SHA256 | RSA => hash == Hash::Sha256 && rsa_key(&der).is_some(),
        SM2_SM3 | SM2 => hash == Hash::Sm3 && sm2_key(&der).is_some(),
        _ => false,
    }
}

/// Whether a signature over a message is that of a key; an algorithm that does not count says no.
pub(super) fn verifies(
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let Ok(key) = key.to_der() else { return false };
    match algorithm.oid {
        ECDSA_SHA256 => p256(&key, message, signature),
        RSA_SHA256 | RSA => rsa(&key, message, signature),
        SM2_SM3 | SM2 => sm2(&key, message, signature),
        _ => false,
    }
}

/// Whether a signature is that of a bare key, by the algorithm that goes with its kind: ECDSA over
/// P-256 or RSA, with SHA-256.
pub(crate) fn verifies_with(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    p256(key, message, signature) || rsa(key, message, signature)
}

/// Whether a bare key is one whose signatures count.
pub(crate) fn is_key(key: &[u8]) -> bool {
    p256::ecdsa::VerifyingKey::from_public_key_der(key).is_ok() || rsa_key(key).is_some()
}

fn p256(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_public_key_der(key);
    let signature = p256::ecdsa::DerSignature::from_bytes(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
}

fn rsa(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = rsa_key(key) else { return false };
    let key = rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key);
    rsa::pkcs1v15::Signature::try_from(signature)
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

fn rsa_key(key: &[u8]) -> Option<rsa::RsaPublicKey> {
    use rsa::traits::PublicKeyParts;
    let key = rsa::RsaPublicKey::from_public_key_der(key).ok()?;
    (RSA_BYTES_MIN..=RSA_BYTES_MAX).contains(&key.size()).then_some(key)
}

/// r and s as SM2 signatures carry them (GB/T 35276).
#[derive(Sequence)]
struct Pair<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

fn sm2(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = sm2_key(key) else { return false };
    let Some(signature) = Pair::from_der(signature).ok().and_then(|pair| flat(&pair)) else {
        return false;
    };
    sm2::dsa::Signature::from_bytes(&signature.into())
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

fn sm2_key(key: &[u8]) -> Option<sm2::dsa::VerifyingKey> {
    let key = SubjectPublicKeyInfoOwned::from_der(key).ok()?;
    let point = key.subject_public_key.as_bytes()?;
    sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, point).ok()
}

/// r and s one after the other, 32 bytes each.
fn flat(pair: &Pair<'_>) -> Option<[u8; 64]> {
    let mut out = [0; 64];
    for (half, number) in out.chunks_exact_mut(32).zip([pair.r, pair.s]) {
        let bytes = number.as_bytes();
        half.get_mut(32_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    }
    Some(out)
}
