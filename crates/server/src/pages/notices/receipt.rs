//! 异议回执 — where an objection stands, in words alone, for whoever holds its number.

use askama::Template;
use axum::extract::{Query, State};
use consortium::ids::DossierId;
use serde::Deserialize;
use store::{DossierQuery, PUBLIC};

use crate::http::throttle::Tries;
use crate::http::{Answer, Fault, Visitor, session};
use crate::pages::shell::Shell;
use crate::pages::shell::ui::{self, Tone};
use crate::pages::{page, page_with};
use crate::state::AppState;

/// Notices that are looked through for a number nobody noted.
const LOOKED_THROUGH: i64 = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    receipt: String,
}

#[derive(Template)]
#[template(path = "notices/lookup.html")]
struct LookupPage {
    shell: Shell,
    receipt: String,
    error: String,
}

#[derive(Template)]
#[template(path = "notices/receipt.html")]
struct ReceiptPage {
    shell: Shell,
    receipt: String,
    found: Found,
}

/// Where an objection stands.
struct Found {
    name: String,
    id: String,
    tone: Tone,
    state: String,
    answer: String,
}

fn key(receipt: &str) -> String {
    format!("objection.{}", session::digest(receipt))
}

/// Notes in which dossier a receipt stands.
pub(super) async fn remember(state: &AppState, receipt: &str, id: &DossierId) -> Result<(), Fault> {
    Ok(state.store.set_setting(&key(receipt), id.as_str()).await?)
}

pub(super) async fn lookup(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let mut shell = Shell::new(&visitor, "查询异议办理").about("凭回执号查询异议的办理情况");
    shell.indexed = shell.indexed && asked.receipt.is_empty();
    let shell = shell.crumb("/notices", "公示公告");
    page(&LookupPage { shell, receipt: asked.receipt, error: String::new() })
}

pub(super) async fn get(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    let receipt = asked.receipt.trim().to_uppercase();
    let tries = Tries::of("receipt", &receipt, visitor.address());
    tries.may(&state).await?.map_err(Fault::TooMany)?;
    let found = find(&state, &receipt).await?;
    let mut shell = Shell::new(&visitor, "异议回执")
        .crumb("/notices", "公示公告")
        .crumb("/objections", "查询异议办理");
    shell.indexed = false;
    let Some(found) = found else {
        tries.begin(&state).await?;
        tries.wrong(&state).await?;
        "查询异议办理".clone_into(&mut shell.title);
        shell.crumbs.pop();
        shell.has_errors = true;
        let error = "没有这个回执号，照回执逐位核对，例如 YY001-0123456789".to_owned();
        let page_ = LookupPage { shell, receipt, error };
        return page_with(axum::http::StatusCode::NOT_FOUND, &page_);
    };
    page(&ReceiptPage { shell, receipt, found })
}

async fn find(state: &AppState, receipt: &str) -> Result<Option<Found>, Fault> {
    if receipt.is_empty() || receipt.len() > 40 {
        return Ok(None);
    }
    if let Some(id) = state.store.setting(&key(receipt)).await? {
        return stands(state, &DossierId(id), receipt).await;
    }
    let query = DossierQuery {
        reader: PUBLIC.to_owned(),
        stage: Some("public_notice".to_owned()),
        limit: LOOKED_THROUGH,
        ..DossierQuery::default()
    };
    for row in state.store.dossiers(query).await? {
        let id = DossierId(row.id);
        if let Some(found) = stands(state, &id, receipt).await? {
            remember(state, receipt, &id).await?;
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Where an objection of this dossier stands, read from its journal, which outlives the notice.
async fn stands(state: &AppState, id: &DossierId, receipt: &str) -> Result<Option<Found>, Fault> {
    let mut received = false;
    let mut answer = None;
    for recorded in state.store.load(id.as_str()).await? {
        if recorded.payload["receipt"].as_str() != Some(receipt) {
            continue;
        }
        received = true;
        if recorded.kind == "objection_concluded" {
            let upheld = recorded.payload["upheld"].as_bool().unwrap_or_default();
            let reason = recorded.payload["public_reason"].as_str().unwrap_or_default();
            answer = Some((upheld, reason.to_owned()));
        }
    }
    if !received {
        return Ok(None);
    }
    let Some(row) = state.store.dossier(id.as_str()).await? else { return Ok(None) };
    let (tone, state_words, answer) = match answer {
        None => (Tone::Run, "已收到，监督处核查中", String::new()),
        Some((true, reason)) => (Tone::Ok, "已答复：异议成立", reason),
        Some((false, reason)) => (Tone::Done, "已答复：异议不成立", reason),
    };
    Ok(Some(Found {
        name: row.name,
        id: if row.public { row.id } else { String::new() },
        tone,
        state: state_words.to_owned(),
        answer,
    }))
}
