//! What somebody asks of the register. The whole question stands in the address.

use consortium::reference::{self, AuthorityKind};
use consortium::register::Status;
use serde::Deserialize;
use store::{DossierRow, RegisterQuery, StoreError, Tx, lists};

/// Characters of a text that is looked for.
pub(crate) const TEXT_CHARS_MAX: usize = 60;

/// The question, as the form and the links write it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// Name, unit, number.
    pub(super) q: String,
    /// 技术领域.
    pub(super) field: String,
    /// A league by its code, or an authority by its id.
    pub(super) place: String,
    /// 名录状态.
    pub(super) status: String,
    /// 备案年份.
    pub(super) year: String,
    /// The page after this line.
    pub(super) after: String,
    /// The page before this line.
    pub(super) before: String,
}

/// A page of the register.
pub(super) struct Found {
    /// The lines, newest filing first.
    pub(super) rows: Vec<DossierRow>,
    /// Where the page before goes on.
    pub(super) previous: Option<String>,
    /// Where the next page goes on.
    pub(super) next: Option<String>,
}

impl Filter {
    /// Whether anything in particular is asked.
    pub(super) fn asks(&self) -> bool {
        [&self.q, &self.field, &self.place, &self.status, &self.year]
            .iter()
            .any(|part| !part.trim().is_empty())
    }

    /// The address of this question under a path, without its page.
    pub(super) fn href(&self, path: &str) -> String {
        self.href_with(path, None)
    }

    /// The address of this question, with a place in the list.
    pub(super) fn href_with(&self, path: &str, cursor: Option<(&str, &str)>) -> String {
        let asked = [
            ("q", self.q.trim()),
            ("field", &self.field),
            ("place", &self.place),
            ("status", &self.status),
            ("year", &self.year),
        ];
        let pairs: Vec<(&str, &str)> =
            asked.into_iter().chain(cursor).filter(|(_, value)| !value.is_empty()).collect();
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    /// The authorities that are meant: `None` for all of them.
    fn authorities(&self) -> Option<Vec<String>> {
        if self.place.is_empty() {
            return None;
        }
        let of_league = |area| reference::league_of(area).map(|league| league.code);
        let meant = reference::authorities().iter().filter(|authority| {
            authority.id == self.place || of_league(authority.area) == Some(self.place.as_str())
        });
        Some(meant.map(|authority| authority.id.to_owned()).collect())
    }

    fn query(&self, authority: Option<String>) -> RegisterQuery {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        RegisterQuery {
            text: given(&self.q).map(|text| text.chars().take(TEXT_CHARS_MAX).collect()),
            field: given(&self.field),
            authority,
            status: given(&self.status),
            year: self.year.trim().parse().ok(),
            ..RegisterQuery::default()
        }
    }

    fn queries(&self) -> Vec<RegisterQuery> {
        match self.authorities() {
            None => vec![self.query(None)],
            Some(ids) => ids.into_iter().map(|id| self.query(Some(id))).collect(),
        }
    }

    /// How many lines answer, up to one more than [`lists::COUNT_MAX`].
    pub(super) fn count(&self, tx: &mut dyn Tx) -> Result<i64, StoreError> {
        let mut count = 0;
        for query in self.queries() {
            count += lists::register_count(tx, &query)?;
        }
        Ok(count)
    }

    /// A page of the answer. A league asks each of its authorities and merges.
    pub(super) fn page(&self, tx: &mut dyn Tx, size: usize) -> Result<Found, StoreError> {
        let (after, before) = (cursor(&self.after), cursor(&self.before));
        let backwards = before.is_some();
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut rows = Vec::new();
        for mut query in self.queries() {
            query.limit = limit;
            query.after.clone_from(&after);
            query.before.clone_from(&before);
            rows.extend(lists::register(tx, &query)?);
        }
        rows.sort_by(|one, other| key(other).cmp(&key(one)));
        let more = rows.len() > size;
        if backwards {
            rows.drain(..rows.len().saturating_sub(size));
        } else {
            rows.truncate(size);
        }
        let has_previous = if backwards { more } else { after.is_some() };
        let has_next = backwards || more;
        let at = |row: Option<&DossierRow>| row.map(written);
        Ok(Found {
            previous: at(rows.first()).filter(|_| has_previous),
            next: at(rows.last()).filter(|_| has_next),
            rows,
        })
    }
}

fn key(row: &DossierRow) -> (&str, &str) {
    (row.filed_on.as_deref().unwrap_or_default(), &row.id)
}

/// A line as the address writes it: `2026-09-28~d-…`.
fn written(row: &DossierRow) -> String {
    let (day, id) = key(row);
    format!("{day}~{id}")
}

fn cursor(text: &str) -> Option<(String, String)> {
    let (day, id) = text.split_once('~')?;
    Some((day.to_owned(), id.to_owned()))
}

/// What the list of places offers: leagues, and the authorities that stand beside one.
pub(super) fn places() -> Vec<(&'static str, &'static str)> {
    let leagues = reference::leagues().map(|league| (league.code, league.name));
    let beside = reference::authorities()
        .iter()
        .filter(|authority| {
            authority.kind == AuthorityKind::County
                && authority.standing == reference::AuthorityStanding::Established
        })
        .map(|authority| {
            (authority.id, reference::area(authority.area).map_or(authority.name, |a| a.name))
        });
    leagues.chain(beside).collect()
}

/// Statuses of what was once filed.
pub(super) fn statuses() -> Vec<(&'static str, &'static str)> {
    let filed = Status::ALL.into_iter().filter(|status| *status != Status::OnNotice);
    filed.map(|status| (status.name(), status.term())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_stands_in_the_address() {
        let filter = Filter {
            q: " 储能 ".to_owned(),
            status: "valid".to_owned(),
            after: "2026-01-01~d-1".to_owned(),
            ..Filter::default()
        };
        assert_eq!(filter.href("/"), "/?q=%E5%82%A8%E8%83%BD&status=valid");
        assert_eq!(Filter::default().href("/registry.csv"), "/registry.csv");
        let next = filter.href_with("/", Some(("after", "2025-01-01~d-2")));
        assert!(next.ends_with("&after=2025-01-01%7Ed-2"), "{next}");
    }

    #[test]
    fn a_league_means_every_authority_in_it() {
        let of = |place: &str| {
            Filter { place: place.to_owned(), ..Filter::default() }
                .authorities()
                .unwrap_or_default()
        };
        assert!(of("150700").contains(&"RA07".to_owned()));
        assert!(of("150700").contains(&"RA13".to_owned()));
        assert_eq!(of("RA13"), ["RA13"]);
        assert_eq!(of("nowhere"), Vec::<String>::new());
        assert_eq!(Filter::default().authorities(), None);
    }
}
