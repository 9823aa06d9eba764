//! 核对证据包 — from its bytes alone: each thing that was checked is a line, and whether it holds.

use std::collections::BTreeMap;

use consortium::agreement::Method;
use consortium::agreement::statement::{Deed, FORM, title};
use consortium::ids::Digest;
use jiff::civil::DateTime;
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::der::Encode;

use super::archive::{self, Entry};
use super::journal::{self, Kept};
use super::manifest::{
    ActRecord, CANONICAL, FORMAT, FileRecord, JOURNAL, MANIFEST, Manifest, PERSONS, ProofRecord,
    ROOTS, SIGNATURE, SlotRecord,
};
use crate::office::digest_of;
use crate::passkey;
use crate::platform_key::PlatformKey;
use crate::signing::trust::certificates;
use crate::signing::{Trust, cms, sm3_of};

/// What the person who checks trusts by themselves.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Roots for the signers' certificates; those in the package where there are none.
    pub roots: Option<Trust>,
    /// The platform's certificate; the one in the package where there is none.
    pub platform: Option<Certificate>,
    /// The address of the platform, at which passkeys must have signed; any where there is none.
    pub site: Option<String>,
}

/// What signatures are held against.
#[derive(Clone, Copy)]
struct Trusted<'a> {
    roots: &'a Trust,
    site: Option<&'a str>,
}

/// A thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it holds.
    pub holds: bool,
    /// What it is, or what is wrong.
    pub words: String,
}

/// What was wrong, in words.
type Outcome<T = String> = Result<T, String>;

/// Checks a package; it is evidence where every line holds.
pub fn check(bytes: &[u8], known: &Known) -> Vec<Line> {
    let mut lines = Lines::default();
    if let Some(package) = lines.keep(Package::open(bytes)) {
        lines.add("压缩包", Ok("字节没有改动，文件与清单一致".to_owned()));
        lines.add("平台签名", package.platform(known));
        lines.add("协议规范文本", package.canonical());
        let entries = package.journal();
        lines.add("事项记录", entries.as_ref().map(|all| told(all)).map_err(Clone::clone));
        let entries = entries.unwrap_or_default();
        lines.add("个人信息", package.persons(&entries));
        lines.add("签署过程", package.course(&entries));
        let roots = known.roots.clone().unwrap_or_else(|| package.roots());
        let trusted = Trusted { roots: &roots, site: known.site.as_deref() };
        for slot in &package.manifest.slots {
            for (act, deed) in [(&slot.signature, Deed::Signature), (&slot.seal, Deed::Seal)] {
                let what = format!("{} {}", slot.name, deed.term());
                lines.add(&what, package.act(slot, act, deed, &entries, trusted));
            }
        }
    }
    lines.0
}

fn told(entries: &[Kept]) -> String {
    format!("{} 条，前后以摘要相链，没有缺漏", entries.len())
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, what: &str, outcome: Outcome) {
        let holds = outcome.is_ok();
        let words = outcome.unwrap_or_else(|fault| fault);
        self.0.push(Line { holds, words: format!("{what}：{words}") });
    }

    fn keep<T>(&mut self, outcome: Outcome<T>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(fault) => {
                self.add("压缩包", Err(fault));
                None
            }
        }
    }
}

/// A package whose entries are those of its manifest.
struct Package {
    manifest: Manifest,
    /// The manifest as it was signed.
    text: Vec<u8>,
    signature: Vec<u8>,
    entries: BTreeMap<String, Vec<u8>>,
    /// The paths by the digests of what they hold.
    paths: BTreeMap<Digest, String>,
}

impl Package {
    fn open(bytes: &[u8]) -> Outcome<Self> {
        let mut entries = archive::read(bytes).map_err(|fault| fault.to_string())?;
        let last = |entries: &mut Vec<Entry>, path: &str| {
            let entry = entries.pop().filter(|(found, _)| found == path);
            entry.map(|(_, bytes)| bytes).ok_or_else(|| format!("缺“{path}”"))
        };
        let signature = last(&mut entries, SIGNATURE)?;
        let text = last(&mut entries, MANIFEST)?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|_| "清单读不出".to_owned())?;
        if manifest.format != FORMAT {
            return Err(format!("这是 {} 格式的包，用制作它的版本核对", manifest.format));
        }
        let again = serde_json_canonicalizer::to_vec(&manifest);
        if again.map_err(|fault| fault.to_string())? != text {
            return Err("清单不是规范写法".to_owned());
        }
        let found: Vec<FileRecord> =
            entries.iter().map(|(path, bytes)| FileRecord::of(path, bytes)).collect();
        same_files(&manifest.files, &found)?;
        let paths = found.into_iter().map(|file| (file.sha256, file.path)).collect();
        Ok(Self { manifest, text, signature, entries: entries.into_iter().collect(), paths })
    }

    fn entry(&self, path: &str) -> Outcome<&[u8]> {
        self.entries.get(path).map(Vec::as_slice).ok_or_else(|| format!("缺“{path}”"))
    }

    fn by_digest(&self, digest: &Digest, what: &str) -> Outcome<&[u8]> {
        let path = self.paths.get(digest).ok_or_else(|| format!("包里没有{what}"))?;
        self.entry(path)
    }

    fn roots(&self) -> Trust {
        Trust::of(self.entries.get(ROOTS).map(|pem| certificates(pem)).unwrap_or_default())
    }

    /// The platform signed this manifest, with the certificate it names.
    fn platform(&self, known: &Known) -> Outcome {
        if !PlatformKey::writes_so(&self.signature, &self.text) {
            return Err("签名的写法有改动，或者签的不是这份清单".to_owned());
        }
        let trust = match &known.platform {
            Some(own) => Trust::of(vec![own.clone()]),
            None => Trust::of(cms::certificates(&self.signature)),
        };
        let signer = cms::verify(&self.text, &self.signature, &trust, self.manifest.made_at)
            .map_err(|fault| fault.to_string())?;
        if signer.certificate != self.manifest.platform {
            return Err("签名的证书不是清单写明的平台证书".to_owned());
        }
        let pinned = known
            .platform
            .as_ref()
            .is_some_and(|own| own.to_der().is_ok_and(|der| digest_of(&der) == signer.certificate));
        let how = if pinned { "与给定的平台证书一致" } else { "平台证书指纹" };
        Ok(format!("清单由“{}”签名，{how} {}", signer.subject, signer.certificate.0))
    }

    /// The text that was signed has the digests of the manifest, is in its one form, and names the
    /// parties whose slots follow.
    fn canonical(&self) -> Outcome {
        let bytes = self.entry(CANONICAL)?;
        if digest_of(bytes) != self.manifest.sha256 || sm3_of(bytes) != self.manifest.sm3 {
            return Err("摘要与清单不符".to_owned());
        }
        let Ok(content) = serde_json::from_slice::<Value>(bytes) else {
            let earlier = bytes.starts_with(b"chuanglian-agreement-1\n");
            return if earlier {
                Ok(format!("第 1 版写法，SHA-256 {}", self.manifest.sha256.0))
            } else {
                Err("不是规范文本".to_owned())
            };
        };
        if consortium::agreement::render(&content).as_bytes() != bytes {
            return Err("不是规范写法".to_owned());
        }
        let party = |field: &str, party: &Value| party[field].as_str().map(str::to_owned);
        let named: Vec<_> = content["parties"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (party("unit", one), party("name", one), party("code", one)))
            .collect();
        let slots: Vec<_> = self
            .manifest
            .slots
            .iter()
            .map(|slot| (Some(slot.unit.clone()), Some(slot.name.clone()), Some(slot.code.clone())))
            .collect();
        let no = self.manifest.supplement.map(u64::from);
        if named != slots
            || (no.is_some() && content["no"].as_u64() != no)
            || content["version"].as_u64() != Some(u64::from(self.manifest.version))
            || content["name"].as_str() != Some(&self.manifest.name)
        {
            return Err("写明的联合体、版本或者各方与清单不符".to_owned());
        }
        Ok(format!("SHA-256 {}，SM3 {}", self.manifest.sha256.0, self.manifest.sm3))
    }

    fn journal(&self) -> Outcome<Vec<Kept>> {
        let entries = journal::read(self.entry(JOURNAL)?, &self.manifest.dossier)?;
        let ends = entries.first().zip(entries.last()).map(|(one, other)| (one.seq, other.seq));
        if ends != Some(self.manifest.journal) {
            return Err("起止与清单不符".to_owned());
        }
        Ok(entries)
    }

    fn persons(&self, entries: &[Kept]) -> Outcome {
        let values = journal::opened(self.entry(PERSONS)?, entries)?;
        Ok(format!("{} 项与记录里的承诺值一致", values.len()))
    }

    /// The text was locked with these parties, and took effect when the last of them was done.
    fn course(&self, entries: &[Kept]) -> Outcome {
        let Manifest { version, sha256, effective_at, slots, .. } = &self.manifest;
        let no = self.manifest.supplement;
        let (locks, takes_effect) = match no {
            None => ("signing_started", "agreement_effective"),
            Some(_) => ("supplement_locked", "supplement_effective"),
        };
        let of_change = |entry: &&Kept| no.is_none_or(|no| entry.payload["no"] == no);
        let started = entries.first().filter(|first| first.kind == locks).filter(of_change);
        let started = started.ok_or("没有锁定文本的记录")?;
        let parties = started.payload["parties"].as_array().map_or(0, Vec::len);
        if started.payload["digest"] != sha256.0.as_str()
            || started.payload["version"] != *version
            || parties != slots.len()
        {
            return Err("锁定的文本或者签署方与清单不符".to_owned());
        }
        let effective = entries.last().filter(|last| last.kind == takes_effect).filter(of_change);
        let effective = effective.ok_or("没有协议生效的记录")?;
        let at: Option<DateTime> =
            serde_json::from_value(effective.payload["at"].clone()).unwrap_or_default();
        if effective.payload["version"] != *version || at != Some(*effective_at) {
            return Err("生效的版本或者时间与清单不符".to_owned());
        }
        if slots.iter().any(|slot| slot.signature.at.max(slot.seal.at) > *effective_at) {
            return Err("有一方的签署晚于生效".to_owned());
        }
        Ok(format!("{parties} 方签署第 {version} 版，{effective_at} 生效"))
    }

    /// A signature or a seal: the journal has it as the manifest does, and what it stands on holds.
    fn act(
        &self,
        slot: &SlotRecord,
        act: &ActRecord,
        deed: Deed,
        entries: &[Kept],
        trusted: Trusted<'_>,
    ) -> Outcome {
        let method = Method::ALL.into_iter().find(|method| method.name() == act.method);
        let method = method.ok_or_else(|| format!("没有“{}”这种方式", act.method))?;
        let no = self.recorded(slot, act, method, deed, entries)?;
        let how = match method {
            Method::AccountPassword => "登录账号后再次输入口令".to_owned(),
            Method::Paper | Method::Scan => {
                let scan = act.scan.as_ref().ok_or("清单没有写明扫描件")?;
                let bytes = self.by_digest(scan, "扫描件")?;
                format!("扫描件 {} 字节，SHA-256 {}", bytes.len(), scan.0)
            }
            Method::Certificate => self.by_certificate(slot, act, deed, trusted.roots)?,
            Method::Passkey => self.by_passkey(slot, act, deed, trusted.site)?,
        };
        if let Some(letter) = &act.letter {
            self.by_digest(letter, "授权委托书")?;
        }
        Ok(format!("{}，{}，{how}；事项记录第 {no} 条", act.at, method.term()))
    }

    /// The number of the entry by which it was done.
    fn recorded(
        &self,
        slot: &SlotRecord,
        act: &ActRecord,
        method: Method,
        deed: Deed,
        entries: &[Kept],
    ) -> Outcome<u64> {
        let kind = match (method, deed) {
            (Method::Paper, _) => "paper_confirmed",
            (_, Deed::Signature) => "signed",
            (_, Deed::Seal) => "sealed",
        };
        let of_party = |entry: &&Kept| {
            entry.kind == kind
                && entry.payload["unit"] == slot.unit.as_str()
                && moment(entry.at) == Some(act.at)
        };
        let entry = entries.iter().find(of_party).ok_or("事项记录里没有这一次")?;
        let payload = &entry.payload;
        let same = |field: &str, value: &Digest| payload[field] == value.0.as_str();
        let told = payload["version"] == self.manifest.version
            && same("digest", &self.manifest.sha256)
            // A seal by scan is written without its method.
            && (payload["method"].is_null() || payload["method"] == act.method.as_str());
        let scanned = act.scan.as_ref().is_none_or(|scan| same("scan", scan));
        let proven = act.proof.as_ref().is_none_or(|proof| {
            let kept = &payload["proof"];
            kept["statement"] == proof.statement.0.as_str()
                && kept["file"] == proof.file.0.as_str()
                && kept["key"] == proof.key.0.as_str()
        });
        if told && scanned && proven {
            Ok(entry.seq)
        } else {
            Err(format!("与事项记录第 {} 条不符", entry.seq))
        }
    }

    /// The statement that says just this and what was signed over it.
    fn proven<'a>(
        &'a self,
        slot: &SlotRecord,
        act: &'a ActRecord,
        deed: Deed,
    ) -> Outcome<(&'a ProofRecord, &'a [u8], &'a [u8])> {
        let proof = act.proof.as_ref().ok_or("清单没有写明声明和签名")?;
        let statement = self.by_digest(&proof.statement, "签署声明")?;
        self.states(statement, slot, act, deed)?;
        Ok((proof, statement, self.by_digest(&proof.file, "签名文件")?))
    }

    /// A passkey's signature: the challenge is the digest of the statement, the device verified the
    /// person, the pages were those of one site.
    fn by_passkey(
        &self,
        slot: &SlotRecord,
        act: &ActRecord,
        deed: Deed,
        site: Option<&str>,
    ) -> Outcome {
        let (proof, statement, signature) = self.proven(slot, act, deed)?;
        let signature = passkey::Signature::read(signature).map_err(|fault| fault.to_string())?;
        let seen = signature.verify(statement).map_err(|fault| fault.to_string())?;
        if seen.key != proof.key {
            return Err("签名的公钥与清单不符".to_owned());
        }
        if let Some(own) = site.filter(|own| own.trim_end_matches('/') != seen.origin) {
            return Err(format!("签名是在 {} 上作出的，不是 {own}", seen.origin));
        }
        Ok(format!("在 {} 上由设备验证本人，公钥 {}，签名验证通过", seen.origin, seen.key.0))
    }

    /// A certificate's signature over a statement that says just this.
    fn by_certificate(
        &self,
        slot: &SlotRecord,
        act: &ActRecord,
        deed: Deed,
        roots: &Trust,
    ) -> Outcome {
        let (proof, statement, signature) = self.proven(slot, act, deed)?;
        let signer =
            cms::verify(statement, signature, roots, act.at).map_err(|fault| fault.to_string())?;
        if signer.certificate != proof.key {
            return Err("签名的证书与清单不符".to_owned());
        }
        Ok(format!("证书“{}”，签名验证通过", signer.subject))
    }

    /// The statement is about this agreement, this version, this party and this deed.
    fn states(
        &self,
        statement: &[u8],
        slot: &SlotRecord,
        act: &ActRecord,
        deed: Deed,
    ) -> Outcome<()> {
        let text = std::str::from_utf8(statement).map_err(|_| "签署声明不是文本")?;
        let Manifest { dossier, name, version, sha256, sm3, .. } = &self.manifest;
        let letter = act.letter.as_ref().map_or("无", |letter| letter.0.as_str());
        let wanted = [
            FORM.to_owned(),
            format!("协议：{}", title(name, self.manifest.supplement)),
            format!("卷宗：{dossier}"),
            format!("版本：第{version}版"),
            format!("内容摘要 SHA-256：{}", sha256.0),
            format!("内容摘要 SM3：{sm3}"),
            format!("签署方：{}（{}）", slot.name, slot.code),
            format!("授权委托书 SHA-256：{letter}"),
            format!("行为：{}", deed.term()),
        ];
        let lines: Vec<&str> = text.lines().collect();
        match wanted.iter().find(|line| !lines.contains(&line.as_str())) {
            None => Ok(()),
            Some(line) => Err(format!("签署声明里没有“{line}”")),
        }
    }
}

fn same_files(listed: &[FileRecord], found: &[FileRecord]) -> Outcome<()> {
    if let Some(odd) = found.iter().find(|file| !listed.contains(file)) {
        return Err(format!("“{}”与清单不符", odd.path));
    }
    if listed == found { Ok(()) } else { Err("清单里有文件不在包里".to_owned()) }
}

fn moment(at_ms: i64) -> Option<DateTime> {
    let at = jiff::Timestamp::from_millisecond(at_ms).ok()?;
    Some(at.to_zoned(crate::clock::zone()).datetime())
}
