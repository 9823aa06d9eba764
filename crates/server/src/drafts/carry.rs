//! 带入与存回 — what a unit keeps goes into the draft of a section, and what a section says goes back
//! to the unit: shown field by field first, and only what was chosen.
//!
//! Both ways meet in one object by the names of the form's fields; a field that a form does not have
//! is passed over. Nothing here writes anything.

use std::collections::BTreeMap;

use consortium::actor::Actor;
use consortium::ids::UnitId;
use consortium::materials::{Intention, Part, Party, Written};
use consortium::reference::Counts;
use consortium::unit::{Detail, DetailKind, Details, TransferRecord, Unit, number_in};
use serde_json::{Map, Value, json};

use super::merge::{Fields, Posted, base};
use super::{Open, fields_of};
use crate::forms::unit::{detail_of, lines};
use crate::office::{Office, OfficeError};
use crate::pages::shell::form::{Kind, Values};
use crate::state::AppState;

/// The most platforms that stand in an unwritten section by themselves: more are chosen from.
pub const PROPOSED_PLATFORMS_MAX: usize = 5;

/// One thing that can be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carry {
    /// By which it is chosen: a field, or a row by its first letters `platforms.2.`.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What stands in the draft now; empty for nothing.
    pub now: String,
    /// What the unit keeps.
    pub kept: String,
    /// The fields it would write.
    pub fields: Fields,
}

impl Carry {
    /// Whether something would be written over.
    pub fn overwrites(&self) -> bool {
        !self.now.trim().is_empty()
    }
}

/// Sections into which a unit's own record can be taken over.
pub fn takes(part: Part) -> bool {
    matches!(part, Part::Lead | Part::Unit | Part::Member | Part::Platforms)
}

/// Whose record a section is filled from.
pub fn source(open: &Open) -> UnitId {
    open.block.clone().unwrap_or_else(|| open.dossier.lead().clone())
}

/// Whether somebody takes what a unit keeps over into this section: nobody reads another's record, and
/// the platforms of all parties are in the register.
pub fn is_for(actor: &Actor, open: &Open) -> bool {
    takes(open.part) && (open.part == Part::Platforms || actor.unit() == Some(&source(open)))
}

/// The records that a section is filled from: its own unit's, or for the platforms those of every
/// party that takes part.
///
/// # Errors
/// Of the store.
pub async fn records(office: &Office, open: &Open) -> Result<BTreeMap<UnitId, Unit>, OfficeError> {
    let own = source(open);
    let joined = |party: &&Party| matches!(party.intention, Intention::Accepted { .. });
    let parties = open.dossier.materials.standing().filter(joined).map(|party| &party.unit);
    let wanted = parties.filter(|unit| open.part == Part::Platforms || **unit == own);
    let mut units = BTreeMap::new();
    for id in wanted {
        if let Some(unit) = office.unit_record(id).await? {
            units.insert(id.clone(), (*unit).clone());
        }
    }
    Ok(units)
}

/// 照单位资料先填 — what the unit keeps, for a page on which a section is begun: it is no draft and
/// nothing of the filing until somebody types or saves. Nothing where the section was ever written or
/// typed in. Of platforms only those that may count towards R5.1c, and not more than
/// [`PROPOSED_PLATFORMS_MAX`].
///
/// # Errors
/// Of the store.
pub async fn proposed(state: &AppState, actor: &Actor, open: &Open) -> Result<Fields, OfficeError> {
    let block = open.block.as_ref();
    let unwritten = open.dossier.materials.written(open.part, block) == Written::No;
    if !unwritten || !is_for(actor, open) || open.is_begun(&state.store).await? {
        return Ok(Fields::new());
    }
    let today = state.clock.today();
    let mut units = records(&state.office, open).await?;
    for unit in units.values_mut() {
        unit.platforms.retain(|kept| kept.entry.counts(today).0 != Counts::No);
    }
    let at_most = match open.part {
        Part::Platforms => PROPOSED_PLATFORMS_MAX,
        _ => usize::MAX,
    };
    let proposals = proposals(open, &open.written, &units).into_iter().take(at_most);
    let fields = proposals.flat_map(|carry| carry.fields);
    Ok(fields.filter(|(_, value)| !value.is_empty()).collect())
}

/// What can be taken over: only what the unit keeps and the draft does not say already.
pub fn proposals(open: &Open, now: &Fields, units: &BTreeMap<UnitId, Unit>) -> Vec<Carry> {
    if open.part == Part::Platforms {
        return platforms(open, now, units);
    }
    let Some(unit) = units.get(&source(open)) else { return Vec::new() };
    let specs = &open.form.fields;
    let kept = fields_of(specs, &Values::stored(specs, &kept(unit, open.part)).0);
    let mut proposals = Vec::new();
    for spec in specs {
        let name = spec.name.as_ref();
        let own = |field: &String| {
            field == name || field.starts_with(&format!("{name}.")) && is_rows(&spec.kind)
        };
        let fields: Fields = kept.iter().filter(|(field, _)| own(field)).map(owned).collect();
        let stands: Fields = now.iter().filter(|(field, _)| own(field)).map(owned).collect();
        let same = fields.iter().all(|(field, value)| {
            stands.get(field).is_some_and(|stood| super::merge::same(stood, value))
        });
        if fields.is_empty() || same && stands.len() == fields.len() {
            continue;
        }
        // Rows are taken over as a whole: what is blank in the kept ones is blanked.
        let mut written = fields.clone();
        if is_rows(&spec.kind) {
            for field in stands.keys() {
                written.entry(field.clone()).or_default();
            }
        }
        proposals.push(Carry {
            key: name.to_owned(),
            label: spec.label.to_string(),
            now: told(open, &stands),
            kept: told(open, &fields),
            fields: written,
        });
    }
    proposals
}

fn owned((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

fn is_rows(kind: &Kind) -> bool {
    matches!(kind, Kind::Rows { .. })
}

/// Fields in words: one as it is, rows line by line.
fn told(open: &Open, fields: &Fields) -> String {
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut single = Vec::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let words = open.words(name, value);
        match name.split('.').nth(1).and_then(|number| number.parse().ok()) {
            Some(number) => {
                let label = open.spec(name).map_or("", |spec| spec.label.as_ref());
                rows.entry(number).or_default().push(format!("{label} {words}"));
            }
            None => single.push(words),
        }
    }
    let rows = rows.into_values().map(|cells| cells.join("，"));
    single.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// What a unit keeps, by the names of the fields of a section.
fn kept(unit: &Unit, part: Part) -> Value {
    let details = &unit.details;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        let blank = value.as_str().is_some_and(str::is_empty) || value == json!([]);
        if !value.is_null() && !blank {
            object.insert(name.to_owned(), value);
        }
    };
    if let Some(last) = details.years.last() {
        put("staff", json!(last.staff));
        put("rd_staff", json!(last.rd_staff));
        put("rd_fte", json!(last.rd_fte));
        put("doctors", json!(last.doctors));
        put("senior", json!(last.senior_titles));
        let years = details.last_three();
        let sum = |of: fn(&consortium::unit::YearFigures) -> i64| {
            years.iter().map(of).fold(0, i64::saturating_add)
        };
        put("revenue_fen", json!(sum(|year| year.revenue_fen)));
        put("rd_spend_fen", json!(sum(|year| year.rd_spend_fen)));
        let row = |year: &consortium::unit::YearFigures| {
            json!({
                "year": year.year, "revenue_fen": year.revenue_fen,
                "rd_spend_fen": year.rd_spend_fen,
            })
        };
        put("years", years.iter().map(row).collect());
    }
    put("certificates", certificates(details));
    put("team", json!(details.strengths.team));
    match part {
        // In a member's block the field is about its work with the lead.
        Part::Member => put("capability", json!(capability(details))),
        _ => put("cooperation", json!(details.strengths.cooperation)),
    }
    let rules = details.rules.iter();
    let told: Vec<String> = rules
        .clone()
        .map(|rule| format!("《{}》（{} 起施行）", rule.name, rule.in_force_from))
        .collect();
    put("management_rules", json!(told.join("\n")));
    put(
        "rules",
        rules.map(|rule| json!({ "title": rule.name, "since": rule.in_force_from })).collect(),
    );
    if let Some(contact) = &details.contact {
        put("contact", json!(contact.contact.value));
        put("contact_phone", json!(contact.contact_phone.value));
    }
    if let Some(said) = &details.research {
        put("disciplines", json!(said.discipline));
        put("team_size", json!(said.team_size));
        put("laboratories", json!(said.laboratories));
        put("results", json!(said.results));
    }
    if let Some(said) = &details.business {
        put("products", json!(said.products));
        put("chain_position", json!(said.position));
        put("matching", json!(said.matching));
    }
    if let Some(said) = &details.transfer {
        put("agency_record", json!(said.record.map(TransferRecord::term)));
        put("brokers", json!(said.brokers));
        put("contracts_fen", json!(said.contracts_fen));
        put("services", json!(said.services));
    }
    Value::Object(object)
}

/// A member's ability as one text: what it says of itself; without it, the lines of its kind.
fn capability(details: &Details) -> String {
    if !details.strengths.capability.trim().is_empty() {
        return details.strengths.capability.clone();
    }
    let kinds = [DetailKind::Research, DetailKind::Business, DetailKind::Transfer];
    let said = kinds.into_iter().filter_map(|kind| details.section(kind));
    let said = said.flat_map(|detail| lines(&detail));
    said.map(|(label, said)| format!("{label}：{said}")).collect::<Vec<_>>().join("\n")
}

fn certificates(details: &Details) -> Value {
    let kept = &details.certificates;
    let high_tech = kept
        .high_tech
        .as_ref()
        .map(|one| json!({ "kind": "high_tech", "no": one.no, "until": one.until }));
    let sme = kept.tech_sme.as_ref().map(
        |one| json!({ "kind": "tech_sme", "no": one.no, "level": format!("{} 年入库", one.year) }),
    );
    let level =
        kept.specialised.map(|level| json!({ "kind": "specialised", "level": level.term() }));
    high_tech.into_iter().chain(sme).chain(level).collect()
}

/// Whether a field is this cell of a row: `platforms.3.entry`.
fn cell(field: &str, name: &str) -> bool {
    field.rsplit_once('.').is_some_and(|(_, own)| own == name)
}

/// Entries of the register of all parties that no row names yet, each as a row after the others.
fn platforms(open: &Open, now: &Fields, units: &BTreeMap<UnitId, Unit>) -> Vec<Carry> {
    let number = |field: &String| field.split('.').nth(1)?.parse::<usize>().ok();
    let mut next = now.keys().filter_map(number).max().map_or(0, |last| last + 1);
    let named: Vec<&String> =
        now.iter().filter(|(name, _)| cell(name, "entry")).map(|(_, value)| value).collect();
    let specs = &open.form.fields;
    let mut proposals = Vec::new();
    for party in open.dossier.materials.standing() {
        let Some(unit) = units.get(&party.unit) else { continue };
        for kept in &unit.platforms {
            let reference = kept.reference(&unit.id);
            if named.contains(&&reference) {
                continue;
            }
            let entry = &kept.entry;
            let row = json!({
                "name": entry.name,
                "kind": entry.kind,
                "level": entry.level(),
                "owner": unit.id,
                "approved_by": entry.approved_by,
                "document_no": entry.document_no,
                "approved_on": entry.approved_on,
                "valid_to": entry.valid_to,
                "status": entry.status,
                "assessed_in": entry.assessment.as_ref().map(|one| one.year),
                "grade": entry.assessment.as_ref().map(|one| &one.grade),
                "entry": reference,
            });
            let row = Values::stored(specs, &json!({ "platforms": [row] }));
            let before = format!("platforms.{next}.");
            let fields: Fields = fields_of(specs, &row.0)
                .into_iter()
                .map(|(name, value)| (name.replacen("platforms.0.", &before, 1), value))
                .collect();
            proposals.push(Carry {
                key: before,
                label: format!("{}：{}", unit.profile.name, entry.name),
                now: String::new(),
                kept: told(open, &fields),
                fields,
            });
            next += 1;
        }
    }
    proposals
}

/// What a page posts that takes these over. The fields are known by what stood in them when they
/// were shown: what somebody changed meanwhile is asked about and not written over.
pub fn taken(chosen: &[Carry], shown: &Fields, hand: String, turn: i64) -> Posted {
    let mut posted = Posted { hand, turn, ..Posted::default() };
    let known = base(shown);
    for carry in chosen {
        for (name, value) in &carry.fields {
            posted.base.insert(name.clone(), known.get(name).cloned().unwrap_or_default());
            posted.fields.insert(name.clone(), value.clone());
        }
    }
    // A row that was not there is one that the page added.
    posted.base.retain(|_, digest| !digest.is_empty());
    posted
}

/// One section of the unit's record that could be written from a section of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// What would be written.
    pub detail: Detail,
    /// What stands there now, in words.
    pub now: Vec<(String, String)>,
    /// What would stand there, in words.
    pub then: Vec<(String, String)>,
}

/// What a section says that the unit keeps otherwise or not at all.
pub fn back(open: &Open, now: &Fields, unit: &Unit) -> Vec<Back> {
    let said = open.value(now);
    let kinds = DetailKind::ALL.into_iter().filter(|kind| kind.belongs_to(unit.profile.kind));
    let written = kinds.filter_map(|kind| written(kind, open.part, &said, &unit.details));
    written
        .filter_map(|detail| {
            let stands = unit.details.section(detail.kind());
            if stands.as_ref() == Some(&detail) {
                return None;
            }
            let now = stands.as_ref().map(lines).unwrap_or_default();
            Some(Back { now, then: lines(&detail), detail })
        })
        .filter(|back| !back.then.is_empty())
        .collect()
}

/// A section of the record with what the form says of it; `None` where the form says nothing.
fn written(kind: DetailKind, part: Part, said: &Value, details: &Details) -> Option<Detail> {
    let text = |name: &str| said[name].as_str().filter(|text| !text.trim().is_empty());
    match kind {
        DetailKind::Strengths => {
            let mut kept = details.strengths.clone();
            let fields = match part {
                Part::Member => {
                    [text("capability").map(|t| t.clone_into(&mut kept.capability)), None]
                }
                _ => [
                    text("team").map(|t| t.clone_into(&mut kept.team)),
                    text("cooperation").map(|t| t.clone_into(&mut kept.cooperation)),
                ],
            };
            fields.iter().any(Option::is_some).then_some(Detail::Strengths(kept))
        }
        DetailKind::Contact => {
            let both = text("contact").zip(text("contact_phone"));
            both.and_then(|_| detail_of(kind, said).ok())
        }
        DetailKind::Business => {
            let mut kept = details.business.clone().unwrap_or_default();
            let fields = [
                text("products").map(|t| t.clone_into(&mut kept.products)),
                text("chain_position").map(|t| t.clone_into(&mut kept.position)),
                text("matching").map(|t| t.clone_into(&mut kept.matching)),
            ];
            fields.iter().any(Option::is_some).then_some(Detail::Business(kept))
        }
        DetailKind::Research => {
            let mut kept = details.research.clone().unwrap_or_default();
            let fields = [
                text("disciplines").map(|t| t.clone_into(&mut kept.discipline)),
                text("laboratories").map(|t| t.clone_into(&mut kept.laboratories)),
                text("results").map(|t| t.clone_into(&mut kept.results)),
                count(said, "team_size").map(|size| kept.team_size = size),
            ];
            fields.iter().any(Option::is_some).then_some(Detail::Research(kept))
        }
        DetailKind::Transfer => {
            let mut kept = details.transfer.clone().unwrap_or_default();
            let services = said["services"].as_array().filter(|list| !list.is_empty());
            let services =
                services.and_then(|_| serde_json::from_value(said["services"].clone()).ok());
            let fields = [
                count(said, "brokers").map(|brokers| kept.brokers = brokers),
                said["contracts_fen"].as_i64().map(|fen| kept.contracts_fen = fen),
                services.map(|services| kept.services = services),
            ];
            fields.iter().any(Option::is_some).then_some(Detail::Transfer(kept))
        }
        DetailKind::Figures => figures(said, details),
        // Numbers and days of certificates and rules are not in every form: they are kept with the
        // unit and not guessed back.
        DetailKind::Certificates | DetailKind::Rules => None,
    }
}

fn count(said: &Value, name: &str) -> Option<u32> {
    said[name].as_u64().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0)
}

/// The years of the form over those that are kept; its people belong to its last year.
fn figures(said: &Value, details: &Details) -> Option<Detail> {
    let rows = said["years"].as_array().filter(|rows| !rows.is_empty())?;
    let mut years = details.years.clone();
    let mut last = i16::MIN;
    for row in rows {
        let year = row["year"].as_i64().and_then(|year| i16::try_from(year).ok())?;
        last = last.max(year);
        if years.iter().all(|kept| kept.year != year) {
            years.push(consortium::unit::YearFigures { year, ..Default::default() });
        }
        let kept = years.iter_mut().find(|kept| kept.year == year)?;
        kept.revenue_fen = row["revenue_fen"].as_i64().unwrap_or(kept.revenue_fen);
        kept.rd_spend_fen = row["rd_spend_fen"].as_i64().unwrap_or(kept.rd_spend_fen);
    }
    let kept = years.iter_mut().find(|kept| kept.year == last)?;
    kept.staff = count(said, "staff").unwrap_or(kept.staff);
    kept.rd_staff = count(said, "rd_staff").unwrap_or(kept.rd_staff);
    kept.rd_fte = count(said, "rd_fte").unwrap_or(kept.rd_fte);
    kept.doctors = count(said, "doctors").unwrap_or(kept.doctors);
    kept.senior_titles = count(said, "senior").unwrap_or(kept.senior_titles);
    years.sort_by_key(|kept| kept.year);
    Some(Detail::Figures { years })
}

/// Rows of the section that name no entry of the register and are the unit's own: they can be entered
/// there.
pub fn unregistered(now: &Fields, unit: &UnitId) -> Vec<String> {
    let rows = now.iter().filter(|(name, value)| cell(name, "owner") && *value == unit.as_str());
    rows.filter_map(|(name, _)| {
        let before = name.strip_suffix("owner")?;
        let entry = now.get(&format!("{before}entry")).map_or("", String::as_str);
        let named = number_in(entry, unit).is_some();
        (!named).then(|| now.get(&format!("{before}name")).cloned())?
    })
    .collect()
}
