//! 签署凭证 — statements to be signed, and what the signature of a certificate or a passkey over one
//! is worth.
//!
//! The law takes a [`Proof`] that was verified here or the sentence that says why there is none;
//! it never sees a key.

mod algorithm;
pub mod cms;
pub mod report;
mod statement;
pub mod trust;

use consortium::agreement::statement::Deed;
use consortium::agreement::{Method, Proof};
use consortium::ids::{Digest, Personal};
use consortium::{Command, Dossier, actor::Actor};
use jiff::civil::DateTime;
use sm3::{Digest as _, Sm3};
use store::Store;

pub(crate) use algorithm::{is_key, verifies_with};
pub use statement::{Issued, Known, STATEMENT_HOURS};
pub use trust::Trust;

use crate::office::digest_of;
use crate::passkey;
use crate::secret;

/// Bytes of a statement or a signature; what is larger is neither.
const PROOF_BYTES_MAX: u64 = cms::SIGNATURE_BYTES_MAX as u64;

/// SM3 of some bytes, in hex.
pub fn sm3_of(bytes: &[u8]) -> String {
    hex::encode(Sm3::digest(bytes))
}

/// What a command says it was signed with.
struct Brought<'a> {
    method: Method,
    deed: Deed,
    statement: Option<&'a Digest>,
    signature: Option<&'a Digest>,
    letter: Option<&'a Digest>,
}

impl<'a> Brought<'a> {
    fn of(command: &'a Command) -> Option<Self> {
        let proven = |name: &str| {
            [Method::Certificate, Method::Passkey].into_iter().find(|method| method.name() == name)
        };
        match command {
            Command::Sign { method, statement, proof, letter, .. } => Some(Self {
                method: proven(method)?,
                deed: Deed::Signature,
                statement: statement.as_ref(),
                signature: proof.as_ref(),
                letter: letter.as_ref(),
            }),
            Command::Seal { method, statement, scan, .. } => Some(Self {
                method: proven(method)?,
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
        let secret = secret::kept(self.store, statement::SECRET).await?;
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
    pub async fn known(&self, digest: &Digest) -> Result<Option<Known>, store::StoreError> {
        let Some((_, text)) = self.store.file(&digest.0, PROOF_BYTES_MAX).await? else {
            return Ok(None);
        };
        let Ok(text) = String::from_utf8(text) else { return Ok(None) };
        let Some(at) = statement::time_of(&text).filter(|at| statement::lives(*at, self.now))
        else {
            return Ok(None);
        };
        let secret = secret::kept(self.store, statement::SECRET).await?;
        let letter = statement::letter_of(&text);
        let own = |deed: &Deed| {
            self.statement(&secret, *deed, letter.as_ref(), at).as_deref() == Some(&text)
        };
        let deed = [Deed::Signature, Deed::Seal].into_iter().find(own);
        Ok(deed.map(|deed| Known { deed, letter, text }))
    }

    /// What the signature a command brings is worth; `None` where it brings none.
    pub async fn prove(
        &self,
        command: &Command,
    ) -> Result<Option<Result<Proof, String>>, store::StoreError> {
        let Some(brought) = Brought::of(command) else { return Ok(None) };
        let (Some(stated), Some(file)) = (brought.statement, brought.signature) else {
            return Ok(None);
        };
        let (Some((_, text)), Some((_, signature))) = (
            self.store.file(&stated.0, PROOF_BYTES_MAX).await?,
            self.store.file(&file.0, PROOF_BYTES_MAX).await?,
        ) else {
            return Ok(Some(Err("没有找到签署声明或者签名文件".to_owned())));
        };
        let secret = secret::kept(self.store, statement::SECRET).await?;
        if let Err(why) = self.made_out(&secret, &brought, &text) {
            return Ok(Some(Err(why)));
        }
        let signer = match brought.method {
            Method::Passkey => self.by_passkey(&text, &signature).await?,
            _ => self.by_certificate(&text, &signature),
        };
        Ok(Some(signer.map(|Signer { key, subject }| Proof {
            statement: stated.clone(),
            file: file.clone(),
            key,
            subject: Personal::new(subject),
        })))
    }

    /// The statement is one of ours, made out for just this act, and still lives.
    fn made_out(&self, secret: &[u8], brought: &Brought<'_>, text: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(text).map_err(|_| statement::foreign())?;
        let at = statement::time_of(text).ok_or_else(statement::foreign)?;
        if !statement::lives(at, self.now) {
            return Err(format!("签署声明开具已超过 {STATEMENT_HOURS} 小时"));
        }
        let own = self.statement(secret, brought.deed, brought.letter, at);
        if own.as_deref() == Some(text) { Ok(()) } else { Err(statement::foreign()) }
    }

    fn by_certificate(&self, text: &[u8], signature: &[u8]) -> Result<Signer, String> {
        let signer = cms::verify(text, signature, self.trust, self.now);
        let signer = signer.map_err(|fault| fault.to_string())?;
        Ok(Signer { key: signer.certificate, subject: signer.subject })
    }

    /// By a passkey that is the actor's own, now.
    async fn by_passkey(
        &self,
        text: &[u8],
        signature: &[u8],
    ) -> Result<Result<Signer, String>, store::StoreError> {
        let verified = passkey::Signature::read(signature)
            .and_then(|file| file.verify(text).map(|seen| (file, seen)));
        let (file, seen) = match verified {
            Ok(verified) => verified,
            Err(fault) => return Ok(Err(fault.to_string())),
        };
        let known = self.store.passkey(&seen.credential).await?;
        let own = |known: &store::Passkey| {
            known.person == self.actor.person.as_str() && file.is_by(known)
        };
        Ok(match known.as_ref() {
            None => Err(passkey::Fault::Unknown.to_string()),
            Some(known) if own(known) => {
                Ok(Signer { key: seen.key, subject: self.actor.name.value.clone() })
            }
            Some(_) => Err(passkey::Fault::OtherPerson.to_string()),
        })
    }
}

/// Who signed: SHA-256 of the certificate or of the public key, and whom it names.
struct Signer {
    key: Digest,
    subject: String,
}
