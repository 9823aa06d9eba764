//! 单位资料 — what a unit says of itself when it registers, and what of it is checked.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    credit_code::CreditCode,
    ids::Personal,
    reference,
    refusal::Refusal,
    text::{Limit, required},
};

/// The longest full name of a unit, in characters.
pub const NAME_MAX: usize = 60;
/// The longest address, in characters.
pub const ADDRESS_MAX: usize = 120;

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
    /// 任职起, as registered; where it is not given, the day it became known here counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative_from: Option<Date>,
    /// 联系电话.
    pub phone: Personal,
    /// A person compared the code with the licence although a check digit fails.
    #[serde(default)]
    pub code_confirmed: bool,
}

/// The profile as it is kept, with what to compare with the licence.
pub(super) fn checked(profile: &Profile) -> Result<(Profile, Vec<String>), Refusal> {
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
