//! 单位人员 — from the browser and over the API: who comes to act for a unit, who leaves it, and what
//! becomes of a second claim to it.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use server::http::strength::With;
use store::{Section, SectionWork};

use crate::house::{House, PASSWORD, Reply};
use crate::pages::{cookie, opens};
use crate::place::Engine;
use crate::tale::told;

const UNIT: &str = "/api/v1/units/u-yunchuan";

fn invited(name: &str, address: &str, capacity: &str) -> Value {
    json!({
        "name": {"$personal": name}, "address": {"$personal": address}, "capacity": capacity,
    })
}

/// Posts a form from the page it stands on, by a browser; the token is the page's.
async fn sends(house: &House, cookie: &mut String, page: &str, to: &str, fields: &str) -> Reply {
    let shown = opens(house, cookie, page).await;
    if let Some(fresh) = shown.headers.get("set-cookie").and_then(|fresh| fresh.to_str().ok())
        && cookie.is_empty()
    {
        fresh.split(';').next().unwrap().clone_into(cookie);
    }
    let (_, rest) = shown
        .body
        .split_once("name=\"_csrf\" value=\"")
        .unwrap_or_else(|| panic!("no form on {page}: {} {}", shown.status, shown.body));
    let token = rest.split('"').next().unwrap();
    let request = house.request("", Method::POST, to).header("cookie", cookie.as_str());
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    house.send(request.body(Body::from(format!("_csrf={token}&{fields}"))).unwrap()).await
}

async fn invites(house: &House, who: &str, asked: &Value) -> String {
    let made = house.post(who, &format!("{UNIT}/invitations"), asked).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let url = made.json()["url"].as_str().unwrap().to_owned();
    url[url.find("/invitations/").unwrap()..].to_owned()
}

async fn people(house: &House) -> Value {
    house.get("yunchuan-gl", &format!("{UNIT}/people")).await.json()
}

/// The capacities in which somebody acts now.
async fn acts_as(house: &House, login: &str) -> Vec<String> {
    let person = house.state.store.person_by_login(login).await.unwrap();
    let Some(person) = person else { return vec![] };
    let today = house.state.clock.today().to_string();
    let posts = house.state.store.posts(&person.id).await.unwrap();
    let held = posts.into_iter().filter(|post| {
        post.from <= today && post.to.as_deref().is_none_or(|to| today.as_str() <= to)
    });
    held.map(|post| format!("{}/{}", post.side, post.capacity)).collect()
}

pub(crate) async fn j9_one_invitation_stands_and_looking_does_not_use_it_up(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-03-02");
    let link =
        invites(&house, "yunchuan-gl", &invited("王五", "wang@unit.example", "handler")).await;
    for again in ["WANG@unit.example", " wang @UNIT.example "] {
        let asked = invited("王五", again, "handler");
        let reply = house.post("yunchuan-gl", &format!("{UNIT}/invitations"), &asked).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["url"]), (200, &Value::Null), "{again}");
        assert_eq!(reply.json()["no"], 1);
    }
    // A robot opens the link before the person does, and asks whatever it likes.
    for _ in 0..3 {
        let seen = opens(&house, "", &link).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        assert!(seen.body.contains("王*（w***@unit.example）") && !seen.body.contains("wang@"));
    }
    let mut head = house.request("", Method::HEAD, &link);
    head = head.header("user-agent", "LinkPreview/1.0");
    house.send(head.body(Body::empty()).unwrap()).await;
    let waiting = people(&house).await["invitations"].clone();
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    assert_eq!(waiting[0]["outcome"], "waiting");

    // Somebody else is signed in: told for whom it is, and nothing is used up.
    let mut other = cookie(&house, "saibei").await;
    let told = opens(&house, &other, &link).await;
    assert!(
        told.body.contains("不是现在登录的") && told.body.contains("退出登录"),
        "{}",
        told.body
    );
    let refused = sends(&house, &mut other, &link, &link, "answer=accept").await;
    assert_eq!(refused.status, 422);
    assert!(acts_as(&house, "saibei").await.iter().all(|post| !post.contains("yunchuan")));

    // The one who is meant makes an account with it.
    let fields =
        format!("who=王五&login=wangwu&new_password={0}&again={0}", PASSWORD.replace(' ', "+"));
    let mut fresh = String::new();
    let to = format!("{link}/account");
    let wrong = sends(&house, &mut fresh, &link, &to, &fields.replace("王五", "李四")).await;
    assert_eq!(wrong.status, 422, "another name");
    assert!(house.state.store.person_by_login("wangwu").await.unwrap().is_none());
    let taken = sends(&house, &mut fresh, &link, &to, &fields.replace("wangwu", "saibei")).await;
    assert!(taken.status == 422 && taken.body.contains("这个账号已有人使用"), "{}", taken.body);
    let made = sends(&house, &mut fresh, &link, &to, &fields).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, "/home"), "{}", made.body);
    assert_eq!(acts_as(&house, "wangwu").await, ["unit:u-yunchuan/handler"]);
    let used = opens(&house, "", &link).await;
    assert!(used.body.contains("已经有人接受"), "{}", used.body);
    assert_eq!(people(&house).await["invitations"][0]["outcome"], "accepted");
}

pub(crate) async fn an_invitation_ends_by_the_clock_by_revocation_and_by_a_new_link(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-03-02");
    let asked = invited("姓名saibei", "SAIBEI", "contact");
    let first = invites(&house, "yunchuan-gl", &asked).await;
    let accept = json!({"accept": true});
    let api = |link: &str| format!("/api/v1{link}");
    house.on_day("2026-03-10");
    let late = house.post("saibei", &api(&first), &accept).await;
    assert!(late.status == 409 && late.body.contains("已经过期"), "{}", late.body);
    let renewed =
        house.post("yunchuan-gl", &format!("{UNIT}/invitations/1/link"), &json!({})).await;
    assert_eq!(renewed.status, 201, "{}", renewed.body);
    let url = renewed.json()["url"].as_str().unwrap().to_owned();
    let second = url[url.find("/invitations/").unwrap()..].to_owned();
    assert_eq!(house.post("saibei", &api(&first), &accept).await.status, 404, "the old link");
    let seen = house.get("saibei", &api(&second)).await.json();
    assert_eq!((&seen["waits"], &seen["whom"]), (&json!(true), &json!("姓***（sa***）")));
    let others = house.post("lvqing", &api(&second), &accept).await;
    assert_eq!(others.status, 403, "{}", others.body);
    let done = house.post("saibei", &api(&second), &accept).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let again = house.post("saibei", &api(&second), &accept).await;
    assert_eq!(again.json()["happened"], json!([]), "asked again");
    assert!(acts_as(&house, "saibei").await.contains(&"unit:u-yunchuan/contact".to_owned()));

    let third = invites(&house, "yunchuan-gl", &invited("姓名lvqing", "lvqing", "contact")).await;
    let revoke = json!({"command": "revoke_invitation", "no": 2});
    house.post("yunchuan-gl", &format!("{UNIT}/commands"), &revoke).await;
    let revoked = house.post("lvqing", &api(&third), &accept).await;
    assert!(revoked.status == 409 && revoked.body.contains("撤销"), "{}", revoked.body);
    // Who only reads invites nobody; the handler of a unit with an administrator neither.
    for (who, status) in [("yunchuan", 403), ("yunchuan-fr", 201), ("saibei-lx", 404)] {
        let asked = invited("姓名beijiang", "beijiang", "contact");
        let reply = house.post(who, &format!("{UNIT}/invitations"), &asked).await;
        assert_eq!(reply.status, status, "{who}: {}", reply.body);
    }
}

pub(crate) async fn whoever_left_can_do_nothing_from_the_next_day_on(engine: Engine) {
    let Some(mut house) = House::on(engine).await else { return };
    house.colleague("yunchuan").await;
    let tale = told(&house, "内蒙古自治区交接储能创新联合体", "signing").await;
    house.on_day("2026-03-02");
    let section = Section { dossier: tale.id.clone(), part: "goals".into(), block: String::new() };
    let entrust = section.clone();
    let write = house.state.store.write(move |tx| {
        store::drafts::entrust(tx, &entrust, Some("person:p-yunchuan-2"), false, "p-yunchuan", 1)
    });
    write.await.unwrap();
    let page = cookie(&house, "yunchuan-2").await;
    let end = |link: &str, to: &str, successor: Value| {
        json!({"command": "end_link", "link": link, "to": to, "successor": successor,
            "reason": "调离"})
    };
    let commands = format!("{UNIT}/commands");
    let wrong = end("t-yunchuan-2", "2026-03-02", json!("p-yunchuan-gl"));
    assert_eq!(house.post("yunchuan-gl", &commands, &wrong).await.status, 422, "no handler");
    let right = end("t-yunchuan-2", "2026-03-02", json!("p-yunchuan"));
    let done = house.post("yunchuan-gl", &commands, &right).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let works = house.state.store.read({
        let id = tale.id.clone();
        move |tx| store::drafts::works(tx, &id)
    });
    let works = works.await.unwrap();
    let owner = |work: &(Section, SectionWork)| (work.0 == section).then(|| work.1.owner.clone());
    assert_eq!(works.iter().find_map(owner).flatten().as_deref(), Some("person:p-yunchuan"));
    // The last day is a day of work; the next one is not, in a session or with a token.
    assert_eq!(house.get("yunchuan-2", &tale.path("")).await.status, 200);
    assert_eq!(opens(&house, &page, &format!("/dossiers/{}", tale.id)).await.status, 200);
    house.on_day("2026-03-03");
    assert_eq!(house.get("yunchuan-2", &tale.path("")).await.status, 401);
    assert_eq!(opens(&house, &page, &format!("/dossiers/{}", tale.id)).await.status, 404);
    let write = json!({"command": "withdraw", "reason": "另有安排"});
    assert_eq!(house.post("yunchuan-2", &tale.path("/commands"), &write).await.status, 401);
    // The history keeps the name.
    let links = people(&house).await["links"].clone();
    let gone =
        links.as_array().unwrap().iter().find(|link| link["link"] == "t-yunchuan-2").unwrap();
    assert_eq!((&gone["name"], &gone["to"]), (&json!("姓名yunchuan-2"), &json!("2026-03-02")));
    // The last one who runs the accounts stays.
    let last = end("t-yunchuan-gl", "2026-03-03", Value::Null);
    let kept = house.post("yunchuan-gl", &commands, &last).await;
    assert!(kept.status == 409 && kept.body.contains("最后一位单位管理员"), "{}", kept.body);
}

pub(crate) async fn a_representative_is_shown_confirmed_and_replaced(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区任职储能创新联合体", "signing").await;
    let commands = format!("{UNIT}/commands");
    let mut record = house.get("yunchuan-gl", UNIT).await.json();
    // The record names another representative: the office of the former one ends at once.
    let known = ["code", "name", "kind", "legal_form", "area", "address", "phone"];
    let mut amend = json!({"command": "amend", "code_confirmed": true,
        "representative": {"$personal": "姓名yunchuan"}});
    for field in known {
        amend[field] = record[field].take();
    }
    assert!(acts_as(&house, "yunchuan-fr").await.len() == 1);
    let done = house.post("yunchuan-gl", &commands, &amend).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(acts_as(&house, "yunchuan-fr").await.is_empty());
    let sign = json!({"command": "sign", "digest": "0".repeat(64), "password": PASSWORD});
    assert_eq!(house.post("yunchuan-fr", &tale.path("/commands"), &sign).await.status, 401);
    let waits = house.get("yunchuan-gl", "/api/v1/worklist").await;
    assert!(waits.body.contains("邀请新的法定代表人"), "{}", waits.body);
    // The new one shows a paper that another side brought: it is not there.
    let (theirs, _) = house.upload("saibei", "别人的").await;
    let propose = |file: &str| json!({"command": "propose_representative", "evidence": {"words": "任命文件", "file": file}});
    let refused = house.post("yunchuan", &commands, &propose(&theirs)).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!("file")));
    let (paper, _) = house.upload("yunchuan", "任命").await;
    assert_eq!(house.post("yunchuan", &commands, &propose(&paper)).await.status, 200);
    assert_eq!(
        acts_as(&house, "yunchuan").await,
        ["unit:u-yunchuan/handler"],
        "a word gives nothing"
    );
    let link = people(&house).await["links"].as_array().unwrap().last().unwrap()["link"].clone();
    let confirm = json!({"command": "confirm_link", "link": link});
    for (who, status) in [("yunchuan", 403), ("clerk-baotou", 403), ("reviewer", 403)] {
        assert_eq!(house.post(who, &commands, &confirm).await.status, status, "{who}");
    }
    // Whoever confirms can open the paper; others of the same kind cannot.
    let paper = format!("/units/u-yunchuan/files/{paper}");
    for (who, status) in [("clerk-hohhot", 200), ("clerk-baotou", 404), ("saibei", 404)] {
        let opened = opens(&house, &cookie(&house, who).await, &paper).await;
        assert_eq!(opened.status, status, "{who}");
    }
    let page = opens(&house, &cookie(&house, "clerk-hohhot").await, "/units/u-yunchuan").await;
    assert!(page.body.contains("任职待确认"), "{}", page.body);
    assert_eq!(house.post("clerk-hohhot", &commands, &confirm).await.status, 200);
    let mut now = acts_as(&house, "yunchuan").await;
    now.sort();
    assert_eq!(now, ["unit:u-yunchuan/handler", "unit:u-yunchuan/legal_representative"]);
}

pub(crate) async fn j13_who_has_no_power_to_sign_is_told_who_has(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区授权储能创新联合体", "signing").await;
    let sign = json!({"command": "sign", "digest": "0".repeat(64), "password": PASSWORD});
    for who in ["saibei-lx", "saibei-yz", "yunchuan-gl"] {
        let before = tale.sequence().await;
        let reply = house.post(who, &tale.path("/commands"), &sign).await;
        assert_eq!(reply.status, 403, "{who}: {}", reply.body);
        assert!(reply.body.contains("法定代表人或者负责人登录签字"), "{}", reply.body);
        assert_eq!(tale.sequence().await, before);
    }
}

async fn registers(house: &House, cookie: &mut String, fields: &str) -> Reply {
    sends(house, cookie, "/units/register", "/units/register", fields).await
}

fn registration(login: &str, code: &str, more: &str) -> String {
    let password = PASSWORD.replace(' ', "+");
    format!(
        "unit_name=虚构新材料有限公司&code={code}&kind=enterprise&legal_form=enterprise_legal_person\
         &area=150104&address=虚构路&representative=周八&phone=0471-5550000&person=周八\
         &login={login}&new_password={password}&again={password}&_key=key-{login}&code_confirmed=on{more}"
    )
}

pub(crate) async fn a_second_claim_is_a_dispute_and_the_first_stays(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-03-02");
    let code = "91150104MAFX01A86K";
    // Known publicly, typed by somebody: nothing is taken over, and nobody gets an account.
    let mut visitor = String::new();
    let taken = registers(&house, &mut visitor, &registration("zhouba", code, "")).await;
    assert_eq!(taken.status, 422, "{}", taken.body);
    assert!(
        taken.body.contains("已经注册") && taken.body.contains("提出归属争议"),
        "{}",
        taken.body
    );
    assert!(house.state.store.person_by_login("zhouba").await.unwrap().is_none());
    let before = people(&house).await["links"].clone();
    let more = "&claim=on&statement=营业执照在我们手里";
    let raised = registers(&house, &mut visitor, &registration("zhouba", code, more)).await;
    assert_eq!(raised.status, 303, "{}", raised.body);
    assert!(acts_as(&house, "zhouba").await.is_empty());
    assert_eq!(people(&house).await["links"], before, "nothing changed hands");

    // Both sides are told, and both speak.
    let claimant = house.state.store.person_by_login("zhouba").await.unwrap().unwrap();
    let mut his =
        server::http::session::begin(&house.state, &claimant.id, None, "测试", With::Totp)
            .await
            .unwrap()
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
    assert!(opens(&house, &his, "/messages").await.body.contains("归属争议"));
    let hers = cookie(&house, "yunchuan-gl").await;
    assert!(opens(&house, &hers, "/messages").await.body.contains("归属争议"));
    let page = "/units/u-yunchuan/disputes";
    let said = sends(&house, &mut his, page, page, "no=1&text=附执照复印件").await;
    assert_eq!(said.status, 303, "{}", said.body);
    for (who, status) in
        [("yunchuan", 200), ("clerk-hohhot", 200), ("clerk-baotou", 404), ("saibei", 404)]
    {
        let seen = opens(&house, &cookie(&house, who).await, page).await;
        assert_eq!(seen.status, status, "{who}");
    }
    let frozen = invited("某某", "somebody", "administrator");
    let reply = house.post("yunchuan-gl", &format!("{UNIT}/invitations"), &frozen).await;
    assert!(reply.status == 409 && reply.body.contains("归属争议"), "{}", reply.body);

    // Its authority decides, with a reason.
    let decide = json!({"command": "decide_dispute", "no": 1, "upheld": true,
        "reason": "执照原件在提出方"});
    let commands = format!("{UNIT}/commands");
    for who in ["clerk-baotou", "reviewer", "yunchuan-gl"] {
        assert_eq!(house.post(who, &commands, &decide).await.status, 403, "{who}");
    }
    let done = house.post("clerk-hohhot", &commands, &decide).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(house.get("yunchuan", "/api/v1/me").await.status, 401, "the former people are out");
    let mut now = acts_as(&house, "zhouba").await;
    now.sort();
    assert_eq!(now, ["unit:u-yunchuan/administrator", "unit:u-yunchuan/handler"]);
    assert!(opens(&house, &his, "/units/u-yunchuan/people").await.status == 200);
}

pub(crate) async fn of_two_who_register_one_code_at_once_the_first_stays(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-03-02");
    let code = "91150102MADM0099X7";
    let (mut one, mut other) = (String::new(), String::new());
    let (first, second) = (registration("one-a", code, ""), registration("two-b", code, ""));
    let (a, b) =
        tokio::join!(registers(&house, &mut one, &first), registers(&house, &mut other, &second));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "{} {}", a.body, b.body);
    let (winner, loser) = if a.status == 303 { ("one-a", "two-b") } else { ("two-b", "one-a") };
    assert_eq!(acts_as(&house, winner).await.len(), 2);
    assert!(house.state.store.person_by_login(loser).await.unwrap().is_none());
    // The form sent again finds the unit of the first time, and makes nothing twice.
    let (mut later, form) = (String::new(), if winner == "one-a" { &first } else { &second });
    let again = registers(&house, &mut later, form);
    assert_eq!(again.await.status, 303);
    assert_eq!(acts_as(&house, winner).await.len(), 2);
}
