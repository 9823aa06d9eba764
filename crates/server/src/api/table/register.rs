//! 名录与公示 — worklist, register, names, notices, filings of the trial edition.

use axum::routing::{get, post};

use super::{Does, Object as O, PAGE, Parameter, Route, TEXT, ask, p, read};
use crate::api::{dossiers, names, register, worklist};

const PAGED: &[Parameter] = &PAGE;
const REGISTER: &[Parameter] = &[
    TEXT,
    p("field", "技术领域"),
    p("authority", "归口管理部门"),
    p("status", "名录状态"),
    p("year", "备案年份"),
    PAGE[0],
    PAGE[1],
];
const NAMED: &[Parameter] = &[p("name", "联合体名称")];

pub(super) const ROUTES: &[Route] = &[
    read("/api/v1/worklist", "待办", O::Dossier, "Worklist", || get(worklist::get)).by(PAGED),
    read("/api/v1/register", "备案名录", O::Register, "DossierLines", || get(register::list))
        .open()
        .by(REGISTER),
    read("/api/v1/register/{id}", "名录上的一件", O::Register, "DossierView", || {
        get(register::one)
    })
    .open(),
    read("/api/v1/names", "名称核对，不保留", O::Register, "NameRuling", || {
        get(names::get)
    })
    .open()
    .by(NAMED),
    read("/api/v1/notices", "正在公示", O::Register, "DossierLines", || get(register::notices))
        .open()
        .by(PAGED),
    ask(
        "/api/v1/notices/{id}/objections",
        "提出异议",
        Does::Verb("object"),
        O::Register,
        "Objection",
        || post(register::object),
    )
    .gives(201, "ObjectionDone")
    .open(),
    ask(
        "/api/v1/trial-filings",
        "导入试行期备案",
        Does::Verb("import_trial_filing"),
        O::Dossier,
        "TrialFiling",
        || post(dossiers::import),
    )
    .gives(201, "Done"),
];
