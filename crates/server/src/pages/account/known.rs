//! 认得的设备 — a browser that has signed in to an account before carries a marked word of it. An
//! outsider who types wrong passwords makes the account wait, but not on such a device.

use axum::http::{HeaderMap, HeaderValue};
use store::Person;

use crate::http::{cookies, random, session};
use crate::state::AppState;

/// How long a device is known: a report is due once a year.
const KNOWN_SECONDS: u32 = 400 * 24 * 60 * 60;

const fn name(secure: bool) -> &'static str {
    if secure { "__Host-dev" } else { "dev" }
}

/// What is marked. Another password makes every device unknown.
fn words(person: &Person, id: &str) -> String {
    let password = person.password_hash.as_deref().unwrap_or_default();
    format!("known device|{}|{id}|{}", person.id, session::digest(password))
}

/// The device, when it is known to this account.
pub(super) fn device(state: &AppState, headers: &HeaderMap, person: &Person) -> Option<String> {
    let cookie = cookies::read(headers, name(state.config.secure))?;
    let (id, mark) = cookie.split_once('.')?;
    let fits = id.len() == 32 && state.vault.made(&words(person, id), mark);
    fits.then(|| id.to_owned())
}

/// The cookie by which the device is known from now on.
pub(super) fn cookie(state: &AppState, headers: &HeaderMap, person: &Person) -> HeaderValue {
    let id = device(state, headers, person).unwrap_or_else(random::key);
    let mark = state.vault.mark(&words(person, &id));
    let secure = state.config.secure;
    cookies::set(name(secure), &format!("{id}.{mark}"), secure, Some(KNOWN_SECONDS))
}
