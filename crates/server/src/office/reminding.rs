//! 催写 — reminds members of what they have still to write; nothing of it has legal effect, so it is
//! a letter and no event.

use consortium::Dossier;
use consortium::actor::{Actor, Capacity};
use consortium::outstanding;
use consortium::task::Holder;
use jiff::civil::Date;
use store::Letter;

use super::{Office, Result};

impl Office {
    /// Tells each member that has still something to do what it is: once a day, however often it is
    /// asked for. The names of the members.
    ///
    /// # Errors
    /// What refuses an invitation: whoever invites members reminds them.
    pub async fn remind_members(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        today: Date,
    ) -> Result<Vec<String>> {
        let owed = outstanding::to_remind(actor, dossier)?;
        let letters = owed.iter().map(|owed| Letter {
            key: format!("{}/outstanding/{}/{today}", dossier.id, owed.unit),
            to: Holder::Unit(owed.unit.clone(), Capacity::Handler).key(),
            subject: format!("催写：{}", owed.terms().join("、")),
            body: format!(
                "牵头单位提醒，提交备案申请前要写好。卷宗 {}，登录平台“工作台”办理。",
                dossier.id
            ),
            stream: dossier.id.to_string(),
        });
        let letters = letters.collect();
        self.store().post(letters, self.inner.clock.now_ms()).await?;
        Ok(owed.into_iter().map(|owed| owed.name).collect())
    }
}
