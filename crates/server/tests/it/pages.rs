//! 页面一览 — every page of the table, by everybody: who gets it, who is led to the login, and that
//! no forged post is taken anywhere. What is expected stands in [`model`].

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, header};
use server::api::table::{self as operations, Object};
use server::pages::table::{self, Route};

use crate::house::{House, Reply};
use crate::model::{self, PAGES, PRINCIPALS};
use crate::place::Engine;
use crate::tale::told;

/// Everybody who has no seat, with a login.
fn asking() -> impl Iterator<Item = (char, &'static str)> {
    let known = PRINCIPALS.iter().filter(|(letter, ..)| *letter != 'E');
    known.map(|&(letter, login, _)| (letter, if letter == 'e' { "expert05" } else { login }))
}

/// Every route of a page, in order.
fn routes() -> Vec<&'static Route> {
    let mut routes: Vec<&Route> = table::ROUTES.iter().copied().flatten().collect();
    routes.sort_by_key(|route| (route.path, route.method));
    routes
}

/// The page of a kind: what stands for the names in braces.
fn address(route: &Route, signing: &str, public: &str, digest: &str) -> String {
    let id = match route.object {
        Object::Unit => "u-yunchuan",
        Object::Register => public,
        _ => signing,
    };
    route
        .path
        .replace("{id}", id)
        .replace("{verb}", "rename")
        .replace("{part}", "goals")
        .replace("{no}", "1")
        .replace("{file}", "none")
        .replace("{digest}", digest)
        .replace("{sequence}", "1")
        .replace("{kind}", "certificate")
        // The fifth: four parties were invited, then the text was written.
        .replace("{version}", "5")
        .replace("{no}", "1")
        .replace("{name}", "none")
        .replace("{code}", "none")
        .replace("{page}", "1")
        .replace("{statement}", "none")
        .replace("{token}", "none")
        .replace("{secret}", "none")
}

/// Somebody in front of a browser: a session of one's own, since some pages end it.
pub(crate) async fn cookie(house: &House, login: &str) -> String {
    if login.is_empty() { String::new() } else { house.cookie(login).await }
}

pub(crate) async fn opens(house: &House, cookie: &str, path: &str) -> Reply {
    let request = house.request("", Method::GET, path).header("cookie", cookie);
    house.send(request.body(Body::empty()).unwrap()).await
}

/// Fills a form in and sends it as a browser without script does: the field, name and bytes of a file
/// with it; no name and no bytes where none was chosen.
pub(crate) async fn sends(
    house: &House,
    cookie: &str,
    path: &str,
    pairs: &[(&str, &str)],
    (field, name, file): (&str, &str, &[u8]),
) -> Reply {
    let shown = opens(house, cookie, path).await.body;
    let token = shown.split("name=\"_csrf\" value=\"").last().unwrap();
    let token = token.split('"').next().unwrap();
    let head = "--b\r\nContent-Disposition: form-data; name=";
    let mut body = Vec::new();
    for (name, value) in [("_csrf", token)].iter().chain(pairs) {
        body.extend(format!("{head}\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(format!("{head}\"{field}\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend_from_slice(file);
    body.extend(b"\r\n--b--\r\n");
    let request = house.request("", Method::POST, path).header("cookie", cookie);
    let request =
        request.header("origin", "http://cl.test").header("sec-fetch-site", "same-origin");
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    house.send(request.body(body.into()).unwrap()).await
}

async fn posts(house: &House, cookie: &str, path: &str, body: String) -> Reply {
    let kind = "application/x-www-form-urlencoded";
    let request = house.request("", Method::POST, path).header("cookie", cookie);
    house.send(request.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()).await
}

/// Sends a form from a page of one's own: the token is the right one, the fields are not.
async fn tries(house: &House, login: &str, path: &str, fields: &str) -> Reply {
    let mut cookie = cookie(house, login).await;
    let page = opens(house, &cookie, if login.is_empty() { "/login" } else { "/profile" }).await;
    if login.is_empty() {
        page.header("set-cookie").split(';').next().unwrap().clone_into(&mut cookie);
    }
    let (_, rest) = page.body.split_once("name=\"_csrf\" value=\"").unwrap();
    let token = rest.split('"').next().unwrap();
    posts(house, &cookie, path, format!("_csrf={token}&{fields}")).await
}

/// What an answer says of the asker.
pub(crate) fn cell(reply: &Reply) -> char {
    match reply.status.as_u16() {
        200 => '+',
        303 if reply.header("location").starts_with("/login") => '?',
        300..=399 => '>',
        403 => '-',
        404 => '.',
        429 => '~',
        _ => 'x',
    }
}

pub(crate) async fn every_page_opens_for_whom_it_is_and_takes_no_forged_post(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let signing = told(&house, "内蒙古自治区页面甲号储能创新联合体", "signing").await;
    let public = told(&house, "内蒙古自治区页面乙号储能创新联合体", "public_notice").await;
    let form = &signing.view("yunchuan").await["form"];
    let digest = form["attachments"][0]["digest"].as_str().unwrap().to_owned();
    let routes = routes();
    let served: BTreeSet<_> = routes.iter().map(|route| (route.path, route.method)).collect();
    let known: BTreeSet<_> = PAGES.iter().map(|page| (page.path, page.method)).collect();
    assert_eq!(served.len(), routes.len(), "a row stands twice");
    assert_eq!(served, known, "the model says of each page whom it is for");
    let letters: String = asking().map(|(letter, _)| letter).collect();
    let mut shown = format!("{}\n{:44}{letters}\n", model::PAGES_LEGEND, "");
    let mut wrong = Vec::new();
    for route in routes {
        let page = PAGES.iter().find(|page| (page.path, page.method) == (route.path, route.method));
        let page = page.unwrap();
        let address = address(route, &signing.id, &public.id, &digest);
        let mut row = String::new();
        for (letter, login) in asking() {
            let reply = if route.method == "GET" {
                opens(&house, &cookie(&house, login).await, &address).await
            } else {
                let own = cookie(&house, login).await;
                let forged = posts(&house, &own, &address, "_csrf=00&name=x".into()).await;
                let away = forged.header("location").starts_with("/login");
                let status = forged.status.as_u16();
                assert!(matches!(status, 403 | 404) || away, "{address} {login}: {status}");
                tries(&house, login, &address, page.fields).await
            };
            let status = reply.status.as_u16();
            assert!(status < 500, "{} {address} {login}: {status} {}", route.method, reply.body);
            assert_ne!(status, 405, "{} {address} is not served", route.method);
            let expected = model::page(letter, page);
            let cell = cell(&reply);
            if !model::page_fits(expected, page, cell) {
                wrong.push(format!("{} {address} {letter}: {cell}, not {expected}", route.method));
            }
            row.push(expected);
        }
        writeln!(shown, "{:5}{:39}{row}  {}", route.method, route.path, route.by.term()).unwrap();
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    crate::golden("pages.txt", &shown);
}

pub(crate) async fn every_operation_is_served_and_described(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let document = house.get("", "/api/openapi.json").await;
    assert_eq!(document.header("content-type"), "application/json; charset=utf-8");
    let document = document.json();
    assert_eq!(document["openapi"], "3.1.0");
    let page = house.get("", "/api").await;
    assert_eq!(page.status, 200);
    for route in operations::routes() {
        let described = &document["paths"][route.path][route.method.to_lowercase()];
        assert_eq!(described["summary"], route.title, "{}", route.path);
        assert!(page.body.contains(route.path), "{}", route.path);
        let path = route.path.replace("{id}", "d-0").replace("{digest}", "0");
        let path = path.replace("{sequence}", "1").replace("{kind}", "certificate");
        let method: Method = route.method.parse().unwrap();
        let reply = house.send(house.request("", method, &path).body(Body::empty()).unwrap()).await;
        let status = reply.status.as_u16();
        assert_ne!(status, 405, "{} {path} is not served", route.method);
        assert!(!reply.body.contains("没有找到这一页"), "{} {path} is not served", route.method);
        assert_eq!(status == 401, !route.open, "{} {path}: {status}", route.method);
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
    assert!(!page.body.contains("<script>") && page.body.contains("curl"));
}
