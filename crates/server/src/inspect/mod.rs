//! 文件检查 — what a file is, by its bytes, and whether it may lie among the materials.
//!
//! Pure functions over a reader that can seek. Nothing is believed: neither the name, nor the
//! sizes a file states of itself. Memory stays below [`MEMORY_MAX`] whatever the file says,
//! because nothing is held but windows and small parts, each with its own limit. A verdict is a
//! sentence that says what is the case and what to do.

mod archive;
mod desk;
mod flaw;
mod image;
mod lexer;
mod name;
mod needles;
mod office;
mod pdf;
mod window;

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use archive::{ENTRIES_MAX, INFLATED_MAX, RATIO_FREE, RATIO_MAX};
pub use desk::{Desk, PATIENCE, SLOTS};
pub use flaw::Flaw;
pub use image::{PIXELS_MAX, SIDE_MAX};
pub use name::{NAME_CHARS_MAX, tidy};

/// Memory that one inspection never exceeds.
pub const MEMORY_MAX: u64 = 64 * 1024 * 1024;
/// What is read at once.
const WINDOW: usize = 64 * 1024;

/// What is taken: what an office can open and print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// OFD, GB/T 33190.
    Ofd,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Word (OOXML).
    Docx,
    /// Excel (OOXML).
    Xlsx,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Ofd, Self::Jpeg, Self::Png, Self::Docx, Self::Xlsx];

    /// What people call it.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Ofd => "OFD",
            Self::Jpeg => "JPG",
            Self::Png => "PNG",
            Self::Docx => "DOCX",
            Self::Xlsx => "XLSX",
        }
    }

    /// What programs call it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How its names end.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Ofd => &["ofd"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
        }
    }
}

/// Told by somebody else when an inspection has taken too long.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Calls the inspection off.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to go on.
    fn check(&self) -> Result<(), Flaw> {
        if self.0.load(Ordering::Relaxed) { Err(Flaw::Unfinished) } else { Ok(()) }
    }
}

/// Looks at a file that came under a name.
pub fn inspect(file: &mut (impl Read + Seek), name: &str, watch: &Watch) -> Result<Kind, Flaw> {
    let size = file.seek(SeekFrom::End(0)).map_err(|_| Flaw::Unfinished)?;
    if size == 0 {
        return Err(Flaw::Empty);
    }
    let head = at(file, 0, 8.min(size))?;
    let kind = match head.as_slice() {
        [b'%', b'P', b'D', b'F', b'-', ..] => pdf::inspect(file, size, watch)?,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A] => image::png(file, size, watch)?,
        [0xFF, 0xD8, 0xFF, ..] => image::jpeg(file, size, watch)?,
        [b'P', b'K', 3, 4, ..] => office::inspect(file, size, watch)?,
        _ => return Err(strange(file, size, name)),
    };
    let ending = name::ending(name);
    if ending.as_deref().is_some_and(|ending| !kind.endings().contains(&ending)) {
        return Err(Flaw::Mislabelled { kind, ending: ending.unwrap_or_default() });
    }
    Ok(kind)
}

/// The parts of an archive that was inspected, by name: at most so many bytes of all of them together.
pub fn parts(
    file: &mut (impl Read + Seek),
    wanted: &dyn Fn(&str) -> bool,
    most: u64,
    watch: &Watch,
) -> Result<BTreeMap<String, Vec<u8>>, Flaw> {
    let size = file.seek(SeekFrom::End(0)).map_err(|_| Flaw::Unfinished)?;
    let mut budget = archive::Budget::default();
    let entries = archive::entries(file, size, &mut budget)?;
    let all = entries.iter().map(|entry| entry.size).fold(0, u64::saturating_add);
    if all > most {
        return Err(Flaw::Inflates);
    }
    let mut parts = BTreeMap::new();
    for entry in entries.iter().filter(|entry| wanted(&entry.name)) {
        let mut bytes = Vec::new();
        archive::unpack(file, entry, &mut budget, watch, &mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        parts.insert(entry.name.clone(), bytes);
    }
    Ok(parts)
}

/// Why a file is none of ours: perhaps one of ours with something in front.
fn strange(file: &mut (impl Read + Seek), size: u64, name: &str) -> Flaw {
    let head = at(file, 0, size.min(1024)).unwrap_or_default();
    if memchr::memmem::find(&head, b"%PDF-").is_some() {
        return Flaw::Polyglot;
    }
    // OLE files: old Office formats, and new ones behind a password.
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let new = name::ending(name).is_some_and(|ending| matches!(&*ending, "docx" | "xlsx"));
        return if new { Flaw::ArchiveEncrypted } else { Flaw::OldOffice };
    }
    Flaw::Unknown
}

/// So many bytes from a place. The callers keep the count small.
fn at(file: &mut (impl Read + Seek), from: u64, count: u64) -> Result<Vec<u8>, Flaw> {
    let count = usize::try_from(count).map_err(|_| Flaw::Unfinished)?;
    let mut bytes = vec![0; count];
    file.seek(SeekFrom::Start(from)).map_err(|_| Flaw::Unfinished)?;
    file.read_exact(&mut bytes).map_err(|_| Flaw::Truncated)?;
    Ok(bytes)
}

/// Whether the end of a file is also that of a ZIP archive.
fn ends_as_archive(tail: &[u8]) -> bool {
    memchr::memmem::rfind_iter(tail, b"PK\x05\x06").any(|place| {
        let comment = tail.get(place + 20..place + 22);
        comment.is_some_and(|length| {
            let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
            // Readers take an end whose comment is shorter than what follows, too.
            place + 22 + length <= tail.len()
        })
    })
}
