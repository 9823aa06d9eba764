//! 办法与参照数据 — regulation, parameters, reference data, the check before applying.

use axum::routing::{get, post};

use super::{Does, Object as O, Parameter, Route, ask, p, read};
use crate::api::{precheck, reference};

const ON: &[Parameter] = &[p("on", "哪一天的参数，默认今天")];

pub(super) const ROUTES: &[Route] = &[
    read("/api/v1/regulation", "办法逐条与落实情况", O::Reference, "Regulation", || {
        get(reference::regulation)
    })
    .open(),
    read("/api/v1/parameters", "参数", O::Reference, "Parameters", || get(reference::parameters))
        .open()
        .by(ON),
    read(
        "/api/v1/reference",
        "区划、部门、领域等列表",
        O::Reference,
        "Reference",
        || get(reference::lists),
    )
    .open(),
    ask(
        "/api/v1/precheck",
        "申请前自查，不保存",
        Does::Read,
        O::Reference,
        "Precheck",
        || post(precheck::post),
    )
    .gives(200, "PrecheckOutcome")
    .open(),
];
