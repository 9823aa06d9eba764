//! 任务清单 — what the parties still have to do before the submission, in any order.

use consortium::{
    ids::UnitId,
    materials::{Intention, Materials, Part, Party},
};

use super::desk::Desk;
use crate::pages::shell::ui::{TaskGroup, TaskList, TaskRow, Tone};

/// The acts that the list leads to: they are not shown again among the buttons.
pub(super) const LISTED: &[&str] =
    &["rename", "invite", "write_application", "attach", "write_agreement", "start_signing"];

/// The list, for those who write; `None` for everybody else.
pub(super) fn tasks(desk: &Desk) -> Option<TaskList> {
    if !desk.can("write_application") {
        return None;
    }
    let groups = if desk.can("withdraw") { whole(desk) } else { own(desk) };
    Some(TaskList { groups })
}

/// The lead's list.
fn whole(desk: &Desk) -> Vec<TaskGroup> {
    let materials = &desk.dossier.materials;
    let mut first = vec![name(desk, materials), members(desk, materials)];
    first.extend(materials.standing().skip(1).map(|party| member(desk, materials, party)));
    vec![
        TaskGroup {
            title: "一、命名与成员".to_owned(), clause: "6.1".to_owned(), tasks: first
        },
        TaskGroup {
            title: "二、备案材料".to_owned(),
            clause: "7".to_owned(),
            tasks: sections(desk, materials),
        },
        TaskGroup {
            title: "三、组建协议".to_owned(),
            clause: "6.2".to_owned(),
            tasks: agreement(desk, materials),
        },
    ]
}

/// A member's list: its own block.
fn own(desk: &Desk) -> Vec<TaskGroup> {
    let materials = &desk.dossier.materials;
    let own = desk.actor.unit().and_then(|unit| materials.party(unit));
    let tasks = own.map(|party| member(desk, materials, party)).into_iter().collect();
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

fn done_or(row: TaskRow, done: bool, otherwise: &str) -> TaskRow {
    if done { stand(row, Tone::Done, "已完成") } else { stand(row, Tone::Todo, otherwise) }
}

fn act(desk: &Desk, verb: &str) -> Option<String> {
    desk.can(verb).then(|| desk.to(verb))
}

fn name(desk: &Desk, materials: &Materials) -> TaskRow {
    let row = row("确定联合体名称", act(desk, "rename"), materials.name.as_str());
    stand(row, Tone::Done, "已完成")
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
        (0 | 1, _) => stand(row, Tone::Todo, "未开始"),
        (_, 0) => stand(row, Tone::Done, "已完成"),
        _ => stand(row, Tone::Run, "进行中"),
    }
}

fn member(desk: &Desk, materials: &Materials, party: &Party) -> TaskRow {
    let unit: &UnitId = &party.unit;
    let href = desk.to(&format!("sections/member?unit={unit}"));
    let href = desk.writes(Part::Member, Some(unit)).then_some(href);
    let block = materials.member(unit);
    let filled = block.is_some_and(|block| {
        [&block.capability, &block.cooperation, &block.role].iter().all(|t| !t.trim().is_empty())
    });
    let note = "创新能力、合作基础、承担任务";
    let row = row(format!("填写单位情况：{}", party.name), href, note);
    match block {
        Some(_) if !filled => stand(row, Tone::Run, "进行中"),
        _ => done_or(row, filled, "未开始"),
    }
}

fn sections(desk: &Desk, materials: &Materials) -> Vec<TaskRow> {
    let basics = materials.basics.as_ref();
    let lead = materials.lead.as_ref();
    let full = |texts: &[&str]| texts.iter().all(|text| !text.trim().is_empty());
    let rows = |count: usize, unit: &str| {
        if count == 0 { String::new() } else { format!("已填 {count} {unit}") }
    };
    let whole = |part: Part, note: String, done: bool, begun: bool| {
        let href = desk.to(&format!("sections/{}", part.name()));
        let href = desk.writes(part, None).then_some(href);
        let row = row(format!("填写{}", part.term()), href, note);
        if begun && !done {
            stand(row, Tone::Run, "进行中")
        } else {
            done_or(row, done, "未开始")
        }
    };
    let mut tasks = vec![
        whole(
            Part::Basics,
            "技术领域、行业、组建背景、不涉密承诺".to_owned(),
            basics.is_some_and(|b| full(&[&b.field, &b.industry, &b.background]) && b.not_secret),
            basics.is_some(),
        ),
        whole(
            Part::Lead,
            "人员、营收与研发投入、团队与制度".to_owned(),
            lead.is_some_and(|l| full(&[&l.team, &l.management_rules, &l.cooperation])),
            lead.is_some(),
        ),
        whole(
            Part::Platforms,
            rows(materials.platforms.len(), "个平台"),
            !materials.platforms.is_empty(),
            false,
        ),
        whole(
            Part::Goals,
            rows(materials.indicators.len(), "项指标"),
            full(&[&materials.goals]) && !materials.indicators.is_empty(),
            full(&[&materials.goals]),
        ),
        whole(
            Part::Technologies,
            rows(materials.technologies.len(), "项"),
            !materials.technologies.is_empty(),
            false,
        ),
        whole(Part::Work, rows(materials.work.len(), "项任务"), !materials.work.is_empty(), false),
        whole(
            Part::Inputs,
            rows(materials.inputs.len(), "笔"),
            !materials.inputs.is_empty(),
            false,
        ),
    ];
    let mut special = whole(Part::Special, "选填；不足 3 家的写明特殊情况".to_owned(), true, true);
    if materials.special.trim().is_empty() {
        special = stand(special, Tone::Idle, "选填");
    }
    let files = materials.attachments.len();
    let attach =
        row("上传附件", act(desk, "attach"), format!("平台证明、管理制度等，已上传 {files} 份"));
    let attach = if files == 0 {
        stand(attach, Tone::Todo, "未开始")
    } else {
        stand(attach, Tone::Done, "已完成")
    };
    tasks.extend([special, attach]);
    tasks.push(whole(Part::Promise, "承诺材料真实、准确".to_owned(), materials.truthful, false));
    tasks
}

fn agreement(desk: &Desk, materials: &Materials) -> Vec<TaskRow> {
    let missing = materials.agreement.text.missing();
    let note = if missing.is_empty() {
        "六项内容齐备".to_owned()
    } else {
        format!("还缺{}", missing.join("、"))
    };
    let write = row("起草组建协议", act(desk, "write_agreement"), note);
    let write = match missing.len() {
        0 => stand(write, Tone::Done, "已完成"),
        6 => stand(write, Tone::Todo, "未开始"),
        _ => stand(write, Tone::Run, "进行中"),
    };
    vec![write, lock(desk, materials), signing(desk, materials), submit(desk)]
}

fn lock(desk: &Desk, materials: &Materials) -> TaskRow {
    if materials.agreement.round.is_some() {
        let row = row("锁定文本并发起签署", None, "再改名称、成员或协议，已有签署作废");
        return stand(row, Tone::Done, "已完成");
    }
    let row = row(
        "锁定文本并发起签署",
        act(desk, "start_signing"),
        "协议六项内容齐备、成员全部确认后锁定",
    );
    stand(row, Tone::Idle, "尚未开始")
}

fn signing(desk: &Desk, materials: &Materials) -> TaskRow {
    let Some(round) = &materials.agreement.round else {
        return stand(row("各方签字盖章", None, "锁定文本后开放"), Tone::Idle, "尚不能开始");
    };
    let complete = round.slots.iter().filter(|slot| slot.complete()).count();
    let note = format!("{complete} / {} 家已签字盖章", round.slots.len());
    let row = row("各方签字盖章", Some(desk.to("agreement")), note);
    if round.effective_at.is_some() {
        stand(row, Tone::Done, "已完成")
    } else {
        stand(row, Tone::Run, "进行中")
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
