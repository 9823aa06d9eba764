//! 备案材料 — what stands in a filing: the parties, the application form, the attachments (Art. 7).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    agreement::Agreement,
    ids::{Digest, Personal, UnitId},
    unit::UnitKind,
};

/// Most members one consortium may have; far above any real one.
pub const MEMBERS_MAX: usize = 60;
/// Most rows of one table of the form.
pub const ROWS_MAX: usize = 100;
/// Most attachments of one filing.
pub const ATTACHMENTS_MAX: usize = 100;
/// Bytes of one file: a bound volume scanned in colour.
pub const FILE_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Bytes of all attachments of one filing.
pub const FILING_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// 邀请的答复 — where a member's intention stands (Art. 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Intention {
    /// 待确认.
    Pending,
    /// 已确认合作意向.
    Accepted {
        /// The day of the answer.
        on: Date,
    },
    /// 不参加.
    Declined {
        /// The day of the answer.
        on: Date,
        /// Why.
        reason: String,
    },
}

/// 一方 — the lead or a member, as invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The unit.
    pub unit: UnitId,
    /// Its name when it joined.
    pub name: String,
    /// Its code when it joined.
    pub code: String,
    /// Its kind when it joined.
    pub kind: UnitKind,
    /// Whether it wants to.
    pub intention: Intention,
}

/// 科技创新平台的级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformLevel {
    /// 国家级.
    National,
    /// 自治区级.
    Region,
    /// 外省省级: counts only when a person confirms it (domain A28).
    OtherProvince,
    /// 盟市级及其他.
    Other,
}

impl PlatformLevel {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::National, Self::Region, Self::OtherProvince, Self::Other];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::National => "国家级",
            Self::Region => "自治区级",
            Self::OtherProvince => "外省省级",
            Self::Other => "盟市级及其他",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Region => "region",
            Self::OtherProvince => "other_province",
            Self::Other => "other",
        }
    }
}

/// T4 科技创新平台 (Art. 5(1)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// 平台名称.
    pub name: String,
    /// 级别.
    pub level: PlatformLevel,
    /// 建设单位.
    pub owner: UnitId,
    /// 批准部门.
    pub approved_by: String,
    /// 批准文号.
    pub document_no: String,
    /// 批准日期.
    pub approved_on: Date,
    /// 有效期至; `None` where the approval names none.
    #[serde(default)]
    pub valid_to: Option<Date>,
}

/// T1 基本信息.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basics {
    /// 技术领域, id of the reference list.
    pub field: String,
    /// 所属行业, section letter of GB/T 4754.
    pub industry: String,
    /// 所属产业集群或产业链.
    pub chain: String,
    /// 组建背景与必要性.
    pub background: String,
    /// 不涉密承诺.
    #[serde(default)]
    pub not_secret: bool,
}

/// T2 牵头单位 (Art. 5(2)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadProfile {
    /// 职工总数.
    pub staff: u32,
    /// 研发人员数.
    pub rd_staff: u32,
    /// 近三年营业收入合计, in fen.
    pub revenue_fen: i64,
    /// 近三年研发费用合计, in fen.
    pub rd_spend_fen: i64,
    /// 科研团队.
    pub team: String,
    /// 科技管理制度.
    pub management_rules: String,
    /// 与科研院所、高等学校及科学家团队的合作基础.
    pub cooperation: String,
    /// 联系人.
    pub contact: Option<Personal>,
    /// 联系电话.
    pub contact_phone: Option<Personal>,
}

/// T3 成员单位, one block a member (Art. 5(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberBlock {
    /// The member.
    pub unit: UnitId,
    /// 创新能力、研发团队与科研条件（按单位类型写）.
    pub capability: String,
    /// 与牵头单位的合作基础.
    pub cooperation: String,
    /// 承担任务概述.
    pub role: String,
}

/// T6 考核指标.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// 指标名称, with its unit of measure.
    pub name: String,
    /// 现状值.
    pub baseline: String,
    /// 目标值.
    pub target: String,
    /// 完成年度.
    pub year: i16,
}

/// T7 关键技术.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTechnology {
    /// 关键技术.
    pub name: String,
    /// 难题与现状.
    pub bottleneck: String,
    /// 攻关思路: a trade secret, never public.
    pub approach: String,
}

/// 任务类型 (Art. 3: both research and conversion).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// 研究开发.
    Research,
    /// 科技成果转化.
    Conversion,
    /// 平台建设.
    Platform,
    /// 人才培养.
    Talent,
    /// 标准制定.
    Standard,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Research, Self::Conversion, Self::Platform, Self::Talent, Self::Standard];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Research => "研究开发",
            Self::Conversion => "科技成果转化",
            Self::Platform => "平台建设",
            Self::Talent => "人才培养",
            Self::Standard => "标准制定",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Conversion => "conversion",
            Self::Platform => "platform",
            Self::Talent => "talent",
            Self::Standard => "standard",
        }
    }
}

/// T8 任务分工.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkPackage {
    /// 任务内容.
    pub content: String,
    /// 类型.
    pub kind: WorkKind,
    /// 负责单位.
    pub unit: UnitId,
    /// 开始.
    pub from: Date,
    /// 结束.
    pub to: Date,
    /// 成果形式.
    pub deliverable: String,
}

/// T9 投入: one unit's input of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// 投入单位.
    pub unit: UnitId,
    /// 年度.
    pub year: i16,
    /// 形式: 货币、设备、人力折价、场地、其他.
    pub form: String,
    /// 金额, in fen; a trade secret, never public.
    pub amount_fen: i64,
}

/// One section of the form, written as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "section", rename_all = "snake_case", deny_unknown_fields)]
pub enum Section {
    /// T1 基本信息.
    Basics(Basics),
    /// T2 牵头单位.
    Lead(LeadProfile),
    /// T3 成员单位: one member's own block.
    Member(MemberBlock),
    /// T4 科技创新平台.
    Platforms {
        /// The rows.
        platforms: Vec<Platform>,
    },
    /// T6 技术创新目标.
    Goals {
        /// 总体目标.
        goals: String,
        /// 考核指标.
        indicators: Vec<Indicator>,
    },
    /// T7 关键技术.
    Technologies {
        /// The rows.
        technologies: Vec<KeyTechnology>,
    },
    /// T8 任务分工.
    Work {
        /// The rows.
        work: Vec<WorkPackage>,
    },
    /// T9 投入.
    Inputs {
        /// The rows.
        inputs: Vec<Input>,
    },
    /// T14 需要说明的事项, 如不足三家的特殊情况说明 (Art. 5(1)).
    Special {
        /// The explanation.
        special: String,
    },
    /// T15 承诺.
    Promise {
        /// 所报材料真实、准确.
        truthful: bool,
    },
}

/// The name of a section: what a correction is asked for and what a page edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// T1 基本信息.
    Basics,
    /// T2 牵头单位.
    Lead,
    /// T3 成员单位.
    Member,
    /// T4 科技创新平台.
    Platforms,
    /// T6 技术创新目标.
    Goals,
    /// T7 关键技术.
    Technologies,
    /// T8 任务分工.
    Work,
    /// T9 投入.
    Inputs,
    /// T14 需要说明的事项.
    Special,
    /// T15 承诺.
    Promise,
    /// 组建协议.
    Agreement,
    /// 附件.
    Attachments,
    /// 名称与成员.
    Parties,
}

impl Part {
    /// Every part, in the order of the form.
    pub const ALL: [Self; 13] = [
        Self::Parties,
        Self::Basics,
        Self::Lead,
        Self::Member,
        Self::Platforms,
        Self::Goals,
        Self::Technologies,
        Self::Work,
        Self::Inputs,
        Self::Special,
        Self::Promise,
        Self::Agreement,
        Self::Attachments,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Basics => "基本信息",
            Self::Lead => "牵头单位情况",
            Self::Member => "成员单位情况",
            Self::Platforms => "科技创新平台",
            Self::Goals => "技术创新目标",
            Self::Technologies => "关键技术",
            Self::Work => "任务分工",
            Self::Inputs => "投入",
            Self::Special => "需要说明的事项",
            Self::Promise => "承诺",
            Self::Agreement => "组建协议",
            Self::Attachments => "附件",
            Self::Parties => "名称与成员单位",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Lead => "lead",
            Self::Member => "member",
            Self::Platforms => "platforms",
            Self::Goals => "goals",
            Self::Technologies => "technologies",
            Self::Work => "work",
            Self::Inputs => "inputs",
            Self::Special => "special",
            Self::Promise => "promise",
            Self::Agreement => "agreement",
            Self::Attachments => "attachments",
            Self::Parties => "parties",
        }
    }

    /// The part with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

impl Section {
    /// Which part it is.
    pub const fn part(&self) -> Part {
        match self {
            Self::Basics(_) => Part::Basics,
            Self::Lead(_) => Part::Lead,
            Self::Member(_) => Part::Member,
            Self::Platforms { .. } => Part::Platforms,
            Self::Goals { .. } => Part::Goals,
            Self::Technologies { .. } => Part::Technologies,
            Self::Work { .. } => Part::Work,
            Self::Inputs { .. } => Part::Inputs,
            Self::Special { .. } => Part::Special,
            Self::Promise { .. } => Part::Promise,
        }
    }
}

/// 附件 — a file by its digest, with the item of the checklist it serves (Art. 7(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// 材料名称 of the checklist.
    pub item: String,
    /// Whose it is, where each unit owes its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

/// 备案材料 — everything in the filing, in its present version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Materials {
    /// 名称 (Art. 6(1)).
    pub name: String,
    /// The lead first, then the members in the order of invitation.
    pub parties: Vec<Party>,
    /// T1.
    pub basics: Option<Basics>,
    /// T2.
    pub lead: Option<LeadProfile>,
    /// T3.
    pub members: Vec<MemberBlock>,
    /// T4.
    pub platforms: Vec<Platform>,
    /// T6.
    pub goals: String,
    /// T6.
    pub indicators: Vec<Indicator>,
    /// T7.
    pub technologies: Vec<KeyTechnology>,
    /// T8.
    pub work: Vec<WorkPackage>,
    /// T9.
    pub inputs: Vec<Input>,
    /// T14.
    pub special: String,
    /// T15.
    pub truthful: bool,
    /// 附件.
    pub attachments: Vec<Attachment>,
    /// 组建协议.
    pub agreement: Agreement,
}

impl Materials {
    /// An empty filing of a lead.
    pub fn new(name: String, lead: Party) -> Self {
        Self {
            name,
            parties: vec![lead],
            basics: None,
            lead: None,
            members: Vec::new(),
            platforms: Vec::new(),
            goals: String::new(),
            indicators: Vec::new(),
            technologies: Vec::new(),
            work: Vec::new(),
            inputs: Vec::new(),
            special: String::new(),
            truthful: false,
            attachments: Vec::new(),
            agreement: Agreement::default(),
        }
    }

    /// 牵头单位.
    pub fn lead_unit(&self) -> Option<&Party> {
        self.parties.first()
    }

    /// The parties that count: the lead, and the members that have not declined.
    pub fn standing(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| !matches!(party.intention, Intention::Declined { .. }))
    }

    /// One party.
    pub fn party(&self, unit: &UnitId) -> Option<&Party> {
        self.parties.iter().find(|party| party.unit == *unit)
    }

    /// Bytes of all attachments together.
    pub fn attached_bytes(&self) -> u64 {
        self.attachments.iter().map(|file| file.size_bytes).fold(0, u64::saturating_add)
    }

    /// One member's block.
    pub fn member(&self, unit: &UnitId) -> Option<&MemberBlock> {
        self.members.iter().find(|block| block.unit == *unit)
    }

    /// Takes a section as written.
    pub(crate) fn write(&mut self, section: &Section) {
        match section.clone() {
            Section::Basics(basics) => self.basics = Some(basics),
            Section::Lead(lead) => self.lead = Some(lead),
            Section::Member(block) => {
                self.members.retain(|kept| kept.unit != block.unit);
                self.members.push(block);
            }
            Section::Platforms { platforms } => self.platforms = platforms,
            Section::Goals { goals, indicators } => {
                self.goals = goals;
                self.indicators = indicators;
            }
            Section::Technologies { technologies } => self.technologies = technologies,
            Section::Work { work } => self.work = work,
            Section::Inputs { inputs } => self.inputs = inputs,
            Section::Special { special } => self.special = special,
            Section::Promise { truthful } => self.truthful = truthful,
        }
    }

    /// Whether the section stands exactly like this already.
    pub(crate) fn holds(&self, section: &Section) -> bool {
        let mut copy = self.clone();
        copy.write(section);
        copy == *self
    }
}
