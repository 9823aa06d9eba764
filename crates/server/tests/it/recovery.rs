//! Passwords forgotten and factors lost: what somebody else may begin, and never finish.

use serde_json::{Value, json};
use server::http::session;
use server::recovery::{DELAY_MS, REASON_MAX, RESET_MS};
use store::recovery::Kind;

use crate::factors::{Browser, log};
use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::strength::{kept, opens, posts, token};

const NEW: &str = "seven kites over a yurt";

/// The link a page shows once, as a path.
fn link(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("/reset/").expect("a link");
    format!("/reset/{}", &rest[..64])
}

/// Lets the day pass that links of those who sign wait.
async fn links_open(house: &House) {
    let write = house.state.store.write(|tx| tx.exec("UPDATE resets SET opens_ms = 0", &[]));
    assert_eq!(write.await.unwrap(), 1);
}

/// Fills a page of somebody in and sends it.
async fn does(house: &House, login: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let cookie = house.cookie(login).await;
    let page = opens(house, &cookie, "/profile").await;
    let pairs: Vec<_> =
        [("_csrf", token(&page))].into_iter().chain(fields.iter().copied()).collect();
    posts(house, &cookie, path, &pairs).await
}

pub(crate) async fn a_password_is_set_anew_and_the_second_factor_stays(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan-fr").await;
    let session_ = house.cookie("yunchuan-fr").await;
    let path = "/ops/accounts/reset";
    let made = does(&house, "operator", path, &[("person", "p-yunchuan-fr")]).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let link_ = link(&made);
    // Of somebody who signs for a unit it waits a day, and every session is told.
    let early = opens(&house, "", &link_).await;
    assert!(early.status == 422 && early.body.contains("起可以用"), "{}", early.body);
    assert!(opens(&house, &session_, "/regulation").await.body.contains("为你申请重置密码"));
    links_open(&house).await;
    // Nobody begins that for oneself, and only the operator at all.
    for (login, person) in [("operator", "p-operator"), ("yunchuan", "p-yunchuan-fr")] {
        let reply = does(&house, login, path, &[("person", person)]).await;
        assert_eq!(reply.status, 404, "{login}");
    }
    let mut browser = Browser::new(&house);
    for _ in 0..2 {
        let page = browser.open(&link_).await;
        assert!(page.status == 200 && page.body.contains("yunchuan-fr"), "{}", page.body);
    }
    let page = browser.open(&link_).await;
    let code = house.code("yunchuan-fr", 0);
    let new = [("new_password", NEW), ("again", NEW)];
    let easy = [("new_password", "yunchuan-fr-1"), ("again", "yunchuan-fr-1"), ("code", &*code)];
    for fields in [&new[..], &[new[0], new[1], ("code", "000000")][..], &easy[..]] {
        let reply = browser.send(&page, &link_, fields).await;
        assert_eq!(reply.status, 422, "{}", reply.body);
    }
    assert!(kept(&house, &session_).await.is_some());
    let done = browser.send(&page, &link_, &[new[0], new[1], ("code", &code)]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/login"), "{}", done.body);
    assert_eq!(kept(&house, &session_).await, None);
    assert_eq!(house.get("yunchuan-fr", "/api/v1/me").await.status, 401);
    assert_eq!(browser.open(&link_).await.status, 422);
    let page = browser.log_in("yunchuan-fr", NEW).await;
    assert!(page.body.contains("登录第二步"), "{}", page.body);
    assert_eq!(browser.shows(&page, &house.code("yunchuan-fr", 1)).await.status, 303);
    assert_eq!(browser.log_in("yunchuan-fr", PASSWORD).await.status, 422);
    assert_eq!(log(&house, "yunchuan-fr").await, ["signed_in", "password_reset", "reset_made"]);
}

pub(crate) async fn a_link_lives_a_day_and_the_last_one_counts(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let fields = [("person", "p-decider")];
    let first = link(&does(&house, "operator", "/ops/accounts/reset", &fields).await);
    let second = link(&does(&house, "operator", "/ops/accounts/reset", &fields).await);
    for link in [&first, &second] {
        assert_eq!(opens(&house, "", link).await.status, 422, "a decider hears of it first");
    }
    let hash = session::digest(second.trim_start_matches("/reset/"));
    let reset = house.state.store.reset(&hash).await.unwrap().unwrap();
    let now_ms = house.state.clock.wall_ms();
    let opens_ms = now_ms + DELAY_MS;
    assert_eq!((reset.opens_ms, reset.expires_ms), (opens_ms, opens_ms + RESET_MS));
    links_open(&house).await;
    assert_eq!(opens(&house, "", &first).await.status, 422, "the last one counts");
    let reset = store::recovery::Reset { opens_ms: 0, ..reset };
    for (expires_ms, status) in [(now_ms + 1, 200), (now_ms, 422)] {
        house
            .state
            .store
            .save_reset(store::recovery::Reset { expires_ms, ..reset.clone() })
            .await
            .unwrap();
        assert_eq!(opens(&house, "", &second).await.status.as_u16(), status);
    }
}

async fn opens_at(house: &House, at_ms: i64) {
    let write = house.state.store.write(move |tx| {
        tx.exec("UPDATE recoveries SET opens_ms = $1 WHERE ended_ms IS NULL", &store::vals![at_ms])
    });
    assert_eq!(write.await.unwrap(), 1);
}

pub(crate) async fn a_lost_factor_takes_another_person_and_for_signatories_a_day(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan-fr").await;
    let elsewhere = house.cookie("yunchuan-fr").await;
    let mut browser = Browser::new(&house);
    let page = browser.log_in("yunchuan-fr", PASSWORD).await;
    let step = crate::factors::value(&page, "step");
    let empty = browser.send(&page, "/login/lost", &[("step", &step), ("reason", "")]).await;
    assert_eq!(empty.status, 422, "{}", empty.body);
    let reason = ("reason", "手机掉进黄河，恢复码在手机壳里");
    let asked = browser.send(&page, "/login/lost", &[("step", &step), reason]).await;
    assert!(asked.status == 200 && asked.body.contains("已申请"), "{}", asked.body);
    // Every session of the person is told.
    for path in ["/home", "/regulation"] {
        assert!(opens(&house, &elsewhere, path).await.body.contains("申请解除第二个因素"));
    }
    // The unit's own authority and the operator see it, others do not.
    for (login, seen) in [("clerk-hohhot", true), ("operator", true), ("clerk-baotou", false)] {
        let list = opens(&house, &house.cookie(login).await, "/recoveries").await;
        assert_eq!(list.body.contains(reason.1), seen, "{login}");
    }
    let loss = house.state.store.open_case("p-yunchuan-fr", Kind::Factor).await.unwrap().unwrap();
    let case = ("case", loss.id.as_str());
    let grounds = ("grounds", "回拨单位登记的电话核对");
    assert_eq!(
        does(&house, "clerk-baotou", "/recoveries/confirm", &[case, grounds]).await.status,
        404
    );
    assert_eq!(does(&house, "operator", "/recoveries/confirm", &[case]).await.status, 422);
    let confirmed = does(&house, "clerk-hohhot", "/recoveries/confirm", &[case, grounds]).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.body);
    assert_eq!(does(&house, "operator", "/recoveries/confirm", &[case, grounds]).await.status, 409);
    let now_ms = house.state.clock.wall_ms();
    let loss = house.state.store.open_case("p-yunchuan-fr", Kind::Factor).await.unwrap().unwrap();
    assert_eq!(loss.opens_ms, Some(now_ms + DELAY_MS));
    opens_at(&house, now_ms + 1).await;
    let early = browser.send(&page, "/login/lost/open", &[("step", &step)]).await;
    assert_eq!(early.status, 422, "{}", early.body);
    opens_at(&house, now_ms).await;
    let page = browser.log_in("yunchuan-fr", PASSWORD).await;
    assert!(page.body.contains("解除原来的，绑定新的"), "{}", page.body);
    let done = browser.send(&page, "/login/lost/open", &[("step", &step)]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/security"));
    assert_eq!(house.state.store.totp("p-yunchuan-fr").await.unwrap(), None);
    assert_eq!(kept(&house, &elsewhere).await, None);
    assert_eq!(browser.open("/home").await.header("location"), "/security?next=%2Fhome");
    let lines = log(&house, "yunchuan-fr").await;
    assert_eq!(lines, ["factor_ended", "loss_confirmed", "loss_asked"]);
}

pub(crate) async fn the_person_stops_what_somebody_else_asked_for(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan").await;
    let mut thief = Browser::new(&house);
    let page = thief.log_in("yunchuan", PASSWORD).await;
    let step = crate::factors::value(&page, "step");
    thief.send(&page, "/login/lost", &[("step", &step), ("reason", "丢了")]).await;
    // Who signs for nobody waits for the confirmation alone.
    let loss = house.state.store.open_case("p-yunchuan", Kind::Factor).await.unwrap().unwrap();
    let fields = [("case", loss.id.as_str()), ("grounds", "电话核对")];
    assert_eq!(does(&house, "operator", "/recoveries/confirm", &fields).await.status, 303);
    let loss = house.state.store.open_case("p-yunchuan", Kind::Factor).await.unwrap().unwrap();
    assert_eq!(loss.opens_ms, Some(house.state.clock.wall_ms()));
    // Nobody stops another's.
    let others = does(&house, "saibei", "/security/recoveries/stop", &fields[..1]).await;
    assert_eq!(others.status, 404);
    let stopped = does(&house, "yunchuan", "/security/recoveries/stop", &fields[..1]).await;
    assert_eq!(stopped.header("location"), "/profile/password", "{}", stopped.body);
    let late = thief.send(&page, "/login/lost/open", &[("step", &step)]).await;
    assert_eq!(late.status, 422, "{}", late.body);
    assert!(house.state.store.totp("p-yunchuan").await.unwrap().is_some());
    assert_eq!(log(&house, "yunchuan").await, ["loss_stopped", "loss_confirmed", "loss_asked"]);
}

pub(crate) async fn the_operator_asks_for_more_and_never_for_less(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let fields =
        |strength| [("group", "department"), ("strength", strength), ("basis", "等保三级")];
    let less = does(&house, "operator", "/ops/strength", &fields("password")).await;
    assert_eq!(less.status, 422, "{}", less.body);
    let decider = house.cookie("decider").await;
    assert_eq!(opens(&house, &decider, "/home").await.status, 200);
    let more = does(&house, "operator", "/ops/strength", &fields("passkey")).await;
    assert_eq!(more.status, 303, "{}", more.body);
    let led = opens(&house, &decider, "/home").await;
    assert_eq!(led.header("location"), "/security?next=%2Fhome");
    let page = opens(&house, &house.cookie("operator").await, "/ops/strength").await;
    assert!(page.body.contains("等保三级") && page.body.contains("通行密钥"));
    let api = house.get("decider", "/api/v1/worklist").await;
    assert_eq!((api.status.as_u16(), &api.json()["type"]), (403, &json!("/api#too_weak")));
    // Others are asked what they were asked before; what was written past the page counts as the
    // least.
    assert_eq!(opens(&house, &house.cookie("yunchuan").await, "/home").await.status, 200);
    let rule = json!({"strength": "password", "basis": "", "by": "", "at_ms": 0}).to_string();
    house.state.store.set_setting("strength.unit", &rule).await.unwrap();
    let mut weak = Browser::new(&house);
    weak.log_in("yunchuan", PASSWORD).await;
    assert_eq!(weak.open("/home").await.header("location"), "/security?next=%2Fhome");
}

/// The link of somebody to a unit in a capacity.
async fn link_of(house: &House, unit: &str, person: &str) -> String {
    let unit = house.state.office.unit_with_people(&unit.into()).await.unwrap().unwrap();
    let mut links = unit.people.links.iter();
    links.find(|link| link.made.person.as_str() == person).unwrap().made.link.clone()
}

pub(crate) async fn who_runs_the_accounts_begins_and_the_authority_hands_the_link_over(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    house.binds("yunchuan-fr").await;
    let elsewhere = house.cookie("yunchuan-fr").await;
    let representative = link_of(&house, "u-yunchuan", "p-yunchuan-fr").await;
    let own = link_of(&house, "u-yunchuan", "p-yunchuan-gl").await;
    let path = "/units/u-yunchuan/people/reset";
    let reason = ("reason", "换了手机以后想不起密码，当面提出");
    let asks = |who: &'static str, link: String, reason: (&'static str, String)| {
        let house = &house;
        async move { does(house, who, path, &[("link", &link), (reason.0, &reason.1)]).await }
    };
    // The page says what happens; the button stands beside the colleague and not beside oneself.
    let cookie = house.cookie("yunchuan-gl").await;
    let people = opens(&house, &cookie, "/units/u-yunchuan/people").await.body;
    assert!(people.contains(&format!("{path}?link={representative}")), "{people}");
    assert!(!people.contains(&format!("{path}?link={own}")), "{people}");
    let page = opens(&house, &cookie, &format!("{path}?link={representative}")).await;
    assert!(page.body.contains("新密码由本人设置"), "{}", page.body);
    // A reason has an end; nothing typed is lost.
    let long = "字".repeat(REASON_MAX + 1);
    let refused = asks("yunchuan-gl", representative.clone(), ("reason", long.clone())).await;
    assert!(refused.status == 422 && refused.body.contains(&long), "{}", refused.body);
    let longest = asks("yunchuan-gl", own, ("reason", reason.1.to_owned())).await;
    assert!(longest.status == 422 && longest.body.contains("个人中心"), "{}", longest.body);
    // Others neither see the colleague nor begin anything.
    for who in ["yunchuan", "saibei", "clerk-hohhot", "operator"] {
        let reply = asks(who, representative.clone(), ("reason", reason.1.to_owned())).await;
        assert!(matches!(reply.status.as_u16(), 403 | 404), "{who}: {}", reply.status);
    }
    for _ in 0..2 {
        let asked =
            asks("yunchuan-gl", representative.clone(), ("reason", reason.1.to_owned())).await;
        assert_eq!(asked.status, 303, "{}", asked.body);
        assert_eq!(house.state.store.cases_of("p-yunchuan-fr").await.unwrap().len(), 1);
    }
    // Every session of the person is told, and the authority has a message.
    let told = opens(&house, &elsewhere, "/regulation").await.body;
    assert!(told.contains("为你申请重置密码"), "{told}");
    let clerk = house.cookie("clerk-hohhot").await;
    let messages = opens(&house, &clerk, "/messages").await.body;
    assert!(messages.contains("为一位人员重置密码"), "{messages}");
    for (login, seen) in [("clerk-hohhot", true), ("operator", true), ("clerk-baotou", false)] {
        let list = opens(&house, &house.cookie(login).await, "/recoveries").await;
        assert_eq!(list.body.contains(reason.1), seen, "{login}");
    }
    let case = house.state.store.open_case("p-yunchuan-fr", Kind::Password).await.unwrap().unwrap();
    let fields = [("case", case.id.as_str()), ("grounds", "回拨单位登记的电话核对")];
    assert_eq!(does(&house, "yunchuan", "/recoveries/confirm", &fields).await.status, 403);
    assert_eq!(does(&house, "clerk-baotou", "/recoveries/confirm", &fields).await.status, 404);
    let made = does(&house, "clerk-hohhot", "/recoveries/confirm", &fields).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(does(&house, "operator", "/recoveries/confirm", &fields).await.status, 409);
    // Whoever signs for the unit has a day to hear of it.
    let link_ = link(&made);
    let hash = session::digest(link_.trim_start_matches("/reset/"));
    let reset = house.state.store.reset(&hash).await.unwrap().unwrap();
    let now_ms = house.state.clock.wall_ms();
    assert_eq!(reset.opens_ms, now_ms + DELAY_MS);
    assert_eq!(reset.expires_ms, now_ms + DELAY_MS + RESET_MS);
    for (opens_ms, status) in [(now_ms + 1, 422), (now_ms, 200)] {
        let kept = store::recovery::Reset { opens_ms, ..reset.clone() };
        house.state.store.save_reset(kept).await.unwrap();
        assert_eq!(opens(&house, "", &link_).await.status.as_u16(), status);
    }
    // The password is the person's to choose, and the second factor stays.
    let mut browser = Browser::new(&house);
    let page = browser.open(&link_).await;
    let new = [("new_password", NEW), ("again", NEW)];
    assert_eq!(browser.send(&page, &link_, &new).await.status, 422);
    let code = house.code("yunchuan-fr", 0);
    let done = browser.send(&page, &link_, &[new[0], new[1], ("code", &code)]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/login"), "{}", done.body);
    assert_eq!(kept(&house, &elsewhere).await, None);
    assert_eq!(house.state.store.cases_of("p-yunchuan-fr").await.unwrap(), []);
    let lines = log(&house, "yunchuan-fr").await;
    assert_eq!(lines[..3], ["password_reset", "reset_made", "reset_asked"], "{lines:?}");
    // Whoever handed the link over does not give the factor up as well.
    let mut thief = Browser::new(&house);
    let page = thief.log_in("yunchuan-fr", NEW).await;
    let step = crate::factors::value(&page, "step");
    thief.send(&page, "/login/lost", &[("step", &step), ("reason", "丢了")]).await;
    let case = house.state.store.open_case("p-yunchuan-fr", Kind::Factor).await.unwrap().unwrap();
    let fields = [("case", case.id.as_str()), ("grounds", "电话核对")];
    assert_eq!(does(&house, "clerk-hohhot", "/recoveries/confirm", &fields).await.status, 404);
    assert_eq!(does(&house, "operator", "/recoveries/confirm", &fields).await.status, 303);
    // Nor the other way round.
    let both =
        does(&house, "operator", "/ops/accounts/reset", &[("person", "p-yunchuan-fr")]).await;
    assert!(both.status == 409 && both.body.contains("由另一位"), "{}", both.body);
}

pub(crate) async fn a_reset_over_the_api_is_stopped_by_its_person(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let link_ = link_of(&house, "u-saibei", "p-saibei-fr").await;
    let path = format!("/api/v1/units/u-saibei/people/{link_}/reset");
    let asked = json!({"reason": "忘记密码"});
    let blank = house.post("saibei", &path, &json!({"reason": " "})).await;
    assert!(blank.status == 422 && blank.body.contains("写明原因"), "{}", blank.body);
    assert_eq!(house.post("yunchuan", &path, &asked).await.status, 404);
    assert_eq!(house.post("saibei", &path, &asked).await.status, 201);
    assert_eq!(house.post("saibei", &path, &asked).await.json(), json!({"asked": false}));
    let seen = house.get("operator", "/api/v1/recoveries").await.json();
    let case = seen["items"][0].clone();
    assert_eq!((&case["kind"], &case["signs"]), (&json!("password"), &json!(true)), "{seen}");
    assert_eq!(house.get("yunchuan", "/api/v1/recoveries").await.json()["items"], json!([]));
    let settle = format!("/api/v1/recoveries/{}/answer", case["id"].as_str().unwrap());
    let no_grounds = house.post("operator", &settle, &json!({"confirm": true})).await;
    assert!(no_grounds.status == 422 && no_grounds.body.contains("核实"), "{}", no_grounds.body);
    let confirmed = json!({"confirm": true, "grounds": "视频核对"});
    assert_eq!(house.post("saibei", &settle, &confirmed).await.status, 404);
    // The operator makes no link of their own beside it.
    let beside = [("person", "p-saibei-fr")];
    assert_eq!(does(&house, "operator", "/ops/accounts/reset", &beside).await.status, 409);
    let done = house.post("operator", &settle, &confirmed).await.json();
    let url = done["url"].as_str().unwrap().to_owned();
    assert!(done["confirmed"] == json!(true) && url.contains("/reset/"), "{done}");
    // The person did not ask for it: the link opens nothing any longer.
    let fields = [("case", case["id"].as_str().unwrap())];
    let stopped = does(&house, "saibei-fr", "/security/recoveries/stop", &fields).await;
    assert_eq!(stopped.header("location"), "/security", "{}", stopped.body);
    let secret = url.rsplit('/').next().unwrap();
    assert_eq!(house.state.store.reset(&session::digest(secret)).await.unwrap(), None);
    // For a day that is the last word; then it can be asked for again, and not be confirmed.
    let soon = house.post("saibei", &path, &asked).await;
    assert!(soon.status == 422 && soon.body.contains("24 小时"), "{}", soon.body);
    let passed = house.state.store.write(|tx| {
        let sql = "UPDATE recoveries SET ended_ms = ended_ms - $1 WHERE outcome = 'stopped'";
        tx.exec(sql, &store::vals![DELAY_MS])
    });
    assert_eq!(passed.await.unwrap(), 1);
    assert_eq!(house.post("saibei", &path, &asked).await.status, 201);
    let again: Value = house.get("operator", "/api/v1/recoveries").await.json();
    let settle = format!("/api/v1/recoveries/{}/answer", again["items"][0]["id"].as_str().unwrap());
    let refused = house.post("operator", &settle, &json!({"confirm": false})).await.json();
    assert_eq!(refused["confirmed"], false);
    assert_eq!(house.post("saibei", &path, &asked).await.status, 201);
    let last = house.get("operator", "/api/v1/recoveries").await.json();
    let settle = format!("/api/v1/recoveries/{}/answer", last["items"][0]["id"].as_str().unwrap());
    house.post("operator", &settle, &confirmed).await;
    // A link that nobody used ends by itself, and nobody is told of it any longer.
    opens_at(&house, house.state.clock.wall_ms() - RESET_MS).await;
    let late = house.get("operator", "/api/v1/recoveries").await.json();
    assert_eq!(late["items"][0]["expired"], true, "{late}");
    let told = opens(&house, &house.cookie("saibei-fr").await, "/regulation").await.body;
    assert!(!told.contains("为你申请重置密码"), "{told}");
    server::jobs::clear(&house.state).await.unwrap();
    assert_eq!(house.state.store.cases_of("p-saibei-fr").await.unwrap(), []);
    // A password that its person changes is not set over by a link made before.
    assert_eq!(house.post("saibei", &path, &asked).await.status, 201, "it can be asked for again");
    let last = house.get("operator", "/api/v1/recoveries").await.json();
    let settle = format!("/api/v1/recoveries/{}/answer", last["items"][0]["id"].as_str().unwrap());
    let url = house.post("operator", &settle, &confirmed).await.json()["url"].clone();
    let secret = url.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let own = [("current", PASSWORD), ("new_password", NEW), ("again", NEW)];
    let changed = does(&house, "saibei-fr", "/profile/password", &own).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(house.state.store.reset(&session::digest(&secret)).await.unwrap(), None);
    assert_eq!(house.state.store.cases_of("p-saibei-fr").await.unwrap(), []);
}
