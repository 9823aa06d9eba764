//! Whole lives over the API, on both engines, with the outcomes that the study of the regulation
//! gives them (domain §7).

use consortium::calendar::Calendar;
use serde_json::json;

use crate::house::House;
use crate::papers;
use crate::place::Engine;
use crate::tale::{MEMBERS, STAGES, Tale, told};

/// The name of S01.
const NAME: &str = "内蒙古自治区电化学储能创新联合体";

/// A house whose working days are known for long.
async fn for_long(engine: Engine) -> Option<House> {
    House::with(engine, Calendar::fictional(2023, 2040)).await
}

pub(crate) async fn s01_a_consortium_is_filed_and_owes_its_first_report(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "public_notice").await;
    let view = tale.view("").await;
    assert_eq!(view["notice"], json!(["2026-04-29", "2026-05-08"]));
    assert_eq!(view["stage_term"], "公示中");
    let concluded = &tale.view("drafter").await["conclusion"];
    assert_eq!(concluded["agree"], 6);
    assert_eq!(concluded["sheets"], 7);
    assert_eq!(concluded["mean_hundredths"], 8200);
    let notices = house.get("", "/api/v1/notices").await.json();
    assert_eq!(notices["items"][0]["id"], tale.id);
    house.on_day("2026-05-08");
    tale.refused("publisher", json!({"command": "file"}), 409, "公示到 2026-05-08 结束").await;
    house.on_day("2026-05-11");
    assert_eq!(tale.does("publisher", json!({"command": "file"})).await, "filed");
    let view = house.get("", &format!("/api/v1/register/{}", tale.id)).await.json();
    assert_eq!(view["filed"]["number"], "蒙创联备〔2026〕1号");
    assert_eq!(view["status"], "valid");
    assert_eq!(view["filed"]["next_year"], 2026);
    let worklist = house.get("yunchuan", "/api/v1/worklist").await.json();
    let report =
        worklist["items"].as_array().unwrap().iter().find(|t| t["verb"] == "submit_report");
    assert_eq!(report.unwrap()["due"], "2026-12-31", "{worklist}");
    let lines = house.get("", "/api/v1/register?text=电化学&year=2026").await.json();
    assert_eq!(lines["items"][0]["number"], "蒙创联备〔2026〕1号");
    let timeline = house.get("", &tale.path("/timeline")).await.json();
    assert!(timeline.as_array().unwrap().iter().any(|line| line["title"] == "予以备案"));
}

pub(crate) async fn s02_a_name_of_another_form_is_refused_with_the_right_one(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let wrong = json!({"name": "内蒙古储能创新联合体"});
    let reply = house.post("yunchuan", "/api/v1/dossiers", &wrong).await;
    assert_eq!(reply.status.as_u16(), 422);
    assert_eq!(reply.json()["field"], "name");
    assert_eq!(reply.json()["clause"], "6.1");
    assert!(reply.body.contains("内蒙古自治区储能创新联合体"), "{}", reply.body);
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling"]).await;
    let name = "内蒙古自治区固态储能创新联合体";
    tale.refused("yunchuan", json!({"command": "rename", "name": name}), 422, "签署").await;
    let rename = json!({"command": "rename", "name": name, "void_signatures": true});
    assert_eq!(tale.does("yunchuan", rename).await, "drafting");
    tale.does("yunchuan", json!({"command": "start_signing"})).await;
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    assert_eq!(tale.does("yunchuan", json!({"command": "submit"})).await, "recommendation");
}

pub(crate) async fn s03_two_units_are_left_to_a_person_with_reasons(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, NAME).await;
    tale.invite(&["saibei"]).await;
    tale.fill(&["saibei"]).await;
    tale.agree().await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "saibei"]).await;
    house.on_day("2026-03-03");
    tale.refused("yunchuan", json!({"command": "submit"}), 422, "特殊情况").await;
    tale.write("yunchuan", json!({"section": "special", "special": "区内只有一家具备试验条件"}))
        .await;
    tale.does("yunchuan", json!({"command": "submit"})).await;
    house.on_day("2026-03-09");
    tale.does("clerk-hohhot", json!({"command": "check_materials", "opinion": "真实"})).await;
    tale.does("signatory-hohhot", json!({"command": "recommend", "opinion": "同意"})).await;
    house.on_day("2026-03-11");
    let open = json!({"command": "pass_formal_review", "judgements": []});
    tale.refused("reviewer", open, 422, "还没有判断").await;
    let against = tale.judgements(&["R5.1b"]).await;
    let against = json!({"command": "pass_formal_review", "judgements": against});
    tale.refused("reviewer", against, 422, "判断为不符合").await;
    assert_eq!(tale.pass().await, "expert_review");
}

pub(crate) async fn s04_without_a_regional_platform_nothing_is_submitted(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-02-26");
    tale.write("yunchuan", papers::platform("other", "u-saibei", None)).await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    house.on_day("2026-03-03");
    let reply = tale.ask("yunchuan", &json!({"command": "submit"})).await;
    assert_eq!(reply.status.as_u16(), 422, "{}", reply.body);
    let problem = reply.json();
    assert_eq!((&problem["rule"], &problem["clause"]), (&json!("R5.1c"), &json!("5.1")));
    assert_eq!(problem["findings"][0]["verdict"], "unmet");
    tale.write("yunchuan", papers::platform("region", "u-saibei", Some("2026-03-12"))).await;
    tale.does("yunchuan", json!({"command": "submit"})).await;
    house.on_day("2026-03-09");
    tale.does("clerk-hohhot", json!({"command": "check_materials", "opinion": "真实"})).await;
    tale.does("signatory-hohhot", json!({"command": "recommend", "opinion": "同意"})).await;
    house.on_day("2026-03-13");
    let judgements = tale.judgements(&[]).await;
    let pass = json!({"command": "pass_formal_review", "judgements": judgements});
    tale.refused("reviewer", pass, 422, "不在有效的自治区级以上平台之列").await;
    let refuse = json!({"command": "not_accept", "reason": "平台已失效，可另行申请"});
    assert_eq!(tale.does("reviewer", refuse).await, "ended");
    Tale::open(&house, NAME).await;
}

pub(crate) async fn s05_a_lead_outside_the_region_is_told_to_join_as_a_member(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let reply = house.post("yuantu", "/api/v1/dossiers", &json!({"name": NAME})).await;
    assert_eq!(reply.status.as_u16(), 422, "{}", reply.body);
    assert_eq!(reply.json()["clause"], "5.2");
    assert!(reply.body.contains("本单位作为成员参加"), "{}", reply.body);
    let tale = Tale::open(&house, NAME).await;
    tale.invite(&["yuantu"]).await;
}

pub(crate) async fn s08_a_branch_is_no_independent_legal_person(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, NAME).await;
    let units = ["saibei", "jinling", "branch"];
    tale.invite(&units).await;
    tale.fill(&units).await;
    tale.agree().await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "saibei", "jinling", "branch"]).await;
    tale.refused("yunchuan", json!({"command": "submit"}), 422, "不是独立法人单位").await;
    let remove = json!({"command": "remove_member", "unit": "u-branch", "void_signatures": true});
    assert_eq!(tale.does("yunchuan", remove).await, "drafting");
}

pub(crate) async fn s14_an_expert_of_a_party_is_excluded_and_a_tainted_sheet_struck(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "decision").await;
    let panel = &tale.view("organiser").await["panel"];
    assert_eq!(panel["excluded"][0][0], "p-expert05", "{panel}");
    let first = tale.seated().await[0].clone();
    house.on_day("2026-04-14");
    let strike = json!({"command": "void_sheet", "expert": format!("p-{first}"),
        "reason": "事后查明任职于成员单位"});
    assert_eq!(tale.does("organiser", strike).await, "expert_review");
    let new = tale.seated().await.into_iter().find(|who| *who != first).unwrap();
    assert_ne!(new, first);
    house.on_day("2026-04-15");
    for expert in tale.seated().await {
        let declare = json!({"command": "declare_interest", "conflict": false});
        tale.ask(&expert, &declare).await;
    }
    house.on_day("2026-04-16");
    for expert in tale.seated().await {
        let sheet = json!({"command": "submit_sheet", "sheet": papers::sheet("agree")});
        tale.ask(&expert, &sheet).await;
    }
    let view = tale.view("drafter").await;
    assert_eq!((&view["stage"], &view["conclusion"]["sheets"]), (&json!("decision"), &json!(7)));
}

/// A filed consortium in a house whose working days are known for long.
async fn filed(house: &House) -> Tale<'_> {
    let tale = told(house, NAME, "public_notice").await;
    house.on_day("2026-05-13");
    tale.does("publisher", json!({"command": "file"})).await;
    tale
}

fn report(year: i16) -> serde_json::Value {
    json!({"command": "submit_report", "year": year, "summary": papers::summary(year)})
}

pub(crate) async fn s16_a_late_summary_is_a_summary_and_no_miss(engine: Engine) {
    let Some(house) = for_long(engine).await else { return };
    let tale = filed(&house).await;
    house.on_day("2026-11-01");
    tale.refused("yunchuan", report(2027), 422, "还没有开始").await;
    house.on_day("2027-02-10");
    tale.does("yunchuan", report(2026)).await;
    house.on_day("2027-04-01");
    house.sweep().await;
    let view = tale.view("").await;
    assert_eq!(view["filed"]["years"][0], json!({"year": 2026, "state": "late"}));
    assert_eq!(view["status"], "valid");
}

pub(crate) async fn s18_two_silent_years_open_a_case_and_only_two_persons_cancel(engine: Engine) {
    let Some(house) = for_long(engine).await else { return };
    let tale = filed(&house).await;
    house.on_day("2026-12-31");
    tale.does("yunchuan", report(2026)).await;
    house.on_day("2028-04-01");
    house.sweep().await;
    assert_eq!(tale.view("").await["status"], "report_overdue");
    house.on_day("2029-04-01");
    house.sweep().await;
    let case = &tale.view("supervisor").await["filed"]["cancellation"];
    assert_eq!(case["ground"], "连续两年未提交总结");
    house.on_day("2029-04-10");
    let (proof, _) = house.upload("supervisor", "proof of service").await;
    let serve = json!({"command": "serve_cancellation_notice", "served_on": "2029-04-10",
        "proof": proof, "text": "拟取消备案资格，可以陈述申辩"});
    tale.does("supervisor", serve).await;
    let view = tale.view("").await;
    assert_eq!(view["status"], "cancelling");
    assert_eq!(view["filed"]["cancellation"]["statement_due"], "2029-04-25");
    house.on_day("2029-04-12");
    tale.does("yunchuan", json!({"command": "make_statement", "text": "正在补报"})).await;
    house.on_day("2029-04-20");
    tale.does("yunchuan", report(2028)).await;
    let draft = json!({"command": "draft_decision", "matter": "cancellation", "outcome": "grant",
        "reason": "事实清楚"});
    tale.refused("drafter", draft, 409, "2029-04-25").await;
    let stage = tale.decide("cancellation", "grant", ["2029-04-26", "2029-04-27"]).await;
    assert_eq!(stage, "ended");
    assert_eq!(tale.view("").await["status"], "cancelled");
}

pub(crate) async fn s19_a_plan_alone_is_no_summary(engine: Engine) {
    let Some(house) = for_long(engine).await else { return };
    let tale = filed(&house).await;
    house.on_day("2026-12-20");
    let plan = json!({"command": "submit_plan", "year": 2026, "plan": "明年扩大示范"});
    tale.does("yunchuan", plan).await;
    house.on_day("2027-04-01");
    house.sweep().await;
    let view = tale.view("").await;
    assert_eq!(view["filed"]["years"][0], json!({"year": 2026, "state": "missed"}));
    assert_eq!(view["status"], "report_overdue");
}

pub(crate) async fn s22_a_consortium_with_open_tasks_does_not_dissolve(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "filed").await;
    house.on_day("2026-06-01");
    let task = json!({"command": "record_undertaking", "title": "低温电解液重大专项",
        "level": "自治区级", "until": "2027-06-30"});
    tale.does("drafter", task).await;
    let end = json!({"command": "apply_for_termination", "circumstance": "成员决议解散",
        "resolution": "各方一致同意"});
    tale.refused("yunchuan", end.clone(), 409, "低温电解液重大专项").await;
    house.on_day("2026-06-03");
    let done = json!({"command": "finish_undertaking", "no": 1, "how": "验收通过"});
    tale.does("drafter", done).await;
    tale.does("yunchuan", end).await;
    let stage = tale.decide("termination", "grant", ["2026-06-08", "2026-06-11"]).await;
    assert_eq!(stage, "ended");
    assert_eq!(tale.view("").await["status"], "closed");
}

pub(crate) async fn a_trial_filing_is_taken_over_with_its_number(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-06-01");
    let filing = json!({
        "name": "内蒙古自治区稀土功能材料创新联合体", "lead": "u-jinling",
        "members": ["u-saibei", "u-beijiang"], "field": "T6", "number": "蒙创联备〔2023〕7号",
        "sequence": 7, "filed_on": "2023-09-01",
    });
    let denied = house.post("yunchuan", "/api/v1/trial-filings", &filing).await;
    assert_eq!(denied.status.as_u16(), 403, "{}", denied.body);
    let reply = house.post("publisher", "/api/v1/trial-filings", &filing).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let view = house.get("", &format!("/api/v1/register/{id}")).await.json();
    assert_eq!((&view["filed"]["number"], &view["trial"]), (&filing["number"], &json!(true)));
    assert_eq!(view["filed"]["years"].as_array().unwrap().len(), 1, "{view}");
}

pub(crate) async fn a_session_shows_whom_it_is_for_and_what_it_may_do_next(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, STAGES[1].0).await;
    let view = tale.view("saibei-fr").await;
    assert_eq!(view["stage_term"], "待你单位签字");
    let actions: Vec<&str> =
        view["actions"].as_array().unwrap().iter().filter_map(|a| a["verb"].as_str()).collect();
    assert!(actions.contains(&"sign") && !actions.contains(&"submit"), "{actions:?}");
    for unit in MEMBERS {
        let worklist = house.get(&format!("{unit}-fr"), "/api/v1/worklist").await.json();
        let verbs: Vec<&str> = worklist["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|task| task["verb"].as_str())
            .collect();
        assert!(verbs.contains(&"sign") && verbs.contains(&"seal"), "{unit} {verbs:?}");
    }
}
