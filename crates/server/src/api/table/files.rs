//! 文件 — lists brought and taken away, files and uploads.

use axum::routing::{delete, get, patch, post};

use super::{Body, Does, Object as O, Parameter, Route, ask, p, read};
use crate::api::{files, imports, uploads};

const TABLE: &[Parameter] = &[
    p("kind", "units 单位、platforms 科技创新平台、credit 信用记录"),
    p("name", "文件名，以 .csv 或 .xlsx 结尾"),
];
const NAME: &[Parameter] = &[p("name", "文件名；结尾与内容一致")];
const PIECE: &[Parameter] =
    &[p("offset", "这一段从第几个字节开始"), p("digest", "这一段的 SHA-256，十六进制")];

pub(super) const ROUTES: &[Route] = &[
    Route {
        body: Body::File,
        ..ask("/api/v1/imports", "试导一张表", Does::Own, O::Unit, "", || post(imports::bring))
    }
    .gives(201, "Import")
    .by(TABLE),
    read("/api/v1/imports", "最近的导入", O::Unit, "Imports", || get(imports::list)),
    read("/api/v1/imports/{id}", "一次导入的逐行结果", O::Unit, "Import", || {
        get(imports::one)
    }),
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/imports/{id}/carry-out",
            "办理可以导入的行",
            Does::Own,
            O::Unit,
            "",
            || post(imports::carry_out),
        )
    }
    .gives(200, "Import"),
    Route {
        answer: (200, None),
        ..read("/api/v1/exports/{file}", "导出一张表，如 units.xlsx", O::Unit, "", || {
            get(imports::export)
        })
    },
    Route {
        body: Body::File,
        ..ask("/api/v1/files", "上传文件", Does::Own, O::File, "", || post(files::put))
    }
    .gives(201, "File")
    .by(NAME),
    ask("/api/v1/uploads", "开始分段上传", Does::Own, O::File, "UploadWanted", || {
        post(uploads::begin)
    })
    .gives(201, "Upload"),
    Route {
        does: Does::Own,
        ..read("/api/v1/uploads", "没有传完的文件", O::File, "Uploads", || {
            get(uploads::list)
        })
    },
    Route {
        does: Does::Own,
        ..read("/api/v1/uploads/{id}", "传到哪里", O::File, "Upload", || get(uploads::one))
    },
    Route {
        method: "PATCH",
        does: Does::Own,
        body: Body::File,
        ..read("/api/v1/uploads/{id}", "发送一段", O::File, "Upload", || patch(uploads::add))
    }
    .by(PIECE),
    ask(
        "/api/v1/uploads/{id}/complete",
        "传完并收下",
        Does::Own,
        O::File,
        "UploadWhole",
        || post(uploads::complete),
    )
    .gives(201, "File"),
    Route {
        method: "DELETE",
        does: Does::Own,
        answer: (204, None),
        ..read("/api/v1/uploads/{id}", "放弃上传", O::File, "", || delete(uploads::end))
    },
];
