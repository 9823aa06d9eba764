//! 首页 — the register: figures, search, filters, the list, what is on notice, two pictures.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use consortium::reference;
use jiff::civil::Date;
use store::{DossierQuery, PUBLIC, lists};

use super::charts::Drawn;
use super::query::{Filter, places, statuses};
use super::row::Line;
use crate::clock;
use crate::http::{Answer, Visitor};
use crate::office::RegisterFigures;
use crate::pages::notices::{self, Notice};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Empty};
use crate::state::AppState;

/// Lines of a page.
const LINES: usize = 12;
/// Notices shown beside the list.
const NOTICES: i64 = 5;
/// The first year a filing may be of.
const FIRST_YEAR: i16 = 2020;

#[derive(Template)]
#[template(path = "registry/list.html")]
struct ListPage {
    shell: Shell,
    figures: Arc<RegisterFigures>,
    filter: Filter,
    asks: bool,
    count: String,
    lines: Vec<Line>,
    empty: Empty,
    previous: Option<String>,
    next: Option<String>,
    csv: String,
    xlsx: String,
    json: String,
    notices: Vec<Notice>,
    drawn: Arc<Drawn>,
    places: Vec<(&'static str, &'static str)>,
    statuses: Vec<(&'static str, &'static str)>,
    years: Vec<String>,
    as_of: String,
}

/// The register stands at the root.
pub(super) async fn moved(Query(filter): Query<Filter>) -> Response {
    Redirect::permanent(&filter.href("/")).into_response()
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(filter): Query<Filter>,
) -> Answer {
    let asked = filter.clone();
    let read = state.office.with_figures(move |tx| {
        let query = DossierQuery {
            reader: PUBLIC.to_owned(),
            stage: Some("public_notice".to_owned()),
            limit: NOTICES,
            ..DossierQuery::default()
        };
        // The whole register is counted with the figures.
        let count = asked.asks().then(|| asked.count(tx)).transpose()?;
        Ok((asked.page(tx, LINES)?, count, lists::dossiers(tx, &query)?))
    });
    let (figures, calendar, (found, count, on_notice)) = read.await?;
    let today = state.clock.today();
    let notices = notices::listed(on_notice, &calendar, today);
    let lines: Vec<Line> = found.rows.into_iter().map(Line::of).collect();
    let at = |name: &'static str, cursor: Option<String>| {
        cursor.map(|cursor| format!("{}#register", filter.href_with("/", Some((name, &cursor)))))
    };
    let mut shell = Shell::new(&visitor, "创新联合体备案名录")
        .about("依据《内蒙古自治区创新联合体备案管理办法》备案的创新联合体名录，逐条可查、可下载");
    shell.indexed = shell.indexed && !filter.asks();
    let page_ = ListPage {
        previous: at("before", found.previous),
        next: at("after", found.next),
        csv: filter.href("/registry.csv"),
        xlsx: filter.href("/registry.xlsx"),
        json: filter.href("/registry.json"),
        asks: filter.asks(),
        count: counted(count.unwrap_or(figures.listed)),
        drawn: state.gallery.of(&figures),
        empty: empty(filter.asks()),
        as_of: clock::written(state.clock.now_ms()),
        places: places(),
        statuses: statuses(),
        years: years(today),
        shell,
        figures,
        filter,
        lines,
        notices,
    };
    page(&page_)
}

impl ListPage {
    fn fields() -> &'static [reference::Class] {
        reference::fields()
    }

    fn lead_href(&self) -> &'static str {
        if self.shell.who.is_some() { "/dossiers/new" } else { "/units/register" }
    }
}

fn counted(count: i64) -> String {
    if count > lists::COUNT_MAX {
        return format!("{} 条以上", lists::COUNT_MAX);
    }
    format!("{count} 条")
}

fn years(today: Date) -> Vec<String> {
    (FIRST_YEAR..=today.year()).rev().map(|year| year.to_string()).collect()
}

fn empty(asks: bool) -> Empty {
    if asks {
        return Empty {
            why: "没有符合条件的联合体".to_owned(),
            when: "换一个名称、单位或备案编号，或减少筛选条件".to_owned(),
            link: Some(("/#register".to_owned(), "清除筛选".to_owned())),
        };
    }
    Empty {
        why: "还没有备案的联合体".to_owned(),
        when: "公示期满予以备案后列入名录".to_owned(),
        link: Some(("/guide".to_owned(), "查看办事指南".to_owned())),
    }
}
