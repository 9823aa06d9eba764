//! 登录安全 — one's own factors, and what happened to the account. Open however weakly one signed
//! in: this is where a second factor is bound.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use store::recovery::{Case, Kind};

use crate::clock;
use crate::factors::{self, codes, log, totp};
use crate::http::strength::{Strength, With};
use crate::http::{
    Answer, Fault, Form, Own, SignedIn, local_path, prove, see_other, see_other_with, session,
};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, KeyValues, Tone};
use crate::pages::{page, unprocessable};
use crate::recovery;
use crate::state::AppState;

/// Recovery codes left when it is time to make new ones.
const FEW: i64 = 2;
/// Lines of the log on the page; those before are the operator's to look up.
const LINES: i64 = 50;

/// A case as its person reads it.
struct AtStake {
    id: String,
    title: &'static str,
    words: String,
}

impl AtStake {
    fn of(case: Case) -> Self {
        let (title, opened) = match case.kind {
            Kind::Factor => ("有人用你的密码申请解除第二个因素", "解除"),
            Kind::Password => ("有人为你申请重置密码", "可以重置"),
        };
        let words = match case.opens_ms {
            Some(opens) => {
                format!("{}：已获确认，{} 起{opened}", case.reason, clock::written(opens))
            }
            None => format!("{}：等候确认", case.reason),
        };
        Self { id: case.id, title, words }
    }
}

#[derive(Template)]
#[template(path = "account/security.html")]
struct SecurityPage {
    shell: Shell,
    /// What the post asks, where this session is weaker.
    wanting: Option<&'static str>,
    post: String,
    next: String,
    facts: KeyValues,
    /// Since when one-time passwords are bound.
    bound: Option<String>,
    /// How the provider is called, and how many identities are linked; nothing where there is neither.
    provider: Option<(String, usize)>,
    codes_left: i64,
    /// Whether it is time to make new ones.
    few: bool,
    /// What somebody asks for in the person's name.
    cases: Vec<AtStake>,
    lines: Vec<Line>,
}

/// A line of the log.
struct Line {
    at: String,
    what: &'static str,
    detail: String,
    by: String,
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// Where somebody goes on.
fn onward(next: &str) -> &str {
    match local_path(next) {
        "/" => "/home",
        path => path,
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    Own(signed): Own,
    Query(next): Query<Next>,
) -> Answer {
    let account = signed.signed();
    let person = signed.actor.person.as_str();
    let totp = state.store.totp(person).await?.filter(|totp| totp.seed.is_some());
    let standing = account.standing;
    let codes_left = state.store.codes_left(person).await?;
    let linked = state.store.identities(person).await?.len();
    let provider = state.config.provider.as_ref().map(|provider| provider.name().to_owned());
    let provider = provider.or_else(|| (linked > 0).then(|| "统一身份".to_owned()));
    let mut lines = Vec::new();
    for line in state.store.security_log(person, LINES).await? {
        let Some(kind) = log::Kind::named(&line.kind) else { continue };
        let by = if line.made_by == person {
            "本人".to_owned()
        } else {
            state.store.person(&line.made_by).await?.map(|other| other.name).unwrap_or_default()
        };
        let at = clock::written(line.at_ms);
        lines.push(Line { at, what: kind.term(), detail: line.detail, by });
    }
    let page_ = SecurityPage {
        wanting: (!standing.suffices()).then_some(standing.required.term()),
        post: account.post.capacity.clone(),
        next: onward(&next.next).to_owned(),
        facts: KeyValues::new()
            .row("这次登录用", standing.with.term())
            .row("现在的身份要求", standing.required.term())
            .row("最近一次验身份", clock::written(standing.proved_ms).as_str()),
        bound: totp.and_then(|totp| totp.bound_ms).map(clock::written),
        provider: provider.map(|name| (name, linked)),
        codes_left,
        few: codes_left <= FEW,
        cases: recovery::at_stake(state.store.cases_of(person).await?, state.clock.wall_ms())
            .into_iter()
            .map(AtStake::of)
            .collect(),
        lines,
        shell: Shell::new(&signed.visitor, "登录安全").crumb("/profile", "个人中心"),
    };
    page(&page_)
}

/// Offers a seed, and leads to where it is bound.
pub(super) async fn offer(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "绑定动态口令", &posted.0).await? {
        return Ok(page);
    }
    totp::offer(&state, signed.actor.person.as_str()).await?;
    let query = serde_urlencoded::to_string([("next", onward(posted.get("next")))]);
    Ok(see_other(&format!("/security/totp?{}", query.unwrap_or_default())))
}

#[derive(Template)]
#[template(path = "account/totp.html")]
struct TotpPage {
    shell: Shell,
    key: String,
    form: form::Form,
}

fn fields() -> Vec<FieldSpec> {
    let code = FieldSpec::text("code", "手机上显示的六位数字", 20).required();
    vec![code, FieldSpec::hidden("next")]
}

fn binding(
    signed: &SignedIn,
    offer: &totp::Offer,
    next: &str,
    errors: Vec<FieldError>,
) -> TotpPage {
    let mut shell = Shell::new(&signed.visitor, "绑定动态口令")
        .crumb("/profile", "个人中心")
        .crumb("/security", "登录安全");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/security/totp", "绑定动态口令", fields())
        .values(Values::default().with("next", next))
        .errors(errors)
        .leave("/security", "先不绑定");
    TotpPage { shell, key: offer.written(), form }
}

/// Whoever waited too long begins again.
fn anew(state: &AppState) -> axum::response::Response {
    let text = "绑定的页面十分钟内有效，在这里重新开始".to_owned();
    see_other_with(state, "/security", &Flash { tone: Tone::Warn, text })
}

pub(super) async fn get_totp(
    State(state): State<AppState>,
    Own(signed): Own,
    Query(next): Query<Next>,
) -> Answer {
    let offer = totp::offered(&state, signed.actor.person.as_str()).await?;
    let Some(offer) = offer else { return Ok(anew(&state)) };
    page(&binding(&signed, &offer, onward(&next.next), Vec::new()))
}

/// The drawing that a phone reads. Kept by nobody.
pub(super) async fn drawing(State(state): State<AppState>, Own(signed): Own) -> Answer {
    let offer = totp::offered(&state, signed.actor.person.as_str()).await?;
    let Some(offer) = offer else { return Ok(see_other("/security")) };
    let address = offer.address(&signed.signed().login);
    let svg = documents::qr(&address).map_err(|error| Fault::internal(error.to_string()))?;
    let kind = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, svg).into_response())
}

#[derive(Template)]
#[template(path = "account/codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
    next: String,
}

/// The recovery codes, this once.
fn shown_once(signed: &SignedIn, codes: Vec<String>, next: &str) -> Answer {
    let shell = Shell::new(&signed.visitor, "抄下恢复码")
        .crumb("/profile", "个人中心")
        .crumb("/security", "登录安全");
    page(&CodesPage { shell, codes, next: next.to_owned() })
}

/// Binds the seed offered for whoever shows a code of it: the session is then as strong as that.
pub(super) async fn bind(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    let person = signed.actor.person.as_str();
    let offer = totp::offered(&state, person).await?;
    let Some(offer) = offer else { return Ok(anew(&state)) };
    let next = onward(posted.get("next")).to_owned();
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&binding(&signed, &offer, &next, errors));
    }
    let tries = signed.tries();
    tries.may(&state).await?.map_err(Fault::TooMany)?;
    tries.begin(&state).await?;
    match totp::bind(&state, person, &offer, posted.get("code")).await? {
        totp::Bound::Done(codes) => {
            tries.right(&state).await?;
            session::renew(&state, &signed, With::Totp).await?;
            state.store.end_sessions(person, Some(signed.session_hash())).await?;
            shown_once(&signed, codes, &next)
        }
        totp::Bound::Wrong => {
            let sentence = "这六位数字不对。核对手机时间是否准确，填现在显示的一组";
            let errors = vec![FieldError::new("code", sentence)];
            unprocessable(&binding(&signed, &offer, &next, errors))
        }
    }
}

/// Gives the second factor up, where no post of the person asks for one.
pub(super) async fn end(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "解除动态口令", &posted.0).await? {
        return Ok(page);
    }
    let person = signed.actor.person.as_str().to_owned();
    if session::most_required(&state, &person).await? > Strength::Password {
        return Err(Fault::Refused(
            "你的身份要求两个因素，动态口令不能解除。换手机的，重新绑定即可。".to_owned(),
        ));
    }
    let line = log::line(&state, &person, log::Kind::FactorEnded, "动态口令", &person);
    let write = state.store.write(move |tx| {
        store::factors::drop_factors(tx, &person)?;
        store::factors::log(tx, &line)
    });
    write.await?;
    let text = "动态口令已解除".to_owned();
    Ok(see_other_with(&state, "/security", &Flash { tone: Tone::Ok, text }))
}

/// Ten new recovery codes.
pub(super) async fn recode(
    State(state): State<AppState>,
    Own(signed): Own,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "重新生成恢复码", &posted.0).await? {
        return Ok(page);
    }
    let person = signed.actor.person.as_str();
    if !factors::is_bound(&state, person).await? {
        return Err(Fault::Refused("先绑定动态口令，再生成恢复码。".to_owned()));
    }
    let codes = codes::replace(&state, person).await?;
    shown_once(&signed, codes, "/security")
}
