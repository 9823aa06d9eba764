//! 通行密钥 — registered, used to sign in and to sign the agreement, with Chromium's own device.

use consortium::calendar::Calendar;

use super::driver::{Browser, POCKET};
use super::{NAME, visit, visit_by_name};
use crate::house::{House, PASSWORD};
use crate::tale::told;

/// The representative of a member, on a telephone.
const WHO: &str = "saibei-fr";

async fn registers(browser: &Browser) {
    browser.open("/security/passkeys").await;
    browser.sees("还没有通行密钥").await;
    browser.fill("label", "工作手机").await;
    browser.press("form[data-passkey=create] button[type=submit]").await;
    browser.sees("已登记通行密钥“工作手机”").await;
    // The same device once more.
    browser.click("form[data-passkey=create] button[type=submit]").await;
    browser.comes_to_see("这台设备已经登记过").await;
}

async fn signs(browser: &Browser, house: &House) {
    let tale = told(house, NAME, "signing").await;
    house.on_day("2026-03-02");
    browser.open(&tale.page("/agreement")).await;
    browser.follow("用通行密钥签字").await;
    browser.sees("解决争议的方式").await;
    // Nothing is made out before the text was read.
    browser.send().await;
    browser.refused(1, &["我已阅读协议全文"]).await;
    browser.fill("read", "on").await;
    browser.send().await;
    browser.sees("意思表示：本单位已阅读全文，同意受其约束").await;
    browser.comes_to_see("浏览器重算了协议文本的指纹，与声明写明的一致").await;
    // A page that shows other words than those that are to be signed signs nothing.
    let before = tale.sequence().await;
    browser.rewrite("#statement", "第1版", "第9版").await;
    browser.click("form[data-passkey=get] button[type=submit]").await;
    browser.comes_to_see("这一页显示的声明与要签的不是同一份，没有签署").await;
    assert_eq!(tale.sequence().await, before);
    browser.rewrite("#statement", "第9版", "第1版").await;
    browser.press("form[data-passkey=get] button[type=submit]").await;
    browser.sees("已用通行密钥签字").await;
    browser.sees("签字（通行密钥）").await;
    assert_eq!(tale.sequence().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_registered_signs_in_and_signs_on_a_telephone() {
    let Some((house, browser)) = visit_by_name(POCKET).await else { return };
    browser.with_device().await;
    browser.sign_in(WHO, PASSWORD).await;
    registers(&browser).await;
    browser.leave().await;
    browser.open("/login").await;
    browser.press("form[data-passkey=get] button[type=submit]").await;
    assert_eq!(browser.at().await, "/home");
    browser.sees("姓名saibei-fr").await;
    browser.open("/security/passkeys").await;
    browser.sees_no("还没有用过").await;
    signs(&browser, &house).await;
}

/// Under a number no browser offers a passkey: the page says where to go, and what else there is.
#[tokio::test(flavor = "multi_thread")]
async fn under_a_number_the_page_leads_to_the_name() {
    let Some((house, browser)) = visit(POCKET, Calendar::official()).await else { return };
    browser.open("/login").await;
    browser.sees("通行密钥只能在 http://localhost:8080 使用").await;
    browser.sees("用账号和密码登录").await;
    browser.becomes(&house, WHO).await;
    browser.open("/security/passkeys").await;
    browser.sees("在 http://localhost:8080 打开这一页").await;
    assert_eq!(browser.count("form[data-passkey]").await, 0);
}
