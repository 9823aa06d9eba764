//! T2 牵头单位, T3 成员单位 — what each unit says of itself and of its capability (Art. 5(2), 5(3)).
//!
//! Name, code, kind, legal form, domicile and legal representative stand in the unit's own record
//! and are not typed again.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{StaffFigures, YearFigures, is_default};
use crate::ids::{Personal, UnitId};

/// 资质 — what a unit has been recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// 高新技术企业.
    HighTech,
    /// 科技型中小企业.
    TechSme,
    /// 专精特新.
    Specialised,
    /// 其他.
    Other,
}

impl CertificateKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::HighTech, Self::TechSme, Self::Specialised, Self::Other];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::HighTech => "高新技术企业",
            Self::TechSme => "科技型中小企业",
            Self::Specialised => "专精特新",
            Self::Other => "其他",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HighTech => "high_tech",
            Self::TechSme => "tech_sme",
            Self::Specialised => "specialised",
            Self::Other => "other",
        }
    }
}

/// One recognition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// 资质.
    pub kind: CertificateKind,
    /// 级别或名称.
    #[serde(default)]
    pub level: String,
    /// 编号.
    #[serde(default)]
    pub no: String,
    /// 有效期至.
    #[serde(default)]
    pub until: Option<Date>,
}

/// 信用核查 — what a unit found when it looked its own credit up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditCheck {
    /// 查询渠道.
    pub source: String,
    /// 查询日期.
    pub checked_on: Date,
    /// 查询结果.
    pub result: String,
}

/// T2/T3 单位基本数据, one block a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitBlock {
    /// The unit.
    pub unit: UnitId,
    /// 成立日期.
    #[serde(default)]
    pub founded_on: Option<Date>,
    /// 登记类型, as the licence has it.
    #[serde(default)]
    pub registration: String,
    /// 注册资本, in fen.
    #[serde(default)]
    pub capital_fen: i64,
    /// 实缴资本, in fen.
    #[serde(default)]
    pub paid_fen: i64,
    /// 职工总数.
    #[serde(default)]
    pub staff: u32,
    /// 研发人员数.
    #[serde(default)]
    pub rd_staff: u32,
    /// 研发人员折合全时当量.
    #[serde(default)]
    pub rd_fte: u32,
    /// 博士人数.
    #[serde(default)]
    pub doctors: u32,
    /// 高级职称人数.
    #[serde(default)]
    pub senior: u32,
    /// 近三年营业收入和研发费用: a trade secret, never public.
    #[serde(default)]
    pub years: Vec<YearFigures>,
    /// 资质.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// 信用核查.
    #[serde(default)]
    pub credit_checks: Vec<CreditCheck>,
    /// 联系人.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contact: Option<Personal>,
    /// 联系人职务.
    #[serde(default)]
    pub contact_title: String,
    /// 联系电话.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contact_phone: Option<Personal>,
    /// 电子邮箱.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contact_email: Option<Personal>,
}

impl UnitBlock {
    /// The figures of its people.
    pub const fn people(&self) -> StaffFigures {
        StaffFigures {
            staff: self.staff,
            rd_staff: self.rd_staff,
            rd_fte: self.rd_fte,
            doctors: self.doctors,
            senior: self.senior,
        }
    }
}

/// 合作基础的类型 (Art. 5(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooperationKind {
    /// 技术研发.
    Research,
    /// 成果转化.
    Conversion,
    /// 标准制定.
    Standard,
    /// 人才培养.
    Talent,
    /// 其他.
    Other,
}

impl CooperationKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Research, Self::Conversion, Self::Standard, Self::Talent, Self::Other];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Research => "技术研发",
            Self::Conversion => "成果转化",
            Self::Standard => "标准制定",
            Self::Talent => "人才培养",
            Self::Other => "其他",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Conversion => "conversion",
            Self::Standard => "standard",
            Self::Talent => "talent",
            Self::Other => "other",
        }
    }
}

/// 合作事项 — one thing done together, with what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooperation {
    /// 类型.
    pub kind: CooperationKind,
    /// 合作方, of the lead's own list.
    #[serde(default)]
    pub with: String,
    /// 合作事项.
    pub title: String,
    /// 开始.
    #[serde(default)]
    pub from: Option<Date>,
    /// 结束; `None` for what goes on.
    #[serde(default)]
    pub to: Option<Date>,
    /// 证明材料.
    #[serde(default)]
    pub proof: String,
}

/// 一项制度.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagementRule {
    /// 制度名称.
    pub title: String,
    /// 施行日期.
    #[serde(default)]
    pub since: Option<Date>,
}

/// T2 牵头单位 (Art. 5(2)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadProfile {
    /// 职工总数, as earlier forms asked here; now in [`UnitBlock`].
    #[serde(default, skip_serializing_if = "is_default")]
    pub staff: u32,
    /// 研发人员数, as earlier forms asked here; now in [`UnitBlock`].
    #[serde(default, skip_serializing_if = "is_default")]
    pub rd_staff: u32,
    /// 近三年营业收入合计, as earlier forms asked here, in fen; now by year in [`UnitBlock`].
    #[serde(default, skip_serializing_if = "is_default")]
    pub revenue_fen: i64,
    /// 近三年研发费用合计, as earlier forms asked here, in fen; now by year in [`UnitBlock`].
    #[serde(default, skip_serializing_if = "is_default")]
    pub rd_spend_fen: i64,
    /// 科研团队.
    pub team: String,
    /// 科技管理制度.
    pub management_rules: String,
    /// 科技管理制度目录.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ManagementRule>,
    /// 与科研院所、高等学校及科学家团队的合作基础.
    pub cooperation: String,
    /// 合作事项.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cooperations: Vec<Cooperation>,
    /// 主要产品.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub products: String,
    /// 在产业链中的位置.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chain_position: String,
    /// 集聚上下游企业的能力.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub matching: String,
    /// 联系人.
    #[serde(default)]
    pub contact: Option<Personal>,
    /// 联系电话.
    #[serde(default)]
    pub contact_phone: Option<Personal>,
}

/// 技术转移服务 (Art. 5(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// 技术研发.
    Research,
    /// 成果转移转化.
    Transfer,
    /// 科技咨询.
    Advice,
    /// 科技金融.
    Finance,
    /// 科技服务.
    Services,
}

impl Service {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Research, Self::Transfer, Self::Advice, Self::Finance, Self::Services];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Research => "技术研发",
            Self::Transfer => "成果转移转化",
            Self::Advice => "科技咨询",
            Self::Finance => "科技金融",
            Self::Services => "科技服务",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Transfer => "transfer",
            Self::Advice => "advice",
            Self::Finance => "finance",
            Self::Services => "services",
        }
    }
}

/// T3 成员单位, one block a member (Art. 5(3)). What is asked beside the first fields depends on the
/// kind of unit; what its kind is not asked stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberBlock {
    /// The member.
    pub unit: UnitId,
    /// 创新能力、研发团队与科研条件（按单位类型写）.
    pub capability: String,
    /// 与牵头单位的合作基础.
    pub cooperation: String,
    /// 合作事项.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cooperations: Vec<Cooperation>,
    /// 承担任务概述.
    pub role: String,
    /// 优势学科, of a university or institute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub disciplines: String,
    /// 研发团队人数, of a university or institute.
    #[serde(default, skip_serializing_if = "is_default")]
    pub team_size: u32,
    /// 实验室, of a university or institute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub laboratories: String,
    /// 代表性成果, of a university or institute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub results: String,
    /// 主要产品, of an enterprise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub products: String,
    /// 在产业链中的位置, of an enterprise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chain_position: String,
    /// 技术配套能力, of an enterprise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub matching: String,
    /// 技术转移示范机构备案或认定, of a 技术转移机构.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agency_record: String,
    /// 持证技术经理人数, of a 技术转移机构.
    #[serde(default, skip_serializing_if = "is_default")]
    pub brokers: u32,
    /// 近三年登记的技术合同额, of a 技术转移机构, in fen: a trade secret, never public.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contracts_fen: i64,
    /// 服务类型, of a 技术转移机构.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

impl MemberBlock {
    /// Whether it says what Art. 5(3) asks of a member: what it can do, and its work with the lead.
    pub fn is_whole(&self) -> bool {
        !self.capability.trim().is_empty() && !self.cooperation.trim().is_empty()
    }
}
