//! 压缩包 — entries in one order, stored as they are, without times: one content has one archive,
//! so that an archive can be checked by writing it again.

use std::io::{Cursor, Read, Write};

use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// An entry: its path and its bytes.
pub type Entry = (String, Vec<u8>);

/// The largest package that is made or checked.
pub const BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Entries of the largest package.
const ENTRIES_MAX: usize = 2_000;

/// What is wrong with an archive, for the person who brought it.
#[derive(Debug, Error)]
pub enum Fault {
    /// No archive.
    #[error("不是证据包（ZIP），或者文件不完整")]
    Unreadable,
    /// Larger than any that is made.
    #[error("证据包超过 {} MB", BYTES_MAX / 1024 / 1024)]
    TooLarge,
    /// Its bytes are not those its entries give.
    #[error("证据包的字节有改动：同样的内容应当是另一串字节")]
    Changed,
}

/// The one archive of these entries.
///
/// # Errors
/// [`Fault::TooLarge`], and [`Fault::Unreadable`] for a path no archive can hold.
pub fn write(entries: &[Entry]) -> Result<Vec<u8>, Fault> {
    let size: u64 = entries.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    if size > BYTES_MAX || entries.len() > ENTRIES_MAX {
        return Err(Fault::TooLarge);
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in entries {
        archive.start_file(path.as_str(), options).map_err(|_| Fault::Unreadable)?;
        archive.write_all(bytes).map_err(|_| Fault::Unreadable)?;
    }
    let written = archive.finish().map_err(|_| Fault::Unreadable)?;
    Ok(written.into_inner())
}

/// The entries of an archive that is exactly what [`write()`] makes of them.
///
/// # Errors
/// [`Fault::Changed`] for any other archive, even of the same entries.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Unreadable)?;
    if archive.len() > ENTRIES_MAX {
        return Err(Fault::TooLarge);
    }
    let mut entries = Vec::with_capacity(archive.len());
    // Entries that overlap would make more of the bytes than there are.
    let mut left = bytes.len() as u64;
    for number in 0..archive.len() {
        let file = archive.by_index(number).map_err(|_| Fault::Unreadable)?;
        let path = file.name().map_err(|_| Fault::Unreadable)?.into_owned();
        left = left.checked_sub(file.size()).ok_or(Fault::Changed)?;
        let mut content = Vec::new();
        let limit = file.size();
        file.take(limit).read_to_end(&mut content).map_err(|_| Fault::Changed)?;
        entries.push((path, content));
    }
    if write(&entries)? == bytes { Ok(entries) } else { Err(Fault::Changed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<Entry> {
        vec![
            ("说明.md".to_owned(), "读我".into()),
            ("各方/01 云川/签字.p7s".to_owned(), vec![0, 1, 2, 255]),
            ("空".to_owned(), vec![]),
        ]
    }

    #[test]
    fn what_is_written_is_read_and_twice_the_same() {
        let bytes = write(&sample()).expect("an archive");
        assert_eq!(bytes, write(&sample()).expect("an archive"));
        assert_eq!(read(&bytes).expect("entries"), sample());
    }

    #[test]
    fn no_byte_of_an_archive_may_be_another() {
        let bytes = write(&sample()).expect("an archive");
        for at in 0..bytes.len() {
            for bit in [1, 128] {
                let mut other = bytes.clone();
                other[at] ^= bit;
                // A changed content is another good archive: its digest tells.
                if let Ok(entries) = read(&other) {
                    assert_ne!(entries, sample(), "byte {at}");
                }
            }
        }
        assert!(read(&[bytes.clone(), vec![0]].concat()).is_err());
        assert!(read(&bytes[..bytes.len() - 1]).is_err());
        assert!(read(&[]).is_err());
    }
}
