//! 发布解释 — the Department explains a clause; it is public at once (Art. 12).

use askama::Template;
use axum::extract::State;
use consortium::department::Command;
use consortium::measures::CLAUSES;
use consortium::text::{PARAGRAPH_MAX, SECTION_MAX};

use super::ask;
use crate::http::prove;
use crate::http::{Answer, Form, SignedIn, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::clause::label;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/form_page.html")]
struct PublishPage {
    shell: Shell,
    form: form::Form,
}

fn fields() -> Vec<FieldSpec> {
    let clauses = CLAUSES.iter().map(|clause| (clause.id.0, label(clause.id.0)));
    vec![
        FieldSpec::select("clause", "解释的条款", clauses).required(),
        FieldSpec::long("question", "问题", PARAGRAPH_MAX).required(),
        FieldSpec::long("answer", "解释", SECTION_MAX).required(),
    ]
}

fn shown(signed: &SignedIn, values: Values, errors: Vec<FieldError>) -> PublishPage {
    let mut shell = Shell::new(&signed.visitor, "发布解释").crumb("/affairs", "参数与日历");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/affairs/interpretations", "发布解释", fields())
        .intro("发布后立即向社会公开，编号和日期不能更改。")
        .values(values)
        .errors(errors)
        .leave("/interpretations", "查看已发布的解释");
    PublishPage { shell, form }
}

pub(super) async fn get(signed: SignedIn) -> Answer {
    page(&shown(&signed, Values::default(), Vec::new()))
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "发布解释", &posted.0).await? {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&signed, again, errors));
    }
    let text = |name: &str| posted.get(name).to_owned();
    let command = Command::PublishInterpretation {
        clause: text("clause"),
        question: text("question"),
        answer: text("answer"),
    };
    if let Err(errors) = ask(&state, &signed, &command, &posted).await? {
        return unprocessable(&shown(&signed, again, errors));
    }
    let text = format!("对{}的解释已公开", label(posted.get("clause")));
    Ok(see_other_with(&state, "/interpretations", &Flash { tone: Tone::Ok, text }))
}
