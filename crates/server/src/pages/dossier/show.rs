//! 卷宗页 — one page for everybody inside; what somebody may not see is not there.

use askama::Template;
use axum::extract::{Path, State};
use consortium::outstanding::OF_MEMBER;
use consortium::{
    dossier::{Stage, StageKind},
    materials::Intention,
    register::Status,
    view::{ActionView, PartyView, TimelineView},
};

use super::act::ui_time;
use super::checks::Rules;
use super::desk::Desk;
use super::document::Document;
use super::life::Life;
use super::onward;
use super::outstanding::Outstanding;
use super::papers;
use super::procedure::Procedure;
use super::tasks;
use super::team::Team;
use super::turns::{Turn, turns};
use crate::forms;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Moment, MomentMark, Steps, Table, TaskList, Timeline, Tone};
use crate::state::AppState;

/// Moments of the timeline that are not folded.
const IN_SIGHT: usize = 8;

#[derive(Template)]
#[template(path = "dossier/show.html")]
struct ShowPage {
    shell: Shell,
    id: String,
    name: String,
    status: Html,
    because: &'static str,
    facts: Vec<String>,
    turns: Vec<Turn>,
    notes: Vec<(&'static str, String)>,
    corrections: Vec<(&'static str, String, String)>,
    correction_due: Option<String>,
    /// Where the differences to the last submission are.
    compare: Option<String>,
    steps: Option<Steps>,
    primary: Vec<Button>,
    others: Vec<Button>,
    /// Whether the tasks lead: what happened and who takes part stand back then.
    listed: bool,
    tasks: Option<TaskList>,
    /// How far the list is.
    progress: String,
    /// What waits first: address and words.
    next: Option<(String, String)>,
    checks: Option<Rules>,
    parties: Table,
    /// What the members have still to do, for the lead.
    outstanding: Option<Outstanding>,
    /// How many drafts can be saved no longer, and where they are.
    stranded: Option<(usize, String)>,
    can_invite: Option<String>,
    can_remove: Option<String>,
    document: Option<Document>,
    procedure: Procedure,
    life: Option<Life>,
    papers: Option<Table>,
    timeline: Timeline,
    /// What lies farther back, folded.
    earlier: Timeline,
}

/// An act as a button.
struct Button {
    href: String,
    words: &'static str,
    class: &'static str,
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let timeline = state.office.timeline(&signed.actor, &desk.dossier).await?;
    let papers = papers::table(&state, &signed.actor, &desk.dossier, &desk.href()).await?;
    let team = Team::of(&state, &desk).await?;
    let list = tasks::tasks(&desk, &team);
    let (done, all, next) = list.as_ref().map(onward::next).unwrap_or_default();
    let next = next.and_then(|row| Some((row.href.clone()?, row.title.clone())));
    let (primary, others) = buttons(&desk, list.is_some());
    let before_filing = desk.dossier.stage_kind() < StageKind::Filed;
    let view = &desk.view;
    let shell = Shell::new(&signed.visitor, desk.short()).crumb("/dossiers", "卷宗");
    let (timeline, earlier) = moments(timeline);
    page(&ShowPage {
        id: view.id.clone(),
        name: view.name.clone(),
        status: status(&desk),
        because: view.because,
        facts: facts(&desk),
        turns: turns(&desk),
        notes: notes(&desk, &team),
        corrections: view.correction.as_ref().map(|c| c.items.clone()).unwrap_or_default(),
        correction_due: view.correction.as_ref().and_then(|c| c.due).map(|due| due.to_string()),
        compare: compared(&desk).then(|| desk.to("compare")),
        steps: steps(&desk),
        primary,
        others,
        progress: format!("已办 {done}/{all}"),
        next,
        checks: match list {
            Some(_) if before_filing => Rules::beside_tasks(&desk, &shell.now),
            None if before_filing => Rules::of(&desk, &shell.now),
            _ => None,
        },
        listed: list.is_some(),
        tasks: list,
        parties: parties(&desk),
        outstanding: Outstanding::of(&desk, &shell.csrf),
        stranded: stranded(&state, &desk).await?,
        can_invite: desk.can("invite").then(|| desk.to("invite")),
        can_remove: (desk.can("remove_member") && view.parties.len() > 1)
            .then(|| desk.to("remove_member")),
        document: Document::of(&desk),
        procedure: Procedure::of(view).named(&state).await?,
        life: Life::of(&desk),
        papers,
        timeline,
        earlier,
        shell,
    })
}

/// What was typed and can be saved no longer: it is not silently out of reach.
async fn stranded(state: &AppState, desk: &Desk) -> Result<Option<(usize, String)>, Fault> {
    let kept = super::drafts::kept(state, desk).await?;
    let count = kept.iter().filter(|kept| kept.is_stranded()).count();
    Ok((count > 0).then(|| (count, desk.to("drafts"))))
}

/// The status chip: the reader's own turn first.
fn status(desk: &Desk) -> Html {
    let view = &desk.view;
    let tone = if view.ended.is_some() {
        Tone::Idle
    } else if view.correction.is_some() || view.returned.is_some() {
        Tone::Warn
    } else {
        match view.status {
            Some(Status::Valid) => Tone::Ok,
            Some(Status::ReportOverdue | Status::Cancelling) => Tone::Warn,
            _ if view.turns.iter().any(|turn| turn.own) => Tone::Todo,
            _ => Tone::Run,
        }
    };
    ui::status(tone, &view.stage_term)
}

fn facts(desk: &Desk) -> Vec<String> {
    let view = &desk.view;
    let mut facts = Vec::new();
    let lead = view.parties.iter().find(|party| party.lead);
    facts.extend(lead.map(|lead| format!("牵头：{}", lead.name)));
    facts.push(format!("{} 家单位", view.parties.len()));
    facts.extend(view.authority.map(|name| format!("归口管理部门：{name}")));
    facts.extend(view.field.map(str::to_owned));
    if view.trial {
        facts.push("试行期备案".to_owned());
    }
    facts
}

fn notes(desk: &Desk, team: &Team) -> Vec<(&'static str, String)> {
    let view = &desk.view;
    let mut notes = Vec::new();
    if desk.can("declare_interest") && view.form.is_none() {
        notes.push(("note", "先声明利害关系，声明后显示材料".to_owned()));
    }
    notes.extend(written(desk, team).map(|words| ("note", words.to_owned())));
    notes.extend(view.returned.clone().map(|reason| ("note warn", format!("退回修改：{reason}"))));
    if let Some((end, on, reason)) = &view.ended {
        let reason = reason.as_ref().map(|reason| format!("：{reason}")).unwrap_or_default();
        notes.push(("note", format!("{on} {end}{reason}")));
    }
    notes
}

/// 本单位写齐了 — said to a member that has done its part before the lock: nothing waits for it now.
fn written(desk: &Desk, team: &Team) -> Option<&'static str> {
    let agreement = &desk.dossier.materials.agreement;
    let member = desk.can("write_application") && !desk.can("withdraw");
    let owed = desk.view.outstanding.iter().any(|owed| Some(&owed.unit) == desk.actor.unit());
    let drafted = OF_MEMBER.iter().any(|part| team.drafted(desk, *part, desk.actor.unit()));
    (member && !owed && !drafted && agreement.round.is_none())
        .then_some("本单位的材料已经写齐，等牵头单位锁定协议文本，到时会收到消息")
}

/// Whether there is a submission to compare with: while it is corrected, and once it was.
fn compared(desk: &Desk) -> bool {
    let materials = consortium::access::mask(&desk.actor, &desk.dossier).materials;
    let corrected =
        matches!(&desk.dossier.stage, Stage::FormalReview(stage) if stage.corrected > 0);
    let returned = desk.view.returned.is_some();
    materials && (corrected || returned || desk.dossier.correction().is_some())
}

/// The strip of seven steps; not shown once all are behind, or when the dossier ended before.
fn steps(desk: &Desk) -> Option<Steps> {
    let authority = desk.view.authority.unwrap_or("归口管理部门");
    let (current, deciding) = match desk.dossier.stage_kind() {
        StageKind::Drafting => (0, false),
        StageKind::Signing => (1, false),
        StageKind::Recommendation => (2, false),
        StageKind::FormalReview => (3, false),
        StageKind::ExpertReview => (4, false),
        StageKind::Decision => (5, true),
        StageKind::PublicNotice => (5, false),
        StageKind::Filed | StageKind::Ended => return None,
    };
    let notice = if deciding { "审定后公示" } else { "接受异议" };
    let notes =
        ["登记表与协议", "签字并盖章", authority, "自治区科技厅", "评审论证", notice, "列入名录"];
    Some(Steps::of_filing(current, &notes))
}

/// The acts: those that are the reader's turn first, those that are hard to take back last.
fn buttons(desk: &Desk, listed: bool) -> (Vec<Button>, Vec<Button>) {
    // Keeping the name longer is offered, and never what comes first.
    let own = |action: &ActionView| {
        let turn = desk.view.turns.iter().any(|turn| turn.own && turn.verb == action.verb);
        turn && action.verb != "reserve_name"
    };
    let apart = |action: &&ActionView| {
        let in_list = listed && tasks::LISTED.contains(&action.verb);
        let in_table = matches!(action.verb, "invite" | "remove_member" | "write_application");
        let form = desk.view.form.as_ref();
        let nothing_to_remove =
            action.verb == "detach" && form.is_none_or(|form| form.attachments.is_empty());
        let no_text =
            action.verb == "remark_on_agreement" && desk.dossier.materials.agreement.is_unwritten();
        !in_list && !in_table && !nothing_to_remove && !no_text && action.verb != "object"
    };
    let (mut primary, mut others) = (Vec::new(), Vec::new());
    for action in desk.view.actions.iter().filter(apart) {
        let danger = forms::interrupts(action.verb);
        let class = match (own(action), danger) {
            (true, _) => "btn p",
            (false, true) => "btn x",
            (false, false) => "btn",
        };
        let button = Button { href: desk.to(action.verb), words: action.term, class };
        if own(action) { primary.push(button) } else { others.push(button) }
    }
    others.sort_by_key(|button| button.class == "btn x");
    // Who sees nobody's turn, as an expert before the declaration, still sees what comes first.
    if primary.is_empty() && desk.view.turns.is_empty() && others.len() == 1 {
        primary.append(&mut others);
        for button in &mut primary {
            button.class = "btn p";
        }
    }
    (primary, others)
}

fn parties(desk: &Desk) -> Table {
    let round = desk.view.parties.iter().any(|party| party.signed.is_some());
    let inside = desk.view.parties.iter().any(|party| party.intention.is_some());
    let mut columns = vec!["单位", "类型"];
    if inside {
        columns.extend(["承担任务", "意向"]);
    }
    if round {
        columns.extend(["签字", "盖章"]);
    }
    let mut table = Table::new("成员单位、意向与签署情况", &columns);
    for party in &desk.view.parties {
        table.push(party_row(desk, party, inside, round));
    }
    table
}

fn party_row(desk: &Desk, party: &PartyView, inside: bool, round: bool) -> Vec<Html> {
    let under = match (party.lead, &party.code) {
        (true, Some(code)) => format!("牵头单位 · {code}"),
        (true, None) => "牵头单位".to_owned(),
        (false, code) => code.clone().unwrap_or_default(),
    };
    let (name, under) = (Html::text(&party.name), Html::text(&under));
    let mut row =
        vec![Html::trusted(format!("<b>{name}</b><small>{under}</small>")), Html::from(party.kind)];
    if inside {
        let form = desk.view.form.as_ref();
        let block = form.and_then(|form| form.members.iter().find(|b| b.unit == party.unit));
        let role = block.map_or_else(String::new, |block| first_line(&block.role));
        let work = form.and_then(|form| form.work.iter().find(|row| row.unit == party.unit));
        let work = work.map_or_else(String::new, |row| first_line(&row.content));
        let beside =
            form.and_then(|form| form.work.iter().find(|row| row.partners.contains(&party.unit)));
        let beside = beside.map(|row| format!("参与：{}", first_line(&row.content)));
        let none = if party.lead { "总体组织" } else { "未填写" };
        let said = [role, work, beside.unwrap_or_default(), none.to_owned()];
        let said = said.into_iter().find(|words| !words.is_empty());
        row.push(Html::text(&said.unwrap_or_default()));
        row.push(match &party.intention {
            Some(Intention::Pending) => ui::status(Tone::Warn, "待确认"),
            Some(Intention::Accepted { .. }) => ui::status(Tone::Done, "已确认"),
            Some(Intention::Declined { .. }) => ui::status(Tone::Idle, "不参加"),
            None => Html::default(),
        });
    }
    if round {
        row.extend([party.signed, party.sealed].map(|tick| match tick {
            Some(true) => ui::status(Tone::Done, "已完成"),
            Some(false) => ui::status(Tone::Run, "待办"),
            None => Html::from("不签署"),
        }));
    }
    row
}

/// The first few words, for a cell.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut = line.char_indices().nth(24).map(|(at, _)| format!("{}…", &line[..at]));
    cut.unwrap_or_else(|| line.to_owned())
}

/// What happened, newest first: the latest in sight, the rest apart.
fn moments(lines: Vec<TimelineView>) -> (Timeline, Timeline) {
    let last = lines.len().saturating_sub(1);
    let moment = |(at, line): (usize, TimelineView)| Moment {
        when: ui_time(line.at),
        title: line.title,
        text: match line.note {
            Some(note) => format!("{}：{note}", line.who),
            None => line.who,
        },
        clause: line.clause.unwrap_or_default().to_owned(),
        href: String::new(),
        mark: if at == last { MomentMark::Now } else { MomentMark::Plain },
    };
    let mut moments: Vec<Moment> = lines.into_iter().enumerate().map(moment).collect();
    moments.reverse();
    let earlier = moments.split_off(moments.len().min(IN_SIGHT));
    (Timeline { moments }, Timeline { moments: earlier })
}
