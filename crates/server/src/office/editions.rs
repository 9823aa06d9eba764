//! 协议各版 — the versions of an agreement as the journal keeps them, and the text of each.

use consortium::agreement::{self, Edition, supplement};
use consortium::evolve::Stamp;
use consortium::ids::DossierId;
use consortium::{Dossier, Event, access, actor::Actor};

use super::{Office, Result, digest_of, facts};

/// The text of a version, byte for byte as it was signed where it was locked: agreements of an
/// earlier form were signed in that form.
pub fn text_of(edition: &Edition) -> String {
    let text = agreement::canonical(&edition.materials);
    let Some(round) = &edition.round else { return text };
    if digest_of(text.as_bytes()) == round.digest {
        return text;
    }
    let earlier = agreement::earlier(&edition.materials);
    if digest_of(earlier.as_bytes()) == round.digest { earlier } else { text }
}

impl Office {
    /// Every version of a dossier's agreement, oldest first; none for who does not read the
    /// materials.
    pub async fn editions(&self, actor: &Actor, dossier: &Dossier) -> Result<Vec<Edition>> {
        if !access::mask(actor, dossier).materials {
            return Ok(Vec::new());
        }
        self.all_editions(&dossier.id).await
    }

    async fn all_editions(&self, id: &DossierId) -> Result<Vec<Edition>> {
        let journal = self.inner.store.load(id.as_str()).await?;
        let events: Vec<(Event, Stamp)> = journal
            .iter()
            .map(|recorded| Ok((facts::event_of(recorded)?, facts::stamp_of(recorded)?)))
            .collect::<Result<_>>()?;
        let told = events.iter().map(|(event, stamp)| (event, stamp));
        agreement::editions(told).map_err(|fault| super::fault_of(id.as_str(), &fault))
    }

    /// The text of a supplement that is locked or in force; `None` where none is, or for who does
    /// not read the materials.
    pub async fn supplement_text(
        &self,
        actor: &Actor,
        id: &DossierId,
        no: &str,
    ) -> Result<Option<String>> {
        let opened = self.read(actor, id).await?;
        if !access::mask(actor, &opened.dossier).materials {
            return Ok(None);
        }
        self.opened(actor, &opened.dossier).await?;
        let Some(entry) = opened.dossier.register_entry() else { return Ok(None) };
        let Some(change) = entry.changes.iter().find(|change| change.no.to_string() == no) else {
            return Ok(None);
        };
        let Some(kept) = change.supplement.as_ref().filter(|kept| kept.round.is_some()) else {
            return Ok(None);
        };
        if change.decided.is_none() {
            return Ok(Some(supplement::canonical(&opened.dossier, change, &kept.parties)));
        }
        // What was recorded changed the filing: the text is that of the moment it took effect.
        let signed = self.signed_round(id, Some(change.no)).await?;
        Ok(signed.and_then(|signed| signed.text()))
    }

    /// The text that is locked or in force, byte for byte; `None` where none is.
    pub async fn signed_text(&self, dossier: &Dossier) -> Result<Option<String>> {
        let Some(round) = &dossier.materials.agreement.round else { return Ok(None) };
        let editions = self.all_editions(&dossier.id).await?;
        let signed = editions.iter().rfind(|edition| edition.version == round.version);
        Ok(signed.map(text_of))
    }
}
