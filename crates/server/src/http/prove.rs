//! 再验身份 — an act with legal effect is carried out for somebody who was shown to be oneself not
//! long ago ([`super::strength::PROOF_SERVES_MS`]). A page that comes too late is answered with one
//! that asks for the proof, carries everything that was typed, and is posted to where the act is
//! done: there is nothing to keep in between, and no second click.

use axum::http::StatusCode;
use axum::response::Response;

use super::strength::{Strength, With};
use super::throttle::Tries;
use super::{Fault, SignedIn, csrf, session};
use crate::pages::account::prove::{Asked, page};
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
    let typed = typed(signed);
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
    let asked = Asked { act, typed, carried: carried(pairs), secrets: secrets(pairs), error };
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
