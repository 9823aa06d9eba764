//! 接着办 — what comes next for whoever writes: one thing at a time, read off the list of tasks.

use consortium::{agreement, ids::UnitId, materials::Part};

use super::desk::Desk;
use super::tasks::{MAY_STAY_EMPTY, tasks};
use super::team::Team;
use crate::pages::shell::ui::{TaskList, TaskRow, Tone};

/// How many of the tasks that can be begun are done, and the first that waits.
pub(super) fn next(list: &TaskList) -> (usize, usize, Option<&TaskRow>) {
    let rows = || list.groups.iter().flat_map(|group| &group.tasks);
    let counted =
        rows().filter(|row| !matches!(row.status.as_str(), "选填" | "随时可看" | MAY_STAY_EMPTY));
    let done = counted.clone().filter(|row| row.tone == Tone::Done).count();
    let handed = rows().find(|row| row.own && waits(row));
    // What another unit writes of itself waits for that unit, though the lead may write it.
    let first = handed.or_else(|| rows().find(|row| !row.theirs && !row.light && waits(row)));
    (done, counted.count(), first.or_else(|| rows().find(|row| !row.light && waits(row))))
}

fn waits(row: &TaskRow) -> bool {
    row.href.is_some() && matches!(row.tone, Tone::Todo | Tone::Run)
}

/// What follows a section, for whoever writes it: address and words. It is the next task down the
/// list that waits for the reader, then the first above; behind all of them the lead reads the form
/// once more, and behind the agreement comes its lock.
pub(super) fn after(
    desk: &Desk,
    team: &Team,
    part: Part,
    block: Option<&UnitId>,
) -> Option<(String, String)> {
    if part == Part::Agreement {
        let href = desk.can("start_signing").then(|| desk.to("start_signing"));
        return href.map(|href| (href, "去锁定文本并发起签署".to_owned()));
    }
    let here = desk.section(part, block);
    let list = tasks(desk, team)?;
    let rows: Vec<&TaskRow> = list.groups.iter().flat_map(|group| group.tasks.iter()).collect();
    let at = rows.iter().position(|row| row.href.as_ref() == Some(&here));
    let (above, below) = rows.split_at(at.map_or(0, |at| at + 1));
    let own = |row: &&&TaskRow| {
        !row.theirs && !row.light && waits(row) && row.href.as_ref() != Some(&here)
    };
    if let Some(row) = below.iter().chain(above).find(own) {
        return Some((row.href.clone()?, format!("接着办：{}", row.title)));
    }
    let leads = desk.actor.unit() == Some(desk.dossier.lead());
    leads.then(|| (desk.to("answers"), "去核对登记表".to_owned()))
}

/// Where it goes on from the end of the form: address, words, and what there is to know.
pub(super) struct Onward {
    pub(super) href: String,
    pub(super) words: String,
    pub(super) note: String,
}

/// What comes next for whoever is at the end of a page: what waits first beside that page, and the act
/// that everything before is for, once it is open.
pub(super) fn onward(desk: &Desk, mut list: TaskList, here: &str) -> Vec<Onward> {
    for group in &mut list.groups {
        group.tasks.retain(|row| row.href.as_deref() != Some(here));
    }
    let waits = next(&list).2.and_then(|row| {
        let words = format!("接着办：{}", row.title);
        Some(Onward { href: row.href.clone()?, words, note: row.note.clone() })
    });
    let mut onward: Vec<Onward> = waits.into_iter().collect();
    let materials = &desk.dossier.materials;
    let ready = materials.agreement.round.is_none() && agreement::before_lock(materials).is_empty();
    let acts = [
        ("start_signing", "锁定文本并发起签署", ready),
        ("sign", "在组建协议上签字", true),
        ("submit", "核对并提交推荐", true),
        ("submit_correction", "提交补正", true),
    ];
    for (verb, words, open) in acts {
        let Some(href) = desk.can(verb).then(|| desk.to(verb)).filter(|_| open) else { continue };
        if onward.iter().all(|way| way.href != href) {
            onward.push(Onward { href, words: words.to_owned(), note: String::new() });
        }
    }
    onward
}
