//! 再验身份 — an act with legal effect is carried out for somebody who was shown to be oneself not
//! long ago ([`super::strength::PROOF_SERVES_MS`]). A page that comes too late is answered with one
//! that asks for the proof, carries everything that was typed, and is posted to where the act is
//! done: there is nothing to keep in between, and no second click.

use axum::http::StatusCode;
use axum::response::Response;

use super::strength::{Strength, With};
use super::{Fault, SignedIn, csrf, session};
use crate::factors::{self, Shown};
use crate::pages::account::prove::{Asked, page};
use crate::passkey::ceremony::{self, Unproven};
use crate::passkey::response::{self, Assertion};
use crate::state::AppState;

/// The field in which the proof is typed.
pub(crate) const FIELD: &str = "_proof";

/// Secrets that a form may ask for besides: they are typed again rather than carried in a page.
const SECRETS: [(&str, &str); 4] = [
    ("password", "本人密码"),
    ("current", "现在的密码"),
    ("new_password", "新密码"),
    ("again", "确认新密码"),
];

/// What somebody can type to be shown to be oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The password.
    Password,
    /// A one-time password, or a recovery code.
    Code,
    /// Nothing: only a passkey is strong enough.
    Nothing,
}

/// What is asked of somebody.
struct Need {
    strength: Strength,
    typed: Typed,
    /// How many passkeys there are to show instead.
    passkeys: usize,
    /// How the provider is called that may show the person instead.
    provider: Option<String>,
}

impl Need {
    /// Whoever has bound one-time passwords is asked for one, even where the post asks less. Whoever
    /// is too weak for the post shows what there is, or nobody could ever begin; but where there are
    /// passkeys alone one of them, or the password would bind a phone of anybody's.
    async fn of(state: &AppState, signed: &SignedIn) -> Result<Self, Fault> {
        let standing = signed.signed().standing;
        let person = signed.actor.person.as_str();
        let bound = factors::is_bound(state, person).await?;
        let passkeys = state.store.passkeys(person).await?.len();
        let strength = match (standing.suffices(), bound, passkeys) {
            (true, true, _) => standing.required.max(Strength::TwoFactor),
            (true, false, _) => standing.required,
            (false, true, _) => Strength::TwoFactor,
            (false, false, 0) => Strength::Password,
            (false, false, _) => Strength::Passkey,
        };
        let typed = match strength {
            Strength::Password => Typed::Password,
            Strength::TwoFactor if bound => Typed::Code,
            Strength::TwoFactor | Strength::Passkey => Typed::Nothing,
        };
        let provider = provider(state, person, strength).await?;
        Ok(Self { strength, typed, passkeys, provider })
    }
}

/// The provider that may show a person to be oneself so strongly, where the person is linked there.
async fn provider(
    state: &AppState,
    person: &str,
    strength: Strength,
) -> Result<Option<String>, Fault> {
    let Some(provider) = &state.config.provider else { return Ok(None) };
    let most = if provider.shows_two_factors() { Strength::TwoFactor } else { Strength::Password };
    let known = state.store.identities(person).await?;
    let linked = known.iter().any(|one| one.issuer == provider.issuer());
    Ok((linked && strength <= most).then(|| provider.name().to_owned()))
}

/// How strongly somebody has to be shown to be oneself.
pub(crate) async fn wanted(state: &AppState, signed: &SignedIn) -> Result<Strength, Fault> {
    Ok(Need::of(state, signed).await?.strength)
}

/// Asks for a proof where the last one is too old; `None` when the act may go on.
///
/// `act` is what is done, in words; `pairs` is what was posted to do it.
pub(crate) async fn ask(
    state: &AppState,
    signed: &SignedIn,
    act: &str,
    pairs: &[(String, String)],
) -> Result<Option<Response>, Fault> {
    let need = Need::of(state, signed).await?;
    let now_ms = state.clock.wall_ms();
    if signed.signed().standing.is_fresh_at(need.strength, now_ms) {
        return Ok(None);
    }
    let proof = pairs.iter().rev().find(|(name, _)| name == FIELD).map(|(_, value)| value.as_str());
    let (status, error) = match proof {
        None => (StatusCode::OK, None),
        Some(proof) => match verify(state, signed, proof).await? {
            Ok(with) => {
                session::renew(state, signed, with).await?;
                return Ok(None);
            }
            Err(wrong) => (wrong.status(), Some(wrong.sentence())),
        },
    };
    let Need { typed, passkeys, provider, .. } = need;
    let (carried, secrets) = (carried(pairs), secrets(pairs));
    let asked = Asked { act, typed, passkeys, provider, carried, secrets, error };
    page(signed, asked, status).map(Some)
}

/// Whether somebody was shown strongly enough and lately enough to see to the own account.
pub(crate) async fn is_fresh(state: &AppState, signed: &SignedIn) -> Result<bool, Fault> {
    let need = Need::of(state, signed).await?;
    let standing = signed.signed().standing;
    Ok(signed.visitor.renewed().is_some()
        || standing.is_fresh_at(need.strength, state.clock.wall_ms()))
}

/// Why somebody was not shown to be oneself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Tried too often: try again after so many seconds.
    Wait(u32),
    /// It is another, in words.
    Proof(String),
}

impl Wrong {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Proof(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn sentence(self) -> String {
        match self {
            Self::Wait(seconds) => format!("尝试次数较多，{seconds} 秒后再试"),
            Self::Proof(sentence) => sentence,
        }
    }
}

/// Whether what was typed shows somebody to be oneself, strongly enough. Tries count for the
/// person, apart from those at the login.
pub(crate) async fn verify(
    state: &AppState,
    signed: &SignedIn,
    proof: &str,
) -> Result<Result<With, Wrong>, Fault> {
    if let Ok(answer) = response::parse(proof) {
        return by_passkey(state, signed, &answer).await;
    }
    let tries = signed.tries();
    if let Err(seconds) = tries.may(state).await? {
        return Ok(Err(Wrong::Wait(seconds)));
    }
    tries.begin(state).await?;
    let shown = match Need::of(state, signed).await?.typed {
        Typed::Password => is_password(state, signed, proof).await?,
        Typed::Code => code(state, signed, proof).await?,
        Typed::Nothing => Err("现在的身份要用通行密钥验证".to_owned()),
    };
    match &shown {
        Ok(_) => tries.right(state).await?,
        Err(_) => tries.wrong(state).await?,
    }
    Ok(shown.map_err(Wrong::Proof))
}

async fn is_password(
    state: &AppState,
    signed: &SignedIn,
    typed: &str,
) -> Result<Result<With, String>, Fault> {
    let person = state.store.person(signed.actor.person.as_str()).await?;
    let hash = person.and_then(|person| person.password_hash);
    let right = state.passwords.verify(typed, hash.as_deref()).await?;
    Ok(if right {
        Ok(With::Password)
    } else {
        Err("密码不对，核对后再填一次".to_owned())
    })
}

async fn code(
    state: &AppState,
    signed: &SignedIn,
    typed: &str,
) -> Result<Result<With, String>, Fault> {
    Ok(match factors::show(state, signed.actor.person.as_str(), typed).await? {
        Shown::Right(with) => Ok(with),
        other => Err(factors::sentence(&other).to_owned()),
    })
}

/// An answer of a passkey stands where the password would: whoever guesses there guesses nothing.
async fn by_passkey(
    state: &AppState,
    signed: &SignedIn,
    answer: &Assertion,
) -> Result<Result<With, Wrong>, Fault> {
    match ceremony::step_up(state, signed, answer).await {
        Ok(()) => Ok(Ok(With::Passkey)),
        Err(Unproven::No(fault)) => Ok(Err(Wrong::Proof(fault.sentence()))),
        Err(Unproven::Broken(fault)) => Err(fault),
    }
}

/// What the next page carries along: everything typed but secrets.
fn carried(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let own = |name: &str| name == csrf::FIELD || name == FIELD;
    let secret = |name: &str| SECRETS.iter().any(|(secret, _)| *secret == name);
    pairs.iter().filter(|(name, _)| !own(name) && !secret(name)).cloned().collect()
}

/// The secrets that the form asked for.
fn secrets(pairs: &[(String, String)]) -> Vec<(&'static str, &'static str)> {
    let asked = |name: &str| pairs.iter().any(|(key, _)| key == name);
    SECRETS.iter().copied().filter(|(name, _)| asked(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_carried_but_secrets_which_are_asked_again() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = [
            pair("_csrf", "00"),
            pair("_key", "k"),
            pair("opinion", "属实"),
            pair("items", "一"),
            pair("items", "二"),
            pair("password", "tulip"),
            pair(FIELD, "000000"),
        ];
        let carried = carried(&pairs);
        assert_eq!(carried, pairs[1..5]);
        assert_eq!(secrets(&pairs), [("password", "本人密码")]);
    }
}
