//! 单位 — a unit's registration, activation, people and credit records, kept once for all its dossiers.
//!
//! A unit is an aggregate of its own beside the dossier: registered by one of its people,
//! activated by its recommending authority, and carrying the credit records that Art. 5(2) and
//! 5(3) ask about. Who acts for it stands in [`people`], who is asked to in [`invitation`], and who
//! says that it is theirs in [`dispute`]. A consortium itself has no legal personality and is never
//! a unit (Art. 3).

mod credit;
mod details;
pub mod dispute;
pub mod invitation;
pub mod people;
mod platform;
mod profile;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Capacity, Side},
    ids::{AuthorityId, Digest, PersonId, Personal, UnitId},
    reference,
    refusal::Refusal,
    text::{Limit, required},
};

pub use credit::{BASIS_MAX, CreditRecord, KeptRecord, Repair, RepairOutcome};
pub use details::{
    Business, Certificates, Contact, Detail, DetailKind, Details, HighTech, ManagementRule,
    RULES_MAX, Research, ServiceKind, Specialised, Strengths, TechSme, Transfer, TransferRecord,
    YEAR_FIRST, YEARS_MAX, YearFigures,
};
use dispute::{Decided, Dispute, Statement};
use invitation::{Invitation, Invited, Outcome};
use people::{Confirmed, Evidence, Link, LinkStanding, NewLink, People};
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

/// What may be asked of a unit's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 注册单位.
    Register(Profile),
    /// 激活单位账号.
    Activate {},
    /// 不予激活.
    RefuseActivation {
        /// Why, told to the unit.
        reason: String,
    },
    /// 更新单位资料.
    Amend(Profile),
    /// 保存单位资料的一节.
    WriteDetail(Detail),
    /// 登记科技创新平台.
    EnterPlatform(PlatformEntry),
    /// 更正平台登记.
    CorrectPlatform {
        /// Number of the platform, from 1.
        platform: u32,
        /// The entry as it should be.
        entry: PlatformEntry,
        /// Why.
        reason: String,
    },
    /// 核对平台登记.
    ConfirmPlatform {
        /// Number of the platform, from 1.
        platform: u32,
    },
    /// 退回平台登记.
    ReturnPlatform {
        /// Number of the platform, from 1.
        platform: u32,
        /// Why, told to the unit.
        reason: String,
    },
    /// 登记严重失信记录.
    RecordCredit(CreditRecord),
    /// 登记严重失信记录已移出.
    LiftCredit {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
    /// 登记信用修复.
    RecordRepair {
        /// Position of the record, from 0.
        record: usize,
        /// What became of it.
        repair: Repair,
    },
    /// 邀请同事.
    Invite(Invited),
    /// 换一个邀请链接.
    RenewInvitation {
        /// Its number.
        no: u32,
    },
    /// 撤销邀请.
    RevokeInvitation {
        /// Its number.
        no: u32,
    },
    /// 接受邀请; the login is the one the office knows.
    AcceptInvitation {
        /// Its number.
        no: u32,
        /// The account of the person who accepts.
        login: String,
    },
    /// 谢绝邀请.
    DeclineInvitation {
        /// Its number.
        no: u32,
        /// The account of the person who declines.
        login: String,
    },
    /// 申报法定代表人或负责人任职.
    ProposeRepresentative {
        /// What shows it.
        evidence: Evidence,
    },
    /// 确认任职.
    ConfirmLink {
        /// The link.
        link: String,
    },
    /// 不予确认任职.
    RefuseLink {
        /// The link.
        link: String,
        /// Why, told to the person.
        reason: String,
    },
    /// 结束身份，交接.
    EndLink {
        /// The link.
        link: String,
        /// The last day on which the person acts.
        to: Date,
        /// Who takes over what the person sees to.
        #[serde(default)]
        successor: Option<PersonId>,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 提出归属争议.
    Dispute {
        /// Why the unit is the claimant's.
        statement: String,
        /// What shows it.
        #[serde(default)]
        file: Option<Digest>,
    },
    /// 在争议中陈述、举证.
    StateInDispute {
        /// Its number.
        no: u32,
        /// What is said.
        text: String,
        /// What shows it.
        #[serde(default)]
        file: Option<Digest>,
    },
    /// 对归属争议作出决定.
    DecideDispute {
        /// Its number.
        no: u32,
        /// Whether the claim is right.
        upheld: bool,
        /// Why, told to both sides.
        reason: String,
    },
}

impl Command {
    /// Whether it looks at who acts for the unit: then what stood before links were recorded is
    /// written down first.
    pub fn concerns_people(&self) -> bool {
        !matches!(
            self,
            Self::Register(_)
                | Self::Activate {}
                | Self::RefuseActivation { .. }
                | Self::RecordCredit(_)
                | Self::LiftCredit { .. }
                | Self::RecordRepair { .. }
                | Self::WriteDetail(_)
                | Self::EnterPlatform(_)
                | Self::CorrectPlatform { .. }
                | Self::ConfirmPlatform { .. }
                | Self::ReturnPlatform { .. }
        )
    }

    /// The file it names: the side that asks must have brought it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four name a file")]
    pub fn file(&self) -> Option<&Digest> {
        match self {
            Self::Invite(asked) => asked.evidence.file.as_ref(),
            Self::ProposeRepresentative { evidence } => evidence.file.as_ref(),
            Self::Dispute { file, .. } | Self::StateInDispute { file, .. } => file.as_ref(),
            _ => None,
        }
    }
}

/// What happened to a unit's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// 单位已注册.
    UnitRegistered {
        /// Its identifier.
        unit: UnitId,
        /// What it says of itself.
        profile: Profile,
        /// Who will activate it.
        authority: Option<AuthorityId>,
        /// What to compare with the licence.
        warnings: Vec<String>,
    },
    /// 单位账号已激活.
    UnitActivated {},
    /// 单位账号未予激活.
    ActivationRefused {
        /// Why.
        reason: String,
    },
    /// 单位资料已更新.
    UnitAmended {
        /// The new profile.
        profile: Profile,
        /// Who is responsible now.
        authority: Option<AuthorityId>,
    },
    /// 单位资料的一节已保存.
    DetailWritten(Detail),
    /// 科技创新平台已登记.
    PlatformEntered {
        /// Its number, from 1.
        platform: u32,
        /// What was entered.
        entry: PlatformEntry,
        /// Whether the Department entered it, whose word needs no second look.
        confirmed: bool,
    },
    /// 平台登记已更正.
    PlatformCorrected {
        /// Its number, from 1.
        platform: u32,
        /// The entry as it stands now.
        entry: PlatformEntry,
        /// Why.
        reason: String,
        /// Whether the Department corrected it.
        confirmed: bool,
    },
    /// 平台登记已核对.
    PlatformConfirmed {
        /// Its number, from 1.
        platform: u32,
    },
    /// 平台登记已退回.
    PlatformReturned {
        /// Its number, from 1.
        platform: u32,
        /// Why.
        reason: String,
    },
    /// 严重失信记录已登记.
    CreditRecorded(CreditRecord),
    /// 严重失信记录已移出.
    CreditLifted {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
    /// 信用修复已登记.
    RepairRecorded {
        /// Position of the record, from 0.
        record: usize,
        /// What became of it.
        repair: Repair,
    },
    /// 同事已邀请.
    ColleagueInvited {
        /// Its number.
        no: u32,
        /// Whom, for what.
        asked: Invited,
        /// By whom.
        by: Confirmed,
        /// The last day on which it can be accepted.
        until: Date,
    },
    /// 邀请链接已更换.
    InvitationRenewed {
        /// Its number.
        no: u32,
        /// The last day on which it can be accepted now.
        until: Date,
    },
    /// 邀请已撤销或谢绝.
    InvitationClosed {
        /// Its number.
        no: u32,
        /// Whether the invited person declined.
        declined: bool,
    },
    /// 身份已建立，或已申报.
    LinkMade(NewLink),
    /// 任职已确认.
    LinkConfirmed {
        /// The link.
        link: String,
        /// The first day.
        from: Date,
        /// By whom.
        by: Confirmed,
    },
    /// 任职未予确认.
    LinkNotConfirmed {
        /// The link.
        link: String,
        /// Why.
        reason: String,
    },
    /// 身份已结束.
    LinkEnded {
        /// The link.
        link: String,
        /// The last day.
        to: Date,
        /// Who takes over.
        successor: Option<PersonId>,
        /// Why.
        reason: String,
    },
    /// 此前的身份已并入记录.
    LinkCarriedOver {
        /// The link.
        link: String,
        /// Who.
        person: PersonId,
        /// The person's name.
        name: Personal,
        /// In which capacity.
        capacity: Capacity,
        /// The first day.
        from: Date,
        /// The last day, once it is known.
        to: Option<Date>,
    },
    /// 归属争议已提出.
    DisputeRaised {
        /// Its number.
        no: u32,
        /// Who says the unit is theirs.
        claimant: PersonId,
        /// Under which name.
        name: Personal,
        /// Why.
        statement: String,
        /// What shows it.
        file: Option<Digest>,
    },
    /// 争议中已陈述.
    DisputeStated {
        /// Its number.
        no: u32,
        /// Whether the claimant speaks.
        claimant: bool,
        /// What is said.
        text: String,
        /// What shows it.
        file: Option<Digest>,
    },
    /// 归属争议已决定.
    DisputeDecided {
        /// Its number.
        no: u32,
        /// How, why, by whom.
        decided: Decided,
    },
}

impl Event {
    /// The clauses it rests on.
    pub const fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::UnitRegistered { .. }
            | Self::UnitAmended { .. }
            | Self::ColleagueInvited { .. }
            | Self::InvitationRenewed { .. }
            | Self::InvitationClosed { .. }
            | Self::LinkEnded { .. }
            | Self::LinkCarriedOver { .. } => &["6.3"],
            Self::UnitActivated {}
            | Self::ActivationRefused { .. }
            | Self::DisputeRaised { .. }
            | Self::DisputeStated { .. }
            | Self::DisputeDecided { .. } => &["6.4"],
            Self::LinkMade(_) | Self::LinkConfirmed { .. } | Self::LinkNotConfirmed { .. } => {
                &["6.2"]
            }
            Self::PlatformEntered { .. }
            | Self::PlatformCorrected { .. }
            | Self::PlatformConfirmed { .. }
            | Self::PlatformReturned { .. } => &["5.1"],
            Self::DetailWritten(_)
            | Self::CreditRecorded(_)
            | Self::CreditLifted { .. }
            | Self::RepairRecorded { .. } => &["5.2", "5.3"],
        }
    }

    /// What the history of the unit calls it.
    pub fn title(&self) -> String {
        match self {
            Self::UnitRegistered { .. } => "注册单位".to_owned(),
            Self::UnitActivated {} => "激活单位账号".to_owned(),
            Self::ActivationRefused { .. } => "不予激活".to_owned(),
            Self::UnitAmended { .. } => "更新登记信息".to_owned(),
            Self::DetailWritten(detail) => format!("更新{}", detail.kind().term()),
            Self::PlatformEntered { entry, .. } => format!("登记平台：{}", entry.name),
            Self::PlatformCorrected { entry, .. } => format!("更正平台登记：{}", entry.name),
            Self::PlatformConfirmed { platform } => format!("核对平台登记：第 {platform} 个"),
            Self::PlatformReturned { platform, .. } => format!("退回平台登记：第 {platform} 个"),
            Self::CreditRecorded(record) => format!("登记信用记录：{}", record.list_term()),
            Self::CreditLifted { record, .. } => format!("登记移出：第 {} 条信用记录", record + 1),
            Self::RepairRecorded { record, .. } => {
                format!("登记信用修复：第 {} 条信用记录", record + 1)
            }
            Self::ColleagueInvited { .. } => "邀请同事".to_owned(),
            Self::InvitationRenewed { .. } => "更换邀请链接".to_owned(),
            Self::InvitationClosed { declined: true, .. } => "谢绝邀请".to_owned(),
            Self::InvitationClosed { declined: false, .. } => "撤销邀请".to_owned(),
            Self::LinkMade(_) => "建立或申报身份".to_owned(),
            Self::LinkConfirmed { .. } => "确认任职".to_owned(),
            Self::LinkNotConfirmed { .. } => "不予确认任职".to_owned(),
            Self::LinkEnded { .. } => "结束身份".to_owned(),
            Self::LinkCarriedOver { .. } => "并入此前的身份".to_owned(),
            Self::DisputeRaised { .. } => "提出归属争议".to_owned(),
            Self::DisputeStated { .. } => "争议中陈述".to_owned(),
            Self::DisputeDecided { .. } => "对归属争议作出决定".to_owned(),
        }
    }

    /// The files that it names.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what names one file at most is asked for it"
    )]
    pub fn files(&self) -> Vec<&Digest> {
        match self {
            Self::DetailWritten(detail) => detail.files(),
            Self::PlatformEntered { entry, .. } | Self::PlatformCorrected { entry, .. } => {
                entry.proof.iter().collect()
            }
            Self::CreditRecorded(record) => record.proof.iter().collect(),
            Self::RepairRecorded { repair, .. } => repair.proof.iter().collect(),
            other => other.file().into_iter().collect(),
        }
    }

    /// The link it changes, if any.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four change a link")]
    pub fn link(&self) -> Option<&str> {
        match self {
            Self::LinkMade(made) => Some(&made.link),
            Self::LinkConfirmed { link, .. }
            | Self::LinkNotConfirmed { link, .. }
            | Self::LinkEnded { link, .. } => Some(link),
            _ => None,
        }
    }

    /// The file it names, if any.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these four name a file")]
    pub fn file(&self) -> Option<&Digest> {
        match self {
            Self::ColleagueInvited { asked, .. } => asked.evidence.file.as_ref(),
            Self::LinkMade(made) => made.evidence.file.as_ref(),
            Self::DisputeRaised { file, .. } | Self::DisputeStated { file, .. } => file.as_ref(),
            _ => None,
        }
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

/// Applies what happened. Only the first event may make a unit; anything else is a fault.
pub fn evolve(unit: Option<Unit>, event: &Event, on: Date) -> Option<Unit> {
    let Some(mut unit) = unit else {
        let Event::UnitRegistered { unit, profile, authority, .. } = event else { return None };
        return Some(Unit {
            id: unit.clone(),
            profile: profile.clone(),
            authority: authority.clone(),
            standing: Standing::Registered,
            representatives: vec![Term::of(profile, on)],
            details: Details::default(),
            platforms: Vec::new(),
            credit: Vec::new(),
            people: People::default(),
        });
    };
    match event {
        Event::UnitRegistered { .. } => return None,
        Event::UnitActivated {} => unit.standing = Standing::Active,
        Event::ActivationRefused { reason } => unit.standing = Standing::Refused(reason.clone()),
        Event::UnitAmended { profile, authority } => {
            unit.succeeded(profile, on);
            unit.profile = profile.clone();
            unit.authority.clone_from(authority);
        }
        Event::DetailWritten(detail) => unit.details.write(detail),
        Event::PlatformEntered { platform, entry, confirmed } => {
            unit.platforms.push(KeptPlatform::entered(*platform, entry, *confirmed, on));
        }
        Event::PlatformCorrected { platform, entry, confirmed, .. } => {
            unit.kept(*platform)?.corrected(entry, *confirmed, on);
        }
        Event::PlatformConfirmed { platform } => {
            unit.kept(*platform)?.looked_at(Checked::Confirmed, on);
        }
        Event::PlatformReturned { platform, reason } => {
            unit.kept(*platform)?.looked_at(Checked::Returned(reason.clone()), on);
        }
        Event::CreditRecorded(record) => unit.credit.push(KeptRecord::new(record.clone())),
        Event::CreditLifted { record, .. } => unit.credit.get_mut(*record)?.lifted_on = Some(on),
        Event::RepairRecorded { record, repair } => {
            unit.credit.get_mut(*record)?.repair = Some(repair.clone());
        }
        Event::ColleagueInvited { .. }
        | Event::InvitationRenewed { .. }
        | Event::InvitationClosed { .. } => invited(&mut unit.people, event)?,
        Event::LinkMade(_)
        | Event::LinkConfirmed { .. }
        | Event::LinkNotConfirmed { .. }
        | Event::LinkEnded { .. }
        | Event::LinkCarriedOver { .. } => linked(&mut unit.people, event)?,
        Event::DisputeRaised { .. }
        | Event::DisputeStated { .. }
        | Event::DisputeDecided { .. } => {
            disputed(&mut unit.people, event, on)?;
        }
    }
    Some(unit)
}

fn at(no: u32) -> Option<usize> {
    usize::try_from(no).ok()?.checked_sub(1)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these three alone")]
fn invited(people: &mut People, event: &Event) -> Option<()> {
    match event {
        Event::ColleagueInvited { asked, by, until, .. } => people.invitations.push(Invitation {
            asked: asked.clone(),
            by: by.clone(),
            until: *until,
            outcome: Outcome::Waiting,
        }),
        Event::InvitationRenewed { no, until } => {
            people.invitations.get_mut(at(*no)?)?.until = *until;
        }
        Event::InvitationClosed { no, declined } => {
            people.invitations.get_mut(at(*no)?)?.outcome =
                if *declined { Outcome::Declined } else { Outcome::Revoked };
        }
        _ => {}
    }
    Some(())
}

fn found<'a>(people: &'a mut People, link: &str) -> Option<&'a mut Link> {
    people.links.iter_mut().find(|kept| kept.made.link == link)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these five alone")]
fn linked(people: &mut People, event: &Event) -> Option<()> {
    match event {
        Event::LinkMade(made) => {
            let held = made.confirmed.is_some();
            let standing = if held { LinkStanding::Held } else { LinkStanding::Proposed };
            if let Some(no) = made.invitation {
                people.invitations.get_mut(at(no)?)?.outcome = Outcome::Accepted(made.link.clone());
            }
            people.representative_wanted &=
                !(held && made.capacity == Capacity::LegalRepresentative);
            people.links.push(Link { made: made.clone(), standing, ended: None });
        }
        Event::LinkConfirmed { link, from, by } => {
            let kept = found(people, link)?;
            kept.standing = LinkStanding::Held;
            kept.made.from = *from;
            kept.made.confirmed = Some(by.clone());
            people.representative_wanted = false;
        }
        Event::LinkNotConfirmed { link, reason } => {
            found(people, link)?.standing = LinkStanding::NotConfirmed(reason.clone());
        }
        Event::LinkEnded { link, to, successor, reason } => {
            let kept = found(people, link)?;
            kept.made.to = Some(*to);
            kept.ended = Some((reason.clone(), successor.clone()));
            people.representative_wanted |= kept.made.capacity == Capacity::LegalRepresentative;
        }
        Event::LinkCarriedOver { link, person, name, capacity, from, to } => {
            let made = NewLink {
                link: link.clone(),
                person: person.clone(),
                name: name.clone(),
                capacity: *capacity,
                from: *from,
                to: *to,
                evidence: Evidence::default(),
                invitation: None,
                confirmed: None,
            };
            people.links.push(Link { made, standing: LinkStanding::Held, ended: None });
        }
        _ => {}
    }
    Some(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these three alone")]
fn disputed(people: &mut People, event: &Event, on: Date) -> Option<()> {
    match event {
        Event::DisputeRaised { claimant, name, statement, file, .. } => {
            let first =
                Statement { claimant: true, text: statement.clone(), file: file.clone(), on };
            people.disputes.push(Dispute {
                claimant: claimant.clone(),
                name: name.clone(),
                on,
                statements: vec![first],
                decided: None,
            });
        }
        Event::DisputeStated { no, claimant, text, file } => {
            let dispute = people.disputes.get_mut(at(*no)?)?;
            dispute.statements.push(Statement {
                claimant: *claimant,
                text: text.clone(),
                file: file.clone(),
                on,
            });
        }
        Event::DisputeDecided { no, decided } => {
            people.disputes.get_mut(at(*no)?)?.decided = Some(decided.clone());
        }
        _ => {}
    }
    Some(())
}

impl Term {
    fn of(profile: &Profile, on: Date) -> Self {
        let from = profile.representative_from.unwrap_or(on);
        Self { name: profile.representative.clone(), from, to: None }
    }
}

impl Unit {
    /// Closes the term of whoever is at its head where the profile names somebody else.
    fn succeeded(&mut self, profile: &Profile, on: Date) {
        if profile.representative == self.profile.representative {
            if let (Some(present), Some(from)) =
                (self.representatives.last_mut(), profile.representative_from)
            {
                present.from = from;
            }
            return;
        }
        let next = Term::of(profile, on);
        if let Some(present) = self.representatives.last_mut() {
            present.to = Some(next.from);
        }
        self.representatives.push(next);
    }
}
