//! 身份的落地 — what a unit's events do to accounts and posts, in the transaction that writes them.
//!
//! The journal of a unit says who acts for it; a post is what a sign-in reads. Both are written
//! together, so that nobody acts on a link that is not on record, or does not on one that is.

use crate::error::{Result, StoreError};
use crate::people::{self, Person, Post};
use crate::tx::Tx;
use crate::{Store, vals};

/// What becomes of accounts and posts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Accounts that are made; one that is there keeps everything it has.
    pub persons: Vec<Person>,
    /// Posts as they stand now.
    pub posts: Vec<Post>,
    /// The link that opens an invitation from now on.
    pub opens: Option<Opens>,
    /// Who takes over what whom saw to.
    pub handed: Vec<HandedOver>,
}

/// A link that opens an invitation of the stream's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opens {
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// The invitation.
    pub no: u32,
    /// Since when.
    pub created_ms: i64,
}

/// 交接 — sections one person saw to are another's from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Whose dossiers, as readers are written: `unit:U1`.
    pub side: String,
    /// Who saw to them.
    pub from: String,
    /// Who does now.
    pub to: String,
}

/// Writes what became of accounts and posts.
pub(crate) fn apply(tx: &mut dyn Tx, unit: &str, linked: &Linked) -> Result<()> {
    for person in &linked.persons {
        make(tx, person)?;
    }
    for post in &linked.posts {
        people::save_post(tx, post)?;
    }
    if let Some(opens) = &linked.opens {
        open(tx, unit, opens)?;
    }
    for handed in &linked.handed {
        hand_over(tx, handed)?;
    }
    Ok(())
}

/// Makes an account; two persons never share a login.
fn make(tx: &mut dyn Tx, person: &Person) -> Result<()> {
    if people::person(tx, &person.id)?.is_some() {
        return Ok(());
    }
    if let Some(holder) = people::person_by_login(tx, &person.login)? {
        return Err(StoreError::ClaimTaken {
            kind: "login".to_owned(),
            value: person.login.clone(),
            by: holder.id,
        });
    }
    people::save_person(tx, person)
}

/// One link opens an invitation: the one before it opens nothing any longer.
fn open(tx: &mut dyn Tx, unit: &str, opens: &Opens) -> Result<()> {
    let no = i64::from(opens.no);
    tx.exec("DELETE FROM invitation_links WHERE unit = $1 AND no = $2", &vals![unit, no])?;
    tx.exec(
        "INSERT INTO invitation_links (hash, unit, no, created_ms) VALUES ($1, $2, $3, $4)",
        &vals![&opens.hash, unit, no, opens.created_ms],
    )
    .map(drop)
}

fn hand_over(tx: &mut dyn Tx, handed: &HandedOver) -> Result<()> {
    let [from, to] = [&handed.from, &handed.to].map(|person| format!("person:{person}"));
    tx.exec(
        "UPDATE section_work SET owner = $1
         WHERE owner = $2 AND dossier IN (SELECT id FROM readers WHERE reader = $3)",
        &vals![to, from, &handed.side],
    )
    .map(drop)
}

/// Which unit's invitation a link opens: the unit and the number.
pub fn invitation(tx: &mut dyn Tx, hash: &str) -> Result<Option<(String, u32)>> {
    let rows = tx.rows("SELECT unit, no FROM invitation_links WHERE hash = $1", &vals![hash])?;
    let read = |row: &crate::Row| {
        let no = u32::try_from(row.int(1)?)
            .map_err(|_| StoreError::Corrupt("the number of an invitation".to_owned()))?;
        Ok((row.text(0)?, no))
    };
    rows.first().map(read).transpose()
}

impl Store {
    /// Which unit's invitation a link opens: the unit and the number.
    pub async fn invitation(&self, hash: &str) -> Result<Option<(String, u32)>> {
        let hash = hash.to_owned();
        self.read(move |tx| invitation(tx, &hash)).await
    }
}
