//! 密钥 — numbers that only this office knows, made when they are first needed and never changed.

use store::{Store, StoreError};

use crate::http::random;

/// The secret under a name. Nodes that need it for the first time at the same time get the same.
pub(crate) async fn kept(store: &Store, name: &str) -> Result<Vec<u8>, StoreError> {
    let kept = match store.setting(name).await? {
        Some(kept) => kept,
        None => store.set_once(name, &random::secret_hex()).await?,
    };
    Ok(kept.into_bytes())
}
