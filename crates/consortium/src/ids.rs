//! Identifiers and the two wrappers that say how a value is kept: [`Personal`] and [`Digest`].

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

id! {
    /// 卷宗 — one dossier for the whole life of one consortium.
    DossierId
}
id! {
    /// 单位 — an enterprise, institute, university or other organisation.
    #[derive(Default)]
    UnitId
}
id! {
    /// 归口管理部门 — a recommending authority, `RA01` … of the reference data.
    AuthorityId
}
id! {
    /// A natural person with one account. The name is not part of it.
    PersonId
}

/// SHA-256 of some bytes, 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

/// 个人信息 — a value about a natural person (a name, a phone number, a document number).
///
/// In an event it is written as `{"$personal": value}`. The store keeps the value outside the
/// hash chain behind a salted commitment, so it can be erased and the chain still verifies
/// (个人信息保护法 第四十七条). An erased value reads back as [`Personal::ERASED`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Personal {
    /// The plain value.
    #[serde(rename = "$personal")]
    pub value: String,
}

impl Personal {
    /// What stands in place of a value that was erased.
    pub const ERASED: &str = "（已删除）";

    /// Wraps a value about a person.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into() }
    }
}
