//! Tokens and sessions: who gets in, from where, and how it ends.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::tale::told;

const NAME: &str = "内蒙古自治区电化学储能创新联合体";

async fn by_cookie(
    house: &House,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Reply {
    let mut request = house.request("", method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header(header::CONTENT_TYPE, "application/json");
    house.send(request.body(body.to_string().into()).unwrap()).await
}

pub(crate) async fn a_token_is_made_for_the_password_and_ends_when_asked(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let weak = json!({"login": "yunchuan", "password": PASSWORD});
    let reply = house.post("", "/api/v1/tokens", &weak).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["type"]), (403, &json!("/api#too_weak")));
    house.binds("yunchuan").await;
    let reply = house.post("", "/api/v1/tokens", &weak).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!("code")));
    let code = house.code("yunchuan", 0);
    let wanted = json!({"login": "YunChuan", "password": PASSWORD, "code": code, "days": 2});
    let reply = house.post("", "/api/v1/tokens", &wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(reply.json()["side"], "unit:u-yunchuan");
    let bearer = format!("Bearer {}", reply.json()["token"].as_str().unwrap());
    let with = |method: Method, path: &str| {
        let request = house.request("", method, path).header(header::AUTHORIZATION, &bearer);
        request.body(Body::empty()).unwrap()
    };
    let me = house.send(with(Method::GET, "/api/v1/me")).await;
    assert_eq!((me.status.as_u16(), &me.json()["login"]), (200, &json!("yunchuan")));
    assert_eq!(me.json().get("csrf_token"), None);
    assert_eq!(house.send(with(Method::DELETE, "/api/v1/tokens/current")).await.status, 204);
    assert_eq!(house.send(with(Method::GET, "/api/v1/me")).await.status, 401);
    // A code is used up, whatever it was used for.
    assert_eq!(house.post("", "/api/v1/tokens", &wanted).await.status, 422);
    let code = house.code("yunchuan", 1);
    let other =
        json!({"login": "yunchuan", "password": PASSWORD, "code": code, "post": "t-decider"});
    assert_eq!(house.post("", "/api/v1/tokens", &other).await.status, 422);
}

pub(crate) async fn guessing_passwords_is_slowed_down_and_tells_nothing(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let ask = |login: &str| json!({"login": login, "password": "wrong"});
    let known = house.post("", "/api/v1/tokens", &ask("yunchuan")).await;
    let unknown = house.post("", "/api/v1/tokens", &ask("nobody")).await;
    assert_eq!((known.status.as_u16(), &known.body), (401, &unknown.body));
    for _ in 0..5 {
        house.post("", "/api/v1/tokens", &ask("yunchuan")).await;
    }
    let slowed = house.post("", "/api/v1/tokens", &ask("yunchuan")).await;
    assert_eq!(slowed.status, 429, "{}", slowed.body);
    assert!(slowed.header("retry-after").parse::<u32>().unwrap() >= 1);
    let odd = json!({"login": "\u{7f}", "password": ""});
    assert!(house.post("", "/api/v1/tokens", &odd).await.status.is_client_error());
}

pub(crate) async fn a_signature_takes_the_password_again(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    let digest = tale.locked().await;
    let sign = |password: &str| json!({"command": "sign", "digest": digest, "password": password});
    tale.refused("saibei-fr", sign("wrong"), 422, "密码不对").await;
    tale.refused("saibei", sign(PASSWORD), 422, "授权委托书").await;
    assert_eq!(tale.does("saibei-fr", sign(PASSWORD)).await, "signing");
    let journal = house.state.store.load(&tale.id).await.unwrap();
    let last = journal.last().unwrap();
    assert_eq!(
        (last.kind.as_str(), &last.payload["method"]),
        ("signed", &json!("account_password"))
    );
    assert!(!journal.iter().any(|entry| entry.payload.to_string().contains(PASSWORD)));
}

pub(crate) async fn a_session_writes_only_with_its_own_token_from_our_own_pages(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-02-10");
    let (own, other) = (house.cookie("yunchuan").await, house.cookie("jinling").await);
    let token = async |cookie: &str| {
        let headers = [("cookie", cookie)];
        let me = by_cookie(&house, Method::GET, "/api/v1/me", &headers, &Value::Null).await;
        me.json()["csrf_token"].as_str().unwrap().to_owned()
    };
    let (right, wrong) = (token(&own).await, token(&other).await);
    let cookie = own.as_str();
    // headers beside the cookie
    let refused: [&[(&str, &str)]; 6] = [
        &[],
        &[("x-csrf-token", "")],
        &[("x-csrf-token", wrong.as_str())],
        &[("x-csrf-token", right.as_str()), ("sec-fetch-site", "cross-site")],
        &[("x-csrf-token", right.as_str()), ("origin", "https://evil.test")],
        &[("x-csrf-token", right.as_str()), ("origin", "null")],
    ];
    let body = json!({ "name": NAME });
    for headers in refused {
        let headers: Vec<_> = headers.iter().copied().chain([("cookie", cookie)]).collect();
        let reply = by_cookie(&house, Method::POST, "/api/v1/dossiers", &headers, &body).await;
        assert_eq!(reply.status, 403, "{headers:?}: {}", reply.body);
    }
    let headers =
        [("cookie", cookie), ("x-csrf-token", right.as_str()), ("origin", "https://cl.test")];
    let reply = by_cookie(&house, Method::POST, "/api/v1/dossiers", &headers, &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}

pub(crate) async fn every_writing_page_refuses_a_forged_post(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let cookie = house.cookie("yunchuan").await;
    let dossier = format!("/dossiers/{}", tale.id);
    let paths = [
        "/logout".to_owned(),
        "/profile/post".to_owned(),
        "/profile/password".to_owned(),
        "/profile/sessions/end".to_owned(),
        "/profile/tokens".to_owned(),
        "/profile/tokens/end".to_owned(),
        "/dossiers/new".to_owned(),
        format!("{dossier}/submit"),
        format!("{dossier}/withdraw"),
    ];
    let before = tale.sequence().await;
    for path in paths {
        for (name, value) in [
            ("x-nothing", "1"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.test"),
        ] {
            let request = house.request("", Method::POST, &path).header("cookie", &cookie);
            let request = request
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let reply = house.send(request.body("reason=x&_csrf=00".into()).unwrap()).await;
            // An address that takes no posts is no way in either.
            assert!(matches!(reply.status.as_u16(), 403..=405), "{path} {name}: {value}");
        }
    }
    assert_eq!(tale.sequence().await, before);
    assert_eq!(
        house
            .send(
                house
                    .request("", Method::GET, "/profile")
                    .header("cookie", &cookie)
                    .body(Body::empty())
                    .unwrap()
            )
            .await
            .status,
        200,
        "still signed in"
    );
}
