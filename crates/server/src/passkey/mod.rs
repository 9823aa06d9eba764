//! 通行密钥 — people prove themselves, and sign, with what their own device keeps and shows to
//! nobody (WebAuthn Level 3; 电子签名法 第十三条).
//!
//! [`Site`] says where passkeys work; [`ceremony`] asks and takes answers, each once; [`response`]
//! judges what a browser brings; [`Signature`] is what an answer leaves behind that anybody can
//! check again without us.
//!
//! A device is always asked to verify the person, by finger, face or PIN. What kind of device it is
//! is not asked: no list of makers decides who may sign.

mod authenticator;
mod cbor;
pub mod ceremony;
mod client;
pub mod response;
mod signature;
mod site;

use base64ct::{Base64UrlUnpadded, Encoding};
use thiserror::Error;

pub use signature::{Seen, Signature};
pub use site::{Reach, Site};

/// Passkeys of one person: a few devices and their successors.
pub const PASSKEYS_MAX: usize = 10;
/// Characters of the name of one.
pub const LABEL_CHARS_MAX: usize = 40;
/// For how long a challenge may be answered.
pub const CHALLENGE_MS: i64 = 5 * 60 * 1000;

/// Why an answer of a passkey does not count, for the person who brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not what browsers send.
    #[error("浏览器送来的内容读不出")]
    Unreadable,
    /// Nobody asked for it here, or it was answered before.
    #[error("这次验证不是在这里为这件事发起的，或者已经用过一次")]
    Unasked,
    /// Asked too long ago.
    #[error("发起验证已超过 {} 分钟", CHALLENGE_MS / 60_000)]
    Expired,
    /// Over something else than it had to be.
    #[error("签的不是这份签署声明")]
    OtherWords,
    /// A registration instead of a signature, or the other way.
    #[error("送来的是另一种验证的结果")]
    OtherAct,
    /// Made on another page than ours.
    #[error("这次验证是在另一个网址的页面上作出的")]
    OtherOrigin,
    /// Of a passkey for another site.
    #[error("这把通行密钥属于另一个网站")]
    OtherSite,
    /// The device did not verify the person.
    #[error("设备没有验证本人：没有用指纹、面容或者 PIN")]
    NotVerified,
    /// Nobody registered it.
    #[error("平台上没有登记这把通行密钥，或者登记它的账号已停用")]
    Unknown,
    /// It is somebody else's.
    #[error("这把通行密钥登记在别人名下")]
    OtherPerson,
    /// Its count did not go on.
    #[error("这把通行密钥的使用计数没有增加，可能有人复制了它")]
    Copied,
    /// The signature is not that of the key.
    #[error("签名验证不通过")]
    Wrong,
    /// A key of an algorithm that does not count.
    #[error("这种设备的算法不受支持（支持 P-256 和 2048 位以上的 RSA）")]
    Algorithm,
    /// Somebody registered it before.
    #[error("这把通行密钥已经登记过")]
    Taken,
    /// So many are registered.
    #[error("一个人最多登记 {PASSKEYS_MAX} 把通行密钥")]
    TooMany,
}

impl Fault {
    /// What to do next.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Unreadable | Self::OtherAct | Self::Wrong => "刷新页面后再试一次",
            Self::Unasked | Self::Expired | Self::OtherWords => "回到这一页再发起一次",
            Self::OtherOrigin | Self::OtherSite => "从本平台的网址打开页面再试",
            Self::NotVerified => "在设备上设置屏幕锁或者安全密钥的 PIN 后再试",
            Self::Unknown => "用账号和密码登录，在“账号安全”里登记后再用",
            Self::OtherPerson => "用本人登记的通行密钥",
            Self::Copied => "不是本人复制的，登录后移除这把通行密钥，重新登记一把",
            Self::Algorithm => "换一台设备，或者用手机登记",
            Self::Taken => "换一台设备登记，或者直接使用它",
            Self::TooMany => "移除不再使用的，再登记",
        }
    }

    /// The whole answer in one sentence.
    pub fn sentence(self) -> String {
        format!("{self}。{}", self.remedy())
    }
}

/// Bytes as browsers write them.
pub fn written(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Bytes as browsers write them, in their one form.
pub(crate) fn read(text: &str) -> Result<Vec<u8>, Fault> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Fault::Unreadable)
}

/// Under which name an authenticator keeps the passkey of a person: told to nobody else, and
/// nothing about the person.
pub fn handle(person: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"passkeys of a person\n");
    hash.update(person.as_bytes());
    written(&hash.finalize())
}
