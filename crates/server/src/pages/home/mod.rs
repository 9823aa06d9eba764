//! 工作台 — what waits for me, and what I was told.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Redirect;
use axum::routing::get;
use consortium::{access, calendar::Calendar, command, task::Holder};
use jiff::civil::Date;
use serde::Deserialize;
use store::{Letter, PostedLetter, WorkItem};

use crate::api::table::Object as O;
use crate::clock;
use crate::http::{Answer, Fault, SignedIn};
use crate::office::{DISPUTE, TASK};
use crate::pages::dossier::remaining;
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Empty, Pager, Table, Tone};
use crate::pages::table::{By, Route, shows};
use crate::state::AppState;

/// Lines of a worklist on one page.
const LINES: usize = 50;
/// Messages shown beside the worklist.
const MESSAGES: i64 = 6;
/// Messages of a page of their own.
const MESSAGES_PAGE: usize = 50;

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/home", By::SignedIn, O::Dossier, || get(home)),
    shows("/messages", By::SignedIn, O::Dossier, || get(messages)),
    shows("/panel", By::Public, O::Dossier, || get(async || Redirect::to("/home"))),
];

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage {
    shell: Shell,
    count: i64,
    overdue: usize,
    work: Table,
    pager: Pager,
    messages: Vec<Message>,
    may_open: bool,
}

#[derive(Template)]
#[template(path = "home/messages.html")]
struct MessagesPage {
    shell: Shell,
    messages: Vec<Message>,
    pager: Pager,
}

/// A letter, as its reader sees it.
struct Message {
    subject: String,
    /// Whether what it asks for is owed no more: done by whomever, or withdrawn.
    done: bool,
    when: String,
    href: Option<String>,
}

/// The line of the worklist to go on after.
#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: String,
}

async fn home(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(After { after }): Query<After>,
) -> Answer {
    let holders = Holder::keys_of(&signed.actor);
    let cursor = cursor(&after);
    let first_page = cursor.is_none();
    let limit = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut items = state.store.worklist(&holders, cursor, limit).await?;
    let more = items.len() > LINES;
    items.truncate(LINES);
    let next = items.last().filter(|_| more).map(|item| {
        let (due, stream, key) = item.cursor();
        let pairs = [("after", format!("{due}~{stream}~{key}"))];
        format!("/home?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    });
    let calendar = state.office.calendar().await?;
    let today = state.clock.today();
    let counts = state.store.task_counts(&holders).await?;
    let count: i64 = counts.iter().map(|(_, count)| count).sum();
    let mut work = Table::new("待办一览", &["事项", "联合体", "期限", "条款"]);
    work.empty = Empty {
        why: "没有待办".to_owned(),
        when: "轮到办理时会列在这里，同时发一条消息".to_owned(),
        link: Some(("/dossiers".to_owned(), "看卷宗".to_owned())),
    };
    for item in &items {
        work.push(line(item, &calendar, today));
    }
    let overdue = items.iter().filter(|item| due(item).is_some_and(|due| due < today)).count();
    let mut shell = Shell::new(&signed.visitor, "工作台");
    shell.waiting("/home", u64::try_from(count).unwrap_or(0));
    let may_open =
        command::named("open").is_some_and(|verb| access::may(&signed.actor, verb, None).is_ok());
    page(&HomePage {
        shell,
        count,
        overdue,
        work,
        pager: Pager {
            shown: String::new(),
            first: (!first_page).then(|| "/home".to_owned()),
            next,
        },
        messages: letters(&state, &signed, None, MESSAGES)
            .await?
            .into_iter()
            .map(|(posted, done)| message(posted, done))
            .collect(),
        may_open,
    })
}

fn cursor(after: &str) -> Option<(String, String, String)> {
    let mut parts = after.splitn(3, '~').map(str::to_owned);
    Some((parts.next()?, parts.next()?, parts.next()?))
}

fn due(item: &WorkItem) -> Option<Date> {
    item.task.due.as_ref()?.parse().ok()
}

fn line(item: &WorkItem, calendar: &Calendar, today: Date) -> Vec<Html> {
    let (title, since) = (item.task.title.as_str(), format!("{} 起", item.task.opened_on));
    let href = address(item);
    let (name, lead) = item
        .dossier
        .as_ref()
        .map_or(("", ""), |dossier| (dossier.name.as_str(), dossier.lead_name.as_str()));
    let limit = match due(item) {
        Some(due) => {
            let (tone, words) = remaining(calendar, today, due);
            let day = Html::text(&due.to_string());
            Html::trusted(format!(
                "<span class=\"row\"><span>{day}</span>{}</span>",
                ui::status(tone, &words)
            ))
        }
        None => Html::from(item.task.note.clone().unwrap_or_else(|| "没有规定期限".to_owned())),
    };
    let consortium = match &item.dossier {
        Some(dossier) => {
            let (name, lead) =
                (Html::link(&format!("/dossiers/{}", dossier.id), name), Html::text(lead));
            Html::trusted(format!("{name}<small>{lead}</small>"))
        }
        None => Html::default(),
    };
    vec![Html::named(&href, title, &since), consortium, limit, ui::clause(&item.task.clause)]
}

/// Straight to the act; tasks about a unit go to its record.
fn address(item: &WorkItem) -> String {
    match &item.dossier {
        Some(dossier) => match item.task.kind.as_str() {
            // Editing begins at the list of tasks.
            "write_application" | "draft" | "submit" => format!("/dossiers/{}", dossier.id),
            verb if command::named(verb).is_some() => format!("/dossiers/{}/{verb}", dossier.id),
            _ => format!("/dossiers/{}", dossier.id),
        },
        None => match item.task.kind.as_str() {
            "decide_dispute" => format!("/units/{}/disputes", item.stream),
            "invite" => format!("/units/{}/people", item.stream),
            _ => format!("/units/{}", item.stream),
        },
    }
}

/// The letters to everybody who holds what this reader holds, newest first.
async fn letters(
    state: &AppState,
    signed: &SignedIn,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(PostedLetter, bool)>, Fault> {
    let mut found = Vec::new();
    for holder in Holder::told(&signed.actor) {
        found.extend(state.store.letters_to(&holder, before, limit).await?);
    }
    found.sort_by_key(|posted| std::cmp::Reverse(posted.id));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let streams = found.iter().map(|posted| posted.letter.stream.clone()).collect();
    let open = state.store.open_tasks(streams).await?;
    let done = |letter: &Letter| {
        let asked = letter.subject.strip_prefix(TASK);
        asked.is_some_and(|title| {
            !open.iter().any(|(stream, holder, open)| {
                *stream == letter.stream && *holder == letter.to && open == title
            })
        })
    };
    Ok(found
        .into_iter()
        .map(|posted| {
            let done = done(&posted.letter);
            (posted, done)
        })
        .collect())
}

fn message(posted: PostedLetter, done: bool) -> Message {
    let (stream, subject) = (posted.letter.stream, posted.letter.subject);
    let asked = subject.strip_prefix(TASK).filter(|_| done);
    let disputed = subject.starts_with(DISPUTE);
    Message {
        subject: asked.map_or_else(|| subject.clone(), |title| format!("已了结：{title}")),
        done,
        when: clock::written(posted.created_ms),
        href: match stream.split_once('-') {
            Some(("d", _)) => Some(format!("/dossiers/{stream}")),
            Some(("u", _)) if disputed => Some(format!("/units/{stream}/disputes")),
            Some(("u", _)) => Some(format!("/units/{stream}")),
            _ => None,
        },
    }
}

async fn messages(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(After { after }): Query<After>,
) -> Answer {
    let before = after.parse().ok();
    let limit = i64::try_from(MESSAGES_PAGE + 1).unwrap_or(i64::MAX);
    let mut found = letters(&state, &signed, before, limit).await?;
    let more = found.len() > MESSAGES_PAGE;
    found.truncate(MESSAGES_PAGE);
    let next = found.last().filter(|_| more).map(|(last, _)| last.id);
    let next = next.map(|last| format!("/messages?after={last}"));
    page(&MessagesPage {
        shell: Shell::new(&signed.visitor, "消息"),
        messages: found.into_iter().map(|(posted, done)| message(posted, done)).collect(),
        pager: Pager { shown: String::new(), first: before.map(|_| "/messages".to_owned()), next },
    })
}
