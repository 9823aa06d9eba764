//! 邀请 — J9 by hand on a telephone: asked for again nothing is doubled, whoever looks first uses
//! nothing up, and only the one who is meant accepts (Arts. 4, 6(2)).

use consortium::calendar::Calendar;

use super::driver::{Browser, POCKET};
use super::visit;
use crate::house::{House, PASSWORD};
use crate::pages::opens;

const PEOPLE: &str = "/units/u-yunchuan/people";

/// Invites a colleague from the page of the unit's people.
async fn invite(browser: &Browser, address: &str) {
    browser.open(PEOPLE).await;
    for (name, value) in [("who", "王五"), ("address", address), ("capacity", "handler")] {
        browser.fill(name, value).await;
    }
    browser.press(&format!("form[action='{PEOPLE}'] button[type=submit]:not([name])")).await;
}

/// Whoever looks, and somebody who is not meant: nothing is used up.
async fn others(browser: &Browser, house: &House, link: &str) {
    for _ in 0..3 {
        let seen = opens(house, "", link).await;
        assert!(seen.status == 200 && !seen.body.contains("wang@"), "{}", seen.body);
    }
    browser.becomes(house, "saibei").await;
    browser.open(link).await;
    browser.sees("不是现在登录的").await;
    browser.sees("退出登录").await;
    assert_eq!(browser.count("button[value=accept]").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_invitation_stands_and_only_the_one_who_is_meant_accepts() {
    let Some((house, browser)) = visit(POCKET, Calendar::official()).await else { return };
    house.on_day("2026-03-02");
    browser.becomes(&house, "yunchuan-gl").await;
    invite(&browser, "wang@unit.example").await;
    browser.sees("只显示这一次").await;
    let link = browser.text_of("#link").await;
    let link = link[link.find("/invitations/").unwrap()..].to_owned();
    for again in ["WANG@unit.example", " wang @UNIT.example "] {
        invite(&browser, again).await;
        assert_eq!(browser.count("#link").await, 0, "no second link");
        browser.open(PEOPLE).await;
        assert_eq!(browser.count(&format!("form[action='{PEOPLE}/revoke']")).await, 1);
    }
    others(&browser, &house, &link).await;

    browser.leave().await;
    browser.open(&link).await;
    browser.click("details summary").await;
    let account =
        [("who", "王五"), ("login", "wangwu"), ("new_password", PASSWORD), ("again", PASSWORD)];
    browser.submit(&account).await;
    // In, and first of all to a second factor.
    assert_eq!(browser.at().await, "/security?next=%2Fhome");
    browser.becomes(&house, "yunchuan-gl").await;
    browser.open(PEOPLE).await;
    browser.sees("王五").await;
    assert_eq!(browser.count(&format!("form[action='{PEOPLE}/revoke']")).await, 0);
    let used = opens(&house, "", &link).await;
    assert!(used.body.contains("已经有人接受"), "{}", used.body);
}
