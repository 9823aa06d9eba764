//! 参数 — what the office has set for itself, by key.

use crate::error::{Result, StoreError};
use crate::tx::Tx;
use crate::{Store, vals};

/// What is set under a key.
pub fn setting(tx: &mut dyn Tx, key: &str) -> Result<Option<String>> {
    let rows = tx.rows("SELECT value FROM settings WHERE key = $1", &vals![key])?;
    rows.first().map(|row| row.text(0)).transpose()
}

/// Sets something under a key.
pub fn set_setting(tx: &mut dyn Tx, key: &str, value: &str) -> Result<()> {
    tx.exec(
        "INSERT INTO settings (key, value)
         VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        &vals![key, value],
    )
    .map(drop)
}

/// Sets something under a key where nothing is set; returns what is set there then. Of several that
/// come at once one sets it, and all are told the same.
pub fn set_once(tx: &mut dyn Tx, key: &str, value: &str) -> Result<String> {
    tx.exec(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
        &vals![key, value],
    )?;
    setting(tx, key)?.ok_or_else(|| StoreError::Missing(key.to_owned()))
}

impl Store {
    /// What is set under a key.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        let key = key.to_owned();
        self.read(move |tx| setting(tx, &key)).await
    }

    /// Sets something under a key.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(move |tx| set_setting(tx, &key, &value)).await
    }

    /// Sets something under a key where nothing is set; returns what is set there then.
    pub async fn set_once(&self, key: &str, value: &str) -> Result<String> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(move |tx| set_once(tx, &key, &value)).await
    }
}
