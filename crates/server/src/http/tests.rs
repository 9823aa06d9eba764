//! The layers, asked through the router without a socket.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::routing::{get, post};
use consortium::actor::Capacity;
use http_body_util::BodyExt;
use store::{Location, Store};
use tower::ServiceExt;

use super::{Answer, Fault, Form, SignedIn, Upload, Visitor, finish, posted, see_other};
use crate::clock::Clock;
use crate::config::{Argon2Cost, Config, Pace};
use crate::pages;
use crate::pages::account::{AccountPost, NewAccount, create};
use crate::platform_key::PlatformKey;
use crate::state::AppState;

const PASSWORD: &str = "tulip kettle 97 bridge";

/// An office in memory, with one person of the Department.
async fn office(config: Config) -> (AppState, Router) {
    let store = Store::open(Location::Memory).expect("a store");
    let config = Config { argon2: Argon2Cost::CHEAP, ..config };
    let clock = Clock::fixed("2026-11-20T01:00:00Z".parse().expect("a timestamp"));
    let key = PlatformKey::fresh(clock.now()).expect("a key");
    let state = AppState::new(store, config, clock, key);
    let account = NewAccount {
        login: "gaowa".to_owned(),
        name: "高娃".to_owned(),
        password_hash: Some(state.passwords.hash(PASSWORD).await.expect("a hash")),
        post: AccountPost { side: "department".to_owned(), capacity: Capacity::Reviewer },
        now_ms: 0,
        today: "2026-01-01".to_owned(),
        setup: None,
    };
    create(&state.store, account).await.expect("an account");
    let routes = pages::table::router()
        .route("/panic", get(async || -> Answer { panic!("a secret word") }))
        .route("/mine", get(mine))
        .route("/form", post(async |form: Form| form.get("a").to_owned()))
        .route("/upload", post(async |upload: Upload| upload.files.len().to_string()))
        .route("/api/mine", get(mine).post(mine))
        .fallback(async || Fault::NotFound);
    let app = finish(routes, state.clone());
    (state, app)
}

async fn mine(signed: SignedIn) -> String {
    signed.actor.capacity.term().to_owned()
}

fn ask(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "office.test")
}

fn plain(path: &str) -> Request<Body> {
    ask(Method::GET, path).body(Body::empty()).expect("a request")
}

fn form(path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Request<Body> {
    ask(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .body(serde_urlencoded::to_string(pairs).expect("pairs").into())
        .expect("a request")
}

async fn answer(app: &Router, request: Request<Body>) -> Response<Body> {
    app.clone().oneshot(request).await.expect("an answer")
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The cookies an answer sets, as a request sends them.
fn cookies(response: &Response<Body>) -> String {
    let set = response.headers().get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

fn token(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"_csrf\" value=\"").expect("a token");
    rest.chars().take_while(|letter| *letter != '"').collect()
}

/// Opens the login page: its cookie and its token.
async fn door(app: &Router) -> (String, String) {
    let response = answer(app, plain("/login")).await;
    let cookie = cookies(&response);
    (cookie, token(&text(response).await))
}

async fn sign_in(app: &Router, password: &str) -> Response<Body> {
    let (cookie, token) = door(app).await;
    let pairs = [("_csrf", token.as_str()), ("login", "gaowa"), ("password", password)];
    answer(app, form("/login", &cookie, &pairs)).await
}

/// Signs in, and is as strong as the post asks from then on; the session cookie.
async fn session(state: &AppState, app: &Router) -> String {
    let response = sign_in(app, PASSWORD).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/home");
    let person = state.store.person_by_login("gaowa").await.expect("a read").expect("a person");
    for row in state.store.sessions(&person.id).await.expect("a read") {
        let (strength, proved_with) = ("two_factor".to_owned(), "totp".to_owned());
        let strong = store::Session { strength, proved_with, ..row };
        state.store.save_session(strong).await.expect("a write");
    }
    cookies(&response)
}

#[tokio::test]
async fn every_page_carries_the_headers_and_no_inline_style_or_script() {
    let (_, app) = office(Config::default()).await;
    for path in ["/regulation", "/guide", "/about", "/login", "/nowhere", "/privacy"] {
        let response = answer(&app, plain(path)).await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let html = text(response).await;
        assert!(!html.contains(" style=") && !html.contains("<style"), "{path}");
        assert!(!html.contains("<script>") && !html.contains(" onclick="), "{path}");
        assert!(html.contains("<html lang=\"zh-CN\""), "{path}");
    }
}

#[tokio::test]
async fn a_page_without_a_form_sets_no_cookie() {
    let (_, app) = office(Config::default()).await;
    let response = answer(&app, plain("/regulation")).await;
    assert_eq!(response.headers().get(header::SET_COOKIE), None);
}

#[tokio::test]
async fn signing_in_leads_to_pages_of_ones_own_and_out_again() {
    let (state, app) = office(Config::default()).await;
    let away = answer(&app, plain("/mine?a=1")).await;
    assert_eq!(away.headers()[header::LOCATION], "/login?next=%2Fmine%3Fa%3D1");
    let cookie = session(&state, &app).await;
    let with = |path: &str| {
        let request = ask(Method::GET, path).header(header::COOKIE, &cookie);
        request.body(Body::empty()).expect("a request")
    };
    let response = answer(&app, with("/mine")).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(text(response).await, "形式审查员");
    let profile = text(answer(&app, with("/profile")).await).await;
    assert!(profile.contains("高娃") && profile.contains("内蒙古自治区科学技术厅"));
    let leave = form("/logout", &cookie, &[("_csrf", &token(&profile))]);
    assert_eq!(answer(&app, leave).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer(&app, with("/mine")).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn each_login_has_a_new_session_and_ends_the_one_before() {
    let (state, app) = office(Config::default()).await;
    let first = session(&state, &app).await;
    let page = ask(Method::GET, "/profile").header(header::COOKIE, &first);
    let html = text(answer(&app, page.body(Body::empty()).expect("a request")).await).await;
    let csrf = token(&html);
    let pairs = [("_csrf", csrf.as_str()), ("login", "gaowa"), ("password", PASSWORD)];
    let second = cookies(&answer(&app, form("/login", &first, &pairs)).await);
    assert_ne!(first, second);
    let person = state.store.person_by_login("gaowa").await.expect("a read").expect("a person");
    assert_eq!(state.store.sessions(&person.id).await.expect("a read").len(), 1);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_its_end() {
    let config = Config { session_idle_ms: 0, ..Config::default() };
    let (state, app) = office(config).await;
    let cookie = session(&state, &app).await;
    let person = state.store.person_by_login("gaowa").await.expect("a read").expect("a person");
    let mut row = state.store.sessions(&person.id).await.expect("a read").remove(0);
    let page = || {
        let request = ask(Method::GET, "/mine").header(header::COOKIE, &cookie);
        request.body(Body::empty()).expect("a request")
    };
    assert_eq!(answer(&app, page()).await.status(), StatusCode::OK);
    row.seen_ms -= 1;
    state.store.save_session(row).await.expect("a write");
    assert_eq!(answer(&app, page()).await.status(), StatusCode::SEE_OTHER);
    assert!(state.store.sessions(&person.id).await.expect("a read").is_empty());
}

#[tokio::test]
async fn wrong_and_unknown_look_alike_and_soon_have_to_wait() {
    let (_, app) = office(Config::default()).await;
    let (cookie, token) = door(&app).await;
    let mut pages = Vec::new();
    for login in ["gaowa", "nobody"] {
        let pairs = [("_csrf", token.as_str()), ("login", login), ("password", "wrong")];
        let response = answer(&app, form("/login", &cookie, &pairs)).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        pages.push(text(response).await.contains("账号或密码不对"));
    }
    assert_eq!(pages, [true, true]);
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = sign_in(&app, "wrong").await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&app, PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_post_without_its_token_or_from_elsewhere_is_refused() {
    let (_, app) = office(Config::default()).await;
    let (cookie, token) = door(&app).await;
    let mine = form("/form", &cookie, &[("_csrf", &token), ("a", " 一 ")]);
    assert_eq!(text(answer(&app, mine).await).await, "一");
    let none = form("/form", &cookie, &[("a", "1")]);
    assert_eq!(answer(&app, none).await.status(), StatusCode::FORBIDDEN);
    let without_cookie = form("/form", "", &[("_csrf", &token)]);
    assert_eq!(answer(&app, without_cookie).await.status(), StatusCode::FORBIDDEN);
    let (_, other) = door(&app).await;
    let of_another = form("/form", &cookie, &[("_csrf", &other)]);
    assert_eq!(answer(&app, of_another).await.status(), StatusCode::FORBIDDEN);
    let mut elsewhere = form("/form", &cookie, &[("_csrf", &token)]);
    elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    assert_eq!(answer(&app, elsewhere).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_is_read_up_to_its_limit_and_no_further() {
    let (_, app) = office(Config::default()).await;
    let (cookie, token) = door(&app).await;
    let body = |bytes: usize| {
        let head = format!("_csrf={token}&a=");
        let fill = "x".repeat(bytes - head.len());
        let mut request = form("/form", &cookie, &[]);
        *request.body_mut() = format!("{head}{fill}").into();
        request
    };
    let edge = answer(&app, body(posted::FORM_BYTES_MAX)).await;
    assert_eq!(edge.status(), StatusCode::OK);
    let past = answer(&app, body(posted::FORM_BYTES_MAX + 1)).await;
    assert_eq!(past.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(past).await.contains("一张表单最多 256 KB"));
}

/// A form with files, its token first.
fn upload(cookie: &str, token: &str, file: &[u8]) -> Request<Body> {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    ask(Method::POST, "/upload")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header(header::COOKIE, cookie)
        .body(body.into())
        .expect("a request")
}

#[tokio::test]
async fn a_file_is_read_up_to_its_limit_and_only_after_the_token() {
    let (state, app) = office(Config::default()).await;
    let (cookie, nobody) = door(&app).await;
    let unsigned = answer(&app, upload(&cookie, &nobody, b"%PDF")).await;
    assert_eq!(unsigned.status(), StatusCode::SEE_OTHER, "only who signed in brings files");
    let cookie = session(&state, &app).await;
    let home = ask(Method::GET, "/home").header(header::COOKIE, &cookie);
    let home = answer(&app, home.body(Body::empty()).expect("a request")).await;
    let token = token(&text(home).await);
    let most = usize::try_from(consortium::materials::FILE_BYTES_MAX).expect("a size");
    // Nothing but zeros is no file that is taken: it is read to its end, and refused in words.
    let mut bytes = vec![0; most];
    assert_eq!(text(answer(&app, upload(&cookie, &token, &bytes)).await).await, "1");
    bytes.push(0);
    let response = answer(&app, upload(&cookie, &token, &bytes)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(response).await.contains("200 MB"));
    let forged = answer(&app, upload(&cookie, "00", b"%PDF")).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_panic_is_a_page_with_a_number_and_without_its_words() {
    let (_, app) = office(Config::default()).await;
    let response = answer(&app, plain("/panic")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let html = text(response).await;
    assert!(html.contains("编号") && !html.contains("a secret word"), "{html}");
}

#[tokio::test]
async fn the_api_answers_with_problems_and_takes_tokens_only_for_writing() {
    let (state, app) = office(Config::default()).await;
    let response = answer(&app, plain("/api/mine")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let cookie = session(&state, &app).await;
    let by_session = form("/api/mine", &cookie, &[]);
    assert_eq!(answer(&app, by_session).await.status(), StatusCode::FORBIDDEN);
    let person = state.store.person_by_login("gaowa").await.expect("a read").expect("a person");
    let post = state.store.posts(&person.id).await.expect("a read").remove(0);
    let token = store::Token {
        hash: super::session::digest("clt_secret"),
        person: person.id,
        post: post.id,
        label: "测试".to_owned(),
        created_ms: 0,
        expires_ms: state.clock.wall_ms() + 1,
        strength: "two_factor".to_owned(),
        ..store::Token::default()
    };
    state.store.save_token(token.clone()).await.expect("a write");
    let with = |secret: &str| {
        let request = ask(Method::POST, "/api/mine");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        request.body(Body::empty()).expect("a request")
    };
    assert_eq!(answer(&app, with("clt_secret")).await.status(), StatusCode::OK);
    assert_eq!(answer(&app, with("clt_other")).await.status(), StatusCode::UNAUTHORIZED);
    let ended = store::Token { expires_ms: state.clock.wall_ms(), ..token };
    state.store.save_token(ended).await.expect("a write");
    assert_eq!(answer(&app, with("clt_secret")).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_address_that_asks_too_fast_is_told_when_to_come_back() {
    let pace = Pace { per_second: 1, burst: 2, exempt_loopback: false };
    let (_, app) = office(Config { pace, ..Config::default() }).await;
    for _ in 0..2 {
        assert_eq!(answer(&app, plain("/about")).await.status(), StatusCode::OK);
    }
    let response = answer(&app, plain("/about")).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
}

#[tokio::test]
async fn a_secure_office_binds_its_cookies_to_the_host() {
    let config = Config { secure: true, ..Config::default() };
    let (_, app) = office(config).await;
    let response = answer(&app, plain("/login")).await;
    assert!(response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.starts_with("__Host-pre=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_long_address_and_a_wrong_method_have_their_pages() {
    let (_, app) = office(Config::default()).await;
    let long = format!("/about?{}", "x".repeat(9000));
    assert_eq!(answer(&app, plain(&long)).await.status(), StatusCode::URI_TOO_LONG);
    let posted = form("/about", "", &[]);
    let response = answer(&app, posted).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(text(response).await.contains("这个地址不接受这种操作"));
}

#[tokio::test]
async fn the_effect_of_an_act_is_shown_once() {
    let (state, app) = office(Config::default()).await;
    let cookie = session(&state, &app).await;
    let page = |cookie: &str| {
        let request = ask(Method::GET, "/profile").header(header::COOKIE, cookie);
        request.body(Body::empty()).expect("a request")
    };
    let csrf = token(&text(answer(&app, page(&cookie)).await).await);
    let all = [("_csrf", csrf.as_str()), ("session", "all")];
    let done = answer(&app, form("/profile/sessions/end", &cookie, &all)).await;
    let with_flash = format!("{cookie}; {}", cookies(&done));
    let response = answer(&app, page(&with_flash)).await;
    let ends_it = response.headers().get_all(header::SET_COOKIE).iter();
    assert!(ends_it.filter_map(|v| v.to_str().ok()).any(|v| v.starts_with("flash=;")));
    assert!(text(response).await.contains("已退出 0 台设备上的登录"));
}

#[test]
fn an_act_never_leads_elsewhere() {
    assert_eq!(see_other("https://evil.test").headers()[header::LOCATION], "/");
}

#[tokio::test]
async fn large_letters_work_without_script() {
    let (_, app) = office(Config::default()).await;
    let response = answer(&app, plain("/size?large=1&next=%2Fabout")).await;
    assert_eq!(response.headers()[header::LOCATION], "/about");
    let cookie = cookies(&response);
    let request = ask(Method::GET, "/about").header(header::COOKIE, cookie);
    let html = text(answer(&app, request.body(Body::empty()).expect("a request")).await).await;
    assert!(html.contains("data-size=\"large\"") && html.contains("标准字号"));
}

#[tokio::test]
async fn a_visitor_is_the_public() {
    let (_, app) = office(Config::default()).await;
    let who = async |visitor: Visitor| visitor.actor().capacity.term().to_owned();
    let (state, _) = office(Config::default()).await;
    let extra = finish(Router::new().route("/who", get(who)), state);
    assert_eq!(text(answer(&extra, plain("/who")).await).await, "社会公众");
    assert_eq!(answer(&app, plain("/who")).await.status(), StatusCode::NOT_FOUND);
}
