//! 任务清单 — what the parties still have to do before the submission, in any order: each section
//! with how far it is, who sees to it and who is there now.

use consortium::{
    agreement::AgreementText,
    checklist,
    ids::UnitId,
    materials::{Intention, Materials, Part, Party},
};

use super::checks;
use super::desk::Desk;
use super::team::Team;
use crate::forms;
use crate::pages::shell::ui::{TaskGroup, TaskList, TaskRow, Tone};

/// The acts that the list leads to: they are not shown again among the buttons.
pub(super) const LISTED: &[&str] =
    &["rename", "invite", "write_application", "attach", "write_agreement", "start_signing"];

/// The list, for those who write; `None` for everybody else.
pub(super) fn tasks(desk: &Desk, team: &Team) -> Option<TaskList> {
    if !desk.can("write_application") {
        return None;
    }
    let groups = if desk.can("withdraw") { whole(desk, team) } else { own(desk, team) };
    Some(TaskList { groups })
}

/// The lead's list.
fn whole(desk: &Desk, team: &Team) -> Vec<TaskGroup> {
    let materials = &desk.dossier.materials;
    let mut first = vec![name(desk, materials), members(desk, materials)];
    first.extend(materials.standing().skip(1).map(|party| member(desk, team, party)));
    vec![
        TaskGroup {
            title: "一、命名与成员".to_owned(), clause: "6.1".to_owned(), tasks: first
        },
        TaskGroup {
            title: "二、备案材料".to_owned(),
            clause: "7".to_owned(),
            tasks: sections(desk, team, materials),
        },
        TaskGroup {
            title: "三、组建协议".to_owned(),
            clause: "6.2".to_owned(),
            tasks: agreement(desk, team, materials),
        },
    ]
}

/// A member's list: its own block.
fn own(desk: &Desk, team: &Team) -> Vec<TaskGroup> {
    let materials = &desk.dossier.materials;
    let own = desk.actor.unit().and_then(|unit| materials.party(unit));
    let tasks = own.map(|party| member(desk, team, party)).into_iter().collect();
    vec![TaskGroup { title: "本单位的材料".to_owned(), clause: "5.3".to_owned(), tasks }]
}

fn row(title: impl Into<String>, href: Option<String>, note: impl Into<String>) -> TaskRow {
    TaskRow { title: title.into(), href, note: note.into(), ..TaskRow::default() }
}

fn stand(mut row: TaskRow, tone: Tone, status: &str) -> TaskRow {
    row.tone = tone;
    status.clone_into(&mut row.status);
    row
}

fn act(desk: &Desk, verb: &str) -> Option<String> {
    desk.can(verb).then(|| desk.to(verb))
}

fn name(desk: &Desk, materials: &Materials) -> TaskRow {
    let row = row("确定联合体名称", act(desk, "rename"), materials.name.as_str());
    stand(row, Tone::Done, "已办")
}

fn members(desk: &Desk, materials: &Materials) -> TaskRow {
    let count = materials.standing().count();
    let pending = materials.parties.iter().filter(|p| p.intention == Intention::Pending).count();
    let note = if pending > 0 {
        format!("{count} 家单位，{pending} 家待确认")
    } else {
        format!("{count} 家单位，均已确认")
    };
    let row = row("邀请成员单位并确认意向", act(desk, "invite"), note);
    match (count, pending) {
        (0 | 1, _) => stand(row, Tone::Todo, "未办"),
        (_, 0) => stand(row, Tone::Done, "已办"),
        _ => stand(row, Tone::Run, "在办"),
    }
}

fn member(desk: &Desk, team: &Team, party: &Party) -> TaskRow {
    let title = format!("填写单位情况：{}", party.name);
    section(desk, team, Part::Member, Some(&party.unit), title)
}

/// 未写、在写、已写、以后再写 — of one section, with who sees to it.
fn section(
    desk: &Desk,
    team: &Team,
    part: Part,
    block: Option<&UnitId>,
    title: impl Into<String>,
) -> TaskRow {
    let href = desk.writes(part, block).then(|| desk.section(part, block));
    let mut row = row(title, href, "");
    let wanting = checks::wanting(desk, part, block);
    let (begun, drafted) = (written(desk, part, block), team.drafted(desk, part, block));
    let mut notes = Vec::new();
    notes.extend((begun && wanting > 0).then(|| format!("规则检查还有 {wanting} 项")));
    notes.extend(drafted.then(|| "有草稿还没有保存到材料".to_owned()));
    let owner = team.owner_words(desk, part, block);
    notes.extend((!owner.is_empty() && part != Part::Member).then(|| format!("由{owner}写")));
    let more = [team.present(desk, part, block), team.changed(desk, part, block)];
    notes.extend(more.into_iter().filter(|words| !words.is_empty()));
    notes.extend(
        (part == Part::Special && !begun).then(|| "选填；不足 3 家的写明特殊情况".to_owned()),
    );
    row.note = notes.join(" · ");
    row.own = team.mine(desk, part, block);
    if team.later(desk, part, block) {
        return stand(row, Tone::Idle, "以后再写");
    }
    match (begun, drafted || wanting > 0) {
        (true, false) => stand(row, Tone::Done, "已写"),
        (true, true) => stand(row, Tone::Run, "在写"),
        (false, _) if drafted => stand(row, Tone::Run, "在写"),
        (false, _) if part == Part::Special => stand(row, Tone::Idle, "选填"),
        (false, _) => stand(row, Tone::Todo, "未写"),
    }
}

/// Whether anything of a part was written for good.
fn written(desk: &Desk, part: Part, block: Option<&UnitId>) -> bool {
    let materials = &desk.dossier.materials;
    match part {
        Part::Member => block.is_some_and(|unit| materials.member(unit).is_some()),
        Part::Agreement => materials.agreement.text != AgreementText::default(),
        _ => desk.written(part),
    }
}

fn sections(desk: &Desk, team: &Team, materials: &Materials) -> Vec<TaskRow> {
    let parts = Part::ALL.into_iter();
    let parts = parts.filter(|part| forms::is_section(*part) && *part != Part::Member);
    let mut tasks: Vec<TaskRow> =
        parts.map(|part| section(desk, team, part, None, format!("填写{}", part.term()))).collect();
    let files = materials.attachments.len();
    let missing = checklist::missing(materials).len();
    let note = match missing {
        0 => format!("已上传 {files} 份，清单各项都有材料"),
        _ => format!("已上传 {files} 份，清单还有 {missing} 项没有材料"),
    };
    let attach = row("按清单上传附件", Some(desk.to("attachments")), note);
    let attach = match (files, missing) {
        (0, _) => stand(attach, Tone::Todo, "未开始"),
        (_, 0) => stand(attach, Tone::Done, "已完成"),
        _ => stand(attach, Tone::Run, "进行中"),
    };
    tasks.push(attach);
    tasks
}

fn agreement(desk: &Desk, team: &Team, materials: &Materials) -> Vec<TaskRow> {
    let write = section(desk, team, Part::Agreement, None, "起草组建协议");
    vec![write, lock(desk, materials), signing(desk, materials), submit(desk)]
}

fn lock(desk: &Desk, materials: &Materials) -> TaskRow {
    if materials.agreement.round.is_some() {
        let row = row("锁定文本并发起签署", None, "再改名称、成员或协议，已有签署作废");
        return stand(row, Tone::Done, "已办");
    }
    let row = row(
        "锁定文本并发起签署",
        act(desk, "start_signing"),
        "协议六项内容齐备、成员全部确认后锁定",
    );
    stand(row, Tone::Idle, "未办")
}

fn signing(desk: &Desk, materials: &Materials) -> TaskRow {
    let Some(round) = &materials.agreement.round else {
        return stand(row("各方签字盖章", None, "锁定文本后开放"), Tone::Idle, "尚不能开始");
    };
    let complete = round.slots.iter().filter(|slot| slot.complete()).count();
    let note = format!("{complete} / {} 家已签字盖章", round.slots.len());
    let row = row("各方签字盖章", Some(desk.to("agreement")), note);
    if round.effective_at.is_some() {
        stand(row, Tone::Done, "已办")
    } else {
        stand(row, Tone::Run, "在办")
    }
}

fn submit(desk: &Desk) -> TaskRow {
    let verb = if desk.view.correction.is_some() { "submit_correction" } else { "submit" };
    let title = if verb == "submit" { "核对并提交推荐" } else { "提交补正" };
    match act(desk, verb) {
        Some(href) => stand(row(title, Some(href), "提交前再核对一遍全部材料"), Tone::Todo, "待办"),
        None => stand(row(title, None, "全部成员签字盖章后开放"), Tone::Idle, "尚不能开始"),
    }
}

/// How many of the tasks that can be begun are done, and the first that waits.
pub(super) fn next(list: &TaskList) -> (usize, usize, Option<&TaskRow>) {
    let rows = || list.groups.iter().flat_map(|group| &group.tasks);
    let counted = rows().filter(|row| row.status != "选填");
    let done = counted.clone().filter(|row| row.tone == Tone::Done).count();
    let waits = |row: &&TaskRow| row.href.is_some() && matches!(row.tone, Tone::Todo | Tone::Run);
    let handed = rows().find(|row| row.own && waits(row));
    let first = handed.or_else(|| rows().find(waits));
    (done, counted.count(), first)
}
