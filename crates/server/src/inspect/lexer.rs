//! Cuts PDF syntax into tokens, byte by byte: names with their escapes resolved, words, brackets.

/// Letters of a word or name that are kept; the names that matter are far shorter.
const KEPT_MAX: usize = 64;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `<<`.
    Open,
    /// `>>`.
    Close,
    /// `[`.
    List,
    /// `]`.
    EndList,
    /// `/Name`, without the stroke.
    Name(Vec<u8>),
    /// A number or a keyword.
    Word(Vec<u8>),
    /// A text.
    Text,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Comment,
    Name,
    /// After `#` in a name, with the first digit if it came.
    Escape(Option<u8>),
    Word,
    /// How deep brackets stand in a text, and whether a stroke came.
    Literal(u32, bool),
    /// After `<`: a hexadecimal text or a dictionary.
    Less,
    Hex,
    /// After `>`.
    Greater,
}

/// The lexer; a word ends with the byte after it.
pub(super) struct Lexer {
    state: State,
    kept: Vec<u8>,
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl Lexer {
    pub(super) fn new() -> Self {
        Self { state: State::Between, kept: Vec::new() }
    }

    fn keep(&mut self, byte: u8) {
        if self.kept.len() < KEPT_MAX {
            self.kept.push(byte);
        }
    }

    /// Takes a byte; gives the tokens that it completes: the word before it, and itself.
    pub(super) fn push(&mut self, byte: u8) -> [Option<Token>; 2] {
        match self.state {
            State::Escape(first) if digit(byte).is_none() => {
                // No escape after all: the sign stands for itself.
                self.keep(b'#');
                if let Some(high) = first {
                    self.keep(b"0123456789ABCDEF"[usize::from(high)]);
                }
                self.state = State::Name;
                self.push(byte)
            }
            State::Name | State::Word if is_space(byte) || is_delimiter(byte) => {
                let kept = std::mem::take(&mut self.kept);
                let name = self.state == State::Name;
                let word = if name { Token::Name(kept) } else { Token::Word(kept) };
                [Some(word), self.begin(byte)]
            }
            _ => [None, self.go_on(byte)],
        }
    }

    fn go_on(&mut self, byte: u8) -> Option<Token> {
        match self.state {
            State::Between => self.begin(byte),
            State::Comment => {
                if matches!(byte, b'\r' | b'\n') {
                    self.state = State::Between;
                }
                None
            }
            State::Name if byte == b'#' => {
                self.state = State::Escape(None);
                None
            }
            State::Name | State::Word => {
                self.keep(byte);
                None
            }
            State::Escape(first) => {
                self.escape(first, byte);
                None
            }
            State::Literal(depth, escaped) => self.literal(depth, escaped, byte),
            State::Less if byte == b'<' => {
                self.state = State::Between;
                Some(Token::Open)
            }
            State::Less | State::Hex => {
                self.state = if byte == b'>' { State::Between } else { State::Hex };
                (byte == b'>').then_some(Token::Text)
            }
            State::Greater => {
                self.state = State::Between;
                if byte == b'>' { Some(Token::Close) } else { self.begin(byte) }
            }
        }
    }

    fn begin(&mut self, byte: u8) -> Option<Token> {
        self.state = State::Between;
        self.state = match byte {
            b'%' => State::Comment,
            b'/' => {
                self.kept.clear();
                State::Name
            }
            b'(' => State::Literal(1, false),
            b'<' => State::Less,
            b'>' => State::Greater,
            b'[' => return Some(Token::List),
            b']' => return Some(Token::EndList),
            b'{' | b'}' | b')' => State::Between,
            byte if is_space(byte) => State::Between,
            byte => {
                self.kept.clear();
                self.keep(byte);
                State::Word
            }
        };
        None
    }

    fn escape(&mut self, first: Option<u8>, byte: u8) {
        let digit = digit(byte).unwrap_or_default();
        self.state = match first {
            None => State::Escape(Some(digit)),
            Some(high) => {
                self.keep(high << 4 | digit);
                State::Name
            }
        };
    }

    fn literal(&mut self, depth: u32, escaped: bool, byte: u8) -> Option<Token> {
        let depth = match (escaped, byte) {
            (false, b'(') => depth.saturating_add(1),
            (false, b')') => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            self.state = State::Between;
            return Some(Token::Text);
        }
        self.state = State::Literal(depth, !escaped && byte == b'\\');
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &[u8]) -> Vec<Token> {
        let mut lexer = Lexer::new();
        text.iter().chain(b" ").flat_map(|byte| lexer.push(*byte)).flatten().collect()
    }

    #[test]
    fn names_are_read_with_their_escapes() {
        let name = |text: &[u8]| Token::Name(text.to_vec());
        assert_eq!(cut(b"/J#61vaScript"), [name(b"JavaScript")]);
        assert_eq!(cut(b"/A#/B#4/C#zz"), [name(b"A#"), name(b"B#4"), name(b"C#zz")]);
        assert_eq!(cut(b"/A[/B]"), [name(b"A"), Token::List, name(b"B"), Token::EndList]);
        assert_eq!(cut(&[b"/".as_slice(), &[b'x'; 500]].concat()), [name(&[b'x'; KEPT_MAX])]);
    }

    #[test]
    fn texts_and_comments_hide_nothing_and_show_nothing() {
        assert_eq!(cut(b"(a(/JS)\\)/JS) % /JS\n"), [Token::Text]);
        assert_eq!(cut(b"<2F4A>"), [Token::Text]);
        let tokens = cut(b"<</S/Launch>>");
        assert_eq!(tokens.len(), 4);
        assert_eq!(tokens[0], Token::Open);
        assert_eq!(tokens[3], Token::Close);
        assert_eq!(
            cut(b"12 0 obj"),
            [b"12".as_slice(), b"0", b"obj"].map(|w| Token::Word(w.to_vec()))
        );
    }
}
