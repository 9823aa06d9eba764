//! 压缩包 — ZIP as Office formats use it, looked at with bounds: what its directory says and what
//! really comes out, both.

use std::io::{Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Flaw, WINDOW, Watch, at};

/// Parts of one file, those of a file within it included.
pub const ENTRIES_MAX: usize = 2_000;
/// Bytes that all parts unpack to.
pub const INFLATED_MAX: u64 = 200 * 1024 * 1024;
/// How many times its packed size a part may unpack to, past [`RATIO_FREE`].
pub const RATIO_MAX: u64 = 100;
/// Bytes that a part may unpack to whatever its packed size.
pub const RATIO_FREE: u64 = 1024 * 1024;
/// Bytes of the directory of an archive.
const DIRECTORY_MAX: u64 = 2 * 1024 * 1024;
/// Bytes between two parts: the sizes written after a part that was packed as it came.
const GAP_MAX: u64 = 24;

/// How much has been unpacked, over all parts and files within.
#[derive(Default)]
pub(super) struct Budget {
    parts: usize,
    inflated: u64,
}

impl Budget {
    fn parts(&mut self, count: usize) -> Result<(), Flaw> {
        self.parts += count;
        if self.parts > ENTRIES_MAX { Err(Flaw::TooManyParts) } else { Ok(()) }
    }

    fn inflated(&mut self, bytes: u64) -> Result<(), Flaw> {
        self.inflated += bytes;
        if self.inflated > INFLATED_MAX { Err(Flaw::Inflates) } else { Ok(()) }
    }
}

/// One part, by the directory.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    packed: bool,
    sum: u32,
    packed_size: u64,
    pub(super) size: u64,
    header_at: u64,
    data_at: u64,
    gap: u64,
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(short(bytes, at)) | u32::from(short(bytes, at + 2)) << 16
}

/// The parts of an archive that begins with the first byte and ends with the last one.
pub(super) fn entries(
    file: &mut (impl Read + Seek),
    size: u64,
    budget: &mut Budget,
) -> Result<Vec<Entry>, Flaw> {
    let (begin, count) = directory(file, size)?;
    budget.parts(count)?;
    let bytes = at(file, begin, size - 22 - begin)?;
    let mut entries = Vec::with_capacity(count);
    let mut place = 0;
    while place < bytes.len() {
        let (entry, next) = described(&bytes, place)?;
        entries.push(entry);
        place = next;
    }
    if entries.len() != count {
        return Err(Flaw::ArchiveForged);
    }
    for entry in &mut entries {
        locate(file, entry)?;
    }
    apart(&mut entries, begin)?;
    Ok(entries)
}

/// Where the directory begins, and how many parts it names: nothing may follow its end.
fn directory(file: &mut (impl Read + Seek), size: u64) -> Result<(u64, usize), Flaw> {
    if size < 22 {
        return Err(Flaw::Truncated);
    }
    let end = at(file, size - 22, 22)?;
    if !end.starts_with(b"PK\x05\x06") || short(&end, 20) != 0 {
        let tail = at(file, size.saturating_sub(66_000), size.min(66_000))?;
        let elsewhere = memchr::memmem::rfind(&tail, b"PK\x05\x06").is_some();
        return Err(if elsewhere { Flaw::Polyglot } else { Flaw::Truncated });
    }
    let (here, all) = (short(&end, 8), short(&end, 10));
    let (length, begin) = (u64::from(long(&end, 12)), u64::from(long(&end, 16)));
    // The larger form of the format is for files that are not taken anyway.
    if here == u16::MAX || length == u64::from(u32::MAX) || begin == u64::from(u32::MAX) {
        return Err(Flaw::TooManyParts);
    }
    let one_volume = short(&end, 4) == 0 && short(&end, 6) == 0 && here == all;
    if !one_volume || begin + length != size - 22 {
        return Err(Flaw::ArchiveForged);
    }
    if usize::from(all) > ENTRIES_MAX || length > DIRECTORY_MAX {
        return Err(Flaw::TooManyParts);
    }
    Ok((begin, usize::from(all)))
}

/// What the directory says of one part, and where it says the next.
fn described(bytes: &[u8], place: usize) -> Result<(Entry, usize), Flaw> {
    let head = bytes.get(place..place + 46).ok_or(Flaw::ArchiveForged)?;
    if !head.starts_with(b"PK\x01\x02") {
        return Err(Flaw::ArchiveForged);
    }
    let (flags, method) = (short(head, 8), short(head, 10));
    if flags & 0x2041 != 0 {
        return Err(Flaw::ArchiveEncrypted);
    }
    let packed = match method {
        0 => false,
        8 => true,
        _ => return Err(Flaw::ArchiveForged),
    };
    let lengths = [short(head, 28), short(head, 30), short(head, 32)].map(usize::from);
    let name = bytes.get(place + 46..place + 46 + lengths[0]).ok_or(Flaw::ArchiveForged)?;
    let name = String::from_utf8_lossy(name).into_owned();
    if leads_outside(&name) {
        return Err(Flaw::ArchiveForged);
    }
    let entry = Entry {
        name,
        packed,
        sum: long(head, 16),
        packed_size: u64::from(long(head, 20)),
        size: u64::from(long(head, 24)),
        header_at: u64::from(long(head, 42)),
        data_at: 0,
        gap: if flags & 8 == 0 { 0 } else { GAP_MAX },
    };
    Ok((entry, place + 46 + lengths.iter().sum::<usize>()))
}

fn leads_outside(name: &str) -> bool {
    let parts = || name.split(['/', '\\']);
    name.is_empty()
        || name.starts_with(['/', '\\'])
        || name.contains(':')
        || name.chars().any(char::is_control)
        || parts().any(|part| part == "..")
}

/// The part's own header, which has to say the same.
fn locate(file: &mut (impl Read + Seek), entry: &mut Entry) -> Result<(), Flaw> {
    let head = at(file, entry.header_at, 30).map_err(|_| Flaw::ArchiveForged)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(Flaw::ArchiveForged);
    }
    let (name, extra) = (u64::from(short(&head, 26)), u64::from(short(&head, 28)));
    let own = at(file, entry.header_at + 30, name).map_err(|_| Flaw::ArchiveForged)?;
    let method = if entry.packed { 8 } else { 0 };
    if String::from_utf8_lossy(&own) != entry.name || short(&head, 8) != method {
        return Err(Flaw::ArchiveForged);
    }
    entry.data_at = entry.header_at + 30 + name + extra;
    Ok(())
}

/// The parts lie one behind the other, from the first byte to the directory: nothing is counted
/// twice and nothing hides between them.
fn apart(entries: &mut [Entry], directory: u64) -> Result<(), Flaw> {
    entries.sort_by_key(|entry| entry.header_at);
    let mut end = 0;
    let mut gap = 0;
    for entry in entries.iter() {
        if entry.header_at < end || entry.header_at > end + gap {
            return Err(Flaw::ArchiveForged);
        }
        (end, gap) = (entry.data_at + entry.packed_size, entry.gap);
    }
    if end > directory || end + gap < directory { Err(Flaw::ArchiveForged) } else { Ok(()) }
}

/// Unpacks one part, piece by piece; what comes out is counted, and has to be what was stated.
pub(super) fn unpack(
    file: &mut (impl Read + Seek),
    entry: &Entry,
    budget: &mut Budget,
    watch: &Watch,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    let mut sum = Crc::new();
    let (mut packed, mut out) = (0_u64, 0_u64);
    let most = entry.size;
    let mut count = |bytes: &[u8], packed: u64| {
        out += bytes.len() as u64;
        if out > most {
            return Err(Flaw::ArchiveForged);
        }
        if out > RATIO_FREE && out > packed.max(1) * RATIO_MAX {
            return Err(Flaw::Inflates);
        }
        budget.inflated(bytes.len() as u64)?;
        sum.update(bytes);
        take(bytes)
    };
    let whole = entry.packed_size;
    let mut piece = vec![0; WINDOW];
    file.seek(SeekFrom::Start(entry.data_at)).map_err(|_| Flaw::Unfinished)?;
    let mut inflater = entry.packed.then(|| Inflater::new(false));
    while packed < whole {
        watch.check()?;
        let wanted = usize::try_from(whole - packed).unwrap_or(WINDOW).min(WINDOW);
        file.read_exact(&mut piece[..wanted]).map_err(|_| Flaw::Truncated)?;
        packed += wanted as u64;
        match &mut inflater {
            None => count(&piece[..wanted], packed)?,
            Some(inflater) => {
                inflater.push(&piece[..wanted], watch, &mut |bytes| count(bytes, packed))?;
            }
        }
    }
    let ended = inflater.is_none_or(|inflater| inflater.ended);
    if !ended || out != most || sum.sum() != entry.sum {
        return Err(Flaw::ArchiveForged);
    }
    Ok(())
}

/// Unpacks DEFLATE through a window.
pub(super) struct Inflater {
    state: Decompress,
    window: Vec<u8>,
    pub(super) ended: bool,
}

impl Inflater {
    pub(super) fn new(with_header: bool) -> Self {
        Self { state: Decompress::new(with_header), window: vec![0; WINDOW], ended: false }
    }

    /// Takes packed bytes and gives away what comes out; bytes past the end are left alone.
    pub(super) fn push(
        &mut self,
        mut packed: &[u8],
        watch: &Watch,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        while !self.ended {
            watch.check()?;
            let (read, made) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(packed, &mut self.window, FlushDecompress::None)
                .map_err(|_| Flaw::Broken)?;
            let counted = |now: u64, then: u64| usize::try_from(now - then).unwrap_or(WINDOW);
            let read = counted(self.state.total_in(), read);
            let made = counted(self.state.total_out(), made);
            packed = packed.get(read..).unwrap_or_default();
            take(&self.window[..made])?;
            self.ended = status == Status::StreamEnd;
            if !self.ended && packed.is_empty() && made < WINDOW {
                return Ok(());
            }
            if !self.ended && read == 0 && made == 0 {
                return Err(Flaw::Broken);
            }
        }
        Ok(())
    }
}

/// Whether a part can be told to hold this much before it is unpacked.
pub(super) fn is_folder(entry: &Entry) -> bool {
    entry.name.ends_with('/') && entry.size == 0
}
