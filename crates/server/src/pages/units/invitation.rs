//! 接受邀请 — the link of an invitation. Looking at it changes nothing; the one who is meant accepts by
//! a button, signed in or with a new account.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::{PersonId, Personal, UnitId};
use consortium::refusal::RefusalKind;
use consortium::unit::invitation::{Address, Invitation, Outcome};
use consortium::unit::{Command, Unit};
use store::Person;

use super::welcome::{LOGIN_HINT, is_login};
use crate::http::password::CHARS_MIN;
use crate::http::strength::With;
use crate::http::throttle::Tries;
use crate::http::{
    Answer, Fault, Form, Visitor, add_cookie, random, see_other, see_other_with, session,
};
use crate::office::{Enclosure, Envelope, OfficeError};
use crate::pages::account::device;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, KeyValues, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "units/invitation.html")]
struct InvitationPage {
    shell: Shell,
    facts: KeyValues,
    /// Where it is accepted and declined.
    here: String,
    /// What stands in the way, and what to do next.
    barred: Option<(String, String)>,
    /// The name and account signed in with.
    signed: Option<(String, String)>,
    /// A new account, for somebody who has none.
    form: Option<form::Form>,
}

/// An invitation that a link opened.
struct Found {
    unit: Unit,
    no: u32,
}

impl Found {
    fn kept(&self) -> Result<&Invitation, Fault> {
        self.unit.invitation(self.no).ok_or(Fault::NotFound)
    }
}

/// Opens a link; who guesses is slowed down.
async fn found(state: &AppState, visitor: &Visitor, secret: &str) -> Result<Found, Fault> {
    let tries = Tries::of("invitation", "link", visitor.address());
    tries.may(state).await?.map_err(Fault::TooMany)?;
    if let Some((unit, no)) = state.store.invitation(&session::digest(secret)).await?
        && let Some(unit) = state.office.unit_with_people(&UnitId(unit)).await?
    {
        return Ok(Found { unit, no });
    }
    tries.wrong(state).await?;
    Err(Fault::Refused(
        "这个链接打不开邀请：可能抄漏了几位，也可能对方换过新的链接。向邀请你的人重新索取。"
            .to_owned(),
    ))
}

fn fields(kept: &Invitation) -> Vec<FieldSpec> {
    let name = FieldSpec::text("who", "姓名", 40).required().hint("与邀请上的姓名一致");
    let login = FieldSpec::text("login", "账号", 32).required().hint(LOGIN_HINT);
    let mut fields = vec![name, login];
    if matches!(Address::parse(&kept.asked.address.value), Ok(Address::Account(_))) {
        // The invitation is to an account of the platform: a new one is never meant.
        fields.clear();
        return fields;
    }
    fields.push(
        FieldSpec::password("new_password", "密码")
            .required()
            .hint(format!("至少 {CHARS_MIN} 个字符，可以用中文；几个不相干的词连起来最好记")),
    );
    fields.push(FieldSpec::password("again", "确认密码").required());
    fields
}

/// Why an invitation cannot be accepted by whoever looks at it now.
fn barred(state: &AppState, found: &Found, visitor: &Visitor) -> Option<(String, String)> {
    let signed = visitor.signed()?;
    let command = Command::AcceptInvitation { no: found.no, login: signed.login.clone() };
    let today = state.clock.today();
    let unit = &found.unit;
    let answer = consortium::unit::decide(&unit.id, Some(unit), &command, &signed.actor, today);
    answer.err().map(|refusal| (refusal.reason, refusal.remedy))
}

/// Why nobody can accept it any longer, for somebody who is not signed in.
fn closed(state: &AppState, kept: &Invitation) -> Option<(String, String)> {
    let words = |reason: &str, remedy: &str| Some((reason.to_owned(), remedy.to_owned()));
    match kept.outcome {
        Outcome::Accepted(_) => {
            words("这份邀请已经有人接受", "是本人接受的，直接登录；不是的，联系邀请你的人")
        }
        Outcome::Revoked | Outcome::Declined => {
            words("这份邀请已经撤销或谢绝", "仍需要的，联系邀请你的人重新邀请")
        }
        Outcome::Waiting if !kept.waits_on(state.clock.today()) => Some((
            format!("这份邀请到 {} 为止，已经过期", kept.until),
            "联系邀请你的人重新生成链接".to_owned(),
        )),
        Outcome::Waiting => None,
    }
}

fn shown(
    state: &AppState,
    visitor: &Visitor,
    (found, secret): (&Found, &str),
    values: Values,
    errors: Vec<FieldError>,
) -> Result<InvitationPage, Fault> {
    let kept = found.kept()?;
    let mut shell = Shell::new(visitor, "单位邀请").with_form(visitor);
    shell.indexed = false;
    shell.has_errors = !errors.is_empty();
    let here = format!("/invitations/{secret}");
    let facts = KeyValues::new()
        .row("单位", found.unit.profile.name.as_str())
        .row("身份", kept.asked.capacity.term())
        .row("给谁", kept.whom())
        .row("邀请人", kept.by.name.value.as_str())
        .row("有效期", format!("到 {} 为止", kept.until));
    let signed = visitor.signed();
    let barred = match signed {
        Some(_) => barred(state, found, visitor),
        None => closed(state, kept),
    };
    let fields = fields(kept);
    let form = (signed.is_none() && barred.is_none() && !fields.is_empty()).then(|| {
        form::Form::new(&shell.csrf, format!("{here}/account"), "建立账号并接受", fields)
            .values(values)
            .errors(errors)
    });
    Ok(InvitationPage {
        signed: signed.map(|signed| (signed.actor.name.value.clone(), signed.login.clone())),
        facts,
        here,
        barred,
        form,
        shell,
    })
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Answer {
    let found = found(&state, &visitor, &secret).await?;
    page(&shown(&state, &visitor, (&found, &secret), Values::default(), Vec::new())?)
}

async fn ask(
    state: &AppState,
    actor: &Actor,
    (found, command): (&Found, &Command),
    (posted, enclosure): (&Form, Enclosure),
) -> Result<(), OfficeError> {
    let key = Some(posted.key().to_owned()).filter(|key| !key.is_empty());
    let envelope = Envelope { key, expected: None };
    let done = state.office.unit_with(actor, &found.unit.id, command, (envelope, enclosure)).await;
    done.map(drop)
}

/// Accepts, signed in.
pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(secret): Path<String>,
    posted: Form,
) -> Answer {
    let found = found(&state, &visitor, &secret).await?;
    let Some(signed) = visitor.signed() else {
        return Err(Fault::Unidentified { next: format!("/invitations/{secret}") });
    };
    let decline = posted.get("answer") == "decline";
    let (no, login) = (found.no, signed.login.clone());
    let command = if decline {
        Command::DeclineInvitation { no, login }
    } else {
        Command::AcceptInvitation { no, login }
    };
    let asked = ask(&state, &signed.actor, (&found, &command), (&posted, Enclosure::default()));
    match asked.await {
        Ok(()) => {}
        Err(OfficeError::Refused(_)) => {
            return unprocessable(&shown(
                &state,
                &visitor,
                (&found, &secret),
                Values::default(),
                Vec::new(),
            )?);
        }
        Err(error) => return Err(error.into()),
    }
    let kept = found.kept()?;
    let text = if decline {
        format!("已谢绝{}的邀请", found.unit.profile.name)
    } else {
        format!(
            "已接受，你现在是{}的{}；在个人中心切换到这个身份办理",
            found.unit.profile.name,
            kept.asked.capacity.term()
        )
    };
    Ok(see_other_with(&state, "/profile", &Flash { tone: Tone::Ok, text }))
}

/// Makes an account and accepts with it, in one step.
pub(super) async fn account(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(secret): Path<String>,
    posted: Form,
) -> Answer {
    let found = found(&state, &visitor, &secret).await?;
    if visitor.signed().is_some() {
        return Ok(see_other(&format!("/invitations/{secret}")));
    }
    let fields = fields(found.kept()?);
    if fields.is_empty() {
        return Ok(see_other(&format!("/invitations/{secret}")));
    }
    let again = Values::typed(&posted.0);
    let login = posted.get("login").to_lowercase();
    let errors = parse(&fields, &posted.0).err().or_else(|| {
        let error = if is_login(&login) {
            crate::pages::account::mismatch(&posted, &[&login, posted.get("who")])
        } else {
            Some(FieldError::new("login", format!("账号用{LOGIN_HINT}")))
        };
        error.map(|error| vec![error])
    });
    if let Some(errors) = errors {
        return unprocessable(&shown(&state, &visitor, (&found, &secret), again, errors)?);
    }
    let person = Person {
        id: format!("P{}", random::key()),
        login: login.clone(),
        name: posted.get("who").to_owned(),
        password_hash: Some(state.passwords.hash(posted.raw("new_password")).await?),
        created_ms: state.clock.wall_ms(),
        disabled: false,
    };
    let actor = Actor {
        person: PersonId(person.id.clone()),
        name: Personal::new(person.name.clone()),
        side: Side::Public,
        capacity: Capacity::Public,
    };
    let id = person.id.clone();
    let enclosure = Enclosure { account: Some(person), ..Enclosure::default() };
    let command = Command::AcceptInvitation { no: found.no, login };
    match ask(&state, &actor, (&found, &command), (&posted, enclosure)).await {
        Ok(()) => {}
        Err(OfficeError::Refused(refusal)) => {
            let field = match (&refusal.field, refusal.kind) {
                (Some(field), _) if field == "login" => "login",
                (_, RefusalKind::Forbidden | RefusalKind::Malformed) => "who",
                _ => "login",
            };
            let sentence = format!("{}，{}", refusal.reason, refusal.remedy);
            let errors = vec![FieldError::new(field, sentence)];
            return unprocessable(&shown(&state, &visitor, (&found, &secret), again, errors)?);
        }
        Err(error) => return Err(error.into()),
    }
    let with = if state.demo.is_some() { With::Demonstration } else { With::Password };
    let cookie = session::begin(&state, &id, None, &device::label(&headers), with).await?;
    let text = format!(
        "账号已建立，你现在是{}的{}",
        found.unit.profile.name,
        found.kept()?.asked.capacity.term()
    );
    let mut response = see_other_with(&state, "/home", &Flash { tone: Tone::Ok, text });
    add_cookie(&mut response, cookie);
    Ok(response)
}
