//! 安全记录 — what happened to an account, for its holder to read. Nothing in it is ever changed.

use std::sync::atomic::{AtomicU64, Ordering};

use store::factors::Logged;

use crate::http::{Fault, random};
use crate::state::AppState;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 登录.
    SignedIn,
    /// 登录未成.
    NotSignedIn,
    /// 第二因素绑定.
    FactorBound,
    /// 第二因素解除.
    FactorEnded,
    /// 恢复码重新生成.
    CodesMade,
    /// 恢复码用去一个.
    CodeUsed,
    /// 密码修改.
    PasswordChanged,
    /// 申请重置密码.
    ResetAsked,
    /// 重置密码的链接生成.
    ResetMade,
    /// 重置密码被撤销.
    ResetStopped,
    /// 密码重置.
    PasswordReset,
    /// 申请解除第二因素.
    LossAsked,
    /// 解除第二因素得到确认.
    LossConfirmed,
    /// 解除第二因素被撤销.
    LossStopped,
    /// 登录退出.
    SessionsEnded,
    /// 访问令牌新建.
    TokenMade,
    /// 访问令牌停用.
    TokenEnded,
    /// 统一身份关联.
    IdentityLinked,
    /// 统一身份解除关联.
    IdentityUnlinked,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 19] = [
        Self::SignedIn,
        Self::NotSignedIn,
        Self::FactorBound,
        Self::FactorEnded,
        Self::CodesMade,
        Self::CodeUsed,
        Self::PasswordChanged,
        Self::ResetAsked,
        Self::ResetMade,
        Self::ResetStopped,
        Self::PasswordReset,
        Self::LossAsked,
        Self::LossConfirmed,
        Self::LossStopped,
        Self::SessionsEnded,
        Self::TokenMade,
        Self::TokenEnded,
        Self::IdentityLinked,
        Self::IdentityUnlinked,
    ];

    /// As the store and programs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::NotSignedIn => "not_signed_in",
            Self::FactorBound => "factor_bound",
            Self::FactorEnded => "factor_ended",
            Self::CodesMade => "codes_made",
            Self::CodeUsed => "code_used",
            Self::PasswordChanged => "password_changed",
            Self::ResetAsked => "reset_asked",
            Self::ResetMade => "reset_made",
            Self::ResetStopped => "reset_stopped",
            Self::PasswordReset => "password_reset",
            Self::LossAsked => "loss_asked",
            Self::LossConfirmed => "loss_confirmed",
            Self::LossStopped => "loss_stopped",
            Self::SessionsEnded => "sessions_ended",
            Self::TokenMade => "token_made",
            Self::TokenEnded => "token_ended",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
        }
    }

    /// As people read it.
    pub const fn term(self) -> &'static str {
        match self {
            Self::SignedIn => "登录",
            Self::NotSignedIn => "密码对而第二步未通过",
            Self::FactorBound => "绑定第二个因素",
            Self::FactorEnded => "解除第二个因素",
            Self::CodesMade => "重新生成恢复码",
            Self::CodeUsed => "用去一个恢复码",
            Self::PasswordChanged => "修改密码",
            Self::ResetAsked => "申请重置密码",
            Self::ResetMade => "生成重置密码的链接",
            Self::ResetStopped => "撤销重置密码",
            Self::PasswordReset => "重置密码",
            Self::LossAsked => "申请解除遗失的第二个因素",
            Self::LossConfirmed => "确认解除遗失的第二个因素",
            Self::LossStopped => "撤销解除第二个因素",
            Self::SessionsEnded => "退出其他设备",
            Self::TokenMade => "新建访问令牌",
            Self::TokenEnded => "停用访问令牌",
            Self::IdentityLinked => "关联统一身份",
            Self::IdentityUnlinked => "解除统一身份的关联",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A line about a person's account, to be written in a transaction.
pub(crate) fn line(state: &AppState, person: &str, kind: Kind, detail: &str, by: &str) -> Logged {
    let at_ms = state.clock.wall_ms();
    // Lines of one millisecond stand as they were written.
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Logged {
        id: format!("{at_ms:013}-{number:010}-{}", &random::key()[..12]),
        person: person.to_owned(),
        at_ms,
        kind: kind.name().to_owned(),
        detail: detail.to_owned(),
        made_by: by.to_owned(),
    }
}

/// Writes a line down.
pub(crate) async fn note(
    state: &AppState,
    person: &str,
    kind: Kind,
    detail: &str,
    by: &str,
) -> Result<(), Fault> {
    Ok(state.store.log_security(line(state, person, kind, detail, by)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("other"), None);
    }
}
