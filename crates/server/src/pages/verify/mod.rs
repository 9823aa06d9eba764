//! 核验文书 — whoever holds a paper finds out that it is from here and is what it was. Nothing is
//! uploaded: the digest of the file is computed where the file is.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, Visitor};
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::pages::table::{By, Route, shows};
use crate::pages::{page, page_with};
use crate::papers::verify::{SealedForm, Standing, Verified, look_up};
use crate::state::AppState;

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/verify", By::Public, O::Register, || get(ask)),
    shows("/verify/{code}", By::Public, O::Register, || get(show)),
    shows("/platform.pem", By::Public, O::Platform, || get(certificate)),
];

#[derive(Deserialize)]
struct Asked {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "verify/ask.html")]
struct AskPage {
    shell: Shell,
    code: String,
    error: String,
}

#[derive(Template)]
#[template(path = "verify/show.html")]
struct ShowPage {
    shell: Shell,
    paper: Verified,
    facts: KeyValues,
}

async fn ask(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    match asked.code {
        Some(code) => answer(&state, &visitor, code).await,
        None => {
            page(&AskPage { shell: shell(&visitor), code: String::new(), error: String::new() })
        }
    }
}

async fn show(State(state): State<AppState>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    answer(&state, &visitor, code).await
}

fn shell(visitor: &Visitor) -> Shell {
    Shell::new(visitor, "核验文书").about("凭文书上的核验码查它是不是本平台制作的，有没有改动")
}

async fn answer(state: &AppState, visitor: &Visitor, code: String) -> Answer {
    let mut shell = shell(visitor);
    shell.indexed = false;
    let Some(paper) = look_up(state, &code).await? else {
        shell.has_errors = true;
        let error = "没有这个核验码，照文书页脚逐位核对，共十六位".to_owned();
        return page_with(StatusCode::NOT_FOUND, &AskPage { shell, code, error });
    };
    let shell = Shell { title: "核验结果".to_owned(), ..shell }.crumb("/verify", "核验文书");
    page(&ShowPage { shell, facts: facts(&paper), paper })
}

fn facts(paper: &Verified) -> KeyValues {
    let tone = match paper.standing {
        Standing::Public => Tone::Ok,
        Standing::Replaced => Tone::Warn,
        Standing::Private => Tone::Idle,
    };
    let mut facts = KeyValues::new().row("文书", paper.term);
    if let Some(title) = &paper.title {
        facts = facts.row("标题", title.as_str());
    }
    facts
        .row("状态", ui::status(tone, paper.standing.sentence()))
        .row("所依据的事项", format!("{} 办理", paper.ordered))
        .row("页数", format!("{} 页", paper.pages))
        .row("制作", "内蒙古自治区创新联合体备案管理平台")
        .row(
            "平台签名",
            match &paper.signed {
                Some(at) => format!("{at}（北京时间）"),
                None => "没有：制作于启用平台签名之前".to_owned(),
            },
        )
        .row("盖章件", sealed(paper))
}

/// Whether the office that issued it attached it sealed.
fn sealed(paper: &Verified) -> Html {
    match &paper.sealed {
        None => "制发机关没有上传盖章件".into(),
        Some(SealedForm { attached, href: Some(href), .. }) => {
            Html::link(href, &format!("{attached} 上传，查看"))
        }
        Some(SealedForm { attached, href: None, .. }) => format!("{attached} 上传").into(),
    }
}

/// The platform's own certificate, for readers of PDF that ask whether it is known.
async fn certificate(State(state): State<AppState>) -> Answer {
    let pem =
        state.key.certificates_pem().map_err(|fault| Fault::internal(format!("{fault:#}")))?;
    let kind = [
        (header::CONTENT_TYPE, "application/x-pem-file"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"chuanglian.pem\""),
    ];
    Ok((kind, pem).into_response())
}
