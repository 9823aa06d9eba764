//! 证据包 — what shows who signed what holds without the platform, and no byte of it may change.

use std::fs;
use std::process::Command as Program;

use axum::body::Body;
use axum::http::{Method, header};
use consortium::ids::DossierId;
use serde_json::json;
use server::evidence::{self, Known, archive};

use crate::certificates::{Authority, P256, RSA};
use crate::house::House;
use crate::kill::program;
use crate::passkeys::{registered, signs};
use crate::place::Engine;
use crate::tale::{MEMBERS, Tale, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";
/// Bytes between two that are flipped: a prime, so that every part of the package has its turn.
const STEP: usize = 997;

/// A unit signs or seals over the API with its own certificate.
async fn by_certificate(tale: &Tale<'_>, authority: &Authority, who: &str, deed: &str) {
    let house = tale.house;
    let asked = house.post(who, &tale.path("/statements"), &json!({ "deed": deed })).await;
    assert_eq!(asked.status.as_u16(), 201, "{}", asked.body);
    let issued = asked.json();
    let text = issued["text"].as_str().unwrap();
    let signature = authority.sign(who.trim_end_matches("-fr"), text.as_bytes());
    let place = format!("/statements/{}/signature", issued["digest"].as_str().unwrap());
    let request = house.request(who, Method::POST, &tale.path(&place));
    let request = request.header(header::CONTENT_TYPE, "application/pkcs7-signature");
    let done = house.send(request.body(Body::from(signature)).unwrap()).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
    assert!(done.body.contains(if deed == "sign" { "签字" } else { "加盖公章" }), "{}", done.body);
}

/// The agreement in force: two parties by certificate, one by passkey, the others by account and sealed page.
async fn in_force<'a>(house: &'a House, authority: &Authority) -> Tale<'a> {
    let tale = told(house, NAME, "signing").await;
    house.on_day("2026-03-02");
    house.state.office.trust(authority.trust());
    for (unit, kind) in [("yunchuan", P256), ("jinling", RSA)] {
        authority.leaf(unit, kind);
        by_certificate(&tale, authority, &format!("{unit}-fr"), "sign").await;
        by_certificate(&tale, authority, unit, "seal").await;
    }
    let none = house.get("yunchuan", &tale.path("/evidence")).await;
    assert_eq!(none.status.as_u16(), 404, "nothing is in force yet");
    let mut device = registered(house, "saibei-fr", 40).await;
    signs(&tale, "saibei-fr", &mut device).await;
    tale.sign(&MEMBERS[1..]).await;
    tale
}

pub(crate) async fn a_package_holds_without_the_platform(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let tale = in_force(&house, &authority).await;
    server::papers::press::press_all(&house.state).await.unwrap();
    let id = DossierId::from(tale.id.as_str());
    let actor = house.actor("saibei");
    let package = evidence::package(&house.state, &actor, &id, None).await.unwrap().unwrap();
    let lines = evidence::check(&package.bytes, &Known::default());
    assert!(lines.iter().all(|line| line.holds), "{lines:#?}");
    // Six lines about the whole, and a signature and a seal of each of five parties.
    assert_eq!(lines.len(), 6 + 2 * (1 + MEMBERS.len()), "{lines:#?}");
    let entries = archive::read(&package.bytes).unwrap();
    let names: Vec<&str> = entries.iter().map(|(path, _)| path.as_str()).collect();
    assert!(names.contains(&"组建协议.pdf"), "{names:?}");
    assert!(names.contains(&"各方/01 内蒙古云川储能科技有限公司/签字.p7s"), "{names:?}");
    who_may_have_it(&tale).await;
    let text = house.get("saibei", &tale.path("/agreement")).await;
    assert_eq!(text.body.as_bytes(), entries[1].1, "the text that was signed");
    by_the_program(&authority, &house, &package.bytes, &entries);
}

/// The parties, their authority and the Department; nobody else.
async fn who_may_have_it(tale: &Tale<'_>) {
    for (who, status) in
        [("yunchuan", 200), ("caoyuan", 200), ("yuantu", 404), ("operator", 404), ("", 404)]
    {
        for path in ["/evidence", "/agreement"] {
            let reply = tale.house.get(who, &tale.path(path)).await;
            assert_eq!(reply.status.as_u16(), status, "{who} {path}: {}", reply.body);
        }
    }
}

/// The program and OpenSSL agree, with roots of one's own too.
fn by_the_program(authority: &Authority, house: &House, bytes: &[u8], entries: &[archive::Entry]) {
    let ground = tempfile::tempdir().unwrap();
    let file = ground.path().join("package.zip");
    fs::write(&file, bytes).unwrap();
    let trust = ground.path().join("trust");
    fs::create_dir(&trust).unwrap();
    let verify = |more: &[&str]| {
        let told = Program::new(program())
            .args(["verify", file.to_str().unwrap()])
            .args(more)
            .env("CHUANGLIAN_DATA", ground.path().join("none"))
            .output()
            .unwrap();
        (told.status.success(), String::from_utf8(told.stdout).unwrap())
    };
    let (good, words) = verify(&[]);
    assert!(good && words.contains("全部核对无误"), "{words}");
    let platform = ground.path().join("platform.pem");
    fs::write(&platform, house.state.key.certificates_pem().unwrap()).unwrap();
    let pinned = ["--platform", platform.to_str().unwrap()];
    assert!(verify(&pinned).0);
    // Nobody is trusted whom the checker does not trust.
    let own = ["--trust", trust.to_str().unwrap()];
    let (good, words) = verify(&own);
    assert!(!good && words.contains("不是平台认可的机构签发的"), "{words}");
    fs::write(trust.join("root.pem"), authority.trust().pem()).unwrap();
    assert!(verify(&own).0);
    let root = trust.join("root.pem");
    let root = root.to_str().unwrap();
    let folder = "各方/01 内蒙古云川储能科技有限公司";
    let by_hand = [
        (format!("{folder}/签字.p7s"), format!("{folder}/签字声明.txt"), vec!["-CAfile", root]),
        ("清单.p7s".to_owned(), "清单.json".to_owned(), vec!["-noverify"]),
    ];
    let site = |site: &str| verify(&["--site", site]);
    let (good, words) = site("http://localhost:8080/");
    assert!(good && words.contains("在 http://localhost:8080 上由设备验证本人"), "{words}");
    let (good, words) = site("https://lhtbeian.example");
    assert!(!good && words.contains("不是 https://lhtbeian.example"), "{words}");
    a_passkey_by_hand(entries);
    for (signature, content, how) in by_hand {
        let entry = |path: &str| &entries.iter().find(|(found, _)| found == path).unwrap().1;
        fs::write(ground.path().join("p7s"), entry(&signature)).unwrap();
        fs::write(ground.path().join("content"), entry(&content)).unwrap();
        let told = Program::new("openssl")
            .args(["cms", "-verify", "-binary", "-inform", "DER", "-in", "p7s"])
            .args(["-content", "content", "-purpose", "any", "-out", "/dev/null"])
            // The certificates are of the year of the story.
            .args(["-attime", "1772420400"])
            .args(how)
            .current_dir(ground.path())
            .output()
            .unwrap();
        assert!(told.status.success(), "{signature}: {}", String::from_utf8_lossy(&told.stderr));
    }
}

/// The steps that the package itself explains, carried out as they stand.
fn a_passkey_by_hand(entries: &[archive::Entry]) {
    let ground = tempfile::tempdir().unwrap();
    let (path, _) = entries.iter().find(|(path, _)| path.ends_with("签字.json")).expect("one");
    let folder = path.rsplit_once('/').unwrap().0;
    for name in ["签字.json", "签字声明.txt"] {
        let (_, bytes) =
            entries.iter().find(|(path, _)| *path == format!("{folder}/{name}")).unwrap();
        fs::write(ground.path().join(name), bytes).unwrap();
    }
    let (_, readme) = &entries[0];
    let readme = String::from_utf8(readme.clone()).unwrap();
    let block = readme.split("```sh\n").find(|block| block.trim_start().starts_with("python3"));
    let steps = block.unwrap().split("```").next().unwrap();
    let steps = steps.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
    let run =
        || Program::new("sh").args(["-ec", &steps]).current_dir(ground.path()).output().unwrap();
    let told = run();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    assert!(String::from_utf8_lossy(&told.stdout).contains("Verified OK"));
    let statement = ground.path().join("签字声明.txt");
    let text = fs::read_to_string(&statement).unwrap();
    fs::write(&statement, text.replace("第1版", "第2版")).unwrap();
    assert!(!run().status.success(), "another statement");
}

/// A package knows no engine.
#[test]
fn no_byte_of_a_package_may_be_another() {
    crate::run(Engine::Sqlite, every_byte);
}

async fn every_byte(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let tale = in_force(&house, &authority).await;
    let id = DossierId::from(tale.id.as_str());
    let actor = house.actor("reviewer");
    let none = evidence::package(&house.state, &actor, &id, None).await;
    assert!(none.is_err(), "the Department sees it once it was submitted");
    let actor = house.actor("yunchuan");
    let package = evidence::package(&house.state, &actor, &id, None).await.unwrap().unwrap().bytes;
    let wrong =
        |bytes: &[u8]| evidence::check(bytes, &Known::default()).iter().any(|line| !line.holds);
    assert!(!wrong(&package));
    for at in (0..package.len()).step_by(STEP) {
        let mut other = package.clone();
        other[at] ^= 1;
        assert!(wrong(&other), "byte {at} of {}", package.len());
    }
    every_byte_of_the_manifest(&package, wrong);
    someone_elses(&package, wrong);
}

/// In the manifest and in the signature over it, each byte.
fn every_byte_of_the_manifest(package: &[u8], wrong: impl Fn(&[u8]) -> bool) {
    let entries = archive::read(package).unwrap();
    for at in [entries.len() - 2, entries.len() - 1] {
        for byte in 0..entries[at].1.len() {
            let mut other = entries.clone();
            other[at].1[byte] ^= 1;
            let bytes = archive::write(&other).unwrap();
            assert!(wrong(&bytes), "{}: byte {byte}", entries[at].0);
        }
    }
}

/// An archive that is whole but for what a forger left out, put in or exchanged.
fn someone_elses(package: &[u8], wrong: impl Fn(&[u8]) -> bool) {
    let entries = archive::read(package).unwrap();
    let forged = |change: &dyn Fn(&mut Vec<archive::Entry>)| {
        let mut other = entries.clone();
        change(&mut other);
        wrong(&archive::write(&other).unwrap())
    };
    assert!(forged(&|all| drop(all.remove(0))));
    assert!(forged(&|all| all.insert(0, ("多的.txt".to_owned(), vec![]))));
    assert!(forged(&|all| all.swap(0, 1)));
    assert!(forged(&|all| drop(all.pop())));
    // Another platform's signature over the same manifest, as if it were this one's.
    let at = a_day_of_the_story();
    let other = server::platform_key::PlatformKey::fresh(at).unwrap();
    assert!(forged(&|all| {
        let manifest = all[all.len() - 2].1.clone();
        all.last_mut().unwrap().1 = other.sign(&manifest).unwrap();
    }));
}

fn a_day_of_the_story() -> jiff::Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}
