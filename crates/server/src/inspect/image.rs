//! 图片 — dimensions by the header, and whether the picture is there to its end.

use std::io::{Read, Seek, SeekFrom};

use super::{Flaw, Kind, WINDOW, Watch, at, ends_as_archive};

/// Pixels across or down: an A0 sheet at 300 dpi has 14 043.
pub const SIDE_MAX: u32 = 20_000;
/// Pixels altogether: an A2 sheet at 300 dpi has 35 million.
pub const PIXELS_MAX: u64 = 50_000_000;
/// Bytes of one part of a PNG that is no picture: colour profiles have some megabytes at most.
const EXTRA_MAX: u32 = 8 * 1024 * 1024;
/// Passes of a progressive JPEG; encoders make about ten, each costs a decoder the whole picture.
const SCANS_MAX: usize = 100;
/// What cameras leave behind the end of a JPEG is searched this far for other formats.
const TAIL_MAX: u64 = 70 * 1024;

fn fits(width: u32, height: u32) -> Result<(), Flaw> {
    if width == 0 || height == 0 {
        return Err(Flaw::Broken);
    }
    let pixels = u64::from(width) * u64::from(height);
    if width > SIDE_MAX || height > SIDE_MAX || pixels > PIXELS_MAX {
        return Err(Flaw::TooManyPixels { width, height });
    }
    Ok(())
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

pub(super) fn png(file: &mut (impl Read + Seek), size: u64, watch: &Watch) -> Result<Kind, Flaw> {
    let (mut place, mut pictures, mut first) = (8, 0, true);
    loop {
        watch.check()?;
        let head = at(file, place, 8)?;
        let (length, kind) = (number(&head[..4]), &head[4..8]);
        if length > i32::MAX.unsigned_abs() || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(Flaw::Broken);
        }
        let end = place + 12 + u64::from(length);
        if end > size {
            return Err(Flaw::Truncated);
        }
        if first != (kind == b"IHDR") {
            return Err(Flaw::Broken);
        }
        if kind != b"IDAT" && length > EXTRA_MAX {
            return Err(Flaw::Broken);
        }
        if first {
            header(&at(file, place + 8, u64::from(length.min(13)))?)?;
        }
        if checksum(file, place + 4, u64::from(length) + 4)? != number(&at(file, end - 4, 4)?) {
            return Err(Flaw::Broken);
        }
        pictures += usize::from(kind == b"IDAT");
        if kind == b"IEND" {
            return match (end == size, pictures) {
                (false, _) => Err(Flaw::Polyglot),
                (true, 0) => Err(Flaw::Truncated),
                (true, _) => Ok(Kind::Png),
            };
        }
        (place, first) = (end, false);
    }
}

/// Width, height, depth and colours.
fn header(bytes: &[u8]) -> Result<(), Flaw> {
    let [.., depth, colours, packing, filter, interlace] = bytes else { return Err(Flaw::Broken) };
    if bytes.len() != 13 {
        return Err(Flaw::Broken);
    }
    let known = match colours {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !known || *packing != 0 || *filter != 0 || *interlace > 1 {
        return Err(Flaw::Broken);
    }
    fits(number(&bytes[..4]), number(&bytes[4..8]))
}

fn checksum(file: &mut (impl Read + Seek), from: u64, mut left: u64) -> Result<u32, Flaw> {
    file.seek(SeekFrom::Start(from)).map_err(|_| Flaw::Unfinished)?;
    let mut sum = flate2::Crc::new();
    let mut window = vec![0; WINDOW];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(WINDOW).min(WINDOW);
        file.read_exact(&mut window[..wanted]).map_err(|_| Flaw::Truncated)?;
        sum.update(&window[..wanted]);
        left -= wanted as u64;
    }
    Ok(sum.sum())
}

pub(super) fn jpeg(file: &mut (impl Read + Seek), size: u64, watch: &Watch) -> Result<Kind, Flaw> {
    let (mut place, mut scans, mut framed) = (2, 0, false);
    loop {
        watch.check()?;
        let marker = at(file, place, 2)?;
        let [0xFF, code] = marker[..] else { return Err(Flaw::Broken) };
        match code {
            // Any number of 0xFF may stand before a marker.
            0xFF => {
                place += 1;
                continue;
            }
            0xD9 if framed && scans > 0 => return after(file, place + 2, size),
            0xD9 => return Err(Flaw::Truncated),
            0x01 | 0xD0..=0xD8 | 0x00 => return Err(Flaw::Broken),
            _ => {}
        }
        let length = u64::from(number(&at(file, place + 2, 2)?));
        let end = place + 2 + length;
        if length < 2 {
            return Err(Flaw::Broken);
        }
        if end > size {
            return Err(Flaw::Truncated);
        }
        match code {
            // Frames: everything from C0 to CF but tables, extensions and conditioning.
            0xC0..=0xCF if !matches!(code, 0xC4 | 0xC8 | 0xCC) => {
                let frame = at(file, place + 4, 5.min(length - 2))?;
                if frame.len() < 5 || framed {
                    return Err(Flaw::Broken);
                }
                fits(number(&frame[3..5]), number(&frame[1..3]))?;
                framed = true;
                place = end;
            }
            0xDA => {
                scans += 1;
                if !framed || scans > SCANS_MAX {
                    return Err(Flaw::Broken);
                }
                place = past_scan(file, end, watch)?;
            }
            _ => place = end,
        }
    }
}

/// Where the marker after the coded picture is.
fn past_scan(file: &mut (impl Read + Seek), from: u64, watch: &Watch) -> Result<u64, Flaw> {
    file.seek(SeekFrom::Start(from)).map_err(|_| Flaw::Unfinished)?;
    let mut window = vec![0; WINDOW];
    let (mut place, mut escaped) = (from, false);
    loop {
        watch.check()?;
        let read = file.read(&mut window).map_err(|_| Flaw::Unfinished)?;
        if read == 0 {
            return Err(Flaw::Truncated);
        }
        for byte in &window[..read] {
            match (escaped, byte) {
                (true, 0x00 | 0xD0..=0xD7) => escaped = false,
                (true, 0xFF) | (false, _) => escaped = *byte == 0xFF,
                (true, _) => return Ok(place - 1),
            }
            place += 1;
        }
    }
}

/// Cameras leave previews behind the end; other formats do not belong there.
fn after(file: &mut (impl Read + Seek), end: u64, size: u64) -> Result<Kind, Flaw> {
    const OTHERS: [&[u8]; 4] = [b"%PDF-", b"<script", b"<html", b"<!DOCTYPE"];
    if end == size {
        return Ok(Kind::Jpeg);
    }
    for from in [end, size.saturating_sub(TAIL_MAX).max(end)] {
        let tail = at(file, from, TAIL_MAX.min(size - from))?;
        let strange = OTHERS.iter().any(|word| memchr::memmem::find(&tail, word).is_some());
        if strange || ends_as_archive(&tail) {
            return Err(Flaw::Polyglot);
        }
    }
    Ok(Kind::Jpeg)
}
