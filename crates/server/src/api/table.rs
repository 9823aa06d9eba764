//! 接口一览 — every operation with its method, what it does to what, and who may ask.
//!
//! The router is built from this table, so that nothing is served that does not stand in it.

mod account;
mod dossiers;
mod files;
mod reference;
mod register;
mod units;

use axum::routing::MethodRouter;

use crate::state::AppState;

/// Where the description is.
pub const DESCRIPTION: &str = "/api/openapi.json";
/// Where the page about the API is.
pub const EXPLORER: &str = "/api";

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// The path, with names in braces.
    pub path: &'static str,
    /// What it does, for people.
    pub title: &'static str,
    /// What it does, for the rules.
    pub does: Does,
    /// What it is about.
    pub object: Object,
    /// Whether one asks without an account.
    pub open: bool,
    /// What may stand in the query.
    pub query: &'static [Parameter],
    /// What is sent.
    pub body: Body,
    /// Status and schema of the answer; no schema for what is no JSON.
    pub answer: (u16, Option<&'static str>),
    /// Who answers.
    pub handler: fn() -> MethodRouter<AppState>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Reads, as far as the reader may.
    Read,
    /// Asks for this command.
    Verb(&'static str),
    /// Asks for the command named in the body.
    Command,
    /// Sees to the asker's own account or files.
    Own,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// 卷宗.
    Dossier,
    /// 备案名录和公示.
    Register,
    /// 单位.
    Unit,
    /// 公共事务.
    Affairs,
    /// 办法与参照数据.
    Reference,
    /// 账号与令牌.
    Account,
    /// 文件.
    File,
    /// 平台本身.
    Platform,
}

impl Object {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Dossier => "卷宗",
            Self::Register => "名录与公示",
            Self::Unit => "单位",
            Self::Affairs => "公共事务",
            Self::Reference => "办法与参照数据",
            Self::Account => "账号与令牌",
            Self::File => "文件",
            Self::Platform => "平台",
        }
    }
}

/// Something in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is, for people.
    pub title: &'static str,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON by this schema.
    Json(&'static str),
    /// A file.
    File,
}

const fn p(name: &'static str, title: &'static str) -> Parameter {
    Parameter { name, title }
}

const PAGE: [Parameter; 2] =
    [p("after", "上一页给出的 next"), p("limit", "一页几行，1 至 100，默认 50")];
const TEXT: Parameter = p("text", "检索词");

const fn read(
    path: &'static str,
    title: &'static str,
    object: Object,
    answer: &'static str,
    handler: fn() -> MethodRouter<AppState>,
) -> Route {
    Route {
        method: "GET",
        path,
        title,
        does: Does::Read,
        object,
        open: false,
        query: &[],
        body: Body::None,
        answer: (200, Some(answer)),
        handler,
    }
}

const fn ask(
    path: &'static str,
    title: &'static str,
    does: Does,
    object: Object,
    body: &'static str,
    handler: fn() -> MethodRouter<AppState>,
) -> Route {
    Route {
        method: "POST",
        does,
        body: Body::Json(body),
        ..read(path, title, object, "Done", handler)
    }
}

impl Route {
    const fn open(self) -> Self {
        Self { open: true, ..self }
    }

    const fn by(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    const fn gives(self, status: u16, answer: &'static str) -> Self {
        Self { answer: (status, Some(answer)), ..self }
    }

    /// A name for programs: `post_dossiers_commands`.
    pub fn operation(&self) -> String {
        let path = self.path.trim_start_matches("/api/v1");
        let parts = path.split('/').filter(|part| !part.is_empty());
        let parts = parts.map(|part| match part.strip_prefix('{') {
            Some(name) => format!("by_{}", name.trim_end_matches('}')),
            None => part.replace('-', "_"),
        });
        std::iter::once(self.method.to_lowercase()).chain(parts).collect::<Vec<_>>().join("_")
    }
}

/// The table, room by room.
const ROOMS: &[&[Route]] = &[
    dossiers::ROUTES,
    register::ROUTES,
    units::ROUTES,
    files::ROUTES,
    reference::ROUTES,
    account::ROUTES,
];

/// Every operation.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    ROOMS.iter().copied().flatten()
}
