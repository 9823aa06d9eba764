//! 为同事重置密码 — begun here by whoever runs the unit's accounts; the unit's authority confirms it,
//! and only the person sets the password (`crate::recovery`).

use axum::extract::{Path, Query, State};
use consortium::unit::Unit;
use serde::Deserialize;
use store::Person;

use super::acts::AmendPage as FormPage;
use super::opened;
use crate::http::{Answer, Fault, Form, SignedIn, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::recovery::{self, REASON_MAX};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    link: String,
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::hidden("link"),
        FieldSpec::text("reason", "原因", REASON_MAX)
            .required()
            .hint("例如：本人忘了密码，当面提出；核实的人据此联系本人"),
    ]
}

async fn found(
    state: &AppState,
    signed: &SignedIn,
    (id, link): (&str, &str),
) -> Result<(Unit, Person), Fault> {
    opened(state, &signed.actor, id).await?;
    let unit = state.office.unit_with_people(&id.into()).await?.ok_or(Fault::NotFound)?;
    let person = recovery::colleague(state, &signed.actor, &unit, link).await?;
    Ok((unit, person))
}

fn shown(
    signed: &SignedIn,
    (unit, person): (&Unit, &Person),
    values: Values,
    errors: Vec<FieldError>,
) -> FormPage {
    let people = format!("/units/{}/people", unit.id);
    let mut shell = Shell::new(&signed.visitor, "重置密码").crumb(people.clone(), "单位人员");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, format!("{people}/reset"), "申请重置密码", fields())
        .intro(format!(
            "{}，账号“{}”。归口管理部门核实是本人以后生成链接交给本人，新密码由本人设置，第二个因素照旧要出示。\
             代表单位签署的人，确认以后过 24 小时才能重置；其间本人可以撤销。",
            person.name, person.login
        ))
        .values(values)
        .errors(errors)
        .leave(people, "不申请，返回");
    FormPage { shell, form }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Query(Which { link }): Query<Which>,
) -> Answer {
    let (unit, person) = found(&state, &signed, (&id, &link)).await?;
    let values = Values::default().with("link", link);
    page(&shown(&signed, (&unit, &person), values, Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let (unit, person) = found(&state, &signed, (&id, posted.get("link"))).await?;
    if let Some(page) = prove::ask(&state, &signed, "申请重置密码", &posted.0).await? {
        return Ok(page);
    }
    if let Err(errors) = parse(&fields(), &posted.0) {
        let again = Values::typed(&posted.0);
        return unprocessable(&shown(&signed, (&unit, &person), again, errors));
    }
    let asked = (posted.get("link"), posted.get("reason"));
    let text = if recovery::ask(&state, &signed.actor, &unit, asked).await? {
        let by = if unit.authority.is_some() { "归口管理部门" } else { "平台运维" };
        format!("已为{}申请重置密码，等候{by}核实", person.name)
    } else {
        format!("{}的这份申请已经在，没有再报", person.name)
    };
    let flash = Flash { tone: Tone::Ok, text };
    Ok(see_other_with(&state, &format!("/units/{id}/people"), &flash))
}
