//! 会话 — who is signed in. The browser holds a secret, the store only its digest.
//!
//! A session knows how strongly it began, and when its holder was last shown to be oneself and with
//! what ([`Standing`]). Below what the post asks it acts for nobody: only the own account is open.
//! What began with one click in a demonstration is nobody's where there is none.

use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::{AuthorityId, PersonId, Personal, UnitId};
use consortium::reference;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::recovery::Kind;
use store::{Person, Post, Session, StoreError, Tx};

use super::strength::{self, Standing, Strength, With};
use super::visitor::{PostView, Renewed, SessionRef, Signed, SignedIn};
use super::{Fault, cookies, random};
use crate::recovery;
use crate::state::AppState;

/// A session is written down as used at most this often.
const TOUCH_MS: i64 = 60_000;
/// Sessions of one person; the oldest ends when one more begins.
pub const SESSIONS_MAX: usize = 5;
/// The posts looked at; nobody holds more.
const POSTS_MAX: usize = 50;

/// What a request is recognised by.
struct Known {
    person: Person,
    posts: Vec<Held>,
    hash: String,
    post: Option<String>,
    csrf: String,
    proof: Proof,
    /// What somebody asks for in the person's name.
    at_stake: Option<Kind>,
    /// Until when, and when last used: only for sessions.
    session: Option<Session>,
    by_token: bool,
}

/// A post, its words, and how strongly whoever acts in it has to be signed in.
struct Held {
    post: Post,
    view: PostView,
    required: Strength,
}

/// A person and the posts.
type Holder = (Person, Vec<Held>);

/// What was shown, as it is kept.
#[derive(Clone, Copy)]
struct Proof {
    strength: Strength,
    with: With,
    at_ms: i64,
}

impl Proof {
    fn kept(strength: &str, with: &str, at_ms: i64) -> Self {
        Self { strength: Strength::named(strength), with: With::named(with), at_ms }
    }

    /// As it counts here: what a demonstration gave is renewed there, and is nothing elsewhere.
    fn counted(self, state: &AppState) -> Option<Self> {
        match self.with {
            With::Demonstration if state.demo.is_none() => None,
            With::Demonstration => Some(Self { at_ms: state.clock.wall_ms(), ..self }),
            _ => Some(self),
        }
    }
}

/// The digest under which a secret is kept.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Who holds a session cookie; nobody when it ended.
pub(crate) async fn by_cookie(state: &AppState, cookie: &str) -> Result<Option<Signed>, Fault> {
    if cookie.len() != 64 {
        return Ok(None);
    }
    let (hash, now_ms) = (digest(cookie), state.clock.wall_ms());
    let read = state.store.read(move |tx| {
        let Some(session) = store::access::session(tx, &hash)? else { return Ok(None) };
        let Some((person, posts)) = person_with_posts(tx, &session.person)? else {
            return Ok(None);
        };
        let (hash, post) = (session.hash.clone(), session.post.clone());
        let csrf = session.csrf.clone();
        let proof = Proof::kept(&session.strength, &session.proved_with, session.proved_ms);
        let cases = store::recovery::cases_of(tx, &person.id)?;
        let at_stake = recovery::at_stake(cases, now_ms).first().map(|case| case.kind);
        let session = Some(session);
        let by_token = false;
        Ok(Some(Known { person, posts, hash, post, csrf, proof, at_stake, session, by_token }))
    });
    let Some(known) = read.await? else { return Ok(None) };
    if let Some(session) = &known.session {
        let idle = now_ms.saturating_sub(session.seen_ms) > state.config.session_idle_ms;
        if idle || now_ms >= session.expires_ms {
            state.store.end_session(&session.hash).await?;
            return Ok(None);
        }
        if now_ms.saturating_sub(session.seen_ms) > TOUCH_MS {
            state.store.touch_session(&session.hash, now_ms).await?;
        }
    }
    Ok(signed(state, known))
}

/// Who holds a token of the API; nobody when it is unknown or ended.
pub(crate) async fn by_token(state: &AppState, secret: &str) -> Result<Option<Signed>, Fault> {
    let hash = digest(secret);
    let now_ms = state.clock.wall_ms();
    let read = state.store.read(move |tx| {
        let token = store::access::token(tx, &hash)?;
        let Some(token) = token.filter(|token| token.expires_ms > now_ms) else { return Ok(None) };
        let Some((person, posts)) = person_with_posts(tx, &token.person)? else { return Ok(None) };
        // A token acts for its post alone: when that ended, so did the token.
        let posts: Vec<_> = posts.into_iter().filter(|held| held.post.id == token.post).collect();
        let proof = Proof::kept(&token.strength, &token.proved_with, token.proved_ms);
        let (hash, post) = (token.hash, Some(token.post));
        let csrf = String::new();
        let (at_stake, session, by_token) = (None, None, true);
        Ok(Some(Known { person, posts, hash, post, csrf, proof, at_stake, session, by_token }))
    });
    let Some(known) = read.await? else { return Ok(None) };
    let today = state.clock.today().to_string();
    if known.posts.iter().all(|held| !is_held(&held.post, &today)) {
        return Ok(None);
    }
    Ok(signed(state, known))
}

/// The person and the posts with their words; nobody when the account is closed.
fn person_with_posts(tx: &mut dyn Tx, id: &str) -> Result<Option<Holder>, StoreError> {
    let person = store::people::person(tx, id)?.filter(|person| !person.disabled);
    let Some(person) = person else { return Ok(None) };
    let mut posts = Vec::new();
    for post in store::people::posts(tx, id)?.into_iter().take(POSTS_MAX) {
        let view = view(tx, &post)?;
        let required = match side(&post.side) {
            Some(side) => strength::required(tx, &side)?,
            None => Strength::Password,
        };
        posts.push(Held { post, view, required });
    }
    Ok(Some((person, posts)))
}

fn view(tx: &mut dyn Tx, post: &Post) -> Result<PostView, StoreError> {
    let side = match side(&post.side) {
        Some(Side::Unit(unit)) => {
            let row = store::lists::unit(tx, unit.as_str())?;
            row.map_or_else(|| format!("单位 {unit}"), |row| row.name)
        }
        Some(Side::Authority(id)) => reference::authority(id.as_str())
            .map_or_else(|| id.to_string(), |authority| authority.name.to_owned()),
        Some(Side::Department) => "内蒙古自治区科学技术厅".to_owned(),
        Some(Side::Expert) => "评审专家库".to_owned(),
        Some(Side::Operator) => "平台运维".to_owned(),
        Some(Side::Public | Side::Calendar) | None => String::new(),
    };
    let capacity = capacity(&post.capacity).map_or("", Capacity::term).to_owned();
    Ok(PostView { id: post.id.clone(), capacity, side })
}

fn signed(state: &AppState, known: Known) -> Option<Signed> {
    let today = state.clock.today().to_string();
    let Known { person, posts, hash, post: chosen, csrf, proof, at_stake, by_token, .. } = known;
    let Proof { strength, with, at_ms } = proof.counted(state)?;
    let held: Vec<Held> = posts.into_iter().filter(|held| is_held(&held.post, &today)).collect();
    let current =
        held.iter().find(|held| Some(&held.post.id) == chosen.as_ref()).or_else(|| held.first());
    let required = current.map_or(Strength::Password, |held| held.required);
    let standing = Standing { strength, with, proved_ms: at_ms, required };
    let post = current.map_or_else(unassigned, |held| held.view.clone());
    let (side, capacity) = match current {
        Some(held) if standing.suffices() => {
            (side(&held.post.side)?, capacity(&held.post.capacity)?)
        }
        _ => (Side::Public, Capacity::Public),
    };
    let name = Personal::new(person.name);
    let actor = Actor { person: PersonId(person.id), name, side, capacity };
    let csrf = if by_token { [0; 32] } else { token(&csrf)? };
    Some(Signed {
        actor,
        login: person.login,
        session: SessionRef { hash },
        standing,
        post,
        posts: held.into_iter().map(|held| held.view).collect(),
        at_stake,
        by_token,
        csrf,
    })
}

/// Somebody with an account who holds no post today.
fn unassigned() -> PostView {
    PostView { id: String::new(), capacity: "尚未分配身份".to_owned(), side: String::new() }
}

fn token(digits: &str) -> Option<[u8; 32]> {
    hex::decode(digits).ok()?.try_into().ok()
}

/// Whether a post is held on a day; days compare as text.
pub(crate) fn is_held(post: &Post, today: &str) -> bool {
    let begun = post.from.is_empty() || post.from.as_str() <= today;
    begun && post.to.as_deref().is_none_or(|to| today <= to)
}

/// A side as posts write it: `unit:U1`, `authority:RA01`, `department`, `expert:P`, `operator`.
pub fn side(text: &str) -> Option<Side> {
    let (kind, of) = text.split_once(':').unwrap_or((text, ""));
    match (kind, of) {
        ("unit", id) if !id.is_empty() => Some(Side::Unit(UnitId::from(id))),
        ("authority", id) if !id.is_empty() => Some(Side::Authority(AuthorityId::from(id))),
        ("department", "") => Some(Side::Department),
        ("expert", _) => Some(Side::Expert),
        ("operator", "") => Some(Side::Operator),
        _ => None,
    }
}

/// A capacity as posts write it: `handler`, `legal_representative`.
pub fn capacity(text: &str) -> Option<Capacity> {
    serde_json::from_value(Value::from(text)).ok()
}

/// How posts write a capacity.
pub fn capacity_text(capacity: Capacity) -> String {
    let value = serde_json::to_value(capacity).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Begins a session for a person who was shown to be oneself just now, and gives its cookie.
///
/// The secret is new each time, so that a login rotates it; the oldest sessions above
/// [`SESSIONS_MAX`] end. `label` is what the person recognises the device by.
pub async fn begin(
    state: &AppState,
    person: &str,
    post: Option<&str>,
    label: &str,
    with: With,
) -> Result<axum::http::HeaderValue, Fault> {
    let now_ms = state.clock.wall_ms();
    begin_at(state, person, post, label, (with, now_ms)).await
}

/// The same for a person who was shown to be oneself at an instant, somewhere else.
pub async fn begin_at(
    state: &AppState,
    person: &str,
    post: Option<&str>,
    label: &str,
    (with, proved_ms): (With, i64),
) -> Result<axum::http::HeaderValue, Fault> {
    let secret = random::secret_hex();
    let now_ms = state.clock.wall_ms();
    let session = Session {
        hash: digest(&secret),
        person: person.to_owned(),
        post: post.map(str::to_owned),
        csrf: random::secret_hex(),
        created_ms: now_ms,
        seen_ms: now_ms,
        expires_ms: now_ms.saturating_add(state.config.session_absolute_ms),
        label: label.chars().take(80).collect(),
        strength: with.strength().name().to_owned(),
        proved_with: with.name().to_owned(),
        proved_ms,
    };
    let write = state.store.write(move |tx| {
        let mut others = store::access::sessions(tx, &session.person)?;
        others.sort_by_key(|other| std::cmp::Reverse(other.seen_ms));
        for old in others.iter().skip(SESSIONS_MAX - 1) {
            store::access::end_session(tx, &old.hash)?;
        }
        store::access::save_session(tx, &session)
    });
    write.await?;
    Ok(cookie(state, &secret))
}

/// Whoever holds a session, or a token of the API, was shown to be oneself once more.
///
/// A session goes on under a new secret, whose cookie goes out with this answer; the old one is
/// dead. Its forms in other windows stay good.
pub async fn renew(state: &AppState, signed: &SignedIn, with: With) -> Result<(), Fault> {
    renew_at(state, signed, (with, state.clock.wall_ms())).await
}

/// The same for what was shown at an instant, somewhere else.
pub async fn renew_at(
    state: &AppState,
    signed: &SignedIn,
    (with, proved_ms): (With, i64),
) -> Result<(), Fault> {
    let account = signed.signed();
    let now_ms = state.clock.wall_ms();
    let strength = with.strength().max(account.standing.strength);
    let hash = signed.session_hash();
    if account.by_token {
        let names = (strength.name(), with.name());
        return Ok(state.store.prove_token(hash, names.0, names.1, proved_ms).await?);
    }
    let ended = || Fault::Unidentified { next: "/".to_owned() };
    let known = state.store.session(hash).await?.ok_or_else(ended)?;
    let secret = random::secret_hex();
    let renewed = Session {
        hash: digest(&secret),
        seen_ms: now_ms,
        strength: strength.name().to_owned(),
        proved_with: with.name().to_owned(),
        proved_ms,
        ..known
    };
    let new = renewed.hash.clone();
    if !state.store.renew_session(hash, renewed).await? {
        return Err(ended());
    }
    signed.visitor.renew(Renewed { hash: new, cookie: cookie(state, &secret), with });
    Ok(())
}

fn cookie(state: &AppState, secret: &str) -> axum::http::HeaderValue {
    let secure = state.config.secure;
    cookies::set(cookies::session_name(secure), secret, secure, None)
}

/// What a post asks.
pub async fn required(state: &AppState, post: &Post) -> Result<Strength, Fault> {
    let Some(side) = side(&post.side) else { return Ok(Strength::Password) };
    Ok(state.store.read(move |tx| strength::required(tx, &side)).await?)
}

/// The most that any post of a person asks, today or later.
pub async fn most_required(state: &AppState, person: &str) -> Result<Strength, Fault> {
    let today = state.clock.today().to_string();
    let person = person.to_owned();
    let read = state.store.read(move |tx| {
        let mut most = Strength::Password;
        for post in store::people::posts(tx, &person)?.into_iter().take(POSTS_MAX) {
            let ended = post.to.as_deref().is_some_and(|to| to < today.as_str());
            if let (false, Some(side)) = (ended, side(&post.side)) {
                most = most.max(strength::required(tx, &side)?);
            }
        }
        Ok(most)
    });
    Ok(read.await?)
}

/// Ends a session and gives the cookie that takes the old one away.
pub async fn end(state: &AppState, hash: &str) -> Result<axum::http::HeaderValue, Fault> {
    state.store.end_session(hash).await?;
    let secure = state.config.secure;
    Ok(cookies::end(cookies::session_name(secure), secure))
}

/// Chooses in which post a session acts from now on. `false` when the post is not the person's.
pub async fn choose(state: &AppState, signed: &Signed, post: &str) -> Result<bool, Fault> {
    if signed.posts.iter().all(|held| held.id != post) {
        return Ok(false);
    }
    state.store.choose_post(&signed.session.hash, post).await?;
    Ok(true)
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Malformed(_) => Self::Refused(super::UNWRITABLE.to_owned()),
            StoreError::Missing(_) | StoreError::Damaged(_) => Self::Damaged,
            StoreError::NoSpace { .. } => Self::NoSpace,
            other => Self::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_and_capacities_are_read_as_they_are_written() {
        assert_eq!(side("unit:U1"), Some(Side::Unit(UnitId::from("U1"))));
        assert_eq!(side("department"), Some(Side::Department));
        assert_eq!(side("expert:P9"), Some(Side::Expert));
        for odd in ["", "unit", "unit:", "department:x", "public", "calendar"] {
            assert_eq!(side(odd), None, "{odd}");
        }
        for known in [Capacity::Handler, Capacity::LegalRepresentative, Capacity::Operator] {
            assert_eq!(capacity(&capacity_text(known)), Some(known));
        }
        assert_eq!(capacity("emperor"), None);
    }

    #[test]
    fn a_post_is_held_from_its_first_day_to_its_last() {
        let post = |from: &str, to: Option<&str>| Post {
            from: from.to_owned(),
            to: to.map(str::to_owned),
            ..Post::default()
        };
        let today = "2026-11-20";
        assert!(is_held(&post("2026-11-20", None), today));
        assert!(!is_held(&post("2026-11-21", None), today));
        assert!(is_held(&post("2020-01-01", Some("2026-11-20")), today));
        assert!(!is_held(&post("2020-01-01", Some("2026-11-19")), today));
    }
}
