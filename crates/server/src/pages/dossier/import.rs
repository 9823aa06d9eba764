//! 导入试行期备案 — a consortium filed under the trial measures comes onto the register (Art. 13).

use askama::Template;
use axum::extract::State;
use consortium::{access, command, ids::DossierId, refusal::RefusalKind};

use super::units;
use crate::forms::{self, CommandForm, FormContext};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::office::{Envelope, OfficeError, new_dossier_id};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, Values};
use crate::pages::shell::parse::{asks_for_more, parse, take_pick};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

const VERB: &str = "import_trial_filing";

#[derive(Template)]
#[template(path = "account/form_page.html")]
struct ImportPage {
    shell: Shell,
    form: form::Form,
}

fn begin(signed: &SignedIn) -> Result<CommandForm, Fault> {
    let verb = command::named(VERB).ok_or(Fault::NotFound)?;
    access::may(&signed.actor, verb, None)?;
    forms::form(VERB, &FormContext::default()).ok_or(Fault::NotFound)
}

fn shown(
    signed: &SignedIn,
    asked: &CommandForm,
    values: Values,
    errors: Vec<FieldError>,
) -> ImportPage {
    let mut shell = Shell::new(&signed.visitor, "导入试行期备案").crumb("/dossiers", "卷宗");
    shell.has_errors = !errors.is_empty();
    let label = asked.submit_label.as_str();
    let form = form::Form::new(&shell.csrf, "/dossiers/import", label, asked.fields.clone())
        .intro(asked.intro.as_str())
        .values(values)
        .errors(errors)
        .leave("/dossiers", "返回卷宗列表");
    ImportPage { shell, form }
}

pub(super) async fn get(signed: SignedIn) -> Answer {
    let asked = begin(&signed)?;
    page(&shown(&signed, &asked, Values::default(), vec![]))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    mut posted: Form,
) -> Answer {
    let asked = begin(&signed)?;
    take_pick(&mut posted.0);
    let again = Values::typed(&posted.0);
    if asks_for_more(&posted.0) {
        return page(&shown(&signed, &asked, again, vec![]));
    }
    if let Some(page) = prove::ask(&state, &signed, "导入试行期备案", &posted.0).await? {
        return Ok(page);
    }
    let read = match units::resolved(&state, VERB, &posted.0).await? {
        Ok(pairs) => parse(&asked.fields, &pairs),
        Err(errors) => Err(errors),
    };
    let made = read.and_then(|value| forms::command(VERB, &value, &FormContext::default()));
    let command = match made {
        Ok(command) => command,
        Err(errors) => return unprocessable(&shown(&signed, &asked, again, errors)),
    };
    let id: DossierId = new_dossier_id();
    let envelope = Envelope::keyed(posted.key());
    match state.office.perform(&signed.actor, &id, &command, envelope).await {
        Ok(done) => {
            let text = "已列入名录，沿用原备案编号".to_owned();
            let flash = Flash { tone: Tone::Ok, text };
            Ok(see_other_with(&state, &format!("/dossiers/{}", done.id), &flash))
        }
        Err(OfficeError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let mut page = shown(&signed, &asked, again, vec![]);
            if let Some(field) = &refusal.field {
                page.form.errors.push(FieldError::new(field, refusal.to_string()));
            } else {
                let clause = refusal.clause.unwrap_or_default().to_owned();
                page.form.refusals.push((refusal.to_string(), clause));
            }
            page.shell.has_errors = true;
            unprocessable(&page)
        }
        Err(other) => Err(other.into()),
    }
}
