//! 结束身份、交接 — from which day somebody acts no longer, and who takes over.

use axum::extract::{Path, Query, State};
use consortium::ids::PersonId;
use consortium::unit::people::{Link, manages};
use consortium::unit::{Command, Unit};
use jiff::civil::Date;
use serde::Deserialize;

use super::acts::{AmendPage as FormPage, ask, error_of};
use super::opened;
use crate::http::{Answer, Fault, Form, SignedIn, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    link: String,
}

/// The colleagues who can take over: the same capacity, and not the one who leaves.
fn successors(unit: &Unit, leaving: &Link, today: Date) -> Vec<(String, String)> {
    let fits = |link: &&Link| {
        link.made.capacity == leaving.made.capacity
            && link.made.person != leaving.made.person
            && link.stands_on(today)
    };
    let fitting = unit.people.links.iter().filter(fits);
    fitting.map(|link| (link.made.person.to_string(), link.made.name.value.clone())).collect()
}

fn fields(unit: &Unit, leaving: &Link, today: Date) -> Vec<FieldSpec> {
    let successors = successors(unit, leaving, today);
    let mut fields = vec![
        FieldSpec::hidden("link"),
        FieldSpec::date("last_day", "最后办理日").hint("不填即今天；次日起不能再以这个身份办理"),
        FieldSpec::check("at_once", "即刻停止，今天也不再办理"),
    ];
    if !successors.is_empty() {
        fields.push(
            FieldSpec::select("successor", "接手人", successors)
                .hint("他负责的各节和草稿随即转给接手人；没有要转的，不选"),
        );
    }
    fields.push(FieldSpec::text("reason", "原因", 120).hint("例如：调离、退休、合同到期"));
    fields
}

/// The unit and the link, for somebody who may end it.
async fn found(
    state: &AppState,
    signed: &SignedIn,
    (id, link): (&str, &str),
) -> Result<(Unit, Link), Fault> {
    opened(state, &signed.actor, id).await?;
    let unit = state.office.unit_with_people(&id.into()).await?.ok_or(Fault::NotFound)?;
    let kept = unit.people.link(link).cloned();
    let own = kept.as_ref().is_some_and(|kept| kept.made.person == signed.actor.person);
    let runs = manages(&unit, &signed.actor, state.clock.today());
    if !(own && signed.actor.unit() == Some(&unit.id)) {
        runs.map_err(|refusal| Fault::Forbidden(refusal.to_string()))?;
    }
    Ok((unit, kept.ok_or(Fault::NotFound)?))
}

fn shown(
    signed: &SignedIn,
    (unit, link, today): (&Unit, &Link, Date),
    values: Values,
    errors: Vec<FieldError>,
) -> FormPage {
    let people = format!("/units/{}/people", unit.id);
    let mut shell = Shell::new(&signed.visitor, "结束身份").crumb(people.clone(), "单位人员");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(
        &shell.csrf,
        format!("{people}/end"),
        "结束身份",
        fields(unit, link, today),
    )
    .intro(format!(
        "{}，{}。结束后，历史记录和文书上的姓名不变；轮到这个身份办理的事，由同一身份的其他人接着办。",
        link.made.name.value,
        link.made.capacity.term()
    ))
    .values(values)
    .errors(errors)
    .danger()
    .leave(people, "不结束，返回");
    FormPage { shell, form }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Query(Which { link }): Query<Which>,
) -> Answer {
    let (unit, kept) = found(&state, &signed, (&id, &link)).await?;
    let values = Values::default().with("link", link);
    page(&shown(&signed, (&unit, &kept, state.clock.today()), values, Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let (unit, kept) = found(&state, &signed, (&id, posted.get("link"))).await?;
    if let Some(page) = prove::ask(&state, &signed, "结束身份", &posted.0).await? {
        return Ok(page);
    }

    let today = state.clock.today();
    let again = Values::typed(&posted.0);
    if let Err(errors) = parse(&fields(&unit, &kept, today), &posted.0) {
        return unprocessable(&shown(&signed, (&unit, &kept, today), again, errors));
    }
    let command = Command::EndLink {
        link: kept.made.link.clone(),
        to: last_day(&posted, today),
        successor: Some(posted.get("successor")).filter(|id| !id.is_empty()).map(PersonId::from),
        reason: posted.get("reason").to_owned(),
    };
    if let Err(refusal) = ask(&state, &signed, &id, &command, &posted).await? {
        let mut error = error_of(&refusal);
        if error.field == "to" {
            "last_day".clone_into(&mut error.field);
        }
        return unprocessable(&shown(&signed, (&unit, &kept, today), again, vec![error]));
    }
    let text = format!(
        "{}的{}身份到 {} 止",
        kept.made.name.value,
        kept.made.capacity.term(),
        last_day(&posted, today)
    );
    let flash = Flash { tone: Tone::Ok, text };
    // Whoever ended the own link may have no way back to the page.
    let own = kept.made.person == signed.actor.person;
    let to = if own { "/profile".to_owned() } else { format!("/units/{id}/people") };
    Ok(see_other_with(&state, &to, &flash))
}

fn last_day(posted: &Form, today: Date) -> Date {
    if !posted.get("at_once").is_empty() {
        return today.yesterday().unwrap_or(today);
    }
    posted.get("last_day").parse().unwrap_or(today)
}
