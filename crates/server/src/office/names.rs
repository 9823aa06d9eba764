//! 名称核对 — one answer about a name for whoever asks, from the names that are held now.

use consortium::dossier::StageKind;
use consortium::name::{
    self,
    ruling::{Close, Held, Ruling, close, rule},
};
use consortium::parameter::ParameterKey;
use consortium::register::Status;
use store::{DossierRow, Tx, lists};

use super::{Office, Result};

/// Close names that are told at most.
pub const CLOSE_MAX: usize = 20;

impl Office {
    /// What a name meets with; names the public does not know yet are told of without their words.
    pub async fn name_ruling(&self, name: &str) -> Result<Ruling> {
        let today = self.inner.clock.today();
        let parameters = self.affairs().await?.parameters_on(today);
        let name = name.trim().to_owned();
        let (same, close) = {
            let key = name::key(&name);
            self.look(move |tx, _| Ok(held(tx, &key)?)).await?
        };
        let hard = parameters.yes(ParameterKey::NameReservedHard);
        Ok(rule(&name, hard, same, close))
    }
}

/// The name that is the same, and those that are close.
fn held(tx: &mut dyn Tx, key: &str) -> Result<(Option<Held>, Vec<Close>), store::StoreError> {
    let (mut same, mut near) = (None, Vec::new());
    for claim in lists::claims(tx, "name")? {
        if claim.value == key {
            same = lists::dossier(tx, &claim.stream)?.map(|row| told(&row));
        } else if near.len() < CLOSE_MAX
            && let Some(why) = close(key, &claim.value)
            && let Some(row) = lists::dossier(tx, &claim.stream)?
        {
            near.push(Close { held: told(&row), why });
        }
    }
    Ok((same, near))
}

/// A name as anybody may read it.
fn told(row: &DossierRow) -> Held {
    let standing = Status::named(&row.status).map_or_else(|| of_stage(&row.stage), Status::term);
    Held { name: row.public.then(|| row.name.clone()), standing: standing.to_owned() }
}

fn of_stage(stage: &str) -> &'static str {
    let reserved = [StageKind::Drafting.name(), StageKind::Signing.name()];
    if reserved.contains(&stage) { "申请中，名称已预留" } else { "审查中" }
}
