//! 科技创新平台登记 — the platforms a unit has built, each entered once with its proof, looked at by
//! the Department, and read by R5.1c at every checkpoint.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, Unit};
use crate::{
    actor::{Actor, Capacity, Side},
    ids::{Digest, UnitId},
    reference::{self, Counts, PlatformLevel, PlatformStatus},
    refusal::Refusal,
    text,
};

/// Platforms one unit may enter; far above any real one.
pub const PLATFORMS_MAX: usize = 200;

/// 最近一次评估.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// 评估年度.
    pub year: i16,
    /// 等次, in the words of the assessment.
    pub grade: String,
}

/// What is entered of one platform. Its level follows from its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformEntry {
    /// 平台名称.
    pub name: String,
    /// 平台类型, id of the reference list: `R02`.
    pub kind: String,
    /// 批准部门.
    pub approved_by: String,
    /// 批准文号.
    pub document_no: String,
    /// 批准日期.
    pub approved_on: Date,
    /// 有效期起; from the approval on where it names none.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// 有效期至; `None` where the approval names none.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// 状态.
    pub status: PlatformStatus,
    /// 最近一次评估.
    #[serde(default)]
    pub assessment: Option<Assessment>,
    /// 证明: the approval as a file.
    #[serde(default)]
    pub proof: Option<Digest>,
}

impl PlatformEntry {
    /// 级别, by the reference list; what is on no list is of no level that counts.
    pub fn level(&self) -> PlatformLevel {
        reference::platform_type(&self.kind).map_or(PlatformLevel::Other, |kind| kind.level)
    }

    /// 类型, in words.
    pub fn kind_term(&self) -> &str {
        reference::platform_type(&self.kind).map_or(self.kind.as_str(), |kind| kind.name)
    }

    /// 在有效期内.
    pub fn in_force(&self, on: Date) -> bool {
        let begun = self.valid_from.unwrap_or(self.approved_on) <= on && self.approved_on <= on;
        begun && self.valid_to.is_none_or(|to| to >= on)
    }

    /// Whether it counts towards R5.1c on a day, and why.
    pub fn counts(&self, on: Date) -> (Counts, String) {
        if !self.in_force(on) {
            return (Counts::No, "不在批准的有效期内".to_owned());
        }
        let row = reference::platform_standing(self.level(), self.status, on);
        let listed = reference::platform_type(&self.kind).map_or(Counts::No, |kind| kind.counts);
        if row.counts == Counts::Yes && listed == Counts::Ask {
            return (Counts::Ask, format!("“{}”是否计入，办法没有写明", self.kind_term()));
        }
        (row.counts, row.basis.to_owned())
    }
}

/// Where the Department's look at an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// 待核对.
    Waiting,
    /// 已核对.
    Confirmed,
    /// 已退回, with the reason.
    Returned(String),
}

impl Checked {
    /// What the Department enters itself needs no second look.
    fn by(confirmed: bool) -> Self {
        if confirmed { Self::Confirmed } else { Self::Waiting }
    }
}

/// A platform as it stands in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPlatform {
    /// Counts from 1 within its unit.
    pub no: u32,
    /// What was entered.
    pub entry: PlatformEntry,
    /// Whether the Department has looked.
    pub checked: Checked,
    /// The day of the last change.
    pub since: Date,
}

impl KeptPlatform {
    pub(super) fn entered(no: u32, entry: &PlatformEntry, confirmed: bool, on: Date) -> Self {
        Self { no, entry: entry.clone(), checked: Checked::by(confirmed), since: on }
    }

    pub(super) fn corrected(&mut self, entry: &PlatformEntry, confirmed: bool, on: Date) {
        self.entry = entry.clone();
        self.looked_at(Checked::by(confirmed), on);
    }

    pub(super) fn looked_at(&mut self, checked: Checked, on: Date) {
        (self.checked, self.since) = (checked, on);
    }

    /// What an application names it by: `u-7k…/2`.
    pub fn reference(&self, unit: &UnitId) -> String {
        format!("{unit}/{}", self.no)
    }
}

/// The number in a reference to a platform of this unit.
pub fn number_in(reference: &str, unit: &UnitId) -> Option<u32> {
    let (owner, no) = reference.rsplit_once('/')?;
    if owner == unit.as_str() { no.parse().ok() } else { None }
}

impl Unit {
    /// One platform of the register.
    pub fn platform(&self, no: u32) -> Option<&KeptPlatform> {
        self.platforms.iter().find(|kept| kept.no == no)
    }

    pub(super) fn kept(&mut self, no: u32) -> Option<&mut KeptPlatform> {
        self.platforms.iter_mut().find(|kept| kept.no == no)
    }
}

/// 核对.
pub(super) fn confirm(unit: &Unit, actor: &Actor, no: u32) -> Result<Vec<Event>, Refusal> {
    reviews(actor)?;
    match found(unit, no)?.checked {
        Checked::Confirmed => Ok(vec![]),
        Checked::Waiting | Checked::Returned(_) => {
            Ok(vec![Event::PlatformConfirmed { platform: no }])
        }
    }
}

/// 退回.
pub(super) fn send_back(
    unit: &Unit,
    actor: &Actor,
    no: u32,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    reviews(actor)?;
    let kept = found(unit, no)?;
    text::paragraph("reason", "退回的理由", reason)?;
    if kept.checked == Checked::Returned(reason.to_owned()) {
        return Ok(vec![]);
    }
    Ok(vec![Event::PlatformReturned { platform: no, reason: reason.to_owned() }])
}

fn found(unit: &Unit, no: u32) -> Result<&KeptPlatform, Refusal> {
    unit.platform(no).ok_or_else(|| Refusal::not_found("没有这个平台的登记", "刷新页面后再选"))
}

/// 登记.
pub(super) fn enter(
    unit: &Unit,
    actor: &Actor,
    entry: &PlatformEntry,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let confirmed = writes(unit, actor)?;
    let entry = sound(entry, today)?;
    if let Some(kept) = same(unit, &entry) {
        if kept.entry == entry {
            return Ok(vec![]);
        }
        let reason = format!("“{}”（{}）已经登记，内容不同", entry.name, entry.document_no);
        return Err(Refusal::field("name", &reason, "用“更正”修改原来的登记"));
    }
    if unit.platforms.len() >= PLATFORMS_MAX {
        let reason = format!("一个单位最多登记 {PLATFORMS_MAX} 个平台");
        return Err(Refusal::field("name", &reason, "核对是否重复登记"));
    }
    let platform = u32::try_from(unit.platforms.len()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(vec![Event::PlatformEntered { platform, entry, confirmed }])
}

/// The entry of the same approval: one platform is entered once.
fn same<'a>(unit: &'a Unit, entry: &PlatformEntry) -> Option<&'a KeptPlatform> {
    let key = |entry: &PlatformEntry| (entry.name.clone(), entry.document_no.clone());
    unit.platforms.iter().find(|kept| key(&kept.entry) == key(entry))
}

/// 更正.
pub(super) fn correct(
    unit: &Unit,
    actor: &Actor,
    no: u32,
    entry: &PlatformEntry,
    reason: &str,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let confirmed = writes(unit, actor)?;
    let kept = found(unit, no)?;
    let entry = sound(entry, today)?;
    if kept.entry == entry {
        return Ok(vec![]);
    }
    text::paragraph("reason", "更正的理由", reason)?;
    if same(unit, &entry).is_some_and(|other| other.no != no) {
        let reason = format!("“{}”（{}）已经另有登记", entry.name, entry.document_no);
        return Err(Refusal::field("name", &reason, "核对名称和文号"));
    }
    Ok(vec![Event::PlatformCorrected { platform: no, entry, reason: reason.to_owned(), confirmed }])
}

/// Who writes the register: the unit itself, or the Department, whose word needs no second look.
fn writes(unit: &Unit, actor: &Actor) -> Result<bool, Refusal> {
    if actor.unit() == Some(&unit.id) {
        return super::keeps_record(actor).map(|()| false);
    }
    reviews(actor).map(|()| true)
}

fn reviews(actor: &Actor) -> Result<(), Refusal> {
    if actor.side == Side::Department && actor.capacity == Capacity::Reviewer {
        return Ok(());
    }
    let reason = "平台由建设单位登记，由自治区科技厅形式审查岗核对";
    Err(Refusal::forbidden("5.1", reason, "以建设单位身份登录，或联系自治区科技厅"))
}

/// The entry as it is kept, once nothing in it contradicts itself.
fn sound(entry: &PlatformEntry, today: Date) -> Result<PlatformEntry, Refusal> {
    text::line("name", "平台名称", &entry.name)?;
    text::line("approved_by", "批准部门", &entry.approved_by)?;
    text::line("document_no", "批准文号", &entry.document_no)?;
    if reference::platform_type(&entry.kind).is_none() {
        return Err(Refusal::field("kind", "平台类型不在列表中", "从列表中选"));
    }
    if entry.approved_on > today {
        return Err(Refusal::field("approved_on", "批准日期晚于今天", "批准后再登记"));
    }
    let from = entry.valid_from.unwrap_or(entry.approved_on);
    if entry.valid_to.is_some_and(|to| to < from) {
        return Err(Refusal::field("valid_to", "有效期至早于有效期起", "核对两个日期"));
    }
    if let Some(assessment) = &entry.assessment {
        text::line("assessment_grade", "评估等次", &assessment.grade)?;
        if !(super::YEAR_FIRST..=today.year()).contains(&assessment.year) {
            let reason =
                format!("评估年度 {} 不在 {} 至今年之间", assessment.year, super::YEAR_FIRST);
            return Err(Refusal::field("assessment_year", &reason, "核对年度"));
        }
    }
    let trimmed = |text: &str| text.trim().to_owned();
    Ok(PlatformEntry {
        name: trimmed(&entry.name),
        approved_by: trimmed(&entry.approved_by),
        document_no: trimmed(&entry.document_no),
        ..entry.clone()
    })
}
