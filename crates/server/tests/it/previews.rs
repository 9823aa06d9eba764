//! 页面预览 — a page is drawn apart from the office, for whoever reads the file, with the mark of
//! whoever reviews it, and no file does anything to the office.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::{Value, json};
use server::inspect::Kind;
use server::preview::worker::{self, Asked, PAGES_MAX, Told};
use server::preview::{self, Drawing, Leaf, Why};
use store::FileRow;

use crate::house::House;
use crate::inspect::samples;
use crate::pages::{cookie, opens};
use crate::place::Engine;
use crate::simulation::chance::Chance;
use crate::tale::{Tale, told};

fn asked(kind: Kind, page: usize, mark: Option<&str>) -> Asked {
    Asked { media_type: kind.media_type().to_owned(), page, mark: mark.map(str::to_owned) }
}

/// A PDF with pages of this size, each with a black square in its middle.
fn leaves(count: usize, width: u32, height: u32) -> Vec<u8> {
    let square = format!("0 g {} {} 40 40 re f", width / 2 - 20, height / 2 - 20);
    let kids: Vec<String> = (0..count).map(|at| format!("{} 0 R", at + 4)).collect();
    let mut file = format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [{}] /Count {count} /MediaBox [0 0 {width} {height}] >>\nendobj\n\
         3 0 obj\n<< /Length {} >>\nstream\n{square}\nendstream\nendobj\n",
        kids.join(" "),
        square.len()
    );
    for at in 0..count {
        let number = at + 4;
        let page = "<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>";
        write!(file, "{number} 0 obj\n{page}\nendobj\n").unwrap();
    }
    file += "trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n";
    file.into_bytes()
}

/// Pixels of a PNG, as brightness.
fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let image = image::load_from_memory(png).unwrap().to_luma8();
    (image.width(), image.height(), image.into_raw())
}

#[test]
fn a_page_is_drawn_as_it_is_printed() {
    let (told, png) = worker::page(leaves(3, 595, 842), &asked(Kind::Pdf, 2, None)).unwrap();
    let (width, height, pixels) = pixels(&png);
    assert_eq!(told, Told::Made { pages: 3, width, height, partly: false });
    // A4 at 110 dots an inch.
    assert_eq!((width, height), (909, 1286));
    let at = |x: u32, y: u32| pixels[(y * width + x) as usize];
    assert_eq!((at(width / 2, height / 2), at(10, 10)), (0, 255));
    let dark = pixels.iter().filter(|pixel| **pixel < 128).count();
    // Forty points are sixty-one dots.
    assert!((3500..3900).contains(&dark), "{dark}");
}

#[test]
fn a_mark_is_drawn_over_the_page_and_leaves_it_readable() {
    let file = leaves(1, 595, 842);
    let drawn = |mark| pixels(&worker::page(file.clone(), &asked(Kind::Pdf, 1, mark)).unwrap().1).2;
    let (plain, marked) = (drawn(None), drawn(Some("3F9A04C1 2026-03-05 09:30")));
    let changed = plain.iter().zip(&marked).filter(|(then, now)| then != now).count();
    assert!(changed > plain.len() / 50, "{changed}");
    let black = |pixels: &[u8]| pixels.iter().filter(|pixel| **pixel < 1).count();
    assert_eq!(black(&plain), black(&marked), "the square is as it was");
}

#[test]
fn a_large_page_is_drawn_less_sharp_and_whole() {
    for (width, height) in [(2384, 3370), (200, 14000)] {
        let page = worker::page(leaves(1, width, height), &asked(Kind::Pdf, 1, None));
        let (told, png) = page.unwrap();
        let (wide, high, _) = pixels(&png);
        assert!(matches!(told, Told::Made { .. }));
        let (across, down) = (f64::from(wide), f64::from(high));
        assert!(across * down <= worker::PIXELS_MAX * 1.01, "{width} {height}");
        assert!(across <= worker::SIDE_MAX && down <= worker::SIDE_MAX);
    }
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let page = |bytes: Vec<u8>, kind, page| worker::page(bytes, &asked(kind, page, None)).map(drop);
    assert_eq!(page(leaves(1, 100, 100), Kind::Pdf, 1), Ok(()));
    for number in [0, 2, usize::MAX] {
        assert_eq!(page(leaves(1, 100, 100), Kind::Pdf, number), Err(Why::NoPage));
    }
    assert_eq!(page(leaves(PAGES_MAX, 100, 100), Kind::Pdf, PAGES_MAX), Ok(()));
    assert_eq!(page(leaves(PAGES_MAX + 1, 100, 100), Kind::Pdf, 1), Err(Why::ManyPages));
    assert_eq!(page(b"%PDF-1.4 and nothing".to_vec(), Kind::Pdf, 1), Err(Why::Broken));
    for (bytes, kind) in
        [(samples::docx(), Kind::Docx), (samples::xlsx(), Kind::Xlsx), (samples::ofd(), Kind::Ofd)]
    {
        assert_eq!(page(bytes, kind, 1), Err(Why::Kind));
    }
    assert_eq!(page(samples::png(), Kind::Png, 2), Err(Why::NoPage));
    assert_eq!(page(b"\x89PNG\r\n\x1a\n".to_vec(), Kind::Png, 1), Err(Why::Broken));
}

#[test]
fn a_scan_is_shown_as_it_was_held_and_on_white() {
    let mut png = Vec::new();
    let see_through = image::RgbaImage::from_fn(40, 20, |x, _| {
        if x < 20 { image::Rgba([0, 0, 0, 0]) } else { image::Rgba([10, 200, 30, 255]) }
    });
    see_through.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let (told, png) = worker::page(png, &asked(Kind::Png, 1, None)).unwrap();
    assert_eq!(told, Told::Made { pages: 1, width: 40, height: 20, partly: false });
    let image = image::load_from_memory(&png).unwrap().to_rgb8();
    assert_eq!((image.get_pixel(5, 5).0, image.get_pixel(30, 5).0), ([255; 3], [10, 200, 30]));

    // A photograph of a phone held upright: stored lying, turned when shown; where it was taken
    // stays behind.
    let mut jpeg = Vec::new();
    let lying =
        image::RgbImage::from_fn(40, 20, |x, _| image::Rgb([if x < 20 { 250 } else { 5 }; 3]));
    lying.write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).unwrap();
    let turned = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = u16::try_from(turned.len() + 2).unwrap().to_be_bytes();
    let mut photograph = [&jpeg[..2], b"\xFF\xE1", &length, turned].concat();
    photograph.extend_from_slice(&jpeg[2..]);
    let (told, png) = worker::page(photograph, &asked(Kind::Jpeg, 1, None)).unwrap();
    assert_eq!(told, Told::Made { pages: 1, width: 20, height: 40, partly: false });
    let (_, _, pixels) = pixels(&png);
    assert!(pixels[5 * 20 + 10] > 200 && pixels[35 * 20 + 10] < 50, "its left is up");
    assert!(!png.windows(4).any(|window| window == b"Exif"));
}

/// Keeps a file and tells what is known of it.
async fn kept(house: &House, bytes: Vec<u8>, kind: Kind) -> FileRow {
    let store = &house.state.store;
    let digest = store.put_file(bytes, kind.media_type(), 1).await.unwrap();
    store.file_row(&digest).await.unwrap().unwrap()
}

async fn leaf(house: &House, file: &FileRow) -> Leaf {
    preview::leaf(&house.state, file, 1).await.unwrap()
}

pub(crate) async fn a_page_is_drawn_once_and_again_when_it_is_gone(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let file = kept(&house, leaves(2, 300, 300), Kind::Pdf).await;
    let first = leaf(&house, &file).await;
    let Leaf::Ready { pages: 2, image, partly: false } = &first else { panic!("{first:?}") };
    let place = house.data().join("files").join(&image.digest[..2]).join(&image.digest[2..]);
    let png = std::fs::read(&place).unwrap();
    // With a program that draws nothing, what is known is still there.
    let mut other = house.state.clone();
    other.drawing = Drawing::by("/nonexistent".into());
    assert_eq!(preview::leaf(&other, &file, 1).await.unwrap(), first);

    // A picture that changed on the disk is never shown: a new one is drawn, the same to the byte.
    let lead = house.actor("yunchuan");
    for harm in ["changed", "missing"] {
        match harm {
            "changed" => std::fs::write(&place, b"something else").unwrap(),
            _ => std::fs::remove_file(&place).unwrap(),
        }
        let shown = preview::image(&house.state, &lead, &file, 1).await.unwrap().unwrap();
        let preview::Shown::Kept(mut reading) = shown else { panic!("no mark for the lead") };
        let mut bytes = Vec::new();
        while let Some(piece) = reading.next_piece().unwrap() {
            bytes.extend(piece);
        }
        assert_eq!(bytes, png, "{harm}");
    }

    // A page is forgotten in time, and its image swept away; the file stays.
    house.on_day("2026-06-01");
    server::jobs::clear(&house.state).await.unwrap();
    assert!(!place.exists());
    assert_eq!(house.state.store.preview(&file.digest, 1).await.unwrap(), None);
    assert!(matches!(leaf(&house, &file).await, Leaf::Ready { .. }));
}

pub(crate) async fn no_file_does_anything_to_the_office(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let whole = samples::pdf();
    let mut chance = Chance::new(41);
    for round in 0..24 {
        let mut bytes = whole.clone();
        for _ in 0..=round {
            let at = chance.below(bytes.len());
            bytes[at] = u8::try_from(chance.below(256)).unwrap();
        }
        let file = kept(&house, bytes, Kind::Pdf).await;
        assert_ne!(leaf(&house, &file).await, Leaf::Working, "round {round}");
    }
    // A page that paints itself for ever, and lists in lists.
    let form =
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>";
    let endless = samples::pdf_with("", &[samples::stream(5, form, b"/A Do /A Do")]);
    let endless =
        String::from_utf8_lossy(&endless).replace("/Font <<", "/XObject << /A 5 0 R >> /Font <<");
    let deep =
        format!("%PDF-1.4\n1 0 obj\n{}\nendobj\nstartxref\n0\n%%EOF\n", "[".repeat(3_000_000));
    for bytes in [endless.into_bytes(), deep.into_bytes()] {
        let file = kept(&house, bytes, Kind::Pdf).await;
        assert_ne!(leaf(&house, &file).await, Leaf::Working);
    }
    // An image that says it is larger than any memory.
    let head = "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 \
                /ColorSpace /DeviceRGB /Filter /FlateDecode";
    let mut large = String::from(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /XObject << /A 5 0 R >> >> >>\nendobj\n",
    )
    .into_bytes();
    large.extend(samples::stream(4, "", b"500 0 0 500 0 0 cm /A Do"));
    large.extend(samples::stream(5, head, &samples::zlib(&vec![0; 200_000_000])));
    large.extend(b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n");
    let file = kept(&house, large, Kind::Pdf).await;
    assert_ne!(leaf(&house, &file).await, Leaf::Working);

    let file = kept(&house, leaves(1, 300, 300), Kind::Pdf).await;
    assert!(matches!(leaf(&house, &file).await, Leaf::Ready { .. }), "the office draws on");
}

pub(crate) async fn a_helper_is_given_its_time_and_not_believed(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let program = |name: &str, text: &str| {
        let path = folder.path().join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(format!("#!/bin/sh\n{text}\n").as_bytes()).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let made = r#"echo '{"outcome":"made","pages":1,"width":9,"height":9,"partly":false}'"#;
    let helpers = [
        ("nothing", "/bin/cat >/dev/null".to_owned()),
        ("slow", "exec /bin/sleep 600".to_owned()),
        ("endless", format!("{made}; exec /bin/cat /dev/zero")),
        ("other", format!("{made}; echo '<svg/>'; /bin/cat >/dev/null")),
        ("words", "/bin/cat".to_owned()),
    ];
    for (height, (name, text)) in (101..).zip(helpers) {
        let mut state = house.state.clone();
        let patience = Duration::from_millis(if name == "slow" { 300 } else { 60_000 });
        let drawing = Drawing::by(program(name, &text));
        state.drawing = drawing.patient(Duration::from_mins(2), patience);
        let file = kept(&house, leaves(1, 100, height), Kind::Pdf).await;
        let leaf = preview::leaf(&state, &file, 1).await.unwrap();
        assert_eq!(leaf, Leaf::None(Why::Heavy), "{name}");
    }
    // Whoever does not wait for a page is told that it comes.
    let mut state = house.state.clone();
    state.drawing = Drawing::by(program("later", "exec /bin/sleep 2"))
        .patient(Duration::ZERO, Duration::from_secs(3));
    let file = kept(&house, leaves(1, 150, 150), Kind::Pdf).await;
    assert_eq!(preview::leaf(&state, &file, 1).await.unwrap(), Leaf::Working);
    assert_eq!(
        preview::leaf(&state, &file, 1).await.unwrap(),
        Leaf::Working,
        "nor is it drawn twice"
    );
}

async fn attached(house: &House, tale: &Tale<'_>, bytes: &[u8], name: &str) -> String {
    let request = house.request("yunchuan", axum::http::Method::POST, "/api/v1/files?name=a.pdf");
    let request = request.header("content-type", "application/octet-stream");
    let path = format!("/api/v1/files?name=a.{}", name.rsplit('.').next().unwrap());
    let request = request.uri(path).body(bytes.to_vec().into()).unwrap();
    let reply = house.send(request).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let file = reply.json();
    let digest = file["digest"].as_str().unwrap().to_owned();
    let attachment = json!({
        "digest": digest, "name": name, "size_bytes": file["size_bytes"], "item": "其他材料",
    });
    tale.does("yunchuan", json!({"command": "attach", "attachment": attachment})).await;
    digest
}

pub(crate) async fn a_file_is_leafed_through_by_whom_it_is_for(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区预览甲号储能创新联合体", "drafting").await;
    let digest = attached(&house, &tale, &leaves(3, 595, 842), "CANARY-扫描件.pdf").await;
    let words = attached(&house, &tale, &samples::docx(), "说明.docx").await;
    let page = |digest: &str, rest: &str| tale.page(&format!("/files/{digest}/{rest}"));

    let lead = cookie(&house, "yunchuan").await;
    let first = opens(&house, &lead, &page(&digest, "pages/1")).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert!(
        first.body.contains("alt=\"“CANARY-扫描件.pdf”第 1 页的图像，共 3 页\""),
        "{}",
        first.body
    );
    assert!(first.body.contains("pages/2\">下一页") && !first.body.contains("上一页"));
    let last = opens(&house, &lead, &page(&digest, "pages/3")).await;
    assert!(last.body.contains("pages/2\">上一页") && !last.body.contains("下一页"));
    assert!(!last.body.contains("水印"), "no mark for those whose file it is");
    let beyond = opens(&house, &lead, &page(&digest, "pages/4")).await;
    assert!(beyond.body.contains("没有这一页"), "{}", beyond.body);
    let docx = opens(&house, &lead, &page(&words, "pages/1")).await;
    assert!(docx.body.contains("这种文件没有页面预览") && docx.body.contains("下载文件"));
    assert_eq!(opens(&house, &lead, &page(&words, "images/1")).await.status, 404);
    let all = opens(&house, &lead, &tale.page("/attachments")).await;
    assert!(all.body.contains(&format!("/files/{digest}/pages/1")), "{}", all.body);

    let image = opens(&house, &lead, &page(&digest, "images/1")).await;
    assert_eq!((image.status.as_u16(), image.header("content-type")), (200, "image/png"));
    assert_eq!(image.header("content-disposition"), "");
    for stranger in ["lvqing", "clerk-baotou", "operator", ""] {
        let cookie = cookie(&house, stranger).await;
        for rest in ["pages/1", "images/1"] {
            let reply = opens(&house, &cookie, &page(&digest, rest)).await;
            assert!(matches!(reply.status.as_u16(), 404 | 303), "{stranger} {rest}");
            assert!(!reply.body.contains("CANARY"), "{stranger} {rest}");
            let api = house.get(stranger, &tale.path(&format!("/files/{digest}/{rest}"))).await;
            assert!(matches!(api.status.as_u16(), 404 | 401), "{stranger} {rest}: {}", api.status);
        }
    }
    let api: Value =
        house.get("yunchuan", &tale.path(&format!("/files/{digest}/pages/1"))).await.json();
    assert_eq!(
        (&api["state"], &api["pages"], &api["marked"]),
        (&json!("ready"), &json!(3), &json!(false))
    );
    let api = house.get("yunchuan", api["image"].as_str().unwrap()).await;
    assert_eq!(api.body, image.body, "one image for page and program");
    // A file of one dossier is not in another one.
    let other = told(&house, "内蒙古自治区预览乙号储能创新联合体", "drafting").await;
    let reply = opens(&house, &lead, &other.page(&format!("/files/{digest}/pages/1"))).await;
    assert_eq!(reply.status, 404);
}

pub(crate) async fn who_reviews_sees_a_mark_of_number_and_time(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区预览丙号储能创新联合体", "recommendation").await;
    let form = tale.view("yunchuan").await["form"].clone();
    let digest = form["attachments"][0]["digest"].as_str().unwrap().to_owned();
    let image =
        async |who: &str| house.get(who, &tale.path(&format!("/files/{digest}/images/1"))).await;
    let plain = image("yunchuan").await;
    assert_eq!(image("saibei").await.body, plain.body, "parties see it as it is");
    let clerk = image("clerk-hohhot").await;
    assert_eq!(clerk.status, 200, "{}", clerk.body);
    assert_eq!(clerk.header("cache-control"), "no-store", "it says when it was looked at");
    assert_ne!(clerk.body, plain.body);
    assert_ne!(image("signatory-hohhot").await.body, clerk.body, "each has its own number");
    assert_eq!(image("clerk-hohhot").await.body, clerk.body);
    let now = house.state.clock.ahead_ms();
    house.state.clock.set_ahead_ms(now + 60_000);
    assert_ne!(image("clerk-hohhot").await.body, clerk.body, "and its own minute");

    let cookie = cookie(&house, "clerk-hohhot").await;
    let page = opens(&house, &cookie, &tale.page(&format!("/files/{digest}/pages/1"))).await;
    assert!(page.body.contains("水印是你的编号和查看时间，不含姓名"), "{}", page.body);
    let mark = preview::marked(&house.state, &house.actor("clerk-hohhot")).unwrap();
    assert!(!mark.contains("CLERK") && !mark.contains("姓名"), "{mark}");
    let number = preview::number("p-clerk-hohhot");
    assert!(mark.starts_with(&number), "{mark}");
    let operator = crate::pages::cookie(&house, "operator").await;
    let accounts = opens(&house, &operator, "/ops/accounts").await;
    assert!(accounts.body.contains(&number), "the operator finds whose number it is");
}
