//! 逐个签名检查 — one signature of a file: what it covers, whether it holds, whose it is.

use consortium::ids::{Digest, Personal};
use consortium::sealed::{Check, Coverage, SeenSignature};
use documents::signature::Found;

use crate::signing::Trust;
use crate::signing::report::Report;

/// Formats whose signature is CMS over the bytes of the file: PDF (ISO 32000) and `PAdES`. Others,
/// the national seals of GB/T 38540 among them, are made over something else.
const FORMATS: [&str; 2] = ["adbe.pkcs7.detached", "ETSI.CAdES.detached"];

/// What is found of a signature. `own` is the certificate that the platform signed the paper with.
pub(super) fn judged(
    found: &Found,
    file: &[u8],
    trust: &Trust,
    own: Option<&Digest>,
) -> SeenSignature {
    let report = report(found, file, trust);
    let holds = (report.content, report.signature) == (Check::Holds, Check::Holds);
    let signer = report.signer.as_ref().map(|signer| &signer.certificate);
    let said = |words: &str| (!words.is_empty()).then(|| Personal::new(words));
    SeenSignature {
        field: found.field.clone(),
        format: found.format.clone(),
        platform: holds && own.is_some() && signer == own,
        coverage: match (&found.hole, found.whole) {
            (None, _) => Coverage::Broken,
            (Some(_), true) => Coverage::Whole,
            (Some(_), false) => Coverage::Earlier,
        },
        content: report.content,
        signature: report.signature,
        chain: report.chain,
        in_force: report.in_force,
        signer: report.signer,
        claimed_at: report.at,
        name: said(&found.name),
        reason: said(&found.reason),
    }
}

fn report(found: &Found, file: &[u8], trust: &Trust) -> Report {
    if !FORMATS.contains(&found.format.as_str()) {
        return Report::unjudged(found.at);
    }
    match (found.covered(file), found.contents(file)) {
        (Some(covered), Some(signature)) => Report::of(&covered, &signature, trust, found.at),
        // It leaves bytes out that no signature leaves out: what they say nobody signed.
        _ => Report { content: Check::Fails, ..Report::unjudged(found.at) },
    }
}
