//! 找回申请 — those who confirm read here what waits, write down how they know that it is the person,
//! and hand over the link of a password; the person stops what nobody of theirs asked for.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use store::recovery::{Case, Kind};

use super::reset;
use crate::clock;
use crate::http::{Answer, Fault, Form, Own, SignedIn, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with};
use crate::recovery::{self, REASON_MAX, written};
use crate::state::AppState;

/// Where the cases are.
pub(crate) const HERE: &str = "/recoveries";

#[derive(Template)]
#[template(path = "account/cases.html")]
struct CasesPage {
    shell: Shell,
    cases: Vec<Shown>,
    /// The link just made, for whom, and from when it works: shown this once.
    made: Option<(String, String, String)>,
}

/// A case as whoever confirms it reads it.
struct Shown {
    id: String,
    name: String,
    login: String,
    posts: String,
    asked: String,
    /// Who asked, where that was not the person.
    by: Option<String>,
    reason: String,
    /// Whether it asks for a password.
    password: bool,
    /// Whether it waits a day after the confirmation.
    signs: bool,
    /// From when on it is open, once it is confirmed.
    opens: Option<String>,
    /// Whether its link was not used in time.
    late: bool,
}

async fn shown(state: &AppState, case: Case) -> Result<Shown, Fault> {
    let person = state.store.person(&case.person).await?.unwrap_or_default();
    let standing = recovery::standing(state, &case.person).await?;
    let by = match &case.asked_by {
        None => None,
        Some(by) => state.store.person(by).await?.map(|person| person.name),
    };
    Ok(Shown {
        late: recovery::is_late(&case, state.clock.wall_ms()),
        name: person.name,
        login: person.login,
        posts: standing.words,
        asked: clock::written(case.asked_ms),
        by,
        password: case.kind == Kind::Password,
        signs: standing.signs,
        opens: case.opens_ms.map(clock::written),
        id: case.id,
        reason: case.reason,
    })
}

async fn listed(state: &AppState, signed: &SignedIn) -> Result<CasesPage, Fault> {
    let mut cases = Vec::new();
    for case in recovery::waiting(state, &signed.actor).await? {
        cases.push(shown(state, case).await?);
    }
    let shell = Shell::new(&signed.visitor, "找回申请");
    Ok(CasesPage { shell, cases, made: None })
}

pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&listed(&state, &signed).await?)
}

pub(super) async fn confirm(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "确认找回申请", &posted.0).await? {
        return Ok(page);
    }
    let case = recovery::case(&state, &signed.actor, posted.get("case")).await?;
    let Some(grounds) = written(posted.get("grounds")) else {
        let sentence = format!("写明怎样核实是本人，最多 {REASON_MAX} 个字。");
        return Err(Fault::Refused(sentence));
    };
    let done = recovery::confirm(&state, &signed.actor, &case.id, grounds).await?;
    let opens = clock::written(done.opens_ms);
    let Some(secret) = done.secret else {
        let text = format!("已确认，{opens} 起本人登录时可以解除");
        return Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text }));
    };
    let name = state.store.person(&case.person).await?.unwrap_or_default().name;
    let mut page_ = listed(&state, &signed).await?;
    page_.made = Some((reset::address(&state, &headers, &secret), name, opens));
    page_with(StatusCode::CREATED, &page_)
}

pub(super) async fn refuse(
    State(state): State<AppState>,
    signed: SignedIn,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "不予确认找回申请", &posted.0).await? {
        return Ok(page);
    }
    let case = recovery::case(&state, &signed.actor, posted.get("case")).await?;
    recovery::end(&state, &case, signed.actor.person.as_str()).await?;
    let text = match case.kind {
        Kind::Factor => "不予确认，第二个因素照旧有效",
        Kind::Password => "不予确认，密码照旧",
    };
    Ok(see_other_with(&state, HERE, &Flash { tone: Tone::Ok, text: text.to_owned() }))
}

/// The person stops a case from a session of one's own: nobody of theirs asked for it.
pub(super) async fn stop(State(state): State<AppState>, Own(signed): Own, posted: Form) -> Answer {
    let person = signed.actor.person.as_str();
    let mut own = state.store.cases_of(person).await?.into_iter();
    let case = own.find(|case| case.id == posted.get("case")).ok_or(Fault::NotFound)?;
    recovery::end(&state, &case, person).await?;
    let (to, text) = match case.kind {
        Kind::Factor => {
            ("/profile/password", "已撤销，第二个因素照旧有效。密码可能已被人知道，现在就改")
        }
        Kind::Password => ("/security", "已撤销，密码照旧，链接不能再用"),
    };
    let flash = Flash { tone: Tone::Warn, text: text.to_owned() };
    Ok(see_other_with(&state, to, &flash))
}
