//! 修改密码 — the old one once more, the new one twice; every other device is signed out.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use store::recovery::{self, Kind};

use super::device;
use crate::factors::log;
use crate::http::password::{CHARS_MIN, complaint};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, Own, SignedIn, add_cookie, see_other_with, session};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/form_page.html")]
pub(super) struct FormPage {
    pub(super) shell: Shell,
    pub(super) form: form::Form,
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::password("current", "现在的密码").required(),
        FieldSpec::password("new_password", "新密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
        FieldSpec::password("again", "确认新密码").required(),
    ]
}

fn shown(signed: &SignedIn, errors: Vec<FieldError>) -> FormPage {
    let mut shell = Shell::new(&signed.visitor, "修改密码").crumb("/profile", "个人中心");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/profile/password", "修改密码", fields())
        .intro("修改后，其他设备上的登录全部退出。")
        .leave("/profile", "返回个人中心")
        .errors(errors);
    FormPage { shell, form }
}

pub(super) async fn get(Own(signed): Own) -> Answer {
    page(&shown(&signed, Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    Own(signed): Own,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "修改密码", &posted.0).await? {
        return Ok(page);
    }
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&signed, errors));
    }
    let known: Vec<&str> = signed.signed().known_of().collect();
    if let Some(error) = mismatch(&posted, &known) {
        return unprocessable(&shown(&signed, vec![error]));
    }
    let person = state.store.person(signed.actor.person.as_str()).await?;
    let mut person = person.ok_or(Fault::NotFound)?;
    let tries = signed.tries();
    tries.may(&state).await?.map_err(Fault::TooMany)?;
    tries.begin(&state).await?;
    let hash = person.password_hash.as_deref();
    if !state.passwords.verify(posted.raw("current"), hash).await? {
        tries.wrong(&state).await?;
        let error = FieldError::new("current", "现在的密码不对，核对后再填一次");
        return unprocessable(&shown(&signed, vec![error]));
    }
    tries.right(&state).await?;
    person.password_hash = Some(state.passwords.hash(posted.raw("new_password")).await?);
    let (id, now_ms) = (person.id.clone(), state.clock.wall_ms());
    // A link that was made before sets no password over the one just chosen.
    let write = state.store.write(move |tx| {
        store::people::save_person(tx, &person)?;
        recovery::drop_reset(tx, &person.id)?;
        if let Some(case) = recovery::open_case(tx, &person.id, Kind::Password)? {
            recovery::end(tx, &case.id, "changed", now_ms)?;
        }
        store::access::end_sessions(tx, &person.id, None)
    });
    write.await?;
    let post = signed.signed().post.id.as_str();
    let with = signed.proved_with();
    let cookie = session::begin(&state, &id, Some(post), &device::label(&headers), with).await?;
    log::note(&state, &id, log::Kind::PasswordChanged, &device::label(&headers), &id).await?;
    let text = "密码已修改，其他设备上的登录已退出".to_owned();
    let mut response = see_other_with(&state, "/profile", &Flash { tone: Tone::Ok, text });
    add_cookie(&mut response, cookie);
    Ok(response)
}

/// What is wrong with the new password.
pub(in crate::pages) fn mismatch(posted: &Form, about: &[&str]) -> Option<FieldError> {
    let new = posted.raw("new_password");
    if let Some(sentence) = complaint(new, about) {
        return Some(FieldError::new("new_password", sentence));
    }
    (new != posted.raw("again")).then(|| FieldError::new("again", "两次填写的新密码不一样"))
}
