//! 页面成像 — what the helper process does: bytes of a file in, one page of it as PNG out.
//!
//! It reads no file, opens no connection and knows no dossier. Whatever a hostile file does to it,
//! it does to a process of its own, whose memory, time and output have an end.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageReader, Limits};
use serde::{Deserialize, Serialize};

use super::mark;
use crate::helper::{self, MEMORY_MAX};
use crate::inspect::Kind;

/// The largest file of which pages are shown.
pub const SOURCE_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Pages after which none is shown: a file to be taken out, not to be leafed through.
pub const PAGES_MAX: usize = 500;
/// Pixels of an image: A3 at 110 dpi, and less sharp beyond.
pub const PIXELS_MAX: f64 = 2_400_000.0;
/// Pixels of a side: a strip of paper is shown whole.
pub const SIDE_MAX: f64 = 5000.0;
/// How sharp a page is: small print of a scan is read, and a page is some hundred kilobytes.
const DOTS_PER_INCH: f64 = 110.0;
/// Points of an inch, in which pages are measured.
const POINTS_PER_INCH: f64 = 72.0;

/// What the helper is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What the file is, by its media type.
    pub media_type: String,
    /// Which page, from 1.
    pub page: usize,
    /// What is drawn over it.
    pub mark: Option<String>,
}

/// What the helper says before the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Told {
    /// The image follows.
    Made {
        /// How many pages the file has.
        pages: usize,
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Whether something on the page could not be drawn.
        partly: bool,
    },
    /// There is none.
    Cannot {
        /// Why.
        why: Why,
    },
}

/// Why there is no image of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A file of a kind that is not drawn.
    Kind,
    /// It cannot be read.
    Broken,
    /// It is encrypted.
    Encrypted,
    /// It has no such page.
    NoPage,
    /// It has too many pages.
    ManyPages,
    /// It has too many bytes.
    Large,
    /// It took too long or too much memory, or the helper crashed.
    Heavy,
}

impl Why {
    /// Its name where it is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Broken => "broken",
            Self::Encrypted => "encrypted",
            Self::NoPage => "no_page",
            Self::ManyPages => "many_pages",
            Self::Large => "large",
            Self::Heavy => "heavy",
        }
    }

    /// The reason of this name; one that is not known any more is the last.
    pub fn named(name: &str) -> Self {
        let all =
            [Self::Kind, Self::Broken, Self::Encrypted, Self::NoPage, Self::ManyPages, Self::Large];
        all.into_iter().find(|why| why.name() == name).unwrap_or(Self::Heavy)
    }

    /// What is the case and what to do.
    pub fn sentence(self) -> String {
        match self {
            Self::Kind => "这种文件没有页面预览，下载后用相应的软件打开".to_owned(),
            Self::Broken => "这个文件的页面读不出，下载后查看".to_owned(),
            Self::Encrypted => "这个文件设了密码，不能预览，下载后查看".to_owned(),
            Self::NoPage => "没有这一页".to_owned(),
            Self::ManyPages => format!("超过 {PAGES_MAX} 页的文件不作预览，下载后查看"),
            Self::Large => {
                format!("超过 {} MB 的文件不作预览，下载后查看", SOURCE_BYTES_MAX >> 20)
            }
            Self::Heavy => "这一页太复杂，没有能做出预览，下载后查看".to_owned(),
        }
    }
}

/// A page as an image.
#[derive(Debug)]
pub struct Picture {
    pages: usize,
    width: u32,
    height: u32,
    partly: bool,
    /// Red, green, blue.
    pixels: Vec<u8>,
}

/// Does the helper's work: a line of JSON and the file come in, a line of JSON and the image go out.
///
/// # Errors
///
/// When nothing can be read or written: whoever asked has gone.
pub fn serve(mut input: impl Read, mut output: impl Write) -> anyhow::Result<()> {
    helper::bound()?;
    let mut line = Vec::new();
    let mut byte = [0];
    while input.read(&mut byte)? == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    let asked: Asked = serde_json::from_slice(&line)?;
    let mut bytes = Vec::new();
    input.take(SOURCE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    let (told, image) = match page(bytes, &asked) {
        Ok((told, image)) => (told, image),
        Err(why) => (Told::Cannot { why }, Vec::new()),
    };
    serde_json::to_writer(&mut output, &told)?;
    output.write_all(b"\n")?;
    output.write_all(&image)?;
    Ok(output.flush()?)
}

/// One page of a file as PNG.
///
/// # Errors
///
/// [`Why`] there is none.
pub fn page(bytes: Vec<u8>, asked: &Asked) -> Result<(Told, Vec<u8>), Why> {
    if bytes.len() as u64 > SOURCE_BYTES_MAX {
        return Err(Why::Large);
    }
    let kind = Kind::ALL.into_iter().find(|kind| kind.media_type() == asked.media_type);
    let mut picture = match kind {
        Some(Kind::Pdf) => of_pdf(bytes, asked.page)?,
        Some(Kind::Jpeg | Kind::Png) if asked.page == 1 => of_scan(&bytes)?,
        Some(Kind::Jpeg | Kind::Png) => return Err(Why::NoPage),
        _ => return Err(Why::Kind),
    };
    if let Some(words) = &asked.mark {
        mark::draw(&mut picture.pixels, picture.width as usize, words);
    }
    let image = picture.png()?;
    let Picture { pages, width, height, partly, .. } = picture;
    Ok((Told::Made { pages, width, height, partly }, image))
}

/// How much larger than it is an area may be drawn at most.
fn largest(width: f64, height: f64) -> f64 {
    (PIXELS_MAX / (width * height)).sqrt().min(SIDE_MAX / width.max(height))
}

/// How much larger than its points a page is drawn.
#[expect(clippy::cast_possible_truncation, reason = "a scale of pages is a small number")]
fn scale(width: f32, height: f32) -> f32 {
    let sharp = DOTS_PER_INCH / POINTS_PER_INCH;
    sharp.min(largest(f64::from(width), f64::from(height))) as f32
}

/// A side of a picture that is made smaller: never nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "smaller than the side it was, which is a positive number"
)]
fn smaller(side: u32, scale: f64) -> u32 {
    ((f64::from(side) * scale) as u32).max(1)
}

fn of_pdf(bytes: Vec<u8>, page: usize) -> Result<Picture, Why> {
    let pdf = Pdf::new(bytes).map_err(|fault| match fault {
        LoadPdfError::Decryption(_) => Why::Encrypted,
        LoadPdfError::Invalid => Why::Broken,
    })?;
    let pages = pdf.pages();
    let count = pages.len();
    if count > PAGES_MAX {
        return Err(Why::ManyPages);
    }
    let page = page.checked_sub(1).and_then(|at| pages.get(at)).ok_or(Why::NoPage)?;
    let (width, height) = page.render_dimensions();
    if !(width >= 1.0 && height >= 1.0 && width.is_finite() && height.is_finite()) {
        return Err(Why::Broken);
    }
    let scale = scale(width, height);
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
        ..RenderSettings::default()
    };
    let lacking = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&lacking);
    let interpreter = InterpreterSettings {
        warning_sink: Arc::new(move |_| seen.store(true, Ordering::Relaxed)),
        // What is filled in or stamped on a page is part of what a reviewer has to see.
        render_annotations: true,
        ..InterpreterSettings::default()
    };
    let drawn = hayro::render(page, &RenderCache::new(), &interpreter, &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    // The ground is white and covers everything: no pixel is half there.
    let pixels =
        drawn.data_as_u8_slice().chunks_exact(4).flat_map(|four| [four[0], four[1], four[2]]);
    let (pixels, partly) = (pixels.collect(), lacking.load(Ordering::Relaxed));
    if width == 0 || height == 0 {
        return Err(Why::Broken);
    }
    Ok(Picture { pages: count, width, height, partly, pixels })
}

fn of_scan(bytes: &[u8]) -> Result<Picture, Why> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Why::Broken)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX / 2);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Why::Broken)?;
    // A photograph is shown as it was held; where it was taken is not in the image any more.
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| Why::Broken)?;
    let (width, height) = (image.width(), image.height());
    let scale = largest(f64::from(width), f64::from(height));
    if scale < 1.0 {
        image = image.thumbnail_exact(smaller(width, scale), smaller(height, scale));
    }
    image.apply_orientation(turned);
    let pixels = on_white(&image);
    Ok(Picture { pages: 1, width: image.width(), height: image.height(), partly: false, pixels })
}

/// What shines through is seen on paper.
fn on_white(image: &DynamicImage) -> Vec<u8> {
    let over = |part: u8, alpha: u8| {
        let (part, alpha) = (u32::from(part), u32::from(alpha));
        u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let whole = image.to_rgba8();
    let pixels = whole.pixels().map(|pixel| pixel.0);
    pixels.flat_map(|[r, g, b, a]| [over(r, a), over(g, a), over(b, a)]).collect()
}

impl Picture {
    /// As PNG; without colours where there are none, which is a third of the bytes.
    fn png(&self) -> Result<Vec<u8>, Why> {
        let mut out = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
        let grey = self.pixels.chunks_exact(3).all(|rgb| rgb[0] == rgb[1] && rgb[1] == rgb[2]);
        let written = if grey {
            let grey: Vec<u8> = self.pixels.iter().step_by(3).copied().collect();
            encoder.write_image(&grey, self.width, self.height, ExtendedColorType::L8)
        } else {
            encoder.write_image(&self.pixels, self.width, self.height, ExtendedColorType::Rgb8)
        };
        written.map_err(|_| Why::Heavy)?;
        Ok(out)
    }
}
