//! 键盘 — forms from their link to their receipt with Tab and Enter alone.

use consortium::calendar::Calendar;
use thirtyfour::Key;

use super::driver::DESK;
use super::{NAME, scan, visit};
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

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_begun_with_the_keyboard_alone_and_leads_on_by_itself() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    browser.becomes(&house, "yunchuan").await;
    browser.open("/dossiers/new").await;
    browser.tab_to("#f-name").await;
    browser.types(NAME).await;
    browser.tab_to("main form button[type=submit]").await;
    browser.enter().await;
    let dossier = browser.at().await;
    let dossier = dossier.split(['?', '#']).next().unwrap().to_owned();
    // The register offers the name while it is typed; a part of it is enough all the same: the unit
    // that was meant is one press away.
    browser.tab_to(&format!("main a[href='{dossier}/invite']")).await;
    browser.enter().await;
    browser.tab_to("#f-unit").await;
    browser.types("塞北理工").await;
    browser.comes_to_have("#f-unit-l option[value='塞北理工大学']").await;
    browser.enter().await;
    browser.refused(1, &["相近的是“塞北理工大学”"]).await;
    browser.tab_to("main button[name=_pick]").await;
    browser.enter().await;
    browser.sees("塞北理工大学（待确认）").await;
    browser.open(&dossier).await;
    browser.sees("2 家单位，1 家待确认").await;
    // What may stay empty is folded; the second list shows what belongs to the first, and the section
    // leads past what no rule asks for.
    browser.open(&format!("{dossier}/sections/basics")).await;
    browser.tab_to("#draft details.opt > summary").await;
    browser.key(Key::Enter).await;
    browser.tab_to("#f-industry").await;
    browser.types("制造业").await;
    browser.tab_to("#f-division").await;
    assert_eq!(browser.count("#f-division optgroup:not([hidden])").await, 1);
    browser.types("C38").await;
    browser.tab_to("main button[name=_next]").await;
    browser.enter().await;
    browser.sees("已保存到材料：基本信息").await;
    browser.sees("科研团队").await;
    // Two files at once: what they are stands in their names, and the broken one says why it is not.
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("云川营业执照.pdf");
    std::fs::copy(scan(folder.path()), &good).unwrap();
    let broken = folder.path().join("坏的.pdf");
    std::fs::write(&broken, b"MZ program").unwrap();
    browser.open(&format!("{dossier}/attachments")).await;
    browser.tab_to("#f-files").await;
    browser.types(&format!("{}\n{}", good.display(), broken.display())).await;
    browser.comes_to_see("坏的.pdf：内容不是 PDF").await;
    // Whatever the driver types at a field for files is a file: there is no Tab from there.
    browser.send().await;
    browser.refused(1, &["1 份没有列入"]).await;
    browser.sees("法人证书 · 内蒙古云川储能科技有限公司").await;
    // The end of the form leads on.
    browser.open(&format!("{dossier}/answers")).await;
    browser.tab_to("main a[href='#next']").await;
    browser.key(Key::Enter).await;
    browser.key(Key::Tab).await;
    let on = browser.focus().await.text().await.unwrap();
    assert!(on.starts_with("接着办："), "{on}");
}
