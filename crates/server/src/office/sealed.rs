//! 盖章件 — what is found of a sealed file before the law is asked.

use consortium::ids::Digest;
use consortium::sealed::{Examined, Issued, is_duty};
use consortium::{Command, Dossier, access, actor::Actor};
use store::PaperKey;

use super::{Office, Result};
use crate::sealed::Lens;

impl Office {
    /// Names where signatures are read; the first word stands.
    pub fn read_by(&self, lens: Lens) {
        if self.inner.lens.set(lens).is_err() {
            tracing::warn!("where signatures are read was named twice; the first stands");
        }
    }

    /// What is found of the sealed file a command brings; `None` where it brings none. Nobody has
    /// a file looked at for a paper that is not the own duty.
    pub(super) async fn examined(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        command: &Command,
    ) -> Result<Option<std::result::Result<Examined, String>>> {
        let Command::AttachSealed { paper, file, .. } = command else { return Ok(None) };
        let theirs = |issued: &&Issued| {
            access::may(actor, command.verb(), Some(dossier)).is_ok()
                && is_duty(issued.paper, actor)
                && issued.current().is_none_or(|kept| kept.file != *file)
        };
        let Some(issued) = dossier.issued_as(paper).filter(theirs) else { return Ok(None) };
        self.examine_for(dossier, issued, file).await
    }

    async fn examine_for(
        &self,
        dossier: &Dossier,
        issued: &Issued,
        file: &Digest,
    ) -> Result<Option<std::result::Result<Examined, String>>> {
        let store = &self.inner.store;
        let key = PaperKey {
            stream: dossier.id.to_string(),
            sequence: issued.sequence,
            kind: issued.paper.name().to_owned(),
        };
        let Some(made) = store.paper(key).await?.and_then(|paper| paper.made) else {
            return Ok(Some(Err("平台还在制作这份文书，做好以后才有可以盖章的文件".to_owned())));
        };
        if made.digest == file.0 {
            let why = "上传的就是平台制作的那一份，上面还没有盖章";
            return Ok(Some(Err(why.to_owned())));
        }
        let Some(row) = store.file_row(&file.0).await? else { return Ok(None) };
        let lens = self.inner.lens.get_or_init(Lens::default);
        Ok(Some(Ok(lens.examine(store, self.roots(), &made, &row).await?)))
    }
}
