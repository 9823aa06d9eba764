//! 字体 — what the papers are set in: built in, and what the operator adds.

use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::Error;

/// 宋体, 小标宋 and 黑体 stand-ins and traditional Mongolian; `fonts/README.md` says whence.
const BUILT_IN: [&[u8]; 4] = [
    include_bytes!("../fonts/NotoSerifCJKsc-Regular.otf"),
    include_bytes!("../fonts/NotoSerifCJKsc-Bold.otf"),
    include_bytes!("../fonts/NotoSansCJKsc-Regular.otf"),
    include_bytes!("../fonts/NotoSansMongolian-Regular.ttf"),
];

/// The fonts at hand. Clones share everything; made once, when the first paper is wanted.
#[derive(Clone)]
pub struct Fonts {
    inner: Arc<Inner>,
}

struct Inner {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    /// What is built in.
    pub fn built_in() -> Self {
        Self::of(Self::own())
    }

    /// What is built in, and the operator's own files, by name and content: a role asks for the
    /// licensed 仿宋, 小标宋, 楷体 or 黑体 first and takes what is built in where there is none.
    ///
    /// # Errors
    /// [`Error::NotAFont`] names the file that cannot be read.
    pub fn with(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, Error> {
        let mut fonts = Self::own();
        for (name, content) in files {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(content)));
            if fonts.len() == before {
                return Err(Error::NotAFont { name });
            }
        }
        Ok(Self::of(fonts))
    }

    fn own() -> Vec<Font> {
        BUILT_IN.iter().flat_map(|content| Font::iter(Bytes::new(*content))).collect()
    }

    fn of(fonts: Vec<Font>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Self { inner: Arc::new(Inner { book, fonts }) }
    }

    /// The families at hand.
    pub fn families(&self) -> Vec<String> {
        self.inner.book.families().map(|(name, _)| name.to_owned()).collect()
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.inner.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.inner.fonts.get(index).cloned()
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.families()).finish()
    }
}
