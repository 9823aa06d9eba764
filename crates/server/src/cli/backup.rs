//! `chuanglian backup` — a copy of everything that cannot be computed again, while others work.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use sha2::{Digest, Sha256};

use super::place::Place;
use super::say;

/// The rows of the database, in a backup.
pub(super) const ROWS: &str = "store.jsonl";
/// The folder of files, in the data folder and in a backup.
pub(super) const FILES: &str = "files";
/// What stands in the data folder and is no part of a backup: the database, whose rows are
/// written by themselves, the secrets, which are to be kept elsewhere, and what is half uploaded.
const LEFT: [&str; 6] =
    ["chuanglian.db", "chuanglian.db-wal", "chuanglian.db-shm", FILES, "keys", "incoming"];
/// Bytes copied at a time.
const PIECE: usize = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    place: Place,
    /// The folder to write; it must not exist yet.
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let to = &self.to;
        ensure!(!to.exists(), "{} 已经存在，换一个还没有的文件夹", to.display());
        let store = self.place.open()?;
        // What is not whole never bears the name of a backup.
        let draft = beside(to);
        fs::create_dir_all(&draft).with_context(|| format!("make {}", draft.display()))?;
        let made = store.back_up(draft.join(ROWS)).context("write the rows")?;
        // A file is on disk before a row names it: copied after the rows, none is missing.
        let files = copy_files(&self.place.data.join(FILES), &draft.join(FILES))?;
        let others = copy_others(&self.place.data, &draft)?;
        fs::rename(&draft, to).with_context(|| format!("name {}", to.display()))?;
        say(&format!(
            "已备份到 {}：{} 行，{files} 个附件，其他 {others} 项\n摘要 {}",
            to.display(),
            made.rows,
            made.digest
        ));
        if self.place.data.join("keys").exists() {
            say("密钥（数据目录的 keys 文件夹）不在备份里，与备份分开保管");
        }
        Ok(())
    }
}

fn beside(to: &Path) -> PathBuf {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    to.with_file_name(format!("{name}.unfinished-{}", std::process::id()))
}

/// Copies files that bear their digest as name and checks each on the way; says how many.
pub(super) fn copy_files(from: &Path, to: &Path) -> anyhow::Result<usize> {
    let mut copied = 0;
    for shelf in folders(from)? {
        let shelf_name = shelf.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for entry in fs::read_dir(&shelf)? {
            let entry = entry?;
            let digest = format!("{shelf_name}{}", entry.file_name().to_string_lossy());
            let named = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if !named {
                continue;
            }
            let into = to.join(&shelf_name);
            fs::create_dir_all(&into)?;
            let found = copy(&entry.path(), &into.join(entry.file_name()))?;
            ensure!(found == digest, "附件 {digest} 的内容与摘要不符，先从更早的备份里找回它");
            copied += 1;
        }
    }
    Ok(copied)
}

fn folders(of: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let Ok(listing) = fs::read_dir(of) else { return Ok(vec![]) };
    let paths = listing.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.is_dir()).collect())
}

/// Copies a file durably; the digest of what was copied.
fn copy(from: &Path, to: &Path) -> anyhow::Result<String> {
    let mut source = File::open(from).with_context(|| format!("read {}", from.display()))?;
    let mut copy = File::create(to).with_context(|| format!("write {}", to.display()))?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let count = source.read(&mut piece)?;
        if count == 0 {
            break;
        }
        digest.update(&piece[..count]);
        copy.write_all(&piece[..count])?;
    }
    copy.set_permissions(source.metadata()?.permissions())?;
    copy.sync_all()?;
    Ok(hex::encode(digest.finalize()))
}

/// Copies what else the operator has put into the data folder, such as trusted certificates.
pub(super) fn copy_others(from: &Path, to: &Path) -> anyhow::Result<usize> {
    let mut copied = 0;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if LEFT.contains(&name.as_str()) || name == ROWS {
            continue;
        }
        copied += copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(copied)
}

fn copy_all(from: &Path, to: &Path) -> anyhow::Result<usize> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        let mut copied = 0;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copied += copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(copied);
    }
    if from.is_file() {
        copy(from, to)?;
        return Ok(1);
    }
    Ok(0)
}
