//! 通行密钥签名文件 — everything one needs to check a signature again without the platform: the public
//! key, what the browser and the device said, and the signature over both.

use consortium::ids::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::Passkey;

use super::response::{Assertion, Pieces};
use super::{Fault, Site, read, written};
use crate::office::digest_of;

/// The form this edition writes.
const FORMAT: &str = "chuanglian-passkey-signature-1";

/// A signature over a statement: the challenge is the SHA-256 of the statement's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    format: String,
    /// The name of the site the passkey is kept under.
    site: String,
    /// The pages it was made on.
    origin: String,
    /// The identifier of the passkey, base64url like all that follows.
    credential: String,
    /// SPKI, DER.
    public_key: String,
    /// When the passkey was registered, milliseconds since 1970.
    registered_ms: i64,
    /// Whether the passkey may be copied to other devices of the person.
    synced: bool,
    client_data: String,
    authenticator_data: String,
    #[serde(rename = "signature")]
    made: String,
}

/// What a signature was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// SHA-256 of the public key.
    pub key: Digest,
    /// The identifier of the passkey.
    pub credential: String,
    /// The name of the site.
    pub site: String,
    /// The pages it was made on.
    pub origin: String,
    /// The count of signatures that the device told.
    pub counter: u32,
    /// Whether the passkey may be copied to other devices of the person.
    pub synced: bool,
    /// Whether there was such a copy.
    pub backed_up: bool,
}

impl Signature {
    /// What an answer leaves behind.
    pub(super) fn of(assertion: &Assertion, passkey: &Passkey, site: &Site) -> Result<Self, Fault> {
        let pieces = assertion.pieces()?;
        Ok(Self {
            format: FORMAT.to_owned(),
            site: site.id.clone(),
            origin: site.origin.clone(),
            credential: passkey.id.clone(),
            public_key: written(&passkey.public_key),
            registered_ms: passkey.created_ms,
            synced: passkey.synced,
            client_data: written(&pieces.client_data),
            authenticator_data: written(&pieces.authenticator_data),
            made: written(&pieces.signature),
        })
    }

    /// The file: one content has one form (RFC 8785).
    pub fn bytes(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).unwrap_or_default()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] for whatever [`Signature::bytes`] does not write.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let read: Self = serde_json::from_slice(bytes).map_err(|_| Fault::Unreadable)?;
        let same = read.format == FORMAT && read.bytes() == bytes;
        if same { Ok(read) } else { Err(Fault::Unreadable) }
    }

    /// Verifies it over a statement, from its bytes alone.
    ///
    /// # Errors
    /// The first reason why it does not count.
    pub fn verify(&self, statement: &[u8]) -> Result<Seen, Fault> {
        if !Site::is_of(&self.site, &self.origin) {
            return Err(Fault::OtherOrigin);
        }
        let site = Site { id: self.site.clone(), origin: self.origin.clone() };
        let pieces = Pieces {
            client_data: read(&self.client_data)?,
            authenticator_data: read(&self.authenticator_data)?,
            signature: read(&self.made)?,
        };
        let key = read(&self.public_key)?;
        let told = pieces.judged(&key, &challenge(statement), &site)?;
        if told.synced != self.synced {
            return Err(Fault::Wrong);
        }
        Ok(Seen {
            key: digest_of(&key),
            credential: self.credential.clone(),
            site: site.id,
            origin: site.origin,
            counter: told.counter,
            synced: told.synced,
            backed_up: told.backed_up,
        })
    }

    /// Whether it is by a passkey as it was registered.
    pub(crate) fn is_by(&self, passkey: &Passkey) -> bool {
        self.credential == passkey.id
            && self.public_key == written(&passkey.public_key)
            && self.registered_ms == passkey.created_ms
            && self.synced == passkey.synced
    }
}

/// The challenge of a statement, as browsers write it.
pub(super) fn challenge(statement: &[u8]) -> String {
    written(&Sha256::digest(statement))
}
