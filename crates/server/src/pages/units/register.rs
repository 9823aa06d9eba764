//! 注册单位 — a unit comes onto the platform with its first handler. A code that is taken is never
//! taken over.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::{PersonId, Personal, UnitId};
use consortium::reference;
use consortium::refusal::RefusalKind;
use consortium::unit::{Command, Profile};
use serde_json::Value;
use store::{Person, Post};

use super::{invitation, profile};
use crate::http::password::{CHARS_MIN, complaint};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, random, see_other_with, session};
use crate::office::{Envelope, OfficeError, new_unit_id};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "units/register.html")]
struct RegisterPage {
    shell: Shell,
    form: form::Form,
}

fn fields(doubted: bool) -> Vec<FieldSpec> {
    let mut fields = profile::fields(doubted);
    fields.extend([
        FieldSpec::text("person", "经办人姓名", 30).required().hint("由他为单位办理备案事项"),
        FieldSpec::text("login", "经办人账号", 32).required().hint(invitation::LOGIN_HINT),
        FieldSpec::password("new_password", "密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
        FieldSpec::password("again", "确认密码").required(),
    ]);
    fields
}

fn shown(
    visitor: &Visitor,
    doubted: bool,
    values: Values,
    errors: Vec<FieldError>,
) -> RegisterPage {
    let mut shell = Shell::new(visitor, "注册单位")
        .with_form(visitor)
        .about("单位注册后，由住所地的归口管理部门激活账号，即可牵头申请或参加创新联合体");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/units/register", "提交注册", fields(doubted))
        .values(values)
        .errors(errors)
        .leave("/", "返回首页");
    RegisterPage { shell, form }
}

pub(super) async fn get(visitor: Visitor) -> Answer {
    page(&shown(&visitor, false, Values::default(), Vec::new()))
}

/// The account that is asked for.
struct Account {
    person: PersonId,
    name: String,
    login: String,
}

pub(super) async fn post(State(state): State<AppState>, visitor: Visitor, posted: Form) -> Answer {
    let again = Values::typed(&posted.0);
    let doubted = posted.0.iter().any(|(name, _)| name == "code_confirmed");
    // The form keeps its key, so that a second try finds the unit of the first.
    let retry = |doubted: bool, errors: Vec<FieldError>| {
        let mut page_ = shown(&visitor, doubted, again.clone(), errors);
        if !posted.key().is_empty() {
            posted.key().clone_into(&mut page_.form.key);
        }
        page_
    };
    let read = parse(&fields(true), &posted.0);
    let value: Value = match read {
        Ok(value) => value,
        Err(errors) => return unprocessable(&retry(doubted, errors)),
    };
    let Some(asked) = profile::of(&value) else {
        let error = FieldError::new("legal_form", "从列表中选择法人类型");
        return unprocessable(&retry(doubted, vec![error]));
    };
    let account = Account {
        person: person_of(posted.key()),
        name: posted.get("person").to_owned(),
        login: posted.get("login").to_lowercase(),
    };
    if let Some(error) = complaint_about(&state, &posted, &account).await? {
        return unprocessable(&retry(doubted, vec![error]));
    }
    let tries = Tries::of("register", &account.login, visitor.address());
    if let Err(seconds) = tries.may(&state).await? {
        let error = FieldError::new("unit_name", format!("这里注册得较密，{seconds} 秒后再提交"));
        return page_with(StatusCode::TOO_MANY_REQUESTS, &retry(doubted, vec![error]));
    }
    tries.wrong(&state).await?;
    let unit = match register(&state, &posted, &account, asked.clone()).await {
        Ok(unit) => unit,
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::NotFound => {
            let field = profile::field_of(refusal.field.as_deref().unwrap_or("unit_name"));
            let doubted = doubted || refusal.reason.contains("校验位");
            let sentence = format!("{}，{}", refusal.reason, refusal.remedy);
            return unprocessable(&retry(doubted, vec![FieldError::new(field, sentence)]));
        }
        Err(error) => return Err(error.into()),
    };
    let hash = state.passwords.hash(posted.raw("new_password")).await?;
    if !save(&state, &account, &unit, hash).await? {
        let error = FieldError::new("login", "这个账号已有人使用，换一个");
        return unprocessable(&retry(doubted, vec![error]));
    }
    let by = reference::route(&asked.area, state.clock.today(), None);
    let by = by.map_or("自治区科技厅", |authority| authority.name);
    let text = format!("{}已注册，由{by}激活。现在可以登录，激活后即可办理备案", asked.name);
    Ok(see_other_with(&state, "/login", &Flash { tone: Tone::Ok, text }))
}

/// The person that a form makes, however often it is sent.
fn person_of(key: &str) -> PersonId {
    if key.is_empty() {
        return PersonId(format!("P{}", random::key()));
    }
    let digest = session::digest(&format!("the person of a registration\n{key}"));
    PersonId(format!("P{}", digest.get(..32).unwrap_or(&digest)))
}

async fn complaint_about(
    state: &AppState,
    posted: &Form,
    account: &Account,
) -> Result<Option<FieldError>, Fault> {
    if !invitation::is_login(&account.login) {
        return Ok(Some(FieldError::new("login", format!("账号用{}", invitation::LOGIN_HINT))));
    }
    if let Some(sentence) = complaint(posted.raw("new_password"), &account.login) {
        return Ok(Some(FieldError::new("new_password", sentence)));
    }
    if posted.raw("new_password") != posted.raw("again") {
        return Ok(Some(FieldError::new("again", "两次填写的密码不一样")));
    }
    let holder = state.store.person_by_login(&account.login).await?;
    if holder.is_some_and(|holder| holder.id != account.person.as_str()) {
        return Ok(Some(FieldError::new("login", "这个账号已有人使用，换一个")));
    }
    Ok(None)
}

/// Registers the unit; the same form sent again answers with the same unit.
async fn register(
    state: &AppState,
    posted: &Form,
    account: &Account,
    asked: Profile,
) -> Result<UnitId, OfficeError> {
    let actor = Actor {
        person: account.person.clone(),
        name: Personal::new(account.name.clone()),
        side: Side::Public,
        capacity: Capacity::Public,
    };
    let key = Some(posted.key().to_owned()).filter(|key| !key.is_empty());
    let envelope = Envelope { key, expected: None };
    let id = new_unit_id();
    let done = state.office.unit(&actor, &id, &Command::Register(asked), envelope).await?;
    Ok(UnitId(done.id))
}

/// Makes the account and its post; `false` when somebody took the login meanwhile.
async fn save(
    state: &AppState,
    account: &Account,
    unit: &UnitId,
    hash: String,
) -> Result<bool, Fault> {
    let person = Person {
        id: account.person.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        password_hash: Some(hash),
        created_ms: state.clock.wall_ms(),
        disabled: false,
    };
    let post = Post {
        id: format!("D{}", random::key()),
        person: person.id.clone(),
        side: format!("unit:{unit}"),
        capacity: session::capacity_text(Capacity::Handler),
        from: state.clock.today().to_string(),
        to: None,
    };
    let write = state.store.write(move |tx| {
        // Sent twice: the account is there already, and its password stays.
        if store::people::person(tx, &person.id)?.is_some() {
            return Ok(true);
        }
        if store::people::person_by_login(tx, &person.login)?.is_some() {
            return Ok(false);
        }
        store::people::save_person(tx, &person)?;
        store::people::save_post(tx, &post)?;
        Ok(true)
    });
    Ok(write.await?)
}
