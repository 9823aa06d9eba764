//! 重置密码 — somebody with the duty makes a link, the person sets a password with it. The link
//! works once and for a day, looking at it does not use it up, and it never stands in for the
//! second factor: whoever has bound one shows it here.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use store::Person;
use store::recovery::{self, Kind};

use super::password::{FormPage, mismatch};
use crate::clock;
use crate::factors::{self, Shown, log};
use crate::http::password::CHARS_MIN;
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, SignedIn, Visitor, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, page_with};
use crate::state::AppState;

/// Makes a link for a person, with the address the browser asked, and says from when it works.
pub(crate) async fn link(
    state: &AppState,
    headers: &HeaderMap,
    person: &Person,
    by: &SignedIn,
) -> Result<(String, String), Fault> {
    let made = crate::recovery::make(state, &by.actor, person).await?;
    let secret = made.secret.unwrap_or_default();
    Ok((address(state, headers, &secret), clock::written(made.opens_ms)))
}

/// Where the link of a secret leads, with the address the browser asked.
pub(super) fn address(state: &AppState, headers: &HeaderMap, secret: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if state.config.secure { "https" } else { "http" };
    format!("{scheme}://{host}/reset/{secret}")
}

/// Whose password a link sets, while it works, and whether a second factor is asked.
async fn found(state: &AppState, visitor: &Visitor, secret: &str) -> Result<(Person, bool), Fault> {
    let tries = Tries::of("reset", "link", visitor.address());
    tries.may(state).await?.map_err(Fault::TooMany)?;
    let now_ms = state.clock.wall_ms();
    let reset = state.store.reset(&session::digest(secret)).await?;
    if let Some(reset) = reset.filter(|reset| now_ms < reset.expires_ms) {
        if now_ms < reset.opens_ms {
            let opens = clock::written(reset.opens_ms);
            let sentence = format!("这个链接 {opens} 起可以用，到时再打开。");
            return Err(Fault::Refused(sentence));
        }
        let person = state.store.person(&reset.person).await?;
        if let Some(person) = person.filter(|person| !person.disabled) {
            let bound = factors::is_bound(state, &person.id).await?;
            return Ok((person, bound));
        }
    }
    tries.wrong(state).await?;
    Err(Fault::Refused("这个链接已经用过或过了一天。联系生成链接的人重新生成。".to_owned()))
}

fn fields(bound: bool) -> Vec<FieldSpec> {
    let mut fields = vec![
        FieldSpec::password("new_password", "新密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
        FieldSpec::password("again", "确认新密码").required(),
    ];
    if bound {
        let code = FieldSpec::text("code", "动态口令", 40).required();
        fields.push(code.hint("手机上显示的六位数字；手机不在手边的，填一个恢复码"));
    }
    fields
}

fn shown(
    visitor: &Visitor,
    secret: &str,
    (person, bound): &(Person, bool),
    errors: Vec<FieldError>,
) -> FormPage {
    let mut shell = Shell::new(visitor, "重置密码").with_form(visitor);
    shell.has_errors = !errors.is_empty();
    shell.indexed = false;
    let action = format!("/reset/{secret}");
    let form = form::Form::new(&shell.csrf, action, "设置新密码", fields(*bound))
        .intro(format!(
            "{}，账号“{}”。设置后各处的登录和访问令牌全部退出，链接随即失效。",
            person.name, person.login
        ))
        .errors(errors);
    FormPage { shell, form }
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Answer {
    let found = found(&state, &visitor, &secret).await?;
    page(&shown(&visitor, &secret, &found, Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
    posted: Form,
) -> Answer {
    let found = found(&state, &visitor, &secret).await?;
    let again =
        |status: StatusCode, errors| page_with(status, &shown(&visitor, &secret, &found, errors));
    let (person, bound) = &found;
    if let Err(errors) = parse(&fields(*bound), &posted.0) {
        return again(StatusCode::UNPROCESSABLE_ENTITY, errors);
    }
    if let Some(error) = mismatch(&posted, &[&person.login, &person.name]) {
        return again(StatusCode::UNPROCESSABLE_ENTITY, vec![error]);
    }
    if *bound {
        let tries = Tries::of("code", &person.id, visitor.address());
        if let Err(seconds) = tries.may(&state).await? {
            let error = FieldError::new("code", format!("尝试次数较多，{seconds} 秒后再试"));
            return again(StatusCode::TOO_MANY_REQUESTS, vec![error]);
        }
        tries.begin(&state).await?;
        match factors::show(&state, &person.id, posted.get("code")).await? {
            Shown::Right(_) => tries.right(&state).await?,
            other => {
                tries.wrong(&state).await?;
                let error = FieldError::new("code", factors::sentence(&other));
                return again(StatusCode::UNPROCESSABLE_ENTITY, vec![error]);
            }
        }
    }
    let password_hash = Some(state.passwords.hash(posted.raw("new_password")).await?);
    let changed = Person { password_hash, ..person.clone() };
    let line = log::line(&state, &person.id, log::Kind::PasswordReset, "", &person.id);
    let (hash, now_ms) = (session::digest(&secret), state.clock.wall_ms());
    let write = state.store.write(move |tx| {
        if !recovery::use_reset(tx, &hash)? {
            return Ok(false);
        }
        store::people::save_person(tx, &changed)?;
        store::access::end_sessions(tx, &changed.id, None)?;
        store::access::end_tokens(tx, &changed.id)?;
        if let Some(case) = recovery::open_case(tx, &changed.id, Kind::Password)? {
            recovery::end(tx, &case.id, "done", now_ms)?;
        }
        store::factors::log(tx, &line)?;
        Ok(true)
    });
    if !write.await? {
        return Err(Fault::Conflict("这个链接刚刚用过，用新密码登录。".to_owned()));
    }
    let text = format!("密码已重置，用账号“{}”登录", person.login);
    Ok(see_other_with(&state, "/login", &Flash { tone: Tone::Ok, text }))
}
