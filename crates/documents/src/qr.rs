//! 二维码 — a link as a drawing.

use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder};

use crate::Error;

/// The drawing of a text that a phone reads from a screen, as SVG with a margin of its own.
///
/// # Errors
///
/// When the text is too long for a drawing.
pub fn qr(text: &str) -> Result<String, Error> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Error::Link)?;
    Ok(SvgBuilder::default().margin(4).shape(Shape::Square).to_str(&code))
}

/// The drawing of a link, as SVG. A quarter of it may be damaged: certificates hang on walls.
pub(crate) fn svg(link: &str) -> Result<String, Error> {
    let code = QRBuilder::new(link).ecl(ECL::Q).build().map_err(|_| Error::Link)?;
    Ok(SvgBuilder::default().margin(0).shape(Shape::Square).to_str(&code))
}
