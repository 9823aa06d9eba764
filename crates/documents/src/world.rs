//! What a template can reach: the library, the fonts, the other templates and its data. Nothing else.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;
use crate::paper::{Kind, LIBRARY};

static LIB: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Every template, read once.
static SOURCES: LazyLock<HashMap<FileId, Source>> = LazyLock::new(|| {
    let templates = Kind::ALL.iter().map(|kind| (kind.key(), kind.template()));
    std::iter::once(("lib", LIBRARY))
        .chain(templates)
        .map(|(name, text)| {
            let id = id(&format!("{name}.typ"));
            (id, Source::new(id, text.to_owned()))
        })
        .collect()
});

static DATA: LazyLock<FileId> = LazyLock::new(|| id("data.json"));

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of our own templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// One paper being set.
pub(crate) struct Sheet<'a> {
    fonts: &'a Fonts,
    main: FileId,
    data: Bytes,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(fonts: &'a Fonts, kind: Kind, data: &serde_json::Value) -> Self {
        let main = id(&format!("{}.typ", kind.key()));
        Self { fonts, main, data: Bytes::from_string(data.to_string()) }
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIB
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        // A paper's date is in its data.
        None
    }
}
