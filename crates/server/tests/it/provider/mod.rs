//! 统一身份 — there and back with a fictional provider: signing in, linking, being shown once more;
//! and everything that is not quite right refused in words.

mod idp;

use axum::body::Body;
use axum::http::{Method, header};
use consortium::calendar::Calendar;
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::Config;
use server::egress::Reach;
use server::http::session;
use server::http::strength::PROOF_SERVES_MS;
use server::provider::errand::SERVES_MS;
use server::provider::identity::IDENTITIES_MAX;
use server::provider::{
    KEYS_AGAIN_MS, KNOWN_MS, LEEWAY_MS, Provider, SUBJECT_BYTES_MAX, Secret, Settings,
};
use server::state::AppState;
use store::{Errand, Identity, Session};
use tower::ServiceExt;

use crate::factors::{Browser, log};
use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::strength::{age, kept, opens, posts, renewed, token};
use idp::{Answers, CLIENT, Idp, SECRET, SITE, Signs, TWO, asked};

/// A house whose operator named a provider, and the provider.
async fn opened(engine: Engine, two_factor: &[&str]) -> Option<(House, Idp)> {
    let idp = Idp::open().await;
    let house = knowing(engine, idp.named(two_factor)).await?;
    Some((house, idp))
}

async fn knowing(engine: Engine, provider: Provider) -> Option<House> {
    let config = Config { provider: Some(provider), ..Config::default() };
    House::configured(engine, Calendar::official(), config).await
}

/// Links an identity, as if it had been linked long ago.
async fn link(house: &House, issuer: &str, subject: &str, login: &str) -> String {
    let id = session::digest(subject);
    let identity = Identity {
        id: id.clone(),
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person: format!("p-{login}"),
        linked_ms: 1,
        used_ms: None,
    };
    let linked = move |tx: &mut dyn store::Tx| store::identities::link_identity(tx, &identity);
    assert!(house.state.store.write(linked).await.unwrap());
    id
}

/// Goes to the provider from the login page; where the browser is sent.
async fn leaves(browser: &mut Browser<'_>) -> String {
    browser.open("/login").await;
    let sent = browser.open("/login/provider?next=%2Fdossiers").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    sent.header("location").to_owned()
}

/// Signs in over there and comes back.
async fn signs_in(
    (house, idp): (&House, &Idp),
    browser: &mut Browser<'_>,
    subject: &str,
    claims: impl FnOnce(&mut Value),
) -> Reply {
    let address = leaves(browser).await;
    let back = idp.grants(&address, subject, house.state.clock.wall_ms(), claims);
    browser.open(&back).await
}

/// Two factors were shown over there, so long ago.
fn two_factors(ago_ms: i64) -> impl FnOnce(&mut Value) {
    move |claims| {
        claims["acr"] = json!(TWO);
        let at = claims["auth_time"].as_i64().unwrap();
        claims["auth_time"] = json!(at - ago_ms / 1000);
    }
}

/// The session that an answer began.
async fn begun(house: &House, reply: &Reply) -> Session {
    let cookie = renewed(reply).unwrap_or_else(|| panic!("a session: {}", reply.body));
    kept(house, &cookie).await.unwrap()
}

/// The first address outside that a page leads to.
fn way_out(page: &Reply, idp: &Idp) -> String {
    let (_, rest) = page.body.split_once(&format!("href=\"{}", idp.issuer())).expect("a way out");
    let rest = rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    format!("{}{rest}", idp.issuer())
}

pub(crate) async fn whoever_is_linked_signs_in_and_shows_what_else_the_post_asks(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[TWO]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let both = (&house, &idp);
    // Nothing is bound yet: one factor, and nothing is open but the own account.
    let mut browser = Browser::new(&house);
    let reply = signs_in(both, &mut browser, "s-1", |_| {}).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/dossiers"));
    let session = begun(&house, &reply).await;
    assert_eq!((session.strength.as_str(), session.proved_with.as_str()), ("password", "provider"));
    assert!(browser.open("/dossiers").await.header("location").starts_with("/security?"));
    // With a factor bound it is asked for, exactly as after a password.
    house.binds("yunchuan").await;
    for signs in [Signs::Es256, Signs::Rs256] {
        idp.now(|habits| habits.signs = signs);
        let mut browser = Browser::new(&house);
        let step = signs_in(both, &mut browser, "s-1", |_| {}).await;
        assert!(step.status == 200 && step.body.contains("登录第二步"), "{}", step.body);
        assert_eq!(renewed(&step), None, "nobody is signed in meanwhile");
        assert_eq!(browser.shows(&step, "000000").await.status, 422);
        let used = house.state.store.totp("p-yunchuan").await.unwrap().unwrap().used_step;
        let step_now = house.state.clock.wall_ms() / 30_000;
        let code =
            house.code("yunchuan", if used < step_now - 1 { -1 } else { used + 1 - step_now });
        let reply = browser.shows(&step, &code).await;
        assert_eq!(reply.header("location"), "/home", "{}", reply.body);
        assert_eq!(begun(&house, &reply).await.proved_with, "totp");
    }
    // Two factors over there are two factors here.
    let mut browser = Browser::new(&house);
    let reply = signs_in(both, &mut browser, "s-1", two_factors(0)).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/dossiers"));
    let session = begun(&house, &reply).await;
    assert_eq!(
        (session.strength.as_str(), session.proved_with.as_str()),
        ("two_factor", "provider_two_factor")
    );
    assert_eq!(session.proved_ms, house.state.clock.wall_ms());
    assert_eq!(browser.open("/dossiers").await.status, 200);
    assert_eq!(log(&house, "yunchuan").await[0], "signed_in");
    let known = house.state.store.identities("p-yunchuan").await.unwrap();
    assert_eq!(known[0].used_ms, Some(house.state.clock.wall_ms()));
    assert_eq!(idp.asked(), 1, "it is asked once who it is");
}

pub(crate) async fn only_the_named_word_stands_for_two_factors(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[TWO]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    house.binds("yunchuan").await;
    for acr in [json!("urn:example:one"), json!(""), json!("urn:example:two "), json!("0")] {
        let mut browser = Browser::new(&house);
        let word = acr.clone();
        let step = signs_in((&house, &idp), &mut browser, "s-1", |claims| {
            claims["acr"] = word;
            claims["amr"] = json!(["pwd", "otp", "mfa"]);
        });
        assert!(step.await.body.contains("登录第二步"), "{acr}");
    }
    // Without a named word none stands for two.
    let house = knowing(engine, idp.named(&[])).await.unwrap();
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    house.binds("yunchuan").await;
    let mut browser = Browser::new(&house);
    let step = signs_in((&house, &idp), &mut browser, "s-1", two_factors(0)).await;
    assert!(step.body.contains("登录第二步"), "{}", step.body);
    // An account that is closed is closed by every door.
    let store = &house.state.store;
    let person = store.person("p-yunchuan").await.unwrap().unwrap();
    store.save_person(store::Person { disabled: true, ..person }).await.unwrap();
    let mut browser = Browser::new(&house);
    let closed = signs_in((&house, &idp), &mut browser, "s-1", |_| {}).await;
    assert!(closed.status == 422 && closed.body.contains("已停用"), "{}", closed.body);
}

pub(crate) async fn an_unknown_identity_opens_nothing_and_is_offered_after_signing_in(
    engine: Engine,
) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    let mut browser = Browser::new(&house);
    let told = signs_in((&house, &idp), &mut browser, "new-7788", |claims| {
        // Names and addresses are nobody's identity.
        claims["email"] = json!("yunchuan@example.com");
        claims["preferred_username"] = json!("yunchuan");
    });
    let told = told.await;
    assert_eq!((told.status.as_u16(), renewed(&told)), (200, None));
    assert!(told.body.contains("没有关联") && told.body.contains("不会自动建立账号"));
    assert!(told.body.contains("href=\"/login?next=%2Fsecurity%2Fprovider\""), "{}", told.body);
    assert_eq!(house.state.store.identity(idp.issuer(), "new-7788").await.unwrap(), None);
    // Elsewhere nothing waits.
    let mut other = Browser::new(&house);
    other.log_in("lvqing", PASSWORD).await;
    assert!(!other.open("/security/provider").await.body.contains("尾号"));
    // After signing in it is offered, and claimed with a click.
    let page = browser.open("/login?next=%2Fsecurity%2Fprovider").await;
    let fields = [("login", "yunchuan"), ("password", PASSWORD), ("next", "/security/provider")];
    let led = browser.send(&page, "/login", &fields).await;
    assert_eq!(led.header("location"), "/security/provider");
    let page = browser.open("/security/provider").await;
    assert!(page.body.contains("尾号 7788") && !page.body.contains("new-7788"), "{}", page.body);
    let elsewhere = house.cookie("yunchuan").await;
    let done = browser.send(&page, "/security/provider/claim", &[]).await;
    assert_eq!(done.header("location"), "/security/provider", "{}", done.body);
    let known = house.state.store.identity(idp.issuer(), "new-7788").await.unwrap().unwrap();
    assert_eq!(known.person, "p-yunchuan");
    assert_eq!(log(&house, "yunchuan").await[0], "identity_linked");
    assert_eq!(kept(&house, &elsewhere).await, None, "every other device is signed out");
    let page = browser.open("/security/provider").await;
    assert!(page.body.contains("已关联统一身份认证账号（尾号 7788）"), "{}", page.body);
    assert!(!page.body.contains("是本人的，关联"));
    // What waits too long is gone.
    let mut late = Browser::new(&house);
    signs_in((&house, &idp), &mut late, "new-9999", |_| {}).await;
    late.log_in("lvqing", PASSWORD).await;
    let page = late.open("/security/provider").await;
    assert!(page.body.contains("尾号 9999"), "{}", page.body);
    let bearer = browser_of(&late);
    let found = house.state.store.unclaimed(&bearer).await.unwrap().unwrap();
    let now_ms = house.state.clock.wall_ms();
    assert_eq!(found.expires_ms, now_ms + SERVES_MS);
    for (expires_ms, offered) in [(now_ms, true), (now_ms - 1, false)] {
        let found = store::Unclaimed { expires_ms, ..found.clone() };
        house.state.store.keep_unclaimed(found, 0).await.unwrap();
        let page = late.open("/security/provider").await;
        assert_eq!(page.body.contains("尾号 9999"), offered, "{expires_ms}");
    }
    let gone = late.send(&page, "/security/provider/claim", &[]).await;
    assert_eq!(gone.status, 303, "{}", gone.body);
    assert_eq!(house.state.store.identity(idp.issuer(), "new-9999").await.unwrap(), None);
}

/// What the errands of a browser before it signs in are bound to.
fn browser_of(browser: &Browser<'_>) -> String {
    let pre = browser.cookies().split("; ").find_map(|pair| pair.strip_prefix("pre=")).unwrap();
    session::digest(pre)
}

pub(crate) async fn an_identity_is_linked_to_one_account_after_a_fresh_proof(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[TWO]).await else { return };
    let now_ms = house.state.clock.wall_ms();
    house.binds("yunchuan").await;
    let cookie = house.cookie("yunchuan").await;
    let page = opens(&house, &cookie, "/security/provider").await;
    let csrf = ("_csrf", token(&page));
    age(&house, &cookie, PROOF_SERVES_MS + 1).await;
    let asks = posts(&house, &cookie, "/security/provider", &[csrf]).await;
    assert!(asks.body.contains("再验一次身份") && asks.body.contains("关联统一身份认证"));
    let proof = house.proof("yunchuan").await;
    let out = posts(&house, &cookie, "/security/provider", &[csrf, ("_proof", &proof)]).await;
    let cookie = renewed(&out).expect("a new secret");
    // A form leads to no other site; a link of the page does.
    assert_eq!((out.status.as_u16(), out.header("location")), (200, ""));
    let address = way_out(&out, &idp);
    let query = asked(&address);
    assert_eq!((query["prompt"].as_str(), query["max_age"].as_str()), ("login", "0"));
    assert_eq!(query["acr_values"], TWO);
    let elsewhere = house.cookie("yunchuan").await;
    let back = idp.grants(&address, "s-1", now_ms, |_| {});
    // Whoever else comes back with it links nothing.
    let other = house.cookie("lvqing").await;
    assert!(opens(&house, &other, &back).await.body.contains("不是从这个浏览器发起的"));
    let linked = opens(&house, &cookie, &back).await;
    assert_eq!(linked.header("location"), "/security/provider", "{}", linked.body);
    assert_eq!(kept(&house, &elsewhere).await, None, "every other device is signed out");
    assert_eq!(log(&house, "yunchuan").await[0], "identity_linked");
    let page = opens(&house, &cookie, "/security/provider").await;
    assert!(page.body.contains("统一身份认证，尾号 s-1"), "{}", page.body);
    assert!(opens(&house, &cookie, "/security").await.body.contains("已关联"));
    // A second claim is refused, and nothing changes.
    let page = opens(&house, &other, "/security/provider").await;
    let other_csrf = ("_csrf", token(&page));
    let out = posts(&house, &other, "/security/provider", &[other_csrf]).await;
    let back = idp.grants(&way_out(&out, &idp), "s-1", now_ms, |_| {});
    let taken = opens(&house, &other, &back).await;
    assert!(taken.status == 422 && taken.body.contains("另一个账号"), "{}", taken.body);
    let known = house.state.store.identity(idp.issuer(), "s-1").await.unwrap().unwrap();
    assert_eq!(known.person, "p-yunchuan");
    // Linking one's own again changes nothing either.
    let out = posts(&house, &cookie, "/security/provider", &[csrf]).await;
    let back = idp.grants(&way_out(&out, &idp), "s-1", now_ms, |_| {});
    assert_eq!(opens(&house, &cookie, &back).await.status, 303);
    assert_eq!(house.state.store.identities("p-yunchuan").await.unwrap().len(), 1);
    // Somebody who was not asked again over there may have left it open for another.
    for auth_time in [json!(now_ms / 1000 - LEEWAY_MS / 1000 - 1), Value::Null] {
        let out = posts(&house, &cookie, "/security/provider", &[csrf]).await;
        let back = idp.grants(&way_out(&out, &idp), "s-2", now_ms, |claims| {
            claims["auth_time"] = auth_time;
        });
        let old = opens(&house, &cookie, &back).await;
        assert!(old.status == 422 && old.body.contains("刚刚重新验过"), "{}", old.body);
    }
    // So many and no more.
    for at in 1..=IDENTITIES_MAX {
        let out = posts(&house, &cookie, "/security/provider", &[csrf]).await;
        let back = idp.grants(&way_out(&out, &idp), &format!("more-{at}"), now_ms, |_| {});
        let linked = opens(&house, &cookie, &back).await;
        assert_eq!(linked.status, if at < IDENTITIES_MAX { 303 } else { 422 }, "{at}");
    }
    let known = house.state.store.identities("p-yunchuan").await.unwrap();
    assert_eq!(known.len(), IDENTITIES_MAX);
}

/// What is wrong with a token, how it is signed, and what its claims say.
type Wrong = (&'static str, Signs, fn(&mut Value));

/// Seconds that a claim says later.
fn later(claims: &mut Value, name: &str, seconds: i64) {
    claims[name] = json!(claims[name].as_i64().unwrap() + seconds);
}

const WRONG: [Wrong; 20] = [
    ("no signature", Signs::Nothing, |_| {}),
    ("a shared secret", Signs::Shared, |_| {}),
    ("its public key as a shared secret", Signs::Confused, |_| {}),
    ("changed claims", Signs::Tampered, |_| {}),
    ("another key", Signs::OtherKey, |_| {}),
    ("a key of another name", Signs::Renamed, |_| {}),
    ("another nonce", Signs::Rs256, |claims| claims["nonce"] = json!("0".repeat(64))),
    ("no nonce", Signs::Rs256, |claims| claims["nonce"] = Value::Null),
    ("another audience", Signs::Rs256, |claims| claims["aud"] = json!("another")),
    ("one audience too many", Signs::Es256, |claims| claims["aud"] = json!([CLIENT, "another"])),
    ("no audience", Signs::Rs256, |claims| claims["aud"] = json!([])),
    ("another party", Signs::Rs256, |claims| claims["azp"] = json!("another")),
    ("another issuer", Signs::Rs256, |claims| claims["iss"] = json!("https://other.example")),
    ("the issuer with a slash", Signs::Rs256, |claims| {
        claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
    }),
    ("expired this moment", Signs::Es256, |claims| claims["exp"] = claims["iat"].clone()),
    ("issued too late", Signs::Rs256, |claims| later(claims, "iat", LEEWAY_MS / 1000 + 1)),
    ("issued too early", Signs::Rs256, |claims| {
        later(claims, "iat", -(SERVES_MS + LEEWAY_MS) / 1000 - 1);
    }),
    ("signed in later", Signs::Rs256, |claims| later(claims, "auth_time", LEEWAY_MS / 1000 + 1)),
    ("nobody", Signs::Rs256, |claims| claims["sub"] = json!("")),
    ("too long a subject", Signs::Rs256, |claims| {
        claims["sub"] = json!("s".repeat(SUBJECT_BYTES_MAX + 1));
    }),
];

/// The edge of the same: these hold.
const RIGHT: [Wrong; 6] = [
    ("a second left", Signs::Rs256, |claims| {
        claims["exp"] = claims["iat"].clone();
        later(claims, "exp", 1);
    }),
    ("issued a little late", Signs::Rs256, |claims| later(claims, "iat", LEEWAY_MS / 1000)),
    ("issued early", Signs::Es256, |claims| {
        later(claims, "iat", -(SERVES_MS + LEEWAY_MS) / 1000);
    }),
    ("signed in a little later", Signs::Rs256, |claims| {
        later(claims, "auth_time", LEEWAY_MS / 1000);
    }),
    ("one audience in a list", Signs::Rs256, |claims| {
        claims["aud"] = json!([CLIENT]);
        claims["azp"] = json!(CLIENT);
    }),
    ("as long a subject as there is", Signs::Rs256, |claims| {
        claims["sub"] = json!("s".repeat(SUBJECT_BYTES_MAX));
    }),
];

pub(crate) async fn a_token_that_does_not_hold_opens_nothing(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    link(&house, idp.issuer(), "somebody-else", "lvqing").await;
    link(&house, idp.issuer(), &"s".repeat(SUBJECT_BYTES_MAX), "jinling").await;
    for (what, signs, claims) in WRONG {
        idp.now(|habits| habits.signs = signs);
        let mut browser = Browser::new(&house);
        let refused = signs_in((&house, &idp), &mut browser, "s-1", claims).await;
        assert_eq!((refused.status.as_u16(), renewed(&refused)), (422, None), "{what}");
        assert!(refused.body.contains("验证不通过"), "{what}: {}", refused.body);
        assert!(refused.body.contains("href=\"/login\""), "{what}");
    }
    for (what, signs, claims) in RIGHT {
        idp.now(|habits| habits.signs = signs);
        let mut browser = Browser::new(&house);
        let reply = signs_in((&house, &idp), &mut browser, "s-1", claims).await;
        assert_eq!(reply.status, 303, "{what}: {}", reply.body);
    }
    // A proof is never of later than now, whatever the other clock says.
    let mut browser = Browser::new(&house);
    let reply = signs_in((&house, &idp), &mut browser, "s-1", |claims| {
        later(claims, "auth_time", LEEWAY_MS / 1000);
    });
    let session = begun(&house, &reply.await).await;
    assert_eq!(session.proved_ms, house.state.clock.wall_ms());
}

pub(crate) async fn a_state_serves_once_in_its_browser_for_ten_minutes(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let now_ms = house.state.clock.wall_ms();
    let unasked = |reply: &Reply| {
        assert_eq!((reply.status.as_u16(), renewed(reply)), (422, None), "{}", reply.body);
        assert!(reply.body.contains("不是从这个浏览器发起的"), "{}", reply.body);
    };
    let mut browser = Browser::new(&house);
    let address = leaves(&mut browser).await;
    let back = idp.grants(&address, "s-1", now_ms, |_| {});
    // Another browser, one without cookies, and a word of nobody's.
    let mut other = Browser::new(&house);
    other.open("/login").await;
    unasked(&other.open(&back).await);
    unasked(&opens(&house, "", &back).await);
    let word = asked(&address)["state"].clone();
    unasked(&browser.open(&back.replace(&word, &"0".repeat(64))).await);
    unasked(&browser.open("/login/provider/return").await);
    assert_eq!(browser.open(&back).await.status, 303, "the browser that was sent");
    unasked(&browser.open(&back).await);
    // The same word with another code is used up too.
    let mut browser = Browser::new(&house);
    let address = leaves(&mut browser).await;
    let wrong = idp.back(&[("code", "none"), ("state", &asked(&address)["state"])]);
    assert!(browser.open(&wrong).await.body.contains("验证不通过"));
    unasked(&browser.open(&idp.grants(&address, "s-1", now_ms, |_| {})).await);
    // In time, and one millisecond past it.
    for (expires_ms, status) in [(now_ms, 303), (now_ms - 1, 422)] {
        let mut browser = Browser::new(&house);
        let address = leaves(&mut browser).await;
        let digest = session::digest(&asked(&address)["state"]);
        let bearer = browser_of(&browser);
        let store = &house.state.store;
        let sent = store.come_back(&digest, (&bearer, "")).await.unwrap().unwrap();
        assert_eq!(sent.expires_ms, now_ms + SERVES_MS);
        store.send(Errand { expires_ms, ..sent }).await.unwrap();
        let back = idp.grants(&address, "s-1", now_ms, |_| {});
        let reply = browser.open(&back).await;
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.body.contains("超过了 10 分钟"), status == 422);
    }
    // A code that was asked for with another word is exchanged for nothing (PKCE).
    let mut browser = Browser::new(&house);
    let (one, two) = (leaves(&mut browser).await, leaves(&mut browser).await);
    let back = idp.grants(&one, "s-1", now_ms, |_| {});
    let crossed = back.replace(&asked(&one)["state"], &asked(&two)["state"]);
    assert!(browser.open(&crossed).await.body.contains("验证不通过"));
}

pub(crate) async fn the_provider_that_answers_is_the_one_that_was_asked(engine: Engine) {
    // says that it names itself; what the answer names; whether it counts
    let table = [
        (true, Some("own"), true),
        (true, None, false),
        (true, Some("https://other.example"), false),
        (true, Some(""), false),
        (false, None, true),
        (false, Some("own"), true),
        (false, Some("https://other.example"), false),
    ];
    for (says, named, counts) in table {
        let Some((house, idp)) = opened(engine, &[]).await else { return };
        link(&house, idp.issuer(), "s-1", "yunchuan").await;
        let mut browser = Browser::new(&house);
        idp.now(|habits| habits.says_iss = says);
        let address = leaves(&mut browser).await;
        idp.now(|habits| habits.says_iss = false);
        let mut back = idp.grants(&address, "s-1", house.state.clock.wall_ms(), |_| {});
        if let Some(named) = named {
            let named = if named == "own" { idp.issuer() } else { named };
            let query = serde_urlencoded::to_string([("iss", named)]).unwrap();
            back = format!("{back}&{query}");
        }
        let reply = browser.open(&back).await;
        assert_eq!(reply.status == 303, counts, "{says} {named:?} {}", reply.body);
        assert_eq!(reply.body.contains("不是统一身份认证发来的"), !counts);
    }
}

pub(crate) async fn a_refusal_over_there_is_told_in_words(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    for (word, told) in [
        ("access_denied", "取消了登录"),
        ("login_required", "（login_required）"),
        ("server_error", "（server_error）"),
        ("<script>alert(1)</script>", "没有说明原因"),
    ] {
        let mut browser = Browser::new(&house);
        let address = leaves(&mut browser).await;
        let pairs = [
            ("error", word),
            ("error_description", "去别处登录"),
            ("state", &asked(&address)["state"]),
        ];
        let back = idp.back(&pairs);
        let reply = browser.open(&back).await;
        assert!(reply.status == 422 && reply.body.contains(told), "{word}: {}", reply.body);
        assert!(!reply.body.contains("去别处登录") && !reply.body.contains("<script>alert"));
        assert!(browser.open(&back).await.body.contains("不是从这个浏览器发起的"), "once");
    }
    // One parameter twice is no answer of anybody.
    let odd = opens(&house, "", "/login/provider/return?state=a&state=b").await;
    assert_eq!(odd.status, 400, "{}", odd.body);
}

pub(crate) async fn a_provider_that_does_not_answer_well_holds_nobody_up(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let silent = async |house: &House| {
        let mut browser = Browser::new(house);
        browser.open("/login").await;
        let reply = browser.open("/login/provider").await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (503, ""));
        assert!(reply.body.contains("统一身份认证现在没有回应"), "{}", reply.body);
        assert!(reply.body.contains("用账号和密码登录"));
        assert_eq!(
            browser.log_in("yunchuan", PASSWORD).await.status,
            303,
            "the other door is open"
        );
    };
    for answers in [Answers::Badly, Answers::Endlessly, Answers::Elsewhere, Answers::Another] {
        idp.now(|habits| habits.answers = answers);
        silent(&house).await;
    }
    // Codes are exchanged at its own host alone, and answers have an end there too.
    for answers in [Answers::Abroad, Answers::ThenEndlessly] {
        let house = knowing(engine, idp.named(&[])).await.unwrap();
        idp.now(|habits| habits.answers = answers);
        let mut browser = Browser::new(&house);
        let reply = signs_in((&house, &idp), &mut browser, "s-1", |_| {}).await;
        assert_eq!(reply.status, 503, "{answers:?}: {}", reply.body);
        assert!(reply.body.contains("现在没有回应"), "{}", reply.body);
    }
    // Once it answers, it answers: nothing has to be started again.
    idp.now(|habits| habits.answers = Answers::Well);
    let mut browser = Browser::new(&house);
    assert_eq!(signs_in((&house, &idp), &mut browser, "s-1", |_| {}).await.status, 303);
    // Nobody at all.
    let settings = |issuer: &str, reach| Settings {
        issuer: issuer.to_owned(),
        client: CLIENT.to_owned(),
        secret: Secret::new(SECRET),
        name: "统一身份认证".to_owned(),
        two_factor: vec![],
        reach,
        site: SITE.to_owned(),
    };
    let issuer = idp.issuer().to_owned();
    drop(idp);
    tokio::task::yield_now().await;
    let nobody = Provider::of(settings(&issuer, Reach::Loopback)).unwrap();
    silent(&knowing(engine, nobody).await.unwrap()).await;
}

pub(crate) async fn a_new_key_is_asked_for_and_not_too_often(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let now_ms = house.state.clock.wall_ms();
    idp.now(|habits| habits.body = true);
    let mut browser = Browser::new(&house);
    assert_eq!(signs_in((&house, &idp), &mut browser, "s-1", |_| {}).await.status, 303);
    idp.now(|habits| habits.keys = 2);
    for (after_ms, status, times) in [(KEYS_AGAIN_MS - 1, 422, 1), (KEYS_AGAIN_MS, 303, 2)] {
        let later = Timestamp::from_millisecond(now_ms + after_ms).unwrap();
        let app = server::http::app(AppState { clock: Clock::fixed(later), ..house.state.clone() });
        let mut browser = Browser::new(&house);
        let address = leaves(&mut browser).await;
        let back = idp.grants(&address, "s-1", now_ms + after_ms, |_| {});
        let request = house.request("", Method::GET, &back);
        let request = request.header(header::COOKIE, browser.cookies()).body(Body::empty());
        let answer = app.oneshot(request.unwrap()).await.unwrap();
        let told = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(told, status, "{after_ms}: {}", String::from_utf8_lossy(&body));
        assert_eq!(idp.asked(), times);
    }
    // Whether or not it changed anything, after a while it is asked again who it is.
    let known_ms = now_ms + KEYS_AGAIN_MS;
    for (after_ms, times) in [(KNOWN_MS - 1, 2), (KNOWN_MS, 3)] {
        let later = Timestamp::from_millisecond(known_ms + after_ms).unwrap();
        let app = server::http::app(AppState { clock: Clock::fixed(later), ..house.state.clone() });
        let mut browser = Browser::new(&house);
        browser.open("/login").await;
        let request = house.request("", Method::GET, "/login/provider");
        let request = request.header(header::COOKIE, browser.cookies()).body(Body::empty());
        assert_eq!(app.oneshot(request.unwrap()).await.unwrap().status(), 303);
        assert_eq!(idp.asked(), times, "{after_ms}");
    }
}

/// Who was shown over there, what is told of it, and what the claims say.
type Says = (&'static str, &'static str, fn(&mut Value));

pub(crate) async fn a_provider_shows_one_to_be_oneself_again_when_it_asked_just_now(
    engine: Engine,
) {
    let Some((house, idp)) = opened(engine, &[TWO]).await else { return };
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    link(&house, idp.issuer(), "s-9", "lvqing").await;
    house.binds("yunchuan").await;
    let now_ms = house.state.clock.wall_ms();
    // A sign-in of long ago opens pages, and is no proof; one of just now is one for so long.
    for (ago_ms, fresh) in [(PROOF_SERVES_MS, true), (PROOF_SERVES_MS + 1000, false)] {
        let mut browser = Browser::new(&house);
        let reply = signs_in((&house, &idp), &mut browser, "s-1", two_factors(ago_ms)).await;
        assert_eq!(begun(&house, &reply).await.proved_ms, now_ms - ago_ms);
        let page = browser.open("/security").await;
        let codes = browser.send(&page, "/security/codes", &[]).await;
        assert_eq!(codes.body.contains("抄下恢复码"), fresh, "{}", codes.body);
        assert_eq!(codes.body.contains("再验一次身份"), !fresh);
    }
    // Nobody says when: not lately. And no session is younger than what it began with.
    let mut browser = Browser::new(&house);
    let reply = signs_in((&house, &idp), &mut browser, "s-1", |claims| {
        claims["acr"] = json!(TWO);
        claims["auth_time"] = Value::Null;
    });
    assert_eq!(begun(&house, &reply.await).await.proved_ms, now_ms - PROOF_SERVES_MS - 1);
    let most_ms = house.state.config.session_absolute_ms + LEEWAY_MS;
    for (ago_ms, status) in [(most_ms, 303), (most_ms + 1000, 422)] {
        let mut browser = Browser::new(&house);
        let reply = signs_in((&house, &idp), &mut browser, "s-1", two_factors(ago_ms)).await;
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.body.contains("已经过了很久"), status == 422);
    }
    // Step-up: beside the other ways, in another window, with what was typed kept in this one.
    let cookie = house.cookie("yunchuan").await;
    age(&house, &cookie, PROOF_SERVES_MS + 1).await;
    let page = opens(&house, &cookie, "/security").await;
    let csrf = ("_csrf", token(&page));
    let asks = posts(&house, &cookie, "/security/codes", &[csrf, ("kept", "都在")]).await;
    assert!(asks.body.contains("href=\"/security/provider/proof\" target=\"_blank\""));
    assert!(asks.body.matches("name=\"kept\" value=\"都在\"").count() >= 2, "{}", asks.body);
    let table: [Says; 4] = [
        ("s-1", "只验了一个因素", |_| {}),
        ("s-9", "不是关联到这个账号的身份", |claims| claims["acr"] = json!(TWO)),
        ("s-1", "刚刚重新验过", |claims| {
            claims["acr"] = json!(TWO);
            later(claims, "auth_time", -LEEWAY_MS / 1000 - 1);
        }),
        ("s-1", "刚刚重新验过", |claims| {
            claims["acr"] = json!(TWO);
            claims["auth_time"] = Value::Null;
        }),
    ];
    for (subject, told, claims) in table {
        let sent = opens(&house, &cookie, "/security/provider/proof").await;
        let address = sent.header("location").to_owned();
        assert_eq!(
            (asked(&address)["prompt"].as_str(), asked(&address)["max_age"].as_str()),
            ("login", "0")
        );
        let back = idp.grants(&address, subject, now_ms, claims);
        let reply = opens(&house, &cookie, &back).await;
        assert!(reply.status == 422 && reply.body.contains(told), "{told}: {}", reply.body);
        assert_eq!(renewed(&reply), None, "{told}");
    }
    let sent = opens(&house, &cookie, "/security/provider/proof").await;
    let address = sent.header("location").to_owned();
    let back = idp.grants(&address, "s-1", now_ms, two_factors(LEEWAY_MS));
    let reply = opens(&house, &cookie, &back).await;
    assert!(reply.body.contains("已验明身份"), "{}", reply.body);
    let cookie = renewed(&reply).expect("a new secret");
    let session = kept(&house, &cookie).await.unwrap();
    assert_eq!(session.proved_ms, now_ms - LEEWAY_MS);
    assert_eq!(session.proved_with, "provider_two_factor");
    // The form in the first window goes on with its old token.
    let done = posts(&house, &cookie, "/security/codes", &[csrf, ("kept", "都在")]).await;
    assert!(done.body.contains("抄下恢复码"), "{}", done.body);
    // Whoever is linked to nothing is offered nothing.
    house.binds("jinling").await;
    let cookie = house.cookie("jinling").await;
    age(&house, &cookie, PROOF_SERVES_MS + 1).await;
    let page = opens(&house, &cookie, "/security").await;
    let asks = posts(&house, &cookie, "/security/codes", &[("_csrf", token(&page))]).await;
    assert!(asks.body.contains("再验一次身份") && !asks.body.contains("/security/provider/proof"));
}

pub(crate) async fn the_only_way_in_is_not_given_up(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[TWO]).await else { return };
    let one = link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let two = link(&house, "https://before.example", "s-2", "yunchuan").await;
    let others = link(&house, idp.issuer(), "s-9", "lvqing").await;
    let store = &house.state.store;
    let person = store.person("p-yunchuan").await.unwrap().unwrap();
    let without = store::Person { password_hash: None, ..person.clone() };
    store.save_person(without).await.unwrap();
    let cookie = house.cookie("yunchuan").await;
    let page = opens(&house, &cookie, "/security/provider").await;
    assert!(page.body.contains("https://before.example，尾号 s-2"), "{}", page.body);
    let csrf = ("_csrf", token(&page));
    let end = async |cookie: &str, id: &str| {
        posts(&house, cookie, "/security/provider/end", &[csrf, ("identity", id)]).await
    };
    assert_eq!(end(&cookie, &others).await.status, 404, "another's");
    let elsewhere = house.cookie("yunchuan").await;
    assert_eq!(end(&cookie, &two).await.status, 303);
    assert_eq!(kept(&house, &elsewhere).await, None, "every other device is signed out");
    assert_eq!(log(&house, "yunchuan").await[0], "identity_unlinked");
    let only = end(&cookie, &one).await;
    assert!(only.status == 422 && only.body.contains("唯一方式"), "{}", only.body);
    assert_eq!(store.identities("p-yunchuan").await.unwrap().len(), 1);
    // With a password, or with a passkey, there is another way.
    store.save_person(person).await.unwrap();
    age(&house, &cookie, PROOF_SERVES_MS + 1).await;
    let asks = end(&cookie, &one).await;
    assert!(asks.body.contains("再验一次身份"), "{}", asks.body);
    age(&house, &cookie, 0).await;
    assert_eq!(end(&cookie, &one).await.status, 303);
    assert_eq!(store.identities("p-yunchuan").await.unwrap(), []);
    // It signs nobody in any more.
    let mut browser = Browser::new(&house);
    let told = signs_in((&house, &idp), &mut browser, "s-1", two_factors(0)).await;
    assert!(told.body.contains("没有关联"), "{}", told.body);
}

pub(crate) async fn a_program_reads_and_ends_what_its_person_linked(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    let id = link(&house, idp.issuer(), "subject-4321", "yunchuan").await;
    let read = house.get("yunchuan", "/api/v1/identities").await;
    assert_eq!(read.status, 200, "{}", read.body);
    let told = json!({
        "provider": { "name": "统一身份认证", "issuer": idp.issuer() },
        "identities": [{
            "id": id, "issuer": idp.issuer(), "tail": "4321",
            "linked_at": "1970-01-01T00:00:00.001Z", "used_at": null,
        }],
    });
    assert_eq!(read.json(), told);
    assert!(!read.body.contains("subject-4321"));
    let path = format!("/api/v1/identities/{id}");
    let end = async |who: &str| {
        let request = house.request(who, Method::DELETE, &path);
        house.send(request.body(Body::empty()).unwrap()).await.status.as_u16()
    };
    assert_eq!(end("lvqing").await, 404);
    assert_eq!(end("yunchuan").await, 204);
    assert_eq!(house.get("yunchuan", "/api/v1/identities").await.json()["identities"], json!([]));
    let Some(without) = House::on(engine).await else { return };
    let read = without.get("yunchuan", "/api/v1/identities").await.json();
    assert_eq!(read, json!({ "provider": null, "identities": [] }));
}

pub(crate) async fn the_way_out_is_a_link_of_our_own_page_and_no_form(engine: Engine) {
    let Some((house, idp)) = opened(engine, &[]).await else { return };
    let policy = |reply: &Reply| reply.header("content-security-policy").to_owned();
    let Some(without) = House::on(engine).await else { return };
    let mut browser = Browser::new(&without);
    let bare = browser.open("/login?next=%2Fdossiers").await;
    assert!(!bare.body.contains("/login/provider"), "nothing is offered that is not there");
    assert_eq!(browser.open("/login/provider").await.status, 404);
    let mut browser = Browser::new(&house);
    let page = browser.open("/login?next=%2Fdossiers").await;
    assert!(page.body.contains("href=\"/login/provider?next=%2Fdossiers\""), "{}", page.body);
    assert!(page.body.contains("用统一身份认证登录"));
    assert_eq!(policy(&page), policy(&bare));
    assert!(policy(&page).contains("form-action 'self';"), "{}", policy(&page));
    let forms = page.body.split("<form ").skip(1);
    for form in forms {
        assert!(form.split('>').next().unwrap().contains("action=\"/"), "{form}");
    }
    // Only from our own page, which gave the browser its cookie.
    assert_eq!(opens(&house, "", "/login/provider").await.header("location"), "/login");
    let request = house.request("", Method::GET, "/login/provider");
    let request = request.header(header::COOKIE, browser.cookies());
    let request = request.header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(house.send(request).await.header("location"), "/login");
    let sent = browser.open("/login/provider").await;
    assert!(sent.header("location").starts_with(idp.issuer()));
    assert_eq!(sent.header("cache-control"), "no-store");
    // Whoever is signed in has no need to go; nobody is led to another site afterwards.
    let cookie = house.cookie("yunchuan").await;
    let there = opens(&house, &cookie, "/login/provider?next=%2Fdossiers").await;
    assert_eq!(there.header("location"), "/dossiers");
    link(&house, idp.issuer(), "s-1", "yunchuan").await;
    let mut browser = Browser::new(&house);
    browser.open("/login").await;
    let sent = browser.open("/login/provider?next=https%3A%2F%2Fevil.test").await;
    let back = idp.grants(sent.header("location"), "s-1", house.state.clock.wall_ms(), |_| {});
    assert_eq!(browser.open(&back).await.header("location"), "/home");
}
