//! 验证仪式 — a challenge is asked of one bearer for one act and lives for minutes; whoever answers
//! it first is the only one, whatever comes of the answer.

use consortium::ids::Digest;
use serde_json::{Value, json};
use store::{Challenge, Passkey, Person, StoreError};

use super::authenticator::ALGORITHMS;
use super::response::{Assertion, Registration, Told};
use super::signature::{Signature, challenge};
use super::{CHALLENGE_MS, Fault, PASSKEYS_MAX, Site, handle, written};
use crate::http::strength::{self, Strength};
use crate::http::{self, SignedIn, Visitor, random};
use crate::pages::shell::SITE;
use crate::state::AppState;

/// Why there is no proof: the answer does not count, or the world broke.
#[derive(Debug)]
pub enum Unproven {
    /// The answer does not count.
    No(Fault),
    /// The world broke.
    Broken(http::Fault),
}

impl From<Fault> for Unproven {
    fn from(fault: Fault) -> Self {
        Self::No(fault)
    }
}

impl From<StoreError> for Unproven {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<http::Fault> for Unproven {
    fn from(fault: http::Fault) -> Self {
        Self::Broken(fault)
    }
}

/// What an authenticator is asked for.
#[derive(Clone, Copy, Debug)]
enum Purpose<'a> {
    Register,
    SignIn,
    /// The person of a session proves again to be there.
    StepUp,
    /// A statement, by its digest.
    Sign(&'a Digest),
}

impl Purpose<'_> {
    fn name(self) -> String {
        match self {
            Self::Register => "register".to_owned(),
            Self::SignIn => "sign_in".to_owned(),
            Self::StepUp => "step_up".to_owned(),
            Self::Sign(statement) => format!("sign:{}", statement.0),
        }
    }
}

/// The site, where the operator named one that passkeys work for.
fn site(state: &AppState) -> Result<Site, http::Fault> {
    let none =
        "本平台现在的网址不能用通行密钥：要有域名和 HTTPS。用账号和密码办理，或者联系平台运维。";
    Site::of(&state.config).ok_or_else(|| http::Fault::Refused(none.to_owned()))
}

async fn ask(
    state: &AppState,
    bearer: &str,
    purpose: Purpose<'_>,
    challenge: String,
) -> Result<(), http::Fault> {
    let asked_ms = state.clock.wall_ms();
    let asked = Challenge {
        challenge,
        bearer: bearer.to_owned(),
        purpose: purpose.name(),
        asked_ms,
        expires_ms: asked_ms.saturating_add(CHALLENGE_MS),
    };
    Ok(state.store.ask(asked).await?)
}

/// Takes the challenge that an answer is to: the bearer's own, for this act, and in time.
async fn take(
    state: &AppState,
    bearer: &str,
    purpose: Purpose<'_>,
    challenge: &str,
) -> Result<(), Unproven> {
    let taken = state.store.answer(challenge, bearer, &purpose.name()).await?;
    let taken = taken.ok_or(Fault::Unasked)?;
    if state.clock.wall_ms() > taken.expires_ms {
        return Err(Fault::Expired.into());
    }
    Ok(())
}

fn named(passkeys: &[Passkey]) -> Vec<Value> {
    passkeys.iter().map(|one| json!({ "type": "public-key", "id": one.id })).collect()
}

/// What the browser is to ask the authenticator for; without passkeys, any that it keeps for us.
fn wanted(site: &Site, challenge: &str, passkeys: &[Passkey]) -> Value {
    json!({
        "challenge": challenge,
        "rpId": site.id,
        "timeout": CHALLENGE_MS,
        "userVerification": "required",
        "allowCredentials": named(passkeys),
    })
}

/// Asks for a new passkey of somebody who is signed in.
pub async fn ask_to_register(state: &AppState, signed: &SignedIn) -> Result<Value, http::Fault> {
    let site = site(state)?;
    let person = signed.actor.person.as_str();
    let known = state.store.passkeys(person).await?;
    let challenge = written(&random::secret());
    ask(state, signed.session_hash(), Purpose::Register, challenge.clone()).await?;
    let algorithms = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
    Ok(json!({
        "challenge": challenge,
        "rp": { "id": site.id, "name": SITE },
        "user": {
            "id": handle(person),
            "name": signed.signed().login,
            "displayName": signed.actor.name.value,
        },
        "pubKeyCredParams": algorithms,
        "timeout": CHALLENGE_MS,
        "attestation": "none",
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
        "excludeCredentials": named(&known),
    }))
}

/// Registers a passkey of somebody who is signed in.
///
/// # Errors
/// Why it does not count, or why it could not be kept.
pub async fn register(
    state: &AppState,
    signed: &SignedIn,
    label: &str,
    answer: &Registration,
) -> Result<Passkey, Unproven> {
    let site = site(state)?;
    take(state, signed.session_hash(), Purpose::Register, &answer.challenge()?).await?;
    let new = answer.judged(&site)?;
    let passkey = Passkey {
        id: new.id,
        person: signed.actor.person.0.clone(),
        public_key: new.key,
        label: label.to_owned(),
        counter: i64::from(new.counter),
        synced: new.synced,
        backed_up: new.backed_up,
        created_ms: state.clock.wall_ms(),
        used_ms: None,
    };
    let kept = passkey.clone();
    let write = state.store.write(move |tx| {
        if store::passkeys::passkeys(tx, &kept.person)?.len() >= PASSKEYS_MAX {
            return Ok(Err(Fault::TooMany));
        }
        let added = store::passkeys::add_passkey(tx, &kept)?;
        Ok(if added { Ok(()) } else { Err(Fault::Taken) })
    });
    write.await??;
    Ok(passkey)
}

/// Takes a passkey away that is one's own, unless it is the last one that a post asks for.
///
/// # Errors
/// [`http::Fault::NotFound`] for another's, [`http::Fault::Refused`] for the last.
pub async fn remove(state: &AppState, signed: &SignedIn, id: &str) -> Result<Passkey, http::Fault> {
    let person = signed.actor.person.as_str();
    let known = state.store.passkeys(person).await?;
    let last = known.len() == 1;
    let Some(passkey) = known.into_iter().find(|one| one.id == id) else {
        return Err(http::Fault::NotFound);
    };
    if last && strongest_required(state, person).await? >= Strength::Passkey {
        let words = "现在的身份要用通行密钥登录，这是最后一把。先登记另一把，再移除它。";
        return Err(http::Fault::Refused(words.to_owned()));
    }
    if !state.store.end_passkey(person, id).await? {
        return Err(http::Fault::NotFound);
    }
    Ok(passkey)
}

/// The most that any post of a person asks.
async fn strongest_required(state: &AppState, person: &str) -> Result<Strength, http::Fault> {
    let today = state.clock.today().to_string();
    let person = person.to_owned();
    let read = state.store.read(move |tx| {
        let mut most = Strength::Password;
        for post in store::people::posts(tx, &person)? {
            let side =
                http::session::side(&post.side).filter(|_| http::session::is_held(&post, &today));
            if let Some(side) = side {
                most = most.max(strength::required(tx, &side)?);
            }
        }
        Ok(most)
    });
    Ok(read.await?)
}

/// Asks whoever is in front of a browser for any passkey kept for us.
pub async fn ask_to_sign_in(state: &AppState, visitor: &Visitor) -> Result<Value, http::Fault> {
    let site = site(state)?;
    let challenge = written(&random::secret());
    let bearer = visitor.bearer().ok_or(http::Fault::Stale)?;
    ask(state, &bearer, Purpose::SignIn, challenge.clone()).await?;
    Ok(wanted(&site, &challenge, &[]))
}

/// Whose passkey answered at the login.
///
/// # Errors
/// Why the answer does not count.
pub async fn sign_in(
    state: &AppState,
    visitor: &Visitor,
    answer: &Assertion,
) -> Result<Person, Unproven> {
    let bearer = visitor.bearer().ok_or(Fault::Unasked)?;
    take(state, &bearer, Purpose::SignIn, &answer.challenge()?).await?;
    let passkey = registered(state, answer).await?;
    let person = state.store.person(&passkey.person).await?;
    let person = person.filter(|person| !person.disabled).ok_or(Fault::Unknown)?;
    // Nobody typed a name: the authenticator tells whose it is.
    if answer.handle() != Some(handle(&person.id).as_str()) {
        return Err(Fault::OtherPerson.into());
    }
    used(state, &passkey, answer).await?;
    Ok(person)
}

/// Asks for one of the passkeys of somebody who is signed in.
pub async fn ask_to_step_up(state: &AppState, signed: &SignedIn) -> Result<Value, http::Fault> {
    let site = site(state)?;
    let challenge = written(&random::secret());
    ask(state, signed.session_hash(), Purpose::StepUp, challenge.clone()).await?;
    let known = state.store.passkeys(signed.actor.person.as_str()).await?;
    Ok(wanted(&site, &challenge, &known))
}

/// Somebody who is signed in proved again to be there.
///
/// # Errors
/// Why the answer does not count.
pub async fn step_up(
    state: &AppState,
    signed: &SignedIn,
    answer: &Assertion,
) -> Result<(), Unproven> {
    take(state, signed.session_hash(), Purpose::StepUp, &answer.challenge()?).await?;
    let passkey = own(state, signed, answer).await?;
    used(state, &passkey, answer).await.map(drop)
}

/// Asks for a signature over a statement that was made out for somebody who is signed in: the
/// challenge is its SHA-256.
pub async fn ask_to_sign(
    state: &AppState,
    signed: &SignedIn,
    statement: &Digest,
    text: &str,
) -> Result<Value, http::Fault> {
    let site = site(state)?;
    let challenge = challenge(text.as_bytes());
    ask(state, signed.session_hash(), Purpose::Sign(statement), challenge.clone()).await?;
    let known = state.store.passkeys(signed.actor.person.as_str()).await?;
    Ok(wanted(&site, &challenge, &known))
}

/// The signature over a statement that an answer brings.
///
/// # Errors
/// Why the answer does not count.
pub async fn sign(
    state: &AppState,
    signed: &SignedIn,
    statement: &Digest,
    text: &str,
    answer: &Assertion,
) -> Result<Signature, Unproven> {
    let wanted = challenge(text.as_bytes());
    if answer.challenge()? != wanted {
        return Err(Fault::OtherWords.into());
    }
    take(state, signed.session_hash(), Purpose::Sign(statement), &wanted).await?;
    let passkey = own(state, signed, answer).await?;
    used(state, &passkey, answer).await?;
    Ok(Signature::of(answer, &passkey, &site(state)?)?)
}

/// The passkey that an answer names.
async fn registered(state: &AppState, answer: &Assertion) -> Result<Passkey, Unproven> {
    Ok(state.store.passkey(&answer.id).await?.ok_or(Fault::Unknown)?)
}

/// The passkey that an answer names, where it is the person's own.
async fn own(state: &AppState, signed: &SignedIn, answer: &Assertion) -> Result<Passkey, Unproven> {
    let passkey = registered(state, answer).await?;
    let person = signed.actor.person.as_str();
    let handed = answer.handle().is_none_or(|told| told == handle(person));
    if passkey.person == person && handed { Ok(passkey) } else { Err(Fault::OtherPerson.into()) }
}

/// Judges the signature of an answer and counts it.
async fn used(state: &AppState, passkey: &Passkey, answer: &Assertion) -> Result<Told, Unproven> {
    let site = site(state)?;
    let told = answer.pieces()?.judged(&passkey.public_key, &answer.challenge()?, &site)?;
    // Whether it may be copied is decided when it is made, for good.
    if told.synced != passkey.synced {
        return Err(Fault::Wrong.into());
    }
    let (counter, now_ms) = (i64::from(told.counter), state.clock.wall_ms());
    if !state.store.use_passkey(&passkey.id, counter, told.backed_up, now_ms).await? {
        tracing::warn!(passkey = %passkey.id, counter, "a passkey's count did not go on");
        return Err(Fault::Copied.into());
    }
    Ok(told)
}
