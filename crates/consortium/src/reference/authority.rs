//! 归口管理部门 — who recommends, on which days, for which area (Art. 6(4)).

use std::sync::LazyLock;

use jiff::civil::Date;

use super::area::league_of;

/// 归口管理部门 — a recommending authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// `RA01` …
    pub id: &'static str,
    /// The full name.
    pub name: &'static str,
    /// The area it answers for, GB/T 2260.
    pub area: &'static str,
    /// What kind of body it is.
    pub kind: AuthorityKind,
    /// Whether it may recommend.
    pub standing: AuthorityStanding,
    /// The first day of this entry; open where the day is not known.
    pub valid_from: Option<Date>,
    /// The last day of this entry.
    pub valid_to: Option<Date>,
    /// What shows that it recommends.
    pub basis: &'static str,
}

/// What kind of body recommends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityKind {
    /// 盟市科技局.
    League,
    /// 计划单列 county city, which stands beside its league.
    County,
    /// 高新区管委会.
    HighTechZone,
}

/// Whether an authority may recommend consortia.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityStanding {
    /// The Department addresses it as a recommending authority.
    Established,
    /// 待确认 — it recommends other things; whether it may recommend consortia is not settled.
    Flagged,
    /// 未启用.
    Off,
}

impl Authority {
    /// Whether the entry is in use on a day.
    pub fn is_valid(&self, on: Date) -> bool {
        self.standing != AuthorityStanding::Off
            && self.valid_from.is_none_or(|from| from <= on)
            && self.valid_to.is_none_or(|to| on <= to)
    }
}

static AUTHORITIES: LazyLock<Vec<Authority>> = LazyLock::new(|| {
    super::entries(include_str!("../../data/reference/authorities.txt"))
        .map(|[id, name, area, kind, standing, from, to, basis]| Authority {
            id,
            name,
            area,
            kind: kind_of(kind),
            standing: standing_of(standing),
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            basis,
        })
        .collect()
});

fn kind_of(word: &str) -> AuthorityKind {
    match word {
        "county" => AuthorityKind::County,
        "high_tech_zone" => AuthorityKind::HighTechZone,
        _ => AuthorityKind::League,
    }
}

fn standing_of(word: &str) -> AuthorityStanding {
    match word {
        "established" => AuthorityStanding::Established,
        "flagged" => AuthorityStanding::Flagged,
        _ => AuthorityStanding::Off,
    }
}

/// Every authority, also those that are off.
pub fn authorities() -> &'static [Authority] {
    &AUTHORITIES
}

/// The authority of that id.
pub fn authority(id: &str) -> Option<&'static Authority> {
    authorities().iter().find(|authority| authority.id == id)
}

/// 归口 — which authority recommends a lead whose domicile (住所) lies in `area`.
///
/// The first that fits: the high-tech zone the lead is registered in, by its id, where it lies in
/// the same league; the county city that stands beside its league (满洲里, 二连浩特); the league.
/// `None` outside the region, and for registrations that name no league (150000).
pub fn route(area: &str, on: Date, high_tech_zone: Option<&str>) -> Option<&'static Authority> {
    let league = league_of(area)?.code;
    let valid = |kind: AuthorityKind| {
        authorities().iter().filter(move |found| found.kind == kind && found.is_valid(on))
    };
    let zone = valid(AuthorityKind::HighTechZone)
        .find(|zone| Some(zone.id) == high_tech_zone && zone.area == league);
    let county = || valid(AuthorityKind::County).find(|county| county.area == area);
    let bureau = || valid(AuthorityKind::League).find(|bureau| bureau.area == league);
    zone.or_else(county).or_else(bureau)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::reference::{area, leagues};

    #[test]
    fn every_league_has_a_bureau_and_every_authority_an_area_and_a_basis() {
        let on = date(2026, 3, 2);
        for league in leagues() {
            let bureau = route(league.code, on, None).unwrap();
            assert_eq!((bureau.kind, bureau.area), (AuthorityKind::League, league.code));
        }
        for authority in authorities() {
            assert!(area(authority.area).is_some() && !authority.basis.is_empty(), "{authority:?}");
        }
    }

    #[test]
    fn the_domicile_decides_and_county_cities_and_zones_come_first() {
        // area, zone, authority
        let table = [
            ("150104", None, Some("RA01")),
            ("150172", None, Some("RA01")),
            ("150203", None, Some("RA02")),
            ("150781", None, Some("RA13")),
            ("150782", None, Some("RA07")),
            ("152501", None, Some("RA14")),
            ("152502", None, Some("RA11")),
            ("152921", None, Some("RA12")),
            ("150203", Some("RA16"), Some("RA16")),
            ("150104", Some("RA16"), Some("RA01")),
            ("150203", Some("RA18"), Some("RA02")),
            ("150203", Some("RA02"), Some("RA02")),
            ("110108", None, None),
            ("150000", None, None),
            ("", None, None),
        ];
        for (area, zone, id) in table {
            let found = route(area, date(2026, 3, 2), zone).map(|authority| authority.id);
            assert_eq!(found, id, "{area} {zone:?}");
        }
    }

    #[test]
    fn an_entry_is_used_on_its_days_only() {
        let dated = Authority {
            valid_from: Some(date(2026, 1, 1)),
            valid_to: Some(date(2026, 12, 31)),
            ..*authority("RA01").unwrap()
        };
        // day, valid
        let table = [
            (date(2025, 12, 31), false),
            (date(2026, 1, 1), true),
            (date(2026, 12, 31), true),
            (date(2027, 1, 1), false),
        ];
        for (day, valid) in table {
            assert_eq!(dated.is_valid(day), valid, "{day}");
        }
        assert!(!authority("RA18").unwrap().is_valid(date(2026, 3, 2)));
    }
}
