//! 任职 — somebody of the unit shows to be its legal representative; somebody else confirms or not.

use axum::extract::{Path, State};
use consortium::ids::Digest;
use consortium::unit::people::Evidence;
use consortium::unit::{Command, Unit};

use super::acts::{AmendPage as FormPage, ask, error_of};
use super::opened;
use super::people::PAPERS;
use crate::http::{Answer, Fault, Form, SignedIn, Upload, download, prove, see_other_with};
use crate::pages::dossier::posted;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::file("paper", "任职证明", PAPERS)
            .required()
            .hint("任命文件，或载明姓名的营业执照、法人证书页")
            .clause("6.2"),
        FieldSpec::text("words", "依据", 120).hint("例如文号；没有的不填"),
    ]
}

fn shown(signed: &SignedIn, unit: &Unit, values: Values, errors: Vec<FieldError>) -> FormPage {
    let people = format!("/units/{}/people", unit.id);
    let mut shell = Shell::new(&signed.visitor, "申报任职").crumb(people.clone(), "单位人员");
    shell.has_errors = !errors.is_empty();
    let action = format!("/units/{}/representative", unit.id);
    let form = form::Form::new(&shell.csrf, action, "申报任职", fields())
        .intro(format!(
            "单位资料里的法定代表人或负责人是{}。本人的任职不由本人确认：由本单位另一位管理员，或者归口管理部门照证明确认后生效。",
            unit.profile.representative.value
        ))
        .values(values)
        .errors(errors)
        .leave(people, "返回单位人员");
    FormPage { shell, form }
}

async fn own(state: &AppState, signed: &SignedIn, id: &str) -> Result<std::sync::Arc<Unit>, Fault> {
    let unit = opened(state, &signed.actor, id).await?;
    if signed.actor.unit() == Some(&unit.id) {
        return Ok(unit);
    }
    Err(Fault::Forbidden("任职由本单位人员申报。".to_owned()))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let unit = own(&state, &signed, &id).await?;
    page(&shown(&signed, &unit, Values::default(), Vec::new()))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    mut upload: Upload,
) -> Answer {
    let unit = own(&state, &signed, &id).await?;
    let (mut errors, _) = posted::files(&state, &signed, &fields(), &mut upload).await?;
    if errors.is_empty()
        && let Some(page) = prove::ask(&state, &signed, "申报任职", &upload.pairs).await?
    {
        return Ok(page);
    }
    let again = Values::typed(&upload.pairs);
    let posted = upload.form();
    if let Err(more) = parse(&fields(), &posted.0) {
        errors.extend(more);
    }
    if !errors.is_empty() {
        return unprocessable(&shown(&signed, &unit, again, errors));
    }
    let evidence = Evidence {
        words: posted.get("words").to_owned(),
        file: Some(Digest(posted.get("paper.kept").to_owned())),
    };
    let command = Command::ProposeRepresentative { evidence };
    if let Err(refusal) = ask(&state, &signed, &id, &command, &posted).await? {
        let mut error = error_of(&refusal);
        "paper".clone_into(&mut error.field);
        return unprocessable(&shown(&signed, &unit, again, vec![error]));
    }
    let text = "已申报，等本单位另一位管理员或归口管理部门确认".to_owned();
    let flash = Flash { tone: Tone::Ok, text };
    Ok(see_other_with(&state, &format!("/units/{id}/people"), &flash))
}

/// Where somebody goes on who confirmed: the unit's own people to their page, officers to the record.
fn back(signed: &SignedIn, id: &str) -> String {
    match signed.actor.unit() {
        Some(_) => format!("/units/{id}/people"),
        None => format!("/units/{id}"),
    }
}

pub(super) async fn confirm(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    opened(&state, &signed.actor, &id).await?;
    if let Some(page) = prove::ask(&state, &signed, "确认任职", &posted.0).await? {
        return Ok(page);
    }
    let command = Command::ConfirmLink { link: posted.get("link").to_owned() };
    ask(&state, &signed, &id, &command, &posted).await??;
    let flash = Flash { tone: Tone::Ok, text: "任职已确认，可以签署协议".to_owned() };
    Ok(see_other_with(&state, &back(&signed, &id), &flash))
}

pub(super) async fn refuse(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    opened(&state, &signed.actor, &id).await?;
    if let Some(page) = prove::ask(&state, &signed, "不予确认任职", &posted.0).await? {
        return Ok(page);
    }
    let command = Command::RefuseLink {
        link: posted.get("link").to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    ask(&state, &signed, &id, &command, &posted).await??;
    let flash = Flash { tone: Tone::Ok, text: "已告知不予确认的理由".to_owned() };
    Ok(see_other_with(&state, &back(&signed, &id), &flash))
}

/// 证明 — a paper of the unit's record, for its own people, for whoever decides, and for the one who
/// brought it into a dispute.
pub(super) async fn paper(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Answer {
    let unit = state.office.unit_record(&id.as_str().into()).await?.ok_or(Fault::NotFound)?;
    let digest = Digest(digest);
    let name = super::files::named(&signed.actor, &unit, &digest).ok_or(Fault::NotFound)?;
    let reading = state.store.open_file(&digest.0, state.clock.now_ms()).await?;
    Ok(download::attachment(&name, reading.ok_or(Fault::NotFound)?))
}
