//! Second factors at the door and at the desk: bound, shown, used up, slowed down, kept.

use axum::http::header;
use serde_json::json;
use server::factors::totp::{OFFER_MS, generator};

use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::strength::{age, kept, opens, posts, renewed, token};

/// What a browser has of us: its cookies.
pub(crate) struct Browser<'a> {
    house: &'a House,
    cookies: String,
}

impl<'a> Browser<'a> {
    /// One that was never here.
    pub(crate) fn new(house: &'a House) -> Self {
        Self { house, cookies: String::new() }
    }

    pub(crate) fn cookies(&self) -> &str {
        &self.cookies
    }

    fn keep(&mut self, reply: &Reply) {
        for set in reply.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let name = pair.split('=').next().unwrap();
            let own = |kept: &&str| kept.split('=').next() != Some(name) && !kept.is_empty();
            let mut cookies: Vec<&str> = self.cookies.split("; ").filter(own).collect();
            cookies.push(pair);
            self.cookies = cookies.join("; ");
        }
    }

    pub(crate) async fn open(&mut self, path: &str) -> Reply {
        let reply = opens(self.house, &self.cookies, path).await;
        self.keep(&reply);
        reply
    }

    /// Fills the form of a page in and sends it.
    pub(crate) async fn send(
        &mut self,
        page: &Reply,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let mut pairs = vec![("_csrf", token(page))];
        pairs.extend(fields);
        let reply = posts(self.house, &self.cookies, path, &pairs).await;
        self.keep(&reply);
        reply
    }

    /// The first step, by somebody who is not signed in any more.
    pub(crate) async fn log_in(&mut self, login: &str, password: &str) -> Reply {
        let kept = self.cookies.split("; ").filter(|pair| !pair.starts_with("sid="));
        self.cookies = kept.collect::<Vec<_>>().join("; ");
        let page = self.open("/login").await;
        self.send(&page, "/login", &[("login", login), ("password", password)]).await
    }

    /// The second step, from the page that asks for it.
    pub(crate) async fn shows(&mut self, page: &Reply, code: &str) -> Reply {
        let step = value(page, "step");
        self.send(page, "/login/code", &[("step", &step), ("code", code)]).await
    }
}

/// What a hidden field of a page carries.
pub(crate) fn value(page: &Reply, name: &str) -> String {
    let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
    rest.split('"').next().unwrap().to_owned()
}

/// The recovery codes a page shows.
fn codes(page: &Reply) -> Vec<String> {
    let parts = page.body.split("<span class=\"code key\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

pub(crate) async fn log(house: &House, login: &str) -> Vec<String> {
    let lines = house.state.store.security_log(&format!("p-{login}"), 100).await.unwrap();
    lines.into_iter().map(|line| line.kind).collect()
}

/// The code of the seed that is offered to somebody now.
async fn offered(house: &House, login: &str) -> String {
    let person = format!("p-{login}");
    let sealed = house.state.store.totp(&person).await.unwrap().unwrap().offered.unwrap();
    let seed = house.state.vault.open(&format!("totp:{person}"), &sealed).unwrap();
    assert!(!sealed.windows(seed.len()).any(|piece| piece == seed), "a seed lies open");
    let seconds = house.state.clock.wall_ms() / 1000;
    generator(&seed).unwrap().generate(seconds.try_into().unwrap()).to_string()
}

pub(crate) async fn whoever_has_no_second_factor_binds_one_before_anything_else(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let mut browser = Browser::new(&house);
    let signed = browser.log_in("yunchuan", PASSWORD).await;
    assert_eq!((signed.status.as_u16(), signed.header("location")), (303, "/home"));
    for path in ["/home", "/dossiers", "/dossiers/new", "/unit", "/profile/tokens", "/messages"] {
        let led = browser.open(path).await;
        let to = format!("/security?next={}", path.replace('/', "%2F"));
        assert_eq!(led.header("location"), to, "{path}");
    }
    let api = opens(&house, &browser.cookies, "/api/v1/worklist").await;
    assert_eq!((api.status.as_u16(), &api.json()["type"]), (403, &json!("/api#too_weak")));
    // The own account and public pages are open, as for one of the public.
    for path in ["/profile", "/profile/password", "/regulation", "/registry.json"] {
        assert_eq!(browser.open(path).await.status, 200, "{path}");
    }
    let page = browser.open("/security?next=%2Fdossiers").await;
    assert!(page.body.contains("先绑定第二个因素") && page.body.contains("经办人"));
    assert_eq!(browser.open("/security/totp").await.header("location"), "/security");
    let led = browser.send(&page, "/security/totp/offer", &[("next", "/dossiers")]).await;
    assert_eq!(led.header("location"), "/security/totp?next=%2Fdossiers", "{}", led.body);
    let page = browser.open("/security/totp?next=%2Fdossiers").await;
    assert!(page.body.contains("/security/totp.svg") && page.body.contains("手动输入密钥"));
    let drawing = browser.open("/security/totp.svg").await;
    assert_eq!(drawing.header("content-type"), "image/svg+xml");
    assert_eq!(drawing.header("cache-control"), "no-store");
    let wrong = browser.send(&page, "/security/totp", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let before = browser.cookies.clone();
    let code = offered(&house, "yunchuan").await;
    let fields = [("code", code.as_str()), ("next", "/dossiers")];
    let bound = browser.send(&page, "/security/totp", &fields).await;
    assert_eq!(bound.status, 200, "{}", bound.body);
    assert_eq!(codes(&bound).len(), 10);
    assert!(bound.body.contains("href=\"/dossiers\"") && bound.body.contains("只显示这一次"));
    assert_eq!(bound.header("cache-control"), "no-store");
    // The session goes on under another secret, as strong as the post asks.
    assert!(opens(&house, &before, "/home").await.header("location").starts_with("/login"));
    assert_eq!(browser.open("/home").await.status, 200);
    let security = browser.open("/security").await;
    assert!(security.body.contains("还剩 <b>10</b> 个"), "{}", security.body);
    assert!(!codes(&bound).iter().any(|code| security.body.contains(code)));
    assert_eq!(log(&house, "yunchuan").await, ["factor_bound", "signed_in"]);
    // The code that bound it is used up.
    let mut again = Browser::new(&house);
    let page = again.log_in("yunchuan", PASSWORD).await;
    let reply = again.shows(&page, &code).await;
    assert!(reply.status == 422 && reply.body.contains("已经用过"), "{}", reply.body);
}

pub(crate) async fn a_code_works_once_and_only_near_its_time(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("decider").await;
    // steps from now, taken: what is used up stays used up, and so does what came before it.
    let table =
        [(-2, false), (2, false), (-1, true), (-1, false), (0, true), (-1, false), (1, true)];
    for (steps, taken) in table {
        let mut browser = Browser::new(&house);
        let page = browser.log_in("decider", PASSWORD).await;
        assert!(page.status == 200 && page.body.contains("登录第二步"), "{}", page.body);
        assert!(!browser.cookies.contains("sid="), "nobody is signed in yet");
        let reply = browser.shows(&page, &house.code("decider", steps)).await;
        assert_eq!(reply.status == 303, taken, "{steps}: {}", reply.body);
        assert_eq!(renewed(&reply).is_some(), taken);
        if taken {
            assert_eq!(browser.open("/home").await.status, 200);
        }
    }
    // The word of the first step is for its person, and for a while.
    let mut browser = Browser::new(&house);
    let page = browser.log_in("decider", PASSWORD).await;
    let step = value(&page, "step").replace("p-decider", "p-drafter");
    let code = house.code("decider", 1);
    let other = browser.send(&page, "/login/code", &[("step", &step), ("code", &code)]).await;
    assert!(other.status == 422 && other.body.contains("十分钟"), "{}", other.body);
}

pub(crate) async fn guessing_codes_is_slowed_down_and_written_down(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("decider").await;
    let mut browser = Browser::new(&house);
    let page = browser.log_in("decider", PASSWORD).await;
    for _ in 0..6 {
        assert_eq!(browser.shows(&page, "000000").await.status, 422);
    }
    let slowed = browser.shows(&page, "000000").await;
    assert!(slowed.status == 429 && slowed.body.contains("秒后再试"), "{}", slowed.body);
    // Not even the right one is looked at meanwhile.
    assert_eq!(browser.shows(&page, &house.code("decider", 0)).await.status, 429);
    assert_eq!(log(&house, "decider").await, ["not_signed_in"; 6]);
}

pub(crate) async fn a_recovery_code_serves_once_in_place_of_the_phone(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan").await;
    let cookie = house.cookie("yunchuan").await;
    let page = opens(&house, &cookie, "/security").await;
    let shown = posts(&house, &cookie, "/security/codes", &[("_csrf", token(&page))]).await;
    let first = codes(&shown);
    assert_eq!(first.len(), 10, "{}", shown.body);
    for (code, taken) in
        [(first[0].to_uppercase().replace('-', " "), true), (first[0].clone(), false)]
    {
        let mut browser = Browser::new(&house);
        let page = browser.log_in("yunchuan", PASSWORD).await;
        let reply = browser.shows(&page, &code).await;
        assert_eq!(reply.status == 303, taken, "{}", reply.body);
    }
    assert_eq!(house.state.store.codes_left("p-yunchuan").await.unwrap(), 9);
    // Made anew, the old ones are worth nothing; that takes a fresh proof.
    age(&house, &cookie, 24 * 60 * 60 * 1000).await;
    let asked = posts(&house, &cookie, "/security/codes", &[("_csrf", token(&page))]).await;
    assert!(asked.body.contains("再验一次身份"), "{}", asked.body);
    let pairs = [("_csrf", token(&page)), ("_proof", first[1].as_str())];
    let shown = posts(&house, &cookie, "/security/codes", &pairs).await;
    assert_eq!(codes(&shown).len(), 10, "{}", shown.body);
    let mut browser = Browser::new(&house);
    let page = browser.log_in("yunchuan", PASSWORD).await;
    assert_eq!(browser.shows(&page, &first[2]).await.status, 422);
}

pub(crate) async fn what_the_post_asks_for_is_not_given_up_and_another_phone_is_bound(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan").await;
    let cookie = house.cookie("yunchuan").await;
    let page = opens(&house, &cookie, "/security").await;
    let csrf = ("_csrf", token(&page));
    let kept_ = posts(&house, &cookie, "/security/totp/end", &[csrf]).await;
    assert!(kept_.status == 422 && kept_.body.contains("不能解除"), "{}", kept_.body);
    // Whoever finds the desk open binds no phone of theirs.
    age(&house, &cookie, 24 * 60 * 60 * 1000).await;
    let asked = posts(&house, &cookie, "/security/totp/offer", &[csrf]).await;
    assert!(asked.body.contains("再验一次身份"), "{}", asked.body);
    let code = house.code("yunchuan", -1);
    let led = posts(&house, &cookie, "/security/totp/offer", &[csrf, ("_proof", &code)]).await;
    let cookie = renewed(&led).expect("a new secret");
    // The old phone serves until the new one is shown.
    let old = house.code("yunchuan", 0);
    let mut browser = Browser::new(&house);
    let step = browser.log_in("yunchuan", PASSWORD).await;
    assert_eq!(browser.shows(&step, &old).await.status, 303);
    let code = offered(&house, "yunchuan").await;
    let bound = posts(&house, &cookie, "/security/totp", &[csrf, ("code", &code)]).await;
    assert_eq!(codes(&bound).len(), 10, "{}", bound.body);
    let sessions = house.state.store.sessions("p-yunchuan").await.unwrap();
    assert_eq!(sessions.len(), 1, "every other device is signed out");
    let mut browser = Browser::new(&house);
    let step = browser.log_in("yunchuan", PASSWORD).await;
    assert_eq!(browser.shows(&step, &house.code("yunchuan", 1)).await.status, 422);
    // An offer waits so long and no longer.
    let fresh = renewed(&bound).unwrap();
    assert!(kept(&house, &fresh).await.is_some());
    let now_ms = house.state.clock.wall_ms();
    for (age_ms, status) in [(OFFER_MS, 200), (OFFER_MS + 1, 303)] {
        let sealed = house.state.vault.seal("totp:p-yunchuan", &[7; 20]);
        house.state.store.offer_totp("p-yunchuan", sealed, now_ms - age_ms).await.unwrap();
        assert_eq!(opens(&house, &fresh, "/security/totp").await.status.as_u16(), status);
    }
}

pub(crate) async fn an_outsider_does_not_lock_a_known_device_out(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("decider").await;
    let mut known = Browser::new(&house);
    let page = known.log_in("decider", PASSWORD).await;
    assert_eq!(known.shows(&page, &house.code("decider", -1)).await.status, 303);
    let mut outsider = Browser::new(&house);
    for _ in 0..8 {
        outsider.log_in("decider", "wrong").await;
    }
    assert_eq!(outsider.log_in("decider", PASSWORD).await.status, 429);
    let page = known.log_in("decider", PASSWORD).await;
    assert!(page.body.contains("登录第二步"), "{}", page.body);
    assert_eq!(known.shows(&page, &house.code("decider", 0)).await.status, 303);
    // The same word opens no other account, and the device has a count of its own.
    let mut moved = Browser { house: &house, cookies: known.cookies.clone() };
    for _ in 0..8 {
        moved.log_in("drafter", "wrong").await;
    }
    assert_eq!(moved.log_in("drafter", PASSWORD).await.status, 429);
    for _ in 0..8 {
        known.log_in("decider", "wrong").await;
    }
    assert_eq!(known.log_in("decider", PASSWORD).await.status, 429);
}

pub(crate) async fn a_program_reads_of_factors_that_they_are_there_and_signs_devices_out(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan").await;
    let cookie = house.cookie("yunchuan").await;
    let read = house.get("yunchuan", "/api/v1/me/security").await;
    assert_eq!(read.status, 200, "{}", read.body);
    let security = read.json();
    assert_eq!(security["totp_bound_at"], "1970-01-01T00:00:00Z");
    assert_eq!(security["recovery_codes_left"], 0);
    let sealed = house.state.store.totp("p-yunchuan").await.unwrap().unwrap().seed.unwrap();
    for secret in [cookie.trim_start_matches("sid="), &hex::encode(sealed), "seed", "csrf"] {
        assert!(!read.body.contains(secret), "{secret}");
    }
    let id = security["sessions"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/me/sessions/{id}");
    let end = |who: &str| {
        let request = house.request(who, axum::http::Method::DELETE, &path);
        house.send(request.body(axum::body::Body::empty()).unwrap())
    };
    assert_eq!(end("lvqing").await.status, 404);
    assert!(kept(&house, &cookie).await.is_some());
    assert_eq!(end("yunchuan").await.status, 204);
    assert_eq!(kept(&house, &cookie).await, None);
    let log = house.get("yunchuan", "/api/v1/me/security").await.json();
    assert_eq!(log["log"][0]["kind"], "sessions_ended");
}
