//! 填写时的核对 — what cannot stand in a section at all, said at the field where it stands.
//!
//! Only what contradicts itself or passes a named limit is refused here. What is merely missing or
//! does not fit together is a hint ([`super::hints`]) or a rule of the regulation.

use jiff::civil::Date;

use super::figures::{check_years, year};
use super::{
    Basics, Conditions, Cooperation, INPUT_FORMS, Input, KeyTechnology, LeadProfile,
    ManagementRule, Materials, MemberBlock, Organisation, Plan, Platform, PublicMoney, RIGHT_KINDS,
    ROWS_MAX, Rights, Section, Sharing, TRL, UnitBlock, WorkPackage, basics::is_mongolian,
};
use crate::{
    ids::{Personal, UnitId},
    reference,
    refusal::Refusal,
    text::{self, Limit},
};

/// Most percent of a share.
const PERCENT_MAX: u32 = 100;
/// Most days of review before publication, and most years of secrecy: beyond is a slip of the pen.
pub(crate) const DAYS_MAX: u32 = 3_650;
/// Most years of secrecy.
pub(crate) const SECRET_YEARS_MAX: u32 = 100;

/// Refuses a section that cannot stand.
pub(crate) fn check(materials: &Materials, section: &Section) -> Result<(), Refusal> {
    match section {
        Section::Basics(block) => basics(block),
        Section::Unit(block) => unit(materials, block),
        Section::Lead(block) => lead(block),
        Section::Member(block) => member(materials, block),
        Section::Platforms { platforms } => {
            rows("platforms", platforms)?;
            each("platforms", platforms, |row| platform(materials, row))
        }
        Section::Conditions(block) => conditions(materials, block),
        Section::Goals { goals, yearly, indicators } => {
            rows("indicators", indicators)?;
            rows("yearly", yearly)?;
            long("goals", "总体目标", goals)?;
            each("yearly", yearly, |row| {
                year(row.year)?;
                text::paragraph("goal", "年度目标", &row.goal)
            })?;
            each("indicators", indicators, |row| {
                text::line("name", "指标名称", &row.name)?;
                short("measure", "计量单位", &row.measure)?;
                short("baseline", "现状值", &row.baseline)?;
                short("target", "目标值", &row.target)?;
                year(row.year)
            })
        }
        Section::Technologies { technologies } => {
            rows("technologies", technologies)?;
            each("technologies", technologies, |row| technology(materials, row))
        }
        Section::Work { work } => {
            rows("work", work)?;
            each("work", work, |row| package(materials, row))
        }
        Section::Inputs { inputs, total_fen, public_money, sharing, custodian, audit } => {
            rows("inputs", inputs)?;
            rows("public_money", public_money)?;
            rows("sharing", sharing)?;
            each("inputs", inputs, |row| input(materials, row))?;
            amount("total_fen", *total_fen)?;
            each("public_money", public_money, public)?;
            sharing
                .iter()
                .try_for_each(|row: &Sharing| text::paragraph("rule", "分配办法", &row.rule))?;
            custodian.iter().try_for_each(|unit| known("custodian", materials, unit))?;
            long("audit", "审计规定", audit)
        }
        Section::Rights(block) => rights(materials, block),
        Section::Organisation(block) => organisation(materials, block),
        Section::Plan(block) => plan(block),
        Section::Safeguards { safeguards } => long("safeguards", "保障措施", safeguards),
        Section::Special { special } => long("special", "需要说明的事项", special),
        Section::Promise { .. } => Ok(()),
        Section::MemberPromise(block) => known("unit", materials, &block.unit),
    }
}

fn basics(block: &Basics) -> Result<(), Refusal> {
    let listed = |field: &str, label: &str, id: &str, found: bool| {
        if id.is_empty() || found {
            return Ok(());
        }
        Err(Refusal::field(field, &format!("{label}不在列表中"), "从列表中选"))
    };
    listed("field", "技术领域", &block.field, reference::field(&block.field).is_some())?;
    let sub = reference::subfield(&block.subfield);
    listed("subfield", "二级技术领域", &block.subfield, sub.is_some())?;
    listed(
        "industry",
        "所属行业",
        &block.industry,
        reference::industry(&block.industry).is_some(),
    )?;
    let division = reference::division(&block.division);
    listed("division", "行业大类", &block.division, division.is_some())?;
    if block.name_mn.chars().any(|letter| !is_mongolian(letter)) {
        return Err(Refusal::field(
            "name_mn",
            "蒙古文名称里有传统蒙古文以外的字符",
            "只用传统蒙古文字母（U+1800 至 U+18AF）书写，没有的留空",
        ));
    }
    short("name_mn", "蒙古文名称", &block.name_mn)?;
    long("chain", "所属产业集群或产业链", &block.chain)?;
    short("company", "运营公司", &block.company)?;
    long("background", "组建背景与必要性", &block.background)?;
    between("term_to", block.term_from, block.term_to)
}

fn unit(materials: &Materials, block: &UnitBlock) -> Result<(), Refusal> {
    known("unit", materials, &block.unit)?;
    block.people().check()?;
    check_years("years", &block.years)?;
    amount("capital_fen", block.capital_fen)?;
    amount("paid_fen", block.paid_fen)?;
    short("registration", "登记类型", &block.registration)?;
    short("contact_title", "联系人职务", &block.contact_title)?;
    personal("contact", "联系人", block.contact.as_ref())?;
    personal("contact_phone", "联系电话", block.contact_phone.as_ref())?;
    personal("contact_email", "电子邮箱", block.contact_email.as_ref())?;
    rows("certificates", &block.certificates)?;
    rows("credit_checks", &block.credit_checks)?;
    each("certificates", &block.certificates, |row| {
        short("level", "级别或名称", &row.level)?;
        short("no", "编号", &row.no)
    })?;
    each("credit_checks", &block.credit_checks, |row| {
        text::line("source", "查询渠道", &row.source)?;
        text::line("result", "查询结果", &row.result)
    })
}

fn lead(block: &LeadProfile) -> Result<(), Refusal> {
    if block.rd_staff > block.staff {
        return Err(Refusal::field("rd_staff", "研发人员数多于职工总数", "核对两个数"));
    }
    amount("revenue_fen", block.revenue_fen)?;
    amount("rd_spend_fen", block.rd_spend_fen)?;
    personal("contact", "联系人", block.contact.as_ref())?;
    personal("contact_phone", "联系电话", block.contact_phone.as_ref())?;
    long("team", "科研团队", &block.team)?;
    long("management_rules", "科技管理制度", &block.management_rules)?;
    long("cooperation", "合作基础", &block.cooperation)?;
    long("products", "主要产品", &block.products)?;
    long("chain_position", "在产业链中的位置", &block.chain_position)?;
    long("matching", "集聚上下游的能力", &block.matching)?;
    ruled("rules", &block.rules)?;
    cooperated(&block.cooperations)
}

fn member(materials: &Materials, block: &MemberBlock) -> Result<(), Refusal> {
    known("unit", materials, &block.unit)?;
    for (field, label, words) in [
        ("capability", "创新能力", &block.capability),
        ("cooperation", "合作基础", &block.cooperation),
        ("role", "承担任务", &block.role),
        ("disciplines", "优势学科", &block.disciplines),
        ("laboratories", "实验室", &block.laboratories),
        ("results", "代表性成果", &block.results),
        ("products", "主要产品", &block.products),
        ("chain_position", "在产业链中的位置", &block.chain_position),
        ("matching", "技术配套能力", &block.matching),
        ("agency_record", "技术转移机构备案", &block.agency_record),
    ] {
        long(field, label, words)?;
    }
    amount("contracts_fen", block.contracts_fen)?;
    cooperated(&block.cooperations)
}

fn platform(materials: &Materials, row: &Platform) -> Result<(), Refusal> {
    known("owner", materials, &row.owner)?;
    text::line("name", "平台名称", &row.name)?;
    text::line("approved_by", "批准部门", &row.approved_by)?;
    text::line("document_no", "批准文号", &row.document_no)?;
    short("grade", "评估结果", &row.grade)?;
    if !row.kind.is_empty() && reference::platform_type(&row.kind).is_none() {
        return Err(Refusal::field("kind", "平台类型不在列表中", "从列表中选"));
    }
    row.assessed_in.iter().try_for_each(|assessed| year(*assessed))
}

fn conditions(materials: &Materials, block: &Conditions) -> Result<(), Refusal> {
    known("unit", materials, &block.unit)?;
    amount("equipment_fen", block.equipment_fen)?;
    long("pilot_lines", "中试线", &block.pilot_lines)?;
    long("computing", "数据与算力", &block.computing)?;
    long("sharing_rules", "开放共享规定", &block.sharing_rules)?;
    rows("projects", &block.projects)?;
    rows("awards", &block.awards)?;
    rows("conversions", &block.conversions)?;
    each("projects", &block.projects, |row| {
        text::line("name", "项目名称", &row.name)?;
        short("no", "项目编号", &row.no)?;
        short("role", "承担角色", &row.role)?;
        amount("funds_fen", row.funds_fen)?;
        between("to", row.from, row.to)
    })?;
    each("awards", &block.awards, |row| {
        text::line("name", "奖项", &row.name)?;
        year(row.year)
    })?;
    each("conversions", &block.conversions, |row| {
        text::line("title", "转化的成果", &row.title)?;
        short("contract_no", "合同登记号", &row.contract_no)?;
        amount("amount_fen", row.amount_fen)
    })
}

fn technology(materials: &Materials, row: &KeyTechnology) -> Result<(), Refusal> {
    text::line("name", "关键技术", &row.name)?;
    long("state", "国内外现状", &row.state)?;
    long("bottleneck", "难题", &row.bottleneck)?;
    long("approach", "攻关思路", &row.approach)?;
    row.lead_unit.iter().try_for_each(|unit| known("lead_unit", materials, unit))?;
    row.partners.iter().try_for_each(|unit| known("partners", materials, unit))?;
    let levels = [("trl_from", row.trl_from), ("trl_to", row.trl_to)];
    for (field, level) in levels {
        if level.is_some_and(|level| !TRL.contains(&level)) {
            return Err(Refusal::field(field, "技术就绪度为 1 到 9 级", "从 1 到 9 中选"));
        }
    }
    match (row.trl_from, row.trl_to) {
        (Some(from), Some(to)) if to < from => Err(Refusal::field(
            "trl_to",
            &format!("要达到的技术就绪度（{to} 级）低于现在的（{from} 级）"),
            "核对两个级别",
        )),
        _ => Ok(()),
    }
}

fn package(materials: &Materials, row: &WorkPackage) -> Result<(), Refusal> {
    known("unit", materials, &row.unit)?;
    row.partners.iter().try_for_each(|unit| known("partners", materials, unit))?;
    text::paragraph("content", "任务内容", &row.content)?;
    long("deliverable", "成果形式", &row.deliverable)?;
    row.indicators.iter().try_for_each(|name| text::line("indicators", "考核指标", name))?;
    rows("indicators", &row.indicators)?;
    between("to", Some(row.from), Some(row.to))
}

fn input(materials: &Materials, row: &Input) -> Result<(), Refusal> {
    known("unit", materials, &row.unit)?;
    year(row.year)?;
    if !row.form.is_empty() && !INPUT_FORMS.contains(&row.form.as_str()) {
        let remedy = format!("从{}中选", INPUT_FORMS.join("、"));
        return Err(Refusal::field("form", "投入形式不在列表中", &remedy));
    }
    amount("amount_fen", row.amount_fen)
}

fn public(row: &PublicMoney) -> Result<(), Refusal> {
    year(row.year)?;
    text::line("source", "财政资金来源", &row.source)?;
    amount("amount_fen", row.amount_fen)
}

fn rights(materials: &Materials, block: &Rights) -> Result<(), Refusal> {
    rows("background", &block.background)?;
    rows("shares", &block.shares)?;
    each("background", &block.background, |row| {
        known("owner", materials, &row.owner)?;
        text::line("name", "知识产权名称", &row.name)?;
        short("no", "编号", &row.no)?;
        if RIGHT_KINDS.contains(&row.kind.as_str()) {
            return Ok(());
        }
        Err(Refusal::field("kind", "知识产权类型不在列表中", "从列表中选"))
    })?;
    for (at, row) in block.shares.iter().enumerate() {
        known("unit", materials, &row.unit)?;
        if row.percent > PERCENT_MAX {
            return Err(Refusal::field("percent", "份额为 0 到 100", "核对份额"));
        }
        if block.shares.iter().take(at).any(|earlier| earlier.unit == row.unit) {
            return Err(Refusal::field("shares", "同一单位的份额填了两行", "每个单位只填一行"));
        }
    }
    if block.publication_days > DAYS_MAX {
        let reason = format!("发表前的审查天数最多 {DAYS_MAX} 天");
        return Err(Refusal::field("publication_days", &reason, "核对天数"));
    }
    if block.confidential_years > SECRET_YEARS_MAX {
        let reason = format!("保密年限最多 {SECRET_YEARS_MAX} 年");
        return Err(Refusal::field("confidential_years", &reason, "核对年限"));
    }
    long("foreground_text", "归属的补充约定", &block.foreground_text)?;
    long("exit", "退出时的处理", &block.exit)
}

fn organisation(materials: &Materials, block: &Organisation) -> Result<(), Refusal> {
    block.liable.iter().try_for_each(|unit| known("liable", materials, unit))?;
    for (field, label, words) in [
        ("composition", "决策机构的组成", &block.composition),
        ("voting", "表决规则", &block.voting),
        ("advisers", "专家委员会", &block.advisers),
        ("office", "执行机构", &block.office),
        ("opening", "开放机制", &block.opening),
    ] {
        long(field, label, words)?;
    }
    ruled("internal_rules", &block.internal_rules)
}

fn plan(block: &Plan) -> Result<(), Refusal> {
    rows("rows", &block.rows)?;
    long("outline", "总体安排", &block.outline)?;
    each("rows", &block.rows, |row| {
        year(row.year)?;
        text::paragraph("item", "项目或任务", &row.item)?;
        short("source", "资金来源", &row.source)?;
        amount("amount_fen", row.amount_fen)
    })
}

fn ruled(field: &str, list: &[ManagementRule]) -> Result<(), Refusal> {
    rows(field, list)?;
    each(field, list, |row| text::line("title", "制度名称", &row.title))
}

fn cooperated(list: &[Cooperation]) -> Result<(), Refusal> {
    rows("cooperations", list)?;
    each("cooperations", list, |row| {
        text::line("title", "合作事项", &row.title)?;
        short("with", "合作方", &row.with)?;
        short("proof", "证明材料", &row.proof)?;
        between("to", row.from, row.to)
    })
}

fn long(field: &str, label: &str, value: &str) -> Result<(), Refusal> {
    text::within(field, label, value, Limit::Characters(text::SECTION_MAX))
}

fn short(field: &str, label: &str, value: &str) -> Result<(), Refusal> {
    text::within(field, label, value, Limit::Characters(text::LINE_MAX))
}

fn personal(field: &str, label: &str, value: Option<&Personal>) -> Result<(), Refusal> {
    short(field, label, value.map_or("", |kept| &kept.value))
}

fn amount(field: &str, fen: i64) -> Result<(), Refusal> {
    if fen >= 0 {
        return Ok(());
    }
    Err(Refusal::field(field, "金额不能为负数", "核对金额"))
}

/// Checks a table row by row: what is refused is said of its row.
fn each<T>(
    rows: &str,
    list: &[T],
    check: impl Fn(&T) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut numbered = list.iter().enumerate();
    numbered.try_for_each(|(at, row)| check(row).map_err(|refusal| refusal.in_row(rows, at)))
}

fn rows<T>(field: &str, list: &[T]) -> Result<(), Refusal> {
    if list.len() <= ROWS_MAX {
        return Ok(());
    }
    let reason = format!("最多 {ROWS_MAX} 行，现为 {} 行", list.len());
    Err(Refusal::field(field, &reason, "合并后再提交"))
}

/// Refuses a unit that is no party.
pub(crate) fn known(field: &str, materials: &Materials, unit: &UnitId) -> Result<(), Refusal> {
    if materials.party(unit).is_some() {
        return Ok(());
    }
    Err(Refusal::field(field, "所选单位不是这个联合体的成员", "从成员单位中选"))
}

fn between(field: &str, from: Option<Date>, to: Option<Date>) -> Result<(), Refusal> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => {
            Err(Refusal::field(field, "结束日期早于开始日期", "核对两个日期"))
        }
        _ => Ok(()),
    }
}
