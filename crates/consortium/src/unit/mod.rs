//! 单位 — a unit's registration, activation, people and credit records, kept once for all its dossiers.
//!
//! A unit is an aggregate of its own beside the dossier: registered by one of its people,
//! activated by its recommending authority, and carrying the credit records that Art. 5(2) and
//! 5(3) ask about. Who acts for it stands in [`people`], who is asked to in [`invitation`], and who
//! says that it is theirs in [`dispute`]. A consortium itself has no legal personality and is never
//! a unit (Art. 3).

mod command;
mod credit;
mod details;
pub mod dispute;
mod event;
mod evolve;
pub mod invitation;
pub mod people;
mod platform;
mod profile;

use jiff::civil::Date;

use crate::{
    actor::{Actor, Capacity, Side},
    ids::{AuthorityId, Personal, UnitId},
    reference,
    refusal::Refusal,
    text::{Limit, required},
};

pub use command::Command;
pub use credit::{BASIS_MAX, CreditRecord, KeptRecord, Repair, RepairOutcome};
pub use details::{
    Business, Certificates, Contact, Detail, DetailKind, Details, HighTech, ManagementRule,
    RULES_MAX, Research, ServiceKind, Specialised, Strengths, TechSme, Transfer, TransferRecord,
    YEAR_FIRST, YEARS_MAX, YearFigures,
};
pub use event::Event;
pub use evolve::evolve;
use people::{Confirmed, People};
pub use platform::{Assessment, Checked, KeptPlatform, PLATFORMS_MAX, PlatformEntry, number_in};
use profile::checked;
pub use profile::{ADDRESS_MAX, LegalForm, NAME_MAX, Profile, UnitKind};

/// Where a unit's account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 待激活.
    Registered,
    /// 已激活.
    Active,
    /// 未予激活, with the reason.
    Refused(String),
}

/// 单位 — everything held about one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// What it says of itself.
    pub profile: Profile,
    /// The authority that activates it: by its area, or the Department for units elsewhere.
    pub authority: Option<AuthorityId>,
    /// Whether its account is active.
    pub standing: Standing,
    /// 历任法定代表人或负责人, the present one last.
    pub representatives: Vec<Term>,
    /// What it keeps beside its registration.
    pub details: Details,
    /// 科技创新平台登记.
    pub platforms: Vec<KeptPlatform>,
    /// Every credit record ever entered.
    pub credit: Vec<KeptRecord>,
    /// Who acts for it.
    pub people: People,
}

/// 任期 — somebody at the head of a unit, from a day until another took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Who.
    pub name: Personal,
    /// From when.
    pub from: Date,
    /// Until when; `None` for the present one.
    pub to: Option<Date>,
}

impl Unit {
    /// 在内蒙古自治区内注册 — decided by the licence's address, never by the code's digits.
    pub fn in_region(&self) -> bool {
        self.profile.area.starts_with("15")
    }

    /// The records that stand on a day.
    pub fn live_credit(&self, day: Date) -> impl Iterator<Item = &KeptRecord> {
        self.credit.iter().filter(move |kept| kept.live_on(day))
    }
}

/// Answers a command on a unit's record.
pub fn decide(
    id: &UnitId,
    unit: Option<&Unit>,
    command: &Command,
    actor: &Actor,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    match (command, unit) {
        (Command::Register(profile), None) => register(id, profile, actor, today),
        (Command::Register(profile), Some(unit)) if unit.profile == *profile => Ok(vec![]),
        (Command::Register(_), Some(_)) => {
            Err(Refusal::not_now("6.3", "这个单位已经注册", "向本单位的账号管理人索取邀请"))
        }
        (_, None) => Err(Refusal::not_found("没有这个单位", "核对单位名称或统一社会信用代码")),
        (Command::Activate {}, Some(unit)) => activate(unit, actor, today),
        (Command::RefuseActivation { reason }, Some(unit)) => refuse(unit, actor, reason),
        (Command::Amend(profile), Some(unit)) => amend(unit, actor, profile, today),
        (Command::WriteDetail(detail), Some(unit)) => write_detail(unit, actor, detail, today),
        (Command::EnterPlatform(entry), Some(unit)) => platform::enter(unit, actor, entry, today),
        (Command::CorrectPlatform { platform, entry, reason }, Some(unit)) => {
            platform::correct(unit, actor, *platform, entry, reason, today)
        }
        (Command::ConfirmPlatform { platform }, Some(unit)) => {
            platform::confirm(unit, actor, *platform)
        }
        (Command::ReturnPlatform { platform, reason }, Some(unit)) => {
            platform::send_back(unit, actor, *platform, reason)
        }
        (Command::RecordCredit(record), Some(unit)) => credit::record(unit, actor, record),
        (Command::LiftCredit { record, proof }, Some(unit)) => {
            credit::lift(unit, actor, *record, proof)
        }
        (Command::RecordRepair { record, repair }, Some(unit)) => {
            credit::repair(unit, actor, *record, repair, today)
        }
        (Command::Invite(asked), Some(unit)) => invitation::invite(unit, actor, asked, today),
        (Command::RenewInvitation { no }, Some(unit)) => invitation::renew(unit, actor, *no, today),
        (Command::RevokeInvitation { no }, Some(unit)) => {
            invitation::revoke(unit, actor, *no, today)
        }
        (Command::AcceptInvitation { no, login }, Some(unit)) => {
            invitation::accept(unit, actor, (*no, login), today)
        }
        (Command::DeclineInvitation { no, login }, Some(unit)) => {
            invitation::decline(unit, actor, (*no, login), today)
        }
        (Command::ProposeRepresentative { evidence }, Some(unit)) => {
            people::propose(unit, actor, evidence, today)
        }
        (Command::ConfirmLink { link }, Some(unit)) => people::confirm(unit, actor, link, today),
        (Command::RefuseLink { link, reason }, Some(unit)) => {
            people::refuse(unit, actor, link, reason, today)
        }
        (Command::EndLink { link, to, successor, reason }, Some(unit)) => {
            people::end(unit, actor, (link, *to), (successor.as_ref(), reason), today)
        }
        (Command::Dispute { statement, file }, Some(unit)) => {
            dispute::raise(unit, actor, statement, file.as_ref(), today)
        }
        (Command::StateInDispute { no, text, file }, Some(unit)) => {
            dispute::state(unit, actor, *no, (text, file.as_ref()), today)
        }
        (Command::DecideDispute { no, upheld, reason }, Some(unit)) => {
            dispute::decide(unit, actor, (*no, *upheld, reason), today)
        }
    }
}

fn register(
    id: &UnitId,
    profile: &Profile,
    actor: &Actor,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let (profile, warnings) = checked(profile)?;
    let authority = routed(&profile, today);
    let mut events = vec![Event::UnitRegistered { unit: id.clone(), profile, authority, warnings }];
    events.extend(people::first(id, actor, today));
    Ok(events)
}

fn routed(profile: &Profile, today: Date) -> Option<AuthorityId> {
    reference::route(&profile.area, today, None).map(|authority| AuthorityId::from(authority.id))
}

/// 激活 — with the account, the authority confirms the representative whose papers came with it.
fn activate(unit: &Unit, actor: &Actor, today: Date) -> Result<Vec<Event>, Refusal> {
    responsible(unit, actor)?;
    if unit.standing == Standing::Active {
        return Ok(vec![]);
    }
    let mut events = vec![Event::UnitActivated {}];
    let proposed = unit.people.proposed().filter(|link| link.made.person != actor.person);
    for link in proposed {
        if people::named_representative(unit, &link.made.name).is_ok() {
            let by = Confirmed::by(actor, today);
            let link = link.made.link.clone();
            events.push(Event::LinkConfirmed { link, from: today, by });
        }
    }
    Ok(events)
}

fn refuse(unit: &Unit, actor: &Actor, reason: &str) -> Result<Vec<Event>, Refusal> {
    responsible(unit, actor)?;
    required("reason", "理由", reason, Limit::Characters(500))?;
    match unit.standing {
        Standing::Registered => Ok(vec![Event::ActivationRefused { reason: reason.to_owned() }]),
        Standing::Refused(_) => Ok(vec![]),
        Standing::Active => {
            Err(Refusal::not_now("6.4", "单位账号已经激活", "账号有问题的，联系自治区科技厅"))
        }
    }
}

/// Whether somebody needs a unit's personal data: its own people, its authority, and of the
/// Department the desks that check who acts for it and that serve notices on it.
pub fn reads_personal(actor: &Actor, unit: &Unit) -> bool {
    match &actor.side {
        Side::Unit(own) => *own == unit.id,
        Side::Authority(own) => unit.authority.as_ref() == Some(own),
        Side::Department => {
            matches!(actor.capacity, Capacity::Reviewer | Capacity::Supervisor)
        }
        Side::Expert | Side::Public | Side::Operator | Side::Calendar => false,
    }
}

/// Whether somebody confirms who acts for a unit and decides whose it is: an officer of its
/// authority, and for units elsewhere the Department's reviewer.
pub fn decides(unit: &Unit, actor: &Actor) -> Result<(), Refusal> {
    let own = match (&actor.side, &unit.authority) {
        (Side::Authority(own), Some(authority)) => {
            own == authority && matches!(actor.capacity, Capacity::Clerk | Capacity::Signatory)
        }
        (Side::Department, None) => actor.capacity == Capacity::Reviewer,
        _ => false,
    };
    if own {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "6.4",
        "由该单位住所地的归口管理部门办理，区外单位由自治区科技厅办理",
        "联系该单位的归口管理部门",
    ))
}

fn responsible(unit: &Unit, actor: &Actor) -> Result<(), Refusal> {
    let own = match (&actor.side, &unit.authority) {
        (Side::Authority(authority), Some(own)) => authority == own,
        (Side::Department, _) => true,
        _ => false,
    };
    if own {
        return Ok(());
    }
    Err(Refusal::forbidden("6.4", "单位账号由住所地的归口管理部门激活", "联系该单位的归口管理部门"))
}

fn amend(
    unit: &Unit,
    actor: &Actor,
    profile: &Profile,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    if actor.unit() != Some(&unit.id) {
        return Err(Refusal::forbidden("6.3", "单位资料由本单位更新", "以本单位身份登录"));
    }
    keeps_record(actor)?;
    let (profile, _) = checked(profile)?;
    if profile.code != unit.profile.code {
        return Err(Refusal::field(
            "code",
            "统一社会信用代码终身不变，不能更改",
            "单位合并、分立的，另行注册新单位",
        ));
    }
    if profile == unit.profile {
        return Ok(vec![]);
    }
    let authority = routed(&profile, today);
    let renamed =
        !people::same_name(&profile.representative.value, &unit.profile.representative.value);
    let mut events = vec![Event::UnitAmended { profile, authority }];
    if renamed {
        people::undisputed(unit, Capacity::LegalRepresentative)?;
        // Whoever signs holds the office on the day of signing (Art. 6(2)).
        events.extend(people::former_representatives(unit, None, today));
    }
    Ok(events)
}

/// Who of a unit keeps its record.
pub(crate) fn keeps_record(actor: &Actor) -> Result<(), Refusal> {
    if matches!(actor.capacity, Capacity::SealKeeper | Capacity::Contact) {
        return Err(Refusal::forbidden(
            "6.3",
            &format!(
                "单位资料由单位管理员、经办人或法定代表人更新，你现在的身份是{}",
                actor.capacity.term()
            ),
            "转给对应的同事",
        ));
    }
    Ok(())
}

fn write_detail(
    unit: &Unit,
    actor: &Actor,
    detail: &Detail,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    if actor.unit() != Some(&unit.id) {
        return Err(Refusal::forbidden("6.3", "单位资料由本单位更新", "以本单位身份登录"));
    }
    keeps_record(actor)?;
    details::checked(detail, unit.profile.kind, today)?;
    let detail = detail.tidy();
    if unit.details.holds(&detail) {
        return Ok(vec![]);
    }
    Ok(vec![Event::DetailWritten(detail)])
}
