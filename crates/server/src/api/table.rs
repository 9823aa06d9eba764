//! 接口一览 — every operation with its method, what it does to what, and who may ask.
//!
//! The router is built from this table, so that nothing is served that does not stand in it.

use axum::routing::{MethodRouter, delete, get, patch, post};

use super::{
    affairs, agreement, dossiers, drafts, files, identities, imports, leaves, me, names, papers,
    passkeys, people, precheck, proofs, reference, register, security, signing, tokens, units,
    uploads, worklist,
};
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
const PAGED: &[Parameter] = &PAGE;
const SEARCHED: &[Parameter] = &[TEXT, PAGE[0], PAGE[1]];
const DOSSIERS: &[Parameter] = &[TEXT, p("stage", "环节"), PAGE[0], PAGE[1]];
const REGISTER: &[Parameter] = &[
    TEXT,
    p("field", "技术领域"),
    p("authority", "归口管理部门"),
    p("status", "名录状态"),
    p("year", "备案年份"),
    PAGE[0],
    PAGE[1],
];
const ON: &[Parameter] = &[p("on", "哪一天的参数，默认今天")];
const BLOCK: &[Parameter] = &[p("unit", "成员单位；只在 member 一节用")];
const TABLE: &[Parameter] = &[
    p("kind", "units 单位、platforms 科技创新平台、credit 信用记录"),
    p("name", "文件名，以 .csv 或 .xlsx 结尾"),
];
const NAMED: &[Parameter] = &[p("name", "联合体名称")];
const TWO: &[Parameter] = &[p("from", "旧的一版的版次"), p("to", "新的一版的版次")];
const NAME: &[Parameter] = &[p("name", "文件名；结尾与内容一致")];
const PIECE: &[Parameter] =
    &[p("offset", "这一段从第几个字节开始"), p("digest", "这一段的 SHA-256，十六进制")];

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

use Object as O;

/// The table.
pub const ROUTES: &[Route] = &[
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
    ask("/api/v1/units", "注册单位", Does::Verb("register"), O::Unit, "UnitProfile", || {
        post(units::register)
    })
    .gives(201, "Done"),
    read("/api/v1/units", "已注册的单位", O::Unit, "UnitLines", || get(units::list)).by(SEARCHED),
    read("/api/v1/units/{id}", "一个单位", O::Unit, "UnitView", || get(units::one)),
    ask(
        "/api/v1/units/{id}/commands",
        "办理单位事项",
        Does::Command,
        O::Unit,
        "UnitCommand",
        || post(units::act),
    ),
    read("/api/v1/units/{id}/people", "单位人员和邀请", O::Unit, "UnitPeople", || {
        get(people::list)
    }),
    ask(
        "/api/v1/units/{id}/invitations",
        "邀请同事",
        Does::Verb("invite_colleague"),
        O::Unit,
        "InvitationWanted",
        || post(people::invite),
    )
    .gives(201, "InvitationMade"),
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/units/{id}/invitations/{no}/link",
            "换一个邀请链接",
            Does::Verb("renew_invitation"),
            O::Unit,
            "",
            || post(people::renew),
        )
    }
    .gives(201, "InvitationMade"),
    read("/api/v1/units/{id}/disputes", "归属争议", O::Unit, "Disputes", || {
        get(people::disputes)
    }),
    read(
        "/api/v1/invitations/{secret}",
        "查看邀请，不会用掉",
        O::Account,
        "Invitation",
        || get(people::invitation),
    ),
    ask(
        "/api/v1/invitations/{secret}",
        "接受或谢绝邀请",
        Does::Own,
        O::Account,
        "InvitationAnswer",
        || post(people::answer),
    ),
    read(
        "/api/v1/units/{id}/history",
        "单位资料的变更记录",
        O::Unit,
        "UnitHistory",
        || get(units::history),
    ),
    Route {
        answer: (200, None),
        ..read(
            "/api/v1/units/{id}/files/{digest}",
            "取出单位的证明文件",
            O::File,
            "",
            || get(units::file),
        )
    },
    read("/api/v1/platforms", "科技创新平台登记", O::Unit, "Platforms", || {
        get(units::platforms)
    }),
    read("/api/v1/affairs", "解释、参数设定和专家库", O::Affairs, "Affairs", || {
        get(affairs::get)
    })
    .open(),
    ask(
        "/api/v1/affairs/commands",
        "办理公共事务",
        Does::Command,
        O::Affairs,
        "AffairsCommand",
        || post(affairs::act),
    ),
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
    Route {
        does: Does::Own, ..read("/api/v1/me", "本人身份", O::Account, "Me", || get(me::get))
    },
    Route {
        does: Does::Own,
        ..read("/api/v1/me/security", "本人的登录安全", O::Account, "Security", || {
            get(security::get)
        })
    },
    Route {
        method: "DELETE",
        does: Does::Own,
        answer: (204, None),
        ..read("/api/v1/me/sessions/{id}", "退出一台设备", O::Account, "", || {
            delete(security::end)
        })
    },
    ask("/api/v1/proofs", "再验一次身份", Does::Own, O::Account, "ProofShown", || {
        post(proofs::post)
    })
    .gives(200, "Proof"),
    ask(
        "/api/v1/tokens",
        "用账号密码取得令牌",
        Does::Own,
        O::Account,
        "TokenWanted",
        || post(tokens::make),
    )
    .gives(201, "Token")
    .open(),
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/proofs/challenge",
            "用通行密钥再验身份：取得挑战",
            Does::Own,
            O::Account,
            "",
            || post(proofs::challenge),
        )
    }
    .gives(200, "CredentialRequest"),
    Route {
        does: Does::Own,
        ..read("/api/v1/identities", "关联的统一身份", O::Account, "Identities", || {
            get(identities::list)
        })
    },
    Route {
        method: "DELETE",
        does: Does::Own,
        answer: (204, None),
        ..read("/api/v1/identities/{id}", "解除关联", O::Account, "", || {
            delete(identities::end)
        })
    },
    Route {
        does: Does::Own,
        ..read("/api/v1/passkeys", "登记的通行密钥", O::Account, "Passkeys", || {
            get(passkeys::list)
        })
    },
    Route {
        body: Body::None,
        ..ask(
            "/api/v1/passkeys/challenge",
            "登记通行密钥：取得挑战",
            Does::Own,
            O::Account,
            "",
            || post(passkeys::challenge),
        )
    }
    .gives(200, "CredentialCreation"),
    ask(
        "/api/v1/passkeys",
        "登记通行密钥：送交设备的答复",
        Does::Own,
        O::Account,
        "PasskeyNew",
        || post(passkeys::add),
    )
    .gives(201, "Passkey"),
    Route {
        method: "PATCH",
        ..ask(
            "/api/v1/passkeys/{id}",
            "给通行密钥改名",
            Does::Own,
            O::Account,
            "PasskeyNamed",
            || patch(passkeys::rename),
        )
    }
    .gives(200, "Passkey"),
    Route {
        method: "DELETE",
        does: Does::Own,
        answer: (204, None),
        ..read("/api/v1/passkeys/{id}", "移除通行密钥", O::Account, "", || {
            delete(passkeys::end)
        })
    },
    Route {
        method: "DELETE",
        does: Does::Own,
        answer: (204, None),
        ..read("/api/v1/tokens/current", "停用当前令牌", O::Account, "", || {
            delete(tokens::end)
        })
    },
];
