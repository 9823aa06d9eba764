//! 提出异议 — by anybody, under one's real name; the receipt number is shown once it is taken.

use askama::Template;
use axum::extract::{Path, State};
use consortium::Command;
use consortium::actor::Actor;
use consortium::ids::DossierId;
use consortium::refusal::RefusalKind;
use serde_json::Value;

use super::receipt;
use crate::forms::{self, CommandForm, FormContext};
use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Form, Visitor, see_other};
use crate::office::{Envelope, OfficeError, Opened};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui;
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

const VERB: &str = "object";

#[derive(Template)]
#[template(path = "notices/object.html")]
struct ObjectPage {
    shell: Shell,
    name: String,
    from_to: String,
    form: form::Form,
}

fn asked() -> Result<CommandForm, Fault> {
    forms::form(VERB, &FormContext::default()).ok_or(Fault::NotFound)
}

fn shown(visitor: &Visitor, opened: &Opened, asked: &CommandForm, again: Values) -> ObjectPage {
    let view = &opened.view;
    let mut shell = Shell::new(visitor, "提出异议")
        .crumb("/notices", "公示公告")
        .crumb(format!("/notices/{}", view.id), view.name.as_str())
        .with_form(visitor);
    shell.indexed = false;
    let action = format!("/notices/{}/object", view.id);
    let form = form::Form::new(&shell.csrf, action, "提交异议", asked.fields.clone())
        .values(again)
        .leave(format!("/notices/{}", view.id), "返回公示");
    let from_to = view.notice.map_or_else(String::new, |(from, to)| format!("{from} 至 {to}"));
    ObjectPage { shell, name: view.name.clone(), from_to, form }
}

/// A notice that takes objections, or the words that say why it does not.
async fn open(state: &AppState, id: &str) -> Result<Opened, Fault> {
    let opened = state.office.read(&Actor::public(), &DossierId::from(id)).await?;
    let today = state.clock.today();
    match opened.view.notice {
        Some((from, to)) if from <= today && today <= to => Ok(opened),
        Some((_, to)) => Err(Fault::Refused(format!(
            "公示已于 {to} 结束，不能再在线提出异议。可以向监督处反映，联系方式见页面底部。"
        ))),
        None => Err(Fault::Refused(
            "这个联合体现在不在公示期内。可以向监督处反映，联系方式见页面底部。".to_owned(),
        )),
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let opened = open(&state, &id).await?;
    page(&shown(&visitor, &opened, &asked()?, Values::default()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let opened = open(&state, &id).await?;
    let spec = asked()?;
    let again = Values::typed(&posted.0);
    let context = FormContext::default();
    let made = parse(&spec.fields, &posted.0)
        .and_then(|value: Value| forms::command(VERB, &value, &context));
    let command = match made {
        Ok(command) => command,
        Err(errors) => {
            return unprocessable(&with_errors(shown(&visitor, &opened, &spec, again), errors));
        }
    };
    let tries = Tries::of("object", &id, visitor.address());
    if let Err(seconds) = tries.may(&state).await? {
        let mut page_ = shown(&visitor, &opened, &spec, again);
        page_.form.refusals =
            vec![(format!("这里提交得较密，{seconds} 秒后再提交"), String::new())];
        return page_with(axum::http::StatusCode::TOO_MANY_REQUESTS, &page_);
    }
    tries.wrong(&state).await?;
    let dossier = DossierId(id);
    let envelope = Envelope::keyed(posted.key());
    let outcome = state.office.perform(&Actor::public(), &dossier, &command, envelope).await;
    if let Err(error) = outcome {
        let OfficeError::Refused(refusal) = error else { return Err(error.into()) };
        if refusal.kind == RefusalKind::NotFound {
            return Err(Fault::NotFound);
        }
        let mut page_ = shown(&visitor, &opened, &spec, again);
        let sentence = format!("{}，{}", refusal.reason, refusal.remedy);
        if let Some(field) = &refusal.field {
            page_ = with_errors(page_, vec![FieldError::new(field.clone(), sentence)]);
        } else {
            let clause = refusal.clause.unwrap_or_default().to_owned();
            page_.form.refusals = vec![(sentence, clause)];
            page_.shell.has_errors = true;
        }
        return unprocessable(&page_);
    }
    let receipt = receipt_of(&state, &dossier, &command).await?.ok_or(Fault::NotFound)?;
    receipt::remember(&state, &receipt, &dossier).await?;
    let query = serde_urlencoded::to_string([("receipt", receipt)]).unwrap_or_default();
    Ok(see_other(&format!("/objections/receipt?{query}")))
}

fn with_errors(mut page: ObjectPage, errors: Vec<FieldError>) -> ObjectPage {
    page.form.errors = errors;
    page.shell.has_errors = true;
    page
}

/// The number of the objection just received.
async fn receipt_of(
    state: &AppState,
    id: &DossierId,
    command: &Command,
) -> Result<Option<String>, Fault> {
    let Command::Object(text) = command else { return Ok(None) };
    let opened = state.office.read(&Actor::public(), id).await?;
    let notice = opened.dossier.public_notice()?;
    let own = |kept: &&consortium::public_notice::Objection| {
        kept.objector == text.objector && kept.facts == text.facts
    };
    Ok(notice.objections.iter().rev().find(own).map(|kept| kept.receipt.clone()))
}
