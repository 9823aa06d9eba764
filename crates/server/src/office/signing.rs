//! 凭证签署 — statements made out by the office, and acts that bring a signature over one.

use consortium::agreement::{self, Method, Proof, statement::Deed};
use consortium::ids::{Digest, DossierId};
use consortium::{Command, Dossier, Refusal, actor::Actor};
use jiff::civil::DateTime;

use super::{Done, Envelope, Office, Result, digest_of};
use crate::passkey::Signature;
use crate::signing::{Desk, Issued, Known, Trust};

/// The media type of a detached signature.
const SIGNATURE: &str = "application/pkcs7-signature";
/// The media type of a passkey's signature.
const ASSERTION: &str = "application/json";

/// Until the operator names somebody.
static NOBODY: Trust = Trust::NOBODY;

/// The text of a dossier as it stood while a round was open or when it took effect.
pub fn signed_text(dossier: &Dossier) -> Option<String> {
    let round = dossier.materials.agreement.round.as_ref()?;
    let text = agreement::canonical(&dossier.materials);
    if digest_of(text.as_bytes()) == round.digest {
        return Some(text);
    }
    // Agreements of an earlier form were signed in that form.
    let earlier = agreement::earlier(&dossier.materials);
    (digest_of(earlier.as_bytes()) == round.digest).then_some(earlier)
}

impl Office {
    /// Names whose certificates count; the first word stands.
    pub fn trust(&self, trust: Trust) {
        if self.inner.trust.set(trust).is_err() {
            tracing::warn!("the roots were named twice; the first stand");
        }
    }

    /// How many roots count.
    pub fn trusted(&self) -> usize {
        self.inner.trust.get().map_or(0, Trust::len)
    }

    /// Whose certificates count.
    pub fn roots(&self) -> &Trust {
        self.inner.trust.get().unwrap_or(&NOBODY)
    }

    fn desk<'a>(&'a self, actor: &'a Actor, dossier: &'a Dossier, now: DateTime) -> Desk<'a> {
        Desk { store: &self.inner.store, trust: self.roots(), actor, dossier, now }
    }

    /// Makes out a statement for the actor's slot and keeps it; `None` where nothing is locked.
    pub async fn statement(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        deed: Deed,
        letter: Option<&Digest>,
    ) -> Result<Option<Issued>> {
        let now = self.inner.clock.zoned();
        let desk = self.desk(actor, dossier, now.datetime());
        let Some(issued) = desk.issue(deed, letter).await? else { return Ok(None) };
        let bytes = issued.text.clone().into_bytes();
        let at_ms = now.timestamp().as_millisecond();
        self.inner.store.put_file(bytes, "text/plain", at_ms).await?;
        Ok(Some(issued))
    }

    /// A statement that was made out for this actor on this dossier and still lives.
    pub async fn known_statement(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        digest: &Digest,
    ) -> Result<Option<Known>> {
        let now = self.inner.clock.zoned().datetime();
        Ok(self.desk(actor, dossier, now).known(digest).await?)
    }

    /// Signs or seals with a certificate: the signature over a statement, verified.
    ///
    /// # Errors
    /// As [`Office::perform`]; a signature that does not count is refused with the reason.
    pub async fn sign_by_certificate(
        &self,
        actor: &Actor,
        id: &DossierId,
        (deed, letter): (Deed, Option<Digest>),
        statement: &Digest,
        signature: Vec<u8>,
        envelope: Envelope,
    ) -> Result<Done> {
        let digest = self.locked(actor, id).await?;
        let at_ms = self.inner.clock.now_ms();
        let kept = Digest(self.inner.store.put_file(signature, SIGNATURE, at_ms).await?);
        let method = Method::Certificate.name().to_owned();
        let statement = Some(statement.clone());
        let command = match deed {
            Deed::Signature => {
                Command::Sign { digest, method, statement, proof: Some(kept), letter }
            }
            Deed::Seal => Command::Seal { digest, scan: kept, method, statement },
        };
        Box::pin(self.perform(actor, id, &command, envelope)).await
    }

    /// Signs with a passkey: the signature over a statement, verified.
    ///
    /// # Errors
    /// As [`Office::perform`]; a signature that does not count is refused with the reason.
    pub async fn sign_by_passkey(
        &self,
        actor: &Actor,
        id: &DossierId,
        (statement, letter): (&Digest, Option<Digest>),
        signature: &Signature,
        envelope: Envelope,
    ) -> Result<Done> {
        let digest = self.locked(actor, id).await?;
        let at_ms = self.inner.clock.now_ms();
        let kept = self.inner.store.put_file(signature.bytes(), ASSERTION, at_ms).await?;
        let command = Command::Sign {
            digest,
            method: Method::Passkey.name().to_owned(),
            statement: Some(statement.clone()),
            proof: Some(Digest(kept)),
            letter,
        };
        self.perform(actor, id, &command, envelope).await
    }

    /// The digest of the text that is locked.
    async fn locked(&self, actor: &Actor, id: &DossierId) -> Result<Digest> {
        let opened = self.read(actor, id).await?;
        let round = opened.dossier.signing_round();
        let digest = round.map(|round| round.digest.clone());
        Ok(digest.ok_or_else(|| {
            Refusal::not_now("6.2", "协议还没有锁定文本", "由牵头单位锁定文本并发起签署")
        })?)
    }

    /// What the signature a command brings is worth.
    pub(super) async fn proven(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        command: &Command,
        now: DateTime,
    ) -> Result<Option<std::result::Result<Proof, String>>> {
        Ok(self.desk(actor, dossier, now).prove(command).await?)
    }
}
