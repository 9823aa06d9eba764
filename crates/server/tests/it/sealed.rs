//! 盖章件 — papers that come back sealed, with signatures of programs of others and without, and
//! files that want to be taken for more than they are.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use axum::http::{Method, header};
use consortium::ids::Digest;
use consortium::sealed::{Check, Coverage, Examined, Reading, SeenSignature};
use documents::{Stamp, signed};
use jiff::civil::date;
use serde_json::{Value, json};
use server::papers::press::press_all;
use server::platform_key::PlatformKey;
use server::sealed::Lens;
use server::signing::Trust;
use store::{Made, Signed, Store};

use crate::certificates::{Authority, P256, RSA};
use crate::house::{House, Reply, pdf};
use crate::pages::{opens, sends};
use crate::place::{self, Engine};
use crate::signatures::{key, laid_down, paper, pyhanko};
use crate::tale::{Tale, told};

const PDF: &str = "application/pdf";
const SEAL: &str = "seal";

/// The paper with the signature of an office behind its last byte.
fn seal(authority: &Authority, paper: &[u8]) -> Vec<u8> {
    let at = date(2026, 6, 5).at(9, 30, 0, 0);
    let stamp = Stamp { at, name: "某厅（虚构）", reason: "电子印章", room: 8192 };
    signed(paper, &stamp, |covered| Ok(authority.sign(SEAL, covered))).unwrap()
}

fn authority(kind: &[&str]) -> Authority {
    let authority = Authority::new(kind, "sha256");
    authority.leaf(SEAL, kind);
    authority
}

async fn brings(house: &House, who: &str, bytes: &[u8], kind: &str) -> Digest {
    let request = house.request(who, Method::POST, "/api/v1/files");
    let request = request.header(header::CONTENT_TYPE, kind).body(bytes.to_vec().into()).unwrap();
    let reply = house.send(request).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    Digest(reply.json()["digest"].as_str().unwrap().to_owned())
}

/// A paper of a dossier as somebody is told of it.
async fn listed(tale: &Tale<'_>, who: &str, kind: &str) -> Value {
    let papers = tale.house.get(who, &tale.path("/papers")).await.json();
    let found = papers.as_array().unwrap().iter().rev().find(|paper| paper["kind"] == kind);
    found.cloned().unwrap_or_default()
}

/// Its reference, and its bytes.
async fn made(tale: &Tale<'_>, who: &str, kind: &str) -> (String, Vec<u8>) {
    let paper = listed(tale, who, kind).await;
    let store = &tale.house.state.store;
    let (_, bytes) =
        store.file(paper["digest"].as_str().unwrap(), 8_000_000).await.unwrap().unwrap();
    (format!("{}/{kind}", paper["sequence"]), bytes)
}

fn attach(paper: &str, file: &Digest) -> Value {
    json!({"command": "attach_sealed", "paper": paper, "file": file})
}

pub(crate) async fn a_sealed_certificate_is_shown_with_what_was_found_to_everybody(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = authority(P256);
    house.state.office.trust(authority.trust());
    let tale = told(&house, "内蒙古自治区盖章甲号储能创新联合体", "filed").await;
    press_all(&house.state).await.unwrap();
    let (reference, ours) = made(&tale, "publisher", "certificate").await;
    let sealed = seal(&authority, &ours);

    // Whoever did not issue it does not seal it, and whoever is of no office least of all.
    let file = brings(&house, "supervisor", &sealed, PDF).await;
    for who in ["reviewer", "supervisor"] {
        tale.refused(who, attach(&reference, &file), 403, "由制发机关上传").await;
    }
    let theirs = brings(&house, "clerk-hohhot", &sealed, PDF).await;
    tale.refused("clerk-hohhot", attach(&reference, &theirs), 403, "由制发机关上传").await;
    let own = brings(&house, "yunchuan", &sealed, PDF).await;
    tale.refused("yunchuan", attach(&reference, &own), 403, "归口管理部门或自治区科技厅").await;
    // What nobody of the own side brought is not there.
    let unknown = Digest("0".repeat(64));
    tale.refused("publisher", attach(&reference, &unknown), 422, "没有这个文件").await;
    // The paper itself bears no seal.
    let bare = brings(&house, "publisher", &ours, PDF).await;
    tale.refused("publisher", attach(&reference, &bare), 422, "上面还没有盖章").await;

    tale.does("publisher", attach(&reference, &file)).await;
    let again = tale.ask("publisher", &attach(&reference, &file)).await.json();
    assert_eq!(again["happened"], json!([]), "asked again");

    for who in ["publisher", "yunchuan", "saibei", "lvqing", ""] {
        let told = listed(&tale, who, "certificate").await["sealed"].clone();
        let told = told.as_array().unwrap();
        assert_eq!(told.len(), 1, "{who}");
        let one = &told[0];
        assert_eq!((&one["digest"], &one["no"]), (&json!(file.0), &json!(1)));
        assert_eq!((&one["continues"], &one["reading"]), (&json!(true), &json!("read")));
        let signatures = one["signatures"].as_array().unwrap();
        let [platform, office] = signatures.as_slice() else { panic!("{signatures:?}") };
        assert_eq!(
            (&platform["platform"], &platform["coverage"]),
            (&json!(true), &json!("earlier"))
        );
        let expected = json!({"platform": false, "coverage": "whole", "content": "holds",
            "signature": "holds", "chain": "holds", "in_force": "holds",
            "format": "ETSI.CAdES.detached", "claimed_at": "2026-06-05T09:30:00"});
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&office[name], value, "{name}: {office}");
        }
        assert_eq!(office["signer"]["subject"]["$personal"], "CN=seal", "{office}");
        let path = tale.path(&format!("/papers/{reference}/sealed/1"));
        let taken = house.get(who, &path).await;
        assert_eq!(taken.header("etag"), format!("\"{file}\"", file = file.0), "{who}");
        assert!(taken.header("content-disposition").contains("%E7%9B%96%E7%AB%A0%E4%BB%B6"));
    }

    let code = listed(&tale, "", "certificate").await["code"].as_str().unwrap().to_owned();
    let told = house.get("", &format!("/api/v1/verify/{code}")).await.json();
    let here = format!("/registry/{}/papers/{reference}/sealed", tale.id);
    assert_eq!(
        (&told["sealed"]["digest"], &told["sealed"]["href"]),
        (&json!(file.0), &json!(here))
    );
    let page = opens(&house, "", &format!("/verify/{code}")).await.body;
    assert!(page.contains(&here) && page.contains(&file.0), "{page}");
    let page = opens(&house, "", &here).await.body;
    for words in ["逐字节一致", "平台签名（不是印章）", "覆盖整份文件", "CN=seal", &file.0]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("更换盖章件"), "the public brings nothing");
    let page = opens(&house, "", &format!("/registry/{}", tale.id)).await.body;
    assert!(page.contains(&here), "{page}");
}

pub(crate) async fn a_paper_for_some_is_sealed_for_those_alone(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区盖章乙号储能创新联合体", "filed").await;
    press_all(&house.state).await.unwrap();
    let (reference, ours) = made(&tale, "clerk-hohhot", "recommendation").await;
    let sealed = seal(&authority(RSA), &ours);
    let file = brings(&house, "clerk-hohhot", &sealed, PDF).await;
    let baotou = brings(&house, "clerk-baotou", &sealed, PDF).await;
    tale.refused("clerk-baotou", attach(&reference, &baotou), 403, "").await;
    tale.does("clerk-hohhot", attach(&reference, &file)).await;

    let path = tale.path(&format!("/papers/{reference}/sealed/1"));
    let page = tale.page(&format!("/papers/{reference}/sealed"));
    for (who, reads) in [
        ("clerk-hohhot", true),
        ("reviewer", true),
        ("yunchuan", true),
        ("saibei", false),
        ("lvqing", false),
        ("clerk-baotou", false),
    ] {
        let status = house.get(who, &path).await.status.as_u16();
        assert_eq!(status, if reads { 200 } else { 404 }, "{who}");
        let shown = opens(&house, &house.cookie(who).await, &page).await;
        assert_eq!(shown.status.as_u16(), if reads { 200 } else { 404 }, "{who}");
        // Page by page it is looked at by the same readers.
        let leaf = tale.page(&format!("/files/{}/pages/1", file.0));
        assert_eq!(shown.body.contains(&leaf), reads, "{who}");
        let leaf = opens(&house, &house.cookie(who).await, &leaf).await;
        assert_eq!(leaf.status.as_u16(), if reads { 200 } else { 404 }, "{who}");
        assert!(!reads || leaf.body.contains("盖章件-推荐函"), "{who}: {}", leaf.body);
        // Nobody's root counts here: it is said, and held against nobody.
        assert!(!reads || shown.body.contains("平台没有配置根证书"), "{who}: {}", shown.body);
    }
    assert_eq!(house.get("", &path).await.status.as_u16(), 404);
    let open = opens(&house, "", &tale.page(&format!("/files/{}/pages/1", file.0))).await;
    assert_eq!(open.status.as_u16(), 303, "the public signs in first");
    for rest in ["", "/1", "/2", "/x"] {
        let path = format!("/registry/{}/papers/{reference}/sealed{rest}", tale.id);
        assert_eq!(opens(&house, "", &path).await.status.as_u16(), 404, "{path}");
    }
    // Whoever holds the paper learns which file is the sealed one, and nothing of what is in it.
    let code = listed(&tale, "yunchuan", "recommendation").await["code"].clone();
    let told = house.get("", &format!("/api/v1/verify/{}", code.as_str().unwrap())).await.json();
    assert_eq!(
        (&told["sealed"]["digest"], &told["sealed"]["href"]),
        (&json!(file.0), &Value::Null)
    );
}

/// Posts the form as a browser without script does.
async fn posted(tale: &Tale<'_>, cookie: &str, pairs: &[(&str, &str)], file: &[u8]) -> Reply {
    let name = if file.is_empty() { "" } else { "盖章.pdf" };
    sends(tale.house, cookie, &tale.page("/attach_sealed"), pairs, ("file", name, file)).await
}

pub(crate) async fn a_scan_is_compared_by_a_person_and_replaced_with_a_reason(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区盖章丙号储能创新联合体", "filed").await;
    let cookie = house.cookie("publisher").await;
    let reference =
        format!("{}/certificate", listed(&tale, "publisher", "certificate").await["sequence"]);
    let scan = pdf("a scan of ink");
    let place = tale.page(&format!("/papers/{reference}/sealed"));

    // Before the paper is made there is nothing that could have been sealed.
    let pairs = [("paper", reference.as_str()), ("compared", "on")];
    let reply = posted(&tale, &cookie, &pairs, scan.as_bytes()).await;
    assert!(reply.status == 422 && reply.body.contains("还在制作这份文书"), "{}", reply.body);
    press_all(&house.state).await.unwrap();
    let page = opens(&house, &cookie, &place).await.body;
    assert!(page.contains("还没有盖章件") && page.contains("上传盖章件"), "{page}");
    let form =
        opens(&house, &cookie, &tale.page(&format!("/attach_sealed?paper={reference}"))).await;
    let chosen = format!("value=\"{reference}\" checked");
    assert!(
        form.body.contains(&chosen)
            || form.body.contains(&format!("value=\"{reference}\" selected")),
        "{}",
        form.body
    );

    // A file of another make is taken once a person says that it was compared; it stays meanwhile.
    let reply = posted(&tale, &cookie, &pairs[..1], scan.as_bytes()).await;
    assert!(reply.status == 422 && reply.body.contains("已逐页核对"), "{}", reply.body);
    let kept = reply.body.split("name=\"file.kept\" value=\"").nth(1).unwrap();
    let kept = kept.split('"').next().unwrap().to_owned();
    let reply = posted(&tale, &cookie, &[pairs[0], pairs[1], ("file.kept", &kept)], b"").await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, place.as_str()),
        "{}",
        reply.body
    );
    let page = opens(&house, &cookie, &place).await.body;
    for words in ["不是平台文件的延续", "逐页核对", "没有数字签名", "更换盖章件"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }

    // Another one says why.
    let later = pdf("a better scan");
    let reply = posted(&tale, &cookie, &pairs, later.as_bytes()).await;
    assert!(reply.status == 422 && reply.body.contains("更换的理由"), "{}", reply.body);
    let why = [pairs[0], pairs[1], ("reason", "上一份漏扫了一页 <b>")];
    assert_eq!(posted(&tale, &cookie, &why, later.as_bytes()).await.status, 303);
    let page = opens(&house, &cookie, &place).await.body;
    assert!(page.contains("第 1 份，已更换") && page.contains("第 2 份，现行"), "{page}");
    assert!(page.contains("漏扫了一页 &lt;b&gt;") && page.contains(&kept), "{page}");

    // The earlier one stays for those inside; everybody else is given the one in force.
    let inside = listed(&tale, "yunchuan", "certificate").await["sealed"].clone();
    let numbers = |told: &Value| -> Vec<u64> {
        told.as_array().unwrap().iter().map(|one| one["no"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(&inside), [1, 2]);
    for stranger in ["", "saibei", "lvqing"] {
        assert_eq!(numbers(&listed(&tale, stranger, "certificate").await["sealed"]), [2]);
        let path = tale.path(&format!("/papers/{reference}/sealed/1"));
        assert_eq!(house.get(stranger, &path).await.status, 404, "{stranger}");
    }
    for (no, status) in [(1, 404), (2, 200), (3, 404)] {
        let path = format!("/registry/{}/papers/{reference}/sealed/{no}", tale.id);
        assert_eq!(opens(&house, "", &path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(
        house.get("yunchuan", &tale.path(&format!("/papers/{reference}/sealed/1"))).await.status,
        200
    );
    // An image carries no signature, and it says so.
    let image = crate::inspect::samples::png();
    let third = [pairs[0], pairs[1], ("reason", "换成照片")];
    let reply = posted(&tale, &cookie, &third, &image).await;
    // The name says PDF, the bytes do not: the inspection says so, as of every file.
    assert_eq!(reply.status, 422, "{}", reply.body);
    let photo = brings(&house, "publisher", &image, "image/png").await;
    let mut command = attach(&reference, &photo);
    command["compared"] = json!(true);
    command["reason"] = json!("换成照片");
    tale.does("publisher", command).await;
    let page = opens(&house, &cookie, &place).await.body;
    assert!(page.contains("图像扫描件，没有数字签名"), "{page}");
}

/// A room of its own for files: what is found of one as the sealed form of another.
struct Bench {
    store: Store,
    trust: Trust,
    own: String,
    paper: Vec<u8>,
    lens: Lens,
    _place: place::Place,
}

impl Bench {
    fn new(key: &PlatformKey, authority: &Authority) -> Self {
        let place = place::open(Engine::Sqlite).unwrap();
        let lens = Lens::by(crate::kill::program().to_owned()).patient(Duration::from_mins(2));
        let paper = key.sign_paper(&paper(), date(2026, 3, 5).at(9, 0, 0, 0)).unwrap();
        let (store, trust) = (place.store.clone(), authority.trust());
        Self { store, trust, own: key.digest(), paper, lens, _place: place }
    }

    async fn finds(&self, bytes: &[u8], kind: &str) -> Examined {
        let put =
            async |bytes: &[u8], kind| self.store.put_file(bytes.to_vec(), kind, 1).await.unwrap();
        let digest = put(&self.paper, PDF).await;
        let signed = Some(Signed { at_ms: 1, certificate: self.own.clone() });
        let (template, pages, title) = (1, 1, "文书".to_owned());
        let made = Made { template, title, pages, digest, code: None, signed };
        let row = self.store.file_row(&put(bytes, kind).await).await.unwrap().unwrap();
        self.lens.examine(&self.store, &self.trust, &made, &row).await.unwrap()
    }
}

fn runs<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

fn checks(seen: &SeenSignature) -> [Check; 4] {
    [seen.content, seen.signature, seen.chain, seen.in_force]
}

const HOLDS: Check = Check::Holds;
const FAILS: Check = Check::Fails;
const OPEN: Check = Check::Unjudged;

#[test]
fn a_byte_that_changed_behind_the_seal_and_before_it_is_told_apart() {
    let authority = authority(P256);
    let bench = Bench::new(&key(), &authority);
    let sealed = seal(&authority, &bench.paper);
    runs(async {
        let found = bench.finds(&sealed, PDF).await;
        assert!(found.continues && found.reading == Reading::Read);
        let [own, office] = found.signatures.as_slice() else { panic!("{found:?}") };
        assert_eq!((own.platform, own.coverage), (true, Coverage::Earlier));
        assert_eq!(
            (checks(own)[..2].to_vec(), own.chain),
            (vec![HOLDS; 2], FAILS),
            "nobody's root"
        );
        assert_eq!((office.platform, office.coverage), (false, Coverage::Whole));
        assert_eq!(checks(office), [HOLDS; 4]);

        // In a comment of our own part: both cover it, and it is no continuation any more.
        let mut other = sealed.clone();
        let comment = other.iter().position(|byte| *byte == b'\n').unwrap() + 2;
        other[comment] ^= 1;
        let found = bench.finds(&other, PDF).await;
        assert!(!found.continues);
        for one in &found.signatures {
            assert_eq!((one.content, one.signature), (FAILS, HOLDS), "{one:?}");
            assert!(!one.platform, "what does not hold is not the platform's word");
        }

        // Something behind the seal: it still holds, and does not cover the whole any more.
        let more = seal(&authority, &sealed);
        let found = bench.finds(&more, PDF).await;
        let told: Vec<_> = found.signatures.iter().map(|one| (one.coverage, one.content)).collect();
        let (earlier, whole) = ((Coverage::Earlier, HOLDS), (Coverage::Whole, HOLDS));
        assert_eq!(told, [earlier, earlier, whole]);
        let cut = [&sealed[..], b"% a line\n%%EOF\n"].concat();
        assert_eq!(bench.finds(&cut, PDF).await.signatures[1].coverage, Coverage::Earlier);

        // A signature over other bytes, put into this file.
        let hole = found_hole(&sealed);
        let strange = authority.sign(SEAL, b"other bytes");
        let mut other = sealed.clone();
        // Signatures differ in length: nothing of the one before stays behind it.
        other[hole..hole + 2 * authority_length(&sealed[hole..])].fill(b'0');
        for (at, digit) in (hole..).zip(hex::encode(&strange).bytes()) {
            other[at] = digit;
        }
        let found = bench.finds(&other, PDF).await;
        assert_eq!((found.signatures[1].content, found.signatures[1].signature), (FAILS, HOLDS));
        // Its signature value flipped: the last byte of what stands in the hole.
        let length = authority_length(&sealed[hole..]);
        let mut other = sealed.clone();
        let last = hole + 2 * length - 1;
        other[last] = if other[last] == b'0' { b'1' } else { b'0' };
        let found = bench.finds(&other, PDF).await;
        assert_eq!(found.signatures[1].content, HOLDS);
        assert_ne!(found.signatures[1].signature, HOLDS);
    });
}

/// Where the digits of the last signature begin.
fn found_hole(file: &[u8]) -> usize {
    let word = b"/Contents <";
    file.windows(word.len()).rposition(|window| window == word).unwrap() + word.len()
}

/// How long the DER in these digits is.
fn authority_length(digits: &[u8]) -> usize {
    let byte = |at: usize| {
        u8::from_str_radix(std::str::from_utf8(&digits[2 * at..2 * at + 2]).unwrap(), 16)
    };
    assert_eq!(byte(1).unwrap(), 0x82);
    4 + usize::from(byte(2).unwrap()) * 256 + usize::from(byte(3).unwrap())
}

#[test]
fn a_seal_of_a_kind_that_is_not_judged_is_said_to_be_so() {
    let authority = authority(P256);
    let bench = Bench::new(&key(), &authority);
    let sealed = seal(&authority, &bench.paper);
    let renamed = |to: &[u8; 19]| {
        let mut other = sealed.clone();
        let word = b"ETSI.CAdES.detached";
        let at = other.windows(word.len()).rposition(|window| window == word).unwrap();
        other[at..at + word.len()].copy_from_slice(to);
        other
    };
    runs(async {
        for format in [b"GMSeal.GBT38540.v4.", b"adbe.pkcs7.sha1....", b"ETSI.RFC3161......."] {
            let found = bench.finds(&renamed(format), PDF).await;
            let office = &found.signatures[1];
            assert_eq!(office.format.as_bytes(), format);
            assert_eq!((checks(office), office.signer.is_none()), ([OPEN; 4], true));
            assert!(found.continues);
        }
        // Not CMS at all, an SM2 signature by a key of that kind is read where it is CMS.
        let at = date(2026, 6, 5).at(9, 30, 0, 0);
        let stamp = Stamp { at, name: "某厅", reason: "印章", room: 64 };
        let other = signed(&bench.paper, &stamp, |_| Ok(vec![0x30; 64])).unwrap();
        assert_eq!(checks(&bench.finds(&other, PDF).await.signatures[1]), [OPEN; 4]);

        let ofd = bench.finds(&crate::inspect::samples::ofd(), "application/ofd").await;
        assert_eq!((ofd.reading, ofd.continues), (Reading::Foreign, false));
        let png = bench.finds(&crate::inspect::samples::png(), "image/png").await;
        assert_eq!((png.reading, png.continues), (Reading::Scan, false));
        let plain = bench.finds(pdf("no signature").as_bytes(), PDF).await;
        assert_eq!((plain.reading, plain.signatures), (Reading::Read, vec![]));
        let bare = bench.finds(&bench.paper, PDF).await;
        assert_eq!((bare.continues, bare.signatures.len()), (true, 1));
    });
}

#[test]
fn a_certificate_that_does_not_count_is_told_and_refused_by_nobody() {
    let authority = authority(RSA);
    let bench = Bench::new(&key(), &self::authority(RSA));
    let at = date(2028, 6, 5).at(9, 30, 0, 0);
    let stamp = Stamp { at, name: "某厅", reason: "印章", room: 8192 };
    let late = signed(&bench.paper, &stamp, |covered| Ok(authority.sign(SEAL, covered))).unwrap();
    runs(async {
        let found = bench.finds(&late, PDF).await;
        let office = &found.signatures[1];
        assert_eq!(checks(office), [HOLDS, HOLDS, FAILS, FAILS], "another's root, and expired");
        let signer = office.signer.as_ref().unwrap();
        assert_eq!((signer.from, signer.until), (date(2026, 1, 1), date(2027, 1, 1)));
        assert_eq!(
            (signer.subject.value.as_str(), signer.issuer.as_str()),
            ("CN=seal", "CN=fictional root")
        );
        // Without any root nothing is said of where it comes from.
        let bench = Bench { trust: Trust::NOBODY, ..bench };
        assert_eq!(bench.finds(&late, PDF).await.signatures[1].chain, OPEN);
    });
}

/// A program that only looks like the helper.
fn program(folder: &std::path::Path, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let place = folder.join(name);
    std::fs::write(&place, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
    place
}

#[test]
fn whatever_a_file_or_a_helper_does_the_office_goes_on() {
    let authority = authority(P256);
    let mut bench = Bench::new(&key(), &authority);
    let sealed = seal(&authority, &bench.paper);
    runs(async {
        let half = sealed.len() / 2;
        let deep =
            [&b"%PDF-1.7\n1 0 obj\n"[..], &b"[".repeat(200_000), b"\nendobj\nstartxref\n0\n%%EOF"]
                .concat();
        for bytes in [&b""[..], b"%PDF-1.7", &vec![0xFF; 70_000], &sealed[half..], &deep] {
            let found = bench.finds(bytes, PDF).await;
            let broken = found.signatures.iter().all(|one| one.coverage == Coverage::Broken);
            assert!(broken && !found.continues, "{found:?}");
        }
        // Half of it goes on for as far as it goes; nothing is taken for covered that is not there.
        let found = bench.finds(&sealed[..sealed.len() - 200], PDF).await;
        assert!(found.signatures.iter().all(|one| one.coverage != Coverage::Whole), "{found:?}");

        let folder = tempfile::tempdir().unwrap();
        let place = r#"{"field":"","format":"ETSI.CAdES.detached","hole":{"start":10,"end":99999999},"end":999999999,"whole":true,"at":null,"name":"","reason":""}"#;
        let helpers = [
            ("nothing", "/bin/cat >/dev/null".to_owned(), Reading::Unreadable),
            ("none", "exit 1".to_owned(), Reading::Unreadable),
            ("slow", "exec /bin/sleep 600".to_owned(), Reading::Unreadable),
            ("endless", "exec /bin/cat /dev/zero".to_owned(), Reading::Unreadable),
            ("words", "echo '<svg/>'".to_owned(), Reading::Unreadable),
            ("outside", format!("/bin/cat >/dev/null; echo '{{\"Ok\":[{place}]}}'"), Reading::Read),
        ];
        for (name, text, reading) in helpers {
            let lens = Lens::by(program(folder.path(), name, &text));
            let patience = Duration::from_millis(if name == "slow" { 300 } else { 60_000 });
            bench.lens = lens.patient(patience);
            let found = bench.finds(&sealed, PDF).await;
            assert_eq!((found.reading, found.continues), (reading, true), "{name}");
            assert!(found.signatures.iter().all(|one| one.content == FAILS), "{name}: {found:?}");
        }
        bench.lens = Lens::by("/nonexistent".into());
        assert_eq!(bench.finds(&sealed, PDF).await.reading, Reading::Unreadable);
    });
}

/// Signed by pyHanko: behind the last byte of a file, or a file of its own making.
fn by_pyhanko(
    python: &PathBuf,
    authority: &Authority,
    file: Option<&[u8]>,
    field: &str,
    kind: &str,
) -> Vec<u8> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/sign_with_pyhanko.py");
    let (source, target) = (file.map(laid_down), laid_down(b""));
    let paths = ["seal.key", "seal.pem", "root.pem"].map(|name| authority.path(name));
    let run = Command::new(python)
        .arg(script)
        .args(paths)
        .arg(source.as_ref().map_or("-".as_ref(), |file| file.path()))
        .args([target.path().as_os_str(), field.as_ref(), kind.as_ref()])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::read(target.path()).unwrap()
}

#[test]
fn what_another_program_signed_is_found_and_judged() {
    let Some(python) = pyhanko() else { return };
    for kind in [P256, RSA] {
        let authority = authority(kind);
        let bench = Bench::new(&key(), &authority);
        let once = by_pyhanko(&python, &authority, Some(&bench.paper), "Seal", "pades");
        let twice = by_pyhanko(&python, &authority, Some(&once), "Seal2", "adbe");
        runs(async {
            let found = bench.finds(&once, PDF).await;
            assert!(found.continues);
            let [own, office] = found.signatures.as_slice() else { panic!("{found:?}") };
            assert!(own.platform);
            assert_eq!((office.field.as_str(), office.coverage), ("Seal", Coverage::Whole));
            assert_eq!(checks(office)[..3], [HOLDS; 3], "{office:?}");
            let said = (office.name.as_ref().unwrap(), office.reason.as_ref().unwrap());
            assert_eq!(
                (said.0.value.as_str(), said.1.value.as_str()),
                ("fictional office", "fictional seal")
            );
            assert!(office.claimed_at.is_some());

            let found = bench.finds(&twice, PDF).await;
            let told: Vec<_> = found
                .signatures
                .iter()
                .map(|one| (one.coverage, one.content, one.signature))
                .collect();
            let earlier = (Coverage::Earlier, HOLDS, HOLDS);
            assert_eq!(told, [earlier, earlier, (Coverage::Whole, HOLDS, HOLDS)]);
            assert_eq!(found.signatures[2].format, "adbe.pkcs7.detached");

            let strange = by_pyhanko(&python, &authority, None, "OfficeSeal", "pades");
            assert!(
                !strange.windows(4).any(|window| window == b"\nxref"),
                "places stand in streams"
            );
            let found = bench.finds(&strange, PDF).await;
            assert!(!found.continues);
            let [office] = found.signatures.as_slice() else { panic!("{found:?}") };
            assert_eq!(office.field, "OfficeSeal");
            assert_eq!(
                (office.coverage, checks(office)[0], office.signature),
                (Coverage::Whole, HOLDS, HOLDS)
            );
            let mut other = strange.clone();
            other[9] ^= 1;
            let found = bench.finds(&other, PDF).await;
            assert!(found.signatures.iter().all(|one| one.content != HOLDS), "{found:?}");
        });
    }
}
