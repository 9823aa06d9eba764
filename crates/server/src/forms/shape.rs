//! From the flat answers of a form to the command as the API writes it.

use consortium::expert_review::CRITERIA;
use serde_json::{Map, Value, json};

use super::FormContext;
use crate::pages::shell::form::{FieldSpec, Kind};

type Object = Map<String, Value>;

/// Fields that may be absent altogether.
const OPTIONAL: &[&str] = &[
    "new_name",
    "unit",
    "contact",
    "contact_phone",
    "contact_email",
    "letter",
    "operation",
    "status",
    "assessed_in",
    "trl_from",
    "trl_to",
    "lead_unit",
    "custodian",
    "foreground",
    "decides",
    "liable",
];
/// Radios whose answer is a yes or a no.
const YES_OR_NO: &[&str] = &["accept", "conflict", "upheld", "accepted"];
/// Lists and hidden fields whose answer is a number.
const NUMBERS: &[&str] = &["no", "size_bytes"];
/// The same within rows, where a number of a document is a text.
const NUMBERS_IN_ROWS: &[&str] = &["trl_from", "trl_to"];
/// Values about a person.
const PERSONAL: &[&str] = &["contact", "contact_phone", "contact_email", "objector"];

/// Whether a field holds a value about a person.
pub fn is_personal(name: &str) -> bool {
    PERSONAL.contains(&name)
}

/// The object of a command that holds the form's fields.
pub(super) fn within(verb: &str) -> Option<&'static str> {
    match verb {
        "write_application" | "report_change" => Some("content"),
        "write_agreement" => Some("text"),
        "attach" => Some("attachment"),
        "submit_sheet" => Some("sheet"),
        "submit_report" => Some("summary"),
        _ => None,
    }
}

/// Fields that stand beside the object of [`within`].
const BESIDE: &[&str] = &["void_signatures", "year", "kind", "occurred_on"];

/// What was read, with blanks where nothing was owed and nothing answered.
pub(super) fn whole(fields: &[FieldSpec], value: &Value) -> Object {
    let mut object = value.as_object().cloned().unwrap_or_default();
    for field in fields {
        let name = field.name.as_ref();
        if let (Kind::Rows { columns, .. }, Some(Value::Array(rows))) =
            (&field.kind, object.get_mut(name))
        {
            for row in rows {
                *row = Value::Object(whole(columns, row));
            }
        }
        if object.contains_key(name) || OPTIONAL.contains(&name) {
            continue;
        }
        match field.kind {
            Kind::Text { .. } | Kind::Long { .. } | Kind::Select(_) => {
                object.insert(name.to_owned(), json!(""));
            }
            Kind::Integer { .. } | Kind::Money => {
                object.insert(name.to_owned(), json!(0));
            }
            _ => {}
        }
    }
    object
}

/// The command, as an object with its name.
pub(super) fn shaped(verb: &str, object: &Object, context: &FormContext) -> Value {
    let mut object = object.clone();
    for (name, value) in &mut object {
        retyped(name, value);
    }
    match verb {
        "sign" => {
            object.remove("password");
            object.remove("name");
            object.remove("size_bytes");
            object.insert("method".to_owned(), json!("account_password"));
        }
        "write_application" => {
            let part = context.part.map(consortium::materials::Part::name);
            object.entry("section").or_insert_with(|| json!(part));
            for (name, value) in super::materials::legacy(context) {
                object.entry(name).or_insert(value);
            }
        }
        "submit_sheet" => object = sheet(&object),
        "pass_formal_review" => {
            let judgements = judgements(&object, context);
            object = Object::from_iter([("judgements".to_owned(), judgements)]);
        }
        "propose_cancellation" => {
            let ground = json!({ "ground": object.get("ground") });
            object.insert("ground".to_owned(), ground);
        }
        "import_trial_filing" => {
            let members = object.get("members").and_then(Value::as_array);
            let units: Value =
                members.into_iter().flatten().map(|row| row["unit"].clone()).collect();
            object.insert("members".to_owned(), units);
        }
        _ => {}
    }
    let mut command = match within(verb) {
        None => object,
        Some(name) => {
            let beside = |key: &String| is_beside(verb, key);
            let (mut out, inner): (Object, Object) =
                object.into_iter().partition(|(key, _)| beside(key));
            out.insert(name.to_owned(), Value::Object(inner));
            out
        }
    };
    command.insert("command".to_owned(), json!(verb));
    Value::Object(command)
}

fn is_beside(verb: &str, key: &str) -> bool {
    // A section has years and kinds of its own only within rows.
    verb != "write_application" && BESIDE.contains(&key)
}

/// Texts of lists and hidden fields as what they mean.
fn retyped(name: &str, value: &mut Value) {
    for (column, cell) in value.as_array_mut().into_iter().flatten().flat_map(cells) {
        if NUMBERS_IN_ROWS.contains(&column.as_str()) {
            number(cell);
        }
    }
    let Some(text) = value.as_str().map(str::to_owned) else { return };
    if YES_OR_NO.contains(&name) {
        *value = json!(text == "yes");
    } else if NUMBERS.contains(&name) {
        number(value);
    } else if PERSONAL.contains(&name) {
        *value = json!({ "$personal": text });
    }
}

/// The cells of a row; a list of plain values has none.
fn cells(row: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    row.as_object_mut().into_iter().flatten()
}

/// A text as the whole number it is.
fn number(value: &mut Value) {
    if let Some(text) = value.as_str() {
        *value = text.parse::<u64>().map_or(Value::Null, |number| json!(number));
    }
}

fn sheet(object: &Object) -> Object {
    let field = |kind: &str, at: usize| object.get(&format!("{kind}-{at}")).cloned();
    let of = |kind: &str| (0..CRITERIA.len()).filter_map(|at| field(kind, at)).collect::<Value>();
    let kept = ["vote", "opinion"]
        .into_iter()
        .filter_map(|name| object.get(name).map(|value| (name.to_owned(), value.clone())));
    let mut sheet: Object = kept.collect();
    sheet.insert("scores".to_owned(), of("score"));
    sheet.insert("remarks".to_owned(), of("remark"));
    sheet
}

fn judgements(object: &Object, context: &FormContext) -> Value {
    let answered = |question: &super::Question| {
        let rule = &question.rule;
        let met = object.get(&format!("judgement-{rule}"))? == "yes";
        let reason = object.get(&format!("reason-{rule}")).cloned().unwrap_or_else(|| json!(""));
        Some(json!({ "rule": rule, "met": met, "reason": reason }))
    };
    context.questions.iter().filter_map(answered).collect()
}
