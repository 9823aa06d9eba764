//! 账号与令牌 — the asker, proofs, identities, passkeys, tokens.

use axum::routing::{delete, get, patch, post};

use super::{Body, Does, Object as O, Route, ask, read};
use crate::api::{identities, me, passkeys, proofs, recoveries, security, tokens};

pub(super) const ROUTES: &[Route] = &[
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
    read(
        "/api/v1/recoveries",
        "等候本人确认的找回申请",
        O::Account,
        "Recoveries",
        || get(recoveries::list),
    ),
    ask(
        "/api/v1/recoveries/{id}/answer",
        "确认或不予确认找回申请",
        Does::Own,
        O::Account,
        "RecoveryAnswer",
        || post(recoveries::settle),
    )
    .gives(200, "RecoverySettled"),
];
