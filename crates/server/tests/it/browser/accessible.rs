//! 无障碍 — every page that people reach by links, looked at by axe in six settings: on a desk, on a
//! telephone and on the narrowest screen, by day and by night, in large type. None scrolls sideways.
//!
//! `CHUANGLIAN_AXE` names the script of axe-core; `scripts/axe` brings it and runs this, which takes
//! several minutes and is no part of `scripts/test`.

use std::collections::{BTreeSet, VecDeque};
use std::env;
use std::fmt::Write as _;
use std::fs;

use consortium::calendar::Calendar;

use super::driver::{Browser, DESK};
use super::visit;
use crate::tale::{Tale, told};

/// width, by day or by night, large type
const SETTINGS: [(u32, &str, bool); 6] = [
    (1366, "light", false),
    (1366, "dark", false),
    (390, "light", false),
    (390, "dark", false),
    (320, "light", false),
    (1366, "light", true),
];

/// What counts as a fault: WCAG 2.2 A and AA, and what is known to serve people.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// stage, mark in the name, who looks
const SEEN: &[(&str, &str, &[&str])] = &[
    ("drafting", "甲", &["yunchuan", "saibei"]),
    ("signing", "乙", &["yunchuan", "yunchuan-fr", "saibei-fr"]),
    ("recommendation", "丙", &["clerk-hohhot"]),
    ("formal_review", "丁", &["reviewer"]),
    ("expert_review", "戊", &["organiser"]),
    ("decision", "己", &["drafter"]),
    ("public_notice", "庚", &["", "publisher"]),
    ("filed", "辛", &["yunchuan", "supervisor", "operator"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page_in_six_settings() {
    let Some(axe) = axe() else { return };
    let Some((house, browser)) = visit(DESK, Calendar::official()).await else { return };
    let mut seen = BTreeSet::new();
    let mut faults = String::new();
    for (stage, mark, people) in SEEN {
        let tale = told(&house, &format!("内蒙古自治区无障碍{mark}号储能创新联合体"), stage).await;
        for login in *people {
            if login.is_empty() {
                browser.leave().await;
            } else {
                browser.becomes(&house, login).await;
            }
            walk(&browser, &tale, &axe, &mut seen, &mut faults).await;
        }
    }
    assert!(seen.len() > 60, "the walk has lost its way: {seen:?}");
    assert!(faults.is_empty(), "{faults}");
}

/// The script of axe-core; `None` where nobody brought it.
fn axe() -> Option<String> {
    let Some(path) = env::var_os("CHUANGLIAN_AXE") else {
        println!("SKIPPED axe: scripts/axe brings its script and runs this");
        return None;
    };
    Some(fs::read_to_string(path).expect("the script of axe-core"))
}

/// Goes wherever links lead from the workbench and the dossier, to one page of each kind.
async fn walk(
    browser: &Browser,
    tale: &Tale<'_>,
    axe: &str,
    seen: &mut BTreeSet<String>,
    faults: &mut String,
) {
    let mut ways: VecDeque<String> = ["/home", "/", &tale.page("")].map(str::to_owned).into();
    let mut known = BTreeSet::new();
    while let Some(path) = ways.pop_front() {
        let kind = kind(&path, &tale.id);
        let own = path == tale.page("") || path == "/home";
        if !is_page(&path) || !known.insert(kind.clone()) || (seen.contains(&kind) && !own) {
            continue;
        }
        seen.insert(kind);
        browser.open(&path).await;
        ways.extend(browser.links().await);
        look(browser, axe, &path, faults).await;
    }
}

/// Whether a link leads to a page and not to a file, and changes nothing.
fn is_page(path: &str) -> bool {
    let (path, _) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let files = ["/files/", "/papers/", "/assets/", "/size", "/logout"];
    let end = path.rsplit('/').next().unwrap_or_default();
    !files.iter().any(|file| path.contains(file)) && !end.contains('.')
}

/// The page that an address is one of: the dossier's own is told from others', numbers are not.
fn kind(path: &str, id: &str) -> String {
    let (path, query) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let part = |part: &str| match part {
        part if part == id => "{id}".to_owned(),
        part if part.chars().any(|letter| letter.is_ascii_digit()) => "*".to_owned(),
        part => part.to_owned(),
    };
    let mut kind = path.split('/').map(part).collect::<Vec<_>>().join("/");
    for field in query.split('&').filter_map(|field| field.split('=').next()) {
        if matches!(field, "as_of" | "part" | "step") {
            write!(kind, "?{field}").unwrap();
        }
    }
    kind
}

async fn look(browser: &Browser, axe: &str, path: &str, faults: &mut String) {
    let _: bool = browser.runs(&format!("{axe}\nreturn true")).await;
    // What is folded is looked at as well.
    let unfold = "document.querySelectorAll('main details').forEach(fold => fold.open = true)";
    let _: Option<bool> = browser.runs(unfold).await;
    let check = format!(
        "const done = arguments[arguments.length - 1]
         axe.run(document, {{resultTypes: ['violations'], runOnly: {{type: 'tag', values: {RULES}}}}})
           .then(found => done(found.violations.map(fault => fault.id + ' ' + fault.nodes
             .slice(0, 3).map(node => node.target.join(' ')).join(', '))))"
    );
    for (width, scheme, large) in SETTINGS {
        browser.looks(width, scheme).await;
        let size = format!(
            "document.documentElement.toggleAttribute('data-size', {large})
             if ({large}) document.documentElement.setAttribute('data-size', 'large')
             return document.documentElement.scrollWidth"
        );
        let wide: u32 = browser.runs(&size).await;
        let setting = format!("{path} {width} {scheme}{}", if large { " large" } else { "" });
        if wide > width {
            writeln!(faults, "{setting}: {wide} pixels wide").unwrap();
        }
        for fault in browser.awaits::<Vec<String>>(&check).await {
            writeln!(faults, "{setting}: {fault}").unwrap();
        }
    }
    browser.looks(1366, "light").await;
}
