//! 补充协议 over the API — drafted, locked, signed by exactly those who are asked with certificates
//! of OpenSSL and on paper, in force at the last slot, and only then recorded; the package holds.

use axum::body::Body;
use axum::http::{Method, header};
use consortium::ids::DossierId;
use serde_json::{Value, json};
use server::evidence::{self, Known};

use crate::certificates::{Authority, P256};
use crate::house::{House, PASSWORD};
use crate::pages;
use crate::passkeys::{registered, signs};
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";

async fn supplement(tale: &Tale<'_>, who: &str) -> Value {
    let reply = tale.house.get(who, &tale.path("/supplements/1")).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    reply.json()
}

async fn by_certificate(tale: &Tale<'_>, authority: &Authority, who: &str, deed: &str) {
    let asked = tale.house.post(who, &tale.path("/statements"), &json!({ "deed": deed })).await;
    assert_eq!(asked.status.as_u16(), 201, "{}", asked.body);
    let issued = asked.json();
    let text = issued["text"].as_str().unwrap();
    assert!(text.contains("组建协议》补充协议（变更第1件）"), "{text}");
    let signature = authority.sign(who.trim_end_matches("-fr"), text.as_bytes());
    let place = format!("/statements/{}/signature", issued["digest"].as_str().unwrap());
    let request = tale.house.request(who, Method::POST, &tale.path(&place));
    let request = request.header(header::CONTENT_TYPE, "application/pkcs7-signature");
    let done = tale.house.send(request.body(Body::from(signature)).unwrap()).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
}

pub(crate) async fn a_member_joins_once_it_and_the_lead_have_signed(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let tale = told(&house, NAME, "filed").await;
    house.state.office.trust(authority.trust());
    authority.leaf("yunchuan", P256);
    let agreement = house.get("saibei", &tale.path("/agreement")).await.body;
    house.on_day("2026-06-01");
    let join = json!({"command": "report_change", "kind": "join", "occurred_on": "2026-05-20",
        "content": {"reason": "补强装备环节", "unit": "u-lvqing"}});
    tale.does("yunchuan", join).await;
    let decide =
        json!({"command": "decide_change", "no": 1, "accepted": true, "reason": "材料齐全"});
    tale.refused("drafter", decide.clone(), 409, "现在还没有生效").await;
    // Who joins sees nothing before there is something to sign.
    assert_eq!(house.get("lvqing", &tale.path("/supplements/1")).await.status.as_u16(), 404);
    let text = "绿氢公司加入联合体，承担电解槽任务。";
    tale.does("yunchuan", json!({"command": "write_supplement", "text": text})).await;
    tale.does("yunchuan", json!({"command": "lock_supplement"})).await;
    let told = supplement(&tale, "lvqing").await;
    assert_eq!(
        (&told["words"], &told["signers"]),
        (&json!(text), &json!("新加入的单位和牵头单位"))
    );
    let units: Vec<_> =
        told["slots"].as_array().unwrap().iter().map(|s| s["unit"].clone()).collect();
    assert_eq!(units, ["u-yunchuan", "u-lvqing"]);
    assert_eq!(told["slots"][1]["name"], "鄂尔多斯绿氢装备有限公司");
    assert_eq!(told["slots"][1]["state"], "opened");
    let digest = told["digest"].clone();
    let sign = json!({"command": "sign", "digest": digest, "password": PASSWORD});
    tale.refused("saibei-fr", sign, 403, "不是这一版协议的签署方").await;
    let mut device = registered(&house, "lvqing-fr", 41).await;
    signs(&tale, "lvqing-fr", &mut device).await;
    let (scan, _) = house.upload("lvqing", "seal of lvqing").await;
    tale.does("lvqing", json!({"command": "seal", "digest": digest, "scan": scan})).await;
    by_certificate(&tale, &authority, "yunchuan-fr", "sign").await;
    tale.refused("drafter", decide.clone(), 409, "现在还没有生效").await;
    by_certificate(&tale, &authority, "yunchuan", "seal").await;
    let told = supplement(&tale, "saibei").await;
    assert!(told["effective_at"].is_string(), "{told}");
    let signed = told["text"].as_str().unwrap().to_owned();

    let cookie = house.cookie("lvqing").await;
    let page = pages::opens(&house, &cookie, &tale.page("/supplements/1")).await;
    assert!(page.status == 200 && page.body.contains(text), "{}", page.body);
    assert!(page.body.contains("下载证据包"), "{}", page.body);
    let id = DossierId::from(tale.id.as_str());
    let actor = house.actor("lvqing");
    let package = evidence::package(&house.state, &actor, &id, Some(1)).await.unwrap().unwrap();
    let lines = evidence::check(&package.bytes, &Known::default());
    assert!(lines.iter().all(|line| line.holds), "{lines:#?}");
    assert_eq!(lines.len(), 6 + 2 * 2, "{lines:#?}");
    let none = evidence::package(&house.state, &actor, &id, Some(2)).await.unwrap();
    assert!(none.is_none());

    assert_eq!(tale.does("drafter", decide).await, "filed");
    let view = tale.view("lvqing").await;
    assert_eq!(view["parties"].as_array().unwrap().len(), 6);
    // What was signed stays as it was signed, the supplement and the agreement.
    assert_eq!(supplement(&tale, "lvqing").await["text"], signed);
    assert_eq!(house.get("saibei", &tale.path("/agreement")).await.body, agreement);
    let again = evidence::package(&house.state, &actor, &id, Some(1)).await.unwrap().unwrap();
    assert!(evidence::check(&again.bytes, &Known::default()).iter().all(|line| line.holds));
}

pub(crate) async fn new_terms_on_paper_are_void_once_they_are_rewritten(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "filed").await;
    house.on_day("2026-06-01");
    let terms = json!({"command": "report_change", "kind": "terms", "occurred_on": "2026-05-20",
        "content": {"reason": "收益分配调整"}});
    tale.does("yunchuan", terms).await;
    let write = |text: &str, void: bool| json!({"command": "write_supplement", "text": text, "void_signatures": void});
    tale.does("yunchuan", write("收益按贡献分配。", false)).await;
    tale.does("yunchuan", json!({"command": "lock_supplement"})).await;
    let told = supplement(&tale, "saibei").await;
    assert_eq!(told["slots"].as_array().unwrap().len(), 5, "{told}");
    let (scan, _) = house.upload("yunchuan", "the paper of all").await;
    let digest = &told["digest"];
    let offer = json!({"command": "offer_paper", "digest": digest, "scan": scan, "custodian": "牵头单位档案室"});
    tale.does("yunchuan", offer).await;
    let confirm = json!({"command": "confirm_paper", "digest": digest, "scan": scan});
    tale.does("saibei", confirm.clone()).await;
    let rewrite = write("收益按投入分配。", false);
    tale.refused("yunchuan", rewrite, 422, "修改后作废的签署：塞北理工大学；要重新签署的：").await;
    tale.does("yunchuan", write("收益按投入分配。", true)).await;
    tale.refused("jinling", confirm, 409, "指纹与锁定版本不一致").await;
    let told = supplement(&tale, "saibei").await;
    assert_eq!(told["voided"][0][0], "收益按贡献分配。");
    assert!(told["digest"].is_null(), "{told}");
    let file = tale.path(&format!("/files/{scan}"));
    assert_eq!(
        house.get("saibei", &file).await.status.as_u16(),
        200,
        "the old scan stays to be read"
    );
    tale.does("yunchuan", json!({"command": "lock_supplement"})).await;
    let decline = json!({"command": "decline_to_sign", "reason": "投入要再议"});
    tale.does("jinling-fr", decline).await;
    let told = supplement(&tale, "saibei").await;
    assert_eq!(told["voided"].as_array().unwrap().len(), 2);
    let cookie = house.cookie("yunchuan").await;
    let page = pages::opens(&house, &cookie, &tale.page("/supplements/1")).await;
    assert!(page.body.contains("对旧文本有效，已失效") && page.body.contains("锁定补充协议"));
    let form = pages::opens(&house, &cookie, &tale.page("/report_change")).await;
    assert!(form.body.contains("补充协议由全体签署"), "{}", form.body);
}
