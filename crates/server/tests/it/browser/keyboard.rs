//! 键盘 — a form from its link to its receipt with Tab and Enter alone.

use consortium::calendar::Calendar;
use thirtyfour::Key;

use super::driver::DESK;
use super::{NAME, visit};
use crate::tale::told;

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_raised_with_the_keyboard_alone_and_a_refusal_takes_the_focus() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    let tale = told(&house, NAME, "public_notice").await;
    browser.open("/notices").await;
    // The first Tab shows the way past the navigation.
    browser.key(Key::Tab).await;
    assert_eq!(browser.focus().await.text().await.unwrap(), "跳到主要内容");
    browser.key(Key::Enter).await;
    browser.tab_to(&format!("main a[href='/notices/{}']", tale.id)).await;
    browser.enter().await;
    browser.tab_to("main a[href$='/object']").await;
    browser.enter().await;
    browser.tab_to("#f-objector").await;
    browser.types("虚构异议人").await;
    browser.tab_to("#f-kind").await;
    browser.key(Key::Down).await;
    browser.key(Key::Down).await;
    browser.tab_to("#f-facts").await;
    browser.types("平台批准文件的文号查不到。").await;
    browser.tab_to("main form button[type=submit]").await;
    browser.enter().await;
    browser.refused(1, &["填写联系方式"]).await;
    browser.keeps("objector", "虚构异议人").await;
    browser.keeps("kind", "材料真实性").await;
    browser.keeps("facts", "平台批准文件的文号查不到。").await;
    // From the summary straight to the first thing to mend.
    browser.key(Key::Tab).await;
    browser.key(Key::Enter).await;
    assert_eq!(browser.focus().await.id().await.unwrap().as_deref(), Some("f-contact"));
    browser.types("fictional@example.com").await;
    browser.tab_to("main form button[type=submit]").await;
    browser.enter().await;
    browser.sees("回执").await;
    let view = tale.view("supervisor").await;
    assert_eq!(view["objections"].as_array().map(Vec::len), Some(1), "{view}");
}
