//! 下一步 — whose turn it is and how much time is left, in words, shape and colour.

use consortium::{calendar::Calendar, view::TurnView};
use jiff::civil::Date;

use super::desk::Desk;
use crate::pages::shell::ui::Tone;

/// Working days before a limit from which on it is said to be near.
const NEAR_DAYS: i64 = 3;

/// How much time is left to a day: tone and words.
pub(in crate::pages) fn remaining(calendar: &Calendar, today: Date, due: Date) -> (Tone, String) {
    let plain = today.until(due).map_or(0, |span| i64::from(span.get_days()));
    let Ok(working) = calendar.working_days_between(today, due) else {
        return tone(plain, "天");
    };
    tone(working, "个工作日")
}

fn tone(left: i64, unit: &str) -> (Tone, String) {
    match left {
        0 => (Tone::Warn, "今天到期".to_owned()),
        late if late < 0 => (Tone::Bad, format!("已超 {} {unit}", -late)),
        near if near <= NEAR_DAYS => (Tone::Warn, format!("剩 {near} {unit}")),
        far => (Tone::Idle, format!("剩 {far} {unit}")),
    }
}

/// One line of "who acts next".
pub(super) struct Turn {
    pub(super) title: String,
    pub(super) who: String,
    pub(super) due: String,
    pub(super) left: Option<(Tone, String)>,
    pub(super) clause: &'static str,
    pub(super) own: bool,
    pub(super) href: Option<String>,
}

impl Turn {
    fn of(desk: &Desk, turn: &TurnView) -> Self {
        let due = turn.due.map(|due| due.to_string()).or_else(|| turn.note.clone());
        Self {
            title: turn.title.clone(),
            who: turn.who.clone(),
            due: due.unwrap_or_else(|| "没有规定期限".to_owned()),
            left: turn.due.map(|due| remaining(&desk.calendar, desk.today, due)),
            clause: turn.clause,
            own: turn.own,
            href: desk.can(turn.verb).then(|| match turn.verb {
                // What is written, and what comes before the lock, is a list of tasks.
                "start_signing" | "write_application" => format!("{}#tl-h", desk.href()),
                verb => desk.to(verb),
            }),
        }
    }
}

/// Every line, the reader's own first.
pub(super) fn turns(desk: &Desk) -> Vec<Turn> {
    let mut turns: Vec<Turn> = desk.view.turns.iter().map(|turn| Turn::of(desk, turn)).collect();
    turns.sort_by_key(|turn| !turn.own);
    let same = |one: &Turn, other: &Turn| {
        one.own == other.own
            && (&one.title, &one.who, &one.due) == (&other.title, &other.who, &other.due)
    };
    // Several seats may owe the same: one line, with their number.
    let mut lines: Vec<(Turn, usize)> = Vec::new();
    for turn in turns {
        match lines.iter_mut().find(|(line, _)| same(line, &turn)) {
            Some((_, count)) => *count += 1,
            None => lines.push((turn, 1)),
        }
    }
    let told = |(mut turn, count): (Turn, usize)| {
        if count > 1 {
            turn.who = format!("{} {count} 位", turn.who);
        }
        turn
    };
    lines.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_limit_is_told_in_working_days_and_near_ones_are_marked() {
        let calendar = Calendar::fictional(2026, 2026);
        let today = date(2026, 3, 2);
        // due                tone         words
        let table = [
            (date(2026, 3, 2), Tone::Warn, "今天到期"),
            (date(2026, 3, 4), Tone::Warn, "剩 2 个工作日"),
            (date(2026, 3, 13), Tone::Idle, "剩 9 个工作日"),
            (date(2026, 2, 27), Tone::Bad, "已超 1 个工作日"),
        ];
        for (due, tone, words) in table {
            assert_eq!(remaining(&calendar, today, due), (tone, words.to_owned()), "{due}");
        }
    }
}
