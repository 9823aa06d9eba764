//! 运行状况 — what an operator looks at first in the morning.

use askama::Template;
use axum::extract::State;
use consortium::materials::FILE_BYTES_MAX;
use documents::Kind;
use store::Harm;

use crate::clock;
use crate::http::{Answer, Fault, Form, SignedIn, see_other_with};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Flash, KeyValues, Tone};
use crate::state::AppState;

/// Below this room the operator is told: ten files of the largest size.
const ROOM_MIN: u64 = 10 * FILE_BYTES_MAX;

#[derive(Template)]
#[template(path = "ops/health.html")]
struct HealthPage {
    shell: Shell,
    facts: KeyValues,
    /// What wants a hand: tone and sentence.
    warnings: Vec<String>,
    /// Papers that could not be made: which, and why.
    stuck: Vec<(String, String)>,
}

/// Papers shown that could not be made.
const STUCK: i64 = 20;

/// Tries those papers again now.
pub(super) async fn try_again(
    State(state): State<AppState>,
    _signed: SignedIn,
    _posted: Form,
) -> Answer {
    let again = state.store.try_papers_again().await?;
    let text = format!("{again} 份文书即将重新制作");
    Ok(see_other_with(&state, "/ops", &Flash { tone: Tone::Ok, text }))
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let shell = Shell::new(&signed.visitor, "运行状况");
    let (waiting, failed) = state.store.letter_counts().await?;
    let (ordered, broken) = state.store.paper_counts().await?;
    let stuck = state.store.stuck_papers(STUCK).await?.into_iter().map(|paper| {
        let term = Kind::named(&paper.key.kind).map_or("文书", Kind::term);
        let which = format!("{term}，卷宗 {} 第 {} 项", paper.key.stream, paper.key.sequence);
        (which, paper.why.unwrap_or_default())
    });
    let chain = state.store.read(|tx| store::journal::chain(tx)).await?;
    let calendar = state.office.calendar().await.map_err(Fault::from)?;
    let covered = calendar.covered_until();
    let stages: i64 = state.store.tallies("stage/").await?.iter().map(|(_, count)| count).sum();
    let units: i64 = state.store.tallies("unit/").await?.iter().map(|(_, count)| count).sum();
    let faults = state.store.file_faults().await?;
    let room = state.store.room().await?;
    let facts = KeyValues::default()
        .row("事项", format!("{} 条", chain.0))
        .row("末位链值", chain.1)
        .row("卷宗", format!("{stages} 件"))
        .row("单位", format!("{units} 家"))
        .row("消息", format!("待送 {waiting} 封，未送出 {failed} 封"))
        .row("文书", format!("待制作 {ordered} 份，其中 {broken} 份没有做成"))
        .row("工作日历", covered.map_or("还没有".to_owned(), |day| format!("到 {day}")))
        .row("存放文件还可用", format!("{} MB", room >> 20))
        .row("查毒", state.clamd.as_ref().map_or("未配置".to_owned(), ToString::to_string))
        .row("数据目录", state.config.data.display().to_string());
    let mut warnings = Vec::new();
    if failed > 0 {
        warnings.push(format!("有 {failed} 封消息没有送出，看日志里的原因"));
    }
    if broken > 0 {
        warnings.push(format!("有 {broken} 份文书没有做成，原因在下面；不影响办理，处理后重试"));
    }
    for fault in &faults {
        let what = match fault.harm {
            Harm::Missing => "不在存放处",
            Harm::Changed => "内容与收到时不同",
        };
        let found = clock::written(fault.found_ms);
        let digest = &fault.digest;
        warnings.push(format!(
            "文件 {digest} {what}（{found} 发现），从备份放回 files 目录，下一次检查后恢复"
        ));
    }
    if room < ROOM_MIN {
        warnings
            .push("存放文件的空间将满，尽快扩容；满后不再收文件，卷宗的办理不受影响".to_owned());
    }
    let soon = state.clock.today().checked_add(jiff::Span::new().days(60)).ok();
    if covered.zip(soon).is_none_or(|(covered, soon)| covered < soon) {
        warnings.push("工作日历不足六十天，提醒业务处室导入下一年的放假安排".to_owned());
    }
    page(&HealthPage { shell, facts, warnings, stuck: stuck.collect() })
}
