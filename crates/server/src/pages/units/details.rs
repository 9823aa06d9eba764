//! 单位资料各节 — one page a section, written by the unit itself.

use askama::Template;
use axum::extract::{Path, State};
use consortium::unit::{Command, DetailKind, Unit};

use super::acts::{ask, error_of};
use super::{back, opened};
use crate::forms::unit::{detail_fields, detail_of, detail_stored};
use crate::http::prove;
use crate::http::{Answer, Fault, Form as Posted, SignedIn};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, Form, Values};
use crate::pages::shell::parse::{asks_for_more, parse};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/form_page.html")]
struct DetailPage {
    shell: Shell,
    form: Form,
}

fn form_of(
    signed: &SignedIn,
    unit: &Unit,
    kind: DetailKind,
    values: Values,
    errors: Vec<FieldError>,
) -> DetailPage {
    let mut shell = Shell::new(&signed.visitor, kind.term())
        .crumb(format!("/units/{}", unit.id), unit.profile.name.as_str());
    shell.has_errors = !errors.is_empty();
    let action = format!("/units/{}/details/{}", unit.id, kind.name());
    let form = Form::new(&shell.csrf, action, "保存", detail_fields(kind))
        .intro("写一次，以后的申请可以从这里带入。每次修改都记下日期，历次内容在“变更记录”里。")
        .values(values)
        .errors(errors)
        .leave(format!("/units/{}", unit.id), "返回单位信息");
    DetailPage { shell, form }
}

/// The section of a unit's own record.
async fn own(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    part: &str,
) -> Result<(std::sync::Arc<Unit>, DetailKind), Fault> {
    let unit = opened(state, &signed.actor, id).await?;
    if signed.actor.unit() != Some(&unit.id) {
        return Err(Fault::Forbidden("单位资料由本单位更新。".to_owned()));
    }
    let kind = DetailKind::named(part).filter(|kind| kind.belongs_to(unit.profile.kind));
    Ok((unit, kind.ok_or(Fault::NotFound)?))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
) -> Answer {
    let (unit, kind) = own(&state, &signed, &id, &part).await?;
    let values = Values::stored(&detail_fields(kind), &detail_stored(&unit.details, kind));
    page(&form_of(&signed, &unit, kind, values, Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, part)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (unit, kind) = own(&state, &signed, &id, &part).await?;
    if !asks_for_more(&posted.0)
        && let Some(page) = prove::ask(&state, &signed, "保存单位资料", &posted.0).await?
    {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    if asks_for_more(&posted.0) {
        return page(&form_of(&signed, &unit, kind, again, Vec::new()));
    }
    let read = parse(&detail_fields(kind), &posted.0).and_then(|value| detail_of(kind, &value));
    let detail = match read {
        Ok(detail) => detail,
        Err(errors) => return unprocessable(&form_of(&signed, &unit, kind, again, errors)),
    };
    match ask(&state, &signed, &id, &Command::WriteDetail(detail), &posted).await? {
        Ok(()) => Ok(back(&state, &id, format!("“{}”已保存", kind.term()))),
        Err(refusal) => {
            let errors = vec![error_of(&refusal)];
            unprocessable(&form_of(&signed, &unit, kind, again, errors))
        }
    }
}
