//! 动态口令 — six digits that a phone shows for thirty seconds (RFC 6238).

use totp_rs::{Builder, Secret, Totp};

use super::{Shown, codes, log};
use crate::http::strength::With;
use crate::http::{Fault, random};
use crate::state::AppState;

/// Digits of a code.
pub(crate) const DIGITS: usize = 6;
/// Seconds for which a code is shown.
pub const STEP_SECONDS: u64 = 30;
/// Steps before and after the present one whose codes are taken: clocks differ, people are slow.
pub const STEPS_ASIDE: u16 = 1;
/// Bytes of a seed: as the digest of the algorithm.
const SEED_BYTES: usize = 20;
/// How long a seed that was offered waits to be bound.
pub const OFFER_MS: i64 = 10 * 60 * 1000;
/// Whose code it is, as the phone says.
const ISSUER: &str = "创联";

/// The generator of a seed.
pub fn generator(seed: &[u8]) -> Option<Totp> {
    let seed = Secret::from(seed.to_vec());
    let builder = Builder::new().with_secret(seed).with_skew(STEPS_ASIDE);
    builder.with_step_duration(STEP_SECONDS).build().ok()
}

fn label(person: &str) -> String {
    format!("totp:{person}")
}

fn seconds(state: &AppState) -> u64 {
    u64::try_from(state.clock.wall_ms() / 1000).unwrap_or_default()
}

/// Looks at a code of the seed in force.
pub(super) async fn show(state: &AppState, person: &str, code: &str) -> Result<Shown, Fault> {
    let sealed = state.store.totp(person).await?.and_then(|totp| totp.seed);
    let seed = sealed.and_then(|sealed| state.vault.open(&label(person), &sealed));
    let step = seed.and_then(|seed| generator(&seed)?.check(code, seconds(state)));
    let Some(step) = step else { return Ok(Shown::Wrong) };
    let step = i64::try_from(step).map_err(Fault::internal)?;
    let fresh = state.store.use_step(person, step).await?;
    Ok(if fresh { Shown::Right(With::Totp) } else { Shown::Used })
}

/// A seed that is being bound.
pub(crate) struct Offer {
    sealed: Vec<u8>,
    seed: Vec<u8>,
}

impl Offer {
    /// As it is typed into a phone: groups of four letters and digits.
    pub(crate) fn written(&self) -> String {
        let key = Secret::from(self.seed.clone()).to_base32();
        let letters: Vec<char> = key.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }

    /// As a phone reads it from a drawing.
    pub(crate) fn address(&self, login: &str) -> String {
        let key = Secret::from(self.seed.clone()).to_base32();
        let escape = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let (issuer, login) = (escape(ISSUER), escape(login));
        format!("otpauth://totp/{issuer}:{login}?secret={key}&issuer={issuer}")
    }
}

/// Offers a new seed; the one in force stays in force until a code of the new one was shown.
pub(crate) async fn offer(state: &AppState, person: &str) -> Result<(), Fault> {
    let seed = &random::secret()[..SEED_BYTES];
    let sealed = state.vault.seal(&label(person), seed);
    Ok(state.store.offer_totp(person, sealed, state.clock.wall_ms()).await?)
}

/// The seed that is offered to a person, while it waits.
pub(crate) async fn offered(state: &AppState, person: &str) -> Result<Option<Offer>, Fault> {
    let now_ms = state.clock.wall_ms();
    let Some(totp) = state.store.totp(person).await? else { return Ok(None) };
    let waits = totp.offered_ms.is_some_and(|at| now_ms.saturating_sub(at) <= OFFER_MS);
    let Some(sealed) = totp.offered.filter(|_| waits) else { return Ok(None) };
    let seed = state.vault.open(&label(person), &sealed);
    Ok(seed.map(|seed| Offer { sealed, seed }))
}

/// What came of binding.
pub(crate) enum Bound {
    /// It is in force; these recovery codes go with it, to be shown once.
    Done(Vec<String>),
    /// The code is of another seed or another time.
    Wrong,
}

/// Binds the seed offered, for whoever shows a code of it. Recovery codes are made anew.
pub(crate) async fn bind(
    state: &AppState,
    person: &str,
    offer: &Offer,
    typed: &str,
) -> Result<Bound, Fault> {
    let code: String = typed.chars().filter(char::is_ascii_digit).collect();
    let step = generator(&offer.seed).and_then(|totp| totp.check(&code, seconds(state)));
    let Some(step) = step else { return Ok(Bound::Wrong) };
    let step = i64::try_from(step).map_err(Fault::internal)?;
    let (codes, hashes) = codes::fresh(person);
    let now_ms = state.clock.wall_ms();
    let (id, sealed) = (person.to_owned(), offer.sealed.clone());
    let line = log::line(state, person, log::Kind::FactorBound, "动态口令", person);
    let bound = state.store.write(move |tx| {
        let bound = store::factors::bind_totp(tx, &id, &sealed, (step, now_ms))?;
        if bound {
            store::factors::replace_codes(tx, &id, &hashes, now_ms)?;
            store::factors::log(tx, &line)?;
        }
        Ok(bound)
    });
    Ok(if bound.await? { Bound::Done(codes) } else { Bound::Wrong })
}
