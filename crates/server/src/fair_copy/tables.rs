//! T6 to T12: goals, technologies, tasks, inputs, rights, organisation, plan.

use consortium::materials::{BY_LAW, Body, Foreground, Matrix, Part};

use super::{Block, Leaf, Source, Table, fact, leaf, of, table, units, wan};
use crate::pages::shell::parse::amount;

pub(super) fn goals(source: &Source<'_>) -> Leaf {
    let form = source.form;
    let yearly = form.yearly.iter().map(|row| vec![row.year.to_string(), row.goal.clone()]);
    let indicators = form.indicators.iter().map(|row| {
        vec![
            row.name.clone(),
            row.measure.clone(),
            row.baseline.clone(),
            row.target.clone(),
            row.year.to_string(),
        ]
    });
    let of_indicators =
        [("考核指标", 4), ("计量单位", 2), ("现状值", 2), ("目标值", 2), ("完成年度", 2)];
    let blocks = vec![
        Block::Text(fact("总体目标", form.goals.as_str(), "goals")),
        table("年度目标", "yearly", &[("年度", 1), ("年度目标", 6)], yearly.collect()),
        table("考核指标", "indicators", &of_indicators, indicators.collect()),
    ];
    leaf(Part::Goals, blocks)
}

pub(super) fn technologies(source: &Source<'_>) -> Leaf {
    let row = |(no, row): (usize, &consortium::materials::KeyTechnology)| {
        let level = |level: Option<u8>| level.map_or("—".to_owned(), |level| level.to_string());
        let levels = match (row.trl_from, row.trl_to) {
            (None, None) => String::new(),
            (from, to) => format!("{} → {}", level(from), level(to)),
        };
        let lead = row.lead_unit.as_ref().map(|unit| source.party(unit)).unwrap_or_default();
        let partners = source.all(&row.partners);
        let who = match (lead.is_empty(), partners.is_empty()) {
            (_, true) => lead,
            (true, false) => partners,
            (false, false) => format!("{lead}；参与：{partners}"),
        };
        vec![
            (no + 1).to_string(),
            row.name.clone(),
            row.state.clone(),
            row.bottleneck.clone(),
            row.approach.clone(),
            levels,
            who,
        ]
    };
    let columns = [
        ("序号", 2),
        ("关键技术", 4),
        ("国内外现状", 5),
        ("难题", 5),
        ("攻关思路", 5),
        ("就绪度", 2),
        ("牵头和参与单位", 5),
    ];
    let rows = source.form.technologies.iter().enumerate().map(row).collect();
    leaf(Part::Technologies, vec![table("关键技术", "technologies", &columns, rows)])
}

pub(super) fn work(source: &Source<'_>) -> Leaf {
    let row = |(no, row): (usize, &consortium::materials::WorkPackage)| {
        vec![
            (no + 1).to_string(),
            row.content.clone(),
            row.kind.term().to_owned(),
            source.party(&row.unit),
            source.all(&row.partners),
            format!("{} 至 {}", row.from, row.to),
            row.deliverable.clone(),
            row.indicators.join("、"),
        ]
    };
    let columns = [
        ("序号", 2),
        ("任务内容", 6),
        ("类型", 3),
        ("负责单位", 4),
        ("参与单位", 4),
        ("起止", 4),
        ("成果形式", 4),
        ("对应指标", 4),
    ];
    let rows = source.form.work.iter().enumerate().map(row).collect();
    leaf(Part::Work, vec![table("任务分工", "work", &columns, rows)])
}

/// Unit by year, with the sums of rows and columns; `None` where nothing is put in.
pub(super) fn matrix(source: &Source<'_>) -> Option<Table> {
    let matrix = Matrix::of(&source.form.inputs);
    if matrix.rows.is_empty() {
        return None;
    }
    let heads = std::iter::once("投入单位（万元）".to_owned())
        .chain(matrix.years.iter().map(|year| format!("{year} 年")))
        .chain(["合计".to_owned()]);
    let cells = |name: String, row: &[i64], sum: i64| -> Vec<String> {
        let amounts = row.iter().map(|fen| amount(*fen));
        std::iter::once(name).chain(amounts).chain([amount(sum)]).collect()
    };
    let mut rows: Vec<Vec<String>> =
        matrix.rows.iter().map(|(unit, row, sum)| cells(source.party(unit), row, *sum)).collect();
    rows.push(cells("合计".to_owned(), &matrix.columns, matrix.total));
    let widths = std::iter::once(5).chain(matrix.years.iter().map(|_| 3)).chain([3]);
    Some(Table {
        caption: "投入汇总",
        field: "inputs",
        heads: heads.collect(),
        widths: widths.collect(),
        rows,
        note: None,
    })
}

pub(super) fn inputs(source: &Source<'_>) -> Leaf {
    let (form, funding) = (source.form, &source.form.funding);
    let rows = form.inputs.iter().map(|row| {
        vec![
            source.party(&row.unit),
            row.year.to_string(),
            row.form.clone(),
            amount(row.amount_fen),
        ]
    });
    let columns = [("投入单位", 4), ("年度", 1), ("形式", 2), ("金额（万元）", 2)];
    let public: i64 = sum(funding.public_money.iter().map(|row| row.amount_fen));
    let of_public = funding
        .public_money
        .iter()
        .map(|row| vec![row.year.to_string(), row.source.clone(), amount(row.amount_fen)]);
    let sharing =
        funding.sharing.iter().map(|row| vec![row.kind.term().to_owned(), row.rule.clone()]);
    let custodian = funding.custodian.as_ref().map(|unit| source.party(unit)).unwrap_or_default();
    let mut blocks = vec![table("各方投入", "inputs", &columns, rows.collect())];
    blocks.extend(matrix(source).map(Block::Table));
    blocks.push(Block::Facts(vec![fact("各方投入总额", wan(funding.total_fen), "total_fen")]));
    let heads = [("年度", 1), ("来源", 4), ("金额（万元）", 2)];
    blocks.push(noted(
        table("财政资金", "public_money", &heads, of_public.collect()),
        format!("财政资金合计 {} 万元，不计入各方投入", amount(public)),
    ));
    let heads = [("成果类型", 2), ("分配办法", 6)];
    blocks.push(table("收益分配", "sharing", &heads, sharing.collect()));
    blocks.push(Block::Facts(vec![
        fact("经费托管单位", custodian, "custodian"),
        fact("审计规定", funding.audit.as_str(), "audit"),
    ]));
    leaf(Part::Inputs, blocks)
}

fn sum(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}

/// A table with its sums under it, where it has rows.
fn noted(block: Block, note: String) -> Block {
    match block {
        Block::Table(table) if !table.rows.is_empty() => {
            Block::Table(Table { note: Some(note), ..table })
        }
        other => other,
    }
}

pub(super) fn rights(source: &Source<'_>) -> Leaf {
    let rights = &source.form.rights;
    let background = rights.background.iter().map(|row| {
        vec![row.name.clone(), row.kind.clone(), row.no.clone(), source.party(&row.owner)]
    });
    let shares =
        rights.shares.iter().map(|row| vec![source.party(&row.unit), format!("{}%", row.percent)]);
    let total: u32 = rights.shares.iter().map(|row| row.percent).sum();
    let yes = |yes: bool, words: &str| if yes { words.to_owned() } else { String::new() };
    let heads = [("名称", 5), ("类型", 3), ("编号", 4), ("权利人", 4)];
    let blocks = vec![
        table("背景知识产权", "background", &heads, background.collect()),
        Block::Facts(vec![
            fact(
                "新产生的知识产权归属",
                rights.foreground.map_or(BY_LAW, Foreground::term),
                "foreground",
            ),
            fact("归属的补充约定", rights.foreground_text.as_str(), "foreground_text"),
        ]),
        noted(
            table("份额", "shares", &[("单位", 5), ("份额", 2)], shares.collect()),
            format!("合计 {total}%"),
        ),
        Block::Facts(vec![
            fact(
                "优先许可",
                yes(rights.priority_licence, "联合体内成员优先获得许可"),
                "priority_licence",
            ),
            fact("转让", yes(rights.transfer_consent, "须经其他各方同意"), "transfer_consent"),
            fact("发表前的审查", of(rights.publication_days, "天"), "publication_days"),
            fact("保密年限", of(rights.confidential_years, "年"), "confidential_years"),
            fact("退出时的处理", rights.exit.as_str(), "exit"),
        ]),
    ];
    leaf(Part::Rights, blocks)
}

pub(super) fn organisation(source: &Source<'_>) -> Leaf {
    let kept = &source.form.organisation;
    let liable = kept.liable.as_ref().map(|unit| source.party(unit)).unwrap_or_default();
    let blocks = vec![
        Block::Facts(vec![
            fact("决策机构", kept.decides.map_or("", Body::term), "decides"),
            fact("决策机构的组成", kept.composition.as_str(), "composition"),
            fact("表决规则", kept.voting.as_str(), "voting"),
            fact("专家委员会", kept.advisers.as_str(), "advisers"),
            fact("秘书处或办公室", kept.office.as_str(), "office"),
            fact("专职人员", of(kept.office_staff, "人"), "office_staff"),
            fact("对外承担责任的单位", liable, "liable"),
            fact("每年会议", of(kept.meetings, "次"), "meetings"),
            fact("开放机制", kept.opening.as_str(), "opening"),
        ]),
        units::ruled("内部制度", "internal_rules", &kept.internal_rules),
    ];
    leaf(Part::Organisation, blocks)
}

pub(super) fn plan(source: &Source<'_>) -> Leaf {
    let plan = &source.form.plan;
    let rows = plan.rows.iter().map(|row| {
        vec![row.year.to_string(), row.item.clone(), row.source.clone(), amount(row.amount_fen)]
    });
    let total = sum(plan.rows.iter().map(|row| row.amount_fen));
    let heads = [("年度", 1), ("项目或任务", 5), ("资金来源", 3), ("金额（万元）", 2)];
    let blocks = vec![
        Block::Text(fact("总体安排", plan.outline.as_str(), "outline")),
        noted(
            table("分年度的项目和资金", "rows", &heads, rows.collect()),
            format!("合计 {} 万元", amount(total)),
        ),
    ];
    leaf(Part::Plan, blocks)
}
