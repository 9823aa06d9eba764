//! 专家评审 — S14: nobody on a party's payroll sits, and a score found tainted is struck.

use consortium::calendar::Calendar;
use serde_json::json;

use super::driver::DESK;
use super::{NAME, visit};
use crate::tale::told;

/// The points of a sheet of 82.
const POINTS: [&str; 6] = ["13", "16", "17", "16", "12", "8"];

#[tokio::test(flavor = "multi_thread")]
async fn s14_an_expert_of_a_party_is_not_drawn_and_a_tainted_score_is_struck_and_given_anew() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    let tale = told(&house, NAME, "expert_review").await;
    let dossier = format!("/dossiers/{}", tale.id);
    house.on_day("2026-03-20");
    browser.becomes(&house, "organiser").await;
    browser.follow("组织专家评审").await;
    browser.fill("size", "6").await;
    browser.send().await;
    browser.refused(1, &["不少于 5 人、不多于 15 人的单数"]).await;
    browser.submit(&[("size", "5")]).await;
    browser.click("main details:has(.code) > summary").await;
    browser.sees("姓名expert05：任职或三年内任职于本联合体单位：北疆能源研究院").await;
    house.on_day("2026-03-25");
    tale.declare().await;
    tale.score().await;

    house.on_day("2026-04-14");
    let first = tale.seated().await[0].clone();
    browser.becomes(&house, "drafter").await;
    browser.follow("拟定决定").await;
    browser.sees("4 / 5 人").await;
    browser.becomes(&house, "organiser").await;
    browser.open(&dossier).await;
    browser.follow("评分作废").await;
    browser.submit(&[("expert", &format!("p-{first}")), ("reason", "任职于成员单位")]).await;
    browser.sees("评分已作废").await;
    browser.sees("已提交 4 / 5").await;
    browser.sees_no("平均分").await;
    // Fewer than five scores stand: there is nothing to decide until the seat is filled.
    browser.becomes(&house, "drafter").await;
    browser.sees("今天没有待办").await;

    let seated = tale.seated().await;
    let new = seated.last().unwrap();
    browser.becomes(&house, new).await;
    browser.follow("声明利害关系").await;
    browser.sees_no("低温电解液").await;
    browser.submit(&[("conflict", "no")]).await;
    browser.becomes(&house, new).await;
    browser.follow("评分并写明评审意见").await;
    browser.sees("低温电解液").await;
    for (at, points) in POINTS.iter().enumerate() {
        browser.fill(&format!("score-{at}"), points).await;
    }
    browser.fill("score-0", "3").await;
    browser.fill("vote", "agree").await;
    browser.fill("opinion", "目标明确，具备条件。").await;
    browser.send().await;
    browser.refused(1, &["3 分，低于满分的", "要写明理由"]).await;
    browser.keeps("opinion", "目标明确，具备条件。").await;
    browser.fill("score-0", "13").await;
    browser.submit(&[]).await;
    browser.becomes(&house, "drafter").await;
    browser.follow("拟定决定").await;
    browser.sees("4 / 5 人").await;
    browser.submit(&[("outcome", "grant"), ("reason", "评审通过")]).await;
    let confirm = json!({"command": "confirm_decision", "matter": "filing"});
    house.on_day("2026-04-15");
    assert_eq!(tale.does("decider", confirm).await, "decision");
}
