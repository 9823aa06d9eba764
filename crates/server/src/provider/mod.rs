//! 统一身份认证 — somebody else vouches for a person: the regional provider of identities, as the
//! operator named it (OpenID Connect Core 1.0, code flow with PKCE).
//!
//! A browser is sent there on an [`errand`] and brings a code back; `proof` exchanges the code and
//! judges what the provider says; [`identity`] says whose account it opens. Who somebody is there is
//! issuer and subject, never a mail address and never a name, and no account is ever made of it.
//! Everything that is asked of the provider goes through [`crate::egress`].

mod discovery;
pub mod errand;
pub mod identity;
mod proof;
mod settings;

use thiserror::Error;

use crate::http;
use crate::http::strength::{PROOF_SERVES_MS, With};

pub use discovery::{KEYS_AGAIN_MS, KNOWN_MS, Provider};
pub use proof::{LEEWAY_MS, SUBJECT_BYTES_MAX, Shown};
pub use settings::{Secret, Settings};

/// Where the provider sends browsers back to, on our site.
pub const RETURN: &str = "/login/provider/return";

/// Why what a provider says, or does not say, does not count; for the person who was there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// It does not answer, or not as a provider does.
    #[error("{0}现在没有回应")]
    Silent(String),
    /// Nobody was sent there from here, or came back before.
    #[error("这次登录不是从这个浏览器发起的，或者已经用过一次")]
    Unasked,
    /// Sent too long ago.
    #[error("从发起到回来超过了 {} 分钟", errand::SERVES_MS / 60_000)]
    Expired,
    /// Another provider answered.
    #[error("答复不是{0}发来的")]
    OtherIssuer(String),
    /// The person did not want to, or may not.
    #[error("在{0}取消了登录，或者没有同意把身份告诉本平台")]
    Denied(String),
    /// Another word of refusal.
    #[error("{0}没有办成登录（{1}）")]
    Told(String, String),
    /// What it vouches with does not hold.
    #[error("{0}给出的身份证明验证不通过")]
    Unproven(String),
    /// The person was not asked again.
    #[error("{0}没有说明刚刚重新验过本人")]
    NotAgain(String),
    /// The person signed in over there too long ago.
    #[error("在{0}的登录已经过了很久")]
    Old(String),
    /// One factor, where two are asked.
    #[error("这次在{0}只验了一个因素，还不够")]
    OneFactor(String),
    /// The identity is linked to another account.
    #[error("这个{0}账号已经关联了本平台的另一个账号，一个只能关联一个")]
    Taken(String),
    /// It is not the identity of whoever is signed in.
    #[error("刚才在{0}登录的不是关联到这个账号的身份")]
    OtherPerson(String),
    /// The account is closed.
    #[error("关联的账号已停用")]
    Closed,
}

impl Fault {
    /// What to do next.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Silent(_) => "用账号和密码登录，或者过几分钟再试",
            Self::Unasked | Self::Expired => "从这里重新开始一次",
            Self::Denied(_) => "要用它登录的，重新开始并选择同意；不用的，用账号和密码登录",
            Self::OtherIssuer(_) | Self::Told(..) | Self::Unproven(_) => {
                "再试一次；仍不行，用账号和密码登录，并告诉平台运维"
            }
            Self::NotAgain(_) => "再试一次，到那里重新输入密码；仍不行，用别的方式验明",
            Self::Old(_) => "到那里退出登录，再来一次",
            Self::OneFactor(_) => "用动态口令或者通行密钥验明",
            Self::Taken(_) => "用那个账号登录，先在“登录安全”解除关联，再到这里关联",
            Self::OtherPerson(_) => "在那里退出登录，换成本人的账号再试",
            Self::Closed => "联系开通账号的部门",
        }
    }

    /// The whole answer in two sentences.
    pub fn sentence(&self) -> String {
        format!("{self}。{}。", self.remedy())
    }
}

/// Why somebody was not shown to be oneself: it does not count, or the world broke.
#[derive(Debug)]
pub enum Unproven {
    /// It does not count.
    No(Fault),
    /// The world broke.
    Broken(http::Fault),
}

impl From<Fault> for Unproven {
    fn from(fault: Fault) -> Self {
        Self::No(fault)
    }
}

impl From<http::Fault> for Unproven {
    fn from(fault: http::Fault) -> Self {
        Self::Broken(fault)
    }
}

impl From<store::StoreError> for Unproven {
    fn from(error: store::StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl Shown {
    /// What the person was shown to be oneself with.
    pub const fn with(&self) -> With {
        if self.two_factors { With::ProviderTwoFactor } else { With::Provider }
    }

    /// When the person was shown to be oneself, as far as it counts here: never later than now, and
    /// where the provider does not say when, too long ago for an act with legal effect.
    pub fn proved_ms(&self, now_ms: i64) -> i64 {
        let unsaid = now_ms.saturating_sub(PROOF_SERVES_MS).saturating_sub(1);
        self.proved_ms.unwrap_or(unsaid).min(now_ms)
    }
}
