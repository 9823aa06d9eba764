//! 公示公告 — what is on public notice, its detail, objections from anybody, and their receipts.

mod list;
mod object;
mod receipt;
mod show;

use axum::routing::{get, post};
use consortium::calendar::Calendar;
use jiff::civil::Date;
use store::DossierRow;

use crate::api::table::Object as O;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};
use crate::pages::table::{By, Route, shows, takes};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/notices", By::Public, O::Register, || get(list::get)),
    shows("/notices/{id}", By::Public, O::Register, || get(show::get)),
    shows("/notices/{id}/object", By::Verb("object"), O::Register, || get(object::get)),
    takes("/notices/{id}/object", By::Verb("object"), O::Register, || post(object::post)),
    shows("/objections", By::Public, O::Register, || get(receipt::lookup)),
    shows("/objections/receipt", By::Public, O::Register, || get(receipt::get)),
];

/// A notice as lists show it.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// The dossier.
    pub(crate) id: String,
    /// 名称.
    pub(crate) name: String,
    /// 牵头单位.
    pub(crate) lead: String,
    from: Option<Date>,
    to: Option<Date>,
    /// How long it still runs.
    pub(crate) chip: Html,
}

impl Notice {
    fn of(row: DossierRow, calendar: &Calendar, today: Date) -> Self {
        let day = |at: usize| row.card["notice"][at].as_str().and_then(|day| day.parse().ok());
        let (from, to) = (day(0), day(1));
        Self {
            id: row.id,
            name: row.name,
            lead: row.lead_name,
            from,
            to,
            chip: chip(to, calendar, today),
        }
    }

    /// From when to when.
    pub(crate) fn period(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) => format!("{from} 至 {to}"),
            _ => String::new(),
        }
    }
}

/// How many working days are left, today among them.
fn chip(to: Option<Date>, calendar: &Calendar, today: Date) -> Html {
    let Some(to) = to else { return Html::default() };
    if to < today {
        return ui::status(Tone::Idle, "公示期满");
    }
    let left = today.yesterday().ok().and_then(|day| calendar.working_days_between(day, to).ok());
    match left {
        None => ui::status(Tone::Run, "公示中"),
        Some(left @ ..=2) => ui::status(Tone::Warn, &format!("剩 {left} 个工作日")),
        Some(left) => ui::status(Tone::Run, &format!("剩 {left} 个工作日")),
    }
}

/// Rows on notice, as lists show them.
pub(crate) fn listed(rows: Vec<DossierRow>, calendar: &Calendar, today: Date) -> Vec<Notice> {
    rows.into_iter().map(|row| Notice::of(row, calendar, today)).collect()
}
