//! 共签组建协议 — the journeys of signing together, by hand on a telephone: who may sign, what a
//! refusal voids, the moment it takes effect, and a machine that fails behind it (Art. 6(2)).

use std::fs;

use consortium::calendar::Calendar;
use server::config::Config;
use server::papers::press::{Pressed, press_all};

use super::driver::{Browser, POCKET};
use super::{NAME, scan};
use crate::house::{House, PASSWORD};
use crate::place::Engine;
use crate::tale::{Tale, told};

/// J13: whoever has no power to sign is told who has.
async fn without_power(browser: &Browser, house: &House, tale: &Tale<'_>) {
    browser.becomes(house, "saibei-lx").await;
    browser.open(&tale.page("/agreement")).await;
    browser.sees_no("怎样签署").await;
    browser.open(&tale.page("/sign")).await;
    browser.sees("法定代表人或者负责人登录签字").await;
}

/// J11: a party does not agree; what was signed is void, and nobody is asked any more.
async fn declined(browser: &Browser, house: &House, tale: &Tale<'_>) {
    let version = tale.view("saibei").await["agreement"]["version"].as_u64().unwrap();
    browser.becomes(house, "saibei-fr").await;
    browser.open(&tale.page("/agreement")).await;
    browser.follow("不同意签署").await;
    browser.send().await;
    browser.refused(1, &["理由"]).await;
    browser.submit(&[("reason", "收益分配没有写明结算时间")]).await;

    browser.becomes(house, "yunchuan").await;
    browser.open(&tale.page("")).await;
    browser.sees("起草").await;
    browser.open(&tale.page("/agreement")).await;
    browser.follow("协议各版").await;
    browser.sees("对旧文本有效，已失效").await;
    browser.open(&tale.page(&format!("/agreement/versions/{version}"))).await;
    browser.sees("收益分配没有写明结算时间").await;
    browser.becomes(house, "caoyuan-fr").await;
    // What the unit owes of its own form is all that is left to do.
    browser.sees("填写本单位的材料").await;
    browser.sees("已了结：在组建协议上签字").await;
    // Nothing is locked: an address of before leads to the text as it stands now.
    browser.open(&tale.page("/sign")).await;
    assert!(browser.at().await.contains("/agreement"), "{}", browser.at().await);
    browser.sees_no("怎样签署").await;
}

/// J10: it takes effect with the last slot and not before; the offices see nothing until it is
/// submitted.
async fn completed(browser: &Browser, house: &House, tale: &Tale<'_>, scan: &str) {
    browser.becomes(house, "yunchuan").await;
    browser.open(&tale.page("/agreement")).await;
    browser.follow("锁定文本并发起签署").await;
    browser.submit(&[]).await;
    tale.sign(&["saibei", "beijiang", "yunchuan", "jinling"]).await;
    browser.becomes(house, "clerk-hohhot").await;
    browser.open("/dossiers").await;
    browser.sees_no(NAME).await;
    browser.becomes(house, "caoyuan-fr").await;
    browser.follow("在组建协议上签字").await;
    browser.sees_no("各方均已签字并盖章").await;
    browser.open(&tale.page("/sign")).await;
    browser.submit(&[("password", PASSWORD)]).await;
    browser.sees_no("各方均已签字并盖章").await;
    browser.becomes(house, "caoyuan").await;
    browser.open(&tale.page("/seal")).await;
    browser.submit(&[("scan", scan)]).await;
    browser.open(&tale.page("/agreement")).await;
    browser.sees("各方均已签字并盖章").await;
    for who in ["caoyuan-fr", "saibei-fr"] {
        browser.becomes(house, who).await;
        browser.open(&tale.page("/agreement")).await;
        browser.sees_no("不同意签署").await;
    }
}

/// J15: the paper cannot be made; what was signed stands, the operator is told and tries again.
async fn a_machine_fails(browser: &Browser, house: &House, tale: &Tale<'_>) {
    let fonts = house.state.config.data.join("fonts");
    fs::create_dir_all(&fonts).unwrap();
    fs::write(fonts.join("仿宋.ttf"), "not a font").unwrap();
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed { made: 0, stuck: 1 });
    browser.becomes(house, "yunchuan").await;
    browser.open(&tale.page("/agreement")).await;
    browser.sees("各方均已签字并盖章").await;
    browser.becomes(house, "operator").await;
    browser.open("/ops").await;
    browser.sees("仿宋.ttf").await;
    fs::remove_file(fonts.join("仿宋.ttf")).unwrap();
    browser.press("form[action='/ops/papers'] button").await;
    assert_eq!(press_all(&house.state).await.unwrap(), Pressed { made: 1, stuck: 0 });
    browser.open("/ops").await;
    browser.sees_no("仿宋.ttf").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_sign_together_on_a_telephone() {
    let data = tempfile::tempdir().unwrap();
    let config = Config { data: data.path().to_owned(), ..Config::default() };
    let house = House::configured(Engine::Sqlite, Calendar::official(), config).await;
    let Some(house) = house else { return };
    let Some(browser) = Browser::start(&house.serve().await, POCKET).await else { return };
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "beijiang"]).await;
    without_power(&browser, &house, &tale).await;
    declined(&browser, &house, &tale).await;
    let folder = tempfile::tempdir().unwrap();
    completed(&browser, &house, &tale, &scan(folder.path())).await;
    a_machine_fails(&browser, &house, &tale).await;
}
