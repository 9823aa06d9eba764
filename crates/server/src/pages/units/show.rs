//! 单位信息 — profile, standing, people and credit records, with what the reader can do.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::{Actor, Capacity, Side};
use consortium::reference;
use consortium::unit::{self, Standing, Unit};
use jiff::civil::Date;

use super::people::LinkRow;
use super::{opened, profile};
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldSpec, Form, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "units/show.html")]
pub(super) struct ShowPage {
    pub(super) shell: Shell,
    unit: Arc<Unit>,
    chip: Html,
    facts: KeyValues,
    refused: Option<String>,
    /// Whether the account waits for the reader.
    may_activate: bool,
    pub(super) refuse: Form,
    own: bool,
    people: Vec<LinkRow>,
    proposed: Proposed,
    /// Disputes that the reader may read.
    disputed: usize,
    records: Vec<Record>,
    supervises: bool,
    pub(super) credit: Form,
    key: String,
}

/// Offices that wait to be confirmed.
struct Proposed {
    rows: Vec<LinkRow>,
    /// Whether the reader confirms them.
    decides: bool,
}

/// A credit record as it is shown.
struct Record {
    index: usize,
    source: String,
    basis: String,
    period: String,
    chip: Html,
    live: bool,
}

/// Whether the reader activates this unit.
pub(super) fn activates(actor: &Actor, unit: &Unit) -> bool {
    match &actor.side {
        Side::Authority(own) => {
            unit.authority.as_ref() == Some(own)
                && matches!(actor.capacity, Capacity::Clerk | Capacity::Signatory)
        }
        Side::Department => unit.authority.is_none() && actor.capacity == Capacity::Reviewer,
        _ => false,
    }
}

pub(super) fn refusal_fields() -> Vec<FieldSpec> {
    vec![FieldSpec::long("reason", "不予激活的理由", 500).required().hint("告知该单位")]
}

pub(super) fn credit_fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("source", "来源", 120)
            .required()
            .hint("例如：信用中国、科研诚信严重失信行为数据库"),
        FieldSpec::text("basis", "认定文书", 120).required().hint("文号或链接").clause("5.2"),
        FieldSpec::date("from", "惩戒期起").required(),
        FieldSpec::date("until", "惩戒期止").hint("移出前有效的，不填"),
    ]
}

/// The page, as the reader sees it.
pub(super) async fn shown(
    state: &AppState,
    signed: &SignedIn,
    unit: Arc<Unit>,
) -> Result<ShowPage, Fault> {
    let actor = &signed.actor;
    let id = unit.id.to_string();
    let own = actor.unit() == Some(&unit.id);
    let mut shell = Shell::new(&signed.visitor, unit.profile.name.clone());
    if !own {
        shell = shell.crumb("/units", "单位");
    }
    let today = state.clock.today();
    let refuse =
        Form::new(&shell.csrf, format!("/units/{id}/refuse"), "不予激活", refusal_fields())
            .prefix("refuse")
            .danger();
    let credit =
        Form::new(&shell.csrf, format!("/units/{id}/credit"), "登记失信记录", credit_fields())
            .prefix("credit");
    let refused = match &unit.standing {
        Standing::Refused(reason) => Some(reason.clone()),
        Standing::Registered | Standing::Active => None,
    };
    let personal = unit::reads_personal(actor, &unit);
    let mut people = if personal { people(state, &unit, today).await? } else { Vec::new() };
    let rows = people.extract_if(.., |row| row.proposed).collect();
    let proposed = Proposed { rows, decides: unit::decides(&unit, actor).is_ok() };
    let disputed = (1..).zip(&unit.people.disputes);
    let disputed = disputed.filter(|(no, _)| unit::dispute::reads(&unit, actor, *no)).count();
    let records = unit.credit.iter().enumerate();
    Ok(ShowPage {
        chip: chip(&unit.standing),
        facts: facts(&unit, personal),
        refused,
        may_activate: unit.standing != Standing::Active && activates(actor, &unit),
        refuse,
        own,
        people,
        proposed,
        disputed,
        records: records.map(|(index, kept)| record(index, kept, today)).collect(),
        supervises: actor.side == Side::Department && actor.capacity == Capacity::Supervisor,
        credit,
        key: crate::http::random::key(),
        shell,
        unit,
    })
}

impl ShowPage {
    /// Shows what was typed in a form again, with what is to be mended.
    pub(super) fn mend(mut self, which: &str, values: Values, errors: Vec<FieldError>) -> Self {
        self.shell.has_errors = true;
        let form = if which == "credit" { &mut self.credit } else { &mut self.refuse };
        form.values = values;
        form.errors = errors;
        self
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    page(&shown(&state, &signed, unit).await?)
}

fn chip(standing: &Standing) -> Html {
    match standing {
        Standing::Registered => ui::status(Tone::Todo, "待激活"),
        Standing::Active => ui::status(Tone::Ok, "已激活"),
        Standing::Refused(_) => ui::status(Tone::Bad, "未予激活"),
    }
}

fn facts(unit: &Unit, personal: bool) -> KeyValues {
    let about = &unit.profile;
    let authority = unit.authority.as_ref().and_then(|id| reference::authority(id.as_str()));
    let code = if about.code.is_empty() { "境外单位，无" } else { &about.code };
    let facts = KeyValues::new()
        .row("单位全称", about.name.as_str())
        .row("统一社会信用代码", code)
        .row("单位类型", about.kind.term())
        .row("法人类型", about.legal_form.term())
        .row("住所所在地", profile::area_name(&about.area))
        .row("住所", about.address.as_str())
        .row("归口管理部门", authority.map_or("自治区科技厅（区外单位）", |found| found.name));
    if !personal {
        return facts;
    }
    facts
        .row("法定代表人或负责人", about.representative.value.as_str())
        .row("联系电话", about.phone.value.as_str())
}

/// Who acts for the unit today, and whose office waits to be confirmed.
async fn people(state: &AppState, unit: &Unit, today: Date) -> Result<Vec<LinkRow>, Fault> {
    let whole = state.office.unit_with_people(&unit.id).await?.ok_or(Fault::NotFound)?;
    let rows = whole.people.links.iter().map(|link| LinkRow::of(&whole, link, today));
    Ok(rows.filter(|row| row.stands || row.proposed).collect())
}

fn record(index: usize, kept: &consortium::unit::KeptRecord, today: Date) -> Record {
    let until = kept.record.until.map_or_else(|| "移出时止".to_owned(), |day| day.to_string());
    let live = kept.live_on(today);
    let chip = match kept.lifted_on {
        Some(on) => ui::status(Tone::Done, &format!("{on} 已移出")),
        None if live => ui::status(Tone::Bad, "在惩戒期内"),
        None => ui::status(Tone::Idle, "不在惩戒期内"),
    };
    Record {
        index,
        source: kept.record.source.clone(),
        basis: kept.record.basis.clone(),
        period: format!("{} 至 {until}", kept.record.from),
        chip,
        live: kept.lifted_on.is_none(),
    }
}
