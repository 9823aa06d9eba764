//! What is done with a unit's record: amend, activate or not, credit records.

use askama::Template;
use axum::extract::{Path, State};
use consortium::ids::UnitId;
use consortium::refusal::{Refusal, RefusalKind};
use consortium::unit::{Command, Unit};

use super::{back, opened, profile, show};
use crate::forms::unit::{credit_fields, credit_of, repair_of};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, Upload};
use crate::office::{Enclosure, Envelope, OfficeError};
use crate::pages::dossier::posted;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, Values};
use crate::pages::shell::parse::parse;
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "account/form_page.html")]
pub(super) struct AmendPage {
    pub(super) shell: Shell,
    pub(super) form: form::Form,
}

/// Asks the office; `Err` inside is an answer to be shown in the form.
pub(super) async fn ask(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    command: &Command,
    posted: &Form,
) -> Result<Result<(), Refusal>, Fault> {
    ask_with(state, signed, id, command, (posted, Enclosure::default())).await
}

/// The same, with the link that opens what is made.
pub(super) async fn ask_with(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    command: &Command,
    (posted, enclosure): (&Form, Enclosure),
) -> Result<Result<(), Refusal>, Fault> {
    let key = Some(posted.key().to_owned()).filter(|key| !key.is_empty());
    let envelope = Envelope { key, expected: None };
    let unit = UnitId::from(id);
    match state.office.unit_with(&signed.actor, &unit, command, (envelope, enclosure)).await {
        Ok(_) => Ok(Ok(())),
        Err(OfficeError::Refused(refusal)) if refusal.kind == RefusalKind::Malformed => {
            Ok(Err(*refusal))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn error_of(refusal: &Refusal) -> FieldError {
    let field = refusal.field.as_deref().unwrap_or_default();
    FieldError::new(field, format!("{}，{}", refusal.reason, refusal.remedy))
}

fn form_of(
    signed: &SignedIn,
    unit: &Unit,
    doubted: bool,
    values: Values,
    errors: Vec<FieldError>,
) -> AmendPage {
    let mut shell = Shell::new(&signed.visitor, "更新单位资料")
        .crumb(format!("/units/{}", unit.id), unit.profile.name.as_str());
    shell.has_errors = !errors.is_empty();
    let action = format!("/units/{}/amend", unit.id);
    let form = form::Form::new(&shell.csrf, action, "保存单位资料", profile::fields(doubted))
        .intro(
            "统一社会信用代码终身不变。住所跨盟市变动的，以后的申请由新住所地的归口管理部门推荐。",
        )
        .values(values)
        .errors(errors)
        .leave(format!("/units/{}", unit.id), "返回单位信息");
    AmendPage { shell, form }
}

pub(super) async fn amend(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    if signed.actor.unit() != Some(&unit.id) {
        return Err(Fault::Forbidden("单位资料由本单位更新。".to_owned()));
    }
    let doubted = unit.profile.code_confirmed;
    let values = Values::stored(&profile::fields(true), &profile::stored(&unit.profile));
    page(&form_of(&signed, &unit, doubted, values, Vec::new()))
}

pub(super) async fn save(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "保存单位资料", &posted.0).await? {
        return Ok(page);
    }
    let unit = opened(&state, &signed.actor, &id).await?;
    let again = Values::typed(&posted.0);
    let doubted = unit.profile.code_confirmed;
    let value = match parse(&profile::fields(true), &posted.0) {
        Ok(value) => value,
        Err(errors) => return unprocessable(&form_of(&signed, &unit, doubted, again, errors)),
    };
    let profile = profile::of(&value).ok_or(Fault::Stale)?;
    match ask(&state, &signed, &id, &Command::Amend(profile), &posted).await? {
        Ok(()) => Ok(back(&state, &id, "单位资料已更新".to_owned())),
        Err(refusal) => {
            let FieldError { field, sentence, .. } = error_of(&refusal);
            let error = FieldError::new(profile::field_of(&field), sentence);
            let doubted = doubted || refusal.reason.contains("校验位");
            unprocessable(&form_of(&signed, &unit, doubted, again, vec![error]))
        }
    }
}

pub(super) async fn activate(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "激活单位账号", &posted.0).await? {
        return Ok(page);
    }
    let unit = opened(&state, &signed.actor, &id).await?;
    if !show::activates(&signed.actor, &unit) {
        return Err(Fault::Forbidden(
            "单位账号由住所地归口管理部门的初审员激活，区外单位由自治区科技厅激活。".to_owned(),
        ));
    }
    ask(&state, &signed, &id, &Command::Activate {}, &posted).await??;
    let words = format!("已激活，{}可以申请或参加联合体", unit.profile.name);
    Ok(back(&state, &id, words))
}

pub(super) async fn refuse(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "不予激活", &posted.0).await? {
        return Ok(page);
    }
    let unit = opened(&state, &signed.actor, &id).await?;
    if !show::activates(&signed.actor, &unit) {
        return Err(Fault::Forbidden(
            "单位账号由住所地归口管理部门的初审员核对，区外单位由自治区科技厅核对。".to_owned(),
        ));
    }
    let again = Values::typed(&posted.0);
    let read = parse(&show::refusal_fields(), &posted.0);
    let outcome = if let Err(errors) = read {
        Err(errors)
    } else {
        let command = Command::RefuseActivation { reason: posted.get("reason").to_owned() };
        let asked = ask(&state, &signed, &id, &command, &posted).await?;
        asked.map_err(|refusal| vec![error_of(&refusal)])
    };
    match outcome {
        Ok(()) => Ok(back(&state, &id, "已告知该单位不予激活的理由".to_owned())),
        Err(errors) => {
            let page_ = show::shown(&state, &signed, unit).await?;
            unprocessable(&page_.mend("refuse", again, errors))
        }
    }
}

pub(super) async fn record_credit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    mut upload: Upload,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let fields = credit_fields(true);
    // A file that came is named before anything is asked again: it is not sent twice.
    let (mut errors, _) = posted::files(&state, &signed, &fields, &mut upload).await?;
    if let Some(page) = prove::ask(&state, &signed, "登记信用记录", &upload.pairs).await? {
        return Ok(page);
    }
    let again = Values::typed(&upload.pairs);
    let outcome = match parse(&fields, &upload.pairs) {
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
        Ok(_) if !errors.is_empty() => Err(errors),
        Ok(value) => {
            let record = credit_of(&value).ok_or(Fault::Stale)?;
            let command = Command::RecordCredit(record);
            let asked = ask(&state, &signed, &id, &command, &upload.form()).await?;
            asked.map_err(|refusal| vec![error_of(&refusal)])
        }
    };
    match outcome {
        Ok(()) => Ok(back(&state, &id, "失信记录已登记，规则检查随即适用".to_owned())),
        Err(errors) => {
            let page_ = show::shown(&state, &signed, unit).await?;
            unprocessable(&page_.mend("credit", again, errors))
        }
    }
}

pub(super) async fn repair(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "登记信用修复", &posted.0).await? {
        return Ok(page);
    }
    let unit = opened(&state, &signed.actor, &id).await?;
    let again = Values::typed(&posted.0);
    let fields = show::repairs(&unit);
    let outcome = match parse(&fields, &posted.0) {
        Err(errors) => Err(errors),
        Ok(value) => {
            let record = posted.get("record").parse().map_err(|_| Fault::Stale)?;
            let repair = repair_of(&value).ok_or(Fault::Stale)?;
            let command = Command::RecordRepair { record, repair };
            let asked = ask(&state, &signed, &id, &command, &posted).await?;
            asked.map_err(|refusal| vec![error_of(&refusal)])
        }
    };
    match outcome {
        Ok(()) => Ok(back(&state, &id, "信用修复已登记".to_owned())),
        Err(errors) => {
            let page_ = show::shown(&state, &signed, unit).await?;
            unprocessable(&page_.mend("repair", again, errors))
        }
    }
}

pub(super) async fn lift_credit(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "登记信用修复", &posted.0).await? {
        return Ok(page);
    }
    opened(&state, &signed.actor, &id).await?;
    let record = posted.get("record").parse().map_err(|_| Fault::Stale)?;
    let command = Command::LiftCredit { record, proof: posted.get("proof").to_owned() };
    ask(&state, &signed, &id, &command, &posted).await??;
    Ok(back(&state, &id, "已登记移出".to_owned()))
}
