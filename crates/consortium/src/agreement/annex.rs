//! 附表 — the tables that the parties sign with the clauses, as people read them (Art. 6(2)).
//!
//! They are rows of the application, so that nothing is typed twice. One reading for the page of
//! the agreement, for two versions side by side, and for the paper; which columns a format
//! signs stands here and, in the same words of the same rows, in [`super::canonical`].

use super::format::Format;
use super::{ANNEX, AgreementText, Heading};
use crate::{
    ids::UnitId,
    materials::{Body, Foreground, Materials},
};

/// 一张附表.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annex {
    /// Its number and what it is called: `附表一　考核指标`.
    pub title: &'static str,
    /// The heads of its columns, each with its width as a share.
    pub columns: &'static [(&'static str, u32)],
    /// The rows, a cell a column; empty where nothing was written.
    pub rows: Vec<Vec<String>>,
    /// What stands under it: the sum.
    pub note: Option<String>,
}

impl Annex {
    /// The cells of a row, each with the head of its column.
    pub fn labelled<'a>(
        &'a self,
        row: &'a [String],
    ) -> impl Iterator<Item = (&'static str, &'a str)> {
        self.columns.iter().zip(row).map(|((head, _), cell)| (*head, cell.as_str()))
    }
}

/// What a table of terms has: one matter a row.
const TERMS: &[(&str, u32)] = &[("事项", 3), ("约定", 9)];

/// Every annex of a format, in order, the empty ones too.
pub fn annexes(materials: &Materials, format: Format) -> Vec<Annex> {
    let mut all = vec![indicators(materials, format), work(materials, format), inputs(materials)];
    if format.signs_every_table() {
        all.extend([
            sharing(materials),
            background(materials),
            foreground(materials),
            organisation(materials),
        ]);
    }
    all.push(files(materials));
    all
}

/// A unit's name; whose place in the filing is gone has none.
fn named(materials: &Materials, unit: &UnitId) -> String {
    materials.party(unit).map_or("已移出的单位", |party| &party.name).to_owned()
}

fn annex(
    title: &'static str,
    columns: &'static [(&'static str, u32)],
    rows: Vec<Vec<String>>,
) -> Annex {
    Annex { title, columns, rows, note: None }
}

fn indicators(materials: &Materials, format: Format) -> Annex {
    const EARLIER: &[(&str, u32)] = &[("指标", 6), ("现状值", 3), ("目标值", 3), ("完成年度", 2)];
    const COLUMNS: &[(&str, u32)] =
        &[("指标", 6), ("计量单位", 2), ("现状值", 3), ("目标值", 3), ("完成年度", 2)];
    let all = format.signs_every_table();
    let rows = materials.indicators.iter().map(|row| {
        let measure = all.then(|| row.measure.clone());
        let rest = [row.baseline.clone(), row.target.clone(), row.year.to_string()];
        std::iter::once(row.name.clone()).chain(measure).chain(rest).collect()
    });
    annex("附表一　考核指标", if all { COLUMNS } else { EARLIER }, rows.collect())
}

fn work(materials: &Materials, format: Format) -> Annex {
    const COLUMNS: &[(&str, u32)] =
        &[("任务", 7), ("类型", 3), ("单位", 7), ("起止", 4), ("成果形式", 6)];
    let all = format.signs_every_table();
    let rows = materials.work.iter().map(|row| {
        let partners: Vec<_> = row.partners.iter().map(|unit| named(materials, unit)).collect();
        let more = |label: &str, words: &[String]| {
            let said = all && !words.is_empty();
            if said { format!("；{label}：{}", words.join("、")) } else { String::new() }
        };
        vec![
            row.content.clone(),
            row.kind.term().to_owned(),
            named(materials, &row.unit) + &more("参与", &partners),
            format!("{} 至 {}", row.from, row.to),
            row.deliverable.clone() + &more("对应指标", &row.indicators),
        ]
    });
    annex("附表二　任务分工", COLUMNS, rows.collect())
}

fn inputs(materials: &Materials) -> Annex {
    const COLUMNS: &[(&str, u32)] =
        &[("投入单位", 5), ("年度", 2), ("形式", 2), ("金额（万元）", 3)];
    let rows: Vec<_> = materials
        .inputs
        .iter()
        .map(|row| {
            let amount = ten_thousands(row.amount_fen);
            vec![named(materials, &row.unit), row.year.to_string(), row.form.clone(), amount]
        })
        .collect();
    let total = materials.inputs.iter().map(|row| row.amount_fen).fold(0, i64::saturating_add);
    let note = (!rows.is_empty()).then(|| format!("合计 {} 万元", ten_thousands(total)));
    Annex { note, ..annex("附表三　投入", COLUMNS, rows) }
}

/// The terms on which something was written, in their order.
fn terms(all: Vec<(String, String)>) -> Vec<Vec<String>> {
    let written = all.into_iter().filter(|(_, words)| !words.trim().is_empty());
    written.map(|(matter, words)| vec![matter, words]).collect()
}

fn term(matter: &str, words: impl Into<String>) -> (String, String) {
    (matter.to_owned(), words.into())
}

/// A figure with its unit; nothing for nought.
fn of(count: u32, unit: &str) -> String {
    if count == 0 { String::new() } else { format!("{count} {unit}") }
}

fn when(agreed: bool, words: &str) -> &str {
    if agreed { words } else { "" }
}

fn sharing(materials: &Materials) -> Annex {
    let funding = &materials.funding;
    let shared = funding.sharing.iter();
    let mut all: Vec<_> =
        shared.map(|row| (format!("{}的收益", row.kind.term()), row.rule.clone())).collect();
    let total = match funding.total_fen {
        0 => String::new(),
        fen => format!("{} 万元", ten_thousands(fen)),
    };
    let custodian = funding.custodian.as_ref().map(|unit| named(materials, unit));
    all.extend([
        term("各方投入总额", total),
        term("经费托管单位", custodian.unwrap_or_default()),
        term("审计规定", funding.audit.as_str()),
    ]);
    annex("附表四　收益分配和经费管理", TERMS, terms(all))
}

fn background(materials: &Materials) -> Annex {
    const COLUMNS: &[(&str, u32)] = &[("名称", 6), ("类型", 3), ("编号", 5), ("权利人", 5)];
    let rows = materials.rights.background.iter().map(|row| {
        let owner = named(materials, &row.owner);
        vec![row.name.clone(), row.kind.clone(), row.no.clone(), owner]
    });
    annex("附表五　背景知识产权", COLUMNS, rows.collect())
}

fn foreground(materials: &Materials) -> Annex {
    let rights = &materials.rights;
    let mut all = vec![
        // Where the parties say nothing the law speaks, and not they.
        term("归属", rights.foreground.map_or("", Foreground::term)),
        term("归属的补充约定", rights.foreground_text.as_str()),
    ];
    all.extend(rights.shares.iter().map(|row| {
        let matter = format!("{}的份额", named(materials, &row.unit));
        (matter, format!("{}%", row.percent))
    }));
    all.extend([
        term("许可", when(rights.priority_licence, "联合体内成员优先获得许可")),
        term("转让", when(rights.transfer_consent, "须经其他各方同意")),
        term("发表前的审查", of(rights.publication_days, "天")),
        term("保密年限", of(rights.confidential_years, "年")),
        term("退出时的处理", rights.exit.as_str()),
    ]);
    annex("附表六　新产生的知识产权", TERMS, terms(all))
}

fn organisation(materials: &Materials) -> Annex {
    let kept = &materials.organisation;
    let liable = kept.liable.as_ref().map(|unit| named(materials, unit));
    let mut all = vec![
        term("决策机构", kept.decides.map_or("", Body::term)),
        term("决策机构的组成", kept.composition.as_str()),
        term("表决规则", kept.voting.as_str()),
        term("专家委员会", kept.advisers.as_str()),
        term("秘书处或办公室", kept.office.as_str()),
        term("专职人员", of(kept.office_staff, "人")),
        term("对外承担责任的单位", liable.unwrap_or_default()),
        term("每年会议", of(kept.meetings, "次")),
        term("开放机制", kept.opening.as_str()),
    ];
    all.extend(kept.internal_rules.iter().map(|rule| {
        let since = rule.since.map(|since| format!("，{since} 起施行")).unwrap_or_default();
        term("内部制度", format!("{}{since}", rule.title))
    }));
    annex("附表七　组织与运行", TERMS, terms(all))
}

/// What the annex of the organisation says beside which body decides, each matter once.
pub(super) fn matters_beside_the_body(materials: &Materials) -> Vec<String> {
    let rows = organisation(materials).rows;
    let mut matters: Vec<String> =
        rows.into_iter().skip(1).filter_map(|row| row.into_iter().next()).collect();
    matters.dedup();
    matters
}

/// The headings that point to an annex in which nothing stands, each with what the annex is called.
pub fn pointed_at_empty(
    text: &AgreementText,
    materials: &Materials,
) -> Vec<(&'static Heading, &'static str)> {
    let all = annexes(materials, Format::default());
    let empty: Vec<&'static str> =
        all.iter().filter(|annex| annex.rows.is_empty()).map(|annex| annex.title).collect();
    let number = |title: &'static str| title.split('\u{3000}').next().unwrap_or(title);
    let mut found = Vec::new();
    for (heading, words) in text.written() {
        let to = empty.iter().filter(|title| words.contains(number(title)));
        found.extend(to.map(|title| (heading, *title)));
    }
    found
}

fn files(materials: &Materials) -> Annex {
    const COLUMNS: &[(&str, u32)] = &[("文件", 4), ("字节数", 2), ("SHA-256", 8)];
    let files = materials.attachments.iter().filter(|file| file.item == ANNEX);
    let rows = files
        .map(|file| vec![file.name.clone(), file.size_bytes.to_string(), file.digest.0.clone()]);
    annex(ANNEX, COLUMNS, rows.collect())
}

/// An amount in 万元 with its two decimals, and more where there are more.
fn ten_thousands(fen: i64) -> String {
    let (whole, rest) = (fen / 1_000_000, (fen % 1_000_000).abs());
    let decimals = format!("{rest:06}");
    let kept = decimals.trim_end_matches('0');
    format!("{whole}.{kept:0<2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_ten_thousands() {
        // fen, shown
        for (fen, shown) in [(0, "0.00"), (1_234_500, "1.2345"), (200_000_000, "200.00")] {
            assert_eq!(ten_thousands(fen), shown);
        }
    }
}
