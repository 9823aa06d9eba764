//! 备案之后 — S16, S18, S19 and S22: the summary that is late, the two that never come, the plan
//! that is none, and the consortium that cannot dissolve.

use consortium::calendar::Calendar;
use serde_json::json;

use super::driver::{Browser, DESK, POCKET};
use super::{NAME, scan, visit};
use crate::house::House;
use crate::papers;
use crate::tale::{Tale, told};

/// The working days, known for long.
fn for_long() -> Calendar {
    Calendar::fictional(2023, 2040)
}

/// A filed consortium.
async fn filed(house: &House) -> Tale<'_> {
    let tale = told(house, NAME, "public_notice").await;
    house.on_day("2026-05-13");
    tale.does("publisher", json!({"command": "file"})).await;
    tale
}

/// What anybody reads of it.
async fn in_public(browser: &Browser, tale: &Tale<'_>) {
    browser.leave().await;
    browser.open(&format!("/registry/{}", tale.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s16_a_late_summary_is_taken_on_a_telephone_and_marked_as_late() {
    let Some((house, browser)) = visit(POCKET, for_long()).await else { return };
    let tale = filed(&house).await;
    house.on_day("2026-11-01");
    browser.becomes(&house, "yunchuan").await;
    browser.follow("报送 2026 年度总结和下一年度计划").await;
    let contents: Vec<(&str, &str)> = vec![
        ("rules", "召开理事会两次"),
        ("research", "突破低温电解液一项"),
        ("conversion", "技术合同两项"),
        ("promotion", "示范电站一处"),
        ("plan", "扩大示范"),
    ];
    browser.keeps("year", "2026").await;
    browser.fill("year", "2027").await;
    for (name, text) in &contents {
        browser.fill(name, text).await;
    }
    browser.send().await;
    browser.refused(1, &["承担其他重要任务情况"]).await;
    browser.fill("other", "本年度未开展，无相关任务").await;
    browser.send().await;
    browser.refused(1, &["2027 年度还没有开始", "第九条"]).await;
    browser.keeps("plan", "扩大示范").await;

    // In February it is late, and taken.
    house.on_day("2027-02-10");
    browser.becomes(&house, "yunchuan").await;
    browser.sees("已超").await;
    browser.follow("报送 2026 年度总结和下一年度计划").await;
    for (name, text) in &contents {
        browser.fill(name, text).await;
    }
    browser.submit(&[("other", "本年度未开展，无相关任务")]).await;
    browser.sees("年度总结已报送").await;
    browser.sees("逾期已报").await;
    house.on_day("2027-04-01");
    house.sweep().await;
    in_public(&browser, &tale).await;
    browser.sees("逾期已报").await;
    browser.sees("有效").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_two_silent_years_open_a_case_with_notice_and_speech_and_two_persons_cancel() {
    let Some((house, browser)) = visit(DESK, for_long()).await else { return };
    let tale = filed(&house).await;
    let dossier = format!("/dossiers/{}", tale.id);
    let folder = tempfile::tempdir().unwrap();
    house.on_day("2026-12-31");
    let report =
        json!({"command": "submit_report", "year": 2026, "summary": papers::summary(2026)});
    tale.does("yunchuan", report).await;
    house.on_day("2028-04-01");
    house.sweep().await;
    in_public(&browser, &tale).await;
    browser.sees("未报").await;
    browser.sees_no("取消备案程序").await;
    house.on_day("2029-04-01");
    house.sweep().await;

    house.on_day("2029-04-10");
    browser.becomes(&house, "supervisor").await;
    browser.follow("送达取消事先告知书（连续两年未提交总结）").await;
    browser.sees("2027 年度、2028 年度连续两年未提交年度总结").await;
    browser.fill("text", "拟取消备案资格，可以陈述申辩").await;
    browser.send().await;
    browser.refused(1, &["送达凭证"]).await;
    browser.keeps("text", "拟取消备案资格，可以陈述申辩").await;
    browser.submit(&[("proof", &scan(folder.path()))]).await;
    browser.sees("2029-04-25").await;

    house.on_day("2029-04-12");
    browser.becomes(&house, "yunchuan").await;
    browser.follow(NAME).await;
    browser.sees("陈述申辩截止").await;
    browser.follow("提交陈述申辩").await;
    browser.sees("2027 年度、2028 年度连续两年未提交年度总结").await;
    browser.submit(&[("text", "材料延误，正在补报")]).await;
    // A summary after the window is noted; the case goes on.
    house.on_day("2029-04-20");
    let report =
        json!({"command": "submit_report", "year": 2028, "summary": papers::summary(2028)});
    tale.does("yunchuan", report).await;
    browser.becomes(&house, "drafter").await;
    browser.follow("拟定取消备案的决定").await;
    browser.sees("材料延误，正在补报").await;
    browser.fill("outcome", "grant").await;
    browser.fill("reason", "连续两年未提交总结，事实清楚").await;
    browser.send().await;
    browser.refused(1, &["陈述申辩期到 2029-04-25 届满", "期满后再作决定", "第十一条"]).await;
    browser.keeps("reason", "连续两年未提交总结，事实清楚").await;

    house.on_day("2029-04-26");
    browser.becomes(&house, "drafter").await;
    browser.follow("拟定取消备案的决定").await;
    browser.submit(&[("outcome", "grant"), ("reason", "连续两年未提交总结，事实清楚")]).await;
    browser.open(&dossier).await;
    assert_eq!(browser.count("main a[href$='/confirm_decision']").await, 0);
    house.on_day("2029-04-27");
    browser.becomes(&house, "decider").await;
    browser.follow("复核取消备案的决定").await;
    browser.sees("第十一条").await;
    browser.sees("材料延误，正在补报").await;
    browser.sees("连续两年未提交总结，事实清楚").await;
    browser.submit(&[]).await;
    in_public(&browser, &tale).await;
    browser.sees("已取消，2029-04-27").await;
    browser.sees_no("待报").await;
    browser.sees("依据和理由：连续两年未提交总结，事实清楚").await;
    browser.sees("第十一条").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s19_a_plan_alone_leaves_the_summary_owed_and_the_year_missed_in_a_browser() {
    let Some((house, browser)) = visit(DESK, for_long()).await else { return };
    let tale = filed(&house).await;
    house.on_day("2026-12-20");
    browser.becomes(&house, "yunchuan").await;
    browser.follow(NAME).await;
    browser.follow("只提交下一年度计划").await;
    browser.sees("只报计划不算提交年度总结").await;
    browser.submit(&[("plan", "明年扩大示范")]).await;
    browser.sees("下一年度计划已收到，不算年度总结").await;
    browser.becomes(&house, "yunchuan").await;
    browser.sees("报送 2026 年度总结和下一年度计划").await;
    house.on_day("2027-04-01");
    house.sweep().await;
    in_public(&browser, &tale).await;
    browser.sees("未报").await;
    browser.becomes(&house, "yunchuan").await;
    browser.sees("报送 2027 年度总结和下一年度计划").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_a_consortium_does_not_dissolve_while_a_task_runs_in_a_browser() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    let tale = told(&house, NAME, "filed").await;
    let dossier = format!("/dossiers/{}", tale.id);
    house.on_day("2026-06-01");
    browser.becomes(&house, "drafter").await;
    browser.open(&dossier).await;
    browser.follow("登记承担的任务").await;
    browser
        .submit(&[("title", "低温电解液重大专项"), ("level", "自治区级"), ("until", "2027-06-30")])
        .await;
    browser.becomes(&house, "yunchuan").await;
    browser.follow(NAME).await;
    browser.follow("申请终止").await;
    browser.fill("circumstance", "成员决议解散").await;
    browser.fill("resolution", "各方一致同意").await;
    browser.send().await;
    let wrong = "还在承担任务，不得自行解散：低温电解液重大专项";
    browser.refused(1, &[wrong, "任务完成或移交并登记后，再申请终止", "第十条"]).await;
    browser.keeps("circumstance", "成员决议解散").await;
    browser.keeps("resolution", "各方一致同意").await;

    house.on_day("2026-06-03");
    browser.becomes(&house, "drafter").await;
    browser.open(&dossier).await;
    browser.follow("登记任务完成或移交").await;
    browser.submit(&[("no", "1"), ("how", "验收通过")]).await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("{dossier}/apply_for_termination")).await;
    browser.submit(&[("circumstance", "成员决议解散"), ("resolution", "各方一致同意")]).await;
    browser.sees("待决定").await;
    house.on_day("2026-06-08");
    browser.becomes(&house, "drafter").await;
    browser.follow("拟定终止申请的决定").await;
    browser.sees("成员决议解散").await;
    browser.submit(&[("outcome", "grant"), ("reason", "任务已完成")]).await;
    house.on_day("2026-06-11");
    browser.becomes(&house, "decider").await;
    browser.follow("复核终止申请的决定").await;
    browser.submit(&[]).await;
    in_public(&browser, &tale).await;
    browser.sees("2026-06-11").await;
    browser.sees("任务已完成").await;
}
