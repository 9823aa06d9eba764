//! Who is in front of the screen. Found once for each request; pages take it as an argument.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use consortium::actor::Actor;
use sha2::{Digest, Sha256};
use store::recovery::Kind;

use super::strength::{Standing, With};
use super::throttle::Tries;
use super::{Fault, csrf, random};
use crate::pages::shell::ui::Flash;
use crate::state::AppState;

/// Anybody in front of the screen, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) state: AppState,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) large: bool,
    pub(crate) flash: Option<Flash>,
    pub(crate) address: IpAddr,
    pub(crate) incident: String,
    pub(crate) signed: Option<Signed>,
    /// The pre-session cookie the browser sent.
    pub(crate) pre: Option<String>,
    /// The pre-session cookie made for this answer, when a token was asked for.
    pub(crate) fresh_pre: OnceLock<String>,
    /// What the session became while this request was answered.
    pub(crate) renewed: OnceLock<Renewed>,
}

/// A session under a new secret.
#[derive(Clone, Debug)]
pub(crate) struct Renewed {
    /// SHA-256 of the new secret, as hexadecimal digits.
    pub(crate) hash: String,
    /// The cookie that carries it.
    pub(crate) cookie: HeaderValue,
    /// What was shown.
    pub(crate) with: With,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The person, in the capacity chosen; one of the public while [`Standing::suffices`] not.
    pub actor: Actor,
    /// What the person signs in with.
    pub login: String,
    /// The session, or the token of the API.
    pub session: SessionRef,
    /// How strongly, when shown last, and what the post asks.
    pub standing: Standing,
    /// The post acted in.
    pub post: PostView,
    /// Every post the person holds today.
    pub posts: Vec<PostView>,
    /// What somebody asks for in the person's name.
    pub at_stake: Option<Kind>,
    /// Whether the request came with a token of the API.
    pub by_token: bool,
    pub(crate) csrf: [u8; 32],
}

/// A session as pages know it: never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRef {
    /// SHA-256 of the cookie, as hexadecimal digits.
    pub hash: String,
}

/// A post as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostView {
    /// The post.
    pub id: String,
    /// In which capacity: `经办人`.
    pub capacity: String,
    /// For whom: `内蒙古云川储能科技有限公司`.
    pub side: String,
}

impl Signed {
    /// What others know of the person: no password is made of it.
    pub fn known_of(&self) -> impl Iterator<Item = &str> {
        let sides = self.posts.iter().map(|post| post.side.as_str());
        [self.login.as_str(), self.actor.name.value.as_str()].into_iter().chain(sides)
    }
}

impl Visitor {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// Somebody who is signed in, if anybody is.
    pub fn signed(&self) -> Option<&Signed> {
        self.inner.signed.as_ref()
    }

    /// Whoever signed in as strongly as the post asks. Others are led to the login, or to a
    /// second factor, and back to what they wanted to read.
    pub(crate) fn required(&self, method: &Method) -> Result<&Signed, Fault> {
        let signed = self.account(method)?;
        if signed.standing.suffices() {
            return Ok(signed);
        }
        Err(Fault::Weak { required: signed.standing.required, next: self.wanted(method) })
    }

    /// Whoever signed in, however strongly: for the own account.
    pub(crate) fn account(&self, method: &Method) -> Result<&Signed, Fault> {
        self.signed().ok_or_else(|| Fault::Unidentified { next: self.wanted(method) })
    }

    /// Where to come back to.
    fn wanted(&self, method: &Method) -> String {
        if csrf::is_unsafe(method) { "/".to_owned() } else { self.here() }
    }

    /// Who acts: the person signed in, or the public.
    pub fn actor(&self) -> Actor {
        self.signed().map_or_else(Actor::public, |signed| signed.actor.clone())
    }

    /// The path asked for.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// The path and query asked for.
    pub fn here(&self) -> String {
        let Inner { path, query, .. } = self.inner.as_ref();
        if query.is_empty() { path.clone() } else { format!("{path}?{query}") }
    }

    /// The host asked, as the browser has it: `localhost:8080`.
    pub(crate) fn host(&self) -> &str {
        &self.inner.host
    }

    /// Whether large letters were chosen.
    pub fn large(&self) -> bool {
        self.inner.large
    }

    /// What the last act did, to be shown once.
    pub fn flash(&self) -> Option<&Flash> {
        self.inner.flash.as_ref()
    }

    /// The address of the client; /64 for IPv6.
    pub fn address(&self) -> IpAddr {
        self.inner.address
    }

    /// The number under which this request stands in the log.
    pub fn incident(&self) -> &str {
        &self.inner.incident
    }

    /// The state of the office, for what every page shows.
    pub fn state(&self) -> &AppState {
        &self.inner.state
    }

    /// The token for the forms of this page, masked anew at each call.
    ///
    /// Somebody who is not signed in gets a cookie to go with it.
    pub fn csrf(&self) -> String {
        csrf::mask(&self.token())
    }

    /// Whether a posted token belongs to this visitor.
    pub fn owns(&self, posted: &str) -> bool {
        let known = self.inner.signed.is_some() || self.inner.pre.is_some();
        known && csrf::matches(posted, &self.token())
    }

    /// What a challenge is bound to: the session, or the browser before it signs in. Nothing for
    /// somebody without a cookie.
    pub(crate) fn bearer(&self) -> Option<String> {
        if let Some(signed) = &self.inner.signed {
            return Some(signed.session.hash.clone());
        }
        self.browser()
    }

    /// The browser, whoever signs in there. Nothing for one without a cookie.
    pub(crate) fn browser(&self) -> Option<String> {
        self.inner.pre.as_ref().map(|pre| super::session::digest(pre))
    }

    fn token(&self) -> [u8; 32] {
        if let Some(signed) = &self.inner.signed {
            return signed.csrf;
        }
        let fresh = || self.inner.fresh_pre.get_or_init(random::secret_hex);
        pre_token(self.inner.pre.as_ref().unwrap_or_else(fresh))
    }

    /// The session goes on under another secret.
    pub(crate) fn renew(&self, renewed: Renewed) {
        // A request shows its maker to be oneself once.
        let _ = self.inner.renewed.set(renewed);
    }

    /// What the session became while this request was answered.
    pub(crate) fn renewed(&self) -> Option<&Renewed> {
        self.inner.renewed.get()
    }

    pub(crate) fn fresh_pre(&self) -> Option<&str> {
        self.inner.fresh_pre.get().map(String::as_str)
    }
}

/// The token that goes with a pre-session cookie.
fn pre_token(cookie: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"token of a visitor\n");
    hasher.update(cookie.as_bytes());
    hasher.finalize().into()
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| Fault::internal("no layer recognised the visitor"))
    }
}

/// Somebody who is signed in as strongly as the post asks. Others are led to the login, or to a
/// second factor, and back.
pub struct SignedIn {
    /// Who acts, in which capacity.
    pub actor: Actor,
    /// The session.
    pub session: SessionRef,
    /// The same person as a visitor: for the shell and the token.
    pub visitor: Visitor,
    account: Signed,
}

impl SignedIn {
    fn of(visitor: &Visitor, account: Signed) -> Self {
        let (actor, session) = (account.actor.clone(), account.session.clone());
        Self { actor, session, visitor: visitor.clone(), account }
    }

    /// Whoever is signed in, however strongly: at the own account.
    pub(crate) fn own(visitor: &Visitor) -> Option<Self> {
        visitor.signed().map(|account| Self::of(visitor, account.clone()))
    }

    /// The person's posts, login and session.
    pub const fn signed(&self) -> &Signed {
        &self.account
    }

    /// What the person was shown to be oneself with last.
    pub fn proved_with(&self) -> With {
        self.visitor.renewed().map_or(self.account.standing.with, |renewed| renewed.with)
    }

    /// The desk at which this person's secrets are tried.
    pub fn tries(&self) -> Tries {
        Tries::at_desk(self.actor.person.as_str(), self.visitor.address())
    }

    /// The digest under which the session is kept now.
    pub fn session_hash(&self) -> &str {
        self.visitor.renewed().map_or(&self.session.hash, |renewed| &renewed.hash)
    }

    /// Whether the person was shown to be oneself strongly enough, and not too long ago, for an
    /// act with legal effect.
    pub fn is_fresh(&self) -> bool {
        let now_ms = self.visitor.state().clock.wall_ms();
        self.visitor.renewed().is_some() || self.account.standing.is_fresh(now_ms)
    }

    /// For programs: an act with legal effect is asked for by somebody shown to be oneself.
    pub fn fresh(&self) -> Result<(), Fault> {
        if self.is_fresh() { Ok(()) } else { Err(Fault::Unproved) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let visitor = <Visitor as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let account = visitor.required(&parts.method)?.clone();
        Ok(Self::of(&visitor, account))
    }
}

/// Somebody at the own account, however strongly signed in: a second factor is bound here.
pub struct Own(pub SignedIn);

impl<S: Send + Sync> FromRequestParts<S> for Own {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let visitor = <Visitor as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let account = visitor.account(&parts.method)?.clone();
        Ok(Self(SignedIn::of(&visitor, account)))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Fault> {
        match <Self as FromRequestParts<S>>::from_request_parts(parts, state).await {
            Ok(signed) => Ok(Some(signed)),
            Err(Fault::Unidentified { .. } | Fault::Weak { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// A path of ours to go to, or `/` for anything that leads elsewhere.
pub fn local_path(next: &str) -> &str {
    let plain = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    let clean = next.chars().all(|letter| !letter.is_control() && letter != '\\');
    if plain && clean && next.len() <= 1000 { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for path in ["/home", "/registry/NM-1?as_of=2026-01-01", "/"] {
            assert_eq!(local_path(path), path);
        }
        for elsewhere in ["", "//evil.test", "/\\evil.test", "https://evil.test", "/a\r\nb", "a"] {
            assert_eq!(local_path(elsewhere), "/");
        }
    }
}
