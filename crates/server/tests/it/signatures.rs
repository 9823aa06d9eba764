//! 平台签名 — two programs of others find every signature valid, and one byte that changed.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use documents::paper::{Check, NotRecommended};
use documents::{Body, Consortium, Document, Fonts, Head};
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use server::papers::press::press_all;
use server::platform_key::PlatformKey;

use crate::house::House;
use crate::pages::opens;
use crate::place::Engine;
use crate::tale::told;

fn at(minute: i8) -> DateTime {
    date(2026, 3, 5).at(9, minute, 0, 0)
}

pub(crate) fn key() -> PlatformKey {
    let now = date(2026, 3, 2).at(9, 0, 0, 0).to_zoned(server::clock::zone()).unwrap();
    PlatformKey::fresh(now.timestamp()).unwrap()
}

/// A paper without a signature.
pub(crate) fn paper() -> Vec<u8> {
    let words = |words: &str| words.to_owned();
    let document = Document {
        head: Head {
            dossier: words("d-1"),
            event: 4,
            on: date(2026, 3, 5),
            office: words("呼和浩特市科学技术局"),
            consortium: Consortium {
                name: words("内蒙古自治区签名甲号储能创新联合体"),
                lead: words("内蒙古云川储能科技有限公司"),
                members: Vec::new(),
                authority: words("呼和浩特市科学技术局"),
                field: words("新能源与节能"),
            },
            check: Check {
                code: words("7K3M-9Q2X-41GH-T05V"),
                link: words("http://127.0.0.1/verify"),
            },
        },
        body: Body::NotRecommended(NotRecommended {
            reason: words("材料不足以说明创新能力。")
        }),
    };
    documents::render(&document, &Fonts::built_in()).unwrap().bytes
}

/// A file for a program of others.
pub(crate) fn laid_down(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// What poppler says of each signature: whether it is valid, and whether it covers the whole file.
fn poppler(bytes: &[u8]) -> Vec<(bool, bool)> {
    let file = laid_down(bytes);
    let run = Command::new("pdfsig").arg("-nocert").arg(file.path()).output();
    let run = run.expect("poppler-utils is installed: scripts/test does so");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let mut parts = said.split("Signature #");
    parts.next();
    parts
        .map(|part| (part.contains("Signature is Valid."), part.contains("Total document signed")))
        .collect()
}

/// Where pyHanko is; `None` where it is not and nobody demands it.
pub(crate) fn pyhanko() -> Option<PathBuf> {
    let place = std::env::var_os("CHUANGLIAN_PYHANKO").map(PathBuf::from);
    let required = std::env::var("CHUANGLIAN_REQUIRE_PYHANKO").is_ok_and(|value| value == "1");
    assert!(place.is_some() || !required, "scripts/test installs pyHanko and says where it is");
    if place.is_none() {
        eprintln!("skipped: no pyHanko; scripts/test installs it");
    }
    place
}

/// What pyHanko says of each signature; an error in reading is none.
fn pyhanko_says(python: &PathBuf, key: &PlatformKey, bytes: &[u8]) -> Vec<Value> {
    let (trusted, file) = (laid_down(key.certificates_pem().unwrap().as_bytes()), laid_down(bytes));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/read_signatures.py");
    let run =
        Command::new(python).arg(script).arg(trusted.path()).arg(file.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_two_and_three_signatures_are_valid_each() {
    let key = key();
    let mut file = paper();
    for count in 1..=3_i8 {
        let next = key.sign_paper(&file, at(count)).unwrap();
        assert_eq!(next[..file.len()], file[..], "nothing changes before a signature");
        assert_eq!(next, key.sign_paper(&file, at(count)).unwrap(), "the same bytes again");
        file = next;
        let found = poppler(&file);
        let count = usize::try_from(count).unwrap();
        assert!(found.iter().all(|(valid, _)| *valid), "{found:?}");
        let whole: Vec<_> = found.iter().map(|(_, whole)| *whole).collect();
        assert_eq!(
            whole,
            (1..=count).map(|at| at == count).collect::<Vec<_>>(),
            "the last covers all"
        );

        let Some(python) = pyhanko() else { continue };
        let said = pyhanko_says(&python, &key, &file);
        assert_eq!(said.len(), count);
        for (at, one) in said.iter().enumerate() {
            let coverage = if at + 1 == count { "ENTIRE_FILE" } else { "ENTIRE_REVISION" };
            let expected = json!({
                "intact": true, "valid": true, "trusted": true, "bottom_line": true,
                "coverage": coverage, "subfilter": "/ETSI.CAdES.detached",
            });
            assert_eq!(*one, expected, "signature {at} of {count}");
        }
    }
}

#[test]
fn a_byte_that_changed_is_found() {
    let key = key();
    let paper = paper();
    let mut file = key.sign_paper(&key.sign_paper(&paper, at(1)).unwrap(), at(2)).unwrap();
    // In the second line, a comment that no reader needs to find the signatures.
    let comment = file.iter().position(|byte| *byte == b'\n').unwrap() + 2;
    assert!(comment < paper.len() && !file[comment].is_ascii());
    file[comment] ^= 1;
    assert_eq!(poppler(&file).iter().filter(|(valid, _)| *valid).count(), 0);
    let Some(python) = pyhanko() else { return };
    let said = pyhanko_says(&python, &key, &file);
    assert_eq!(said.len(), 2);
    assert!(
        said.iter().all(|one| one["intact"] == false && one["bottom_line"] == false),
        "{said:?}"
    );
}

#[test]
fn a_key_of_somebody_else_is_not_trusted() {
    let Some(python) = pyhanko() else { return };
    let file = key().sign_paper(&paper(), at(1)).unwrap();
    let said = pyhanko_says(&python, &key(), &file);
    assert_eq!((&said[0]["intact"], &said[0]["trusted"]), (&json!(true), &json!(false)));
}

pub(crate) async fn every_paper_is_signed_and_found_by_its_code(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let tale = told(&house, "内蒙古自治区签名乙号储能创新联合体", "filed").await;
    press_all(&house.state).await.unwrap();
    let papers = house.get("drafter", &format!("/api/v1/dossiers/{}/papers", tale.id)).await.json();
    let papers = papers.as_array().unwrap();
    assert!(papers.len() > 8);
    for paper in papers {
        let digest = paper["digest"].as_str().unwrap();
        let (row, bytes) = house.state.store.file(digest, 8_000_000).await.unwrap().unwrap();
        assert_eq!(row.digest, digest, "what is stored is the signed file");
        assert_eq!(paper["certificate"], house.state.key.digest().as_str());
        assert_eq!(poppler(&bytes), [(true, true)], "{paper}");
        let code = paper["code"].as_str().unwrap();

        let told = house.get("", &format!("/api/v1/verify/{code}")).await;
        assert_eq!(told.status.as_u16(), 200, "{}", told.body);
        let told = told.json();
        assert_eq!((&told["digest"], &told["kind"]), (&paper["digest"], &paper["kind"]));
        let public = ["certificate", "filing_notice", "public_notice"];
        let public = public.iter().any(|kind| paper["kind"] == *kind);
        assert_eq!(told["standing"], if public { "public" } else { "private" });
        assert_eq!(told["title"].is_null(), !public, "{told}");
        let page = opens(&house, "", &format!("/verify/{code}")).await;
        assert!(page.body.contains(digest) && page.body.contains("它不是印章"), "{}", page.body);
        assert_eq!(page.body.contains(&tale.id), public, "no address of what is not public");
        let named = told["title"].as_str().is_some_and(|title| title.contains("签名乙号"));
        assert_eq!(page.body.contains("签名乙号"), named, "no name of what is not public");

        // A digit further is no paper.
        let other = if code.starts_with('0') { '1' } else { '0' };
        let other = format!("{other}{}", &code[1..]);
        let page = opens(&house, "", &format!("/verify?code={other}")).await;
        assert_eq!(page.status, 404);
        assert!(
            page.body.contains("没有这个核验码") && page.body.contains(&other),
            "{}",
            page.body
        );
        let none = house.get("", &format!("/api/v1/verify/{other}")).await;
        assert_eq!(none.status.as_u16(), 404);
    }
    let own = opens(&house, "", "/platform.pem").await;
    assert_eq!(own.body, house.state.key.certificates_pem().unwrap());
}
