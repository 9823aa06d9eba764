//! 统一身份 — the identities of a person at the provider: listed, linked, claimed, unlinked.
//!
//! Who leaves for the provider does so by a link and by no form: a browser holds a form to our own
//! site wherever the answer leads (`form-action`), and the provider may lead on to others.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use store::Identity;

use crate::clock;
use crate::http::{Answer, Fault, Form, Own, Visitor, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, page_with};
use crate::provider::errand::{self, Purpose};
use crate::provider::identity::{self, IDENTITIES_MAX};
use crate::provider::{self, Provider, Unproven};
use crate::state::AppState;

/// The page.
pub(super) const HERE: &str = "/security/provider";

#[derive(Template)]
#[template(path = "account/provider.html")]
struct ProviderPage {
    shell: Shell,
    /// How the provider is called; nothing where there is none.
    name: Option<String>,
    rows: Vec<Row>,
    /// The end of the subject that came in by this browser and waits to be claimed.
    waiting: Option<String>,
    max: usize,
}

/// One identity.
struct Row {
    id: String,
    issuer: String,
    tail: String,
    since: String,
    used: String,
}

impl Row {
    fn of(known: Identity, provider: Option<&Provider>) -> Self {
        let own = provider.filter(|provider| provider.issuer() == known.issuer);
        Self {
            issuer: own.map_or(known.issuer, |provider| provider.name().to_owned()),
            tail: identity::tail(&known.subject),
            since: clock::written(known.linked_ms),
            used: known.used_ms.map_or_else(
                || "还没有用过".to_owned(),
                |used_ms| format!("最近使用 {}", clock::written(used_ms)),
            ),
            id: known.id,
        }
    }
}

/// What is said in between, and where to go on.
#[derive(Template)]
#[template(path = "account/provider_told.html")]
struct ToldPage {
    shell: Shell,
    sentences: Vec<String>,
    way: String,
    words: String,
}

/// A page that says something and leads on.
pub(super) fn told(
    visitor: &Visitor,
    status: StatusCode,
    (title, sentences): (&str, Vec<String>),
    (way, words): (&str, &str),
) -> Answer {
    let mut shell = Shell::new(visitor, title);
    shell.indexed = false;
    shell.has_errors = !status.is_success();
    page_with(status, &ToldPage { shell, sentences, way: way.to_owned(), words: words.to_owned() })
}

/// What somebody reads who was sent for something that did not come about.
pub(super) fn failed(
    visitor: &Visitor,
    purpose: Option<Purpose>,
    fault: &provider::Fault,
) -> Answer {
    let status = match fault {
        provider::Fault::Silent(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (title, way, words) = match purpose {
        Some(Purpose::Link) => ("没有关联成", HERE, "回到统一身份"),
        Some(Purpose::StepUp) => ("没有验明", "/security/provider/proof", "再去登录一次"),
        None if visitor.signed().is_some() => ("没有办成", HERE, "回到统一身份"),
        Some(Purpose::SignIn) | None => ("没有登录成", "/login", "回到登录页"),
    };
    told(visitor, status, (title, vec![fault.sentence()]), (way, words))
}

/// The provider, where there is one.
pub(super) fn configured(state: &AppState) -> Result<&Provider, Fault> {
    state.config.provider.as_ref().ok_or(Fault::NotFound)
}

pub(super) async fn get(State(state): State<AppState>, Own(signed): Own) -> Answer {
    let provider = state.config.provider.as_ref();
    let known = state.store.identities(signed.actor.person.as_str()).await?;
    let waiting = identity::waiting(&state, &signed).await?;
    page(&ProviderPage {
        name: provider.map(|provider| provider.name().to_owned()),
        rows: known.into_iter().map(|one| Row::of(one, provider)).collect(),
        waiting: waiting.map(|found| identity::tail(&found.subject)),
        max: IDENTITIES_MAX,
        shell: Shell::new(&signed.visitor, "统一身份")
            .crumb("/profile", "个人中心")
            .crumb("/security", "登录安全"),
    })
}

/// Begins to link an identity: whoever it is goes and signs in over there.
pub(super) async fn link(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    let provider = configured(&state)?;
    let name = provider.name();
    if let Some(page) = prove::ask(&state, &signed, &format!("关联{name}"), &posted.0).await? {
        return Ok(page);
    }
    let errand = (signed.session_hash(), Purpose::Link, HERE);
    let address = match errand::begin(&state, provider, errand).await {
        Ok(address) => address,
        Err(Unproven::No(fault)) => return failed(&signed.visitor, Some(Purpose::Link), &fault),
        Err(Unproven::Broken(fault)) => return Err(fault),
    };
    let minutes = errand::SERVES_MS / 60_000;
    let sentences = vec![
        format!("接下来到{name}，用本人的账号登录一次；回来以后，它就可以登录本平台的这个账号。"),
        format!("{minutes} 分钟内有效。回来时其他设备上的登录会退出。"),
    ];
    let title = format!("到{name}登录一次");
    let way = (address.as_str(), "去登录");
    told(&signed.visitor, StatusCode::OK, (&title, sentences), way)
}

/// Links the identity that came in by this browser before its holder signed in.
pub(super) async fn claim(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    let provider = configured(&state)?;
    let act = format!("关联{}", provider.name());
    if let Some(page) = prove::ask(&state, &signed, &act, &posted.0).await? {
        return Ok(page);
    }
    let found = identity::waiting(&state, &signed).await?;
    let Some(found) = found.filter(|found| found.issuer == provider.issuer()) else {
        let text = "等候关联的身份已超过十分钟，重新关联一次".to_owned();
        return Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Warn, text }));
    };
    match identity::link(&state, provider, &signed, (&found.issuer, &found.subject)).await {
        Ok(()) => Ok(linked(&state, provider, &found.subject)),
        Err(Unproven::No(fault)) => failed(&signed.visitor, Some(Purpose::Link), &fault),
        Err(Unproven::Broken(fault)) => Err(fault),
    }
}

/// Says that an identity is linked.
pub(super) fn linked(
    state: &AppState,
    provider: &Provider,
    subject: &str,
) -> axum::response::Response {
    let (name, tail) = (provider.name(), identity::tail(subject));
    let text = format!("已关联{name}账号（尾号 {tail}），下次可以用它登录");
    see_other_with(state, HERE, &Flash { tone: Tone::Ok, text })
}

pub(super) async fn end(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "解除统一身份的关联", &posted.0).await?
    {
        return Ok(page);
    }
    identity::unlink(&state, &signed, posted.get("identity")).await?;
    let text = "已解除关联，它不能再登录这个账号；其他设备上的登录已退出".to_owned();
    Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text }))
}
