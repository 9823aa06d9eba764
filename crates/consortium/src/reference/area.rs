//! 行政区划 — the 12 leagues and cities and their 103 counties, banners and districts.

use std::sync::LazyLock;

/// 行政区划 — a league or city, or a county, banner or district of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// GB/T 2260, six digits.
    pub code: &'static str,
    /// The full name.
    pub name: &'static str,
    /// The name for narrow places; the full name where there is no shorter one.
    pub short: &'static str,
    /// The code of the league or city it belongs to; its own for those.
    pub league: &'static str,
    /// Where a league stands in the hexagon figure.
    pub hexagon: Option<Hexagon>,
}

/// The place of a league in the hexagon figure: pointy-top cells, odd rows shifted half a cell.
/// 六边形按方位示意，不是行政区划地图.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hexagon {
    /// Half columns from the left: 9 is column 4.5.
    pub half_columns: u8,
    /// Rows from the top.
    pub row: u8,
}

static AREAS: LazyLock<Vec<Area>> = LazyLock::new(|| {
    let mut league = "";
    super::entries(include_str!("../../data/reference/areas.txt"))
        .map(|[kind, code, name, short, half_columns, row]| {
            let is_league = kind == "league";
            league = if is_league { code } else { league };
            let hexagon = is_league.then(|| Hexagon {
                half_columns: half_columns.parse().unwrap_or_default(),
                row: row.parse().unwrap_or_default(),
            });
            Area { code, name, short: if is_league { short } else { name }, league, hexagon }
        })
        .collect()
});

/// Every area, each league before its counties.
pub fn areas() -> &'static [Area] {
    &AREAS
}

/// The area of that code. Codes of statistics that are no divisions (150172) have none.
pub fn area(code: &str) -> Option<&'static Area> {
    areas().iter().find(|area| area.code == code)
}

/// 盟市 — the 12 leagues and cities.
pub fn leagues() -> impl Iterator<Item = &'static Area> {
    areas().iter().filter(|area| area.hexagon.is_some())
}

/// 旗县市区 — the counties, banners and districts of a league or city.
pub fn counties_of(league: &str) -> impl Iterator<Item = &'static Area> {
    areas().iter().filter(move |area| area.league == league && area.hexagon.is_none())
}

/// The league or city in which any six-digit code lies, a division or not, by its first four
/// digits; `None` outside the region and for codes of the region as a whole.
pub fn league_of(code: &str) -> Option<&'static Area> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let prefix = code.get(..4).filter(|_| digits)?;
    leagues().find(|league| league.code.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twelve_leagues_and_a_hundred_and_three_counties() {
        // league, counties
        let table = [
            ("150100", 9),
            ("150200", 9),
            ("150300", 3),
            ("150400", 12),
            ("150500", 8),
            ("150600", 9),
            ("150700", 14),
            ("150800", 7),
            ("150900", 11),
            ("152200", 6),
            ("152500", 12),
            ("152900", 3),
        ];
        assert_eq!(leagues().count(), table.len());
        for (league, counties) in table {
            assert_eq!(counties_of(league).count(), counties, "{league}");
        }
        assert_eq!(areas().len(), 12 + 103);
    }

    #[test]
    fn every_code_stands_once_and_under_its_league() {
        for area in areas() {
            assert_eq!(areas().iter().filter(|other| other.code == area.code).count(), 1);
            assert_eq!(area.code[..4], area.league[..4], "{area:?}");
            assert!(!area.name.is_empty() && !area.short.is_empty(), "{area:?}");
        }
    }

    #[test]
    fn a_code_of_statistics_is_no_area_but_lies_in_a_league() {
        assert_eq!(area("150172"), None);
        assert_eq!(league_of("150172").map(|area| area.name), Some("呼和浩特市"));
        assert_eq!(area("150427"), None);
    }

    #[test]
    fn a_code_outside_the_region_or_of_the_whole_region_lies_in_no_league() {
        for code in ["110108", "150000", "100000", "157104", "1501", "1501O4", ""] {
            assert_eq!(league_of(code), None, "{code}");
        }
    }

    #[test]
    fn every_league_has_a_hexagon_of_its_own() {
        let places: Vec<_> = leagues().filter_map(|area| area.hexagon).collect();
        for (index, place) in places.iter().enumerate() {
            assert!(!places[..index].contains(place), "{place:?}");
            assert_eq!(place.half_columns % 2, place.row % 2, "odd rows are shifted: {place:?}");
        }
    }
}
