//! The stylesheet, the script, the mark and two font subsets, inside the binary.
//!
//! Each file is served under a name with its digest (`/assets/ux.1a2b3c4d.css`) and may be kept
//! for ever; a change of one byte is a new name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::api::table::Object as O;
use crate::http::Fault;
use crate::pages::table::{By, Route, shows};

/// A year: as long as a cache may keep a file whose name changes with its bytes.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(rust_embed::RustEmbed)]
#[folder = "assets"]
struct Files;

/// One file, ready to send.
struct Asset {
    /// `ux.1a2b3c4d.css`.
    name: String,
    kind: &'static str,
    plain: Vec<u8>,
    gzip: Option<Vec<u8>>,
    etag: HeaderValue,
}

/// Every file: by its plain name (`ux.css`), and the plain name by the served one.
struct Shelf {
    assets: BTreeMap<String, Asset>,
    plain_names: BTreeMap<String, String>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(shelf);

/// The address of a file: `url("ux.css")` is `/assets/ux.1a2b3c4d.css`.
///
/// A file that is not there gives an address that answers 404, so that a page still shows.
pub fn url(plain_name: &str) -> String {
    let name = SHELF.assets.get(plain_name).map_or(plain_name, |asset| asset.name.as_str());
    format!("/assets/{name}")
}

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/assets/{name}", By::Public, O::Platform, || get(send)),
    shows("/favicon.ico", By::Public, O::Platform, || get(favicon)),
];

async fn send(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    let plain_name = SHELF.plain_names.get(&name).ok_or(Fault::NotFound)?;
    let asset = SHELF.assets.get(plain_name).ok_or(Fault::NotFound)?;
    Ok(answer(asset, &headers))
}

async fn favicon(headers: HeaderMap) -> Result<Response, Fault> {
    let asset = SHELF.assets.get("mark.svg").ok_or(Fault::NotFound)?;
    Ok(answer(asset, &headers))
}

fn answer(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let common = [
        (header::CACHE_CONTROL, KEEP),
        (header::ETAG, asset.etag.clone()),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
    ];
    if headers.get(header::IF_NONE_MATCH) == Some(&asset.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    match asset.gzip.as_deref().filter(|_| takes_gzip(headers)) {
        Some(bytes) => {
            (common, [(header::CONTENT_ENCODING, "gzip")], Cow::Borrowed(bytes)).into_response()
        }
        None => (common, Cow::Borrowed(asset.plain.as_slice())).into_response(),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("gzip")))
}

/// Lays the files out; the stylesheet last, because it names the fonts by their served names.
fn shelf() -> Shelf {
    let mut assets = BTreeMap::new();
    let mut sheets = Vec::new();
    for name in Files::iter() {
        let Some(file) = Files::get(&name) else { continue };
        if has_ending(&name, "css") {
            sheets.push((name.to_string(), file.data.into_owned()));
        } else {
            assets.insert(name.to_string(), asset(&name, file.data.into_owned()));
        }
    }
    for (name, bytes) in sheets {
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        for (plain, asset) in &assets {
            text = text.replace(&format!("url({plain})"), &format!("url({})", asset.name));
        }
        assets.insert(name.clone(), asset(&name, text.into_bytes()));
    }
    let plain_names =
        assets.iter().map(|(plain, asset)| (asset.name.clone(), plain.clone())).collect();
    Shelf { assets, plain_names }
}

fn asset(plain_name: &str, plain: Vec<u8>) -> Asset {
    let digest = hex::encode(Sha256::digest(&plain));
    let short = digest.get(..8).unwrap_or_default();
    let name = match plain_name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{short}.{ending}"),
        None => format!("{plain_name}.{short}"),
    };
    let etag = HeaderValue::from_str(&format!("\"{short}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    let kind = kind(plain_name);
    let gzip = if kind.starts_with("font/") { None } else { gzip(&plain) };
    Asset { name, kind, plain, gzip, etag }
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().filter(|packed| packed.len() < plain.len())
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found == ending)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the stylesheet and the script may weigh.
    const SHEET_BYTES_MAX: usize = 30 * 1024;
    const SCRIPT_BYTES_MAX: usize = 10 * 1024;
    /// Loaded only where a file can be chosen.
    const UPLOAD_BYTES_MAX: usize = 10 * 1024;
    /// Loaded only where one list goes by another.
    const NARROW_BYTES_MAX: usize = 1024 + 512;
    /// Loaded only where a page has tabs.
    const TABS_BYTES_MAX: usize = 2 * 1024;
    /// Loaded only where a name is looked up while it is typed.
    const LOOKUP_BYTES_MAX: usize = 1024 + 512;
    const DIGEST_SCRIPT_BYTES_MAX: usize = 2 * 1024;
    /// Loaded only where a passkey is asked for.
    const PASSKEY_BYTES_MAX: usize = 5 * 1024;

    #[test]
    fn the_sheet_and_the_script_stay_small() {
        assert!(SHELF.assets["ux.css"].plain.len() < SHEET_BYTES_MAX);
        assert!(SHELF.assets["ux.js"].plain.len() < SCRIPT_BYTES_MAX);
        assert!(SHELF.assets["upload.js"].plain.len() < UPLOAD_BYTES_MAX);
        assert!(SHELF.assets["narrow.js"].plain.len() < NARROW_BYTES_MAX);
        assert!(SHELF.assets["tabs.js"].plain.len() < TABS_BYTES_MAX);
        assert!(SHELF.assets["lookup.js"].plain.len() < LOOKUP_BYTES_MAX);
        assert!(SHELF.assets["digest.js"].plain.len() < DIGEST_SCRIPT_BYTES_MAX);
        assert!(SHELF.assets["passkey.js"].plain.len() < PASSKEY_BYTES_MAX);
    }

    #[test]
    fn the_sheet_names_the_fonts_as_they_are_served() {
        let sheet = String::from_utf8(SHELF.assets["ux.css"].plain.clone()).expect("UTF-8");
        for font in ["brand-song.woff2", "mong.woff2"] {
            assert!(sheet.contains(&SHELF.assets[font].name), "{font}");
            assert!(!sheet.contains(&format!("url({font})")), "{font}");
        }
    }

    #[test]
    fn an_address_carries_the_digest() {
        let url = url("ux.js");
        assert!(url.starts_with("/assets/ux.") && has_ending(&url, "js"));
        assert_eq!(url.len(), "/assets/ux.12345678.js".len());
    }
}
