//! 登记表 — written by each unit from its own account, row by row without script, and read once more
//! before it is handed in.

use axum::http::Method;
use serde_json::json;

use crate::house::{House, Reply};
use crate::pages::opens;
use crate::papers;
use crate::place::Engine;
use crate::tale::{MEMBERS, Tale, told};

/// A field of a page by its name.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

/// Posts a page as a browser without script does.
async fn posts(house: &House, cookie: &str, path: &str, typed: &[(&str, &str)]) -> Reply {
    let page = opens(house, cookie, path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    let base = hidden(&page.body, "_base").replace("&quot;", "\"").replace("&#34;", "\"");
    let own = [("_csrf", hidden(&page.body, "_csrf")), ("_base", base.as_str())];
    let body = serde_urlencoded::to_string(own.iter().chain(typed).collect::<Vec<_>>()).unwrap();
    let kind = "application/x-www-form-urlencoded";
    let request = house.request("", Method::POST, path);
    let request = request.header("cookie", cookie).header("content-type", kind);
    house.send(request.body(body.into()).unwrap()).await
}

pub(crate) async fn each_unit_fills_its_own_blocks_and_promises_for_itself(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = Tale::open(&house, "内蒙古自治区各填各表储能创新联合体").await;
    tale.invite(&MEMBERS).await;
    let (lead, member) = (house.cookie("yunchuan").await, house.cookie("saibei").await);
    let page = |part: &str, unit: &str| tale.page(&format!("/sections/{part}?unit=u-{unit}"));
    // part, whose block, lead, saibei
    let rights = [
        ("unit", "yunchuan", 200, 403),
        ("unit", "saibei", 200, 200),
        ("conditions", "saibei", 200, 200),
        ("member", "saibei", 200, 200),
        ("member_promise", "saibei", 403, 200),
        ("member_promise", "jinling", 403, 403),
    ];
    for (part, unit, by_lead, by_member) in rights {
        let path = page(part, unit);
        assert_eq!(opens(&house, &lead, &path).await.status, by_lead, "{path}");
        assert_eq!(opens(&house, &member, &path).await.status, by_member, "{path}");
    }
    tale.write("saibei", papers::figures("u-saibei")).await;
    tale.write("saibei", papers::conditions("u-saibei")).await;
    let promise = json!({"section": "member_promise", "unit": "u-saibei", "takes_part": true,
        "truthful": true, "data_use": true});
    let command = json!({"command": "write_application", "content": promise});
    tale.refused("yunchuan", command.clone(), 403, "在自己的账号里").await;
    tale.does("saibei", command).await;
    let form = tale.view("saibei").await["form"].clone();
    assert_eq!(form["promises"][0]["takes_part"], true);
    // A unit reads what it wrote of its own people; another member does not.
    assert!(form["units"].to_string().contains("CANARY-单位邮箱"));
    let other = tale.view("jinling").await["form"].clone();
    assert!(!other["units"].to_string().contains("CANARY-单位邮箱"), "{other}");
    // What a unit's kind is not asked is not on its page.
    let university = opens(&house, &member, &page("member", "saibei")).await.body;
    assert!(university.contains("优势学科") && !university.contains("持证技术经理人数"));
    let agency = house.cookie("caoyuan").await;
    let agency = opens(&house, &agency, &page("member", "caoyuan")).await.body;
    assert!(agency.contains("持证技术经理人数") && !agency.contains("优势学科"));
}

pub(crate) async fn rows_are_added_and_taken_out_by_post_and_summed(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区逐行填写储能创新联合体", "drafting").await;
    let lead = house.cookie("yunchuan").await;
    let path = tale.page("/sections/inputs");
    let rows = [
        ("inputs.0.unit", "u-yunchuan"),
        ("inputs.0.year", "2026"),
        ("inputs.0.form", "货币"),
        ("inputs.0.amount_fen", "300"),
        ("inputs.1.unit", "u-saibei"),
        ("inputs.1.year", "2027"),
        ("inputs.1.form", "设备"),
        ("inputs.1.amount_fen", "120.5"),
        ("inputs.2.unit", "u-saibei"),
        ("inputs.2.year", "2026"),
        ("inputs.2.amount_fen", "7"),
        ("total_fen", "420.5"),
    ];
    let drop = [rows.as_slice(), &[("_drop", "inputs.2")]].concat();
    let shown = posts(&house, &lead, &path, &drop).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(!shown.body.contains("name=\"inputs.2.amount_fen\" value=\"7"), "the row is out");
    assert!(shown.body.contains("投入汇总") && shown.body.contains("420.50"), "{}", shown.body);
    let more = posts(&house, &lead, &path, &[&rows[..8], &[("_more", "inputs")]].concat()).await;
    assert!(more.body.contains("name=\"inputs.2.unit\""), "a row more");
    let whole = [&rows[..8], &[("total_fen", "420.5")]].concat();
    let saved = posts(&house, &lead, &path, &whole).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let form = tale.view("yunchuan").await["form"].clone();
    assert_eq!(form["inputs"].as_array().unwrap().len(), 2, "{form}");
    assert_eq!(form["funding"]["total_fen"], 420_500_000_i64);
    // What was saved last is read once more, and each row leads to where it is written.
    let answers = opens(&house, &lead, &tale.page("/answers")).await;
    assert_eq!(answers.status, 200);
    for words in ["投入汇总", "420.50", "sections/inputs#r-inputs-1", "sections/inputs#f-audit"]
    {
        assert!(answers.body.contains(words), "{words}: {}", answers.body);
    }
    // The button that goes on leads to the next section that waits.
    let next = posts(&house, &lead, &path, &[("audit", "每年一次"), ("_next", "1")]).await;
    assert_eq!(next.status, 303, "{}", next.body);
    assert!(next.header("location").contains("/write_agreement"), "{}", next.header("location"));
}

pub(crate) async fn a_hint_leads_to_its_field_and_stops_nobody(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区核对提示储能创新联合体", "drafting").await;
    let lead = house.cookie("yunchuan").await;
    let term = json!({"section": "basics", "field": "T6", "industry": "C", "chain": "新型储能",
        "background": "高寒地区储能系统衰减快。", "not_secret": true,
        "term_from": "2026-01-01", "term_to": "2027-12-31"});
    tale.write("yunchuan", term).await;
    let page = opens(&house, &lead, &tale.page("/sections/work")).await.body;
    assert!(page.contains("不在协议期限之内") && page.contains("#f-work-0-to"), "{page}");
    assert!(page.contains("不妨碍提交"));
    // A refusal of a row stands at the row.
    let row = json!({"content": "中试", "kind": "conversion", "unit": "u-saibei",
        "from": "2026-05-01", "to": "2026-04-30", "deliverable": ""});
    let work = json!({"section": "work", "work": [row]});
    let command = json!({"command": "write_application", "content": work});
    let reply = tale.ask("yunchuan", &command).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert_eq!(reply.json()["field"], "work.0.to", "{}", reply.body);
    // All of it goes in with the hints there: a person answers for them.
    let tale = told(&house, "内蒙古自治区提示不拦储能创新联合体", "formal_review").await;
    let open = tale.judgements(&[]).await;
    assert!(open.to_string().contains("R7.1a"), "{open}");
}
