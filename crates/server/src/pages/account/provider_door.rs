//! 用统一身份登录 — the way to the provider and back: to sign in, to link, to be shown to be oneself
//! once more.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::login::{Next, arrival};
use super::provider::{self as page, configured, failed, told};
use super::{device, known, second};
use crate::factors::{self, log};
use crate::http::{
    Answer, Fault, Own, SignedIn, Visitor, add_cookie, csrf, prove, see_other, session,
};
use crate::provider::errand::{self, Brought, Done, Purpose};
use crate::provider::{self, Provider, Shown, Unproven, identity};
use crate::state::AppState;

/// Sends a browser to the provider.
async fn away(
    state: &AppState,
    visitor: &Visitor,
    errand: (&str, Purpose, &str),
) -> Result<Response, Fault> {
    match errand::begin(state, configured(state)?, errand).await {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(Unproven::No(fault)) => failed(visitor, Some(errand.1), &fault),
        Err(Unproven::Broken(fault)) => Err(fault),
    }
}

/// To sign in. Only from our own login page, which gave the browser its cookie.
pub(super) async fn go(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Answer {
    configured(&state)?;
    if visitor.signed().is_some() {
        return Ok(see_other(arrival(&next.next)));
    }
    let bearer = visitor.browser().filter(|_| csrf::is_own(&headers));
    let Some(bearer) = bearer else { return Ok(see_other("/login")) };
    away(&state, &visitor, (&bearer, Purpose::SignIn, &next.next)).await
}

/// To be shown to be oneself once more.
pub(super) async fn go_again(
    State(state): State<AppState>,
    Own(signed): Own,
    headers: HeaderMap,
) -> Answer {
    if state.config.provider.is_none() || !csrf::is_own(&headers) {
        return Ok(see_other(page::HERE));
    }
    away(&state, &signed.visitor, (signed.session_hash(), Purpose::StepUp, page::HERE)).await
}

/// Back again.
pub(super) async fn back(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(brought): Query<Brought>,
) -> Answer {
    let provider = configured(&state)?;
    let (purpose, outcome) = match errand::finish(&state, provider, &visitor, &brought).await {
        Ok(done) => {
            let purpose = Some(done.purpose);
            (purpose, carried_out(&state, provider, (&visitor, &headers), done).await)
        }
        Err((purpose, unproven)) => (purpose, Err(unproven)),
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(Unproven::Broken(fault)) => Err(fault),
        Err(Unproven::No(fault)) => {
            if purpose.is_none_or(|purpose| purpose == Purpose::SignIn) {
                metrics::counter!("logins_total", "outcome" => "wrong").increment(1);
            }
            failed(&visitor, purpose, &fault)
        }
    }
}

async fn carried_out(
    state: &AppState,
    provider: &Provider,
    (visitor, headers): (&Visitor, &HeaderMap),
    done: Done,
) -> Result<Response, Unproven> {
    if done.purpose == Purpose::SignIn {
        return signed_in(state, provider, (visitor, headers), (&done.shown, &done.next)).await;
    }
    // The errand came back to the session it began in.
    let signed = SignedIn::own(visitor).ok_or(provider::Fault::Unasked)?;
    let shown = &done.shown;
    if done.purpose == Purpose::StepUp {
        return shown_again(state, provider, &signed, shown).await;
    }
    identity::link(state, provider, &signed, (&shown.issuer, &shown.subject)).await?;
    Ok(page::linked(state, provider, &shown.subject))
}

/// Signs in whoever the identity is linked to; with one factor, on to the second step, as after a
/// password.
async fn signed_in(
    state: &AppState,
    provider: &Provider,
    (visitor, headers): (&Visitor, &HeaderMap),
    (shown, next): (&Shown, &str),
) -> Result<Response, Unproven> {
    let Some(person) = identity::holder(state, shown).await? else {
        let bearer = visitor.browser().ok_or(provider::Fault::Unasked)?;
        identity::keep(state, &bearer, shown).await?;
        return Ok(unlinked(visitor, provider)?);
    };
    metrics::counter!("logins_total", "outcome" => "right").increment(1);
    let passkeys = state.store.passkeys(&person.id).await?;
    let bound = factors::is_bound(state, &person.id).await?;
    if !shown.two_factors && (bound || !passkeys.is_empty()) {
        let step = second::step(state, &person);
        let place = (&person, step.as_str(), next);
        let asked = second::shown(state, visitor, place, (StatusCode::OK, Vec::new())).await;
        return Ok(asked?);
    }
    if let Some(old) = visitor.signed() {
        session::end(state, &old.session.hash).await?;
    }
    let (label, with) = (device::label(headers), shown.with());
    let proof = (with, shown.proved_ms(state.clock.wall_ms()));
    let cookie = session::begin_at(state, &person.id, None, &label, proof).await?;
    let detail = format!("{label}，{}", with.term());
    log::note(state, &person.id, log::Kind::SignedIn, &detail, &person.id).await?;
    let mut response = see_other(arrival(next));
    add_cookie(&mut response, cookie);
    add_cookie(&mut response, known::cookie(state, headers, &person));
    Ok(response)
}

/// What somebody reads whose identity opens no account yet.
fn unlinked(visitor: &Visitor, provider: &Provider) -> Answer {
    let name = provider.name();
    let minutes = errand::SERVES_MS / 60_000;
    let sentences = vec![
        format!(
            "你在{name}已经验明，但是本平台还没有账号和它关联，所以没有登录。平台不会自动建立账号。"
        ),
        format!(
            "有本平台账号的：先用账号和密码（或者通行密钥）登录一次，登录后马上可以关联，{minutes} \
             分钟内不用再到{name}。"
        ),
        "还没有账号的：由本单位或归口管理部门开通，一人一号。".to_owned(),
    ];
    let way = ("/login?next=%2Fsecurity%2Fprovider", "用账号登录并关联");
    told(visitor, StatusCode::OK, ("还没有关联的账号", sentences), way)
}

/// The holder of a session was shown once more: by an identity of one's own, strongly enough.
async fn shown_again(
    state: &AppState,
    provider: &Provider,
    signed: &SignedIn,
    shown: &Shown,
) -> Result<Response, Unproven> {
    let name = || provider.name().to_owned();
    let known = state.store.identity(&shown.issuer, &shown.subject).await?;
    let own = known.filter(|known| known.person == signed.actor.person.0);
    let own = own.ok_or_else(|| provider::Fault::OtherPerson(name()))?;
    let with = shown.with();
    if with.strength() < prove::wanted(state, signed).await? {
        return Err(provider::Fault::OneFactor(name()).into());
    }
    let now_ms = state.clock.wall_ms();
    state.store.use_identity(&own.id, now_ms).await?;
    session::renew_at(state, signed, (with, shown.proved_ms(now_ms))).await?;
    let sentences = vec![format!(
        "回到刚才的窗口，点“在{}验过了”继续办理，填写的都还在。这个窗口可以关闭。",
        provider.name()
    )];
    let way = ("/home", "去工作台");
    Ok(told(&signed.visitor, StatusCode::OK, ("已验明身份", sentences), way)?)
}
