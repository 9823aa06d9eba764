//! 任务清单 — what the parties still have to do before the submission, in any order: each section
//! with how far it is, who sees to it and who is there now.

use consortium::{
    agreement, checklist,
    ids::UnitId,
    materials::{Intention, Materials, Part, Party, Written, hints},
    outstanding::OF_MEMBER,
};

use super::checks;
use super::desk::Desk;
use super::team::Team;
use crate::forms;
use crate::pages::shell::ui::{TaskGroup, TaskList, TaskRow, Tone};

/// The acts that the list leads to: they are not shown again among the buttons.
pub(super) const LISTED: &[&str] =
    &["rename", "invite", "write_application", "attach", "write_agreement", "start_signing"];

/// How a section stands that no rule asks for and nobody wrote.
pub(super) const MAY_STAY_EMPTY: &str = "可以空着";

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
        group("一、命名与成员", "6.1", first),
        group("二、备案申请登记表", "7.1", sections(desk, team, materials)),
        group("三、组建协议", "6.2", agreement(desk, team, materials)),
    ]
}

/// Tasks under one heading; what may stay empty and is not written is folded under them.
fn group(title: &str, clause: &str, mut tasks: Vec<TaskRow>) -> TaskGroup {
    let folded: Vec<TaskRow> = tasks.extract_if(.., |row| row.status == MAY_STAY_EMPTY).collect();
    let fold = match folded.len() {
        0 => String::new(),
        count => format!("另有 {count} 节可以空着，供审查评审参考"),
    };
    TaskGroup { title: title.to_owned(), clause: clause.to_owned(), tasks, folded, fold }
}

/// A member's list: its own block.
fn own(desk: &Desk, team: &Team) -> Vec<TaskGroup> {
    let materials = &desk.dossier.materials;
    let own = desk.actor.unit().and_then(|unit| materials.party(unit));
    let mut tasks: Vec<TaskRow> = own.map(|party| member(desk, team, party)).into_iter().collect();
    for (party, part) in own.into_iter().flat_map(|party| BESIDE_MEMBER.map(|part| (party, part))) {
        let title = format!("填写{}", part.term());
        tasks.push(section(desk, team, part, Some(&party.unit), title));
    }
    tasks.push(answers(desk));
    vec![group("本单位的材料", "5.3", tasks)]
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
    let note = match (count, pending) {
        (0 | 1, 0) => "还只有牵头单位一家".to_owned(),
        (_, 0) => format!("{count} 家单位，均已确认"),
        _ => format!("{count} 家单位，{pending} 家待确认"),
    };
    let mut row = row("邀请成员单位并确认意向", act(desk, "invite"), note);
    // Who was invited answers; the lead goes on meanwhile.
    row.theirs = count > 1;
    match (count, pending) {
        (0 | 1, _) => stand(row, Tone::Todo, "未办"),
        (_, 0) => stand(row, Tone::Done, "已办"),
        _ => stand(row, Tone::Run, "在办"),
    }
}

/// What a member writes of itself beside its block.
const BESIDE_MEMBER: [Part; 3] = [Part::Unit, Part::Conditions, Part::MemberPromise];

fn member(desk: &Desk, team: &Team, party: &Party) -> TaskRow {
    let title = format!("填写单位情况：{}", party.name);
    let mut row = section(desk, team, Part::Member, Some(&party.unit), title);
    let materials = &desk.dossier.materials;
    let unwritten = |part: &Part| materials.written(*part, Some(&party.unit)) == Written::No;
    let open = BESIDE_MEMBER.into_iter().filter(|part| !part.is_light() && unwritten(part));
    let open: Vec<&str> = open.map(Part::term).collect();
    if desk.actor.unit() != Some(&party.unit) && !open.is_empty() {
        let words = format!("该单位还没有写：{}", open.join("、"));
        let notes = [row.note, words].into_iter().filter(|words| !words.is_empty());
        row.note = notes.collect::<Vec<_>>().join(" · ");
    }
    row.theirs = desk.actor.unit() != Some(&party.unit);
    row
}

/// The page on which everything is read once more.
fn answers(desk: &Desk) -> TaskRow {
    let hints = hints::hints(&desk.dossier.materials, desk.today).len();
    let note = match hints {
        0 => "逐项看一遍，每一项旁边可以改".to_owned(),
        count => format!("逐项看一遍；有 {count} 处核对提示，不妨碍提交"),
    };
    stand(row("核对登记表", Some(desk.to("answers")), note), Tone::Idle, "随时可看")
}

/// The sections with something typed that was not saved into the materials, of all who write.
pub(super) fn drafted(desk: &Desk, team: &Team) -> Vec<(String, String)> {
    let own = desk.dossier.lead();
    let of_lead = leads().map(|part| (part, Some(own.clone()).filter(|_| part.by_unit())));
    let members = desk
        .dossier
        .materials
        .standing()
        .skip(1)
        .flat_map(|party| OF_MEMBER.map(|part| (part, Some(party.unit.clone()))));
    let all = of_lead.chain(members).chain([(Part::Agreement, None)]);
    let open = all.filter(|(part, block)| team.drafted(desk, *part, block.as_ref()));
    open.map(|(part, block)| {
        let party = block.as_ref().and_then(|unit| desk.dossier.materials.party(unit));
        let of = party.map(|party| format!("（{}）", party.name)).unwrap_or_default();
        (desk.section(part, block.as_ref()), format!("{}{of}", part.term()))
    })
    .collect()
}

/// The sections that the lead writes, its own blocks among them.
fn leads() -> impl Iterator<Item = Part> {
    let parts = Part::ALL.into_iter().filter(|part| forms::is_section(*part));
    parts.filter(|part| !matches!(part, Part::Member | Part::MemberPromise))
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
    let said = desk.dossier.materials.written(part, block);
    let (begun, drafted) = (said != Written::No, team.drafted(desk, part, block));
    let mut notes = Vec::new();
    let half = begun && part == Part::MemberPromise && said == Written::Blank;
    notes.extend(half.then(|| "承诺还没有作出".to_owned()));
    notes.extend((begun && wanting > 0).then(|| format!("规则检查还有 {wanting} 项")));
    let hints = checks::hints_of(desk, part, block);
    notes.extend((begun && hints > 0).then(|| format!("核对提示 {hints} 处")));
    notes.extend(drafted.then(|| "有草稿还没有保存到材料".to_owned()));
    let owner = team.owner_words(desk, part, block);
    notes.extend((!owner.is_empty() && !part.by_unit()).then(|| format!("由{owner}写")));
    let more = [team.present(desk, part, block), team.changed(desk, part, block)];
    notes.extend(more.into_iter().filter(|words| !words.is_empty()));
    let few = part == Part::Special && !begun && checks::is_unmet(desk, "R5.1b");
    notes.extend(few.then(|| "成员不足原则上的家数，写明特殊情况".to_owned()));
    row.note = notes.join(" · ");
    // What somebody was asked to see to is no longer left to chance.
    row.light = part.is_light() && !drafted && team.owner(desk, part, block).is_empty();
    row.own = team.mine(desk, part, block);
    if team.later(desk, part, block) {
        return stand(row, Tone::Idle, "以后再写");
    }
    let owed = matches!(part, Part::Member | Part::MemberPromise)
        && desk.view.outstanding.iter().any(|owed| {
            Some(&owed.unit) == block && owed.parts.iter().any(|(owed, _)| *owed == part)
        });
    match (begun, drafted || wanting > 0 || owed) {
        (true, false) if said == Written::Blank => stand(row, Tone::Done, "空着"),
        (true, false) => stand(row, Tone::Done, "已写"),
        (true, true) => stand(row, Tone::Run, "在写"),
        (false, _) if drafted => stand(row, Tone::Run, "在写"),
        (false, _) if row.light || part == Part::Special && !checks::is_unmet(desk, "R5.1b") => {
            stand(row, Tone::Idle, MAY_STAY_EMPTY)
        }
        (false, _) => stand(row, Tone::Todo, "未写"),
    }
}

fn sections(desk: &Desk, team: &Team, materials: &Materials) -> Vec<TaskRow> {
    let lead = desk.dossier.lead();
    let one = |part: Part| {
        let title = format!("填写{}", part.term());
        section(desk, team, part, Some(lead).filter(|_| part.by_unit()), title)
    };
    let mut tasks: Vec<TaskRow> = leads().map(one).collect();
    let files = materials.attachments.len();
    let missing = checklist::missing(materials).len();
    let note = match missing {
        0 => format!("已上传 {files} 份，清单各项都有材料"),
        _ => format!("已上传 {files} 份，清单还有 {missing} 项没有材料"),
    };
    let attach = row("按清单上传附件", Some(desk.to("attachments")), note);
    let mut attach = match (files, missing) {
        (0, _) => stand(attach, Tone::Todo, "未开始"),
        (_, 0) => stand(attach, Tone::Done, "已完成"),
        _ => stand(attach, Tone::Run, "进行中"),
    };
    // The regulation lists no attachment as a must: what was brought may be all there is.
    attach.light = files > 0 && !checks::is_unmet(desk, "R7.3");
    tasks.extend([attach, answers(desk)]);
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
    let act = act(desk, "start_signing");
    let before = agreement::before_lock(materials);
    if let Some(first) = before.first() {
        let more = match before.len() {
            1 => String::new(),
            count => format!("等 {count} 项"),
        };
        let note = format!("锁定以前还要：{}{more}", first.reason);
        return stand(row("锁定文本并发起签署", act, note), Tone::Idle, "尚不能锁定");
    }
    let note = match desk.view.outstanding.len() {
        0 => "条件齐备；锁定以后各方签字盖章".to_owned(),
        owed => format!("条件齐备；{owed} 家成员的材料提交以前仍可补写"),
    };
    stand(row("锁定文本并发起签署", act, note), Tone::Todo, "待办")
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
