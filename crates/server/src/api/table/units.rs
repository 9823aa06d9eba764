//! 单位与公共事务 — units, their people, and the affairs of the Department.

use axum::routing::{get, post};

use super::{Body, Does, Object as O, PAGE, Parameter, Route, TEXT, ask, read};
use crate::api::{affairs, people, recoveries, units};

const SEARCHED: &[Parameter] = &[TEXT, PAGE[0], PAGE[1]];

pub(super) const ROUTES: &[Route] = &[
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
    ask(
        "/api/v1/units/{id}/people/{link}/reset",
        "申请为同事重置密码",
        Does::Own,
        O::Unit,
        "ResetAsked",
        || post(recoveries::ask),
    )
    .gives(201, "ResetBegun"),
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
];
