//! 第五条 — who may form a consortium.
//!
//! "原则上不少于3家", "一定的", "较强的", "成熟的" are left to a person; the machine only says
//! whether the material is there.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Finding, Verdict};
use crate::{
    ids::UnitId,
    materials::{Cooperation, Materials, Party, Platform, PlatformLevel, PlatformStatus},
    parameter::{ParameterKey, Parameters},
    reference::{self, Counts, Severity},
    unit::{self, Checked, KeptRecord, LegalForm, Unit, UnitKind},
};

fn finding(rule: &str, clause: &str, verdict: Verdict, facts: &str, sentence: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        clause: clause.to_owned(),
        verdict,
        facts: facts.to_owned(),
        sentence: sentence.to_owned(),
    }
}

/// R5.1a, R5.1b: several units, in principle three or more; the lead counts as one.
pub fn units(materials: &Materials, parameters: &Parameters) -> Finding {
    let count = materials.standing().count();
    let least = usize::try_from(parameters.get(ParameterKey::UnitsMin)).unwrap_or(usize::MAX);
    let facts = format!("现有 {count} 家单位，原则上不少于 {least} 家");
    let explained = !materials.special.trim().is_empty();
    let (verdict, sentence) = match count {
        0 | 1 => (Verdict::Unmet, "联合体由多个单位组成，先邀请成员单位"),
        n if n >= least => (Verdict::Met, "家数符合"),
        _ if explained => (Verdict::AtDiscretion, "已写明特殊情况，由自治区科技厅审查人员认定"),
        _ => (Verdict::Unmet, "可以再邀请成员，也可以在“需要说明的事项”写明特殊情况，由人认定"),
    };
    let rule = if count < 2 { "R5.1a" } else { "R5.1b" };
    finding(rule, "5.1", verdict, &facts, sentence)
}

/// R5.1c: at least one platform of the autonomous region's level or above, at any party.
///
/// A row that names an entry of the platform register is read by what stands there today; one that
/// does not is read as it is written, and its proof is a person's to look at.
pub fn platform(
    materials: &Materials,
    units: &BTreeMap<UnitId, Unit>,
    parameters: &Parameters,
    today: Date,
) -> Finding {
    let owned = |row: &&Platform| materials.standing().any(|party| party.unit == row.owner);
    let looks: Vec<Look> = materials
        .platforms
        .iter()
        .filter(owned)
        .map(|row| registered(row, units, today).unwrap_or_else(|| written_down(row, today)))
        .collect();
    let best = |counts: Counts| looks.iter().find(|look| look.counts == counts);
    if let Some(look) = best(Counts::Yes) {
        return finding("R5.1c", "5.1", Verdict::Met, &look.facts, &look.sentence);
    }
    if let Some(look) = best(Counts::Ask) {
        return finding("R5.1c", "5.1", Verdict::AtDiscretion, &look.facts, &look.sentence);
    }
    let lower = match (looks.first(), materials.platforms.first()) {
        (Some(look), _) => look.facts.clone(),
        (None, Some(row)) => format!("“{}”的建设单位不在本联合体", row.name),
        (None, None) => "没有填写自治区级以上科技创新平台".to_owned(),
    };
    let hard = parameters.get(ParameterKey::PlatformHard) != 0;
    let verdict = if hard { Verdict::Unmet } else { Verdict::AtDiscretion };
    let sentence =
        "写明一个自治区级以上科技创新平台和建设单位，并上传证明；或邀请建有平台的单位加入";
    finding("R5.1c", "5.1", verdict, &lower, sentence)
}

/// What one row says for R5.1c.
struct Look {
    counts: Counts,
    facts: String,
    sentence: String,
}

/// A row as it is written, without an entry of the register. Older forms asked neither kind nor
/// status: what they name counts as it did.
fn written_down(row: &Platform, today: Date) -> Look {
    let in_force = row.approved_on <= today && row.valid_to.is_none_or(|to| to >= today);
    let status = row.status.unwrap_or(PlatformStatus::Running);
    let standing = reference::platform_standing(listed_level(row.level), status, today).counts;
    let listed = reference::platform_type(&row.kind).map_or(Counts::Yes, |kind| kind.counts);
    let name = &row.name;
    let (counts, facts, sentence) = match (standing, listed) {
        _ if !in_force => (Counts::No, String::new(), ""),
        (Counts::No, _) | (_, Counts::No) => (Counts::No, String::new(), ""),
        (Counts::Yes, Counts::Yes) => {
            let facts = format!("{name}（{}，{}）", row.level.term(), row.document_no);
            (Counts::Yes, facts, "平台符合，证明由审查人员核对")
        }
        _ if row.level == PlatformLevel::OtherProvince => {
            let facts = format!("{name}为外省省级平台");
            (Counts::Ask, facts, "外省省级平台是否计入，由审查人员认定")
        }
        (Counts::Ask, _) => {
            let facts = format!("{name}{}", status.term());
            (Counts::Ask, facts, "尚未正式运行的平台是否计入，由审查人员认定")
        }
        (Counts::Yes, Counts::Ask) => {
            let facts = format!("{name}的类型办法没有列明");
            (Counts::Ask, facts, "这一类型是否计入，由审查人员认定")
        }
    };
    let facts = if counts == Counts::No {
        format!("所填平台“{name}”不在有效的自治区级以上平台之列")
    } else {
        facts
    };
    Look { counts, facts, sentence: sentence.to_owned() }
}

/// The level of the form as the reference list has it.
fn listed_level(level: PlatformLevel) -> reference::PlatformLevel {
    match level {
        PlatformLevel::National => reference::PlatformLevel::National,
        PlatformLevel::Region => reference::PlatformLevel::Region,
        PlatformLevel::OtherProvince => reference::PlatformLevel::OtherProvince,
        PlatformLevel::Other => reference::PlatformLevel::Other,
    }
}

/// A row by the register; `None` where it names no entry.
fn registered(row: &Platform, units: &BTreeMap<UnitId, Unit>, today: Date) -> Option<Look> {
    if row.entry.is_empty() {
        return None;
    }
    let entry = units
        .get(&row.owner)
        .and_then(|unit| unit.platform(unit::number_in(&row.entry, &unit.id)?));
    let Some(kept) = entry else {
        return Some(Look {
            counts: Counts::Ask,
            facts: format!("平台登记中没有“{}”所指的一项", row.name),
            sentence: "由审查人员核对平台的批准文件".to_owned(),
        });
    };
    let entry = &kept.entry;
    let (counts, why) = entry.counts(today);
    let facts = format!(
        "{}（{}，{}，{}）：{}",
        entry.name,
        entry.level().zh(),
        entry.status.term(),
        entry.document_no,
        counts.term()
    );
    let look = match (&kept.checked, counts) {
        (_, Counts::No) => Look {
            counts,
            facts: format!("{}（{}）不计入：{why}", entry.name, entry.status.term()),
            sentence: String::new(),
        },
        (Checked::Returned(reason), _) => Look {
            counts: Counts::Ask,
            facts: format!("“{}”的平台登记已退回：{reason}", entry.name),
            sentence: "建设单位更正登记；是否计入由审查人员认定".to_owned(),
        },
        (_, Counts::Ask) => {
            Look { counts, facts, sentence: format!("{why}，由审查人员认定") }
        }
        (Checked::Confirmed, Counts::Yes) => Look {
            counts,
            facts,
            sentence: format!("平台符合，科技厅已于 {} 核对登记", kept.since),
        },
        (Checked::Waiting, Counts::Yes) => Look {
            counts,
            facts,
            sentence: "平台符合，登记还没有核对，证明由审查人员核对".to_owned(),
        },
    };
    Some(look)
}

/// R5.2a, R5.2b: a lead registered in the region that is an enterprise legal person.
pub fn lead_hard(unit: &Unit) -> Vec<Finding> {
    let name = &unit.profile.name;
    let region = if unit.in_region() {
        finding("R5.2a", "5.2", Verdict::Met, &format!("{name}登记在区内"), "以营业执照住所为准")
    } else {
        finding(
            "R5.2a",
            "5.2",
            Verdict::Unmet,
            &format!("{name}登记地不在内蒙古自治区，牵头单位须在自治区内注册"),
            "可以由区内企业牵头，本单位作为成员参加，成员不受地域限制",
        )
    };
    let form = unit.profile.legal_form;
    let enterprise =
        unit.profile.kind == UnitKind::Enterprise && form == LegalForm::EnterpriseLegalPerson;
    let person = if enterprise {
        finding("R5.2b", "5.2", Verdict::Met, &format!("{name}为企业法人"), "符合")
    } else {
        finding(
            "R5.2b",
            "5.2",
            Verdict::Unmet,
            &format!(
                "{name}是{}（{}），牵头单位须为独立法人企业",
                unit.profile.kind.term(),
                form.term()
            ),
            "由成员中的独立法人企业牵头",
        )
    };
    vec![region, person]
}

/// R5.2d, R5.2e: team, rules and cooperation are written down; whether they suffice is a person's.
pub fn lead_materials(materials: &Materials) -> Vec<Finding> {
    let lead = materials.lead.clone().unwrap_or_default();
    let cooperation = told(&lead.cooperation, &lead.cooperations);
    let rules = match lead.rules.first() {
        Some(rule) if lead.management_rules.trim().is_empty() => rule.title.clone(),
        _ => lead.management_rules.clone(),
    };
    let gathers = format!("{}{cooperation}{}", lead.team, lead.matching);
    let present = [
        ("R5.2c", "集聚产业链资源的能力", gathers),
        ("R5.2d", "科研团队与科技管理制度", both(&lead.team, &rules)),
        ("R5.2e", "与科研院所、高等学校及科学家团队的合作基础", cooperation),
    ];
    present.into_iter().map(|(rule, what, text)| written(rule, "5.2", what, &text)).collect()
}

/// What is told of a cooperation, in words or item by item.
fn told(words: &str, items: &[Cooperation]) -> String {
    match items.first() {
        Some(item) if words.trim().is_empty() => item.title.clone(),
        _ => words.to_owned(),
    }
}

fn both(one: &str, other: &str) -> String {
    if one.trim().is_empty() || other.trim().is_empty() { String::new() } else { one.to_owned() }
}

fn written(rule: &str, clause: &str, what: &str, text: &str) -> Finding {
    if text.trim().is_empty() {
        let facts = format!("还没有写明{what}");
        return finding(rule, clause, Verdict::Unmet, &facts, "补写后再提交");
    }
    let facts = format!("已写明{what}");
    finding(rule, clause, Verdict::AtDiscretion, &facts, "是否具备，由审查人员判断")
}

/// R5.2f, R5.3f: no 严重失信 record within its period. For a member that is no
/// 技术转移机构 the clause's reach is open: shown, and left to a person. So is a list of which the
/// sources do not say whether it is one of 严重失信; one that is not is shown and no condition.
pub fn credit(unit: &Unit, lead: bool, today: Date, parameters: &Parameters) -> Finding {
    let name = &unit.profile.name;
    let rule = if lead { "R5.2f" } else { "R5.3f" };
    let clause = if lead { "5.2" } else { "5.3" };
    let live = |severity: Severity| -> Vec<&KeptRecord> {
        unit.live_credit(today).filter(|kept| kept.record.severity() == severity).collect()
    };
    let (severe, open) = (live(Severity::Severe), live(Severity::Ask));
    if let Some(facts) = standing_records(name, "有在惩戒期内的严重失信记录", &severe)
    {
        let decided = lead
            || unit.profile.kind == UnitKind::TransferAgency
            || parameters.get(ParameterKey::OtherMemberCreditHard) != 0;
        if decided {
            let sentence = "惩戒期满或移出名单后再办；对记录有疑问的，向列入机关申请信用修复";
            return finding(rule, clause, Verdict::Unmet, &facts, sentence);
        }
        let sentence = "第五条（三）对此类成员是否适用有两种读法，由审查人员认定";
        return finding(rule, clause, Verdict::AtDiscretion, &facts, sentence);
    }
    if let Some(facts) = standing_records(name, "列入的名单是否属严重失信不明", &open)
    {
        let sentence = "照认定文书核对是否属严重失信，由审查人员认定";
        return finding(rule, clause, Verdict::AtDiscretion, &facts, sentence);
    }
    let facts = format!("{name}没有在惩戒期内的严重失信记录");
    let warned = live(Severity::Warning);
    let sentence = match warned.first() {
        Some(kept) => format!("另列入{}，不属严重失信，仅作提示", kept.record.list_term()),
        None => "按登记的信用记录核验".to_owned(),
    };
    finding(rule, clause, Verdict::Met, &facts, &sentence)
}

/// The records that stand, in words; `None` where there are none.
fn standing_records(name: &str, what: &str, records: &[&KeptRecord]) -> Option<String> {
    let first = records.first()?;
    let until = first.record.until.map_or_else(|| "移出时".to_owned(), |day| day.to_string());
    let list = first.record.list_term();
    let source = if list == first.record.source {
        list.to_owned()
    } else {
        format!("{}，{list}", first.record.source)
    };
    let more = match records.len() {
        1 => String::new(),
        count => format!("；共 {count} 条"),
    };
    Some(format!("{name}{what}（{source}，{} 列入，至 {until}{more}）", first.record.from))
}

/// R5.3a: a member is an independent legal person, wherever it is.
pub fn member_legal(unit: &Unit) -> Finding {
    let name = &unit.profile.name;
    match unit.profile.legal_form {
        LegalForm::NotLegalPerson => finding(
            "R5.3a",
            "5.3",
            Verdict::Unmet,
            &format!("{name}不是独立法人单位"),
            "改由具有法人资格的单位参加；分公司由其总公司参加",
        ),
        LegalForm::Overseas => finding(
            "R5.3a",
            "5.3",
            Verdict::AtDiscretion,
            &format!("{name}为境外法人"),
            "法人资格证明及译文由审查人员核对",
        ),
        LegalForm::EnterpriseLegalPerson
        | LegalForm::PublicInstitution
        | LegalForm::SocialGroup
        | LegalForm::SocialService
        | LegalForm::SpecialLegalPerson => {
            finding("R5.3a", "5.3", Verdict::Met, &format!("{name}为独立法人单位"), "符合")
        }
    }
}

/// R5.3a: a party whose record is not at hand is a person's to look at, never passed over.
pub fn unknown(party: &Party) -> Finding {
    let facts = format!("没有{}的登记资料", party.name);
    let sentence = "由审查人员核对该单位的法人资格和信用";
    finding("R5.3a", "5.3", Verdict::AtDiscretion, &facts, sentence)
}

/// R5.3b–R5.3e: a member's capability and its cooperation with the lead are written down.
pub fn member_materials(materials: &Materials, party: &Party) -> Vec<Finding> {
    let block = materials.member(&party.unit);
    let text = |pick: fn(&crate::materials::MemberBlock) -> &String| {
        block.map(|block| pick(block).clone()).unwrap_or_default()
    };
    let cooperation =
        block.map(|block| told(&block.cooperation, &block.cooperations)).unwrap_or_default();
    let name = &party.name;
    let rule = match party.kind {
        UnitKind::Institute | UnitKind::University => "R5.3c",
        UnitKind::Enterprise | UnitKind::Other => "R5.3d",
        UnitKind::TransferAgency => "R5.3e",
    };
    vec![
        written("R5.3b", "5.3", &format!("{name}与牵头单位的合作基础"), &cooperation),
        written(rule, "5.3", &format!("{name}的创新能力"), &text(|b| &b.capability)),
    ]
}
