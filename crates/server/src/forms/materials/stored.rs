//! What stands in a section, as its form shows it.

use consortium::{
    ids::{Personal, UnitId},
    materials::{Materials, Part},
};
use serde_json::{Map, Value, json};

use super::super::FormContext;

/// Values about people, that a form shows as plain words.
const PERSONAL: [&str; 3] = ["contact", "contact_phone", "contact_email"];

/// What stands in the section of the context.
pub(in super::super) fn stored(context: &FormContext) -> Value {
    let (Some(part), Some(materials)) = (context.part, &context.materials) else {
        return json!({});
    };
    match part {
        Part::Basics => json!(materials.basics),
        Part::Lead => plain(json!(materials.lead)),
        Part::Unit => block(context, |unit| figures(materials, unit)),
        Part::Member => block(context, |unit| materials.member(unit).map(|block| json!(block))),
        Part::Conditions => {
            block(context, |unit| materials.conditions_of(unit).map(|block| json!(block)))
        }
        Part::MemberPromise => {
            block(context, |unit| materials.promised(unit).map(|block| json!(block)))
        }
        Part::Platforms => json!({ "platforms": materials.platforms }),
        Part::Goals => json!({
            "goals": materials.goals,
            "yearly": materials.yearly,
            "indicators": materials.indicators,
        }),
        Part::Technologies => json!({ "technologies": materials.technologies }),
        Part::Work => json!({ "work": materials.work }),
        Part::Inputs => {
            let mut stored = json!(materials.funding);
            stored["inputs"] = json!(materials.inputs);
            // A total of nought was never agreed: nobody wrote it.
            if materials.funding.total_fen == 0 {
                stored["total_fen"] = json!(null);
            }
            stored
        }
        Part::Rights => json!(materials.rights),
        Part::Organisation => json!(materials.organisation),
        Part::Plan => json!(materials.plan),
        Part::Safeguards => json!({ "safeguards": materials.safeguards }),
        Part::Special => json!({ "special": materials.special }),
        Part::Promise => {
            let mut stored = json!(materials.promise);
            stored["truthful"] = json!(materials.truthful);
            stored
        }
        Part::Agreement | Part::Attachments | Part::Parties => json!({}),
    }
}

/// The block of the context's unit; of one that has none yet its id alone.
fn block(context: &FormContext, found: impl Fn(&UnitId) -> Option<Value>) -> Value {
    let Some(unit) = &context.block else { return json!({}) };
    plain(found(unit).unwrap_or_else(|| json!({ "unit": unit })))
}

/// A unit's figures; until it has written them, what earlier forms asked of the lead elsewhere.
fn figures(materials: &Materials, unit: &UnitId) -> Option<Value> {
    if let Some(block) = materials.unit(unit) {
        return Some(json!(block));
    }
    let lead = materials.lead.as_ref().filter(|_| is_lead(materials, unit))?;
    Some(json!({
        "unit": unit, "staff": lead.staff, "rd_staff": lead.rd_staff,
        "contact": lead.contact, "contact_phone": lead.contact_phone,
    }))
}

fn is_lead(materials: &Materials, unit: &UnitId) -> bool {
    materials.lead_unit().is_some_and(|lead| lead.unit == *unit)
}

/// Values about people as plain words.
fn plain(mut stored: Value) -> Value {
    if let Some(object) = stored.as_object_mut() {
        for name in PERSONAL {
            let words = object.get(name).and_then(|value| value.get("$personal")).cloned();
            if let Some(words) = words {
                object.insert(name.to_owned(), words);
            }
        }
    }
    stored
}

/// What earlier forms asked of the lead and this one does not: it stays as it was written.
pub(in super::super) fn legacy(context: &FormContext) -> Map<String, Value> {
    let lead = context.materials.as_ref().and_then(|materials| materials.lead.as_ref());
    let Some(lead) = lead.filter(|_| context.part == Some(Part::Lead)) else { return Map::new() };
    let text = |kept: &Option<Personal>| kept.as_ref().map(|kept| json!(kept));
    let kept = [
        ("staff", Some(json!(lead.staff))),
        ("rd_staff", Some(json!(lead.rd_staff))),
        ("revenue_fen", Some(json!(lead.revenue_fen))),
        ("rd_spend_fen", Some(json!(lead.rd_spend_fen))),
        ("contact", text(&lead.contact)),
        ("contact_phone", text(&lead.contact_phone)),
    ];
    kept.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
