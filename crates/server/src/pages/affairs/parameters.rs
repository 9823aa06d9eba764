//! 参数 — every figure the regulation leaves open, with its value, basis and day.

use askama::Template;
use axum::extract::State;
use consortium::actor::Capacity;
use consortium::department::{Affairs, Command};
use consortium::parameter::{ParameterKey, ParameterUnit};
use jiff::civil::Date;

use super::{ask, is};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::clause::label;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Empty, Flash, Table, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "affairs/parameters.html")]
struct ParametersPage {
    shell: Shell,
    table: Table,
    upcoming: Table,
    form: Option<form::Form>,
}

/// A basis without the number under which it stands in our own papers.
fn plain(basis: &str) -> &str {
    match basis.split_once('：') {
        Some((number, words))
            if number.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '、' | '.')) =>
        {
            words
        }
        _ => basis,
    }
}

fn in_force(affairs: &Affairs, today: Date) -> Table {
    let columns = ["参数", "取值#", "条款", "依据", "生效日期"];
    let mut table = Table::new("现行参数", &columns);
    let current = affairs.parameters_on(today);
    for &key in ParameterKey::ALL {
        let entry = key.entry(today);
        let set = affairs
            .settings
            .iter()
            .rev()
            .find(|setting| setting.key == key && setting.from <= today);
        let (basis, from) = set.map_or((plain(entry.basis), entry.effective_from), |setting| {
            (setting.basis.as_str(), setting.from)
        });
        table.push(vec![
            Html::text(entry.zh),
            entry.unit.show(current.get(key)).into(),
            ui::clause(entry.clause.0),
            basis.into(),
            from.to_string().into(),
        ]);
    }
    table
}

fn upcoming(affairs: &Affairs, today: Date) -> Table {
    let mut table = Table::new("待生效的参数", &["参数", "新取值#", "依据", "生效日期"]);
    table.empty = Empty::because("没有待生效的参数");
    for setting in affairs.settings.iter().filter(|setting| setting.from > today) {
        let entry = setting.key.entry(today);
        table.push(vec![
            Html::text(entry.zh),
            entry.unit.show(setting.value).into(),
            Html::text(&setting.basis),
            setting.from.to_string().into(),
        ]);
    }
    table
}

fn fields(today: Date) -> Vec<FieldSpec> {
    let keys = ParameterKey::ALL.iter().map(|key| {
        let entry = key.entry(today);
        let unit = match entry.unit {
            ParameterUnit::YesNo => "1 为是，0 为否",
            ParameterUnit::MonthDay => "月日，930 为 9 月 30 日",
            other => other.zh(),
        };
        (key.as_str(), format!("{} {}（{unit}）", label(entry.clause.0), entry.zh))
    });
    vec![
        FieldSpec::select("key", "参数", keys).required(),
        FieldSpec::integer("value", "新取值", -100_000, 100_000).required(),
        FieldSpec::text("basis", "依据", 120).required().hint("文件名称和文号"),
        FieldSpec::date("from", "生效日期").required().hint("从今天或以后的日期起，不追溯"),
    ]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<ParametersPage, Fault> {
    let affairs = state.office.affairs().await?;
    let today = state.clock.today();
    let mut shell = Shell::new(&signed.visitor, "参数").crumb("/affairs", "参数与日历");
    shell.has_errors = !errors.is_empty();
    let form = is(&signed.actor, &[Capacity::Decider]).then(|| {
        form::Form::new(&shell.csrf, "/affairs/parameters", "设定参数", fields(today))
            .intro("已受理的卷宗沿用受理时的参数，新取值用于生效以后的卷宗。")
            .values(values)
            .errors(errors)
    });
    Ok(ParametersPage {
        shell,
        table: in_force(&affairs, today),
        upcoming: upcoming(&affairs, today),
        form,
    })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new()).await?)
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "设定参数", &posted.0).await? {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    let value = match parse(&fields(state.clock.today()), &posted.0) {
        Ok(value) => value,
        Err(errors) => return unprocessable(&shown(&state, &signed, again, errors).await?),
    };
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let from = text("from").parse().map_err(|_| Fault::Stale)?;
    let command = Command::SetParameter {
        key: text("key"),
        value: value["value"].as_i64().unwrap_or_default(),
        basis: text("basis"),
        from,
    };
    if let Err(errors) = ask(&state, &signed, &command, &posted).await? {
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let words = format!("参数已设定，自 {from} 起适用");
    let flash = Flash { tone: Tone::Ok, text: words };
    Ok(see_other_with(&state, "/affairs/parameters", &flash))
}
