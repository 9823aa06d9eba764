//! What nobody should send: every answer is a problem in words, none is a fault of ours, and no
//! act is done twice.

use std::sync::Arc;

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";

/// A refusal in words, and no fault of ours.
fn is_problem(reply: &Reply, what: &str) {
    let status = reply.status.as_u16();
    assert!((400..500).contains(&status), "{what}: {status} {}", reply.body);
    assert_eq!(reply.header("content-type"), "application/problem+json", "{what}");
    let problem = reply.json();
    assert_eq!(problem["status"], status, "{what}");
    for word in ["type", "title", "detail"] {
        assert!(problem[word].as_str().is_some_and(|text| !text.is_empty()), "{what}: {problem}");
    }
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
}

async fn raw(house: &House, who: &str, path: &str, body: Vec<u8>) -> Reply {
    let request = house.request(who, Method::POST, path);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    house.send(request.body(body.into()).unwrap()).await
}

pub(crate) async fn odd_bodies_are_refused_in_words(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let commands = tale.path("/commands");
    let paths = [
        ("yunchuan", "/api/v1/dossiers"),
        ("yunchuan", commands.as_str()),
        ("yunchuan", "/api/v1/units"),
        ("yunchuan", "/api/v1/units/u-yunchuan/commands"),
        ("publisher", "/api/v1/trial-filings"),
        ("organiser", "/api/v1/affairs/commands"),
        ("", "/api/v1/tokens"),
    ];
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5000), close.repeat(5000));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("half", b"{\"command\":".to_vec()),
        ("a list", b"[]".to_vec()),
        ("null", b"null".to_vec()),
        ("a number", b"7".to_vec()),
        ("no UTF-8", vec![b'{', b'"', 0xff, 0xfe, b'"', b':', b'1', b'}']),
        ("a lone surrogate", br#"{"name":"\ud800"}"#.to_vec()),
        ("a null character", br#"{"name":"\u0000","command":"open"}"#.to_vec()),
        ("deep lists", deep("[", "]").into_bytes()),
        ("deep objects", deep("{\"a\":", "}").into_bytes()),
        ("a huge number", br#"{"name":1e999}"#.to_vec()),
        ("a key twice", br#"{"name":"a","name":"b"}"#.to_vec()),
        ("unknown fields", br#"{"command":"submit","stage":"filed","sequence":1}"#.to_vec()),
        ("too long", format!("{{\"name\":\"{}\"}}", "长".repeat(100_000)).into_bytes()),
    ];
    for (who, path) in paths {
        for (what, body) in &bodies {
            is_problem(&raw(&house, who, path, body.clone()).await, &format!("{path} {what}"));
        }
        let request = house.request(who, Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "text/plain");
        let reply = house.send(request.body("{}".into()).unwrap()).await;
        assert_eq!(reply.status.as_u16(), 415, "{path}");
    }
    let long = format!("{{\"name\":\"{}\"}}", "a".repeat(256 * 1024));
    assert_eq!(raw(&house, "yunchuan", "/api/v1/dossiers", long.into()).await.status, 413);
    assert_eq!(tale.sequence().await, tale.view("yunchuan").await["sequence"].as_u64().unwrap());
}

pub(crate) async fn odd_values_in_commands_are_refused_in_words(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let write = |content: Value| json!({"command": "write_application", "content": content});
    let input = |amount: Value| {
        write(json!({"section": "inputs", "inputs": [{"unit": "u-yunchuan", "year": 2026,
            "form": "货币", "amount_fen": amount}]}))
    };
    let unseen = "\u{202e}\u{200b}\u{feff}👩‍👩‍👧‍👦ﷺ".repeat(50);
    let commands = [
        json!({"command": "rename", "name": unseen}),
        json!({"command": "rename", "name": ""}),
        json!({"command": "rename", "name": "长".repeat(80_000)}),
        json!({"command": "invite", "unit": "u-\u{e000}"}),
        json!({"command": "invite", "unit": "d-1"}),
        json!({"command": "invite", "unit": "department"}),
        json!({"command": "invite", "unit": tale.id}),
        json!({"command": "remove_member", "unit": ["u-saibei"]}),
        json!({"command": "detach", "digest": 7}),
        json!({"command": "start_signing", "now": true}),
        json!({"command": "draw_panel", "size": -1}),
        json!({"command": "draw_panel", "size": 1.5}),
        json!({"command": "sign", "digest": "0"}),
        json!({"command": "sign", "digest": "0", "method": "seal", "password": PASSWORD}),
        json!({"command": "day_passed"}),
        json!({"command": "open", "name": NAME}),
        json!({"command": "import_trial_filing"}),
        json!({"command": "crown"}),
        json!({"command": ["submit"]}),
        json!({"command": "submit", "actor": {"side": "department"}}),
        input(json!(9_007_199_254_740_993_i64)),
        input(json!(i64::MAX)),
        input(json!(-1)),
        input(json!(1.5)),
        input(json!("1")),
        write(json!({"section": "basics"})),
        write(json!({"section": "agreement"})),
        write(json!({"section": "goals", "goals": "长".repeat(70_000), "indicators": []})),
        json!({"command": "attach", "attachment": {"digest": "../../etc/passwd", "name": "a",
            "size_bytes": 1, "item": "a"}}),
        json!({"command": "attach", "attachment": {"digest": "0".repeat(64), "name": "a",
            "size_bytes": 1, "item": "a"}}),
    ];
    let before = tale.sequence().await;
    for command in commands {
        is_problem(&tale.ask("yunchuan", &command).await, &command.to_string());
    }
    assert_eq!(tale.sequence().await, before);
}

pub(crate) async fn odd_addresses_are_refused_in_words(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let ids =
        ["d-", "d-%00", "d-%F0%9F%90%8E", "u-yunchuan", "department", "%2e%2e", "d-A", "d-'or'1"];
    let long = format!("d-{}", "0".repeat(3000));
    for id in ids.into_iter().chain([long.as_str()]) {
        for path in ["", "/timeline", "/findings", "/files/0", "/files/%00"] {
            let reply = house.get("reviewer", &format!("/api/v1/dossiers/{id}{path}")).await;
            is_problem(&reply, &format!("{id}{path}"));
        }
        is_problem(&house.get("", &format!("/api/v1/register/{id}")).await, id);
        if id != "u-yunchuan" {
            is_problem(&house.get("reviewer", &format!("/api/v1/units/{id}")).await, id);
        }
        let path = format!("/api/v1/dossiers/{id}/commands");
        is_problem(&house.post("yunchuan", &path, &json!({"command": "submit"})).await, id);
        let path = format!("/api/v1/notices/{id}/objections");
        is_problem(&house.post("", &path, &crate::papers::objection()).await, id);
    }
    let queries = [
        "/api/v1/dossiers?stage=crowned",
        "/api/v1/dossiers?after=7",
        "/api/v1/dossiers?after=a~b",
        "/api/v1/dossiers?after=1~d-%00",
        "/api/v1/dossiers?limit=0",
        "/api/v1/dossiers?limit=-1",
        "/api/v1/dossiers?limit=9999999999999999999999",
        "/api/v1/dossiers?text=%00",
        "/api/v1/register?field=%00",
        "/api/v1/register?field=T999",
        "/api/v1/register?authority=x",
        "/api/v1/register?status=x",
        "/api/v1/register?year=99999",
        "/api/v1/register?year=abcd",
        "/api/v1/register?after=2026-13-01~d-1",
        "/api/v1/worklist?after=x~y",
        "/api/v1/worklist?after=x~y~z",
        "/api/v1/units?after=%00~%00",
        "/api/v1/parameters?on=2026-02-30",
        "/api/v1/parameters?on=%FF",
        "/api/v1/nowhere",
        "/api/v1",
    ];
    for path in queries {
        is_problem(&house.get("reviewer", path).await, path);
    }
    for text in
        ["%F0%9F%90%8E", "%22%20OR%20*", "%27%3B--", "NEAR(%22a%22)", "*", "%25", "a%20AND", "－"]
    {
        for list in ["dossiers", "register", "units"] {
            let reply = house.get("reviewer", &format!("/api/v1/{list}?text={text}")).await;
            assert_eq!(reply.status.as_u16(), 200, "{list} {text}: {}", reply.body);
        }
    }
    for (name, value) in [("if-match", "7"), ("if-match", "\"x\""), ("idempotency-key", " ")] {
        let submit = json!({"command": "submit"});
        let path = tale.path("/commands");
        is_problem(&house.post_with("yunchuan", &path, &submit, &[(name, value)]).await, value);
    }
    let put = house.request("reviewer", Method::PUT, "/api/v1/dossiers");
    assert_eq!(house.send(put.body(axum::body::Body::empty()).unwrap()).await.status, 405);
}

pub(crate) async fn files_are_what_they_are_and_belong_to_who_brought_them(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let send = async |who: &str, kind: &str, body: Vec<u8>| {
        let request = house.request(who, Method::POST, "/api/v1/files?name=a.pdf");
        house.send(request.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()).await
    };
    assert_eq!(send("yunchuan", "application/pdf", b"MZ program".to_vec()).await.status, 415);
    assert_eq!(send("yunchuan", "application/pdf", vec![]).await.status, 415);
    assert_eq!(send("", "application/pdf", b"%PDF-1.7".to_vec()).await.status, 401);
    let broken = send("yunchuan", "application/pdf", b"%PDF-1.7 and no more".to_vec()).await;
    assert_eq!(
        (broken.status.as_u16(), &broken.json()["type"]),
        (422, &json!("/api#refused_file"))
    );
    assert!(broken.body.contains("再上传"), "{}", broken.body);
    is_problem(&send("yunchuan", "multipart/form-data", b"%PDF".to_vec()).await, "no boundary");
    let head =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../b.pdf\"\r\n\r\n";
    let form = format!("{head}{}\r\n--x--\r\n", crate::house::pdf("form"));
    let reply = send("yunchuan", "multipart/form-data; boundary=x", form.into_bytes()).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["name"]), (201, &json!("b.pdf")));
    // A digest that somebody else brought opens nothing.
    let (digest, size) = house.upload("lvqing", "a secret of 绿氢").await;
    let attach = json!({"command": "attach", "attachment": {"digest": digest, "name": "a.pdf",
        "size_bytes": size, "item": "证明"}});
    is_problem(&tale.ask("yunchuan", &attach).await, "another's file");
    let reply = house.get("yunchuan", &tale.path(&format!("/files/{digest}"))).await;
    assert_eq!(reply.status, 404);
    let own = tale.view("yunchuan").await["form"]["attachments"][0]["digest"].clone();
    let reply =
        house.get("yunchuan", &tale.path(&format!("/files/{}", own.as_str().unwrap()))).await;
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert!(reply.header("content-security-policy").contains("sandbox"));
    assert_eq!(reply.header("cache-control"), "no-store");
}

pub(crate) async fn a_hundred_submissions_under_one_key_are_one_act(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let house = Arc::new(house);
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    let before = tale.sequence().await;
    let path = tale.path("/commands");
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (house, path) = (Arc::clone(&house), path.clone());
        waiting.spawn(async move {
            let headers = [("idempotency-key", "9d0f6c7e-submit")];
            house.post_with("yunchuan", &path, &json!({"command": "submit"}), &headers).await
        });
    }
    let replies = waiting.join_all().await;
    let right: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert!(!right.is_empty());
    for reply in &replies {
        // Who waits too long is told to come back; under the same key that does no harm.
        assert!(matches!(reply.status.as_u16(), 200 | 503), "{}", reply.body);
    }
    assert!(right.iter().all(|reply| reply.body == right[0].body));
    let after = tale.sequence().await;
    assert!(after > before);
    assert_eq!(right[0].json()["sequence"].as_u64().unwrap(), after);
    let again = [("idempotency-key", "9d0f6c7e-submit")];
    let other = json!({"command": "withdraw", "reason": "另有安排"});
    let reply = house.post_with("yunchuan", &path, &other, &again).await;
    assert_eq!(reply.status, 422);
    assert_eq!(reply.json()["type"], "/api#key_reused");
    // The key belongs to the one who used it.
    let reply = house.post_with("saibei", &path, &json!({"command": "submit"}), &again).await;
    assert_eq!(reply.status, 403, "{}", reply.body);
    assert_eq!(tale.sequence().await, after);
}

pub(crate) async fn opening_under_one_key_opens_one_dossier(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let open = json!({ "name": NAME });
    let key = [("idempotency-key", "open-1")];
    let first = house.post_with("yunchuan", "/api/v1/dossiers", &open, &key).await;
    let second = house.post_with("yunchuan", "/api/v1/dossiers", &open, &key).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
}

pub(crate) async fn of_two_who_act_on_the_same_state_one_wins(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let house = Arc::new(house);
    let tale = told(&house, NAME, "decision").await;
    house.on_day("2026-04-24");
    let draft = json!({"command": "draft_decision", "matter": "filing", "outcome": "grant",
        "reason": "依据评审意见"});
    tale.does("drafter", draft).await;
    let head = format!("\"{}\"", tale.sequence().await);
    let path = tale.path("/commands");
    let acts = [
        json!({"command": "confirm_decision", "matter": "filing"}),
        json!({"command": "return_draft", "matter": "filing", "reason": "理由不充分"}),
    ];
    let mut waiting = tokio::task::JoinSet::new();
    for act in acts.into_iter().cycle().take(8) {
        let (house, path, head) = (Arc::clone(&house), path.clone(), head.clone());
        waiting.spawn(async move {
            house.post_with("decider", &path, &act, &[("if-match", &head)]).await
        });
    }
    let replies = waiting.join_all().await;
    let won = replies.iter().filter(|reply| reply.status == 200).count();
    let told: Vec<&str> = replies.iter().map(|reply| reply.body.as_str()).collect();
    assert_eq!(won, 1, "{told:?}");
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!(reply.status, 409, "{}", reply.body);
        assert_eq!(reply.json()["type"], "/api#moved_on");
        assert_eq!(reply.json()["head"].as_u64().unwrap(), tale.sequence().await);
    }
}

pub(crate) async fn a_stale_head_is_a_conflict_and_the_new_one_is_told(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, NAME).await;
    let seen = house.get("yunchuan", &tale.path("")).await;
    let tag = seen.header("etag").to_owned();
    let invite = |unit: &str| json!({"command": "invite", "unit": unit});
    let path = tale.path("/commands");
    let first =
        house.post_with("yunchuan", &path, &invite("u-saibei"), &[("if-match", &tag)]).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let second =
        house.post_with("yunchuan", &path, &invite("u-jinling"), &[("if-match", &tag)]).await;
    assert_eq!(second.status, 409);
    assert_eq!(second.json()["head"], first.json()["sequence"]);
    // Whose it is not is told that, and nothing of where it stands.
    let other = house.post_with("saibei", &path, &invite("u-jinling"), &[("if-match", &tag)]).await;
    assert_eq!((other.status.as_u16(), other.json().get("head")), (403, None), "{}", other.body);
}
