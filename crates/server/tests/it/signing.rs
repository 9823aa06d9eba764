//! 签署 over the API — statements, signatures by OpenSSL, paper, remarks, reminders, refusals; and
//! every version afterwards, on both engines.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::certificates::{Authority, P256, RSA};
use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";

/// Asks for a statement.
async fn statement(tale: &Tale<'_>, who: &str, asked: Value) -> Value {
    let reply = tale.house.post(who, &tale.path("/statements"), &asked).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    reply.json()
}

async fn sends(tale: &Tale<'_>, who: &str, statement: &Value, signature: Vec<u8>) -> Reply {
    let place = format!("/statements/{}/signature", statement["digest"].as_str().unwrap());
    let request = tale.house.request(who, Method::POST, &tale.path(&place));
    let request = request.header(header::CONTENT_TYPE, "application/pkcs7-signature");
    tale.house.send(request.body(Body::from(signature)).unwrap()).await
}

async fn slots(tale: &Tale<'_>) -> Value {
    let reply = tale.house.get("saibei", &tale.path("/slots")).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    reply.json()
}

fn slot<'a>(slots: &'a Value, unit: &str) -> &'a Value {
    let mut all = slots["slots"].as_array().unwrap().iter();
    all.find(|slot| slot["unit"] == format!("u-{unit}")).unwrap()
}

/// Signs and seals with certificates of its own; the answer to the seal.
async fn by_certificate(tale: &Tale<'_>, authority: &Authority, unit: &str) -> Reply {
    let mut last = None;
    for (deed, who) in [("sign", format!("{unit}-fr")), ("seal", unit.to_owned())] {
        let issued = statement(tale, &who, json!({ "deed": deed })).await;
        let signature = authority.sign(unit, issued["text"].as_str().unwrap().as_bytes());
        let done = sends(tale, &who, &issued, signature).await;
        assert_eq!(done.status.as_u16(), 200, "{}", done.body);
        last = Some(done);
    }
    last.unwrap()
}

/// Every way of signing in one round, from the first remark to the package.
pub(crate) async fn every_way_of_signing_is_open_to_a_program(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    house.state.office.trust(authority.trust());
    authority.leaf("yunchuan", P256);
    authority.leaf("jinling", RSA);

    let remark =
        json!({"command": "remark_on_agreement", "heading": "goals", "remark": "写明年度"});
    tale.does("saibei", remark).await;
    tale.does("yunchuan", json!({"command": "answer_remark", "no": 1, "answer": "见附表一"})).await;
    let remind = json!({"command": "remind_to_sign", "unit": "u-saibei"});
    tale.does("yunchuan", remind.clone()).await;
    let again = tale.ask("yunchuan", &remind).await.json();
    assert_eq!(again["happened"], json!([]), "once a day");
    tale.refused("saibei", remind, 403, "牵头单位").await;
    let letters = house.get("saibei-fr", "/messages").await;
    assert_ne!(letters.status.as_u16(), 500);

    // The statement is what was made out, for this person alone.
    let issued = statement(&tale, "yunchuan-fr", json!({"deed": "sign"})).await;
    let place = tale.path(&format!("/statements/{}", issued["digest"].as_str().unwrap()));
    assert_eq!(house.get("yunchuan-fr", &place).await.body, issued["text"].as_str().unwrap());
    assert_eq!(house.get("jinling-fr", &place).await.status.as_u16(), 404);
    let signature = authority.sign("yunchuan", issued["text"].as_str().unwrap().as_bytes());
    let foreign = sends(&tale, "jinling-fr", &issued, signature.clone()).await;
    assert_eq!(foreign.status.as_u16(), 404, "{}", foreign.body);
    let wrong = authority.sign("yunchuan", "另一份声明".as_bytes());
    let wrong = sends(&tale, "yunchuan-fr", &issued, wrong).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    let right = sends(&tale, "yunchuan-fr", &issued, signature).await;
    assert_eq!(right.status.as_u16(), 200, "{}", right.body);
    by_certificate_seal(&tale, &authority, "yunchuan").await;

    // A handler signs with a letter of authority that stands in the statement.
    let (letter, _) = house.upload("jinling", "letter of authority").await;
    let foreign = json!({"deed": "sign", "letter": "0".repeat(64)});
    let foreign = house.post("jinling", &tale.path("/statements"), &foreign).await;
    assert_eq!(foreign.status.as_u16(), 422, "a letter nobody brought: {}", foreign.body);
    let bare = statement(&tale, "jinling", json!({"deed": "sign"})).await;
    let signature = authority.sign("jinling", bare["text"].as_str().unwrap().as_bytes());
    let bare = sends(&tale, "jinling", &bare, signature).await;
    assert!(bare.status.as_u16() == 422 && bare.body.contains("授权委托书"), "{}", bare.body);
    let issued = statement(&tale, "jinling", json!({"deed": "sign", "letter": letter})).await;
    let signature = authority.sign("jinling", issued["text"].as_str().unwrap().as_bytes());
    let done = sends(&tale, "jinling", &issued, signature).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
    by_certificate_seal(&tale, &authority, "jinling").await;

    tale.sign(&["saibei"]).await;

    // Paper: one scan for the rest, brought by whoever offers it.
    let digest = tale.locked().await;
    let custodian = "北疆能源研究院档案室";
    let offer = |scan: &str| json!({"command": "offer_paper", "digest": digest, "scan": scan, "custodian": custodian});
    tale.refused("beijiang", offer(&letter), 422, "先用 POST /api/v1/files 上传").await;
    let (scan, _) = house.upload("beijiang", "the whole paper").await;
    tale.does("beijiang", offer(&scan)).await;
    let confirm = json!({"command": "confirm_paper", "digest": digest, "scan": scan});
    tale.does("beijiang", confirm.clone()).await;
    assert!(slots(&tale).await["effective_at"].is_null());
    let last = tale.ask("caoyuan", &confirm).await.json();
    assert_eq!(last["happened"], json!(["确认纸质签署件", "组建协议生效"]));

    let all = slots(&tale).await;
    assert!(all["effective_at"].is_string() && all["paper"]["custodian"] == custodian);
    let methods = [
        ("yunchuan", "certificate", "certificate"),
        ("jinling", "certificate", "certificate"),
        ("saibei", "account_password", "scan"),
        ("beijiang", "paper", "paper"),
        ("caoyuan", "paper", "paper"),
    ];
    for (unit, signature, seal) in methods {
        let slot = slot(&all, unit);
        assert_eq!(
            (&slot["signature_method"], &slot["seal_method"]),
            (&json!(signature), &json!(seal))
        );
    }
    assert_eq!(slot(&all, "jinling")["letter"], letter);
    assert_eq!(slot(&all, "jinling")["capacity"], "经办人");
    assert_eq!(slot(&all, "saibei")["reminded"].as_array().unwrap().len(), 1);
    // Every proof can be taken out, and by its digest.
    let proof = &slot(&all, "yunchuan")["signature_proof"];
    for (part, kind) in [("statement", "text/plain"), ("file", "application/pkcs7-signature")] {
        let file = tale.path(&format!("/files/{}", proof[part].as_str().unwrap()));
        let reply = house.get("caoyuan", &file).await;
        assert!(reply.status == 200 && reply.header("content-type").starts_with(kind), "{part}");
        assert_eq!(house.get("lvqing", &file).await.status.as_u16(), 404);
    }
    assert_eq!(house.get("caoyuan", &tale.path("/evidence")).await.status.as_u16(), 200);
    let decline = json!({"command": "decline_to_sign", "reason": "想再议"});
    tale.refused("saibei-fr", decline, 409, "协议已经生效").await;
}

async fn by_certificate_seal(tale: &Tale<'_>, authority: &Authority, unit: &str) {
    let issued = statement(tale, unit, json!({"deed": "seal"})).await;
    let signature = authority.sign(unit, issued["text"].as_str().unwrap().as_bytes());
    let done = sends(tale, unit, &issued, signature).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
}

/// J11, J12: what was signed before a change stays to be read, with what became of it.
pub(crate) async fn every_version_stays_and_any_two_are_told_apart(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    house.state.office.trust(authority.trust());
    authority.leaf("saibei", P256);
    by_certificate(&tale, &authority, "saibei").await;
    let before = house.get("saibei", &tale.path("/agreement")).await.body;
    tale.does("beijiang-fr", json!({"command": "decline_to_sign", "reason": "收益分配要再议"}))
        .await;
    let mut text = crate::papers::agreement();
    text["distribution"] = json!("各方每年九月底前到位，收益按贡献分配。");
    let write = json!({"command": "write_agreement", "text": text, "void_signatures": true});
    tale.does("yunchuan", write).await;

    let versions = house.get("caoyuan", &tale.path("/agreement/versions")).await.json();
    let versions = versions.as_array().unwrap();
    let standing: Vec<_> = versions.iter().map(|one| one["standing"].as_str().unwrap()).collect();
    assert_eq!(standing, ["void", "replaced", "draft"]);
    assert_eq!(versions[0]["standing_term"], "对旧文本有效，已失效");
    assert_eq!(versions[0]["ended_because"], "不同意签署");
    assert_eq!(versions[0]["declined"]["unit"], "u-beijiang");
    assert_eq!(versions[0]["declined"]["reason"], "收益分配要再议");
    assert_eq!(slot(&versions[0], "saibei")["seal_method"], "certificate");
    let number = |at: usize| versions[at]["version"].as_u64().unwrap();

    let old = house.get("caoyuan", &tale.path(&format!("/agreement/versions/{}", number(0)))).await;
    assert_eq!(old.json()["text"].as_str().unwrap(), before, "byte for byte as it was signed");
    assert_eq!(old.json()["sha256"], versions[0]["digest"]);

    let two = |from: u64, to: u64| tale.path(&format!("/agreement/comparison?from={from}&to={to}"));
    let found = house.get("caoyuan", &two(number(0), number(2))).await.json();
    let clauses = found["clauses"].as_array().unwrap();
    assert_eq!(clauses.len(), 1, "{found}");
    assert_eq!(clauses[0]["title"], "投入与收益分配办法");
    let joined = |without: &str| -> String {
        let pieces = clauses[0]["pieces"].as_array().unwrap().iter();
        let kept = pieces.filter(|piece| piece["mark"] != without);
        kept.map(|piece| piece["text"].as_str().unwrap()).collect()
    };
    assert_eq!(joined("removed"), text["distribution"].as_str().unwrap());
    assert_eq!(joined("inserted"), crate::papers::agreement()["distribution"].as_str().unwrap());
    assert_eq!(house.get("caoyuan", &two(number(1), number(1))).await.json()["clauses"], json!([]));
    assert_eq!(house.get("caoyuan", &two(1, 900)).await.status.as_u16(), 404);
    let half = tale.path("/agreement/comparison?from=1");
    assert_eq!(house.get("caoyuan", &half).await.status.as_u16(), 422);
    assert_eq!(house.get("lvqing", &two(number(0), number(2))).await.status.as_u16(), 404);

    // The pages say the same in marks that are no colour alone.
    let cookie = house.cookie("caoyuan").await;
    let opens = async |rest: &str| crate::pages::opens(&house, &cookie, &tale.page(rest)).await;
    let list = opens("/agreement/versions").await;
    assert!(list.status == 200 && list.body.contains("对旧文本有效，已失效"), "{}", list.body);
    let page = opens(&format!("/agreement/compare?from={}&to={}", number(0), number(2))).await;
    assert!(page.body.contains("<ins><span class=\"vh\">增加："), "{}", page.body);
    assert!(page.body.contains("<del><span class=\"vh\">删去："), "{}", page.body);
    let old = opens(&format!("/agreement/versions/{}", number(0))).await;
    assert!(old.body.contains("因“不同意签署”由新的文本代替"), "{}", old.body);
    assert!(old.body.contains("不同意签署：收益分配要再议"), "{}", old.body);
    assert_eq!(opens("/agreement/versions/900").await.status.as_u16(), 404);
}

/// Ten acts of five parties on two nodes at once: whatever order they come in, one is the last.
pub(crate) async fn all_parties_at_once_make_one_moment(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    let (digest, path) = (tale.locked().await, tale.path("/commands"));
    let mut acts = Vec::new();
    for unit in ["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"] {
        let (scan, _) = house.upload(unit, &format!("seal of {unit}")).await;
        let seal = json!({"command": "seal", "digest": digest, "scan": scan});
        let sign = json!({"command": "sign", "digest": digest, "password": PASSWORD});
        acts.extend([(unit.to_owned(), seal), (format!("{unit}-fr"), sign)]);
    }
    let nodes = [Arc::new(house.beside()), Arc::new(house.beside())];
    let mut waiting = tokio::task::JoinSet::new();
    for (turn, (who, act)) in acts.into_iter().enumerate() {
        let (node, path) = (Arc::clone(&nodes[turn % 2]), path.clone());
        waiting.spawn(async move {
            loop {
                // Who waited too long is told to come back.
                let reply = node.post(&who, &path, &act).await;
                if reply.status != 503 {
                    return reply;
                }
            }
        });
    }
    let replies = waiting.join_all().await;
    for reply in &replies {
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    }
    let last = replies.iter().filter(|reply| reply.body.contains("组建协议生效")).count();
    assert_eq!(last, 1, "one act completes the agreement");
    let told = house.get("yunchuan", &tale.path("/timeline")).await.json();
    let lines = told.as_array().unwrap().iter();
    assert_eq!(lines.filter(|line| line["title"] == "组建协议生效").count(), 1, "{told}");
    let all = slots(&tale).await;
    let moments = all["slots"].as_array().unwrap().iter();
    let moments = moments.flat_map(|slot| [&slot["signed_at"], &slot["sealed_at"]]);
    assert_eq!(moments.map(|at| at.as_str().unwrap()).max(), all["effective_at"].as_str());
}

/// Where each party stands, who did it, when and by what.
pub(crate) async fn the_progress_of_every_party_is_told(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    let state = async |unit: &str| {
        let all = slots(&tale).await;
        slot(&all, unit)["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("beijiang").await, "invited");
    // Whoever is no party opens nothing, and reading the slots is no opening.
    house.on_day("2026-02-26");
    let before = tale.sequence().await;
    assert_eq!(house.get("beijiang", &tale.path("/agreement")).await.status, 200);
    assert_eq!(tale.sequence().await, before, "to open is no act");
    assert_eq!(state("beijiang").await, "opened");
    let all = slots(&tale).await;
    assert_eq!(slot(&all, "beijiang")["opened"]["by"], "经办人");
    assert!(slot(&all, "beijiang")["opened"]["at"].as_str().unwrap().starts_with("2026-02-26T"));
    house.on_day("2026-02-27");
    assert_eq!(house.get("beijiang-fr", &tale.path("/agreement")).await.status, 200);
    assert_eq!(slots(&tale).await["slots"], all["slots"], "the first opening counts");
    let cookie = house.cookie("caoyuan").await;
    let page = crate::pages::opens(&house, &cookie, &tale.page("/agreement")).await;
    assert!(page.body.contains("2026-02-26") && page.body.contains("经办人打开"), "{}", page.body);
    assert_eq!(state("caoyuan").await, "opened");
    let digest = tale.locked().await;
    let sign = json!({"command": "sign", "digest": digest, "password": PASSWORD});
    tale.does("saibei-fr", sign).await;
    assert_eq!(state("saibei").await, "signed");
    let (scan, _) = house.upload("jinling", "seal of jinling").await;
    tale.does("jinling", json!({"command": "seal", "digest": digest, "scan": scan})).await;
    assert_eq!(state("jinling").await, "sealed");
    tale.sign(&["yunchuan"]).await;
    assert_eq!(state("yunchuan").await, "complete");
    // 15 working days from 25 February: the last of them is in time, the next day is not.
    let due = slots(&tale).await["slots"][0]["due"].as_str().unwrap().to_owned();
    house.on_day(&due);
    assert_eq!(state("caoyuan").await, "opened");
    let next: jiff::civil::Date = due.parse().unwrap();
    house.on_day(&next.tomorrow().unwrap().to_string());
    for unit in ["caoyuan", "saibei", "jinling", "beijiang"] {
        assert_eq!(state(unit).await, "overdue", "{unit}");
    }
    assert_eq!(state("yunchuan").await, "complete");
}
