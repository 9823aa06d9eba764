//! 文书 — the papers of the procedure: data in, one PDF out, and nothing else.
//!
//! This crate knows no SQL, no HTTP and no rule of the regulation. [`render`] is a pure function:
//! the same [`Document`] and [`Fonts`] give the same bytes on every machine, so a paper can be
//! stored by its digest. It is a PDF/A-2a with tags, its fonts embedded as subsets.
//!
//! - [`paper`]: what each paper carries, and [`paper::Kind`], the one table of papers with the
//!   clause each rests on and the version of its template.
//! - `templates/*.typ`: how each looks and what it says. What somebody wrote comes in as data and
//!   is never read as markup; a template can open no file and load no package.
//! - A character no font has is [`Error::MissingGlyph`], naming it and where it stands: never an
//!   empty box.
//!
//! [`signed`] adds a signature of whoever holds a key; nothing that stood in the paper changes.
//!
//! A government seal is never drawn. Its place is left.

mod fonts;
mod glyphs;
pub mod paper;
mod qr;
pub mod signature;
mod world;

pub use fonts::Fonts;
pub use paper::{Body, Check, Consortium, Document, Head, Kind};
pub use qr::qr;
pub use signature::{Stamp, Unsigned, signed};

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// How many renderings the memory of the typesetter may reach back. Without an end it grows with
/// every paper.
const REMEMBERED: usize = 3;

/// 一份文书, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a paper could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A character that no font at hand has.
    #[error(
        "缺字“{character}”（U+{:04X}），第 {page} 页，{at}：由平台运维在字体目录补充字体",
        *character as u32
    )]
    MissingGlyph {
        /// The character.
        character: char,
        /// The words it stands in; not in the message, since who runs the platform reads no dossier.
        text: String,
        /// The page it would stand on.
        page: usize,
        /// Which of the paper's data holds it, such as `head.consortium.name`.
        at: String,
    },
    /// A file of the operator's folder is no font.
    #[error("{name} is not a font")]
    NotAFont {
        /// The file's name.
        name: String,
    },
    /// A link too long for a two-dimensional code.
    #[error("the link does not fit into a code")]
    Link,
    /// The template and the data do not fit together.
    #[error("the template of {kind} does not take this: {why}")]
    Template {
        /// Which paper.
        kind: &'static str,
        /// What the typesetter says.
        why: String,
    },
}

/// Makes the paper.
///
/// # Errors
/// [`Error::MissingGlyph`] where a character cannot be set, [`Error::Template`] where a template
/// does not take the data.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Pdf, Error> {
    let pdf = set(document, fonts);
    typst::comemo::evict(REMEMBERED);
    pdf
}

fn set(document: &Document, fonts: &Fonts) -> Result<Pdf, Error> {
    let kind = document.body.kind();
    let data = document.data()?;
    let world = world::Sheet::new(fonts, kind, &data);
    let outcome = typst::compile::<PagedDocument>(&world);
    let failed = |why: &[SourceDiagnostic]| Error::Template { kind: kind.key(), why: words(why) };
    let pages = outcome.output.map_err(|why| failed(&why))?;
    // Roles name fonts that only some operators have; everything else a template is warned of
    // would be a fault of ours.
    let warned: Vec<_> = outcome
        .warnings
        .into_iter()
        .filter(|warning| !warning.message.starts_with("unknown font family"))
        .collect();
    if !warned.is_empty() {
        return Err(failed(&warned));
    }
    glyphs::all_there(&pages, &data)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|why| Error::Template { kind: kind.key(), why: why.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Custom(document.ident()),
        creator: Smart::Custom(Some("创联".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|why| failed(&why))?;
    Ok(Pdf { bytes, pages: pages.pages().len() })
}

fn words(why: &[SourceDiagnostic]) -> String {
    why.iter().map(|one| one.message.to_string()).collect::<Vec<_>>().join("; ")
}
