//! 备案之后 — reports year by year, changes, undertakings, support and, at worst, the cancellation.

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::view::{FiledView, YearView};

use super::desk::Desk;
use super::document as sheet;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};

/// What stands on the register.
#[derive(Template)]
#[template(path = "dossier/life.html")]
pub(super) struct Life {
    filed: FiledView,
    /// Where the dossier is.
    base: String,
}

impl HtmlSafe for Life {}

impl Life {
    pub(super) fn of(desk: &Desk) -> Option<Self> {
        desk.view.filed.clone().map(|filed| Self { filed, base: desk.href() })
    }

    /// How a year stands.
    fn year(year: &YearView) -> Html {
        match year.state {
            "reported" => ui::status(Tone::Done, "已报"),
            "late" => ui::status(Tone::Warn, "逾期已报"),
            "missed" => ui::status(Tone::Bad, "未报"),
            _ => ui::status(Tone::Todo, "待报"),
        }
    }

    fn change(accepted: Option<bool>) -> Html {
        match accepted {
            None => ui::status(Tone::Todo, "办理中"),
            Some(true) => ui::status(Tone::Done, "已准予"),
            Some(false) => ui::status(Tone::Bad, "不予变更"),
        }
    }

    fn support(clause: &str) -> &'static str {
        use consortium::support::SupportClause;
        SupportClause::ALL.into_iter().find(|c| c.id() == clause).map_or("", SupportClause::term)
    }
}
