//! 附件 (Art. 7(3)).

use serde::{Deserialize, Serialize};

use crate::ids::{Digest, UnitId};

/// 附件 — a file by its digest, with the item of the checklist it serves (Art. 7(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The file's name.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// 材料名称 of the checklist.
    pub item: String,
    /// Whose it is, where each unit owes its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}
