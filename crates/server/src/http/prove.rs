//! 再验身份 — an act with legal effect is carried out for somebody who was shown to be oneself not
//! long ago ([`super::strength::PROOF_SERVES_MS`]). A page that comes too late is answered with one
//! that asks for the proof, carries everything that was typed, and is posted to where the act is
//! done: there is nothing to keep in between, and no second click.

use axum::http::StatusCode;
use axum::response::Response;

use super::strength::{Standing, Strength, With};
use super::throttle::Tries;
use super::{Fault, SignedIn, csrf, session};
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
    /// Nothing: only a passkey is strong enough.
    Nothing,
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
    if signed.is_fresh() {
        return Ok(None);
    }
    answered(state, signed, act, pairs, typed(signed)).await
}

/// The same for seeing to one's own factors: whoever cannot show yet what the post asks shows what
/// one can, or nobody could ever begin.
pub(crate) async fn ask_owner(
    state: &AppState,
    signed: &SignedIn,
    act: &str,
    pairs: &[(String, String)],
) -> Result<Option<Response>, Fault> {
    if is_fresh_owner(state, signed).await? {
        return Ok(None);
    }
    let able = able(state, signed).await?;
    let typed =
        if able >= signed.signed().standing.required { typed(signed) } else { Typed::Password };
    answered(state, signed, act, pairs, typed).await
}

/// Whether the proof is fresh enough to see to one's own factors.
pub(crate) async fn is_fresh_owner(state: &AppState, signed: &SignedIn) -> Result<bool, Fault> {
    if signed.is_fresh() {
        return Ok(true);
    }
    let standing = signed.signed().standing;
    let required = standing.required.min(able(state, signed).await?);
    Ok(Standing { required, ..standing }.is_fresh(state.clock.wall_ms()))
}

/// How strongly somebody can be shown to be oneself.
async fn able(state: &AppState, signed: &SignedIn) -> Result<Strength, Fault> {
    let passkeys = state.store.passkeys(signed.actor.person.as_str()).await?;
    Ok(if passkeys.is_empty() { Strength::Password } else { Strength::Passkey })
}

async fn answered(
    state: &AppState,
    signed: &SignedIn,
    act: &str,
    pairs: &[(String, String)],
    typed: Typed,
) -> Result<Option<Response>, Fault> {
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
    let passkeys = state.store.passkeys(signed.actor.person.as_str()).await?.len();
    let (carried, secrets) = (carried(pairs), secrets(pairs));
    let asked = Asked { act, typed, passkeys, carried, secrets, error };
    page(signed, asked, status).map(Some)
}

/// What is asked of somebody.
pub(crate) fn typed(signed: &SignedIn) -> Typed {
    match signed.signed().standing.required {
        Strength::Password => Typed::Password,
        Strength::TwoFactor | Strength::Passkey => Typed::Nothing,
    }
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

/// Whether what was typed shows somebody to be oneself, strongly enough. Tries count as at the
/// login.
pub(crate) async fn verify(
    state: &AppState,
    signed: &SignedIn,
    proof: &str,
) -> Result<Result<With, Wrong>, Fault> {
    if let Ok(answer) = response::parse(proof) {
        return by_passkey(state, signed, &answer).await;
    }
    let tries = Tries::at_login(&signed.signed().login, signed.visitor.address());
    if let Err(seconds) = tries.may(state).await? {
        return Ok(Err(Wrong::Wait(seconds)));
    }
    tries.begin(state).await?;
    let person = state.store.person(signed.actor.person.as_str()).await?;
    let hash = person.and_then(|person| person.password_hash);
    let right = state.passwords.verify(proof, hash.as_deref()).await?;
    if right && With::Password.strength() >= signed.signed().standing.required {
        tries.right(state).await?;
        return Ok(Ok(With::Password));
    }
    tries.wrong(state).await?;
    Ok(Err(Wrong::Proof("密码不对，核对后再填一次".to_owned())))
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
