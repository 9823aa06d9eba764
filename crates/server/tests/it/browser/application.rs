//! 命名、条件与提交 — S02 to S05 and S08: what a name and the conditions of Art. 5 ask is said on
//! the page, with its clause and what to do, and nothing that was typed is lost.

use consortium::calendar::Calendar;
use serde_json::json;

use super::driver::{DESK, PLAIN, POCKET};
use super::{NAME, visit};
use crate::house::PASSWORD;
use crate::papers;
use crate::tale::{Tale, told};

/// The authority checks and recommends; the formal review begins.
async fn recommended(tale: &Tale<'_>) {
    tale.house.on_day("2026-03-09");
    tale.does("clerk-hohhot", json!({"command": "check_materials", "opinion": "真实"})).await;
    tale.does("signatory-hohhot", json!({"command": "recommend", "opinion": "同意"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s02_a_wrong_name_is_refused_with_the_right_one_and_a_new_name_is_signed_anew() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    browser.becomes(&house, "yunchuan").await;
    browser.follow("开始申请").await;
    browser.fill("name", "内蒙古储能创新联合体").await;
    browser.send().await;
    browser.refused(1, &["可改为“内蒙古自治区储能创新联合体”", "第六条（1）"]).await;
    browser.keeps("name", "内蒙古储能创新联合体").await;
    browser.submit(&[("name", "内蒙古自治区储能创新联合体")]).await;
    assert_eq!(browser.text_of("h1").await, "内蒙古自治区储能创新联合体");

    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling"]).await;
    let dossier = format!("/dossiers/{}", tale.id);
    let name = "内蒙古自治区固态储能创新联合体";
    browser.becomes(&house, "yunchuan").await;
    browser.open(&dossier).await;
    browser.follow("确定联合体名称").await;
    browser.sees("已有签署：内蒙古云川储能科技有限公司、包头金岭稀土材料有限公司").await;
    browser.fill("name", name).await;
    browser.send().await;
    browser.refused(1, &["签署"]).await;
    browser.keeps("name", name).await;
    browser.submit(&[("void_signatures", "on")]).await;
    assert_eq!(browser.text_of("h1").await, name);

    // 金岭 had signed: the agreement bears the new name now, and waits for it again.
    browser.becomes(&house, "jinling-fr").await;
    browser.open(&format!("{dossier}/agreement")).await;
    browser.sees(&format!("{name}组建协议")).await;
    browser.follow("协议各版").await;
    browser.sees("已失效").await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&dossier).await;
    browser.follow("锁定文本并发起签署").await;
    browser.submit(&[]).await;
    browser.becomes(&house, "jinling-fr").await;
    browser.follow("在组建协议上签字").await;
    browser.follow("阅读协议全文").await;
    browser.sees(&format!("{name}组建协议")).await;
    browser.open(&format!("{dossier}/sign")).await;
    browser.submit(&[("password", PASSWORD)]).await;
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&dossier).await;
    browser.follow("核对并提交推荐").await;
    browser.submit(&[]).await;
    browser.sees("呼和浩特市科学技术局").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s03_two_units_explain_themselves_and_a_person_decides_with_reasons() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, NAME).await;
    tale.invite(&["saibei"]).await;
    tale.fill(&["saibei"]).await;
    tale.agree().await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "saibei"]).await;
    let dossier = format!("/dossiers/{}", tale.id);
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("{dossier}/submit")).await;
    browser.send().await;
    browser.refused(1, &["现有 2 家单位，原则上不少于 3 家", "特殊情况", "第五条（一）"]).await;
    // Nobody is pushed to add a unit: the way on is the explanation.
    browser.follow_in("#rk", "写明特殊情况").await;
    browser.submit(&[("special", "区内只有一家具备试验条件")]).await;
    browser.follow("核对并提交推荐").await;
    browser.submit(&[]).await;
    recommended(&tale).await;

    house.on_day("2026-03-11");
    browser.becomes(&house, "reviewer").await;
    browser.follow("形式审查").await;
    browser.sees("区内只有一家具备试验条件").await;
    let questions = browser.count("main textarea[name^='reason-']").await;
    browser.send().await;
    browser.refused(2 * questions, &["原则上不少于3家"]).await;
    browser.judge_all("已核对证明材料").await;
    browser.fill("judgement-R5.1b", "no").await;
    browser.send().await;
    browser.refused(1, &["现有 2 家单位", "判断为不符合，不能通过", "第五条（一）"]).await;
    browser.keeps("reason-R5.1b", "已核对证明材料").await;
    browser.fill("judgement-R5.1b", "yes").await;
    browser.submit(&[("reason-R5.1b", "区内仅此一家，特殊情况成立")]).await;
    browser.sees("形式审查通过，转专家评审").await;
    // Whoever works on it later reads what was decided and why.
    browser.becomes(&house, "organiser").await;
    browser.open(&dossier).await;
    browser.click("#jd > summary").await;
    browser.sees("区内仅此一家，特殊情况成立").await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&dossier).await;
    browser.click("#jd > summary").await;
    browser.sees("区内仅此一家，特殊情况成立").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s04_without_a_regional_platform_nothing_is_submitted_nor_accepted_without_script() {
    let Some((house, browser)) = visit(PLAIN, Calendar::official()).await else { return };
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-02-26");
    tale.write("yunchuan", papers::platform("other", "u-saibei", None)).await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
    house.on_day("2026-03-03");
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("/dossiers/{}", tale.id)).await;
    browser.follow("核对并提交推荐").await;
    browser.send().await;
    let lapsed = "“储能重点实验室”不在有效的自治区级以上平台之列";
    browser.refused(1, &[lapsed, "或邀请建有平台的单位加入", "第五条（一）"]).await;
    // A platform of the region is added; it will have lapsed by the formal review.
    browser.follow_in("#rk", "去填写").await;
    browser.more("platforms").await;
    browser
        .submit(&[
            ("platforms.1.name", "储能工程研究中心"),
            ("platforms.1.level", "region"),
            ("platforms.1.owner", "u-beijiang"),
            ("platforms.1.approved_by", "虚构批准部门"),
            ("platforms.1.document_no", "虚构字〔2023〕2号"),
            ("platforms.1.approved_on", "2023-03-13"),
            ("platforms.1.valid_to", "2026-03-12"),
        ])
        .await;
    browser.follow("核对并提交推荐").await;
    browser.submit(&[]).await;
    recommended(&tale).await;

    house.on_day("2026-03-13");
    browser.becomes(&house, "reviewer").await;
    browser.follow("形式审查").await;
    browser.judge_all("已核对证明材料").await;
    browser.send().await;
    browser.refused(1, &["不在有效的自治区级以上平台之列", "第五条（一）"]).await;
    browser.keeps("reason-R5.2d", "已核对证明材料").await;
    browser.open(&format!("/dossiers/{}", tale.id)).await;
    browser.follow("形式审查不通过").await;
    browser.submit(&[("reason", "平台已于 3 月 12 日失效，建有平台后可另行申请")]).await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("/dossiers/{}", tale.id)).await;
    browser.sees("2026-03-13 形式审查不通过：平台已于 3 月 12 日失效，建有平台后可另行申请").await;
    // The name is free again.
    browser.open("/dossiers/new").await;
    browser.submit(&[("name", NAME)]).await;
    assert_eq!(browser.text_of("h1").await, NAME);
}

#[tokio::test(flavor = "multi_thread")]
async fn s05_a_lead_outside_the_region_is_told_at_once_to_join_as_a_member() {
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    browser.becomes(&house, "yuantu").await;
    browser.follow("开始申请").await;
    browser.fill("name", NAME).await;
    browser.send().await;
    let remedy = "可以由区内企业牵头，本单位作为成员参加";
    browser.refused(1, &["登记地不在内蒙古自治区", remedy, "第五条（二）"]).await;
    browser.keeps("name", NAME).await;

    browser.becomes(&house, "yunchuan").await;
    browser.follow("开始申请").await;
    browser.submit(&[("name", NAME)]).await;
    browser.follow("邀请成员单位并确认意向").await;
    browser.submit(&[("unit", "北京远图软件有限公司")]).await;
    browser.becomes(&house, "yuantu").await;
    browser.follow("答复参加联合体的邀请").await;
    browser.submit(&[("accept", "yes")]).await;
    browser.sees("你所在单位是成员单位").await;
    browser.becomes(&house, "yunchuan").await;
    browser.follow(NAME).await;
    browser.sees("2 家单位，均已确认").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s08_a_branch_is_refused_as_a_member_on_a_telephone() {
    let Some((house, browser)) = visit(POCKET, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    let tale = Tale::open(&house, NAME).await;
    let units = ["saibei", "jinling", "branch"];
    tale.invite(&units).await;
    tale.fill(&units).await;
    tale.agree().await;
    house.on_day("2026-03-02");
    tale.sign(&["yunchuan", "saibei", "jinling", "branch"]).await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("/dossiers/{}", tale.id)).await;
    browser.sees("规则检查：1 项不符合").await;
    browser.follow("核对并提交推荐").await;
    browser.send().await;
    let branch = "云川储能科技有限公司上海分公司";
    let wrong = format!("{branch}不是独立法人单位");
    browser.refused(1, &[&wrong, "分公司由其总公司参加", "第五条（三）"]).await;
    browser.follow_in("#rk", "移出成员").await;
    browser.submit(&[("unit", "u-branch"), ("void_signatures", "on")]).await;
    browser.sees("3 家单位，均已确认").await;
    browser.follow("锁定文本并发起签署").await;
    browser.submit(&[]).await;
    tale.sign(&["yunchuan", "saibei", "jinling"]).await;
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("/dossiers/{}", tale.id)).await;
    browser.follow("核对并提交推荐").await;
    browser.submit(&[]).await;
    browser.sees("呼和浩特市科学技术局").await;
}
