//! 演示条的两个动作 — become somebody, go to a day. Only a demonstration has these routes.

use axum::extract::State;
use axum::routing::post;
use jiff::civil::{Date, date};

use super::{EXPERT, SIGN_INS};
use crate::api::table::Object as O;
use crate::http::strength::With;
use crate::http::{Answer, Fault, Form, Visitor, add_cookie, see_other, see_other_with, session};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::table::{By, Route, takes};
use crate::state::AppState;

/// The farthest day a demonstration goes to: later ones say nothing new.
const FARTHEST: Date = date(2036, 12, 31);

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    takes("/demo/as", By::Demo, O::Platform, || post(become_somebody)),
    takes("/demo/day", By::Demo, O::Platform, || post(go_to_day)),
];

/// One-click sign-in as somebody of the cast.
async fn become_somebody(State(state): State<AppState>, visitor: Visitor, form: Form) -> Answer {
    let wanted = form.get("as");
    if state.demo.is_none() || !SIGN_INS.iter().any(|(login, _)| *login == wanted) {
        return Err(Fault::NotFound);
    }
    let login = if wanted == EXPERT { seated_expert(&state).await? } else { wanted.to_owned() };
    let person = state.store.person_by_login(&login).await?.ok_or(Fault::NotFound)?;
    if let Some(old) = visitor.signed() {
        session::end(&state, &old.session.hash).await?;
    }
    let cookie = session::begin(&state, &person.id, None, "演示", With::Demonstration).await?;
    let mut response = see_other("/home");
    add_cookie(&mut response, cookie);
    Ok(response)
}

/// An expert who has something to do; the first of the roster when nobody has.
async fn seated_expert(state: &AppState) -> Result<String, Fault> {
    for n in 1..=super::cast::EXPERTS.len() {
        let holder = format!("expert:p-expert{n}");
        let open: i64 = state.store.task_counts(&[holder]).await?.iter().map(|(_, n)| n).sum();
        if open > 0 {
            return Ok(format!("expert{n}"));
        }
    }
    Ok("expert1".to_owned())
}

/// Lets days pass: the clock goes to a later day and the calendar is swept.
async fn go_to_day(State(state): State<AppState>, form: Form) -> Answer {
    if state.demo.is_none() {
        return Err(Fault::NotFound);
    }
    let next = form.get("next").to_owned();
    let today = state.clock.today();
    let day: Date = form
        .get("day")
        .parse()
        .map_err(|_| Fault::Malformed("日期写成 2026-12-31 这样".to_owned()))?;
    if day <= today || day > FARTHEST {
        let text = format!("只能往后走：从 {today} 之后到 {FARTHEST}");
        return Ok(see_other_with(&state, &next, &Flash { tone: Tone::Warn, text }));
    }
    state.clock.go_to(day);
    let swept = state.office.sweep().await.map_err(|error| Fault::internal(error.to_string()))?;
    super::remember(&state.office).await.map_err(|error| Fault::internal(error.to_string()))?;
    let text = format!("今天是 {day}。日历走过，{} 件有了变化", swept.moved.len());
    Ok(see_other_with(&state, &next, &Flash { tone: Tone::Ok, text }))
}
