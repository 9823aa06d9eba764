//! 接口说明页 — the operations, the commands and how to try them, for people.

use askama::Template;
use axum::response::Response;
use consortium::actor::Capacity;
use consortium::command::Verb;
use serde_json::Value;

use super::problem::KINDS;
use super::table::{Body, Object, Route, routes};
use super::{command, schema};
use crate::http::{Fault, Visitor};
use crate::pages::page;
use crate::pages::shell::{Shell, ui};

#[derive(Template)]
#[template(path = "explorer.html")]
struct ExplorerPage {
    shell: Shell,
    groups: Vec<Group>,
    commands: Vec<CommandLine>,
    kinds: &'static [(&'static str, &'static str)],
}

/// Operations on one kind of object.
struct Group {
    term: &'static str,
    operations: Vec<Operation>,
}

struct Operation {
    method: &'static str,
    path: &'static str,
    title: &'static str,
    open: bool,
    query: Vec<(&'static str, &'static str)>,
    body: &'static str,
    answer: &'static str,
}

/// A command with what it takes.
struct CommandLine {
    name: &'static str,
    term: &'static str,
    clause: &'static str,
    by: String,
    fields: Vec<(String, String, bool)>,
}

pub(super) async fn get(visitor: Visitor) -> Result<Response, Fault> {
    let objects = [
        Object::Dossier,
        Object::Register,
        Object::Unit,
        Object::Affairs,
        Object::File,
        Object::Account,
        Object::Reference,
    ];
    let group = |object: Object| Group {
        term: object.term(),
        operations: routes().filter(|route| route.object == object).map(operation).collect(),
    };
    let schemas = schema::all();
    let line = |verb: &'static Verb| CommandLine {
        name: verb.name,
        term: verb.term,
        clause: verb.clause,
        by: by(verb),
        fields: fields(schemas.get(&schema::name(verb.name))),
    };
    let about = "用程序读取名录、办理备案：操作、字段和试用方法";
    page(&ExplorerPage {
        shell: Shell::new(&visitor, "接口说明").about(about),
        groups: objects.map(group).into(),
        commands: command::verbs().map(line).collect(),
        kinds: KINDS,
    })
}

fn operation(route: &Route) -> Operation {
    Operation {
        method: route.method,
        path: route.path,
        title: route.title,
        open: route.open,
        query: route.query.iter().map(|one| (one.name, one.title)).collect(),
        body: match route.body {
            Body::None => "",
            Body::Json(name) => name,
            Body::File => "文件内容，或 multipart/form-data",
        },
        answer: route.answer.1.unwrap_or_default(),
    }
}

fn by(verb: &Verb) -> String {
    if verb.capacities.is_empty() {
        return "任何人".to_owned();
    }
    verb.capacities.iter().map(|one| Capacity::term(*one)).collect::<Vec<_>>().join("、")
}

/// The fields of a command: name, what it is, whether it is owed.
fn fields(schema: Option<&Value>) -> Vec<(String, String, bool)> {
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let required = schema.and_then(|schema| schema.get("required")).and_then(Value::as_array);
    let owed = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let named = properties.into_iter().flatten().filter(|(name, _)| *name != "command");
    named
        .map(|(name, property)| {
            let title = property.get("title").and_then(Value::as_str).unwrap_or_default();
            (name.clone(), title.to_owned(), owed(name))
        })
        .collect()
}
