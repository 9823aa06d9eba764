//! 办公文档 — DOCX, XLSX and OFD: archives of XML. Macros, programs, what loads from elsewhere and
//! XML with declarations of its own are not taken.

use std::io::{Cursor, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::archive::{self, Budget, Entry};
use super::needles::Needles;
use super::{Flaw, Kind, Watch};

/// Bytes of a part that says what other parts are.
const GUIDE_MAX: u64 = 1024 * 1024;
/// Bytes of an archive within an archive, such as the table behind a chart.
const INNER_MAX: u64 = 16 * 1024 * 1024;
/// How deep archives may lie in each other.
const DEPTH_MAX: usize = 1;

const WORD: &str = "wordprocessingml.document.main+xml";
const SHEET: &str = "spreadsheetml.sheet.main+xml";
/// How programs and scripts are named.
const PROGRAMS: [&str; 16] = [
    "exe", "dll", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "lnk",
    "jar", "msi", "html",
];

pub(super) fn inspect(
    file: &mut (impl Read + Seek),
    size: u64,
    watch: &Watch,
) -> Result<Kind, Flaw> {
    archive(file, size, &mut Budget::default(), watch, 0)?.ok_or(Flaw::Unknown)
}

/// Looks at every part; what it is, when it is one of ours.
fn archive(
    file: &mut (impl Read + Seek),
    size: u64,
    budget: &mut Budget,
    watch: &Watch,
    depth: usize,
) -> Result<Option<Kind>, Flaw> {
    let entries = archive::entries(file, size, budget)?;
    let mut kind = None;
    for entry in &entries {
        if archive::is_folder(entry) {
            continue;
        }
        named(&entry.name)?;
        let mut part = Part::of(entry)?;
        archive::unpack(file, entry, budget, watch, &mut |bytes| part.take(bytes))?;
        match part.read()? {
            Told::Kind(told) => kind = Some(told),
            Told::Nothing => {}
            Told::Archive(_) if depth >= DEPTH_MAX => return Err(Flaw::Nested),
            Told::Archive(bytes) => {
                let size = bytes.len() as u64;
                // A drawing or table inside need not be of a kind that is taken by itself.
                archive(&mut Cursor::new(bytes), size, budget, watch, depth + 1)?;
            }
        }
    }
    Ok(kind)
}

/// What the name of a part gives away.
fn named(name: &str) -> Result<(), Flaw> {
    let name = name.to_ascii_lowercase();
    if name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml") {
        return Err(Flaw::Macro);
    }
    let ending = name.rsplit('/').next().and_then(|last| last.rsplit_once('.'));
    let program = ending.is_some_and(|(_, ending)| PROGRAMS.contains(&ending));
    if program || name.contains("/activex/") {
        return Err(Flaw::Program);
    }
    Ok(())
}

/// What a part told.
enum Told {
    Nothing,
    Kind(Kind),
    Archive(Vec<u8>),
}

/// One part as it is unpacked.
struct Part {
    guide: Guide,
    /// What its first bytes say; `None` before they came.
    made: Option<Made>,
    kept: Vec<u8>,
    markup: Needles,
    objects: Needles,
}

/// What a part is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Xml,
    /// An archive within the archive.
    Archive,
    /// An object of another program.
    Object,
    Other,
}

/// What a part is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guide {
    /// `[Content_Types].xml`.
    Types,
    /// `*.rels`.
    Links,
    /// `OFD.xml`.
    Ofd,
    /// Everything else.
    None,
}

impl Part {
    fn of(entry: &Entry) -> Result<Self, Flaw> {
        let name = entry.name.to_ascii_lowercase();
        let guide = match name.as_str() {
            "[content_types].xml" => Guide::Types,
            "ofd.xml" => Guide::Ofd,
            name if name.rsplit_once('.').is_some_and(|(_, end)| end == "rels") => Guide::Links,
            _ => Guide::None,
        };
        if guide != Guide::None && entry.size > GUIDE_MAX {
            return Err(Flaw::Inflates);
        }
        Ok(Self {
            guide,
            made: None,
            kept: Vec::new(),
            markup: Needles::new(&[b"<!DOCTYPE", b"<!ENTITY"]),
            // Macros and packed programs, as they are named in an OLE file (UTF-16).
            objects: Needles::new(&[
                b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0",
                b"O\0l\0e\x001\x000\0N\0a\0t\0i\0v\0e\0",
            ]),
        })
    }

    fn begin(bytes: &[u8]) -> Result<Made, Flaw> {
        if bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!") {
            return Err(Flaw::Program);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Ok(Made::Archive);
        }
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Ok(Made::Object);
        }
        // With a mark of its coding or without, in one byte a letter or two.
        let first = bytes.iter().find(|byte| !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
        let xml = matches!(first, Some(b'<' | b' ' | b'\t' | b'\r' | b'\n'));
        Ok(if xml { Made::Xml } else { Made::Other })
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        if bytes.is_empty() {
            return Ok(());
        }
        let made = match self.made {
            Some(made) => made,
            None => *self.made.insert(Self::begin(bytes)?),
        };
        if made == Made::Xml {
            let plain: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            if self.markup.found(&plain).is_some() {
                return Err(Flaw::Dtd);
            }
        }
        if made == Made::Object {
            match self.objects.found(bytes) {
                Some(0) => return Err(Flaw::Macro),
                Some(_) => return Err(Flaw::Program),
                None => {}
            }
        }
        let (most, flaw) = match made {
            Made::Archive => (INNER_MAX, Flaw::Nested),
            _ if self.guide != Guide::None => (GUIDE_MAX, Flaw::Inflates),
            _ => return Ok(()),
        };
        if (self.kept.len() + bytes.len()) as u64 > most {
            return Err(flaw);
        }
        self.kept.extend_from_slice(bytes);
        Ok(())
    }

    fn read(self) -> Result<Told, Flaw> {
        if self.made == Some(Made::Archive) {
            return Ok(Told::Archive(self.kept));
        }
        let kind = match self.guide {
            Guide::None => None,
            Guide::Types => types(&text(&self.kept)?)?,
            Guide::Links => links(&text(&self.kept)?)?,
            Guide::Ofd => ofd(&text(&self.kept)?)?,
        };
        Ok(kind.map_or(Told::Nothing, Told::Kind))
    }
}

/// Parts that say what others are come in the one coding that every writer uses for them.
fn text(bytes: &[u8]) -> Result<String, Flaw> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|_| Flaw::Broken)
}

/// Visits every element.
fn elements(
    text: &str,
    visit: &mut dyn FnMut(&BytesStart<'_>) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| Flaw::Broken)? {
            Event::Start(element) | Event::Empty(element) => visit(&element)?,
            Event::DocType(_) => return Err(Flaw::Dtd),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its local name, with references resolved.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Flaw> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| Flaw::Broken)?;
        if attribute.key.local_name().as_ref().eq_ignore_ascii_case(name) {
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Flaw::Broken)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// What `[Content_Types].xml` says the whole is.
fn types(text: &str) -> Result<Option<Kind>, Flaw> {
    let mut kind = None;
    elements(text, &mut |element| {
        let Some(stated) = attribute(element, "ContentType")? else { return Ok(()) };
        let small = stated.to_ascii_lowercase();
        if small.contains("macroenabled") || small.contains("vbaproject") {
            return Err(Flaw::Macro);
        }
        if small.ends_with(WORD) {
            kind = Some(Kind::Docx);
        } else if small.ends_with(SHEET) {
            kind = Some(Kind::Xlsx);
        }
        Ok(())
    })?;
    Ok(kind)
}

/// Links may lead to an address that is clicked; everything else that leads out loads by itself.
fn links(text: &str) -> Result<Option<Kind>, Flaw> {
    elements(text, &mut |element| {
        let mode = attribute(element, "TargetMode")?.unwrap_or_default();
        if !mode.trim().eq_ignore_ascii_case("external") {
            return Ok(());
        }
        let kind = attribute(element, "Type")?.unwrap_or_default();
        let target = attribute(element, "Target")?.unwrap_or_default().trim().to_ascii_lowercase();
        let plain = ["http://", "https://", "mailto:"].iter().any(|way| target.starts_with(way));
        if kind.ends_with("/hyperlink") && plain { Ok(()) } else { Err(Flaw::External) }
    })?;
    Ok(None)
}

/// `OFD.xml` names the document with the namespace of the standard.
fn ofd(text: &str) -> Result<Option<Kind>, Flaw> {
    let mut first = None;
    elements(text, &mut |element| {
        if first.is_none() {
            first = Some(element.local_name().as_ref() == "OFD");
        }
        Ok(())
    })?;
    Ok(first.unwrap_or_default().then_some(Kind::Ofd))
}
