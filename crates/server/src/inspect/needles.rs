//! Finds short words in bytes that come piece by piece.

use memchr::memmem::Finder;

/// Words that are looked for; a word that lies across two pieces is found, too.
pub(super) struct Needles {
    finders: Vec<Finder<'static>>,
    longest: usize,
    tail: Vec<u8>,
}

impl Needles {
    pub(super) fn new(words: &[&'static [u8]]) -> Self {
        let finders = words.iter().map(|word| Finder::new(*word)).collect();
        let longest = words.iter().map(|word| word.len()).max().unwrap_or_default();
        Self { finders, longest, tail: Vec::new() }
    }

    /// Which word stands in what came so far, if one does.
    pub(super) fn found(&mut self, piece: &[u8]) -> Option<usize> {
        self.tail.extend_from_slice(piece);
        let hit = self.finders.iter().position(|finder| finder.find(&self.tail).is_some());
        let keep = self.longest.saturating_sub(1).min(self.tail.len());
        self.tail.drain(..self.tail.len() - keep);
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_across_pieces_is_found() {
        let mut needles = Needles::new(&[b"<!DOCTYPE", b"x"]);
        assert_eq!(needles.found(b"..<!DOC"), None);
        assert_eq!(needles.found(b"TYPE"), Some(0));
        assert_eq!(Needles::new(&[b"ab", b"x"]).found(b"..x"), Some(1));
        assert_eq!(Needles::new(&[b"ab"]).found(b"ba"), None);
    }
}
