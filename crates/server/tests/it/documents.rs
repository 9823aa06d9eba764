//! 文书 — made once from events, read by whom they are for, and never in the way of the procedure.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use server::papers::press::{Pressed, press_all};

use crate::house::House;
use crate::pages::{cookie, opens};
use crate::place::Engine;
use crate::tale::told;

/// What everybody reads of a filed consortium.
const OPEN: [&str; 3] = ["certificate", "filing_notice", "public_notice"];
/// What every party reads besides: its own materials.
const PARTIES: [&str; 3] = ["agreement", "application", "submission_receipt"];
/// What the lead and the offices read besides: the procedure.
const PROCEDURE: [&str; 2] = ["acceptance", "recommendation"];
/// What the Department alone reads.
const SHEETS: [&str; 2] = ["review_sheet", "review_summary"];

async fn papers(house: &House, who: &str, id: &str) -> Vec<Value> {
    let reply = house.get(who, &format!("/api/v1/dossiers/{id}/papers")).await;
    assert_eq!(reply.status.as_u16(), 200, "{who}: {}", reply.body);
    reply.json().as_array().unwrap().clone()
}

fn kinds(papers: &[Value]) -> Vec<String> {
    let mut kinds: Vec<_> =
        papers.iter().map(|paper| paper["kind"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// Whether somebody is given the file.
async fn takes_out(house: &House, who: &str, id: &str, paper: &Value) -> bool {
    let (sequence, kind) = (paper["sequence"].as_u64().unwrap(), paper["kind"].as_str().unwrap());
    let path = format!("/api/v1/dossiers/{id}/papers/{sequence}/{kind}");
    let reply = house.get(who, &path).await;
    if reply.status.as_u16() != 200 {
        assert_eq!(reply.status.as_u16(), 404, "{who} {path}");
        return false;
    }
    assert!(reply.body.starts_with("%PDF-1.7"), "{path}");
    assert_eq!(reply.header("content-type"), "application/pdf");
    assert!(reply.header("content-disposition").starts_with("attachment; "), "{path}");
    true
}

pub(crate) async fn every_paper_is_made_once_and_read_by_whom_it_is_for(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区文书甲号储能创新联合体", "filed").await;
    let waiting = papers(&house, "drafter", &tale.id).await;
    assert!(waiting.iter().all(|paper| paper["digest"].is_null()), "nothing is made in a request");

    let pressed = press_all(&house.state).await.unwrap();
    let stuck = house.state.store.stuck_papers(16).await.unwrap();
    // Seven experts' sheets, and one of each other kind.
    assert_eq!(pressed, Pressed { made: 16, stuck: 0 }, "{stuck:#?}");
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed::default(), "never twice");

    let all = papers(&house, "drafter", &tale.id).await;
    assert_eq!(all.len(), 16);
    let [open, parties, procedure, sheets] =
        [&OPEN[..], &PARTIES[..], &PROCEDURE[..], &SHEETS[..]].map(<[&str]>::to_vec);
    let readers = [
        ("", vec![&open]),
        ("lvqing", vec![&open]),
        ("operator", vec![&open]),
        ("clerk-baotou", vec![&open]),
        ("saibei", vec![&open, &parties]),
        ("yunchuan", vec![&open, &parties, &procedure]),
        ("signatory-hohhot", vec![&open, &parties, &procedure]),
        ("supervisor", vec![&open, &parties, &procedure, &sheets]),
        ("drafter", vec![&open, &parties, &procedure, &sheets]),
    ];
    for (who, groups) in readers {
        let mut expected: Vec<_> = groups.into_iter().flatten().copied().collect();
        expected.sort_unstable();
        assert_eq!(kinds(&papers(&house, who, &tale.id).await), expected, "{who}");
        for paper in &all {
            let fits = expected.contains(&paper["kind"].as_str().unwrap());
            assert_eq!(takes_out(&house, who, &tale.id, paper).await, fits, "{who}: {paper}");
        }
    }
}

pub(crate) async fn the_public_page_gives_the_certificate_in_force(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区文书乙号储能创新联合体", "filed").await;
    house.on_day("2026-06-01");
    let change = json!({
        "command": "report_change", "kind": "name", "occurred_on": "2026-05-20",
        "content": {"reason": "各方商定更名", "new_name": "内蒙古自治区文书丙号储能创新联合体"},
    });
    tale.does("yunchuan", change).await;
    tale.supplement(&["yunchuan"]).await;
    let answer =
        json!({"command": "decide_change", "no": 1, "accepted": true, "reason": "材料齐全"});
    tale.does("drafter", answer).await;
    press_all(&house.state).await.unwrap();
    let certificates = |papers: Vec<Value>| {
        papers.into_iter().filter(|paper| paper["kind"] == "certificate").collect::<Vec<_>>()
    };
    let kept = certificates(papers(&house, "yunchuan", &tale.id).await);
    let shown = certificates(papers(&house, "", &tale.id).await);
    assert_eq!((kept.len(), shown.len()), (2, 1), "the first one stays in the dossier");
    assert_eq!(shown[0], kept[1]);
    assert!(!takes_out(&house, "", &tale.id, &kept[0]).await, "replaced: no longer given out");

    let page = opens(&house, "", &format!("/registry/{}", tale.id)).await;
    let path = format!("/registry/{}/papers/{}/certificate", tale.id, shown[0]["sequence"]);
    assert!(page.body.contains(&path), "{}", page.body);
    let file = opens(&house, "", &path).await;
    assert!(file.body.starts_with("%PDF"), "{}", file.status);
    let inside = opens(&house, &cookie(&house, "yunchuan").await, &tale.page("")).await;
    assert!(inside.body.contains("推荐函") && inside.body.contains("变更办理结果通知书"));
    assert!(opens(&house, "", &tale.page("/papers/1/certificate")).await.status == 303);
}

pub(crate) async fn a_paper_that_cannot_be_made_holds_nothing_up(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区文书丁号储能创新联合体", "signing").await;
    // A character that no font has, in a text that the agreement does not carry.
    tale.write("yunchuan", json!({"section": "special", "special": "按当地写作“𠀋”的地名"})).await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    house.on_day("2026-03-03");
    assert_eq!(tale.does("yunchuan", json!({"command": "submit"})).await, "recommendation");
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed { made: 2, stuck: 1 });
    assert_eq!(tale.view("yunchuan").await["stage"], "recommendation");
    let held = papers(&house, "yunchuan", &tale.id).await;
    let form = held.iter().find(|paper| paper["kind"] == "application").unwrap();
    assert!(form["digest"].is_null());

    let cookie = cookie(&house, "operator").await;
    let page = opens(&house, &cookie, "/ops").await;
    assert!(page.body.contains("缺字“𠀋”（U+2000B）"), "{}", page.body);
    assert!(!page.body.contains("按当地写作"), "who runs the platform reads no dossier");
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed::default(), "it waits its time");
    let (_, rest) = page.body.split_once("name=\"_csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    let again = house.request("", Method::POST, "/ops/papers").header("cookie", &cookie);
    let again = again.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let again = house.send(again.body(Body::from(format!("_csrf={token}"))).unwrap()).await;
    assert_eq!(again.status.as_u16(), 303, "{}", again.body);
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed { made: 0, stuck: 1 });
}
