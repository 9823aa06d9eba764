//! 遮盖 — a marked word in every field that not everybody may read; every page and every answer of
//! the API, read by everybody, shows only the marks its reader may see.

use std::collections::{BTreeSet, VecDeque};

use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::house::{House, UNITS};
use crate::papers;
use crate::place::Engine;
use crate::tale::{Tale, told};

/// Pages looked at by one reader at most.
const PAGES_MAX: usize = 220;

/// mark, logins that may read it (`seated` is an expert for the own sheet alone), what it is
const MARKS: &[(&str, &[&str], &str)] = &[
    ("CANARY-攻关思路", INSIDE, "technical approach"),
    ("765432123400", INSIDE, "amount of an input"),
    ("7,654,321,234", INSIDE, "amount of an input, as written"),
    ("123454321987", INSIDE, "revenue"),
    ("654987654300", INSIDE, "revenue of a year"),
    ("6,549,876,543", INSIDE, "revenue of a year, as written"),
    ("543876543200", INSIDE, "value of equipment"),
    ("5,438,765,432", INSIDE, "value of equipment, as written"),
    ("432765432100", INSIDE, "funds of a project"),
    ("321654321900", INSIDE, "amount of a conversion"),
    ("765111222300", INSIDE, "amount of the plan"),
    ("CANARY-单位联系人", OFFICES, "a unit's contact"),
    ("CANARY-单位电话", OFFICES, "a unit's phone"),
    ("CANARY-单位邮箱", OFFICES, "a unit's mail"),
    ("CANARY-联系人", OFFICES, "contact"),
    ("CANARY-联系电话", OFFICES, "contact's phone"),
    ("CANARY-审核意见", OFFICES, "the authority's opinion"),
    ("CANARY-异议人", &["supervisor"], "objector"),
    ("CANARY-异议电话", &["supervisor"], "objector's phone"),
    ("CANARY-异议事实", OFFICES, "facts of an objection"),
    ("CANARY-谢绝理由", &["lvqing", "lvqing-fr"], "why a unit declined"),
    ("CANARY-评审意见", &[], "opinion of an expert"),
    ("CANARY-评分说明", &[], "remark of an expert"),
];

/// Who handles the materials.
const INSIDE: &[&str] = &[
    "yunchuan",
    "yunchuan-fr",
    "yunchuan-gl",
    "jinling",
    "jinling-fr",
    "saibei",
    "saibei-fr",
    "saibei-yz",
    "saibei-lx",
    "beijiang",
    "beijiang-fr",
    "caoyuan",
    "caoyuan-fr",
    "clerk-hohhot",
    "signatory-hohhot",
    "reviewer",
    "organiser",
    "drafter",
    "decider",
    "publisher",
    "supervisor",
];
/// Who handles the procedure: the lead, its authority and the Department.
const OFFICES: &[&str] = &[
    "yunchuan",
    "yunchuan-fr",
    "yunchuan-gl",
    "clerk-hohhot",
    "signatory-hohhot",
    "reviewer",
    "organiser",
    "drafter",
    "decider",
    "publisher",
    "supervisor",
];
const DEPARTMENT: &[&str] =
    &["reviewer", "organiser", "drafter", "decider", "publisher", "supervisor"];

/// Dossiers in the stages in which there is most to hide, with every field marked.
async fn marked(house: &House) -> Vec<Tale<'_>> {
    let mut tales = Vec::new();
    for (stage, mark) in
        ["signing", "formal_review", "expert_review", "decision", "public_notice", "filed"]
            .into_iter()
            .zip("甲乙丙丁戊己".chars())
    {
        let name = format!("内蒙古自治区遮盖{mark}号储能创新联合体");
        let tale = told(house, &name, stage).await;
        match stage {
            "signing" => {
                house.on_day("2026-02-26");
                let invite =
                    json!({"command": "invite", "unit": "u-lvqing", "void_signatures": true});
                tale.does("yunchuan", invite).await;
                let no = json!({"command": "answer_invitation", "accept": false,
                    "reason": "CANARY-谢绝理由"});
                tale.does("lvqing", no).await;
            }
            "expert_review" => {
                house.on_day("2026-03-20");
                tale.does("organiser", json!({"command": "draw_panel", "size": 7})).await;
                let seated = tale.seated().await;
                for expert in &seated[..2] {
                    let clear = json!({"command": "declare_interest", "conflict": false});
                    tale.does(expert, clear).await;
                    let sheet = json!({"command": "submit_sheet", "sheet": papers::sheet("agree")});
                    tale.does(expert, sheet).await;
                }
            }
            "public_notice" => {
                house.on_day("2026-05-04");
                let path = format!("/api/v1/notices/{}/objections", tale.id);
                let reply = house.post("", &path, &papers::objection()).await;
                assert_eq!(reply.status, 201, "{}", reply.body);
                assert!(reply.json()["receipt"].as_str().is_some_and(|r| r.starts_with("YY")));
            }
            _ => {}
        }
        tales.push(tale);
    }
    tales
}

/// Whether a reader may see a mark.
fn may(mark: &str, readers: &[&str], login: &str, experts: &BTreeSet<String>) -> bool {
    let sheets = mark.starts_with("CANARY-评审") || mark.starts_with("CANARY-评分");
    let secret = readers == INSIDE;
    readers.contains(&login)
        // The declared expert handles the materials, and reads the own sheet.
        || (experts.contains(login) && (secret || sheets))
        // Sheets are the Department's once all are in.
        || (sheets && DEPARTMENT.contains(&login))
        || (mark == "CANARY-谢绝理由" && INSIDE.contains(&login))
}

/// What is read of a unit's own people: itself, its authority, the Department.
fn may_read_unit(unit: &str, login: &str) -> bool {
    let own = login == unit || login.starts_with(&format!("{unit}-"));
    let area = UNITS.iter().find(|row| row.0 == unit).unwrap().5;
    let authority = match &area[..4] {
        "1501" => "hohhot",
        "1502" => "baotou",
        "1506" => "ordos",
        _ => "",
    };
    let office = login
        .split_once('-')
        .is_some_and(|(desk, office)| matches!(desk, "clerk" | "signatory") && office == authority);
    // The desks that check who acts for a unit, and that serve notices on it.
    own || office || matches!(login, "reviewer" | "supervisor")
}

/// What somebody reads at an address, through a session for pages and a token for the API.
async fn read(house: &House, login: &str, cookie: &str, path: &str) -> (u16, String, String) {
    if path.starts_with("/api/") {
        let reply = house.get(login, path).await;
        return (reply.status.as_u16(), reply.body, format!("{:?}", reply.headers));
    }
    let mut request = house.request("", Method::GET, path);
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    let reply = house.send(request.body(Body::empty()).unwrap()).await;
    (reply.status.as_u16(), reply.body, format!("{:?}", reply.headers))
}

/// Addresses of ours in a page.
fn links(html: &str) -> Vec<String> {
    let parts = html.split("href=\"/").skip(1);
    let paths = parts.filter_map(|part| part.split(['"', '#']).next());
    paths.map(|path| format!("/{}", path.replace("&amp;", "&"))).collect()
}

pub(crate) async fn nobody_reads_a_word_that_is_not_for_them(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tales = marked(&house).await;
    let mut experts = BTreeSet::new();
    for tale in &tales[2..5] {
        experts.extend(tale.seated().await);
    }
    let mut wrong = Vec::new();
    for login in house.logins().chain([""]) {
        let cookie = if login.is_empty() { String::new() } else { house.cookie(login).await };
        let mut start: VecDeque<String> = [
            "/",
            "/home",
            "/dossiers",
            "/notices",
            "/stats",
            "/messages",
            "/unit",
            "/units",
            "/panel",
            "/profile",
            "/api",
            "/api/openapi.json",
            "/api/v1/dossiers",
            "/api/v1/register",
            "/api/v1/notices",
            "/api/v1/worklist",
            "/api/v1/units",
            "/api/v1/affairs",
            "/api/v1/parameters",
            "/api/v1/reference",
            "/api/v1/regulation",
            "/api/v1/me",
        ]
        .map(str::to_owned)
        .into();
        for tale in &tales {
            let id = &tale.id;
            start.extend(["", "/timeline", "/findings"].map(|rest| tale.path(rest)));
            start.extend([
                format!("/api/v1/register/{id}"),
                format!("/dossiers/{id}"),
                format!("/registry/{id}"),
                format!("/notices/{id}"),
            ]);
        }
        start.extend(UNITS.iter().map(|unit| format!("/api/v1/units/u-{}", unit.0)));
        let mut seen: BTreeSet<String> = start.iter().cloned().collect();
        let mut looked = 0;
        while let Some(path) = start.pop_front() {
            looked += 1;
            if looked > PAGES_MAX {
                break;
            }
            let (status, body, headers) = read(&house, login, &cookie, &path).await;
            assert!(status < 500, "{login} {path}: {status} {body}");
            let shown = format!("{body}{headers}");
            for (mark, readers, what) in MARKS {
                if shown.contains(mark) && !may(mark, readers, login, &experts) {
                    wrong.push(format!("{what}: {login} reads {mark} at {path}"));
                }
            }
            for unit in UNITS {
                for word in ["法人", "电话"] {
                    let mark = format!("CANARY-{word}-{}", unit.0);
                    if shown.contains(&mark) && !may_read_unit(unit.0, login) {
                        wrong.push(format!("{login} reads {mark} at {path}"));
                    }
                }
            }
            for at in 1..=12 {
                let expert = format!("expert{at:02}");
                let names = [format!("姓名{expert}"), format!("p-{expert}")];
                let is_told = names.iter().any(|name| shown.contains(name));
                // Accounts are the operator's: they do not say who sits.
                let roster = path.starts_with("/ops/accounts") && login == "operator";
                if is_told && !roster && login != "organiser" && login != expert {
                    wrong.push(format!("{login} reads the name of {expert} at {path}"));
                }
            }
            for link in links(&body) {
                let page = !link.starts_with("/assets") && !link.starts_with("/size");
                if page && seen.insert(link.clone()) {
                    start.push_back(link);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} words:\n{}", wrong.len(), wrong.join("\n"));
}

pub(crate) async fn a_sheet_is_its_experts_until_all_are_in(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tales = marked(&house).await;
    let review = &tales[2];
    for login in
        ["yunchuan", "saibei", "clerk-hohhot", "reviewer", "organiser", "drafter", "decider"]
    {
        let view = review.view(login).await.to_string();
        assert!(!view.contains("CANARY-评审意见"), "{login}");
    }
    let seated = review.seated().await;
    assert!(review.view(&seated[0]).await.to_string().contains("CANARY-评审意见"));
    // Seated, not declared: nothing of the materials yet.
    let view = review.view(&seated[3]).await.to_string();
    assert!(!view.contains("CANARY-攻关思路") && !view.contains("CANARY-评审意见"));
    for login in ["yunchuan", "saibei", "clerk-hohhot"] {
        assert!(!tales[3].view(login).await.to_string().contains("CANARY-评审意见"), "{login}");
    }
    assert!(tales[3].view("decider").await.to_string().contains("CANARY-评审意见"));
}
