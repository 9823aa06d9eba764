//! 上传 — files in pieces, at their limits, damaged, and on the pages.

use axum::body::Body;
use axum::http::{Method, header};
use consortium::materials::FILE_BYTES_MAX;
use serde_json::{Value, json};
use server::api::uploads::{PIECE_BYTES_MAX, UPLOAD_KEPT_MS, UPLOADS_MAX};
use server::http::FILES_MAX;
use sha2::{Digest, Sha256};

use crate::house::{House, Reply, pdf};
use crate::inspect::samples;
use crate::place::Engine;
use crate::tale::{Tale, told};

const NAME: &str = "内蒙古自治区附件储能创新联合体";

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn begin(house: &House, who: &str, size: usize) -> Reply {
    let wanted = json!({"name": "证明.pdf", "size_bytes": size});
    house.post(who, "/api/v1/uploads", &wanted).await
}

async fn add(house: &House, who: &str, id: &str, offset: usize, bytes: &[u8], of: &str) -> Reply {
    let path = format!("/api/v1/uploads/{id}?offset={offset}&digest={of}");
    let request = house.request(who, Method::PATCH, &path);
    let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
    house.send(request.body(bytes.to_vec().into()).unwrap()).await
}

async fn complete(house: &House, who: &str, id: &str, digest: &str) -> Reply {
    let path = format!("/api/v1/uploads/{id}/complete");
    house.post(who, &path, &json!({ "digest": digest })).await
}

fn id(reply: &Reply) -> String {
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// A file of several pieces.
fn large() -> Vec<u8> {
    let mut noise = vec![0_u8; PIECE_BYTES_MAX + 5000];
    let mut number = 7_u32;
    for byte in &mut noise {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = number.to_be_bytes()[0];
    }
    samples::pdf_with("", &[samples::stream(5, "/Subtype /Image", &noise)])
}

pub(crate) async fn a_file_in_pieces_is_taken_and_attached(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let bytes = large();
    let id = id(&begin(&house, "yunchuan", bytes.len()).await);
    let (first, rest) = bytes.split_at(PIECE_BYTES_MAX);
    let reply = add(&house, "yunchuan", &id, 0, first, &digest(rest)).await;
    assert_eq!(reply.status, 422, "a piece that arrived otherwise: {}", reply.body);
    let reply = add(&house, "yunchuan", &id, 0, first, &digest(first)).await;
    assert_eq!(reply.json()["offset"], first.len(), "{}", reply.body);
    // Sent again, sent elsewhere, sent by somebody else.
    for offset in [0, 5] {
        let reply = add(&house, "yunchuan", &id, offset, first, &digest(first)).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["offset"]), (409, &json!(first.len())));
    }
    let path = format!("/api/v1/uploads/{id}");
    assert_eq!(house.get("yunchuan", &path).await.json()["offset"], first.len());
    assert_eq!(house.get("lvqing", &path).await.status, 404);
    assert_eq!(add(&house, "lvqing", &id, first.len(), rest, &digest(rest)).await.status, 404);
    assert_eq!(complete(&house, "yunchuan", &id, &digest(&bytes)).await.status, 409);
    let reply = add(&house, "yunchuan", &id, first.len(), rest, &digest(rest)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let list = house.get("yunchuan", "/api/v1/uploads").await.json();
    assert_eq!(list["items"][0]["offset"], bytes.len());
    let file = complete(&house, "yunchuan", &id, &digest(&bytes)).await;
    assert_eq!(file.status, 201, "{}", file.body);
    assert_eq!(file.json()["digest"], digest(&bytes));
    assert_eq!(house.get("yunchuan", &path).await.status, 404, "it is done");
    let attachment = json!({
        "digest": digest(&bytes), "name": "证明.pdf", "size_bytes": bytes.len(),
        "item": "法人证书", "unit": "u-saibei",
    });
    tale.does("yunchuan", json!({"command": "attach", "attachment": attachment})).await;
    let path = tale.path(&format!("/files/{}", digest(&bytes)));
    let reply = house.get("saibei", &path).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-length"), bytes.len().to_string());
}

pub(crate) async fn an_upload_has_its_limits(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let most = usize::try_from(FILE_BYTES_MAX).unwrap();
    let past = begin(&house, "yunchuan", most + 1).await;
    assert_eq!(past.status, 413);
    assert!(past.body.contains("200 MB") && past.body.contains("2 GB"), "{}", past.body);
    for wanted in [json!({"name": "", "size_bytes": 1}), json!({"name": "a.pdf", "size_bytes": 0})]
    {
        assert_eq!(house.post("yunchuan", "/api/v1/uploads", &wanted).await.status, 422);
    }
    let first = id(&begin(&house, "yunchuan", most).await);
    let piece = vec![0; PIECE_BYTES_MAX + 1];
    let reply = add(&house, "yunchuan", &first, 0, &piece, &digest(&piece)).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
    for _ in 1..UPLOADS_MAX {
        id(&begin(&house, "yunchuan", 10).await);
    }
    assert_eq!(begin(&house, "yunchuan", 10).await.status, 429);
    assert_eq!(begin(&house, "saibei", 10).await.status, 201, "each side has its own");
    let path = format!("/api/v1/uploads/{first}");
    let end = house.request("yunchuan", Method::DELETE, &path).body(Body::empty()).unwrap();
    assert_eq!(house.send(end).await.status, 204);
    let small = id(&begin(&house, "yunchuan", 10).await);
    let reply = add(&house, "yunchuan", &small, 0, &[0; 11], &digest(&[0; 11])).await;
    assert_eq!(reply.status, 422, "more than was announced: {}", reply.body);
    // What is refused when it is whole leaves nothing.
    add(&house, "yunchuan", &small, 0, b"MZ program", &digest(b"MZ program")).await;
    let reply = complete(&house, "yunchuan", &small, &digest(b"MZ program")).await;
    assert_eq!(reply.status, 415, "{}", reply.body);
    assert_eq!(house.get("yunchuan", &format!("/api/v1/uploads/{small}")).await.status, 404);
    // An upload runs out by the clock.
    let waiting = house.state.store.uploads("unit:u-saibei").await.unwrap();
    let expires = waiting.first().map(|upload| upload.expires_ms - upload.created_ms);
    assert_eq!(expires, Some(UPLOAD_KEPT_MS));
    // Announced or not, a file ends at its limit.
    let path = "/api/v1/files?name=a.pdf";
    let lying = house.request("yunchuan", Method::POST, path).header("content-length", most + 1);
    let reply = house.send(lying.body(pdf("x").into()).unwrap()).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
    let endless = house.request("yunchuan", Method::POST, path);
    let reply = house.send(endless.body(vec![b' '; most + 1].into()).unwrap()).await;
    assert_eq!(reply.status, 413, "{}", reply.body);
}

fn stored(house: &House, digest: &str) -> std::path::PathBuf {
    house.data().join("files").join(&digest[..2]).join(&digest[2..])
}

pub(crate) async fn a_damaged_file_is_never_served_and_its_dossier_opens(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let form = tale.view("yunchuan").await["form"].clone();
    let digest = form["attachments"][0]["digest"].as_str().unwrap().to_owned();
    let path = stored(&house, &digest);
    let whole = std::fs::read(&path).unwrap();
    let file = tale.path(&format!("/files/{digest}"));
    let cookie = house.cookie("yunchuan").await;
    let page = async |path: String| {
        let request = house.request("", Method::GET, &path).header("cookie", &cookie);
        house.send(request.body(Body::empty()).unwrap()).await
    };
    for harm in ["changed", "missing"] {
        match harm {
            "changed" => {
                let mut other = whole.clone();
                other[20] ^= 1;
                std::fs::write(&path, other).unwrap();
            }
            _ => std::fs::remove_file(&path).unwrap(),
        }
        let reply = house.get("yunchuan", &file).await;
        assert_eq!(reply.status, 502, "{harm}");
        assert!(!reply.body.contains("%PDF"), "{harm}");
        let reply = page(format!("/dossiers/{}/files/{digest}", tale.id)).await;
        assert_eq!(reply.status, 502, "{harm}");
        assert!(reply.body.contains("这份文件暂时不能取出"), "{harm}");
        for path in ["", "/attachments"] {
            let reply = page(format!("/dossiers/{}{path}", tale.id)).await;
            assert_eq!(reply.status, 200, "{harm} {path}");
        }
        assert!(
            page(format!("/dossiers/{}/attachments", tale.id)).await.body.contains("暂时不能取出")
        );
    }
    let operator = house.cookie("operator").await;
    let health = house.request("", Method::GET, "/ops").header("cookie", &operator);
    let health = house.send(health.body(Body::empty()).unwrap()).await;
    assert!(health.body.contains(&digest), "{}", health.status);
    // Put back from the backup, and found well by the scrub.
    std::fs::write(&path, whole).unwrap();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    house.on_day("2026-03-20");
    server::jobs::scrub(&house.state, &stopped).await.unwrap();
    assert_eq!(house.state.store.file_faults().await.unwrap(), vec![]);
    assert_eq!(house.get("yunchuan", &file).await.status, 200);
}

/// Posts the form of an act as a browser without script does.
async fn posted(tale: &Tale<'_>, cookie: &str, pairs: &[(&str, &str)], file: &[u8]) -> Reply {
    let path = format!("/dossiers/{}/attach", tale.id);
    let shown = tale.house.request("", Method::GET, &path).header("cookie", cookie);
    let shown = tale.house.send(shown.body(Body::empty()).unwrap()).await;
    let token = shown
        .body
        .split("name=\"_csrf\" value=\"")
        .nth(2)
        .or_else(|| shown.body.split("name=\"_csrf\" value=\"").nth(1));
    let token = token.unwrap().split('"').next().unwrap();
    let mut body = Vec::new();
    for (name, value) in [("_csrf", token)].iter().chain(pairs) {
        let part =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.bytes());
    }
    // A browser names no file where none was chosen.
    let name = if file.is_empty() { "" } else { "照片.pdf" };
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"digest\"; filename=\"{name}\"\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend_from_slice(file);
    body.extend(b"\r\n--b--\r\n");
    let request = tale.house.request("", Method::POST, &path).header("cookie", cookie);
    let request =
        request.header("origin", "http://cl.test").header("sec-fetch-site", "same-origin");
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    tale.house.send(request.body(body.into()).unwrap()).await
}

fn attachments(view: &Value) -> usize {
    view["form"]["attachments"].as_array().unwrap().len()
}

/// The end of an answer never overtakes its last piece, however the threads take turns.
pub(crate) async fn every_download_is_whole(engine: Engine) {
    const DOWNLOADS: usize = 200;
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区下载甲号储能创新联合体", "drafting").await;
    let digest = tale.attach().await;
    let whole = pdf(&format!("attachment of {}", tale.id));
    let path = tale.path(&format!("/files/{digest}"));
    for number in 0..DOWNLOADS {
        let reply = house.get("yunchuan", &path).await;
        assert_eq!(reply.body, whole, "download {number}: {}", reply.status);
    }
}

pub(crate) async fn a_page_takes_a_file_whole_and_keeps_it_while_other_fields_are_mended(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let cookie = house.cookie("yunchuan").await;
    let file = pdf("a scan");
    let before = attachments(&tale.view("yunchuan").await);
    // The file is good and the name of the material is owed: the file stays.
    let reply = posted(&tale, &cookie, &[("item", "")], file.as_bytes()).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    let digest = digest(file.as_bytes());
    assert!(reply.body.contains(&format!("name=\"digest.kept\" value=\"{digest}\"")));
    // Now without the file: what was kept is meant.
    let pairs = [("item", "科技管理制度"), ("digest.kept", digest.as_str())];
    let reply = posted(&tale, &cookie, &pairs, b"").await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let view = tale.view("yunchuan").await;
    assert_eq!(attachments(&view), before + 1);
    let last = &view["form"]["attachments"][before];
    assert_eq!((&last["name"], &last["digest"]), (&json!("照片.pdf"), &json!(digest)));
    // What somebody else brought is not there for us.
    let (theirs, _) = house.upload("lvqing", "a secret of 绿氢").await;
    let pairs = [("item", "别人的"), ("digest.kept", theirs.as_str())];
    assert_eq!(posted(&tale, &cookie, &pairs, b"").await.status, 422);
    // A refused file is said beside the field, and what was typed is still there.
    let reply = posted(&tale, &cookie, &[("item", "平台批准文件")], b"MZ program").await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("内容不是 PDF") && reply.body.contains("平台批准文件"));
    assert_eq!(attachments(&tale.view("yunchuan").await), before + 1);
}

/// Posts several files at once as a browser without script does, with pairs before them.
async fn brought(
    tale: &Tale<'_>,
    cookie: &str,
    pairs: &[(&str, &str)],
    files: &[(String, Vec<u8>)],
) -> Reply {
    let path = format!("/dossiers/{}/attachments", tale.id);
    let token = token(tale, cookie, &path).await;
    let mut body = Vec::new();
    for (name, value) in [("_csrf", token.as_str())].iter().chain(pairs) {
        let part =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.bytes());
    }
    for (name, file) in files {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(file);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    let request = tale.house.request("", Method::POST, &path).header("cookie", cookie);
    let request =
        request.header("origin", "http://cl.test").header("sec-fetch-site", "same-origin");
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    tale.house.send(request.body(body.into()).unwrap()).await
}

async fn token(tale: &Tale<'_>, cookie: &str, path: &str) -> String {
    let shown = tale.house.request("", Method::GET, path).header("cookie", cookie);
    let shown = tale.house.send(shown.body(Body::empty()).unwrap()).await;
    let token = shown.body.split("name=\"_csrf\" value=\"").nth(1).unwrap();
    token.split('"').next().unwrap().to_owned()
}

fn named(name: &str, content: &str) -> (String, Vec<u8>) {
    (name.to_owned(), pdf(content).into_bytes())
}

/// The item and unit under which the file of this name stands.
fn stands(view: &Value, name: &str) -> (String, Option<String>) {
    let files = view["form"]["attachments"].as_array().unwrap();
    let file = files.iter().find(|file| file["name"] == name).unwrap();
    let unit = file["unit"].as_str().map(str::to_owned);
    (file["item"].as_str().unwrap().to_owned(), unit)
}

pub(crate) async fn several_files_come_at_once_and_a_broken_one_loses_none_of_the_others(
    engine: Engine,
) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let cookie = house.cookie("yunchuan").await;
    let before = attachments(&tale.view("yunchuan").await);
    // Nothing chosen is said in the words of the control.
    let reply = brought(&tale, &cookie, &[], &[]).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("选择要上传的文件"), "{}", reply.body);
    let files = [
        named("塞北营业执照.pdf", "one"),
        ("坏的.pdf".to_owned(), b"MZ program".to_vec()),
        named("研发管理制度.pdf", "two"),
        named("会议照片.pdf", "three"),
        named("再来一份.pdf", "one"),
    ];
    // Pieces that went before the post count like files of the post; what the page could not send
    // is said beside them.
    let (kept, _) = house.upload("yunchuan", "four").await;
    let (theirs, _) = house.upload("lvqing", "theirs").await;
    let pairs = [
        ("files.kept", kept.as_str()),
        ("files.kept", theirs.as_str()),
        ("files.not", "太大.pdf\n单个文件不超过 200 MB"),
    ];
    let reply = brought(&tale, &cookie, &pairs, &files).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    for words in [
        "4 份没有列入",
        "坏的.pdf",
        "内容不是 PDF",
        "同一份文件已经在材料里，列为“法人证书”",
        "太大.pdf",
        "单个文件不超过 200 MB",
        "没有找到这份文件，再传一次",
    ] {
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    }
    let view = tale.view("yunchuan").await;
    assert_eq!(attachments(&view), before + 4);
    let of = |name: &str| stands(&view, name);
    assert_eq!(of("塞北营业执照.pdf"), ("法人证书".to_owned(), Some("u-saibei".to_owned())));
    assert_eq!(of("研发管理制度.pdf"), ("科技管理制度".to_owned(), Some("u-yunchuan".to_owned())));
    assert_eq!(of("会议照片.pdf"), ("会议照片".to_owned(), None), "what it is, its name says not");
    // What it is, is said after; the page offers every line of the list.
    let photo = view["form"]["attachments"][before + 3]["digest"].as_str().unwrap();
    let path = format!("/dossiers/{}/attachments/items", tale.id);
    let token = token(&tale, &cookie, &path.replace("/items", "?sort=all")).await;
    let body = serde_urlencoded::to_string([
        ("_csrf", token.as_str()),
        ("file.0", photo),
        ("was.0", ""),
        ("place.0", "1.u-beijiang"),
    ]);
    let request = house.request("", Method::POST, &path).header("cookie", &cookie);
    let request =
        request.header("origin", "http://cl.test").header("sec-fetch-site", "same-origin");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let reply = house.send(request.body(body.unwrap().into()).unwrap()).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let view = tale.view("yunchuan").await;
    assert_eq!(attachments(&view), before + 4, "moved, not doubled");
    let photo = stands(&view, "会议照片.pdf");
    assert_eq!(photo, ("法人证书".to_owned(), Some("u-beijiang".to_owned())));
    // A member brings nothing for all.
    let member = house.cookie("saibei").await;
    let page = house.request("", Method::GET, &format!("/dossiers/{}/attachments", tale.id));
    let page = house.send(page.header("cookie", &member).body(Body::empty()).unwrap()).await;
    assert!(!page.body.contains("type=\"file\""), "{}", page.body);
}

pub(crate) async fn one_post_takes_twenty_files_and_answers_the_next(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, NAME, "drafting").await;
    let cookie = house.cookie("yunchuan").await;
    let before = attachments(&tale.view("yunchuan").await);
    let files = |from: usize, count: usize| -> Vec<(String, Vec<u8>)> {
        (from..from + count).map(|no| named(&format!("第{no}份.pdf"), &no.to_string())).collect()
    };
    let reply = brought(&tale, &cookie, &[], &files(0, FILES_MAX)).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(attachments(&tale.view("yunchuan").await), before + FILES_MAX);
    // Those that came with this post are shown to be sorted, not what was brought meanwhile.
    let place = reply.header("location").to_owned();
    assert!(place.contains("attachments?sort="), "{place}");
    let between = brought(&tale, &cookie, &[], &[named("同事的.pdf", "between")]).await;
    assert_eq!(between.status, 303, "{}", between.body);
    let shown = house.request("", Method::GET, &place).header("cookie", &cookie);
    let shown = house.send(shown.body(Body::empty()).unwrap()).await.body;
    assert_eq!(shown.matches("name=\"file.").count(), FILES_MAX, "{shown}");
    let before = before + 1;
    let reply = brought(&tale, &cookie, &[], &files(FILES_MAX, FILES_MAX + 1)).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body.contains("一次最多 20 份，这一份没有收"), "{}", reply.body);
    assert_eq!(attachments(&tale.view("yunchuan").await), before + 2 * FILES_MAX);
}
