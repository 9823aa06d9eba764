//! 认证器 — one made of software, as the standard describes it (WebAuthn Level 3): what a telephone
//! does when it is asked, and what a dishonest one might.

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const HAS_CREDENTIAL: u8 = 0x40;

/// Where the house is found by a browser.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

/// A device with one passkey.
#[derive(Clone)]
pub(crate) struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    /// How often it signed; 0 for one that does not count.
    pub(crate) counter: u32,
    /// What the browser says of the page.
    pub(crate) origin: String,
    /// The site it thinks it signs for; the one it is asked for unless set.
    pub(crate) site: Option<String>,
    /// What it says of the person.
    pub(crate) flags: u8,
    handle: Option<String>,
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

impl Authenticator {
    /// A new device; each number is another.
    pub(crate) fn new(number: u8) -> Self {
        let key = SigningKey::from_slice(&[number; 32]).unwrap();
        let flags = PRESENT | VERIFIED | MAY_BE_COPIED;
        let origin = ORIGIN.to_owned();
        Self { key, id: vec![number; 20], counter: 0, origin, site: None, flags, handle: None }
    }

    /// The same, with the private key of another.
    pub(crate) fn with_key_of(&self, number: u8) -> Self {
        Self { key: Self::new(number).key, ..self.clone() }
    }

    pub(crate) fn id(&self) -> String {
        b64(&self.id)
    }

    fn client(&self, act: &str, challenge: &Value) -> Vec<u8> {
        let data = json!({
            "type": act, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        });
        data.to_string().into_bytes()
    }

    fn data(&self, asked: &Value, more: u8, rest: &[u8]) -> Vec<u8> {
        let site = self.site.as_deref().or(asked.as_str()).unwrap();
        let hash = Sha256::digest(site.as_bytes());
        let head = [hash.as_slice(), &[self.flags | more], &self.counter.to_be_bytes()].concat();
        [head, rest.to_vec()].concat()
    }

    /// Makes its passkey, as `navigator.credentials.create` does.
    pub(crate) fn create(&mut self, asked: &Value) -> Value {
        self.handle = Some(asked["user"]["id"].as_str().unwrap().to_owned());
        let client = self.client("webauthn.create", &asked["challenge"]);
        let point = self.key.verifying_key().to_sec1_point(false);
        let bytes = point.as_bytes();
        let (x, y) = (&bytes[1..33], &bytes[33..]);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y];
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let credential = [&[0; 16][..], &length, &self.id, &cose.concat()].concat();
        let data = self.data(&asked["rp"]["id"], HAS_CREDENTIAL, &credential);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59";
        let object = [&head[..], &length, &data].concat();
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key",
            "response": { "clientDataJSON": b64(&client), "attestationObject": b64(&object) },
            "clientExtensionResults": {},
        })
    }

    /// Signs, as `navigator.credentials.get` does.
    pub(crate) fn get(&mut self, asked: &Value) -> Value {
        if self.counter > 0 {
            self.counter += 1;
        }
        let client = self.client("webauthn.get", &asked["challenge"]);
        let data = self.data(&asked["rpId"], 0, &[]);
        let message = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: DerSignature = self.key.sign(&message);
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key",
            "response": {
                "clientDataJSON": b64(&client), "authenticatorData": b64(&data),
                "signature": b64(signature.as_bytes()), "userHandle": self.handle,
            },
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
        })
    }
}
