//! 权限矩阵 — every command and every read, by everybody, in every stage, through the router.
//!
//! What is expected stands in [`model`], written from the regulation and not from the program.
//! `tests/golden/routes.txt` keeps the whole table for people to read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::house::{House, PASSWORD};
use crate::model::{self, PRINCIPALS, STAGES};
use crate::pages;
use crate::place::Engine;
use crate::tale::{Tale, told};

/// One dossier in each stage of the model.
struct Picture<'a> {
    stage: &'static str,
    tale: Tale<'a>,
    /// The digest of its attachment.
    digest: String,
    /// Who is who to it.
    logins: BTreeMap<char, String>,
}

async fn gallery(house: &House) -> Vec<Picture<'_>> {
    let mut pictures = Vec::new();
    for (stage, mark) in STAGES.into_iter().zip("甲乙丙丁戊己庚辛壬癸".chars()) {
        let name = format!("内蒙古自治区矩阵{mark}号储能创新联合体");
        pictures.push(picture(house, stage, &name).await);
    }
    house.on_day("2026-05-04");
    pictures
}

async fn picture<'a>(house: &'a House, stage: &'static str, name: &str) -> Picture<'a> {
    let before = match stage {
        "correction" => "formal_review",
        "ended" => "recommendation",
        other => other,
    };
    let tale = told(house, name, before).await;
    let mut expert = "expert05".to_owned();
    match stage {
        "correction" => {
            let item = json!({"part": "inputs", "reason": "补齐三年", "clause": "6.2"});
            tale.does("reviewer", json!({"command": "request_correction", "items": [item]})).await;
        }
        "ended" => {
            tale.does("yunchuan", json!({"command": "withdraw", "reason": "另有安排"})).await;
        }
        "expert_review" => {
            house.on_day("2026-03-20");
            tale.does("organiser", json!({"command": "draw_panel", "size": 7})).await;
            expert.clone_from(&tale.seated().await[0]);
            tale.does(&expert, json!({"command": "declare_interest", "conflict": false})).await;
        }
        "decision" | "public_notice" => expert.clone_from(&tale.seated().await[0]),
        _ => {}
    }
    let form = &tale.view("yunchuan").await["form"];
    let digest = form["attachments"][0]["digest"].as_str().unwrap().to_owned();
    let mut logins: BTreeMap<char, String> =
        PRINCIPALS.iter().map(|(letter, login, _)| (*letter, (*login).to_owned())).collect();
    // The expert of a party never sits anywhere.
    logins.insert('e', "expert05".to_owned());
    logins.insert('E', expert);
    Picture { stage, tale, digest, logins }
}

/// A command of this name that is well-formed and, where it has fields, cannot be carried out.
fn blank(verb: &str, who: char, schemas: &Value) -> Value {
    match verb {
        "write_application" if matches!(who, 'M' | 'm') => json!({"command": verb, "content": {
            "section": "member", "unit": "u-saibei", "capability": "长".repeat(6000),
            "cooperation": "", "role": ""}}),
        "sign" => json!({"command": "sign", "digest": "0".repeat(64), "password": PASSWORD}),
        "write_application" => json!({"command": verb, "content": {"section": "platforms",
            "platforms": [{"name": "", "level": "region", "owner": "u-saibei", "approved_by": "",
                "document_no": "", "approved_on": "2022-05-01"}]}}),
        "invite" | "remove_member" => json!({"command": verb, "unit": "u-nobody"}),
        _ => {
            let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
            let name: String = verb.split('_').map(capital).collect();
            sample(&schemas[format!("Command{name}")], schemas)
        }
    }
}

/// The least value that a schema of the description takes; texts are blank.
fn sample(schema: &Value, schemas: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(&schemas[reference.rsplit('/').next().unwrap()], schemas);
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(options) = schema["oneOf"].as_array() {
        return sample(&options[0], schemas);
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            let kept = properties.iter().filter(|(name, _)| *name != "void_signatures");
            kept.map(|(name, one)| (name.clone(), sample(one, schemas))).collect()
        }
        "array" => json!([sample(&schema["items"], schemas)]),
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        _ if schema["format"] == "date" => json!("2026-03-03"),
        _ => json!(""),
    }
}

/// What an answer to a command says of the asker.
fn answered(status: u16, body: &str) -> char {
    match status {
        401 => '_',
        404 => '.',
        403 => '-',
        409 if body.contains("/api#not_now") && body.contains("”环节，不能这样办") => 't',
        // Asked again for what already is so: nothing happens.
        200 if body.contains("\"happened\":[]") => '0',
        200 | 409 | 422 => '+',
        _ => '?',
    }
}

pub(crate) async fn everybody_asks_for_everything_in_every_stage(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let description = house.get("", "/api/openapi.json").await.json();
    let schemas = &description["components"]["schemas"];
    let mut told = String::from(model::LEGEND);
    let mut wrong = Vec::new();
    for picture in gallery(&house).await {
        let stage = picture.stage;
        writeln!(told, "\n{}\n{:27}{}", model::words(stage), "", model::letters()).unwrap();
        for verb in model::VERBS {
            let mut row = String::new();
            for (who, ..) in PRINCIPALS {
                let expected = model::command(*who, verb, stage);
                let body = blank(verb.0, *who, schemas);
                let before = picture.tale.sequence().await;
                let reply = picture.tale.ask(&picture.logins[who], &body).await;
                let cell = answered(reply.status.as_u16(), &reply.body);
                let changed = picture.tale.sequence().await != before;
                if !model::fits(expected, cell, changed) {
                    let told = format!("{cell}, not {expected}; {changed} {}", reply.body);
                    wrong.push(format!("{stage} {} {who}: {told}", verb.0));
                }
                row.push(expected);
            }
            writeln!(told, "{:27}{row}", verb.0).unwrap();
        }
        for read in model::READS {
            let path = read.0.replace("{id}", &picture.tale.id);
            let path = path.replace("{digest}", &picture.digest);
            let mut row = String::new();
            for (who, ..) in PRINCIPALS {
                let expected = model::read(*who, read, stage);
                let reply = house.get(&picture.logins[who], &path).await;
                let cell =
                    if reply.status == 200 { '+' } else { answered(reply.status.as_u16(), "") };
                if cell != expected {
                    wrong.push(format!("{stage} GET {} {who}: {cell}, not {expected}", read.0));
                }
                row.push(cell);
            }
            writeln!(told, "{:27}{row}", read.1).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    crate::golden("routes.txt", &told);
}

pub(crate) async fn every_page_of_a_dossier_opens_for_whom_it_is_in_every_stage(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let mut told = format!("{}# t 这个环节不能办   ~ 要看有没有要办的事\n", model::PAGES_LEGEND);
    let mut wrong = Vec::new();
    for Picture { stage, tale, digest, logins } in gallery(&house).await {
        writeln!(told, "\n{}\n{:38}{}", model::words(stage), "", model::letters()).unwrap();
        let mut cookies = BTreeMap::new();
        for login in logins.values().filter(|login| !login.is_empty()) {
            if !cookies.contains_key(login) {
                cookies.insert(login, pages::cookie(&house, login).await);
            }
        }
        for (path, kind) in model::PAGES_OF_A_DOSSIER {
            let mut row = String::new();
            let address = path.replace("{id}", &tale.id).replace("{digest}", &digest);
            for (who, ..) in PRINCIPALS {
                let expected = model::page_of_a_dossier(*who, kind, stage);
                let cookie = cookies.get(&logins[who]).map_or("", String::as_str);
                let reply = pages::opens(&house, cookie, &address).await;
                let cell = match pages::cell(&reply) {
                    'x' if reply.body.contains("”环节，不能这样办") => 't',
                    cell => cell,
                };
                let fits = cell == expected || (expected == '~' && matches!(cell, '+' | 't'));
                if !fits {
                    wrong.push(format!("{stage} {path} {who}: {cell}, not {expected}"));
                }
                row.push(expected);
            }
            writeln!(told, "{path:38}{row}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    crate::golden("dossier_pages.txt", &told);
}

pub(crate) async fn what_is_not_ones_own_answers_as_what_is_not_there(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区电化学储能创新联合体", "signing").await;
    let missing = format!("d-{}", "0".repeat(26));
    let digest = "0".repeat(64);
    for rest in ["", "/timeline", "/findings", &format!("/files/{digest}")] {
        let there = house.get("lvqing", &tale.path(rest)).await;
        let absent = house.get("lvqing", &format!("/api/v1/dossiers/{missing}{rest}")).await;
        assert_eq!((there.status.as_u16(), &there.body), (404, &absent.body), "{rest}");
    }
    for command in [json!({"command": "submit"}), json!({"command": "rename"}), json!({})] {
        for head in ["\"1\"", "\"7\""] {
            let headers = [("if-match", head)];
            let there =
                house.post_with("lvqing", &tale.path("/commands"), &command, &headers).await;
            let path = format!("/api/v1/dossiers/{missing}/commands");
            let absent = house.post_with("lvqing", &path, &command, &headers).await;
            assert_eq!((there.status.as_u16(), &there.body), (404, &absent.body), "{command}");
        }
    }
    // A unit's stream is no dossier, and a dossier's no unit.
    for path in ["/api/v1/dossiers/u-yunchuan", "/api/v1/dossiers/department"] {
        assert_eq!(house.get("reviewer", path).await.status.as_u16(), 404, "{path}");
    }
    let path = format!("/api/v1/units/{}", tale.id);
    assert_eq!(house.get("reviewer", &path).await.status.as_u16(), 404);
    let open = json!({"command": "open", "name": "内蒙古自治区低温储能创新联合体"});
    let reply =
        house.post("yunchuan", &format!("/api/v1/dossiers/{missing}/commands"), &open).await;
    assert_eq!(reply.status.as_u16(), 404, "nobody chooses an identifier: {}", reply.body);
}

/// Every id in a list, page by page.
async fn listed(house: &House, who: &str, path: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let reply = house.get(who, &format!("{path}{sign}limit=3&after={after}")).await;
        if reply.status.as_u16() == 401 {
            return ids;
        }
        assert_eq!(reply.status.as_u16(), 200, "{path}: {}", reply.body);
        let page = reply.json();
        let items = page["items"].as_array().unwrap().iter();
        ids.extend(items.filter_map(|item| {
            let id = item.get("id").or_else(|| item.get("object"))?;
            id.as_str().filter(|id| id.starts_with("d-")).map(str::to_owned)
        }));
        let Some(next) = page["next"].as_str() else { return ids };
        after = serde_urlencoded::to_string([("a", next)]).unwrap().split_off(2);
    }
}

pub(crate) async fn no_list_names_what_its_reader_may_not_read(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let gallery = gallery(&house).await;
    for login in house.logins().chain([""]) {
        let mut readable = Vec::new();
        for Picture { tale, .. } in &gallery {
            if house.get(login, &tale.path("")).await.status == 200 {
                readable.push(tale.id.clone());
            }
        }
        let lists = [
            "/api/v1/dossiers",
            "/api/v1/dossiers?text=储能",
            "/api/v1/dossiers?text=零下四十度",
            "/api/v1/dossiers?stage=signing",
            "/api/v1/register",
            "/api/v1/register?text=储能",
            "/api/v1/notices",
            "/api/v1/worklist",
        ];
        for path in lists {
            let path = path
                .split_once("text=")
                .map_or(path.to_owned(), |(rest, text)| format!("{rest}{}", query("text", text)));
            for id in listed(&house, login, &path).await {
                assert!(readable.contains(&id), "{login}: {path} names {id}");
            }
        }
        let all = listed(&house, login, "/api/v1/dossiers").await;
        let mut once = all.clone();
        once.sort();
        once.dedup();
        assert_eq!(all.len(), once.len(), "{login}: pages repeat a line");
    }
    assert_eq!(listed(&house, "yunchuan", "/api/v1/dossiers").await.len(), STAGES.len());
}

fn query(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).unwrap()
}
