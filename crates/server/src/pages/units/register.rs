//! 注册单位 — a unit comes onto the platform with its first handler. A code that is taken is never
//! taken over.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::{PersonId, Personal};
use consortium::reference;
use consortium::refusal::RefusalKind;
use consortium::unit::{Command, Profile};
use serde_json::Value;
use store::Person;

use super::{profile, welcome};
use crate::http::password::{CHARS_MIN, complaint};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, random, see_other_with, session};
use crate::office::{Enclosure, Envelope, OfficeError, new_unit_id};
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

/// What is asked: somebody who is signed in has an account already. Where the code is registered,
/// whoever says that the unit is theirs can say why.
fn fields(doubted: bool, signed: bool, taken: bool) -> Vec<FieldSpec> {
    let mut fields = profile::fields(doubted);
    if taken {
        fields.extend([
            FieldSpec::check("claim", "这个单位应由我们办理，提出归属争议")
                .hint("本单位已有同事注册的，不要提出，向他索取邀请")
                .clause("6.4"),
            FieldSpec::long("statement", "情况说明", 2_000)
                .hint("为什么这个单位应由你们办理；登录后再上传证明材料。提出后双方都会知道，由归口管理部门决定，其间账号不变"),
        ]);
    }
    if signed {
        return fields;
    }
    fields.extend([
        FieldSpec::text("person", "经办人姓名", 30)
            .required()
            .hint("由他为单位办理备案事项，并管理单位人员"),
        FieldSpec::text("login", "经办人账号", 32).required().hint(welcome::LOGIN_HINT),
        FieldSpec::password("new_password", "密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
        FieldSpec::password("again", "确认密码").required(),
    ]);
    fields
}

/// What the page asks for just now.
#[derive(Clone, Copy, Default)]
struct Asks {
    /// A check digit fails.
    doubted: bool,
    /// The code is registered.
    taken: bool,
}

fn shown(visitor: &Visitor, asks: Asks, values: Values, errors: Vec<FieldError>) -> RegisterPage {
    let mut shell = Shell::new(visitor, "注册单位")
        .with_form(visitor)
        .about("单位注册后，由住所地的归口管理部门激活账号，即可牵头申请或参加创新联合体");
    shell.has_errors = !errors.is_empty();
    let fields = fields(asks.doubted, visitor.signed().is_some(), asks.taken);
    let form = form::Form::new(&shell.csrf, "/units/register", "提交注册", fields)
        .values(values)
        .errors(errors)
        .leave("/", "返回首页");
    RegisterPage { shell, form }
}

pub(super) async fn get(visitor: Visitor) -> Answer {
    page(&shown(&visitor, Asks::default(), Values::default(), Vec::new()))
}

/// Who registers: with an account that is made for it, or with the one signed in with.
struct Account {
    person: PersonId,
    name: String,
    login: String,
    fresh: bool,
}

impl Account {
    fn of(visitor: &Visitor, posted: &Form) -> Self {
        match visitor.signed() {
            Some(signed) => Self {
                person: signed.actor.person.clone(),
                name: signed.actor.name.value.clone(),
                login: signed.login.clone(),
                fresh: false,
            },
            None => Self {
                person: person_of(posted.key()),
                name: posted.get("person").to_owned(),
                login: posted.get("login").to_lowercase(),
                fresh: true,
            },
        }
    }

    /// A person who acts for nobody yet.
    fn actor(&self) -> Actor {
        Actor {
            person: self.person.clone(),
            name: Personal::new(self.name.clone()),
            side: Side::Public,
            capacity: Capacity::Public,
        }
    }

    /// The account that is made, with the password that was chosen.
    async fn made(&self, state: &AppState, posted: &Form) -> Result<Enclosure, Fault> {
        if !self.fresh {
            return Ok(Enclosure::default());
        }
        let person = Person {
            id: self.person.to_string(),
            login: self.login.clone(),
            name: self.name.clone(),
            password_hash: Some(state.passwords.hash(posted.raw("new_password")).await?),
            created_ms: state.clock.wall_ms(),
            disabled: false,
        };
        Ok(Enclosure { account: Some(person), ..Enclosure::default() })
    }
}

pub(super) async fn post(State(state): State<AppState>, visitor: Visitor, posted: Form) -> Answer {
    let again = Values::typed(&posted.0);
    let typed = |name: &str| posted.0.iter().any(|(known, _)| known == name);
    let asks = Asks { doubted: typed("code_confirmed"), taken: typed("statement") };
    // The form keeps its key, so that a second try finds the unit of the first.
    let retry = |asks: Asks, errors: Vec<FieldError>| {
        let mut page_ = shown(&visitor, asks, again.clone(), errors);
        if !posted.key().is_empty() {
            posted.key().clone_into(&mut page_.form.key);
        }
        page_
    };
    let read = parse(&fields(true, visitor.signed().is_some(), true), &posted.0);
    let value: Value = match read {
        Ok(value) => value,
        Err(errors) => return unprocessable(&retry(asks, errors)),
    };
    let Some(asked) = profile::of(&value) else {
        let error = FieldError::new("legal_form", "从列表中选择法人类型");
        return unprocessable(&retry(asks, vec![error]));
    };
    let account = Account::of(&visitor, &posted);
    if account.fresh
        && let Some(error) = complaint_about(&state, &posted, &account).await?
    {
        return unprocessable(&retry(asks, vec![error]));
    }
    let tries = Tries::of("register", &account.login, visitor.address());
    if let Err(seconds) = tries.may(&state).await? {
        let error = FieldError::new("unit_name", format!("这里注册得较密，{seconds} 秒后再提交"));
        return page_with(StatusCode::TOO_MANY_REQUESTS, &retry(asks, vec![error]));
    }
    tries.wrong(&state).await?;
    match register(&state, &posted, &account, asked.clone()).await {
        Ok(()) => {}
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::NotFound => {
            let of = refusal.field.as_deref().unwrap_or("unit_name");
            let taken = of == "code" && refusal.reason.contains("已经注册");
            if taken && !posted.get("claim").is_empty() {
                return claim(&state, (&visitor, &posted, &account), &asked.code, retry).await;
            }
            let asks = Asks {
                doubted: asks.doubted || refusal.reason.contains("校验位"),
                taken: asks.taken || taken,
            };
            let field = if of == "login" { of } else { profile::field_of(of) };
            let sentence = format!("{}，{}", refusal.reason, refusal.remedy);
            return unprocessable(&retry(asks, vec![FieldError::new(field, sentence)]));
        }
        Err(error) => return Err(error.into()),
    }
    let by = reference::route(&asked.area, state.clock.today(), None);
    let by = by.map_or("自治区科技厅", |authority| authority.name);
    let (to, then) = match visitor.signed() {
        Some(_) => ("/profile", "激活后即可办理备案；在个人中心切换到这个单位的身份"),
        None => ("/login", "现在可以登录，激活后即可办理备案"),
    };
    let text = format!("{}已注册，由{by}激活。{then}", asked.name);
    Ok(see_other_with(&state, to, &Flash { tone: Tone::Ok, text }))
}

/// 提出归属争议 — the code stays with whoever registered it until a person decides.
async fn claim(
    state: &AppState,
    (visitor, posted, account): (&Visitor, &Form, &Account),
    code: &str,
    retry: impl Fn(Asks, Vec<FieldError>) -> RegisterPage,
) -> Answer {
    let unit = state.office.unit_of_code(code).await?.ok_or(Fault::Stale)?;
    let command = Command::Dispute { statement: posted.get("statement").to_owned(), file: None };
    let key = Some(format!("{}-claim", posted.key())).filter(|key| key.len() > 6);
    let envelope = Envelope { key, expected: None };
    let enclosure = account.made(state, posted).await?;
    let actor = account.actor();
    match state.office.unit_with(&actor, &unit, &command, (envelope, enclosure)).await {
        Ok(_) => {}
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::NotFound => {
            let field = refusal.field.as_deref().unwrap_or("claim").to_owned();
            let sentence = format!("{}，{}", refusal.reason, refusal.remedy);
            let asks = Asks { doubted: true, taken: true };
            return unprocessable(&retry(asks, vec![FieldError::new(field, sentence)]));
        }
        Err(error) => return Err(error.into()),
    }
    let there = format!("/units/{unit}/disputes");
    let text =
        "已提出归属争议，双方都已告知。登录后上传证明材料，等归口管理部门作出决定".to_owned();
    let to = match visitor.signed() {
        Some(_) => there,
        None => format!("/login?next={there}"),
    };
    Ok(see_other_with(state, &to, &Flash { tone: Tone::Ok, text }))
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
    if !welcome::is_login(&account.login) {
        return Ok(Some(FieldError::new("login", format!("账号用{}", welcome::LOGIN_HINT))));
    }
    if let Some(sentence) = complaint(
        posted.raw("new_password"),
        &[&account.login, &account.name, posted.get("unit_name")],
    ) {
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

/// Registers the unit with its first people; the same form sent again answers with the same unit.
async fn register(
    state: &AppState,
    posted: &Form,
    account: &Account,
    asked: Profile,
) -> Result<(), OfficeError> {
    let key = Some(posted.key().to_owned()).filter(|key| !key.is_empty());
    let envelope = Envelope { key, expected: None };
    let Ok(enclosure) = account.made(state, posted).await else {
        return Err(OfficeError::Store(store::StoreError::Busy));
    };
    let (actor, id) = (account.actor(), new_unit_id());
    let command = Command::Register(asked);
    state.office.unit_with(&actor, &id, &command, (envelope, enclosure)).await.map(drop)
}
