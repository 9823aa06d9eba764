//! 成员还差什么 — before the lead locks the text: what each member has still to do, who does it, and
//! a button that reminds them.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, State};

use super::desk::Desk;
use crate::http::{Answer, Form, SignedIn, see_other_with};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Flash, Table, Tone};
use crate::state::AppState;

/// The card, for the lead.
#[derive(Template)]
#[template(path = "dossier/outstanding.html")]
pub(super) struct Outstanding {
    count: usize,
    table: Table,
    action: String,
    csrf: String,
}

impl HtmlSafe for Outstanding {}

impl Outstanding {
    /// The card; `None` for everybody but the lead, and once nothing is outstanding.
    pub(super) fn of(desk: &Desk, csrf: &str) -> Option<Self> {
        let owed = &desk.view.outstanding;
        if owed.is_empty() || !desk.can("invite") {
            return None;
        }
        let mut table = Table::new("成员还差什么", &["单位", "还差", "由谁办"]);
        for member in owed {
            let who = match (member.answer, member.parts.is_empty()) {
                (true, _) => "该单位经办人先答复邀请，再从自己的账号填写",
                (false, _) => "该单位经办人填写，承诺只能由该单位自己作出",
            };
            table.push(vec![
                Html::trusted(format!("<b>{}</b>", Html::text(&member.name))),
                Html::text(&member.terms().join("、")),
                Html::from(who),
            ]);
        }
        Some(Self { count: owed.len(), table, action: desk.to("reminders"), csrf: csrf.to_owned() })
    }
}

/// Reminds the members.
pub(super) async fn remind(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    _posted: Form,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let told = state.office.remind_members(&signed.actor, &desk.dossier, desk.today).await?;
    let text = if told.is_empty() {
        "各成员都已写全，没有要提醒的".to_owned()
    } else {
        format!("已提醒{}；同一家单位一天只提醒一次", told.join("、"))
    };
    Ok(see_other_with(&state, &desk.href(), &Flash { tone: Tone::Ok, text }))
}
