//! CBOR — as much of RFC 8949 as authenticators write: whole numbers, bytes, text, lists, maps and
//! truth, each of a stated length.

/// How deep lists and maps may stand in each other: an attestation statement needs three.
const DEPTH_MAX: u8 = 8;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(Self, Self)>),
    /// `false`, `true` or nothing.
    Simple,
}

impl Value {
    /// What a map holds under a number.
    pub(super) fn at(&self, key: i64) -> Option<&Self> {
        self.found(|found| *found == Self::Int(key))
    }

    /// What a map holds under a name.
    pub(super) fn named(&self, name: &str) -> Option<&Self> {
        self.found(|found| matches!(found, Self::Text(text) if text == name))
    }

    fn found(&self, is: impl Fn(&Self) -> bool) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(key, _)| is(key)).map(|(_, value)| value)
    }

    /// A whole number.
    pub(super) const fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// Bytes.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

/// The first value of some bytes and what follows it; `None` where there is none of this kind.
pub(super) fn first(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let mut rest = bytes;
    let value = read(&mut rest, DEPTH_MAX)?;
    Some((value, rest))
}

/// The one value that some bytes are.
pub(super) fn whole(bytes: &[u8]) -> Option<Value> {
    first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

fn read(rest: &mut &[u8], depth: u8) -> Option<Value> {
    let (head, number) = head(rest)?;
    let count = usize::try_from(number).ok();
    let below = || depth.checked_sub(1);
    match head {
        0 => i64::try_from(number).ok().map(Value::Int),
        1 => i64::try_from(number).ok().map(|number| Value::Int(-1 - number)),
        2 => Some(Value::Bytes(take(rest, count?)?.to_vec())),
        3 => String::from_utf8(take(rest, count?)?.to_vec()).ok().map(Value::Text),
        // Each element takes a byte or more, so that a large count runs out of bytes soon.
        4 => {
            let depth = below()?;
            let elements: Option<Vec<Value>> = (0..number).map(|_| read(rest, depth)).collect();
            elements.map(Value::List)
        }
        5 => {
            let depth = below()?;
            let pair = |_| Some((read(rest, depth)?, read(rest, depth)?));
            let pairs: Option<Vec<(Value, Value)>> = (0..number).map(pair).collect();
            pairs.filter(|pairs| is_once(pairs)).map(Value::Map)
        }
        7 if (20..=22).contains(&number) => Some(Value::Simple),
        _ => None,
    }
}

/// Each key stands once: a second one would be read by some and not by others.
fn is_once(pairs: &[(Value, Value)]) -> bool {
    pairs.iter().enumerate().all(|(at, (key, _))| pairs.iter().take(at).all(|(k, _)| k != key))
}

/// The kind of the next value and its number or length.
fn head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let first = *take(rest, 1)?.first()?;
    let (kind, low) = (first >> 5, first & 0x1f);
    let more = match low {
        0..=23 => return Some((kind, u64::from(low))),
        // A simple value of one more byte is none of those known here.
        24 if kind == 7 => return None,
        24 => 1,
        25 if kind != 7 => 2,
        26 if kind != 7 => 4,
        27 if kind != 7 => 8,
        _ => return None,
    };
    let number = take(rest, more)?.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    Some((kind, number))
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(digits: &str) -> Option<Value> {
        whole(&hex::decode(digits).expect("digits"))
    }

    #[test]
    fn the_examples_of_the_standard_are_read() {
        // RFC 8949, appendix A
        let table = [
            ("00", Value::Int(0)),
            ("17", Value::Int(23)),
            ("1818", Value::Int(24)),
            ("1903e8", Value::Int(1000)),
            ("1a000f4240", Value::Int(1_000_000)),
            ("20", Value::Int(-1)),
            ("3903e7", Value::Int(-1000)),
            ("f5", Value::Simple),
            ("4401020304", Value::Bytes(vec![1, 2, 3, 4])),
            ("63e6b0b4", Value::Text("水".to_owned())),
            (
                "8201820203",
                Value::List(vec![Value::Int(1), Value::List(vec![Value::Int(2), Value::Int(3)])]),
            ),
        ];
        for (digits, value) in table {
            assert_eq!(read(digits), Some(value), "{digits}");
        }
        let map = read("a26161016162820203").expect("a map");
        assert_eq!(map.named("a").and_then(Value::int), Some(1));
        assert_eq!(map.at(1), None);
    }

    #[test]
    fn what_authenticators_do_not_write_is_no_value() {
        // empty, cut off, floats, tags, endless, a key twice, more than one, a boundless list
        let table = [
            "",
            "18",
            "4401",
            "f93c00",
            "fb3ff199999999999a",
            "c11a514b67b0",
            "5f4101ff",
            "9f01ff",
            "a201010102",
            "0000",
            "9bffffffffffffffff",
            "f818",
            "61ff",
            "1bffffffffffffffff",
        ];
        for digits in table {
            assert_eq!(read(digits), None, "{digits}");
        }
        let deep = |depth: usize| [vec![0x81; depth], vec![0]].concat();
        assert!(whole(&deep(usize::from(DEPTH_MAX))).is_some());
        assert!(whole(&deep(usize::from(DEPTH_MAX) + 1)).is_none());
    }
}
