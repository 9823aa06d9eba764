//! 运行状况 — what an operator looks at first in the morning.

use askama::Template;
use axum::extract::State;

use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "ops/health.html")]
struct HealthPage {
    shell: Shell,
    facts: KeyValues,
    /// What wants a hand: tone and sentence.
    warnings: Vec<String>,
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let shell = Shell::new(&signed.visitor, "运行状况");
    let (waiting, failed) = state.store.letter_counts().await?;
    let chain = state.store.read(|tx| store::journal::chain(tx)).await?;
    let calendar = state.office.calendar().await.map_err(Fault::from)?;
    let covered = calendar.covered_until();
    let stages: i64 = state.store.tallies("stage/").await?.iter().map(|(_, count)| count).sum();
    let units: i64 = state.store.tallies("unit/").await?.iter().map(|(_, count)| count).sum();
    let facts = KeyValues::default()
        .row("事项", format!("{} 条", chain.0))
        .row("末位链值", chain.1)
        .row("卷宗", format!("{stages} 件"))
        .row("单位", format!("{units} 家"))
        .row("消息", format!("待送 {waiting} 封，未送出 {failed} 封"))
        .row("工作日历", covered.map_or("还没有".to_owned(), |day| format!("到 {day}")))
        .row("数据目录", state.config.data.display().to_string());
    let mut warnings = Vec::new();
    if failed > 0 {
        warnings.push(format!("有 {failed} 封消息没有送出，看日志里的原因"));
    }
    let soon = state.clock.today().checked_add(jiff::Span::new().days(60)).ok();
    if covered.zip(soon).is_none_or(|(covered, soon)| covered < soon) {
        warnings.push("工作日历不足六十天，提醒业务处室导入下一年的放假安排".to_owned());
    }
    page(&HealthPage { shell, facts, warnings })
}
