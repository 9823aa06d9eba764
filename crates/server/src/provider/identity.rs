//! 关联 — whose account an identity opens. It is linked by whoever is signed in, and opens nothing
//! before.

use store::identities::{self, Identity, Unclaimed};
use store::{Person, people};

use super::{Fault, Provider, Shown, Unproven, errand};
use crate::factors::log;
use crate::http::{self, SignedIn, session};
use crate::state::AppState;

/// Characters of a subject by which its holder knows it again.
const TAIL_CHARS: usize = 4;
/// Identities of one account: one at each provider it has been used with, and one to spare.
pub const IDENTITIES_MAX: usize = 5;

/// The name of an identity here.
fn id(issuer: &str, subject: &str) -> String {
    session::digest(&format!("identity\n{issuer}\n{subject}"))
}

/// What its holder knows a subject by: the last letters, for the whole of it is nobody's business.
pub fn tail(subject: &str) -> String {
    let letters: Vec<char> = subject.chars().collect();
    letters[letters.len().saturating_sub(TAIL_CHARS)..].iter().collect()
}

/// Whose account it opens; nobody's yet, or that of somebody.
///
/// # Errors
/// [`Fault::Closed`] where the account is closed.
pub async fn holder(state: &AppState, shown: &Shown) -> Result<Option<Person>, Unproven> {
    let Some(known) = state.store.identity(&shown.issuer, &shown.subject).await? else {
        return Ok(None);
    };
    let person = state.store.person(&known.person).await?.filter(|person| !person.disabled);
    let person = person.ok_or(Fault::Closed)?;
    state.store.use_identity(&known.id, state.clock.wall_ms()).await?;
    Ok(Some(person))
}

/// Links an identity to the account of whoever is signed in. Every other device is signed out, as
/// when a second factor is bound.
///
/// # Errors
/// [`Fault::Taken`] where another account has it.
pub async fn link(
    state: &AppState,
    provider: &Provider,
    signed: &SignedIn,
    (issuer, subject): (&str, &str),
) -> Result<(), Unproven> {
    let person = signed.actor.person.0.clone();
    let identity = Identity {
        id: id(issuer, subject),
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person: person.clone(),
        linked_ms: state.clock.wall_ms(),
        used_ms: None,
    };
    let detail = described(provider, subject);
    let line = log::line(state, &person, log::Kind::IdentityLinked, &detail, &person);
    let kept = signed.session_hash().to_owned();
    let bearer = signed.visitor.browser();
    let write = state.store.write(move |tx| {
        if let Some(bearer) = &bearer {
            identities::end_unclaimed(tx, bearer)?;
        }
        if let Some(known) = identities::identity(tx, &identity.issuer, &identity.subject)? {
            return Ok(Linked::by(known.person == identity.person));
        }
        if identities::identities(tx, &identity.person)?.len() >= IDENTITIES_MAX {
            return Ok(Linked::TooMany);
        }
        if !identities::link_identity(tx, &identity)? {
            return Ok(Linked::Taken);
        }
        store::factors::log(tx, &line)?;
        store::access::end_sessions(tx, &identity.person, Some(&kept))?;
        Ok(Linked::Done)
    });
    match write.await? {
        Linked::Done => Ok(()),
        Linked::Taken => Err(Fault::Taken(provider.name().to_owned()).into()),
        Linked::TooMany => {
            let words = format!("最多关联 {IDENTITIES_MAX} 个。解除不再使用的，再关联。");
            Err(http::Fault::Refused(words).into())
        }
    }
}

/// What came of linking.
enum Linked {
    Done,
    Taken,
    TooMany,
}

impl Linked {
    /// Whose it was before: linking again what is linked is no mistake.
    const fn by(own: bool) -> Self {
        if own { Self::Done } else { Self::Taken }
    }
}

/// How the security log calls an identity.
fn described(provider: &Provider, subject: &str) -> String {
    format!("{}，尾号 {}", provider.name(), tail(subject))
}

/// Takes an identity away that is one's own, unless it is the only way in. Every other device is
/// signed out: one of them may have come in by it.
///
/// # Errors
/// [`http::Fault::NotFound`] for another's, [`http::Fault::Refused`] for the only way in.
pub async fn unlink(state: &AppState, signed: &SignedIn, id: &str) -> Result<(), http::Fault> {
    let person = signed.actor.person.0.clone();
    let known = state.store.identities(&person).await?;
    let known = known.into_iter().find(|one| one.id == id).ok_or(http::Fault::NotFound)?;
    let detail = format!("尾号 {}", tail(&known.subject));
    let line = log::line(state, &person, log::Kind::IdentityUnlinked, &detail, &person);
    let kept = signed.session_hash().to_owned();
    let write = state.store.write(move |tx| {
        let password = people::person(tx, &person)?.is_some_and(|one| one.password_hash.is_some());
        let others = store::passkeys::passkeys(tx, &person)?.len()
            + identities::identities(tx, &person)?.len().saturating_sub(1);
        if !password && others == 0 {
            return Ok(Unlinked::OnlyWay);
        }
        if !identities::unlink_identity(tx, &person, &known.id)? {
            return Ok(Unlinked::Gone);
        }
        store::factors::log(tx, &line)?;
        store::access::end_sessions(tx, &person, Some(&kept))?;
        Ok(Unlinked::Done)
    });
    match write.await? {
        Unlinked::Done => Ok(()),
        Unlinked::Gone => Err(http::Fault::NotFound),
        Unlinked::OnlyWay => Err(http::Fault::Refused(
            "这是登录本账号的唯一方式，解除以后就登录不了。先登记通行密钥，或者由系统管理员生成设置密\
             码的链接，再来解除。"
                .to_owned(),
        )),
    }
}

/// What came of taking one away.
enum Unlinked {
    Done,
    Gone,
    OnlyWay,
}

/// Keeps an identity that opens nothing yet for the browser it came in by, so that whoever signs in
/// there next may claim it.
pub async fn keep(state: &AppState, bearer: &str, shown: &Shown) -> Result<(), http::Fault> {
    let now_ms = state.clock.wall_ms();
    let found = Unclaimed {
        bearer: bearer.to_owned(),
        issuer: shown.issuer.clone(),
        subject: shown.subject.clone(),
        expires_ms: now_ms.saturating_add(errand::SERVES_MS),
    };
    Ok(state.store.keep_unclaimed(found, now_ms).await?)
}

/// The identity that waits in the browser of whoever is signed in; `None` once it ran out.
pub async fn waiting(
    state: &AppState,
    signed: &SignedIn,
) -> Result<Option<Unclaimed>, http::Fault> {
    let Some(bearer) = signed.visitor.browser() else { return Ok(None) };
    let found = state.store.unclaimed(&bearer).await?;
    Ok(found.filter(|found| state.clock.wall_ms() <= found.expires_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_subject_is_shown() {
        for (subject, shown) in
            [("abcdef", "cdef"), ("abc", "abc"), ("", ""), ("统一身份认证号", "份认证号")]
        {
            assert_eq!(tail(subject), shown);
        }
    }

    #[test]
    fn an_identity_is_named_by_issuer_and_subject() {
        assert_eq!(id("https://a", "b").len(), 64);
        assert_ne!(id("https://a", "b"), id("https://a", "c"));
        assert_ne!(id("https://a", "b"), id("https://c", "b"));
    }
}
