//! 通行密钥 — registered, used to sign in, to prove oneself again and to sign; and everything that is
//! not quite right refused in words, with a device made of software.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use server::http::session;
use server::http::strength::{self, PROOF_SERVES_MS};
use store::Challenge;

use crate::authenticator::{Authenticator, PRESENT, VERIFIED, bytes};
use crate::house::{House, Reply};
use crate::place::Engine;
use crate::strength::{age, kept, opens};
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";
const PAGE: &str = "/security/passkeys";

/// Somebody in front of a browser: cookies, and the token of the last page.
pub(crate) struct Window<'a> {
    house: &'a House,
    cookie: String,
    token: String,
}

impl<'a> Window<'a> {
    /// Before signing in.
    pub(crate) async fn open(house: &'a House) -> Self {
        let mut window = Self { house, cookie: String::new(), token: String::new() };
        window.get("/login").await;
        window
    }

    /// Signed in by password.
    pub(crate) async fn of(house: &'a House, login: &str) -> Self {
        let cookie = house.cookie(login).await;
        let mut window = Self { house, cookie, token: String::new() };
        window.get("/profile").await;
        window
    }

    fn keep(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            if pair.starts_with("sid=") || (pair.starts_with("pre=") && self.cookie.is_empty()) {
                pair.clone_into(&mut self.cookie);
            }
        }
        if let Some((_, rest)) = reply.body.split_once("name=\"_csrf\" value=\"") {
            rest.split('"').next().unwrap().clone_into(&mut self.token);
        }
    }

    /// A request as it comes where passkeys work.
    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        request.header(header::HOST, "localhost:8080").header(header::COOKIE, &self.cookie)
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, path);
        let reply = self.house.send(request.body(Body::empty()).unwrap()).await;
        self.keep(&reply);
        reply
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let pairs = [&[("_csrf", self.token.as_str())], fields].concat();
        let body = serde_urlencoded::to_string(pairs).unwrap();
        let request = self.request(Method::POST, path);
        let kind = "application/x-www-form-urlencoded";
        let request = request.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
        let reply = self.house.send(request).await;
        self.keep(&reply);
        reply
    }

    /// What an authenticator is asked for.
    async fn asked(&mut self, path: &str) -> Value {
        let reply = self.post(path, &[]).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.json()
    }

    /// Registers a device.
    async fn register(&mut self, device: &mut Authenticator, label: &str) -> Reply {
        let asked = self.asked(&format!("{PAGE}/challenge")).await;
        let answer = device.create(&asked).to_string();
        self.post(PAGE, &[("label", label), ("credential", &answer)]).await
    }

    /// The bearer of the challenges of this window.
    fn bearer(&self) -> String {
        session::digest(self.cookie.split_once('=').unwrap().1)
    }
}

/// A device registered for somebody.
pub(crate) async fn registered(house: &House, login: &str, number: u8) -> Authenticator {
    let mut device = Authenticator::new(number);
    let mut window = Window::of(house, login).await;
    let reply = window.register(&mut device, "工作手机").await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    device
}

/// Lets a challenge run out.
async fn expire(house: &House, asked: &Value, bearer: &str, purpose: &str) {
    let now_ms = house.state.clock.wall_ms();
    let challenge = asked["challenge"].as_str().unwrap().to_owned();
    let (bearer, purpose) = (bearer.to_owned(), purpose.to_owned());
    let (asked_ms, expires_ms) = (now_ms - 300_001, now_ms - 1);
    let over = Challenge { challenge, bearer, purpose, asked_ms, expires_ms };
    house.state.store.ask(over).await.unwrap();
}

/// What is not quite right about an answer, and the words it is refused with.
type Wrong = (&'static str, fn(&mut Authenticator), &'static str);

/// Answers to a challenge of one's own that count nowhere.
const WRONG: [Wrong; 6] = [
    ("nobody verified", |device| device.flags = PRESENT | 0x08, "没有用指纹、面容或者 PIN"),
    ("nobody there", |device| device.flags = VERIFIED | 0x08, "没有用指纹、面容或者 PIN"),
    ("another page", |device| "https://evil.test".clone_into(&mut device.origin), "另一个网址"),
    (
        "the page by numbers",
        |device| "http://127.0.0.1:8080".clone_into(&mut device.origin),
        "另一个网址",
    ),
    ("another site", |device| device.site = Some("evil.test".to_owned()), "属于另一个网站"),
    ("another key", |device| *device = device.with_key_of(99), "签名验证不通过"),
];

pub(crate) async fn a_passkey_is_registered_named_used_and_taken_away(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let mut device = registered(&house, "saibei", 1).await;
    let mut own = Window::of(&house, "saibei").await;
    let page = own.get(PAGE).await;
    assert!(page.body.contains("工作手机") && page.body.contains("还没有用过"), "{}", page.body);
    assert!(page.body.contains("data-passkey=\"create\""), "{}", page.body);
    let elsewhere = opens(&house, &own.cookie, PAGE).await;
    assert!(!elsewhere.body.contains("data-passkey"), "{}", elsewhere.body);
    assert!(elsewhere.body.contains("http://localhost:8080/security/passkeys"));

    let again = own.register(&mut device.clone(), "再来一次").await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("已经登记过"), "{}", again.body);
    let mut other = Window::of(&house, "jinling").await;
    let taken = other.register(&mut device.clone(), "别人的").await;
    assert!(taken.status == 422 && taken.body.contains("已经登记过"), "{}", taken.body);

    let mut browser = Window::open(&house).await;
    let asked = browser.asked("/login/passkey/challenge").await;
    assert_eq!(asked["allowCredentials"], json!([]), "no name is typed");
    assert_eq!(
        (&asked["rpId"], &asked["userVerification"]),
        (&json!("localhost"), &json!("required"))
    );
    let answer = device.get(&asked).to_string();
    let reply =
        browser.post("/login/passkey", &[("credential", &answer), ("next", "/dossiers")]).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, "/dossiers"),
        "{}",
        reply.body
    );
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("姓名saibei"), "{}", profile.body);

    let id = device.id();
    for (who, status) in [(&mut other, 404), (&mut own, 303)] {
        for place in ["rename", "end"] {
            if place == "end" && status == 303 {
                continue;
            }
            let fields = [("passkey", id.as_str()), ("label", "新手机")];
            let reply = who.post(&format!("{PAGE}/{place}"), &fields).await;
            assert_eq!(reply.status.as_u16(), status, "{place}: {}", reply.body);
        }
    }
    assert!(own.get(PAGE).await.body.contains("新手机"));
    let long = "长".repeat(41);
    let reply = own.post(&format!("{PAGE}/rename"), &[("passkey", &id), ("label", &long)]).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    let reply = own.post(&format!("{PAGE}/end"), &[("passkey", &id)]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let mut browser = Window::open(&house).await;
    let asked = browser.asked("/login/passkey/challenge").await;
    let answer = device.get(&asked).to_string();
    let reply = browser.post("/login/passkey", &[("credential", &answer)]).await;
    assert!(reply.status == 422 && reply.body.contains("没有登记这把通行密钥"), "{}", reply.body);
}

pub(crate) async fn a_registration_that_is_not_right_is_refused_in_words(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let mut window = Window::of(&house, "saibei").await;
    for (what, spoil, words) in &WRONG[..5] {
        let mut device = Authenticator::new(2);
        spoil(&mut device);
        let reply = window.register(&mut device, "手机").await;
        assert_eq!(reply.status, 422, "{what}: {}", reply.body);
        assert!(reply.body.contains(words), "{what}: {}", reply.body);
        assert!(reply.body.contains("value=\"手机\""), "{what}: what was typed is kept");
    }
    let mut device = Authenticator::new(2);
    let asked = window.asked(&format!("{PAGE}/challenge")).await;
    let answer = device.create(&asked).to_string();
    for (label, credential, words) in [
        ("", answer.as_str(), "名称"),
        ("手机", "", "读不出"),
        ("手机", "{}", "读不出"),
        (
            "手机",
            &device.get(&json!({ "rpId": "localhost", "challenge": "AA" })).to_string(),
            "读不出",
        ),
    ] {
        let reply = window.post(PAGE, &[("label", label), ("credential", credential)]).await;
        assert_eq!(reply.status, 422, "{words}: {}", reply.body);
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    }
    // The challenge of one is not that of another, and is good once and for a while.
    let mut other = Window::of(&house, "jinling").await;
    let fields = [("label", "手机"), ("credential", answer.as_str())];
    assert!(other.post(PAGE, &fields).await.body.contains("不是在这里为这件事发起的"));
    expire(&house, &asked, &window.bearer(), "register").await;
    assert!(window.post(PAGE, &fields).await.body.contains("超过 5 分钟"));
    assert!(window.post(PAGE, &fields).await.body.contains("已经用过"));
    assert!(house.state.store.passkeys("p-saibei").await.unwrap().is_empty());
    // So many, and not one more.
    for number in 10..20 {
        let reply = window.register(&mut Authenticator::new(number), "手机").await;
        assert_eq!(reply.status, 303, "{number}: {}", reply.body);
    }
    let reply = window.register(&mut Authenticator::new(20), "手机").await;
    assert!(reply.status == 422 && reply.body.contains("最多登记 10 把"), "{}", reply.body);
}

pub(crate) async fn a_sign_in_that_is_not_right_is_refused_in_words(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let own = registered(&house, "saibei", 3).await;
    let foreign = registered(&house, "jinling", 4).await;
    let (challenge, place) = ("/login/passkey/challenge", "/login/passkey");
    let mut window = Window::open(&house).await;
    let refused = async |window: &mut Window<'_>, answer: &Value, words: &str| {
        let reply = window.post(place, &[("credential", &answer.to_string())]).await;
        assert_eq!(reply.status, 422, "{words}: {}", reply.body);
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    };
    for (_, spoil, words) in WRONG {
        let mut device = own.clone();
        spoil(&mut device);
        let asked = window.asked(challenge).await;
        refused(&mut window, &device.get(&asked), words).await;
    }
    // Another browser's challenge, one that ran out, and one that was answered.
    let asked = window.asked(challenge).await;
    let mut device = own.clone();
    let answer = device.get(&asked);
    let mut other = Window::open(&house).await;
    refused(&mut other, &answer, "不是在这里为这件事发起的").await;
    expire(&house, &asked, &window.bearer(), "sign_in").await;
    refused(&mut window, &answer, "超过 5 分钟").await;
    let asked = window.asked(challenge).await;
    let answer = device.get(&asked);
    let mut elsewhere =
        Window { house: &house, cookie: window.cookie.clone(), token: window.token.clone() };
    let reply = window.post(place, &[("credential", &answer.to_string())]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    refused(&mut elsewhere, &answer, "已经用过").await;
    // A challenge to register, and an answer that tells another's name.
    let asked = elsewhere.asked(challenge).await;
    let mut signed = Window::of(&house, "saibei").await;
    let register = signed.asked(&format!("{PAGE}/challenge")).await;
    refused(
        &mut elsewhere,
        &device.get(&json!({ "rpId": "localhost", "challenge": register["challenge"] })),
        "不是在这里",
    )
    .await;
    let mut mixed = device.get(&asked);
    mixed["response"]["userHandle"] = foreign.clone().get(&asked)["response"]["userHandle"].clone();
    refused(&mut elsewhere, &mixed, "登记在别人名下").await;
    // Of two that send the same answer at once, one gets in.
    let asked = elsewhere.asked(challenge).await;
    let answer = device.get(&asked).to_string();
    let (cookie, token) = (elsewhere.cookie.clone(), elsewhere.token.clone());
    let mut twin = Window { house: &house, cookie, token };
    let fields = [("credential", answer.as_str())];
    let (one, other) = tokio::join!(elsewhere.post(place, &fields), twin.post(place, &fields));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    // A device that counts and was copied.
    let mut counting = Authenticator::new(5);
    counting.counter = 1;
    signed.register(&mut counting, "安全密钥").await;
    let mut devices = [counting.clone(), counting];
    for (which, taken) in [(0, true), (1, false), (0, true)] {
        let device = &mut devices[which];
        let mut window = Window::open(&house).await;
        let asked = window.asked(challenge).await;
        let answer = device.get(&asked);
        if taken {
            let reply = window.post(place, &[("credential", &answer.to_string())]).await;
            assert_eq!(reply.status, 303, "{}", reply.body);
        } else {
            refused(&mut window, &answer, "可能有人复制了它").await;
        }
    }
    // Whoever has no account any more.
    let mut person = house.state.store.person("p-saibei").await.unwrap().unwrap();
    person.disabled = true;
    house.state.store.save_person(person).await.unwrap();
    let mut window = Window::open(&house).await;
    let asked = window.asked(challenge).await;
    refused(&mut window, &device.get(&asked), "账号已停用").await;
}

pub(crate) async fn a_passkey_shows_one_to_be_oneself_again(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let mut device = registered(&house, "saibei", 30).await;
    let foreign = registered(&house, "jinling", 31).await;
    let mut window = Window::of(&house, "saibei").await;
    age(&house, &window.cookie, PROOF_SERVES_MS + 1).await;
    let fields = [("passkey", device.id())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let end = format!("{PAGE}/end");
    let asked = window.post(&end, &fields).await;
    assert!(asked.status == 200 && asked.body.contains("再验一次身份"), "{}", asked.body);
    let challenge = "/security/proof/challenge";
    for (_, spoil, words) in WRONG {
        let mut device = device.clone();
        spoil(&mut device);
        let asked = window.asked(challenge).await;
        let answer = device.get(&asked).to_string();
        let reply = window.post(&end, &[&fields[..], &[("_proof", &answer)]].concat()).await;
        assert!(reply.status == 422 && reply.body.contains(words), "{words}: {}", reply.body);
    }
    let asked = window.asked(challenge).await;
    let foreign = foreign.clone().get(&asked).to_string();
    let reply = window.post(&end, &[&fields[..], &[("_proof", &foreign)]].concat()).await;
    assert!(reply.status == 422 && reply.body.contains("登记在别人名下"), "{}", reply.body);
    assert!(house.state.store.passkey(&device.id()).await.unwrap().is_some(), "nothing was done");
    // The right answer carries out what was asked, and the session goes on under a new secret.
    let asked = window.asked(challenge).await;
    let answer = device.get(&asked).to_string();
    let before = window.cookie.clone();
    let done = window.post(&end, &[&fields[..], &[("_proof", &answer)]].concat()).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_ne!(window.cookie, before);
    let session = kept(&house, &window.cookie).await.unwrap();
    assert_eq!((session.strength.as_str(), session.proved_with.as_str()), ("passkey", "passkey"));
    // A program proves its maker the same way.
    let mut device = registered(&house, "saibei", 32).await;
    let asked = house.post("saibei", "/api/v1/proofs/challenge", &json!({})).await.json();
    let proof = json!({ "proof": device.get(&asked).to_string() });
    let reply = house.post("saibei", "/api/v1/proofs", &proof).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["with"]),
        (200, &json!("passkey")),
        "{}",
        reply.body
    );
    let again = house.post("saibei", "/api/v1/proofs", &proof).await;
    assert!(again.status == 422 && again.body.contains("已经用过"), "{}", again.body);
}

pub(crate) async fn where_passkeys_are_asked_for_the_last_one_stays(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let group = strength::GROUPS.iter().find(|group| group.name == "unit").unwrap();
    let rule = strength::Rule {
        strength: strength::Strength::Passkey,
        basis: "虚构的通知".to_owned(),
        by: "测试".to_owned(),
        at_ms: 0,
    };
    let rule = serde_json::to_string(&rule).unwrap();
    house.state.store.set_setting(&strength::key(group), &rule).await.unwrap();
    // Whoever has none yet begins with what one has.
    let mut window = Window::of(&house, "saibei").await;
    assert_eq!(window.get("/dossiers").await.status, 303, "led to the factors");
    let mut first = Authenticator::new(33);
    let reply = window.register(&mut first, "手机").await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let mut strong = Window::open(&house).await;
    let asked = strong.asked("/login/passkey/challenge").await;
    let answer = first.get(&asked).to_string();
    strong.post("/login/passkey", &[("credential", &answer)]).await;
    assert_eq!(strong.get("/dossiers").await.status, 200);
    let end = format!("{PAGE}/end");
    let id = first.id();
    let last = strong.post(&end, &[("passkey", &id)]).await;
    assert!(last.status == 422 && last.body.contains("这是最后一把"), "{}", last.body);
    assert_eq!(strong.register(&mut Authenticator::new(34), "电脑").await.status, 303);
    assert_eq!(strong.post(&end, &[("passkey", &id)]).await.status, 303);
    // Now that there is one, the password alone no longer sees to factors.
    let weak = window.register(&mut Authenticator::new(35), "别人的手机").await;
    assert!(weak.status == 200 && weak.body.contains("再验一次身份"), "{}", weak.body);
}

pub(crate) async fn a_program_sees_to_its_makers_passkeys(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let (who, place) = ("saibei", "/api/v1/passkeys");
    let mut device = Authenticator::new(36);
    let asked = house.post(who, &format!("{place}/challenge"), &json!({})).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let new = json!({ "label": "安全密钥", "credential": device.create(&asked.json()) });
    let made = house.post(who, place, &new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = house.post(who, place, &new).await;
    assert!(again.status == 422 && again.body.contains("已经用过"), "{}", again.body);
    let listed = house.get(who, place).await.json();
    assert_eq!(
        (listed[0]["label"].as_str(), listed.as_array().unwrap().len()),
        (Some("安全密钥"), 1)
    );
    assert_eq!(house.get("jinling", place).await.json(), json!([]));
    let one = format!("{place}/{}", device.id());
    let sends = async |who: &str, method: Method, body: Value| {
        let request = house.request(who, method, &one);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        house.send(request.body(body.to_string().into()).unwrap()).await
    };
    for (label, status) in
        [("", 422), ("  ", 422), (&*"长".repeat(41), 422), (&*"长".repeat(40), 200)]
    {
        let reply = sends(who, Method::PATCH, json!({ "label": label })).await;
        assert_eq!(reply.status.as_u16(), status, "{label}: {}", reply.body);
    }
    assert_eq!(sends("jinling", Method::PATCH, json!({ "label": "x" })).await.status, 404);
    assert_eq!(sends("jinling", Method::DELETE, json!({})).await.status, 404);
    assert_eq!(sends(who, Method::DELETE, json!({})).await.status, 204);
    assert_eq!(sends(who, Method::DELETE, json!({})).await.status, 404);
}

/// A statement for somebody to sign, over the API.
async fn statement(tale: &Tale<'_>, who: &str) -> String {
    let asked = tale.house.post(who, &tale.path("/statements"), &json!({ "deed": "sign" })).await;
    assert_eq!(asked.status.as_u16(), 201, "{}", asked.body);
    asked.json()["digest"].as_str().unwrap().to_owned()
}

/// What a program is asked for when it signs a statement.
async fn to_sign(tale: &Tale<'_>, who: &str, statement: &str) -> Value {
    let place = tale.path(&format!("/statements/{statement}/challenge"));
    let asked = tale.house.post(who, &place, &json!({})).await;
    assert_eq!(asked.status.as_u16(), 200, "{}", asked.body);
    asked.json()
}

/// A program sends what the device says.
async fn sends(tale: &Tale<'_>, who: &str, statement: &str, answer: &Value) -> Reply {
    let place = tale.path(&format!("/statements/{statement}/assertion"));
    tale.house.post(who, &place, answer).await
}

/// Signs with a device over the API.
pub(crate) async fn signs(tale: &Tale<'_>, who: &str, device: &mut Authenticator) {
    let statement = statement(tale, who).await;
    let asked = to_sign(tale, who, &statement).await;
    let done = sends(tale, who, &statement, &device.get(&asked)).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
    assert!(done.body.contains("签字"), "{}", done.body);
}

pub(crate) async fn a_passkey_signs_the_statement_and_nothing_else(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    let own = registered(&house, "saibei-fr", 6).await;
    let foreign = registered(&house, "jinling-fr", 7).await;
    let who = "saibei-fr";
    let statement_ = statement(&tale, who).await;
    let asked = to_sign(&tale, who, &statement_).await;
    assert_eq!(hex::encode(bytes(asked["challenge"].as_str().unwrap())), statement_);
    assert_eq!(asked["allowCredentials"], json!([{ "type": "public-key", "id": own.id() }]));
    let refused = async |who: &str, statement: &str, answer: &Value, words: &str| {
        let reply = sends(&tale, who, statement, answer).await;
        assert_eq!(reply.status.as_u16(), 422, "{words}: {}", reply.body);
        assert!(reply.body.contains(words) && reply.body.contains("remedy"), "{}", reply.body);
    };
    for (_, spoil, words) in WRONG {
        let mut device = own.clone();
        spoil(&mut device);
        let asked = to_sign(&tale, who, &statement_).await;
        refused(who, &statement_, &device.get(&asked), words).await;
    }
    let mut device = own.clone();
    let asked = to_sign(&tale, who, &statement_).await;
    refused(who, &statement_, &foreign.clone().get(&asked), "登记在别人名下").await;
    refused(who, &statement_, &Authenticator::new(8).get(&asked), "不是在这里").await;
    let asked = to_sign(&tale, who, &statement_).await;
    refused(who, &statement_, &Authenticator::new(8).get(&asked), "没有登记这把通行密钥").await;
    // Another challenge than the digest of the statement, one that ran out, another session's.
    let other = json!({ "rpId": "localhost", "challenge": "AAAA" });
    refused(who, &statement_, &device.get(&other), "签的不是这份签署声明").await;
    let asked = to_sign(&tale, who, &statement_).await;
    let bearer = session::digest("clt_saibei-fr");
    expire(&house, &asked, &bearer, &format!("sign:{statement_}")).await;
    refused(who, &statement_, &device.get(&asked), "超过 5 分钟").await;
    let mut page = Window::of(&house, who).await;
    let place = tale.page(&format!("/passkey/{statement_}"));
    let asked = page.asked(&format!("{place}/challenge")).await;
    let answer = device.get(&asked);
    refused(who, &statement_, &answer, "不是在这里为这件事发起的").await;
    // The statement of one party is not there for another.
    let crossed = sends(&tale, "jinling-fr", &statement_, &answer).await;
    assert_eq!(crossed.status.as_u16(), 404, "{}", crossed.body);
    let before = tale.sequence().await;
    let text = page.post(&place, &[("credential", &answer.to_string())]).await;
    assert_eq!(text.status, 303, "{}", text.body);
    assert_eq!(tale.sequence().await, before + 1);
    let agreement = page.get(&tale.page("/agreement")).await;
    assert!(agreement.body.contains("签字（通行密钥）"), "{}", agreement.body);
    // The same answer again, and the same statement again.
    let again = page.post(&place, &[("credential", &answer.to_string())]).await;
    assert!(again.status == 422 && again.body.contains("已经用过"), "{}", again.body);
    let asked = page.asked(&format!("{place}/challenge")).await;
    let twice = page.post(&place, &[("credential", &device.get(&asked).to_string())]).await;
    assert_eq!(twice.status, 303, "it is signed already: {}", twice.body);
    assert_eq!(tale.sequence().await, before + 1);
    what_is_kept(&tale, &statement_, &device).await;
}

/// The journal has the statement, the signature and the key, and no name outside.
async fn what_is_kept(tale: &Tale<'_>, statement: &str, device: &Authenticator) {
    let store = &tale.house.state.store;
    let journal = store.load(&tale.id).await.unwrap();
    let payload = &journal.last().unwrap().payload;
    assert_eq!(
        (&payload["method"], &payload["proof"]["statement"]),
        (&json!("passkey"), &json!(statement))
    );
    let kept = payload["proof"]["file"].as_str().unwrap();
    let (_, file) = store.file(kept, 1 << 20).await.unwrap().unwrap();
    let (_, text) = store.file(statement, 1 << 20).await.unwrap().unwrap();
    let signature = server::passkey::Signature::read(&file).unwrap();
    let seen = signature.verify(&text).unwrap();
    assert_eq!(seen.key.0, payload["proof"]["key"].as_str().unwrap());
    assert_eq!((seen.credential.as_str(), seen.site.as_str()), (device.id().as_str(), "localhost"));
    every_bit(&file, &text);
}

/// No bit of what was signed, of the key or of the signature may be another.
fn every_bit(file: &[u8], text: &[u8]) {
    let whole: Value = serde_json::from_slice(file).unwrap();
    for field in ["client_data", "authenticator_data", "signature", "public_key"] {
        let right = bytes(whole[field].as_str().unwrap());
        for bit in 0..right.len() * 8 {
            let mut wrong = right.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            let mut other = whole.clone();
            other[field] = json!(crate::authenticator::b64(&wrong));
            let other = serde_json_canonicalizer::to_vec(&other).unwrap();
            let found = server::passkey::Signature::read(&other).and_then(|one| one.verify(text));
            assert!(found.is_err(), "{field}: bit {bit}");
        }
    }
    for (field, value) in [
        ("site", json!("evil.test")),
        ("origin", json!("https://localhost.evil.test")),
        ("synced", json!(false)),
        ("format", json!("chuanglian-passkey-signature-2")),
    ] {
        let mut other = whole.clone();
        other[field] = value;
        let other = serde_json_canonicalizer::to_vec(&other).unwrap();
        let found = server::passkey::Signature::read(&other).and_then(|one| one.verify(text));
        assert!(found.is_err(), "{field}");
    }
    let mut other = text.to_vec();
    for at in 0..text.len() {
        other[at] ^= 1;
        let found = server::passkey::Signature::read(file).and_then(|one| one.verify(&other));
        assert!(found.is_err(), "byte {at} of the statement");
        other[at] ^= 1;
    }
    let spaced = [file, b" "].concat();
    assert!(server::passkey::Signature::read(&spaced).is_err(), "one content has one form");
}

pub(crate) async fn who_signs_by_passkey_is_the_legal_representative(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    let mut device = registered(&house, "saibei", 9).await;
    let mut page = Window::of(&house, "saibei").await;
    let told = page.get(&tale.page("/passkey")).await;
    assert!(told.status == 200 && told.body.contains("法定代表人或者负责人本人"), "{}", told.body);
    let statement = statement(&tale, "saibei").await;
    let asked = to_sign(&tale, "saibei", &statement).await;
    let reply = sends(&tale, "saibei", &statement, &device.get(&asked)).await;
    assert!(reply.status == 422 && reply.body.contains("授权委托书"), "{}", reply.body);
    let sign = page.get(&tale.page("/sign")).await;
    assert!(!sign.body.contains("用通行密钥签字"), "a handler signs with a letter");
    // The page asks to have read the text before it makes out a statement.
    let mut page = Window::of(&house, "saibei-fr").await;
    let sign = page.get(&tale.page("/sign")).await;
    assert!(sign.body.contains(&tale.page("/passkey")), "{}", sign.body);
    let read = page.get(&tale.page("/passkey")).await;
    assert!(read.body.contains("解决争议的方式"), "the whole text: {}", read.body);
    let unread = page.post(&tale.page("/passkey"), &[]).await;
    assert_eq!(unread.status, 422, "{}", unread.body);
    let read = page.post(&tale.page("/passkey"), &[("read", "1")]).await;
    assert_eq!(read.status, 303, "{}", read.body);
    let place = read.header("location").to_owned();
    let shown = page.get(&place).await;
    assert!(shown.body.contains("你还没有登记通行密钥"), "{}", shown.body);
}
