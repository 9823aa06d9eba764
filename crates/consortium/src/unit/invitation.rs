//! 邀请同事 — somebody is asked to act for the unit: once, until a day, and by the one who is meant.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{
    Event, Unit,
    people::{
        self, CAPACITIES, Confirmed, Evidence, NewLink, PERSON_MAX, manages, named_representative,
        next_link, room, same_name, shown, undisputed,
    },
};
use crate::{
    actor::{Actor, Capacity},
    ids::Personal,
    refusal::Refusal,
    text::{self, Limit, required},
};

/// 邀请的有效天数: a week and the weekend after it, as links to set a password live.
pub const INVITATION_DAYS: i64 = 7;
/// Invitations of one unit that wait at once.
pub const WAITING_MAX: usize = 50;
/// Letters of an address.
pub const ADDRESS_MAX: usize = 80;

/// 邀请地址 — how the invited person is known: blanks, width and letter case make no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// 邮箱.
    Mail(String),
    /// 手机号.
    Phone(String),
    /// An account of this platform.
    Account(String),
}

impl Address {
    /// Reads an address as it is compared.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let key: String = typed.nfkc().filter(|sign| !sign.is_whitespace()).collect();
        let key = key.to_lowercase();
        let odd = |reason: &str| {
            Err(Refusal::field("address", reason, "填对方的邮箱、手机号，或本平台账号"))
        };
        if key.is_empty() {
            return odd("填写对方的邮箱、手机号或账号");
        }
        if key.chars().count() > ADDRESS_MAX {
            return odd(&format!("地址最多 {ADDRESS_MAX} 个字"));
        }
        if let Some((name, host)) = key.split_once('@') {
            let whole = !name.is_empty() && host.contains('.') && !host.contains('@');
            return if whole { Ok(Self::Mail(key)) } else { odd("邮箱写得不完整") };
        }
        let digits = key.trim_start_matches('+').replace('-', "");
        if digits.len() >= 7 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Phone(digits));
        }
        let plain = |sign: char| {
            sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '.' | '-')
        };
        if (3..=32).contains(&key.len()) && key.chars().all(plain) {
            return Ok(Self::Account(key));
        }
        odd("看不出是邮箱、手机号还是账号")
    }

    /// What is compared.
    pub fn key(&self) -> &str {
        let (Self::Mail(key) | Self::Phone(key) | Self::Account(key)) = self;
        key
    }
}

impl fmt::Display for Address {
    /// 遮去一部分: enough for the right person to know, too little for another.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(key) => {
                let (name, host) = key.split_once('@').unwrap_or((key, ""));
                let first: String = name.chars().take(1).collect();
                write!(out, "{first}***@{host}")
            }
            Self::Phone(key) => {
                let (head, tail) = (&key[..3], &key[key.len().saturating_sub(2)..]);
                write!(out, "{head}****{tail}")
            }
            Self::Account(key) => {
                let first: String = key.chars().take(2).collect();
                write!(out, "{first}***")
            }
        }
    }
}

/// A name with only its first letter: 王**.
pub fn masked(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.by_ref().take(1).collect();
    format!("{first}{}", "*".repeat(letters.count().clamp(1, 3)))
}

/// 邀请, as a manager writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    /// 姓名.
    pub name: Personal,
    /// 邮箱、手机号或账号.
    pub address: Personal,
    /// In which capacity.
    pub capacity: Capacity,
    /// What shows it.
    #[serde(default)]
    pub evidence: Evidence,
    /// The first day; the day of acceptance, when there is none or it is past by then.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day of the term, where there is one.
    #[serde(default)]
    pub to: Option<Date>,
}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 待接受.
    Waiting,
    /// 已接受, by the link it made.
    Accepted(String),
    /// 已撤销.
    Revoked,
    /// 已谢绝.
    Declined,
}

/// 邀请.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Whom, for what.
    pub asked: Invited,
    /// By whom, and when.
    pub by: Confirmed,
    /// The last day on which it can be accepted.
    pub until: Date,
    /// What became of it.
    pub outcome: Outcome,
}

impl Invitation {
    /// Whether it can be accepted on a day.
    pub fn waits_on(&self, day: Date) -> bool {
        self.outcome == Outcome::Waiting && day <= self.until
    }

    /// For whom it is, in masked form.
    pub fn whom(&self) -> String {
        let address = Address::parse(&self.asked.address.value);
        let address = address.map_or_else(|_| Personal::ERASED.to_owned(), |read| read.to_string());
        format!("{}（{address}）", masked(&self.asked.name.value))
    }

    /// Whether a person with this account and name is meant.
    fn means(&self, login: &str, name: &Personal) -> bool {
        match Address::parse(&self.asked.address.value) {
            Ok(Address::Account(key)) => key == login.trim().to_lowercase(),
            Ok(Address::Mail(_) | Address::Phone(_)) => {
                same_name(&self.asked.name.value, &name.value)
            }
            Err(_) => false,
        }
    }
}

impl Unit {
    /// An invitation by its number.
    pub fn invitation(&self, no: u32) -> Option<&Invitation> {
        let at = usize::try_from(no).ok()?.checked_sub(1)?;
        self.people.invitations.get(at)
    }
}

/// The number of the invitation that waits for the same person in the same capacity.
pub fn standing(unit: &Unit, asked: &Invited, today: Date) -> Option<u32> {
    let key = Address::parse(&asked.address.value).ok()?;
    let same = |kept: &Invitation| {
        let known = Address::parse(&kept.asked.address.value);
        kept.waits_on(today)
            && kept.asked.capacity == asked.capacity
            && known.is_ok_and(|known| known.key() == key.key())
    };
    let at = unit.people.invitations.iter().position(same)?;
    u32::try_from(at + 1).ok()
}

/// 邀请 — the same person in the same capacity is invited once, however the address is written.
pub(super) fn invite(
    unit: &Unit,
    actor: &Actor,
    asked: &Invited,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    manages(unit, actor, today)?;
    required("name", "姓名", &asked.name.value, Limit::Characters(PERSON_MAX))?;
    Address::parse(&asked.address.value)?;
    text::within("words", "依据", &asked.evidence.words, Limit::Characters(text::LINE_MAX))?;
    if !CAPACITIES.contains(&asked.capacity) {
        return Err(Refusal::field("capacity", "单位没有这种身份", "从列表中选"));
    }
    if asked.to.is_some_and(|to| to < asked.from.unwrap_or(today).max(today)) {
        return Err(Refusal::field("to", "任期止早于任期起或今天", "核对两个日期"));
    }
    if standing(unit, asked, today).is_some() {
        return Ok(vec![]);
    }
    undisputed(unit, asked.capacity)?;
    if asked.capacity == Capacity::LegalRepresentative {
        named_representative(unit, &asked.name)?;
        shown(&asked.evidence)?;
    }
    let waiting = unit.people.invitations.iter().filter(|kept| kept.waits_on(today)).count();
    if waiting >= WAITING_MAX {
        return Err(Refusal::not_now(
            "6.3",
            &format!("同时等候接受的邀请最多 {WAITING_MAX} 份"),
            "撤销不再需要的，再邀请",
        ));
    }
    Ok(vec![Event::ColleagueInvited {
        no: u32::try_from(unit.people.invitations.len() + 1).unwrap_or(u32::MAX),
        asked: asked.clone(),
        by: Confirmed::by(actor, today),
        until: last_day(today),
    }])
}

fn last_day(today: Date) -> Date {
    today.checked_add(jiff::Span::new().days(INVITATION_DAYS)).unwrap_or(Date::MAX)
}

/// 换一个链接 — the old one opens nothing from now on, and the days count anew.
pub(super) fn renew(
    unit: &Unit,
    actor: &Actor,
    no: u32,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    manages(unit, actor, today)?;
    match &found(unit, no)?.outcome {
        Outcome::Waiting => Ok(vec![Event::InvitationRenewed { no, until: last_day(today) }]),
        Outcome::Accepted(_) => Err(used()),
        Outcome::Revoked | Outcome::Declined => Err(closed()),
    }
}

/// 撤销邀请.
pub(super) fn revoke(
    unit: &Unit,
    actor: &Actor,
    no: u32,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    manages(unit, actor, today)?;
    match &found(unit, no)?.outcome {
        Outcome::Waiting => Ok(vec![Event::InvitationClosed { no, declined: false }]),
        Outcome::Accepted(_) => Err(used()),
        Outcome::Revoked | Outcome::Declined => Ok(vec![]),
    }
}

/// 谢绝 — by the one who is meant.
pub(super) fn decline(
    unit: &Unit,
    actor: &Actor,
    (no, login): (u32, &str),
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let kept = found(unit, no)?;
    if kept.outcome == Outcome::Declined {
        return Ok(vec![]);
    }
    open(kept, actor, login, today)?;
    Ok(vec![Event::InvitationClosed { no, declined: true }])
}

/// 接受 — the person who is meant acts for the unit from now on; confirmed by whoever invited.
pub(super) fn accept(
    unit: &Unit,
    actor: &Actor,
    (no, login): (u32, &str),
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let kept = found(unit, no)?;
    if let Outcome::Accepted(link) = &kept.outcome {
        let own = unit.people.link(link).is_some_and(|link| link.made.person == actor.person);
        return if own { Ok(vec![]) } else { Err(used()) };
    }
    open(kept, actor, login, today)?;
    let capacity = kept.asked.capacity;
    undisputed(unit, capacity)?;
    room(unit)?;
    let mut events = Vec::new();
    if capacity == Capacity::LegalRepresentative {
        if kept.by.person == actor.person {
            return Err(Refusal::forbidden(
                "6.2",
                "法定代表人的身份不能由本人确认",
                "在“单位人员”页申报任职，由另一位管理员或归口管理部门确认",
            ));
        }
        named_representative(unit, &actor.name)?;
        events = people::former_representatives(unit, Some(&actor.person), today);
    }
    let already = unit.people.links.iter().any(|link| {
        link.made.person == actor.person && link.made.capacity == capacity && link.stands_on(today)
    });
    if already {
        return Err(Refusal::not_now(
            "6.3",
            &format!("你已经是这个单位的{}", capacity.term()),
            "不用再接受；这份邀请到期自动失效",
        ));
    }
    events.push(Event::LinkMade(NewLink {
        link: next_link(&unit.id, &unit.people, 0),
        person: actor.person.clone(),
        name: actor.name.clone(),
        capacity,
        from: kept.asked.from.filter(|from| *from > today).unwrap_or(today),
        to: kept.asked.to,
        evidence: kept.asked.evidence.clone(),
        invitation: Some(no),
        confirmed: Some(kept.by.clone()),
    }));
    Ok(events)
}

fn found(unit: &Unit, no: u32) -> Result<&Invitation, Refusal> {
    unit.invitation(no)
        .ok_or_else(|| Refusal::not_found("没有这份邀请", "向邀请你的人重新索取链接"))
}

/// Whether an invitation can be answered today, by this person.
fn open(kept: &Invitation, actor: &Actor, login: &str, today: Date) -> Result<(), Refusal> {
    match kept.outcome {
        Outcome::Waiting => {}
        Outcome::Accepted(_) => return Err(used()),
        Outcome::Revoked | Outcome::Declined => return Err(closed()),
    }
    if today > kept.until {
        return Err(Refusal::not_now(
            "6.3",
            &format!("这份邀请到 {} 为止，已经过期", kept.until),
            "联系邀请你的人重新生成链接",
        ));
    }
    if actor.person.as_str() == "public" || !kept.means(login, &actor.name) {
        return Err(Refusal::forbidden(
            "6.3",
            &format!("这份邀请是给 {} 的，不是现在登录的 {}", kept.whom(), actor.name.value),
            "退出登录，由本人用自己的账号登录或建立账号；姓名写错的，联系邀请人改正后重新邀请",
        ));
    }
    Ok(())
}

fn used() -> Refusal {
    Refusal::not_now("6.3", "这份邀请已经有人接受", "不是本人接受的，联系邀请你的人")
}

fn closed() -> Refusal {
    Refusal::not_now("6.3", "这份邀请已经撤销或谢绝", "仍需要的，联系邀请你的人重新邀请")
}
