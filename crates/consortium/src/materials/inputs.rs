//! T9 投入与收益分配 — who brings what in which year, and who gets what of it (Art. 6(2)).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::ids::UnitId;

/// 投入的形式.
pub const INPUT_FORMS: [&str; 5] = ["货币", "设备", "人力折价", "场地", "其他"];

/// T9 投入: one unit's input of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// 投入单位.
    pub unit: UnitId,
    /// 年度.
    pub year: i16,
    /// 形式: 货币、设备、人力折价、场地、其他.
    pub form: String,
    /// 金额, in fen; a trade secret, never public.
    pub amount_fen: i64,
}

/// T9 财政资金: public money, never counted with what the parties bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicMoney {
    /// 年度.
    pub year: i16,
    /// 来源.
    pub source: String,
    /// 金额, in fen; a trade secret, never public.
    pub amount_fen: i64,
}

/// 成果的类型, for sharing what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// 专利及专有技术.
    Patent,
    /// 软件与数据.
    Software,
    /// 新产品、新装备.
    Product,
    /// 标准.
    Standard,
    /// 转让许可收入.
    Licence,
    /// 其他.
    Other,
}

impl ResultKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Patent, Self::Software, Self::Product, Self::Standard, Self::Licence, Self::Other];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Patent => "专利及专有技术",
            Self::Software => "软件与数据",
            Self::Product => "新产品、新装备",
            Self::Standard => "标准",
            Self::Licence => "转让、许可收入",
            Self::Other => "其他",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patent => "patent",
            Self::Software => "software",
            Self::Product => "product",
            Self::Standard => "standard",
            Self::Licence => "licence",
            Self::Other => "other",
        }
    }
}

/// T9 收益分配: the rule for one kind of result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// 成果类型.
    pub kind: ResultKind,
    /// 分配办法.
    pub rule: String,
}

/// T9, beside the rows of inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Funding {
    /// 各方投入总额 as agreed, in fen, to be held against the sum of the rows; a trade secret.
    pub total_fen: i64,
    /// 财政资金.
    pub public_money: Vec<PublicMoney>,
    /// 收益分配.
    pub sharing: Vec<Sharing>,
    /// 经费托管单位.
    #[serde(skip_serializing_if = "is_default")]
    pub custodian: Option<UnitId>,
    /// 审计规定.
    pub audit: String,
}

/// 投入汇总 — unit by year, with the sums of rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The years, ascending.
    pub years: Vec<i16>,
    /// Each unit with its amount of each year and its sum.
    pub rows: Vec<(UnitId, Vec<i64>, i64)>,
    /// The sum of each year.
    pub columns: Vec<i64>,
    /// The sum of all.
    pub total: i64,
}

impl Matrix {
    /// Of these inputs, the units in the order of their first row.
    pub fn of(inputs: &[Input]) -> Self {
        let years: Vec<i16> =
            inputs.iter().map(|row| row.year).collect::<BTreeSet<_>>().into_iter().collect();
        let mut units: Vec<&UnitId> = Vec::new();
        let mut cells: BTreeMap<(&UnitId, i16), i64> = BTreeMap::new();
        for row in inputs {
            if !units.contains(&&row.unit) {
                units.push(&row.unit);
            }
            let cell = cells.entry((&row.unit, row.year)).or_default();
            *cell = cell.saturating_add(row.amount_fen);
        }
        let at = |unit: &UnitId, year: i16| cells.get(&(unit, year)).copied().unwrap_or_default();
        let rows: Vec<_> = units
            .iter()
            .map(|unit| {
                let row: Vec<i64> = years.iter().map(|year| at(unit, *year)).collect();
                let sum = sum(&row);
                ((*unit).clone(), row, sum)
            })
            .collect();
        let columns = years
            .iter()
            .map(|year| sum(&units.iter().map(|unit| at(unit, *year)).collect::<Vec<_>>()))
            .collect::<Vec<_>>();
        let total = sum(&columns);
        Self { years, rows, columns, total }
    }
}

/// The sum of amounts; the limits of the form keep it far below overflow.
pub(super) fn sum(amounts: &[i64]) -> i64 {
    amounts.iter().copied().fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_add_up_to_the_same_total() {
        let row = |unit: &str, year, amount_fen| Input {
            unit: UnitId::from(unit),
            year,
            form: "货币".to_owned(),
            amount_fen,
        };
        let inputs =
            [row("乙", 2027, 300), row("甲", 2026, 100), row("乙", 2026, 20), row("甲", 2026, 5)];
        let matrix = Matrix::of(&inputs);
        assert_eq!(matrix.years, [2026, 2027]);
        let rows: Vec<_> =
            matrix.rows.iter().map(|(unit, row, sum)| (unit.as_str(), row.clone(), *sum)).collect();
        assert_eq!(rows, [("乙", vec![20, 300], 320), ("甲", vec![105, 0], 105)]);
        assert_eq!((matrix.columns, matrix.total), (vec![125, 300], 425));
        assert_eq!(Matrix::of(&[]), Matrix::default());
    }
}
