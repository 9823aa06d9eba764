//! 查看 — what lists, messages and pages show, and no longer show, to whom.

use serde_json::json;

use crate::house::House;
use crate::pages::{cookie, opens};
use crate::place::Engine;
use crate::tale::{Tale, told};

/// The ids that a search gives somebody.
async fn hits(house: &House, who: &str, text: &str) -> Vec<String> {
    let text = serde_urlencoded::to_string([("text", text)]).unwrap();
    let reply = house.get(who, &format!("/api/v1/dossiers?{text}")).await.json();
    let items = reply["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Whether the pages of a search and of a list lead to a dossier.
async fn on_pages(house: &House, who: &str, text: &str, tale: &Tale<'_>) -> [bool; 2] {
    let cookie = cookie(house, who).await;
    let text = serde_urlencoded::to_string([("q", text)]).unwrap();
    let mut found = [false; 2];
    for (found, path) in found.iter_mut().zip(["/search", "/dossiers"]) {
        let page = opens(house, &cookie, &format!("{path}?{text}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        *found = page.body.contains(&format!("/dossiers/{}", tale.id));
    }
    found
}

pub(crate) async fn a_hit_tells_nothing_of_materials_its_reader_does_not_read(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let (name, secret) = ("低温储能", "零下四十度");
    let dossier = told(&house, "内蒙古自治区低温储能创新联合体", "drafting").await;
    dossier.does("yunchuan", json!({"command": "invite", "unit": "u-lvqing"})).await;
    let no = json!({"command": "answer_invitation", "accept": false, "reason": "另有安排"});
    dossier.does("lvqing", no).await;
    // who, text, found
    let table = [("lvqing", name, true), ("lvqing", secret, false), ("saibei", secret, true)];
    for (who, text, found) in table {
        assert_eq!(hits(&house, who, text).await.contains(&dossier.id), found, "{who} {text}");
        assert_eq!(on_pages(&house, who, text, &dossier).await, [found; 2], "{who} {text}");
    }
    // 第六条（五）: an expert reads the materials while the review is open.
    let dossier = told(&house, "内蒙古自治区低温储能验证创新联合体", "decision").await;
    let expert = dossier.seated().await[0].clone();
    for (text, found) in [(name, true), (secret, false)] {
        assert_eq!(hits(&house, &expert, text).await.contains(&dossier.id), found, "{text}");
    }
    let view = dossier.view(&expert).await;
    assert!(view["form"].is_null() && view["agreement"].is_null(), "{view}");
    let seats = view["panel"]["seats"].as_array().unwrap();
    assert_eq!(seats.len(), 1, "{view}");
    assert!(!seats[0]["sheet"].is_null(), "the own sheet stays: {view}");
}

pub(crate) async fn a_message_whose_task_is_done_says_so(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区低温储能创新联合体", "recommendation").await;
    let (clerk, signatory) = (cookie(&house, "clerk-hohhot").await, "signatory-hohhot");
    let messages = async || opens(&house, &clerk, "/messages").await.body;
    let title = "审核材料的真实性和准确性";
    assert!(messages().await.contains(&format!("待办：{title}")));
    house.on_day("2026-03-09");
    let checked = json!({"command": "check_materials", "opinion": "真实准确"});
    tale.does("clerk-hohhot", checked).await;
    let shown = messages().await;
    assert!(!shown.contains(&format!("待办：{title}")), "{shown}");
    assert!(shown.contains(&format!("已了结：{title}")), "{shown}");
    let own = opens(&house, &cookie(&house, signatory).await, "/messages").await.body;
    assert!(own.contains("待办：签发推荐意见"), "{own}");
}

pub(crate) async fn what_was_judged_and_when_it_was_on_notice_stays_to_be_read(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区低温储能创新联合体", "public_notice").await;
    let judged =
        |view: &serde_json::Value| view["judgements"].as_array().is_some_and(|all| !all.is_empty());
    for (who, reads) in [("reviewer", true), ("yunchuan", true), ("saibei", false)] {
        assert_eq!(judged(&tale.view(who).await), reads, "{who}");
    }
    let running = tale.view("yunchuan").await["notice"].clone();
    assert!(running[0].is_string(), "{running}");
    house.on_day("2026-05-11");
    tale.does("publisher", json!({"command": "file"})).await;
    assert_eq!(tale.view("yunchuan").await["notice"], running);
    let page = opens(&house, "", &format!("/notices/{}", tale.id)).await.body;
    assert!(page.contains(running[1].as_str().unwrap()), "{page}");
}
