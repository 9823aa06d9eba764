//! 卷宗 — what somebody may read, newest change first.

use askama::Template;
use axum::extract::{Query, State};
use consortium::{access, command, dossier::StageKind};
use serde::Deserialize;
use store::{DossierQuery, DossierRow};

use crate::clock;
use crate::http::{Answer, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{Empty, Pager, Table};
use crate::state::AppState;

/// Lines of one page.
const LINES: usize = 50;

/// What is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    stage: String,
    /// The line to go on after: time and id.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "dossier/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    stages: Vec<(&'static str, &'static str)>,
    table: Table,
    pager: Pager,
    may_open: bool,
    may_import: bool,
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer {
    let only = StageKind::ALL.into_iter().find(|kind| kind.name() == asked.stage);
    let after =
        asked.after.split_once('/').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let first_page = after.is_none();
    let query = DossierQuery {
        reader: signed.actor.reader_key(),
        stage: only.map(|kind| kind.name().to_owned()),
        text: Some(asked.q.clone()).filter(|text| !text.trim().is_empty()),
        after,
        limit: i64::try_from(LINES + 1).unwrap_or(i64::MAX),
    };
    let mut rows = state.office.dossiers(&signed.actor, query).await?;
    let more = rows.len() > LINES;
    rows.truncate(LINES);
    let next = rows.last().filter(|_| more).map(|row| {
        let after = format!("{}/{}", row.updated_ms, row.id);
        address(&asked, &after)
    });
    let mut table = Table::new("卷宗一览", &["联合体", "环节", "下一步", "最近变化"]);
    table.empty = empty(&asked);
    for row in &rows {
        table.push(line(row));
    }
    let may = |verb: &str| {
        command::named(verb).is_some_and(|verb| access::may(&signed.actor, verb, None).is_ok())
    };
    page(&ListPage {
        shell: Shell::new(&signed.visitor, "卷宗"),
        stages: StageKind::ALL.map(|stage| (stage.name(), stage.term())).to_vec(),
        pager: Pager {
            shown: String::new(),
            first: (!first_page).then(|| address(&asked, "")),
            next,
        },
        may_open: may("open"),
        may_import: may("import_trial_filing"),
        asked,
        table,
    })
}

fn address(asked: &Asked, after: &str) -> String {
    let pairs = [("q", asked.q.as_str()), ("stage", asked.stage.as_str()), ("after", after)];
    let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("/dossiers?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

fn empty(asked: &Asked) -> Empty {
    if asked.q.is_empty() && asked.stage.is_empty() {
        return Empty {
            why: "还没有卷宗".to_owned(),
            when: "发起、受邀或轮到办理时，会列在这里".to_owned(),
            link: Some(("/guide".to_owned(), "看办事指南".to_owned())),
        };
    }
    Empty {
        why: "没有符合条件的卷宗".to_owned(),
        when: String::new(),
        link: Some(("/dossiers".to_owned(), "清除筛选".to_owned())),
    }
}

fn line(row: &DossierRow) -> Vec<Html> {
    let text = |name: &str| row.card.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let stage = StageKind::ALL.into_iter().find(|stage| stage.name() == row.stage);
    let under = match &row.filed_no {
        Some(number) => format!("{} · {number}", row.lead_name),
        None => row.lead_name.clone(),
    };
    let turn = match (text("turn"), text("title")) {
        ("", _) => String::new(),
        (who, what) => format!("{who}：{what}"),
    };
    vec![
        Html::named(&format!("/dossiers/{}", row.id), &row.name, &under),
        Html::from(stage.map_or("", StageKind::term)),
        Html::from(turn),
        Html::from(clock::written(row.updated_ms)),
    ]
}
