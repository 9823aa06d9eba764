//! 申请工作区 — the pre-check, the receipt, and what changed since the last submission.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::House;
use crate::pages::{opens, sends};
use crate::papers;
use crate::place::Engine;
use crate::tale::{Tale, told};

/// Answers that meet every condition of Art. 5.
fn fitting() -> Value {
    let member = |kind: &str, form: &str| json!({"kind": kind, "form": form, "credit": "no"});
    json!({
        "lead_kind": "enterprise", "lead_form": "enterprise_legal_person",
        "lead_region": "yes", "lead_credit": "no", "platform": "region", "special": false,
        "members": [member("university", "public_institution"),
            member("enterprise", "enterprise_legal_person")],
    })
}

pub(crate) async fn a_precheck_is_answered_by_the_rules_and_keeps_nothing(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    // what is changed                                              rule     verdict
    let table: &[(&str, Value, &str, &str)] = &[
        ("/special", json!(true), "R5.1b", "met"),
        ("/members", json!([]), "R5.1a", "unmet"),
        ("/members/1", Value::Null, "R5.1b", "unmet"),
        ("/platform", json!("none"), "R5.1c", "unmet"),
        ("/platform", json!("other"), "R5.1c", "unmet"),
        ("/platform", json!("other_province"), "R5.1c", "at_discretion"),
        ("/platform", json!("national"), "R5.1c", "met"),
        ("/platform_status", json!("building"), "R5.1c", "at_discretion"),
        ("/platform_status", json!("revoked"), "R5.1c", "unmet"),
        ("/platform_status", json!("running"), "R5.1c", "met"),
        ("/platform_kind", json!("R02"), "R5.1c", "met"),
        ("/platform_kind", json!("R99"), "R5.1c", "at_discretion"),
        ("/lead_region", json!("no"), "R5.2a", "unmet"),
        ("/lead_kind", json!("university"), "R5.2b", "unmet"),
        ("/lead_form", json!("not_legal_person"), "R5.2b", "unmet"),
        ("/lead_credit", json!("yes"), "R5.2f", "unmet"),
        ("/lead_credit", json!("unsure"), "R5.2f", "at_discretion"),
        ("/members/0/credit", json!("unsure"), "R5.3f", "at_discretion"),
        ("/members/0/form", json!("not_legal_person"), "R5.3a", "unmet"),
        ("/members/0/form", json!("overseas"), "R5.3a", "at_discretion"),
        ("/members/0/kind", json!("transfer_agency"), "R5.3f", "met"),
        ("/name", json!("内蒙古自治区储能创新联合体"), "R6.1b", "met"),
        ("/name", json!("储能联盟"), "R6.1b", "unmet"),
    ];
    for (at, value, rule, verdict) in table {
        let mut answers = fitting();
        match at.rsplit_once('/').unwrap() {
            ("/members", _) if value.is_null() => {
                answers["members"].as_array_mut().unwrap().pop();
            }
            ("", key) => answers[key] = value.clone(),
            _ => *answers.pointer_mut(at).unwrap() = value.clone(),
        }
        let reply = house.post("", "/api/v1/precheck", &answers).await;
        assert_eq!(reply.status, StatusCode::OK, "{at}: {}", reply.body);
        let outcome = reply.json();
        let found = outcome["conditions"].as_array().unwrap();
        let found: Vec<&Value> = found.iter().filter(|f| f["rule"] == *rule).collect();
        assert!(found.iter().any(|f| f["verdict"] == *verdict), "{at} {value} {rule}: {found:?}");
        let unmet =
            outcome["conditions"].as_array().unwrap().iter().any(|f| f["verdict"] == "unmet");
        assert_eq!(outcome["stands_in_the_way"], unmet, "{at}");
        // What belongs into the application is prepared there and no condition of these answers.
        let prepared = outcome["prepared"].as_array().unwrap();
        for rule in ["R7.1", "R7.3"] {
            assert!(prepared.iter().any(|f| f["rule"] == rule), "{rule}");
            assert!(found.iter().all(|f| f["rule"] != rule), "{rule}");
        }
    }
    let two = {
        let mut answers = fitting();
        answers["members"].as_array_mut().unwrap().pop();
        answers["special"] = json!(true);
        house.post("", "/api/v1/precheck", &answers).await.json()
    };
    let asked = two["conditions"].as_array().unwrap();
    assert!(asked.iter().any(|f| f["rule"] == "R5.1b" && f["verdict"] == "at_discretion"));
    // The page says the same, its address is all there is of it, and nobody has to sign in.
    let address = "/precheck?lead_kind=enterprise&lead_form=enterprise_legal_person&lead_region=no\
        &lead_credit=no&platform=region&members.0.kind=university\
        &members.0.form=public_institution&members.0.credit=no&special=1";
    let page = opens(&house, "", address).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("牵头单位登记地不在内蒙古自治区") && page.body.contains("第五条（二）")
    );
    assert!(page.body.contains("可以由区内企业牵头"), "a remedy and a way on");
    assert!(!page.body.contains("name=\"_csrf\""), "nothing is posted");
    let open = opens(&house, "", "/precheck").await;
    assert!(open.body.contains("看结果") && !open.body.contains("自查结果"));
    let half = opens(&house, "", "/precheck?lead_kind=enterprise&platform=x").await;
    assert!(half.body.contains("从列表中选择") && half.body.contains("选择牵头单位登记在哪里"));
    let odd = house.post("", "/api/v1/precheck", &json!({"lead_kind": "x"})).await;
    assert_eq!(odd.status, 422, "{}", odd.body);
    assert!(house.state.store.dossier("d-precheck").await.unwrap().is_none());
    assert!(house.state.store.load("d-precheck").await.unwrap().is_empty());
}

pub(crate) async fn j19_only_what_is_asked_is_corrected_and_only_that_is_shown(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区前后对照储能创新联合体", "formal_review").await;
    let (lead, officer) = (house.cookie("yunchuan").await, house.cookie("reviewer").await);
    let compare = format!("/dossiers/{}/compare", tale.id);
    let receipt = opens(&house, &lead, &format!("/dossiers/{}/submitted", tale.id)).await;
    assert_eq!(receipt.status, 200);
    assert!(receipt.body.contains("SD202603") && receipt.body.contains("呼和浩特市科学技术局"));
    assert!(receipt.body.contains("形式审查"), "who has it now: {}", receipt.body);
    let item = |part: &str| json!({"part": part, "reason": "写明考核时点", "clause": "6.2"});
    let items = json!({"command": "request_correction", "items": [item("goals")]});
    tale.does("reviewer", items).await;
    // Only the part that was asked about is open, with the reason beside it.
    let section = |part: &str| format!("/dossiers/{}/sections/{part}", tale.id);
    let asked = opens(&house, &lead, &section("goals")).await;
    assert!(asked.status == 200 && asked.body.contains("写明考核时点"));
    let other = opens(&house, &lead, &section("basics")).await;
    assert_ne!(other.status, 200);
    assert!(other.body.contains("这次补正不包括"), "{}", other.body);
    let draft = json!({"hand": "h", "turn": 1, "fields": {"background": "偷改"}});
    let refused = house.post("yunchuan", &tale.path("/sections/basics/draft"), &draft).await;
    assert_ne!(refused.status, 200, "{}", refused.body);
    let before = opens(&house, &lead, &compare).await;
    assert!(before.body.contains("没有变化"));
    // Indicators are signed with the agreement: they wait until the lead takes the lock back.
    let signed = json!({"section": "goals", "goals": "2028年底建成示范线并验收", "indicators": [
        {"name": "循环寿命（次）", "baseline": "3000", "target": "8000", "year": 2028}]});
    let signed = json!({"command": "write_application", "content": signed});
    tale.refused("yunchuan", signed, 409, "撤回锁定").await;
    let goals = json!({
        "section": "goals", "goals": "2028年底建成示范线并验收", "indicators": [],
    });
    tale.write("yunchuan", goals).await;
    let changed = opens(&house, &lead, &compare).await;
    assert!(changed.body.contains("2028年底建成示范线并验收"));
    tale.does("yunchuan", json!({"command": "submit_correction"})).await;
    // The officer sees the old words beside the new, and nothing that stayed as it was.
    let shown = opens(&house, &officer, &compare).await;
    assert_eq!(shown.status, 200);
    let old = &tale.view("reviewer").await["form"];
    assert!(shown.body.contains("2028年底建成示范线并验收") && shown.body.contains("上次提交"));
    let background = old["basics"]["background"].as_str().unwrap();
    assert!(!background.is_empty() && !shown.body.contains(background));
    let dossier = opens(&house, &officer, &format!("/dossiers/{}", tale.id)).await;
    assert!(dossier.body.contains("/compare\""));
    for stranger in ["lvqing", "clerk-baotou", "expert01"] {
        let cookie = house.cookie(stranger).await;
        assert_eq!(opens(&house, &cookie, &compare).await.status, 404, "{stranger}");
    }
}

pub(crate) async fn a_section_is_handed_to_a_colleague_or_put_off(engine: Engine) {
    let Some(mut house) = House::on(engine).await else { return };
    house.colleague("yunchuan").await;
    let tale = told(&house, "内蒙古自治区分工储能创新联合体", "drafting").await;
    let (lead, colleague) = (house.cookie("yunchuan").await, house.cookie("yunchuan-2").await);
    let path = format!("/dossiers/{}/sections/goals", tale.id);
    let page = opens(&house, &lead, &path).await;
    assert!(page.body.contains("姓名yunchuan-2") && !page.body.contains("姓名saibei"));
    let (_, rest) = page.body.split_once("name=\"_csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    let hand = async |owner: &str, later: &str| {
        let body = format!("_csrf={token}&owner={owner}&later={later}");
        let kind = "application/x-www-form-urlencoded";
        let request = house.request("", axum::http::Method::POST, &format!("{path}/hand"));
        let request = request.header("cookie", &lead).header("content-type", kind);
        house.send(request.body(body.into()).unwrap()).await.status
    };
    assert_eq!(hand("person:p-yunchuan-2", "").await, 303);
    let dossier = format!("/dossiers/{}", tale.id);
    let theirs = opens(&house, &colleague, &dossier).await.body;
    assert!(theirs.contains("交给你的") && theirs.contains("由姓名yunchuan-2（你）写"));
    assert!(!opens(&house, &lead, &dossier).await.body.contains("交给你的"));
    // Somebody of another unit cannot be named; the section is then nobody's.
    assert_eq!(hand("person:p-lvqing", "1").await, 303);
    let put_off = opens(&house, &lead, &dossier).await.body;
    assert!(put_off.contains("以后再写") && !put_off.contains("由姓名"));
    // Who has it open is seen by others, as long as it was a minute ago.
    opens(&house, &colleague, &path).await;
    assert!(opens(&house, &lead, &path).await.body.contains("姓名yunchuan-2正在这一节"));
    // A member sees its own block first, and no handing over of the lead's.
    let member = house.cookie("saibei").await;
    let own = opens(&house, &member, &dossier).await.body;
    assert!(own.contains("本单位的材料") && own.contains("sections/member?unit=u-saibei"));
    assert!(!own.contains("sections/goals") && !own.contains("write_agreement"));
}

pub(crate) async fn a_unit_that_was_meant_is_taken_with_one_press(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, "内蒙古自治区选定储能创新联合体").await;
    let lead = house.cookie("yunchuan").await;
    let path = tale.page("/invite");
    let none = ("none", "", b"".as_slice());
    let reply = sends(&house, &lead, &path, &[("unit", "金岭")], none).await;
    assert_eq!(reply.status, 422);
    for words in [
        "相近的是“包头金岭稀土材料有限公司”",
        "name=\"_pick\" value=\"unit=91150203MAFX02B779\"",
        "value=\"金岭\"",
    ] {
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    }
    // Enter in the field sends what was typed, not the first that is offered.
    let first = reply.body.split("<form class=\"c-b\"").nth(1).unwrap();
    let first = first.split("<button").nth(1).unwrap().split('>').next().unwrap();
    assert!(!first.contains("_pick") && first.contains("class=\"vh\""), "{first}");
    // Where several are alike each is offered.
    let reply = sends(&house, &lead, &path, &[("unit", "云川储能科技有限公司")], none).await;
    assert!(reply.body.contains("有几家单位名称相近"), "{}", reply.body);
    assert_eq!(reply.body.matches("name=\"_pick\"").count(), 2);
    let pick = [("_pick", "unit=91150203MAFX02B779"), ("unit", "金岭")];
    let reply = sends(&house, &lead, &path, &pick, none).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let view = tale.view("yunchuan").await;
    assert_eq!(view["parties"][1]["name"], "包头金岭稀土材料有限公司", "{view}");
}

pub(crate) async fn a_second_list_goes_by_the_first_and_says_what_belongs_elsewhere(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, "内蒙古自治区分级储能创新联合体").await;
    let lead = house.cookie("yunchuan").await;
    let path = tale.page("/sections/basics");
    let page = opens(&house, &lead, &path).await.body;
    for words in [
        "name=\"subfield\" data-above=\"f-field\"",
        "name=\"division\" data-above=\"f-industry\"",
        "<optgroup label=\"制造业\" data-group=\"C\">",
        "/assets/narrow.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let none = ("none", "", b"".as_slice());
    let pairs = [("industry", "B"), ("division", "38")];
    let reply = sends(&house, &lead, &path, &pairs, none).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    let words = "属于“制造业”，所属行业选的是“采矿业”；改其中一项";
    assert!(reply.body.contains(words), "{}", reply.body);
    assert!(reply.body.contains("<option value=\"38\" selected>"), "what was chosen is kept");
    let other = Tale::open(&house, "内蒙古自治区分组储能创新联合体").await;
    let (path, pairs) = (other.page("/sections/basics"), [("industry", "C"), ("division", "38")]);
    let reply = sends(&house, &lead, &path, &pairs, none).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
}

pub(crate) async fn a_form_that_was_read_leads_on_and_so_does_its_last_section(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, "内蒙古自治区连续储能创新联合体").await;
    tale.invite(&["saibei"]).await;
    let (lead, member) = (house.cookie("yunchuan").await, house.cookie("saibei").await);
    let next = async |cookie: &str| {
        let page = opens(&house, cookie, &tale.page("/answers")).await.body;
        let (_, next) = page.split_once("id=\"next\"").unwrap();
        next.split("</section>").next().unwrap().to_owned()
    };
    // The lead goes on with what waits first; the lock stands beside it once it can be had.
    let on = next(&lead).await;
    assert!(on.contains("接着办：填写") && !on.contains(&tale.page("/start_signing")), "{on}");
    let on = next(&member).await;
    assert!(on.contains("接着办：填写单位情况") && !on.contains("start_signing"), "{on}");
    // Each section leads to the next that waits, past what may stay empty and what is a member's.
    let path = tale.page("/sections/member?unit=u-saibei");
    let page = opens(&house, &member, &path).await.body;
    assert!(page.contains("保存，接着办：填写成员单位承诺"), "{page}");
    let page = opens(&house, &lead, &tale.page("/sections/basics")).await.body;
    assert!(page.contains("保存，接着办：填写牵头单位情况"), "{page}");
    let page = opens(&house, &lead, &tale.page("/sections/promise")).await.body;
    assert!(page.contains("保存，接着办：按清单上传附件"), "{page}");
    let page = opens(&house, &lead, &tale.page("/sections/rights")).await.body;
    assert!(page.contains("保存，接着办：填写基本信息"), "{page}");
    let page = opens(&house, &lead, &tale.page("")).await.body;
    assert!(page.contains("另有 6 节可以空着") && page.contains("组建协议还没有起草"), "{page}");
    // Two units are fewer than 原则上 asked: to explain it is a task, and the rule stays in sight.
    assert!(page.contains("成员不足原则上的家数"), "{page}");
    let (_, rules) = page.split_once("id=\"rk\"").unwrap();
    let (sight, folded) = rules.split_once("都在任务清单里").unwrap();
    assert!(sight.contains("写明特殊情况") && !folded.contains("写明特殊情况"), "{page}");
    let page = opens(&house, &lead, &tale.page("/write_agreement")).await.body;
    assert!(page.contains("保存，去锁定文本并发起签署"), "{page}");
    tale.fill(&["saibei"]).await;
    // A promise saved with nothing ticked is none: it waits, and the list says so.
    let promise = |given: bool| {
        json!({"section": "member_promise", "unit": "u-saibei",
            "takes_part": given, "truthful": given, "data_use": given})
    };
    tale.write("saibei", promise(false)).await;
    let page = opens(&house, &member, &tale.page("")).await.body;
    assert!(page.contains("接着办：填写成员单位承诺") && page.contains("承诺还没有作出"), "{page}");
    // Once it is given nothing of the member waits, and it is told so.
    tale.write("saibei", promise(true)).await;
    let page = opens(&house, &member, &tale.page("")).await.body;
    assert!(page.contains("本单位的材料已经写齐") && !page.contains("接着办"), "{page}");
    tale.agree().await;
    let on = next(&lead).await;
    assert!(on.contains("接着办") && !on.contains("start_signing"), "locked once: {on}");
    tale.sign(&["yunchuan", "saibei"]).await;
    let on = next(&lead).await;
    assert!(on.contains(&tale.page("/submit")), "{on}");
}

pub(crate) async fn what_members_owe_is_said_before_the_lock_and_they_are_reminded(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, "内蒙古自治区催写储能创新联合体").await;
    tale.invite(&["saibei", "jinling"]).await;
    tale.does("yunchuan", json!({"command": "invite", "unit": "u-beijiang"})).await;
    tale.write("saibei", papers::member("u-saibei")).await;
    // A program reads the same facts.
    let owed = tale.view("yunchuan").await["outstanding"].clone();
    let parts = |at: usize| -> Vec<&str> {
        owed[at]["parts"].as_array().unwrap().iter().map(|p| p[0].as_str().unwrap()).collect()
    };
    assert_eq!((&owed[0]["unit"], &owed[0]["answer"]), (&json!("u-saibei"), &json!(false)));
    // Figures and conditions may stay empty: nobody owes them.
    assert_eq!(parts(0), ["member_promise"]);
    assert_eq!(parts(1), ["member", "member_promise"]);
    assert_eq!((&owed[2]["unit"], &owed[2]["answer"]), (&json!("u-beijiang"), &json!(true)));
    assert_eq!(house.get("lvqing", &tale.path("")).await.status, 404);
    let (lead, member) = (house.cookie("yunchuan").await, house.cookie("saibei").await);
    for path in [tale.page("/start_signing"), tale.page("")] {
        let page = opens(&house, &lead, &path).await.body;
        assert!(page.contains("成员还差什么") && page.contains("塞北理工大学"), "{path}: {page}");
        assert!(page.contains("提醒这 3 家单位") && page.contains("先答复邀请"), "{path}: {page}");
    }
    let page = opens(&house, &member, &tale.page("")).await.body;
    assert!(!page.contains("成员还差什么"), "{page}");
    // Twice on one day is one letter; the next day it is another.
    let letters = async |unit: &str| -> Vec<String> {
        let to = format!("unit:u-{unit}/handler");
        let letters = house.state.store.letters_to(&to, None, 50).await.unwrap();
        let subjects = letters.into_iter().map(|posted| posted.letter.subject);
        subjects.filter(|subject| subject.starts_with("催写：")).collect()
    };
    let remind = async || {
        let body = token_of(&house, &lead, &tale.page("")).await;
        let request = house.request("", axum::http::Method::POST, &tale.page("/reminders"));
        let kind = "application/x-www-form-urlencoded";
        let request = request.header("cookie", &lead).header("content-type", kind);
        house.send(request.body(format!("_csrf={body}").into()).unwrap()).await.status
    };
    assert_eq!((remind().await.as_u16(), remind().await.as_u16()), (303, 303));
    assert_eq!(letters("saibei").await.len(), 1);
    assert!(letters("beijiang").await[0].contains("答复邀请"));
    house.on_day("2026-02-11");
    // A program reminds as a page does, and the lead alone.
    let path = tale.path("/reminders");
    assert_eq!(house.post("saibei", &path, &Value::Null).await.status, 403);
    let told = house.post("yunchuan", &path, &Value::Null).await.json();
    assert!(told["reminded"].to_string().contains("塞北理工大学"), "{told}");
    assert_eq!(letters("saibei").await.len(), 2);
    assert_eq!(remind().await, 303);
    assert_eq!(letters("saibei").await.len(), 2);
    // What is written and promised is owed no longer.
    let promise = json!({"section": "member_promise", "unit": "u-saibei",
        "takes_part": true, "truthful": true, "data_use": false});
    tale.write("saibei", promise.clone()).await;
    let owed = tale.view("yunchuan").await["outstanding"].clone();
    assert_eq!(owed[0]["unit"], "u-saibei", "half a promise is none: {owed}");
    let mut whole = promise;
    whole["data_use"] = json!(true);
    tale.write("saibei", whole).await;
    let owed = tale.view("yunchuan").await["outstanding"].clone();
    assert_eq!(owed[0]["unit"], "u-jinling", "{owed}");
}

async fn token_of(house: &House, cookie: &str, path: &str) -> String {
    let page = opens(house, cookie, path).await.body;
    let (_, rest) = page.split_once("name=\"_csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub(crate) async fn a_draft_behind_the_lock_or_the_submission_is_read_and_thrown_away(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区余稿储能创新联合体", "drafting").await;
    let (lead, member) = (house.cookie("yunchuan").await, house.cookie("saibei").await);
    // Something is typed and never saved; then the text is handed in.
    let path = tale.page("/sections/special");
    let none = ("none", "", b"".as_slice());
    let pairs = [("special", "写了一半的说明"), ("_draft", "1")];
    assert_eq!(sends(&house, &lead, &path, &pairs, none).await.status, 303);
    let page = opens(&house, &lead, &tale.page("/drafts")).await.body;
    assert!(page.contains("写了一半的说明") && page.contains("打开这一节保存"), "{page}");
    assert!(!opens(&house, &lead, &tale.page("")).await.body.contains("现在也不能保存"));
    tale.agree().await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    tale.does("yunchuan", json!({"command": "submit"})).await;
    assert_ne!(opens(&house, &lead, &path).await.status, 200, "the section is closed");
    let page = opens(&house, &lead, &tale.page("")).await.body;
    assert!(page.contains("有 1 节草稿没有保存到材料，现在也不能保存"), "{page}");
    let page = opens(&house, &lead, &tale.page("/drafts")).await.body;
    for words in ["写了一半的说明", "现在不能保存", "data-copy=\"d-1-1\"", "确认丢弃"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("打开这一节保存"));
    // A member reads nothing of the lead's, and throws nothing of it away.
    let theirs = opens(&house, &member, &tale.page("/drafts")).await.body;
    assert!(theirs.contains("没有要处理的草稿") && !theirs.contains("写了一半"), "{theirs}");
    let number = page.split("name=\"number\" value=\"").nth(1).unwrap();
    let number = number.split('"').next().unwrap();
    let discard = async |cookie: &str, number: &str| {
        let token = token_of(&house, cookie, &tale.page("/drafts")).await;
        let request = house.request("", axum::http::Method::POST, &tale.page("/drafts"));
        let kind = "application/x-www-form-urlencoded";
        let request = request.header("cookie", cookie).header("content-type", kind);
        let body = format!("_csrf={token}&part=special&unit=&number={number}");
        house.send(request.body(body.into()).unwrap()).await.status.as_u16()
    };
    assert_eq!(discard(&member, number).await, 403);
    // What was typed after the page was opened stays.
    assert_eq!(discard(&lead, "0").await, 303);
    assert!(opens(&house, &lead, &tale.page("/drafts")).await.body.contains("写了一半的说明"));
    assert_eq!(discard(&lead, number).await, 303);
    let page = opens(&house, &lead, &tale.page("/drafts")).await.body;
    assert!(page.contains("草稿已丢弃") || page.contains("没有要处理的草稿"), "{page}");
    assert!(!page.contains("写了一半的说明"));
    assert!(!opens(&house, &lead, &tale.page("")).await.body.contains("现在也不能保存"));
}
