//! 联合体主页 — everything that is public about one consortium, also after it ended.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::Actor;
use consortium::ids::DossierId;
use consortium::support::SupportClause;
use consortium::view::{ChangeView, DossierView, FiledView, YearView};

use super::row::status_chip;
use crate::http::{Answer, Fault, Visitor};
use crate::pages::dossier::papers;
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Moment, MomentMark, Table, Timeline, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "registry/show.html")]
struct ShowPage {
    shell: Shell,
    view: DossierView,
    chip: Html,
    facts: KeyValues,
    parties: Table,
    filed: Option<FiledView>,
    papers: Option<Table>,
    timeline: Timeline,
    ended: Option<(String, String, String)>,
    /// Where an insider works on it.
    inside: Option<String>,
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let public = Actor::public();
    let id = DossierId(id);
    let opened = state.office.read(&public, &id).await?;
    let view = opened.view;
    let Some(status) = view.status else { return Err(Fault::NotFound) };
    let moments = state.office.timeline(&public, &opened.dossier).await?;
    let under = format!("/registry/{id}");
    let papers = papers::table(&state, &public, &opened.dossier, &under).await?;
    let actor = visitor.actor();
    let reader = actor.reader_key();
    let inside = visitor.signed().is_some()
        && consortium::access::readers(&opened.dossier).contains(&reader);
    let mut shell = Shell::new(&visitor, view.name.clone()).crumb("/", "备案名录");
    if visitor.signed().is_none() {
        shell = shell.about(about(&view));
    }
    let ended = view.ended.as_ref().map(|(end, on, reason)| {
        ((*end).to_owned(), on.to_string(), reason.clone().unwrap_or_default())
    });
    let page_ = ShowPage {
        shell,
        chip: status_chip(status),
        facts: facts(&view),
        parties: parties(&view),
        filed: view.filed.clone(),
        papers,
        timeline: Timeline { moments: moments.iter().rev().map(moment).collect() },
        ended,
        inside: inside.then(|| format!("/dossiers/{id}")),
        view,
    };
    page(&page_)
}

/// A paper that everybody reads.
pub(super) async fn paper(
    State(state): State<AppState>,
    Path((id, sequence, kind)): Path<(String, String, String)>,
) -> Answer {
    crate::papers::file(
        &state,
        &Actor::public(),
        &DossierId(id),
        sequence.parse().unwrap_or(0),
        &kind,
    )
    .await?
    .ok_or(Fault::NotFound)
}

fn about(view: &DossierView) -> String {
    let lead = view.parties.iter().find(|party| party.lead).map_or("", |party| &party.name);
    format!("{}，牵头单位{lead}，{} 家单位", view.name, view.parties.len())
}

fn facts(view: &DossierView) -> KeyValues {
    let lead = view.parties.iter().find(|party| party.lead).map_or("", |party| &party.name);
    let mut facts = KeyValues::new();
    if let Some(filed) = &view.filed {
        facts = facts.row("备案编号", filed.number.as_str()).row("备案日期", filed.on.to_string());
    }
    if let Some((from, to)) = view.notice {
        let link = Html::link(&format!("/notices/{}", view.id), "查看公示");
        facts = facts.row("公示时间", Html::text(&format!("{from} 至 {to}　")).then(&link));
    }
    facts
        .row("牵头单位", lead)
        .row("归口管理部门", view.authority.unwrap_or("试行期备案，未登记"))
        .row("技术领域", view.field.unwrap_or("未登记"))
        .row(
            "适用办法",
            if view.trial {
                "试行办法备案，转入现行办法管理"
            } else {
                "现行办法"
            },
        )
}

fn parties(view: &DossierView) -> Table {
    let mut table = Table::new("各成员单位", &["单位", "类型", "身份"]);
    for party in &view.parties {
        let role =
            if party.lead { ui::status(Tone::Ok, "牵头单位") } else { "成员单位".into() };
        table.push(vec![Html::text(&party.name), party.kind.into(), role]);
    }
    table
}

fn moment(line: &consortium::view::TimelineView) -> Moment {
    Moment {
        when: line.at.strftime("%Y-%m-%d %H:%M").to_string(),
        title: line.title.clone(),
        text: line.who.clone(),
        clause: line.clause.unwrap_or_default().to_owned(),
        href: String::new(),
        mark: MomentMark::Law,
    }
}

impl ShowPage {
    fn year_class(year: &YearView) -> &'static str {
        match year.state {
            "missed" => "hL",
            "due" => "hD",
            "late" => "hN",
            _ => "hR",
        }
    }

    fn year_words(year: &YearView) -> &'static str {
        match year.state {
            "missed" => "未报",
            "due" => "待报",
            "late" => "逾期已报",
            _ => "已报",
        }
    }

    fn change(change: &ChangeView) -> Html {
        match change.accepted {
            None => ui::status(Tone::Run, "办理中"),
            Some(true) => ui::status(Tone::Done, "已报备"),
            Some(false) => ui::status(Tone::Idle, "不予变更"),
        }
    }

    fn support(clause: &str) -> &'static str {
        SupportClause::ALL.into_iter().find(|c| c.id() == clause).map_or("", SupportClause::term)
    }
}
