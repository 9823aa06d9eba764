//! 身份 — for whom a person acts: the links of people to a unit, how they come and how they end.
//!
//! A person has one account and acts for a unit through a link: a capacity, from a day until a day,
//! with what shows it and who confirmed it. The agreement names the legal representative or person
//! in charge and nobody else (Art. 6(2)): that link is never confirmed by the one who gains by it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, Unit, dispute, invitation};
use crate::{
    actor::{Actor, Capacity, Side},
    ids::{Digest, PersonId, Personal, UnitId},
    refusal::Refusal,
    text::{self, Limit, required},
};

/// Links of one unit, past ones too.
pub const LINKS_MAX: usize = 200;
/// The longest name of a person, in characters.
pub const PERSON_MAX: usize = 40;

/// The capacities in which people act for a unit, as they are offered.
pub const CAPACITIES: [Capacity; 5] = [
    Capacity::Handler,
    Capacity::LegalRepresentative,
    Capacity::SealKeeper,
    Capacity::Contact,
    Capacity::Administrator,
];

/// 依据 — what shows that somebody acts for the unit in this capacity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// In words: 任命文件的文号、营业执照所载.
    #[serde(default)]
    pub words: String,
    /// The file: the letter of appointment, the page of the licence.
    #[serde(default)]
    pub file: Option<Digest>,
}

/// 确认 — who confirmed something, in which capacity, on which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Who.
    pub person: PersonId,
    /// The name held at that time.
    pub name: Personal,
    /// For whom.
    pub side: Side,
    /// In which capacity.
    pub capacity: Capacity,
    /// When.
    pub on: Date,
}

impl Confirmed {
    /// By this actor, today.
    pub(super) fn by(actor: &Actor, today: Date) -> Self {
        Self {
            person: actor.person.clone(),
            name: actor.name.clone(),
            side: actor.side.clone(),
            capacity: actor.capacity,
            on: today,
        }
    }
}

/// 身份 as it came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// Names the link for good.
    pub link: String,
    /// Who.
    pub person: PersonId,
    /// The person's name at that time.
    pub name: Personal,
    /// In which capacity.
    pub capacity: Capacity,
    /// The first day.
    pub from: Date,
    /// The last day, where it is known from the beginning.
    #[serde(default)]
    pub to: Option<Date>,
    /// What shows it.
    #[serde(default)]
    pub evidence: Evidence,
    /// The invitation it was made from.
    #[serde(default)]
    pub invitation: Option<u32>,
    /// Who confirmed it; nobody yet where it was only proposed.
    #[serde(default)]
    pub confirmed: Option<Confirmed>,
}

/// Where a link stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkStanding {
    /// 待确认: it gives nothing yet.
    Proposed,
    /// 有效, from its first day to its last.
    Held,
    /// 未予确认, with the reason.
    NotConfirmed(String),
}

/// 身份 — a person acts for the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As it came to be; `to` is the last day as it is known now.
    pub made: NewLink,
    /// Where it stands.
    pub standing: LinkStanding,
    /// Why it ended, and who took over.
    pub ended: Option<(String, Option<PersonId>)>,
}

impl Link {
    /// Whether the person acts in this capacity on a day.
    pub fn held_on(&self, day: Date) -> bool {
        let within = self.made.from <= day && self.made.to.is_none_or(|to| day <= to);
        self.standing == LinkStanding::Held && within
    }

    /// Whether it gives something on a day or on a later one.
    pub fn stands_on(&self, day: Date) -> bool {
        self.standing == LinkStanding::Held && self.made.to.is_none_or(|to| day <= to)
    }
}

/// Everybody who acts, acted or is to act for a unit, and who says the unit is theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The links, in the order they came.
    pub links: Vec<Link>,
    /// The invitations, by number from 1.
    pub invitations: Vec<invitation::Invitation>,
    /// The disputes, by number from 1.
    pub disputes: Vec<dispute::Dispute>,
    /// The legal representative changed, and nobody is confirmed in the place yet.
    pub representative_wanted: bool,
}

impl People {
    /// The link of this name.
    pub fn link(&self, link: &str) -> Option<&Link> {
        self.links.iter().find(|kept| kept.made.link == link)
    }

    /// Who acts in a capacity on a day.
    pub fn holding(&self, capacity: Capacity, day: Date) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |kept| kept.made.capacity == capacity && kept.held_on(day))
    }

    /// Whether somebody runs the unit's accounts on a day.
    pub fn has_administrator(&self, day: Date) -> bool {
        self.holding(Capacity::Administrator, day).next().is_some()
    }

    /// The links that wait to be confirmed.
    pub fn proposed(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|kept| kept.standing == LinkStanding::Proposed)
    }
}

/// Whether somebody gives, confirms and ends the links of a unit on a day: its administrator, its
/// legal representative, and its handlers as long as it has no administrator.
pub fn manages(unit: &Unit, actor: &Actor, today: Date) -> Result<(), Refusal> {
    if actor.unit() != Some(&unit.id) {
        return Err(Refusal::forbidden("6.3", "单位人员由本单位管理", "以本单位的身份登录"));
    }
    let alone = !unit.people.has_administrator(today);
    if matches!(actor.capacity, Capacity::Administrator | Capacity::LegalRepresentative)
        || (actor.capacity == Capacity::Handler && alone)
    {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "6.3",
        &format!("单位人员由单位管理员或法定代表人管理，你现在的身份是{}", actor.capacity.term()),
        "有管理员身份的，在个人中心切换后再办；没有的，联系本单位管理员",
    ))
}

/// While somebody else says the unit is theirs, nothing changes hands.
pub(super) fn undisputed(unit: &Unit, capacity: Capacity) -> Result<(), Refusal> {
    let settled = !matches!(capacity, Capacity::Administrator | Capacity::LegalRepresentative);
    if settled || unit.people.disputes.iter().all(|dispute| dispute.decided.is_some()) {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.4",
        &format!("单位账号有一件归属争议在办，其间{}不变动", capacity.term()),
        "在争议页写明情况、补充证明，等归口管理部门作出决定",
    ))
}

/// What the day's name of the legal representative must be: the one in the unit's own record.
pub(super) fn named_representative(unit: &Unit, name: &Personal) -> Result<(), Refusal> {
    let known = &unit.profile.representative;
    if known.value == Personal::ERASED || same_name(&known.value, &name.value) {
        return Ok(());
    }
    Err(Refusal::field(
        "name",
        &format!("单位资料里的法定代表人或负责人是“{}”，与这个姓名不同", known.value),
        "已经更换的，先更新单位资料；姓名写错的，改正后再提交",
    )
    .under("6.2"))
}

/// Whether two names are the same but for blanks.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
    let one = bare(one);
    !one.is_empty() && one == bare(other)
}

/// The name of the next link.
pub(super) fn next_link(unit: &UnitId, people: &People, ahead: usize) -> String {
    format!("{unit}.{:03}", people.links.len() + ahead + 1)
}

/// Refuses the link that would be one too many.
pub(super) fn room(unit: &Unit) -> Result<(), Refusal> {
    if unit.people.links.len() < LINKS_MAX {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.3",
        &format!("一个单位最多记 {LINKS_MAX} 个身份，历年的都算"),
        "联系平台运维",
    ))
}

/// The first people of a unit: whoever registers it runs its accounts and handles its filings.
pub(super) fn first(unit: &UnitId, actor: &Actor, today: Date) -> Vec<Event> {
    let registers = actor.side == Side::Public && actor.person.as_str() != "public";
    if !registers {
        return Vec::new();
    }
    let words = "注册单位时建立，由归口管理部门激活时核对".to_owned();
    let empty = People::default();
    [Capacity::Handler, Capacity::Administrator]
        .into_iter()
        .enumerate()
        .map(|(ahead, capacity)| {
            Event::LinkMade(NewLink {
                link: next_link(unit, &empty, ahead),
                person: actor.person.clone(),
                name: actor.name.clone(),
                capacity,
                from: today,
                to: None,
                evidence: Evidence { words: words.clone(), file: None },
                invitation: None,
                confirmed: Some(Confirmed::by(actor, today)),
            })
        })
        .collect()
}

/// 申报任职 — somebody of the unit is its legal representative and brings what shows it; somebody
/// else confirms.
pub(super) fn propose(
    unit: &Unit,
    actor: &Actor,
    evidence: &Evidence,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    const CAPACITY: Capacity = Capacity::LegalRepresentative;
    if actor.unit() != Some(&unit.id) {
        return Err(Refusal::forbidden("6.2", "任职由本单位人员申报", "以本单位的身份登录"));
    }
    let of_actor =
        |link: &&Link| link.made.person == actor.person && link.made.capacity == CAPACITY;
    let waiting = unit.people.proposed().find(of_actor);
    if waiting.is_some() || unit.people.holding(CAPACITY, today).any(|link| of_actor(&link)) {
        return Ok(vec![]);
    }
    undisputed(unit, CAPACITY)?;
    room(unit)?;
    named_representative(unit, &actor.name)?;
    shown(evidence)?;
    Ok(vec![Event::LinkMade(NewLink {
        link: next_link(&unit.id, &unit.people, 0),
        person: actor.person.clone(),
        name: actor.name.clone(),
        capacity: CAPACITY,
        from: today,
        to: None,
        evidence: evidence.clone(),
        invitation: None,
        confirmed: None,
    })])
}

/// A legal representative is shown by a paper, not by a word.
pub(super) fn shown(evidence: &Evidence) -> Result<(), Refusal> {
    text::within("words", "依据", &evidence.words, Limit::Characters(text::LINE_MAX))?;
    if evidence.file.is_some() {
        return Ok(());
    }
    Err(Refusal::field(
        "file",
        "法定代表人或负责人的身份要有任职证明",
        "上传任命文件，或载明姓名的营业执照、法人证书页",
    )
    .under("6.2"))
}

/// 确认 — somebody else than the person: of the unit, or its authority.
pub(super) fn confirm(
    unit: &Unit,
    actor: &Actor,
    link: &str,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let kept = judged(unit, actor, link, today)?;
    match kept.standing {
        LinkStanding::Held => Ok(vec![]),
        LinkStanding::NotConfirmed(_) => Err(settled()),
        LinkStanding::Proposed => {
            undisputed(unit, kept.made.capacity)?;
            named_representative(unit, &kept.made.name)?;
            let mut events = former_representatives(unit, Some(&kept.made.person), today);
            let by = Confirmed::by(actor, today);
            events.push(Event::LinkConfirmed { link: link.to_owned(), from: today, by });
            Ok(events)
        }
    }
}

/// 不予确认.
pub(super) fn refuse(
    unit: &Unit,
    actor: &Actor,
    link: &str,
    reason: &str,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let kept = judged(unit, actor, link, today)?;
    required("reason", "理由", reason, Limit::Characters(500))?;
    match kept.standing {
        LinkStanding::NotConfirmed(_) => Ok(vec![]),
        LinkStanding::Held => Err(settled()),
        LinkStanding::Proposed => {
            Ok(vec![Event::LinkNotConfirmed { link: link.to_owned(), reason: reason.to_owned() }])
        }
    }
}

fn settled() -> Refusal {
    Refusal::not_now("6.2", "这一项任职申报已经办结", "有新情况的，重新申报")
}

/// A proposed link, for somebody who may confirm it or not.
fn judged<'a>(unit: &'a Unit, actor: &Actor, link: &str, today: Date) -> Result<&'a Link, Refusal> {
    if actor.unit() == Some(&unit.id) {
        manages(unit, actor, today)?;
    } else {
        super::decides(unit, actor)?;
    }
    let kept = unit.people.link(link);
    let kept = kept.ok_or_else(|| Refusal::not_found("没有这个身份", "刷新页面后再选"))?;
    if kept.made.person == actor.person {
        return Err(Refusal::forbidden(
            "6.2",
            "本人的任职不能由本人确认",
            "由本单位另一位管理员，或者归口管理部门确认",
        ));
    }
    Ok(kept)
}

/// The representatives before this one: there is one at a time.
pub(super) fn former_representatives(
    unit: &Unit,
    next: Option<&PersonId>,
    today: Date,
) -> Vec<Event> {
    let last = today.yesterday().unwrap_or(today);
    let standing = unit.people.links.iter().filter(|link| {
        link.made.capacity == Capacity::LegalRepresentative
            && link.stands_on(today)
            && Some(&link.made.person) != next
    });
    standing
        .map(|link| Event::LinkEnded {
            link: link.made.link.clone(),
            to: last,
            successor: None,
            reason: "法定代表人或负责人更换".to_owned(),
        })
        .collect()
}

/// 结束身份 — from a day on the person can do nothing in this capacity; what was done stays.
pub(super) fn end(
    unit: &Unit,
    actor: &Actor,
    (link, to): (&str, Date),
    (successor, reason): (Option<&PersonId>, &str),
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let kept = unit.people.link(link);
    let own = kept.is_some_and(|kept| kept.made.person == actor.person);
    if !(own && actor.unit() == Some(&unit.id)) {
        manages(unit, actor, today)?;
    }
    let kept = kept.ok_or_else(|| Refusal::not_found("没有这个身份", "刷新页面后再选"))?;
    if kept.made.to == Some(to) && kept.ended.is_some() {
        return Ok(vec![]);
    }
    if !kept.stands_on(today) {
        return Err(Refusal::not_now("6.3", "这个身份已经结束，或还没有确认", "不用再办"));
    }
    undisputed(unit, kept.made.capacity)?;
    text::within("reason", "原因", reason, Limit::Characters(text::LINE_MAX))?;
    if to < today.yesterday().unwrap_or(today) {
        return Err(Refusal::field(
            "to",
            "最后办理日早于昨天，已经办过的事不能改成没有身份",
            "填今天；要即刻停止的，勾选“即刻停止”",
        ));
    }
    if kept.made.to.is_some_and(|known| known < to) {
        return Err(Refusal::field("to", "最后办理日晚于原定的任期", "要延长的，重新邀请"));
    }
    last_one(unit, kept, to, today)?;
    if let Some(successor) = successor {
        takes_over(unit, kept, successor, to)?;
    }
    Ok(vec![Event::LinkEnded {
        link: link.to_owned(),
        to,
        successor: successor.cloned(),
        reason: reason.trim().to_owned(),
    }])
}

/// The last one who runs the accounts cannot leave.
fn last_one(unit: &Unit, leaving: &Link, to: Date, today: Date) -> Result<(), Refusal> {
    let administered = unit.people.has_administrator(today);
    let capacity = if administered { Capacity::Administrator } else { Capacity::Handler };
    if leaving.made.capacity != capacity {
        return Ok(());
    }
    let remains = |link: &&Link| {
        link.made.capacity == capacity
            && link.made.link != leaving.made.link
            && link.standing == LinkStanding::Held
            && link.made.from <= to.max(today)
            && link.made.to.is_none_or(|end| end > to)
    };
    if unit.people.links.iter().any(|link| remains(&link)) {
        return Ok(());
    }
    Err(Refusal::not_now(
        "6.3",
        &format!("这是最后一位{}", capacity.term()),
        &format!("先邀请接手的{}，对方接受后再结束这个身份", capacity.term()),
    ))
}

/// Whoever takes over acts in the same capacity already.
fn takes_over(unit: &Unit, leaving: &Link, next: &PersonId, to: Date) -> Result<(), Refusal> {
    if *next == leaving.made.person {
        return Err(Refusal::field("successor", "接手人不能是离开的本人", "从列表中选一位同事"));
    }
    let same = |link: &&Link| {
        link.made.person == *next
            && link.made.capacity == leaving.made.capacity
            && link.stands_on(to)
    };
    if unit.people.links.iter().any(|link| same(&link)) {
        return Ok(());
    }
    Err(Refusal::field(
        "successor",
        &format!("接手人现在不是本单位的{}", leaving.made.capacity.term()),
        "先邀请对方，接受后再交接",
    ))
}

/// A link that was given before links were recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Names the link.
    pub link: String,
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub name: Personal,
    /// In which capacity.
    pub capacity: Capacity,
    /// The first day.
    pub from: Date,
    /// The last day, once it is known.
    pub to: Option<Date>,
}

/// 并入 — what stood before links were recorded is written down once, as it is found.
pub fn carried_over(unit: &Unit, known: &[Known]) -> Vec<Event> {
    let missing = known.iter().filter(|known| unit.people.link(&known.link).is_none());
    missing
        .map(|known| Event::LinkCarriedOver {
            link: known.link.clone(),
            person: known.person.clone(),
            name: known.name.clone(),
            capacity: known.capacity,
            from: known.from,
            to: known.to,
        })
        .collect()
}
