//! 纸质签署 — the ways that are open by default, without an instrument: one original on paper, its
//! scan once, and every party from its own account (Art. 6(2)).

use consortium::calendar::Calendar;

use super::driver::PLAIN;
use super::{NAME, scan, visit};
use crate::tale::told;

/// The parties of the tale, the lead first.
const PARTIES: [&str; 5] = ["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"];

#[tokio::test(flavor = "multi_thread")]
async fn by_default_paper_alone_is_a_whole_way_and_the_account_none() {
    let Some((house, browser)) = visit(PLAIN, Calendar::official()).await else { return };
    house.sets("sign_by_password", 0).await;
    house.sets("seal_by_scan", 0).await;
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    let folder = tempfile::tempdir().unwrap();

    browser.becomes(&house, "yunchuan").await;
    // An address of before leads to what is open now.
    browser.open(&tale.page("/sign")).await;
    assert!(browser.at().await.contains("/agreement"), "{}", browser.at().await);
    browser.sees("怎样签署").await;
    browser.sees("纸质签署").await;
    browser.sees_no("账号签字").await;
    browser.sees_no("盖章页扫描件").await;
    browser.follow("提交纸质签署件").await;
    browser.fill("custodian", "云川公司档案室").await;
    browser.submit(&[("scan", &scan(folder.path()))]).await;

    for (at, party) in PARTIES.into_iter().enumerate() {
        browser.becomes(&house, party).await;
        browser.open(&tale.page("/agreement")).await;
        browser.sees("原件由云川公司档案室保管").await;
        browser.follow("确认纸质签署件").await;
        browser.submit(&[]).await;
        browser.open(&tale.page("/agreement")).await;
        browser.sees("签字（纸质签署）").await;
        browser.sees_no("怎样签署").await;
        if at + 1 < PARTIES.len() {
            browser.sees_no("各方均已签字并盖章").await;
        }
    }
    browser.sees("各方均已签字并盖章").await;
}
