//! PDF objects as far as a signature touches them: what it does not touch stays as it was written.

/// How deep dictionaries and lists stand in each other in a paper, and more.
const DEPTH_MAX: usize = 32;

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, a name, a string, a word: its bytes.
    Plain(Vec<u8>),
    /// A reference to an object by its number.
    Refers(u32),
    /// A list.
    List(Vec<Value>),
    /// A dictionary in its own order.
    Dict(Dict),
}

/// A dictionary in its own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dict(Vec<(Vec<u8>, Value)>);

impl Dict {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    /// Puts a value in its place, or behind all others.
    pub(super) fn set(&mut self, key: &str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, held)) => *held = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    pub(super) fn refers(&self, key: &str) -> Option<u32> {
        match self.get(key) {
            Some(Value::Refers(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<usize> {
        match self.get(key) {
            Some(Value::Plain(digits)) => number(digits),
            _ => None,
        }
    }
}

impl Value {
    pub(super) fn plain(words: &str) -> Self {
        Self::Plain(words.as_bytes().to_vec())
    }

    pub(super) fn into_dict(self) -> Option<Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Plain(bytes) => out.extend_from_slice(bytes),
            Self::Refers(number) => out.extend_from_slice(format!("{number} 0 R").as_bytes()),
            Self::List(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dict(Dict(entries)) => {
                out.extend_from_slice(b"<<");
                for (name, value) in entries {
                    out.extend_from_slice(b"\n/");
                    out.extend_from_slice(name);
                    out.push(b' ');
                    value.write(out);
                }
                out.extend_from_slice(b"\n>>");
            }
        }
    }
}

/// Reads objects out of bytes; whatever it does not know is `None`.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn value(&mut self) -> Option<Value> {
        self.value_at(0)
    }

    /// A word that has to stand here.
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.space();
        let rest = self.bytes.get(self.at..)?;
        rest.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// A number that has to stand here.
    pub(super) fn number(&mut self) -> Option<usize> {
        self.space();
        number(self.while_(|byte| byte.is_ascii_digit()))
    }

    fn value_at(&mut self, depth: usize) -> Option<Value> {
        self.space();
        let rest = self.bytes.get(self.at..)?;
        match rest {
            _ if depth > DEPTH_MAX => None,
            [b'<', b'<', ..] => self.dict(depth),
            [b'[', ..] => self.list(depth),
            [b'<', ..] => {
                let end = rest.iter().position(|byte| *byte == b'>')? + 1;
                self.at += end;
                Some(Value::Plain(rest[..end].to_vec()))
            }
            [b'(', ..] => self.text(rest),
            [b'/', ..] => {
                let name = self.name()?;
                Some(Value::Plain([b"/".as_slice(), name].concat()))
            }
            [b'0'..=b'9', ..] => Some(self.reference().unwrap_or_else(|| self.token())),
            [] => None,
            _ => Some(self.token()),
        }
        .filter(|value| *value != Value::Plain(Vec::new()))
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.space();
            if self.word(">>").is_some() {
                return Some(Value::Dict(Dict(entries)));
            }
            let name = self.name()?.to_vec();
            entries.push((name, self.value_at(depth + 1)?));
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.word("]").is_some() {
                return Some(Value::List(items));
            }
            items.push(self.value_at(depth + 1)?);
        }
    }

    /// A string in parentheses, which may hold others.
    fn text(&mut self, rest: &[u8]) -> Option<Value> {
        let (mut open, mut escaped) = (0_usize, false);
        for (place, byte) in rest.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.at += place + 1;
                return Some(Value::Plain(rest[..=place].to_vec()));
            }
        }
        None
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        self.word("/")?;
        Some(self.while_(is_regular))
    }

    fn reference(&mut self) -> Option<Value> {
        let began = self.at;
        let read = |reader: &mut Self| {
            let number = reader.number()?;
            (reader.number()? == 0).then_some(())?;
            reader.word("R")?;
            u32::try_from(number).ok()
        };
        let number = read(self);
        if number.is_none() {
            self.at = began;
        }
        number.map(Value::Refers)
    }

    fn token(&mut self) -> Value {
        Value::Plain(self.while_(is_regular).to_vec())
    }

    fn space(&mut self) {
        self.while_(is_space);
    }

    fn while_(&mut self, fits: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| fits(**byte)).count();
        self.at += length;
        &rest[..length]
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let text = "<<\n/A [1 2 0 R (x\\)(y)) <00FF>]\n/B <<\n/C /D#20\n>>\n/E true\n>>";
        let value = Reader::new(text.as_bytes(), 0).value().expect("an object");
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), text);
    }

    #[test]
    fn half_an_object_is_none() {
        for text in ["<< /A", "[1 2", "(a(b)", "<00", "", "<< 1 >>", "<< /A >>", ")"] {
            assert_eq!(Reader::new(text.as_bytes(), 0).value(), None, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Reader::new(deep.as_bytes(), 0).value(), None);
    }
}
