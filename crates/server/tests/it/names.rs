//! 名称核对与预留 — one answer for everybody, one winner, and a lapse that takes only the name.

use std::sync::Arc;

use serde_json::json;

use crate::house::House;
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";

async fn ruled(house: &House, who: &str, name: &str) -> serde_json::Value {
    let query = serde_urlencoded::to_string([("name", name)]).unwrap();
    let reply = house.get(who, &format!("/api/v1/names?{query}")).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    reply.json()
}

pub(crate) async fn a_name_is_judged_alike_for_everybody(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let public = told(&house, NAME, "public_notice").await;
    let hidden = Tale::open(&house, "内蒙古自治区固态电池创新联合体").await;
    // name, outcome, words
    let table = [
        ("内蒙古自治区绿氢装备创新联合体", "free", "立卷后为你预留"),
        (
            "內蒙古自治區電化學·儲能創新聯合體",
            "malformed",
            "可改为“内蒙古自治区电化学·储能创新联合体”",
        ),
        ("内蒙古自治区电化学—储能创新联合体", "taken", "形近字符不算区别"),
        ("内蒙古自治区电化学储热创新联合体", "close", "由审查人员判断"),
        ("内蒙古自治区中国储能创新联合体", "reserved", "第十二条"),
        ("储能", "malformed", "应以“内蒙古自治区”开头"),
        ("", "malformed", "填写联合体名称"),
        ("内蒙古自治区固态电池创新联合体", "taken", "换一个能区分的名称"),
    ];
    for (name, outcome, words) in table {
        let public = ruled(&house, "", name).await;
        assert_eq!(public["outcome"], outcome, "{name}: {public}");
        assert!(public["sentence"].as_str().unwrap().contains(words), "{public}");
        for who in ["yunchuan", "reviewer"] {
            assert_eq!(ruled(&house, who, name).await, public, "{name}: one answer for everybody");
        }
    }
    let close = ruled(&house, "", "内蒙古自治区电化学储热创新联合体").await;
    assert_eq!(close["close"][0]["name"], NAME);
    assert_eq!(
        (&close["close"][0]["standing"], &close["close"][0]["why"]),
        (&json!("公示中"), &json!("只差一个字"))
    );
    // What the public does not know is told of without its words.
    let same = ruled(&house, "", "内蒙古自治区固态电池创新联合体").await;
    assert_eq!(same["same"], json!({"name": null, "standing": "申请中，名称已预留"}));
    let near = ruled(&house, "", "内蒙古自治区固态电堆创新联合体").await;
    assert!(!near.to_string().contains("固态电池") && near["outcome"] == "close", "{near}");
    let query = serde_urlencoded::to_string([("name", NAME)]).unwrap();
    let page = house.get("", &format!("/names?{query}")).await;
    assert!(page.status == 200 && page.body.contains("已有相同名称"), "{}", page.body);
    let long = serde_urlencoded::to_string([("name", "储".repeat(101))]).unwrap();
    assert_eq!(house.get("", &format!("/api/v1/names?{long}")).await.status.as_u16(), 422);
    let edge = serde_urlencoded::to_string([("name", "储".repeat(100))]).unwrap();
    assert_eq!(house.get("", &format!("/api/v1/names?{edge}")).await.status.as_u16(), 200);
    drop((public, hidden));
}

pub(crate) async fn of_many_who_reserve_one_name_exactly_one_wins(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let wanted = [
        ("yunchuan", "内蒙古自治区电化学储能创新联合体"),
        ("jinling", "内蒙古自治区电化学·储能创新联合体"),
        ("lvqing", "内蒙古自治区电化學储能创新联合体"),
    ];
    let nodes = [Arc::new(house.beside()), Arc::new(house.beside())];
    let mut waiting = tokio::task::JoinSet::new();
    for (turn, (who, name)) in wanted.into_iter().cycle().take(12).enumerate() {
        let node = Arc::clone(&nodes[turn % 2]);
        waiting.spawn(async move {
            node.post(who, "/api/v1/dossiers", &json!({ "name": name })).await.status.as_u16()
        });
    }
    let statuses = waiting.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 422 | 503)), "{statuses:?}");
}

pub(crate) async fn a_reservation_lapses_takes_nothing_else_and_can_be_made_again(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    let reserve = json!({"command": "reserve_name"});
    house.on_day("2026-03-12");
    house.sweep().await;
    assert_eq!(ruled(&house, "", NAME).await["outcome"], "taken", "the last day counts");
    house.on_day("2026-03-13");
    house.sweep().await;
    let before = tale.sequence().await;
    house.sweep().await;
    assert_eq!(tale.sequence().await, before, "a second sweep of the day changes nothing");
    assert_eq!(ruled(&house, "", NAME).await["outcome"], "free");
    let view = tale.view("yunchuan").await;
    assert_eq!((&view["stage"], &view["name"]), (&json!("signing"), &json!(NAME)));
    let turns = view["turns"].as_array().unwrap();
    assert!(turns.iter().any(|turn| turn["verb"] == "reserve_name"), "{view}");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    tale.refused("yunchuan", json!({"command": "submit"}), 409, "名称预留已于 2026-03-12 到期")
        .await;
    tale.refused("saibei", reserve.clone(), 403, "牵头单位").await;
    let other = house.post("jinling", "/api/v1/dossiers", &json!({ "name": NAME })).await;
    assert_eq!(other.status.as_u16(), 201, "{}", other.body);
    tale.refused("yunchuan", reserve.clone(), 409, "已由另一件使用").await;
    let other = other.json()["id"].as_str().unwrap().to_owned();
    let withdraw = json!({"command": "withdraw", "reason": "另有安排"});
    let ended =
        house.post("jinling", &format!("/api/v1/dossiers/{other}/commands"), &withdraw).await;
    assert_eq!(ended.status.as_u16(), 200, "{}", ended.body);
    tale.does("yunchuan", reserve).await;
    assert_eq!(tale.does("yunchuan", json!({"command": "submit"})).await, "recommendation");
}
