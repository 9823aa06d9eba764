//! 分段上传 — files that arrive in pieces, each durable before it is acknowledged: a broken line,
//! a closed browser or a restarted office costs one piece, not the file.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};

use crate::error::{Result, StoreError};
use crate::files::{Draft, full_or, off_thread, sync_folder};
use crate::tx::{Row, Tx, wide};
use crate::{Store, vals};

/// A file that arrives in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadRow {
    /// By which it is asked for.
    pub id: String,
    /// Which side began it.
    pub side: String,
    /// The name of the file.
    pub name: String,
    /// The bytes announced.
    pub size: u64,
    /// The bytes that are there, durable.
    pub received: u64,
    /// Since when.
    pub created_ms: i64,
    /// Until when.
    pub expires_ms: i64,
}

const COLUMNS: &str = "id, side, name, size, received, created_ms, expires_ms";

fn from_row(row: &Row) -> Result<UploadRow> {
    Ok(UploadRow {
        id: row.text(0)?,
        side: row.text(1)?,
        name: row.text(2)?,
        size: row.count(3)?,
        received: row.count(4)?,
        created_ms: row.int(5)?,
        expires_ms: row.int(6)?,
    })
}

/// Writes a new upload down.
pub fn begin_upload(tx: &mut dyn Tx, upload: &UploadRow) -> Result<()> {
    tx.exec(
        "INSERT INTO uploads (id, side, name, size, received, created_ms, expires_ms)
         VALUES ($1, $2, $3, $4, 0, $5, $6)",
        &vals![
            &upload.id,
            &upload.side,
            &upload.name,
            wide(upload.size)?,
            upload.created_ms,
            upload.expires_ms,
        ],
    )
    .map(drop)
}

/// An upload of this side, whether it has run out or not: the caller has the clock.
pub fn upload(tx: &mut dyn Tx, side: &str, id: &str) -> Result<Option<UploadRow>> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE id = $1 AND side = $2");
    tx.rows(&sql, &vals![id, side])?.first().map(from_row).transpose()
}

/// The uploads of a side, the oldest first.
pub fn uploads(tx: &mut dyn Tx, side: &str) -> Result<Vec<UploadRow>> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE side = $1 ORDER BY created_ms, id");
    tx.rows(&sql, &vals![side])?.iter().map(from_row).collect()
}

fn known(tx: &mut dyn Tx, side: &str, id: &str) -> Result<UploadRow> {
    upload(tx, side, id)?.ok_or_else(|| StoreError::Missing(id.to_owned()))
}

/// Moves an upload on; somebody else may have done it meanwhile.
fn advance(tx: &mut dyn Tx, side: &str, id: &str, from: u64, to: u64) -> Result<()> {
    let moved = tx.exec(
        "UPDATE uploads SET received = $1 WHERE id = $2 AND side = $3 AND received = $4",
        &vals![wide(to)?, id, side, wide(from)?],
    )?;
    if moved == 1 {
        return Ok(());
    }
    Err(StoreError::Offset { offset: known(tx, side, id)?.received })
}

/// Forgets an upload.
pub fn end_upload(tx: &mut dyn Tx, id: &str) -> Result<()> {
    tx.exec("DELETE FROM uploads WHERE id = $1", &vals![id]).map(drop)
}

impl Store {
    /// Begins an upload for which there is room.
    pub async fn begin_upload(&self, upload: UploadRow) -> Result<()> {
        let (cabinet, size) = (self.cabinet().clone(), upload.size);
        off_thread(move || cabinet.has_room(size)).await?;
        self.write(move |tx| begin_upload(tx, &upload)).await
    }

    /// An upload of this side.
    pub async fn upload(&self, side: &str, id: &str) -> Result<Option<UploadRow>> {
        let (side, id) = (side.to_owned(), id.to_owned());
        self.read(move |tx| upload(tx, &side, &id)).await
    }

    /// The uploads of a side.
    pub async fn uploads(&self, side: &str) -> Result<Vec<UploadRow>> {
        let side = side.to_owned();
        self.read(move |tx| uploads(tx, &side)).await
    }

    /// Adds a piece where the upload ends; resolves when it is durable, with the new end.
    ///
    /// # Errors
    /// [`StoreError::Offset`] when it ends elsewhere, [`StoreError::TooLarge`] past what was
    /// announced, [`StoreError::Missing`] when there is none.
    pub async fn add_piece(
        &self,
        side: &str,
        id: &str,
        offset: u64,
        piece: Vec<u8>,
    ) -> Result<u64> {
        let (store, side, id) = (self.clone(), side.to_owned(), id.to_owned());
        off_thread(move || add_piece(&store, &side, &id, offset, &piece)).await
    }

    /// The whole file, digested from what stands on the disk.
    pub async fn whole_upload(&self, id: &str) -> Result<Draft> {
        let (cabinet, id) = (self.cabinet().clone(), id.to_owned());
        off_thread(move || cabinet.grown(&id)).await
    }

    /// Forgets an upload and its bytes.
    pub async fn end_upload(&self, id: &str) -> Result<()> {
        let (cabinet, row) = (self.cabinet().clone(), id.to_owned());
        self.write(move |tx| end_upload(tx, &row)).await?;
        let id = id.to_owned();
        off_thread(move || cabinet.abandon(&id)).await
    }

    /// Forgets what has run out; returns how many.
    pub async fn sweep_uploads(&self, now_ms: i64) -> Result<u64> {
        let over = self
            .read(move |tx| {
                let sql = "SELECT id FROM uploads WHERE expires_ms < $1 ORDER BY id";
                let rows = tx.rows(sql, &vals![now_ms])?;
                rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>>>()
            })
            .await?;
        let count = over.len() as u64;
        for id in over {
            self.end_upload(&id).await?;
        }
        Ok(count)
    }
}

/// Two pieces for one place take turns at the file; the second then finds that it came too late.
fn add_piece(store: &Store, side: &str, id: &str, offset: u64, piece: &[u8]) -> Result<u64> {
    let failed = || StoreError::io("add to an upload");
    let path = store.cabinet().growing(id);
    let first = offset == 0 && !path.exists();
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed())?;
    file.lock().map_err(failed())?;
    let (whose, which) = (side.to_owned(), id.to_owned());
    let end = offset.saturating_add(piece.len() as u64);
    match store.read_blocking(move |tx| known(tx, &whose, &which)) {
        // The bytes are gone, as after a restore: the file is sent anew.
        Ok(row) if file.metadata().map_err(failed())?.len() < row.received => {
            let id = row.id.clone();
            store.write_blocking(move |tx| end_upload(tx, &id))?;
            store.cabinet().abandon(&row.id)?;
            return Err(StoreError::Missing(row.id));
        }
        Ok(row) if row.received != offset => {
            return Err(StoreError::Offset { offset: row.received });
        }
        Ok(row) if end > row.size => return Err(StoreError::TooLarge { most: row.size }),
        Ok(_) => {}
        Err(error) => {
            // The upload was given up meanwhile: nothing of it stays.
            store.cabinet().abandon(id)?;
            return Err(error);
        }
    }
    // What stands past the acknowledged end is of a piece that broke off.
    file.set_len(offset).map_err(failed())?;
    file.seek(SeekFrom::Start(offset)).map_err(failed())?;
    file.write_all(piece)
        .and_then(|()| file.sync_all())
        .map_err(full_or("add to an upload", end))?;
    if first {
        sync_folder(&store.cabinet().incoming_folder())?;
    }
    let (whose, which) = (side.to_owned(), id.to_owned());
    store.write_blocking(move |tx| advance(tx, &whose, &which, offset, end))?;
    Ok(end)
}
