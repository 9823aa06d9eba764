//! 单位账号 — the unit's own people give and end the posts of their colleagues.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use consortium::actor::Capacity;
use jiff::civil::Date;

use super::{invitation, opened};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, random, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// People of one unit at most.
const PEOPLE_MAX: usize = 200;

#[derive(Template)]
#[template(path = "units/people.html")]
struct PeoplePage {
    shell: Shell,
    unit: String,
    name: String,
    holders: Vec<HolderRow>,
    form: form::Form,
    /// The link just made, and for whom: shown this once.
    link: Option<(String, String)>,
}

/// A post of a unit, as it is shown.
pub(super) struct HolderRow {
    pub(super) post: String,
    pub(super) person: String,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) capacity: &'static str,
    pub(super) from: String,
    pub(super) to: String,
    /// Whether the post is held today or will be.
    pub(super) held: bool,
    /// Whether a password was set.
    pub(super) set: bool,
    handler: bool,
}

/// Everybody who acts or acted for a unit.
pub(super) async fn holders(
    state: &AppState,
    id: &str,
    today: Date,
) -> Result<Vec<HolderRow>, Fault> {
    let side = format!("unit:{id}");
    let today = today.to_string();
    let read = state.store.read(move |tx| {
        let mut rows = Vec::new();
        for post in store::people::posts_of(tx, &side)?.into_iter().take(PEOPLE_MAX) {
            let person = store::people::person(tx, &post.person)?.unwrap_or_default();
            let capacity = session::capacity(&post.capacity);
            rows.push(HolderRow {
                post: post.id,
                person: post.person,
                name: person.name,
                login: person.login,
                capacity: capacity.map_or("", Capacity::term),
                held: post.to.as_deref().is_none_or(|to| to >= today.as_str()),
                from: post.from,
                to: post.to.unwrap_or_default(),
                set: person.password_hash.is_some(),
                handler: capacity == Some(Capacity::Handler),
            });
        }
        Ok(rows)
    });
    Ok(read.await?)
}

fn fields() -> Vec<FieldSpec> {
    let capacities = [Capacity::Handler, Capacity::LegalRepresentative]
        .map(|capacity| (session::capacity_text(capacity), capacity.term()));
    vec![
        FieldSpec::text("name", "姓名", 30).required(),
        FieldSpec::text("login", "账号", 32).required().hint(invitation::LOGIN_HINT),
        FieldSpec::radio("capacity", "身份", capacities)
            .required()
            .hint("经办人填报办理；法定代表人或负责人签署组建协议")
            .clause("6.2"),
        FieldSpec::date("from", "何日起").hint("不填即今天"),
    ]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<PeoplePage, Fault> {
    let unit = own(state, signed, id).await?;
    let mut shell = Shell::new(&signed.visitor, "单位账号").crumb(format!("/units/{id}"), &unit);
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, format!("/units/{id}/people"), "添加账号", fields())
        .values(values)
        .errors(errors);
    let holders = holders(state, id, state.clock.today()).await?;
    Ok(PeoplePage { shell, unit: id.to_owned(), name: unit, holders, form, link: None })
}

/// The name of the unit, for its own handlers and representatives.
async fn own(state: &AppState, signed: &SignedIn, id: &str) -> Result<String, Fault> {
    let unit = opened(state, &signed.actor, id).await?;
    let fits = matches!(signed.actor.capacity, Capacity::Handler | Capacity::LegalRepresentative);
    if signed.actor.unit() != Some(&unit.id) || !fits {
        return Err(Fault::Forbidden("单位账号由本单位的经办人或法定代表人管理。".to_owned()));
    }
    Ok(unit.profile.name.clone())
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    page(&shown(&state, &signed, &id, Values::default(), Vec::new()).await?)
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "添加账号", &posted.0).await? {
        return Ok(page);
    }
    own(&state, &signed, &id).await?;
    let again = Values::typed(&posted.0);
    let read = parse(&fields(), &posted.0).and_then(|value| {
        let login = value["login"].as_str().unwrap_or_default().to_owned();
        if invitation::is_login(&login) {
            return Ok((login, value));
        }
        let sentence = format!("账号用{}", invitation::LOGIN_HINT);
        Err(vec![FieldError::new("login", sentence)])
    });
    let (login, value) = match read {
        Ok(read) => read,
        Err(errors) => {
            return unprocessable(&shown(&state, &signed, &id, again, errors).await?);
        }
    };
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let capacity = session::capacity(&text("capacity")).ok_or(Fault::Stale)?;
    let from = Some(text("from")).filter(|from| !from.is_empty());
    let from = from.unwrap_or_else(|| state.clock.today().to_string());
    let person = format!("P{}", random::key());
    let account = (person.clone(), login, text("name"));
    let made = invitation::make(&state, account, (format!("unit:{id}"), capacity, from)).await?;
    if !made {
        let error = FieldError::new("login", "这个账号已有人使用，换一个");
        return unprocessable(&shown(&state, &signed, &id, again, vec![error]).await?);
    }
    let link = invitation::link(&state, &headers, &person).await?;
    let mut page_ = shown(&state, &signed, &id, Values::default(), Vec::new()).await?;
    page_.link = Some((link, text("name")));
    page_with(StatusCode::CREATED, &page_)
}

/// Makes the link anew for somebody who has not used one.
pub(super) async fn link(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "重新生成链接", &posted.0).await? {
        return Ok(page);
    }
    own(&state, &signed, &id).await?;
    let rows = holders(&state, &id, state.clock.today()).await?;
    let found = rows.into_iter().find(|row| row.person == posted.get("person"));
    let row = found.filter(|row| row.held && !row.set).ok_or(Fault::NotFound)?;
    let link = invitation::link(&state, &headers, &row.person).await?;
    let mut page_ = shown(&state, &signed, &id, Values::default(), Vec::new()).await?;
    page_.link = Some((link, row.name));
    page_with(StatusCode::CREATED, &page_)
}

/// Ends a post today; a unit keeps at least one handler.
pub(super) async fn end(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "结束身份", &posted.0).await? {
        return Ok(page);
    }
    own(&state, &signed, &id).await?;
    let today = state.clock.today();
    let rows = holders(&state, &id, today).await?;
    let found = rows.iter().find(|row| row.post == posted.get("post"));
    let row = found.filter(|row| row.held).ok_or(Fault::NotFound)?;
    let others = rows.iter().filter(|other| other.held && other.handler && other.post != row.post);
    if row.handler && others.count() == 0 {
        return Err(Fault::Refused(
            "这是最后一位经办人。先添加接手的经办人，再结束这个身份。".to_owned(),
        ));
    }
    let yesterday = today.yesterday().unwrap_or(today).to_string();
    state.store.end_post(&row.post, &yesterday).await?;
    let text = format!("{}不再是本单位的{}", row.name, row.capacity);
    let flash = Flash { tone: Tone::Ok, text };
    Ok(see_other_with(&state, &format!("/units/{id}/people"), &flash))
}
