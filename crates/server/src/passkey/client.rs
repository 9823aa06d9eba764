//! 浏览器数据 — what the browser says it asked the authenticator for: which act, which challenge, on
//! which page (WebAuthn §5.8.1).

use serde::Deserialize;

use super::Fault;

/// Larger than any that a browser writes.
const BYTES_MAX: usize = 4 * 1024;

/// What an authenticator was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A new credential.
    Create,
    /// A signature by one.
    Get,
}

/// What the browser says.
#[derive(Debug, Deserialize)]
pub(super) struct Data {
    #[serde(rename = "type")]
    kind: String,
    pub(super) challenge: String,
    pub(super) origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

impl Data {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() > BYTES_MAX {
            return Err(Fault::Unreadable);
        }
        serde_json::from_slice(bytes).map_err(|_| Fault::Unreadable)
    }

    /// For this act, on a page of this origin and in nobody else's frame.
    pub(super) fn is_for(&self, act: Act, origin: &str) -> Result<(), Fault> {
        let kind = match act {
            Act::Create => "webauthn.create",
            Act::Get => "webauthn.get",
        };
        if self.kind != kind {
            return Err(Fault::OtherAct);
        }
        if self.origin != origin || self.cross_origin || self.top_origin.is_some() {
            return Err(Fault::OtherOrigin);
        }
        Ok(())
    }
}
