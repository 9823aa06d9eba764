//! 卷宗 — a dossier, its papers, agreement, sections and files.

use axum::routing::{delete, get, post};

use super::{Body, Does, Object as O, PAGE, Parameter, Route, TEXT, ask, p, read};
use crate::api::{agreement, dossiers, drafts, files, leaves, papers, signing};

const DOSSIERS: &[Parameter] = &[TEXT, p("stage", "环节"), PAGE[0], PAGE[1]];
const BLOCK: &[Parameter] = &[p("unit", "成员单位；只在 member 一节用")];
const THROWN: &[Parameter] =
    &[BLOCK[0], p("number", "丢弃到第几次改动：取得草稿时给出的 number，以后的改动留着")];
const TWO: &[Parameter] = &[p("from", "旧的一版的版次"), p("to", "新的一版的版次")];

pub(super) const ROUTES: &[Route] = &[
    ask("/api/v1/dossiers", "命名并立卷", Does::Verb("open"), O::Dossier, "Opening", || {
        post(dossiers::open)
    })
    .gives(201, "Done"),
    read("/api/v1/dossiers", "可以查看的卷宗", O::Dossier, "DossierLines", || {
        get(dossiers::list)
    })
    .open()
    .by(DOSSIERS),
    read("/api/v1/dossiers/{id}", "一件卷宗", O::Dossier, "DossierView", || get(dossiers::one))
        .open(),
    ask(
        "/api/v1/dossiers/{id}/commands",
        "办理一件卷宗",
        Does::Command,
        O::Dossier,
        "Command",
        || post(dossiers::act),
    ),
    read("/api/v1/dossiers/{id}/timeline", "事项记录", O::Dossier, "Timeline", || {
        get(dossiers::timeline)
    })
    .open(),
    read("/api/v1/dossiers/{id}/findings", "规则检查", O::Dossier, "Findings", || {
        get(dossiers::findings)
    })
    .open(),
    read("/api/v1/dossiers/{id}/papers", "文书", O::Dossier, "Papers", || get(papers::list)).open(),
    Route {
        answer: (200, None),
        ..read(
            "/api/v1/dossiers/{id}/papers/{sequence}/{kind}",
            "取出文书",
            O::File,
            "",
            || get(papers::get),
        )
    }
    .open(),
    Route {
        answer: (200, None),
        ..read(
            "/api/v1/dossiers/{id}/papers/{sequence}/{kind}/sealed/{no}",
            "取出文书的盖章件",
            O::File,
            "",
            || get(papers::sealed),
        )
    }
    .open(),
    read("/api/v1/verify/{code}", "核验文书", O::Register, "VerifiedPaper", || {
        get(papers::verify)
    })
    .open(),
    Route {
        answer: (200, None),
        ..read("/api/v1/dossiers/{id}/agreement", "签署的协议文本", O::Dossier, "", || {
            get(agreement::text)
        })
    }
    .open(),
    Route {
        answer: (200, None),
        ..read("/api/v1/dossiers/{id}/evidence", "签署证据包", O::Dossier, "", || {
            get(agreement::package)
        })
    }
    .open(),
    read(
        "/api/v1/dossiers/{id}/agreement/versions",
        "协议各版",
        O::Dossier,
        "AgreementVersions",
        || get(agreement::versions),
    )
    .open(),
    read(
        "/api/v1/dossiers/{id}/agreement/versions/{version}",
        "协议的一版，和它的签署",
        O::Dossier,
        "AgreementVersion",
        || get(agreement::version),
    )
    .open(),
    read(
        "/api/v1/dossiers/{id}/agreement/comparison",
        "协议两版逐字对照",
        O::Dossier,
        "AgreementComparison",
        || get(agreement::comparison),
    )
    .open()
    .by(TWO),
    read(
        "/api/v1/dossiers/{id}/supplements/{no}",
        "一件变更的补充协议",
        O::Dossier,
        "Supplement",
        || get(agreement::supplement),
    )
    .open(),
    Route {
        answer: (200, None),
        ..read(
            "/api/v1/dossiers/{id}/supplements/{no}/evidence",
            "补充协议的签署证据包",
            O::Dossier,
            "",
            || get(agreement::supplement_package),
        )
    }
    .open(),
    read("/api/v1/dossiers/{id}/slots", "各方签署位", O::Dossier, "Slots", || {
        get(signing::slots)
    })
    .open(),
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/dossiers/{id}/reminders",
            "提醒各成员填写",
            Does::Own,
            O::Dossier,
            "",
            || post(dossiers::remind),
        )
    }
    .gives(200, "Reminded"),
    ask(
        "/api/v1/dossiers/{id}/statements",
        "取得签署声明",
        Does::Own,
        O::Dossier,
        "StatementAsked",
        || post(signing::state),
    )
    .gives(201, "Statement"),
    Route {
        does: Does::Own,
        answer: (200, None),
        ..read(
            "/api/v1/dossiers/{id}/statements/{digest}",
            "取出签署声明的原文",
            O::Dossier,
            "",
            || get(signing::statement),
        )
    },
    Route {
        body: Body::File,
        ..ask(
            "/api/v1/dossiers/{id}/statements/{digest}/signature",
            "用数字证书签字或者盖章",
            Does::Own,
            O::Dossier,
            "",
            || post(signing::sign),
        )
    },
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/dossiers/{id}/statements/{digest}/challenge",
            "用通行密钥签字：取得挑战",
            Does::Own,
            O::Dossier,
            "",
            || post(signing::challenge),
        )
    }
    .gives(200, "CredentialRequest"),
    ask(
        "/api/v1/dossiers/{id}/statements/{digest}/assertion",
        "用通行密钥签字：送交设备的答复",
        Does::Own,
        O::Dossier,
        "Assertion",
        || post(signing::sign_by_passkey),
    ),
    read(
        "/api/v1/dossiers/{id}/sections/{part}/draft",
        "一节的草稿",
        O::Dossier,
        "Draft",
        || get(drafts::get),
    )
    .by(BLOCK),
    ask(
        "/api/v1/dossiers/{id}/sections/{part}/draft",
        "存一节的草稿",
        Does::Own,
        O::Dossier,
        "DraftPosted",
        || post(drafts::post),
    )
    .gives(200, "Draft")
    .by(BLOCK),
    Route {
        method: "DELETE",
        does: Does::Own,
        ..read(
            "/api/v1/dossiers/{id}/sections/{part}/draft",
            "丢弃一节的草稿",
            O::Dossier,
            "Discarded",
            || delete(drafts::discard),
        )
    }
    .by(THROWN),
    read(
        "/api/v1/dossiers/{id}/sections/{part}/from-unit",
        "可以从单位资料带入的内容",
        O::Dossier,
        "Carries",
        || get(drafts::from_unit),
    )
    .by(BLOCK),
    ask(
        "/api/v1/dossiers/{id}/sections/{part}/from-unit",
        "从单位资料带入草稿",
        Does::Own,
        O::Dossier,
        "Chosen",
        || post(drafts::take),
    )
    .gives(200, "Draft")
    .by(BLOCK),
    read(
        "/api/v1/dossiers/{id}/sections/{part}/to-unit",
        "可以存回单位资料的内容",
        O::Dossier,
        "Backs",
        || get(drafts::to_unit),
    )
    .by(BLOCK),
    ask(
        "/api/v1/dossiers/{id}/sections/{part}/to-unit",
        "存回单位资料",
        Does::Own,
        O::Dossier,
        "Given",
        || post(drafts::give),
    )
    .gives(200, "Written")
    .by(BLOCK),
    Route {
        answer: (200, None),
        ..read("/api/v1/dossiers/{id}/files/{digest}", "取出附件", O::File, "", || {
            get(files::get)
        })
    }
    .open(),
    read(
        "/api/v1/dossiers/{id}/files/{digest}/pages/{page}",
        "附件的一页有没有图像",
        O::File,
        "Leaf",
        || get(leaves::page),
    )
    .open(),
    Route {
        answer: (200, None),
        ..read(
            "/api/v1/dossiers/{id}/files/{digest}/images/{page}",
            "附件一页的图像",
            O::File,
            "",
            || get(leaves::image),
        )
    }
    .open(),
];
