//! Recognises the visitor once for each request, and finishes the answer for them: faults become
//! pages, cookies are set, pages for one person are not kept by caches.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::fault::{Shown, problem, to_factors, to_login};
use super::ops::Incident;
use super::visitor::Inner;
use super::{Fault, Signed, Visitor, add_cookie, cookies, csrf, pace, session};
use crate::pages::errors;
use crate::pages::shell::ui::{Flash, Tone};
use crate::state::AppState;

/// The longest message that travels in a cookie, in bytes.
const FLASH_BYTES_MAX: usize = 1000;

pub(super) async fn recognise(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || path == "/healthz" || path == "/readyz" {
        return plain(next.run(request).await);
    }
    let is_api = path.starts_with("/api/");
    let address = address(&request, state.config.trust_forwarded);
    let stranger = stranger(&state, &request, address);
    let shown_secret = Secret::of(&state, request.headers(), is_api);
    let signed = match state.buckets.take(address, state.clock.wall_ms()) {
        Ok(()) => shown_secret.signed(&state).await,
        Err(seconds) => Err(Fault::TooMany(seconds)),
    };
    let (signed, refusal) = match signed {
        Ok(signed) => (signed, None),
        // Too fast, a token that is unknown, or the store does not answer: somebody unknown.
        Err(fault) => (None, Some(fault)),
    };
    let visitor = Visitor::new(Inner { signed, ..stranger });
    let refusal = refusal.or_else(|| forged(&request, &visitor, is_api));
    request.extensions_mut().insert(visitor.clone());
    let response = match refusal {
        Some(fault) => fault.into_response(),
        None => next.run(request).await,
    };
    let response = shown(&visitor, response, is_api);
    finished(&state, &visitor, response)
}

/// Why an act is not handed to a page: it does not come from one of ours.
fn forged(request: &Request, visitor: &Visitor, is_api: bool) -> Option<Fault> {
    let by_token = visitor.signed().is_some_and(|signed| signed.by_token);
    if !csrf::is_unsafe(request.method()) || by_token {
        return None;
    }
    let own = csrf::is_own(request.headers());
    if is_api && visitor.signed().is_some() {
        let shown = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok());
        if own && shown.is_some_and(|token| visitor.owns(token)) {
            return None;
        }
        let sentence = "接口的写操作用访问令牌；用网页会话的，请求头带上 X-CSRF-Token。";
        return Some(Fault::Forbidden(sentence.to_owned()));
    }
    (!own).then_some(Fault::Stale)
}

/// What a request shows to be recognised by.
enum Secret {
    Nothing,
    Cookie(String),
    Token(String),
}

impl Secret {
    fn of(state: &AppState, headers: &HeaderMap, is_api: bool) -> Self {
        if let Some(token) = bearer(headers).filter(|_| is_api) {
            return Self::Token(token.to_owned());
        }
        let cookie = cookies::read(headers, cookies::session_name(state.config.secure));
        cookie.map_or(Self::Nothing, |cookie| Self::Cookie(cookie.to_owned()))
    }

    /// Who shows it. A session that ended is nobody; a token that is unknown is refused.
    async fn signed(self, state: &AppState) -> Result<Option<Signed>, Fault> {
        match self {
            Self::Nothing => Ok(None),
            Self::Cookie(cookie) => session::by_cookie(state, &cookie).await,
            Self::Token(token) => match session::by_token(state, &token).await? {
                Some(signed) => Ok(Some(signed)),
                None => Err(Fault::Unidentified { next: "/".to_owned() }),
            },
        }
    }
}

fn stranger(state: &AppState, request: &Request, address: IpAddr) -> Inner {
    let headers = request.headers();
    let incident = request.extensions().get::<Incident>();
    let pre = cookies::read(headers, cookies::visitor_name(state.config.secure));
    Inner {
        state: state.clone(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        host: host(headers).to_owned(),
        large: cookies::read(headers, cookies::SIZE) == Some("large"),
        flash: cookies::read(headers, cookies::FLASH).and_then(read_flash),
        address,
        incident: incident.map(|incident| incident.0.clone()).unwrap_or_default(),
        signed: None,
        pre: pre.filter(|value| value.len() == 64).map(str::to_owned),
        fresh_pre: OnceLock::new(),
        renewed: OnceLock::new(),
    }
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// The address of the client: of the connection, or the last one our own gateway wrote down.
fn address(request: &Request, trust_forwarded: bool) -> IpAddr {
    let forwarded = || {
        let value = request.headers().get_all("x-forwarded-for").iter().next_back()?;
        value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = || {
        let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
        info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip())
    };
    let address: Option<IpAddr> = if trust_forwarded { forwarded() } else { None };
    pace::network(address.unwrap_or_else(peer))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// An answer to a machine: a fault without a page around it.
fn plain(mut response: Response) -> Response {
    if let Some(Shown(fault)) = response.extensions_mut().remove::<Shown>() {
        let (title, _) = fault.words();
        return (response.status(), format!("{title}\n")).into_response();
    }
    response
}

/// Turns a fault into a page, or into a problem for the API. Faults of ours are logged here.
fn shown(visitor: &Visitor, mut response: Response, is_api: bool) -> Response {
    let fault = match response.extensions_mut().remove::<Shown>() {
        Some(Shown(fault)) => fault,
        None if is_bare(&response) => Arc::new(Fault::Status(response.status())),
        None => return response,
    };
    if let Fault::Internal(error) = fault.as_ref() {
        tracing::error!(error = %error, "a request was not answered");
    }
    match fault.as_ref() {
        Fault::Unidentified { next } if !is_api => return to_login(next),
        Fault::Weak { next, .. } if !is_api => return to_factors(next),
        _ => {}
    }
    let mut page =
        if is_api { problem(&fault, visitor.incident()) } else { errors::show(visitor, &fault) };
    for name in [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// An error that the machinery answered with no page of its own.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    is_error && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

/// Sets the cookies that go with the answer, and says who may keep it.
fn finished(state: &AppState, visitor: &Visitor, mut response: Response) -> Response {
    let secure = state.config.secure;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(pre) = visitor.fresh_pre() {
        add_cookie(&mut response, cookies::set(cookies::visitor_name(secure), pre, secure, None));
    }
    if let Some(renewed) = visitor.renewed() {
        // An answer that begins or ends a session has said so itself.
        let name = format!("{}=", cookies::session_name(secure));
        let set = response.headers().get_all(header::SET_COOKIE).iter();
        if !set.into_iter().any(|set| set.as_bytes().starts_with(name.as_bytes())) {
            add_cookie(&mut response, renewed.cookie.clone());
        }
    }
    if is_page && visitor.flash().is_some() {
        add_cookie(&mut response, cookies::end(cookies::FLASH, secure));
    }
    let own = visitor.signed().is_some() || visitor.fresh_pre().is_some();
    let kept = response.status() == StatusCode::OK && !own && visitor.flash().is_none();
    let headers = response.headers_mut();
    let policy = if kept { "no-cache" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(policy));
    if is_page {
        headers.entry(header::VARY).or_insert(HeaderValue::from_static("cookie"));
    }
    response
}

/// A message as a cookie: its tone and its words as hexadecimal digits.
pub(super) fn flash_cookie(flash: &Flash, secure: bool) -> HeaderValue {
    let tone = match flash.tone {
        Tone::Warn => "w",
        Tone::Bad => "b",
        _ => "o",
    };
    let text: String = flash.text.chars().take(FLASH_BYTES_MAX / 4).collect();
    cookies::set(cookies::FLASH, &format!("{tone}{}", hex::encode(text)), secure, Some(60))
}

fn read_flash(value: &str) -> Option<Flash> {
    let (tone, digits) = value.split_at_checked(1)?;
    let tone = match tone {
        "o" => Tone::Ok,
        "w" => Tone::Warn,
        "b" => Tone::Bad,
        _ => return None,
    };
    let text = hex::decode(digits).ok().filter(|bytes| bytes.len() <= FLASH_BYTES_MAX)?;
    Some(Flash { tone, text: String::from_utf8(text).ok()? })
}
