//! 草稿 — two people, one section, any interleaving: what was acknowledged is there or is asked about.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::house::House;
use crate::place::Engine;
use crate::simulation::chance::Chance;
use crate::tale::{MEMBERS, STAGES, Tale, step, told};

/// Steps of one story: more than a minute of two people typing.
const STEPS: usize = 240;
/// Fields both type into.
const FIELDS: [&str; 3] = ["team", "management_rules", "cooperation"];

/// One opened page, with what its person sees.
struct Page {
    who: &'static str,
    hand: String,
    turn: i64,
    base: Texts,
    shown: Texts,
    /// A post of earlier, that may arrive once more.
    earlier: Option<(i64, Texts, Texts)>,
}

type Texts = BTreeMap<String, String>;

/// What was acknowledged of a field, in order, and what has been seen and given up since.
#[derive(Default)]
struct Model {
    acknowledged: Texts,
}

async fn post(
    house: &House,
    path: &str,
    page: &Page,
    (turn, base, fields): &(i64, Texts, Texts),
) -> Value {
    let body = json!({ "hand": page.hand, "turn": turn, "base": base, "fields": fields });
    let reply = house.post(page.who, path, &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

fn texts(value: &Value) -> Texts {
    serde_json::from_value(value.clone()).unwrap()
}

impl Page {
    async fn open(house: &House, who: &'static str, path: &str, hand: &str) -> Self {
        let draft = house.get(who, path).await.json();
        let (base, shown) = (texts(&draft["base"]), texts(&draft["fields"]));
        Self { who, hand: hand.to_owned(), turn: 0, base, shown, earlier: None }
    }

    /// Sends what stands on the page; `heard` says whether the answer arrives.
    async fn send(&mut self, house: &House, path: &str, model: &mut Model, heard: bool) {
        self.turn += 1;
        let sent = (self.turn, self.base.clone(), self.shown.clone());
        let answer = post(house, path, self, &sent).await;
        self.earlier = Some(sent);
        let now = texts(&answer["fields"]);
        let clashes: BTreeMap<String, Value> = answer["clashes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clash| (clash["field"].as_str().unwrap().to_owned(), clash.clone()))
            .collect();
        for (name, clash) in &clashes {
            // Asked about: both texts are in the answer, and what stood there still stands.
            assert_eq!(clash["mine"], json!(self.shown.get(name).cloned().unwrap_or_default()));
            let theirs = clash["theirs"].as_str().unwrap();
            assert_eq!(theirs, now.get(name).map_or("", String::as_str));
            assert_eq!(Some(theirs), model.acknowledged.get(name).map(String::as_str));
        }
        for (name, value) in &now {
            let mine = self.shown.get(name);
            let was = model.acknowledged.get(name);
            if clashes.contains_key(name) || was == Some(value) {
                continue;
            }
            // Whatever is new there came from this page, and the page knew what it replaced.
            assert_eq!(mine, Some(value), "{name} changed by nobody");
            model.acknowledged.insert(name.clone(), value.clone());
        }
        for (name, was) in &model.acknowledged {
            assert_eq!(now.get(name), Some(was), "{name}: an acknowledged text is gone");
        }
        if !heard {
            return;
        }
        for (name, digest) in texts(&answer["base"]) {
            self.base.insert(name, digest);
        }
        for (name, value) in &now {
            if !clashes.contains_key(name) {
                self.shown.insert(name.clone(), value.clone());
            }
        }
        for (name, clash) in clashes {
            // The person has seen both and chooses: now the one, now the other.
            if self.turn % 2 == 0 {
                self.shown.insert(name.clone(), clash["theirs"].as_str().unwrap().to_owned());
            }
            self.base.insert(name, clash["theirs_base"].as_str().unwrap().to_owned());
        }
    }
}

pub(crate) async fn two_who_type_into_one_section_lose_nothing_acknowledged(engine: Engine) {
    let Some(mut house) = House::on(engine).await else { return };
    house.colleague("yunchuan").await;
    for seed in 0..3_u64 {
        println!("seed {seed}");
        let mut chance = Chance::new(seed);
        let tale = Tale::open(&house, &format!("内蒙古自治区同写{seed}号储能创新联合体")).await;
        let path = tale.path("/sections/lead/draft");
        let mut model = Model::default();
        let mut pages = [
            Page::open(&house, "yunchuan", &path, "left").await,
            Page::open(&house, "yunchuan-2", &path, "right").await,
        ];
        let mut typed = BTreeSet::new();
        for step in 0..STEPS {
            let at = chance.below(2);
            let page = &mut pages[at];
            match chance.below(10) {
                0..=5 => {
                    let field = *chance.one(&FIELDS);
                    let stroke = format!("〔{at}-{step}〕");
                    let text = page.shown.entry(field.to_owned()).or_default();
                    // What was typed long ago is deleted by hand now and then.
                    if text.chars().count() > 120 {
                        text.clear();
                    }
                    text.push_str(&stroke);
                    typed.insert(stroke);
                }
                6 | 7 => page.send(&house, &path, &mut model, true).await,
                8 => page.send(&house, &path, &mut model, false).await,
                _ => {
                    // An earlier post of the same page arrives once more, late: it changes nothing.
                    let Some(earlier) = page.earlier.clone() else { continue };
                    let stands = texts(&post(&house, &path, page, &earlier).await["fields"]);
                    assert_eq!(stands, model.acknowledged, "seed {seed} step {step}");
                }
            }
        }
        for _ in 0..3 {
            for page in &mut pages {
                page.send(&house, &path, &mut model, true).await;
            }
        }
        // Both see the same in the end, and it is what the office has.
        let [left, right] = &pages;
        assert_eq!(left.shown, right.shown, "seed {seed}");
        let stands = texts(&house.get("yunchuan", &path).await.json()["fields"]);
        assert_eq!(stands, model.acknowledged, "seed {seed}");
        assert!(typed.len() > 50, "seed {seed}");
        // Nothing of it is an event.
        assert_eq!(tale.sequence().await, 1);
    }
}

pub(crate) async fn a_draft_is_for_who_may_write_and_nobody_else(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = Tale::open(&house, "内蒙古自治区草稿权限储能创新联合体").await;
    tale.invite(&MEMBERS).await;
    let body = json!({"hand": "h", "turn": 1, "fields": {"team": "CANARY-草稿", "unknown": "x"}});
    let lead = tale.path("/sections/lead/draft");
    let saved = house.post("yunchuan", &lead, &body).await.json();
    assert_eq!(saved["fields"]["team"], "CANARY-草稿");
    assert!(saved["fields"]["unknown"].is_null(), "only the form's own fields are kept");
    let member = tale.path("/sections/member/draft?unit=u-saibei");
    let block = json!({"hand": "h", "turn": 1, "fields": {"role": "电解液"}});
    // who            lead's section  saibei's block
    let rights = [
        ("yunchuan", 200, 200),
        ("saibei", 403, 200),
        ("jinling", 403, 403),
        ("lvqing", 404, 404),
        ("clerk-hohhot", 404, 404),
        ("reviewer", 404, 404),
        ("expert01", 404, 404),
        ("operator", 404, 404),
    ];
    for (who, first, second) in rights {
        for (path, body, status) in [(&lead, &body, first), (&member, &block, second)] {
            assert_eq!(house.post(who, path, body).await.status, status, "{who} {path}");
            assert_eq!(house.get(who, path).await.status, status, "{who} {path}");
        }
    }
    let nobody = house.get("", &lead).await;
    assert_eq!(nobody.status, 401);
    for part in ["agreement", "attachments", "parties", "none"] {
        let path = tale.path(&format!("/sections/{part}/draft"));
        let status = house.get("yunchuan", &path).await.status;
        assert_eq!(status == 200, part == "agreement", "{part}: {status}");
    }
    // A draft is in no view, no list, no finding and no timeline until it is written for good.
    for path in ["", "/timeline", "/findings"] {
        for who in ["yunchuan", "saibei"] {
            let reply = house.get(who, &tale.path(path)).await;
            assert!(!reply.body.contains("CANARY-草稿"), "{who} {path}");
        }
    }
}

pub(crate) async fn a_draft_waits_while_a_command_writes_over_it_and_is_asked_about(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = Tale::open(&house, "内蒙古自治区草稿同办储能创新联合体").await;
    let path = tale.path("/sections/special/draft");
    let typed = json!({"hand": "h", "turn": 1, "fields": {"special": "草稿里的话"}});
    assert_eq!(house.post("yunchuan", &path, &typed).await.json()["unsaved"], 1);
    tale.write("yunchuan", json!({"section": "special", "special": "另外保存的话"})).await;
    let draft = house.get("yunchuan", &path).await.json();
    let clash = &draft["clashes"][0];
    assert_eq!((&clash["mine"], &clash["theirs"]), (&json!("草稿里的话"), &json!("另外保存的话")));
    // The same again is asked about again; over what was seen it is taken.
    let base = |digest: &Value| json!({"hand": "g", "turn": 2, "base": {"special": digest}, "fields": {"special": "草稿里的话"}});
    let again = house.post("yunchuan", &path, &base(&json!("0"))).await.json();
    assert_eq!(again["clashes"].as_array().unwrap().len(), 1);
    let seen = house.post("yunchuan", &path, &base(&clash["theirs_base"])).await.json();
    assert_eq!(seen["clashes"], json!([]));
    assert_eq!(house.get("yunchuan", &path).await.json()["fields"]["special"], "草稿里的话");
    assert_eq!(tale.view("yunchuan").await["form"]["special"], "另外保存的话");
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let place = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    let value = place.split('"').next().unwrap();
    value.replace("&#34;", "\"").replace("&quot;", "\"").replace("&amp;", "&")
}

async fn form(
    house: &House,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> crate::house::Reply {
    let kind = "application/x-www-form-urlencoded";
    let request = house.request("", Method::POST, path).header("cookie", cookie);
    let body = serde_urlencoded::to_string(fields).unwrap();
    house.send(request.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()).await
}

async fn page(house: &House, cookie: &str, path: &str) -> String {
    let request = house.request("", Method::GET, path).header("cookie", cookie);
    house.send(request.body(Body::empty()).unwrap()).await.body
}

pub(crate) async fn what_is_posted_without_script_is_kept_whatever_comes_of_it(engine: Engine) {
    let Some(mut house) = House::on(engine).await else { return };
    house.colleague("yunchuan").await;
    let tale = Tale::open(&house, "内蒙古自治区无脚本储能创新联合体").await;
    let path = format!("/dossiers/{}/sections/goals", tale.id);
    let (one, two) = (house.cookie("yunchuan").await, house.cookie("yunchuan-2").await);
    let (first, second) = (page(&house, &one, &path).await, page(&house, &two, &path).await);
    let fill = |page: &str, goals: &'static str, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("_csrf".to_owned(), hidden(page, "_csrf")),
            ("_key".to_owned(), hidden(page, "_key")),
            ("_base".to_owned(), hidden(page, "_base")),
            ("goals".to_owned(), goals.to_owned()),
        ];
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields
    };
    let send = async |cookie: &str, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form(&house, cookie, &path, &fields).await
    };
    // A row with something to mend: everything typed stays, on the page and as a draft.
    let wrong = fill(
        &first,
        "三年内建成示范线",
        &[("indicators.0.name", "循环"), ("indicators.0.year", "x")],
    );
    let reply = send(&one, wrong).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("三年内建成示范线") && reply.body.contains("2100 之间的整数"));
    assert!(page(&house, &one, &path).await.contains("三年内建成示范线"));
    // Another person who did not see it is asked, with both texts.
    let reply = send(&two, fill(&second, "两年内建成示范线", &[])).await;
    assert_eq!(reply.status, 409, "{}", reply.body);
    assert!(reply.body.contains("三年内建成示范线") && reply.body.contains("两年内建成示范线"));
    // Saving again without choosing is asked again; choosing settles it.
    let asked = reply.body;
    assert_eq!(send(&two, fill(&asked, "两年内建成示范线", &[])).await.status, 409);
    let keep = asked.split("name=\"_keep\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut chosen = fill(&asked, "两年内建成示范线", &[]);
    chosen.push(("_keep".to_owned(), keep.to_owned()));
    let settled = send(&two, chosen).await;
    assert_eq!(settled.status, 200);
    assert!(!settled.body.contains("两个人都改过"));
    let saved = send(
        &two,
        fill(
            &settled.body,
            "两年内建成示范线",
            &[("indicators.0.name", ""), ("indicators.0.year", "")],
        ),
    )
    .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(tale.view("yunchuan").await["form"]["goals"], "两年内建成示范线");
    let draft = house.get("yunchuan", &tale.path("/sections/goals/draft")).await.json();
    assert_eq!(draft["unsaved"], 0, "what was written for good is no draft: {draft}");
}

pub(crate) async fn a_program_throws_away_what_it_was_shown_and_nothing_typed_since(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区草稿丢弃储能创新联合体", "drafting").await;
    let goals = tale.path("/sections/goals/draft");
    let typed = |turn: i64, base: &Value, text: &str| json!({"hand": "h", "turn": turn, "base": base, "fields": {"goals": text}});
    let opened = house.get("yunchuan", &goals).await.json();
    assert_eq!((&opened["unsaved"], &opened["number"]), (&json!(0), &json!(0)));
    let shown = house.post("yunchuan", &goals, &typed(1, &opened["base"], "第一稿")).await.json();
    assert_eq!(shown["unsaved"], 1, "{shown}");
    let first = shown["number"].as_i64().unwrap();
    // Somebody goes on typing: that is not thrown away with what was shown.
    let shown = house.post("yunchuan", &goals, &typed(2, &shown["base"], "第二稿")).await.json();
    let second = shown["number"].as_i64().unwrap();
    let late = house.delete("yunchuan", &format!("{goals}?number={first}")).await;
    assert_eq!((late.status.as_u16(), late.json()), (200, json!({"discarded": 0})));
    assert_eq!(house.get("yunchuan", &goals).await.json()["fields"]["goals"], "第二稿");
    // Which write is meant has to be said; others have no draft to throw away.
    let unsaid = house.delete("yunchuan", &goals).await;
    assert!(unsaid.status == 422 && unsaid.body.contains("number"), "{}", unsaid.body);
    for (who, status) in [("saibei", 403), ("lvqing", 404), ("clerk-hohhot", 404), ("", 401)] {
        let refused = house.delete(who, &format!("{goals}?number={second}")).await;
        assert_eq!(refused.status, status, "{who}: {}", refused.body);
    }
    // A member's block is its own to throw away.
    let member = tale.path("/sections/member/draft?unit=u-saibei");
    let base = house.get("saibei", &member).await.json()["base"]["role"].clone();
    let base = json!({"role": base});
    let role = json!({"hand": "h", "turn": 1, "base": base, "fields": {"role": "电解液和隔膜"}});
    let role = house.post("saibei", &member, &role).await.json();
    let member = format!("{member}&number={}", role["number"]);
    let others = house.delete("yunchuan", &member).await;
    assert!(
        others.status == 403 && others.body.contains("由写它的单位自己丢弃"),
        "{}",
        others.body
    );
    // When all is handed in and nothing can be saved, the draft is read and thrown away still.
    for (stage, day) in &STAGES[1..3] {
        step(&tale, stage, day).await;
    }
    let typing = house.post("yunchuan", &goals, &typed(3, &shown["base"], "第三稿")).await;
    assert_eq!(typing.status, 422, "{}", typing.body);
    assert_eq!(house.get("yunchuan", &goals).await.json()["fields"]["goals"], "第二稿");
    for count in [1, 0] {
        let gone = house.delete("yunchuan", &format!("{goals}?number={second}")).await;
        assert_eq!(gone.json(), json!({"discarded": count}));
    }
    assert_eq!(house.get("yunchuan", &goals).await.json()["unsaved"], 0);
    assert_eq!(house.delete("saibei", &member).await.json(), json!({"discarded": 1}));
}

pub(crate) async fn a_session_that_ended_costs_no_text(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = Tale::open(&house, "内蒙古自治区会话过期储能创新联合体").await;
    let path = format!("/dossiers/{}/sections/goals", tale.id);
    let cookie = house.cookie("yunchuan").await;
    let shown = page(&house, &cookie, &path).await;
    let (key, base) = (hidden(&shown, "_key"), hidden(&shown, "_base"));
    let fields = [("_csrf", "0"), ("_key", &key), ("_base", &base), ("goals", "写了一个下午")];
    let reply = form(&house, "sid=gone", &path, &fields).await;
    assert_eq!(reply.status, 303);
    let login = reply.header("location").to_owned();
    assert!(login.starts_with("/login?next=%2Fdossiers%2F"), "{login}");
    let left = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(left.starts_with("left=") && !reply.header("set-cookie").contains("写了"));
    assert!(reply.header("set-cookie").contains("HttpOnly"));
    // Signed in again in the same browser: offered on that page alone, and put back by a press.
    let both = format!("{cookie}; {left}");
    let offered = page(&house, &both, &path).await;
    assert!(offered.contains("写了一个下午") && offered.contains("放回表单"));
    let elsewhere = page(&house, &both, &path.replace("goals", "work")).await;
    assert!(!elsewhere.contains("写了一个下午"));
    let stranger = house.cookie("lvqing").await;
    let other = page(&house, &format!("{stranger}; {left}"), &path).await;
    assert!(!other.contains("写了一个下午"));
    let csrf = hidden(&offered, "_csrf");
    let back = [
        ("_csrf", csrf.as_str()),
        ("_key", &key),
        ("_base", &base),
        ("goals", "写了一个下午"),
        ("_show", "1"),
    ];
    let reply = form(&house, &both, &path, &back).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains("写了一个下午"));
    let again = page(&house, &both, &path).await;
    assert!(!again.contains("放回表单"), "it waits no longer");
    assert!(again.contains("写了一个下午"), "it is a draft now");
    // A page of an older session of the same person: refused, and kept as well.
    let stale = form(&house, &cookie, &path, &fields).await;
    assert_eq!(stale.status, 403);
    assert!(stale.header("set-cookie").starts_with("left="));
}
