//! 单位 — a unit's registration, activation and credit records, kept once for all its dossiers.
//!
//! A unit is an aggregate of its own beside the dossier: registered by one of its people,
//! activated by its recommending authority, and carrying the credit records that Art. 5(2) and
//! 5(3) ask about. A consortium itself has no legal personality and is never a unit (Art. 3).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Capacity, Side},
    credit_code::CreditCode,
    ids::{AuthorityId, Personal, UnitId},
    reference,
    refusal::Refusal,
    text::{Limit, required},
};

/// The longest full name of a unit, in characters.
pub const NAME_MAX: usize = 60;
/// The longest address, in characters.
pub const ADDRESS_MAX: usize = 120;
/// The longest basis of a credit record, in characters.
pub const BASIS_MAX: usize = 200;

/// 单位类型 (Art. 5(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 企业.
    Enterprise,
    /// 科研院所.
    Institute,
    /// 高等学校.
    University,
    /// 技术转移机构.
    TransferAgency,
    /// 其他组织机构.
    Other,
}

impl UnitKind {
    /// Every kind, in the order of Art. 5(1).
    pub const ALL: [Self; 5] =
        [Self::Enterprise, Self::Institute, Self::University, Self::TransferAgency, Self::Other];

    /// The word of Art. 5(1).
    pub const fn term(self) -> &'static str {
        match self {
            Self::Enterprise => "企业",
            Self::Institute => "科研院所",
            Self::University => "高等学校",
            Self::TransferAgency => "技术转移机构",
            Self::Other => "其他组织机构",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Institute => "institute",
            Self::University => "university",
            Self::TransferAgency => "transfer_agency",
            Self::Other => "other",
        }
    }
}

/// 法人类型 (Arts. 5(2), 5(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalForm {
    /// 企业法人.
    EnterpriseLegalPerson,
    /// 事业单位法人.
    PublicInstitution,
    /// 社会团体法人.
    SocialGroup,
    /// 社会服务机构法人.
    SocialService,
    /// 特别法人.
    SpecialLegalPerson,
    /// 境外法人.
    Overseas,
    /// 非法人（分公司、合伙企业、个人独资企业、个体工商户等）.
    NotLegalPerson,
}

impl LegalForm {
    /// Every form.
    pub const ALL: [Self; 7] = [
        Self::EnterpriseLegalPerson,
        Self::PublicInstitution,
        Self::SocialGroup,
        Self::SocialService,
        Self::SpecialLegalPerson,
        Self::Overseas,
        Self::NotLegalPerson,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::EnterpriseLegalPerson => "企业法人",
            Self::PublicInstitution => "事业单位法人",
            Self::SocialGroup => "社会团体法人",
            Self::SocialService => "社会服务机构法人",
            Self::SpecialLegalPerson => "特别法人",
            Self::Overseas => "境外法人",
            Self::NotLegalPerson => "非法人（分公司、合伙、个人独资、个体等）",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EnterpriseLegalPerson => "enterprise_legal_person",
            Self::PublicInstitution => "public_institution",
            Self::SocialGroup => "social_group",
            Self::SocialService => "social_service",
            Self::SpecialLegalPerson => "special_legal_person",
            Self::Overseas => "overseas",
            Self::NotLegalPerson => "not_legal_person",
        }
    }
}

/// What a unit says of itself when it registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// 统一社会信用代码; empty only for an overseas unit.
    #[serde(default)]
    pub code: String,
    /// 单位全称, as on the licence and the seal.
    pub name: String,
    /// 单位类型.
    pub kind: UnitKind,
    /// 法人类型.
    pub legal_form: LegalForm,
    /// 住所所在旗县市区, six digits of GB/T 2260, from the licence in force; empty abroad.
    #[serde(default)]
    pub area: String,
    /// 住所.
    pub address: String,
    /// 法定代表人或负责人.
    pub representative: Personal,
    /// 联系电话.
    pub phone: Personal,
    /// A person compared the code with the licence although a check digit fails.
    #[serde(default)]
    pub code_confirmed: bool,
}

/// 严重失信行为记录 — one record on one list, with its period (Arts. 5(2), 5(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRecord {
    /// Where it was found: 信用中国, 科研诚信严重失信行为数据库 …
    pub source: String,
    /// The document that put the unit on the list.
    pub basis: String,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period; `None` runs until it is removed.
    #[serde(default)]
    pub until: Option<Date>,
}

/// A credit record as it stands with the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// The record.
    pub record: CreditRecord,
    /// The day somebody recorded that the list no longer has it.
    pub lifted_on: Option<Date>,
}

impl KeptRecord {
    /// 在惩戒期内 — whether the record stands on a day.
    pub fn live_on(&self, day: Date) -> bool {
        let begun = self.record.from <= day;
        let ended = self.record.until.is_some_and(|until| until < day);
        let lifted = self.lifted_on.is_some_and(|lifted| lifted <= day);
        begun && !ended && !lifted
    }
}

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
    /// Every credit record ever entered.
    pub credit: Vec<KeptRecord>,
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
    /// 登记严重失信记录.
    RecordCredit(CreditRecord),
    /// 登记严重失信记录已移出.
    LiftCredit {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
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
    /// 严重失信记录已登记.
    CreditRecorded(CreditRecord),
    /// 严重失信记录已移出.
    CreditLifted {
        /// Position of the record, from 0.
        record: usize,
        /// What shows the removal.
        proof: String,
    },
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
        (Command::Register(profile), None) => register(id, profile, today),
        (Command::Register(profile), Some(unit)) if unit.profile == *profile => Ok(vec![]),
        (Command::Register(_), Some(_)) => {
            Err(Refusal::not_now("6.3", "这个单位已经注册", "向本单位的账号管理人索取邀请"))
        }
        (_, None) => Err(Refusal::not_found("没有这个单位", "核对单位名称或统一社会信用代码")),
        (Command::Activate {}, Some(unit)) => activate(unit, actor),
        (Command::RefuseActivation { reason }, Some(unit)) => refuse(unit, actor, reason),
        (Command::Amend(profile), Some(unit)) => amend(unit, actor, profile, today),
        (Command::RecordCredit(record), Some(unit)) => record_credit(unit, actor, record),
        (Command::LiftCredit { record, proof }, Some(unit)) => lift(unit, actor, *record, proof),
    }
}

fn register(id: &UnitId, profile: &Profile, today: Date) -> Result<Vec<Event>, Refusal> {
    let (profile, warnings) = checked(profile)?;
    let authority = routed(&profile, today);
    Ok(vec![Event::UnitRegistered { unit: id.clone(), profile, authority, warnings }])
}

fn routed(profile: &Profile, today: Date) -> Option<AuthorityId> {
    reference::route(&profile.area, today, None).map(|authority| AuthorityId::from(authority.id))
}

fn checked(profile: &Profile) -> Result<(Profile, Vec<String>), Refusal> {
    required("name", "单位全称", &profile.name, Limit::Characters(NAME_MAX))?;
    required("address", "住所", &profile.address, Limit::Characters(ADDRESS_MAX))?;
    required(
        "representative",
        "法定代表人或负责人",
        &profile.representative.value,
        Limit::Characters(40),
    )?;
    required("phone", "联系电话", &profile.phone.value, Limit::Characters(30))?;
    let mut profile = profile.clone();
    profile.name = unit_name(&profile.name);
    let mut warnings = Vec::new();
    if profile.legal_form == LegalForm::Overseas {
        return Ok((profile, warnings));
    }
    if reference::area(&profile.area).is_none() && !outside_region(&profile.area) {
        return Err(Refusal::field(
            "area",
            "住所所在旗县市区要填六位行政区划代码",
            "从列表中选；区外单位填所在省级代码，如 110000",
        ));
    }
    let parsed = CreditCode::parse(&profile.code)
        .map_err(|fault| Refusal::field("code", &fault.to_string(), "照营业执照逐位核对"))?;
    if !parsed.warnings.is_empty() && !profile.code_confirmed {
        return Err(Refusal::field(
            "code",
            &format!("统一社会信用代码校验位不符：{}", join(&parsed.warnings)),
            "核对营业执照；确实如此的，勾选“已与证照核对”后继续",
        ));
    }
    warnings.extend(parsed.warnings.iter().map(ToString::to_string));
    profile.code = parsed.code.into();
    let digits = &profile.code[2..6];
    if digits != "1000" && !profile.area.starts_with(&digits[..2]) {
        warnings.push("代码区划与住所不一致，核对营业执照".to_owned());
    }
    Ok((profile, warnings))
}

fn unit_name(typed: &str) -> String {
    typed.trim().to_owned()
}

fn join<T: ToString>(warnings: &[T]) -> String {
    warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")
}

fn outside_region(area: &str) -> bool {
    area.len() == 6 && area.bytes().all(|b| b.is_ascii_digit()) && !area.starts_with("15")
}

fn activate(unit: &Unit, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    responsible(unit, actor)?;
    match unit.standing {
        Standing::Active => Ok(vec![]),
        Standing::Registered | Standing::Refused(_) => Ok(vec![Event::UnitActivated {}]),
    }
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
    Ok(vec![Event::UnitAmended { profile, authority }])
}

fn record_credit(unit: &Unit, actor: &Actor, record: &CreditRecord) -> Result<Vec<Event>, Refusal> {
    supervises(actor)?;
    if unit.credit.iter().any(|kept| kept.record == *record && kept.lifted_on.is_none()) {
        return Ok(vec![]);
    }
    required("source", "来源", &record.source, Limit::Characters(BASIS_MAX))?;
    required("basis", "认定文书", &record.basis, Limit::Characters(BASIS_MAX))?;
    if record.until.is_some_and(|until| until < record.from) {
        return Err(Refusal::field("until", "惩戒期止早于惩戒期起", "核对两个日期"));
    }
    Ok(vec![Event::CreditRecorded(record.clone())])
}

fn lift(unit: &Unit, actor: &Actor, record: usize, proof: &str) -> Result<Vec<Event>, Refusal> {
    supervises(actor)?;
    required("proof", "移出依据", proof, Limit::Characters(BASIS_MAX))?;
    match unit.credit.get(record) {
        None => Err(Refusal::not_found("没有这条记录", "刷新页面后再选")),
        Some(kept) if kept.lifted_on.is_some() => Ok(vec![]),
        Some(_) => Ok(vec![Event::CreditLifted { record, proof: proof.to_owned() }]),
    }
}

fn supervises(actor: &Actor) -> Result<(), Refusal> {
    if actor.side == Side::Department && actor.capacity == Capacity::Supervisor {
        return Ok(());
    }
    Err(Refusal::forbidden("5.2", "信用记录由自治区科技厅监督处登记", "联系监督处"))
}

/// Applies what happened. Only the first event may make a unit; anything else is a fault.
pub fn evolve(unit: Option<Unit>, event: &Event, on: Date) -> Option<Unit> {
    let Some(mut unit) = unit else {
        return match event {
            Event::UnitRegistered { unit, profile, authority, .. } => Some(Unit {
                id: unit.clone(),
                profile: profile.clone(),
                authority: authority.clone(),
                standing: Standing::Registered,
                credit: Vec::new(),
            }),
            Event::UnitActivated {}
            | Event::ActivationRefused { .. }
            | Event::UnitAmended { .. }
            | Event::CreditRecorded(_)
            | Event::CreditLifted { .. } => None,
        };
    };
    match event {
        Event::UnitRegistered { .. } => return None,
        Event::UnitActivated {} => unit.standing = Standing::Active,
        Event::ActivationRefused { reason } => unit.standing = Standing::Refused(reason.clone()),
        Event::UnitAmended { profile, authority } => {
            unit.profile = profile.clone();
            unit.authority.clone_from(authority);
        }
        Event::CreditRecorded(record) => {
            unit.credit.push(KeptRecord { record: record.clone(), lifted_on: None });
        }
        Event::CreditLifted { record, .. } => unit.credit.get_mut(*record)?.lifted_on = Some(on),
    }
    Some(unit)
}
