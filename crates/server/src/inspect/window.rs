//! A window over a file: what was read is not read again while a reader moves about in it.

use std::io::{Read, Seek, SeekFrom};

use super::{Flaw, WINDOW};

/// The bytes at hand, and the file behind them, which nobody else moves meanwhile.
pub(super) struct Window<'a, R> {
    file: &'a mut R,
    bytes: Vec<u8>,
    /// How many of them are of the file, and where the first one stands in it.
    filled: usize,
    begin: u64,
}

impl<'a, R: Read + Seek> Window<'a, R> {
    pub(super) fn over(file: &'a mut R) -> Result<Self, Flaw> {
        file.rewind().map_err(|_| Flaw::Unfinished)?;
        Ok(Self { file, bytes: vec![0; WINDOW], filled: 0, begin: 0 })
    }

    /// What stands at a place: so many bytes or more, and fewer only at the end of the file. The
    /// callers keep the count below that of the window.
    pub(super) fn at(&mut self, place: u64, least: usize) -> Result<&[u8], Flaw> {
        let inside = place.checked_sub(self.begin).and_then(|inside| usize::try_from(inside).ok());
        let Some(inside) = inside.filter(|inside| *inside <= self.filled) else {
            self.file.seek(SeekFrom::Start(place)).map_err(|_| Flaw::Unfinished)?;
            (self.begin, self.filled) = (place, 0);
            return self.fill(least);
        };
        if self.filled - inside >= least {
            return Ok(&self.bytes[inside..self.filled]);
        }
        self.bytes.copy_within(inside..self.filled, 0);
        (self.begin, self.filled) = (place, self.filled - inside);
        self.fill(least)
    }

    fn fill(&mut self, least: usize) -> Result<&[u8], Flaw> {
        while self.filled < least {
            let room = &mut self.bytes[self.filled..];
            match self.file.read(room).map_err(|_| Flaw::Unfinished)? {
                0 => break,
                read => self.filled += read,
            }
        }
        Ok(&self.bytes[..self.filled])
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Gives a few bytes at a time, and counts them.
    struct Slow(Cursor<Vec<u8>>, usize);

    impl Read for Slow {
        fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
            let most = room.len().min(1000);
            let read = self.0.read(&mut room[..most])?;
            self.1 += read;
            Ok(read)
        }
    }

    impl Seek for Slow {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn every_place_shows_what_stands_there() {
        let whole: Vec<u8> = (0..3 * WINDOW).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let mut file = Slow(Cursor::new(whole.clone()), 0);
        let mut window = Window::over(&mut file).unwrap();
        let ends = [0, 1, 40, 999, 1000, 1001, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW];
        for place in ends.into_iter().chain([50, 7, 2 * WINDOW, 3 * WINDOW - 3]) {
            for least in [1, 41, WINDOW] {
                let seen = window.at(place as u64, least).unwrap();
                let rest = &whole[place..];
                assert!(seen.len() >= least.min(rest.len()), "{place} {least}");
                assert_eq!(seen, &rest[..seen.len()], "{place} {least}");
            }
        }
        assert!(window.at(4 * WINDOW as u64, 1).unwrap().is_empty());
    }

    #[test]
    fn going_on_reads_nothing_twice() {
        let mut file = Slow(Cursor::new(vec![7; 2 * WINDOW]), 0);
        let mut window = Window::over(&mut file).unwrap();
        let mut place = 0;
        while !window.at(place, 41).unwrap().is_empty() {
            // Back a little and on: as from the end of a stream to the words around it.
            window.at(place, 1).unwrap();
            place += 13;
        }
        assert_eq!(file.1, 2 * WINDOW);
    }
}
