//! 数字证书签署 — signatures made by OpenSSL, an independent tool, over statements of the office.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::ContentInfo;
use cms::signed_data::{CertificateSet, SignedData, SignerIdentifier, SignerInfos};
use consortium::agreement::statement::Deed;
use consortium::ids::DossierId;
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, DecodePem, Encode};
use jiff::civil::{DateTime, date};
use serde_json::json;
use server::office::{Envelope, OfficeError};
use server::signing::cms::{Fault, verify};
use server::signing::{Trust, trust};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;

use crate::house::{House, pdf};
use crate::pages::{opens, sends};
use crate::place::Engine;
use crate::tale::{MEMBERS, told};

const NAME: &str = "内蒙古自治区电化学储能创新联合体";
/// A day within the validity of the certificates.
const DAY: DateTime = date(2026, 3, 2).at(10, 0, 0, 0);

/// A certification authority in a folder, run by OpenSSL.
pub(crate) struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    /// With a root over a key of this kind.
    pub(crate) fn new(key: &[&str], digest: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = Self { folder };
        let place = own.path("").display().to_string();
        fs::write(own.path("index.txt"), "").unwrap();
        fs::write(
            own.path("ca.cnf"),
            format!(
                "[ca]\ndefault_ca=d\n[d]\ndatabase={place}/index.txt\nnew_certs_dir={place}\n\
                 rand_serial=yes\ndefault_md={digest}\npolicy=p\nunique_subject=no\n\
                 [p]\ncommonName=supplied\n[req]\ndistinguished_name=n\n[n]\n\
                 [root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                 [leaf]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                 [cipher]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,keyEncipherment\n"
            ),
        )
        .unwrap();
        own.key("root", key);
        own.certify("root", "root", "fictional root", ("20250101", "20350101"), &["-selfsign"]);
        own
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) {
        let told = Program::new("openssl").args(args).current_dir(self.path("")).output().unwrap();
        assert!(told.status.success(), "{args:?}: {}", String::from_utf8_lossy(&told.stderr));
    }

    fn key(&self, name: &str, kind: &[&str]) {
        let file = format!("{name}.key");
        self.run(&[&["genpkey"], kind, &["-out", &file]].concat());
    }

    /// A certificate for a key, for the extensions of a section and a span of days.
    fn certify(&self, name: &str, usage: &str, who: &str, days: (&str, &str), more: &[&str]) {
        let (key, csr, pem) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        let subject = format!("/CN={who}");
        let identity = "distid:1234567812345678";
        let sm2 = fs::read_to_string(self.path("ca.cnf")).unwrap().contains("default_md=sm3");
        let signing: &[&str] = if sm2 { &["-sigopt", identity] } else { &[] };
        let verifying: &[&str] = if sm2 { &["-vfyopt", identity] } else { &[] };
        let digest: &[&str] = if sm2 { &["-sm3"] } else { &["-sha256"] };
        let req = ["req", "-new", "-config", "ca.cnf", "-utf8", "-key", &key, "-subj", &subject];
        self.run(&[&req[..], &["-out", &csr], digest, signing].concat());
        let (from, to) = (format!("{}000000Z", days.0), format!("{}000000Z", days.1));
        let mut ca = vec!["ca", "-config", "ca.cnf", "-batch", "-notext", "-utf8", "-in", &csr];
        ca.extend(["-out", &pem, "-extensions", usage, "-startdate", &from, "-enddate", &to]);
        ca.extend(["-keyfile", "root.key"]);
        if !more.contains(&"-selfsign") {
            ca.extend(["-cert", "root.pem"]);
        }
        self.run(&[&ca[..], more, signing, verifying].concat());
    }

    pub(crate) fn leaf(&self, name: &str, kind: &[&str]) {
        self.key(name, kind);
        self.certify(name, "leaf", name, ("20260101", "20270101"), &[]);
    }

    /// A detached CMS signature.
    pub(crate) fn sign(&self, name: &str, message: &[u8]) -> Vec<u8> {
        fs::write(self.path("message"), message).unwrap();
        let (pem, key) = (format!("{name}.pem"), format!("{name}.key"));
        self.run(&[
            "cms",
            "-sign",
            "-binary",
            "-in",
            "message",
            "-signer",
            &pem,
            "-inkey",
            &key,
            "-md",
            "sha256",
            "-outform",
            "DER",
            "-out",
            "signature",
        ]);
        fs::read(self.path("signature")).unwrap()
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::of(trust::certificates(&fs::read(self.path("root.pem")).unwrap()))
    }

    fn certificate(&self, name: &str) -> Certificate {
        let pem = fs::read(self.path(&format!("{name}.pem"))).unwrap();
        Certificate::from_pem(&pem).unwrap()
    }
}

pub(crate) const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub(crate) const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const SHORT_RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
const SM2: &[&str] = &["-algorithm", "SM2"];

#[test]
fn signatures_of_openssl_count_and_no_flipped_byte_does() {
    let authority = Authority::new(P256, "sha256");
    let message = "签署声明\n".as_bytes();
    for (name, kind) in [("p256", P256), ("rsa", RSA)] {
        authority.leaf(name, kind);
        let signature = authority.sign(name, message);
        let signer = verify(message, &signature, &authority.trust(), DAY).unwrap();
        assert_eq!(signer.subject, format!("CN={name}"));
        let whole = verify(message, &signature, &authority.trust(), DAY).unwrap();
        for at in 0..signature.len() {
            let mut flipped = signature.clone();
            flipped[at] ^= 1;
            // Nothing but the same signer over the same words, or no signature at all.
            if let Ok(found) = verify(message, &flipped, &authority.trust(), DAY) {
                assert_eq!(found, whole, "{name}: byte {at}");
            }
        }
        let other = verify("另一份".as_bytes(), &signature, &authority.trust(), DAY);
        assert_eq!(other, Err(Fault::OtherWords));
    }
}

#[test]
fn a_certificate_that_does_not_count_is_refused_with_the_reason() {
    let authority = Authority::new(P256, "sha256");
    let message = b"statement";
    let refused = |name: &str, trust: &Trust| {
        verify(message, &authority.sign(name, message), trust, DAY).unwrap_err()
    };
    authority.key("late", P256);
    authority.certify("late", "leaf", "late", ("20260303", "20270101"), &[]);
    assert_eq!(refused("late", &authority.trust()), Fault::Expired);
    authority.key("old", P256);
    authority.certify("old", "leaf", "old", ("20250101", "20260301"), &[]);
    assert_eq!(refused("old", &authority.trust()), Fault::Expired);
    authority.key("cipher", P256);
    authority.certify("cipher", "cipher", "cipher", ("20260101", "20270101"), &[]);
    assert_eq!(refused("cipher", &authority.trust()), Fault::Usage);
    authority.leaf("short", SHORT_RSA);
    assert_eq!(refused("short", &authority.trust()), Fault::Wrong);
    authority.leaf("good", P256);
    assert_eq!(refused("good", &Trust::default()), Fault::Untrusted);
    assert_eq!(refused("good", &Authority::new(P256, "sha256").trust()), Fault::Untrusted);
    assert_eq!(verify(message, b"nonsense", &authority.trust(), DAY), Err(Fault::Unreadable));
}

/// OpenSSL makes the SM2 keys, certificates and the signature; only the envelope is put together
/// here, because its `cms` command writes none for SM2.
#[test]
fn an_sm2_signature_counts_as_openssl_makes_it() {
    let gm = Authority::new(SM2, "sm3");
    gm.leaf("gm", SM2);
    let message = "签署声明\n".as_bytes();
    fs::write(gm.path("message"), message).unwrap();
    gm.run(&[
        "pkeyutl",
        "-sign",
        "-inkey",
        "gm.key",
        "-rawin",
        "-digest",
        "sm3",
        "-pkeyopt",
        "distid:1234567812345678",
        "-in",
        "message",
        "-out",
        "raw",
    ]);
    let template = Authority::new(P256, "sha256");
    template.leaf("plain", P256);
    let enveloped = envelope(
        &template.sign("plain", message),
        &gm.certificate("gm"),
        &fs::read(gm.path("raw")).unwrap(),
    );
    let signer = verify(message, &enveloped, &gm.trust(), DAY).unwrap();
    assert_eq!(signer.subject, "CN=gm");
    assert_eq!(verify(b"other", &enveloped, &gm.trust(), DAY), Err(Fault::Wrong));
}

/// Another signer and signature in a CMS structure, over the message itself.
fn envelope(template: &[u8], certificate: &Certificate, signature: &[u8]) -> Vec<u8> {
    let mut content = ContentInfo::from_der(template).unwrap();
    let mut data: SignedData = content.content.decode_as().unwrap();
    let mut info = data.signer_infos.0.as_slice()[0].clone();
    let tbs = certificate.tbs_certificate();
    info.sid = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: tbs.issuer().clone(),
        serial_number: tbs.serial_number().clone(),
    });
    info.digest_alg.oid = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");
    info.signature_algorithm.oid = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
    info.signed_attrs = None;
    info.signature = OctetString::new(signature).unwrap();
    data.signer_infos = SignerInfos(SetOfVec::try_from(vec![info]).unwrap());
    let choice = CertificateChoices::Certificate(certificate.clone());
    data.certificates = Some(CertificateSet(SetOfVec::try_from(vec![choice]).unwrap()));
    content.content = Any::encode_from(&data).unwrap();
    content.to_der().unwrap()
}

#[test]
fn a_folder_of_roots_is_read_whole_or_not_at_all() {
    let authority = Authority::new(P256, "sha256");
    let folder = tempfile::tempdir().unwrap();
    assert!(Trust::of_folder(&folder.path().join("none")).unwrap().is_empty());
    fs::copy(authority.path("root.pem"), folder.path().join("root.pem")).unwrap();
    fs::write(folder.path().join("notes.txt"), "not a certificate").unwrap();
    assert_eq!(Trust::of_folder(folder.path()).unwrap().len(), 1);
    fs::write(folder.path().join("broken.pem"), "not a certificate").unwrap();
    assert!(Trust::of_folder(folder.path()).is_err());
    let _: &Path = folder.path();
}

/// Everybody signs and seals by certificate; only the last makes it effective.
pub(crate) async fn certificates_sign_and_seal_exactly_what_the_office_made_out(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    let mut tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    let office = house.state.office.clone();
    office.trust(authority.trust());
    let id = DossierId::from(tale.id.as_str());
    let parties: Vec<&str> = std::iter::once("yunchuan").chain(MEMBERS.iter().copied()).collect();
    for (turn, unit) in parties.iter().enumerate() {
        let kind = if turn % 2 == 0 { P256 } else { RSA };
        authority.leaf(unit, kind);
        for deed in [Deed::Signature, Deed::Seal] {
            let who = match deed {
                Deed::Signature => format!("{unit}-fr"),
                Deed::Seal => (*unit).to_owned(),
            };
            let actor = house.actor(&who);
            let dossier = office.read(&actor, &id).await.unwrap().dossier;
            let issued = office.statement(&actor, &dossier, deed, None).await.unwrap().unwrap();
            let signature = authority.sign(unit, issued.text.as_bytes());
            // The statement of another is not this one's to use, nor of another deed.
            let other = if deed == Deed::Seal { Deed::Signature } else { Deed::Seal };
            let crossed = office
                .sign_by_certificate(
                    &actor,
                    &id,
                    (other, None),
                    &issued.digest,
                    signature.clone(),
                    key(),
                )
                .await;
            let nothing = match &crossed {
                Ok(done) => done.happened.is_empty(),
                Err(fault) => matches!(fault, OfficeError::Refused(_)),
            };
            assert!(nothing, "{crossed:?}");
            let done = office
                .sign_by_certificate(&actor, &id, (deed, None), &issued.digest, signature, key())
                .await
                .unwrap();
            let last = turn + 1 == parties.len() && deed == Deed::Seal;
            assert_eq!(done.happened.len(), if last { 2 } else { 1 }, "{:?}", done.happened);
        }
    }
    let view = tale.view("yunchuan").await;
    let slots = view["agreement"]["slots"].as_array().unwrap();
    assert!(slots.iter().all(|slot| slot["signature"] == "数字证书"), "{view}");
    assert!(view["agreement"]["effective_at"].is_string(), "{view}");
    tale.id = id.0;
}

pub(crate) async fn an_agent_brings_a_letter_that_stays_through_refusals(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    let authority = Authority::new(P256, "sha256");
    authority.leaf("agent", P256);
    let tale = told(&house, NAME, "signing").await;
    house.on_day("2026-03-02");
    house.state.office.trust(authority.trust());
    let (cookie, path) = (house.cookie("yunchuan").await, tale.page("/certificate"));
    let own = opens(&house, &house.cookie("yunchuan-fr").await, &path).await;
    assert!(!own.body.contains("授权委托书"), "whoever signs for oneself brings none");

    let none = ("letter", "", &b""[..]);
    let reply = sends(&house, &cookie, &path, &[("deed", "sign")], none).await;
    assert!(reply.status == 422 && reply.body.contains("上传授权委托书"), "{}", reply.body);
    // The letter came and the deed is owed: the letter stays.
    let letter = pdf("a letter of authority");
    let brought = ("letter", "委托书.pdf", letter.as_bytes());
    let reply = sends(&house, &cookie, &path, &[], brought).await;
    let digest = hex::encode(Sha256::digest(&letter));
    let kept = format!("name=\"letter.kept\" value=\"{digest}\"");
    assert!(reply.status == 422 && reply.body.contains(&kept), "{}", reply.body);
    // What another unit brought is not there, and what is no scan is refused beside the field.
    let (theirs, _) = house.upload("lvqing", "a letter of others").await;
    let pairs = [("deed", "sign"), ("letter.kept", theirs.as_str())];
    assert_eq!(sends(&house, &cookie, &path, &pairs, none).await.status, 422);
    let program = ("letter", "委托书.pdf", &b"MZ program"[..]);
    let reply = sends(&house, &cookie, &path, &[("deed", "sign")], program).await;
    assert!(reply.status == 422 && reply.body.contains("内容不是 PDF"), "{}", reply.body);

    let pairs = [("deed", "sign"), ("letter.kept", digest.as_str())];
    let reply = sends(&house, &cookie, &path, &pairs, none).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let place = reply.header("location").to_owned();
    let page = opens(&house, &cookie, &place).await;
    assert!(page.body.contains("委托书.pdf") && page.body.contains(&digest), "{}", page.body);
    let statement = opens(&house, &cookie, &format!("{place}/statement.txt")).await.body;
    assert!(statement.contains(&digest), "{statement}");

    // Refused, the letter is still there; signed, it goes on record.
    let other = authority.sign("agent", b"other words");
    let wrong = ("signature", "a.p7s", other.as_slice());
    let reply = sends(&house, &cookie, &place, &[], wrong).await;
    assert!(reply.status == 422 && reply.body.contains("不是这份声明"), "{}", reply.body);
    assert!(reply.body.contains("委托书.pdf") && reply.body.contains(&digest), "{}", reply.body);
    let signature = authority.sign("agent", statement.as_bytes());
    let right = ("signature", "a.p7s", signature.as_slice());
    let reply = sends(&house, &cookie, &place, &[], right).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let slots = house.get("yunchuan", &tale.path("/slots")).await.json()["slots"].clone();
    let own = slots.as_array().unwrap().iter().find(|slot| slot["unit"] == "u-yunchuan").unwrap();
    assert_eq!((&own["letter"], &own["signature_method"]), (&json!(digest), &json!("certificate")));

    // A seal needs none: what was chosen beside it says nothing.
    let pairs = [("deed", "seal"), ("letter.kept", digest.as_str())];
    let reply = sends(&house, &cookie, &path, &pairs, none).await;
    let page = opens(&house, &cookie, reply.header("location")).await;
    assert!(page.status == 200 && !page.body.contains(&digest), "{}", page.body);
}

fn key() -> Envelope {
    Envelope::default()
}
