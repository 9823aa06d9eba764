//! 申请前自查 — a few questions, answered by the rules themselves on a dossier that is not there.
//!
//! Nothing is stored and nobody is named: units are called by their place in the answers, and the
//! same `measures::examine` speaks that decides a submission.

use std::collections::BTreeMap;

use consortium::{
    Event, Finding,
    ids::{DossierId, Personal, UnitId},
    materials::{Intention, MEMBERS_MAX, Party, Platform, PlatformLevel, PlatformStatus, Section},
    measures::Verdict,
    name, reference,
    unit::{
        CreditRecord, Details, KeptRecord, LegalForm, Profile, Standing, Unit, UnitKind,
        people::People,
    },
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::office::{Office, OfficeError};
use crate::pages::shell::form::FieldSpec;

/// Requirements that the application itself has to meet; here they are what to prepare.
const PREPARED: &[&str] = &[
    "R3c", "R4b", "R5.2c", "R5.2d", "R5.2e", "R5.3b", "R5.3c", "R5.3d", "R5.3e", "R6.2b", "R6.2e",
    "R7.1", "R7.1a", "R7.3",
];
/// 失信记录: the answer, its words, and a list of that weight on which the record stands; nothing
/// where there is no record.
const CREDIT: [(&str, &str, Option<&str>); 3] = [
    ("no", "没有", None),
    ("yes", "有，属严重失信", Some("")),
    ("unsure", "列入了名单，是否属严重失信不清楚", Some("C89")),
];
/// A code and an area inside and outside of the region, for units that are not there.
const NO_CODE: &str = "000000000000000000";
const INSIDE: &str = "150102";
const OUTSIDE: &str = "110000";

/// 答案 — what somebody says of a consortium that is only thought of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// 联合体名称; may be left open.
    #[serde(default)]
    pub name: String,
    /// 牵头单位类型.
    pub lead_kind: String,
    /// 牵头单位法人类型.
    pub lead_form: String,
    /// Whether the lead is registered in the region.
    pub lead_region: String,
    /// Whether the lead has a record of serious dishonesty.
    pub lead_credit: String,
    /// The members.
    #[serde(default)]
    pub members: Vec<Member>,
    /// The level of the best platform at any party.
    pub platform: String,
    /// 平台类型; may be left open.
    #[serde(default)]
    pub platform_kind: String,
    /// 平台状态; may be left open.
    #[serde(default)]
    pub platform_status: String,
    /// Whether there is something special to explain.
    #[serde(default)]
    pub special: bool,
}

/// One member that is thought of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// 单位类型.
    pub kind: String,
    /// 法人类型.
    pub form: String,
    /// Whether it has a record of serious dishonesty.
    pub credit: String,
}

/// What the rules answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// The conditions, from the answers alone.
    pub conditions: Vec<Finding>,
    /// What has to be prepared, and who looks at it.
    pub prepared: Vec<Finding>,
    /// Whether a condition is not met.
    pub stands_in_the_way: bool,
}

/// The questions.
pub fn fields() -> Vec<FieldSpec> {
    let kinds = || UnitKind::ALL.map(|kind| (kind.name(), kind.term()));
    let forms = || LegalForm::ALL.map(|form| (form.name(), form.term()));
    let credit = || CREDIT.map(|(name, words, _)| (name, words));
    let of_platforms = reference::platform_types().iter().map(|kind| (kind.id, kind.name));
    let statuses = PlatformStatus::ALL.map(|status| (status.name(), status.term()));
    let levels = PlatformLevel::ALL.map(|level| (level.name(), level.term()));
    let none = std::iter::once(("none", "都没有"));
    let longest = name::PREFIX.chars().count() + name::CORE_MAX + name::SUFFIX.chars().count();
    vec![
        FieldSpec::text("name", "联合体名称", longest)
            .hint("还没有想好的留空；是否重名在立卷时核对")
            .clause("6.1"),
        FieldSpec::select("lead_kind", "牵头单位类型", kinds()).required().clause("5.2"),
        FieldSpec::select("lead_form", "牵头单位法人类型", forms()).required(),
        FieldSpec::radio(
            "lead_region",
            "牵头单位登记在哪里",
            [("yes", "内蒙古自治区内"), ("no", "自治区外")],
        )
        .required()
        .hint("以营业执照住所为准"),
        FieldSpec::radio("lead_credit", "牵头单位有没有在惩戒期内的严重失信记录", credit())
            .required()
            .clause("5.2"),
        FieldSpec::rows(
            "members",
            "成员单位",
            vec![
                FieldSpec::select("kind", "类型", kinds()).required(),
                FieldSpec::select("form", "法人类型", forms()).required(),
                FieldSpec::select("credit", "在惩戒期内的严重失信记录", credit()).required(),
            ],
            0,
            MEMBERS_MAX,
        )
        .hint("不含牵头单位；成员不受地域限制")
        .clause("5.1"),
        FieldSpec::select(
            "platform",
            "各单位建有的最高一级科技创新平台",
            levels.into_iter().chain(none),
        )
        .required()
        .clause("5.1"),
        FieldSpec::select("platform_kind", "这个平台的类型", of_platforms)
            .hint("不清楚的留空；不在列的选“其他”一类，由审查人员认定")
            .clause("5.1"),
        FieldSpec::select("platform_status", "这个平台的状态", statuses)
            .hint("不填按正式运行看")
            .clause("5.1"),
        FieldSpec::check("special", "不足 3 家时，有特殊情况可以说明").clause("5.1"),
    ]
}

/// Applies the rules; nothing is kept.
///
/// # Errors
/// What the store reports, and a fictional journal that does not fold.
pub async fn answer(office: &Office, answers: &Answers) -> Result<Outcome, OfficeError> {
    let today = office.clock().today();
    let units = units(answers, today);
    let parameters = office.affairs().await?.parameters_on(today);
    let mut parties = units.values().map(party);
    let Some(lead) = parties.next() else { return Ok(Outcome::default()) };
    let named = !answers.name.trim().is_empty();
    let mut events = vec![Event::Opened {
        dossier: DossierId::from("d-precheck"),
        name: if named { answers.name.clone() } else { example_name() },
        lead,
        parameters,
    }];
    for party in parties {
        let unit = party.unit.clone();
        events.extend([Event::Invited { party }, Event::InvitationAccepted { unit }]);
    }
    events.extend(platform(answers, today).map(|section| Event::SectionWritten { section }));
    if answers.special {
        let special = "有特殊情况".to_owned();
        events.push(Event::SectionWritten { section: Section::Special { special } });
    }
    let findings = office.examine_fiction(&events, units).await?;
    let findings = findings.into_iter().filter(|finding| named || finding.rule != "R6.1b");
    let (prepared, conditions): (Vec<_>, Vec<_>) =
        findings.partition(|finding| PREPARED.contains(&finding.rule.as_str()));
    let stands_in_the_way = conditions.iter().any(|finding| finding.verdict == Verdict::Unmet);
    Ok(Outcome { conditions, prepared, stands_in_the_way })
}

fn example_name() -> String {
    format!("{}示例产业{}", name::PREFIX, name::SUFFIX)
}

/// The lead first: identifiers are in the order of the answers.
fn units(answers: &Answers, today: Date) -> BTreeMap<UnitId, Unit> {
    let lead = (&answers.lead_kind, &answers.lead_form, &answers.lead_credit);
    let members = answers.members.iter().map(|m| (&m.kind, &m.form, &m.credit));
    let all = std::iter::once(lead).chain(members).enumerate();
    all.map(|(at, (kind, form, credit))| {
        let name = if at == 0 { "牵头单位".to_owned() } else { format!("成员单位{at}") };
        let inside = at > 0 || answers.lead_region == "yes";
        let listed = CREDIT.iter().find(|(answer, ..)| answer == credit).and_then(|kept| kept.2);
        let unit = unit(at, name, kind, form, inside, listed.map(|list| (list, today)));
        (unit.id.clone(), unit)
    })
    .collect()
}

fn unit(
    at: usize,
    name: String,
    kind: &str,
    form: &str,
    inside: bool,
    listed: Option<(&str, Date)>,
) -> Unit {
    let kind = UnitKind::ALL.into_iter().find(|known| known.name() == kind);
    let form = LegalForm::ALL.into_iter().find(|known| known.name() == form);
    let record = |(list, from): (&str, Date)| {
        KeptRecord::new(CreditRecord {
            source: "自查所填".to_owned(),
            list: list.to_owned(),
            basis: String::new(),
            from,
            until: None,
            proof: None,
        })
    };
    Unit {
        id: UnitId(format!("u-{at:03}")),
        profile: Profile {
            code: NO_CODE.to_owned(),
            name,
            kind: kind.unwrap_or(UnitKind::Other),
            legal_form: form.unwrap_or(LegalForm::NotLegalPerson),
            area: if inside { INSIDE } else { OUTSIDE }.to_owned(),
            address: String::new(),
            representative: Personal::new(String::new()),
            representative_from: None,
            phone: Personal::new(String::new()),
            code_confirmed: false,
        },
        authority: None,
        standing: Standing::Active,
        representatives: Vec::new(),
        details: Details::default(),
        platforms: Vec::new(),
        credit: listed.map(record).into_iter().collect(),
        people: People::default(),
    }
}

fn party(unit: &Unit) -> Party {
    Party {
        unit: unit.id.clone(),
        name: unit.profile.name.clone(),
        code: unit.profile.code.clone(),
        kind: unit.profile.kind,
        intention: Intention::Pending,
    }
}

fn platform(answers: &Answers, today: Date) -> Option<Section> {
    let level = PlatformLevel::ALL.into_iter().find(|level| level.name() == answers.platform)?;
    let row = Platform {
        name: format!("{}平台", level.term()),
        level,
        owner: UnitId::from("u-000"),
        approved_by: "自查所填".to_owned(),
        document_no: "文号在申请时填写".to_owned(),
        approved_on: today,
        valid_to: None,
        kind: answers.platform_kind.clone(),
        status: PlatformStatus::ALL.into_iter().find(|s| s.name() == answers.platform_status),
        assessed_in: None,
        grade: String::new(),
        entry: String::new(),
    };
    Some(Section::Platforms { platforms: vec![row] })
}
