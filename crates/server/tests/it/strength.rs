//! How strongly somebody is signed in, and how fresh a proof must be for what binds.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};
use server::http::session;
use server::http::strength::PROOF_SERVES_MS;

use crate::house::{House, PASSWORD, Reply};
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";
const FORM: &str = "application/x-www-form-urlencoded";

/// The session behind a cookie, as the store keeps it.
pub(crate) async fn kept(house: &House, cookie: &str) -> Option<store::Session> {
    let (_, secret) = cookie.split_once('=').unwrap();
    house.state.store.session(&session::digest(secret)).await.unwrap()
}

/// Lets everybody who is signed in under a login be so with two factors, as of now.
pub(crate) fn strengthen(store: &store::Store, login: &str) {
    let login = login.to_owned();
    let write = store.write_blocking(move |tx| {
        let person = store::people::person_by_login(tx, &login)?.unwrap_or_default();
        for session in store::access::sessions(tx, &person.id)? {
            let (strength, proved_with) = ("two_factor".to_owned(), "totp".to_owned());
            let strong = store::Session { strength, proved_with, ..session };
            store::access::save_session(tx, &strong)?;
        }
        Ok(())
    });
    write.unwrap();
}

/// Lets the proof of a session be so old.
pub(crate) async fn age(house: &House, cookie: &str, ms: i64) {
    let session = kept(house, cookie).await.unwrap();
    let proved_ms = house.state.clock.wall_ms() - ms;
    house.state.store.save_session(store::Session { proved_ms, ..session }).await.unwrap();
}

pub(crate) async fn opens(house: &House, cookie: &str, path: &str) -> Reply {
    let request = house.request("", Method::GET, path).header(header::COOKIE, cookie);
    house.send(request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn posts(
    house: &House,
    cookie: &str,
    path: &str,
    pairs: &[(&str, &str)],
) -> Reply {
    let request = house.request("", Method::POST, path).header(header::COOKIE, cookie);
    let body = serde_urlencoded::to_string(pairs).unwrap();
    house.send(request.header(header::CONTENT_TYPE, FORM).body(body.into()).unwrap()).await
}

/// The token of a page.
pub(crate) fn token(page: &Reply) -> &str {
    let (_, rest) = page.body.split_once("name=\"_csrf\" value=\"").expect("a form");
    rest.split('"').next().unwrap()
}

/// The session cookie an answer sets.
pub(crate) fn renewed(reply: &Reply) -> Option<String> {
    let set = reply.headers.get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|set| set.to_str().ok()?.split(';').next());
    pairs.filter(|pair| pair.starts_with("sid=") && pair.len() > 4).map(str::to_owned).next()
}

async fn in_recommendation(house: &House) -> Tale<'_> {
    let tale = told(house, NAME, "recommendation").await;
    house.on_day("2026-03-09");
    tale
}

pub(crate) async fn an_act_with_effect_asks_for_a_fresh_proof_and_keeps_what_was_typed(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = in_recommendation(&house).await;
    house.binds("clerk-hohhot").await;
    let path = format!("/dossiers/{}/check_materials", tale.id);
    let cookie = house.cookie("clerk-hohhot").await;
    age(&house, &cookie, PROOF_SERVES_MS + 1).await;
    let page = opens(&house, &cookie, &path).await;
    let opinion = "材料<属实>，\"逐项\"核对";
    let mut pairs = vec![("_csrf", token(&page)), ("_key", "k-1"), ("opinion", opinion)];
    let asked = posts(&house, &cookie, &path, &pairs).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert!(asked.body.contains("再验一次身份") && asked.body.contains("写明审核意见"));
    let carried = "name=\"opinion\" value=\"材料&#60;属实&#62;，&#34;逐项&#34;核对\"";
    assert!(asked.body.contains(carried), "{}", asked.body);
    assert!(asked.body.contains(&format!("action=\"{path}\"")));
    assert!(asked.body.contains("name=\"_key\" value=\"k-1\""));
    assert_eq!(asked.header("cache-control"), "no-store");
    let tasks = house.get("clerk-hohhot", "/api/v1/worklist").await.json();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "nothing was done");
    // A wrong proof is told, and everything is still there.
    pairs.push(("_proof", "wrong"));
    let wrong = posts(&house, &cookie, &path, &pairs).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    assert!(wrong.body.contains(carried) && wrong.body.contains("不对"));
    assert!(!wrong.body.contains("value=\"wrong\""));
    // The right one carries the act out, and the session goes on under another secret.
    pairs.pop();
    let proof = house.proof("clerk-hohhot").await;
    pairs.push(("_proof", proof.as_str()));
    let done = posts(&house, &cookie, &path, &pairs).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let fresh = renewed(&done).expect("a new secret");
    assert_ne!(fresh, cookie);
    assert_eq!(kept(&house, &cookie).await, None);
    assert_eq!(kept(&house, &fresh).await.unwrap().proved_ms, house.state.clock.wall_ms());
    assert!(opens(&house, &cookie, "/home").await.header("location").starts_with("/login"));
    assert_eq!(opens(&house, &fresh, "/home").await.status, 200);
    // The token of the page opened before is still good.
    let again = posts(&house, &fresh, "/profile/post", &[("_csrf", token(&page))]).await;
    assert_eq!(again.status, 422, "{}", again.body);
    let journal = house.state.store.load(&tale.id).await.unwrap();
    assert_eq!(journal.last().unwrap().kind, "materials_checked");
    assert!(!journal.iter().any(|entry| entry.payload.to_string().contains(&proof)));
}

pub(crate) async fn a_proof_serves_so_long_and_what_only_prepares_needs_none(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    let lead = house.cookie("yunchuan").await;
    let page = opens(&house, &lead, "/home").await;
    let reopen = format!("/dossiers/{}/reopen_agreement", tale.id);
    age(&house, &lead, 24 * 60 * 60 * 1000).await;
    let prepared =
        posts(&house, &lead, &reopen, &[("_csrf", token(&page)), ("reason", "改一处错字")]).await;
    assert_eq!(prepared.status, 303, "{}", prepared.body);
    let withdraw = format!("/dossiers/{}/withdraw", tale.id);
    let pairs = [("_csrf", token(&page)), ("reason", "不再申请")];
    age(&house, &lead, PROOF_SERVES_MS + 1).await;
    let late = posts(&house, &lead, &withdraw, &pairs).await;
    assert!(late.status == 200 && late.body.contains("再验一次身份"), "{}", late.body);
    age(&house, &lead, PROOF_SERVES_MS).await;
    let edge = posts(&house, &lead, &withdraw, &pairs).await;
    assert_eq!(edge.status, 303, "{}", edge.body);
}

pub(crate) async fn a_program_shows_its_person_to_be_oneself_before_it_acts(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = in_recommendation(&house).await;
    house.binds("clerk-hohhot").await;
    let hash = session::digest("clt_clerk-hohhot");
    let token = house.state.store.token(&hash).await.unwrap().unwrap();
    let proved_ms = house.state.clock.wall_ms() - PROOF_SERVES_MS - 1;
    house.state.store.save_token(store::Token { proved_ms, ..token }).await.unwrap();
    let check = json!({"command": "check_materials", "opinion": "属实"});
    let stale = tale.ask("clerk-hohhot", &check).await;
    assert_eq!(stale.status, 403, "{}", stale.body);
    assert_eq!(stale.json()["type"], "/api#unproved");
    let me = house.get("clerk-hohhot", "/api/v1/me").await.json();
    assert_eq!((&me["fresh"], &me["strength"]), (&json!(false), &json!("two_factor")));
    let shows = async |proof: &str| {
        house.post("clerk-hohhot", "/api/v1/proofs", &json!({ "proof": proof })).await
    };
    let wrong = shows("wrong").await;
    assert_eq!((wrong.status.as_u16(), &wrong.json()["field"]), (422, &json!("proof")));
    let right = shows(&house.proof("clerk-hohhot").await).await;
    assert_eq!(right.status, 200, "{}", right.body);
    assert_eq!(right.json()["serves_seconds"], PROOF_SERVES_MS / 1000);
    assert_eq!(tale.does("clerk-hohhot", check).await, "recommendation");
    let sixth = async || {
        for _ in 0..8 {
            shows("wrong").await;
        }
        shows(PASSWORD).await
    };
    assert_eq!(sixth().await.status, 429);
}

pub(crate) async fn what_a_demonstration_gave_is_nothing_elsewhere(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let cookie = house.cookie("decider").await;
    let session = kept(&house, &cookie).await.unwrap();
    let proved_with = "demonstration".to_owned();
    let given = store::Session { proved_with: proved_with.clone(), ..session };
    house.state.store.save_session(given).await.unwrap();
    assert!(opens(&house, &cookie, "/home").await.header("location").starts_with("/login"));
    let hash = session::digest("clt_decider");
    let token = house.state.store.token(&hash).await.unwrap().unwrap();
    house.state.store.save_token(store::Token { proved_with, ..token }).await.unwrap();
    assert_eq!(house.get("decider", "/api/v1/me").await.status, 401);
    let one_click = posts(&house, "", "/demo/as", &[("as", "decider")]).await;
    assert!(matches!(one_click.status.as_u16(), 403 | 404), "{}", one_click.body);
}

/// Pages that bind somebody besides the acts on a dossier: who posts to them, and what.
const BINDING: &[(&str, &str, &str)] = &[
    ("yunchuan", "/units/u-yunchuan/amend", "name=x"),
    ("clerk-hohhot", "/units/u-yunchuan/activate", ""),
    ("clerk-hohhot", "/units/u-yunchuan/refuse", "reason=x"),
    ("supervisor", "/units/u-yunchuan/credit", "source=x"),
    ("supervisor", "/units/u-yunchuan/credit/lift", "record=0"),
    ("yunchuan-gl", "/units/u-yunchuan/people", "who=x"),
    ("yunchuan-gl", "/units/u-yunchuan/people/end", "link=t-yunchuan"),
    ("yunchuan-gl", "/units/u-yunchuan/people/link", "no=1"),
    ("yunchuan-gl", "/units/u-yunchuan/people/revoke", "no=1"),
    ("yunchuan", "/units/u-yunchuan/representative", "words=x"),
    ("clerk-hohhot", "/units/u-yunchuan/representative/confirm", "link=x"),
    ("clerk-hohhot", "/units/u-yunchuan/representative/refuse", "link=x"),
    ("clerk-hohhot", "/units/u-yunchuan/disputes/decide", "no=1"),
    ("supervisor", "/units/u-yunchuan/credit/repair", "record=0"),
    ("yunchuan", "/units/u-yunchuan/details/strengths", "team=x"),
    ("yunchuan", "/units/u-yunchuan/platforms", "name=x"),
    ("organiser", "/affairs/experts", "name=x"),
    ("organiser", "/affairs/experts/dismiss", "person=p-expert01"),
    ("organiser", "/affairs/experts/link", "person=p-expert01"),
    ("publisher", "/affairs/calendar", "text=x"),
    ("decider", "/affairs/interpretations", "clause=5.1"),
    ("decider", "/affairs/parameters", "key=x"),
    ("publisher", "/dossiers/import", "name=x"),
    ("operator", "/ops/accounts", "name=x"),
    ("operator", "/ops/accounts/close", "person=p-decider"),
    ("operator", "/ops/accounts/reset", "person=p-decider"),
    ("operator", "/ops/strength", "group=unit"),
    ("operator", "/recoveries/confirm", "case=x"),
    ("yunchuan", "/profile/password", "current=x"),
    ("yunchuan", "/profile/tokens", "label=x"),
    ("yunchuan", "/profile/tokens/end", "token=x"),
];

pub(crate) async fn every_page_that_binds_asks_for_a_proof(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    house.on_day("2026-03-09");
    for (login, path, fields) in BINDING {
        let cookie = house.cookie(login).await;
        let page = opens(&house, &cookie, "/profile").await;
        age(&house, &cookie, PROOF_SERVES_MS + 1).await;
        let mut pairs = vec![("_csrf", token(&page))];
        pairs.extend(fields.split_once('='));
        let asked = posts(&house, &cookie, path, &pairs).await;
        assert_eq!(asked.status, 200, "{path}: {}", asked.body);
        assert!(asked.body.contains("再验一次身份"), "{path}: {}", asked.body);
    }
    // The same by programs.
    for (login, path, body) in [
        ("decider", "/api/v1/affairs/commands", json!({"command": "x"})),
        ("clerk-hohhot", "/api/v1/units/u-yunchuan/commands", json!({"command": "activate"})),
    ] {
        let hash = session::digest(&format!("clt_{login}"));
        let token = house.state.store.token(&hash).await.unwrap().unwrap();
        house.state.store.save_token(store::Token { proved_ms: 0, ..token }).await.unwrap();
        let reply = house.post(login, path, &body).await;
        let kind = &reply.json()["type"];
        let known: &[Value] = &[json!("/api#unproved"), json!("/api#malformed")];
        assert!(known.contains(kind), "{path}: {}", reply.body);
    }
}
