//! T1 to T5, T15: the consortium, its units, their platforms, conditions and promises.

use consortium::{
    materials::{
        Conditions, Cooperation, ManagementRule, Part, Party, YearFigures,
        figures::{ratio, totals},
    },
    reference,
    unit::UnitKind,
};

use super::{Block, Fact, Leaf, Source, Table, day, fact, leaf, of, of_unit, promised, span};
use super::{table, wan};
use crate::pages::shell::parse::amount;

pub(super) fn basics(source: &Source<'_>) -> Leaf {
    let basics = source.form.basics.clone().unwrap_or_default();
    let class = |found: Option<&'static reference::Class>| found.map_or("", |class| class.name);
    let division = reference::division(&basics.division);
    let division = division.map(|d| format!("{}{} {}", d.section, d.id, d.name));
    let term = basics.term();
    let operation = basics.operation.map_or("", consortium::materials::Operation::term);
    let mut facts = vec![fact("创新联合体名称", source.name, "")];
    if !basics.name_mn.is_empty() {
        facts.push(fact("蒙古文名称", basics.name_mn, "name_mn"));
    }
    facts.extend([
        fact("技术领域", class(reference::field(&basics.field)), "field"),
        fact("二级技术领域", class(reference::subfield(&basics.subfield)), "subfield"),
        fact("所属行业", class(reference::industry(&basics.industry)), "industry"),
        fact("行业大类", division.unwrap_or_default(), "division"),
        fact("产业集群或产业链", basics.chain, "chain"),
        fact("组建时间", day(source.formed_on), ""),
        fact("协议生效日期", day(source.effective_on), ""),
        fact("协议期限", term, "term_from"),
        fact("归口管理部门", source.authority, ""),
        fact("适用办法", source.regime, ""),
        fact("运行形式", operation, "operation"),
    ]);
    if !basics.company.is_empty() {
        facts.push(fact("运营公司", basics.company, "company"));
    }
    facts.push(fact("组建背景与必要性", basics.background, "background"));
    let open = if basics.not_secret { "所报内容不涉及国家秘密" } else { "" };
    facts.push(fact("不涉密承诺", open, "not_secret"));
    leaf(Part::Basics, vec![Block::Facts(facts)])
}

/// T2, T3: what a unit states of itself.
pub(super) fn figures(source: &Source<'_>, party: &Party) -> Leaf {
    let block = source.form.units.iter().find(|block| block.unit == party.unit);
    let mut facts = vec![
        fact("单位名称", party.name.as_str(), ""),
        fact("统一社会信用代码", party.code.as_str(), ""),
        fact("单位类型", party.kind.term(), ""),
    ];
    facts.extend(registered(source, party));
    let Some(block) = block else {
        facts.extend(earlier(source, party));
        return of_unit(Part::Unit, party, vec![Block::Facts(facts)]);
    };
    let people = [
        ("职工总数", block.staff, "人", "staff"),
        ("研发人员数", block.rd_staff, "人", "rd_staff"),
        ("研发人员折合全时", block.rd_fte, "人年", "rd_fte"),
        ("博士人数", block.doctors, "人", "doctors"),
        ("高级职称人数", block.senior, "人", "senior"),
    ];
    facts.extend([
        fact("成立日期", day(block.founded_on), "founded_on"),
        fact("登记类型", block.registration.as_str(), "registration"),
        fact("注册资本", wan(block.capital_fen), "capital_fen"),
        fact("实缴资本", wan(block.paid_fen), "paid_fen"),
    ]);
    facts.extend(people.map(|(label, count, unit, field)| fact(label, of(count, unit), field)));
    if let Some(contact) = &block.contact {
        let title = block.contact_title.as_str();
        let more = [block.contact_phone.as_ref(), block.contact_email.as_ref()];
        let more = more.into_iter().flatten().map(|kept| kept.value.as_str());
        let words: Vec<&str> = [contact.value.as_str(), title].into_iter().chain(more).collect();
        facts.push(fact("联系人", words.join(" "), "contact"));
    }
    let mut blocks = vec![Block::Facts(facts), Block::Table(years(&block.years))];
    let rows = block.certificates.iter().map(|row| {
        vec![row.kind.term().to_owned(), row.level.clone(), row.no.clone(), day(row.until)]
    });
    let columns = [("资质", 3), ("级别或名称", 3), ("编号", 4), ("有效期至", 3)];
    blocks.push(table("资质", "certificates", &columns, rows.collect()));
    let rows = block
        .credit_checks
        .iter()
        .map(|row| vec![row.source.clone(), row.checked_on.to_string(), row.result.clone()]);
    let columns = [("查询渠道", 4), ("查询日期", 3), ("查询结果", 5)];
    blocks.push(table("信用核查", "credit_checks", &columns, rows.collect()));
    of_unit(Part::Unit, party, blocks)
}

/// 法人类型、住所: what the unit has registered once for all its dossiers. Who represents it stays in
/// its own record, with those who may read that.
fn registered(source: &Source<'_>, party: &Party) -> Vec<Fact> {
    let Some(profile) = source.profiles.get(&party.unit) else { return vec![] };
    let mut facts = vec![fact("法人类型", profile.legal_form.term(), "")];
    // Units elsewhere have none of the region's areas.
    if let Some(area) = reference::area(&profile.area) {
        facts.push(fact("住所所在旗县市区", area.name, ""));
    }
    facts.push(fact("住所", profile.address.as_str(), ""));
    facts
}

/// The lead's figures as earlier forms asked them.
fn earlier(source: &Source<'_>, party: &Party) -> Vec<Fact> {
    let lead = source.form.lead.as_ref();
    let first = source.parties.first().is_some_and(|first| first.unit == party.unit);
    let Some(lead) = lead.filter(|_| first) else { return vec![] };
    let share = ratio(lead.revenue_fen, lead.rd_spend_fen);
    let mut facts = vec![
        fact("职工总数", of(lead.staff, "人"), "staff"),
        fact("研发人员数", of(lead.rd_staff, "人"), "rd_staff"),
        fact("近三年营业收入", wan(lead.revenue_fen), "years"),
        fact("近三年研发费用", format!("{} 万元，占 {share}", amount(lead.rd_spend_fen)), "years"),
    ];
    if let Some(contact) = &lead.contact {
        let phone = lead.contact_phone.as_ref().map_or("", |phone| phone.value.as_str());
        facts.push(fact("联系人", format!("{} {phone}", contact.value), "contact"));
    }
    facts
}

/// 年度数据, with sums and the ratio.
pub(super) fn years(rows: &[YearFigures]) -> Table {
    let row = |row: &YearFigures| {
        vec![
            row.year.to_string(),
            amount(row.revenue_fen),
            amount(row.rd_spend_fen),
            ratio(row.revenue_fen, row.rd_spend_fen),
        ]
    };
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| row.year);
    let (revenue, spent) = totals(rows);
    let note = (!rows.is_empty()).then(|| {
        let share = ratio(revenue, spent);
        format!(
            "合计：营业收入 {} 万元，研发费用 {} 万元，占 {share}",
            amount(revenue),
            amount(spent)
        )
    });
    Table {
        caption: "营业收入和研发费用",
        field: "years",
        heads: ["年度", "营业收入（万元）", "研发费用（万元）", "占比"].map(str::to_owned).to_vec(),
        widths: vec![2, 4, 4, 2],
        rows: sorted.iter().map(row).collect(),
        note,
    }
}

fn cooperations(rows: &[Cooperation], of_lead: bool) -> Block {
    let row = |row: &Cooperation| {
        let mut cells = vec![row.kind.term().to_owned()];
        if of_lead {
            cells.push(row.with.clone());
        }
        cells.extend([row.title.clone(), span(row.from, row.to), row.proof.clone()]);
        cells
    };
    let mut columns = vec![("类型", 2)];
    if of_lead {
        columns.push(("合作方", 3));
    }
    columns.extend([("合作事项", 4), ("起止", 3), ("证明材料", 3)]);
    table("合作事项", "cooperations", &columns, rows.iter().map(row).collect())
}

pub(super) fn ruled(caption: &'static str, field: &'static str, rows: &[ManagementRule]) -> Block {
    let row = |row: &ManagementRule| vec![row.title.clone(), day(row.since)];
    table(caption, field, &[("制度名称", 5), ("施行日期", 2)], rows.iter().map(row).collect())
}

pub(super) fn lead(source: &Source<'_>) -> Leaf {
    let lead = source.form.lead.clone().unwrap_or_default();
    let blocks = vec![
        Block::Facts(vec![
            fact("科研团队", lead.team, "team"),
            fact("科技管理制度", lead.management_rules, "management_rules"),
        ]),
        ruled("科技管理制度目录", "rules", &lead.rules),
        Block::Facts(vec![fact("合作基础", lead.cooperation, "cooperation")]),
        cooperations(&lead.cooperations, true),
        Block::Facts(vec![
            fact("主要产品", lead.products, "products"),
            fact("在产业链中的位置", lead.chain_position, "chain_position"),
            fact("集聚上下游和创新资源的能力", lead.matching, "matching"),
        ]),
    ];
    leaf(Part::Lead, blocks)
}

pub(super) fn member(source: &Source<'_>, party: &Party) -> Leaf {
    let found = source.form.members.iter().find(|block| block.unit == party.unit);
    let block = found.cloned().unwrap_or_default();
    let mut own = vec![fact("承担任务概述", block.role, "role")];
    match party.kind {
        UnitKind::University | UnitKind::Institute => own.extend([
            fact("优势学科", block.disciplines, "disciplines"),
            fact("研发团队人数", of(block.team_size, "人"), "team_size"),
            fact("实验室", block.laboratories, "laboratories"),
            fact("代表性成果", block.results, "results"),
        ]),
        UnitKind::Enterprise | UnitKind::Other => own.extend([
            fact("主要产品", block.products, "products"),
            fact("在产业链中的位置", block.chain_position, "chain_position"),
            fact("技术配套能力", block.matching, "matching"),
        ]),
        UnitKind::TransferAgency => {
            let services: Vec<&str> = block.services.iter().map(|service| service.term()).collect();
            own.extend([
                fact("备案或认定情况", block.agency_record, "agency_record"),
                fact("持证技术经理人", of(block.brokers, "人"), "brokers"),
                fact("近三年登记的技术合同额", wan(block.contracts_fen), "contracts_fen"),
                fact("服务类型", services.join("、"), "services"),
            ]);
        }
    }
    let blocks = vec![
        Block::Facts(vec![
            fact("创新能力和科研条件", block.capability, "capability"),
            fact("与牵头单位合作基础", block.cooperation, "cooperation"),
        ]),
        cooperations(&block.cooperations, false),
        Block::Facts(own),
    ];
    of_unit(Part::Member, party, blocks)
}

pub(super) fn platforms(source: &Source<'_>) -> Leaf {
    let row = |row: &consortium::materials::Platform| {
        let kind = reference::platform_type(&row.kind).map_or("", |kind| kind.name);
        let assessed = row.assessed_in.map(|year| format!("{year} 年 {}", row.grade));
        vec![
            row.name.clone(),
            kind.to_owned(),
            row.level.term().to_owned(),
            source.party(&row.owner),
            format!("{} {}", row.approved_by, row.document_no),
            span(Some(row.approved_on), row.valid_to),
            row.status.map_or("", consortium::materials::PlatformStatus::term).to_owned(),
            assessed.unwrap_or_default(),
        ]
    };
    let columns = [
        ("平台名称", 5),
        ("类型", 4),
        ("级别", 3),
        ("建设单位", 5),
        ("批准部门和文号", 5),
        ("批准日期和有效期", 4),
        ("状态", 3),
        ("最近评估", 3),
    ];
    let rows = source.form.platforms.iter().map(row).collect();
    leaf(Part::Platforms, vec![table("科技创新平台", "platforms", &columns, rows)])
}

/// T5, T5b of one unit.
pub(super) fn conditions(source: &Source<'_>, party: &Party) -> Leaf {
    let found = source.form.conditions.iter().find(|block| block.unit == party.unit);
    let block = found.cloned().unwrap_or_default();
    let record: Vec<String> = block
        .record()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(term, count)| format!("{term} {count}"))
        .collect();
    let mut blocks = vec![Block::Facts(vec![
        fact("研发场地面积", of(block.area_m2, "m²"), "area_m2"),
        fact("研发设备原值", wan(block.equipment_fen), "equipment_fen"),
        fact("五十万元以上仪器", of(block.instruments, "台（套）"), "instruments"),
        fact("中试线", block.pilot_lines.as_str(), "pilot_lines"),
        fact("数据与算力", block.computing.as_str(), "computing"),
        fact("开放共享规定", block.sharing_rules.as_str(), "sharing_rules"),
        fact("近三年成果", record.join("，"), "invention_patents"),
    ])];
    blocks.extend(record_tables(&[(String::new(), &block)], false));
    of_unit(Part::Conditions, party, blocks)
}

/// Projects, awards and conversions; with a column for the unit where they are of several.
fn record_tables(blocks: &[(String, &Conditions)], several: bool) -> Vec<Block> {
    let cells = |unit: &str, rest: Vec<String>| -> Vec<String> {
        let unit = several.then(|| unit.to_owned());
        unit.into_iter().chain(rest).collect()
    };
    let heads = |rest: &[(&'static str, u32)]| -> Vec<(&'static str, u32)> {
        let unit = several.then_some(("单位", 4));
        unit.into_iter().chain(rest.iter().copied()).collect()
    };
    let projects = blocks.iter().flat_map(|(unit, block)| {
        block.projects.iter().map(move |row| {
            let rest = vec![
                row.level.term().to_owned(),
                row.name.clone(),
                row.no.clone(),
                row.role.clone(),
                amount(row.funds_fen),
                span(row.from, row.to),
                row.status.term().to_owned(),
            ];
            cells(unit, rest)
        })
    });
    let awards = blocks.iter().flat_map(|(unit, block)| {
        block
            .awards
            .iter()
            .map(move |row| cells(unit, vec![row.name.clone(), row.year.to_string()]))
    });
    let conversions = blocks.iter().flat_map(|(unit, block)| {
        block.conversions.iter().map(move |row| {
            let rest = vec![row.title.clone(), row.contract_no.clone(), amount(row.amount_fen)];
            cells(unit, rest)
        })
    });
    let of_projects = heads(&[
        ("级别", 2),
        ("项目名称", 5),
        ("编号", 4),
        ("角色", 2),
        ("经费（万元）", 3),
        ("起止", 4),
        ("状态", 2),
    ]);
    let of_awards = heads(&[("奖项和等级", 6), ("年度", 2)]);
    let of_conversions = heads(&[("转化的成果", 5), ("技术合同登记号", 4), ("金额（万元）", 3)]);
    vec![
        table("近三年承担的科研项目", "projects", &of_projects, projects.collect()),
        table("近三年获奖", "awards", &of_awards, awards.collect()),
        table("近三年成果转化", "conversions", &of_conversions, conversions.collect()),
    ]
}

/// T5, T5b of all units, as one table each.
pub(super) fn all_conditions(source: &Source<'_>) -> Vec<Block> {
    let named: Vec<(String, &Conditions)> = source
        .parties
        .iter()
        .filter_map(|party| {
            let block = source.form.conditions.iter().find(|block| block.unit == party.unit)?;
            Some((party.name.clone(), block))
        })
        .collect();
    if named.is_empty() {
        return vec![Block::Text(fact("研发条件", "", ""))];
    }
    let mut rows: Vec<Vec<String>> = named
        .iter()
        .map(|(unit, block)| {
            vec![
                unit.clone(),
                block.area_m2.to_string(),
                amount(block.equipment_fen),
                block.instruments.to_string(),
                block.pilot_lines.clone(),
                block.computing.clone(),
                block.sharing_rules.clone(),
            ]
        })
        .collect();
    let total = |of: fn(&Conditions) -> i64| -> i64 {
        named.iter().map(|(_, block)| of(block)).fold(0, i64::saturating_add)
    };
    rows.push(vec![
        "合计".to_owned(),
        total(|block| block.area_m2.into()).to_string(),
        amount(total(|block| block.equipment_fen)),
        total(|block| block.instruments.into()).to_string(),
        String::new(),
        String::new(),
        String::new(),
    ]);
    let columns = [
        ("单位", 5),
        ("场地（m²）", 3),
        ("设备原值（万元）", 4),
        ("五十万元以上仪器", 3),
        ("中试线", 4),
        ("数据与算力", 4),
        ("开放共享", 4),
    ];
    let mut blocks = vec![table("研发条件", "area_m2", &columns, rows)];
    let record: Vec<Vec<String>> = named
        .first()
        .map(|(_, block)| block.record())
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, (term, _))| {
            let counts: Vec<u32> = named.iter().map(|(_, block)| block.record()[at].1).collect();
            let sum: u64 = counts.iter().map(|count| u64::from(*count)).sum();
            let counts = counts.into_iter().map(|count| count.to_string());
            std::iter::once(term.to_owned()).chain(counts).chain([sum.to_string()]).collect()
        })
        .collect();
    let heads: Vec<(&str, u32)> = std::iter::once(("近三年成果", 4))
        .chain(named.iter().map(|(unit, _)| (unit.as_str(), 3)))
        .chain([("合计", 2)])
        .collect();
    blocks.push(table("近三年成果", "invention_patents", &heads, record));
    blocks.extend(record_tables(&named, true));
    blocks
}

pub(super) fn promise(source: &Source<'_>) -> Leaf {
    let (form, promise) = (source.form, source.form.promise);
    let facts = vec![
        fact("所报材料真实、准确，不含涉密内容", promised(form.truthful), "truthful"),
        fact("没有在惩戒期内的严重失信行为记录", promised(promise.honest), "honest"),
        fact("同意有关部门共享、核验所报信息", promised(promise.data_use), "data_use"),
        fact("同意公开列入名录的信息", promised(promise.publication), "publication"),
    ];
    leaf(Part::Promise, vec![Block::Facts(facts)])
}

pub(super) fn promised_by(source: &Source<'_>, party: &Party) -> Vec<(&'static str, bool)> {
    let found = source.form.promises.iter().find(|block| block.unit == party.unit);
    let block = found.cloned().unwrap_or_default();
    vec![
        ("自愿参加，按组建协议承担任务", block.takes_part),
        ("本单位所填内容真实、准确，不含涉密内容", block.truthful),
        ("同意有关部门共享、核验本单位信息", block.data_use),
    ]
}

pub(super) fn promised_leaf(source: &Source<'_>, party: &Party) -> Leaf {
    let fields = ["takes_part", "truthful", "data_use"];
    let facts = promised_by(source, party)
        .into_iter()
        .zip(fields)
        .map(|((label, yes), field)| fact(label, promised(yes), field))
        .collect();
    of_unit(Part::MemberPromise, party, vec![Block::Facts(facts)])
}
