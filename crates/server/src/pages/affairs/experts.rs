//! 专家库 — who may be drawn for a panel, employed where, and their accounts.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use consortium::actor::Capacity;
use consortium::department::{Command, EMPLOYERS_MAX};
use consortium::expert_review::ExpertKind;
use consortium::ids::{PersonId, Personal};
use consortium::text::{LINE_MAX, PARAGRAPH_MAX};

use super::ask;
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, random, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::{asks_for_more, parse};
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::units::welcome;
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "affairs/experts.html")]
struct ExpertsPage {
    shell: Shell,
    rows: Vec<ExpertRow>,
    form: form::Form,
    key: String,
    /// The link just made, and for whom: shown this once.
    link: Option<(String, String)>,
}

/// An expert of the roster.
struct ExpertRow {
    person: String,
    name: String,
    kind: &'static str,
    field: String,
    employers: String,
    dismissed: Option<String>,
    /// Whether a link can be made: there is an account without a password.
    waits: bool,
}

fn fields() -> Vec<FieldSpec> {
    let employer = FieldSpec::text("employer", "任职单位", LINE_MAX).required();
    vec![
        FieldSpec::text("name", "姓名", 30).required(),
        FieldSpec::radio(
            "expert_kind",
            "类别",
            [("technical", "技术"), ("management", "管理、财务")],
        )
        .required(),
        FieldSpec::text("field", "专业领域", LINE_MAX).required(),
        FieldSpec::rows("employers", "现在和近三年的任职单位", vec![employer], 1, EMPLOYERS_MAX)
            .required()
            .hint("第一行写现任单位，用于自动回避；没有单位的，写“无”")
            .clause("6.5"),
        FieldSpec::text("login", "账号", 32).required().hint(welcome::LOGIN_HINT),
    ]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<ExpertsPage, Fault> {
    let affairs = state.office.affairs().await?;
    let mut rows = Vec::new();
    for expert in &affairs.experts {
        let account = state.store.person(expert.person.as_str()).await?;
        rows.push(ExpertRow {
            person: expert.person.to_string(),
            name: expert.name.value.clone(),
            kind: match expert.kind {
                ExpertKind::Technical => "技术",
                ExpertKind::Management => "管理、财务",
            },
            field: expert.field.clone(),
            employers: expert.employers.join("、"),
            dismissed: expert.dismissed.clone(),
            waits: account.is_some_and(|person| person.password_hash.is_none()),
        });
    }
    let mut shell = Shell::new(&signed.visitor, "专家库").crumb("/affairs", "参数与日历");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/affairs/experts", "聘任专家", fields())
        .values(values)
        .errors(errors);
    Ok(ExpertsPage { shell, rows, form, key: random::key(), link: None })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new()).await?)
}

pub(super) async fn enrol(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    let again = Values::typed(&posted.0);
    if asks_for_more(&posted.0) {
        return page(&shown(&state, &signed, again, Vec::new()).await?);
    }
    if let Some(page) = prove::ask(&state, &signed, "聘任专家", &posted.0).await? {
        return Ok(page);
    }
    let value = match parse(&fields(), &posted.0) {
        Ok(value) => value,
        Err(errors) => return unprocessable(&shown(&state, &signed, again, errors).await?),
    };
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let login = text("login");
    let complaint = if !welcome::is_login(&login) {
        Some(format!("账号用{}", welcome::LOGIN_HINT))
    } else if state.store.person_by_login(&login).await?.is_some() {
        Some("这个账号已有人使用，换一个".to_owned())
    } else {
        None
    };
    if let Some(sentence) = complaint {
        let errors = vec![FieldError::new("login", sentence)];
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let person = format!("P{}", random::key());
    let employers = value["employers"].as_array().into_iter().flatten();
    let command = Command::EnrolExpert {
        person: PersonId(person.clone()),
        name: Personal::new(text("name")),
        employers: employers
            .filter_map(|row| row["employer"].as_str().map(str::to_owned))
            .collect(),
        expert_kind: serde_json::from_value(value["expert_kind"].clone())
            .map_err(|_| Fault::Stale)?,
        field: text("field"),
    };
    if let Err(errors) = ask(&state, &signed, &command, &posted).await? {
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let account = (person.clone(), login, text("name"));
    let today = state.clock.today().to_string();
    let post = (format!("expert:{person}"), Capacity::Expert, today);
    if !welcome::make(&state, account, post).await? {
        return Err(Fault::Conflict("这个账号刚被别人使用。停聘后换一个账号重新聘任。".to_owned()));
    }
    let link = welcome::link(&state, &headers, &person).await?;
    let mut page_ = shown(&state, &signed, Values::default(), Vec::new()).await?;
    page_.link = Some((link, text("name")));
    page_with(StatusCode::CREATED, &page_)
}

pub(super) async fn link(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "重新生成链接", &posted.0).await? {
        return Ok(page);
    }
    let mut page_ = shown(&state, &signed, Values::default(), Vec::new()).await?;
    let found = page_.rows.iter().find(|row| row.person == posted.get("person"));
    let row = found.filter(|row| row.waits).ok_or(Fault::NotFound)?;
    let link = welcome::link(&state, &headers, &row.person).await?;
    page_.link = Some((link, row.name.clone()));
    page_with(StatusCode::CREATED, &page_)
}

pub(super) async fn dismiss(
    State(state): State<AppState>,
    signed: SignedIn,
    posted: Form,
) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "停聘专家", &posted.0).await? {
        return Ok(page);
    }
    let reason: String = posted.get("reason").chars().take(PARAGRAPH_MAX).collect();
    let command = Command::DismissExpert { person: PersonId::from(posted.get("person")), reason };
    if let Err(errors) = ask(&state, &signed, &command, &posted).await? {
        let sentence = errors.into_iter().map(|error| error.sentence).collect::<Vec<_>>();
        return Err(Fault::Refused(format!("{}。", sentence.join("；"))));
    }
    let text = "已停止聘任，以后的评审不再抽取".to_owned();
    Ok(see_other_with(&state, "/affairs/experts", &Flash { tone: Tone::Ok, text }))
}
