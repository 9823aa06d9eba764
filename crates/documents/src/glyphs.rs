//! 缺字 — looks at every glyph that was set, before the paper is made.

use serde_json::Value;
use typst::layout::{Frame, FrameItem};
use typst::text::TextItem;
use typst_layout::PagedDocument;

use crate::Error;

/// The glyph every font shows for what it does not have.
const NOTDEF: u16 = 0;
/// How many characters of the words around it an error repeats.
const AROUND: usize = 20;

/// Refuses a paper with a character that no font has.
pub(crate) fn all_there(pages: &PagedDocument, data: &Value) -> Result<(), Error> {
    for (number, page) in (1..).zip(pages.pages()) {
        if let Some((character, text)) = missing(&page.frame) {
            let at = place(data, character, String::new()).unwrap_or_else(|| "模板".to_owned());
            return Err(Error::MissingGlyph { character, text, page: number, at });
        }
    }
    Ok(())
}

fn missing(frame: &Frame) -> Option<(char, String)> {
    frame.items().find_map(|(_, item)| match item {
        FrameItem::Group(group) => missing(&group.frame),
        FrameItem::Text(text) => missing_in(text),
        FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {
            None
        }
    })
}

fn missing_in(item: &TextItem) -> Option<(char, String)> {
    let glyph = item.glyphs.iter().find(|glyph| glyph.id == NOTDEF)?;
    let character = item.text.get(glyph.range())?.chars().next()?;
    Some((character, item.text.chars().take(AROUND).collect()))
}

/// The first of the data that holds a character.
fn place(data: &Value, character: char, path: String) -> Option<String> {
    let under = |name: &str| {
        if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
    };
    match data {
        Value::String(text) => text.contains(character).then_some(path),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| place(item, character, under(&(at + 1).to_string()))),
        Value::Object(fields) => {
            fields.iter().find_map(|(name, value)| place(value, character, under(name)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
