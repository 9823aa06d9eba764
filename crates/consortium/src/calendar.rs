//! 工作日历 — working days from dated official notices, and periods counted with them.
//!
//! The calendar is data: one year, one text, one source. It refuses to answer past the years it
//! has; nothing here guesses a holiday.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::parameter::{ParameterKey, ParameterUnit, Parameters};

/// 工作日历 — the published years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, YearDays>,
    /// Every day that is not what its weekday says.
    exceptions: BTreeMap<Date, DayKind>,
}

/// 年度放假安排 — one year's days off and working weekends, with the notice they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearDays {
    year: i16,
    source: String,
    days: BTreeMap<Date, DayKind>,
}

/// What a notice says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// 放假.
    Off,
    /// 调休上班: a weekend that is worked.
    Work,
}

/// 日历未公布 — the calendar does not cover a year that the answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{year}年的放假安排尚未公布或导入，无法计算工作日。")]
pub struct NotCovered {
    /// The first year that is missing.
    pub year: i16,
}

/// 到期日 — the day by which somebody owes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub enum Due {
    /// On that day, until it ends.
    On {
        /// The last day.
        date: Date,
    },
    /// The year's holidays are not published yet; computed when the calendar is imported.
    CalendarNotPublished {
        /// The year that is missing.
        year: i16,
    },
    /// No day is set.
    None,
}

impl Due {
    /// The day, where there is one.
    pub const fn date(self) -> Option<Date> {
        match self {
            Self::On { date } => Some(date),
            Self::CalendarNotPublished { .. } | Self::None => None,
        }
    }

    /// Whether the day has passed.
    pub fn is_past(self, today: Date) -> bool {
        self.date().is_some_and(|date| date < today)
    }
}

impl From<Result<Date, NotCovered>> for Due {
    fn from(end: Result<Date, NotCovered>) -> Self {
        match end {
            Ok(date) => Self::On { date },
            Err(NotCovered { year }) => Self::CalendarNotPublished { year },
        }
    }
}

impl Calendar {
    /// The years published by the State Council that the platform ships with.
    pub fn official() -> Self {
        static OFFICIAL: LazyLock<Calendar> = LazyLock::new(|| {
            OFFICIAL_YEARS.iter().fold(Calendar::empty(), |calendar, text| {
                calendar.with_year(YearDays::parse(text).expect("the shipped years are tested"))
            })
        });
        OFFICIAL.clone()
    }

    /// A calendar for simulations: weekends and the holidays with a fixed date, nothing else.
    pub fn fictional(first: i16, last: i16) -> Self {
        (first..=last)
            .fold(Self::empty(), |calendar, year| calendar.with_year(YearDays::fictional(year)))
    }

    /// A calendar that covers no year.
    pub fn empty() -> Self {
        Self { years: BTreeMap::new(), exceptions: BTreeMap::new() }
    }

    /// The calendar with one year added, or replaced by a corrected notice.
    #[must_use]
    pub fn with_year(mut self, year: YearDays) -> Self {
        self.years.insert(year.year, year);
        self.exceptions =
            self.years.values().flat_map(|year| year.days.iter().map(|(&d, &k)| (d, k))).collect();
        self
    }

    /// The years it has, in order.
    pub fn years(&self) -> impl Iterator<Item = &YearDays> {
        self.years.values()
    }

    /// The last day of the unbroken run of years it starts with; `None` where it has no year.
    pub fn covered_until(&self) -> Option<Date> {
        let first = *self.years.keys().next()?;
        let last = (first..i16::MAX).take_while(|year| self.years.contains_key(year)).last()?;
        Some(date(last, 12, 31))
    }

    /// 是否工作日.
    pub fn is_working_day(&self, day: Date) -> Result<bool, NotCovered> {
        if !self.years.contains_key(&day.year()) {
            return Err(NotCovered { year: day.year() });
        }
        Ok(match self.exceptions.get(&day) {
            Some(DayKind::Off) => false,
            Some(DayKind::Work) => true,
            None => !is_weekend(day),
        })
    }

    /// The last day of a period of `days` working days that starts on `start`.
    ///
    /// With `include_first_day` a working `start` is the first of them, as public notices count;
    /// without it counting begins on the day after, as civil periods do (民法典 第二百零一条).
    pub fn end_of_period(
        &self,
        start: Date,
        days: i64,
        include_first_day: bool,
    ) -> Result<Date, NotCovered> {
        let mut left = days;
        let mut day = start;
        if include_first_day && self.is_working_day(day)? {
            left -= 1;
        }
        while left > 0 {
            day = next(day)?;
            left -= i64::from(self.is_working_day(day)?);
        }
        self.is_working_day(day).map(|_| day)
    }

    /// The last day of a period of `days` calendar days, first day not counted; where it falls on
    /// a day off, the next working day (民法典 第二百零三条).
    pub fn end_of_calendar_period(&self, start: Date, days: i64) -> Result<Date, NotCovered> {
        let end = start.checked_add(days.max(0).days());
        self.working_day_from(end.map_err(|_| NotCovered { year: start.year() })?)
    }

    /// The day itself where it is a working day, else the next one.
    pub fn working_day_from(&self, day: Date) -> Result<Date, NotCovered> {
        let mut day = day;
        while !self.is_working_day(day)? {
            day = next(day)?;
        }
        Ok(day)
    }

    /// How many working days lie after `from` up to and including `to`; negative when `to` is
    /// earlier.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, NotCovered> {
        if to < from {
            return Ok(-self.working_days_between(to, from)?);
        }
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = next(day)?;
            count += i64::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    /// When something is due, as a task shows it.
    pub fn due(&self, start: Date, days: i64, include_first_day: bool) -> Due {
        self.end_of_period(start, days, include_first_day).into()
    }

    /// When the period of a parameter ends, counted as its unit says, first day not counted.
    /// A parameter that is no period sets no day.
    pub fn due_under(&self, parameters: &Parameters, key: ParameterKey, start: Date) -> Due {
        let length = parameters.get(key);
        match key.entry(start).unit {
            ParameterUnit::WorkingDays => self.due(start, length, false),
            ParameterUnit::CalendarDays => self.end_of_calendar_period(start, length).into(),
            ParameterUnit::Months => match start.checked_add(length.max(0).months()) {
                Ok(end) => self.working_day_from(end).into(),
                Err(_) => Due::None,
            },
            ParameterUnit::Years
            | ParameterUnit::Year
            | ParameterUnit::MonthDay
            | ParameterUnit::Hour
            | ParameterUnit::Units
            | ParameterUnit::People
            | ParameterUnit::Count
            | ParameterUnit::Points
            | ParameterUnit::Percent
            | ParameterUnit::YesNo
            | ParameterUnit::Signers => Due::None,
        }
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::official()
    }
}

/// Why a text is no calendar year.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarFault {
    /// A line is none of `year`, `off` and `work`.
    #[error("第{line}行“{text}”不是 year、off 或 work 开头的一行，或日期写法不对。")]
    Line {
        /// Counted from one.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// The text names no year.
    #[error("缺少年份，应有一行“year 2027”。")]
    NoYear,
    /// The text names no notice.
    #[error("缺少来源，应有一行“# source 国务院办公厅关于2027年部分节假日安排的通知”。")]
    NoSource,
    /// A day lies outside the year and the December before it.
    #[error("{0}不在该年度内。")]
    OutsideYear(Date),
    /// A day is named twice.
    #[error("{0}重复出现。")]
    Twice(Date),
    /// A working day that is not a weekend needs no notice.
    #[error("{0}不是周末，不需要列为调休上班。")]
    WorkOnWeekday(Date),
    /// A holiday that never moves is missing: the text is not a whole year.
    #[error("{0}是法定节假日，却未列为放假，这份安排不完整。")]
    NoHoliday(Date),
}

impl YearDays {
    /// Reads a year:
    ///
    /// ```text
    /// # source 国务院办公厅关于2026年部分节假日安排的通知
    /// year 2026
    /// off 2026-01-01 2026-01-03
    /// work 2026-01-04
    /// ```
    ///
    /// A notice may also move days of the December before its year.
    pub fn parse(text: &str) -> Result<Self, CalendarFault> {
        let mut year = None;
        let mut source = None;
        let mut entries = Vec::new();
        for (index, raw) in text.lines().enumerate() {
            let fault = || CalendarFault::Line { line: index + 1, text: raw.trim().to_owned() };
            if let Some(words) = raw.trim().strip_prefix("# source ") {
                source.get_or_insert_with(|| words.trim().to_owned());
            }
            let line = raw.split('#').next().unwrap_or_default();
            match *line.split_whitespace().collect::<Vec<_>>() {
                [] => {}
                ["year", number] if year.is_none() => {
                    year = Some(number.parse::<i16>().map_err(|_| fault())?);
                }
                ["off", first] => entries.push((DayKind::Off, span(first, first, fault)?)),
                ["off", first, last] => entries.push((DayKind::Off, span(first, last, fault)?)),
                ["work", day] => entries.push((DayKind::Work, span(day, day, fault)?)),
                _ => return Err(fault()),
            }
        }
        let year = year.filter(|year| (2000..=9000).contains(year));
        let mut parsed = Self {
            year: year.ok_or(CalendarFault::NoYear)?,
            source: source.filter(|source| !source.is_empty()).ok_or(CalendarFault::NoSource)?,
            days: BTreeMap::new(),
        };
        for (kind, days) in entries {
            days.into_iter().try_for_each(|day| parsed.add(day, kind))?;
        }
        parsed.check_whole()?;
        Ok(parsed)
    }

    /// A year for simulations: the holidays with a fixed date, and weekends.
    pub fn fictional(year: i16) -> Self {
        let days = FIXED_HOLIDAYS.iter().map(|&(m, d)| (date(year, m, d), DayKind::Off)).collect();
        Self { year, source: "虚拟日历，仅用于模拟".to_owned(), days }
    }

    /// The year.
    pub const fn year(&self) -> i16 {
        self.year
    }

    /// The notice it comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every day that is not what its weekday says, in order.
    pub fn days(&self) -> impl Iterator<Item = (Date, DayKind)> + '_ {
        self.days.iter().map(|(&day, &kind)| (day, kind))
    }

    fn add(&mut self, day: Date, kind: DayKind) -> Result<(), CalendarFault> {
        if !(date(self.year - 1, 12, 1)..=date(self.year, 12, 31)).contains(&day) {
            return Err(CalendarFault::OutsideYear(day));
        }
        if kind == DayKind::Work && !is_weekend(day) {
            return Err(CalendarFault::WorkOnWeekday(day));
        }
        match self.days.insert(day, kind) {
            Some(_) => Err(CalendarFault::Twice(day)),
            None => Ok(()),
        }
    }

    /// A list of holidays that lacks the ones that never move was cut short somewhere.
    fn check_whole(&self) -> Result<(), CalendarFault> {
        for &(month, day) in FIXED_HOLIDAYS {
            let holiday = date(self.year, month, day);
            if self.days.get(&holiday) != Some(&DayKind::Off) {
                return Err(CalendarFault::NoHoliday(holiday));
            }
        }
        Ok(())
    }
}

/// Writes the text that [`YearDays::parse`] reads.
impl fmt::Display for YearDays {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "# source {}", self.source)?;
        writeln!(out, "year {}", self.year)?;
        for (day, kind) in &self.days {
            match kind {
                DayKind::Off => writeln!(out, "off {day}")?,
                DayKind::Work => writeln!(out, "work {day}")?,
            }
        }
        Ok(())
    }
}

/// The holidays that have the same date every year (全国年节及纪念日放假办法 第二条).
const FIXED_HOLIDAYS: &[(i8, i8)] = &[(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)];

const OFFICIAL_YEARS: &[&str] = &[
    include_str!("../data/calendar/2023.txt"),
    include_str!("../data/calendar/2024.txt"),
    include_str!("../data/calendar/2025.txt"),
    include_str!("../data/calendar/2026.txt"),
];

/// A run of days off longer than this is a mistake of writing.
const SPAN_DAYS_MAX: i32 = 31;

fn span(
    first: &str,
    last: &str,
    fault: impl Fn() -> CalendarFault,
) -> Result<Vec<Date>, CalendarFault> {
    let first: Date = first.parse().map_err(|_| fault())?;
    let last: Date = last.parse().map_err(|_| fault())?;
    let length = first.until(last).map_err(|_| fault())?.get_days();
    if last < first || length > SPAN_DAYS_MAX {
        return Err(fault());
    }
    Ok(first.series(1.day()).take_while(|day| *day <= last).collect())
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn next(day: Date) -> Result<Date, NotCovered> {
    day.tomorrow().map_err(|_| NotCovered { year: day.year() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_of_five_days_end_where_the_study_of_the_regulation_computed() {
        // start, first day counted, first day not counted
        let table: &[(Date, Due, Due)] = &[
            (date(2026, 2, 12), on(2026, 2, 25), on(2026, 2, 26)),
            (date(2026, 4, 29), on(2026, 5, 8), on(2026, 5, 9)),
            (date(2026, 6, 16), on(2026, 6, 23), on(2026, 6, 24)),
            (date(2026, 9, 18), on(2026, 9, 23), on(2026, 9, 24)),
            (date(2026, 9, 23), on(2026, 9, 30), on(2026, 10, 8)),
            (date(2026, 9, 20), on(2026, 9, 24), on(2026, 9, 28)),
            (date(2025, 9, 26), on(2025, 10, 9), on(2025, 10, 10)),
            (date(2023, 9, 28), on(2023, 10, 10), on(2023, 10, 11)),
            (date(2026, 12, 28), missing(2027), missing(2027)),
        ];
        let calendar = Calendar::official();
        for &(start, counted, not_counted) in table {
            assert_eq!(calendar.due(start, 5, true), counted, "{start}, first day counted");
            assert_eq!(calendar.due(start, 5, false), not_counted, "{start}, not counted");
        }
    }

    #[test]
    fn a_missing_year_is_refused_and_an_imported_one_answers() {
        let calendar = Calendar::official();
        assert_eq!(calendar.covered_until(), Some(date(2026, 12, 31)));
        assert_eq!(calendar.is_working_day(date(2027, 1, 1)), Err(NotCovered { year: 2027 }));
        assert_eq!(calendar.is_working_day(date(2022, 12, 30)), Err(NotCovered { year: 2022 }));

        let calendar = calendar.with_year(YearDays::fictional(2027));
        assert_eq!(calendar.covered_until(), Some(date(2027, 12, 31)));
        assert_eq!(calendar.due(date(2026, 12, 28), 5, true), on(2027, 1, 4));
    }

    #[test]
    fn a_gap_between_years_ends_the_cover() {
        let calendar = Calendar::official().with_year(YearDays::fictional(2028));
        assert_eq!(calendar.covered_until(), Some(date(2026, 12, 31)));
        assert_eq!(Calendar::empty().covered_until(), None);
    }

    #[test]
    fn a_period_in_the_last_days_of_the_last_year_is_still_answered() {
        let calendar = Calendar::official();
        assert_eq!(calendar.due(date(2026, 12, 25), 4, true), on(2026, 12, 30));
        assert_eq!(calendar.due(date(2026, 12, 25), 5, true), on(2026, 12, 31));
        assert_eq!(calendar.due(date(2026, 12, 25), 6, true), missing(2027));
    }

    #[test]
    fn a_period_of_no_days_ends_where_it_starts() {
        assert_eq!(Calendar::official().due(date(2026, 3, 2), 0, false), on(2026, 3, 2));
        assert_eq!(Calendar::official().due(date(2026, 3, 2), -3, true), on(2026, 3, 2));
    }

    #[test]
    fn a_calendar_period_that_ends_on_a_day_off_runs_to_the_next_working_day() {
        let calendar = Calendar::official();
        // start, days, end
        let table = [
            (date(2026, 9, 16), 15, on(2026, 10, 8)),
            (date(2026, 9, 1), 15, on(2026, 9, 16)),
            (date(2026, 12, 20), 15, missing(2027)),
        ];
        for (start, days, end) in table {
            assert_eq!(Due::from(calendar.end_of_calendar_period(start, days)), end, "{start}");
        }
    }

    #[test]
    fn a_parameter_is_counted_as_its_unit_says() {
        let calendar = Calendar::official();
        let start = date(2026, 9, 16);
        let parameters = Parameters::on(start);
        // key, due
        let table = [
            (ParameterKey::FormalReviewDays, on(2026, 9, 22)),
            (ParameterKey::CancellationStatementDays, on(2026, 10, 8)),
            (ParameterKey::LitigationMonths, missing(2027)),
            (ParameterKey::PanelMin, Due::None),
        ];
        for (key, due) in table {
            assert_eq!(calendar.due_under(&parameters, key, start), due, "{key}");
        }
    }

    #[test]
    fn working_days_between_count_the_later_day_and_not_the_earlier() {
        let calendar = Calendar::official();
        // from, to, days
        let table = [
            (date(2026, 9, 18), date(2026, 9, 18), Ok(0)),
            (date(2026, 9, 18), date(2026, 9, 24), Ok(5)),
            (date(2026, 9, 24), date(2026, 9, 18), Ok(-5)),
            (date(2026, 9, 30), date(2026, 10, 8), Ok(1)),
            (date(2026, 12, 30), date(2027, 1, 4), Err(NotCovered { year: 2027 })),
        ];
        for (from, to, days) in table {
            assert_eq!(calendar.working_days_between(from, to), days, "{from} {to}");
        }
    }

    #[test]
    fn each_shipped_year_has_as_many_days_off_and_worked_as_its_notice() {
        // year, days off named, weekends worked
        let table = [(2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)];
        let calendar = Calendar::official();
        for (year, off, work) in table {
            let days = calendar.years().find(|days| days.year() == year).unwrap();
            let worked = days.days().filter(|(_, kind)| *kind == DayKind::Work).count();
            assert_eq!((days.days().count() - worked, worked), (off, work), "{year}");
            assert!(days.source().starts_with("国务院办公厅"), "{year}");
        }
    }

    #[test]
    fn a_year_is_written_as_the_text_it_is_read_from() {
        for year in Calendar::official().years() {
            assert_eq!(YearDays::parse(&year.to_string()), Ok(year.clone()));
        }
    }

    #[test]
    fn a_notice_may_move_days_of_the_december_before_its_year() {
        let moved = format!("{}work 2026-12-26\noff 2026-12-31\n", whole_year());
        let calendar = Calendar::official().with_year(YearDays::parse(&moved).unwrap());
        assert_eq!(calendar.is_working_day(date(2026, 12, 26)), Ok(true));
        assert_eq!(calendar.is_working_day(date(2026, 12, 31)), Ok(false));
    }

    #[test]
    fn a_faulty_year_is_refused_with_the_line_or_day() {
        let whole = whole_year();
        // text, fault
        let table = [
            (whole.replace("year 2027", ""), CalendarFault::NoYear),
            (whole.replace("# source", "# "), CalendarFault::NoSource),
            (format!("{whole}off 2028-01-01\n"), CalendarFault::OutsideYear(date(2028, 1, 1))),
            (format!("{whole}off 2027-01-01\n"), CalendarFault::Twice(date(2027, 1, 1))),
            (format!("{whole}work 2027-01-04\n"), CalendarFault::WorkOnWeekday(date(2027, 1, 4))),
            (whole.replace("off 2027-05-01", ""), CalendarFault::NoHoliday(date(2027, 5, 1))),
            (format!("{whole}rest 2027-06-09\n"), line("rest 2027-06-09")),
            (format!("{whole}off 2027-02-30\n"), line("off 2027-02-30")),
            (format!("{whole}off 2027-06-11 2027-06-09\n"), line("off 2027-06-11 2027-06-09")),
            (format!("{whole}off 2027-02-01 2027-06-09\n"), line("off 2027-02-01 2027-06-09")),
            (format!("{whole}year 2027\n"), line("year 2027")),
        ];
        for (text, fault) in table {
            assert_eq!(YearDays::parse(&text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_list_cut_short_is_no_year() {
        let text = "# source 国务院办公厅\nyear 2026\n";
        assert_eq!(YearDays::parse(text), Err(CalendarFault::NoHoliday(date(2026, 1, 1))));
    }

    fn whole_year() -> String {
        YearDays::fictional(2027).to_string()
    }

    fn line(text: &str) -> CalendarFault {
        CalendarFault::Line { line: 9, text: text.to_owned() }
    }

    fn on(year: i16, month: i8, day: i8) -> Due {
        Due::On { date: date(year, month, day) }
    }

    fn missing(year: i16) -> Due {
        Due::CalendarNotPublished { year }
    }
}
