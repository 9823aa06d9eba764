//! 签署凭证 — statements to be signed, and what a certificate's signature over one is worth.
//!
//! The law takes a [`Proof`] that was verified here or the sentence that says why there is none;
//! it never sees a key.

mod algorithm;
pub mod cms;
mod statement;
pub mod trust;

use consortium::agreement::statement::Deed;
use consortium::agreement::{Method, Proof};
use consortium::ids::{Digest, Personal};
use consortium::{Command, Dossier, actor::Actor};
use jiff::civil::DateTime;
use sm3::{Digest as _, Sm3};
use store::Store;

pub use statement::{Issued, STATEMENT_HOURS};
pub use trust::Trust;

use crate::office::digest_of;

/// Bytes of a statement or a signature; what is larger is neither.
const PROOF_BYTES_MAX: u64 = cms::SIGNATURE_BYTES_MAX as u64;

/// SM3 of some bytes, in hex.
pub fn sm3_of(bytes: &[u8]) -> String {
    hex::encode(Sm3::digest(bytes))
}

/// What a command says it was signed with.
struct Brought<'a> {
    deed: Deed,
    statement: Option<&'a Digest>,
    signature: Option<&'a Digest>,
    letter: Option<&'a Digest>,
}

impl<'a> Brought<'a> {
    fn of(command: &'a Command) -> Option<Self> {
        let certificate = Method::Certificate.name();
        match command {
            Command::Sign { method, statement, proof, letter, .. } if method == certificate => {
                Some(Self {
                    deed: Deed::Signature,
                    statement: statement.as_ref(),
                    signature: proof.as_ref(),
                    letter: letter.as_ref(),
                })
            }
            Command::Seal { method, statement, scan, .. } if method == certificate => Some(Self {
                deed: Deed::Seal,
                statement: statement.as_ref(),
                signature: Some(scan),
                letter: None,
            }),
            _ => None,
        }
    }
}

/// What the office has to verify a signature with.
pub struct Desk<'a> {
    /// Where statements and signatures are kept.
    pub store: &'a Store,
    /// Whose certificates count.
    pub trust: &'a Trust,
    /// Who asks.
    pub actor: &'a Actor,
    /// The dossier as it stands.
    pub dossier: &'a Dossier,
    /// The legal time.
    pub now: DateTime,
}

impl Desk<'_> {
    /// Makes out a statement for the actor's own slot; `None` where there is none to sign.
    pub async fn issue(
        &self,
        deed: Deed,
        letter: Option<&Digest>,
    ) -> Result<Option<Issued>, store::StoreError> {
        let secret = statement::secret(self.store).await?;
        let text = self.statement(&secret, deed, letter, self.now);
        Ok(text.map(|text| Issued { digest: digest_of(text.as_bytes()), text }))
    }

    fn statement(
        &self,
        secret: &[u8],
        deed: Deed,
        letter: Option<&Digest>,
        at: DateTime,
    ) -> Option<String> {
        statement::made_out(secret, self.actor, self.dossier, deed, letter, at)
    }

    /// A statement made out for this actor that still lives, with what it is for.
    pub async fn known(
        &self,
        digest: &Digest,
    ) -> Result<Option<(Deed, String)>, store::StoreError> {
        let Some((_, text)) = self.store.file(&digest.0, PROOF_BYTES_MAX).await? else {
            return Ok(None);
        };
        let Ok(text) = String::from_utf8(text) else { return Ok(None) };
        let Some(at) = statement::time_of(&text).filter(|at| statement::lives(*at, self.now))
        else {
            return Ok(None);
        };
        let secret = statement::secret(self.store).await?;
        let own = |deed: &Deed| self.statement(&secret, *deed, None, at).as_deref() == Some(&text);
        Ok([Deed::Signature, Deed::Seal].into_iter().find(own).map(|deed| (deed, text)))
    }

    /// What the signature a command brings is worth; `None` where it brings none.
    pub async fn prove(
        &self,
        command: &Command,
    ) -> Result<Option<Result<Proof, String>>, store::StoreError> {
        let Some(brought) = Brought::of(command) else { return Ok(None) };
        let (Some(stated), Some(signed)) = (brought.statement, brought.signature) else {
            return Ok(None);
        };
        let (Some((_, text)), Some((_, signature))) = (
            self.store.file(&stated.0, PROOF_BYTES_MAX).await?,
            self.store.file(&signed.0, PROOF_BYTES_MAX).await?,
        ) else {
            return Ok(Some(Err("没有找到签署声明或者签名文件".to_owned())));
        };
        let secret = statement::secret(self.store).await?;
        Ok(Some(self.judge(&secret, &brought, &text, &signature).map(|signer| Proof {
            statement: stated.clone(),
            file: signed.clone(),
            key: signer.certificate,
            subject: Personal::new(signer.subject),
        })))
    }

    fn judge(
        &self,
        secret: &[u8],
        brought: &Brought<'_>,
        text: &[u8],
        signature: &[u8],
    ) -> Result<cms::Signer, String> {
        let text = std::str::from_utf8(text).map_err(|_| statement::foreign())?;
        let at = statement::time_of(text).ok_or_else(statement::foreign)?;
        if !statement::lives(at, self.now) {
            return Err(format!("签署声明开具已超过 {STATEMENT_HOURS} 小时"));
        }
        let own = self.statement(secret, brought.deed, brought.letter, at);
        if own.as_deref() != Some(text) {
            return Err(statement::foreign());
        }
        cms::verify(text.as_bytes(), signature, self.trust, self.now)
            .map_err(|fault| fault.to_string())
    }
}
