//! 立卷 — the lead names the consortium; the name is judged at once.

use askama::Template;
use axum::extract::State;
use consortium::{Refusal, access, command, refusal::RefusalKind};

use crate::forms::{self, FormContext};
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::office::{Envelope, OfficeError};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/open.html")]
struct OpenPage {
    shell: Shell,
    form: form::Form,
}

fn begin(signed: &SignedIn) -> Result<forms::CommandForm, Fault> {
    let verb = command::named("open").ok_or(Fault::NotFound)?;
    access::may(&signed.actor, verb, None)?;
    forms::form("open", &FormContext::default()).ok_or(Fault::NotFound)
}

fn shown(
    signed: &SignedIn,
    asked: &forms::CommandForm,
    values: Values,
    errors: Vec<FieldError>,
    refusals: Vec<(String, String)>,
) -> OpenPage {
    let mut shell = Shell::new(&signed.visitor, "开始申请").crumb("/dossiers", "卷宗");
    shell.has_errors = !errors.is_empty() || !refusals.is_empty();
    let label = asked.submit_label.as_str();
    let mut form = form::Form::new(&shell.csrf, "/dossiers/new", label, asked.fields.clone())
        .intro(asked.intro.as_str())
        .values(values)
        .errors(errors)
        .leave("/dossiers", "返回卷宗列表");
    form.refusals = refusals;
    OpenPage { shell, form }
}

pub(super) async fn get(signed: SignedIn) -> Answer {
    let asked = begin(&signed)?;
    page(&shown(&signed, &asked, Values::default(), vec![], vec![]))
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    let asked = begin(&signed)?;
    let again = Values::typed(&posted.0);
    if let Err(errors) = parse(&asked.fields, &posted.0) {
        return unprocessable(&shown(&signed, &asked, again, errors, vec![]));
    }
    let envelope = Envelope::keyed(posted.key());
    match state.office.open(&signed.actor, posted.get("name"), envelope).await {
        Ok(done) => {
            let text = "已立卷。可以邀请成员、填写材料，随时保存离开".to_owned();
            let flash = Flash { tone: Tone::Ok, text };
            Ok(see_other_with(&state, &format!("/dossiers/{}", done.id), &flash))
        }
        Err(OfficeError::Refused(refusal)) => refused(&signed, &asked, again, *refusal),
        Err(other) => Err(other.into()),
    }
}

fn refused(
    signed: &SignedIn,
    asked: &forms::CommandForm,
    again: Values,
    refusal: Refusal,
) -> Answer {
    if matches!(refusal.kind, RefusalKind::Forbidden | RefusalKind::NotFound) {
        return Err(refusal.into());
    }
    let sentence = refusal.to_string();
    let clause = refusal.clause.unwrap_or_default();
    let page = if let Some(field) = &refusal.field {
        let error = FieldError::new(field, sentence).under(clause);
        shown(signed, asked, again, vec![error], vec![])
    } else {
        shown(signed, asked, again, vec![], vec![(sentence, clause.to_owned())])
    };
    unprocessable(&page)
}
