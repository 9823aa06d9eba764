//! 单位的人员和经费数据 — figures that a unit states once: its people, and its money year by year.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// 年度数据 — one year of a unit's money, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFigures {
    /// 年度.
    pub year: i16,
    /// 营业收入, in fen.
    pub revenue_fen: i64,
    /// 研发费用, in fen.
    pub rd_spend_fen: i64,
}

/// 人员数据 — a unit's people, each figure a part of the one before or of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StaffFigures {
    /// 职工总数.
    pub staff: u32,
    /// 研发人员数.
    pub rd_staff: u32,
    /// 研发人员折合全时当量, in whole person-years.
    pub rd_fte: u32,
    /// 博士人数.
    pub doctors: u32,
    /// 高级职称人数.
    pub senior: u32,
}

/// Most years that a unit states.
pub const YEARS_MAX: usize = 5;
/// The earliest year that a form takes.
pub const YEAR_MIN: i16 = 2000;
/// The latest year that a form takes.
pub const YEAR_MAX: i16 = 2100;

impl StaffFigures {
    /// Refuses a part that is larger than the whole.
    pub fn check(&self) -> Result<(), Refusal> {
        let parts = [
            ("rd_staff", "研发人员数", self.rd_staff),
            ("doctors", "博士人数", self.doctors),
            ("senior", "高级职称人数", self.senior),
        ];
        for (field, label, part) in parts {
            if part > self.staff {
                return Err(Refusal::field(
                    field,
                    &format!("{label}多于职工总数（{part} 人，职工总数 {} 人）", self.staff),
                    "核对两个数",
                )
                .under("5.2"));
            }
        }
        if self.rd_fte > self.rd_staff {
            let reason = format!(
                "折合全时当量多于研发人员数（{} 人年，研发人员 {} 人）",
                self.rd_fte, self.rd_staff
            );
            return Err(Refusal::field("rd_fte", &reason, "核对两个数").under("5.2"));
        }
        Ok(())
    }
}

/// Refuses a year twice, one that no form takes, an amount below nought, and too many years.
pub fn check_years(field: &str, years: &[YearFigures]) -> Result<(), Refusal> {
    if years.len() > YEARS_MAX {
        let reason = format!("年度数据最多 {YEARS_MAX} 行，现为 {} 行", years.len());
        return Err(Refusal::field(field, &reason, "保留最近几年"));
    }
    for (at, row) in years.iter().enumerate() {
        year(row.year)?;
        if years.iter().take(at).any(|earlier| earlier.year == row.year) {
            let reason = format!("{} 年的数据填了两行", row.year);
            return Err(Refusal::field(field, &reason, "每个年度只填一行"));
        }
        if row.revenue_fen < 0 || row.rd_spend_fen < 0 {
            return Err(Refusal::field(field, "金额不能为负数", "核对金额"));
        }
    }
    Ok(())
}

/// Refuses a year that no form takes.
pub fn year(year: i16) -> Result<(), Refusal> {
    if (YEAR_MIN..=YEAR_MAX).contains(&year) {
        return Ok(());
    }
    Err(Refusal::field("year", &format!("年度在 {YEAR_MIN} 到 {YEAR_MAX} 之间"), "核对年度"))
}

/// 合计 — revenue and research spending of all years.
pub fn totals(years: &[YearFigures]) -> (i64, i64) {
    let sum = |of: fn(&YearFigures) -> i64| years.iter().map(of).fold(0, i64::saturating_add);
    (sum(|row| row.revenue_fen), sum(|row| row.rd_spend_fen))
}

/// 研发费用占营业收入的比例, in words: without revenue there is none.
pub fn ratio(revenue_fen: i64, rd_spend_fen: i64) -> String {
    if revenue_fen <= 0 {
        return "—".to_owned();
    }
    let hundredths = i128::from(rd_spend_fen) * 10_000 / i128::from(revenue_fen);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: StaffFigures =
        StaffFigures { staff: 320, rd_staff: 90, rd_fte: 72, doctors: 20, senior: 40 };

    fn refused(figures: StaffFigures) -> Option<String> {
        figures.check().err().and_then(|refusal| refusal.field)
    }

    #[test]
    fn a_part_is_no_larger_than_its_whole() {
        assert_eq!(refused(PEOPLE), None);
        assert_eq!(refused(StaffFigures { rd_staff: 320, ..PEOPLE }), None);
        for (field, wrong) in [
            ("rd_staff", StaffFigures { rd_staff: 321, ..PEOPLE }),
            ("doctors", StaffFigures { doctors: 321, ..PEOPLE }),
            ("senior", StaffFigures { senior: 321, ..PEOPLE }),
            ("rd_fte", StaffFigures { rd_fte: 91, ..PEOPLE }),
        ] {
            assert_eq!(refused(wrong).as_deref(), Some(field));
        }
    }

    #[test]
    fn each_year_stands_once_and_no_amount_is_below_nought() {
        let row = |year| YearFigures { year, revenue_fen: 100, rd_spend_fen: 7 };
        let sentence = |rows: &[YearFigures]| check_years("years", rows).err().map(|r| r.reason);
        assert_eq!(sentence(&[row(2023), row(2024), row(2025)]), None);
        assert_eq!(sentence(&[row(2024), row(2024)]).as_deref(), Some("2024 年的数据填了两行"));
        assert_eq!(sentence(&[row(2020); 6]).as_deref(), Some("年度数据最多 5 行，现为 6 行"));
        assert_eq!(sentence(&[row(YEAR_MIN)]), None);
        assert!(sentence(&[row(YEAR_MIN - 1)]).is_some());
        let below = YearFigures { rd_spend_fen: -1, ..row(2024) };
        assert_eq!(sentence(&[below]).as_deref(), Some("金额不能为负数"));
    }

    #[test]
    fn the_ratio_is_computed_and_is_a_dash_without_revenue() {
        let rows = [
            YearFigures { year: 2024, revenue_fen: 12_000_000_000, rd_spend_fen: 600_000_000 },
            YearFigures { year: 2025, revenue_fen: 8_000_000_000, rd_spend_fen: 900_000_000 },
        ];
        let (revenue, spent) = totals(&rows);
        assert_eq!((revenue, spent), (20_000_000_000, 1_500_000_000));
        assert_eq!(ratio(revenue, spent), "7.50%");
        assert_eq!(ratio(0, spent), "—");
        assert_eq!(ratio(i64::MAX, i64::MAX), "100.00%");
    }
}
