//! 单位资料各节 — the fields of each section, the way to the section and back, and its words.

use consortium::ids::{Digest, Personal};
use consortium::text::{LINE_MAX, SECTION_MAX};
use consortium::unit::{
    Business, Certificates, Contact, Detail, DetailKind, Details, HighTech, ManagementRule,
    RULES_MAX, Research, ServiceKind, Specialised, Strengths, TechSme, Transfer, TransferRecord,
    YEAR_FIRST, YEARS_MAX, YearFigures,
};
use serde_json::{Value, json};

use super::{count, day, text, year};
use crate::pages::shell::form::{FieldError, FieldSpec};
use crate::pages::shell::parse::amount;

/// The most people a unit may state.
const PEOPLE_MAX: i64 = 1_000_000;

/// What a section asks.
pub(crate) fn detail_fields(kind: DetailKind) -> Vec<FieldSpec> {
    match kind {
        DetailKind::Figures => vec![
            FieldSpec::rows("years", "年度", figure_columns(), 0, YEARS_MAX)
                .hint("一个年度一行，申请时取最近三年")
                .clause("5.2"),
        ],
        DetailKind::Certificates => certificates(),
        DetailKind::Rules => {
            let columns = vec![
                FieldSpec::text("name", "制度名称", LINE_MAX).required(),
                FieldSpec::date("in_force_from", "施行日期").required(),
                FieldSpec::hidden("file"),
            ];
            vec![
                FieldSpec::rows("rules", "制度", columns, 0, RULES_MAX)
                    .hint("研发项目、科研经费、成果转化等管理制度")
                    .clause("5.2"),
            ]
        }
        DetailKind::Strengths => vec![
            FieldSpec::long("team", "科研团队", SECTION_MAX)
                .hint("带头人、骨干、专业结构、近年承担的项目")
                .clause("5.2"),
            FieldSpec::long("capability", "创新能力与科研条件", SECTION_MAX).clause("5.3"),
            FieldSpec::long("cooperation", "产学研合作基础", SECTION_MAX)
                .hint("与科研院所、高等学校及科学家团队的合作")
                .clause("5.2"),
        ],
        DetailKind::Contact => vec![
            FieldSpec::text("contact", "联系人", 40).required(),
            FieldSpec::text("contact_phone", "联系电话", 40)
                .required()
                .hint("只给办理人员看，不公开"),
        ],
        DetailKind::Research => vec![
            FieldSpec::long("discipline", "主要学科", SECTION_MAX).clause("5.3"),
            FieldSpec::integer("team_size", "团队人数", 0, PEOPLE_MAX),
            FieldSpec::long("laboratories", "实验室", SECTION_MAX),
            FieldSpec::integer("instruments", "单价 50 万元以上仪器（台套）", 0, PEOPLE_MAX),
            FieldSpec::long("results", "代表性成果", SECTION_MAX),
        ],
        DetailKind::Business => vec![
            FieldSpec::long("products", "主要产品", SECTION_MAX).clause("5.3"),
            FieldSpec::long("position", "产业链位置", SECTION_MAX),
            FieldSpec::long("matching", "技术配套能力", SECTION_MAX),
        ],
        DetailKind::Transfer => vec![
            FieldSpec::select(
                "record",
                "示范机构备案",
                TransferRecord::ALL.map(|record| (record.name(), record.term())),
            )
            .hint("没有备案的，不选"),
            FieldSpec::integer("brokers", "持证技术经理人（人）", 0, PEOPLE_MAX),
            FieldSpec::money("contracts_fen", "近三年技术合同登记额"),
            FieldSpec::choices(
                "services",
                "服务类型",
                ServiceKind::ALL.map(|kind| (kind.name(), kind.term())),
            )
            .clause("5.3"),
        ],
    }
}

fn figure_columns() -> Vec<FieldSpec> {
    vec![
        FieldSpec::integer("year", "年度", i64::from(YEAR_FIRST), 2100).required(),
        FieldSpec::money("revenue_fen", "营业收入"),
        FieldSpec::money("rd_spend_fen", "研发费用"),
        FieldSpec::integer("staff", "职工总数", 0, PEOPLE_MAX),
        FieldSpec::integer("rd_staff", "研发人员", 0, PEOPLE_MAX),
        FieldSpec::integer("rd_fte", "折合全时（人年）", 0, PEOPLE_MAX),
        FieldSpec::integer("doctors", "博士", 0, PEOPLE_MAX),
        FieldSpec::integer("senior_titles", "高级职称", 0, PEOPLE_MAX),
    ]
}

fn certificates() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("high_tech_no", "高新技术企业证书编号", LINE_MAX),
        FieldSpec::date("high_tech_until", "高新技术企业有效期至"),
        FieldSpec::text("tech_sme_no", "科技型中小企业入库登记编号", LINE_MAX),
        FieldSpec::integer("tech_sme_year", "入库年度", i64::from(YEAR_FIRST), 2100),
        FieldSpec::select(
            "specialised",
            "专精特新等级",
            Specialised::ALL.map(|level| (level.name(), level.term())),
        )
        .hint("没有认定的，不选"),
    ]
}

/// A section from what was read.
pub(crate) fn detail_of(kind: DetailKind, value: &Value) -> Result<Detail, Vec<FieldError>> {
    let rows = |name: &str| value[name].as_array().cloned().unwrap_or_default();
    let long = |name: &str| text(value, name);
    Ok(match kind {
        DetailKind::Figures => {
            Detail::Figures { years: rows("years").iter().map(figures).collect() }
        }
        DetailKind::Certificates => Detail::Certificates(certified(value)?),
        DetailKind::Rules => {
            Detail::Rules { rules: rows("rules").iter().filter_map(ruled).collect() }
        }
        DetailKind::Strengths => Detail::Strengths(Strengths {
            team: long("team"),
            capability: long("capability"),
            cooperation: long("cooperation"),
        }),
        DetailKind::Contact => Detail::Contact(Contact {
            contact: Personal::new(long("contact")),
            contact_phone: Personal::new(long("contact_phone")),
        }),
        DetailKind::Research => Detail::Research(Research {
            discipline: long("discipline"),
            team_size: count(value, "team_size"),
            laboratories: long("laboratories"),
            instruments: count(value, "instruments"),
            results: long("results"),
        }),
        DetailKind::Business => Detail::Business(Business {
            products: long("products"),
            position: long("position"),
            matching: long("matching"),
        }),
        DetailKind::Transfer => Detail::Transfer(Transfer {
            record: serde_json::from_value(value["record"].clone()).ok(),
            brokers: count(value, "brokers"),
            contracts_fen: value["contracts_fen"].as_i64().unwrap_or_default(),
            services: serde_json::from_value(value["services"].clone()).unwrap_or_default(),
        }),
    })
}

fn figures(row: &Value) -> YearFigures {
    let fen = |name: &str| row[name].as_i64().unwrap_or_default();
    YearFigures {
        year: year(row, "year").unwrap_or_default(),
        revenue_fen: fen("revenue_fen"),
        rd_spend_fen: fen("rd_spend_fen"),
        staff: count(row, "staff"),
        rd_staff: count(row, "rd_staff"),
        rd_fte: count(row, "rd_fte"),
        doctors: count(row, "doctors"),
        senior_titles: count(row, "senior_titles"),
    }
}

fn ruled(row: &Value) -> Option<ManagementRule> {
    Some(ManagementRule {
        name: text(row, "name"),
        in_force_from: day(row, "in_force_from")?,
        file: row["file"].as_str().filter(|d| !d.is_empty()).map(|d| Digest(d.to_owned())),
    })
}

/// Certificates come whole: a number with its day or year.
fn certified(value: &Value) -> Result<Certificates, Vec<FieldError>> {
    let half = |field: &str, sentence: &str| Err(vec![FieldError::new(field, sentence)]);
    let high_tech = match (text(value, "high_tech_no"), day(value, "high_tech_until")) {
        (no, None) if no.is_empty() => None,
        (_, None) => return half("high_tech_until", "填写高新技术企业证书的有效期至"),
        (no, Some(_)) if no.is_empty() => {
            return half("high_tech_no", "填写高新技术企业证书编号");
        }
        (no, Some(until)) => Some(HighTech { no, until }),
    };
    let tech_sme = match (text(value, "tech_sme_no"), year(value, "tech_sme_year")) {
        (no, None) if no.is_empty() => None,
        (_, None) => return half("tech_sme_year", "填写入库年度"),
        (no, Some(_)) if no.is_empty() => return half("tech_sme_no", "填写入库登记编号"),
        (no, Some(year)) => Some(TechSme { no, year }),
    };
    let specialised = serde_json::from_value(value["specialised"].clone()).ok();
    Ok(Certificates { high_tech, tech_sme, specialised })
}

/// What a section holds, as its form shows it.
pub(crate) fn detail_stored(details: &Details, kind: DetailKind) -> Value {
    match details.section(kind) {
        None => json!({}),
        Some(Detail::Certificates(kept)) => json!({
            "high_tech_no": kept.high_tech.as_ref().map(|one| &one.no),
            "high_tech_until": kept.high_tech.as_ref().map(|one| one.until),
            "tech_sme_no": kept.tech_sme.as_ref().map(|one| &one.no),
            "tech_sme_year": kept.tech_sme.as_ref().map(|one| one.year),
            "specialised": kept.specialised,
        }),
        Some(Detail::Contact(kept)) => json!({
            "contact": kept.contact.value,
            "contact_phone": kept.contact_phone.value,
        }),
        Some(other) => json!(other),
    }
}

/// A section in words.
pub(crate) fn lines(detail: &Detail) -> Vec<(String, String)> {
    let said = |pairs: &[(&str, String)]| {
        let kept = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        kept.map(|(label, value)| ((*label).to_owned(), value.clone())).collect::<Vec<_>>()
    };
    match detail {
        Detail::Figures { years } => years.iter().map(year_line).collect(),
        Detail::Certificates(kept) => said(&[
            (
                "高新技术企业",
                kept.high_tech
                    .as_ref()
                    .map_or_else(String::new, |one| format!("{}，有效期至 {}", one.no, one.until)),
            ),
            (
                "科技型中小企业",
                kept.tech_sme
                    .as_ref()
                    .map_or_else(String::new, |one| format!("{}，{} 年入库", one.no, one.year)),
            ),
            (
                "专精特新",
                kept.specialised.map_or_else(String::new, |level| level.term().to_owned()),
            ),
        ]),
        Detail::Rules { rules } => rules
            .iter()
            .map(|rule| (rule.name.clone(), format!("{} 起施行", rule.in_force_from)))
            .collect(),
        Detail::Strengths(kept) => said(&[
            ("科研团队", kept.team.clone()),
            ("创新能力与科研条件", kept.capability.clone()),
            ("产学研合作基础", kept.cooperation.clone()),
        ]),
        Detail::Contact(kept) => said(&[
            ("联系人", kept.contact.value.clone()),
            ("联系电话", kept.contact_phone.value.clone()),
        ]),
        Detail::Research(kept) => said(&[
            ("主要学科", kept.discipline.clone()),
            ("团队人数", format!("{} 人", kept.team_size)),
            ("实验室", kept.laboratories.clone()),
            ("单价 50 万元以上仪器", format!("{} 台套", kept.instruments)),
            ("代表性成果", kept.results.clone()),
        ]),
        Detail::Business(kept) => said(&[
            ("主要产品", kept.products.clone()),
            ("产业链位置", kept.position.clone()),
            ("技术配套能力", kept.matching.clone()),
        ]),
        Detail::Transfer(kept) => said(&[
            ("示范机构备案", kept.record.map_or("没有备案", TransferRecord::term).to_owned()),
            ("持证技术经理人", format!("{} 人", kept.brokers)),
            ("近三年技术合同登记额", money(kept.contracts_fen)),
            (
                "服务类型",
                kept.services.iter().map(|kind| kind.term()).collect::<Vec<_>>().join("、"),
            ),
        ]),
    }
}

fn money(fen: i64) -> String {
    format!("{} 万元", amount(fen))
}

fn year_line(figures: &YearFigures) -> (String, String) {
    let said = format!(
        "营业收入 {}，研发费用 {}；职工 {} 人，研发人员 {} 人（折合全时 {} 人年），博士 {} 人，高级职称 {} 人",
        money(figures.revenue_fen),
        money(figures.rd_spend_fen),
        figures.staff,
        figures.rd_staff,
        figures.rd_fte,
        figures.doctors,
        figures.senior_titles,
    );
    (format!("{} 年", figures.year), said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::shell::form::Values;
    use crate::pages::shell::parse::parse;

    fn all() -> Details {
        Details {
            years: vec![YearFigures {
                year: 2025,
                revenue_fen: 152_600_000_000,
                rd_spend_fen: 6_900_000_000,
                staff: 420,
                rd_staff: 86,
                rd_fte: 80,
                doctors: 9,
                senior_titles: 21,
            }],
            certificates: Certificates {
                high_tech: Some(HighTech {
                    no: "GR2024".into(),
                    until: "2027-11-01".parse().expect("a day"),
                }),
                tech_sme: Some(TechSme { no: "2026".into(), year: 2026 }),
                specialised: Some(Specialised::LittleGiant),
            },
            rules: vec![ManagementRule {
                name: "研发项目管理办法".into(),
                in_force_from: "2023-01-01".parse().expect("a day"),
                file: Some(Digest("0".repeat(64))),
            }],
            strengths: Strengths { team: "团队\n两行".into(), ..Strengths::default() },
            contact: Some(Contact {
                contact: Personal::new("王五"),
                contact_phone: Personal::new("0471-0000001"),
            }),
            research: Some(Research { team_size: 42, ..Research::default() }),
            business: Some(Business { products: "电池".into(), ..Business::default() }),
            transfer: Some(Transfer {
                record: Some(TransferRecord::Region),
                brokers: 6,
                contracts_fen: 300_000_000,
                services: vec![ServiceKind::Transfer, ServiceKind::Finance],
            }),
        }
    }

    #[test]
    fn a_section_comes_back_from_its_own_form() {
        let details = all();
        for kind in DetailKind::ALL {
            let fields = detail_fields(kind);
            let values = Values::stored(&fields, &detail_stored(&details, kind));
            let value = parse(&fields, &values.0).expect("a form");
            let kept = details.section(kind).expect("a section");
            assert_eq!(detail_of(kind, &value), Ok(kept.clone()), "{kind:?}");
            assert!(!lines(&kept).is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn half_a_certificate_is_asked_about() {
        // what was typed, the field to mend
        let table = [
            (json!({ "high_tech_no": "GR1" }), "high_tech_until"),
            (json!({ "high_tech_until": "2027-01-01" }), "high_tech_no"),
            (json!({ "tech_sme_no": "1" }), "tech_sme_year"),
            (json!({ "tech_sme_year": 2026 }), "tech_sme_no"),
        ];
        for (typed, field) in table {
            let errors = detail_of(DetailKind::Certificates, &typed).expect_err("half");
            assert_eq!(errors[0].field, field);
        }
    }
}
