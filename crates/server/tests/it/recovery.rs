//! Passwords forgotten and factors lost: what somebody else may begin, and never finish.

use serde_json::json;
use server::http::session;

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
    assert_eq!(opens(&house, "", &first).await.status, 422);
    assert_eq!(opens(&house, "", &second).await.status, 200);
    let hash = session::digest(second.trim_start_matches("/reset/"));
    let reset = house.state.store.reset(&hash).await.unwrap().unwrap();
    let now_ms = house.state.clock.wall_ms();
    assert_eq!(reset.expires_ms, now_ms + 24 * 60 * 60 * 1000);
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
        tx.exec("UPDATE losses SET opens_ms = $1 WHERE ended_ms IS NULL", &store::vals![at_ms])
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
        let list = opens(&house, &house.cookie(login).await, "/lost").await;
        assert_eq!(list.body.contains(reason.1), seen, "{login}");
    }
    let loss = house.state.store.open_loss("p-yunchuan-fr").await.unwrap().unwrap();
    let case = ("case", loss.id.as_str());
    let grounds = ("grounds", "回拨单位登记的电话核对");
    assert_eq!(does(&house, "clerk-baotou", "/lost/confirm", &[case, grounds]).await.status, 404);
    assert_eq!(does(&house, "operator", "/lost/confirm", &[case]).await.status, 422);
    let confirmed = does(&house, "clerk-hohhot", "/lost/confirm", &[case, grounds]).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.body);
    assert_eq!(does(&house, "operator", "/lost/confirm", &[case, grounds]).await.status, 409);
    let now_ms = house.state.clock.wall_ms();
    let loss = house.state.store.open_loss("p-yunchuan-fr").await.unwrap().unwrap();
    assert_eq!(loss.opens_ms, Some(now_ms + 24 * 60 * 60 * 1000));
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
    let loss = house.state.store.open_loss("p-yunchuan").await.unwrap().unwrap();
    let fields = [("case", loss.id.as_str()), ("grounds", "电话核对")];
    assert_eq!(does(&house, "operator", "/lost/confirm", &fields).await.status, 303);
    let loss = house.state.store.open_loss("p-yunchuan").await.unwrap().unwrap();
    assert_eq!(loss.opens_ms, Some(house.state.clock.wall_ms()));
    let stopped = does(&house, "yunchuan", "/security/lost/stop", &[]).await;
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
