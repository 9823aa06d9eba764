//! 数字证书签署 — every party by its own certificate and its own tool, in any order, on a telephone
//! (Art. 6(2)).

use std::fs;

use consortium::calendar::Calendar;
use consortium::ids::DossierId;
use server::evidence::{self, Known};

use super::driver::{Browser, POCKET};
use super::{NAME, visit};
use crate::certificates::{Authority, P256, RSA};
use crate::house::House;
use crate::pages::opens;
use crate::tale::{Tale, told};

/// The parties in the order in which they sign: the lead neither first nor last.
const PARTIES: [&str; 5] = ["caoyuan", "jinling", "yunchuan", "saibei", "beijiang"];

/// Has a statement made out for somebody, and returns its words as they are downloaded.
async fn statement(browser: &Browser, tale: &Tale<'_>, who: &str, deed: &str) -> String {
    browser.becomes(tale.house, who).await;
    browser.open(&tale.page("/agreement")).await;
    browser.follow("用数字证书签署").await;
    browser.submit(&[("deed", deed)]).await;
    browser.sees("下载声明，不改动内容").await;
    let path = format!("{}/statement.txt", browser.at().await);
    let file = opens(tale.house, &tale.house.cookie(who).await, &path).await;
    assert!(file.body.contains("意思表示：本单位已阅读全文，同意受其约束"), "{}", file.body);
    file.body
}

/// Brings a signature over these words by somebody's key.
async fn brings(browser: &Browser, authority: &Authority, name: &str, words: &str) {
    let file = authority.path("签名.p7s");
    fs::write(&file, authority.sign(name, words.as_bytes())).unwrap();
    browser.fill("signature", file.to_str().unwrap()).await;
    browser.send().await;
}

/// What does not count comes back with the reason, and the same statement can still be signed.
async fn refusals(browser: &Browser, house: &House, tale: &Tale<'_>, authority: &Authority) {
    let before = tale.sequence().await;
    let words = statement(browser, tale, "caoyuan-fr", "sign").await;
    let stranger = Authority::new(P256, "sha256");
    stranger.leaf("caoyuan", P256);
    brings(browser, &stranger, "caoyuan", &words).await;
    browser.refused(1, &["证书不是平台认可的机构签发的"]).await;
    brings(browser, authority, "caoyuan", &words.replace("第1版", "第9版")).await;
    browser.refused(1, &["签的不是这份声明"]).await;
    assert_eq!(tale.sequence().await, before, "nothing was signed");
    brings(browser, authority, "caoyuan", &words).await;
    browser.sees("已签字").await;
    // One's own signature is no other party's.
    browser.becomes(house, "jinling-fr").await;
    browser.open(&tale.page("/agreement")).await;
    browser.sees("用数字证书签署").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_party_signs_and_seals_by_certificate_on_a_telephone() {
    let Some((house, browser)) = visit(POCKET, Calendar::official()).await else { return };
    house.sets("sign_by_password", 0).await;
    house.sets("seal_by_scan", 0).await;
    let authority = Authority::new(P256, "sha256");
    house.state.office.trust(authority.trust());
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    for (at, unit) in PARTIES.into_iter().enumerate() {
        authority.leaf(unit, if at % 2 == 0 { P256 } else { RSA });
    }
    refusals(&browser, &house, &tale, &authority).await;
    for unit in &PARTIES[1..] {
        let words = statement(&browser, &tale, &format!("{unit}-fr"), "sign").await;
        brings(&browser, &authority, unit, &words).await;
        browser.sees("已签字").await;
    }
    for (at, unit) in PARTIES.into_iter().enumerate() {
        let words = statement(&browser, &tale, unit, "seal").await;
        brings(&browser, &authority, unit, &words).await;
        let last = at + 1 == PARTIES.len();
        browser.sees(if last { "组建协议生效" } else { "已加盖公章" }).await;
    }
    browser.sees("各方均已签字并盖章").await;
    browser.sees("下载证据包").await;

    let id = DossierId::from(tale.id.as_str());
    let package = evidence::package(&house.state, &house.actor("saibei"), &id, None).await;
    let lines = evidence::check(&package.unwrap().unwrap().bytes, &Known::default());
    assert!(lines.iter().all(|line| line.holds), "{lines:#?}");
}
