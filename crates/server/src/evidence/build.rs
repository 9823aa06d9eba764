//! 制作证据包 — gathers what was signed and what shows it.

use std::fmt::Write;

use consortium::actor::{Actor, Side};
use consortium::agreement::{Method, statement::title};
use consortium::ids::{Digest, DossierId};
use consortium::{Dossier, access};
use documents::Kind;

use super::archive::{self, Entry, Fault};
use super::journal;
use super::manifest::{
    ActRecord, CANONICAL, FORMAT, FileRecord, JOURNAL, MANIFEST, Manifest, PAPER, PERSONS, README,
    ROOTS, SIGNATURE, SlotRecord, slots,
};
use crate::office::{OfficeError, Result, SignedRound, digest_of};
use crate::signing::sm3_of;
use crate::state::AppState;

/// A package and what to call it.
pub struct Evidence {
    /// The name of the file.
    pub name: String,
    /// The archive.
    pub bytes: Vec<u8>,
}

/// Whether somebody may have the package: whoever reads the agreement and has a part in it.
pub fn may_read(actor: &Actor, dossier: &Dossier) -> bool {
    let mask = access::mask(actor, dossier);
    mask.materials && mask.secrets && !matches!(actor.side, Side::Expert)
}

/// The package of the agreement in force, or of the supplement to a change; `None` where there is
/// none to read.
///
/// # Errors
/// As reading the dossier; [`store::StoreError::Aborted`] where the files are more than
/// [`archive::BYTES_MAX`].
pub async fn package(
    state: &AppState,
    actor: &Actor,
    id: &DossierId,
    supplement: Option<u32>,
) -> Result<Option<Evidence>> {
    let opened = state.office.read(actor, id).await?;
    if !may_read(actor, &opened.dossier) {
        return Ok(None);
    }
    let Some(signed) = state.office.signed_round(id, supplement).await? else { return Ok(None) };
    let Some(round) = signed.round().cloned() else { return Ok(None) };
    let Some(slots) = slots(&signed.parties(), &round) else { return Ok(None) };
    let mut entries = texts(state, &signed, &slots).await?;
    entries.extend(files(state, &slots).await?);
    if let Some(effective_at) = round.effective_at {
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            dossier: id.to_string(),
            name: signed.dossier.materials.name.clone(),
            version: round.version,
            supplement,
            sm3: sm3_of(&entries[1].1),
            sha256: round.digest,
            effective_at,
            made_at: to_the_second(state.clock.zoned().datetime()),
            platform: digest_of(&certificate(state)?),
            slots,
            journal: (signed.from, signed.to),
            files: entries.iter().map(|(path, bytes)| FileRecord::of(path, bytes)).collect(),
        };
        sign(state, &manifest, &mut entries)?;
    }
    let bytes = archive::write(&entries).map_err(|fault| refused(&fault))?;
    let what = supplement.map(|no| format!("-补充协议{no}")).unwrap_or_default();
    let name = format!("证据包-{}{what}.zip", signed.dossier.materials.name);
    Ok(Some(Evidence { name, bytes }))
}

fn to_the_second(at: jiff::civil::DateTime) -> jiff::civil::DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn refused(fault: &Fault) -> OfficeError {
    store::StoreError::Aborted(fault.to_string()).into()
}

fn certificate(state: &AppState) -> Result<Vec<u8>> {
    use x509_cert::der::Encode;
    state.key.certificate().to_der().map_err(|error| broken(&error))
}

fn broken(why: &dyn std::fmt::Display) -> OfficeError {
    store::StoreError::Aborted(why.to_string()).into()
}

/// The explanation, the canonical text, the document, the journal and the roots.
async fn texts(state: &AppState, signed: &SignedRound, slots: &[SlotRecord]) -> Result<Vec<Entry>> {
    let id = &signed.dossier.id;
    let canonical =
        signed.text().ok_or_else(|| broken(&"the text that was signed cannot be written again"))?;
    let excerpt = state.store.excerpt(id.as_str(), signed.from, signed.to).await?;
    let mut entries = vec![
        (README.to_owned(), explanation(signed, slots).into_bytes()),
        (CANONICAL.to_owned(), canonical.into_bytes()),
    ];
    if let Some(pdf) = document(state, id, signed.to).await? {
        entries.push((PAPER.to_owned(), pdf));
    }
    entries.push((JOURNAL.to_owned(), journal::bodies(&excerpt)));
    entries.push((PERSONS.to_owned(), journal::openings(&excerpt)));
    let roots = state.office.roots().pem();
    if !roots.is_empty() {
        entries.push((ROOTS.to_owned(), roots.into_bytes()));
    }
    Ok(entries)
}

/// The agreement as it was printed, where that was done already.
async fn document(state: &AppState, id: &DossierId, sequence: u64) -> Result<Option<Vec<u8>>> {
    let papers = state.store.papers(id.as_str()).await?;
    let printed = papers
        .into_iter()
        .find(|paper| paper.key.sequence == sequence && paper.key.kind == Kind::Agreement.key());
    let Some(made) = printed.and_then(|paper| paper.made) else { return Ok(None) };
    Ok(state.store.file(&made.digest, archive::BYTES_MAX).await?.map(|(_, bytes)| bytes))
}

/// Statements, signatures, scans and letters, a folder for each party.
async fn files(state: &AppState, slots: &[SlotRecord]) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let paper = Method::Paper.name();
    if let Some(scan) = slots.iter().find(|slot| slot.seal.method == paper) {
        entries.extend(file(state, "纸质签署件", scan.seal.scan.as_ref()).await?);
    }
    for (slot, folder) in slots.iter().zip(folders(slots)) {
        for (act, what) in [(&slot.signature, "签字"), (&slot.seal, "盖章")] {
            if let Some(proof) = &act.proof {
                let statement = format!("{folder}/{what}声明");
                entries.extend(file(state, &statement, Some(&proof.statement)).await?);
                let signature = format!("{folder}/{what}");
                entries.extend(file(state, &signature, Some(&proof.file)).await?);
            }
            let letter = format!("{folder}/授权委托书");
            entries.extend(file(state, &letter, act.letter.as_ref()).await?);
        }
        if slot.seal.method != paper {
            let scan = slot.seal.scan.as_ref();
            entries.extend(file(state, &format!("{folder}/盖章页"), scan).await?);
        }
    }
    Ok(entries)
}

/// `各方/01 名称`: a name makes no folder of its own.
fn folders(slots: &[SlotRecord]) -> Vec<String> {
    let plain = |name: &str| {
        let letters = name.chars().filter(|c| !c.is_control() && !"/\\:*?\"<>|.".contains(*c));
        letters.take(80).collect::<String>()
    };
    (1..).zip(slots).map(|(no, slot)| format!("各方/{no:02} {}", plain(&slot.name))).collect()
}

async fn file(state: &AppState, path: &str, digest: Option<&Digest>) -> Result<Option<Entry>> {
    let Some(digest) = digest else { return Ok(None) };
    let Some((row, bytes)) = state.store.file(&digest.0, archive::BYTES_MAX).await? else {
        return Ok(None);
    };
    Ok(Some((format!("{path}.{}", ending(&row.media_type)), bytes)))
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "text/plain" => "txt",
        "application/pkcs7-signature" => "p7s",
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "application/json" => "json",
        _ => "bin",
    }
}

/// The manifest and the platform's signature over it come last.
fn sign(state: &AppState, manifest: &Manifest, entries: &mut Vec<Entry>) -> Result<()> {
    let text = serde_json_canonicalizer::to_vec(manifest).map_err(|error| broken(&error))?;
    let signature = state.key.sign(&text).map_err(|error| broken(&error))?;
    entries.push((MANIFEST.to_owned(), text));
    entries.push((SIGNATURE.to_owned(), signature));
    Ok(())
}

/// 说明 — what is in the package and how to check it by hand.
fn explanation(signed: &SignedRound, slots: &[SlotRecord]) -> String {
    let mut out = format!(
        "# {}签署证据包\n\n\
         依据《内蒙古自治区创新联合体备案管理办法》第六条（二），联合体各方共同签署组建协议。\
         这个包收录签署的内容、各方的签字和盖章、平台的事项记录，离开平台也能核对。\n\n\
         ## 一条命令核对\n\n\
         ```sh\nchuanglian verify 证据包.zip\n```\n\n\
         不联网，不用数据库，也不用平台的服务。改动任何一个字节都会被发现。\n\n\
         ## 各方\n\n| 单位 | 签字 | 盖章 |\n|---|---|---|\n",
        title(&signed.dossier.materials.name, signed.supplement)
    );
    for slot in slots {
        let told = |act: &ActRecord| {
            format!("{} {}", act.at.strftime("%Y-%m-%d %H:%M:%S"), Method::term_of(&act.method))
        };
        // A table cell holds no bar.
        let name = slot.name.replace('|', "｜");
        let (signature, seal) = (told(&slot.signature), told(&slot.seal));
        let _ = writeln!(out, "| {name}（{}） | {signature} | {seal} |", slot.code);
    }
    out + HOW_TO
}

/// The rest of the explanation, the same in every package.
const HOW_TO: &str = include_str!("how_to.md");
