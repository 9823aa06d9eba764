//! 工作日历 — the years that are known, and a new one from the State Council's notice.

use askama::Template;
use axum::extract::State;
use consortium::actor::Capacity;
use consortium::calendar::{Calendar, DayKind};
use consortium::department::Command;
use jiff::civil::Date;

use super::{ask, is};
use crate::http::prove;
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Table, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// Characters of a year's text.
const TEXT_MAX: usize = 10_000;
/// From this month on the coming year is missed.
const ANNOUNCED_BY: i8 = 10;

#[derive(Template)]
#[template(path = "affairs/calendar.html")]
struct CalendarPage {
    shell: Shell,
    covered: String,
    missing: Option<i16>,
    years: Table,
    form: Option<form::Form>,
}

/// Until when the calendar answers, in words.
pub(super) fn covered(calendar: &Calendar) -> String {
    calendar.covered_until().map_or_else(|| "没有年份".to_owned(), |day| format!("覆盖至 {day}"))
}

/// The year that is missing: this one, or from October on the next.
pub(super) fn missing(calendar: &Calendar, today: Date) -> Option<i16> {
    let wanted = today.year() + i16::from(today.month() >= ANNOUNCED_BY);
    let until = calendar.covered_until().map_or(0, Date::year);
    (until < wanted).then_some(if until == 0 { today.year() } else { until + 1 })
}

fn fields() -> Vec<FieldSpec> {
    vec![FieldSpec::long("text", "一年的放假安排", TEXT_MAX).required().hint(
        "第一行 # source 通知名称；第二行 year 年份；off 起 止 为放假，work 日 为调休上班，每行一段",
    )]
}

fn years(calendar: &Calendar) -> Table {
    let mut table = Table::new("已导入的年份", &["年份", "来源", "放假#", "调休上班#"]);
    for year in calendar.years() {
        let of = |kind: DayKind| year.days().filter(|(_, found)| *found == kind).count();
        table.push(vec![
            year.year().to_string().into(),
            Html::text(year.source()),
            format!("{} 天", of(DayKind::Off)).into(),
            format!("{} 天", of(DayKind::Work)).into(),
        ]);
    }
    table
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<CalendarPage, Fault> {
    let calendar = state.office.calendar().await?;
    let today = state.clock.today();
    let mut shell = Shell::new(&signed.visitor, "工作日历").crumb("/affairs", "参数与日历");
    shell.has_errors = !errors.is_empty();
    let imports = is(&signed.actor, &[Capacity::Drafter, Capacity::Publisher]);
    let form = imports.then(|| {
        form::Form::new(&shell.csrf, "/affairs/calendar", "导入工作日历", fields())
            .values(values)
            .errors(errors)
    });
    Ok(CalendarPage {
        shell,
        covered: covered(&calendar),
        missing: missing(&calendar, today),
        years: years(&calendar),
        form,
    })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new()).await?)
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "发布工作日历", &posted.0).await? {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    if let Err(errors) = parse(&fields(), &posted.0) {
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let text = posted.get("text").replace("\r\n", "\n");
    if let Err(errors) = ask(&state, &signed, &Command::ImportCalendar { text }, &posted).await? {
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let words = "工作日历已导入，待办的期限已重新算出".to_owned();
    let flash = Flash { tone: Tone::Ok, text: words };
    Ok(see_other_with(&state, "/affairs/calendar", &flash))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_coming_year_is_missed_from_october_on() {
        let calendar = Calendar::fictional(2025, 2026);
        // day, missing
        let table = [
            (date(2026, 9, 30), None),
            (date(2026, 10, 1), Some(2027)),
            (date(2027, 1, 1), Some(2027)),
        ];
        for (day, expected) in table {
            assert_eq!(missing(&calendar, day), expected, "{day}");
        }
        assert_eq!(missing(&Calendar::empty(), date(2026, 1, 1)), Some(2026));
    }
}
