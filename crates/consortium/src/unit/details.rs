//! 单位资料各节 — what a unit keeps of itself beside its registration, once for all its dossiers.
//!
//! Each section is written as a whole and dated by its event; what was there before stands in the
//! unit's journal. Whether it suffices for Art. 5 is never decided here.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::UnitKind;
pub use crate::materials::Service as ServiceKind;
use crate::{
    ids::{Digest, Personal},
    refusal::Refusal,
    text::{self, LINE_MAX, Limit, SECTION_MAX, within},
};

/// Years of figures a unit keeps.
pub const YEARS_MAX: usize = 10;
/// Rules a unit names.
pub const RULES_MAX: usize = 50;
/// The first year a figure may be of.
pub const YEAR_FIRST: i16 = 2000;

/// 年度研发数据 — the figures of one year (T2: 近三年).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFigures {
    /// 年度.
    pub year: i16,
    /// 营业收入, in fen.
    pub revenue_fen: i64,
    /// 研发费用, in fen.
    pub rd_spend_fen: i64,
    /// 职工总数.
    pub staff: u32,
    /// 研发人员数.
    pub rd_staff: u32,
    /// 研发人员折合全时当量, in person-years.
    pub rd_fte: u32,
    /// 博士人数.
    pub doctors: u32,
    /// 高级职称人数.
    pub senior_titles: u32,
}

/// 高新技术企业证书.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighTech {
    /// 证书编号.
    pub no: String,
    /// 有效期至.
    pub until: Date,
}

/// 科技型中小企业入库登记.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TechSme {
    /// 入库登记编号.
    pub no: String,
    /// 入库年度.
    pub year: i16,
}

/// 优质中小企业梯度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Specialised {
    /// 创新型中小企业.
    Innovative,
    /// 专精特新中小企业.
    Specialised,
    /// 专精特新“小巨人”企业.
    LittleGiant,
}

impl Specialised {
    /// Every level, the lowest first.
    pub const ALL: [Self; 3] = [Self::Innovative, Self::Specialised, Self::LittleGiant];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Innovative => "创新型中小企业",
            Self::Specialised => "专精特新中小企业",
            Self::LittleGiant => "专精特新“小巨人”企业",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Innovative => "innovative",
            Self::Specialised => "specialised",
            Self::LittleGiant => "little_giant",
        }
    }
}

/// 资质证书.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// 高新技术企业.
    #[serde(default)]
    pub high_tech: Option<HighTech>,
    /// 科技型中小企业.
    #[serde(default)]
    pub tech_sme: Option<TechSme>,
    /// 专精特新等级.
    #[serde(default)]
    pub specialised: Option<Specialised>,
}

/// 科技管理制度 — one of the rules by which a unit manages its research (R5.2d).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagementRule {
    /// 制度名称.
    pub name: String,
    /// 施行日期.
    pub in_force_from: Date,
    /// 文本.
    #[serde(default)]
    pub file: Option<Digest>,
}

/// 团队与合作 — what a unit says of its team and of those it works with (R5.2d, R5.2e, R5.3a).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strengths {
    /// 科研团队.
    pub team: String,
    /// 创新能力与科研条件.
    pub capability: String,
    /// 与科研院所、高等学校及科学家团队的合作基础.
    pub cooperation: String,
}

/// 联系人.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// 联系人.
    pub contact: Personal,
    /// 联系电话.
    pub contact_phone: Personal,
}

/// 科研条件 of an institute or a university (R5.3c).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Research {
    /// 主要学科.
    pub discipline: String,
    /// 团队人数.
    pub team_size: u32,
    /// 实验室.
    pub laboratories: String,
    /// 单价 50 万元以上仪器设备（台套）.
    pub instruments: u32,
    /// 代表性成果.
    pub results: String,
}

/// 产业配套 of an enterprise (R5.3d).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// 主要产品.
    pub products: String,
    /// 产业链位置.
    pub position: String,
    /// 配套能力.
    pub matching: String,
}

/// 技术转移示范机构的备案级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferRecord {
    /// 国家技术转移示范机构.
    National,
    /// 自治区技术转移示范机构.
    Region,
}

impl TransferRecord {
    /// Both.
    pub const ALL: [Self; 2] = [Self::National, Self::Region];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::National => "国家技术转移示范机构",
            Self::Region => "自治区技术转移示范机构",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Region => "region",
        }
    }
}

/// 服务能力 of a 技术转移机构 (R5.3e).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// 示范机构备案.
    #[serde(default)]
    pub record: Option<TransferRecord>,
    /// 持证技术经理人（人）.
    pub brokers: u32,
    /// 近三年技术合同登记额, in fen.
    pub contracts_fen: i64,
    /// 服务类型.
    pub services: Vec<ServiceKind>,
}

/// One section of what a unit keeps, written as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "detail", rename_all = "snake_case", deny_unknown_fields)]
pub enum Detail {
    /// 年度研发数据.
    Figures {
        /// The years.
        years: Vec<YearFigures>,
    },
    /// 资质证书.
    Certificates(Certificates),
    /// 科技管理制度.
    Rules {
        /// The rules.
        rules: Vec<ManagementRule>,
    },
    /// 团队与合作.
    Strengths(Strengths),
    /// 联系人.
    Contact(Contact),
    /// 科研条件.
    Research(Research),
    /// 产业配套.
    Business(Business),
    /// 服务能力.
    Transfer(Transfer),
}

/// The name of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DetailKind {
    /// 年度研发数据.
    Figures,
    /// 资质证书.
    Certificates,
    /// 科技管理制度.
    Rules,
    /// 团队与合作.
    Strengths,
    /// 联系人.
    Contact,
    /// 科研条件.
    Research,
    /// 产业配套.
    Business,
    /// 服务能力.
    Transfer,
}

impl DetailKind {
    /// Every section, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Figures,
        Self::Certificates,
        Self::Rules,
        Self::Strengths,
        Self::Research,
        Self::Business,
        Self::Transfer,
        Self::Contact,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Figures => "年度研发数据",
            Self::Certificates => "资质证书",
            Self::Rules => "科技管理制度",
            Self::Strengths => "团队与合作",
            Self::Contact => "联系人",
            Self::Research => "科研条件",
            Self::Business => "产业配套",
            Self::Transfer => "服务能力",
        }
    }

    /// The value used in commands, pages and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Figures => "figures",
            Self::Certificates => "certificates",
            Self::Rules => "rules",
            Self::Strengths => "strengths",
            Self::Contact => "contact",
            Self::Research => "research",
            Self::Business => "business",
            Self::Transfer => "transfer",
        }
    }

    /// The section of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a unit of this kind has the section. What is no named kind has all of them.
    pub const fn belongs_to(self, kind: UnitKind) -> bool {
        match self {
            Self::Figures | Self::Rules | Self::Strengths | Self::Contact => true,
            Self::Certificates | Self::Business => {
                matches!(kind, UnitKind::Enterprise | UnitKind::Other)
            }
            Self::Research => {
                matches!(kind, UnitKind::Institute | UnitKind::University | UnitKind::Other)
            }
            Self::Transfer => matches!(kind, UnitKind::TransferAgency | UnitKind::Other),
        }
    }
}

impl Detail {
    /// Which section it is.
    pub const fn kind(&self) -> DetailKind {
        match self {
            Self::Figures { .. } => DetailKind::Figures,
            Self::Certificates(_) => DetailKind::Certificates,
            Self::Rules { .. } => DetailKind::Rules,
            Self::Strengths(_) => DetailKind::Strengths,
            Self::Contact(_) => DetailKind::Contact,
            Self::Research(_) => DetailKind::Research,
            Self::Business(_) => DetailKind::Business,
            Self::Transfer(_) => DetailKind::Transfer,
        }
    }

    /// The files that it names.
    pub fn files(&self) -> Vec<&Digest> {
        match self {
            Self::Rules { rules } => rules.iter().filter_map(|rule| rule.file.as_ref()).collect(),
            Self::Figures { .. }
            | Self::Certificates(_)
            | Self::Strengths(_)
            | Self::Contact(_)
            | Self::Research(_)
            | Self::Business(_)
            | Self::Transfer(_) => vec![],
        }
    }

    /// As it is kept: years in order, services once.
    pub(super) fn tidy(&self) -> Self {
        let mut tidy = self.clone();
        match &mut tidy {
            Self::Figures { years } => years.sort_by_key(|figures| figures.year),
            Self::Transfer(transfer) => {
                let named = |kind: &ServiceKind| transfer.services.contains(kind);
                transfer.services = ServiceKind::ALL.into_iter().filter(named).collect();
            }
            Self::Certificates(_)
            | Self::Rules { .. }
            | Self::Strengths(_)
            | Self::Contact(_)
            | Self::Research(_)
            | Self::Business(_) => {}
        }
        tidy
    }
}

/// 单位资料各节 — everything a unit keeps of itself beside its registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// 年度研发数据, the earliest year first.
    pub years: Vec<YearFigures>,
    /// 资质证书.
    pub certificates: Certificates,
    /// 科技管理制度.
    pub rules: Vec<ManagementRule>,
    /// 团队与合作.
    pub strengths: Strengths,
    /// 联系人.
    pub contact: Option<Contact>,
    /// 科研条件.
    pub research: Option<Research>,
    /// 产业配套.
    pub business: Option<Business>,
    /// 服务能力.
    pub transfer: Option<Transfer>,
}

impl Details {
    /// One section as it stands; `None` where nothing was ever written.
    pub fn section(&self, kind: DetailKind) -> Option<Detail> {
        match kind {
            DetailKind::Figures => {
                (!self.years.is_empty()).then(|| Detail::Figures { years: self.years.clone() })
            }
            DetailKind::Certificates => (self.certificates != Certificates::default())
                .then(|| Detail::Certificates(self.certificates.clone())),
            DetailKind::Rules => {
                (!self.rules.is_empty()).then(|| Detail::Rules { rules: self.rules.clone() })
            }
            DetailKind::Strengths => (self.strengths != Strengths::default())
                .then(|| Detail::Strengths(self.strengths.clone())),
            DetailKind::Contact => self.contact.clone().map(Detail::Contact),
            DetailKind::Research => self.research.clone().map(Detail::Research),
            DetailKind::Business => self.business.clone().map(Detail::Business),
            DetailKind::Transfer => self.transfer.clone().map(Detail::Transfer),
        }
    }

    /// The last three years for which there are figures, the earliest first.
    pub fn last_three(&self) -> &[YearFigures] {
        &self.years[self.years.len().saturating_sub(3)..]
    }

    /// Whether the section stands exactly like this already.
    pub(super) fn holds(&self, detail: &Detail) -> bool {
        let mut after = self.clone();
        after.write(detail);
        after == *self
    }

    pub(super) fn write(&mut self, detail: &Detail) {
        match detail.clone() {
            Detail::Figures { years } => self.years = years,
            Detail::Certificates(certificates) => self.certificates = certificates,
            Detail::Rules { rules } => self.rules = rules,
            Detail::Strengths(strengths) => self.strengths = strengths,
            Detail::Contact(contact) => self.contact = Some(contact),
            Detail::Research(research) => self.research = Some(research),
            Detail::Business(business) => self.business = Some(business),
            Detail::Transfer(transfer) => self.transfer = Some(transfer),
        }
    }
}

/// Refuses what cannot be so.
pub(super) fn checked(detail: &Detail, kind: UnitKind, today: Date) -> Result<(), Refusal> {
    let section = detail.kind();
    if !section.belongs_to(kind) {
        let reason = format!("{}不填“{}”", kind.term(), section.term());
        return Err(Refusal::field("detail", &reason, "照本单位类型的各节填写"));
    }
    match detail {
        Detail::Figures { years } => figures(years, today),
        Detail::Certificates(certificates) => certified(certificates, today),
        Detail::Rules { rules } => ruled(rules),
        Detail::Strengths(said) => long(&[
            ("team", "科研团队", &said.team),
            ("capability", "创新能力与科研条件", &said.capability),
            ("cooperation", "合作基础", &said.cooperation),
        ]),
        Detail::Contact(who) => {
            text::required("contact", "联系人", &who.contact.value, Limit::Characters(40))?;
            text::required(
                "contact_phone",
                "联系电话",
                &who.contact_phone.value,
                Limit::Characters(40),
            )
        }
        Detail::Research(said) => long(&[
            ("discipline", "主要学科", &said.discipline),
            ("laboratories", "实验室", &said.laboratories),
            ("results", "代表性成果", &said.results),
        ]),
        Detail::Business(said) => long(&[
            ("products", "主要产品", &said.products),
            ("position", "产业链位置", &said.position),
            ("matching", "配套能力", &said.matching),
        ]),
        Detail::Transfer(said) => amount("contracts_fen", "技术合同登记额", said.contracts_fen),
    }
}

fn long(texts: &[(&str, &str, &String)]) -> Result<(), Refusal> {
    texts.iter().try_for_each(|(field, label, text)| {
        within(field, label, text, Limit::Characters(SECTION_MAX))
    })
}

fn amount(field: &str, label: &str, fen: i64) -> Result<(), Refusal> {
    if fen >= 0 {
        return Ok(());
    }
    Err(Refusal::field(field, &format!("{label}不能小于零"), "核对后再保存"))
}

fn figures(years: &[YearFigures], today: Date) -> Result<(), Refusal> {
    if years.len() > YEARS_MAX {
        let reason = format!("最多保留 {YEARS_MAX} 个年度，现为 {} 个", years.len());
        return Err(Refusal::field("years", &reason, "删去最早的年度"));
    }
    for (at, figures) in years.iter().enumerate() {
        let year = figures.year;
        if !(YEAR_FIRST..=today.year()).contains(&year) {
            let reason = format!("年度 {year} 不在 {YEAR_FIRST} 至 {} 之间", today.year());
            return Err(Refusal::field("years", &reason, "核对年度"));
        }
        if years[..at].iter().any(|earlier| earlier.year == year) {
            return Err(Refusal::field("years", &format!("{year} 年写了两行"), "合并成一行"));
        }
        amount("years", &format!("{year} 年营业收入"), figures.revenue_fen)?;
        amount("years", &format!("{year} 年研发费用"), figures.rd_spend_fen)?;
        let parts = [
            ("研发人员数", figures.rd_staff),
            ("博士人数", figures.doctors),
            ("高级职称人数", figures.senior_titles),
        ];
        if let Some((label, count)) = parts.into_iter().find(|(_, count)| *count > figures.staff) {
            let reason = format!("{year} 年{label} {count} 多于职工总数 {}", figures.staff);
            return Err(Refusal::field("years", &reason, "核对两个数"));
        }
        if figures.rd_fte > figures.rd_staff {
            let reason = format!(
                "{year} 年折合全时 {} 人年，多于研发人员 {} 人",
                figures.rd_fte, figures.rd_staff
            );
            return Err(Refusal::field("years", &reason, "核对两个数"));
        }
    }
    Ok(())
}

fn certified(certificates: &Certificates, today: Date) -> Result<(), Refusal> {
    if let Some(high_tech) = &certificates.high_tech {
        text::line("high_tech_no", "高新技术企业证书编号", &high_tech.no)?;
    }
    if let Some(sme) = &certificates.tech_sme {
        text::line("tech_sme_no", "科技型中小企业入库登记编号", &sme.no)?;
        if !(YEAR_FIRST..=today.year()).contains(&sme.year) {
            let reason = format!("入库年度 {} 不在 {YEAR_FIRST} 至今年之间", sme.year);
            return Err(Refusal::field("tech_sme_year", &reason, "核对年度"));
        }
    }
    Ok(())
}

fn ruled(rules: &[ManagementRule]) -> Result<(), Refusal> {
    if rules.len() > RULES_MAX {
        let reason = format!("最多 {RULES_MAX} 项制度，现为 {} 项", rules.len());
        return Err(Refusal::field("rules", &reason, "只列主要制度"));
    }
    rules.iter().try_for_each(|rule| {
        text::required("rules", "制度名称", &rule.name, Limit::Characters(LINE_MAX))
    })
}
