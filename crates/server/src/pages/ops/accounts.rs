//! 账号 — the operator makes accounts for the offices, and closes those of people who left.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use consortium::actor::{Capacity, Side};
use consortium::reference;
use store::Person;

use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, random, see_other_with, session};
use crate::pages::account::{AccountPost, NewAccount, create, reset};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// Accounts shown on one page.
const PAGE: i64 = 500;
/// The capacities an operator gives out; those of units and experts come from their own pages.
const CAPACITIES: [Capacity; 9] = [
    Capacity::Clerk,
    Capacity::Signatory,
    Capacity::Reviewer,
    Capacity::Organiser,
    Capacity::Drafter,
    Capacity::Decider,
    Capacity::Publisher,
    Capacity::Supervisor,
    Capacity::Operator,
];

#[derive(Template)]
#[template(path = "ops/accounts.html")]
struct AccountsPage {
    shell: Shell,
    form: form::Form,
    rows: Vec<AccountRow>,
    /// The login and password of the account just made: shown this once.
    made: Option<(String, String)>,
    /// The link that sets a password anew, whose, and from when it works: shown this once.
    link: Option<(String, String, String)>,
}

struct AccountRow {
    id: String,
    login: String,
    name: String,
    /// What stands in the images that this person looks at.
    number: String,
    posts: String,
    closed: bool,
    own: bool,
}

fn sides() -> Vec<(String, String)> {
    let mut sides = vec![
        ("department".to_owned(), "内蒙古自治区科学技术厅".to_owned()),
        ("operator".to_owned(), "平台运维".to_owned()),
    ];
    let authority = |a: &reference::Authority| (format!("authority:{}", a.id), a.name.to_owned());
    sides.extend(reference::authorities().iter().map(authority));
    sides
}

fn fields() -> Vec<FieldSpec> {
    let capacities = CAPACITIES.map(|c| (session::capacity_text(c), c.term()));
    vec![
        FieldSpec::text("name", "姓名", 30).required(),
        FieldSpec::text("login", "账号", 32)
            .required()
            .hint("小写字母、数字、点和短横，3 至 32 个字符"),
        FieldSpec::select("side", "所在部门", sides()).required(),
        FieldSpec::select("capacity", "身份", capacities).required(),
    ]
}

/// Whether a capacity belongs to a side: a clerk is no decider of the Department.
fn fits(side: &str, capacity: Capacity) -> bool {
    match session::side(side) {
        Some(Side::Authority(_)) => matches!(capacity, Capacity::Clerk | Capacity::Signatory),
        Some(Side::Operator) => capacity == Capacity::Operator,
        Some(Side::Department) => {
            !matches!(capacity, Capacity::Clerk | Capacity::Signatory | Capacity::Operator)
        }
        _ => false,
    }
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
    made: Option<(String, String)>,
) -> Result<AccountsPage, Fault> {
    let mut rows = Vec::new();
    for person in state.store.persons(None, PAGE).await? {
        let posts = state.store.posts(&person.id).await?;
        let words = posts.iter().filter_map(|post| session::capacity(&post.capacity));
        rows.push(AccountRow {
            own: person.id == signed.actor.person.as_str(),
            posts: words.map(Capacity::term).collect::<Vec<_>>().join("、"),
            number: crate::preview::number(&person.id),
            id: person.id,
            login: person.login,
            name: person.name,
            closed: person.disabled,
        });
    }
    let mut shell = Shell::new(&signed.visitor, "账号").crumb("/ops", "运行状况");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/ops/accounts", "建立账号", fields())
        .intro("口令由系统随机产生，只显示一次；本人登录后在个人中心修改。")
        .values(values)
        .errors(errors);
    Ok(AccountsPage { shell, form, rows, made, link: None })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new(), None).await?)
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "建立账号", &posted.0).await? {
        return Ok(page);
    }
    let values = Values::typed(&posted.0);
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&state, &signed, values, errors, None).await?);
    }
    let (login, side) = (posted.get("login").to_owned(), posted.get("side").to_owned());
    let capacity = session::capacity(posted.get("capacity")).filter(|c| fits(&side, *c));
    let Some(capacity) = capacity else {
        let error = FieldError::new("capacity", "这个部门没有这种身份，改选部门或身份");
        return unprocessable(&shown(&state, &signed, values, vec![error], None).await?);
    };
    // Drawn, not chosen: nobody else knows it.
    let secret = random::key();
    let account = NewAccount {
        login: login.clone(),
        name: posted.get("name").to_owned(),
        password_hash: Some(state.passwords.hash(&secret).await?),
        post: AccountPost { side, capacity },
        now_ms: state.clock.wall_ms(),
        today: state.clock.today().to_string(),
        setup: None,
    };
    match create(&state.store, account).await {
        Ok(_) => {
            let made = Some((login, secret));
            page(&shown(&state, &signed, Values::default(), Vec::new(), made).await?)
        }
        Err(Fault::Refused(sentence) | Fault::Conflict(sentence)) => {
            let error = FieldError::new("login", sentence);
            unprocessable(&shown(&state, &signed, values, vec![error], None).await?)
        }
        Err(fault) => Err(fault),
    }
}

/// Makes a link with which somebody else sets a password anew.
pub(super) async fn reset(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "重置密码", &posted.0).await? {
        return Ok(page);
    }
    let id = posted.get("person");
    let own = id == signed.actor.person.as_str();
    let person = state.store.person(id).await?.filter(|person| !own && !person.disabled);
    let person = person.ok_or(Fault::NotFound)?;
    let (link, opens) = reset::link(&state, &headers, &person, &signed).await?;
    let mut page_ = shown(&state, &signed, Values::default(), Vec::new(), None).await?;
    page_.link = Some((link, person.name, opens));
    page_with(StatusCode::CREATED, &page_)
}

/// Closes an account: its sessions end at once, what it did stays under its name.
pub(super) async fn close(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "停用账号", &posted.0).await? {
        return Ok(page);
    }
    let id = posted.get("person");
    let own = id == signed.actor.person.as_str();
    let person = state.store.person(id).await?.filter(|_| !own).ok_or(Fault::NotFound)?;
    let login = person.login.clone();
    state.store.save_person(Person { disabled: true, ..person }).await?;
    state.store.end_sessions(id, None).await?;
    let text = format!("账号 {login} 已停用，登录已全部退出");
    Ok(see_other_with(&state, "/ops/accounts", &Flash { tone: Tone::Ok, text }))
}
