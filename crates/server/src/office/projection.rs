//! What the lists show of a dossier or a unit: rows, readers, tasks, claims, counts, search text.

use consortium::{
    Dossier, Event, access,
    actor::Capacity,
    name, reference, register,
    task::{Holder, Task},
    unit::{Checked, KeptPlatform, Standing, Unit},
    view,
};
use serde_json::json;
use store::{Claim, DossierRow, Letter, Projection, TaskRow, UnitRow};

/// The projection of a dossier with these tasks.
pub(super) fn dossier(dossier: &Dossier, tasks: &[Task], updated_ms: i64) -> Projection {
    Projection {
        row: Some(row(dossier, tasks, updated_ms)),
        readers: access::readers(dossier),
        tasks: tasks.iter().enumerate().map(|(at, task)| task_row(at, task)).collect(),
        claims: register::claims(dossier).into_iter().map(claim).collect(),
        public_text: if access::is_public(dossier) { open_text(dossier) } else { String::new() },
        office_text: office_text(dossier),
        tallies: tallies(dossier),
        unit: None,
    }
}

fn claim(claim: register::Claim) -> Claim {
    Claim { kind: claim.kind, value: claim.value, ordinal: i64::from(claim.ordinal) }
}

fn row(dossier: &Dossier, tasks: &[Task], updated_ms: i64) -> DossierRow {
    let materials = &dossier.materials;
    let entry = dossier.register_entry();
    let lead = &materials.parties[0];
    let authority = dossier.authority.as_ref().map(ToString::to_string).unwrap_or_default();
    let area = reference::authority(&authority)
        .and_then(|authority| reference::league_of(authority.area))
        .map_or("", |league| league.code);
    DossierRow {
        id: dossier.id.to_string(),
        number: None,
        name: materials.name.clone(),
        name_key: name::key(&materials.name),
        stage: dossier.stage_kind().name().to_owned(),
        status: register::status(dossier).map_or("", register::Status::name).to_owned(),
        public: access::is_public(dossier),
        lead: lead.unit.to_string(),
        lead_name: lead.name.clone(),
        authority,
        area: area.to_owned(),
        field: materials.basics.as_ref().map(|basics| basics.field.clone()).unwrap_or_default(),
        filed_no: entry.map(|filed| filed.number.clone()),
        filed_on: entry.map(|filed| filed.on.to_string()),
        updated_ms,
        next_day: consortium::day::next(dossier).map(|day| day.to_string()),
        card: card(dossier, tasks),
    }
}

/// What a list shows besides the columns: how many members, the years of reports, whose turn.
fn card(dossier: &Dossier, tasks: &[Task]) -> serde_json::Value {
    let entry = dossier.register_entry();
    let years = view::years(dossier);
    let years: Vec<_> =
        years.iter().rev().take(3).rev().map(|y| json!([y.year, y.state])).collect();
    let turn = tasks.first().map(|task| view::holder_term(&task.holder, dossier));
    let notice = match &dossier.stage {
        consortium::dossier::Stage::PublicNotice(stage) => {
            Some(json!([stage.notice.from, stage.notice.to]))
        }
        _ => entry.and_then(|entry| entry.notice).map(|(from, to)| json!([from, to])),
    };
    json!({
        "members": dossier.materials.standing().count(),
        "years": years,
        "turn": turn,
        "title": tasks.first().map(|task| task.title.clone()),
        "notice": notice,
        "version": dossier.register_entry().and_then(|f| f.versions.last()).map(|v| v.no),
    })
}

fn task_row(position: usize, task: &Task) -> TaskRow {
    TaskRow {
        key: format!("{position:03}-{}", task.verb),
        kind: task.verb.to_owned(),
        holder: task.holder.key(),
        clause: task.clause.to_owned(),
        title: task.title.clone(),
        opened_on: task.since.to_string(),
        due: task.due.date().map(|day| day.to_string()),
        note: view::note(task.due),
    }
}

/// What everybody reads of a dossier who sees it at all.
pub(super) fn open_text(dossier: &Dossier) -> String {
    let mut words = vec![dossier.materials.name.clone()];
    words.extend(dossier.materials.standing().map(|party| party.name.clone()));
    words.extend(dossier.register_entry().map(|filed| filed.number.clone()));
    let field = dossier.materials.basics.as_ref().and_then(|b| reference::field(&b.field));
    words.extend(field.map(|class| class.name.to_owned()));
    words.join("\n")
}

fn office_text(dossier: &Dossier) -> String {
    let materials = &dossier.materials;
    let mut words = vec![open_text(dossier), dossier.id.to_string(), materials.goals.clone()];
    words.extend(materials.basics.iter().map(|basics| basics.background.clone()));
    words.extend(materials.technologies.iter().map(|row| row.name.clone()));
    words.extend(materials.work.iter().map(|row| row.content.clone()));
    words.extend(materials.platforms.iter().map(|row| row.name.clone()));
    words.join("\n")
}

/// The counters a dossier counts in.
fn tallies(dossier: &Dossier) -> Vec<String> {
    let mut tallies = vec![format!("stage/{}", dossier.stage_kind().name())];
    let Some(status) = register::status(dossier) else { return tallies };
    tallies.push(format!("status/{}", status.name()));
    let Some(filed) = dossier.register_entry() else { return tallies };
    let field = dossier.materials.basics.as_ref().map_or("", |basics| basics.field.as_str());
    tallies.push(format!("filed/{}/{field}", filed.on.year()));
    if matches!(dossier.stage, consortium::dossier::Stage::Filed(_)) {
        tallies.push("live".to_owned());
        if let Some(authority) = &dossier.authority {
            let league = reference::authority(authority.as_str())
                .and_then(|authority| reference::league_of(authority.area));
            tallies.push(format!("league/{}", league.map_or("", |league| league.code)));
        }
        for party in dossier.materials.standing() {
            tallies.push(format!("party/{}", party.kind.name()));
        }
    }
    tallies
}

/// What the subject of a letter about a task begins with.
pub const TASK: &str = "待办：";

/// Tells each holder of a task that was not there before.
pub(super) fn letters(known: &[Task], after: &Dossier, tasks: &[Task]) -> Vec<Letter> {
    let new = tasks.iter().filter(|task| {
        !known.iter().any(|old| {
            old.verb == task.verb && old.holder == task.holder && old.since == task.since
        })
    });
    new.map(|task| Letter {
        key: format!("{}/{}/{}/{}", after.id, after.sequence, task.verb, task.holder.key()),
        to: task.holder.key(),
        subject: format!("{TASK}{}", task.title),
        body: format!("卷宗 {}，登录平台“工作台”办理。", after.id),
        stream: after.id.to_string(),
    })
    .collect()
}

/// Tells a party that it was reminded: whoever has the pen, and whoever keeps the seal.
pub(super) fn reminders(events: &[Event], after: &Dossier, tasks: &[Task]) -> Vec<Letter> {
    let reminded = events.iter().filter_map(|event| match event {
        Event::SigningReminded { unit, .. } => Some(unit),
        _ => None,
    });
    let owed = reminded.flat_map(|unit| {
        tasks.iter().filter(move |task| matches!(&task.holder, Holder::Unit(of, _) if of == unit))
    });
    owed.map(|task| Letter {
        key: format!("{}/{}/remind/{}", after.id, after.sequence, task.holder.key()),
        to: task.holder.key(),
        subject: format!("催签：{}", task.title),
        body: format!("牵头单位催办。卷宗 {}，登录平台“工作台”办理。", after.id),
        stream: after.id.to_string(),
    })
    .collect()
}

/// The projection of a unit.
pub(super) fn unit(unit: &Unit) -> Projection {
    let profile = &unit.profile;
    let authority = unit.authority.as_ref().map(ToString::to_string).unwrap_or_default();
    let status = match &unit.standing {
        Standing::Registered => "registered",
        Standing::Active => "active",
        Standing::Refused(_) => "refused",
    };
    let mut claims = Vec::new();
    if !profile.code.is_empty() {
        claims.push(Claim { kind: "code".to_owned(), value: profile.code.clone(), ordinal: 0 });
    }
    Projection {
        tasks: tasks(unit),
        claims,
        tallies: vec![format!("unit/{status}")],
        unit: Some(UnitRow {
            id: unit.id.to_string(),
            code: profile.code.clone(),
            name: profile.name.clone(),
            name_key: profile.name.trim().to_lowercase(),
            kind: profile.kind.name().to_owned(),
            legal_form: profile.legal_form.name().to_owned(),
            area: profile.area.clone(),
            authority,
            status: status.to_owned(),
            card: json!({"address": profile.address, "credit": unit.credit.len()}),
        }),
        ..Projection::default()
    }
}

/// What waits about a unit: activation, papers of its representative, disputes, a new representative.
fn tasks(unit: &Unit) -> Vec<TaskRow> {
    let name = &unit.profile.name;
    let mut tasks = Vec::new();
    let mut add = |kind: &str, of: &str, clause: &str, title: String, holder: String| {
        let key = if of.is_empty() { kind.to_owned() } else { format!("{kind}-{of}") };
        let (kind, clause) = (kind.to_owned(), clause.to_owned());
        tasks.push(TaskRow { key, kind, holder, clause, title, ..TaskRow::default() });
    };
    if unit.standing == Standing::Registered {
        add("activate", "", "6.4", format!("激活单位账号：{name}"), officer(unit));
    }
    for link in unit.people.proposed() {
        let title = format!("确认法定代表人任职：{name}");
        add("confirm_link", &link.made.link, "6.2", title, officer(unit));
    }
    let disputes = (1..).zip(&unit.people.disputes);
    for (no, _) in disputes.filter(|(_, dispute)| dispute.decided.is_none()) {
        let title = format!("对归属争议作出决定：{name}");
        add("decide_dispute", &no.to_string(), "6.4", title, officer(unit));
    }
    if unit.people.representative_wanted {
        let title = "邀请新的法定代表人或负责人".to_owned();
        add("invite", "", "6.2", title, format!("unit:{}/{}", unit.id, runs(unit)));
    }
    tasks.extend(unit.platforms.iter().filter_map(|kept| platform_task(unit, kept)));
    tasks
}

/// The Department looks at what a unit enters; the unit mends what was sent back.
fn platform_task(unit: &Unit, kept: &KeptPlatform) -> Option<TaskRow> {
    let (kind, holder, what) = match &kept.checked {
        Checked::Confirmed => return None,
        Checked::Waiting => ("confirm_platform", "department/reviewer".to_owned(), "核对平台登记"),
        Checked::Returned(_) => {
            ("correct_platform", format!("unit:{}/handler", unit.id), "更正平台登记")
        }
    };
    Some(TaskRow {
        key: format!("platform-{}", kept.no),
        kind: kind.to_owned(),
        holder,
        clause: "5.1".to_owned(),
        title: format!("{what}：{}", kept.entry.name),
        opened_on: kept.since.to_string(),
        ..TaskRow::default()
    })
}

/// The authority activates a unit's account; units elsewhere are the Department's.
fn officer(unit: &Unit) -> String {
    match &unit.authority {
        Some(authority) => format!("authority:{authority}/clerk"),
        None => "department/reviewer".to_owned(),
    }
}

/// Who runs the accounts of a unit: its handlers, where no administrator was ever named.
fn runs(unit: &Unit) -> &'static str {
    let named = unit
        .people
        .links
        .iter()
        .any(|link| link.made.capacity == Capacity::Administrator && link.made.to.is_none());
    if named { "administrator" } else { "handler" }
}
