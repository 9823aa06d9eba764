//! A line of the register, as people and programs read it.

use consortium::reference;
use consortium::register::Status;
use serde::Serialize;
use store::DossierRow;

use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Tone};

/// A line of the register.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// The dossier.
    pub(crate) id: String,
    /// 备案编号.
    pub(crate) number: String,
    /// 名称.
    pub(crate) name: String,
    /// 牵头单位.
    pub(crate) lead: String,
    /// 技术领域.
    pub(crate) field: &'static str,
    /// 盟市.
    pub(crate) league: &'static str,
    /// 归口管理部门.
    pub(crate) authority: &'static str,
    /// 成员家数, the lead among them.
    pub(crate) members: i64,
    /// 备案日期.
    pub(crate) filed_on: String,
    /// The last report years and how each stands.
    pub(crate) years: Vec<Year>,
    /// 状态.
    pub(crate) status: &'static str,
    /// 状态, as the list shows it.
    #[serde(skip)]
    pub(crate) chip: Html,
}

/// A year of the reporting duty.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Year {
    /// The year.
    pub(crate) year: i64,
    /// `reported`, `late`, `missed`, `due`.
    pub(crate) state: String,
}

impl Year {
    /// The square in the stylesheet.
    pub(crate) fn class(&self) -> &'static str {
        match self.state.as_str() {
            "missed" => "l",
            "due" => "d",
            "reported" | "late" => "",
            _ => "n",
        }
    }

    /// How it stands, in words.
    pub(crate) fn words(&self) -> &'static str {
        match self.state.as_str() {
            "reported" => "已报",
            "late" => "逾期已报",
            "missed" => "未报",
            _ => "未到期",
        }
    }
}

impl Line {
    pub(crate) fn of(row: DossierRow) -> Self {
        let years = row.card["years"].as_array();
        let year = |pair: &serde_json::Value| Year {
            year: pair[0].as_i64().unwrap_or_default(),
            state: pair[1].as_str().unwrap_or_default().to_owned(),
        };
        let status = Status::named(&row.status);
        Self {
            field: reference::field(&row.field).map_or("", |class| class.name),
            league: reference::area(&row.area).map_or("", |area| area.name),
            authority: reference::authority(&row.authority).map_or("", |found| found.name),
            members: row.card["members"].as_i64().unwrap_or_default(),
            years: years.map(|years| years.iter().map(year).collect()).unwrap_or_default(),
            status: status.map_or("", Status::term),
            chip: status.map(status_chip).unwrap_or_default(),
            number: row.filed_no.unwrap_or_default(),
            filed_on: row.filed_on.unwrap_or_default(),
            id: row.id,
            name: row.name,
            lead: row.lead_name,
        }
    }

    /// The years in a sentence, for those who do not see the squares.
    pub(crate) fn years_in_words(&self) -> String {
        let words: Vec<String> =
            self.years.iter().map(|year| format!("{} 年{}", year.year, year.words())).collect();
        if words.is_empty() { "尚无应报年度".to_owned() } else { words.join("，") }
    }
}

/// A public status as a chip.
pub(crate) fn status_chip(status: Status) -> Html {
    let tone = match status {
        Status::OnNotice | Status::Changing => Tone::Run,
        Status::Valid => Tone::Ok,
        Status::ReportOverdue | Status::Cancelling => Tone::Warn,
        Status::Cancelled | Status::Voided => Tone::Bad,
        Status::Closed => Tone::Idle,
    };
    ui::status(tone, status.term())
}
