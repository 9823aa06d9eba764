//! 接口说明 — the description of the API (OpenAPI 3.1), made from the table of operations.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::problem::KINDS;
use super::schema::{self, reference};
use super::table::{Body, Does, Object, Parameter, Route, routes};

/// The description as it is sent.
static SENT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub(super) async fn get() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, SENT.as_str()).into_response()
}

/// The description of the API.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in routes() {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation(route);
    }
    let objects = [
        Object::Dossier,
        Object::Register,
        Object::Unit,
        Object::Affairs,
        Object::File,
        Object::Account,
        Object::Reference,
    ];
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "创联接口",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "内蒙古自治区创新联合体备案管理平台",
            "description": description(),
            "license": { "name": "Apache-2.0 OR MulanPSL-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": objects.map(|object| json!({ "name": object.term() })),
        "paths": paths,
        "components": {
            "schemas": schema::all(),
            "parameters": parameters(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer",
                    "description": "个人中心“访问令牌”新建，或用 POST /api/v1/tokens 取得" },
            },
        },
    })
}

fn description() -> String {
    let kinds: Vec<String> =
        KINDS.iter().map(|(kind, title)| format!("- `/api#{kind}` {title}")).collect();
    format!(
        "写操作用访问令牌（Authorization: Bearer …）。办理动作带 Idempotency-Key，重复提交得到同一个答复；\
         带 If-Match 写明看到的序号，卷宗有变化时答 409。不予办理时答 application/problem+json，写明条款、理由和办法。\
         请求体最多 256 KB；文件单个最多 200 MB，可以一次上传，也可以分段上传、中断后继续。姓名、电话等个人信息写作 {{\"$personal\": \"…\"}}。\n\n问题的类型：\n\n{}",
        kinds.join("\n")
    )
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "幂等键：同一个键得到同一个答复",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128 },
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": false,
            "description": "看到的序号，写作 \"12\"；已有新的事项时答 409",
            "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": route.operation(),
        "summary": route.title,
        "tags": [route.object.term()],
        "parameters": asked(route),
        "responses": answers(route),
        "security": if route.open { json!([{}, { "token": [] }]) } else { json!([{ "token": [] }]) },
    });
    if let Some(verb) = verb(route) {
        operation["x-clause"] = json!(verb.clause);
    }
    match route.body {
        Body::None => {}
        Body::Json(name) => {
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": reference(name) } },
            });
        }
        Body::File => operation["requestBody"] = file(),
    }
    operation
}

/// The row of the command that an operation always asks for.
fn verb(route: &Route) -> Option<&'static consortium::command::Verb> {
    let Does::Verb(name) = route.does else { return None };
    consortium::command::named(name)
}

fn file() -> Value {
    let form = json!({
        "type": "object", "required": ["file"],
        "properties": { "file": { "type": "string", "format": "binary" } },
    });
    json!({
        "required": true,
        "content": {
            "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
            "multipart/form-data": { "schema": form },
        },
    })
}

fn asked(route: &Route) -> Value {
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let in_query = route.query.iter().map(|Parameter { name, title }| {
        json!({
            "name": name, "in": "query", "required": false, "description": title,
            "schema": { "type": "string" },
        })
    });
    let mut asked: Vec<Value> = in_path.chain(in_query).collect();
    let header = |name: &str| json!({ "$ref": format!("#/components/parameters/{name}") });
    if matches!(route.does, Does::Verb(_) | Does::Command) {
        asked.push(header("IdempotencyKey"));
    }
    if route.path.starts_with("/api/v1/dossiers/{id}/") && route.does == Does::Command {
        asked.push(header("IfMatch"));
    }
    asked.into()
}

fn answers(route: &Route) -> Value {
    let (status, schema) = route.answer;
    let mut right = json!({ "description": "办成" });
    match schema {
        Some(name) => {
            right["content"] = json!({ "application/json": { "schema": reference(name) } });
        }
        None if status == 200 => {
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            right["content"] = json!({ "application/octet-stream": bytes });
        }
        None => {}
    }
    let problem = json!({
        "description": "没有办成：条款、理由和办法",
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    });
    json!({ status.to_string(): right, "default": problem })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn visit(value: &Value, see: &mut impl FnMut(&Value)) {
        see(value);
        match value {
            Value::Array(list) => list.iter().for_each(|value| visit(value, see)),
            Value::Object(object) => object.values().for_each(|value| visit(value, see)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut seen = 0;
        visit(&document, &mut |value| {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
            let place = reference.strip_prefix('#').expect("a reference within the document");
            assert!(document.pointer(place).is_some(), "{reference}");
            seen += 1;
        });
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn every_operation_stands_once_with_its_names_and_answers() {
        let document = document();
        let mut ids = BTreeSet::new();
        for route in routes() {
            let operation = &document["paths"][route.path][route.method.to_lowercase()];
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()));
            let parameters = operation["parameters"].as_array().unwrap();
            let names = route.path.matches('{').count();
            let in_path = parameters.iter().filter(|one| one["in"] == "path").count();
            assert_eq!(names, in_path, "{}", route.path);
            assert!(operation["responses"]["default"].is_object());
            assert!(!route.title.is_empty());
        }
        let described: usize = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|p| p.as_object().unwrap().len())
            .sum();
        assert_eq!(described, routes().count());
    }

    #[test]
    fn every_schema_says_what_it_is() {
        let document = document();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            let known = ["type", "oneOf", "$ref"].iter().any(|key| schema.get(key).is_some());
            assert!(known, "{name}");
            assert!(schema.get("title").is_some(), "{name} has no title");
            let object = schema["type"] == "object";
            let required = schema["required"].as_array().into_iter().flatten();
            for owed in required.filter(|_| object) {
                assert!(
                    schema["properties"].get(owed.as_str().unwrap()).is_some(),
                    "{name} {owed}"
                );
            }
        }
    }
}
