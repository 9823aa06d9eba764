//! Files of every kind, made by hand: whole ones, and the means to break them.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn crc(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// A PDF of one page, with these objects more and this in its catalogue.
pub(crate) fn pdf_with(catalogue: &str, objects: &[Vec<u8>]) -> Vec<u8> {
    let content = zlib(b"BT /F 18 Tf 72 760 Td (Fictional) Tj ET");
    let mut parts = vec![
        format!("1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalogue} >>\nendobj\n").into_bytes(),
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n".to_vec(),
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>\nendobj\n".to_vec(),
        stream(4, "/Filter /FlateDecode", &content),
    ];
    parts.extend_from_slice(objects);
    let mut file = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for part in parts {
        places.push(file.len());
        file.extend(part);
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = places.len() + 1;
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\n").bytes());
    file.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
    file
}

/// A stream under a number.
pub(crate) fn stream(number: u32, head: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object =
        format!("{number} 0 obj\n<< {head} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    object.extend(b"\nendstream\nendobj\n");
    object
}

/// A stream that holds these objects, packed.
pub(crate) fn object_stream(number: u32, head: &str, objects: &[(u32, &str)]) -> Vec<u8> {
    let mut table = String::new();
    let mut text = String::new();
    for (object, words) in objects {
        write!(table, "{object} {} ", text.len()).unwrap();
        text += words;
        text += " ";
    }
    let head = format!("{head} /N {} /First {} /Filter /FlateDecode", objects.len(), table.len());
    stream(number, &head, &zlib(format!("{table}{text}").as_bytes()))
}

pub(crate) fn pdf() -> Vec<u8> {
    let link = b"5 0 obj\n<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.test/) >> >>\nendobj\n";
    let packed = object_stream(6, "/Type /ObjStm", &[(7, "<< /Title (x) >>"), (8, "[1 2]")]);
    pdf_with("/OpenAction [3 0 R /Fit]", &[link.to_vec(), packed])
}

pub(crate) fn chunk(kind: [u8; 4], bytes: &[u8]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend_from_slice(bytes);
    let mut chunk = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend_from_slice(&body);
    chunk.extend(crc(&body).to_be_bytes());
    chunk
}

/// A grey PNG that says it is so large, with these chunks more.
pub(crate) fn png_with(width: u32, height: u32, more: &[Vec<u8>]) -> Vec<u8> {
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let row = 1 + width as usize;
    let pixels = vec![0; (row * height as usize).min(100_000)];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(*b"IHDR", &header));
    for one in more {
        file.extend_from_slice(one);
    }
    file.extend(chunk(*b"IDAT", &zlib(&pixels)));
    file.extend(chunk(*b"IEND", b""));
    file
}

pub(crate) fn png() -> Vec<u8> {
    png_with(16, 16, &[chunk(*b"tEXt", b"Comment\0fictional")])
}

/// A JPEG by its parts; the picture itself is noise.
pub(crate) fn jpeg_with(width: u16, height: u16, scans: usize) -> Vec<u8> {
    let segment = |code: u8, bytes: &[u8]| {
        let mut out = vec![0xFF, code];
        out.extend(u16::try_from(bytes.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(bytes);
        out
    };
    let mut file = vec![0xFF, 0xD8];
    file.extend(segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    file.extend(segment(0xDB, &[vec![0], vec![1; 64]].concat()));
    let [h, w] = [height.to_be_bytes(), width.to_be_bytes()];
    file.extend(segment(0xC0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]));
    file.extend(segment(0xC4, &[vec![0], vec![0; 15], vec![1, 7]].concat()));
    for _ in 0..scans {
        file.extend(segment(0xDA, &[1, 1, 0, 0, 63, 0]));
        file.extend([0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]);
    }
    file.extend([0xFF, 0xD9]);
    file
}

pub(crate) fn jpeg() -> Vec<u8> {
    jpeg_with(16, 16, 1)
}

/// A part of an archive, and what is said of it.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) packed: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) stated: u32,
    pub(crate) sum: u32,
}

pub(crate) fn part(name: &str, bytes: impl AsRef<[u8]>) -> Part {
    let bytes = bytes.as_ref().to_vec();
    let stated = u32::try_from(bytes.len()).unwrap();
    let (packed, sum) = (deflate(&bytes), crc(&bytes));
    Part { name: name.to_owned(), bytes, packed, method: 8, flags: 0, stated, sum }
}

pub(crate) fn stored(name: &str, bytes: impl AsRef<[u8]>) -> Part {
    let part = part(name, bytes);
    Part { packed: part.bytes.clone(), method: 0, ..part }
}

fn common(part: &Part) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [20, part.flags, part.method, 0, 0x21] {
        out.extend(number.to_le_bytes());
    }
    out.extend(part.sum.to_le_bytes());
    out.extend(u32::try_from(part.packed.len()).unwrap().to_le_bytes());
    out.extend(part.stated.to_le_bytes());
    out.extend(u16::try_from(part.name.len()).unwrap().to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out
}

pub(crate) fn local(part: &Part) -> Vec<u8> {
    [b"PK\x03\x04".to_vec(), common(part), part.name.clone().into_bytes(), part.packed.clone()]
        .concat()
}

pub(crate) fn central(part: &Part, place: usize) -> Vec<u8> {
    let mut out = [b"PK\x01\x02\x14\0".to_vec(), common(part)].concat();
    out.extend([0; 10]);
    out.extend(u32::try_from(place).unwrap().to_le_bytes());
    out.extend(part.name.bytes());
    out
}

pub(crate) fn end(count: usize, length: usize, place: usize) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    let count = u16::try_from(count).unwrap().to_le_bytes();
    out.extend([count, count].concat());
    out.extend(u32::try_from(length).unwrap().to_le_bytes());
    out.extend(u32::try_from(place).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

pub(crate) fn zip(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        directory.extend(central(part, file.len()));
        file.extend(local(part));
    }
    let place = file.len();
    file.extend_from_slice(&directory);
    file.extend(end(parts.len(), directory.len(), place));
    file
}

pub(crate) const WORD: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
pub(crate) const SHEET: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

pub(crate) fn types(main: &str) -> Part {
    part(
        "[Content_Types].xml",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/main.xml\" ContentType=\"{main}\"/></Types>"
        ),
    )
}

pub(crate) fn links(link: &str) -> Part {
    part(
        "word/_rels/document.xml.rels",
        format!("<?xml version=\"1.0\"?><Relationships>{link}</Relationships>"),
    )
}

/// A Word file with these parts more.
pub(crate) fn docx_with(more: &[Part]) -> Vec<u8> {
    let text = "<w:document><w:p>虚构</w:p></w:document>".repeat(20);
    let mut parts = vec![types(WORD), part("word/document.xml", text)];
    parts.extend_from_slice(more);
    zip(&parts)
}

pub(crate) fn docx() -> Vec<u8> {
    let link = "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"https://example.test/\" TargetMode=\"External\"/>";
    let table = zip(&[types(SHEET), part("xl/workbook.xml", "<workbook/>")]);
    docx_with(&[links(link), stored("word/embeddings/table.xlsx", table)])
}

pub(crate) fn xlsx() -> Vec<u8> {
    zip(&[types(SHEET), stored("xl/workbook.xml", "<workbook/>")])
}

pub(crate) fn ofd() -> Vec<u8> {
    let root = "<?xml version=\"1.0\"?><ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\" Version=\"1.1\" DocType=\"OFD\"/>";
    zip(&[part("OFD.xml", root), part("Doc_0/Document.xml", "<ofd:Document/>")])
}

/// One of each kind, under a name that fits.
pub(crate) fn whole() -> [(Vec<u8>, &'static str); 6] {
    [
        (pdf(), "a.pdf"),
        (ofd(), "a.ofd"),
        (jpeg(), "a.jpeg"),
        (png(), "a.PNG"),
        (docx(), "a.docx"),
        (xlsx(), "a.xlsx"),
    ]
}
