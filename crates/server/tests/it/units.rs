//! What is known of a unit is kept once and used again: its sections, its platforms, its records,
//! and the tables they come in.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use server::drafts::carry::PROPOSED_PLATFORMS_MAX;

use crate::house::{House, Reply};
use crate::place::Engine;
use crate::tale::{Tale, told};

/// Asks for a command on a unit's record.
async fn unit(house: &House, who: &str, unit: &str, command: &Value) -> Reply {
    house.post(who, &format!("/api/v1/units/u-{unit}/commands"), command).await
}

async fn done(house: &House, who: &str, of: &str, command: Value) {
    let reply = unit(house, who, of, &command).await;
    assert_eq!(reply.status, 200, "{who} {command}: {}", reply.body);
}

fn strengths(team: &str) -> Value {
    json!({
        "command": "write_detail", "detail": "strengths", "team": team,
        "capability": "中试线一条", "cooperation": "与三所高校共建实验室",
    })
}

fn platform(status: &str) -> Value {
    json!({
        "name": "自治区储能材料重点实验室", "kind": "R02", "approved_by": "内蒙古自治区科学技术厅",
        "document_no": "虚构字〔2022〕5号", "approved_on": "2022-05-01", "status": status,
    })
}

fn with(mut value: Value, name: &str, more: Value) -> Value {
    value[name] = more;
    value
}

pub(crate) async fn what_a_unit_keeps_goes_into_a_draft_only_as_chosen(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区带入资料储能创新联合体", "drafting").await;
    let path = tale.path("/sections/lead/from-unit");
    // Nothing is kept yet: nothing to take over.
    assert_eq!(house.get("yunchuan", &path).await.json()["items"], json!([]));
    done(&house, "yunchuan", "yunchuan", strengths("新的团队 120 人")).await;
    let rules = json!({
        "command": "write_detail", "detail": "rules",
        "rules": [{ "name": "研发项目管理办法", "in_force_from": "2023-01-01" }],
    });
    done(&house, "yunchuan", "yunchuan", rules).await;
    let items = house.get("yunchuan", &path).await.json()["items"].clone();
    let keys: Vec<&str> =
        items.as_array().unwrap().iter().filter_map(|i| i["key"].as_str()).collect();
    assert!(keys.contains(&"team") && keys.contains(&"cooperation"), "{keys:?}");
    let team = items.as_array().unwrap().iter().find(|item| item["key"] == "team").unwrap();
    assert_eq!(team["kept"], "新的团队 120 人");
    assert_eq!(team["overwrites"], true, "the application says something else");
    // One is chosen: the others stay as they are.
    let before = house.get("yunchuan", &tale.path("/sections/lead/draft")).await.json();
    let reply = house.post("yunchuan", &path, &json!({ "take": ["team"] })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let fields = reply.json()["fields"].clone();
    assert_eq!(fields["team"], "新的团队 120 人");
    assert_eq!(fields["cooperation"], before["fields"]["cooperation"]);
    // What was written for good has not moved, and what was taken is not proposed again.
    let view = tale.view("yunchuan").await;
    assert_ne!(view["form"]["lead"]["team"], "新的团队 120 人");
    let items = house.get("yunchuan", &path).await.json()["items"].clone();
    assert!(items.as_array().unwrap().iter().all(|item| item["key"] != "team"), "{items}");
    let unknown = house.post("yunchuan", &path, &json!({ "take": ["password"] })).await;
    assert_eq!(unknown.status, 422, "{}", unknown.body);
    // A member takes its own record into its own block, and nobody else does.
    done(&house, "saibei", "saibei", strengths("储能团队 42 人")).await;
    let block = tale.path("/sections/member/from-unit?unit=u-saibei");
    let items = house.get("saibei", &block).await.json()["items"].clone();
    assert!(items.to_string().contains("中试线一条"), "{items}");
    for stranger in ["yunchuan", "jinling", "lvqing", "reviewer"] {
        let status = house.get(stranger, &block).await.status.as_u16();
        assert!(matches!(status, 403 | 404), "{stranger}: {status}");
    }
    assert_eq!(house.get("saibei", &path).await.status, 403);
    // And back: what the section says now goes to the record, only as chosen.
    let typed = json!({
        "hand": "h1", "turn": 1, "fields": { "team": "团队 130 人" },
        "base": { "team": house.get("yunchuan", &tale.path("/sections/lead/draft")).await
            .json()["base"]["team"] },
    });
    let reply = house.post("yunchuan", &tale.path("/sections/lead/draft"), &typed).await;
    assert_eq!(reply.json()["fields"]["team"], "团队 130 人", "{}", reply.body);
    let back = tale.path("/sections/lead/to-unit");
    let items = house.get("yunchuan", &back).await.json()["items"].clone();
    assert!(items.to_string().contains("团队 130 人"), "{items}");
    let record = |record: Value| {
        let details = record["details"].as_array().unwrap().clone();
        details.into_iter().find(|one| one["detail"] == "strengths").unwrap()
    };
    let kept = record(house.get("yunchuan", "/api/v1/units/u-yunchuan").await.json());
    assert_eq!(kept["team"], "新的团队 120 人", "nothing goes back unasked");
    let reply = house.post("yunchuan", &back, &json!({ "give": ["strengths"] })).await;
    assert_eq!(reply.json()["written"], json!(["strengths"]), "{}", reply.body);
    let kept = record(house.get("yunchuan", "/api/v1/units/u-yunchuan").await.json());
    assert_eq!((&kept["team"], &kept["capability"]), (&json!("团队 130 人"), &json!("中试线一条")));
}

pub(crate) async fn an_unwritten_section_says_what_its_unit_keeps_and_counts_once_saved(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = Tale::open(&house, "内蒙古自治区先填储能创新联合体").await;
    tale.invite(&["saibei"]).await;
    done(&house, "yunchuan", "yunchuan", strengths("团队 120 人")).await;
    done(&house, "saibei", "saibei", strengths("团队 42 人")).await;
    let enter = |no: usize, status: &str| {
        let name = format!("自治区第 {no} 重点实验室");
        with(with(platform(status), "command", json!("enter_platform")), "name", json!(name))
    };
    done(&house, "saibei", "saibei", enter(0, "revoked")).await;
    for no in 1..=PROPOSED_PLATFORMS_MAX + 1 {
        done(&house, "saibei", "saibei", enter(no, "running")).await;
    }
    let draft = async |who: &str, section: &str| {
        let (part, unit) = section.split_once('?').unwrap_or((section, ""));
        let path = tale.path(&format!("/sections/{part}/draft?{unit}"));
        house.get(who, &path).await.json()
    };
    // It stands on the page and beside the draft; nothing of it is in either, nor in the filing.
    let of_lead = draft("yunchuan", "lead").await;
    assert_eq!(of_lead["proposed"]["team"], "团队 120 人");
    assert_eq!((&of_lead["fields"]["team"], &of_lead["unsaved"]), (&json!(null), &json!(0)));
    assert_eq!(tale.view("yunchuan").await["form"]["lead"], json!(null));
    let cookie = house.cookie("yunchuan").await;
    let path = tale.page("/sections/lead");
    let opened = page(&house, &cookie, &path).await.body;
    assert!(opened.contains("已照单位资料填好") && opened.contains("团队 120 人"), "{opened}");
    assert!(opened.contains("从单位资料带入"), "{opened}");
    // A page on which nobody typed says that somebody is there, and keeps nothing.
    let proposed = of_lead["proposed"].as_object().unwrap().clone();
    let carried = ["_csrf", "_key", "_base", "_seed"].map(|name| (name, hidden(&opened, name)));
    let pairs = |turn: u8, team: &str| -> Vec<(String, String)> {
        let fields = proposed.iter().map(|(name, value)| {
            let value = if name == "team" { team } else { value.as_str().unwrap() };
            (name.clone(), value.to_owned())
        });
        let carried = carried.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        carried.chain(fields).chain([("_turn".to_owned(), turn.to_string())]).collect()
    };
    let keep = async |turn: u8, team: &str| {
        let pairs = pairs(turn, team);
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(&house, &cookie, &format!("{path}/draft"), &pairs).await.json()
    };
    assert_eq!(keep(1, "团队 120 人").await, json!({ "quiet": true }));
    assert_eq!(draft("yunchuan", "lead").await["unsaved"], 0);
    // With the first word typed all that was shown is a draft, and the record moves nothing any more.
    assert_eq!(keep(2, "团队 121 人").await["clashes"], "");
    done(&house, "yunchuan", "yunchuan", strengths("团队 130 人")).await;
    let of_lead = draft("yunchuan", "lead").await;
    assert_eq!(of_lead["fields"]["team"], "团队 121 人");
    assert_eq!(of_lead["fields"]["cooperation"], "与三所高校共建实验室");
    assert_eq!(of_lead["proposed"], json!({}));
    // Typing the proposed word again is typing, once somebody has begun.
    keep(3, "团队 120 人").await;
    assert_eq!(draft("yunchuan", "lead").await["fields"]["team"], "团队 120 人");
    // A member's record is proposed to itself, and to nobody else.
    let block = "member?unit=u-saibei";
    assert_eq!(draft("saibei", block).await["proposed"]["capability"], "中试线一条");
    let seen = draft("yunchuan", block).await;
    assert!(!seen.to_string().contains("中试线"), "{seen}");
    let seen = page(&house, &cookie, &tale.page("/sections/member?unit=u-saibei")).await.body;
    assert!(!seen.contains("中试线") && !seen.contains("已照单位资料填好"), "{seen}");
    // Of the platforms of all parties that take part those that may count, and so many of them.
    tale.does("yunchuan", json!({"command": "invite", "unit": "u-beijiang"})).await;
    done(&house, "beijiang", "beijiang", enter(99, "running")).await;
    let rows = draft("yunchuan", "platforms").await["proposed"].clone();
    let of_name = |field: &&String| field.split('.').nth(2) == Some("name");
    let count = rows.as_object().unwrap().keys().filter(of_name).count();
    assert_eq!(count, PROPOSED_PLATFORMS_MAX);
    for absent in ["第 0 重点实验室", "第 99 重点实验室"] {
        assert!(!rows.to_string().contains(absent), "{rows}");
    }
    // Whoever saved the section without them is not offered them again.
    let opened = page(&house, &cookie, &tale.page("/sections/platforms")).await.body;
    let (csrf, base) = (hidden(&opened, "_csrf"), hidden(&opened, "_base"));
    let row = "platforms.0.name";
    let pairs = [("_csrf", csrf.as_str()), ("_base", &base), ("_key", "k1"), (row, "平台")];
    send(&house, &cookie, &tale.page("/sections/platforms/draft"), &pairs).await;
    let reply = send(
        &house,
        &cookie,
        &tale.page("/sections/platforms"),
        &[("_csrf", csrf.as_str()), ("_key", "k1"), (row, ""), ("_base", &base)],
    )
    .await;
    assert!(matches!(reply.status.as_u16(), 303 | 409), "{}", reply.body);
    assert_eq!(draft("yunchuan", "platforms").await["proposed"], json!({}));
}

/// A page as somebody's browser opens it.
async fn page(house: &House, cookie: &str, path: &str) -> Reply {
    let request = house.request("", Method::GET, path).header("cookie", cookie);
    house.send(request.body(Body::empty()).unwrap()).await
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().replace("&#34;", "\"").replace("&quot;", "\"")
}

async fn send(house: &House, cookie: &str, path: &str, pairs: &[(&str, &str)]) -> Reply {
    let request = house.request("", Method::POST, path).header("cookie", cookie);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    house.send(request.body(serde_urlencoded::to_string(pairs).unwrap().into()).unwrap()).await
}

pub(crate) async fn what_somebody_changed_meanwhile_is_not_taken_over(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区带入撞上储能创新联合体", "drafting").await;
    done(&house, "yunchuan", "yunchuan", strengths("资料里的团队")).await;
    let cookie = house.cookie("yunchuan").await;
    let path = tale.page("/sections/lead/from-unit");
    let section = page(&house, &cookie, &tale.page("/sections/lead")).await;
    assert!(section.body.contains("从单位资料带入") && section.body.contains("存回单位资料"));
    let shown = page(&house, &cookie, &path).await;
    assert!(shown.body.contains("资料里的团队") && shown.body.contains("将替换现有内容"));
    let unticked = shown.body.split("value=\"team\"").nth(1).unwrap();
    assert!(!unticked.starts_with(" checked"), "what would be written over is not ticked");
    // A colleague types while the page is open.
    let draft = house.get("yunchuan", &tale.path("/sections/lead/draft")).await.json();
    let typed = json!({
        "hand": "other", "turn": 1, "base": { "team": draft["base"]["team"] },
        "fields": { "team": "同事刚写的团队" },
    });
    house.post("yunchuan", &tale.path("/sections/lead/draft"), &typed).await;
    let (csrf, key, base) =
        (hidden(&shown.body, "_csrf"), hidden(&shown.body, "_key"), hidden(&shown.body, "_base"));
    let pairs = [("_csrf", csrf.as_str()), ("_key", &key), ("_base", &base), ("take", "team")];
    let reply = send(&house, &cookie, &path, &pairs).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let draft = house.get("yunchuan", &tale.path("/sections/lead/draft")).await.json();
    assert_eq!(draft["fields"]["team"], "同事刚写的团队");
}

pub(crate) async fn a_platform_is_entered_looked_at_and_read_by_the_rule(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区平台登记储能创新联合体", "drafting").await;
    let enter = |entry: Value| with(entry, "command", json!("enter_platform"));
    let (proof, _) = house.upload("saibei", "the approval").await;
    let (foreign, _) = house.upload("lvqing", "another approval").await;
    // Nobody names a file that their own side did not bring.
    let named = enter(with(platform("running"), "proof", json!(foreign)));
    assert_eq!(unit(&house, "saibei", "saibei", &named).await.status, 422);
    assert_eq!(unit(&house, "yunchuan", "saibei", &enter(platform("running"))).await.status, 403);
    let entered = enter(with(platform("running"), "proof", json!(proof)));
    done(&house, "saibei", "saibei", entered).await;
    let waits = house.get("reviewer", "/api/v1/worklist").await.json();
    assert!(waits.to_string().contains("核对平台登记：自治区储能材料重点实验室"), "{waits}");
    let all = house.get("reviewer", "/api/v1/platforms").await.json();
    assert_eq!(all["items"][0]["reference"], "u-saibei/1");
    assert_eq!(all["items"][0]["counts"], "yes");
    assert_eq!(house.get("saibei", "/api/v1/platforms").await.status, 403);
    let elsewhere = house.get("clerk-baotou", "/api/v1/platforms").await.json();
    assert_eq!(elsewhere["items"], json!([]), "of its own area only");
    // The proof is for who sees the record.
    let file = format!("/api/v1/units/u-saibei/files/{proof}");
    for (who, status) in [("saibei", 200), ("reviewer", 200), ("organiser", 404), ("lvqing", 404)] {
        assert_eq!(house.get(who, &file).await.status.as_u16(), status, "{who}");
    }
    // The lead takes the entry into the application as a row that refers to it.
    let carries = tale.path("/sections/platforms/from-unit");
    let items = house.get("yunchuan", &carries).await.json()["items"].clone();
    let key = items[0]["key"].as_str().unwrap_or_else(|| panic!("{items}")).to_owned();
    let reply = house.post("yunchuan", &carries, &json!({ "take": [key] })).await;
    assert!(reply.body.contains("u-saibei/1"), "{}", reply.body);
    let row = with(
        json!({
            "name": "自治区储能材料重点实验室", "level": "other", "owner": "u-saibei",
            "approved_by": "厅", "document_no": "号", "approved_on": "2022-05-01",
        }),
        "entry",
        json!("u-saibei/1"),
    );
    tale.write("yunchuan", json!({ "section": "platforms", "platforms": [row] })).await;
    let finding = async || {
        let findings = house.get("yunchuan", &tale.path("/findings")).await.json();
        let found = findings.as_array().unwrap().iter().find(|one| one["rule"] == "R5.1c");
        found.unwrap_or_else(|| panic!("{findings}")).clone()
    };
    let found = finding().await;
    assert_eq!(found["verdict"], "met", "{found}");
    assert!(found["sentence"].as_str().unwrap().contains("登记还没有核对"), "{found}");
    done(&house, "reviewer", "saibei", json!({ "command": "confirm_platform", "platform": 1 }))
        .await;
    assert!(finding().await["sentence"].as_str().unwrap().contains("核对登记"));
    let correct = |status: &str| {
        json!({
            "command": "correct_platform", "platform": 1, "reason": "厅通知",
            "entry": with(platform(status), "proof", json!(proof)),
        })
    };
    // Each status as the table has it; the row in the application did not change.
    for (status, verdict) in
        [("building", "at_discretion"), ("rectifying", "at_discretion"), ("revoked", "unmet")]
    {
        done(&house, "reviewer", "saibei", correct(status)).await;
        let found = finding().await;
        assert_eq!(found["verdict"], verdict, "{status}: {found}");
    }
    // The history says each with its date, and is for who sees the record.
    let history = house.get("saibei", "/api/v1/units/u-saibei/history").await.json();
    let titles: Vec<&str> =
        history["items"].as_array().unwrap().iter().filter_map(|i| i["title"].as_str()).collect();
    assert_eq!(titles.iter().filter(|title| title.starts_with("更正平台登记")).count(), 3);
    assert_eq!(history["items"][0]["changes"][0]["label"], "状态");
    assert_eq!(history["items"][0]["by"], "自治区科技厅");
    assert_eq!(house.get("lvqing", "/api/v1/units/u-saibei/history").await.status, 404);
}

async fn bring(house: &House, who: &str, kind: &str, name: &str, bytes: Vec<u8>) -> Reply {
    let name = serde_urlencoded::to_string([("kind", kind), ("name", name)]).unwrap();
    let request = house.request(who, Method::POST, &format!("/api/v1/imports?{name}"));
    let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
    house.send(request.body(bytes.into()).unwrap()).await
}

async fn carry_out(house: &House, who: &str, import: &Value) -> Value {
    let path = format!("/api/v1/imports/{}/carry-out", import["id"].as_str().unwrap());
    let reply = house.post(who, &path, &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

fn outcomes(import: &Value) -> Vec<(u64, String)> {
    let lines = import["lines"].as_array().unwrap().iter();
    lines
        .map(|line| (line["line"].as_u64().unwrap(), line["outcome"].as_str().unwrap().to_owned()))
        .collect()
}

const PLATFORMS: &str = "\
单位统一社会信用代码,平台名称,平台类型,批准部门,批准文号,批准日期,有效期至,状态,备注
12150000MBFX06F341,自治区储能重点实验室,自治区重点实验室（含企业重点实验室）,自治区科技厅,虚构〔2022〕5号,2022年5月1日,,正式,略过
12150000MBFX06F341,自治区储能重点实验室,R02,自治区科技厅,虚构〔2022〕5号,2022-05-01,,正式运行,
91150104MAFX01A86K,=HYPERLINK(\"http://x\"),R04,自治区科技厅,虚构〔2023〕1号,2023-01-05,2027-12-31,在建,
91150104MAFX01A86K,没有日期的平台,R04,自治区科技厅,虚构〔2023〕2号,某日,,正式,
91150104MAFX01A86K,类型不明的平台,自治区某某中心,自治区科技厅,虚构〔2023〕3号,2023-01-05,,正式,
99999999999999999X,没有单位的平台,R04,自治区科技厅,虚构〔2023〕4号,2023-01-05,,正式,
,,,,,,,,
91150104MAFX01A86K,期限颠倒的平台,R04,自治区科技厅,虚构〔2023〕5号,2023-01-05,2020-01-01,正式,
";

pub(crate) async fn a_table_is_tried_row_by_row_and_then_carried_out_once(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let reply = bring(&house, "reviewer", "platforms", "平台.csv", PLATFORMS.into()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let tried = reply.json();
    let expected = [
        (2, "ready"),
        (3, "already_there"),
        (4, "ready"),
        (5, "not_taken"),
        (6, "not_taken"),
        (7, "not_taken"),
        (9, "not_taken"),
    ];
    let expected = expected.map(|(line, outcome)| (line, outcome.to_owned()));
    assert_eq!(outcomes(&tried), expected, "{tried}");
    assert_eq!(tried["passed_over"], json!(["备注"]));
    for line in tried["lines"].as_array().unwrap() {
        let why = line["why"].as_str().unwrap();
        assert_eq!(why.is_empty(), line["outcome"] != "not_taken", "{line}");
    }
    // Tried only: nothing happened.
    assert_eq!(house.get("reviewer", "/api/v1/platforms").await.json()["items"], json!([]));
    let done = carry_out(&house, "reviewer", &tried).await;
    assert_eq!((done["state"].as_str(), done["waits"].as_bool()), (Some("done"), Some(false)));
    assert_eq!((&done["counts"]["taken"], &done["counts"]["not_taken"]), (&json!(2), &json!(4)));
    let all = house.get("reviewer", "/api/v1/platforms").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "{all}");
    assert!(all["items"].as_array().unwrap().iter().all(|one| one["checked"] == "confirmed"));
    // Carried out again, brought again in another encoding: nothing is done twice.
    let again = carry_out(&house, "reviewer", &tried).await;
    assert_eq!(again["counts"], done["counts"]);
    let (gb, _, _) = encoding_rs::GB18030.encode(PLATFORMS);
    let reply = bring(&house, "reviewer", "platforms", "平台.csv", gb.into_owned()).await;
    assert_eq!(reply.json()["counts"]["already_there"], 3, "{}", reply.body);
    // The report and the export open with no formula, and the export is there already.
    for file in ["platforms.csv", "platforms.xlsx"] {
        let path = format!("/api/v1/exports/{file}");
        let request = house.request("reviewer", Method::GET, &path);
        let bytes = bytes_of(&house, request).await;
        let reply = bring(&house, "reviewer", "platforms", file, bytes).await;
        assert_eq!(reply.json()["counts"]["already_there"], 2, "{file}: {}", reply.body);
        assert_eq!(reply.json()["counts"]["ready"], 0, "{file}");
    }
    let csv = house.get("reviewer", "/api/v1/exports/platforms.csv").await.body;
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
    // Each kind has its desk, and an import is its own desk's.
    for (who, kind, status) in [
        ("supervisor", "platforms", 403),
        ("reviewer", "credit", 403),
        ("yunchuan", "units", 403),
        ("clerk-hohhot", "units", 403),
        ("reviewer", "people", 422),
    ] {
        let reply = bring(&house, who, kind, "a.csv", PLATFORMS.into()).await;
        assert_eq!(reply.status.as_u16(), status, "{who} {kind}: {}", reply.body);
    }
    let path = format!("/api/v1/imports/{}", tried["id"].as_str().unwrap());
    assert_eq!(house.get("supervisor", &path).await.status, 404);
    assert_eq!(house.get("supervisor", "/api/v1/exports/units.csv").await.status, 403);
}

async fn bytes_of(house: &House, request: axum::http::request::Builder) -> Vec<u8> {
    let app = server::http::app(house.state.clone());
    let response = tower::ServiceExt::oneshot(app, request.body(Body::empty()).unwrap()).await;
    let body = response.unwrap().into_body();
    http_body_util::BodyExt::collect(body).await.unwrap().to_bytes().to_vec()
}

pub(crate) async fn units_and_records_come_in_tables_and_go_out_the_same(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let units = "\
单位全称,统一社会信用代码,单位类型,法人类型,住所所在地,住所,法定代表人或负责人,单位联系电话
锡林浩特草业有限公司,91152502MAFX05E4XT,企业,企业法人,152502,虚构路 1 号,郑某,0479-0000001
锡林浩特草业有限公司,91152502MAFX05E4XT,企业,企业法人,152502,虚构路 1 号,郑某,0479-0000001
内蒙古云川储能科技有限公司,91150104MAFX01A86K,企业,企业法人,150104,别处,别人,0471-1
校验不对的公司,91150104MAFX01A860,企业,企业法人,150104,虚构路 2 号,王某,0471-2
缺电话的公司,91150000999000013R,企业,企业法人,150104,虚构路 3 号,王某,
";
    let tried = bring(&house, "reviewer", "units", "单位.csv", units.into()).await.json();
    let expected = ["ready", "not_taken", "not_taken", "not_taken", "not_taken"];
    let told: Vec<String> = outcomes(&tried).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(told, expected, "{tried}");
    assert!(tried["lines"][1]["why"].as_str().unwrap().contains("第 2 行"), "{tried}");
    assert!(!tried.to_string().contains("郑某"), "a report has no value about a person");
    carry_out(&house, "reviewer", &tried).await;
    let listed = house
        .get(
            "reviewer",
            "/api/v1/units?text=锡林浩特"
                .replace("锡林浩特", "%E9%94%A1%E6%9E%97%E6%B5%A9%E7%89%B9")
                .as_str(),
        )
        .await
        .json();
    assert_eq!(listed["items"][0]["standing"], "registered", "{listed}");
    let kept = house.state.store.import(tried["id"].as_str().unwrap()).await.unwrap().unwrap();
    assert_eq!(kept.rows, "", "what was read is not kept longer than it is needed");
    // Every unit goes out and is there already.
    let request = house.request("reviewer", Method::GET, "/api/v1/exports/units.xlsx");
    let bytes = bytes_of(&house, request).await;
    let again = bring(&house, "reviewer", "units", "units.xlsx", bytes).await.json();
    assert_eq!(again["counts"]["already_there"], 9, "{again}");
    assert_eq!(again["counts"]["not_taken"], 0, "{again}");
    let records = "\
单位统一社会信用代码,来源,名单,认定文书,惩戒期起,惩戒期止
91150203MAFX02B779,信用中国,失信被执行人名单,（2026）虚构执 1 号,2026-01-05,2028-01-04
91150203MAFX02B779,信用中国,经营异常名录,虚构列入决定,2026-01-06,
91150203MAFX02B779,信用中国,没有的名单,虚构,2026-01-06,
91150203MAFX02B779,信用中国,,虚构决定,2026-01-06,2025-01-01
";
    let tried = bring(&house, "supervisor", "credit", "信用.csv", records.into()).await.json();
    let told: Vec<String> = outcomes(&tried).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(told, ["ready", "ready", "not_taken", "not_taken"], "{tried}");
    carry_out(&house, "supervisor", &tried).await;
    let record = house.get("supervisor", "/api/v1/units/u-jinling").await.json();
    assert_eq!(record["credit"].as_array().unwrap().len(), 2, "{record}");
    let repair = json!({
        "command": "record_repair", "record": 0,
        "repair": { "applied_on": "2026-01-20", "outcome": "granted", "decided_on": "2026-02-01",
            "document": "虚构修复决定" },
    });
    assert_eq!(unit(&house, "reviewer", "jinling", &repair).await.status, 403);
    done(&house, "supervisor", "jinling", repair).await;
    let record = house.get("jinling", "/api/v1/units/u-jinling").await.json();
    assert_eq!(record["credit"][0]["repair"]["outcome"], "granted");
    // A record taken off its list is in no export: it would come back.
    let lift = json!({ "command": "lift_credit", "record": 1, "proof": "移出决定" });
    done(&house, "supervisor", "jinling", lift).await;
    let csv = house.get("supervisor", "/api/v1/exports/credit.csv").await.body;
    assert!(csv.contains("失信被执行人名单") && !csv.contains("经营异常名录"), "{csv}");
    let again = bring(&house, "supervisor", "credit", "credit.csv", csv.into()).await.json();
    assert_eq!(again["counts"]["already_there"], 1, "{again}");
}

pub(crate) async fn a_table_that_cannot_be_read_says_what_to_do(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let table = [
        (b"%PDF-1.4".to_vec(), "只收 CSV 和 XLSX"),
        (b"".to_vec(), "表格是空的"),
        (vec![0xFF, 0xFE, 0x41, 0x00], "文字编码读不懂"),
        ("平台名称,平台名称\n甲,乙\n".into(), "有两列"),
        ("平台名称\n甲\n".into(), "缺这些列"),
        (b"PK\x03\x04broken".to_vec(), "。"),
    ];
    for (bytes, words) in table {
        let reply = bring(&house, "reviewer", "platforms", "表", bytes).await;
        assert_eq!(reply.status, 422, "{words}: {}", reply.body);
        assert!(reply.body.contains(words) || words == "。", "{words}: {}", reply.body);
    }
    let heavy = vec![b'a'; server::tables::BYTES_MAX + 1];
    let reply = bring(&house, "reviewer", "platforms", "表.csv", heavy).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
    // The same by hand: what is wrong stands at the field, and the page says what was chosen.
    let cookie = house.cookie("reviewer").await;
    let shown = page(&house, &cookie, "/affairs/imports").await;
    assert!(shown.body.contains("空白表") && shown.body.contains("试导"));
    let csrf = hidden(&shown.body, "_csrf");
    let post = async |content: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nplatforms\r\n\
             --b\r\nContent-Disposition: form-data; name=\"table\"; filename=\"a.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n{content}\r\n--b--\r\n"
        );
        let request = house.request("", Method::POST, "/affairs/imports").header("cookie", &cookie);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        house.send(request.body(body.into()).unwrap()).await
    };
    let reply = post("平台名称\n甲").await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("缺这些列"), "{}", reply.body);
    let reply = post(PLATFORMS).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let place = reply.header("location").to_owned();
    let report = page(&house, &cookie, &place).await;
    assert!(report.body.contains("办理可以导入的 2 行"), "{}", report.body);
    let csrf = hidden(&report.body, "_csrf");
    let reply = send(&house, &cookie, &place, &[("_csrf", &csrf), ("_key", "k1")]).await;
    assert_eq!(reply.status, 303);
    let report = page(&house, &cookie, &place).await;
    assert!(report.body.contains("已导入") && !report.body.contains("办理可以导入的"));
    let csv = page(&house, &cookie, &format!("{place}/report.csv")).await;
    assert!(csv.body.contains("没有导入") && csv.body.contains("原因和办法"), "{}", csv.body);
}
