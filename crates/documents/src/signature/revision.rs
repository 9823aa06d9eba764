//! 增量更新 — a file as its tables show it, and objects written behind its last byte: nothing that
//! stood there before is touched.

use std::collections::BTreeMap;

use super::object::{Dict, Reader, Value};

/// More revisions than anybody signs.
const REVISIONS_MAX: usize = 1000;

/// A file with classic tables, as the typesetter and this room write them.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    places: BTreeMap<u32, usize>,
    trailer: Dict,
    last_table: usize,
}

impl<'a> File<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mark = b"startxref";
        let end = bytes.windows(mark.len()).rposition(|window| window == mark)?;
        let last_table = Reader::new(bytes, end + mark.len()).number()?;
        let mut file =
            Self { bytes, places: BTreeMap::new(), trailer: Dict::default(), last_table };
        let mut next = Some(last_table);
        for revision in 0..REVISIONS_MAX {
            let Some(at) = next else { return Some(file) };
            let trailer = file.table(at)?;
            // Tables lead backwards, or they lead nowhere.
            next = trailer.number("Prev");
            if next.is_some_and(|before| before >= at) {
                return None;
            }
            if revision == 0 {
                file.trailer = trailer;
            }
        }
        None
    }

    /// Reads one table; what a later one said of an object counts.
    fn table(&mut self, at: usize) -> Option<Dict> {
        let mut reader = Reader::new(self.bytes, at);
        reader.word("xref")?;
        while reader.word("trailer").is_none() {
            let (first, count) = (u32::try_from(reader.number()?).ok()?, reader.number()?);
            for step in 0..count {
                let number = first.checked_add(u32::try_from(step).ok()?)?;
                let place = reader.number()?;
                reader.number()?;
                if reader.word("n").is_some() {
                    self.places.entry(number).or_insert(place);
                } else {
                    reader.word("f")?;
                }
            }
        }
        reader.value()?.into_dict()
    }

    pub(super) fn object(&self, number: u32) -> Option<Value> {
        let mut reader = Reader::new(self.bytes, *self.places.get(&number)?);
        (reader.number()? == usize::try_from(number).ok()?).then_some(())?;
        reader.number()?;
        reader.word("obj")?;
        reader.value()
    }

    pub(super) fn dict(&self, number: u32) -> Option<Dict> {
        self.object(number)?.into_dict()
    }

    pub(super) fn catalog(&self) -> Option<u32> {
        self.trailer.refers("Root")
    }

    /// The first number that no object bears.
    pub(super) fn next_number(&self) -> Option<u32> {
        u32::try_from(self.trailer.number("Size")?).ok()
    }

    /// The file with these objects behind it, and where each of them begins.
    pub(super) fn with(
        &self,
        objects: &BTreeMap<u32, Value>,
    ) -> Option<(Vec<u8>, BTreeMap<u32, usize>)> {
        let mut out = self.bytes.to_vec();
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        let mut table = b"xref\n".to_vec();
        let mut places = BTreeMap::new();
        for (number, value) in objects {
            table.extend_from_slice(format!("{number} 1\n{:010} 00000 n \n", out.len()).as_bytes());
            places.insert(*number, out.len());
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            value.write(&mut out);
            out.extend_from_slice(b"\nendobj\n");
        }
        let after = objects.keys().next_back()?.checked_add(1)?;
        let mut trailer = self.trailer.clone();
        trailer.set("Size", Value::plain(&after.max(self.next_number()?).to_string()));
        trailer.set("Prev", Value::plain(&self.last_table.to_string()));
        let begins = out.len();
        out.append(&mut table);
        out.extend_from_slice(b"trailer\n");
        Value::Dict(trailer).write(&mut out);
        out.extend_from_slice(format!("\nstartxref\n{begins}\n%%EOF\n").as_bytes());
        Some((out, places))
    }
}
