//! 字段说明 — one JSON schema for each command, drawn from the same fields as its form.

use consortium::{
    command::Verb,
    expert_review::{CRITERIA, Vote},
    materials::Part,
    text,
};
use serde_json::{Map, Value, json};

use super::command;
use crate::forms::{self, CommandForm, FormContext};
use crate::pages::shell::form::{Choice, FieldSpec, Kind};

type Object = Map<String, Value>;

/// Answers, and bodies that have no form.
const WRITTEN: &str = include_str!("schemas.json");
/// Fields that may be left out although their form shows them.
const LEFT_OUT: &[&str] = &[
    "void_signatures",
    "new_name",
    "contact",
    "contact_phone",
    "valid_to",
    "not_secret",
    "letter",
    "entry",
    "compared",
];
/// Radios whose answer is a yes or a no.
const YES_OR_NO: &[&str] = &["accept", "conflict", "upheld", "accepted"];
/// Texts of forms that are numbers.
const NUMBERS: &[&str] = &["no", "size_bytes"];
/// Values about a person.
const PERSONAL: &[&str] = &["contact", "contact_phone", "contact_email", "objector"];
/// Fields that stand beside the object of a command.
const BESIDE: &[&str] = &["void_signatures", "year", "kind", "occurred_on"];

/// The name of a command's schema: `CommandSubmit`.
pub(super) fn name(verb: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    format!("Command{}", verb.split('_').map(capital).collect::<String>())
}

/// A reference to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Every schema under its name.
pub(super) fn all() -> Object {
    let mut all: Object = serde_json::from_str(WRITTEN).unwrap_or_default();
    let mut one_of = Vec::new();
    let mut mapping = Object::new();
    for verb in command::verbs() {
        let Some(schema) = of(verb) else { continue };
        let name = name(verb.name);
        one_of.push(reference(&name));
        mapping.insert(verb.name.to_owned(), json!(format!("#/components/schemas/{name}")));
        all.insert(name, schema);
    }
    let discriminator = json!({ "propertyName": "command", "mapping": mapping });
    let union = json!({ "title": "办理动作", "oneOf": one_of, "discriminator": discriminator });
    all.insert("Command".to_owned(), union);
    for (verb, name) in
        [("open", "Opening"), ("object", "Objection"), ("import_trial_filing", "TrialFiling")]
    {
        if let Some(row) = consortium::command::named(verb) {
            let body = plain(row, &[]).unwrap_or_default();
            all.insert(name.to_owned(), titled(row, body));
        }
    }
    all
}

/// The schema of one command.
fn of(verb: &Verb) -> Option<Value> {
    let own = match verb.name {
        "write_application" => properties([("content", sections())]),
        "pass_formal_review" => properties([("judgements", judgements())]),
        "submit_sheet" => properties([("sheet", sheet())]),
        "propose_cancellation" => ground(verb)?,
        "attach" => attaching(verb)?,
        _ => plain(verb, BESIDE)?,
    };
    let mut schema = titled(verb, own);
    let named = json!({ "const": verb.name });
    let object = schema.as_object_mut()?;
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("command".to_owned(), named);
    }
    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
        required.insert(0, json!("command"));
    }
    Some(schema)
}

fn titled(verb: &Verb, mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!(verb.term));
        object.insert("x-clause".to_owned(), json!(verb.clause));
        let words = forms::form(verb.name, &FormContext::example()).map(|form| form.intro);
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            object.insert("description".to_owned(), json!(words));
        }
    }
    schema
}

/// A command whose fields are those of its form.
fn plain(verb: &Verb, beside: &[&str]) -> Option<Value> {
    let CommandForm { fields, within, .. } = forms::form(verb.name, &FormContext::example())?;
    let Some(within) = within else { return Some(object(&fields)) };
    let (outer, inner): (Vec<FieldSpec>, Vec<FieldSpec>) =
        fields.into_iter().partition(|field| beside.contains(&field.name.as_ref()));
    let mut schema = object(&outer);
    add(&mut schema, within, object(&inner));
    Some(schema)
}

/// A file on the list. Pages move one by a form of their own, programs say that it moves.
fn attaching(verb: &Verb) -> Option<Value> {
    let mut schema = plain(verb, BESIDE)?;
    let moves = json!({
        "type": "boolean", "default": false,
        "title": "文件已在清单的另一处：改到这里，原来的位置不再保留",
    });
    schema.get_mut("properties")?.as_object_mut()?.insert("moves".to_owned(), moves);
    Some(schema)
}

/// Adds a property that is owed.
fn add(schema: &mut Value, name: &str, property: Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(name.to_owned(), property);
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.push(json!(name));
    }
}

fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let mut schema = object(&[]);
    for (name, property) in pairs {
        add(&mut schema, name, property);
    }
    schema
}

/// What a section of the form has always owed; what later forms added may be left out.
const SECTION_OWES: &[&str] = &[
    "field",
    "industry",
    "chain",
    "background",
    "team",
    "management_rules",
    "cooperation",
    "capability",
    "role",
    "platforms",
    "goals",
    "indicators",
    "technologies",
    "work",
    "inputs",
    "special",
    "safeguards",
    "truthful",
    "unit",
];

/// An object with these fields and no others, of which these are owed.
fn object_of(fields: &[FieldSpec], owed: &[&str]) -> Value {
    let mut schema = object(fields);
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_some_and(|name| owed.contains(&name)));
    }
    schema
}

/// A row: its columns, of which those that a form marks are owed. A number of a document is a text.
fn row(columns: &[FieldSpec]) -> Value {
    let mut schema = object(columns);
    for column in columns {
        if matches!(column.kind, Kind::Text { .. }) && NUMBERS.contains(&column.name.as_ref()) {
            schema["properties"][column.name.as_ref()] = of_kind(&column.kind);
        }
        if TRL.contains(&column.name.as_ref()) {
            schema["properties"][column.name.as_ref()] =
                json!({ "type": "integer", "minimum": 1, "maximum": 9, "title": column.label });
        }
    }
    let always = |name: &str| ROW_OWES.contains(&name);
    let owed = |column: &&FieldSpec| column.required || always(column.name.as_ref());
    schema["required"] = columns.iter().filter(owed).map(|column| json!(column.name)).collect();
    schema
}

/// Columns that rows have always owed although a form lets them stay blank.
const ROW_OWES: &[&str] = &["baseline", "target", "bottleneck", "approach", "deliverable", "form"];
/// 技术就绪度, which a form asks as a list.
const TRL: &[&str] = &["trl_from", "trl_to"];

/// An object with these fields and no others.
fn object(fields: &[FieldSpec]) -> Value {
    let mut properties = Object::new();
    let mut required = Vec::new();
    for field in fields {
        let name = field.name.as_ref();
        properties.insert(name.to_owned(), property(field));
        let optional = LEFT_OUT.contains(&name) || matches!(name, "reason" | "unit");
        if field.required || !optional {
            required.push(json!(name));
        }
    }
    json!({
        "type": "object", "additionalProperties": false,
        "properties": properties, "required": required,
    })
}

/// One field.
fn property(field: &FieldSpec) -> Value {
    let name = field.name.as_ref();
    let mut schema = if PERSONAL.contains(&name) {
        reference("Personal")
    } else if YES_OR_NO.contains(&name) {
        json!({ "type": "boolean" })
    } else if NUMBERS.contains(&name) {
        json!({ "type": "integer", "minimum": 0 })
    } else if name == "members" {
        json!({ "type": "array", "items": { "type": "string" } })
    } else {
        of_kind(&field.kind)
    };
    if let Some(object) = schema.as_object_mut() {
        if !field.label.is_empty() {
            object.insert("title".to_owned(), json!(field.label));
        }
        if !field.hint.is_empty() {
            object.insert("description".to_owned(), json!(field.hint));
        }
        if let Some(clause) = &field.clause {
            object.insert("x-clause".to_owned(), json!(clause));
        }
    }
    schema
}

fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text { max } | Kind::Long { max } => json!({ "type": "string", "maxLength": max }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Integer { min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max })
        }
        Kind::Money => json!({ "type": "integer", "minimum": 0, "x-unit": "分" }),
        Kind::Select(options) | Kind::Radio(options) | Kind::Choices { options, many: false } => {
            chosen(options)
        }
        Kind::Choices { options, many: true } => {
            let one =
                if options.is_empty() { json!({ "type": "string" }) } else { chosen(options) };
            json!({ "type": "array", "items": one })
        }
        Kind::Check => json!({ "type": "boolean" }),
        Kind::File { .. } => reference("Digest"),
        Kind::Rows { columns, min, max } => json!({
            "type": "array", "items": row(columns), "minItems": min, "maxItems": max,
        }),
        Kind::Hidden => json!({ "type": "string" }),
        Kind::Password => json!({ "type": "string", "format": "password" }),
    }
}

fn chosen(options: &[Choice]) -> Value {
    let option = |choice: &Choice| json!({ "const": choice.value, "title": choice.label });
    json!({ "oneOf": options.iter().map(option).collect::<Vec<_>>() })
}

/// The sections of the form, one of which is written at a time.
fn sections() -> Value {
    let parts = Part::ALL.into_iter().filter(|part| forms::is_section(*part));
    let sections = parts.filter_map(|part| {
        let context = FormContext::example().section(part, None);
        let fields = forms::form("write_application", &context)?.fields;
        let mut schema = object_of(&fields, SECTION_OWES);
        add(&mut schema, "section", json!({ "const": part.name() }));
        schema.as_object_mut()?.insert("title".to_owned(), json!(part.term()));
        Some(schema)
    });
    json!({ "oneOf": sections.collect::<Vec<_>>(), "x-clause": "7.1" })
}

fn paragraph(title: &str) -> Value {
    json!({ "type": "string", "maxLength": text::PARAGRAPH_MAX, "title": title })
}

/// What a person judges: each rule that the machine leaves open.
fn judgements() -> Value {
    let one = properties([
        ("rule", json!({ "type": "string", "title": "规则", "description": "如 R5.1b" })),
        ("met", json!({ "type": "boolean", "title": "是否符合" })),
        ("reason", paragraph("判断的理由")),
    ]);
    json!({ "type": "array", "items": one, "title": "由人判断的条件" })
}

fn sheet() -> Value {
    let criteria: Vec<String> =
        CRITERIA.iter().map(|(name, most)| format!("{name}（满分 {most}）")).collect();
    let length = CRITERIA.len();
    let names = ["agree", "agree_with_changes", "disagree"];
    let votes = [Vote::Agree, Vote::AgreeWithChanges, Vote::Disagree].map(Vote::term);
    let votes = names.iter().zip(votes).map(|(name, term)| json!({"const": name, "title": term}));
    let votes: Vec<Value> = votes.collect();
    let points = json!({ "type": "integer", "minimum": 0, "maximum": 100 });
    let remark = json!({ "type": "string", "maxLength": 500 });
    properties([
        (
            "scores",
            json!({
                "type": "array", "items": points, "minItems": length, "maxItems": length,
                "title": "各项得分", "description": criteria.join("、"),
            }),
        ),
        (
            "remarks",
            json!({
                "type": "array", "items": remark, "maxItems": length, "title": "各项说明",
            }),
        ),
        ("vote", json!({ "oneOf": votes, "title": "评审结论" })),
        ("opinion", paragraph("评审意见")),
    ])
}

/// The ground stands in an object of its own.
fn ground(verb: &Verb) -> Option<Value> {
    let mut schema = plain(verb, &[])?;
    let ground = schema.pointer("/properties/ground")?.clone();
    let properties = schema.get_mut("properties")?.as_object_mut()?;
    properties.insert("ground".to_owned(), self::properties([("ground", ground)]));
    Some(schema)
}

#[cfg(test)]
mod tests {
    use consortium::Command;

    use super::*;

    /// The least value that a schema takes.
    fn sample(schema: &Value, all: &Object) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap();
            return sample(&all[name], all);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(options) = schema.get("oneOf").and_then(Value::as_array) {
            return sample(&options[0], all);
        }
        match schema["type"].as_str().unwrap() {
            "object" => {
                let properties = schema["properties"].as_object().unwrap();
                let sampled = properties.iter().map(|(key, one)| (key.clone(), sample(one, all)));
                sampled.collect::<Object>().into()
            }
            "array" => json!([sample(&schema["items"], all)]),
            "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "boolean" => json!(true),
            _ if schema.get("format") == Some(&json!("date")) => json!("2026-03-03"),
            _ => json!("u-0"),
        }
    }

    #[test]
    fn every_command_is_described_as_it_is_read() {
        let all = all();
        for verb in command::verbs() {
            let schema = &all[&name(verb.name)];
            assert_eq!(schema["title"], verb.term);
            assert_eq!(schema["x-clause"], verb.clause);
            for schema in variants(schema) {
                let value = sample(&schema, &all);
                let read = command::read(value.clone());
                let read = read.unwrap_or_else(|problem| panic!("{value}: {problem:?}"));
                assert_eq!(read.command.name(), verb.name);
                let mut more = value;
                more["standing"] = json!("filed");
                assert!(command::read(more).is_err(), "{}", verb.name);
            }
        }
    }

    /// A schema once for each section it may hold.
    fn variants(schema: &Value) -> Vec<Value> {
        let Some(sections) = schema.pointer("/properties/content/oneOf") else {
            return vec![schema.clone()];
        };
        let sections = sections.as_array().unwrap().iter();
        sections
            .map(|section| {
                let mut schema = schema.clone();
                schema["properties"]["content"] = section.clone();
                schema
            })
            .collect()
    }

    #[test]
    fn what_opens_a_dossier_is_described_as_it_is_read() {
        let all = all();
        for (name, verb) in
            [("Opening", "open"), ("Objection", "object"), ("TrialFiling", "import_trial_filing")]
        {
            let mut value = sample(&all[name], &all);
            value["command"] = json!(verb);
            let command: Command = serde_json::from_value(value).unwrap();
            assert_eq!(command.name(), verb);
        }
    }
}
