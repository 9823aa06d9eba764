//! 单位信息 — profile, standing, people and credit records, with what the reader can do.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::{Actor, Capacity, Side};
use consortium::reference::{self, Severity};
use consortium::unit::{self, DetailKind, Standing, Unit};
use jiff::civil::Date;

use super::people::LinkRow;
use super::platforms::{self, PlatformRow};
use super::{opened, profile};
use crate::forms::unit::{credit_fields, lines as words, repair_fields};
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{Choice, FieldError, FieldSpec, Form, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::state::AppState;

#[expect(clippy::struct_excessive_bools, reason = "each is one part of the page, shown or not")]
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
    pub(super) repair: Form,
    /// What the unit keeps beside its registration.
    sections: Vec<SectionView>,
    /// 历任法定代表人: name and period.
    terms: Vec<(String, String)>,
    platforms: Vec<PlatformRow>,
    /// Whether the reader enters platforms.
    enters: bool,
    key: String,
}

/// Offices that wait to be confirmed.
struct Proposed {
    rows: Vec<LinkRow>,
    /// Whether the reader confirms them.
    decides: bool,
}

/// A section of what the unit keeps.
struct SectionView {
    name: &'static str,
    term: &'static str,
    facts: KeyValues,
    empty: bool,
    own: bool,
    files: Vec<(String, String)>,
}

/// A credit record as it is shown.
struct Record {
    index: usize,
    source: String,
    basis: String,
    period: String,
    chip: Html,
    live: bool,
    /// The list, where one is named.
    list: &'static str,
    repair: String,
    proof: Option<String>,
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

/// What is asked of a repair: of which record, and what became of it.
pub(super) fn repairs(unit: &Unit) -> Vec<FieldSpec> {
    let records = unit.credit.iter().enumerate().map(|(at, kept)| {
        let label = format!("{}，{}", kept.record.list_term(), kept.record.basis);
        Choice::from((at.to_string(), label))
    });
    let mut fields = vec![FieldSpec::select("record", "哪条记录", records).required()];
    fields.extend(repair_fields());
    fields
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
        Form::new(&shell.csrf, format!("/units/{id}/credit"), "登记失信记录", credit_fields(true))
            .prefix("credit");
    let repair = Form::new(
        &shell.csrf,
        format!("/units/{id}/credit/repair"),
        "登记信用修复",
        repairs(&unit),
    )
    .prefix("repair");
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
        records: records.map(|(index, kept)| record(&unit, index, kept, today)).collect(),
        supervises: actor.side == Side::Department && actor.capacity == Capacity::Supervisor,
        credit,
        repair,
        sections: if inside(actor) { sections(&unit, own, personal) } else { Vec::new() },
        terms: if personal { terms(&unit) } else { Vec::new() },
        platforms: unit.platforms.iter().map(|kept| platforms::row(&unit, kept, today)).collect(),
        enters: own || platforms::reviews(actor),
        key: crate::http::random::key(),
        shell,
        unit,
    })
}

impl ShowPage {
    /// Shows what was typed in a form again, with what is to be mended.
    pub(super) fn mend(mut self, which: &str, values: Values, errors: Vec<FieldError>) -> Self {
        self.shell.has_errors = true;
        let form = match which {
            "credit" => &mut self.credit,
            "repair" => &mut self.repair,
            _ => &mut self.refuse,
        };
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

/// Whether the reader sees what a unit keeps: everybody who sees its page but the experts' desk.
fn inside(actor: &Actor) -> bool {
    actor.side != Side::Department || actor.capacity != Capacity::Organiser
}

fn sections(unit: &Unit, own: bool, personal: bool) -> Vec<SectionView> {
    let kinds = DetailKind::ALL.into_iter().filter(|kind| kind.belongs_to(unit.profile.kind));
    kinds
        .filter(|kind| personal || *kind != DetailKind::Contact)
        .map(|kind| {
            let said = unit.details.section(kind).as_ref().map(words).unwrap_or_default();
            let empty = said.is_empty();
            let facts = said
                .into_iter()
                .fold(KeyValues::new(), |facts, (label, said)| facts.row(label, said));
            let rules = unit.details.rules.iter().filter(|_| kind == DetailKind::Rules);
            let files = rules.filter_map(|rule| {
                let file = rule.file.as_ref()?;
                Some((rule.name.clone(), format!("/units/{}/files/{}", unit.id, file.0)))
            });
            let files = files.collect();
            SectionView { name: kind.name(), term: kind.term(), facts, empty, own, files }
        })
        .collect()
}

fn terms(unit: &Unit) -> Vec<(String, String)> {
    let period = |term: &unit::Term| {
        let to = term.to.map_or_else(|| "今".to_owned(), |day| day.to_string());
        format!("{} 至 {to}", term.from)
    };
    unit.representatives.iter().rev().map(|term| (term.name.value.clone(), period(term))).collect()
}

fn facts(unit: &Unit, personal: bool) -> KeyValues {
    lines(unit, personal)
        .into_iter()
        .fold(KeyValues::new(), |facts, (label, said)| facts.row(label, said))
}

/// The registration in words.
pub(super) fn lines(unit: &Unit, personal: bool) -> Vec<(String, String)> {
    let about = &unit.profile;
    let authority = unit.authority.as_ref().and_then(|id| reference::authority(id.as_str()));
    let code = if about.code.is_empty() { "境外单位，无" } else { about.code.as_str() };
    let authority = authority.map_or("自治区科技厅（区外单位）", |found| found.name);
    let area = profile::area_name(&about.area);
    let mut lines = vec![
        ("单位全称", about.name.as_str()),
        ("统一社会信用代码", code),
        ("单位类型", about.kind.term()),
        ("法人类型", about.legal_form.term()),
        ("住所所在地", area.as_str()),
        ("住所", about.address.as_str()),
        ("归口管理部门", authority),
    ];
    if personal {
        lines.push(("法定代表人或负责人", about.representative.value.as_str()));
        lines.push(("联系电话", about.phone.value.as_str()));
    }
    lines.into_iter().map(|(label, said)| (label.to_owned(), said.to_owned())).collect()
}

/// Who acts for the unit today, and whose office waits to be confirmed.
async fn people(state: &AppState, unit: &Unit, today: Date) -> Result<Vec<LinkRow>, Fault> {
    let whole = state.office.unit_with_people(&unit.id).await?.ok_or(Fault::NotFound)?;
    let rows = whole.people.links.iter().map(|link| LinkRow::of(&whole, link, today));
    Ok(rows.filter(|row| row.stands || row.proposed).collect())
}

fn record(unit: &Unit, index: usize, kept: &unit::KeptRecord, today: Date) -> Record {
    let until = kept.record.until.map_or_else(|| "移出时止".to_owned(), |day| day.to_string());
    let live = kept.live_on(today);
    let severity = kept.record.severity();
    let chip = match (kept.lifted_on, kept.repaired_on()) {
        (Some(on), _) => ui::status(Tone::Done, &format!("{on} 已移出")),
        (None, Some(on)) if !live => ui::status(Tone::Done, &format!("{on} 已修复")),
        _ if live && severity == Severity::Warning => ui::status(Tone::Idle, "仅作提示"),
        _ if live => ui::status(Tone::Bad, "在惩戒期内"),
        _ => ui::status(Tone::Idle, "不在惩戒期内"),
    };
    let list = reference::credit_list(&kept.record.list).map_or("", |list| list.name);
    let repair = kept.repair.as_ref().map_or_else(String::new, |repair| {
        let decided = repair.decided_on.map_or_else(String::new, |on| format!(" {on}"));
        format!(
            "{} 申请修复，{}{decided} {}",
            repair.applied_on,
            repair.outcome.term(),
            repair.document
        )
    });
    let proof = kept.record.proof.as_ref();
    Record {
        index,
        source: kept.record.source.clone(),
        basis: kept.record.basis.clone(),
        period: format!("{} 至 {until}", kept.record.from),
        chip,
        live: kept.lifted_on.is_none(),
        list,
        repair,
        proof: proof.map(|digest| format!("/units/{}/files/{}", unit.id, digest.0)),
    }
}
