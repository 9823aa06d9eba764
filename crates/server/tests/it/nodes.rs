//! 两个节点 — two of the program on one PostgreSQL, and the program itself from its first link on.

use std::path::PathBuf;

use serde_json::{Value, json};
use store::Location;

use crate::house::House;
use crate::kill::office::{Process, furnish};
use crate::kill::program;
use crate::kill::wire::{Act, Wire};
use crate::place::{self, Engine};
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区低温储能创新联合体";

/// Two nodes, and a dossier as each of them serves it.
fn seen_by<'a>(node: &'a House, tale: &Tale<'_>) -> Tale<'a> {
    Tale { house: node, id: tale.id.clone() }
}

#[test]
fn what_one_node_writes_the_other_reads() {
    crate::run(Engine::Postgres, async |engine| {
        let Some(one) = House::on(engine).await else { return };
        let two = one.beside();
        let here = told(&one, NAME, "drafting").await;
        let there = seen_by(&two, &here);
        for round in 0..10 {
            for (writer, reader) in [(&here, &there), (&there, &here)] {
                // Both have it folded before it moves on.
                reader.view("yunchuan").await;
                let goals = format!("第 {round} 轮，{}", std::ptr::eq(writer, &raw const here));
                let goals = json!({"section": "goals", "goals": goals, "indicators": []});
                writer.write("yunchuan", goals.clone()).await;
                let view = reader.view("yunchuan").await;
                assert_eq!(view["form"]["goals"], goals["goals"]);
                assert_eq!(view["sequence"], writer.view("yunchuan").await["sequence"]);
            }
        }
        // The Department's affairs and the units are kept in memory as well.
        let shown = two.get("", "/api/v1/affairs").await.body;
        let explained = json!({"command": "publish_interpretation", "clause": "5.1",
            "question": "原则上不少于三家怎样把握", "answer": "两家的由人判断"});
        let reply = one.post("decider", "/api/v1/affairs/commands", &explained).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let now = two.get("", "/api/v1/affairs").await.body;
        assert!(!shown.contains("两家的由人判断") && now.contains("两家的由人判断"), "{now}");
    });
}

#[test]
fn one_key_on_both_nodes_is_one_act() {
    crate::run(Engine::Postgres, async |engine| {
        let Some(one) = House::on(engine).await else { return };
        let two = one.beside();
        let tale = told(&one, NAME, "drafting").await;
        for round in 0..10 {
            let before = tale.sequence().await;
            let goals = json!({"section": "goals", "goals": format!("{round}"), "indicators": []});
            let command = json!({"command": "write_application", "content": goals});
            let key = format!("key-{round}");
            let (headers, path) = ([("idempotency-key", key.as_str())], tale.path("/commands"));
            let (a, b) = tokio::join!(
                one.post_with("yunchuan", &path, &command, &headers),
                two.post_with("yunchuan", &path, &command, &headers),
            );
            assert_eq!((a.status.as_u16(), &a.body), (200, &b.body));
            assert_eq!(b.status, 200);
            assert_eq!(tale.sequence().await, before + 1);
        }
    });
}

#[test]
fn a_day_that_passes_on_both_nodes_passes_once() {
    crate::run(Engine::Postgres, async |engine| {
        let Some(one) = House::on(engine).await else { return };
        let two = one.beside();
        let tale = told(&one, NAME, "filed").await;
        let before = tale.sequence().await;
        // 第九条: the window of a year without a summary has closed.
        one.on_day("2027-04-02");
        let (a, b) = tokio::join!(one.state.office.sweep(), two.state.office.sweep());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.moved.len() + b.moved.len(), a.failed + b.failed), (1, 0), "{a:?} {b:?}");
        assert_eq!(tale.sequence().await, before + 1);
        assert!(two.state.office.sweep().await.unwrap().moved.is_empty());
        assert_eq!(tale.sequence().await, before + 1);
    });
}

/// The value that comes after some words.
fn after<'a>(text: &'a str, words: &str, end: char) -> &'a str {
    let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("no {words} in {text}"));
    rest.split(end).next().unwrap()
}

/// Fills the form of a page in and sends it; the head of the answer.
fn fill(wire: &mut Wire, path: &str, fields: &[(&str, &str)]) -> String {
    let (head, page) = wire.browse(path, "", None).unwrap();
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    let cookie = after(&head, "set-cookie: ", ';').to_owned();
    let token = after(&page.body, "name=\"_csrf\" value=\"", '"');
    let mut pairs = vec![("_csrf", token)];
    pairs.extend(fields);
    let form = serde_urlencoded::to_string(pairs).unwrap();
    let (head, answer) = wire.browse(path, &cookie, Some(&form)).unwrap();
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    head
}

#[test]
fn the_program_serves_on_postgresql_from_its_first_link_on() {
    let Some(place) = place::open(Engine::Postgres) else { return };
    let Location::Postgres { url, .. } = place.location.clone() else { return };
    let ground = tempfile::tempdir().unwrap();
    let data: PathBuf = ground.path().join("data");
    let mut one = Process::open(program(), &data, Some(&url));
    let link = one.says("/setup/");
    let path = format!("/setup/{}", link.split("/setup/").nth(1).unwrap().trim());
    let mut here = Wire::open(one.address).unwrap();
    let secret = "tulip kettle 97 bridge";
    let account = [("name", "管理员"), ("login", "keeper"), ("new_password", secret)];
    let head = fill(&mut here, &path, &[account.as_slice(), &[("again", secret)]].concat());
    assert!(head.contains("location: /login"), "{head}");
    // The account of the one node signs in on the other, and the link is used up on both.
    let two = Process::open(program(), &data, Some(&url));
    let mut there = Wire::open(two.address).unwrap();
    assert_eq!(there.get(&path).unwrap().status, 404);
    let head = fill(&mut there, "/login", &[("login", "keeper"), ("password", secret)]);
    let cookies: Vec<&str> =
        head.split("\r\n").filter_map(|line| line.strip_prefix("set-cookie: ")).collect();
    let cookies: Vec<&str> = cookies.iter().filter_map(|one| one.split(';').next()).collect();
    // An operator has to bind a second factor first; both nodes say so, and keep what seals it.
    let (head, _) = here.browse("/ops", &cookies.join("; "), None).unwrap();
    assert!(head.contains("location: /security?next=%2Fops"), "{head}");
    assert!(data.join(server::factors::vault::FILE).is_file());
    crate::strength::strengthen(&place.store, "keeper");
    let (_, page) = here.browse("/ops", &cookies.join("; "), None).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    // A unit of the cast opens a dossier here; there it is read.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let token = runtime.block_on(furnish(place.store.clone(), 1)).remove(0).token;
    let body = json!({ "name": NAME }).to_string();
    let (path, key) = ("/api/v1/dossiers".to_owned(), "first".to_owned());
    let act = Act { path, token: token.clone(), key, body };
    let opened = here.ask(&act).unwrap();
    assert_eq!(opened.status, 201, "{}", opened.body);
    assert_eq!(there.ask(&act).unwrap(), opened, "asked again on the other node");
    let id = serde_json::from_str::<Value>(&opened.body).unwrap()["id"].clone();
    let read = there.read(&token, &format!("/api/v1/dossiers/{}", id.as_str().unwrap())).unwrap();
    assert_eq!(read.status, 200, "{}", read.body);
    assert!(read.body.contains(NAME));
    drop((one, two));
    for verb in ["verify", "rebuild"] {
        let mut told = std::process::Command::new(program());
        told.arg(verb).arg("--data").arg(&data).env("DATABASE_URL", &url);
        let told = told.output().unwrap();
        assert!(told.status.success(), "{verb}: {}", String::from_utf8_lossy(&told.stderr));
    }
}
