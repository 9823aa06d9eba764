//! 页面一览 — every page of the router, by everybody: who gets it, who is led to the login, and that
//! no forged post is taken anywhere. The list is read out of the sources, so that none is forgotten.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Method, header};
use server::api::table::ROUTES;

use crate::house::House;
use crate::place::Engine;
use crate::tale::told;

/// Who asks: a letter and a login.
const ASKING: &[(char, &str)] = &[
    ('U', ""),
    ('L', "yunchuan"),
    ('l', "yunchuan-fr"),
    ('M', "saibei"),
    ('O', "lvqing"),
    ('A', "clerk-hohhot"),
    ('B', "clerk-baotou"),
    ('R', "reviewer"),
    ('G', "organiser"),
    ('F', "drafter"),
    ('Z', "decider"),
    ('P', "publisher"),
    ('S', "supervisor"),
    ('e', "expert05"),
    ('X', "operator"),
];

const LEGEND: &str = "\
# 页面：+ 打开   > 转到登录或别处   - 不由这个身份办理   . 没有这一页   ~ 猜得太快   x 链接已失效
# U 未登录 L l 牵头单位 M 成员单位 O 其他单位 A B 本地、外地归口部门 R 形式审查员 G 评审组织员
# F 业务处室经办 Z 厅领导 P 公示发布员 S 监督处 e 专家 X 系统管理员
# {id}：卷宗在“签署”环节，名录和公示在“公示”环节，单位是牵头单位
";

/// Every source file under a folder, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("tests.rs")
        {
            found.push(path);
        }
    }
    found
}

/// The routes written in a source: path and methods.
fn written(source: &str) -> Vec<(String, Vec<Method>)> {
    let mut found = Vec::new();
    for part in source.split(".route(").skip(1) {
        let Some(rest) = part.trim_start().strip_prefix('"') else { continue };
        let Some((path, handlers)) = rest.split_once('"') else { continue };
        let mut depth = 1_i32;
        let end = handlers.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0
        });
        let handlers = &handlers[..end.unwrap_or_default()];
        let asks = |word: &str| {
            let begun = [format!(" {word}("), format!(".{word}("), format!("\n{word}(")];
            begun.iter().any(|begun| handlers.contains(begun.as_str()))
        };
        let methods = [("get", Method::GET), ("post", Method::POST)];
        let methods = methods.into_iter().filter(|(word, _)| asks(word));
        found.push((path.to_owned(), methods.map(|(_, method)| method).collect()));
    }
    found
}

/// Every route of a page, in order.
fn routes() -> Vec<(String, Method)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut routes: Vec<(String, Method)> = sources(&folder)
        .iter()
        .flat_map(|path| written(&std::fs::read_to_string(path).unwrap()))
        .flat_map(|(path, methods)| methods.into_iter().map(move |method| (path.clone(), method)))
        .collect();
    routes.sort_by_key(|(path, method)| (path.clone(), method.to_string()));
    routes
}

/// The page of a kind: what stands for the names in braces.
fn address(path: &str, signing: &str, public: &str, digest: &str) -> String {
    let id = match path.split('/').nth(1) {
        Some("units") => "u-yunchuan",
        Some("registry" | "notices") => public,
        _ => signing,
    };
    path.replace("{id}", id)
        .replace("{verb}", "write_agreement")
        .replace("{part}", "goals")
        .replace("{digest}", digest)
        .replace("{name}", "none")
        .replace("{token}", "none")
        .replace("{secret}", "none")
}

const fn cell(status: u16) -> char {
    match status {
        200 => '+',
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
    assert!(routes.len() > 60, "{routes:?}");
    let letters: String = ASKING.iter().map(|(letter, _)| *letter).collect();
    let mut shown = format!("{LEGEND}\n{:44}{letters}\n", "");
    for (path, method) in &routes {
        let address = address(path, &signing.id, &public.id, &digest);
        let mut row = String::new();
        for (_, login) in ASKING {
            // Each with a session of its own: some pages end it.
            let cookie = if login.is_empty() { String::new() } else { house.cookie(login).await };
            let request = house.request("", method.clone(), &address).header("cookie", &cookie);
            let reply = if *method == Method::GET {
                house.send(request.body(Body::empty()).unwrap()).await
            } else {
                let kind = "application/x-www-form-urlencoded";
                let request = request.header(header::CONTENT_TYPE, kind);
                house.send(request.body("_csrf=00&name=x".into()).unwrap()).await
            };
            let status = reply.status.as_u16();
            assert!(status < 500, "{method} {address} {login}: {status} {}", reply.body);
            if *method == Method::POST {
                assert!(matches!(status, 303 | 403 | 404), "{address} {login}: {status}");
                let away = reply.header("location");
                assert!(status != 303 || away.starts_with("/login"), "{address} {login}: {away}");
            }
            row.push(cell(status));
        }
        writeln!(shown, "{:5}{path:39}{row}", method.as_str()).unwrap();
    }
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
    for route in ROUTES {
        let described = &document["paths"][route.path][route.method.to_lowercase()];
        assert_eq!(described["summary"], route.title, "{}", route.path);
        assert!(page.body.contains(route.path), "{}", route.path);
        let path = route.path.replace("{id}", "d-0").replace("{digest}", "0");
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
