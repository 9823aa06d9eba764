//! 时钟 — the only place that asks the time. Legal days are days of Asia/Shanghai.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The clock of the office. Clones share one hand.
///
/// Two times are told: the *legal* time, by which dossiers move and which a demonstration may
/// set forward, and the *wall* time, by which sessions expire and which nobody sets.
#[derive(Clone, Debug)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
    fixed_ms: Option<i64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self { ahead_ms: Arc::new(AtomicI64::new(0)), fixed_ms: None }
    }

    /// A clock that stands still until it is advanced: for tests.
    pub fn fixed(at: Timestamp) -> Self {
        Self { ahead_ms: Arc::new(AtomicI64::new(0)), fixed_ms: Some(at.as_millisecond()) }
    }

    /// Wall time in milliseconds since 1970: sessions, throttles, buckets.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the time")]
    pub fn wall_ms(&self) -> i64 {
        self.fixed_ms.unwrap_or_else(|| Timestamp::now().as_millisecond())
    }

    /// Legal time in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.wall_ms().saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Legal time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms()).unwrap_or(Timestamp::MAX)
    }

    /// Legal time as people of the region read it.
    pub fn zoned(&self) -> Zoned {
        self.now().to_zoned(zone())
    }

    /// The legal day.
    pub fn today(&self) -> Date {
        self.zoned().date()
    }

    /// Sets the legal time forward to the same hour of a later day; earlier days are ignored.
    pub fn go_to(&self, day: Date) {
        let days = self.today().until(day).map_or(0, |span| i64::from(span.get_days()));
        if days > 0 {
            self.ahead_ms.fetch_add(days.saturating_mul(DAY_MS), Ordering::Relaxed);
        }
    }

    /// How far the legal time is ahead of the wall time, in milliseconds.
    pub fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed)
    }

    /// Puts the legal time this far ahead of the wall time, as a restarted demonstration does.
    pub fn set_ahead_ms(&self, ahead_ms: i64) {
        self.ahead_ms.store(ahead_ms, Ordering::Relaxed);
    }
}

/// Asia/Shanghai: UTC+8 all year since 1992, so the zone needs no database.
pub fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// A moment as lists write it: `2026-11-20 09:00`.
pub fn written(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(
        |_| String::new(),
        |at| at.to_zoned(zone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// A moment that is in China's time already, as lists write it.
pub fn written_at(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn clock() -> Clock {
        Clock::fixed("2026-11-20T16:30:00Z".parse().expect("a timestamp"))
    }

    #[test]
    fn the_legal_day_is_the_day_of_shanghai() {
        assert_eq!(clock().today(), date(2026, 11, 21));
    }

    #[test]
    fn going_to_a_day_moves_the_legal_time_and_not_the_wall_time() {
        let clock = clock();
        let wall = clock.wall_ms();
        clock.go_to(date(2026, 12, 31));
        assert_eq!(clock.today(), date(2026, 12, 31));
        assert_eq!(clock.wall_ms(), wall);
        clock.go_to(date(2026, 1, 1));
        assert_eq!(clock.today(), date(2026, 12, 31), "time does not run backwards");
    }

    #[test]
    fn a_moment_is_written_as_lists_write_it() {
        assert_eq!(written(clock().now_ms()), "2026-11-21 00:30");
        assert_eq!(written(i64::MAX), "");
    }
}
