//! Pages of words: the regulation, the guide, and what a public site says of itself.

mod guide;
mod regulation;
mod size;

use askama::Template;
use axum::routing::get;

use crate::api::table::Object as O;
use crate::http::{Answer, Visitor};
use crate::pages::page;
use crate::pages::shell::{HOST, Shell};
use crate::pages::table::{By, Route, shows};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/regulation", By::Public, O::Reference, || get(regulation::get)),
    shows("/guide", By::Public, O::Reference, || get(guide::get)),
    shows("/about", By::Public, O::Reference, || get(about)),
    shows("/accessibility", By::Public, O::Reference, || get(accessibility)),
    shows("/privacy", By::Public, O::Reference, || get(privacy)),
    shows("/size", By::Public, O::Account, || get(size::get)),
];

#[derive(Template)]
#[template(path = "words/about.html")]
struct AboutPage {
    shell: Shell,
    version: &'static str,
}

async fn about(visitor: Visitor) -> Answer {
    let shell = Shell::new(&visitor, "关于本平台").about("平台的用途、主办单位和数据来源");
    page(&AboutPage { shell, version: env!("CARGO_PKG_VERSION") })
}

#[derive(Template)]
#[template(path = "words/accessibility.html")]
struct AccessibilityPage {
    shell: Shell,
}

async fn accessibility(visitor: Visitor) -> Answer {
    let shell = Shell::new(&visitor, "无障碍声明").about("键盘操作、读屏、大字版和意见反馈");
    page(&AccessibilityPage { shell })
}

#[derive(Template)]
#[template(path = "words/privacy.html")]
struct PrivacyPage {
    shell: Shell,
    host: &'static str,
}

async fn privacy(visitor: Visitor) -> Answer {
    let shell =
        Shell::new(&visitor, "隐私说明").about("收集哪些个人信息，用在哪里，怎样查询和更正");
    page(&PrivacyPage { shell, host: HOST })
}
