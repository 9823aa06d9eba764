//! 浏览器的答复 — what a browser brings back from an authenticator, in the form that the standard
//! gives to JSON, and whether it is right.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::authenticator::Data;
use super::client::{self, Act};
use super::{Fault, Site, cbor, read};

/// Characters of an answer: the largest are attestations with their certificates.
pub const CHARS_MAX: usize = 64 * 1024;

/// A new passkey.
#[derive(Clone, Debug, Deserialize)]
pub struct Registration {
    /// The identifier of the credential.
    pub id: String,
    response: Attested,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attested {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

/// A signature by a passkey.
#[derive(Clone, Debug, Deserialize)]
pub struct Assertion {
    /// The identifier of the credential.
    pub id: String,
    response: Asserted,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asserted {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

/// What a registration brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Registered {
    pub(super) id: String,
    pub(super) key: Vec<u8>,
    pub(super) counter: u32,
    pub(super) synced: bool,
    pub(super) backed_up: bool,
}

/// The pieces of a signature, out of their letters.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// What a signature says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) counter: u32,
    pub(super) synced: bool,
    pub(super) backed_up: bool,
}

/// Reads an answer as a page or a program sends it.
///
/// # Errors
/// [`Fault::Unreadable`], also where it is longer than any.
pub fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    if text.len() > CHARS_MAX {
        return Err(Fault::Unreadable);
    }
    serde_json::from_str(text).map_err(|_| Fault::Unreadable)
}

impl Registration {
    /// The challenge that it says it answers.
    pub(super) fn challenge(&self) -> Result<String, Fault> {
        Ok(client::Data::read(&read(&self.response.client_data)?)?.challenge)
    }

    /// A new credential of this site with a person there who was verified (WebAuthn §7.1). What the
    /// attestation says of the make of the device is not asked for and not looked at.
    pub(super) fn judged(&self, site: &Site) -> Result<Registered, Fault> {
        let client = client::Data::read(&read(&self.response.client_data)?)?;
        client.is_for(Act::Create, &site.origin)?;
        let object = cbor::whole(&read(&self.response.attestation_object)?);
        let object = object.ok_or(Fault::Unreadable)?;
        let data = object.named("authData").and_then(cbor::Value::bytes);
        let data = Data::read(data.ok_or(Fault::Unreadable)?)?;
        data.is_of(&site.id)?;
        let (counter, synced, backed_up) = (data.counter, data.synced(), data.backed_up());
        let credential = data.credential.ok_or(Fault::Unreadable)?;
        if credential.id != read(&self.id)? {
            return Err(Fault::Unreadable);
        }
        Ok(Registered { id: self.id.clone(), key: credential.key, counter, synced, backed_up })
    }
}

impl Assertion {
    /// The challenge that it says it answers.
    pub(super) fn challenge(&self) -> Result<String, Fault> {
        Ok(client::Data::read(&read(&self.response.client_data)?)?.challenge)
    }

    /// The person in whose name the authenticator kept it, where it tells.
    pub(super) fn handle(&self) -> Option<&str> {
        self.response.user_handle.as_deref()
    }

    pub(super) fn pieces(&self) -> Result<Pieces, Fault> {
        let Asserted { client_data, authenticator_data, signature, .. } = &self.response;
        Ok(Pieces {
            client_data: read(client_data)?,
            authenticator_data: read(authenticator_data)?,
            signature: read(signature)?,
        })
    }
}

impl Pieces {
    /// A signature by this key over this challenge, on our page, with a person there who was
    /// verified (WebAuthn §7.2).
    pub(super) fn judged(&self, key: &[u8], challenge: &str, site: &Site) -> Result<Told, Fault> {
        let client = client::Data::read(&self.client_data)?;
        client.is_for(Act::Get, &site.origin)?;
        if client.challenge != challenge {
            return Err(Fault::OtherWords);
        }
        let data = Data::read(&self.authenticator_data)?;
        data.is_of(&site.id)?;
        let signed =
            [self.authenticator_data.as_slice(), &Sha256::digest(&self.client_data)].concat();
        if !crate::signing::verifies_with(key, &signed, &self.signature) {
            return Err(Fault::Wrong);
        }
        let (synced, backed_up) = (data.synced(), data.backed_up());
        Ok(Told { counter: data.counter, synced, backed_up })
    }
}
