//! 首次设置 — the first account, made through a link that is printed once and works once.

use axum::extract::{Path, State};
use consortium::actor::Capacity;
use store::{Person, Post, Store};

use super::password::{FormPage, mismatch};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, random, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// Where the digest of the link's secret is kept until it was used.
const KEY: &str = "setup.link";

/// Makes a set-up link while there is no account; `None` once there is one.
///
/// Only the digest is kept; a link printed by an earlier start no longer works.
pub async fn open_setup(store: &Store) -> Result<Option<String>, Fault> {
    if !store.persons(None, 1).await?.is_empty() {
        return Ok(None);
    }
    let secret = random::secret_hex();
    store.set_setting(KEY, &session::digest(&secret)).await?;
    Ok(Some(format!("/setup/{secret}")))
}

/// Whether the secret of a link is the one kept, and there is still no account.
async fn is_open(state: &AppState, secret: &str) -> Result<bool, Fault> {
    let kept = state.store.setting(KEY).await?.unwrap_or_default();
    let fits = !kept.is_empty() && kept == session::digest(secret);
    Ok(fits && state.store.persons(None, 1).await?.is_empty())
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("name", "姓名", 30).required(),
        FieldSpec::text("login", "账号", 32)
            .required()
            .hint("小写字母、数字、点和短横，3 至 32 个字符"),
        FieldSpec::password("new_password", "密码").required().hint("至少 10 个字符"),
        FieldSpec::password("again", "确认密码").required(),
    ]
}

fn shown(visitor: &Visitor, token: &str, values: Values, errors: Vec<FieldError>) -> FormPage {
    let mut shell = Shell::new(visitor, "设置第一个账号").with_form(visitor);
    shell.has_errors = !errors.is_empty();
    shell.indexed = false;
    let action = format!("/setup/{token}");
    let form = form::Form::new(&shell.csrf, action, "建立运维账号", fields())
        .intro("这个账号管理平台的运行和其他账号，不办理业务。链接用过即失效。")
        .values(values)
        .errors(errors);
    FormPage { shell, form }
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Answer {
    let tries = Tries::of("setup", "link", visitor.address());
    tries.may(&state).await?.map_err(Fault::TooMany)?;
    if !is_open(&state, &token).await? {
        tries.begin(&state).await?;
        return Err(Fault::NotFound);
    }
    page(&shown(&visitor, &token, Values::default(), Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(token): Path<String>,
    posted: Form,
) -> Answer {
    if !is_open(&state, &token).await? {
        return Err(Fault::NotFound);
    }
    let values = Values::typed(&posted.0);
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&visitor, &token, values, errors));
    }
    let login = posted.get("login");
    let complaint = (!is_login(login))
        .then(|| FieldError::new("login", "账号用小写字母、数字、点和短横，3 至 32 个字符"))
        .or_else(|| mismatch(&posted, &[login, posted.get("name")]));
    if let Some(error) = complaint {
        return unprocessable(&shown(&visitor, &token, values, vec![error]));
    }
    let account = NewAccount {
        login: login.to_owned(),
        name: posted.get("name").to_owned(),
        password_hash: Some(state.passwords.hash(posted.raw("new_password")).await?),
        post: AccountPost { side: "operator".to_owned(), capacity: Capacity::Operator },
        now_ms: state.clock.wall_ms(),
        today: state.clock.today().to_string(),
        setup: Some(session::digest(&token)),
    };
    create(&state.store, account).await?;
    let text = "运维账号已建立，用它登录".to_owned();
    Ok(see_other_with(&state, "/login", &Flash { tone: Tone::Ok, text }))
}

/// Whether something can be typed to sign in.
fn is_login(login: &str) -> bool {
    let known = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-')
    };
    (3..=32).contains(&login.len()) && login.chars().all(known)
}

/// An account that is to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What the person types to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The hash of the first password; `None` until one is set.
    pub password_hash: Option<String>,
    /// The first post.
    pub post: AccountPost,
    /// When, by the wall.
    pub now_ms: i64,
    /// The legal day from which the post is held.
    pub today: String,
    /// The digest of the set-up link that is used up by this, when there is one.
    pub setup: Option<String>,
}

/// The first post of an account.
#[derive(Clone, Debug)]
pub struct AccountPost {
    /// For whom, as posts write it: `department`, `authority:RA01`.
    pub side: String,
    /// In which capacity.
    pub capacity: Capacity,
}

/// Makes an account with its first post, in one transaction; gives the person's id.
pub async fn create(store: &Store, account: NewAccount) -> Result<String, Fault> {
    if !is_login(&account.login) {
        return Err(Fault::Refused("账号用小写字母、数字、点和短横，3 至 32 个字符".to_owned()));
    }
    let id = format!("P{}", random::key());
    let person = Person {
        id: id.clone(),
        login: account.login,
        name: account.name,
        password_hash: account.password_hash,
        created_ms: account.now_ms,
        disabled: false,
    };
    let post = Post {
        id: format!("D{}", random::key()),
        person: id.clone(),
        side: account.post.side,
        capacity: session::capacity_text(account.post.capacity),
        from: account.today,
        to: None,
    };
    let setup = account.setup;
    let made = store.write(move |tx| {
        if let Some(digest) = &setup {
            let kept = store::settings::setting(tx, KEY)?;
            if kept.as_deref() != Some(digest.as_str())
                || !store::people::persons(tx, None, 1)?.is_empty()
            {
                return Ok(false);
            }
            store::settings::set_setting(tx, KEY, "")?;
        }
        if store::people::person_by_login(tx, &person.login)?.is_some() {
            return Ok(false);
        }
        store::people::save_person(tx, &person)?;
        store::people::save_post(tx, &post)?;
        Ok(true)
    });
    if made.await? {
        Ok(id)
    } else {
        Err(Fault::Conflict("这个账号已有人使用。".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_short_and_plain() {
        for login in ["abc", "zhao.min-2", &"a".repeat(32)] {
            assert!(is_login(login), "{login}");
        }
        for login in ["ab", "Zhao", "赵敏", "a b", "a@b", &"a".repeat(33)] {
            assert!(!is_login(login), "{login}");
        }
    }
}
